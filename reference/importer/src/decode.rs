//! Bytes of a file as text, whatever program wrote it.

use serde::Serialize;

/// How a file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-8 with some bytes that are not: they became �.
    #[serde(rename = "utf-8-damaged")]
    DamagedUtf8,
    /// What a spreadsheet calls « texte Unicode ».
    #[serde(rename = "utf-16")]
    Utf16,
    /// Windows-1252, of which Latin-1 is a part.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The 32 bytes that Windows-1252 uses and Latin-1 does not. The five without a sign stay controls.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a file, without byte order marks (some exports carry two).
pub fn decode(bytes: &[u8]) -> (String, Encoding) {
    if let Some(pairs) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return (utf16(pairs, u16::from_le_bytes), Encoding::Utf16);
    }
    if let Some(pairs) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return (utf16(pairs, u16::from_be_bytes), Encoding::Utf16);
    }
    let mut bytes = bytes;
    while let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        bytes = rest;
    }
    if let Ok(text) = str::from_utf8(bytes) {
        return (mended(text), Encoding::Utf8);
    }
    // One torn byte in 40 MB must not spoil every accent of the file.
    let (mut accents, mut torn) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        accents += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
        torn += usize::from(!chunk.invalid().is_empty());
    }
    if accents > torn {
        return (String::from_utf8_lossy(bytes).into_owned(), Encoding::DamagedUtf8);
    }
    (bytes.iter().map(|byte| windows(*byte)).collect(), Encoding::Windows1252)
}

/// Some UTF-8 was made of Windows-1252 as if it were Latin-1: its apostrophes are controls.
fn mended(text: &str) -> String {
    let sign = |sign: char| match sign {
        '\u{80}'..='\u{9f}' => u8::try_from(sign).map_or(sign, windows),
        _ => sign,
    };
    text.chars().map(sign).collect()
}

fn windows(byte: u8) -> char {
    let place = usize::from(byte).wrapping_sub(0x80);
    WINDOWS.get(place).copied().unwrap_or(char::from(byte))
}

fn utf16(pairs: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = pairs.as_chunks::<2>();
    let units = pairs.iter().map(|pair| read(*pair));
    char::decode_utf16(units).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_even_twice() {
        assert_eq!(decode("\u{feff}\u{feff}Nom".as_bytes()), ("Nom".into(), Encoding::Utf8));
        assert_eq!(decode(b""), (String::new(), Encoding::Utf8));
    }

    #[test]
    fn what_is_not_utf_8_is_read_as_windows_1252() {
        let expected = ("Lycée Cœur – l’Été €".into(), Encoding::Windows1252);
        assert_eq!(decode(b"Lyc\xe9e C\x9cur \x96 l\x92\xc9t\xe9 \x80"), expected);
    }

    #[test]
    fn utf_8_that_was_made_of_windows_1252_gets_its_apostrophes() {
        assert_eq!(decode("l\u{92}élevage".as_bytes()), ("l’élevage".into(), Encoding::Utf8));
    }

    #[test]
    fn one_torn_byte_does_not_spoil_the_other_accents() {
        let (text, encoding) = decode(b"\xc3\xa9t\xc3\xa9 \xff");
        assert_eq!((text.as_str(), encoding), ("été \u{fffd}", Encoding::DamagedUtf8));
    }

    #[test]
    fn the_unicode_text_of_a_spreadsheet_is_read() {
        let written = |read: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}été".encode_utf16().flat_map(read).collect()
        };
        for bytes in [written(u16::to_le_bytes), written(u16::to_be_bytes)] {
            assert_eq!(decode(&bytes), ("été".into(), Encoding::Utf16));
        }
    }
}
