//! Automerge's own sync protocol, for programs that speak nothing else: one draft, one peer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::ChangeHash;
use automerge::sync::{ChunkList, Message, State, SyncDoc};

use crate::document::Draft;
use crate::document::guard::{Admitted, GuardRefusal, message};

/// What is remembered of a peer between two messages about a draft.
#[derive(Debug, Clone, Default)]
pub struct Peer(State);

/// A message that passed the guard. Only [`Heard::read`] makes one.
#[derive(Debug)]
pub struct Heard {
    message: Message,
    changes: Vec<Admitted>,
}

impl Heard {
    /// Lets a message in, or says why not.
    pub fn read(bytes: &[u8]) -> Result<Self, GuardRefusal> {
        let changes = message::changes(bytes)?;
        let decoded = catch_unwind(|| Message::decode(bytes))
            .map_err(|_| GuardRefusal::Panicked)?
            .map_err(|_| GuardRefusal::Malformed)?;
        // Without flags, automerge takes the peer for one to whom whole documents mean nothing.
        let message = Message { flags: None, changes: ChunkList::empty(), ..decoded };
        Ok(Self { message, changes })
    }

    /// The changes that it brings.
    pub fn changes(&self) -> &[Admitted] {
        &self.changes
    }

    /// Whether the sender has nothing of the draft.
    pub fn is_empty(&self) -> bool {
        self.message.heads.is_empty() && self.changes.is_empty()
    }
}

impl Draft {
    /// Notes what a peer said. Its changes are in the draft already, as far as they were taken.
    pub fn hear(&mut self, peer: &mut Peer, heard: Heard) -> Result<(), GuardRefusal> {
        let Heard { mut message, changes } = heard;
        // One change is enough for automerge to see that the peer sent some and awaits an answer.
        let known = changes.into_iter().find(|change| {
            self.document.get_change_meta_by_hash(&ChangeHash(change.hash())).is_some()
        });
        if let Some(change) = known {
            message.changes = ChunkList::from(change.bytes().to_vec());
        }
        let (mut state, document) = (peer.0.clone(), &mut self.document);
        let received = catch_unwind(AssertUnwindSafe(|| {
            document.sync().receive_sync_message(&mut state, message)
        }));
        match received {
            Ok(Ok(())) => {
                peer.0 = state;
                Ok(())
            }
            Ok(Err(_)) => Err(GuardRefusal::Contradictory),
            Err(_) => Err(GuardRefusal::Panicked),
        }
    }

    /// What the peer is to be told now. `None` when it knows all, or has yet to answer.
    pub fn say(&mut self, peer: &mut Peer) -> Result<Option<Vec<u8>>, GuardRefusal> {
        let (mut state, document) = (peer.0.clone(), &mut self.document);
        let said = catch_unwind(AssertUnwindSafe(|| {
            let message = document.sync().generate_sync_message(&mut state)?;
            // Flags would invite whole documents.
            Some(Message { flags: None, ..message }.encode())
        }));
        let said = said.map_err(|_| GuardRefusal::Panicked)?;
        peer.0 = state;
        Ok(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Field;
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ROOT};
    use proptest::prelude::*;

    /// A stock peer: automerge alone.
    struct Stock(AutoCommit, State);

    impl Stock {
        fn new() -> Self {
            Self(AutoCommit::new(), State::new())
        }

        fn say(&mut self) -> Option<Vec<u8>> {
            self.0.sync().generate_sync_message(&mut self.1).map(Message::encode)
        }

        fn hear(&mut self, bytes: &[u8]) {
            let message = Message::decode(bytes).unwrap();
            assert_eq!(message.flags, None);
            self.0.sync().receive_sync_message(&mut self.1, message).unwrap();
        }
    }

    /// As a server does: the changes are taken first, then the message is heard and answered.
    fn answer(draft: &mut Draft, peer: &mut Peer, bytes: &[u8]) -> Option<Vec<u8>> {
        let heard = Heard::read(bytes).unwrap();
        draft.apply(heard.changes().to_vec()).unwrap();
        draft.hear(peer, heard).unwrap();
        draft.say(peer).unwrap()
    }

    fn until_quiet(stock: &mut Stock, draft: &mut Draft, peer: &mut Peer) {
        for _ in 0..10 {
            let Some(said) = stock.say() else { return };
            if let Some(answer) = answer(draft, peer, &said) {
                stock.hear(&answer);
            }
        }
        panic!("they never come to rest");
    }

    fn first_message() -> Vec<u8> {
        let mut stock = Stock::new();
        stock.0.put(ROOT, "family_name", "Moreau").unwrap();
        stock.say().unwrap()
    }

    /// A message with one change of the stock peer.
    fn message_with(change: Vec<u8>) -> Vec<u8> {
        let message = Message { changes: ChunkList::from(change), ..bare() };
        message.encode()
    }

    fn bare() -> Message {
        Message { flags: None, ..Message::decode(&first_message()).unwrap() }
    }

    #[test]
    fn a_stock_peer_and_a_draft_agree_and_come_to_rest() {
        let (mut stock, mut draft, mut peer) =
            (Stock::new(), Draft::new(b"server"), Peer::default());
        stock.0.put(ROOT, "family_name", "Moreau").unwrap();
        until_quiet(&mut stock, &mut draft, &mut peer);
        assert_eq!(draft.answers().typed(Field::FamilyName), "Moreau");
        draft.set(Field::GivenName, "Lina", 1_000).unwrap();
        stock.hear(&draft.say(&mut peer).unwrap().unwrap());
        stock.0.put(ROOT, "postal_code", "63000").unwrap();
        until_quiet(&mut stock, &mut draft, &mut peer);
        let heads: Vec<_> = stock.0.get_heads().iter().map(|head| head.0).collect();
        assert_eq!(draft.heads(), heads);
        assert_eq!(draft.say(&mut peer), Ok(None));
    }

    #[test]
    fn whole_documents_are_neither_asked_for_nor_taken() {
        let (mut stock, mut draft, mut peer) =
            (Stock::new(), Draft::new(b"server"), Peer::default());
        draft.set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let answer = answer(&mut draft, &mut peer, &stock.say().unwrap()).unwrap();
        assert_eq!(answer[0], 0x42, "changes, although the peer takes documents");
        let mut document = first_message();
        document[0] = 0x43;
        assert_eq!(Heard::read(&document).err(), Some(GuardRefusal::NotAChange));
        let document = message_with(stock.0.save());
        assert_eq!(Heard::read(&document).err(), Some(GuardRefusal::NotAChange));
    }

    #[test]
    fn a_bomb_in_a_message_is_refused_before_automerge_reads_it() {
        let mut bomb = AutoCommit::new();
        bomb.put(ROOT, "family_name", vec![0u8; 10_000_000]).unwrap();
        bomb.commit();
        let compressed = bomb.get_last_local_change().unwrap().bytes().into_owned();
        let refused = Heard::read(&message_with(compressed)).err();
        assert_eq!(refused, Some(GuardRefusal::TooLarge));
    }

    #[test]
    fn a_filter_of_four_billion_probes_or_of_no_bits_is_refused() {
        let honest = [1, 10, 7, 0, 0];
        let probes = [1, 10, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0];
        let message = |filter: &[u8]| {
            let mut bytes = vec![0x42, 0, 0, 1, 0, filter.len() as u8];
            bytes.extend_from_slice(filter);
            bytes.push(0);
            Heard::read(&bytes).map(|_| ())
        };
        assert_eq!(message(&honest), Ok(()));
        assert_eq!(message(&probes), Err(GuardRefusal::Malformed));
        assert_eq!(message(&[1, 0, 7]), Err(GuardRefusal::Malformed));
        assert_eq!(message(&[0xff, 0xff, 0xff, 0x7f, 10, 7]), Err(GuardRefusal::TooMany));
    }

    proptest! {
        #[test]
        fn no_mutant_of_a_message_escapes_as_a_panic(at: usize, value: u8, cut in 0usize..9) {
            let mut bytes = first_message();
            let at = at % bytes.len();
            bytes[at] = value;
            bytes.truncate(bytes.len() - cut);
            if let Ok(heard) = Heard::read(&bytes) {
                let (mut draft, mut peer) = (Draft::new(b"server"), Peer::default());
                let _ = draft.hear(&mut peer, heard);
                let _ = draft.say(&mut peer);
            }
        }
    }
}
