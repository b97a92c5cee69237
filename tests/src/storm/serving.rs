//! The server in a storm: the real one, without threads, behind a door that may be slow.

use std::future::pending;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use sync_server::{Setup, router};
use tower::ServiceExt;
use turmoil::net::TcpListener;

use super::ground::Ground;
use super::hours::Hours;
use super::way::{ANYWHERE, Storm};
use crate::power::Dice;

/// What a request waits at most before it is read, and an answer before it leaves: a crash finds
/// some that are committed and not yet told.
const SLOWEST_MS: usize = 400;

/// One life of the server, on what its folder holds.
///
/// Its connections are one task, not one each: in what order a runtime that ends drops its tasks
/// follows from their numbers, which go on from storm to storm.
pub(super) async fn serves(
    folder: PathBuf,
    ground: &'static Ground,
    fate: u64,
    storm: Storm,
) -> turmoil::Result {
    let setup = Setup::new(&folder, Arc::new(Hours::default()));
    let (app, _) = setup.inline().checker(Arc::clone(&ground.checker)).open()?;
    let dice = Arc::new(Mutex::new(Dice::new(&[fate, super::hours::elapsed().as_millis() as u64])));
    let slow = move |request: Request, next: Next| {
        let (dice, storm) = (Arc::clone(&dice), storm.clone());
        async move {
            wait(&dice, &storm).await;
            let answer: Response = next.run(request).await;
            wait(&dice, &storm).await;
            answer
        }
    };
    let router = router(app).layer(from_fn(slow));
    let listener = TcpListener::bind(ANYWHERE).await?;
    let mut open = FuturesUnordered::new();
    loop {
        let ended = async { if open.is_empty() { pending().await } else { open.next().await } };
        tokio::select! {
            biased;
            accepted = listener.accept() => {
                let router = router.clone();
                let answer = service_fn(move |request: hyper::Request<Incoming>| {
                    router.clone().oneshot(request.map(Body::new))
                });
                let stream = TokioIo::new(accepted?.0);
                open.push(http1::Builder::new().serve_connection(stream, answer));
            }
            // A connection that broke is the phone's trouble.
            _ = ended => {}
        }
    }
}

async fn wait(dice: &Mutex<Dice>, storm: &Storm) {
    if storm.rages() {
        let pause = dice.lock().unwrap_or_else(PoisonError::into_inner).below(SLOWEST_MS);
        tokio::time::sleep(Duration::from_millis(pause as u64)).await;
    }
}
