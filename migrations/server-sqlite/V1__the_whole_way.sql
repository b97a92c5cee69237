-- The drafts that a device may read and write together: a student's, or a stand's.
-- `seq` is the last number given to one of its changes; the one writer gives them in commit order.
CREATE TABLE space (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    seq        INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;

-- A phone, known by the SHA-256 of its token: the token itself never leaves the phone's keyring.
CREATE TABLE device (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB    NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    space      BLOB    NOT NULL REFERENCES space (id),
    created_ms INTEGER NOT NULL
) STRICT;

-- A draft belongs to the space that pushed it first, for ever. Counted, because its log is capped.
CREATE TABLE draft (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    space   BLOB    NOT NULL REFERENCES space (id),
    changes INTEGER NOT NULL DEFAULT 0,
    bytes   INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The log of automerge changes: append-only, named by their own hash, numbered within their space.
-- An actor's changes are numbered too; two with one number would make the draft unreadable.
CREATE TABLE change (
    space     BLOB    NOT NULL REFERENCES space (id),
    seq       INTEGER NOT NULL,
    draft     BLOB    NOT NULL REFERENCES draft (id),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    actor     BLOB    NOT NULL,
    actor_seq INTEGER NOT NULL,
    device    INTEGER NOT NULL REFERENCES device (id),
    bytes     BLOB    NOT NULL,
    PRIMARY KEY (space, seq),
    UNIQUE (draft, hash),
    UNIQUE (draft, actor, actor_seq)
) STRICT;

-- A deposited application: what the document said at the deposited heads, read once, by column.
-- States live here and never in the document. Optional answers are empty.
CREATE TABLE dossier (
    draft                  BLOB    NOT NULL PRIMARY KEY REFERENCES draft (id),
    space                  BLOB    NOT NULL REFERENCES space (id),
    number                 TEXT    NOT NULL UNIQUE,
    state                  TEXT    NOT NULL CHECK (state IN ('received', 'accepted', 'refused')),
    heads                  BLOB    NOT NULL,
    receipt                BLOB    NOT NULL,
    received_ms            INTEGER NOT NULL,
    season                 TEXT    NOT NULL,
    reference_version      TEXT    NOT NULL,
    charter_version        TEXT    NOT NULL,
    charter_hash           TEXT    NOT NULL,
    charter_accepted_at_ms INTEGER NOT NULL,
    civility               TEXT    NOT NULL,
    family_name            TEXT    NOT NULL,
    given_name             TEXT    NOT NULL,
    birth_date             TEXT    NOT NULL,
    email                  TEXT    NOT NULL,
    phone_number           TEXT    NOT NULL,
    care_of                TEXT    NOT NULL DEFAULT '',
    address_line           TEXT    NOT NULL,
    building               TEXT    NOT NULL DEFAULT '',
    floor                  TEXT    NOT NULL DEFAULT '',
    residence              TEXT    NOT NULL DEFAULT '',
    locality               TEXT    NOT NULL DEFAULT '',
    postal_code            TEXT    NOT NULL,
    commune                TEXT    NOT NULL,
    school                 TEXT    NOT NULL,
    track                  TEXT    NOT NULL,
    photo                  BLOB    NOT NULL CHECK (length(photo) = 32),
    sending                TEXT    NOT NULL
) STRICT;
CREATE INDEX dossier_by_state ON dossier (state, received_ms);

-- How the student of a dossier signs in; no row when no password was chosen yet.
CREATE TABLE account (
    dossier       BLOB NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    password_hash TEXT NOT NULL
) STRICT;

-- An issued card. Its index on the status list is drawn at random, so that a blocked one tells
-- nothing about whose it is. `blocked_ms` is 0 while the card is good.
CREATE TABLE card (
    status_index INTEGER PRIMARY KEY,
    dossier      BLOB    NOT NULL REFERENCES dossier (draft),
    credential   BLOB    NOT NULL,
    issued_ms    INTEGER NOT NULL,
    blocked_ms   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX card_one_good_per_dossier ON card (dossier) WHERE blocked_ms = 0;

-- A request to replace a lost, stolen or damaged card. `closed_ms` is 0 while it is open.
CREATE TABLE duplicate (
    id        BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier   BLOB    NOT NULL REFERENCES dossier (draft),
    reason    TEXT    NOT NULL CHECK (reason IN ('PERTE', 'VOL', 'DETERIORATION')),
    asked_ms  INTEGER NOT NULL,
    old_card  INTEGER NOT NULL REFERENCES card (status_index),
    new_card  INTEGER NOT NULL REFERENCES card (status_index),
    closed_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX duplicate_one_open_per_dossier ON duplicate (dossier) WHERE closed_ms = 0;

-- The signed list of blocked cards, as it is handed out. One row: the newest.
CREATE TABLE status_list (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    signed  BLOB    NOT NULL
) STRICT;

-- Who decides at the desk.
CREATE TABLE reviewer (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL
) STRICT;

-- A reviewer who is signed in, known by the SHA-256 of the session's token.
CREATE TABLE desk_session (
    token_hash BLOB    NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    reviewer   INTEGER NOT NULL REFERENCES reviewer (id),
    opened_ms  INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) STRICT;

-- What was decided, by whom, why. The dossier's state follows from it; rows are only added.
CREATE TABLE decision (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier  BLOB    NOT NULL REFERENCES dossier (draft),
    reviewer INTEGER NOT NULL REFERENCES reviewer (id),
    verdict  TEXT    NOT NULL CHECK (verdict IN ('accepted', 'refused')),
    reasons  TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    at_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX decision_by_dossier ON decision (dossier, id);
CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;

-- Who saw or did what at the desk. `dossier` is empty when none was concerned; rows are only added.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms   INTEGER NOT NULL,
    actor   TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    dossier BLOB    NOT NULL DEFAULT x''
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
CREATE TRIGGER audit_is_never_removed BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END;
