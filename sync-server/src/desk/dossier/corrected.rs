//! What a student was asked to mend, and the difference that it made.

use dossier::form::Field;
use dossier::form::correction::Topic;
use dossier::form::school::NOT_LISTED;
use dossier::review::{Correcting, Reason};
use maud::{Markup, html};

use super::view::Seen;
use crate::app::App;
use crate::desk::{page, wording};
use crate::export::wording::value;
use crate::store::correction::Requested;

/// What is awaited from the student.
pub(super) fn asked(asked: &Correcting) -> Markup {
    html! {
        section.card aria-labelledby="asked" {
            h2 id="asked" { "Correction demandée à l’élève" }
            (request(asked))
        }
    }
}

fn request(asked: &Correcting) -> Markup {
    html! {
        ul { @for topic in asked.topics() { li { (wording::topic(*topic)) } } }
        @for reason in asked.reasons() {
            @if *reason != Reason::Autre { p { "Motif\u{a0}: " (wording::reason(*reason)) } }
        }
        @if let Some(note) = asked.note() { p { "Précision\u{a0}: " (note) } }
    }
}

/// What the last answer changed: each field before and after, and both photos.
pub(super) fn difference(app: &App, seen: &Seen, answered: &Requested) -> Markup {
    let topics = answered.asked.topics();
    let fields = Field::ALL.iter().filter(|field| {
        Topic::open(topics, **field) && !matches!(field, Field::Photo | Field::BareHead)
    });
    let rows: Vec<(Field, String, String)> = fields
        .map(|field| {
            let text = |typed: Option<&String>| {
                let typed = typed.map(String::as_str).filter(|typed| *typed != NOT_LISTED);
                typed.map_or_else(String::new, |typed| value(app, *field, typed))
            };
            (*field, text(answered.former.get(field)), text(seen.answers.typed.get(field)))
        })
        .filter(|(_, before, after)| !before.is_empty() || !after.is_empty())
        .collect();
    let id = seen.dossier.id;
    html! {
        section.card aria-labelledby="difference" {
            h2 id="difference" { "Ce que l’élève a corrigé" }
            details { summary { "Ce qui avait été demandé" } (request(&answered.asked)) }
            @if !seen.dossier.state.is_open() {
                p.empty { "Les anciennes réponses sont oubliées depuis la décision." }
            } @else {
                @if !rows.is_empty() { (table(&rows)) }
                @if answered.former_photo.is_some() {
                    div.pair {
                        figure {
                            img src={ "/desk/dossiers/" (id) "/photo/former" } width="200"
                                alt="Ancienne photo d’identité";
                            figcaption { "Avant" }
                        }
                        figure {
                            img src={ "/desk/dossiers/" (id) "/photo" } width="200"
                                alt="Nouvelle photo d’identité";
                            figcaption { "Après" }
                        }
                    }
                }
            }
        }
    }
}

fn table(rows: &[(Field, String, String)]) -> Markup {
    let row = |(field, before, after): &(Field, String, String)| {
        let after = html! {
            @if before == after { (said(after)) " " small { "(inchangé)" } }
            @else { strong { (said(after)) } }
        };
        [html! { (wording::field(*field)) }, html! { (said(before)) }, after]
    };
    page::table(["Réponse", "Avant", "Après"], rows.iter().map(row))
}

fn said(text: &str) -> &str {
    if text.is_empty() { "rien" } else { text }
}
