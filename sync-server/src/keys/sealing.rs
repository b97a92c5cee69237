//! What stands seal to, what opens it, and which stands are not believed any more.

use std::fs;
use std::io::ErrorKind;

use anyhow::Context;
use dossier::hexadecimal;
use dossier::season::Season;
use dossier::signed::delegation::Delegation;
use dossier::signed::keys::{KeySet, SealingHolder, SealingKey};
use dossier::stand::envelope::{self, Enrolment, Header, OpenRefusal, SealingSecret};
use minicbor::bytes::ByteArray;
use time::{Date, Time};
use uuid::Uuid;

use super::{DAY_MS, EARLY_MS, Keys, LATE_MS, LISTS_MS, make, read_secret};
use crate::failure::Failure;
use crate::store::event::Event;

/// What the secret halves are called: the one that this server opens envelopes with,
const OPERATIONS: &str = "sealing-";
/// and the one that belongs in a safe. Put back, it opens them too.
const ESCROW: &str = "escrow-";
/// Phones read no longer list of revoked stands: the newest count.
const MOST_REVOKED: usize = 4_000;

/// What a file in the folder of the keys is called after its kind, if it is one of these.
pub(super) fn id_in(name: &str) -> Option<&str> {
    [OPERATIONS, ESCROW].into_iter().find_map(|kind| name.strip_prefix(kind))
}

/// What names a key that is sealed to.
pub(crate) fn id(key: &SealingKey) -> String {
    hexadecimal::text(&key.name())
}

fn file(holder: SealingHolder, id: &str) -> String {
    let kind = match holder {
        SealingHolder::Operations => OPERATIONS,
        SealingHolder::Escrow => ESCROW,
    };
    format!("{kind}{id}.key")
}

impl Keys {
    /// Makes sure that there are keys to seal to for a month at least, one that this server opens and
    /// one for the safe.
    pub(crate) fn sealing(&self, now_ms: i64) -> anyhow::Result<()> {
        if self.lacking(now_ms)?.is_empty() {
            return Ok(());
        }
        let _one_at_a_time = self.making();
        for holder in self.lacking(now_ms)? {
            self.add_sealing(holder, now_ms)?;
        }
        Ok(())
    }

    /// Makes another of each, to which tablets seal once they have the new set.
    pub(crate) fn rotate_sealing(&self, now_ms: i64) -> anyhow::Result<()> {
        self.add_sealing(SealingHolder::Operations, now_ms)?;
        self.add_sealing(SealingHolder::Escrow, now_ms)
    }

    fn lacking(&self, now_ms: i64) -> anyhow::Result<Vec<SealingHolder>> {
        let loaded = self.now()?;
        let mut lacking = vec![SealingHolder::Operations, SealingHolder::Escrow];
        for key in loaded.set.to_seal_to(now_ms) {
            // The one for the safe is not here, when all is well.
            let is_here = key.holder == SealingHolder::Escrow
                || self.0.folder.join(file(key.holder, &id(key))).exists();
            if is_here && key.is_in_force(now_ms + LATE_MS) {
                lacking.retain(|holder| *holder != key.holder);
            }
        }
        Ok(lacking)
    }

    fn add_sealing(&self, holder: SealingHolder, now_ms: i64) -> anyhow::Result<()> {
        let of = |seed: &[u8; 32]| {
            let secret = SealingSecret::from_bytes(seed).context("no key was drawn")?;
            anyhow::Ok(SealingKey {
                holder,
                public: secret.public().into(),
                not_before_ms: now_ms - EARLY_MS,
                not_after_ms: now_ms + LISTS_MS,
            })
        };
        let seed = make(&self.0.folder, |seed| Ok(file(holder, &id(&of(seed)?))))?;
        let key = of(&seed)?;
        self.change(now_ms, |set| set.sealing.push(key))
    }

    /// Opens an envelope with whatever key that is here fits.
    pub(crate) fn unseal(
        &self,
        bytes: &[u8],
        device_key: &[u8; 32],
    ) -> Result<(Header, Enrolment), Failure> {
        for secret in self.secrets()? {
            match envelope::open(bytes, device_key, &secret) {
                Ok(opened) => return Ok(opened),
                Err(OpenRefusal::OtherKey) => {}
                Err(_) => return Err(Failure::NotTheEnvelope),
            }
        }
        Err(Failure::NotTheEnvelope)
    }

    /// Every secret half that is here, also those that nothing is sealed to any more.
    fn secrets(&self) -> anyhow::Result<Vec<SealingSecret>> {
        let mut secrets = Vec::new();
        for entry in fs::read_dir(&self.0.folder)? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if !name.ends_with(".key") || id_in(&name).is_none() {
                continue;
            }
            let file = self.0.folder.join(&*name);
            match fs::read_to_string(&file) {
                Ok(text) => secrets.extend(SealingSecret::from_bytes(&read_secret(&file, &text)?)),
                // Just carried to the safe.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error).context("cannot read a key"),
            }
        }
        Ok(secrets)
    }

    /// Whether a secret half that belongs in a safe lies here.
    pub(crate) fn has_escrow(&self) -> anyhow::Result<bool> {
        let mut names = fs::read_dir(&self.0.folder)?;
        Ok(names.any(|it| it.is_ok_and(|it| it.file_name().to_string_lossy().starts_with(ESCROW))))
    }

    /// The Region's word for the tablet of a stand, for the days of its event.
    pub(crate) fn delegate(
        &self,
        stand: Uuid,
        event: &Event,
        device_key: &[u8; 32],
        now_ms: i64,
    ) -> anyhow::Result<Vec<u8>> {
        let season = Season::of(event.first_day).to_string();
        let delegation = Delegation {
            stand: stand.into_bytes().into(),
            device: (*device_key).into(),
            not_before_ms: begins_ms(event.first_day) - EARLY_MS,
            not_after_ms: begins_ms(event.last_day) + DAY_MS,
            season: season.clone(),
            most_cards: event.most_cards,
        };
        Ok(delegation.sign(&self.delegations(&season, now_ms)?))
    }

    /// Has the set say that these stands are not believed any more, beside those it says so of.
    pub(crate) fn revoke_stands(&self, stands: &[Uuid], now_ms: i64) -> anyhow::Result<()> {
        let unsaid = |set: &KeySet| -> Vec<Uuid> {
            let newest = stands.iter().rev().take(MOST_REVOKED).rev();
            newest.filter(|id| !set.revoked.contains(&id.into_bytes().into())).copied().collect()
        };
        if unsaid(&self.now()?.set).is_empty() {
            return Ok(());
        }
        let _one_at_a_time = self.making();
        let unsaid = unsaid(&self.now()?.set);
        self.change(now_ms, |set| {
            set.revoked.extend(unsaid.into_iter().map(|id| ByteArray::from(id.into_bytes())));
            let too_many = set.revoked.len().saturating_sub(MOST_REVOKED);
            set.revoked.drain(..too_many);
        })
    }
}

fn begins_ms(day: Date) -> i64 {
    day.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp() * 1_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::files;
    use dossier::signed::SigningKey;
    use dossier::stand::envelope::{Sealing, seal};

    const NOW_MS: i64 = 1_795_000_000_000;

    fn sealed(keys: &Keys, now_ms: i64) -> Vec<u8> {
        let enrolment = Enrolment {
            dossier: [1; 16].into(),
            number: String::new(),
            heads: Vec::new(),
            changes: Vec::new(),
            photo: Vec::new().into(),
            agent: "Karim".to_owned(),
            finished_at_ms: now_ms,
            claim: [2; 32].into(),
        };
        let loaded = keys.now().unwrap();
        let sealing = Sealing {
            keys: &loaded.set,
            stand: [3; 16],
            sequence: 1,
            supersedes: None,
            prints: Vec::new(),
            device: &SigningKey::from_bytes(&[4; 32]),
            now_ms,
            entropy: [5; 32],
        };
        seal(&enrolment, &sealing).unwrap().bytes
    }

    fn opens(keys: &Keys, envelope: &[u8]) -> bool {
        let tablet = SigningKey::from_bytes(&[4; 32]).verifying_key().to_bytes();
        keys.unseal(envelope, &tablet).is_ok()
    }

    #[test]
    fn keys_to_seal_to_are_made_once_and_followed_by_others_before_they_end() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::open(data.path()).unwrap();
        keys.sealing(NOW_MS).unwrap();
        keys.sealing(NOW_MS + 1).unwrap();
        assert_eq!(keys.now().unwrap().set.sealing.len(), 2);
        assert!(keys.has_escrow().unwrap());
        let first = sealed(&keys, NOW_MS);
        assert!(opens(&keys, &first));
        let late = NOW_MS + LISTS_MS - DAY_MS;
        keys.sealing(late).unwrap();
        assert_eq!(keys.now().unwrap().set.sealing.len(), 4);
        // What was sealed to the former one is opened long after its end.
        keys.sealing(late + 30 * DAY_MS).unwrap();
        keys.revoke_stands(&[Uuid::from_u128(7)], late + 30 * DAY_MS).unwrap();
        assert_eq!(keys.now().unwrap().set.sealing.len(), 2);
        assert!(opens(&keys, &first) && opens(&keys, &sealed(&keys, late)));
        assert!(files(data.path()).unwrap().iter().any(|file| file.contains("escrow-")));
    }

    #[test]
    fn after_a_rotation_the_new_key_is_sealed_to_and_a_revoked_one_by_nobody() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::open(data.path()).unwrap();
        keys.sealing(NOW_MS).unwrap();
        let named = || -> Vec<String> {
            keys.now().unwrap().set.to_seal_to(NOW_MS + 2).into_iter().map(id).collect()
        };
        let before = named();
        keys.rotate_sealing(NOW_MS + 1).unwrap();
        let after = named();
        assert!(before.iter().all(|id| !after.contains(id)));
        assert!(keys.revoke(&after[0], NOW_MS + 2).unwrap());
        assert_eq!(named()[0], before[0]);
    }

    #[test]
    fn a_revoked_stand_is_named_once() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::open(data.path()).unwrap();
        let [one, other] = [1, 2].map(Uuid::from_u128);
        keys.revoke_stands(&[], NOW_MS).unwrap();
        assert_eq!(keys.now().unwrap().set.version, 0, "nothing to say");
        keys.revoke_stands(&[one], NOW_MS).unwrap();
        let version = keys.now().unwrap().set.version;
        keys.revoke_stands(&[one], NOW_MS + 5_000).unwrap();
        assert_eq!(keys.now().unwrap().set.version, version);
        keys.revoke_stands(&[one, other], NOW_MS + 5_000).unwrap();
        let loaded = keys.now().unwrap();
        assert_eq!(loaded.set.revoked.len(), 2);
        assert!(loaded.set.version > version);
    }
}
