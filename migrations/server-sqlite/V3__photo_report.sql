-- What the student says of the photo: that nothing covers the head, and why it is kept although it
-- breaks a rule. Both optional.
ALTER TABLE dossier ADD COLUMN bare_head INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dossier ADD COLUMN photo_note TEXT NOT NULL DEFAULT '';

-- What the server measured on the photo at the deposit, as JSON: numbers and limits, never where
-- anything stands in the face. No row for what was deposited before photos were measured.
CREATE TABLE photo_report (
    dossier       BLOB    NOT NULL PRIMARY KEY REFERENCES dossier (draft),
    -- Version of the table of rules that judged.
    table_version INTEGER NOT NULL,
    verdict       TEXT    NOT NULL CHECK (verdict IN ('not_assessed', 'pass', 'warn', 'fail')),
    findings      TEXT    NOT NULL,
    judged_ms     INTEGER NOT NULL
) STRICT;
