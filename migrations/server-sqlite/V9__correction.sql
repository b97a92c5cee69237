-- A dossier may be in a reviewer's hands, or with its student, who was asked to mend something.
ALTER TABLE dossier ADD COLUMN stands TEXT NOT NULL DEFAULT 'received'
    CHECK (stands IN ('received', 'in_review', 'to_correct', 'accepted', 'refused'));
UPDATE dossier SET stands = state;
DROP INDEX dossier_by_state;
ALTER TABLE dossier DROP COLUMN state;
ALTER TABLE dossier RENAME COLUMN stands TO state;
CREATE INDEX dossier_by_state ON dossier (state, received_ms);
-- Who has it in hand; 0 while nobody has.
ALTER TABLE dossier ADD COLUMN reviewer INTEGER NOT NULL DEFAULT 0;

-- What was decided, by whom, why: also that a dossier was taken in hand or sent back to its student,
-- and how far its plastic card came. The dossier's state follows from it; rows are only added.
CREATE TABLE decision_of_every_kind (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier  BLOB    NOT NULL REFERENCES dossier (draft),
    reviewer INTEGER NOT NULL REFERENCES reviewer (id),
    verdict  TEXT    NOT NULL CHECK (verdict IN
        ('in_review', 'to_correct', 'accepted', 'refused', 'in_production', 'handed_over')),
    reasons  TEXT    NOT NULL DEFAULT '',
    note     TEXT    NOT NULL DEFAULT '',
    at_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO decision_of_every_kind (id, dossier, reviewer, verdict, reasons, note, at_ms)
SELECT id, dossier, reviewer, verdict, reasons, note, at_ms FROM decision;
DROP TABLE decision;
ALTER TABLE decision_of_every_kind RENAME TO decision;
CREATE INDEX decision_by_dossier ON decision (dossier, id);
CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;
CREATE TRIGGER decision_is_never_removed BEFORE DELETE ON decision
WHEN NOT EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = OLD.dossier)
BEGIN SELECT RAISE(ABORT, 'decisions are only added'); END;

-- What a student was asked to mend, by a decision that says why; and that it was. One is open at a
-- time, and has `closed_ms` 0.
CREATE TABLE correction (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier      BLOB    NOT NULL REFERENCES dossier (draft),
    decision     INTEGER NOT NULL REFERENCES decision (id),
    -- What is asked for, as JSON.
    topics       TEXT    NOT NULL,
    closed_ms    INTEGER NOT NULL DEFAULT 0,
    -- SHA-256 of the answer; empty while there is none, and when the dossier was decided without.
    digest       BLOB    NOT NULL DEFAULT x'',
    -- What the answer took the place of, until the dossier is decided: texts as JSON, and the photo.
    former       TEXT    NOT NULL DEFAULT '',
    former_photo BLOB    NOT NULL DEFAULT x''
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX correction_one_open_per_dossier ON correction (dossier) WHERE closed_ms = 0;
CREATE INDEX correction_by_dossier ON correction (dossier);
