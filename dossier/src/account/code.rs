//! The short code of a mail, for whoever reads it on another device.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Crockford's alphabet: no letter that is mistaken for a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 8;

/// Eight symbols, 40 bits: `7KQ2-M9CT`. A secret for some minutes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[0-9A-HJKMNP-TV-Z]{8}$"))]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

/// Why what was typed is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code")]
pub struct CodeRefusal;

impl Code {
    /// Makes a code from 40 random bits.
    pub fn draw(entropy: [u8; 5]) -> Self {
        let mut rest = entropy.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut symbols = String::with_capacity(LENGTH);
        for _ in 0..LENGTH {
            let symbol = ALPHABET.get((rest % 32) as usize).copied().unwrap_or(b'0');
            symbols.push(char::from(symbol));
            rest /= 32;
        }
        Self(symbols)
    }

    /// Reads what a person types: case, spaces and hyphens do not matter, an O is a zero.
    pub fn parse(typed: &str) -> Result<Self, CodeRefusal> {
        let mut symbols = String::with_capacity(LENGTH);
        for typed in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let symbol = match typed.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let known = ALPHABET.iter().any(|byte| char::from(*byte) == symbol);
            if !known || symbols.len() == LENGTH {
                return Err(CodeRefusal);
            }
            symbols.push(symbol);
        }
        if symbols.len() == LENGTH { Ok(Self(symbols)) } else { Err(CodeRefusal) }
    }

    /// The eight symbols without hyphen, as they are compared.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In two groups, as a mail shows it.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, symbol) in self.0.chars().enumerate() {
            if at == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

unprinted!(Code);

impl TryFrom<String> for Code {
    type Error = CodeRefusal;

    fn try_from(text: String) -> Result<Self, CodeRefusal> {
        Self::parse(&text)
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_drawn_code_is_read_back_however_it_is_typed(entropy: [u8; 5]) {
            let code = Code::draw(entropy);
            let shown = code.to_string();
            prop_assert_eq!(shown.len(), 9);
            let typed = [shown.clone(), shown.to_lowercase(), shown.replace('-', " "),
                shown.replace('0', "o").replace('1', "l")];
            for typed in typed {
                prop_assert_eq!(Code::parse(&typed).unwrap(), code.clone());
            }
        }

        #[test]
        fn anything_typed_is_read_or_refused(typed: String) {
            let _ = Code::parse(&typed);
        }
    }

    #[test]
    fn another_length_or_symbol_is_no_code() {
        for typed in ["", "7KQ2M9C", "7KQ2M9CTT", "7KQ2-M9CU", "7KQ2-M9C!"] {
            assert_eq!(Code::parse(typed), Err(CodeRefusal), "{typed}");
        }
        assert!(!format!("{:?}", Code::draw([1; 5])).contains(Code::draw([1; 5]).as_str()));
    }
}
