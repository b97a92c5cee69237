//! One way in which a disk may come back after the power went.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dice::Dice;
use super::disk::{Change, Content, Disk, File, Node, settle};

/// What a disk writes whole or not at all; SQLite counts on no more.
const SECTOR: usize = 512;

/// What became of the bytes that were on their way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// None arrived.
    Lost,
    /// All arrived.
    Kept,
    /// The files have their new lengths, and zeros where the new bytes should be.
    Hollow,
    /// Each sector is as some moment since the last sync left it, each by its own luck.
    Torn,
    /// The last writes arrived and the first did not.
    Backwards,
    /// The first writes arrived, the last of them in part.
    Broken,
    /// Each file has a fate of its own.
    Mixed,
}

/// How a disk comes back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) bytes: Fate,
    pub(super) names: Fate,
    pub(super) seed: u64,
}

impl Choice {
    /// The n-th way that is tried at a moment: the plain ones first, then by luck.
    pub(super) fn nth(n: usize, moment: usize) -> Self {
        use Fate::{Backwards, Broken, Hollow, Kept, Lost, Mixed, Torn};
        let seed = Dice::new(&[n as u64, moment as u64]).next();
        let (bytes, names) = match n {
            0 => (Lost, Lost),
            1 => (Kept, Kept),
            2 => (Lost, Kept),
            3 => (Kept, Lost),
            4 => (Hollow, Kept),
            _ => {
                let fates = [Torn, Torn, Torn, Backwards, Broken, Mixed];
                let names = [Kept, Torn, Kept, Lost, Backwards, Kept, Torn];
                (fates[n % fates.len()], names[n % names.len()])
            }
        };
        Self { bytes, names, seed }
    }
}

/// A folder as it comes back.
pub(super) struct State {
    pub(super) content: Content,
    /// Names this content: two states with the same bytes under the same paths share it.
    pub(super) print: u128,
}

impl Disk {
    /// Whether anything is on its way: if not, there is one state and no other.
    pub(super) fn is_quiet(&self) -> bool {
        self.pending.is_empty() && self.files.iter().all(|file| file.pending.is_empty())
    }

    /// The folder as this choice brings it back.
    pub(super) fn state(&self, choice: Choice, prints: &mut Prints) -> State {
        let mut content = Content::new();
        let mut print = 0;
        for (path, node) in self.names(choice) {
            let bytes = match node {
                Node::Folder => None,
                Node::File(id) => Some(prints.bytes(&self.files[id], id, choice)),
            };
            let own = bytes.as_ref().map_or(0, |(_, own)| *own);
            print ^= mixed(path.as_os_str().as_encoded_bytes(), own);
            content.insert(path, bytes.map(|(bytes, _)| bytes));
        }
        State { content, print }
    }

    fn names(&self, choice: Choice) -> BTreeMap<PathBuf, Node> {
        let mut dice = Dice::new(&[choice.seed, 1]);
        let cut = dice.below(self.pending.len() + 1);
        let mut names = self.sure.clone();
        for (at, naming) in self.pending.iter().enumerate() {
            let arrived = match choice.names {
                Fate::Kept | Fate::Hollow => true,
                Fate::Lost => false,
                Fate::Backwards => at >= cut,
                Fate::Broken => at < cut,
                Fate::Torn | Fate::Mixed => dice.below(2) == 0,
            };
            if arrived {
                settle(&mut names, &naming.names);
            }
        }
        let known = names.clone();
        let has_home = |path: &Path| {
            path.ancestors().skip(1).all(|at| at.as_os_str().is_empty() || known.contains_key(at))
        };
        names.retain(|path, _| has_home(path));
        names
    }
}

/// Names of contents, kept from state to state: most of a file is the same in all of them.
#[derive(Default)]
pub(super) struct Prints {
    sure: BTreeMap<usize, (Arc<Vec<u8>>, u128)>,
}

impl Prints {
    fn bytes(&mut self, file: &File, id: usize, choice: Choice) -> (Arc<Vec<u8>>, u128) {
        let sure = match self.sure.get(&id) {
            Some((known, print)) if Arc::ptr_eq(known, &file.sure) => *print,
            _ => {
                let print = (0..file.sure.len().div_ceil(SECTOR))
                    .fold(0, |print, at| print ^ sector(&file.sure, at));
                self.sure.insert(id, (Arc::clone(&file.sure), print));
                print
            }
        };
        if file.pending.is_empty() {
            return (Arc::clone(&file.sure), sure ^ file.sure.len() as u128);
        }
        let (bytes, touched) = came_back(file, id, choice);
        let print = touched
            .into_iter()
            .fold(sure, |print, at| print ^ sector(&file.sure, at) ^ sector(&bytes, at));
        let print = print ^ bytes.len() as u128;
        (Arc::new(bytes), print)
    }
}

/// The bytes of a file as a choice brings them back, and which sectors may differ from before.
fn came_back(file: &File, id: usize, choice: Choice) -> (Vec<u8>, Vec<usize>) {
    let last = file.pending.len();
    let mut dice = Dice::new(&[choice.seed, 2, id as u64]);
    let fate = match choice.bytes {
        Fate::Mixed => [Fate::Lost, Fate::Kept, Fate::Torn][dice.below(3)],
        fate => fate,
    };
    let cut = dice.below(last + 1);
    let size_cut = match fate {
        Fate::Lost => 0,
        Fate::Torn => [0, last, last, dice.below(last + 1)][dice.below(4)],
        Fate::Broken => (cut + 1).min(last),
        _ => last,
    };
    let mut size = file.sure.len();
    let mut sizes = vec![size];
    for (_, change) in &file.pending {
        size = match change.as_ref() {
            Change::Resize(size) => *size,
            Change::Write { at, data } => size.max(at + data.len()),
        };
        sizes.push(size);
    }
    let room = sizes.iter().copied().max().unwrap_or_default();
    let mut bytes = file.sure.as_ref().clone();
    bytes.resize(room, 0);
    let mut until = BTreeMap::new();
    for (nth, (_, change)) in file.pending.iter().enumerate() {
        let (from, data) = match change.as_ref() {
            Change::Write { at, data } => (*at, Some(data)),
            Change::Resize(size) => (*size, None),
        };
        let end = data.map_or(room, |data| from + data.len());
        for at in from / SECTOR..end.div_ceil(SECTOR) {
            // Up to which of the changes this sector was brought.
            let until = *until.entry(at).or_insert_with(|| match fate {
                Fate::Lost | Fate::Hollow => 0,
                Fate::Kept | Fate::Mixed => last,
                Fate::Torn => [0, last, dice.below(last + 1)][dice.below(3)],
                Fate::Backwards => {
                    if nth >= cut {
                        last
                    } else {
                        0
                    }
                }
                Fate::Broken => cut + usize::from(dice.below(2) == 0),
            });
            if nth >= until {
                continue;
            }
            let (begin, stop) = (from.max(at * SECTOR), end.min((at + 1) * SECTOR));
            match data {
                Some(data) => {
                    bytes[begin..stop].copy_from_slice(&data[begin - from..stop - from]);
                }
                None => bytes[begin..stop].fill(0),
            }
        }
    }
    bytes.truncate(sizes[size_cut]);
    bytes.resize(sizes[size_cut], 0);
    let before = file.sure.len() / SECTOR;
    let touched = until.into_keys().chain([before, bytes.len() / SECTOR]);
    (bytes, touched.collect::<std::collections::BTreeSet<_>>().into_iter().collect())
}

/// The name of one sector in its place; zeros, and what is not there, have none.
fn sector(bytes: &[u8], at: usize) -> u128 {
    let from = (at * SECTOR).min(bytes.len());
    let part = &bytes[from..(from + SECTOR).min(bytes.len())];
    if part.iter().all(|byte| *byte == 0) { 0 } else { mixed(part, at as u128 + 1) }
}

/// The first half of a SHA-256.
fn mixed(bytes: &[u8], with: u128) -> u128 {
    use sha2::{Digest, Sha256};
    let digest: [u8; 32] =
        Sha256::new().chain_update(bytes).chain_update(with.to_le_bytes()).finalize().into();
    u128::from_le_bytes(std::array::from_fn(|at| digest[at]))
}
