//! Any text where the scanner of a stand, or of a student who met one, looks.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The hook of libFuzzer ends the process at each panic, those that are caught too. One that
// escapes still does.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    hostile::stand_code(bytes);
});
