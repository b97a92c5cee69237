//! Codes as they should be written, mended when a spreadsheet took them for numbers.

/// The twelve departments of the region.
pub(crate) const DEPARTMENTS: [&str; 12] =
    ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"];

/// Letters that end a UAI, by the number modulo 23.
const KEYS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// Whether this is a department of the region.
pub(crate) fn is_ours(department: &str) -> bool {
    DEPARTMENTS.contains(&department)
}

/// A number of a department in two signs: `001`, `1`, `01`, `1.0` and `69M` are read.
pub(crate) fn department(typed: &str) -> Option<String> {
    let code = trimmed(typed).trim_end_matches(['D', 'M', 'd', 'm']);
    let code = code.strip_prefix('0').filter(|rest| rest.len() >= 2).unwrap_or(code);
    match code.len() {
        1 if is_digits(code) => Some(format!("0{code}")),
        2 | 3 if code.bytes().all(|byte| byte.is_ascii_alphanumeric()) => Some(code.to_uppercase()),
        _ => None,
    }
}

/// An INSEE or postal code: five signs, a lost zero given back.
pub(crate) fn five(typed: &str) -> Option<String> {
    let code = trimmed(typed);
    let code = match code.len() {
        4 => format!("0{code}"),
        _ => code.to_uppercase(),
    };
    let mut signs = code.bytes();
    let begins = signs.next().is_some_and(|byte| byte.is_ascii_digit());
    let letter = signs.next().is_some_and(|it| it.is_ascii_digit() || matches!(it, b'A' | b'B'));
    (code.len() == 5 && begins && letter && signs.all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// A postal code is an INSEE code without the letter of Corsica.
pub(crate) fn postal(typed: &str) -> Option<String> {
    five(typed).filter(|code| is_digits(code))
}

/// A UAI with its key letter, which catches every single mistyped digit.
pub(crate) fn uai(typed: &str) -> Option<String> {
    let code = typed.trim().to_uppercase();
    let (digits, [key]) = code.as_bytes().split_at_checked(7)? else { return None };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = digits.iter().fold(0_usize, |sum, digit| sum * 10 + usize::from(digit - b'0'));
    (KEYS.get(number % KEYS.len()) == Some(key)).then_some(code)
}

/// A code made of digits, without what a spreadsheet put behind it: `10.0` is `10`.
pub(crate) fn trimmed(typed: &str) -> &str {
    let code = typed.trim();
    code.strip_suffix(".0").filter(|rest| is_digits(rest)).unwrap_or(code)
}

/// Whether there is something and nothing but digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number with a decimal point or comma; nothing that is not a number of the world.
pub(crate) fn number(typed: &str) -> Option<f64> {
    typed.trim().replace(',', ".").parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_zeros_come_back() {
        for typed in ["001", "1", "01", "1.0", " 01 "] {
            assert_eq!(department(typed).as_deref(), Some("01"), "{typed}");
        }
        assert_eq!(department("069").as_deref(), Some("69"));
        assert_eq!(department("69M").as_deref(), Some("69"));
        assert_eq!(department("02A").as_deref(), Some("2A"));
        assert_eq!(department("974").as_deref(), Some("974"));
        assert_eq!([five("1500"), five("1500.0")], [Some("01500".into()), Some("01500".into())]);
        assert_eq!(five("2A004").as_deref(), Some("2A004"));
        assert_eq!(postal("2A004"), None);
        for wrong in ["", "150", "015000", "0150O", "é150"] {
            assert_eq!(five(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_uai_needs_its_key_letter() {
        assert_eq!(uai(" 0630020e").as_deref(), Some("0630020E"));
        for wrong in ["0630020F", "0630021E", "630020E", "0630020EE", "063002éE", ""] {
            assert_eq!(uai(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_may_have_a_comma_and_must_be_one() {
        assert_eq!(number("45,97"), Some(45.97));
        for wrong in ["", "inf", "NaN", "1e999", "45.9.7", "x"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
