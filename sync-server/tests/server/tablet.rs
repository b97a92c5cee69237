//! The tablet of a stand, as far as the server can see one.

use axum::http::{Method, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::document::Hash;
use dossier::signed::SigningKey;
use dossier::stand::claim::ClaimCode;
use dossier::stand::envelope::{Enrolment, Envelope, Sealing, seal};
use dossier::stand::print::prints;
use dossier::stand::setup::SetupCode;
use serde_json::{Value, json};
use time::macros::date;
use uuid::Uuid;

use crate::desk::Desk;
use crate::phone::{Phone, key_set};
use crate::world::{Answer, Server, with_token};

pub(crate) struct Tablet {
    pub(crate) device: Phone,
    pub(crate) stand: Uuid,
    pub(crate) event: Uuid,
    pub(crate) key: SigningKey,
    pub(crate) prints_key: [u8; 32],
    pub(crate) sequence: u32,
}

/// Odile, who sends tablets to events.
pub(crate) async fn administrator(server: &Server) -> Desk {
    let odile = "INSERT INTO reviewer (name, password_hash, role)
         SELECT 'Odile', password_hash, 'administrator' FROM reviewer WHERE name = 'reviewer'
         ON CONFLICT (name) DO NOTHING";
    server.kept.change(odile).unwrap();
    Desk::signed_in_as(server, "Odile").await
}

/// The forum of Aurillac, which lasts two days.
pub(crate) async fn event(server: &Server, odile: &Desk) -> Uuid {
    let fields = [
        ("name", "Forum des lycées"),
        ("place", "Aurillac"),
        ("first_day", "2026-11-22"),
        ("last_day", "2026-11-23"),
        ("schools", "0630020E"),
        ("most_cards", "300"),
    ];
    let made = odile.post(server, "/desk/stands", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let place = made.header(header::LOCATION).strip_prefix("/desk/stands/").unwrap();
    place.parse().unwrap()
}

/// The code that the desk shows for one more tablet.
pub(crate) async fn code(server: &Server, odile: &Desk, event: Uuid) -> SetupCode {
    let page = odile.post(server, &format!("/desk/stands/{event}/tablets"), &[]).await.text();
    assert!(page.contains("<svg"), "a code to scan: {page}");
    let text = page.split("PRS1:").nth(1).unwrap().split('<').next().unwrap();
    SetupCode::read(&format!("PRS1:{text}")).unwrap()
}

/// Asks for the tablet of a code.
pub(crate) async fn ask(
    server: &Server,
    device: &Phone,
    key: &SigningKey,
    code: &SetupCode,
) -> Answer {
    let body = json!({
        "token": hex::encode(*code.token),
        "device_key": hex::encode(key.verifying_key().to_bytes()),
        "name": "Tablette  3",
    });
    device.asks(server, Method::PUT, "/v1/stand", body).await
}

impl Tablet {
    /// A tablet of a new event, whose everything follows from one letter.
    pub(crate) async fn at_an_event(server: &Server, letter: u8) -> Self {
        let odile = administrator(server).await;
        let event = event(server, &odile).await;
        Self::at(server, event, letter).await
    }

    /// A tablet of this event.
    pub(crate) async fn at(server: &Server, event: Uuid, letter: u8) -> Self {
        let odile = administrator(server).await;
        let code = code(server, &odile, event).await;
        let (device, key) =
            (Phone::bound(server, letter).await, SigningKey::from_bytes(&[letter; 32]));
        let told = ask(server, &device, &key, &code).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        let told = told.json();
        let prints_key: Vec<u8> = hex::decode(told["prints_key"].as_str().unwrap()).unwrap();
        Self {
            device,
            stand: told["stand"].as_str().unwrap().parse().unwrap(),
            event,
            key,
            prints_key: prints_key.try_into().unwrap(),
            sequence: 0,
        }
    }

    /// Seals what a student answered, under the next number.
    pub(crate) async fn seal(&mut self, server: &Server, student: &mut Phone) -> Envelope {
        self.sequence += 1;
        self.seal_as(server, student, None).await
    }

    /// Seals it once more, in the place of the one of this digest.
    pub(crate) async fn seal_again(
        &mut self,
        server: &Server,
        student: &mut Phone,
        former: Hash,
    ) -> Envelope {
        self.sequence += 1;
        self.seal_as(server, student, Some(former)).await
    }

    async fn seal_as(
        &self,
        server: &Server,
        student: &mut Phone,
        supersedes: Option<Hash>,
    ) -> Envelope {
        let enrolment = Enrolment {
            dossier: student.id.into_bytes().into(),
            number: student.number.as_str().to_owned(),
            heads: student.draft.heads().into_iter().map(Into::into).collect(),
            changes: student.changes.iter().map(|it| it.bytes.clone().into()).collect(),
            photo: student.photo.clone().into(),
            agent: "Karim".to_owned(),
            finished_at_ms: 1_795_348_800_000,
            claim: slip(student, self.sequence).hash().into(),
        };
        let sealing = Sealing {
            keys: &key_set(server).await,
            stand: self.stand.into_bytes(),
            sequence: self.sequence,
            supersedes,
            prints: prints(&self.prints_key, "Moreau", "Lina", date!(2009 - 03 - 07)),
            device: &self.key,
            now_ms: 1_795_348_800_000,
            entropy: [self.sequence as u8; 32],
        };
        seal(&enrolment, &sealing).unwrap()
    }

    /// Sends an envelope.
    pub(crate) async fn send(&self, server: &Server, envelope: &Envelope) -> Answer {
        put(server, &self.device, &envelope.digest, envelope.bytes.clone()).await
    }

    /// Sends an envelope, which arrives; what became of it.
    pub(crate) async fn brings(&self, server: &Server, envelope: &Envelope) -> String {
        let answer = self.send(server, envelope).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["state"].as_str().unwrap().to_owned()
    }

    /// Whatever this tablet asks for itself.
    pub(crate) async fn asks(&self, server: &Server, path: &str) -> Answer {
        self.device.asks(server, Method::GET, path, Value::Null).await
    }
}

/// Puts these bytes under that name.
pub(crate) async fn put(server: &Server, device: &Phone, digest: &Hash, bytes: Vec<u8>) -> Answer {
    let path = format!("/v1/envelopes/{}", hex::encode(digest));
    server.ask(with_token(Method::PUT, &path, &device.token, bytes)).await
}

/// What stands on the slip of a student, when it was printed with this envelope.
pub(crate) fn slip(student: &Phone, sequence: u32) -> ClaimCode {
    ClaimCode { dossier: student.id.into_bytes(), secret: [sequence as u8; 16] }
}

/// Claims a dossier on this phone, by the secret of a slip.
pub(crate) async fn claim(server: &Server, phone: &Phone, slip: &ClaimCode) -> Answer {
    let path = format!("/v1/claims/{}", Uuid::from_bytes(slip.dossier));
    let body = json!({ "secret": hex::encode(slip.secret) });
    phone.asks(server, Method::PUT, &path, body).await
}

/// A student whose everything follows from one letter, and who answered everything at a stand.
pub(crate) fn student(server: &Server, letter: u8) -> Phone {
    let mut student = Phone::new(letter);
    student.fill(server);
    student
}

/// The signed receipt of an answer.
pub(crate) fn receipt(answer: &Answer) -> Vec<u8> {
    base64(&answer.json()["receipt"])
}

/// The bytes of a text in base64.
pub(crate) fn base64(text: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(text.as_str().unwrap()).unwrap()
}
