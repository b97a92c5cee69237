//! How many cards were verified on this device today: numbers, and nothing of whose they were.

use rusqlite::params;

use super::Store;
use crate::trouble::Trouble;

impl Store {
    /// Counts one more of a colour. The days before are forgotten.
    pub(crate) fn count_check(&self, day: &str, colour: &str) -> Result<(), Trouble> {
        let transaction = self.connection.unchecked_transaction()?;
        transaction.execute("DELETE FROM check_count WHERE day <> ?1", [day])?;
        transaction.execute(
            "INSERT INTO check_count (day, colour, count) VALUES (?1, ?2, 1)
             ON CONFLICT (day, colour) DO UPDATE SET count = count + 1",
            params![day, colour],
        )?;
        Ok(transaction.commit()?)
    }

    /// How many of a colour there were on a day.
    pub(crate) fn checks(&self, day: &str, colour: &str) -> Result<u32, Trouble> {
        let query =
            "SELECT coalesce(sum(count), 0) FROM check_count WHERE day = ?1 AND colour = ?2";
        Ok(self.connection.query_row(query, params![day, colour], |row| row.get(0))?)
    }
}
