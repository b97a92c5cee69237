//! « Prêt pour la journée »: what is looked at before the day, and what stands in its way.

use std::path::Path;
use std::time::Instant;

use dossier::stand::envelope::may_seal;

use super::Told;
use crate::Phone;
use crate::clock::DAY_MS;
use crate::store::{StandRow, Store};
use crate::trouble::Trouble;
use crate::view::{Readiness, ReadinessView, StandProblem};

/// Room for a day of dossiers with their photos, and for the log that grows beside them.
const LEAST_ROOM_MB: i64 = 500;
/// A clock further behind what was signed is wrong; less is the time that things take.
const MOST_BEHIND_MS: i64 = 10 * 60_000;
/// Keys fetched this week are in force all day.
const FRESH_KEYS_DAYS: i64 = 7;
/// Below this, a day of a stand may use them up.
const LEAST_CARDS: u32 = 1;

impl Phone {
    /// Everything that was looked at, the good as well. Whoever asks is on duty.
    pub(crate) fn stand_readiness(&self) -> Result<Vec<ReadinessView>, Trouble> {
        let photo_ms = self.photo_ready_ms();
        let last_ok_ms = self.network().last_ok_ms;
        let store = self.store();
        let (row, told) = self.stand_here(&store)?;
        let keys = self.key_set(&store)?;
        let now_ms = self.now_ms();
        let days = |ms: i64| ms.div_euclid(DAY_MS);
        let behind_ms = self.behind_ms(&store)?;
        let key_age = keys.as_ref().map(|keys| days(self.reckoned_ms() - keys.made_at_ms));
        let sealing = keys.as_ref().and_then(|keys| {
            let until =
                keys.to_seal_to(self.reckoned_ms()).iter().map(|key| key.not_after_ms).min();
            until.map(|until| days(until - self.reckoned_ms()))
        });
        let delegation = keys.as_ref().and_then(|keys| told.delegation(keys).ok());
        let delegated = delegation.map(|it| {
            let begun = it.not_before_ms <= now_ms;
            days(if begun { it.not_after_ms - now_ms } else { now_ms - it.not_before_ms })
        });
        let cards = told.most_cards.saturating_sub(row.cards);
        let room = free_mb(&self.data);
        let agents = store.agents()?.iter().filter(|agent| !agent.wrapped.is_empty()).count();
        let fetched = store.reference()?.is_some();
        let look = |what, good, value| ReadinessView { what, good, value };
        Ok(vec![
            look(Readiness::Room, room.is_none_or(|room| room >= LEAST_ROOM_MB), room),
            look(
                Readiness::Exchange,
                last_ok_ms.is_some_and(|at| days(now_ms - at) < 1),
                last_ok_ms.map(|at| days(now_ms - at)),
            ),
            look(Readiness::Reference, fetched, None),
            look(Readiness::Keys, key_age.is_some_and(|age| age <= FRESH_KEYS_DAYS), key_age),
            look(Readiness::Sealing, sealing.is_some_and(|days| days >= 0), sealing),
            look(Readiness::Delegation, delegated.is_some_and(|days| days >= 0), delegated),
            look(Readiness::Clock, behind_ms <= MOST_BEHIND_MS, Some(behind_ms / 60_000)),
            look(Readiness::Agents, agents > 0, i64::try_from(agents).ok()),
            look(Readiness::Cards, cards >= LEAST_CARDS, Some(cards.into())),
            look(Readiness::Photo, photo_ms.is_some(), photo_ms),
        ])
    }

    /// What stands in the way of the day. Told to whoever looks at the tablet.
    pub(super) fn stand_problems(
        &self,
        store: &Store,
        row: &StandRow,
        told: &Told,
    ) -> Result<Vec<StandProblem>, Trouble> {
        let keys = self.key_set(store)?;
        let now_ms = self.now_ms();
        let delegation = keys.as_ref().map(|keys| told.delegation(keys));
        let in_force = match &delegation {
            Some(Ok(delegation)) => delegation.is_in_force(now_ms),
            _ => false,
        };
        let after_the_end = matches!(&delegation, Some(Ok(it)) if now_ms > it.not_after_ms);
        let wrong_clock = self.behind_ms(store)? > MOST_BEHIND_MS;
        let seals = keys.as_ref().is_some_and(|keys| may_seal(keys, self.reckoned_ms()).is_ok());
        let agents = store.agents()?;
        let all_locked = !agents.is_empty() && agents.iter().all(|agent| agent.wrapped.is_empty());
        let looked = [
            (StandProblem::Revoked, told.is_revoked(keys.as_ref())),
            (StandProblem::NoSealing, !seals),
            (StandProblem::OutOfEvent, !in_force),
            (StandProblem::NoCardsLeft, row.cards >= told.most_cards),
            (StandProblem::WrongClock, wrong_clock || after_the_end),
            (StandProblem::AllLocked, all_locked),
            (
                StandProblem::LittleRoom,
                free_mb(&self.data).is_some_and(|room| room < LEAST_ROOM_MB),
            ),
        ];
        Ok(looked.into_iter().filter(|(_, is_so)| *is_so).map(|(problem, _)| problem).collect())
    }

    /// How far the clock is behind the newest thing that the Region signed.
    fn behind_ms(&self, store: &Store) -> Result<i64, Trouble> {
        let newest_ms = self.newest_signed(store, self.key_set(store)?.as_ref())?;
        Ok(newest_ms.saturating_sub(self.now_ms()).max(0))
    }

    /// How long the nets take that look at a picture; none when they do not.
    fn photo_ready_ms(&self) -> Option<i64> {
        let begun = Instant::now();
        std::sync::LazyLock::force(&self.checker);
        i64::try_from(begun.elapsed().as_millis()).ok()
    }
}

/// Free room of the disk that this folder is on, in megabytes; none where no system tells.
fn free_mb(folder: &Path) -> Option<i64> {
    #[cfg(unix)]
    {
        let disk = rustix::fs::statvfs(folder).ok()?;
        i64::try_from(disk.f_bavail.saturating_mul(disk.f_frsize) / 1_000_000).ok()
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}
