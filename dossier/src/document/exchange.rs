//! Automerge's own sync protocol, for programs that speak nothing else: one draft, one peer.
//!
//! Automerge speaks it from a document. Here it is spoken from what names the changes and says whom
//! they follow: no document is built for it, whatever was sent (decision 65).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::catch_unwind;

use automerge::ChangeHash;
use automerge::sync::{BloomFilter, ChunkList, Have, Message, MessageVersion, State};

use crate::document::Hash;
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
        Ok(Self { message: Message { changes: ChunkList::empty(), ..decoded }, changes })
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

/// The changes of a draft, each after those it follows.
#[derive(Debug, Default)]
pub struct History {
    changes: Vec<Admitted>,
    places: HashMap<Hash, usize>,
    /// Changes that came before one that they follow.
    waiting: HashMap<Hash, Admitted>,
}

impl History {
    /// The history that these changes make. Their order does not matter.
    pub fn of(changes: impl IntoIterator<Item = Admitted>) -> Self {
        let mut history = Self::default();
        changes.into_iter().for_each(|change| history.take(change));
        history
    }

    /// Whether nothing of the draft is known.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn take(&mut self, change: Admitted) {
        if self.places.contains_key(&change.hash()) {
            return;
        }
        if !change.deps().iter().all(|hash| self.places.contains_key(hash)) {
            self.waiting.insert(change.hash(), change);
            return;
        }
        self.append(change);
        let follows = |it: &Self| {
            let all = it.waiting.values();
            let mut ready =
                all.filter(|one| one.deps().iter().all(|dep| it.places.contains_key(dep)));
            ready.next().map(Admitted::hash)
        };
        while let Some(change) = follows(self).and_then(|hash| self.waiting.remove(&hash)) {
            self.append(change);
        }
    }

    fn append(&mut self, change: Admitted) {
        self.places.insert(change.hash(), self.changes.len());
        self.changes.push(change);
    }

    fn has(&self, hash: &ChangeHash) -> bool {
        self.places.contains_key(&hash.0)
    }

    /// The changes that no other follows, sorted.
    fn heads(&self) -> Vec<ChangeHash> {
        let followed: HashSet<&Hash> =
            self.changes.iter().flat_map(|change| change.deps()).collect();
        let hashes = self.changes.iter().map(Admitted::hash);
        let mut heads: Vec<_> =
            hashes.filter(|hash| !followed.contains(hash)).map(ChangeHash).collect();
        heads.sort_unstable();
        heads
    }

    /// These changes, as far as they are known, and all that they follow.
    fn up_to<'a>(&self, hashes: impl IntoIterator<Item = &'a ChangeHash>) -> HashSet<Hash> {
        let mut stack: Vec<Hash> = hashes.into_iter().map(|hash| hash.0).collect();
        let mut seen = HashSet::new();
        while let Some(hash) = stack.pop() {
            let change = self.places.get(&hash).and_then(|place| self.changes.get(*place));
            if let Some(change) = change
                && seen.insert(hash)
            {
                stack.extend(change.deps());
            }
        }
        seen
    }

    /// The changes that these do not follow, in their order.
    fn since<'a>(&self, hashes: impl IntoIterator<Item = &'a ChangeHash>) -> Vec<&Admitted> {
        let before = self.up_to(hashes);
        self.changes.iter().filter(|change| !before.contains(&change.hash())).collect()
    }

    /// What is not here of these changes and of those they follow.
    fn missing<'a>(&self, hashes: impl IntoIterator<Item = &'a ChangeHash>) -> Vec<ChangeHash> {
        let mut stack: Vec<Hash> = hashes.into_iter().map(|hash| hash.0).collect();
        let (mut seen, mut missing) = (HashSet::new(), BTreeSet::new());
        while let Some(hash) = stack.pop() {
            if self.places.contains_key(&hash) || !seen.insert(hash) {
                continue;
            }
            match self.waiting.get(&hash) {
                Some(change) => stack.extend(change.deps()),
                None => drop(missing.insert(ChangeHash(hash))),
            }
        }
        missing.into_iter().collect()
    }

    /// Takes what a peer said, its changes too.
    pub fn hear(&mut self, peer: &mut Peer, heard: Heard) {
        let Heard { message: Message { heads, need, have, .. }, changes } = heard;
        let (state, before, brings) = (&mut peer.0, self.heads(), !changes.is_empty());
        changes.into_iter().for_each(|change| self.take(change));
        state.in_flight = false;
        let seen = self.up_to(&heads);
        state.sent_hashes.retain(|hash| !seen.contains(&hash.0));
        if !brings && heads == before {
            state.last_sent_heads.clone_from(&heads);
        }
        if heads.iter().all(|head| self.has(head)) {
            state.shared_heads.clone_from(&heads);
            // A peer that lost everything is told everything again.
            if heads.is_empty() {
                state.last_sent_heads.clear();
                state.sent_hashes.clear();
            }
        } else {
            let mut shared: BTreeSet<ChangeHash> = state.shared_heads.iter().copied().collect();
            shared.extend(heads.iter().filter(|head| self.has(head)));
            state.shared_heads = shared.into_iter().collect();
        }
        state.their_heads = Some(heads);
        state.their_need = Some(need);
        state.their_have = Some(have);
    }

    /// What the peer is to be told now. `None` when it knows all, or has yet to answer.
    ///
    /// Flags would invite whole documents: there are none.
    pub fn say(&self, peer: &mut Peer) -> Option<Vec<u8>> {
        let (state, heads) = (&mut peer.0, self.heads());
        let need = self.missing(state.their_heads.iter().flatten());
        let their_have = state.their_have.as_deref().unwrap_or_default();
        if their_have.first().is_some_and(|have| !have.last_sync.iter().all(|it| self.has(it))) {
            // It counts on what is lost here: both begin again.
            let (have, changes) = (vec![Have::default()], ChunkList::empty());
            return Some(plain(heads, Vec::new(), have, changes));
        }
        let told = self.untold(state);
        if state.last_sent_heads == heads && state.have_responded {
            let agree = state.their_heads.as_ref() == Some(&heads);
            if (agree && told.is_empty()) || state.in_flight {
                return None;
            }
        }
        let is_theirs = |hash| state.their_heads.iter().flatten().any(|theirs| theirs == hash);
        let have = if need.iter().all(is_theirs) { vec![self.summary(state)] } else { Vec::new() };
        state.sent_hashes.extend(told.iter().map(|change| ChangeHash(change.hash())));
        state.last_sent_heads.clone_from(&heads);
        state.have_responded = true;
        state.in_flight = true;
        let changes: Vec<_> = told.iter().map(|change| change.bytes().to_vec()).collect();
        Some(plain(heads, need, have, changes.into()))
    }

    /// The changes that the peer seems to lack, or asked for, and was not told yet.
    fn untold(&self, state: &State) -> Vec<&Admitted> {
        let (Some(have), Some(need)) = (&state.their_have, &state.their_need) else {
            return Vec::new();
        };
        let mut lacked = HashSet::new();
        if !have.is_empty() {
            for change in self.since(have.iter().flat_map(|have| &have.last_sync)) {
                let hash = ChangeHash(change.hash());
                let lacks = have.iter().all(|have| !have.bloom.contains_hash(&hash));
                // Who lacks a change lacks those that follow it, whatever the filter says.
                if lacks || change.deps().iter().any(|dep| lacked.contains(dep)) {
                    lacked.insert(hash.0);
                }
            }
        }
        lacked.extend(need.iter().map(|hash| hash.0));
        let untold = |change: &&Admitted| {
            let hash = change.hash();
            lacked.contains(&hash) && !state.sent_hashes.contains(&ChangeHash(hash))
        };
        self.changes.iter().filter(untold).collect()
    }

    /// What is here beyond what both have.
    fn summary(&self, state: &State) -> Have {
        let since = self.since(&state.shared_heads);
        let hashes = since.iter().map(|change| ChangeHash(change.hash()));
        Have { last_sync: state.shared_heads.clone(), bloom: BloomFilter::from_hashes(hashes) }
    }
}

/// A message of changes, as it travels.
fn plain(
    heads: Vec<ChangeHash>,
    need: Vec<ChangeHash>,
    have: Vec<Have>,
    changes: ChunkList,
) -> Vec<u8> {
    Message { heads, need, have, changes, flags: None, version: MessageVersion::V1 }.encode()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Draft;
    use crate::document::guard::admit;
    use crate::form::Field;
    use automerge::sync::SyncDoc;
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

    fn answer(history: &mut History, peer: &mut Peer, bytes: &[u8]) -> Option<Vec<u8>> {
        history.hear(peer, Heard::read(bytes).unwrap());
        history.say(peer)
    }

    fn until_quiet(stock: &mut Stock, history: &mut History, peer: &mut Peer) {
        for _ in 0..10 {
            let Some(said) = stock.say() else { return };
            if let Some(answer) = answer(history, peer, &said) {
                stock.hear(&answer);
            }
        }
        panic!("they never come to rest");
    }

    fn admitted(change: crate::document::Change) -> Admitted {
        admit(&change.bytes).unwrap()
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
    fn a_stock_peer_and_a_history_agree_and_come_to_rest() {
        let (mut stock, mut history, mut peer) =
            (Stock::new(), History::default(), Peer::default());
        stock.0.put(ROOT, "family_name", "Moreau").unwrap();
        until_quiet(&mut stock, &mut history, &mut peer);
        let mut draft = Draft::from_changes(b"server", history.changes.clone()).unwrap();
        assert_eq!(draft.answers().typed(Field::FamilyName), "Moreau");
        history.take(admitted(draft.set(Field::GivenName, "Lina", 1_000).unwrap()));
        stock.hear(&history.say(&mut peer).unwrap());
        stock.0.put(ROOT, "postal_code", "63000").unwrap();
        until_quiet(&mut stock, &mut history, &mut peer);
        assert_eq!(history.heads(), stock.0.get_heads());
        assert_eq!(history.say(&mut peer), None);
    }

    #[test]
    fn whole_documents_are_neither_asked_for_nor_taken() {
        let mut stock = Stock::new();
        let change = Draft::new(b"server").set(Field::FamilyName, "Moreau", 1_000).unwrap();
        let mut history = History::of([admitted(change)]);
        let said = stock.say().unwrap();
        let answer = answer(&mut history, &mut Peer::default(), &said).unwrap();
        assert_eq!(answer[0], 0x42, "changes, although the peer takes documents");
        let mut document = first_message();
        document[0] = 0x43;
        assert_eq!(Heard::read(&document).err(), Some(GuardRefusal::NotAChange));
        let document = message_with(stock.0.save());
        assert_eq!(Heard::read(&document).err(), Some(GuardRefusal::NotAChange));
    }

    #[test]
    fn changes_that_come_before_those_they_follow_wait_for_them() {
        let mut draft = Draft::new(b"phone");
        let [first, second] = [(Field::FamilyName, "Moreau"), (Field::GivenName, "Lina")]
            .map(|(field, typed)| admitted(draft.set(field, typed, 1_000).unwrap()));
        let mut history = History::of([second.clone()]);
        assert!(history.is_empty());
        let last = ChangeHash(second.hash());
        assert_eq!(history.missing(&[last]), [ChangeHash(first.hash())]);
        history.take(first);
        assert_eq!((history.heads(), history.missing(&[last])), (vec![last], Vec::new()));
    }

    #[test]
    fn a_peer_that_lost_everything_is_told_everything_again() {
        let mut stock = Stock::new();
        stock.0.put(ROOT, "family_name", "Moreau").unwrap();
        let (mut history, mut peer) = (History::default(), Peer::default());
        until_quiet(&mut stock, &mut history, &mut peer);
        let mut empty = Stock::new();
        until_quiet(&mut empty, &mut history, &mut peer);
        assert_eq!(empty.0.get_heads(), stock.0.get_heads());
    }

    #[test]
    fn a_history_that_was_lost_is_made_whole_by_a_peer_that_counts_on_it() {
        let mut stock = Stock::new();
        stock.0.put(ROOT, "family_name", "Moreau").unwrap();
        until_quiet(&mut stock, &mut History::default(), &mut Peer::default());
        stock.0.put(ROOT, "given_name", "Lina").unwrap();
        // The server came back from an older copy; its client did not begin again.
        stock.1.in_flight = false;
        let (mut history, mut peer) = (History::default(), Peer::default());
        until_quiet(&mut stock, &mut history, &mut peer);
        assert_eq!(history.heads(), stock.0.get_heads());
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
                let (mut history, mut peer) = (History::default(), Peer::default());
                history.hear(&mut peer, heard);
                let _ = history.say(&mut peer);
            }
        }

        /// Two stock peers that edit one draft as they like, and a history between them: in the end
        /// all three have every change, in whatever order they spoke.
        #[test]
        fn stock_peers_agree_through_a_history(
            turns in prop::collection::vec((0usize..2, any::<bool>(), 0usize..4), 1..40),
        ) {
            let mut stocks = [Stock::new(), Stock::new()];
            let (mut history, mut peers) = (History::default(), [Peer::default(), Peer::default()]);
            for (who, writes, field) in turns {
                let (stock, peer) = (&mut stocks[who], &mut peers[who]);
                if writes {
                    let count = stock.0.get_changes(&[]).len();
                    stock.0.put(ROOT, field.to_string(), format!("{who} {count}")).unwrap();
                    stock.0.commit();
                } else if let Some(said) = stock.say() {
                    if let Some(answer) = answer(&mut history, peer, &said) {
                        stock.hear(&answer);
                    }
                } else if let Some(said) = history.say(peer) {
                    stock.hear(&said);
                }
            }
            for who in [0, 1, 0, 1] {
                until_quiet(&mut stocks[who], &mut history, &mut peers[who]);
                while let Some(said) = history.say(&mut peers[who]) {
                    stocks[who].hear(&said);
                    until_quiet(&mut stocks[who], &mut history, &mut peers[who]);
                }
            }
            prop_assert_eq!(stocks[0].0.get_heads(), stocks[1].0.get_heads());
            prop_assert_eq!(history.heads(), stocks[0].0.get_heads());
        }
    }
}
