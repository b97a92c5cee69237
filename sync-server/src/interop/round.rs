//! What becomes of the messages about some drafts: guarded, kept on the disk, and then answered.

use std::collections::HashSet;

use dossier::document::exchange::{Heard, History, Peer};
use uuid::Uuid;

use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::store::change::{self, Pushed, followed};
use crate::store::db::Db;

/// What a client said about one draft, and what is remembered of it.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) draft: Uuid,
    /// Messages of automerge's sync protocol. None: the draft changed elsewhere.
    pub(super) messages: Vec<Vec<u8>>,
    /// Whether the client looks for the draft and has nothing of it.
    pub(super) requested: bool,
    pub(super) peer: Peer,
}

/// What the client is told about a draft.
pub(super) struct Told {
    pub(super) draft: Uuid,
    pub(super) answer: Answer,
    /// What is remembered from now on; nothing when the client may not follow the draft.
    pub(super) peer: Option<Peer>,
}

/// An answer to a turn.
pub(super) enum Answer {
    Nothing,
    Sync(Vec<u8>),
    Unavailable,
}

/// What a turn comes to, once what it brings is on the disk.
struct Answered {
    told: Told,
    pushed: Vec<Pushed>,
}

/// Answers all these turns. What they brought is on the disk when this returns, and no history
/// stays in memory.
pub(super) async fn answer(
    app: &App,
    device: Device,
    turns: Vec<Turn>,
) -> Result<Vec<Told>, Failure> {
    // The answers are found among the readers of the store; its writer only appends.
    let answer_all = move |db: &mut dyn Db| {
        turns.into_iter().map(|turn| Answered::to(db, device.space, turn)).collect()
    };
    let answered: Vec<Answered> = app.store.read(answer_all).await?;
    let (mut told, mut pushed) = (Vec::with_capacity(answered.len()), Vec::new());
    for one in answered {
        told.push(one.told);
        pushed.extend(one.pushed);
    }
    if !pushed.is_empty() {
        let refused = keep(app, device, pushed).await?;
        for one in told.iter_mut().filter(|one| refused.contains(&one.draft)) {
            *one = Told::unavailable(one.draft, None);
        }
    }
    Ok(told)
}

/// Keeps changes as those of any device; the drafts of which not all were taken.
async fn keep(app: &App, device: Device, pushed: Vec<Pushed>) -> Result<HashSet<Uuid>, Failure> {
    let work = move |db: &mut dyn Db| {
        let kept = change::keep(db, device, &pushed)?;
        let refused = kept.rejected.iter().filter_map(|(at, _)| pushed.get(*at));
        Ok((refused.map(|one| one.draft).collect(), kept.grown.is_some()))
    };
    let (refused, news) = app.store.write_in(device.space, work).await?;
    if news {
        app.pokes.tell(device.space);
    }
    Ok(refused)
}

impl Told {
    fn unavailable(draft: Uuid, peer: Option<Peer>) -> Self {
        Self { draft, answer: Answer::Unavailable, peer }
    }

    /// What a client is told that said this of a draft.
    fn of(mut history: History, turn: Turn, heard: Vec<Heard>) -> Self {
        let Turn { draft, requested, mut peer, .. } = turn;
        let missing = requested && heard.iter().all(Heard::is_empty) && history.is_empty();
        for one in heard {
            history.hear(&mut peer, one);
        }
        if missing {
            // It is told as soon as the draft comes from elsewhere.
            return Self::unavailable(draft, Some(peer));
        }
        let answer = history.say(&mut peer).map_or(Answer::Nothing, Answer::Sync);
        Self { draft, answer, peer: Some(peer) }
    }
}

impl Answered {
    fn to(db: &mut dyn Db, space: Uuid, turn: Turn) -> Result<Self, Failure> {
        let draft = turn.draft;
        let unavailable = Self { told: Told::unavailable(draft, None), pushed: Vec::new() };
        let heard: Result<Vec<Heard>, _> =
            turn.messages.iter().map(|message| Heard::read(message)).collect();
        let Ok(heard) = heard else { return Ok(unavailable) };
        let Some(history) = followed::open(db, space, draft)? else { return Ok(unavailable) };
        let changes = heard.iter().flat_map(|heard| heard.changes().iter().cloned());
        let pushed = changes.map(|change| Pushed { draft, change }).collect();
        Ok(Self { told: Told::of(history, turn, heard), pushed })
    }
}
