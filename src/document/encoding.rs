//! From the bytes of a file to UTF-8: editors and shells of Windows write a byte-order mark, or UTF-16.

use std::borrow::Cow;

/// The text of a file as UTF-8 without its byte-order mark. UTF-16 is recognised by its mark.
///
/// Bytes without a mark are returned as they are, be they UTF-8 or not. `None` if a mark announces UTF-16 and
/// the bytes behind it are none.
pub fn utf8(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let text = String::from_utf16(&pairs.iter().map(|pair| unit(*pair)).collect::<Vec<_>>()).ok();
        text.filter(|_| rest.is_empty()).map(|text| Cow::Owned(text.into_bytes()))
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, text @ ..] => Some(Cow::Borrowed(text)),
        [0xFF, 0xFE, text @ ..] => wide(text, u16::from_le_bytes),
        [0xFE, 0xFF, text @ ..] => wide(text, u16::from_be_bytes),
        text => Some(Cow::Borrowed(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text in UTF-16 behind its mark.
    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_the_same_in_every_encoding_that_windows_writes() {
        let text = "{\"Name\": \"café 🔑\"}";
        let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
        for bytes in
            [text.as_bytes().to_vec(), marked, wide(text, u16::to_le_bytes), wide(text, u16::to_be_bytes)]
        {
            assert_eq!(utf8(&bytes).unwrap(), text.as_bytes());
        }
    }

    #[test]
    fn utf_16_that_is_cut_off_or_broken_is_no_text() {
        let half = wide("{}", u16::to_le_bytes);
        for bytes in [&half[..half.len() - 1], b"\xFF\xFE\x00\xD8", b"\xFE\xFF\xD8\x00\x00a"] {
            assert_eq!(utf8(bytes), None, "{bytes:?}");
        }
        assert_eq!(utf8(b"\xFF\xFE").unwrap(), b"".as_slice());
        assert_eq!(utf8(b"\xC3").unwrap(), b"\xC3".as_slice());
    }
}
