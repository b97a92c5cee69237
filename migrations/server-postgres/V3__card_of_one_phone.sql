-- Whose phone may show a card, and what became of it. `device_key` is the public key of that phone,
-- empty while none has asked. `status` is what the status list says; a suspended card keeps
-- `blocked_ms` at 0, as it is still the one of its dossier.
ALTER TABLE card ADD COLUMN device_key BYTEA NOT NULL DEFAULT ''::bytea;
ALTER TABLE card ADD COLUMN status TEXT NOT NULL DEFAULT 'good'
    CHECK (status IN ('good', 'blocked', 'suspended', 'replaced'));
-- 1 for a card that was signed when the deposit was received and nobody had decided.
ALTER TABLE card ADD COLUMN provisional BIGINT NOT NULL DEFAULT 0;
UPDATE card SET status = 'blocked' WHERE blocked_ms <> 0;
CREATE INDEX card_withdrawn ON card (status_index) WHERE status <> 'good';
