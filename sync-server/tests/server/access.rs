//! Who may do what: every route of the description (`docs/openapi.json`) asked by everybody.
//!
//! A route that the description has and this table has not fails the test, and so does any answer
//! that is not the one written here.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, header};
use dossier::sync::SyncAsk;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::account::active;
use crate::desk::Desk;
use crate::phone::{PASSWORD, Phone};
use crate::postman::Postman;
use crate::tablet::{Tablet, administrator, event};
use crate::world::{Answer, Server, with_token};

/// Longer than wrong tries are remembered, so that nobody has to wait for another's.
const TWO_HOURS_MS: i64 = 2 * 60 * 60_000;
/// What a reviewer's page leads to for whoever is none.
const AWAY: u16 = 303;

/// Who asks. The order is that of the columns below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Nobody,
    /// Another student, with a dossier of their own.
    Stranger,
    /// Another phone of the same student, which did not sign in.
    OtherPhone,
    /// Another one, which did.
    SignedIn,
    /// The phone that deposited the dossier.
    Depositor,
    /// The tablet of an event.
    Stand,
    Reviewer,
    /// Who also sends tablets to events.
    Administrator,
}

const EVERYBODY: [Who; 8] = [
    Who::Nobody,
    Who::Stranger,
    Who::OtherPhone,
    Who::SignedIn,
    Who::Depositor,
    Who::Stand,
    Who::Reviewer,
    Who::Administrator,
];

/// One answer for all.
const fn open(status: u16) -> [u16; 8] {
    [status; 8]
}

/// For any phone that told its space.
const fn phones(status: u16) -> [u16; 8] {
    [401, status, status, status, status, status, 401, 401]
}

/// For the phones that may read the dossier; to others it does not exist.
const fn readers(status: u16) -> [u16; 8] {
    [401, 404, 404, status, status, 404, 401, 401]
}

/// For the tablets of events; to other phones there is no stand.
const fn tablets(status: u16) -> [u16; 8] {
    [401, 404, 404, 404, 404, status, 401, 401]
}

/// For the reviewers' browsers.
const fn reviewers(status: u16) -> [u16; 8] {
    [AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, status, status]
}

/// For the administrators'.
const fn administrators(status: u16) -> [u16; 8] {
    [AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, 403, status]
}

/// What each route answers to whom, to a request that is right but for its secrets. Codes and
/// passwords are wrong (403 from whoever may try them): what they open is tested elsewhere.
const TABLE: &[(&str, [u16; 8])] = &[
    ("get /livez", open(200)),
    ("get /readyz", open(200)),
    ("get /v1/probe", open(200)),
    ("get /v1/key-set", open(200)),
    ("get /v1/status-list", open(200)),
    ("get /v1/reference", open(200)),
    ("get /v1/reference/{sha256}", open(404)),
    ("get /.well-known/assetlinks.json", open(404)),
    ("get /.well-known/apple-app-site-association", open(404)),
    ("get /automerge", open(400)),
    ("get /compte/{secret}", open(404)),
    ("post /compte/{secret}", open(404)),
    ("post /v1/activation/mail", open(204)),
    ("post /v1/password/mail", open(204)),
    ("post /v1/numbers/mail", open(204)),
    ("put /v1/space", [401, 403, 403, 403, 204, 403, 401, 401]),
    ("get /v1/poke", phones(400)),
    ("post /v1/sync", phones(200)),
    ("post /v1/activation", phones(403)),
    ("post /v1/link", phones(403)),
    ("put /v1/link", phones(403)),
    ("put /v1/password", phones(403)),
    ("post /v1/sign-in", open(401)),
    ("get /v1/photos/{sha256}", readers(200)),
    ("put /v1/photos/{sha256}", [401, 403, 403, 403, 204, 403, 401, 401]),
    ("put /v1/deposits/{draft}", [401, 403, 403, 403, 200, 403, 401, 401]),
    ("get /v1/deposits/{draft}", readers(200)),
    ("get /v1/dossiers/{draft}", readers(200)),
    ("put /v1/cards/{dossier}", readers(200)),
    ("get /v1/vignettes/{dossier}", readers(200)),
    ("put /v1/duplicates/{id}", readers(204)),
    // The very one that was asked for just now.
    ("delete /v1/duplicates/{id}", readers(200)),
    // Nobody asked for one.
    ("put /v1/corrections/{dossier}", readers(404)),
    // A code that nobody drew; no stand sealed it; nobody's slip.
    ("put /v1/stand", phones(403)),
    ("get /v1/stand", tablets(200)),
    ("get /v1/stand/prints", tablets(200)),
    ("put /v1/envelopes/{sha256}", phones(422)),
    ("get /v1/envelopes/{sha256}", phones(404)),
    ("put /v1/claims/{dossier}", phones(404)),
    ("get /v1/accounts/{dossier}", readers(200)),
    ("get /v1/accounts/{dossier}/devices", readers(200)),
    ("get /v1/accounts/{dossier}/export", readers(200)),
    ("get /v1/accounts/{dossier}/export.pdf", readers(200)),
    ("put /v1/accounts/{dossier}/password", readers(403)),
    ("post /v1/accounts/{dossier}/address", readers(403)),
    ("put /v1/accounts/{dossier}/address", readers(403)),
    ("put /v1/accounts/{dossier}/contact", readers(422)),
    ("post /v1/accounts/{dossier}/erasure", readers(403)),
    // The tablet, signed out by the first of the two.
    ("delete /v1/accounts/{dossier}/devices/{id}", [401, 404, 404, 204, 404, 404, 401, 401]),
    ("delete /v1/sign-in/{dossier}", readers(204)),
    ("get /desk", reviewers(200)),
    ("get /desk/dossiers/{id}", reviewers(200)),
    ("get /desk/dossiers/{id}/photo", reviewers(200)),
    ("get /desk/duplicates", reviewers(200)),
    ("get /desk/dossiers/{id}/photo/former", reviewers(404)),
    ("get /desk/stands", administrators(200)),
    ("post /desk/stands", administrators(422)),
    ("get /desk/stands/{id}", administrators(200)),
    ("post /desk/stands/{id}/tablets", administrators(200)),
    // Not confirmed.
    ("post /desk/tablets/{id}/revoke", administrators(400)),
    ("get /desk/envelopes/{sha256}", administrators(404)),
    ("post /desk/envelopes/{sha256}/retry", administrators(404)),
    // Not confirmed.
    ("post /desk/envelopes/{sha256}/discard", administrators(400)),
    // Also an administrator decides, and may press twice what was decided.
    ("post /desk/dossiers/{id}/accept", [AWAY, AWAY, AWAY, AWAY, AWAY, AWAY, 303, 409]),
    ("post /desk/dossiers/{id}/card", reviewers(400)),
    ("post /desk/dossiers/{id}/movement", reviewers(400)),
    ("post /desk/dossiers/{id}/correct", reviewers(422)),
    ("post /desk/dossiers/{id}/refuse", reviewers(422)),
    // It was accepted before.
    ("post /desk/dossiers/{id}/take", reviewers(409)),
    ("post /desk/sign-out", reviewers(303)),
    ("get /desk/sign-in", open(200)),
    ("post /desk/sign-in", open(401)),
    ("get /desk/style.css", open(200)),
];

/// What ends something, and somebody's access, is asked last, in this order: each question takes two
/// hours, and a request can be taken back within a day.
const LAST: [&str; 3] =
    ["put /v1/duplicates/{id}", "delete /v1/duplicates/{id}", "delete /v1/sign-in/{dossier}"];

/// Lina's dossier, and everybody around it.
struct Scene {
    server: Server,
    lina: Phone,
    heads: Vec<String>,
    stranger: Phone,
    other: Phone,
    signed_in: Phone,
    tablet: i64,
    stand: Phone,
    event: Uuid,
}

impl Scene {
    async fn set() -> Self {
        let postman = Postman::start().await;
        let server = Server::with(&postman).await;
        let mut lina = active(&server, &postman, 1).await;
        let heads = lina.draft.heads().iter().map(hex::encode).collect();
        let stranger = Phone::deposited(&server, 2).await;
        let other = Phone::bound(&server, 3).await;
        let (signed_in, tablet) = (Phone::bound(&server, 4).await, Phone::bound(&server, 5).await);
        for device in [&signed_in, &tablet] {
            assert!(device.sign_in(&server, &lina, PASSWORD).await.status.is_success());
        }
        let devices = tablet.reads(&server, &lina, "/devices").await.json();
        let devices = devices.as_array().unwrap();
        let here = devices.iter().find(|device| device["here"] == true).unwrap();
        let tablet = here["id"].as_i64().unwrap();
        let odile = administrator(&server).await;
        let event = event(&server, &odile).await;
        let stand = Tablet::at(&server, event, 6).await.device;
        Self { server, lina, heads, stranger, other, signed_in, tablet, stand, event }
    }

    /// The address of a route, all of it about Lina.
    fn path(&self, template: &str) -> String {
        let id = match template {
            "/v1/accounts/{dossier}/devices/{id}" => self.tablet.to_string(),
            "/v1/duplicates/{id}" => Uuid::from_bytes([42; 16]).to_string(),
            _ if template.starts_with("/desk/stands/") => self.event.to_string(),
            _ => self.lina.id.to_string(),
        };
        let sha256 = match template {
            "/v1/photos/{sha256}" => self.lina.photo_hash(),
            _ => "0".repeat(64),
        };
        let dossier = self.lina.id.to_string();
        template
            .replace("{dossier}", &dossier)
            .replace("{draft}", &dossier)
            .replace("{id}", &id)
            .replace("{sha256}", &sha256)
            .replace("{secret}", &"0".repeat(32))
    }

    /// What is sent there.
    fn body(&self, route: &str) -> Vec<u8> {
        let (number, code) = (&self.lina.number, "00000000");
        let ask: Value = match route {
            "post /v1/sync" => return SyncAsk::at([0; 16], 0).to_bytes(),
            "put /v1/photos/{sha256}" => return self.lina.photo.clone(),
            "post /desk/sign-in" => return b"name=reviewer&password=wrong".to_vec(),
            "put /v1/space" => json!({ "space": self.lina.space }),
            "put /v1/deposits/{draft}" => json!({
                "number": number, "heads": self.heads, "photo": self.lina.photo_hash(),
                "password": PASSWORD,
            }),
            "put /v1/cards/{dossier}" => {
                let key = dossier::signed::SigningKey::from_bytes(&[7; 32]);
                let key = hex::encode(key.verifying_key().to_bytes());
                json!({ "device_key": key, "moving": false })
            }
            "post /v1/link" | "put /v1/link" => json!({ "link": "0".repeat(32), "password": null }),
            "put /v1/stand" => {
                let key = dossier::signed::SigningKey::from_bytes(&[7; 32]);
                let key = hex::encode(key.verifying_key().to_bytes());
                json!({ "token": "0".repeat(32), "device_key": key, "name": "" })
            }
            "put /v1/claims/{dossier}" => json!({ "secret": "0".repeat(32) }),
            "put /v1/corrections/{dossier}" => {
                json!({ "correction": Uuid::from_bytes([43; 16]), "typed": {}, "photo": null })
            }
            "put /v1/duplicates/{id}" => json!({ "dossier": self.lina.id, "reason": "PERTE" }),
            "post /v1/activation" => json!({ "number": number, "code": code }),
            "put /v1/password" => json!({ "number": number, "code": code, "password": PASSWORD }),
            "post /v1/sign-in" => json!({ "number": number, "password": "wrong", "device": "" }),
            "post /v1/numbers/mail" => json!({ "email": "lina.moreau@example.fr" }),
            "post /v1/activation/mail" | "post /v1/password/mail" => json!({ "number": number }),
            "put /v1/accounts/{dossier}/password" => {
                json!({ "current": "wrong", "password": "un tout autre secret" })
            }
            "post /v1/accounts/{dossier}/address" => {
                json!({ "email": "autre@example.fr", "password": "wrong" })
            }
            "put /v1/accounts/{dossier}/address" => json!({ "code": code }),
            "put /v1/accounts/{dossier}/contact" => json!({ "typed": {} }),
            "post /v1/accounts/{dossier}/erasure" => json!({ "password": "wrong" }),
            _ => return Vec::new(),
        };
        ask.to_string().into_bytes()
    }

    async fn asked(&self, who: Who, route: &str) -> Answer {
        self.server.wait_ms(TWO_HOURS_MS);
        let (method, template) = route.split_once(' ').unwrap();
        let method: Method = method.to_uppercase().parse().unwrap();
        let (path, mut body) = (self.path(template), self.body(route));
        let phone = match who {
            Who::Nobody | Who::Reviewer | Who::Administrator => None,
            Who::Stranger => Some(&self.stranger),
            Who::OtherPhone => Some(&self.other),
            Who::SignedIn => Some(&self.signed_in),
            Who::Depositor => Some(&self.lina),
            Who::Stand => Some(&self.stand),
        };
        let mut cookie = None;
        if matches!(who, Who::Reviewer | Who::Administrator) {
            let desk = match who {
                Who::Administrator => administrator(&self.server).await,
                _ => Desk::signed_in(&self.server).await,
            };
            if template.starts_with("/desk") && body.is_empty() {
                body = format!("csrf={}", desk.csrf).into_bytes();
            }
            cookie = Some(desk.cookie);
        }
        let token = phone.map_or("", |phone| &phone.token);
        let mut request = with_token(method, &path, token, body);
        prepare(&mut request, template, phone.is_none(), cookie.as_deref());
        self.server.ask(request).await
    }
}

/// What a browser says and a phone does not, and the other way round.
fn prepare(request: &mut Request<Body>, template: &str, no_token: bool, cookie: Option<&str>) {
    let headers = request.headers_mut();
    if no_token {
        headers.remove(header::AUTHORIZATION);
    }
    if let Some(cookie) = cookie {
        headers.insert(header::COOKIE, cookie.parse().unwrap());
    }
    if template.starts_with("/desk") || template.starts_with("/compte") {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
    }
}

/// Every route of the description, as the table names it.
fn described() -> Vec<String> {
    let description: Value =
        serde_json::from_str(include_str!("../../../docs/openapi.json")).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let routes = |(path, item): (&String, &Value)| {
        let methods: Vec<String> = item.as_object().unwrap().keys().cloned().collect();
        let path = path.clone();
        methods.into_iter().map(move |method| format!("{method} {path}"))
    };
    paths.iter().flat_map(routes).collect()
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_table_says() {
    let table: BTreeMap<&str, [u16; 8]> = TABLE.iter().copied().collect();
    let mut routes = described();
    assert!(routes.len() >= 70, "the description lost routes");
    routes.sort_by_key(|route| LAST.iter().position(|last| last == route));
    let scene = Scene::set().await;
    let mut wrong = Vec::new();
    for route in &routes {
        let Some(expected) = table.get(route.as_str()) else {
            wrong.push(format!("{route}: who may do this? The table of this test does not say"));
            continue;
        };
        for (who, expected) in EVERYBODY.into_iter().zip(expected) {
            let answer = scene.asked(who, route).await;
            let status = answer.status.as_u16();
            if status != *expected {
                wrong.push(format!("{route}, {who:?}: {status} instead of {expected}"));
            }
            // To be led to the sign-in is to be refused; to the queue, to be heard.
            let is_away = answer.header(header::LOCATION) == "/desk/sign-in";
            let may =
                matches!(who, Who::Reviewer | Who::Administrator) && !route.ends_with("sign-out");
            if status == AWAY && is_away == may {
                wrong.push(format!("{route}, {who:?}: led to the wrong page"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for row in table.keys() {
        assert!(routes.iter().any(|route| route == row), "{row} is no route any more");
    }
}
