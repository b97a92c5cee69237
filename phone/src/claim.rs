//! A student takes the dossier of a stand to a phone of their own, by the code of the slip.

use dossier::stand::claim::ClaimCode;
use uuid::Uuid;

use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{ClaimView, StandRefusal};

impl Phone {
    /// Takes a dossier over, now or as soon as the Region knows it: until the evening it is on the
    /// tablet alone.
    pub(crate) fn claim(&self, code: &str) -> Result<ClaimView, Trouble> {
        let code = ClaimCode::read(code).ok_or(StandRefusal::NotAClaim)?;
        self.store().keep_claim(&code.dossier, &code.secret, self.now_ms())?;
        let asked = tokio::runtime::Handle::current().block_on(self.claim_now(&code));
        let waits = match asked {
            Ok(taken) => !taken,
            // No network: it is asked for with every exchange.
            Err(Trouble::Courier { .. }) => true,
            Err(trouble) => return Err(trouble),
        };
        Ok(ClaimView { dossier: Uuid::from_bytes(code.dossier), waits })
    }

    /// The dossiers that are awaited from a stand.
    pub(crate) fn claims(&self) -> Result<Vec<ClaimView>, Trouble> {
        let claims = self.store().claims()?;
        let view = |(dossier, _)| ClaimView { dossier: Uuid::from_bytes(dossier), waits: true };
        Ok(claims.into_iter().map(view).collect())
    }
}
