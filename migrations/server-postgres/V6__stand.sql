-- Reviewers decide on dossiers; administrators also send tablets to events.
ALTER TABLE reviewer ADD COLUMN role TEXT NOT NULL DEFAULT 'reviewer'
    CHECK (role IN ('reviewer', 'administrator'));

-- An event at which field staff enrol students on shared tablets.
CREATE TABLE event (
    id         BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name       TEXT   NOT NULL,
    place      TEXT   NOT NULL,
    -- `2026-09-01`.
    first_day  TEXT   NOT NULL,
    last_day   TEXT   NOT NULL,
    -- UAIs with spaces between them; empty when students of any school are expected.
    schools    TEXT   NOT NULL DEFAULT '',
    -- Provisional cards that each of its tablets may sign.
    most_cards BIGINT NOT NULL,
    -- What its tablets make their prints with.
    prints_key BYTEA  NOT NULL CHECK (length(prints_key) = 32),
    made_ms    BIGINT NOT NULL
);

-- One tablet at one event. It is set up once, with the code that the desk showed, known here by its
-- SHA-256. What it brings goes into a space of its own, which no device may read.
CREATE TABLE stand (
    id             BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    event          BYTEA  NOT NULL REFERENCES event (id),
    space          BYTEA  NOT NULL REFERENCES space (id),
    token_hash     BYTEA  NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    token_until_ms BIGINT NOT NULL,
    -- All of these are empty or 0 until the tablet is set up.
    device         BIGINT NOT NULL DEFAULT 0,
    name           TEXT   NOT NULL DEFAULT '',
    device_key     BYTEA  NOT NULL DEFAULT ''::bytea,
    delegation     BYTEA  NOT NULL DEFAULT ''::bytea,
    set_up_ms      BIGINT NOT NULL DEFAULT 0,
    -- When it last asked for something; 0 before.
    seen_ms        BIGINT NOT NULL DEFAULT 0,
    -- When an administrator took its delegation back; 0 while it is good.
    revoked_ms     BIGINT NOT NULL DEFAULT 0,
    -- When two different envelopes came under one number of it: there are two of it. 0 before.
    cloned_ms      BIGINT NOT NULL DEFAULT 0,
    made_ms        BIGINT NOT NULL
);
CREATE INDEX stand_by_event ON stand (event, made_ms);
CREATE INDEX stand_by_device ON stand (device);

-- An enrolment that a tablet finished and sealed, as it came, and what became of it. The bytes go
-- when they are not needed any more; the row stays, so that the same envelope gets the same receipt.
CREATE TABLE envelope (
    digest     BYTEA  NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    stand      BYTEA  NOT NULL REFERENCES stand (id),
    sequence   BIGINT NOT NULL,
    dossier    BYTEA  NOT NULL CHECK (length(dossier) = 16),
    -- The digest of the one whose place it takes; empty when it takes none's.
    supersedes BYTEA  NOT NULL DEFAULT ''::bytea,
    prints     BYTEA  NOT NULL DEFAULT ''::bytea,
    stored_ms  BIGINT NOT NULL,
    receipt    BYTEA  NOT NULL,
    state      TEXT   NOT NULL DEFAULT 'kept'
        CHECK (state IN ('kept', 'deposited', 'superseded', 'stuck', 'discarded')),
    -- Why it is stuck, in one word, and the fields that the form refuses, as JSON.
    reason     TEXT   NOT NULL DEFAULT '',
    refusals   TEXT   NOT NULL DEFAULT '',
    tries      BIGINT NOT NULL DEFAULT 0,
    opened_ms  BIGINT NOT NULL DEFAULT 0,
    -- Empty once they are erased.
    bytes      BYTEA  NOT NULL
);
CREATE INDEX envelope_by_stand ON envelope (stand, sequence);
CREATE INDEX envelope_by_dossier ON envelope (dossier);
CREATE INDEX envelope_unsettled ON envelope (state, stored_ms) WHERE state IN ('kept', 'stuck');
CREATE INDEX envelope_by_age ON envelope (opened_ms) WHERE length(bytes) > 0;

-- By what the tablets of an event tell each other that somebody may have been enrolled already.
CREATE TABLE stand_print (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event    BYTEA  NOT NULL REFERENCES event (id),
    stand    BYTEA  NOT NULL REFERENCES stand (id),
    dossier  BYTEA  NOT NULL CHECK (length(dossier) = 16),
    -- When it was finished, by the clock of the tablet.
    made_ms  BIGINT NOT NULL,
    -- Eight bytes each, the least first.
    prints   BYTEA  NOT NULL
);
CREATE INDEX stand_print_by_event ON stand_print (event, id);
CREATE INDEX stand_print_by_dossier ON stand_print (dossier);

-- What a student brings from a stand to have the dossier on a phone, once: SHA-256 of the secret on
-- the slip. `device` is the one that claimed it, 0 before.
CREATE TABLE claim (
    dossier     BYTEA  NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    secret_hash BYTEA  NOT NULL CHECK (length(secret_hash) = 32),
    device      BIGINT NOT NULL DEFAULT 0,
    claimed_ms  BIGINT NOT NULL DEFAULT 0
);

-- Whether somebody of this name and day of birth has another dossier.
CREATE INDEX dossier_by_person ON dossier (birth_date, lower(family_name), lower(given_name));
