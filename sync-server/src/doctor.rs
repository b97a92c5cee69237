//! Whether a server can serve, told to whoever runs it: `sync-server doctor`. Changes nothing.

use std::future::Future;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use dossier::season::Season;
use dossier::signed::keys::KeyUse;
use rustix::fs::statvfs;
use tokio::runtime::Runtime;

use crate::clock::{self, Clock};
use crate::config::{Config, Database, PhotoPlace};
use crate::keys::{self, Keys};
use crate::store::{self, Store, epoch, photo, waiting};

/// A disk with less than a tenth free fills up within a day of the rush.
const LEAST_FREE_PERCENT: u64 = 10;
/// A key that ends within a month is to be followed by another before.
const SOON_MS: i64 = 31 * 86_400_000;
/// A mail that waits longer is not merely behind others.
const LONG_MS: i64 = 60 * 60_000;
/// Clocks of two machines differ by less.
const DRIFT_MS: i64 = 5 * 60_000;

/// What a check found: a sentence, and whether all is well.
type Found = anyhow::Result<String>;

/// Looks at everything that serving needs; `false` when something is wrong. One line a check.
pub fn doctor(config: &Config, clock: &dyn Clock) -> anyhow::Result<bool> {
    let (now_ms, runtime) = (clock.now_ms(), Runtime::new()?);
    let database = Database::named(config.database.clone());
    let mut all_well = true;
    let mut tell = |part: &str, found: Found| -> anyhow::Result<bool> {
        let (mark, sentence) = match &found {
            Ok(sentence) => ("bien", sentence.clone()),
            Err(error) => ("À VOIR", told(error)),
        };
        all_well &= found.is_ok();
        writeln!(std::io::stdout(), "{mark:<7}{part}\u{a0}: {sentence}")?;
        Ok(found.is_ok())
    };
    tell("réglages", settings(config))?;
    if tell("dossier du serveur", folder(&config.data))? {
        tell("disque", disk(&config.data))?;
        tell("clés", signing(&config.data, now_ms))?;
        tell("clé du coffre", escrow(&config.data))?;
        match database {
            Ok(database) => {
                if tell("schéma de la base", schema(&config.data, database.as_ref()))? {
                    let opened = store::open(&config.data, database.as_ref(), false);
                    let store = opened.map(|(store, _)| store);
                    tell("base", written(store.as_ref()))?;
                    tell("horloge", time(&config.data, store.as_ref(), now_ms))?;
                    tell("mails", mails(store.as_ref(), now_ms))?;
                }
            }
            Err(error) => drop(tell("base", Err(error))?),
        }
        tell("photos", photos(config, &runtime))?;
    }
    tell("serveur de mails", runtime.block_on(smtp(config)))?;
    Ok(all_well)
}

/// The sentence, and the system's own words when it has any.
fn told(error: &anyhow::Error) -> String {
    match error.chain().nth(1) {
        Some(_) => format!("{error} ({})", error.root_cause()),
        None => error.to_string(),
    }
}

fn settings(config: &Config) -> Found {
    let Some(url) = &config.public_url else {
        return Ok(format!("sans --public-url, sert cette machine seule ({})", config.listen));
    };
    let secure = url.starts_with("https://");
    anyhow::ensure!(
        secure,
        "--public-url doit commencer par https://, les téléphones n’acceptent rien d’autre"
    );
    Ok(format!("les téléphones passent par {url}"))
}

fn folder(data: &Path) -> Found {
    let is_there = data.join(keys::FILE).exists();
    anyhow::ensure!(
        is_there,
        "{} n’est pas celui d’un serveur\u{a0}: sync-server init --data …",
        data.display()
    );
    let mode = std::fs::metadata(data.join(keys::FOLDER))?.permissions().mode() & 0o777;
    anyhow::ensure!(
        mode & 0o077 == 0,
        "d’autres peuvent entrer dans {}\u{a0}: chmod 700",
        keys::FOLDER
    );
    Ok(format!("{}, fermé aux autres comptes", data.display()))
}

fn disk(data: &Path) -> Found {
    let disk = statvfs(data)?;
    let free = disk.f_bavail.saturating_mul(100) / disk.f_blocks.max(1);
    anyhow::ensure!(
        free >= LEAST_FREE_PERCENT,
        "{free}\u{a0}% de libre seulement\u{a0}: faire de la place (au moins {LEAST_FREE_PERCENT}\u{a0}%)"
    );
    Ok(format!("{free}\u{a0}% de libre"))
}

fn signing(data: &Path, now_ms: i64) -> Found {
    let keys = Keys::open(data).context("illisibles ou abîmées, reprendre la sauvegarde")?;
    let (loaded, season) = (keys.now()?, Season::of(clock::day(now_ms)).to_string());
    let held = |usage, season: &str| loaded.set.newest(usage, season, now_ms);
    if held(KeyUse::Card, &season).is_none() {
        return Ok(format!(
            "la racine est là\u{a0}; celle de la saison {season} sera faite au besoin"
        ));
    }
    let lists = held(KeyUse::StatusList, "").map_or(i64::MAX, |key| key.not_after_ms);
    if lists < now_ms + SOON_MS {
        return Ok(
            "celle des listes finit dans le mois\u{a0}: la suivante se fait d’elle-même".to_owned()
        );
    }
    Ok(format!("la racine et celles de la saison {season} sont là"))
}

/// What opens every envelope if this server is lost does not help when it is lost with it.
fn escrow(data: &Path) -> Found {
    let keys = Keys::open(data).context("illisible")?;
    anyhow::ensure!(
        !keys.has_escrow()?,
        "elle est encore ici\u{a0}: mettre keys/escrow-*.key dans un coffre, puis l’effacer d’ici"
    );
    Ok("pas sur cette machine".to_owned())
}

fn schema(data: &Path, database: Option<&Database>) -> Found {
    let schema = store::schema(data, database).context("elle ne répond pas")?;
    let store::Schema { applied, known } = schema;
    anyhow::ensure!(
        applied >= known,
        "version {applied}, il faut {known}\u{a0}: sync-server migrate"
    );
    anyhow::ensure!(applied == known, "version {applied}, plus récente que ce programme ({known})");
    Ok(format!("version {applied}, à jour"))
}

fn written(store: Result<&Arc<dyn Store>, &anyhow::Error>) -> Found {
    let store = store.map_err(|error| anyhow::anyhow!("elle ne s’ouvre pas\u{a0}: {error:#}"))?;
    store.write_now(epoch::write_again).context("on ne peut pas y écrire")?;
    Ok("on peut y écrire".to_owned())
}

/// Not behind what the server itself dated before.
fn time(data: &Path, store: Result<&Arc<dyn Store>, &anyhow::Error>, now_ms: i64) -> Found {
    let Ok(store) = store else { anyhow::bail!("la base ne s’ouvre pas") };
    let signed_ms = Keys::open(data)?.now()?.set.made_at_ms;
    let newest_ms = store.write_now(store::audit::newest_ms)?.max(signed_ms);
    anyhow::ensure!(
        now_ms + DRIFT_MS >= newest_ms,
        "elle retarde sur ce qui a déjà été daté ici\u{a0}: la régler (systemctl status systemd-timesyncd)"
    );
    Ok(format!("{} UTC", clock::day(now_ms)))
}

fn mails(store: Result<&Arc<dyn Store>, &anyhow::Error>, now_ms: i64) -> Found {
    let Ok(store) = store else { anyhow::bail!("la base ne s’ouvre pas") };
    let waiting = store.write_now(move |db| waiting::now(db, now_ms))?;
    let minutes = waiting.oldest_mail_ms / 60_000;
    anyhow::ensure!(
        waiting.oldest_mail_ms < LONG_MS,
        "{} attendent, le plus ancien depuis {minutes}\u{a0}min\u{a0}: voir le serveur de mails",
        waiting.mails
    );
    Ok(format!("{} en attente", waiting.mails))
}

fn photos(config: &Config, runtime: &Runtime) -> Found {
    let is_there = match &config.photos {
        PhotoPlace::File => config.data.join(photo::FILE).exists(),
        PhotoPlace::Folder(folder) => folder.is_dir(),
        PhotoPlace::Bucket(_) => true,
    };
    anyhow::ensure!(
        is_there,
        "elles ne sont plus là\u{a0}: vérifier --photos, ou reprendre la sauvegarde"
    );
    let opened = photo::open(&config.data, &config.photos, false).context("on n’y accède pas")?;
    runtime.block_on(opened.reach()).context("on n’y accède pas")?;
    Ok("on y accède".to_owned())
}

fn smtp(config: &Config) -> impl Future<Output = Found> {
    let server = config.mail_server();
    async move {
        let server = server.context("réglages refusés")?;
        let server = server.context("aucun n’est nommé (--smtp), les mails restent en attente")?;
        server.reach().await?;
        Ok("il répond".to_owned())
    }
}
