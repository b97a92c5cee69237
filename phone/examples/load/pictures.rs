//! Photos, some at a time, on the phone's own way to the server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, ensure};
use dossier::document::Hash;
use dossier::form::Field;
use dossier::hexadecimal;
use hyper::Method;
use phone::transport::{Asked, Http, Transport};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::Options;
use crate::device::known;
use crate::drafts::{identifier, random};

/// Drafts in one request.
const BATCH: usize = 500;

/// Sends `count` photos, each named by a draft of the space, with `flying` on their way.
#[tokio::main]
pub(crate) async fn photos(options: &Options) -> anyhow::Result<Value> {
    let photos: Vec<Vec<u8>> = (0..options.count).map(|at| noise(at, options.bytes)).collect();
    let mut device = known(options.aside(), 0)?;
    let (mut named, mut offered) = (Vec::new(), Vec::new());
    for (at, photo) in photos.iter().enumerate() {
        let mut draft = dossier::document::Draft::new(&random("actor", 0));
        let hash: Hash = Sha256::digest(photo).into();
        let named_by = draft.set(Field::Photo, &hexadecimal::text(&hash), 1);
        named.push((identifier(at as u64, 0), named_by.context("no change")?.bytes));
        offered.push((identifier(at as u64, 0), hash));
    }
    for batch in named.chunks(BATCH) {
        device.sync(batch)?;
    }
    for batch in offered.chunks(BATCH) {
        device.offer(batch)?;
    }
    let way = Arc::new(Http::new(options.address.parse()?));
    let (photos, next) = (Arc::new(photos), Arc::new(AtomicUsize::new(0)));
    let begun = Instant::now();
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..options.flying {
        let (way, photos, next) = (Arc::clone(&way), Arc::clone(&photos), Arc::clone(&next));
        let token = Zeroizing::new(device.token.clone());
        senders.spawn(async move {
            while let Some(photo) = photos.get(next.fetch_add(1, Ordering::Relaxed)) {
                // A phone knows the hash since the photo was taken; here it is part of the way.
                let path = format!("/v1/photos/{}", hexadecimal::text(&Sha256::digest(photo)));
                let body = photo.clone().into();
                let (method, token) = (Method::PUT, token.clone());
                let asked = Asked { method, path, content_type: "image/jpeg", body, token };
                let answered = way.send(asked).await?;
                ensure!(answered.status.is_success(), "{}", answered.status);
            }
            anyhow::Ok(())
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    Ok(json!({ "wall": begun.elapsed().as_secs_f64() }))
}

/// What nobody can compress, with the first bytes of a JPEG file.
fn noise(number: usize, bytes: usize) -> Vec<u8> {
    let mut noise = vec![0xff, 0xd8, 0xff];
    let mut block = 0;
    while noise.len() < bytes {
        noise.extend(random("photo", (number as u64) << 32 | block));
        block += 1;
    }
    noise.truncate(bytes);
    noise
}
