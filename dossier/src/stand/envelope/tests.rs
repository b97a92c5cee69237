use proptest::prelude::*;

use super::*;
use crate::signed::keys::{SealingHolder, SealingKey};

const NOW_MS: i64 = 1_000_000_000;
const STAND: StandId = [3; 16];

fn tablet() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn intake() -> SealingSecret {
    SealingSecret::from_bytes(&[8; 32]).unwrap()
}

fn safe() -> SealingSecret {
    SealingSecret::from_bytes(&[9; 32]).unwrap()
}

fn to(holder: SealingHolder, secret: &SealingSecret) -> SealingKey {
    let public = secret.public().into();
    SealingKey { holder, public, not_before_ms: 0, not_after_ms: 2 * NOW_MS }
}

fn keys() -> KeySet {
    let sealing =
        vec![to(SealingHolder::Operations, &intake()), to(SealingHolder::Escrow, &safe())];
    KeySet { version: 1, made_at_ms: NOW_MS - 10, sealing, ..KeySet::default() }
}

fn lina() -> Enrolment {
    Enrolment {
        dossier: [1; 16].into(),
        number: "4K7Q2MZ9CT5".into(),
        heads: vec![[5; 32].into()],
        changes: vec![b"Lina Moreau".to_vec().into()],
        photo: vec![0xFF; 2_000].into(),
        agent: "Karim".into(),
        finished_at_ms: NOW_MS,
        claim: [6; 32].into(),
    }
}

fn sealing<'a>(keys: &'a KeySet, device: &'a SigningKey) -> Sealing<'a> {
    Sealing {
        keys,
        stand: STAND,
        sequence: 12,
        supersedes: None,
        prints: vec![1, 2, 3],
        device,
        now_ms: NOW_MS,
        entropy: [4; 32],
    }
}

fn envelope() -> Envelope {
    seal(&lina(), &sealing(&keys(), &tablet())).unwrap()
}

fn public() -> [u8; 32] {
    tablet().verifying_key().to_bytes()
}

#[test]
fn the_intake_and_the_safe_open_what_the_tablet_sealed_and_nobody_else_does() {
    let sealed = envelope();
    assert!(!sealed.bytes.windows(4).any(|window| window == b"Lina"));
    for secret in [intake(), safe()] {
        let (header, enrolment) = open(&sealed.bytes, &public(), &secret).unwrap();
        assert_eq!((enrolment, header.sequence), (lina(), 12));
        assert_eq!((*header.stand, header.prints), (STAND, vec![1, 2, 3]));
    }
    let stranger = SealingSecret::from_bytes(&[10; 32]).unwrap();
    assert_eq!(open(&sealed.bytes, &public(), &stranger).err(), Some(OpenRefusal::OtherKey));
    assert_eq!(claimed_stand(&sealed.bytes), Some(STAND));
    let other = SigningKey::from_bytes(&[11; 32]).verifying_key().to_bytes();
    assert!(matches!(read(&sealed.bytes, &other), Err(OpenRefusal::Signature(_))));
}

#[test]
fn an_altered_envelope_is_refused_wherever_it_was_altered() {
    let sealed = envelope();
    for at in 0..sealed.bytes.len() {
        let mut forged = sealed.bytes.clone();
        forged[at] ^= 1;
        assert!(open(&forged, &public(), &intake()).is_err(), "byte {at}");
        assert!(read(&forged, &public()).is_err(), "byte {at}");
    }
}

#[test]
fn the_content_of_one_envelope_does_not_fit_another() {
    let (keys, tablet) = (keys(), tablet());
    let second = Sealing { sequence: 13, entropy: [5; 32], ..sealing(&keys, &tablet) };
    let second = seal(&lina(), &second).unwrap();
    let (first, second) = (outer(&envelope().bytes).unwrap(), outer(&second.bytes).unwrap());
    let mixed = minicbor::to_vec(Outer { header: first.header, content: second.content });
    assert_eq!(read(&mixed.unwrap(), &public()).err(), Some(OpenRefusal::Tampered));
}

#[test]
fn nothing_is_sealed_to_old_keys_or_to_none() {
    let tablet = tablet();
    let old = KeySet { made_at_ms: NOW_MS - OLDEST_KEYS_MS - 1, ..keys() };
    assert_eq!(seal(&lina(), &sealing(&old, &tablet)).err(), Some(SealRefusal::OldKeys));
    let none = KeySet { sealing: Vec::new(), ..keys() };
    assert_eq!(seal(&lina(), &sealing(&none, &tablet)).err(), Some(SealRefusal::NoKey));
}

#[test]
fn an_envelope_larger_than_an_honest_one_is_not_made_and_not_read() {
    let huge = Enrolment { photo: vec![0; MOST_ENVELOPE_BYTES].into(), ..lina() };
    let (keys, tablet) = (keys(), tablet());
    assert_eq!(seal(&huge, &sealing(&keys, &tablet)).err(), Some(SealRefusal::TooLarge));
    let sent = vec![0; MOST_ENVELOPE_BYTES + 1];
    assert_eq!(read(&sent, &public()).err(), Some(OpenRefusal::Malformed));
}

proptest! {
    #[test]
    fn any_bytes_are_an_envelope_or_refused(bytes: Vec<u8>) {
        let _ = open(&bytes, &public(), &intake());
        let _ = claimed_stand(&bytes);
    }
}
