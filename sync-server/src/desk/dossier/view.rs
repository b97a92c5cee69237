//! How a dossier is laid out.

use dossier::card::DuplicateRequested;
use dossier::review::{Reason, Refusing, State};
use maud::{Markup, html};
use portrait::Report;

use super::photo;
use crate::app::App;
use crate::clock::day;
use crate::desk::{page, wording};
use crate::gate::Reviewer;
use crate::store::dossier::{Dossier, Person};

/// What the page shows.
pub(super) struct Seen {
    pub(super) dossier: Dossier,
    pub(super) report: Option<Report>,
    pub(super) refusal: Option<Refusing>,
    pub(super) duplicate: Option<DuplicateRequested>,
}

/// A refusal that was sent without a reason, so that nothing typed is lost.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) unexplained: bool,
    pub(super) reasons: Vec<Reason>,
    pub(super) note: String,
}

pub(super) fn content(app: &App, reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let dossier = &seen.dossier;
    html! {
        p { a href="/desk" { "← File d’attente" } }
        h1 { (dossier.name()) }
        p { span.number { (page::number(dossier)) } " · " (wording::state(dossier.state)) }
        @if tried.unexplained {
            (page::alert("Choisissez au moins un motif de refus\u{202f}; « Autre motif » demande une précision."))
        }
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
        @if dossier.state == State::Received { (decision(reviewer, seen, tried)) }
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

fn decision(reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let dossier = &seen.dossier;
    html! {
        h2 { "Décision" }
        form.card method="post" action={ "/desk/dossiers/" (dossier.id) "/accept" } {
            (page::csrf(reviewer))
            p { "La carte est signée aussitôt et arrive sur le téléphone de l’élève." }
            button type="submit" { "Accepter le dossier" }
        }
        form.card method="post" action={ "/desk/dossiers/" (dossier.id) "/refuse" } {
            (page::csrf(reviewer))
            fieldset {
                legend { "Motifs du refus (au moins un)" }
                div.reasons {
                    @for reason in Reason::ALL {
                        label {
                            input type="checkbox" name="reasons" value=(wording::reason_word(reason))
                                checked[tried.reasons.contains(&reason)];
                            span {
                                (wording::reason(reason))
                                @if let Some(faults) = photo::measured(seen.report.as_ref(), reason) {
                                    small.measured { "mesuré\u{a0}: " (faults) }
                                }
                            }
                        }
                    }
                }
            }
            label for="note" { "Précision pour l’élève (facultative)" }
            textarea id="note" name="note" rows="3" maxlength=(Refusing::LONGEST_NOTE) { (tried.note) }
            button.stop type="submit" { "Refuser le dossier" }
        }
    }
}
