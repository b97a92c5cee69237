-- The stand that this tablet is: one row at most, none on a student's phone.
CREATE TABLE stand (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    -- What the Region said of it, sealed: event, place, days, schools, delegation.
    sealed       BLOB    NOT NULL,
    -- What only agents may use, sealed for nobody yet; empty once the first of them has a PIN.
    bundle       BLOB    NOT NULL DEFAULT x'',
    -- The number of the last envelope, and how many provisional cards were made.
    sequence     INTEGER NOT NULL DEFAULT 0,
    cards        INTEGER NOT NULL DEFAULT 0,
    -- How far the prints of the other tablets were read.
    prints_after INTEGER NOT NULL DEFAULT 0,
    set_up_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who may sign in at this tablet.
CREATE TABLE stand_agent (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    -- What they are called, sealed.
    name     BLOB    NOT NULL,
    salt     BLOB    NOT NULL CHECK (length(salt) = 16),
    -- What only agents may use, under the PIN of this one; empty once they are locked out.
    wrapped  BLOB    NOT NULL,
    -- Written before each try, and back to zero with the one that is right.
    failures INTEGER NOT NULL DEFAULT 0,
    added_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A finished dossier: a line of the list. Number, initials and time are what the tablet keeps in clear of
-- a student, and all that it keeps.
CREATE TABLE finished (
    line        INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier     BLOB    NOT NULL CHECK (length(dossier) = 16),
    -- The stand whose envelope it is, and its number there.
    stand       BLOB    NOT NULL CHECK (length(stand) = 16),
    sequence    INTEGER NOT NULL,
    -- SHA-256 of the envelope, and of the one whose place it takes; empty when there is none.
    digest      BLOB    NOT NULL UNIQUE CHECK (length(digest) = 32),
    supersedes  BLOB    NOT NULL DEFAULT x'',
    number      TEXT    NOT NULL,
    initials    TEXT    NOT NULL,
    agent       BLOB    NOT NULL CHECK (length(agent) = 16),
    finished_ms INTEGER NOT NULL,
    -- By which the same person is known again, under a key of the event: eight bytes each.
    prints      BLOB    NOT NULL,
    -- The Region's signed receipt, when it stored the envelope, and what it made of it.
    receipt     BLOB    NOT NULL DEFAULT x'',
    stored_ms   INTEGER,
    told        TEXT    NOT NULL DEFAULT '' CHECK (told IN ('', 'deposited', 'stuck')),
    UNIQUE (stand, sequence)
) STRICT;
CREATE INDEX finished_unsent ON finished (line) WHERE receipt = x'';
CREATE INDEX finished_dossier ON finished (dossier);
CREATE INDEX finished_when ON finished (finished_ms);

-- What only the Region opens of a finished dossier. A row leaves a week after its receipt.
CREATE TABLE envelope (
    line   INTEGER NOT NULL PRIMARY KEY REFERENCES finished (line) ON DELETE CASCADE,
    sealed BLOB    NOT NULL
) STRICT;

-- What the other tablets of the event finished, as far as this one heard.
CREATE TABLE stand_print (
    stand       BLOB    NOT NULL CHECK (length(stand) = 16),
    dossier     BLOB    NOT NULL CHECK (length(dossier) = 16),
    finished_ms INTEGER NOT NULL,
    prints      BLOB    NOT NULL,
    PRIMARY KEY (stand, dossier)
) STRICT, WITHOUT ROWID;

-- A dossier that this phone takes over from a stand as soon as the Region knows it.
CREATE TABLE claim (
    dossier  BLOB    NOT NULL PRIMARY KEY CHECK (length(dossier) = 16),
    -- The secret of the student's code, sealed.
    sealed   BLOB    NOT NULL,
    asked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
