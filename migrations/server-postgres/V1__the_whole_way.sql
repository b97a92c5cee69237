-- The drafts that a device may read and write together: a student's, or a stand's.
-- `seq` is the last number given to one of its changes; the lock of its row gives them in commit order.
CREATE TABLE space (
    id         BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    seq        BIGINT NOT NULL DEFAULT 0,
    created_ms BIGINT NOT NULL
);

-- A phone, known by the SHA-256 of its token: the token itself never leaves the phone's keyring.
CREATE TABLE device (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash BYTEA  NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    space      BYTEA  NOT NULL REFERENCES space (id),
    created_ms BIGINT NOT NULL
);

-- A draft belongs to the space that pushed it first, for ever. Counted, because its log is capped.
CREATE TABLE draft (
    id      BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    space   BYTEA  NOT NULL REFERENCES space (id),
    changes BIGINT NOT NULL DEFAULT 0,
    bytes   BIGINT NOT NULL DEFAULT 0
);

-- The log of automerge changes: append-only, named by their own hash, numbered within their space.
-- That an actor numbers no two changes alike is checked where they are taken: one index less.
CREATE TABLE change (
    space     BYTEA  NOT NULL REFERENCES space (id),
    seq       BIGINT NOT NULL,
    draft     BYTEA  NOT NULL REFERENCES draft (id),
    hash      BYTEA  NOT NULL CHECK (length(hash) = 32),
    actor     BYTEA  NOT NULL,
    actor_seq BIGINT NOT NULL,
    device    BIGINT NOT NULL REFERENCES device (id),
    bytes     BYTEA  NOT NULL,
    PRIMARY KEY (space, seq),
    UNIQUE (draft, hash)
);

-- The life of this database: random, and another one after a backup was restored, so that phones
-- hear that what they were told may be lost.
CREATE TABLE epoch (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    id  BYTEA  NOT NULL CHECK (length(id) = 16)
);

-- A change that came before those it follows. It moves to the log when they come.
CREATE TABLE parked (
    draft  BYTEA  NOT NULL REFERENCES draft (id),
    hash   BYTEA  NOT NULL CHECK (length(hash) = 32),
    device BIGINT NOT NULL REFERENCES device (id),
    bytes  BYTEA  NOT NULL,
    PRIMARY KEY (draft, hash)
);

-- A draft that a person deleted: its history is gone, and nobody brings it back.
CREATE TABLE tombstone (
    draft   BYTEA  NOT NULL PRIMARY KEY CHECK (length(draft) = 16),
    space   BYTEA  NOT NULL REFERENCES space (id),
    seq     BIGINT NOT NULL,
    gone_ms BIGINT NOT NULL
);
CREATE INDEX tombstone_by_space ON tombstone (space, seq);

-- A photo that a draft was seen to name: only such photos are taken in.
CREATE TABLE photo_reference (
    space BYTEA NOT NULL REFERENCES space (id),
    photo BYTEA NOT NULL CHECK (length(photo) = 32),
    draft BYTEA NOT NULL REFERENCES draft (id),
    PRIMARY KEY (space, photo, draft)
);
CREATE INDEX photo_reference_by_draft ON photo_reference (draft);

-- A deposited application: what the document said at the deposited heads, read once, by column.
-- States live here and never in the document. Optional answers are empty.
CREATE TABLE dossier (
    draft                  BYTEA  NOT NULL PRIMARY KEY REFERENCES draft (id),
    space                  BYTEA  NOT NULL REFERENCES space (id),
    number                 TEXT   NOT NULL UNIQUE,
    state                  TEXT   NOT NULL CHECK (state IN ('received', 'accepted', 'refused')),
    heads                  BYTEA  NOT NULL,
    receipt                BYTEA  NOT NULL,
    received_ms            BIGINT NOT NULL,
    season                 TEXT   NOT NULL,
    reference_version      TEXT   NOT NULL,
    charter_version        TEXT   NOT NULL,
    charter_hash           TEXT   NOT NULL,
    charter_accepted_at_ms BIGINT NOT NULL,
    civility               TEXT   NOT NULL,
    family_name            TEXT   NOT NULL,
    given_name             TEXT   NOT NULL,
    birth_date             TEXT   NOT NULL,
    email                  TEXT   NOT NULL,
    phone_number           TEXT   NOT NULL,
    care_of                TEXT   NOT NULL DEFAULT '',
    address_line           TEXT   NOT NULL,
    building               TEXT   NOT NULL DEFAULT '',
    floor                  TEXT   NOT NULL DEFAULT '',
    residence              TEXT   NOT NULL DEFAULT '',
    locality               TEXT   NOT NULL DEFAULT '',
    postal_code            TEXT   NOT NULL,
    commune                TEXT   NOT NULL,
    school                 TEXT   NOT NULL,
    track                  TEXT   NOT NULL,
    photo                  BYTEA  NOT NULL CHECK (length(photo) = 32),
    sending                TEXT   NOT NULL,
    -- Who filed for the student, who agreed for one under 15, what the lists lacked, and what is
    -- said of the photo. All optional.
    filer_family_name      TEXT   NOT NULL DEFAULT '',
    filer_given_name       TEXT   NOT NULL DEFAULT '',
    filer_link             TEXT   NOT NULL DEFAULT '',
    guardian_family_name   TEXT   NOT NULL DEFAULT '',
    guardian_given_name    TEXT   NOT NULL DEFAULT '',
    guardian_link          TEXT   NOT NULL DEFAULT '',
    guardian_contact       TEXT   NOT NULL DEFAULT '',
    school_name            TEXT   NOT NULL DEFAULT '',
    school_town            TEXT   NOT NULL DEFAULT '',
    track_name             TEXT   NOT NULL DEFAULT '',
    bare_head              BIGINT NOT NULL DEFAULT 0,
    photo_note             TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX dossier_by_state ON dossier (state, received_ms);

-- How the student of a dossier signs in; no row when no password was chosen yet.
CREATE TABLE account (
    dossier       BYTEA NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    password_hash TEXT NOT NULL
);

-- An issued card. Its index on the status list is drawn at random, so that a blocked one tells
-- nothing about whose it is. `blocked_ms` is 0 while the card is good.
CREATE TABLE card (
    status_index BIGINT NOT NULL PRIMARY KEY,
    dossier      BYTEA  NOT NULL REFERENCES dossier (draft),
    credential   BYTEA  NOT NULL,
    issued_ms    BIGINT NOT NULL,
    blocked_ms   BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX card_one_good_per_dossier ON card (dossier) WHERE blocked_ms = 0;

-- A request to replace a lost, stolen or damaged card. `closed_ms` is 0 while it is open.
CREATE TABLE duplicate (
    id        BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier   BYTEA  NOT NULL REFERENCES dossier (draft),
    reason    TEXT   NOT NULL CHECK (reason IN ('PERTE', 'VOL', 'DETERIORATION')),
    asked_ms  BIGINT NOT NULL,
    old_card  BIGINT NOT NULL REFERENCES card (status_index),
    new_card  BIGINT NOT NULL REFERENCES card (status_index),
    closed_ms BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX duplicate_one_open_per_dossier ON duplicate (dossier) WHERE closed_ms = 0;

-- The signed list of blocked cards, as it is handed out. One row: the newest.
CREATE TABLE status_list (
    one     BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    signed  BYTEA  NOT NULL
);

-- Who decides at the desk.
CREATE TABLE reviewer (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL
);

-- A reviewer who is signed in, known by the SHA-256 of the session's token.
CREATE TABLE desk_session (
    token_hash BYTEA  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    reviewer   BIGINT NOT NULL REFERENCES reviewer (id),
    opened_ms  BIGINT NOT NULL,
    seen_ms    BIGINT NOT NULL
);

-- What was decided, by whom, why. The dossier's state follows from it; rows are only added.
CREATE TABLE decision (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier  BYTEA  NOT NULL REFERENCES dossier (draft),
    reviewer BIGINT NOT NULL REFERENCES reviewer (id),
    verdict  TEXT   NOT NULL CHECK (verdict IN ('accepted', 'refused')),
    reasons  TEXT   NOT NULL DEFAULT '',
    note     TEXT   NOT NULL DEFAULT '',
    at_ms    BIGINT NOT NULL
);
CREATE INDEX decision_by_dossier ON decision (dossier, id);

-- Who saw or did what at the desk. `dossier` is empty when none was concerned; rows are only added.
CREATE TABLE audit (
    id      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at_ms   BIGINT NOT NULL,
    actor   TEXT   NOT NULL,
    action  TEXT   NOT NULL,
    dossier BYTEA  NOT NULL DEFAULT ''
);

-- A publication of the reference lists. The newest is in force; without one, the lists that were
-- built into the server are.
CREATE TABLE publication (
    n            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version      TEXT   NOT NULL UNIQUE,
    published_ms BIGINT NOT NULL
);

-- A text of a list, kept once however many publications share it.
CREATE TABLE reference_text (
    sha256 BYTEA NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
    text   TEXT NOT NULL
);

-- Which text each list of a publication has.
CREATE TABLE publication_list (
    publication BIGINT NOT NULL REFERENCES publication (n),
    name        TEXT   NOT NULL,
    sha256      BYTEA  NOT NULL REFERENCES reference_text (sha256),
    PRIMARY KEY (publication, name)
);

-- What the server measured on the photo at the deposit, as JSON: numbers and limits, never where
-- anything stands in the face. No row for what was deposited before photos were measured.
CREATE TABLE photo_report (
    dossier       BYTEA  NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    -- Version of the table of rules that judged.
    table_version BIGINT NOT NULL,
    verdict       TEXT   NOT NULL CHECK (verdict IN ('not_assessed', 'pass', 'warn', 'fail')),
    findings      TEXT   NOT NULL,
    judged_ms     BIGINT NOT NULL
);

-- Lets a program that only speaks automerge's own protocol into a space, once. Known by the SHA-256
-- of the ticket, which stands in the address that the program is given.
CREATE TABLE ticket (
    hash     BYTEA  NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    device   BIGINT NOT NULL REFERENCES device (id),
    until_ms BIGINT NOT NULL
);

-- Changes are small and hardly shrink: they are kept as they are.
ALTER TABLE change ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE FUNCTION rows_are_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME; END $$;
CREATE TRIGGER decision_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
