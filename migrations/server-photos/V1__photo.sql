-- Identity photos, named by the SHA-256 of their bytes, each within its space: whoever knows a
-- hash of another space learns nothing. In a file of their own, so that the main one stays small.
CREATE TABLE photo (
    space     BLOB    NOT NULL CHECK (length(space) = 16),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    bytes     BLOB    NOT NULL,
    stored_ms INTEGER NOT NULL,
    PRIMARY KEY (space, hash)
) STRICT;
