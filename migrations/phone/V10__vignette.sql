-- The photo of a card as whoever verifies it is given it, sealed: small, and named by the card's
-- signature. One that another card names is as good as none.
CREATE TABLE vignette (
    draft  BLOB NOT NULL PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
