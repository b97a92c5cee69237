-- What a student's benefits were granted, spent and refunded, in cents, by whom it was noted. What is
-- left follows from it and from the published amounts. Rows are only added, and go with an erased
-- dossier.
CREATE TABLE movement (
    id       BYTEA  NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    dossier  BYTEA  NOT NULL REFERENCES dossier (draft),
    benefit  TEXT   NOT NULL,
    kind     TEXT   NOT NULL CHECK (kind IN ('granted', 'spent', 'refunded')),
    cents    BIGINT NOT NULL CHECK (cents > 0),
    reviewer BIGINT NOT NULL REFERENCES reviewer (id),
    at_ms    BIGINT NOT NULL
);
CREATE INDEX movement_by_dossier ON movement (dossier, at_ms);
CREATE FUNCTION movement_goes_with_its_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tombstone WHERE tombstone.draft = OLD.dossier) THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'rows of movement are only added';
END $$;
CREATE TRIGGER movement_is_only_added_to BEFORE UPDATE OR TRUNCATE ON movement
FOR EACH STATEMENT EXECUTE FUNCTION rows_are_only_added();
CREATE TRIGGER movement_is_never_removed BEFORE DELETE ON movement
FOR EACH ROW EXECUTE FUNCTION movement_goes_with_its_dossier();
