//! What the person who starts the server decides.

use std::net::SocketAddr;
use std::path::PathBuf;

/// The Region's server: sync, deposits, receipts, cards, and the reviewers' desk.
#[derive(Debug, clap::Parser)]
#[command(name = "sync-server", version)]
pub struct Config {
    /// Folder that holds everything the server keeps: databases and signing key.
    #[arg(long)]
    pub data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Address under which people reach the server, when a TLS proxy stands in front of it.
    #[arg(long)]
    pub public_url: Option<String>,
}
