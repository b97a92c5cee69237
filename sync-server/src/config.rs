//! What the person who starts the server decides.

mod console;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use url::{Host, Url};
use uuid::Uuid;

use crate::mail::MailServer;
use crate::well_known::{AndroidApp, Apps, IosApp};
pub use console::{Erase, Place, User, UserTask};

/// The Region's server, and what is done to its data beside it.
#[derive(Debug, clap::Parser)]
#[command(
    name = "sync-server",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub struct Command {
    /// Something else than serving.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How to serve.
    #[command(flatten)]
    pub serve: Option<Config>,
}

/// The Region's server: sync, deposits, receipts, cards, and the reviewers' desk.
#[derive(Debug, clap::Args)]
pub struct Config {
    /// Folder that holds everything the server keeps: databases and signing key.
    #[arg(long)]
    pub data: PathBuf,
    /// Address of a PostgreSQL database (postgres://…) that holds the dossiers instead of a file
    /// in the folder; several servers may share it. Better given as `PASSREGION_DATABASE` in the
    /// environment, which other users of the machine cannot read.
    #[arg(long)]
    pub database: Option<Database>,
    /// Where the photos are kept: `sqlite` (a file in the folder), the path of a folder, or
    /// `s3://bucket?endpoint=https://…&region=…` with its keys in the environment (AWS_…).
    #[arg(long, default_value = "sqlite")]
    pub photos: PhotoPlace,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Address under which people reach the server, when a TLS proxy stands in front of it.
    #[arg(long)]
    pub public_url: Option<String>,
    /// Address that Prometheus reads, at `/metrics`; port 0 takes a free one. Without it there is
    /// none. Not one that the public reaches.
    #[arg(long)]
    pub metrics: Option<SocketAddr>,
    /// Lets in programs that speak automerge's own protocol, at `/automerge`, each with a ticket.
    #[arg(long)]
    pub automerge: bool,
    /// Where mails go: `smtp://user@host:587` (STARTTLS; in clear only to this machine) or
    /// `smtps://user@host:465`. Without it they wait in the database.
    #[arg(long, requires = "mail_from")]
    pub smtp: Option<String>,
    /// File that holds the password of the user of the SMTP server.
    #[arg(long, requires = "smtp")]
    pub smtp_password: Option<PathBuf>,
    /// File with the certificate (PEM) of the authority that signed the SMTP server's, where it is none
    /// that everybody believes.
    #[arg(long, requires = "smtp")]
    pub smtp_ca: Option<PathBuf>,
    /// Whom mails come from: `Pass’Région <ne-pas-repondre@…>`.
    #[arg(long, requires = "smtp")]
    pub mail_from: Option<String>,
    /// How many days the bytes of an envelope of a stand are kept once it is a dossier; they go
    /// earlier when that is accepted.
    #[arg(long, default_value_t = crate::app::ENVELOPE_DAYS)]
    pub envelope_days: u32,
    /// The app on Android that opens the links of mails: `PACKAGE=SHA-256` of its certificate, once
    /// for each certificate.
    #[arg(long)]
    pub android_app: Vec<AndroidApp>,
    /// The app on iOS that opens the links of mails: `TEAM.BUNDLE`.
    #[arg(long)]
    pub ios_app: Vec<IosApp>,
}

impl Config {
    /// The apps that the server vouches for.
    pub fn apps(&self) -> Apps {
        Apps { android: self.android_app.clone(), ios: self.ios_app.clone() }
    }

    /// The server that takes the mails, if one is named.
    pub fn mail_server(&self) -> anyhow::Result<Option<MailServer>> {
        let (Some(smtp), Some(from)) = (&self.smtp, &self.mail_from) else { return Ok(None) };
        let password = self.smtp_password.as_deref().map(std::fs::read_to_string).transpose()?;
        let password = password.as_deref().map(|text| text.trim_end_matches(['\r', '\n']));
        let authority = self.smtp_ca.as_deref().map(std::fs::read).transpose()?;
        MailServer::new(smtp, password, from, authority.as_deref()).map(Some)
    }
}

/// Address of a PostgreSQL database. Never shown: it may hold a password.
#[derive(Clone)]
pub struct Database(String);

impl Database {
    /// The one that was named, else that of the environment. (Not by clap: it would take a variable
    /// for an argument of serving, and then refuse every other task.)
    pub fn named(named: Option<Self>) -> anyhow::Result<Option<Self>> {
        let of_environment =
            || std::env::var("PASSREGION_DATABASE").ok().filter(|url| !url.is_empty());
        match (named, of_environment()) {
            (None, Some(url)) => Ok(Some(url.parse().map_err(anyhow::Error::msg)?)),
            (named, _) => Ok(named),
        }
    }

    /// The address as it was given, for the one who connects.
    pub(crate) fn url(&self) -> &str {
        &self.0
    }
}

impl FromStr for Database {
    type Err = &'static str;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        known.then(|| Self(url.to_owned())).ok_or("a database address begins with postgres://")
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Database(…)")
    }
}

/// Where the photos are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhotoPlace {
    /// In a file in the folder of the server.
    File,
    /// As files of a folder.
    Folder(PathBuf),
    /// In a bucket that speaks S3.
    Bucket(Bucket),
}

/// A bucket, without its secrets: they come from the environment alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub(crate) name: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
}

impl Bucket {
    /// Whether it is on this very machine: only there photos may go in clear text.
    pub(crate) fn is_loopback(&self) -> bool {
        let host = self.endpoint.as_deref().and_then(|endpoint| Url::parse(endpoint).ok());
        match host.as_ref().and_then(Url::host) {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
    }
}

impl FromStr for PhotoPlace {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "sqlite" {
            return Ok(Self::File);
        }
        if !text.starts_with("s3://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        let url = Url::parse(text).map_err(|_| "this address of a bucket cannot be read")?;
        let bare = url.username().is_empty() && url.password().is_none();
        let name = url.host_str().filter(|_| bare && matches!(url.path(), "" | "/"));
        let name = name.ok_or("a bucket is named s3://bucket, its keys in the environment")?;
        let mut bucket = Bucket { name: name.to_owned(), endpoint: None, region: None };
        for (key, value) in url.query_pairs() {
            match key.as_ref() {
                "endpoint" => bucket.endpoint = Some(value.into_owned()),
                "region" => bucket.region = Some(value.into_owned()),
                _ => return Err("of a bucket only endpoint and region are said here"),
            }
        }
        Ok(Self::Bucket(bucket))
    }
}

/// What is done beside serving; a server that runs need not be stopped for it.
#[derive(Debug, clap::Subcommand)]
pub enum Task {
    /// The lists that the Region publishes: schools, tracks, communes, places.
    #[command(subcommand)]
    Reference(ReferenceTask),
    /// Lets one program that speaks automerge's own protocol in, once, within a minute: prints the
    /// address for it. The server must have been started with `--automerge`.
    Ticket(Ticket),
    /// Copies everything into a new folder, also while the server runs.
    Backup {
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
        /// The folder that is made; it must not be there yet.
        #[arg(long)]
        to: PathBuf,
    },
    /// Makes the folder of a server out of a backup, in a new epoch: phones send what it lacks.
    Restore {
        /// The folder that `backup` made.
        #[arg(long)]
        from: PathBuf,
        /// The folder that is made; nothing may be in it yet.
        #[arg(long)]
        data: PathBuf,
    },
    /// The keys that sign cards and status lists.
    #[command(subcommand)]
    Keys(KeysTask),
    /// The card of one dossier.
    #[command(subcommand)]
    Card(CardTask),
    /// Makes the folder of a server, without starting it: keys, databases, first account of the desk.
    Init(Place),
    /// Brings the schemas of a server up to date, as its next start would.
    Migrate(Place),
    /// The reviewers' accounts.
    #[command(subcommand)]
    User(UserTask),
    /// Erases a dossier for ever, as its student would in the app.
    Erase(Erase),
    /// Looks whether a server can serve, one sentence a check; takes what serving takes.
    Doctor(Box<Config>),
    /// Prints what the server answers to whom, as programs read it (OpenAPI 3.1).
    Openapi,
    /// Begins a new epoch: for whoever restored the database by other means.
    Epoch {
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
        /// Address of the server's PostgreSQL database, if it has one.
        #[arg(long)]
        database: Option<Database>,
    },
}

/// What is done to the keys. Each of these ends by listing them, one line of JSON a key.
#[derive(Debug, clap::Subcommand)]
pub enum KeysTask {
    /// Makes those that are missing for a season: beforehand, to copy them to other servers.
    Make {
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
        /// School year, `2026-2027`; by default the one that today's applications are for.
        #[arg(long)]
        season: Option<String>,
    },
    /// Makes new ones, which sign from now on. What the former ones signed stays good.
    Rotate {
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
        /// School year, `2026-2027`; by default the one that today's applications are for.
        #[arg(long)]
        season: Option<String>,
    },
    /// Takes one out of the set: what it signed is believed nowhere any more. Phones ask for their
    /// cards anew, and a new key is made when one is needed.
    Revoke {
        /// The key, as `list` names it.
        key: String,
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
    },
    /// Lists them.
    List {
        /// Folder of the server.
        #[arg(long)]
        data: PathBuf,
    },
}

/// What is done with a card.
#[derive(Debug, clap::Subcommand)]
pub enum CardTask {
    /// Prints its credential, and writes the keys and the status list that verify it:
    /// `keys.json` and `status.cose`.
    Show {
        /// Which one.
        #[command(flatten)]
        of: CardOf,
        /// Folder for the two files.
        #[arg(long, default_value = ".")]
        to: PathBuf,
    },
    /// Suspends it, until it is restored.
    Suspend {
        /// Which one.
        #[command(flatten)]
        of: CardOf,
    },
    /// Makes a suspended one good again.
    Restore {
        /// Which one.
        #[command(flatten)]
        of: CardOf,
    },
    /// Blocks it for ever.
    Block {
        /// Which one.
        #[command(flatten)]
        of: CardOf,
    },
}

/// A card, and the server that issued it.
#[derive(Debug, clap::Args)]
pub struct CardOf {
    /// Number of the dossier.
    pub number: String,
    /// Folder of the server.
    #[arg(long)]
    pub data: PathBuf,
    /// Address of the server's PostgreSQL database, if it has one.
    #[arg(long)]
    pub database: Option<Database>,
}

impl CardTask {
    /// The card that is meant.
    pub fn of(&mut self) -> &mut CardOf {
        match self {
            Self::Show { of, .. } | Self::Suspend { of } => of,
            Self::Restore { of } | Self::Block { of } => of,
        }
    }
}

/// Whom a ticket lets in, and where.
#[derive(Debug, clap::Args)]
pub struct Ticket {
    /// Folder of the server.
    #[arg(long)]
    pub data: PathBuf,
    /// Address of the server's PostgreSQL database, if it has one.
    #[arg(long)]
    pub database: Option<Database>,
    /// Address of the server, when it is not the one that the server last told its folder.
    #[arg(long)]
    pub public_url: Option<String>,
    /// Space whose drafts may be read and written; by default a new one.
    #[arg(long)]
    pub space: Option<Uuid>,
}

/// What is done to the published lists.
#[derive(Debug, clap::Subcommand)]
pub enum ReferenceTask {
    /// Reads official open files, as they are, and publishes what they change. Prints a report as
    /// JSON; the lists in force stay when the new ones would be worse.
    Import(Import),
}

/// Which files are imported, and where to.
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The files: annuaire de l'éducation, géolocalisation, ACCE, BCN `N_MEF`, La Poste, Basilic,
    /// CNC, Muséofile, or the Region's own lists.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Folder of the server. Without it, only a dry run against the lists built into the server.
    #[arg(long, required_unless_present = "dry_run")]
    pub data: Option<PathBuf>,
    /// Address of the server's PostgreSQL database, if it has one.
    #[arg(long)]
    pub database: Option<Database>,
    /// Tells what would happen and publishes nothing.
    #[arg(long)]
    pub dry_run: bool,
}
