//! Where this app keeps its data, which server it talks to, and whose signature it believes.

use std::net::IpAddr;
use std::path::PathBuf;

use dossier::signed::RegionKey;
use url::{Host, Url};

use crate::store::FILE;

/// What an installation is configured with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Folder of the database.
    pub data: PathBuf,
    /// The Region's server.
    pub server: Url,
    /// The Region's public key, pinned.
    pub region_key: RegionKey,
}

/// Why the settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsTrouble {
    /// A value that is neither in the environment nor compiled in.
    #[error("{0} is not set")]
    Missing(&'static str),
    /// A value that cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// Clear text to another machine.
    #[error("the server must be reached by https; http is for this machine alone")]
    ClearText,
}

const DATA: &str = "PASSREGION_DATA";
const SERVER: &str = "PASSREGION_SERVER";
const REGION_KEY: &str = "PASSREGION_REGION_KEY";

impl Settings {
    /// Reads the environment, then what was compiled in. A phone has only the latter.
    pub fn from_environment(default_data: PathBuf) -> Result<Self, SettingsTrouble> {
        let data = std::env::var_os(DATA).map_or(default_data, PathBuf::from);
        let server = setting(SERVER, option_env!("PASSREGION_SERVER"))?;
        let region_key = setting(REGION_KEY, option_env!("PASSREGION_REGION_KEY"))?;
        Self::new(data, &server, &region_key)
    }

    /// Checks and gathers the three settings.
    pub fn new(data: PathBuf, server: &str, region_key: &str) -> Result<Self, SettingsTrouble> {
        let server = Url::parse(server).map_err(|_| SettingsTrouble::Unreadable(SERVER))?;
        match (server.scheme(), server.host()) {
            ("https", Some(_)) => {}
            ("http", Some(host)) if is_this_machine(&host) => {}
            ("http", Some(_)) => return Err(SettingsTrouble::ClearText),
            _ => return Err(SettingsTrouble::Unreadable(SERVER)),
        }
        let region_key =
            RegionKey::from_hex(region_key).ok_or(SettingsTrouble::Unreadable(REGION_KEY))?;
        Ok(Self { data, server, region_key })
    }

    /// Whether nothing was ever kept in this folder: the app was just installed.
    pub fn is_new_here(&self) -> bool {
        !self.data.join(FILE).exists()
    }
}

fn setting(name: &'static str, compiled: Option<&str>) -> Result<String, SettingsTrouble> {
    std::env::var(name)
        .ok()
        .or_else(|| compiled.map(str::to_owned))
        .ok_or(SettingsTrouble::Missing(name))
}

fn is_this_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    #[test]
    fn clear_text_is_for_this_machine_alone() {
        let with = |server| Settings::new("x".into(), server, KEY).err();
        assert_eq!(with("http://127.0.0.1:8080"), None);
        assert_eq!(with("https://pass.example.org"), None);
        assert_eq!(with("http://pass.example.org"), Some(SettingsTrouble::ClearText));
        assert_eq!(with("ftp://127.0.0.1"), Some(SettingsTrouble::Unreadable(SERVER)));
    }

    #[test]
    fn a_key_that_is_no_key_is_refused() {
        let trouble = Settings::new("x".into(), "https://pass.example.org", "42").err();
        assert_eq!(trouble, Some(SettingsTrouble::Unreadable(REGION_KEY)));
    }
}
