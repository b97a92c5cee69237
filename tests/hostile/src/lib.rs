//! Everything that comes in from outside, as doors that take any bytes.
//!
//! `fuzz/` opens them under libFuzzer, which looks for ways in by itself; `tests/hostile.rs` with
//! damaged copies of `fuzz/corpus`, in every run of the tests. `examples/corpus.rs` writes that.

mod damage;
mod door;
mod memory;
mod repair;

pub use damage::Chance;
pub use door::{
    DOORS, Door, NOW_MS, card_code, envelope, guard, honest_changes, honest_vignette, importer,
    interop_message, key_set, photo_intake, stand_code, sync_message, tablet,
};
pub use memory::{Counting, peak_of};
pub use repair::repaired;
