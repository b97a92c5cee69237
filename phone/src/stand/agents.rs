//! Who is on duty: agents sign in without network, by a PIN that a copied tablet cannot be guessed by.
//!
//! A PIN has a million values. What it opens is wrapped under Argon2id of it, keyed with a secret of
//! the keyring: a copied database alone cannot be tried at all, and on the tablet there are five tries.

use argon2::{Algorithm, Argon2, Params, Version};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Duty, Mode, StandKeys};
use crate::Phone;
use crate::seal::{Place, Sealer};
use crate::store::{AgentRow, Store};
use crate::trouble::Trouble;
use crate::vault::{self, STAND_SECRET};
use crate::view::{DraftView, StandRefusal, StandView};

/// Digits of a PIN.
const PIN_DIGITS: usize = 6;
/// The wrong tries after which nothing is left to try on.
const MOST_TRIES: u32 = 5;
/// The longest name of an agent, in characters.
const LONGEST_NAME: usize = 40;
/// What OWASP asks of Argon2id at least: 19 MiB, two passes.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

impl Phone {
    /// Adds somebody who may sign in. The first one is whoever set the stand up, and is on duty then.
    pub(crate) fn stand_add_agent(&self, name: &str, pin: &str) -> Result<StandView, Trouble> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(StandRefusal::AgentName.into());
        }
        let pin = read_pin(pin).ok_or(StandRefusal::WeakPin)?;
        let mode = self.mode();
        let (bundle, agents) = {
            let store = self.store();
            (self.stand_here(&store)?.0.bundle, store.agents()?)
        };
        if agents.iter().any(|agent| agent.name == name) {
            return Err(StandRefusal::AgentName.into());
        }
        let bundle = match (bundle, mode.duty()) {
            (Some(bundle), _) => bundle,
            (None, Some(duty)) => StandKeys::bytes(&duty.keys.device.to_bytes(), &duty.keys.prints),
            (None, None) => return Err(Trouble::Closed),
        };
        let (mut id, mut salt) = ([0; 16], [0; 16]);
        crate::fill_random(&mut id)?;
        crate::fill_random(&mut salt)?;
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let sealer = self.under_pin(&pin, &salt, agents.is_empty())?;
        let wrapped = sealer.seal(place(id.as_bytes()), &bundle)?;
        let agent =
            AgentRow { id: *id.as_bytes(), name: name.to_owned(), salt, wrapped, failures: 0 };
        self.store().add_agent(&agent, self.now_ms())?;
        if mode.duty().is_none() {
            let keys = StandKeys::read(&bundle).ok_or(Trouble::Damaged)?;
            self.set_mode(Mode::Agent(Duty { agent: id, name: agent.name, keys }));
        }
        self.stand_view()
    }

    /// An agent signs in.
    pub(crate) fn stand_sign_in(&self, agent: Uuid, pin: &str) -> Result<StandView, Trouble> {
        let duty = self.duty_of(agent, pin)?;
        self.set_mode(Mode::Agent(duty));
        self.stand_view()
    }

    /// Whoever is on duty leaves.
    pub(crate) fn stand_sign_out(&self) -> Result<StandView, Trouble> {
        self.set_mode(Mode::Closed);
        self.stand_view()
    }

    /// An agent lifts the shield: back to the student, or to check the draft beside them.
    pub(crate) fn stand_resume(
        &self,
        agent: Uuid,
        pin: &str,
        check: bool,
    ) -> Result<DraftView, Trouble> {
        let Mode::Shielded(draft) = self.mode() else { return Err(Trouble::Closed) };
        let duty = self.duty_of(agent, pin)?;
        let mode = if check { Mode::Checking(duty, draft) } else { Mode::Student(duty, draft) };
        self.set_mode(mode);
        self.folded(draft)
    }

    /// The agent whose PIN this is. The try is counted before it is made, and after the fifth wrong
    /// one nothing is left to try on.
    fn duty_of(&self, agent: Uuid, pin: &str) -> Result<Duty, Trouble> {
        // Held to the end: two tries at a time would count as one.
        let store = self.store();
        let row = agent_row(&store, agent)?;
        if row.wrapped.is_empty() {
            return Err(StandRefusal::Locked.into());
        }
        if row.failures >= MOST_TRIES {
            // The power went between a fifth try and its end.
            store.lock_agent(&row.id)?;
            return Err(StandRefusal::Locked.into());
        }
        store.count_pin_try(&row.id)?;
        let opened = match read_digits(pin) {
            Some(pin) => {
                let sealer = self.under_pin(&pin, &row.salt, false)?;
                sealer.open(place(&row.id), &row.wrapped).ok()
            }
            None => None,
        };
        let keys = opened.map(Zeroizing::new).and_then(|bundle| StandKeys::read(&bundle));
        if let Some(keys) = keys {
            store.forget_pin_tries(&row.id)?;
            return Ok(Duty { agent, name: row.name, keys });
        }
        let left = MOST_TRIES.saturating_sub(row.failures + 1);
        if left == 0 {
            store.lock_agent(&row.id)?;
            return Err(StandRefusal::Locked.into());
        }
        Err(StandRefusal::WrongPin { left }.into())
    }

    /// What seals under a PIN. Another secret of the keyring in front of what is wrapped already would
    /// make it unreadable without a word: only the first PIN may make one.
    fn under_pin(&self, pin: &str, salt: &[u8; 16], first: bool) -> Result<Sealer, Trouble> {
        let secret = vault::key(&*self.vault, STAND_SECRET, || Ok(first))?;
        pin_sealer(pin, salt, &secret)
    }
}

fn pin_sealer(pin: &str, salt: &[u8; 16], secret: &[u8; 32]) -> Result<Sealer, Trouble> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(32)).map_err(|_| Trouble::Storage)?;
    let argon2 = Argon2::new_with_secret(secret, Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|_| Trouble::Storage)?;
    let mut key = Zeroizing::new([0; 32]);
    argon2.hash_password_into(pin.as_bytes(), salt, &mut *key).map_err(|_| Trouble::Storage)?;
    Ok(Sealer::new(&key))
}

fn place(agent: &[u8]) -> Place<'_> {
    Place { table: "stand_agent.wrapped", draft: agent }
}

fn agent_row(store: &Store, agent: Uuid) -> Result<AgentRow, Trouble> {
    let mut agents = store.agents()?.into_iter();
    agents.find(|row| row.id == *agent.as_bytes()).ok_or(Trouble::MalformedArgs)
}

fn read_digits(typed: &str) -> Option<Zeroizing<String>> {
    let digits = Zeroizing::new(typed.trim().to_owned());
    let is_pin = digits.len() == PIN_DIGITS && digits.chars().all(|c| c.is_ascii_digit());
    is_pin.then_some(digits)
}

/// A new PIN: six digits, not all alike and not in a row, which are what people try first.
fn read_pin(typed: &str) -> Option<Zeroizing<String>> {
    let pin = read_digits(typed)?;
    let steps: Vec<i16> = pin.as_bytes().windows(2).map(step_of).collect::<Option<_>>()?;
    let weak = [0, 1, -1].iter().any(|step| steps.iter().all(|it| it == step));
    (!weak).then_some(pin)
}

fn step_of(two: &[u8]) -> Option<i16> {
    let [first, second] = two else { return None };
    Some(i16::from(*second) - i16::from(*first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_that_everyone_tries_first_is_refused() {
        for weak in ["111111", "123456", "654321", "12345", "1234567", "12a456", ""] {
            assert!(read_pin(weak).is_none(), "{weak}");
        }
        assert_eq!(read_pin(" 271828 ").unwrap().as_str(), "271828");
    }

    #[test]
    fn what_a_pin_wraps_opens_with_that_pin_that_salt_and_that_keyring_alone() {
        let sealer = pin_sealer("271828", &[1; 16], &[2; 32]).unwrap();
        let wrapped = sealer.seal(place(&[3; 16]), b"bundle").unwrap();
        let opens = |pin, salt, secret| {
            pin_sealer(pin, &[salt; 16], &[secret; 32]).unwrap().open(place(&[3; 16]), &wrapped)
        };
        assert_eq!(opens("271828", 1, 2).unwrap(), b"bundle");
        for (pin, salt, secret) in [("271829", 1, 2), ("271828", 9, 2), ("271828", 1, 9)] {
            assert_eq!(opens(pin, salt, secret), Err(Trouble::Damaged));
        }
    }
}
