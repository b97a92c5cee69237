//! Any bytes as a message of automerge's own protocol.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The hook of libFuzzer ends the process at each panic, those that are caught too. One that
// escapes still does.
fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |bytes: &[u8]| {
    hostile::interop_message(bytes);
});
