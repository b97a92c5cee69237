//! The school year that a card is for.

use std::fmt;

use time::{Date, Month};

/// A school year such as `2026-2027`. The next one opens on 1 June.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Season {
    first_year: i32,
}

impl Season {
    /// The school year that an application made on this day is for.
    pub fn of(day: Date) -> Self {
        let opened = day.month() as u8 >= Month::June as u8;
        Self { first_year: if opened { day.year() } else { day.year() - 1 } }
    }

    /// Reads `2026-2027`; `None` when the two years do not follow each other.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, second) = text.split_once('-')?;
        let first_year: i32 = first.parse().ok()?;
        (text.len() == 9 && second.parse() == Ok(first_year + 1)).then_some(Self { first_year })
    }

    /// 1 September: the day at which ages are counted.
    pub fn start(self) -> Date {
        Date::from_calendar_date(self.first_year, Month::September, 1).unwrap_or(Date::MIN)
    }

    /// 31 August of the second year: the last day of the card.
    pub fn end(self) -> Date {
        Date::from_calendar_date(self.first_year + 1, Month::August, 31).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.first_year, self.first_year + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn the_season_turns_on_the_first_of_june() {
        assert_eq!(Season::of(date!(2026 - 05 - 31)).to_string(), "2025-2026");
        assert_eq!(Season::of(date!(2026 - 06 - 01)).to_string(), "2026-2027");
        assert_eq!(Season::of(date!(2026 - 11 - 22)).end(), date!(2027 - 08 - 31));
    }

    #[test]
    fn only_years_that_follow_each_other_are_a_season() {
        assert_eq!(Season::parse("2026-2027"), Some(Season::of(date!(2026 - 09 - 01))));
        for wrong in ["2026-2028", "2026", "26-27", "", "2026-2027 "] {
            assert_eq!(Season::parse(wrong), None, "{wrong}");
        }
    }
}
