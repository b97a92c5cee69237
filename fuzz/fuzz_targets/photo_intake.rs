//! Any bytes, as a student's phone and as the server take them in.

#![no_main]

use libfuzzer_sys::fuzz_target;
use portrait::{Guard, intake};

fuzz_target!(|bytes: &[u8]| {
    for guard in [Guard::phone(), Guard::server()] {
        let _ = intake(bytes, &guard);
    }
});
