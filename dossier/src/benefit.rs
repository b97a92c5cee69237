//! What is left of what the card pays for.

use serde::{Deserialize, Serialize};

use crate::reference::{Benefit, MOST_CENTS};

/// What happened to a student's benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// The Region grants more than the published amount, or what it grants to each.
    Granted,
    /// A partner was paid.
    Spent,
    /// What was paid came back.
    Refunded,
}

impl MovementKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Spent, Self::Refunded];

    /// The word that is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Spent => "spent",
            Self::Refunded => "refunded",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// One movement of a student's benefit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The code of the benefit.
    pub benefit: String,
    /// What happened.
    pub kind: MovementKind,
    /// How much, in cents.
    pub cents: u32,
}

/// Why a movement is not noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MovementRefusal {
    /// The card does not pay for this in the season of the dossier.
    #[error("not a benefit of this season")]
    UnknownBenefit,
    /// Nothing, or more than anybody pays at once.
    #[error("not an amount")]
    NotAnAmount,
    /// Nobody said how much there is to spend.
    #[error("no amount was granted")]
    NothingGranted,
    /// More than is left.
    #[error("more than is left")]
    MoreThanLeft {
        /// What is, in cents.
        left_cents: i64,
    },
    /// More comes back than was spent.
    #[error("more than was spent")]
    MoreThanSpent {
        /// What was, in cents.
        spent_cents: i64,
    },
}

/// Where a student's benefit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balance {
    /// The code of the benefit.
    pub benefit: String,
    /// What students call it.
    pub label: String,
    /// What there was to spend, in cents; none where nobody said it.
    pub granted_cents: Option<i64>,
    /// What was spent, in cents.
    pub spent_cents: i64,
}

impl Balance {
    /// What is left, in cents; none where nobody said what there was.
    pub fn left_cents(&self) -> Option<i64> {
        self.granted_cents.map(|granted| granted - self.spent_cents)
    }

    fn apply(&mut self, movement: &Movement) {
        let cents = i64::from(movement.cents);
        match movement.kind {
            MovementKind::Granted => {
                self.granted_cents = Some(self.granted_cents.unwrap_or_default() + cents);
            }
            MovementKind::Spent => self.spent_cents += cents,
            MovementKind::Refunded => self.spent_cents -= cents,
        }
    }
}

/// Where all benefits of a student stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Balances {
    /// The day of these figures, `AAAA-MM-JJ`.
    pub on: String,
    /// Benefit by benefit, in the order of the published list.
    pub list: Vec<Balance>,
}

/// Where the benefits of a season stand after these movements. What was noted for a benefit that is
/// not published any more stands last, by its code.
pub fn balances(benefits: &[&Benefit], movements: &[Movement]) -> Vec<Balance> {
    let mut all: Vec<Balance> = benefits
        .iter()
        .map(|benefit| Balance {
            benefit: benefit.code.clone(),
            label: benefit.label.clone(),
            granted_cents: benefit.cents.map(i64::from),
            spent_cents: 0,
        })
        .collect();
    for movement in movements {
        match all.iter_mut().find(|balance| balance.benefit == movement.benefit) {
            Some(balance) => balance.apply(movement),
            None => {
                let code = movement.benefit.clone();
                let mut balance = Balance {
                    benefit: code.clone(),
                    label: code,
                    granted_cents: None,
                    spent_cents: 0,
                };
                balance.apply(movement);
                all.push(balance);
            }
        }
    }
    all
}

/// Whether a movement may follow these. No balance ever falls below nothing.
pub fn admit(
    benefits: &[&Benefit],
    movements: &[Movement],
    new: &Movement,
) -> Result<(), MovementRefusal> {
    let is_known = benefits.iter().any(|benefit| benefit.code == new.benefit);
    let balance = balances(benefits, movements).into_iter().find(|it| it.benefit == new.benefit);
    let Some(balance) = balance.filter(|_| is_known) else {
        return Err(MovementRefusal::UnknownBenefit);
    };
    if new.cents == 0 || new.cents > MOST_CENTS {
        return Err(MovementRefusal::NotAnAmount);
    }
    let cents = i64::from(new.cents);
    match (new.kind, balance.left_cents()) {
        (MovementKind::Granted, _) => Ok(()),
        (MovementKind::Spent, None) => Err(MovementRefusal::NothingGranted),
        (MovementKind::Spent, Some(left_cents)) if cents > left_cents => {
            Err(MovementRefusal::MoreThanLeft { left_cents })
        }
        (MovementKind::Refunded, _) if cents > balance.spent_cents => {
            Err(MovementRefusal::MoreThanSpent { spent_cents: balance.spent_cents })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn benefit(code: &str, cents: Option<u32>) -> Benefit {
        let (code, label) = (code.to_owned(), code.to_lowercase());
        Benefit { code, label, cents, season: "2026-2027".to_owned(), source: "test".to_owned() }
    }

    fn moved(benefit: &str, kind: MovementKind, cents: u32) -> Movement {
        Movement { benefit: benefit.to_owned(), kind, cents }
    }

    use MovementKind::{Granted, Refunded, Spent};

    #[test]
    fn what_is_left_follows_from_amount_and_movements() {
        let (books, bafa) = (benefit("LIVRES", Some(800)), benefit("BAFA", None));
        let moved = [moved("LIVRES", Spent, 500), moved("LIVRES", Refunded, 100)];
        let told = balances(&[&books, &bafa], &moved);
        assert_eq!(told.iter().map(Balance::left_cents).collect::<Vec<_>>(), [Some(400), None]);
    }

    #[test]
    fn no_balance_falls_below_nothing() {
        let books = benefit("LIVRES", Some(800));
        let all = [&books];
        let spent = [moved("LIVRES", Spent, 500)];
        let more = admit(&all, &spent, &moved("LIVRES", Spent, 301));
        assert_eq!(more, Err(MovementRefusal::MoreThanLeft { left_cents: 300 }));
        assert_eq!(admit(&all, &spent, &moved("LIVRES", Spent, 300)), Ok(()));
        let back = admit(&all, &spent, &moved("LIVRES", Refunded, 501));
        assert_eq!(back, Err(MovementRefusal::MoreThanSpent { spent_cents: 500 }));
        for cents in [0, MOST_CENTS + 1] {
            let none = admit(&all, &[], &moved("LIVRES", Granted, cents));
            assert_eq!(none, Err(MovementRefusal::NotAnAmount));
        }
    }

    #[test]
    fn what_is_granted_to_each_is_spent_only_once_it_was_granted() {
        let bafa = benefit("BAFA", None);
        let spend = moved("BAFA", Spent, 5_000);
        assert_eq!(admit(&[&bafa], &[], &spend), Err(MovementRefusal::NothingGranted));
        assert_eq!(admit(&[&bafa], &[moved("BAFA", Granted, 20_000)], &spend), Ok(()));
    }

    #[test]
    fn a_benefit_that_is_not_published_takes_no_movement_and_hides_none() {
        let books = benefit("LIVRES", Some(800));
        let noted = [moved("PECHE", Granted, 3_000), moved("PECHE", Spent, 1_000)];
        let told = balances(&[&books], &noted);
        assert_eq!(told.last().and_then(Balance::left_cents), Some(2_000));
        let more = admit(&[&books], &noted, &moved("PECHE", Spent, 1));
        assert_eq!(more, Err(MovementRefusal::UnknownBenefit));
    }
}
