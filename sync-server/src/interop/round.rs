//! What becomes of the messages about some drafts: guarded, kept on the disk, and then answered.

use std::collections::HashSet;

use dossier::document::Draft;
use dossier::document::exchange::{Heard, Peer};
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

/// A turn with its draft, which has all that was said. No draft: it is not for this client.
struct Opened {
    id: Uuid,
    requested: bool,
    peer: Peer,
    heard: Vec<Heard>,
    draft: Option<Draft>,
}

/// Answers all these turns. What they brought is on the disk when this returns, and no draft stays
/// in memory.
pub(super) async fn answer(
    app: &App,
    device: Device,
    turns: Vec<Turn>,
) -> Result<Vec<Told>, Failure> {
    let open_all = move |db: &mut dyn Db| {
        turns.into_iter().map(|turn| Opened::new(db, device.space, turn)).collect()
    };
    let mut opened: Vec<Opened> = app.store.read(open_all).await?;
    let pushed: Vec<Pushed> = opened.iter().flat_map(Opened::pushed).collect();
    if !pushed.is_empty() {
        let refused = keep(app, device, pushed).await?;
        for turn in opened.iter_mut().filter(|turn| refused.contains(&turn.id)) {
            turn.draft = None;
        }
    }
    app.aside.run(move || Ok(opened.into_iter().map(Opened::answer).collect())).await
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

impl Opened {
    fn new(db: &mut dyn Db, space: Uuid, turn: Turn) -> Result<Self, Failure> {
        let Turn { draft: id, messages, requested, peer } = turn;
        let heard: Result<Vec<Heard>, _> =
            messages.iter().map(|message| Heard::read(message)).collect();
        let (heard, draft) = match heard {
            Ok(heard) => (heard, followed::open(db, space, id)?),
            Err(_) => (Vec::new(), None),
        };
        let changes = heard.iter().flat_map(|heard| heard.changes().iter().cloned());
        let draft = draft.and_then(|mut draft| draft.apply(changes).is_ok().then_some(draft));
        Ok(Self { id, requested, peer, heard, draft })
    }

    /// The changes that it brings to a draft that may have them.
    fn pushed(&self) -> impl Iterator<Item = Pushed> {
        let heard = self.draft.iter().flat_map(|_| &self.heard);
        let changes = heard.flat_map(|heard| heard.changes().iter().cloned());
        changes.map(|change| Pushed { draft: self.id, change })
    }

    fn answer(self) -> Told {
        let Self { id: draft, requested, mut peer, heard, draft: document } = self;
        let unavailable = |peer| Told { draft, answer: Answer::Unavailable, peer };
        let Some(mut document) = document else { return unavailable(None) };
        let missing = requested && heard.iter().all(Heard::is_empty) && document.heads().is_empty();
        if heard.into_iter().any(|heard| document.hear(&mut peer, heard).is_err()) {
            return unavailable(None);
        }
        if missing {
            // It is told as soon as the draft comes from elsewhere.
            return unavailable(Some(peer));
        }
        match document.say(&mut peer) {
            Ok(said) => {
                let answer = said.map_or(Answer::Nothing, Answer::Sync);
                Told { draft, answer, peer: Some(peer) }
            }
            Err(_) => unavailable(None),
        }
    }
}
