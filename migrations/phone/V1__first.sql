-- What this installation remembers about itself: its space, its place in it, its window of time.
CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One application on this phone. Everything personal is in its changes, sealed.
-- The states after 'ready' are only ever copied from the server.
CREATE TABLE draft (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    state           TEXT    NOT NULL DEFAULT 'draft'
                            CHECK (state IN ('draft', 'ready', 'received', 'accepted', 'refused')),
    created_ms      INTEGER NOT NULL,
    changed_ms      INTEGER NOT NULL,
    deposited_ms    INTEGER,
    received_ms     INTEGER,
    -- The state of the document that was deposited: its heads, 32 bytes each.
    heads           BLOB    NOT NULL DEFAULT x'',
    -- The last group of the number, which the masked number shows; the whole is in the keyring.
    number_end      TEXT    NOT NULL DEFAULT '',
    number_replaced INTEGER NOT NULL DEFAULT 0,
    -- Why the deposit could not be confirmed, in the courier's word.
    trouble         TEXT
) STRICT, WITHOUT ROWID;

-- The history of a draft: automerge changes, each sealed. Never updated, but for `pushed`.
CREATE TABLE change (
    n      INTEGER PRIMARY KEY AUTOINCREMENT,
    draft  BLOB    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    sealed BLOB    NOT NULL,
    -- 1 once the server has said that it stored it, 2 once it has refused it for good.
    pushed INTEGER NOT NULL DEFAULT 0,
    UNIQUE (draft, hash)
) STRICT;
CREATE INDEX change_to_push ON change (n) WHERE pushed = 0;

-- The identity photo of a draft, sealed. The document holds only its hash.
CREATE TABLE photo (
    draft  BLOB    NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    hash   BLOB    NOT NULL CHECK (length(hash) = 32),
    sealed BLOB    NOT NULL,
    bytes  INTEGER NOT NULL,
    width  INTEGER NOT NULL,
    height INTEGER NOT NULL,
    -- 1 once the server has said that it stored it.
    pushed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- The chosen password, sealed, until the receipt; it never enters the document.
CREATE TABLE password (
    draft  BLOB NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What a person asked for and the server has not yet confirmed. A row leaves with the confirmation.
CREATE TABLE outbox (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    draft    BLOB    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL CHECK (kind IN ('deposit', 'duplicate')),
    -- The reason of a duplicate; empty for a deposit.
    reason   TEXT    NOT NULL DEFAULT '',
    asked_ms INTEGER NOT NULL,
    UNIQUE (draft, kind)
) STRICT, WITHOUT ROWID;

-- The server's signed word that a deposit is stored.
CREATE TABLE receipt (
    draft  BLOB NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    signed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a dossier stands, as the server last said: decision, card, duplicate. Sealed.
CREATE TABLE standing (
    draft  BLOB NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What the Region publishes, as last fetched and verified: the status list, the reference pack.
CREATE TABLE published (
    name    TEXT    NOT NULL PRIMARY KEY CHECK (name IN ('status_list', 'reference')),
    version TEXT    NOT NULL,
    signed  BLOB    NOT NULL,
    bytes   BLOB    NOT NULL DEFAULT x''
) STRICT, WITHOUT ROWID;
