-- What a student's benefits were granted, spent and refunded, in cents, by whom it was noted. What is
-- left follows from it and from the published amounts. Rows are only added, and go with an erased
-- dossier.
CREATE TABLE movement (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier  BLOB    NOT NULL REFERENCES dossier (draft),
    benefit  TEXT    NOT NULL,
    kind     TEXT    NOT NULL CHECK (kind IN ('granted', 'spent', 'refunded')),
    cents    INTEGER NOT NULL CHECK (cents > 0),
    reviewer INTEGER NOT NULL REFERENCES reviewer (id),
    at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_by_dossier ON movement (dossier, at_ms);
CREATE TRIGGER movement_is_never_changed BEFORE UPDATE ON movement
BEGIN SELECT RAISE(ABORT, 'movements are only added'); END;
CREATE TRIGGER movement_is_never_removed BEFORE DELETE ON movement
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = OLD.dossier)
BEGIN SELECT RAISE(ABORT, 'movements are only added'); END;
