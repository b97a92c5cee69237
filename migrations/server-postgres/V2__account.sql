-- From now on every dossier has an account. Its hash is empty while no password was chosen, as at a
-- stand. `activated_ms` is 0 until somebody proved that they read the mail of the dossier's address;
-- `space_closed_ms` is 0 while the space that deposited the dossier may read it.
ALTER TABLE account ADD COLUMN activated_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN space_closed_ms BIGINT NOT NULL DEFAULT 0;
INSERT INTO account (dossier, password_hash)
SELECT draft, '' FROM dossier WHERE draft NOT IN (SELECT dossier FROM account);
CREATE INDEX dossier_by_email ON dossier (email);

-- A device that signed in to one dossier, whoever's space it was deposited from. It reads that
-- dossier and no other.
CREATE TABLE session (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier   BYTEA   NOT NULL REFERENCES dossier (draft),
    device    BIGINT NOT NULL REFERENCES device (id),
    -- What the device calls itself.
    name      TEXT    NOT NULL,
    opened_ms BIGINT NOT NULL,
    seen_ms   BIGINT NOT NULL,
    UNIQUE (dossier, device)
);
CREATE INDEX session_by_device ON session (device);

-- What was sent by mail: whoever brings it back reads the mail of that address. Known by the SHA-256
-- of the link's secret, and of dossier and code. Older ones keep their links, the newest its code.
CREATE TABLE proof (
    id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier       BYTEA   NOT NULL REFERENCES dossier (draft),
    purpose       TEXT    NOT NULL CHECK (purpose IN ('activation', 'reset', 'address')),
    link_hash     BYTEA   NOT NULL UNIQUE CHECK (length(link_hash) = 32),
    code_hash     BYTEA   NOT NULL CHECK (length(code_hash) = 32),
    -- The address that it proves.
    email         TEXT    NOT NULL,
    link_until_ms BIGINT NOT NULL,
    code_until_ms BIGINT NOT NULL
);
CREATE INDEX proof_by_dossier ON proof (dossier, purpose, id);

-- A mail that waits to leave. The row goes when an SMTP server took it, or when none did for days.
CREATE TABLE mail (
    id        BYTEA   NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind      TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    -- The dossier that it is about; empty when there is none.
    dossier   BYTEA   NOT NULL DEFAULT '',
    -- What its link and its code are made of; empty when it has none.
    secret    BYTEA   NOT NULL DEFAULT '',
    made_ms   BIGINT NOT NULL,
    due_ms    BIGINT NOT NULL,
    tries     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX mail_by_due ON mail (due_ms);

-- A mail that somebody who is not signed in asks for, by a number or an address that may be
-- nobody's. It is looked up later, apart, so that the answer tells nothing, not even by its time.
CREATE TABLE mail_ask (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     TEXT    NOT NULL CHECK (kind IN ('activation', 'reset', 'numbers')),
    about    TEXT    NOT NULL,
    asked_ms BIGINT NOT NULL
);

-- A dossier that a person had erased takes what was decided about it along.
CREATE FUNCTION decision_goes_with_its_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = OLD.dossier) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'rows of decision are only added';
END $$;
DROP TRIGGER decision_is_only_added_to ON decision;
CREATE TRIGGER decision_is_only_added_to BEFORE UPDATE OR TRUNCATE ON decision
FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision
FOR EACH ROW EXECUTE FUNCTION decision_goes_with_its_dossier();
