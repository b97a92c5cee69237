-- A dossier may be in a reviewer's hands, or with its student, who was asked to mend something.
ALTER TABLE dossier DROP CONSTRAINT dossier_state_check;
ALTER TABLE dossier ADD CONSTRAINT dossier_state_check
    CHECK (state IN ('received', 'in_review', 'to_correct', 'accepted', 'refused'));
-- Who has it in hand; 0 while nobody has.
ALTER TABLE dossier ADD COLUMN reviewer BIGINT NOT NULL DEFAULT 0;

-- Also that a dossier was taken in hand or sent back to its student, and how far its plastic card came.
ALTER TABLE decision DROP CONSTRAINT decision_verdict_check;
ALTER TABLE decision ADD CONSTRAINT decision_verdict_check CHECK (verdict IN
    ('in_review', 'to_correct', 'accepted', 'refused', 'in_production', 'handed_over'));

-- What a student was asked to mend, by a decision that says why; and that it was. One is open at a
-- time, and has `closed_ms` 0.
CREATE TABLE correction (
    id           BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier      BYTEA  NOT NULL REFERENCES dossier (draft),
    decision     BIGINT NOT NULL REFERENCES decision (id),
    -- What is asked for, as JSON.
    topics       TEXT   NOT NULL,
    closed_ms    BIGINT NOT NULL DEFAULT 0,
    -- SHA-256 of the answer; empty while there is none, and when the dossier was decided without.
    digest       BYTEA  NOT NULL DEFAULT ''::bytea,
    -- What the answer took the place of, until the dossier is decided: texts as JSON, and the photo.
    former       TEXT   NOT NULL DEFAULT '',
    former_photo BYTEA  NOT NULL DEFAULT ''::bytea
);
CREATE UNIQUE INDEX correction_one_open_per_dossier ON correction (dossier) WHERE closed_ms = 0;
CREATE INDEX correction_by_dossier ON correction (dossier);
