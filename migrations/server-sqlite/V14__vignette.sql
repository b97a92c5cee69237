-- The photo of a dossier as its card names it, made from it by the server: small enough that a phone
-- gives it to another one. Made again with each photo, and gone with the dossier.
CREATE TABLE vignette (
    dossier BLOB NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    -- SHA-256 of the bytes.
    digest  BLOB NOT NULL CHECK (length(digest) = 32),
    bytes   BLOB NOT NULL
) STRICT, WITHOUT ROWID;
