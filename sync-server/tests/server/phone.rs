//! A phone, as far as the server can see one.

use axum::http::{Method, StatusCode};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use dossier::card::status_list::StatusList;
use dossier::card::vignette::Vignette;
use dossier::document::{Change, Draft, Hash};
use dossier::form::Field;
use dossier::form::charter::Acceptance;
use dossier::number::DossierNumber;
use dossier::signed::SigningKey;
use dossier::signed::keys::KeySet;
use dossier::sync::{DraftChanges, OfferedPhoto, SyncAnswer, SyncAsk};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::world::{Answer, Server, get, with_token};

pub(crate) const PASSWORD: &str = "neige en aout volcan";

pub(crate) struct Phone {
    pub(crate) token: String,
    pub(crate) space: Uuid,
    pub(crate) id: Uuid,
    pub(crate) draft: Draft,
    pub(crate) changes: Vec<Change>,
    pub(crate) number: DossierNumber,
    pub(crate) photo: Vec<u8>,
}

impl Phone {
    /// A phone whose everything follows from one letter, bound to its space.
    pub(crate) async fn bound(server: &Server, letter: u8) -> Self {
        let phone = Self::new(letter);
        assert_eq!(phone.bind(server).await.status, StatusCode::NO_CONTENT);
        phone
    }

    pub(crate) fn new(letter: u8) -> Self {
        Self {
            token: hex::encode([letter; 32]),
            space: Uuid::from_bytes([letter; 16]),
            id: Uuid::from_bytes([letter ^ 0x55; 16]),
            draft: Draft::new(&[letter; 16]),
            changes: Vec::new(),
            number: DossierNumber::draw([letter; 16]),
            photo: portrait_of(letter),
        }
    }

    pub(crate) async fn bind(&self, server: &Server) -> Answer {
        let body = json!({ "space": self.space }).to_string();
        server.ask(with_token(Method::PUT, "/v1/space", &self.token, body)).await
    }

    pub(crate) fn set(&mut self, field: Field, typed: &str) {
        self.changes.extend(self.draft.set(field, typed, 1_000));
    }

    /// Everything that a student answers.
    pub(crate) fn fill(&mut self, server: &Server) {
        let charter = &server.pack.charter;
        let acceptance = Acceptance {
            version: charter.version.clone(),
            hash: charter.hash.clone(),
            accepted_at_ms: 1_000,
        };
        self.changes.extend(self.draft.accept_charter(&acceptance, 1_000));
        let photo = self.photo_hash();
        for (field, typed) in [
            (Field::Civility, "MADAME"),
            (Field::FamilyName, "Moreau"),
            (Field::GivenName, "Lina"),
            (Field::BirthDate, "7/3/2009"),
            (Field::Email, "lina.moreau@example.fr"),
            (Field::EmailConfirmation, "lina.moreau@example.fr"),
            (Field::PhoneNumber, "06 12 34 56 78"),
            (Field::AddressLine, "12 rue Blatin"),
            (Field::PostalCode, "63000"),
            (Field::Commune, "63113"),
            (Field::School, "0630020E"),
            (Field::Track, "STL"),
            (Field::Photo, &photo),
            (Field::Sending, "ETABLISSEMENT"),
        ] {
            self.set(field, typed);
        }
    }

    pub(crate) fn photo_hash(&self) -> String {
        hex::encode(Sha256::digest(&self.photo))
    }

    pub(crate) fn ask_with(&self, draft: Uuid, changes: &[Vec<u8>]) -> SyncAsk {
        let mut ask = SyncAsk::at([0; 16], 0);
        ask.push.push(DraftChanges {
            draft: draft.into_bytes().into(),
            changes: changes.iter().cloned().map(Into::into).collect(),
        });
        let hash = Hash::from(Sha256::digest(&self.photo)).into();
        ask.photos.push(OfferedPhoto { draft: draft.into_bytes().into(), hash });
        ask
    }

    pub(crate) async fn send(&self, server: &Server, ask: &SyncAsk) -> SyncAnswer {
        let request = with_token(Method::POST, "/v1/sync", &self.token, ask.to_bytes());
        let answer = server.ask(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        SyncAnswer::from_bytes(&answer.body).unwrap()
    }

    /// Pushes every change of the draft.
    pub(crate) async fn push(&self, server: &Server) -> SyncAnswer {
        let changes: Vec<_> = self.changes.iter().map(|change| change.bytes.clone()).collect();
        self.send(server, &self.ask_with(self.id, &changes)).await
    }

    pub(crate) async fn put_photo(&self, server: &Server) -> Answer {
        let path = format!("/v1/photos/{}", self.photo_hash());
        server.ask(with_token(Method::PUT, &path, &self.token, self.photo.clone())).await
    }

    pub(crate) async fn deposit(&mut self, server: &Server) -> Answer {
        self.deposit_with(server, Some(PASSWORD)).await
    }

    /// As at a stand, when there is no password.
    pub(crate) async fn deposit_with(&mut self, server: &Server, password: Option<&str>) -> Answer {
        let heads: Vec<String> = self.draft.heads().iter().map(hex::encode).collect();
        let body = json!({
            "number": self.number,
            "heads": heads,
            "photo": self.photo_hash(),
            "password": password,
        });
        let path = format!("/v1/deposits/{}", self.id);
        server.ask(with_token(Method::PUT, &path, &self.token, body.to_string())).await
    }

    /// From an empty draft to a dossier that waits at the desk.
    pub(crate) async fn deposited(server: &Server, letter: u8) -> Self {
        let mut phone = Self::bound(server, letter).await;
        phone.fill(server);
        assert_eq!(phone.push(server).await.rejected, []);
        assert_eq!(phone.put_photo(server).await.status, StatusCode::NO_CONTENT);
        let answer = phone.deposit(server).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        phone
    }

    pub(crate) async fn standing(&self, server: &Server) -> Answer {
        let path = format!("/v1/dossiers/{}", self.id);
        server.ask(with_token(Method::GET, &path, &self.token, "")).await
    }

    /// The signed credential that the server hands out now.
    pub(crate) async fn credential(&self, server: &Server) -> Vec<u8> {
        let standing = self.standing(server).await.json();
        BASE64_STANDARD.decode(standing["card"].as_str().unwrap()).unwrap()
    }

    /// The photo as the card names it.
    pub(crate) async fn vignette(&self, server: &Server) -> Vignette {
        let path = format!("/v1/vignettes/{}", self.id);
        let answer = self.asks(server, Method::GET, &path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        Vignette::read(&answer.body).unwrap()
    }

    /// Asks for the card, for the phone with this key.
    pub(crate) async fn hold(&self, server: &Server, key: &SigningKey, moving: bool) -> Answer {
        let device_key = hex::encode(key.verifying_key().to_bytes());
        let body = json!({ "device_key": device_key, "moving": moving }).to_string();
        let path = format!("/v1/cards/{}", self.id);
        server.ask(with_token(Method::PUT, &path, &self.token, body)).await
    }

    pub(crate) async fn ask_duplicate(&self, server: &Server, id: Uuid, reason: &str) -> Answer {
        let body = json!({ "dossier": self.id, "reason": reason }).to_string();
        let path = format!("/v1/duplicates/{id}");
        server.ask(with_token(Method::PUT, &path, &self.token, body)).await
    }

    /// Takes a duplicate request back.
    pub(crate) async fn take_back(&self, server: &Server, id: Uuid) -> Answer {
        let path = format!("/v1/duplicates/{id}");
        server.ask(with_token(Method::DELETE, &path, &self.token, Vec::new())).await
    }
}

/// The keys that everyone may fetch.
pub(crate) async fn key_set(server: &Server) -> KeySet {
    KeySet::open(&server.ask(get("/v1/key-set")).await.body, &server.region).unwrap()
}

pub(crate) async fn status_list(server: &Server) -> StatusList {
    let keys = key_set(server).await;
    StatusList::open(&server.ask(get("/v1/status-list")).await.body, &keys).unwrap()
}

/// A picture of the right form; each letter has its own grey.
fn portrait_of(letter: u8) -> Vec<u8> {
    let (width, height) = (350, 450);
    let pixels: Vec<u8> =
        (0..width * height).map(|at| letter.wrapping_add((at % 97) as u8)).collect();
    let mut jpeg = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder.encode(&pixels, 350, 450, jpeg_encoder::ColorType::Luma).unwrap();
    jpeg
}
