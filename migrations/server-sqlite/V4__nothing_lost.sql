-- The life of this database: random, and another one after a backup was restored, so that phones
-- hear that what they were told may be lost.
CREATE TABLE epoch (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    id  BLOB    NOT NULL CHECK (length(id) = 16)
) STRICT;

-- The log of automerge changes: append-only, named by their own hash, numbered within their space.
-- That an actor numbers no two changes alike is checked where they are taken: one index less.
CREATE TABLE change_log (
    space     BLOB    NOT NULL REFERENCES space (id),
    seq       INTEGER NOT NULL,
    draft     BLOB    NOT NULL REFERENCES draft (id),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    actor     BLOB    NOT NULL,
    actor_seq INTEGER NOT NULL,
    device    INTEGER NOT NULL REFERENCES device (id),
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (space, seq),
    UNIQUE (draft, hash)
) STRICT;
INSERT INTO change_log (space, seq, draft, hash, actor, actor_seq, device, bytes)
SELECT space, seq, draft, hash, actor, actor_seq, device, bytes FROM change;
DROP TABLE change;
ALTER TABLE change_log RENAME TO change;

-- A change that came before those it follows. It moves to the log when they come.
CREATE TABLE parked (
    draft  BLOB    NOT NULL REFERENCES draft (id),
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    device INTEGER NOT NULL REFERENCES device (id),
    bytes  BLOB    NOT NULL,
    PRIMARY KEY (draft, hash)
) STRICT, WITHOUT ROWID;

-- A draft that a person deleted: its history is gone, and nobody brings it back.
CREATE TABLE tombstone (
    draft   BLOB    NOT NULL PRIMARY KEY CHECK (length(draft) = 16),
    space   BLOB    NOT NULL REFERENCES space (id),
    seq     INTEGER NOT NULL,
    gone_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_by_space ON tombstone (space, seq);

-- A photo that a draft was seen to name: only such photos are taken in.
CREATE TABLE photo_reference (
    space BLOB NOT NULL REFERENCES space (id),
    photo BLOB NOT NULL CHECK (length(photo) = 32),
    draft BLOB NOT NULL REFERENCES draft (id),
    PRIMARY KEY (space, photo, draft)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_reference_by_draft ON photo_reference (draft);
