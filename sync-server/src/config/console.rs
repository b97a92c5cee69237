//! What is done to a server at its console.

use std::path::PathBuf;

use super::{Database, PhotoPlace};

/// A server's folder, and where else it keeps things.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// Folder of the server.
    #[arg(long)]
    pub data: PathBuf,
    /// Address of the server's PostgreSQL database, if it has one.
    #[arg(long)]
    pub database: Option<Database>,
    /// Where the server keeps its photos, as it is told at its start.
    #[arg(long, default_value = "sqlite")]
    pub photos: PhotoPlace,
}

/// Who may sign in to the desk. Each of these prints one line of JSON a reviewer.
#[derive(Debug, clap::Subcommand)]
pub enum UserTask {
    /// Adds a reviewer. The password is printed here and kept nowhere.
    Add {
        /// Who.
        #[command(flatten)]
        user: User,
        /// Also makes events and sends tablets to them.
        #[arg(long)]
        administrator: bool,
    },
    /// Gives a reviewer another password, and ends their sessions.
    Renew(User),
    /// Lets a reviewer in no more, and ends their sessions. What they decided stays theirs.
    Close(User),
    /// Lists them.
    List(Place),
}

/// One reviewer.
#[derive(Debug, clap::Args)]
pub struct User {
    /// What the reviewer types as their name.
    pub name: String,
    /// Of which server.
    #[command(flatten)]
    pub of: Place,
}

/// A dossier that its student wants to be forgotten.
#[derive(Debug, clap::Args)]
pub struct Erase {
    /// Number of the dossier.
    pub number: String,
    /// Asks nobody whether it is meant.
    #[arg(long)]
    pub yes: bool,
    /// Of which server.
    #[command(flatten)]
    pub of: Place,
}

impl UserTask {
    /// The server that is meant.
    pub fn of(&mut self) -> &mut Place {
        match self {
            Self::Add { user, .. } | Self::Renew(user) | Self::Close(user) => &mut user.of,
            Self::List(place) => place,
        }
    }
}
