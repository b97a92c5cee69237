-- The reference publication, list by list: the signed manifest in `published` names each by its
-- digest, so that a new version fetches only what changed. A pack of the former kind is forgotten;
-- the one inside the app serves until the next is fetched.
CREATE TABLE reference_list (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
DELETE FROM published WHERE name = 'reference';
ALTER TABLE published DROP COLUMN bytes;

-- The schools that were chosen on this device, for the next student at a stand.
CREATE TABLE chosen_school (
    uai       TEXT    NOT NULL PRIMARY KEY,
    chosen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When a draft was deleted; null while it was not. It is erased when nobody can undo it any more.
ALTER TABLE draft ADD COLUMN discarded_ms INTEGER;
