//! What the Region published: a version and the digest of each list, signed as one.

use std::collections::BTreeMap;

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use sha2::{Digest, Sha256};

use super::{List, Texts};
use crate::signed::{Purpose, RegionKey, SigningKey, open, sign};

/// What the Region signs of a publication. A phone fetches the lists whose digest it has not, so
/// a new version costs what changed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Manifest {
    /// Names the publication.
    #[n(0)]
    pub version: String,
    /// SHA-256 of each list, by name. A newer server may name lists that this phone knows not.
    #[n(1)]
    digests: BTreeMap<String, ByteArray<32>>,
}

impl Manifest {
    /// The manifest of these texts.
    pub fn of(texts: &Texts) -> Self {
        let digest = |(list, text): (&List, &String)| {
            (list.as_str().to_owned(), Self::digest_of(text).into())
        };
        Self { version: texts.version.clone(), digests: texts.lists.iter().map(digest).collect() }
    }

    /// SHA-256 of a list's text: its name on the wire.
    pub fn digest_of(text: &str) -> [u8; 32] {
        Sha256::digest(text.as_bytes()).into()
    }

    /// The digest of a list, if it was published.
    pub fn digest(&self, list: List) -> Option<[u8; 32]> {
        self.digests.get(list.as_str()).map(|digest| **digest)
    }

    /// Signs it.
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        sign(Purpose::Reference, minicbor::to_vec(self).unwrap_or_default(), key)
    }

    /// The manifest that the Region signed.
    pub fn open(signed: &[u8], pinned: &RegionKey) -> Option<Self> {
        let payload = open(Purpose::Reference, signed, pinned).ok()?;
        minicbor::decode(&payload).ok()
    }

    /// Whether these are the very texts that it names.
    pub fn names(&self, texts: &Texts) -> bool {
        self.version == texts.version
            && List::ALL.into_iter().all(|list| {
                self.digest(list) == texts.lists.get(&list).map(|text| Self::digest_of(text))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_texts_that_the_region_signed_are_named() {
        let region = SigningKey::from_bytes(&[1; 32]);
        let texts = Texts::shipped();
        let signed = Manifest::of(&texts).sign(&region);
        let opened = Manifest::open(&signed, &RegionKey::from(&region)).unwrap();
        assert!(opened.names(&texts));
        assert!(!opened.names(&texts.clone().with(List::Faq, "## Autre ?\n\nNon.\n")));
        let mut fewer = texts.clone();
        fewer.lists.remove(&List::Deals);
        assert!(!opened.names(&fewer));
        assert!(!opened.names(&Texts { version: "1".into(), ..texts }));
        let other = RegionKey::from(&SigningKey::from_bytes(&[2; 32]));
        assert_eq!(Manifest::open(&signed, &other), None);
    }
}
