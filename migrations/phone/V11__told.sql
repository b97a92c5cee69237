-- A draft that was erased, here or on another device of the space. Its row stays once the server
-- was told: one that is restored from an older copy has the draft again, and is told again.
ALTER TABLE erased ADD COLUMN told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1));
