-- A dossier may be in a reviewer's hands, or sent back to be corrected. What is typed then stands beside
-- it as a draft of its own, in state 'correction', which is never sent as a draft: named by the request
-- that it answers, and a copy of what the Region has.
ALTER TABLE draft ADD COLUMN stands TEXT NOT NULL DEFAULT 'draft' CHECK (stands IN
    ('draft', 'ready', 'received', 'in_review', 'to_correct', 'accepted', 'refused', 'correction'));
UPDATE draft SET stands = state;
ALTER TABLE draft DROP COLUMN state;
ALTER TABLE draft RENAME COLUMN stands TO state;
-- The dossier that a correction is for; empty for everything else.
ALTER TABLE draft ADD COLUMN corrects BLOB NOT NULL DEFAULT x'';

-- What a person asked for and the server has not yet confirmed. A row leaves with the confirmation.
CREATE TABLE outbox_of_every_kind (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    draft    BLOB    NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL CHECK (kind IN ('deposit', 'duplicate', 'correction')),
    -- The reason of a duplicate; empty for anything else.
    reason   TEXT    NOT NULL DEFAULT '',
    asked_ms INTEGER NOT NULL,
    UNIQUE (draft, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_of_every_kind (id, draft, kind, reason, asked_ms)
SELECT id, draft, kind, reason, asked_ms FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_every_kind RENAME TO outbox;
