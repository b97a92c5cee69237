-- 1 for a dossier that was not deposited on this phone: somebody signed in to it here. It is read from
-- the server and never sent to it.
ALTER TABLE draft ADD COLUMN signed_in INTEGER NOT NULL DEFAULT 0;
