//! The stand: what the app does on a shared tablet at an event, without network.
//!
//! An agent signs in, a student fills in one draft and nothing else, the agent looks at it, and
//! « Terminer » seals it to the Region alone. What a tablet answers follows from its [`Mode`], at the
//! one door of the engine.

mod agents;
mod alike;
mod ending;
mod filling;
mod finish;
mod list;
mod mode;
mod readiness;
mod set_up;

use std::sync::{Arc, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use dossier::hexadecimal;
use dossier::signed::SigningKey;
use dossier::signed::delegation::{Delegation, DelegationRefusal};
use dossier::signed::keys::KeySet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Phone;
use crate::clock::Bounds;
use crate::store::{StandRow, Store};
use crate::trouble::Trouble;
use crate::view::{AgentView, EventView, StandRefusal, StandView};
pub(crate) use mode::{Duty, Mode};

/// What the Region said of this stand, as the tablet keeps it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    pub(crate) event: String,
    pub(crate) place: String,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    /// UAIs of the schools that are offered first.
    pub(crate) schools: Vec<String>,
    pub(crate) most_cards: u32,
    /// The signed delegation, in base64.
    pub(crate) delegation: String,
    pub(crate) revoked: bool,
    /// What this tablet is called.
    pub(crate) tablet: String,
    /// Public half of its own key, in hexadecimal.
    pub(crate) device: String,
}

impl Told {
    /// What is kept of a stand.
    pub(crate) fn of(row: &StandRow) -> Result<Self, Trouble> {
        serde_json::from_slice(&row.told).map_err(|_| Trouble::Damaged)
    }

    /// As it is kept.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Trouble> {
        serde_json::to_vec(self).map_err(|_| Trouble::Storage)
    }

    /// The signed delegation.
    pub(crate) fn signed_delegation(&self) -> Result<Vec<u8>, Trouble> {
        BASE64.decode(&self.delegation).map_err(|_| Trouble::Damaged)
    }

    /// The delegation, if this set vouches for it, or why it does not.
    fn delegation(&self, keys: &KeySet) -> Result<Delegation, DelegationRefusal> {
        let signed = BASE64.decode(&self.delegation).unwrap_or_default();
        Delegation::open(&signed, keys).map(|(delegation, _)| delegation)
    }

    /// Whether the Region signed the delegation for this very stand and this tablet's own key.
    pub(crate) fn is_delegated(&self, stand: &[u8; 16], keys: &KeySet) -> bool {
        self.delegation(keys).is_ok_and(|delegation| {
            *delegation.stand == *stand
                && hexadecimal::text(&*delegation.device) == self.device
                && delegation.most_cards == self.most_cards
        })
    }

    /// Whether the Region took its word back, as far as this tablet heard: by its answer, or by the
    /// set of keys that everyone fetches.
    pub(crate) fn is_revoked(&self, keys: Option<&KeySet>) -> bool {
        let by_the_set = |keys| self.delegation(keys) == Err(DelegationRefusal::Revoked);
        self.revoked || keys.is_some_and(by_the_set)
    }
}

/// What only agents may use: the key of the tablet, and the key of its event's prints. In memory
/// while one of them is on duty, and nowhere else in the clear.
pub(crate) struct StandKeys {
    pub(crate) device: SigningKey,
    pub(crate) prints: Zeroizing<[u8; 32]>,
}

impl StandKeys {
    fn bytes(seed: &[u8; 32], prints: &[u8; 32]) -> Zeroizing<Vec<u8>> {
        Zeroizing::new([*seed, *prints].concat())
    }

    fn read(bytes: &[u8]) -> Option<Arc<Self>> {
        let (seed, prints) = bytes.split_first_chunk::<32>()?;
        let prints = Zeroizing::new(prints.try_into().ok()?);
        let seed = Zeroizing::new(*seed);
        Some(Arc::new(Self { device: SigningKey::from_bytes(&seed), prints }))
    }
}

impl Phone {
    /// What the stand does now.
    pub(crate) fn mode(&self) -> Mode {
        self.mode_guard().clone()
    }

    fn set_mode(&self, mode: Mode) {
        *self.mode_guard() = mode;
        self.tell_screens();
    }

    fn mode_guard(&self) -> MutexGuard<'_, Mode> {
        self.stand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who is on duty.
    fn duty(&self) -> Result<Duty, Trouble> {
        self.mode().duty().cloned().ok_or(Trouble::Closed)
    }

    /// The stand that this tablet is, and what the Region said of it.
    pub(crate) fn stand_here(&self, store: &Store) -> Result<(StandRow, Told), Trouble> {
        let row = store.stand()?.ok_or(StandRefusal::NoStand)?;
        let told = Told::of(&row)?;
        Ok((row, told))
    }

    /// The clock of a stand is held between what the Region has signed and the end of the event: a
    /// tablet whose clock is years off seals and reads ages all the same.
    pub(crate) fn hold_clock(&self) -> Result<(), Trouble> {
        let store = self.store();
        let Some(row) = store.stand()? else {
            *self.bounds() = Bounds::default();
            return Ok(());
        };
        let keys = self.key_set(&store)?;
        let newest_ms = self.newest_signed(&store, keys.as_ref())?;
        let told = Told::of(&row)?;
        let delegation = keys.as_ref().and_then(|keys| told.delegation(keys).ok());
        let last_ms = delegation.map_or(i64::MAX, |it| it.not_after_ms);
        drop(store);
        *self.bounds() = Bounds { newest_ms, last_ms };
        Ok(())
    }

    /// The newest moment that the Region has signed here.
    pub(crate) fn newest_signed(
        &self,
        store: &Store,
        keys: Option<&KeySet>,
    ) -> Result<i64, Trouble> {
        let list = self.status_list(store)?.map(|list| list.made_at_ms);
        let moments = [keys.map(|keys| keys.made_at_ms), list, store.last_stored()?];
        Ok(moments.into_iter().flatten().max().unwrap_or(i64::MIN))
    }

    /// How things stand at this tablet.
    pub(crate) fn stand_view(&self) -> Result<StandView, Trouble> {
        let mode = self.mode().view();
        let sending = self.sending();
        let store = self.store();
        let Some(row) = store.stand()? else {
            return Ok(StandView { mode, ..StandView::default() });
        };
        let told = Told::of(&row)?;
        let agents = store.agents()?;
        let counts = store.count_lines(crate::clock::midnight(self.now_ms()))?;
        let cards_left = told.most_cards.saturating_sub(row.cards);
        let problems = self.stand_problems(&store, &row, &told)?;
        Ok(StandView {
            mode,
            agents: agents
                .into_iter()
                .map(|agent| AgentView {
                    id: Uuid::from_bytes(agent.id),
                    name: agent.name,
                    locked: agent.wrapped.is_empty(),
                })
                .collect(),
            unsent: counts.unsent,
            today: counts.since,
            delivered: counts.all.saturating_sub(counts.unsent),
            stuck: counts.stuck,
            open_drafts: u32::try_from(store.drafts()?.len()).unwrap_or(u32::MAX),
            sending,
            problems,
            set_up: Some(EventView {
                event: told.event,
                place: told.place,
                first_day: told.first_day,
                last_day: told.last_day,
                tablet: told.tablet,
                cards_left,
            }),
        })
    }
}

#[cfg(test)]
mod tests;
