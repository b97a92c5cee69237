//! Pokes between the servers of one database, by LISTEN and NOTIFY.
//!
//! On a connection of its own, outside every write: a NOTIFY within a transaction makes all
//! commits of the database wait for each other.

use std::fmt::Write;
use std::future::poll_fn;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_postgres::{AsyncMessage, Client};
use uuid::Uuid;

use super::reach::Reach;
use super::session::told;
use crate::store::pokes::Pokes;

const CHANNEL: &str = "passregion_poke";
/// Spaces that one NOTIFY names: 32 digits each, of the 8,000 bytes that it may carry.
const MOST_NAMED: usize = 200;
/// Between two tries to reach a database that is away.
const PAUSE: Duration = Duration::from_secs(1);

/// Starts to tell and to listen, for as long as anybody may tell.
pub(super) fn start(carriers: &Handle, reach: Reach) -> Pokes {
    let (tell, mut told_here) = unbounded_channel();
    let pokes = Pokes::through(tell);
    let here = pokes.listeners();
    carriers.spawn(async move {
        while !told_here.is_closed() {
            if let Err(error) = carry(&reach, &here, &mut told_here).await {
                tracing::warn!(error = told(&error), "pokes between servers wait");
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    pokes
}

/// One life of the connection.
async fn carry(
    reach: &Reach,
    here: &Pokes,
    told_here: &mut UnboundedReceiver<Uuid>,
) -> Result<(), tokio_postgres::Error> {
    let (client, mut connection) = reach.connect().await?;
    let (hear, mut heard) = unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            pass_on(message, &hear);
        }
    });
    client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
    // Whatever was told while nobody listened is lost.
    here.tell_all_here();
    let me = Uuid::now_v7().simple().to_string();
    loop {
        tokio::select! {
            heard = heard.recv() => match heard {
                Some(payload) => listen(here, &me, &payload),
                None => return Ok(()),
            },
            first = told_here.recv() => match first {
                Some(first) => notify(&client, &me, first, told_here).await?,
                None => return Ok(()),
            },
        }
    }
}

fn pass_on(message: AsyncMessage, hear: &UnboundedSender<String>) {
    if let AsyncMessage::Notification(notification) = message {
        let _ = hear.send(notification.payload().to_owned());
    }
}

/// One NOTIFY for everything that was told meanwhile.
async fn notify(
    client: &Client,
    me: &str,
    first: Uuid,
    told_here: &mut UnboundedReceiver<Uuid>,
) -> Result<(), tokio_postgres::Error> {
    let mut spaces = vec![first];
    while let (true, Ok(next)) = (spaces.len() < MOST_NAMED, told_here.try_recv()) {
        if !spaces.contains(&next) {
            spaces.push(next);
        }
    }
    let mut payload = me.to_owned();
    for space in spaces {
        let _ = write!(payload, " {}", space.simple());
    }
    client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &payload]).await.map(|_| ())
}

/// The first word says who told: our own were told here already.
fn listen(here: &Pokes, me: &str, payload: &str) {
    let mut words = payload.split(' ');
    if words.next() != Some(me) {
        words.filter_map(|word| Uuid::parse_str(word).ok()).for_each(|space| here.tell_here(space));
    }
}
