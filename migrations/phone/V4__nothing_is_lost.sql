-- What is being typed: the last keystrokes of each field, sealed, until they become one change.
-- Written so that a killed app loses nothing; only the change is there after a power cut as well.
CREATE TABLE field_buffer (
    draft  BLOB    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    field  TEXT    NOT NULL,
    sealed BLOB    NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (draft, field)
) STRICT, WITHOUT ROWID;

-- The older part of a history, which the server has: one automerge document, sealed. `change`
-- holds what came since, and everything that the server does not have yet.
CREATE TABLE snapshot (
    draft  BLOB NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    -- The state that it stands for: its heads, 32 bytes each.
    heads  BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Bytes of a draft that do not open any more, or that automerge refuses: as they were found, and
-- out of the way of everything that works.
CREATE TABLE quarantine (
    draft  BLOB NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    -- SHA-256 of the bytes.
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    -- The table where they stood; 'refused' for a change that opens and that automerge refuses.
    origin TEXT NOT NULL,
    -- The changes that make up for them, 32 bytes each.
    hashes BLOB NOT NULL DEFAULT x'',
    sealed BLOB NOT NULL,
    PRIMARY KEY (draft, digest)
) STRICT, WITHOUT ROWID;

-- SHA-256 of what stands in clear of a draft and of what names its parts; null before the first
-- write by this version.
ALTER TABLE draft ADD COLUMN checksum BLOB;
-- 1 while something of it is lost.
ALTER TABLE draft ADD COLUMN damaged INTEGER NOT NULL DEFAULT 0;
