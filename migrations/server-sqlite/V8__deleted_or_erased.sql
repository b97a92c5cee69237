-- 0 for a draft that somebody deleted: who deposited it on another device, not yet told, deposits it
-- under another id. 1 for a dossier that its student had erased, and for all that was gone before.
ALTER TABLE tombstone ADD COLUMN erased INTEGER NOT NULL DEFAULT 1;
