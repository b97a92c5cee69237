//! Tablets at events: added at the desk, set up once, revoked.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::db::{Db, Row, values};
use crate::failure::Failure;
use crate::gate::Device;

/// A code for a tablet is good for a day.
const CODE_MS: i64 = 24 * 3_600_000;
/// That a tablet was seen is noted once a minute.
const NOTED_MS: i64 = 60_000;

/// One tablet at one event.
#[derive(Debug, Clone)]
pub(crate) struct Stand {
    pub(crate) id: Uuid,
    pub(crate) event: Uuid,
    /// What it brings goes there; no device may read it.
    pub(crate) space: Uuid,
    /// 0 until it is set up.
    pub(crate) device: i64,
    pub(crate) name: String,
    /// Public half of its key; none until it is set up.
    pub(crate) device_key: Option<[u8; 32]>,
    pub(crate) delegation: Vec<u8>,
    pub(crate) token_until_ms: i64,
    pub(crate) set_up_ms: i64,
    pub(crate) seen_ms: i64,
    /// 0 while it is good.
    pub(crate) revoked_ms: i64,
    /// 0 while there is one of it, as far as anybody knows.
    pub(crate) cloned_ms: i64,
}

impl Stand {
    /// In the order of [`COLUMNS`].
    fn read(row: &dyn Row) -> Result<Self, Failure> {
        Ok(Self {
            id: row.uuid(0)?,
            event: row.uuid(1)?,
            space: row.uuid(2)?,
            device: row.int(3)?,
            name: row.string(4)?,
            device_key: row.bytes(5)?.try_into().ok(),
            delegation: row.bytes(6)?.to_vec(),
            token_until_ms: row.int(7)?,
            set_up_ms: row.int(8)?,
            seen_ms: row.int(9)?,
            revoked_ms: row.int(10)?,
            cloned_ms: row.int(11)?,
        })
    }

    /// Whether an administrator took its delegation back.
    pub(crate) fn is_revoked(&self) -> bool {
        self.revoked_ms != 0
    }
}

const COLUMNS: &str = "id, event, space, device, name, device_key, delegation, token_until_ms,
         set_up_ms, seen_ms, revoked_ms, cloned_ms";

/// Adds a tablet to an event; what it will bring has a space of its own.
pub(crate) fn add(
    db: &mut dyn Db,
    event: Uuid,
    (id, space): (Uuid, Uuid),
    token: &[u8; 16],
    now_ms: i64,
) -> Result<(), Failure> {
    super::event::by_id(db, event)?;
    db.insert("space", &[("id", (&space).into()), ("created_ms", now_ms.into())])?;
    db.insert(
        "stand",
        &[
            ("id", (&id).into()),
            ("event", (&event).into()),
            ("space", (&space).into()),
            ("token_hash", (&hash(token)).into()),
            ("token_until_ms", (now_ms + CODE_MS).into()),
            ("made_ms", now_ms.into()),
        ],
    )
}

fn hash(token: &[u8; 16]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn one(
    db: &mut dyn Db,
    condition: &str,
    of: super::db::Value<'_>,
) -> Result<Option<Stand>, Failure> {
    let found = format!("SELECT {COLUMNS} FROM stand WHERE {condition} LIMIT 1");
    db.optional(&found, &[of], Stand::read)
}

/// A tablet, or that there is none.
pub(crate) fn by_id(db: &mut dyn Db, id: Uuid) -> Result<Stand, Failure> {
    one(db, "id = ?1", (&id).into())?.ok_or(Failure::Unknown)
}

/// The tablet that this device was set up as, last.
pub(crate) fn of_device(db: &mut dyn Db, device: Device) -> Result<Stand, Failure> {
    let newest = "device = ?1 AND device <> 0 ORDER BY set_up_ms DESC, made_ms DESC";
    one(db, newest, device.id.into())?.ok_or(Failure::Unknown)
}

/// The tablet that a code is for, if this device may use it: nobody used it and its day is not over,
/// or this very device did, with the same key.
pub(crate) fn of_code(
    db: &mut dyn Db,
    device: Device,
    (token, device_key): (&[u8; 16], &[u8; 32]),
    now_ms: i64,
) -> Result<Stand, Failure> {
    let found = one(db, "token_hash = ?1", (&hash(token)).into())?;
    let stand = found.ok_or(Failure::SetupCodeSpent)?;
    let is_free = stand.set_up_ms == 0 && now_ms <= stand.token_until_ms && !stand.is_revoked();
    let is_theirs = stand.device == device.id && stand.device_key == Some(*device_key);
    if is_free || is_theirs { Ok(stand) } else { Err(Failure::SetupCodeSpent) }
}

/// What a tablet is set up with.
pub(crate) struct SetUp<'a> {
    pub(crate) device: Device,
    pub(crate) device_key: &'a [u8; 32],
    pub(crate) name: &'a str,
    pub(crate) delegation: &'a Vec<u8>,
}

/// Binds a tablet to this device and its key, for ever.
pub(crate) fn set_up(
    db: &mut dyn Db,
    id: Uuid,
    with: &SetUp<'_>,
    now_ms: i64,
) -> Result<(), Failure> {
    let columns = [
        ("device", with.device.id.into()),
        ("device_key", with.device_key.into()),
        ("name", with.name.into()),
        ("delegation", with.delegation.into()),
        ("set_up_ms", now_ms.into()),
        ("seen_ms", now_ms.into()),
    ];
    db.update("stand", &columns, ("id", (&id).into()))
}

/// Notes that a tablet asked for something.
pub(crate) fn seen(db: &mut dyn Db, stand: &Stand, now_ms: i64) -> Result<(), Failure> {
    if now_ms - stand.seen_ms < NOTED_MS {
        return Ok(());
    }
    db.update("stand", &[("seen_ms", now_ms.into())], ("id", (&stand.id).into()))
}

/// Takes the delegation of a tablet back, for ever; `false` when it was before.
pub(crate) fn revoke(db: &mut dyn Db, id: Uuid, now_ms: i64) -> Result<bool, Failure> {
    let revoked = "UPDATE stand SET revoked_ms = ?2 WHERE id = ?1 AND revoked_ms = 0";
    Ok(db.execute(revoked, values![&id, now_ms])? != 0)
}

/// Notes that there are two of a tablet; the first time counts.
pub(crate) fn note_clone(db: &mut dyn Db, id: Uuid, now_ms: i64) -> Result<(), Failure> {
    let cloned = "UPDATE stand SET cloned_ms = ?2 WHERE id = ?1 AND cloned_ms = 0";
    db.execute(cloned, values![&id, now_ms])?;
    Ok(())
}

/// Every revoked tablet that had a delegation.
pub(crate) fn revoked(db: &mut dyn Db) -> Result<Vec<Uuid>, Failure> {
    let revoked = "SELECT id FROM stand WHERE revoked_ms <> 0 AND set_up_ms <> 0
         ORDER BY revoked_ms, id";
    db.all(revoked, &[], |row| row.uuid(0))
}

/// A tablet, and what it brought.
pub(crate) struct Brought {
    pub(crate) stand: Stand,
    pub(crate) envelopes: i64,
    pub(crate) deposited: i64,
    pub(crate) stuck: i64,
}

/// The tablets of an event, in the order in which they were added.
pub(crate) fn of_event(db: &mut dyn Db, event: Uuid) -> Result<Vec<Brought>, Failure> {
    let count = "(SELECT count(*) FROM envelope WHERE envelope.stand = stand.id";
    let found = format!(
        "SELECT {COLUMNS}, {count}), {count} AND state = 'deposited'), {count} AND state = 'stuck')
         FROM stand WHERE event = ?1 ORDER BY made_ms, id"
    );
    db.all(&found, values![&event], |row| {
        Ok(Brought {
            stand: Stand::read(row)?,
            envelopes: row.int(12)?,
            deposited: row.int(13)?,
            stuck: row.int(14)?,
        })
    })
}
