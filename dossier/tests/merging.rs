//! Devices that edit one draft apart and meet in any order agree to the last byte, and no conflict
//! about who somebody is goes unseen.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "in a test, a broken expectation is the result; also in its helpers"
)]

use std::collections::{BTreeMap, BTreeSet};

use dossier::document::conflict::IDENTITY;
use dossier::document::guard::{Admitted, admit};
use dossier::document::{Change, Draft, Hash};
use dossier::form::Field;
use proptest::prelude::*;

const DEVICES: usize = 3;
const FIELDS: [Field; 6] = [
    Field::FamilyName,
    Field::GivenName,
    Field::BirthDate,
    Field::School,
    Field::AddressLine,
    Field::Email,
];
const VALUES: [&str; 4] = ["Moreau", "Moreaux", "Martin", ""];

/// What happens to the devices, in this order.
#[derive(Debug, Clone)]
enum Event {
    /// A device types a value.
    Types {
        device: usize,
        field: usize,
        value: usize,
    },
    /// Some changes of one device reach another: in any order, twice, with gaps.
    Sends {
        from: usize,
        to: usize,
        every: usize,
        skip: usize,
        backwards: bool,
    },
    /// A device is started again: from its changes, or from what it saved.
    Restarts {
        device: usize,
        from_saved: bool,
    },
    /// A device comes back from a copy that was made at the last `Copies`.
    Copies {
        device: usize,
    },
    Restores {
        device: usize,
    },
}

fn event() -> impl Strategy<Value = Event> {
    let device = || 0..DEVICES;
    prop_oneof![
        6 => (device(), 0..FIELDS.len(), 0..VALUES.len())
            .prop_map(|(device, field, value)| Event::Types { device, field, value }),
        4 => (device(), device(), 1usize..4, 0usize..3, any::<bool>())
            .prop_map(|(from, to, every, skip, backwards)| {
                Event::Sends { from, to, every, skip, backwards }
            }),
        1 => (device(), any::<bool>())
            .prop_map(|(device, from_saved)| Event::Restarts { device, from_saved }),
        1 => device().prop_map(|device| Event::Copies { device }),
        1 => device().prop_map(|device| Event::Restores { device }),
    ]
}

/// One device: its draft, every change that it ever received, and a copy of both.
struct Device {
    draft: Draft,
    received: Vec<Change>,
    copy: Vec<Change>,
    starts: u8,
    name: u8,
}

impl Device {
    fn new(name: u8) -> Self {
        let draft = Draft::new(&[name, 0]);
        Self { draft, received: Vec::new(), copy: Vec::new(), starts: 0, name }
    }

    /// Another actor with each start, also after a copy came back.
    fn actor(&mut self) -> [u8; 2] {
        self.starts += 1;
        [self.name, self.starts]
    }

    fn take(&mut self, changes: &[Change]) {
        for change in changes {
            if self.received.iter().all(|known| known.hash != change.hash) {
                self.received.push(change.clone());
            }
        }
        self.draft.apply(admitted(changes)).unwrap();
    }

    fn start_from(&mut self, changes: Vec<Change>) {
        let actor = self.actor();
        self.draft = Draft::from_changes(&actor, admitted(&changes)).unwrap();
        self.received = changes;
    }
}

fn admitted(changes: &[Change]) -> Vec<Admitted> {
    changes.iter().map(|change| admit(&change.bytes).unwrap()).collect()
}

/// What a person wrote, and what they had seen of the same field: the oracle of conflicts.
#[derive(Default)]
struct Oracle {
    /// Each write of a field: its value, and the writes that it replaced.
    writes: BTreeMap<Hash, (usize, String, BTreeSet<Hash>)>,
}

impl Oracle {
    fn write(&mut self, field: usize, value: &str, change: &Change, seen: &[Change]) {
        let seen: BTreeSet<Hash> = seen.iter().map(|change| change.hash).collect();
        self.writes.insert(change.hash, (field, value.to_owned(), seen));
    }

    /// The different values of a field that no other write knew of.
    fn standing(&self, field: usize) -> BTreeSet<String> {
        let of_field = || self.writes.iter().filter(|(_, (of, ..))| *of == field);
        of_field()
            .filter(|(hash, _)| of_field().all(|(_, (_, _, seen))| !seen.contains(*hash)))
            .map(|(_, (_, value, _))| value.clone())
            .collect()
    }
}

fn run(events: &[Event]) {
    let mut devices: Vec<Device> = (0..DEVICES).map(|name| Device::new(name as u8)).collect();
    let mut everything: Vec<Change> = Vec::new();
    let mut oracle = Oracle::default();
    for (now, event) in (1..).zip(events) {
        match *event {
            Event::Types { device, field, value } => {
                let device = &mut devices[device];
                // What the draft really knows: what waits for others is not seen by anyone.
                let seen = device.draft.changes();
                if let Some(change) = device.draft.set(FIELDS[field], VALUES[value], now * 1_000) {
                    oracle.write(field, VALUES[value], &change, &seen);
                    device.received.push(change.clone());
                    everything.push(change);
                }
            }
            Event::Sends { from, to, every, skip, backwards } => {
                let mut sent: Vec<Change> =
                    devices[from].received.iter().skip(skip).step_by(every).cloned().collect();
                if backwards {
                    sent.reverse();
                }
                devices[to].take(&sent);
                devices[to].take(&sent);
            }
            Event::Restarts { device, from_saved } => {
                let device = &mut devices[device];
                if from_saved {
                    let (saved, actor) = (device.draft.save(), device.actor());
                    let waiting = admitted(&device.received);
                    device.draft = Draft::open(&actor, &saved, waiting).unwrap();
                } else {
                    device.start_from(device.received.clone());
                }
            }
            Event::Copies { device } => devices[device].copy = devices[device].received.clone(),
            Event::Restores { device } => {
                let copy = devices[device].copy.clone();
                devices[device].start_from(copy);
            }
        }
    }
    everyone_agrees(&mut devices, &everything, &oracle);
}

/// The network is back: everybody gets everything, each in an order of their own.
fn everyone_agrees(devices: &mut [Device], everything: &[Change], oracle: &Oracle) {
    for (turn, device) in devices.iter_mut().enumerate() {
        let mut all = everything.to_vec();
        let turn = turn * 7 % all.len().max(1);
        all.rotate_left(turn);
        device.take(&all);
    }
    let saved: Vec<_> =
        devices.iter_mut().map(|device| (device.draft.heads(), device.draft.answers())).collect();
    assert!(saved.windows(2).all(|pair| pair[0] == pair[1]), "the devices do not agree");
    for (at, field) in FIELDS.iter().enumerate() {
        let standing = oracle.standing(at);
        for device in devices.iter_mut() {
            let conflict =
                device.draft.conflicts().into_iter().find(|conflict| conflict.field == *field);
            let shown: BTreeSet<String> =
                conflict.iter().flat_map(|it| it.values.iter().map(|v| v.typed.clone())).collect();
            let expected = match IDENTITY.contains(field) && standing.len() > 1 {
                true => standing.clone(),
                false => BTreeSet::new(),
            };
            assert_eq!(shown, expected, "{field:?}");
            let disputed = device.draft.answers().disputed.contains(field);
            assert_eq!(disputed, !expected.is_empty(), "{field:?}");
        }
    }
    // What the server projects and what a phone keeps after the decision: written anew by one hand,
    // so that only what the drafts say is compared. A saved history keeps the order of arrival.
    let bytes: BTreeSet<Vec<u8>> = devices
        .iter()
        .map(|device| device.draft.rewritten(b"region", 0).map_or(Vec::new(), |it| it.1.bytes))
        .collect();
    assert_eq!(bytes.len(), 1, "the same answers, and not the same bytes");
}

/// How many histories; `MERGING_CASES=20000` for a long night.
fn cases() -> u32 {
    std::env::var("MERGING_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(500)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn devices_that_meet_in_any_order_agree_and_hide_no_conflict_of_identity(
        events in prop::collection::vec(event(), 1..40),
    ) {
        run(&events);
    }
}
