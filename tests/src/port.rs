//! An address that is free again for whoever had it and comes back.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::TcpListener;

/// Below those that the system gives to whoever does not ask for one by number: nobody else takes one
/// of these while its owner is away.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// Listens on a port of this machine that is free.
///
/// # Errors
/// When none is.
pub fn listener() -> io::Result<TcpListener> {
    let span = u64::from(PORTS.end - PORTS.start);
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..100 {
        let ahead = RandomState::new().hash_one(()) % span;
        let port = PORTS.start + u16::try_from(ahead).unwrap_or_default();
        match TcpListener::bind(("127.0.0.1", port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => last = error,
        }
    }
    Err(last)
}
