//! Sealing at rest: whoever copies the database reads ids, states and times, and nothing else.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};

use crate::trouble::Trouble;

/// Bytes in front of a sealed value; random ones never meet at this length.
const NONCE_BYTES: usize = 24;
/// Stands in every seal; a new layout of sealed values gets a new number.
const LAYOUT: u8 = 1;

/// Seals and opens values under the data key.
#[derive(Clone)]
pub(crate) struct Sealer(XChaCha20Poly1305);

/// Where a sealed value belongs: moved to another table or draft, it no longer opens.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) table: &'static str,
    pub(crate) draft: &'a [u8],
}

impl Place<'_> {
    fn bytes(self) -> Vec<u8> {
        [&[LAYOUT], self.table.as_bytes(), &[0], self.draft].concat()
    }
}

impl Sealer {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(Key::from_slice(key)))
    }

    pub(crate) fn seal(&self, place: Place<'_>, value: &[u8]) -> Result<Vec<u8>, Trouble> {
        let mut nonce = [0; NONCE_BYTES];
        crate::fill_random(&mut nonce)?;
        let payload = Payload { msg: value, aad: &place.bytes() };
        let sealed =
            self.0.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| Trouble::Storage)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(crate) fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, Trouble> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Trouble::Damaged)?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        self.0.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| Trouble::Damaged)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place { table: "change", draft: &[1; 16] };

    #[test]
    fn a_sealed_value_opens_only_with_its_key_and_in_its_place() {
        let sealer = Sealer::new(&[1; 32]);
        let sealed = sealer.seal(PLACE, b"Lina Moreau").unwrap();
        assert_eq!(sealer.open(PLACE, &sealed).unwrap(), b"Lina Moreau");
        assert!(!sealed.windows(4).any(|window| window == b"Lina"));

        let elsewhere = Place { draft: &[2; 16], ..PLACE };
        assert_eq!(sealer.open(elsewhere, &sealed), Err(Trouble::Damaged));
        let table = Place { table: "photo", ..PLACE };
        assert_eq!(sealer.open(table, &sealed), Err(Trouble::Damaged));
        assert_eq!(Sealer::new(&[2; 32]).open(PLACE, &sealed), Err(Trouble::Damaged));
        assert_eq!(sealer.open(PLACE, &sealed[..10]), Err(Trouble::Damaged));
    }
}
