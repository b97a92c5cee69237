//! What stands on that page, in French.

use dossier::benefit::{self, Balance, Movement};
use dossier::card::CardState;
use dossier::form::Field;
use dossier::form::school::NOT_LISTED;
use dossier::number::DossierNumber;
use dossier::paper::Line;
use dossier::review::State;

use crate::app::App;
use crate::clock::day;
use crate::desk::wording;
use crate::store::export::{CardKept, Export};

/// Every answer, and what became of them.
pub(crate) fn lines(app: &App, export: &Export) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |label: &str, value: String| lines.push(Line { label: label.to_owned(), value });
    let number = DossierNumber::parse(&export.number).map(|number| number.to_string());
    say("Mes données Pass’Région", String::new());
    say("Numéro de dossier", number.unwrap_or_else(|_| export.number.clone()));
    say("Année scolaire", export.season.clone());
    say("Reçu le", wording::date(day(export.received_at_ms)));
    say("État", wording_of(export.standing.state).to_owned());
    say("Mes réponses", String::new());
    for field in Field::ALL {
        let typed = export.answers.typed.get(field).filter(|typed| *typed != NOT_LISTED);
        if let (Some(label), Some(typed)) = (label(*field), typed) {
            say(label, value(app, *field, typed));
        }
    }
    let charter = &export.answers;
    let accepted = wording::date(day(charter.charter_accepted_at_ms));
    say("Charte acceptée", format!("version {}, le {accepted}", charter.charter_version));
    say("Mon compte", String::new());
    let activated = export.account.activated_at_ms.map(|ms| wording::date(day(ms)));
    say("Activé le", activated.unwrap_or_else(|| "pas encore".to_owned()));
    for device in &export.devices {
        let name = if device.name.is_empty() { "Appareil du dépôt" } else { &device.name };
        say("Appareil", format!("{name}, depuis le {}", wording::date(day(device.opened_at_ms))));
    }
    for card in &export.cards {
        say("Carte", became(card));
    }
    if let Some(balances) = &export.standing.balances {
        say("Mes avantages", String::new());
        say("Soldes au", wording::date(day(app.now_ms())));
        for balance in &balances.list {
            say("Avantage", stands_at(balance));
            for (on, moved) in movements(app, export, &balance.benefit) {
                say(&on, moved);
            }
        }
    }
    lines
}

/// When a card was issued, and when and how it ended.
fn became(card: &CardKept) -> String {
    let issued = wording::date(day(card.issued_at_ms));
    let ended = card.blocked_at_ms.map(|ms| wording::date(day(ms)));
    match (ended, card.withdrawn) {
        (None, _) => format!("émise le {issued}"),
        (Some(ended), Some(CardState::Replaced)) => {
            format!("émise le {issued}, remplacée le {ended}")
        }
        (Some(ended), _) => format!("émise le {issued}, bloquée le {ended}"),
    }
}

/// What is left of a benefit.
fn stands_at(balance: &Balance) -> String {
    let label = &balance.label;
    match (balance.granted_cents, balance.left_cents()) {
        (Some(granted), Some(left)) => {
            let (granted, left) = (wording::euros(granted), wording::euros(left));
            format!("{label}\u{a0}: reste {left} sur {granted}")
        }
        _ => format!("{label}\u{a0}: montant non communiqué"),
    }
}

/// Each movement of a benefit: its day, and what it was, with what was left after it.
fn movements(app: &App, export: &Export, benefit: &str) -> Vec<(String, String)> {
    let reference = app.reference.now();
    let published = reference.pack.benefits_of(&export.season);
    let (mut noted, mut told) = (Vec::new(), Vec::new());
    for kept in export.movements.iter().filter(|kept| kept.benefit == benefit) {
        noted.push(Movement { benefit: benefit.to_owned(), kind: kept.kind, cents: kept.cents });
        let stands = benefit::balances(&published, &noted);
        let left = stands.iter().find(|it| it.benefit == benefit).and_then(Balance::left_cents);
        let left = left.map_or(String::new(), |left| format!(", reste {}", wording::euros(left)));
        let (kind, cents) = (wording::movement_kind(kept.kind), wording::euros(kept.cents.into()));
        told.push((wording::date(day(kept.at_ms)), format!("{kind}\u{a0}: {cents}{left}")));
    }
    told
}

fn wording_of(state: State) -> &'static str {
    match state {
        State::Received | State::InReview => "En cours d’examen",
        State::ToCorrect => "À corriger",
        State::Accepted => "Accepté",
        State::Refused => "Refusé",
    }
}

/// What a field is called; none for those that say nothing of a person.
fn label(field: Field) -> Option<&'static str> {
    let label = match field {
        Field::FilerFamilyName => "Rempli par, nom",
        Field::FilerGivenName => "Rempli par, prénom",
        Field::FilerLink => "Rempli par, lien avec moi",
        Field::Email => "Adresse mail",
        Field::BareHead => "Tête nue",
        field => wording::field(field),
    };
    Some(label).filter(|label| !label.is_empty())
}

/// An answer as people say it.
pub(crate) fn value(app: &App, field: Field, typed: &str) -> String {
    let reference = app.reference.now();
    let pack = &reference.pack;
    let named = match field {
        Field::Civility => Some(wording::civility(typed).to_owned()),
        Field::FilerLink | Field::GuardianLink => Some(wording::link(typed).to_owned()),
        Field::Sending => Some(wording::sending(typed).to_owned()),
        Field::BareHead | Field::GuardianConsent => Some("oui".to_owned()),
        Field::School => pack.school(typed).map(|school| school.label()),
        Field::Track => pack.track(typed).map(|track| format!("{}, {}", track.group, track.label)),
        Field::Commune => pack.commune(typed).map(|commune| commune.name.clone()),
        _ => None,
    };
    named.unwrap_or_else(|| typed.to_owned())
}
