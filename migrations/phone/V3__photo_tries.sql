-- How many pictures of a draft broke a rule: from the second on, one may be kept with a sentence.
ALTER TABLE draft ADD COLUMN photo_tries INTEGER NOT NULL DEFAULT 0;
