//! Bytes as hexadecimal text, the one way fingerprints are written in documents and messages.

/// Lower-case hexadecimal digits of `bytes`.
pub fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Exactly `N` bytes from `2·N` hexadecimal digits, or `None`.
pub fn array<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_survive_their_text_and_anything_else_is_refused() {
        assert_eq!(array(&text(&[0, 17, 255])), Some([0, 17, 255]));
        for wrong in ["", "00", "00112", "+0 0ff", "zz11ff"] {
            assert_eq!(array::<3>(wrong), None, "{wrong}");
        }
    }
}
