//! Which pages the window may show: ours, and no other.
//! The camera is granted without asking for the origin, so no foreign page may ever load.

use tauri::plugin::{Builder, TauriPlugin};
use tauri::{Url, Wry};

/// Cancels every navigation that leaves the app.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    Builder::new("lock").on_navigation(|_, url| is_ours(url)).build()
}

/// The app's own origin: a scheme of its own, or a host of its own where the web view
/// (Android, Windows) knows only http.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_apps_own_origin_is_shown() {
        for (address, ours) in [
            ("tauri://localhost/", true),
            ("tauri://localhost/dossiers/7?step=photo", true),
            ("http://tauri.localhost/", true),
            ("http://tauri.localhost:8080/", false),
            ("https://example.org/", false),
            ("http://localhost/", false),
            ("tauri://elsewhere/", false),
            ("data:text/html,hello", false),
            ("file:///etc/passwd", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_ours(&Url::parse(address).unwrap()), ours, "{address}");
        }
    }
}
