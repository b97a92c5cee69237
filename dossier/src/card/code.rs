//! What the code of a card says: a credential alone on paper, one that a phone shows right now, or
//! one that a stand signed, with the Region's word for that stand.

use ed25519_dalek::{Signature, Signer, VerifyingKey};

use crate::signed::SigningKey;

/// A live code is made anew this often.
pub const STEP_MS: i64 = 15_000;
/// Steps that a live code may lie off the clock of whoever reads it: 30 to 45 seconds.
const MOST_STEPS_OFF: u32 = 2;
/// What every card code starts with, so that a scanner knows it before reading it.
const PREFIX: &str = "PR1:";
/// The longest code that is looked at; ours have about 420 characters, those of a stand 640.
const LONGEST_CODE: usize = 1_024;
/// First byte of a live code. A credential alone begins with 0x84: an array of four.
const LIVE: u8 = 1;
/// First byte of the code of a stand.
const STAND: u8 = 2;
/// Stands before what a phone signs, so that its key never signs anything else by accident.
const LABEL: &[u8] = b"passregion-live-v1";

/// What a code was read to say. Nothing of it is believed yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The signed card.
    pub credential: Vec<u8>,
    /// Who vouches for it beside its own signature.
    pub word: Word,
}

/// What comes with a credential.
#[derive(Clone, PartialEq, Eq)]
pub enum Word {
    /// Nothing: a printed page.
    Paper,
    /// The word of the phone that shows it.
    Phone(Live),
    /// The signed delegation of the stand whose tablet signed it.
    Stand(Vec<u8>),
}

/// When a phone showed a card, and its signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Live {
    /// Which quarter of a minute since 1970.
    pub step: u32,
    signature: [u8; 64],
}

impl Shown {
    /// Reads a scanned code; `None` when it is none of ours.
    pub fn read(scanned: &str) -> Option<Self> {
        if scanned.len() > LONGEST_CODE {
            return None;
        }
        let bytes = base45::decode(scanned.trim().strip_prefix(PREFIX)?).ok()?;
        match bytes.split_first() {
            Some((&LIVE, rest)) => {
                let (step, rest) = rest.split_first_chunk()?;
                let (signature, credential) = rest.split_first_chunk()?;
                let live = Live { step: u32::from_be_bytes(*step), signature: *signature };
                Some(Self { credential: credential.to_vec(), word: Word::Phone(live) })
            }
            Some((&STAND, rest)) => {
                let (length, rest) = rest.split_first_chunk()?;
                let length = usize::from(u16::from_be_bytes(*length));
                let (delegation, credential) = rest.split_at_checked(length)?;
                let word = Word::Stand(delegation.to_vec());
                Some(Self { credential: credential.to_vec(), word })
            }
            _ => Some(Self { credential: bytes, word: Word::Paper }),
        }
    }
}

impl Live {
    /// Whether the phone with this key signed this credential for this step.
    pub fn is_by(&self, device: &[u8; 32], credential: &[u8]) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(device)
            .is_ok_and(|key| key.verify_strict(&message(self.step, credential), &signature).is_ok())
    }
}

/// Whether a step is this moment's, within what clocks may differ.
pub(super) fn is_near(step: u32, now_ms: i64) -> bool {
    step.abs_diff(step_at(now_ms)) <= MOST_STEPS_OFF
}

/// The step of a moment.
pub fn step_at(now_ms: i64) -> u32 {
    u32::try_from(now_ms / STEP_MS).unwrap_or_default()
}

/// The code of a credential for a printed page.
pub fn on_paper(credential: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(credential))
}

/// The code of a card that the tablet of a stand signed. `None`: what it brings is too long.
pub fn at_stand(delegation: &[u8], credential: &[u8]) -> Option<String> {
    let length = u16::try_from(delegation.len()).ok()?.to_be_bytes();
    let bytes = [&[STAND], &length[..], delegation, credential].concat();
    let code = format!("{PREFIX}{}", base45::encode(&bytes));
    (code.len() <= LONGEST_CODE).then_some(code)
}

/// The code of a credential at this moment, signed by the phone that it belongs to.
pub fn live(credential: &[u8], device: &SigningKey, now_ms: i64) -> String {
    let step = step_at(now_ms);
    let signature = device.sign(&message(step, credential)).to_bytes();
    let bytes = [&[LIVE], &step.to_be_bytes()[..], &signature, credential].concat();
    format!("{PREFIX}{}", base45::encode(&bytes))
}

fn message(step: u32, credential: &[u8]) -> Vec<u8> {
    [LABEL, &step.to_be_bytes(), credential].concat()
}
