//! Single requests: built, sent, and their answers read.

use bytes::Bytes;
use dossier::form::FieldRefusal;
use hyper::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Setback;
use crate::Phone;
use crate::transport::{Answered, Asked};
use crate::view::CourierTrouble;

pub(super) const JSON: &str = "application/json";
pub(super) const CBOR: &str = "application/cbor";
pub(super) const JPEG: &str = "image/jpeg";
pub(super) const BYTES: &str = "application/octet-stream";

/// Setting: the key of the server that knows this phone's space.
const MET: &str = "met";

/// A request that the server refused, in its own word: the code of its problem (RFC 9457).
pub(crate) struct Declined {
    pub(crate) code: String,
    /// The refused fields, when it named any.
    pub(crate) refusals: Vec<FieldRefusal>,
}

impl Phone {
    pub(super) async fn ask(
        &self,
        method: Method,
        path: String,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Result<Result<Bytes, Declined>, Setback> {
        let token = Zeroizing::new(self.device_token.clone());
        let asked = Asked { method, path, content_type, body: body.into(), token };
        let answered = self.transport.send(asked).await.map_err(|_| CourierTrouble::Offline)?;
        if answered.status.is_server_error() {
            return Err(CourierTrouble::Server.into());
        }
        if answered.status.is_success() {
            return Ok(Ok(answered.body));
        }
        Ok(Err(declined(&answered)))
    }

    /// Asks for something that a person waits for: first whether our own server is there, since a
    /// password may be in it.
    pub(crate) async fn at_once(
        &self,
        method: Method,
        path: String,
        body: Vec<u8>,
    ) -> Result<Result<Bytes, Declined>, Setback> {
        self.meet_server().await?;
        let content_type = if body.is_empty() { "" } else { JSON };
        self.ask(method, path, content_type, body).await
    }

    pub(super) async fn get(&self, path: String) -> Result<Bytes, Setback> {
        let answer = self.ask(Method::GET, path, "", Bytes::new()).await?;
        Ok(answer.map_err(|_| CourierTrouble::RefusedByServer)?)
    }

    pub(super) async fn put_json(
        &self,
        path: String,
        body: &impl Serialize,
    ) -> Result<Result<Bytes, Declined>, Setback> {
        let body = serde_json::to_vec(body).map_err(|_| Setback::Phone)?;
        self.ask(Method::PUT, path, JSON, body).await
    }

    /// Whether this phone met its server before, also before the last start, and nothing went
    /// wrong since: then nothing needs to be asked before there is something to say.
    pub(super) fn knows_server(&self) -> Result<bool, Setback> {
        let known = self.network().met;
        if let Some(known) = known {
            return Ok(known);
        }
        let known = self.store().setting(MET)?.is_some_and(|key| key == self.region_key.to_hex());
        self.network().met = Some(known);
        Ok(known)
    }

    /// Asks whether our own server is there, and tells it the space of this phone's token.
    pub(super) async fn meet_server(&self) -> Result<(), Setback> {
        self.probe().await?;
        let space = self.space()?;
        let answer = self.put_json("/v1/space".to_owned(), &json!({ "space": space })).await?;
        answer.map_err(|_| CourierTrouble::RefusedByServer)?;
        let (key, store) = (self.region_key.to_hex(), self.store());
        if store.setting(MET)?.as_ref() != Some(&key) {
            store.set_setting(MET, &key)?;
        }
        drop(store);
        self.network().met = Some(true);
        Ok(())
    }

    /// Is our own server there, and is it the one whose key is pinned?
    async fn probe(&self) -> Result<(), Setback> {
        let answer = self.get("/v1/probe".to_owned()).await.map_err(|setback| match setback {
            // Somebody answers, but not our server: a hotel's portal, for instance.
            Setback::Courier(CourierTrouble::RefusedByServer) => CourierTrouble::Offline.into(),
            other => other,
        })?;
        let claimed: serde_json::Value = parse(&answer).map_err(|_| CourierTrouble::Offline)?;
        let claimed = claimed.get("region_key").and_then(|key| key.as_str()).unwrap_or_default();
        if claimed != self.region_key.to_hex() {
            return Err(CourierTrouble::WrongServerKey.into());
        }
        Ok(())
    }

    /// What the server authorises this phone for: a random identifier, made once.
    fn space(&self) -> Result<Uuid, Setback> {
        let store = self.store();
        if let Some(space) = store.setting("space")?.and_then(|text| text.parse().ok()) {
            return Ok(space);
        }
        let mut bytes = [0; 16];
        crate::fill_random(&mut bytes)?;
        let space = uuid::Builder::from_random_bytes(bytes).into_uuid();
        store.set_setting("space", &space.to_string())?;
        Ok(space)
    }
}

/// Reads a JSON answer; one that cannot be read is the server's trouble.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, CourierTrouble> {
    serde_json::from_slice(body).map_err(|_| CourierTrouble::Server)
}

fn declined(answered: &Answered) -> Declined {
    let body: serde_json::Value = serde_json::from_slice(&answered.body).unwrap_or_default();
    let code = body.get("code").and_then(|code| code.as_str()).unwrap_or_default();
    let refusals = body.get("refusals").cloned().unwrap_or_default();
    let refusals = serde_json::from_value(refusals).unwrap_or_default();
    Declined { code: code.to_owned(), refusals }
}
