//! The code of a stand's slip, by which a student takes the dossier to a phone of their own.

use sha2::{Digest, Sha256};

use crate::sync::DossierId;

/// What every such code starts with, so that a scanner knows it before reading it.
const PREFIX: &str = "PRC1:";
/// The longest code that is looked at.
const LONGEST_CODE: usize = 128;

/// Which dossier, and the secret that opens it once.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode {
    /// The dossier.
    pub dossier: DossierId,
    /// 128 random bits. Only their hash leaves the tablet.
    pub secret: [u8; 16],
}

unprinted!(ClaimCode);

impl ClaimCode {
    /// The code as text.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", base45::encode([self.dossier, self.secret].concat()))
    }

    /// Reads a scanned code; `None` when it is none of ours.
    pub fn read(scanned: &str) -> Option<Self> {
        if scanned.len() > LONGEST_CODE {
            return None;
        }
        let bytes = base45::decode(scanned.trim().strip_prefix(PREFIX)?).ok()?;
        let (dossier, secret) = bytes.split_first_chunk()?;
        Some(Self { dossier: *dossier, secret: secret.try_into().ok()? })
    }

    /// What the server knows the secret by.
    pub fn hash(&self) -> [u8; 32] {
        hash_of(&self.secret)
    }
}

/// What the server knows a secret by.
pub fn hash_of(secret: &[u8; 16]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_read_back(dossier: [u8; 16], secret: [u8; 16]) {
            let code = ClaimCode { dossier, secret };
            prop_assert_eq!(ClaimCode::read(&code.text()), Some(code));
        }

        #[test]
        fn any_text_is_a_code_or_none(text: String) {
            let _ = ClaimCode::read(&text);
            let _ = ClaimCode::read(&format!("{PREFIX}{text}"));
        }
    }

    #[test]
    fn a_shorter_or_longer_code_is_none() {
        let code = ClaimCode { dossier: [1; 16], secret: [2; 16] };
        for bytes in [[1; 31].as_slice(), &[1; 33]] {
            assert_eq!(ClaimCode::read(&format!("{PREFIX}{}", base45::encode(bytes))), None);
        }
        assert_eq!(format!("{code:?}"), "ClaimCode(…)");
    }
}
