-- What the Region publishes, as last fetched and verified: the keys that sign cards, the status
-- list, the manifest of the reference lists. The version is the floor: nothing older is taken.
CREATE TABLE published_signed (
    name    TEXT NOT NULL PRIMARY KEY CHECK (name IN ('key_set', 'status_list', 'reference')),
    version TEXT NOT NULL,
    signed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO published_signed (name, version, signed) SELECT name, version, signed FROM published;
DROP TABLE published;
ALTER TABLE published_signed RENAME TO published;

-- How many cards were verified on this device, by colour of the verdict; of today alone, and
-- nothing of whose they were.
CREATE TABLE check_count (
    day    TEXT    NOT NULL,
    colour TEXT    NOT NULL CHECK (colour IN ('green', 'orange', 'red', 'grey')),
    count  INTEGER NOT NULL,
    PRIMARY KEY (day, colour)
) STRICT, WITHOUT ROWID;
