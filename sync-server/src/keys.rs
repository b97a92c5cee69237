//! The Region's keys: a root that phones pin, and the keys of a season that it signs for.
//!
//! Each is made when it is first needed, kept in a file of its own, and never sent anywhere. The
//! public halves stand in one signed set (`key-set.cose`), which phones fetch.

pub(crate) mod sealing;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use anyhow::{Context, bail, ensure};
use dossier::hexadecimal;
use dossier::season::Season;
use dossier::signed::keys::{IssuerKey, KeySet, KeyUse, id_of};
use dossier::signed::{RegionKey, SigningKey};
use time::{Date, Time};

/// Only the account that runs the server may read the keys, or enter their folder.
const KEY_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Where a data folder keeps the keys,
pub(crate) const FOLDER: &str = "keys";
/// and the root among them.
pub(crate) const FILE: &str = "keys/region.key";
const ROOT: &str = "region.key";
const SET: &str = "key-set.cose";

const DAY_MS: i64 = 86_400_000;
/// A phone whose clock is late believes a new key all the same.
const EARLY_MS: i64 = DAY_MS;
/// A season's key outlives its cards by so much, and is never made for less.
const LATE_MS: i64 = 31 * DAY_MS;
/// A key for lists lasts longer than a year, and its successor is made a month before its end.
const LISTS_MS: i64 = 400 * DAY_MS;

/// Makes a folder that nobody else may enter.
pub(crate) fn private_folder(folder: &Path) -> anyhow::Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)
        .with_context(|| format!("cannot make {}", folder.display()))
}

/// Reads the root key of this data folder, or makes one when there is none.
pub(crate) fn region_key(data: &Path) -> anyhow::Result<SigningKey> {
    let folder = data.join(FOLDER);
    private_folder(&folder)?;
    let file = folder.join(ROOT);
    match fs::read_to_string(&file) {
        Ok(text) => read(&file, &text),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Ok(SigningKey::from_bytes(&make(&folder, |_| Ok(ROOT.to_owned()))?))
        }
        Err(error) => Err(error).context("cannot read the region's key"),
    }
}

/// The files of a data folder's keys that are there now, the set first: a key that is made while
/// they are copied is then perhaps not named, and never named and missing.
pub(crate) fn files(data: &Path) -> anyhow::Result<Vec<String>> {
    let mut files = vec![FILE.to_owned()];
    let mut others = Vec::new();
    for entry in fs::read_dir(data.join(FOLDER))? {
        let name = format!("{FOLDER}/{}", entry?.file_name().to_string_lossy());
        if is_of_ours(&name) && name != FILE {
            others.push(name);
        }
    }
    others.sort_by_key(|name| (!name.ends_with(SET), name.clone()));
    files.extend(others);
    Ok(files)
}

/// Whether a file of this name holds a key or the set.
pub(crate) fn is_of_ours(name: &str) -> bool {
    let Some(name) = name.strip_prefix("keys/") else { return false };
    let key = name.strip_suffix(".key").is_some_and(|name| {
        hexadecimal::array::<8>(sealing::id_in(name).unwrap_or(name)).is_some()
    });
    key || [ROOT, SET].contains(&name)
}

/// The keys of a server. Cheap to clone; what another process changes is noticed.
#[derive(Clone)]
pub(crate) struct Keys(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    root: SigningKey,
    loaded: Mutex<Option<Arc<Loaded>>>,
    /// Held while a key is made: of two sets that were made at once the second lacks a key.
    making: Mutex<()>,
}

/// The set as it stands in its file, and the secret halves that are here.
pub(crate) struct Loaded {
    stamp: Option<(SystemTime, u64)>,
    pub(crate) set: KeySet,
    pub(crate) signed: Vec<u8>,
    secrets: BTreeMap<String, SigningKey>,
}

impl Keys {
    /// The keys of this data folder.
    pub(crate) fn open(data: &Path) -> anyhow::Result<Self> {
        let (folder, root) = (data.join(FOLDER), region_key(data)?);
        let keys = Self(Arc::new(Inner {
            folder,
            root,
            loaded: Mutex::default(),
            making: Mutex::default(),
        }));
        keys.now()?;
        Ok(keys)
    }

    /// The root, which signs the set, receipts and lists of reference.
    pub(crate) fn root(&self) -> &SigningKey {
        &self.0.root
    }

    /// The set in force; an empty one while no card was ever signed.
    pub(crate) fn now(&self) -> anyhow::Result<Arc<Loaded>> {
        let file = self.0.folder.join(SET);
        let stamp = match fs::metadata(&file) {
            Ok(found) => Some((found.modified()?, found.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(error).context("cannot read the set of keys"),
        };
        let mut loaded = self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        match &*loaded {
            Some(known) if known.stamp == stamp => Ok(Arc::clone(known)),
            _ => Ok(Arc::clone(loaded.insert(Arc::new(self.load(&file, stamp)?)))),
        }
    }

    fn load(&self, file: &Path, stamp: Option<(SystemTime, u64)>) -> anyhow::Result<Loaded> {
        if stamp.is_none() {
            let set = KeySet::default();
            return Ok(Loaded {
                stamp,
                signed: set.sign(self.root()),
                set,
                secrets: BTreeMap::new(),
            });
        }
        let signed = fs::read(file).context("cannot read the set of keys")?;
        let set = KeySet::open(&signed, &RegionKey::from(self.root()))
            .context("the set of keys is not this root's")?;
        let mut secrets = BTreeMap::new();
        for id in set.keys.iter().map(IssuerKey::id) {
            let file = self.0.folder.join(format!("{id}.key"));
            if let Ok(text) = fs::read_to_string(&file) {
                secrets.insert(id, read(&file, &text)?);
            }
        }
        Ok(Loaded { stamp, set, signed, secrets })
    }

    /// The key that signs the cards of a season; made when there is none.
    pub(crate) fn issuer(&self, season: &str, now_ms: i64) -> anyhow::Result<SigningKey> {
        self.held_or_made(KeyUse::Card, season, now_ms, now_ms)
    }

    /// The key that signs the status list; made when there is none, or none for much longer.
    pub(crate) fn lists(&self, now_ms: i64) -> anyhow::Result<SigningKey> {
        self.held_or_made(KeyUse::StatusList, "", now_ms + LATE_MS, now_ms)
    }

    /// The key that signs what the tablets of a season's events may do; made when there is none.
    fn delegations(&self, season: &str, now_ms: i64) -> anyhow::Result<SigningKey> {
        self.held_or_made(KeyUse::Delegation, season, now_ms, now_ms)
    }

    /// Whoever makes a key holds this.
    fn making(&self) -> MutexGuard<'_, ()> {
        self.0.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The newest key of this use, if one lasts until then; else a new one. Whoever asks at the same
    /// time gets the same.
    fn held_or_made(
        &self,
        usage: KeyUse,
        season: &str,
        until_ms: i64,
        now_ms: i64,
    ) -> anyhow::Result<SigningKey> {
        let held = |loaded: &Loaded| {
            let lasting = loaded.held(usage, season, until_ms);
            lasting.and_then(|_| loaded.held(usage, season, now_ms))
        };
        if let Some(key) = held(&*self.now()?) {
            return Ok(key);
        }
        let _one_at_a_time = self.making();
        match held(&*self.now()?) {
            Some(key) => Ok(key),
            None => self.add(usage, season, now_ms),
        }
    }

    /// Makes a key and puts it into the set, beside those that are there.
    pub(crate) fn add(
        &self,
        usage: KeyUse,
        season: &str,
        now_ms: i64,
    ) -> anyhow::Result<SigningKey> {
        let not_after_ms = match usage {
            KeyUse::Card | KeyUse::Delegation => end_of(season)?.max(now_ms) + LATE_MS,
            KeyUse::StatusList => now_ms + LISTS_MS,
        };
        let name = |seed: &[u8; 32]| Ok(format!("{}.key", id_of(&SigningKey::from_bytes(seed))));
        let key = SigningKey::from_bytes(&make(&self.0.folder, name)?);
        let issuer = IssuerKey {
            usage,
            public: key.verifying_key().to_bytes().into(),
            not_before_ms: now_ms - EARLY_MS,
            not_after_ms,
            season: season.to_owned(),
        };
        self.change(now_ms, |set| set.keys.push(issuer))?;
        Ok(key)
    }

    /// Takes a key out of the set: what it signed is not believed any more, and nothing is sealed to
    /// it, wherever the new set arrives. `false` when the set has no such key.
    pub(crate) fn revoke(&self, id: &str, now_ms: i64) -> anyhow::Result<bool> {
        let loaded = self.now()?;
        let set = &loaded.set;
        let found = set.keys.iter().any(|key| key.id() == id)
            || set.sealing.iter().any(|key| sealing::id(key) == id);
        if found {
            self.change(now_ms, |set| {
                set.keys.retain(|key| key.id() != id);
                set.sealing.retain(|key| sealing::id(key) != id);
            })?;
        }
        Ok(found)
    }

    /// Signs the set anew. Its version follows the clock too, so that a server that was restored
    /// from a copy is not behind what phones have seen.
    fn change(&self, now_ms: i64, how: impl FnOnce(&mut KeySet)) -> anyhow::Result<()> {
        let mut set = self.now()?.set.clone();
        // What cannot be in force any more only makes the set longer.
        set.keys.retain(|key| key.not_after_ms >= now_ms);
        set.sealing.retain(|key| key.not_after_ms >= now_ms);
        how(&mut set);
        set.version = next_version(set.version, now_ms);
        set.made_at_ms = now_ms;
        write_aside(&self.0.folder, SET, &set.sign(self.root()))?;
        self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }
}

impl Loaded {
    /// The newest key of this use that is in force and whose secret half is here.
    fn held(&self, usage: KeyUse, season: &str, at_ms: i64) -> Option<SigningKey> {
        let id = self.set.newest(usage, season, at_ms)?.id();
        self.secrets.get(&id).cloned()
    }
}

/// The version after this one: seconds since 1970, or one more.
pub(crate) fn next_version(known: u64, now_ms: i64) -> u64 {
    (known + 1).max(u64::try_from(now_ms / 1_000).unwrap_or_default())
}

fn end_of(season: &str) -> anyhow::Result<i64> {
    let end: Date = Season::parse(season).context("a season is written 2026-2027")?.end();
    Ok(end.with_time(Time::MIDNIGHT).assume_utc().unix_timestamp() * 1_000 + DAY_MS)
}

fn read(file: &Path, text: &str) -> anyhow::Result<SigningKey> {
    Ok(SigningKey::from_bytes(&read_secret(file, text)?))
}

fn read_secret(file: &Path, text: &str) -> anyhow::Result<[u8; 32]> {
    let mode = fs::metadata(file)?.permissions().mode() & 0o777;
    ensure!(mode & 0o077 == 0, "{} can be read by others (mode {mode:o})", file.display());
    match hexadecimal::array(text.trim()) {
        Some(seed) => Ok(seed),
        None => bail!("{} holds no key", file.display()),
    }
}

/// Draws a secret and keeps it in a file that is named after it.
fn make(
    folder: &Path,
    name: impl Fn(&[u8; 32]) -> anyhow::Result<String>,
) -> anyhow::Result<[u8; 32]> {
    let seed = crate::app::random::<32>()?;
    write_aside(folder, &name(&seed)?, hexadecimal::text(&seed).as_bytes())?;
    Ok(seed)
}

/// Written aside, synced, then renamed: a start that is cut leaves a whole file or none.
fn write_aside(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let aside = folder.join(format!("{name}.new"));
    match fs::remove_file(&aside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut written =
        OpenOptions::new().write(true).create_new(true).mode(KEY_MODE).open(&aside)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    fs::rename(&aside, folder.join(name))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_795_000_000_000;
    const SEASON: &str = "2026-2027";

    #[test]
    fn the_root_is_made_once_and_only_its_owner_may_read_it() {
        let data = tempfile::tempdir().unwrap();
        let made = region_key(data.path()).unwrap();
        assert_eq!(region_key(data.path()).unwrap().to_bytes(), made.to_bytes());
        let file = data.path().join(FILE);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_may_read_or_that_is_damaged_stops_the_start() {
        let data = tempfile::tempdir().unwrap();
        region_key(data.path()).unwrap();
        let file = data.path().join(FILE);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(region_key(data.path()).is_err());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        fs::write(&file, "half a ke").unwrap();
        assert!(region_key(data.path()).is_err());
    }

    #[test]
    fn each_season_has_a_key_of_its_own_that_survives_a_restart() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::open(data.path()).unwrap();
        let made = keys.issuer(SEASON, NOW_MS).unwrap();
        let again = Keys::open(data.path()).unwrap();
        assert_eq!(again.issuer(SEASON, NOW_MS).unwrap().to_bytes(), made.to_bytes());
        let next = again.issuer("2027-2028", NOW_MS).unwrap();
        assert_ne!(next.to_bytes(), made.to_bytes());
        // The first process learns of it without a restart.
        assert_eq!(keys.issuer("2027-2028", NOW_MS).unwrap().to_bytes(), next.to_bytes());
        assert_ne!(keys.lists(NOW_MS).unwrap().to_bytes(), made.to_bytes());
    }

    #[test]
    fn all_who_ask_for_the_first_key_at_once_get_the_same() {
        for _ in 0..20 {
            let data = tempfile::tempdir().unwrap();
            let keys = Keys::open(data.path()).unwrap();
            let together = std::sync::Barrier::new(4);
            let asked = || {
                together.wait();
                let lists = keys.lists(NOW_MS).unwrap();
                [lists, keys.issuer(SEASON, NOW_MS).unwrap()].map(|key| key.to_bytes())
            };
            let made: Vec<_> = std::thread::scope(|scope| {
                let asking: Vec<_> = (0..4).map(|_| scope.spawn(asked)).collect();
                asking.into_iter().map(|it| it.join().unwrap()).collect()
            });
            assert!(made.iter().all(|them| *them == made[0]));
            assert_eq!(keys.now().unwrap().set.keys.len(), 2);
        }
    }

    #[test]
    fn a_rotation_leaves_the_former_key_in_the_set_and_a_revocation_does_not() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::open(data.path()).unwrap();
        let old = keys.issuer(SEASON, NOW_MS).unwrap();
        let before = keys.now().unwrap().set.version;
        let new = keys.add(KeyUse::Card, SEASON, NOW_MS + 1).unwrap();
        assert_eq!(keys.issuer(SEASON, NOW_MS + 1).unwrap().to_bytes(), new.to_bytes());
        let ids = || keys.now().unwrap().set.keys.iter().map(IssuerKey::id).collect::<Vec<_>>();
        assert_eq!(ids(), [id_of(&old), id_of(&new)]);
        assert!(keys.now().unwrap().set.version > before);
        assert!(keys.revoke(&id_of(&old), NOW_MS + 2).unwrap());
        assert_eq!(ids(), [id_of(&new)]);
        assert!(!keys.revoke(&id_of(&old), NOW_MS + 3).unwrap());
    }

    #[test]
    fn a_set_that_another_root_signed_stops_the_start() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for data in [&one, &other] {
            Keys::open(data.path()).unwrap().issuer(SEASON, NOW_MS).unwrap();
        }
        fs::copy(other.path().join("keys").join(SET), one.path().join("keys").join(SET)).unwrap();
        assert!(Keys::open(one.path()).is_err());
    }

    #[test]
    fn the_files_of_the_keys_are_known_by_name_the_set_before_the_keys_it_names() {
        let data = tempfile::tempdir().unwrap();
        Keys::open(data.path()).unwrap().issuer(SEASON, NOW_MS).unwrap();
        let files = files(data.path()).unwrap();
        assert_eq!(files.len(), 3);
        assert_eq!(files[..2], [FILE, "keys/key-set.cose"]);
        for foreign in ["keys/../server.sqlite", "keys/a.key", "server.sqlite", "keys/"] {
            assert!(!is_of_ours(foreign), "{foreign}");
        }
    }
}
