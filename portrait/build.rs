//! Puts the nets beside the compiled code, after checking that they are the ones that were chosen.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

const SUMS: &str = include_str!("nets/SHA256SUMS");

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=nets/SHA256SUMS");
    println!("cargo::rerun-if-env-changed=PASSREGION_NETS");
    match place() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("cargo::error={why}");
            ExitCode::FAILURE
        }
    }
}

fn place() -> Result<(), String> {
    let cache = cache().ok_or("neither PASSREGION_NETS nor HOME says where the nets are kept")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", cache.display());
    // `run` and `test` fetch them beforehand; a plain `cargo build` does it here.
    if !SUMS.lines().all(|line| checked(&cache, line).is_ok()) {
        let done = Command::new("nets/fetch").arg(&cache).status();
        if !done.is_ok_and(|status| status.success()) {
            return Err("the nets could not be fetched: run portrait/nets/fetch".to_owned());
        }
    }
    for line in SUMS.lines() {
        let (name, bytes) = checked(&cache, line)?;
        fs::write(out.join(&name), bytes).map_err(|error| format!("{name}: {error}"))?;
    }
    Ok(())
}

fn cache() -> Option<PathBuf> {
    if let Some(own) = env::var_os("PASSREGION_NETS") {
        return Some(own.into());
    }
    let caches = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let caches = caches.or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".cache")))?;
    Some(caches.join("passregion/nets"))
}

/// The net that a line of the sums names, if it is that one.
fn checked(cache: &Path, line: &str) -> Result<(String, Vec<u8>), String> {
    let (sum, name) = line.split_once("  ").ok_or("a line without a sum")?;
    let path = cache.join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    if found == sum { Ok((name.to_owned(), bytes)) } else { Err(format!("{name} is another file")) }
}
