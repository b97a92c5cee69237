//! The code by which a tablet becomes a stand: shown at the desk, good once.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

/// What every such code starts with, so that a scanner knows it before reading it.
const PREFIX: &str = "PRS1:";
/// The longest code that is looked at.
const LONGEST_CODE: usize = 512;

/// What the code says. It names server and key so that an app of another server refuses it: it
/// never points an app anywhere.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SetupCode {
    /// The address of the Region's server.
    #[n(1)]
    pub server: String,
    /// The Region's root key.
    #[n(2)]
    pub root: ByteArray<32>,
    /// 128 random bits that are good once.
    #[n(3)]
    pub token: ByteArray<16>,
}

unprinted!(SetupCode);

impl SetupCode {
    /// The code as text.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", base45::encode(minicbor::to_vec(self).unwrap_or_default()))
    }

    /// Reads a scanned code; `None` when it is none of ours.
    pub fn read(scanned: &str) -> Option<Self> {
        if scanned.len() > LONGEST_CODE {
            return None;
        }
        let bytes = base45::decode(scanned.trim().strip_prefix(PREFIX)?).ok()?;
        minicbor::decode(&bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_back_and_never_shows_its_token() {
        let code = SetupCode {
            server: "https://pass.auvergnerhonealpes.fr".into(),
            root: [1; 32].into(),
            token: [0xA7; 16].into(),
        };
        assert_eq!(SetupCode::read(&format!(" {}\n", code.text())), Some(code.clone()));
        assert_eq!(format!("{code:?}"), "SetupCode(…)");
        assert_eq!(SetupCode::read("PR1:ABC"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_none(text: String) {
            let _ = SetupCode::read(&text);
            let _ = SetupCode::read(&format!("{PREFIX}{text}"));
        }
    }
}
