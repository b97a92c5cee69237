//! `/.well-known/…`: which apps may open the links of our mails, so that a phone asks nobody else.

use std::str::FromStr;

use axum::extract::State;
use dossier::account::Link;
use serde_json::{Value, json};

use crate::app::App;
use crate::failure::Failure;

/// An app on Android and the certificate it is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AndroidApp {
    package: String,
    certificate: String,
}

/// An app on iOS, by its team and bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IosApp(String);

/// The apps that this server vouches for. Without one of a kind, phones of that kind open a browser.
#[derive(Debug, Clone, Default)]
pub struct Apps {
    /// One entry for each certificate: the shop's, and that of whoever tries a build.
    pub android: Vec<AndroidApp>,
    /// One entry for each team.
    pub ios: Vec<IosApp>,
}

/// Dotted parts of letters, digits, `_` and `-`: how both systems name an app.
fn is_name(text: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-".contains(&it))
    };
    text.contains('.') && text.split('.').all(fits)
}

/// `PACKAGE=SHA-256`, the fingerprint as `keytool` prints it.
impl FromStr for AndroidApp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (package, certificate) =
            text.split_once('=').ok_or("an Android app is given as PACKAGE=SHA-256")?;
        let is_byte = |it: &str| it.len() == 2 && it.bytes().all(|it| it.is_ascii_hexdigit());
        let bytes = certificate.split(':').filter(|it| is_byte(it)).count();
        if !is_name(package) {
            return Err("a package is named like fr.passregion.app");
        }
        if bytes != 32 || certificate.len() != 32 * 3 - 1 {
            return Err("a certificate's SHA-256 is 32 bytes with colons, as keytool prints it");
        }
        Ok(Self { package: package.to_owned(), certificate: certificate.to_ascii_uppercase() })
    }
}

/// `TEAM.BUNDLE`: ten letters and digits, then the bundle.
impl FromStr for IosApp {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_team = |it: &str| {
            it.len() == 10 && it.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit())
        };
        match text.split_once('.') {
            Some((team, bundle)) if is_team(team) && is_name(bundle) => Ok(Self(text.to_owned())),
            _ => Err("an iOS app is given as TEAM.BUNDLE: A1B2C3D4E5.fr.passregion.app"),
        }
    }
}

/// `/.well-known/assetlinks.json`, for Android.
#[utoipa::path(
    get,
    path = "/.well-known/assetlinks.json",
    responses((status = 200, body = Value, content_type = "application/json")),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn asset_links(State(app): State<App>) -> Result<axum::Json<Value>, Failure> {
    let of = |it: &AndroidApp| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": it.package,
                "sha256_cert_fingerprints": [it.certificate],
            },
        })
    };
    if app.apps.android.is_empty() {
        return Err(Failure::Unknown);
    }
    Ok(axum::Json(app.apps.android.iter().map(of).collect()))
}

/// `/.well-known/apple-app-site-association`, for iOS.
#[utoipa::path(
    get,
    path = "/.well-known/apple-app-site-association",
    responses((status = 200, body = Value, content_type = "application/json")),
    extensions(("x-failures" = json!(["unknown"]))),
)]
pub(crate) async fn site_association(State(app): State<App>) -> Result<axum::Json<Value>, Failure> {
    let ids: Vec<&str> = app.apps.ios.iter().map(|it| it.0.as_str()).collect();
    if ids.is_empty() {
        return Err(Failure::Unknown);
    }
    let links = json!([{ "/": format!("{}*", Link::PATH) }]);
    let details = json!([{ "appIDs": ids, "components": links }]);
    Ok(axum::Json(json!({ "applinks": { "details": details } })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:\
         16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";

    #[test]
    fn an_app_is_named_whole_or_not_at_all() {
        let good = format!("fr.passregion.app={}", CERTIFICATE.to_lowercase());
        assert_eq!(good.parse::<AndroidApp>().unwrap().certificate, CERTIFICATE);
        for wrong in [
            "fr.passregion.app",
            "fr.passregion.app=14:6D",
            &format!("app={CERTIFICATE}"),
            &format!("fr.passregion.app={CERTIFICATE}:00"),
            &format!("fr..app={CERTIFICATE}"),
            &format!("fr.passregion.app={}", CERTIFICATE.replace(':', "")),
        ] {
            assert!(wrong.parse::<AndroidApp>().is_err(), "{wrong}");
        }
        assert!("A1B2C3D4E5.fr.passregion.app".parse::<IosApp>().is_ok());
        for wrong in ["fr.passregion.app", "a1b2c3d4e5.fr.passregion.app", "A1B2C3D4E5.app"] {
            assert!(wrong.parse::<IosApp>().is_err(), "{wrong}");
        }
    }
}
