-- From now on every dossier has an account. Its hash is empty while no password was chosen, as at a
-- stand. `activated_ms` is 0 until somebody proved that they read the mail of the dossier's address;
-- `space_closed_ms` is 0 while the space that deposited the dossier may read it.
ALTER TABLE account ADD COLUMN activated_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN space_closed_ms INTEGER NOT NULL DEFAULT 0;
INSERT INTO account (dossier, password_hash)
SELECT draft, '' FROM dossier WHERE draft NOT IN (SELECT dossier FROM account);
CREATE INDEX dossier_by_email ON dossier (email);

-- A device that signed in to one dossier, whoever's space it was deposited from. It reads that
-- dossier and no other.
CREATE TABLE session (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier   BLOB    NOT NULL REFERENCES dossier (draft),
    device    INTEGER NOT NULL REFERENCES device (id),
    -- What the device calls itself.
    name      TEXT    NOT NULL,
    opened_ms INTEGER NOT NULL,
    seen_ms   INTEGER NOT NULL,
    UNIQUE (dossier, device)
) STRICT;
CREATE INDEX session_by_device ON session (device);

-- What was sent by mail: whoever brings it back reads the mail of that address. Known by the SHA-256
-- of the link's secret, and of dossier and code. Older ones keep their links, the newest its code.
CREATE TABLE proof (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier       BLOB    NOT NULL REFERENCES dossier (draft),
    purpose       TEXT    NOT NULL CHECK (purpose IN ('activation', 'reset', 'address')),
    link_hash     BLOB    NOT NULL UNIQUE CHECK (length(link_hash) = 32),
    code_hash     BLOB    NOT NULL CHECK (length(code_hash) = 32),
    -- The address that it proves.
    email         TEXT    NOT NULL,
    link_until_ms INTEGER NOT NULL,
    code_until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX proof_by_dossier ON proof (dossier, purpose, id);

-- A mail that waits to leave. The row goes when an SMTP server took it, or when none did for days.
CREATE TABLE mail (
    id        BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind      TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    -- The dossier that it is about; empty when there is none.
    dossier   BLOB    NOT NULL DEFAULT x'',
    -- What its link and its code are made of; empty when it has none.
    secret    BLOB    NOT NULL DEFAULT x'',
    made_ms   INTEGER NOT NULL,
    due_ms    INTEGER NOT NULL,
    tries     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX mail_by_due ON mail (due_ms);

-- A mail that somebody who is not signed in asks for, by a number or an address that may be
-- nobody's. It is looked up later, apart, so that the answer tells nothing, not even by its time.
CREATE TABLE mail_ask (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    kind     TEXT    NOT NULL CHECK (kind IN ('activation', 'reset', 'numbers')),
    about    TEXT    NOT NULL,
    asked_ms INTEGER NOT NULL
) STRICT;

-- A dossier that a person had erased takes what was decided about it along.
DROP TRIGGER decision_is_never_removed;
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = OLD.dossier)
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
