//! The photo of a dossier, what was measured on it, and what the student says of it.

use dossier::review::Reason;
use maud::{Markup, html};
use portrait::{Fault, Finding, Level, Report, Rule};

use crate::desk::page;
use crate::desk::wording::photo as wording;
use crate::store::dossier::Dossier;

/// The photo beside its measures.
pub(super) fn checked(dossier: &Dossier, report: Option<&Report>) -> Markup {
    html! {
        div.checked {
            figure {
                img src={ "/desk/dossiers/" (dossier.id) "/photo" } width="280"
                    alt={ "Photo d’identité de " (dossier.name()) };
                figcaption { "Photo d’identité" }
                (said(dossier))
            }
            section aria-labelledby="photo-check" {
                h2 id="photo-check" { "Contrôle de la photo" }
                @match report {
                    Some(report) => (results(report)),
                    None => p.empty { "Ce dossier a été déposé avant que les photos soient contrôlées." },
                }
            }
        }
        @if let Some(report) = report { (measures(report)) }
    }
}

/// What the student says: a reviewer sees it next to the picture.
fn said(dossier: &Dossier) -> Markup {
    html! {
        @if !dossier.photo_note.is_empty() {
            p.insists {
                (mark(Level::Warn))
                " L’élève a gardé cette photo et explique\u{a0}: «\u{a0}" (dossier.photo_note) "\u{a0}»"
            }
        }
        p {
            @if dossier.bare_head { "L’élève déclare être tête nue." }
            @else { "L’élève n’a pas déclaré être tête nue." }
        }
    }
}

/// What came out of each rule.
fn results(report: &Report) -> Markup {
    let mut rules: Vec<Rule> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.dedup();
    let worst = rules.into_iter().filter_map(|rule| report.worst_of(rule));
    html! {
        p { "Résultat\u{a0}: " (mark(report.verdict)) ". La décision vous revient." }
        ul.results {
            @for Finding { rule, level, fault, .. } in worst {
                li {
                    (mark(*level)) br;
                    (wording::rule(*rule))
                    @if let Some(fault) = fault { "\u{a0}: " (wording::fault(*fault)) }
                }
            }
        }
    }
}

/// Every measure with its limits: at hand when a rule is broken, folded away otherwise.
fn measures(report: &Report) -> Markup {
    html! {
        details open[report.verdict == Level::Fail] {
            summary { "Mesures et limites" }
            p {
                "Mesuré par le serveur sur la photo reçue, avec la version " (report.table)
                " des règles."
            }
            div.measures {
                (page::table(
                    ["Règle", "Résultat", "Mesure", "Limite", "Conseillé"],
                    report.findings.iter().map(line),
                ))
            }
        }
    }
}

fn line(finding: &Finding) -> [Markup; 5] {
    let Finding { rule, measure, value, level, fault, warn, fail } = *finding;
    let value = value.map(|value| wording::value(measure, value));
    let result = html! {
        (mark(level))
        @if let Some(fault) = fault { "\u{a0}: " (wording::fault(fault)) }
    };
    let measured = html! {
        @if let Some(value) = value { strong { (value) } " " }
        small { (wording::measure(measure)) }
    };
    [
        html! { (wording::rule(rule)) },
        result,
        measured,
        html! { (wording::limits(measure, fail)) },
        html! { (wording::limits(measure, warn)) },
    ]
}

/// A level as a shape and a word.
fn mark(level: Level) -> Markup {
    let (shape, word) = wording::level(level);
    let class = match level {
        Level::Pass => "mark pass",
        Level::Warn => "mark warn",
        Level::Fail => "mark fail",
        Level::NotAssessed => "mark",
    };
    html! { span class=(class) { span aria-hidden="true" { (shape) } "\u{a0}" (word) } }
}

/// The failures that call for a reason of refusal, in words, in the order of the rules.
pub(super) fn measured(report: Option<&Report>, reason: Reason) -> Option<String> {
    let findings = report.map_or(&[][..], |report| &report.findings);
    let mut faults: Vec<(Rule, Fault)> = findings
        .iter()
        .filter(|finding| finding.level == Level::Fail)
        .filter_map(|finding| Some((finding.rule, finding.fault?)))
        .filter(|(_, fault)| wording::reason_of(*fault) == reason)
        .collect();
    faults.sort_unstable();
    faults.dedup();
    let words: Vec<&str> = faults.into_iter().map(|(_, fault)| wording::fault(fault)).collect();
    (!words.is_empty()).then(|| words.join(", "))
}
