//! A device without a phone around it: its token, one connection, and the words of the wire.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, bail, ensure};
use dossier::document::Hash;
use dossier::hexadecimal;
use dossier::sync::{DossierId, DraftChanges, Epoch, OfferedPhoto, SyncAnswer, SyncAsk};
use uuid::Uuid;

use crate::drafts::random;

const CBOR: &str = "application/cbor";

/// One device of a space. The same number is the same device at each run.
pub(crate) struct Device {
    line: BufReader<TcpStream>,
    host: String,
    pub(crate) token: String,
    epoch: Epoch,
    cursor: u64,
}

impl Device {
    /// Device `number`, connected to this address; the server knows it since `introduce`.
    pub(crate) fn connect(address: &str, number: u64) -> anyhow::Result<Self> {
        let token = [random("token", number), random("key", number)].concat();
        Self::holding(address, hexadecimal::text(&token))
    }

    /// Whoever holds this token, with nothing read yet.
    pub(crate) fn holding(address: &str, token: String) -> anyhow::Result<Self> {
        let host = address.strip_prefix("http://").context("not http")?.to_owned();
        let stream = TcpStream::connect(&host)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            line: BufReader::with_capacity(1 << 18, stream),
            host,
            token,
            epoch: [0; 16],
            cursor: 0,
        })
    }

    /// Tells the server which space this device is for.
    fn introduce(&mut self, space: Uuid) -> anyhow::Result<()> {
        let body = serde_json::json!({ "space": space }).to_string();
        self.ask("PUT", "/v1/space", "application/json", body.as_bytes()).map(|_| ())
    }

    /// Pushes these changes and reads what is new; every one must be acknowledged.
    pub(crate) fn sync(&mut self, pushed: &[(DossierId, Vec<u8>)]) -> anyhow::Result<SyncAnswer> {
        let mut ask = SyncAsk::at(self.epoch, self.cursor);
        ask.push = pushed
            .iter()
            .map(|(draft, bytes)| DraftChanges {
                draft: (*draft).into(),
                changes: vec![bytes.clone().into()],
            })
            .collect();
        self.exchange(&ask)
    }

    /// Offers photos that these drafts name; the server must want every one.
    pub(crate) fn offer(&mut self, photos: &[(DossierId, Hash)]) -> anyhow::Result<()> {
        let mut ask = SyncAsk::at(self.epoch, self.cursor);
        let offer = |(draft, hash): &(DossierId, Hash)| OfferedPhoto {
            draft: (*draft).into(),
            hash: (*hash).into(),
        };
        ask.photos = photos.iter().map(offer).collect();
        let wanted = self.exchange(&ask)?.photos_missing.len();
        ensure!(wanted == photos.len(), "{wanted} of {} photos are wanted", photos.len());
        Ok(())
    }

    fn exchange(&mut self, ask: &SyncAsk) -> anyhow::Result<SyncAnswer> {
        let answer = self.ask("POST", "/v1/sync", CBOR, &ask.to_bytes())?;
        let answer = SyncAnswer::from_bytes(&answer)?;
        ensure!(answer.rejected.is_empty(), "{:?}", answer.rejected);
        (self.epoch, self.cursor) = (*answer.epoch, answer.cursor);
        Ok(answer)
    }

    /// One request with the headers of the phone's own, and the body of its answer.
    fn ask(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: &[u8],
    ) -> anyhow::Result<Vec<u8>> {
        let mut request = format!(
            "{method} {path} HTTP/1.1\r\nauthorization: Bearer {}\r\ncontent-type: {kind}\r\n\
             host: {}\r\ncontent-length: {}\r\n\r\n",
            self.token,
            self.host,
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(body);
        self.line.get_mut().write_all(&request)?;
        let mut status = String::new();
        self.line.read_line(&mut status)?;
        let mut length = 0;
        loop {
            let mut header = String::new();
            self.line.read_line(&mut header)?;
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut answer = vec![0; length];
        self.line.read_exact(&mut answer)?;
        if !status.starts_with("HTTP/1.1 2") {
            bail!("{path}: {} {}", status.trim_end(), String::from_utf8_lossy(&answer));
        }
        Ok(answer)
    }
}

/// The space of this number.
fn space(number: u64) -> Uuid {
    uuid::Builder::from_random_bytes(random("space", number)).into_uuid()
}

/// A device that the server knows.
pub(crate) fn known(address: &str, number: u64) -> anyhow::Result<Device> {
    let mut known = Device::connect(address, number)?;
    known.introduce(space(number))?;
    Ok(known)
}
