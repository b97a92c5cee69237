-- A draft that was erased here and that the server may still have: it is told to forget it too. A
-- row leaves once the server was told.
CREATE TABLE erased (
    draft BLOB NOT NULL PRIMARY KEY CHECK (length(draft) = 16)
) STRICT, WITHOUT ROWID;
