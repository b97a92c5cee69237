-- Who filed for the student, who agreed for one under 15, and what the lists lacked. All optional.
ALTER TABLE dossier ADD COLUMN filer_family_name TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN filer_given_name TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN filer_link TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN guardian_family_name TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN guardian_given_name TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN guardian_link TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN guardian_contact TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN school_name TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN school_town TEXT NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN track_name TEXT NOT NULL DEFAULT '';

-- A publication of the reference lists. The newest is in force; without one, the lists that were
-- built into the server are.
CREATE TABLE publication (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    version      TEXT    NOT NULL UNIQUE,
    published_ms INTEGER NOT NULL
) STRICT;

-- A text of a list, kept once however many publications share it.
CREATE TABLE reference_text (
    sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
    text   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which text each list of a publication has.
CREATE TABLE publication_list (
    publication INTEGER NOT NULL REFERENCES publication (n),
    name        TEXT    NOT NULL,
    sha256      BLOB    NOT NULL REFERENCES reference_text (sha256),
    PRIMARY KEY (publication, name)
) STRICT, WITHOUT ROWID;
