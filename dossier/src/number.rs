//! The dossier number: made on the phone, offline, once.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Digits and capitals without `0 1 I L O`, which people mistake for each other.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Ten random symbols and a check symbol.
const LENGTH: usize = 11;
/// 31 is prime, so every single wrong symbol and every swap of neighbours changes Σ i·vᵢ mod 31.
const MODULUS: u32 = 31;
/// 17 · 11 = 187 = 6 · 31 + 1: what undoes the weight of the check symbol.
const INVERSE_OF_LAST_WEIGHT: u32 = 17;

/// Identifies a dossier for people: `4K7Q-2MZ9-CT5`. An identifier, never a secret.
/// Only [`DossierNumber::draw`] and [`DossierNumber::parse`] make one, so its check symbol is right.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[2-9A-HJKMNP-Z]{11}$"))]
#[serde(try_from = "String", into = "String")]
pub struct DossierNumber(String);

/// Why a typed dossier number is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberRefusal {
    /// A symbol that no number has: most often a zero, a one, or an O.
    #[error("a symbol outside the alphabet")]
    ForeignSymbol,
    /// Too few or too many symbols.
    #[error("not eleven symbols")]
    WrongLength,
    /// The symbols do not agree with the check symbol.
    #[error("the check symbol does not match")]
    Mistyped,
}

impl DossierNumber {
    /// Makes a number from 128 random bits; two draws agree about once in 8·10¹⁴.
    pub fn draw(entropy: [u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(entropy);
        let mut symbols = String::with_capacity(LENGTH);
        let mut sum = 0;
        for weight in 1..LENGTH as u32 {
            let value = (rest % u128::from(MODULUS)) as u32;
            rest /= u128::from(MODULUS);
            sum += weight * value;
            symbols.push(symbol(value));
        }
        let check = (MODULUS - sum % MODULUS) * INVERSE_OF_LAST_WEIGHT % MODULUS;
        symbols.push(symbol(check));
        Self(symbols)
    }

    /// Reads what a person types: case, spaces and hyphens do not matter.
    pub fn parse(typed: &str) -> Result<Self, NumberRefusal> {
        let mut compact = String::with_capacity(LENGTH);
        let mut sum = 0;
        for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let capital = typed.to_ascii_uppercase();
            let value = value(capital).ok_or(NumberRefusal::ForeignSymbol)?;
            compact.push(capital);
            if compact.len() > LENGTH {
                return Err(NumberRefusal::WrongLength);
            }
            sum += compact.len() as u32 * value;
        }
        match (compact.len(), sum % MODULUS) {
            (LENGTH, 0) => Ok(Self(compact)),
            (LENGTH, _) => Err(NumberRefusal::Mistyped),
            _ => Err(NumberRefusal::WrongLength),
        }
    }

    /// The eleven symbols without hyphens, as they are compared and stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with all but its last group hidden: `••••-••••-CT5`.
    pub fn masked(&self) -> String {
        self.grouped(|at, symbol| if at < 8 { '•' } else { symbol })
    }

    fn grouped(&self, shown: impl Fn(usize, char) -> char) -> String {
        let mut text = String::with_capacity(LENGTH + 2);
        for (at, symbol) in self.0.chars().enumerate() {
            if at == 4 || at == 8 {
                text.push('-');
            }
            text.push(shown(at, symbol));
        }
        text
    }
}

impl fmt::Display for DossierNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped(|_, symbol| symbol))
    }
}

/// Masked, so that no log or panic message carries a whole number.
impl fmt::Debug for DossierNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DossierNumber({})", self.masked())
    }
}

impl TryFrom<String> for DossierNumber {
    type Error = NumberRefusal;

    fn try_from(text: String) -> Result<Self, NumberRefusal> {
        Self::parse(&text)
    }
}

impl From<DossierNumber> for String {
    fn from(number: DossierNumber) -> Self {
        number.0
    }
}

fn symbol(value: u32) -> char {
    ALPHABET.get(value as usize).map_or('2', |byte| char::from(*byte))
}

fn value(symbol: char) -> Option<u32> {
    ALPHABET.iter().position(|byte| char::from(*byte) == symbol).map(|at| at as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_drawn_number_is_read_back_however_it_is_typed(entropy: [u8; 16]) {
            let number = DossierNumber::draw(entropy);
            let shown = number.to_string();
            prop_assert_eq!(shown.len(), 13);
            for typed in [shown.clone(), shown.to_lowercase(), shown.replace('-', " ")] {
                prop_assert_eq!(DossierNumber::parse(&typed).unwrap(), number.clone());
            }
        }

        #[test]
        fn one_wrong_symbol_is_always_noticed(entropy: [u8; 16], at in 0usize..11, other in 0u32..31) {
            let number = DossierNumber::draw(entropy);
            let mut typed: Vec<char> = number.as_str().chars().collect();
            prop_assume!(typed[at] != symbol(other));
            typed[at] = symbol(other);
            let typed: String = typed.into_iter().collect();
            prop_assert_eq!(DossierNumber::parse(&typed), Err(NumberRefusal::Mistyped));
        }

        #[test]
        fn two_swapped_neighbours_are_always_noticed(entropy: [u8; 16], at in 0usize..10) {
            let number = DossierNumber::draw(entropy);
            let mut typed: Vec<char> = number.as_str().chars().collect();
            prop_assume!(typed[at] != typed[at + 1]);
            typed.swap(at, at + 1);
            let typed: String = typed.into_iter().collect();
            prop_assert_eq!(DossierNumber::parse(&typed), Err(NumberRefusal::Mistyped));
        }

        #[test]
        fn anything_typed_is_read_or_refused(typed: String) {
            let _ = DossierNumber::parse(&typed);
        }
    }

    #[test]
    fn a_zero_or_an_o_is_refused_as_foreign() {
        assert_eq!(DossierNumber::parse("0K7Q-2MZ9-CT5"), Err(NumberRefusal::ForeignSymbol));
        assert_eq!(DossierNumber::parse("OK7Q-2MZ9-CT5"), Err(NumberRefusal::ForeignSymbol));
    }

    #[test]
    fn too_short_and_too_long_are_refused_as_such() {
        assert_eq!(DossierNumber::parse("4K7Q"), Err(NumberRefusal::WrongLength));
        assert_eq!(DossierNumber::parse("4K7Q2MZ9CT5222"), Err(NumberRefusal::WrongLength));
    }

    #[test]
    fn a_masked_number_keeps_only_its_last_group() {
        let number = DossierNumber::draw([7; 16]);
        assert!(number.masked().starts_with("••••-••••-"));
        assert!(!format!("{number:?}").contains(&number.to_string()));
    }
}
