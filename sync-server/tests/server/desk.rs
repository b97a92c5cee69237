//! The reviewers' desk.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use sync_server::{PhotoPlace, Place, SystemClock, User, UserTask, tend_users};
use uuid::Uuid;

use crate::phone::Phone;
use crate::world::{Answer, Server, get};

/// A reviewer's browser.
pub(crate) struct Desk {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace('%', "%25").replace(' ', "+")))
        .collect();
    Request::post(path)
        .header(header::HOST, "desk.test")
        .header(header::ORIGIN, "http://desk.test")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.join("&").into())
        .unwrap()
}

pub(crate) async fn sign_in(server: &Server, name: &str, password: &str) -> Answer {
    server.ask(form("/desk/sign-in", "", &[("name", name), ("password", password)])).await
}

impl Desk {
    pub(crate) async fn signed_in(server: &Server) -> Self {
        Self::signed_in_as(server, "reviewer").await
    }

    pub(crate) async fn signed_in_as(server: &Server, name: &str) -> Self {
        let answer = sign_in(server, name, &server.password).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.header(header::LOCATION), "/desk");
        let set = answer.header(header::SET_COOKIE);
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"), "{set}");
        let cookie = set.split(';').next().unwrap().to_owned();
        let desk = Self { cookie, csrf: String::new() };
        let page = desk.get(server, "/desk").await.text();
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let csrf = csrf.split('"').next().unwrap().to_owned();
        Self { csrf, ..desk }
    }

    pub(crate) async fn get(&self, server: &Server, path: &str) -> Answer {
        let mut request = get(path);
        request.headers_mut().insert(header::COOKIE, self.cookie.parse().unwrap());
        server.ask(request).await
    }

    pub(crate) async fn post(
        &self,
        server: &Server,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let fields = [&[("csrf", self.csrf.as_str())], fields].concat();
        server.ask(form(path, &self.cookie, &fields)).await
    }

    pub(crate) async fn accept(&self, server: &Server, id: Uuid) -> Answer {
        self.post(server, &format!("/desk/dossiers/{id}/accept"), &[]).await
    }

    /// Asks for topics again, with a note.
    pub(crate) async fn correct(
        &self,
        server: &Server,
        id: Uuid,
        fields: &[(&str, &str)],
    ) -> Answer {
        self.post(server, &format!("/desk/dossiers/{id}/correct"), fields).await
    }

    /// Says how far the plastic card has come.
    pub(crate) async fn make(&self, server: &Server, id: Uuid, stage: &str) {
        let path = format!("/desk/dossiers/{id}/card");
        let answer = self.post(server, &path, &[("stage", stage)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    }

    pub(crate) async fn refuse(
        &self,
        server: &Server,
        id: Uuid,
        fields: &[(&str, &str)],
    ) -> Answer {
        self.post(server, &format!("/desk/dossiers/{id}/refuse"), fields).await
    }
}

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_sign_in() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let dossier = format!("/desk/dossiers/{}", lina.id);
    for path in ["/desk", "/desk/duplicates", &dossier, &format!("{dossier}/photo")] {
        let answer = server.ask(get(path)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert_eq!(answer.header(header::LOCATION), "/desk/sign-in");
    }
    let stolen = form(&format!("{dossier}/accept"), "passregion_desk=00", &[]);
    assert_eq!(server.ask(stolen).await.header(header::LOCATION), "/desk/sign-in");
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
}

#[tokio::test]
async fn a_form_without_the_sessions_token_or_from_elsewhere_is_refused() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    let other = Desk::signed_in(&server).await;
    let path = format!("/desk/dossiers/{}/accept", lina.id);
    for csrf in ["", "00", other.csrf.as_str()] {
        let answer = server.ask(form(&path, &desk.cookie, &[("csrf", csrf)])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    for origin in ["http://evil.test", "null", "https://desk.test.evil.test"] {
        let mut request = form(&path, &desk.cookie, &[("csrf", &desk.csrf)]);
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(server.ask(request).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(lina.standing(&server).await.json()["state"], "received");
}

#[tokio::test]
async fn the_reviewer_sees_the_dossier_with_its_photo_and_every_view_is_audited() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    let queue = desk.get(&server, "/desk").await;
    assert!(queue.text().contains(&lina.number.to_string()));
    for (name, part) in [
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        assert!(queue.header(name.clone()).contains(part), "{name}");
    }
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await.text();
    for shown in ["Lina Moreau", "LOT SIDOINE APOLLINAIRE", "12 rue Blatin", "7 mars 2009"] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    let photo = desk.get(&server, &format!("/desk/dossiers/{}/photo", lina.id)).await;
    assert_eq!(photo.body, lina.photo);
    assert_eq!(photo.header(header::CONTENT_TYPE), "image/jpeg");
    let actions: Vec<String> = server.kept.column("SELECT action FROM audit ORDER BY id");
    assert_eq!(actions, ["signed_in", "queue_seen", "queue_seen", "dossier_seen", "photo_seen"]);
}

#[tokio::test]
async fn a_refusal_needs_a_reason_and_the_phone_reads_it() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    for unexplained in [&[("note", "rien a dire")][..], &[("reasons", "AUTRE"), ("note", " ")]] {
        let answer = desk.refuse(&server, lina.id, unexplained).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("au moins un motif"));
    }
    let fields = [("reasons", "TROP_SOMBRE"), ("reasons", "PHOTO_FLOUE"), ("note", "Tourne-toi.")];
    assert_eq!(desk.refuse(&server, lina.id, &fields).await.status, StatusCode::SEE_OTHER);
    let standing = lina.standing(&server).await.json();
    assert_eq!(standing["state"], "refused");
    assert_eq!(standing["decision"]["reasons"], serde_json::json!(["PHOTO_FLOUE", "TROP_SOMBRE"]));
    assert_eq!(standing["decision"]["note"], "Tourne-toi.");
    assert_eq!(standing["card"], serde_json::Value::Null);
    let page = desk.get(&server, &format!("/desk/dossiers/{}", lina.id)).await.text();
    assert!(page.contains("Photo floue") && !page.contains("Accepter"));
}

#[tokio::test]
async fn every_measure_of_a_photo_is_shown_and_a_failing_one_marks_queue_and_reason() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    assert!(desk.get(&server, "/desk").await.text().contains("photo à vérifier"));
    let path = format!("/desk/dossiers/{}", lina.id);
    let page = desk.get(&server, &path).await.text();
    for shown in
        ["Contrôle de la photo", "Un seul visage", "non respecté", "mesuré\u{a0}: aucun visage"]
    {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    assert!(!page.contains("explique"), "nothing was explained");

    // A dossier from the time before photos were measured.
    server.kept.change("DELETE FROM photo_report").unwrap();
    let page = desk.get(&server, &path).await.text();
    assert!(page.contains("avant que les photos soient contrôlées"));
    assert!(!desk.get(&server, "/desk").await.text().contains("photo à vérifier"));
}

#[tokio::test]
async fn a_decided_dossier_is_not_decided_again() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    let desk = Desk::signed_in(&server).await;
    desk.accept(&server, lina.id).await;
    assert_eq!(desk.accept(&server, lina.id).await.status, StatusCode::CONFLICT);
    let refused = desk.refuse(&server, lina.id, &[("reasons", "PHOTO_FLOUE")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("déjà été traité"));
    assert_eq!(server.sql::<i64>("SELECT count(*) FROM decision"), 1);
    let unknown = desk.accept(&server, Uuid::from_bytes([9; 16])).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let nonsense = desk.get(&server, "/desk/dossiers/nonsense").await;
    assert!(nonsense.text().contains("Page introuvable"));
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_a_pause_and_by_the_day() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    assert_eq!(desk.post(&server, "/desk/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::SEE_OTHER);

    let desk = Desk::signed_in(&server).await;
    server.wait_ms(14 * 60_000);
    assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::OK);
    server.wait_ms(15 * 60_000);
    assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::SEE_OTHER);

    let desk = Desk::signed_in(&server).await;
    for _ in 0..59 {
        server.wait_ms(10 * 60_000);
        assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::OK);
    }
    server.wait_ms(10 * 60_000);
    assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn known_and_unknown_accounts_are_refused_with_the_same_words_and_then_wait() {
    let server = Server::start().await;
    let known = sign_in(&server, "reviewer", "wrong").await;
    let unknown = sign_in(&server, "nobody", "wrong").await;
    assert_eq!(known.status, StatusCode::UNAUTHORIZED);
    assert_eq!((unknown.status, unknown.text()), (known.status, known.text()));
    for name in ["reviewer", "nobody"] {
        for _ in 0..4 {
            assert_eq!(sign_in(&server, name, "wrong").await.status, StatusCode::UNAUTHORIZED);
        }
        let waiting = sign_in(&server, name, &server.password).await;
        assert_eq!(waiting.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
    }
    server.wait_ms(30_000);
    let right = sign_in(&server, "reviewer", &server.password).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_reviewer_who_is_closed_at_the_console_is_out_at_once_and_comes_in_no_more() {
    let server = Server::start().await;
    let desk = Desk::signed_in(&server).await;
    let (data, database) = (server.data.path().to_owned(), server.kept.address());
    let of = Place { data, database, photos: PhotoPlace::File };
    let task = UserTask::Close(User { name: "reviewer".to_owned(), of });
    let closed = tokio::task::spawn_blocking(move || tend_users(&task, &SystemClock));
    closed.await.unwrap().unwrap();
    assert_eq!(desk.get(&server, "/desk").await.status, StatusCode::SEE_OTHER);
    let again = sign_in(&server, "reviewer", &server.password).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn neither_audit_nor_decisions_can_be_changed() {
    let server = Server::start().await;
    let lina = Phone::deposited(&server, 1).await;
    Desk::signed_in(&server).await.accept(&server, lina.id).await;
    for table in ["audit", "decision"] {
        assert!(server.kept.change(&format!("DELETE FROM {table}")).is_err());
        assert!(server.kept.change(&format!("UPDATE {table} SET at_ms = 0")).is_err());
    }
}
