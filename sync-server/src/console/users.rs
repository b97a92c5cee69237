//! Who may sign in to the desk: `sync-server user …`.

use anyhow::{Context, ensure};
use serde_json::json;

use super::{ACTOR, of_a_server, say};
use crate::app::random_password;
use crate::aside::Aside;
use crate::clock::Clock;
use crate::config::{Place, User, UserTask};
use crate::failure::Failure;
use crate::heavy::Heavy;
use crate::passwords::{NOBODY, Passwords};
use crate::store::audit::{Action, note};
use crate::store::desk::Role;
use crate::store::{self, desk};

/// What a name may have, in characters.
const LONGEST_NAME: usize = 50;

/// Adds, renews, closes or lists reviewers; a server that runs notices.
pub fn tend_users(task: &UserTask, clock: &dyn Clock) -> anyhow::Result<()> {
    match task {
        UserTask::Add { user, administrator } => {
            let role = if *administrator { Role::Administrator } else { Role::Reviewer };
            add(user, role, clock.now_ms())
        }
        UserTask::Renew(user) => renew(user, clock.now_ms()),
        UserTask::Close(user) => close(user, clock.now_ms()),
        UserTask::List(place) => list(place),
    }
}

fn add(user: &User, role: Role, now_ms: i64) -> anyhow::Result<()> {
    let name = user.name.trim().to_owned();
    let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    ensure!(fits && !name.contains(char::is_control), "a name has 1 to {LONGEST_NAME} characters");
    let (password, hash) = drawn()?;
    let asked = name.clone();
    let added = opened(&user.of)?.write_now(move |db| {
        if desk::by_name(db, &asked)?.is_some() {
            return Ok(false);
        }
        desk::add(db, &asked, &hash, role)?;
        let action = match role {
            Role::Reviewer => Action::ReviewerAdded,
            Role::Administrator => Action::AdministratorAdded,
        };
        note(db, &format!("{ACTOR} {asked}"), action, None, now_ms)?;
        Ok(true)
    });
    ensure!(added?, "there is a reviewer of this name");
    say(&json!({ "name": name, "role": role.as_str(), "password": password }))
}

fn renew(user: &User, now_ms: i64) -> anyhow::Result<()> {
    let (password, hash) = drawn()?;
    change(user, hash, Action::ReviewerRenewed, now_ms)?;
    say(&json!({ "name": user.name.trim(), "password": password }))
}

fn close(user: &User, now_ms: i64) -> anyhow::Result<()> {
    change(user, NOBODY.to_owned(), Action::ReviewerClosed, now_ms)?;
    say(&json!({ "name": user.name.trim(), "open": false }))
}

/// Another hash, and no session that was opened by the former one.
fn change(user: &User, hash: String, action: Action, now_ms: i64) -> anyhow::Result<()> {
    let name = user.name.trim().to_owned();
    let changed = opened(&user.of)?.write_now(move |db| {
        let (known, _) = desk::by_name(db, &name)?.ok_or(Failure::Unknown)?;
        desk::change_password(db, known.id, &hash)?;
        note(db, &format!("{ACTOR} {name}"), action, None, now_ms)
    });
    changed.context("there is no reviewer of this name")
}

fn list(place: &Place) -> anyhow::Result<()> {
    for (known, hash) in opened(place)?.write_now(desk::all)? {
        let role = known.role.as_str();
        say(&json!({ "name": known.name, "role": role, "open": hash != NOBODY }))?;
    }
    Ok(())
}

fn opened(place: &Place) -> anyhow::Result<std::sync::Arc<dyn store::Store>> {
    of_a_server(&place.data)?;
    Ok(store::open(&place.data, place.database.as_ref(), false)?.0)
}

fn drawn() -> anyhow::Result<(String, String)> {
    let password = random_password()?;
    let hash = Passwords::new(Heavy::new(Aside::Threads))?.hash_now(&password)?;
    Ok((password, hash))
}
