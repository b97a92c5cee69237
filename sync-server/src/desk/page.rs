//! The frame of every page of the desk.

use dossier::number::DossierNumber;
use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::gate::{CSRF_FIELD, Reviewer};
use crate::store::dossier::Dossier;

/// What stands above every page of the reviewers.
const DESK: &str = "Instruction des dossiers";

/// A page for somebody who is signed in.
pub(super) fn page(title: &str, reviewer: &Reviewer, content: Markup) -> Markup {
    frame(
        DESK,
        title,
        html! {
            nav aria-label="Pages" {
                a href="/desk" { "File d’attente" }
                a href="/desk/duplicates" { "Duplicatas" }
                @if reviewer.known.must_be_administrator().is_ok() { a href="/desk/stands" { "Stands" } }
            }
            form.sign-out method="post" action="/desk/sign-out" {
                (csrf(reviewer))
                span { "Session\u{a0}: " (reviewer.known.name) }
                button.quiet type="submit" { "Se déconnecter" }
            }
        },
        content,
    )
}

/// A page for anybody.
pub(super) fn bare(title: &str, content: Markup) -> Markup {
    frame(DESK, title, html! {}, content)
}

/// A page for a student who followed a link.
pub(crate) fn public(title: &str, content: Markup) -> Markup {
    frame("Pass’Région", title, html! {}, content)
}

/// The hidden field that every form of a session carries.
pub(super) fn csrf(reviewer: &Reviewer) -> Markup {
    html! { input type="hidden" name=(CSRF_FIELD) value=(reviewer.csrf()); }
}

/// What went wrong with a form, announced by screen readers.
pub(crate) fn alert(sentence: &str) -> Markup {
    html! { p.alert role="alert" { (sentence) } }
}

fn frame(place: &str, title: &str, tools: Markup, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="fr" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " – " (place) }
                link rel="stylesheet" href="/desk/style.css";
            }
            body {
                a.skip href="#content" { "Aller au contenu" }
                header { strong { (place) } (tools) }
                main id="content" tabindex="-1" { (content) }
            }
        }
    }
}

/// A table whose rows are headed by their first cell. On a narrow screen each row stands by itself and
/// each cell says its column; the roles keep it a table there for whoever listens.
pub(super) fn table<const N: usize>(
    columns: [&str; N],
    rows: impl IntoIterator<Item = [Markup; N]>,
) -> Markup {
    html! {
        table role="table" {
            thead role="rowgroup" {
                tr role="row" {
                    @for column in columns { th scope="col" role="columnheader" { (column) } }
                }
            }
            tbody role="rowgroup" {
                @for row in rows {
                    tr role="row" {
                        @for (at, (column, cell)) in columns.iter().zip(row).enumerate() {
                            @if at == 0 {
                                th scope="row" role="rowheader" { (cell) }
                            } @else {
                                td role="cell" data-column=(column) { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The number of a dossier, which leads to it.
pub(super) fn link(dossier: &Dossier) -> Markup {
    html! { a.whole href={ "/desk/dossiers/" (dossier.id) } { (number(dossier)) } }
}

/// The number in its groups, as the student reads it.
pub(super) fn number(dossier: &Dossier) -> String {
    match DossierNumber::parse(&dossier.number) {
        Ok(number) => number.to_string(),
        Err(_) => dossier.number.clone(),
    }
}

/// The school's label, or its code when the reference no longer lists it, or what was written.
pub(super) fn school(app: &App, dossier: &Dossier) -> String {
    if dossier.school.is_empty() {
        return format!(
            "{} ({}), hors liste\u{a0}: à identifier",
            dossier.school_name, dossier.school_town
        );
    }
    let reference = app.reference.now();
    let school = reference.pack.school(&dossier.school);
    school.map_or_else(|| dossier.school.clone(), |school| school.label())
}

/// The track's name, or its code when the reference no longer lists it, or what was written.
pub(super) fn track(app: &App, dossier: &Dossier) -> String {
    if dossier.track.is_empty() {
        return format!("{}, hors liste\u{a0}: à identifier", dossier.track_name);
    }
    let reference = app.reference.now();
    let track = reference.pack.track(&dossier.track);
    track.map_or_else(|| dossier.track.clone(), |track| format!("{}, {}", track.group, track.label))
}
