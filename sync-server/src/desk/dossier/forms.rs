//! What a reviewer may do with a dossier now, as forms.

use dossier::form::correction::Topic;
use dossier::review::{Making, Reason, Refusing, State};
use maud::{Markup, html};

use super::photo;
use super::view::Seen;
use crate::desk::{page, wording};
use crate::gate::Reviewer;

/// A form that did not say why, so that nothing typed in it is lost.
#[derive(Default)]
pub(super) struct Tried {
    pub(super) unexplained: Option<Unexplained>,
    pub(super) topics: Vec<Topic>,
    pub(super) reasons: Vec<Reason>,
    pub(super) note: String,
    /// A movement that could not be noted.
    pub(super) movement: Option<super::benefits::Typed>,
}

/// Which form did not say why.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unexplained {
    Correction,
    Refusal,
}

impl Unexplained {
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Correction => {
                "Choisissez au moins une réponse à corriger, et dites pourquoi\u{a0}: un motif pour \
                 la photo seule, une phrase pour tout le reste."
            }
            Self::Refusal => {
                "Choisissez au moins un motif de refus\u{202f}; « Autre motif » demande une précision."
            }
        }
    }
}

impl Tried {
    /// What was typed in this form, if it is the one that came back.
    fn of(&self, form: Unexplained) -> (&[Topic], &[Reason], &str) {
        if self.unexplained == Some(form) {
            (&self.topics, &self.reasons, &self.note)
        } else {
            (&[], &[], "")
        }
    }
}

/// What can be decided while the dossier is open.
pub(super) fn decision(reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let dossier = &seen.dossier;
    html! {
        h2 { "Décision" }
        @if dossier.state == State::Received {
            form.card method="post" action={ "/desk/dossiers/" (dossier.id) "/take" } {
                (page::csrf(reviewer))
                h3 { "Prendre en contrôle" }
                p { "Le dossier passe dans votre file\u{202f}; l’élève voit qu’il est en contrôle." }
                button type="submit" { "Prendre ce dossier" }
            }
        }
        form.card method="post" action={ "/desk/dossiers/" (dossier.id) "/accept" } {
            (page::csrf(reviewer))
            h3 { "Accepter" }
            p { "La carte est signée aussitôt et arrive sur le téléphone de l’élève." }
            button type="submit" { "Accepter le dossier" }
        }
        @if dossier.state != State::ToCorrect { (correction(reviewer, seen, tried)) }
        (refusal(reviewer, seen, tried))
    }
}

fn correction(reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let (topics, reasons, note) = tried.of(Unexplained::Correction);
    html! {
        form.card method="post" action={ "/desk/dossiers/" (seen.dossier.id) "/correct" } {
            (page::csrf(reviewer))
            h3 { "Faire corriger" }
            p {
                "L’élève reçoit un mail et ne peut modifier que ce que vous choisissez ici. Le dossier \
                 revient ensuite dans votre file."
            }
            fieldset {
                legend { "À corriger (au moins une réponse)" }
                div.reasons {
                    @for topic in Topic::ALL {
                        label {
                            input type="checkbox" name="topics" value=(wording::word(topic))
                                checked[topics.contains(&topic)];
                            span { (wording::topic(topic)) }
                        }
                    }
                }
            }
            (why(seen, "Motifs, si la photo est à refaire", reasons))
            label for="correction-note" { "Ce que l’élève doit faire (obligatoire, sauf pour la photo seule)" }
            textarea id="correction-note" name="note" rows="3" maxlength=(Refusing::LONGEST_NOTE) { (note) }
            button type="submit" { "Demander une correction" }
        }
    }
}

fn refusal(reviewer: &Reviewer, seen: &Seen, tried: &Tried) -> Markup {
    let (_, reasons, note) = tried.of(Unexplained::Refusal);
    html! {
        form.card method="post" action={ "/desk/dossiers/" (seen.dossier.id) "/refuse" } {
            (page::csrf(reviewer))
            h3 { "Refuser" }
            (why(seen, "Motifs du refus (au moins un)", reasons))
            label for="note" { "Précision pour l’élève (facultative)" }
            textarea id="note" name="note" rows="3" maxlength=(Refusing::LONGEST_NOTE) { (note) }
            button.stop type="submit" { "Refuser le dossier" }
        }
    }
}

/// The reasons of the trade, each with what was measured on the photo.
fn why(seen: &Seen, legend: &str, chosen: &[Reason]) -> Markup {
    html! {
        fieldset {
            legend { (legend) }
            div.reasons {
                @for reason in Reason::ALL {
                    label {
                        input type="checkbox" name="reasons" value=(wording::word(reason))
                            checked[chosen.contains(&reason)];
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
    }
}

/// The next stage of the plastic card, which the student is shown.
pub(super) fn making(reviewer: &Reviewer, seen: &Seen) -> Markup {
    let stage = Making::next(seen.making);
    let at_school = seen.dossier.sending == "ETABLISSEMENT";
    html! {
        h2 { "Carte en plastique" }
        form.card method="post" action={ "/desk/dossiers/" (seen.dossier.id) "/card" } {
            (page::csrf(reviewer))
            input type="hidden" name="stage" value=(stage.as_str());
            p { "L’élève en voit la date dans l’application." }
            button type="submit" {
                @match stage {
                    Making::InProduction => "Carte en fabrication",
                    Making::HandedOver if at_school => "Carte remise à l’établissement",
                    Making::HandedOver => "Carte envoyée au domicile",
                }
            }
        }
    }
}
