//! Power cuts: what a real process did to its disk is recorded, and every moment at which the power
//! could have gone is played back with every kind of loss that a disk is allowed.

mod dice;
pub mod disk;
pub mod explorer;
pub mod mutant;
pub mod state;
mod syscall;
pub mod trace;

pub use dice::Dice;
pub use explorer::{Explorer, Report};
pub use trace::Trace;
