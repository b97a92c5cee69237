-- Lets a program that only speaks automerge's own protocol into a space, once. Known by the SHA-256
-- of the ticket, which stands in the address that the program is given.
CREATE TABLE ticket (
    hash     BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    device   INTEGER NOT NULL REFERENCES device (id),
    until_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
