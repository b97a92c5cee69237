//! The form of a new event.

use maud::{Markup, html};
use time::Date;
use time::macros::format_description;
use uuid::Uuid;

use crate::desk::page;
use crate::gate::{Order, Reviewer};
use crate::store::event::Event;

/// What a name or a place may have, in characters.
const LONGEST_NAME: usize = 80;
/// A fair is a day, a campaign of a lycée a month.
const LONGEST_DAYS: i64 = 31;
/// Provisional cards of one tablet: a fast agent makes two hundred in a day.
const MOST_CARDS: u32 = 5_000;
const MOST_SCHOOLS: usize = 200;

/// What was typed, as it was.
pub(super) struct Typed {
    name: String,
    place: String,
    first_day: String,
    last_day: String,
    schools: String,
    most_cards: String,
}

impl Default for Typed {
    fn default() -> Self {
        let [name, place, first_day, last_day, schools] = [(); 5].map(|()| String::new());
        Self { name, place, first_day, last_day, schools, most_cards: "500".to_owned() }
    }
}

impl Typed {
    /// What an order says.
    pub(super) fn of(order: &Order) -> Self {
        let typed = |name: &str| order.one(name).unwrap_or_default().trim().to_owned();
        Self {
            name: typed("name"),
            place: typed("place"),
            first_day: typed("first_day"),
            last_day: typed("last_day"),
            schools: typed("schools"),
            most_cards: typed("most_cards"),
        }
    }

    /// The event that is meant, without what names it; else a sentence for each fault.
    pub(super) fn read(
        &self,
        is_school: impl Fn(&str) -> bool,
        today: Date,
    ) -> Result<Event, Vec<String>> {
        let mut faults = Vec::new();
        for (what, text) in [("Le nom", &self.name), ("Le lieu", &self.place)] {
            let fits = !text.is_empty() && text.chars().count() <= LONGEST_NAME;
            if !fits || text.contains(char::is_control) {
                faults.push(format!("{what} doit avoir de 1 à {LONGEST_NAME} caractères."));
            }
        }
        let days = [&self.first_day, &self.last_day].map(|text| day(text));
        match days {
            [Some(first), Some(last)] if last < first => {
                faults.push("Le dernier jour doit être le premier, ou venir après.".to_owned());
            }
            [Some(first), Some(last)] if (last - first).whole_days() >= LONGEST_DAYS => {
                faults.push(format!("Un événement dure au plus {LONGEST_DAYS}\u{a0}jours."));
            }
            [_, Some(last)] if last < today => {
                faults.push("Le dernier jour est déjà passé.".to_owned());
            }
            [Some(_), Some(_)] => {}
            _ => faults.push("Indiquez le premier et le dernier jour.".to_owned()),
        }
        let schools = self.schools();
        let unknown: Vec<&str> =
            schools.iter().map(String::as_str).filter(|uai| !is_school(uai)).collect();
        if !unknown.is_empty() {
            let unknown = unknown.join(", ");
            faults.push(format!("Établissement inconnu\u{a0}: {unknown}. Vérifiez le code UAI."));
        }
        if schools.len() > MOST_SCHOOLS {
            faults.push(format!("Indiquez au plus {MOST_SCHOOLS}\u{a0}établissements, ou aucun."));
        }
        let most_cards = self.most_cards.parse().unwrap_or_default();
        if !(1..=MOST_CARDS).contains(&most_cards) {
            faults.push(format!("Le nombre de cartes provisoires va de 1 à {MOST_CARDS}."));
        }
        let [Some(first_day), Some(last_day)] = days else { return Err(faults) };
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Event {
            id: Uuid::nil(),
            name: self.name.clone(),
            place: self.place.clone(),
            first_day,
            last_day,
            schools,
            most_cards,
            prints_key: [0; 32],
        })
    }

    /// UAIs, however they are separated, each once.
    fn schools(&self) -> Vec<String> {
        let words = self.schools.split(|c: char| c.is_whitespace() || ",;".contains(c));
        let mut schools: Vec<String> = Vec::new();
        for uai in words.filter(|word| !word.is_empty()).map(str::to_uppercase) {
            if !schools.contains(&uai) {
                schools.push(uai);
            }
        }
        schools
    }
}

fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// The form, with what was typed.
pub(super) fn form(reviewer: &Reviewer, typed: &Typed) -> Markup {
    html! {
        form.card method="post" action="/desk/stands" {
            (page::csrf(reviewer))
            h2 { "Nouvel événement" }
            label for="name" { "Nom" }
            input id="name" name="name" value=(typed.name) maxlength=(LONGEST_NAME) required
                autocomplete="off";
            label for="place" { "Lieu" }
            input id="place" name="place" value=(typed.place) maxlength=(LONGEST_NAME) required
                autocomplete="off";
            label for="first_day" { "Premier jour" }
            input id="first_day" name="first_day" type="date" value=(typed.first_day) required;
            label for="last_day" { "Dernier jour" }
            input id="last_day" name="last_day" type="date" value=(typed.last_day) required;
            label for="schools" { "Établissements attendus (codes UAI, facultatif)" }
            textarea id="schools" name="schools" rows="2" { (typed.schools) }
            label for="most_cards" { "Cartes provisoires par tablette, au plus" }
            input id="most_cards" name="most_cards" inputmode="numeric" value=(typed.most_cards)
                required;
            button type="submit" { "Créer l’événement" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn typed() -> Typed {
        Typed {
            name: "Forum des lycées".to_owned(),
            place: "Clermont-Ferrand".to_owned(),
            first_day: "2026-12-01".to_owned(),
            last_day: "2026-12-02".to_owned(),
            schools: "0630020e, 0630020E;0630018C".to_owned(),
            most_cards: "300".to_owned(),
        }
    }

    fn faults(typed: &Typed) -> Vec<String> {
        let read = typed.read(|uai| uai != "0000000X", date!(2026 - 11 - 29));
        read.err().unwrap_or_default()
    }

    #[test]
    fn an_event_is_read_with_each_school_once() {
        let event = typed().read(|_| true, date!(2026 - 11 - 29)).unwrap();
        assert_eq!(event.schools, ["0630020E", "0630018C"]);
        assert_eq!((event.most_cards, event.last_day), (300, date!(2026 - 12 - 02)));
    }

    #[test]
    fn each_fault_is_told_in_a_sentence() {
        for (wrong, says) in [
            (Typed { name: String::new(), ..typed() }, "Le nom"),
            (Typed { place: "é".repeat(81), ..typed() }, "Le lieu"),
            (Typed { last_day: "2026-11-30".to_owned(), ..typed() }, "venir après"),
            (Typed { last_day: "2027-12-01".to_owned(), ..typed() }, "au plus 31"),
            (Typed { first_day: "1er décembre".to_owned(), ..typed() }, "premier et le dernier"),
            (Typed { schools: "0000000X".to_owned(), ..typed() }, "inconnu"),
            (Typed { most_cards: "0".to_owned(), ..typed() }, "va de 1"),
            (Typed { most_cards: "beaucoup".to_owned(), ..typed() }, "va de 1"),
        ] {
            let told = faults(&wrong);
            assert!(told.len() == 1 && told[0].contains(says), "{says}: {told:?}");
        }
        let past = ["2026-11-01", "2026-11-02"].map(str::to_owned);
        let [first_day, last_day] = past;
        assert!(faults(&Typed { first_day, last_day, ..typed() })[0].contains("déjà passé"));
    }
}
