//! How a dossier is laid out.

use dossier::benefit::Balances;
use dossier::card::DuplicateRequested;
use dossier::form::Answers;
use dossier::review::{Making, Reached, Refusing, State};
use maud::{Markup, html};
use portrait::Report;
use uuid::Uuid;

use super::forms::{self, Tried};
use super::{benefits, corrected, photo};
use crate::app::App;
use crate::clock::day;
use crate::desk::{page, wording};
use crate::gate::Reviewer;
use crate::store::benefit::Kept;
use crate::store::correction::Requested;
use crate::store::dossier::{Dossier, Person};

/// What the page shows.
pub(super) struct Seen {
    pub(super) dossier: Dossier,
    pub(super) report: Option<Report>,
    pub(super) refusal: Option<Refusing>,
    pub(super) duplicate: Option<DuplicateRequested>,
    /// What the student is asked to mend.
    pub(super) asked: Option<Requested>,
    /// What the student mended last.
    pub(super) answered: Option<Requested>,
    /// What the columns say, as it would be typed.
    pub(super) answers: Answers,
    /// The reviewer who has it; empty while nobody has.
    pub(super) in_hands_of: String,
    pub(super) timeline: Vec<Reached>,
    pub(super) making: Option<Making>,
    /// Other dossiers of the season with the same names and day of birth.
    pub(super) namesakes: Vec<Dossier>,
    /// What is left of the benefits; none while there is no card.
    pub(super) balances: Option<Balances>,
    pub(super) movements: Vec<Kept>,
    /// What will name the movement that is noted on this page.
    pub(super) next_movement: Uuid,
}

pub(super) fn content(app: &App, reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let dossier = &seen.dossier;
    html! {
        p { a href="/desk" { "← File d’attente" } }
        h1 { (dossier.name()) }
        p {
            span.number { (page::number(dossier)) } " · " (wording::state(dossier.state))
            @if dossier.state.is_open() && !seen.in_hands_of.is_empty() { " · " (seen.in_hands_of) }
        }
        @if let Some(unexplained) = tried.unexplained { (page::alert(unexplained.sentence())) }
        @if let Some(movement) = &tried.movement { (page::alert(&movement.sentence)) }
        @if !seen.namesakes.is_empty() { (namesakes(&seen.namesakes)) }
        @if let Some(asked) = &seen.asked { (corrected::asked(&asked.asked)) }
        @if let Some(answered) = &seen.answered { (corrected::difference(app, seen, answered)) }
        (answers(app, dossier))
        (photo::checked(dossier, seen.report.as_ref()))
        @if let Some(refusal) = &seen.refusal { (refused(refusal)) }
        @if let Some(duplicate) = &seen.duplicate {
            h2 { "Duplicata demandé" }
            p {
                (wording::duplicate_reason(duplicate.reason)) ", le "
                (wording::date(day(duplicate.asked_at_ms))) "."
            }
        }
        (history(&seen.timeline))
        @if dossier.state.is_open() { (forms::decision(reviewer, seen, tried)) }
        @if dossier.state == State::Accepted { (forms::making(reviewer, seen)) }
        @if let Some(balances) = &seen.balances {
            (benefits::section(reviewer, seen, balances, tried))
        }
    }
}

/// Other dossiers that may be of the same student: a person looks at both, nothing is merged.
fn namesakes(others: &[Dossier]) -> Markup {
    html! {
        p.insists {
            "Même nom et même date de naissance dans "
            @for (at, other) in others.iter().enumerate() {
                @if at > 0 { ", " }
                a href={ "/desk/dossiers/" (other.id) } { (page::number(other)) }
                " (" (wording::state(other.state)) ")"
            }
            "\u{a0}: vérifiez s’il s’agit de la même personne avant de décider."
        }
    }
}

/// What happened so far, as the student reads it too.
fn history(timeline: &[Reached]) -> Markup {
    html! {
        h2 { "Historique" }
        ol {
            @for reached in timeline {
                li { (wording::milestone(reached.milestone)) ", le " (wording::date(day(reached.at_ms))) }
            }
        }
    }
}

fn answers(app: &App, dossier: &Dossier) -> Markup {
    let reference = app.reference.now();
    let town = reference.pack.commune(&dossier.commune);
    let town = town.map_or(dossier.commune.clone(), |commune| commune.name.clone());
    let birth = dossier.birth().map(wording::date).unwrap_or_default();
    html! {
        dl {
            (row("Civilité", wording::civility(&dossier.civility)))
            (row("Nom", &dossier.family_name))
            (row("Prénom", &dossier.given_name))
            (row("Né(e) le", &birth))
            @if let Some(filer) = &dossier.filer { (row("Dossier déposé par", &person(filer))) }
            @if let Some(guardian) = &dossier.guardian {
                (row("Représentant légal", &person(guardian)))
                (row("Son contact", &dossier.guardian_contact))
            }
            (row("E-mail", &dossier.email))
            (row("Téléphone", &dossier.phone_number))
            dt { "Adresse" }
            dd {
                @for line in &dossier.address { (line) br; }
                (dossier.postal_code) " " (town)
            }
            (row("Établissement", &page::school(app, dossier)))
            (row("Filière", &page::track(app, dossier)))
            (row("Année scolaire", &dossier.season))
            (row("Envoi de la carte", wording::sending(&dossier.sending)))
            (row("Reçu le", &wording::date(day(dossier.received_ms))))
        }
    }
}

fn person(person: &Person) -> String {
    format!("{} ({})", person.name, wording::link(&person.link))
}

fn row(name: &str, value: &str) -> Markup {
    html! { dt { (name) } dd { (value) } }
}

fn refused(refusal: &Refusing) -> Markup {
    html! {
        h2 { "Motifs du refus" }
        ul { @for reason in refusal.reasons() { li { (wording::reason(*reason)) } } }
        @if let Some(note) = refusal.note() { p { "Précision\u{a0}: " (note) } }
    }
}
