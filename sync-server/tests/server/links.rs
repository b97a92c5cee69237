//! The links of mails where the app is: asked and followed by it; and by what a phone knows that it may.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::http::{Method, StatusCode, header};
use serde_json::{Value, json};
use sync_server::{Apps, Setup, SystemClock, router};
use tower::ServiceExt;

use crate::account::{active, press};
use crate::phone::{PASSWORD, Phone};
use crate::postman::Postman;
use crate::world::{Answer, Server, get};

/// What the app makes of a link: its end alone.
fn end(link: &str) -> &str {
    link.rsplit('/').next().unwrap()
}

impl Phone {
    async fn looks_at(&self, server: &Server, link: &str) -> Answer {
        self.asks(server, Method::POST, "/v1/link", json!({ "link": end(link) })).await
    }

    async fn follows(&self, server: &Server, link: &str, password: Option<&str>) -> Answer {
        let ask = json!({ "link": end(link), "password": password });
        self.asks(server, Method::PUT, "/v1/link", ask).await
    }
}

#[tokio::test]
async fn a_link_is_looked_at_as_often_as_one_likes_and_followed_once() {
    let postman = Postman::start().await;
    let server = Server::with(&postman).await;
    let lina = active(&server, &postman, 1).await;
    let tablet = Phone::bound(&server, 9).await;
    assert_eq!(tablet.sign_in(&server, &lina, PASSWORD).await.status, StatusCode::OK);
    let ask = json!({ "number": lina.number });
    lina.asks(&server, Method::POST, "/v1/password/mail", ask).await;
    server.app.send_due_mail().await;
    let link = postman.brings_one().link();

    for _ in 0..2 {
        let told = tablet.looks_at(&server, &link).await.json();
        assert_eq!((&told["purpose"], &told["needs_password"]), (&json!("reset"), &json!(true)));
        assert_eq!(told["dossier"], lina.id.to_string());
        assert!(!told["number_masked"].as_str().unwrap().contains(&lina.number.to_string()));
    }
    let weak = tablet.follows(&server, &link, Some("Lina")).await;
    assert_eq!(weak.json()["refusals"][0]["field"], "password");
    let done = tablet.follows(&server, &link, Some("orage en mars sancy")).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    // Whoever followed it stays signed in; the others do not.
    assert_eq!(tablet.reads(&server, &lina, "").await.status, StatusCode::OK);
    assert_eq!(lina.standing(&server).await.code(), "session_over");
    for again in [
        tablet.looks_at(&server, &link).await.code(),
        tablet.follows(&server, &link, Some("des mots du voleur")).await.code(),
    ] {
        assert_eq!(again, "wrong_code");
    }
    let page = server.ask(press(&link, "password=des+mots&again=des+mots")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_that_is_none_and_a_device_that_is_none_get_nothing() {
    let server = Server::start().await;
    let phone = Phone::bound(&server, 1).await;
    let nobodys = "00".repeat(16);
    assert_eq!(phone.looks_at(&server, &nobodys).await.code(), "wrong_code");
    assert!(phone.looks_at(&server, "compte").await.status.is_client_error());
    let answer = server.ask(press("/v1/link", "")).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

/// The two files as a phone asks for them, of a server with these apps.
async fn vouched(apps: Apps) -> [(StatusCode, Value); 2] {
    let data = tempfile::tempdir().unwrap();
    let (app, _) = Setup::new(data.path(), Arc::new(SystemClock)).apps(apps).open().unwrap();
    let router = router(app);
    let mut told = Vec::new();
    for name in ["assetlinks.json", "apple-app-site-association"] {
        let request = get(&format!("/.well-known/{name}"));
        let answer = router.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        // Apple asks for JSON whatever the name of the file ends in.
        let is_found = status == StatusCode::OK;
        let kind = if is_found { "application/json" } else { "application/problem+json" };
        assert_eq!(answer.headers()[header::CONTENT_TYPE], kind);
        let body = axum::body::to_bytes(answer.into_body(), 10_000).await.unwrap();
        told.push((status, serde_json::from_slice(&body).unwrap()));
    }
    told.try_into().unwrap()
}

#[tokio::test]
async fn a_phone_learns_which_app_may_open_the_links_and_both_projects_ask_for_those() {
    let bytes = "AB:".repeat(31) + "CD";
    let apps = Apps {
        android: vec![format!("fr.passregion.app={bytes}").parse().unwrap()],
        ios: vec!["A1B2C3D4E5.fr.passregion.app".parse().unwrap()],
    };
    let [(android_status, android), (ios_status, ios)] = vouched(apps).await;
    assert_eq!((android_status, ios_status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(
        android,
        json!([{
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": "fr.passregion.app",
                "sha256_cert_fingerprints": [bytes],
            },
        }])
    );
    let app =
        json!({ "appIDs": ["A1B2C3D4E5.fr.passregion.app"], "components": [{ "/": "/compte/*" }] });
    assert_eq!(ios, json!({ "applinks": { "details": [app] } }));

    let project = |path: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::read_to_string(root.join("src-tauri").join(path)).unwrap()
    };
    let manifest = project("gen/android/app/src/main/AndroidManifest.xml");
    assert!(manifest.contains(r#"android:pathPrefix="/compte/""#));
    assert!(project("tauri.conf.json").contains(r#""identifier": "fr.passregion.app""#));
    assert!(project("gen/apple/project.yml").contains("applinks:"));
}

#[tokio::test]
async fn a_server_without_apps_vouches_for_none() {
    for (status, _) in vouched(Apps::default()).await {
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
}
