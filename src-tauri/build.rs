//! Prepares what the shell embeds: the configuration, the capabilities and the built screens.

use std::env;
use std::io::{Error, Result};

/// Where the phones' projects say whose links open the app.
const PROJECTS: [(&str, &str); 2] = [
    ("gen/android/app/src/main/AndroidManifest.xml", "android:host=\""),
    ("gen/apple/project.yml", "applinks:"),
];

fn main() -> Result<()> {
    links_are_the_servers()?;
    // The screens are built by npm, not by cargo. An empty folder lets the shell be checked in a
    // fresh clone; a build of the screens later embeds them anew.
    std::fs::create_dir_all("../ui/dist")?;
    println!("cargo:rerun-if-changed=../ui/dist");
    tauri_build::build();
    Ok(())
}

/// An app for a phone whose links are another server's would open none of its mails: such a build is
/// refused. Without a server's address it is only a check of types.
fn links_are_the_servers() -> Result<()> {
    println!("cargo:rerun-if-env-changed=PASSREGION_SERVER");
    let is_phone =
        ["android", "ios"].contains(&env::var("CARGO_CFG_TARGET_OS").unwrap_or_default().as_str());
    let Some(server) = env::var("PASSREGION_SERVER").ok().filter(|_| is_phone) else {
        return Ok(());
    };
    let host = server.strip_prefix("https://").unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    for (project, before) in PROJECTS {
        println!("cargo:rerun-if-changed={project}");
        if !std::fs::read_to_string(project)?.contains(&format!("{before}{host}\"")) {
            return Err(Error::other(format!(
                "{project} does not open the links of {host}: see docs/MOBILE.md"
            )));
        }
    }
    Ok(())
}
