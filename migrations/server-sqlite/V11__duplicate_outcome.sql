-- How a duplicate request ended: its card was handed over, or its student found the old one and took
-- the request back. Empty while it is open.
ALTER TABLE duplicate ADD COLUMN outcome TEXT NOT NULL DEFAULT ''
    CHECK (outcome IN ('', 'handed_over', 'taken_back'));
