//! The server in a storm: the real one, without threads, behind a door that may be slow.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::serve::Listener;
use sync_server::{Setup, router};
use turmoil::net::{TcpListener, TcpStream};

use super::ground::Ground;
use super::hours::Hours;
use super::way::{ANYWHERE, Storm};
use crate::power::Dice;

/// What a request waits at most before it is read, and an answer before it leaves: a crash finds
/// some that are committed and not yet told.
const SLOWEST_MS: usize = 400;

struct Door(TcpListener);

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            if let Ok(accepted) = self.0.accept().await {
                return accepted;
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One life of the server, on what its folder holds.
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
    let listener = Door(TcpListener::bind(ANYWHERE).await?);
    axum::serve(listener, router(app).layer(from_fn(slow))).await?;
    Ok(())
}

async fn wait(dice: &Mutex<Dice>, storm: &Storm) {
    if storm.rages() {
        let pause = dice.lock().unwrap_or_else(PoisonError::into_inner).below(SLOWEST_MS);
        tokio::time::sleep(Duration::from_millis(pause as u64)).await;
    }
}
