//! What an enrolment from a stand becomes, in one transaction: a dossier, or the new answers of one.

use dossier::review::State;
use uuid::Uuid;

use super::Enrolled;
use crate::app::App;
use crate::failure::Failure;
use crate::gate::Device;
use crate::store::change::Pushed;
use crate::store::db::Db;
use crate::store::dossier::Bound;
use crate::store::envelope::{self, Sealed, Stage};
use crate::store::proof::Purpose;
use crate::store::{self, account, card, change, claim, correction, photo, photo_report, session};

/// Keeps an enrolment, unless its envelope was settled meanwhile.
pub(super) fn keep(
    db: &mut dyn Db,
    app: &App,
    sealed: &Sealed,
    enrolled: &Enrolled,
    now_ms: i64,
) -> Result<Stage, Failure> {
    let now = envelope::by_digest(db, &sealed.digest)?;
    if now.stage != sealed.stage {
        return Ok(now.stage);
    }
    if change::home(db, &sealed.stand, sealed.dossier)? != enrolled.asked.space {
        // The student's own phone pushed it in between: it belongs there.
        return Err(Failure::Busy);
    }
    if envelope::is_superseded(db, sealed)? {
        envelope::settle(db, &sealed.digest, Stage::Superseded, now_ms)?;
        return Ok(Stage::Superseded);
    }
    change::refuse_gone(db, sealed.dossier)?;
    match store::dossier::bound(db, sealed.dossier)? {
        None => begin(db, app, sealed, enrolled, now_ms)?,
        // The student's own phone was faster with the very same.
        Some(bound) if enrolled.asked.is(&bound) => {}
        Some(bound) => replace(db, app, sealed, (enrolled, &bound), now_ms)?,
    }
    claim::put(db, sealed.dossier, &enrolled.claim)?;
    if let Some(former) = &sealed.supersedes {
        envelope::supersede(db, former, sealed, now_ms)?;
    }
    envelope::settle(db, &sealed.digest, Stage::Deposited, now_ms)?;
    Ok(Stage::Deposited)
}

/// A dossier, as if the draft had been pushed and deposited by a phone without a password.
fn begin(
    db: &mut dyn Db,
    app: &App,
    sealed: &Sealed,
    enrolled: &Enrolled,
    now_ms: i64,
) -> Result<(), Failure> {
    let (id, space) = (sealed.dossier, enrolled.asked.space);
    change::leave(db, id, space)?;
    let device = Device { id: sealed.stand.device, space };
    let pushed: Vec<Pushed> = enrolled
        .changes
        .iter()
        .map(|change| Pushed { draft: id, change: change.clone() })
        .collect();
    if !change::keep(db, device, &pushed)?.rejected.is_empty() {
        return Err(Failure::Malformed);
    }
    photo::refer(db, space, id, &enrolled.asked.photo)?;
    enrolled.asked.store(db, app, &enrolled.examined, now_ms)?;
    if space == sealed.stand.space {
        // Nobody's device: it is in no list of those that may read the dossier.
        account::close_space(db, id, now_ms)?;
    }
    Ok(())
}

/// The new answers of a dossier that this tablet enrolled and nobody has decided on. Whoever reads
/// it already signs in anew, and so has them.
fn replace(
    db: &mut dyn Db,
    app: &App,
    sealed: &Sealed,
    (enrolled, bound): (&Enrolled, &Bound),
    now_ms: i64,
) -> Result<(), Failure> {
    let (id, asked) = (sealed.dossier, &enrolled.asked);
    let former = sealed.supersedes.ok_or(Failure::AlreadyDeposited)?;
    let is_theirs = envelope::made_dossier(db, &former, sealed)?;
    if !is_theirs || bound.number != asked.number.as_str() {
        return Err(Failure::AlreadyDeposited);
    }
    let before = store::dossier::by_id(db, id)?;
    let state = match before.state {
        open @ (State::Received | State::InReview) => open,
        State::ToCorrect => {
            correction::close(db, id, now_ms)?;
            State::InReview
        }
        State::Accepted | State::Refused => return Err(Failure::IllegalMove),
    };
    let deposited = asked.deposited(app, &enrolled.examined, before.received_ms);
    store::dossier::replace(db, &deposited, state)?;
    photo::refer(db, bound.space, id, &asked.photo)?;
    photo_report::replace(db, id, &enrolled.examined.judged, now_ms)?;
    change::forget_history(db, id)?;
    let email = enrolled.examined.application.email.as_str();
    if email != before.email {
        write_to(db, id, email, now_ms)?;
    }
    session::close_others(db, None, (id, bound.space), now_ms)?;
    let after = store::dossier::by_id(db, id)?;
    card::renew(db, &app.keys, (&before, &after), now_ms)?;
    change::advance(db, bound.space, 1)?;
    Ok(())
}

/// The mail that activates the account goes to another address; what went to the former one opens
/// nothing any more.
fn write_to(db: &mut dyn Db, id: Uuid, email: &str, now_ms: i64) -> Result<(), Failure> {
    for purpose in [Purpose::Activation, Purpose::Reset, Purpose::Address] {
        store::proof::end(db, id, purpose)?;
    }
    account::begin_anew(db, id)?;
    store::proof::issue(db, id, Purpose::Activation, email, now_ms)
}
