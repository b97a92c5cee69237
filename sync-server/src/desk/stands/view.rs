//! How events and tablets are told.

use maud::{Markup, html};

use crate::clock::day;
use crate::desk::{page, wording};
use crate::store::event::Event;
use crate::store::stand::Stand;

/// Every event, with its days.
pub(super) fn events(events: &[Event]) -> Markup {
    let row = |event: &Event| {
        [
            html! { a href={ "/desk/stands/" (event.id) } { (event.name) } },
            html! { (event.place) },
            html! { (days(event)) },
        ]
    };
    page::table(["Événement", "Lieu", "Jours"], events.iter().map(row))
}

/// From when to when.
pub(super) fn days(event: &Event) -> String {
    let [first, last] = [event.first_day, event.last_day].map(wording::date);
    if event.first_day == event.last_day { first } else { format!("du {first} au {last}") }
}

/// A moment, in UTC as all of the server's times are.
pub(super) fn moment(ms: i64) -> String {
    let minutes = ms.rem_euclid(86_400_000) / 60_000;
    let (hour, minute) = (minutes / 60, minutes % 60);
    format!("{}, {hour:02}:{minute:02} UTC", wording::date(day(ms)))
}

/// The name that a tablet was given, or that it has none yet.
pub(super) fn tablet(stand: &Stand) -> &str {
    match stand.name.as_str() {
        "" if stand.set_up_ms == 0 => "Pas encore installée",
        "" => "Tablette sans nom",
        name => name,
    }
}
