-- Whoever reads where a dossier stands is told of the cards that it had before.
CREATE INDEX card_former ON card (dossier) WHERE blocked_ms <> 0;
