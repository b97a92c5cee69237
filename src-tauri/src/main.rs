//! The desktop's way into the shell; phones enter through the library.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    passregion_app::run();
}
