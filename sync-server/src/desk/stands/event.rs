//! One event: its tablets, and the envelopes that wait for a person.

use dossier::form::{Field, FieldRefusal};
use dossier::hexadecimal;
use maud::{Markup, html};

use super::view;
use crate::app::App;
use crate::desk::{page, wording};
use crate::gate::Reviewer;
use crate::store::envelope::Stuck;
use crate::store::event::Event;
use crate::store::stand::{Brought, Stand};

pub(super) fn content(
    app: &App,
    reviewer: &Reviewer,
    event: &Event,
    tablets: &[Brought],
    stuck: &[Stuck],
) -> Markup {
    html! {
        p { a href="/desk/stands" { "← Stands" } }
        h1 { (event.name) }
        p { (event.place) " · " (view::days(event)) }
        @if !event.schools.is_empty() {
            p { "Établissements attendus\u{a0}: " (schools(app, event)) }
        }
        @if tablets.iter().any(|it| it.stand.cloned_ms != 0) {
            (page::alert("Une tablette a été copiée\u{a0}: deux enveloppes différentes sont arrivées \
                sous un même numéro. Révoquez-la, puis retrouvez l’appareil."))
        }
        h2 { "Tablettes" }
        @if tablets.is_empty() {
            p.empty { "Aucune tablette. Ajoutez-en une pour obtenir son code." }
        } @else {
            (table(app, reviewer, tablets))
        }
        form method="post" action={ "/desk/stands/" (event.id) "/tablets" } {
            (page::csrf(reviewer))
            button type="submit" { "Ajouter une tablette" }
        }
        @if !stuck.is_empty() { (waiting(reviewer, tablets, stuck)) }
    }
}

fn schools(app: &App, event: &Event) -> String {
    let reference = app.reference.now();
    let label = |uai: &String| {
        reference.pack.school(uai).map_or_else(|| uai.clone(), |school| school.label())
    };
    event.schools.iter().map(label).collect::<Vec<_>>().join("\u{a0}; ")
}

fn table(app: &App, reviewer: &Reviewer, tablets: &[Brought]) -> Markup {
    let columns =
        ["Tablette", "État", "Enveloppes reçues", "Vue pour la dernière fois", "Révoquer"];
    let row = |tablet: &Brought| {
        let stand = &tablet.stand;
        let seen = html! {
            @if stand.seen_ms == 0 { "Jamais" } @else { (view::moment(stand.seen_ms)) }
        };
        [
            html! { (view::tablet(stand)) },
            state(stand, app.now_ms()),
            html! { (brought(tablet)) },
            seen,
            html! { @if !stand.is_revoked() { (revocation(reviewer, stand)) } },
        ]
    };
    page::table(columns, tablets.iter().map(row))
}

fn state(stand: &Stand, now_ms: i64) -> Markup {
    html! {
        @if stand.is_revoked() {
            span.mark.fail { span aria-hidden="true" { "✕" } "\u{a0}révoquée" }
        } @else if stand.set_up_ms != 0 {
            span.mark.pass { span aria-hidden="true" { "✓" } "\u{a0}installée" }
        } @else if now_ms <= stand.token_until_ms {
            "Code valable jusqu’au " (view::moment(stand.token_until_ms))
        } @else {
            "Code dépassé\u{a0}: ajoutez une autre tablette"
        }
        @if stand.cloned_ms != 0 {
            " " span.mark.fail { span aria-hidden="true" { "▲" } "\u{a0}copiée" }
        }
    }
}

fn brought(tablet: &Brought) -> String {
    let Brought { envelopes, deposited, stuck, .. } = tablet;
    match stuck {
        0 => format!("{envelopes}, dont {deposited} déposées"),
        _ => format!("{envelopes}, dont {deposited} déposées et {stuck} à voir"),
    }
}

/// Nobody revokes a tablet by one wrong press.
fn revocation(reviewer: &Reviewer, stand: &Stand) -> Markup {
    let confirmed = format!("confirmed-{}", stand.id);
    html! {
        details {
            summary { "Révoquer…" }
            form method="post" action={ "/desk/tablets/" (stand.id) "/revoke" } {
                (page::csrf(reviewer))
                p {
                    "Ses cartes provisoires sont refusées partout dès que les téléphones ont la \
                     nouvelle liste\u{202f}; ce qu’elle apporte encore attend votre décision. Il n’y a \
                     pas de retour."
                }
                div.reasons {
                    label for=(confirmed) {
                        input id=(confirmed) type="checkbox" name="confirmed" value="yes" required;
                        span { "Je confirme" }
                    }
                }
                button.stop type="submit" { "Révoquer cette tablette" }
            }
        }
    }
}

fn waiting(reviewer: &Reviewer, tablets: &[Brought], stuck: &[Stuck]) -> Markup {
    let of = |one: &Stuck| tablets.iter().find(|it| it.stand.id == one.stand);
    let row = |one: &Stuck| {
        let address = format!("/desk/envelopes/{}", hexadecimal::text(&one.digest));
        [
            html! { a href=(address) { "N°\u{a0}" (one.sequence) } },
            html! { @if let Some(tablet) = of(one) { (view::tablet(&tablet.stand)) } },
            why(one),
            html! { (view::moment(one.stored_ms)) },
            retry(reviewer, one),
        ]
    };
    html! {
        h2 { "Enveloppes à voir" }
        p { "Elles sont arrivées entières et n’ont pas pu devenir des dossiers. Rien n’en est perdu." }
        (page::table(
            ["Enveloppe", "Tablette", "Pourquoi", "Reçue le", "Agir"],
            stuck.iter().map(row),
        ))
    }
}

/// The form that has an envelope tried again.
pub(super) fn retry(reviewer: &Reviewer, one: &Stuck) -> Markup {
    let address = format!("/desk/envelopes/{}/retry", hexadecimal::text(&one.digest));
    html! {
        form method="post" action=(address) {
            (page::csrf(reviewer))
            button.quiet type="submit" {
                @if one.reason == "revoked" { "Déposer quand même" } @else { "Réessayer" }
            }
        }
    }
}

/// Why an envelope waits, and what to do.
pub(super) fn why(one: &Stuck) -> Markup {
    html! {
        (sentence(&one.reason))
        @if !one.refusals.is_empty() { " " (fields(&one.refusals)) "." }
    }
}

fn fields(refusals: &[FieldRefusal]) -> String {
    let mut names: Vec<&str> = refusals.iter().map(|it| name(it.field)).collect();
    names.dedup();
    names.join(", ")
}

/// What an answer is called here, also one that no student is asked to correct.
pub(super) fn name(field: Field) -> &'static str {
    match field {
        Field::Charter => "Charte",
        Field::Filer | Field::FilerFamilyName | Field::FilerGivenName | Field::FilerLink => {
            "Qui remplit le dossier"
        }
        Field::Email | Field::EmailConfirmation => "E-mail",
        Field::Photo | Field::BareHead => "Photo",
        field => wording::field(field),
    }
}

/// The sentence for the code of a failure that an envelope may meet.
fn sentence(reason: &str) -> &'static str {
    match reason {
        "incomplete" => "Le formulaire refuse des réponses. Appelez l’élève\u{a0}:",
        "number_taken" => "Son numéro est celui d’un autre dossier. Appelez l’élève.",
        "already_deposited" => "Ce dossier est déjà déposé, avec d’autres réponses. Comparez-les.",
        "illegal_move" => "Elle corrige un dossier qui est déjà décidé. Appelez l’élève.",
        "revoked" => {
            "Sa tablette est révoquée. Vérifiez auprès de l’agent qu’il a fait cette inscription."
        }
        "not_the_envelope" => {
            "Elle ne s’ouvre pas ici. Remettez dans «\u{a0}keys\u{a0}» la clé qui l’ouvre, puis réessayez."
        }
        "not_the_photo" => "La photo n’est pas celle du dossier. Appelez l’élève.",
        "deleted" => "L’élève a supprimé ce brouillon de son téléphone. Appelez l’élève.",
        "malformed" | "changes_missing" => "Son contenu est abîmé. Refaites l’inscription.",
        _ => "Elle n’a pas pu être ouverte. Réessayez, puis appelez le support.",
    }
}
