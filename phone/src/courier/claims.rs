//! Dossiers that students take over from stands: asked for with every exchange, until the Region
//! knows them.

use dossier::account::SignedIn;
use dossier::hexadecimal;
use dossier::stand::ClaimAsk;
use dossier::stand::claim::ClaimCode;
use uuid::Uuid;

use super::exchange::parse;
use super::{Setback, Setbacks};
use crate::Phone;
use crate::trouble::Trouble;
use crate::view::{CourierTrouble, StandRefusal};

impl Phone {
    /// Asks for everything that is awaited from a stand.
    pub(super) async fn send_claims(&self) -> Result<(), Setback> {
        let waiting = self.store().claims()?;
        let mut setbacks = Setbacks::default();
        for (dossier, secret) in waiting {
            let asked = self.ask_for_claim(&ClaimCode { dossier, secret }).await;
            // One that is refused for good is told by the list that it is not in any more.
            let asked = match asked {
                Ok(Ok(_) | Err(Trouble::Stand { .. } | Trouble::TooManyTries)) => Ok(()),
                Ok(Err(Trouble::Courier { trouble })) => Err(trouble.into()),
                Ok(Err(_)) => Err(Setback::Phone),
                Err(setback) => Err(setback),
            };
            setbacks.pass(asked)?;
        }
        setbacks.end(())
    }

    /// The same at once, for a person who waits: `true` when the dossier is here.
    pub(crate) async fn claim_now(&self, code: &ClaimCode) -> Result<bool, Trouble> {
        self.meet_server().await.map_err(Trouble::from)?;
        let known = self.read_key_set().await;
        known.map_err(Trouble::from)?;
        self.ask_for_claim(code).await.map_err(Trouble::from)?
    }

    async fn ask_for_claim(&self, code: &ClaimCode) -> Result<Result<bool, Trouble>, Setback> {
        let dossier = Uuid::from_bytes(code.dossier);
        let ask = ClaimAsk { secret: hexadecimal::text(&code.secret) };
        let answer = self.put_json(format!("/v1/claims/{dossier}"), &ask).await?;
        let declined = match answer {
            Ok(answer) => {
                let told: SignedIn = parse(&answer)?;
                return Ok(self.take_claimed(dossier, told).await);
            }
            Err(declined) => declined.code,
        };
        Ok(match declined.as_str() {
            // Still on the tablet.
            "unknown" => Ok(false),
            "too_many_tries" => Err(Trouble::TooManyTries),
            "forbidden" | "erased" | "deleted" | "session_over" => {
                self.store().forget_claim(&code.dossier)?;
                Err(StandRefusal::ClaimRefused.into())
            }
            _ => Err(CourierTrouble::RefusedByServer.into()),
        })
    }

    /// Keeps a dossier that a stand deposited like one of this phone's. Nothing is kept before receipt,
    /// photo and card are verified.
    async fn take_claimed(&self, dossier: Uuid, told: SignedIn) -> Result<bool, Trouble> {
        if told.dossier != dossier {
            return Err(CourierTrouble::TamperedReceipt.into());
        }
        let (signed, receipt) = self.receipt_of(&told)?;
        let photo = hexadecimal::text(&*receipt.photo);
        let photo = self.get(format!("/v1/photos/{photo}")).await.map_err(Trouble::from)?;
        let standing = self.believed_standing(told.standing.clone())?;
        self.keep_signed_in(&SignedIn { standing, ..told }, (&signed, &receipt), &photo)?;
        self.store().forget_claim(dossier.as_bytes())?;
        self.tell_screens();
        self.wake();
        Ok(true)
    }
}
