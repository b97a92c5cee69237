//! What every place of the photos promises, asked of each of them; and what is left over.

use std::time::Duration;

use sha2::{Digest, Sha256};

use super::*;

/// Asks each kind of place, and says which one when it fails.
async fn every_place(ask: impl AsyncFn(&dyn Photos)) {
    for inline in [false, true] {
        eprintln!("SQLite, inline: {inline}");
        let data = tempfile::tempdir().unwrap();
        ask(&*open(data.path(), &PhotoPlace::File, inline).unwrap()).await;
    }
    eprintln!("a folder");
    let data = tempfile::tempdir().unwrap();
    let folder = PhotoPlace::Folder(data.path().join("photos"));
    ask(&*open(data.path(), &folder, false).unwrap()).await;
    match std::env::var("PASSREGION_TEST_S3") {
        Ok(bucket) => {
            eprintln!("S3");
            let bucket = bucket.parse().unwrap();
            ask(&*open(data.path(), &bucket, false).unwrap()).await;
        }
        Err(_) => eprintln!("skipped: S3, as PASSREGION_TEST_S3 names no bucket to try it on"),
    }
}

/// A photo in a space of its own, so that a bucket may be used again.
fn photo(bytes: &'static [u8]) -> (Named, Bytes) {
    let named = Named { space: Uuid::now_v7(), hash: Sha256::digest(bytes).into() };
    (named, Bytes::from_static(bytes))
}

#[tokio::test]
async fn a_photo_comes_back_as_it_was_kept_however_often() {
    every_place(async |photos| {
        let (named, jpeg) = photo(b"a photo");
        assert_eq!(photos.bytes(named).await.unwrap(), None);
        for now_ms in [1, 2] {
            photos.keep(named, jpeg.clone(), now_ms).await.unwrap();
            assert_eq!(photos.bytes(named).await.unwrap(), Some(jpeg.clone()));
        }
        let kept = photos.kept().await.unwrap();
        assert_eq!(kept.iter().filter(|kept| **kept == named).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_photo_of_another_space_is_never_told_and_never_erased() {
    every_place(async |photos| {
        let (named, jpeg) = photo(b"a photo of Lina");
        photos.keep(named, jpeg, 1).await.unwrap();
        let other = Named { space: Uuid::now_v7(), ..named };
        assert_eq!(photos.bytes(other).await.unwrap(), None);
        let missing = photos.missing(other.space, vec![named.hash]).await.unwrap();
        assert_eq!(missing, [named.hash]);
        photos.forget(other.space, vec![named.hash]).await.unwrap();
        assert!(photos.bytes(named).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn the_missing_ones_are_told_in_their_order_and_the_forgotten_are_gone() {
    every_place(async |photos| {
        let (named, jpeg) = photo(b"kept");
        photos.keep(named, jpeg, 1).await.unwrap();
        let asked = vec![[2; 32], named.hash, [1; 32]];
        let missing = photos.missing(named.space, asked.clone()).await.unwrap();
        assert_eq!(missing, [[2; 32], [1; 32]]);
        photos.forget(named.space, asked.clone()).await.unwrap();
        photos.forget(named.space, asked.clone()).await.unwrap();
        assert_eq!(photos.missing(named.space, asked.clone()).await.unwrap(), asked);
        assert!(!photos.kept().await.unwrap().contains(&named));
    })
    .await;
}

#[tokio::test]
async fn only_what_is_old_enough_is_erased() {
    every_place(async |photos| {
        let (named, jpeg) = photo(b"stored now");
        let now_ms = crate::clock::Clock::now_ms(&crate::clock::SystemClock);
        photos.keep(named, jpeg, now_ms).await.unwrap();
        let hour_ms = i64::try_from(Duration::from_secs(3_600).as_millis()).unwrap();
        photos.forget_older(vec![named], now_ms - hour_ms).await.unwrap();
        assert!(photos.bytes(named).await.unwrap().is_some());
        photos.forget_older(vec![named], now_ms + hour_ms).await.unwrap();
        assert_eq!(photos.bytes(named).await.unwrap(), None);
    })
    .await;
}

#[test]
fn secrets_are_never_said_with_the_place_of_a_bucket() {
    let place = |text: &str| text.parse::<PhotoPlace>();
    let bucket = place("s3://photos?endpoint=http://127.0.0.1:5000&region=fr").unwrap();
    let PhotoPlace::Bucket(bucket) = bucket else { panic!("{bucket:?}") };
    assert!(bucket.is_loopback());
    assert_eq!((bucket.name.as_str(), bucket.region.as_deref()), ("photos", Some("fr")));
    let PhotoPlace::Bucket(far) = place("s3://photos?endpoint=http://example.org").unwrap() else {
        panic!("a bucket")
    };
    assert!(!far.is_loopback(), "clear text goes nowhere else");
    for refused in ["s3://key:secret@photos", "s3://photos?secret_access_key=x", "s3://photos/x"] {
        assert!(place(refused).is_err(), "{refused}");
    }
    assert_eq!(place("sqlite"), Ok(PhotoPlace::File));
    assert_eq!(place("/srv/photos"), Ok(PhotoPlace::Folder("/srv/photos".into())));
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_erased_once_it_is_old() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("photos");
    let photos = open(data.path(), &PhotoPlace::Folder(folder.clone()), false).unwrap();
    let (named, jpeg) = photo(b"a photo of Lina");
    photos.keep(named, jpeg, 1).await.unwrap();
    let half = folder.join(named.space.simple().to_string()).join("0a1b#1");
    std::fs::write(&half, b"a photo of").unwrap();
    photos.forget_older(Vec::new(), 0).await.unwrap();
    assert!(half.exists(), "it may still be on its way");
    photos.forget_older(Vec::new(), i64::MAX).await.unwrap();
    assert!(!half.exists());
    assert!(photos.bytes(named).await.unwrap().is_some(), "what was kept is no leftover");
}
