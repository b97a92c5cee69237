//! What a storm does to the network and to the server, and when: decided before it begins.

use std::time::Duration;

use super::ground::DEVICES;
use crate::power::Dice;

/// How long nobody can be sure of anything, in seconds.
const SHORTEST: u64 = 12;
/// So many seconds more at most.
const SPREAD: usize = 20;

/// Something that happens at a moment.
#[derive(Debug, Clone, Copy)]
pub enum Happening {
    /// The server ends between two instructions; what is not committed is gone.
    Crash,
    /// It starts again on its folder.
    Bounce,
    /// Nothing passes between this device and the server, and what was under way is lost.
    Cut(&'static str),
    /// Nothing passes, and what is under way arrives later, all at once.
    Hold(&'static str),
    /// The way of this device is whole again.
    Mend(&'static str),
    /// Somebody copies the server's folder.
    Copy,
}

/// A storm before it begins.
pub struct Weather {
    /// When it is over.
    pub ends: Duration,
    /// What happens, in order.
    pub happenings: Vec<(Duration, Happening)>,
    /// How often a message breaks its way, in a thousand.
    pub broken: usize,
    /// The longest that a message is under way.
    pub slowest: Duration,
}

impl Weather {
    /// A storm as the dice have it.
    pub fn drawn(dice: &mut Dice) -> Self {
        let ends = SHORTEST * 1_000 + 1_000 * dice.below(SPREAD) as u64;
        let mut happenings = Vec::new();
        for _ in 0..1 + dice.below(4) {
            let at = dice.below(ends as usize) as u64;
            happenings.push((at, Happening::Crash));
            happenings.push((at + 100 + dice.below(5_000) as u64, Happening::Bounce));
        }
        for device in DEVICES {
            for _ in 0..dice.below(3) {
                let at = dice.below(ends as usize) as u64;
                let what = if dice.below(2) == 0 { Happening::Cut } else { Happening::Hold };
                happenings.push((at, what(device)));
                happenings.push((at + 500 + dice.below(9_000) as u64, Happening::Mend(device)));
            }
        }
        happenings.push((dice.below(ends as usize / 2) as u64, Happening::Copy));
        // By time alone: what was drawn first comes first.
        happenings.sort_by_key(|(at, _)| *at);
        let in_time = |(at, what)| (Duration::from_millis(at), what);
        Self {
            ends: Duration::from_millis(ends),
            happenings: happenings.into_iter().map(in_time).collect(),
            broken: dice.below(6),
            slowest: Duration::from_millis(20 + dice.below(600) as u64),
        }
    }
}
