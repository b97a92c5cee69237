//! Prepares what the shell embeds: the configuration, the capabilities and the built screens.

fn main() -> std::io::Result<()> {
    // The screens are built by npm, not by cargo. An empty folder lets the shell be checked in a
    // fresh clone; a build of the screens later embeds them anew.
    std::fs::create_dir_all("../ui/dist")?;
    println!("cargo:rerun-if-changed=../ui/dist");
    tauri_build::build();
    Ok(())
}
