//! Days as open files write them.

/// Which number of a day comes first. Copies that passed through an American spreadsheet turn it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    DayFirst,
    MonthFirst,
}

/// The order of a column, seen on all of its days: 31 is no month.
pub(crate) fn order<'a>(days: impl Iterator<Item = &'a str>) -> Order {
    let month_first = |typed: &str| {
        let second = typed.split('/').nth(1).and_then(|number| number.parse::<u8>().ok());
        second.is_some_and(|number| number > 12)
    };
    if days.into_iter().any(month_first) { Order::MonthFirst } else { Order::DayFirst }
}

/// A day as `AAAA-MM-JJ`: `31/08/2027`, `8/31/27` and `2027-08-31` are read.
pub(crate) fn iso(typed: &str, order: Order) -> Option<String> {
    let typed = typed.split([' ', 'T']).next().unwrap_or_default();
    let numbers = |separator: char| -> Option<[u16; 3]> {
        let numbers: Result<Vec<u16>, _> = typed.split(separator).map(str::parse).collect();
        numbers.ok()?.try_into().ok()
    };
    let [year, month, day] = match (numbers('-'), numbers('/'), order) {
        (Some(numbers), ..) => numbers,
        (_, Some([day, month, year]), Order::DayFirst)
        | (_, Some([month, day, year]), Order::MonthFirst) => [year, month, day],
        _ => return None,
    };
    let year = match year {
        0..70 => 2_000 + year,
        70..100 => 1_900 + year,
        _ => year,
    };
    let is_day = (1..=12).contains(&month) && (1..=31).contains(&day) && year <= 9_999;
    is_day.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_the_order_of_their_column() {
        let american = ["9/1/97", "8/31/24"];
        assert_eq!(order(american.into_iter()), Order::MonthFirst);
        assert_eq!(order(["1/9/97", "31/08/2024", ""].into_iter()), Order::DayFirst);
        assert_eq!(iso("8/31/24", Order::MonthFirst).as_deref(), Some("2024-08-31"));
        assert_eq!(iso("1/9/97", Order::DayFirst).as_deref(), Some("1997-09-01"));
        assert_eq!(iso("31/08/2027 00:00:00", Order::DayFirst).as_deref(), Some("2027-08-31"));
        assert_eq!(iso("2027-08-31", Order::MonthFirst).as_deref(), Some("2027-08-31"));
        for wrong in ["", "31/08", "31-31-31", "1/2/3/4", "été", "99999-01-01"] {
            assert_eq!(iso(wrong, Order::DayFirst), None, "{wrong}");
        }
    }
}
