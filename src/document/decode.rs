//! A text with its escapes decoded. Each byte knows its position in the original text.

use std::ops::Range;

/// Bytes, and the place in the first text of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    pub(super) bytes: Vec<u8>,
    pub(super) places: Vec<Range<usize>>,
}

/// Stands between two parts of a stream that have nothing to do with each other. No text has this byte.
const BREAK: u8 = 0xff;

impl Stream {
    pub(super) fn of(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: (0..text.len()).map(|at| at..at + 1).collect() }
    }

    /// Adds bytes that come from these bytes of another stream.
    fn push(&mut self, bytes: &[u8], from: &Self, range: Range<usize>) {
        let place = from.places[range.start].start..from.places[range.end - 1].end;
        self.bytes.extend_from_slice(bytes);
        self.places.resize(self.bytes.len(), place);
    }

    fn push_char(&mut self, code: u32, from: &Self, range: Range<usize>) {
        let mut bytes = [0; 4];
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        self.push(c.encode_utf8(&mut bytes).as_bytes(), from, range);
    }

    fn push_break(&mut self) {
        let end = self.places.last().map_or(0, |place| place.end);
        self.bytes.push(BREAK);
        self.places.push(end..end);
    }

    /// The stream with each unit that `read` finds at an offset replaced: by what, and how many bytes it takes.
    fn replaced(&self, read: impl Fn(&[u8]) -> Option<(Unit, usize)>) -> Self {
        let mut out = Self::default();
        let mut at = 0;
        while at < self.bytes.len() {
            let (unit, length) = read(&self.bytes[at..]).unwrap_or((Unit::Byte(self.bytes[at]), 1));
            match unit {
                Unit::Byte(byte) => out.push(&[byte], self, at..at + length),
                Unit::Char(code) => out.push_char(code, self, at..at + length),
            }
            at += length;
        }
        out
    }

    /// The same with each run of blanks and controls as one blank, as messages have them.
    pub(super) fn with_single_blanks(&self) -> Self {
        let blanks = |bytes: &[u8]| {
            let mut length = 0;
            while let Some(blank) = blank(&bytes[length..]) {
                length += blank;
            }
            (length > 0).then_some((Unit::Byte(b' '), length))
        };
        self.replaced(blanks)
    }

    /// The same with escapes that begin with a backslash read as JSON, JavaScript, Python, Rust, C and shells
    /// write them. `\x` is a byte in some of them and a character in others.
    pub(super) fn unescaped(&self, x_is_char: bool) -> Self {
        self.replaced(|bytes| escape(bytes, x_is_char))
    }

    /// The same with `%41` as `A`, and in forms `+` as a blank.
    pub(super) fn without_percents(&self, is_form: bool) -> Self {
        self.replaced(|bytes| match bytes {
            [b'%', digits @ ..] => Some((Unit::Byte(u8::try_from(number(digits, 2, 16)?).ok()?), 3)),
            [b'+', ..] if is_form => Some((Unit::Byte(b' '), 1)),
            _ => None,
        })
    }

    /// The same with the references of HTML and XML to characters.
    pub(super) fn without_references(&self) -> Self {
        self.replaced(reference)
    }

    /// The same with doubled quotes of SQL, YAML, CSV and shells as one.
    pub(super) fn without_doubled_quotes(&self) -> Self {
        self.replaced(|bytes| match bytes {
            [b'\'', b'\\', b'\'', b'\'', ..] => Some((Unit::Byte(b'\''), 4)),
            [b'\'', b'"', b'\'', b'"', b'\'', ..] => Some((Unit::Byte(b'\''), 5)),
            [first @ (b'\'' | b'"'), second, ..] if first == second => Some((Unit::Byte(*first), 2)),
            _ => None,
        })
    }

    /// The bytes that each run of digits of base64 stands for, if it begins this many digits (0 to 3) earlier or
    /// later than it seems; of 4 bits each for hexadecimal digits (0 or 1).
    pub(super) fn decoded(&self, bits: u32, skipped: usize) -> Self {
        let mut out = Self::default();
        let digit = |at: usize| value(*self.bytes.get(at)?, bits);
        let mut at = 0;
        while at < self.bytes.len() {
            let end = (at..).find(|at| digit(*at).is_none()).unwrap_or(self.bytes.len());
            let (mut buffer, mut held) = (0_u32, 0);
            for position in (at + skipped).min(end)..end {
                buffer = buffer << bits | digit(position).unwrap_or_default();
                held += bits;
                if held >= 8 {
                    held -= 8;
                    // Each byte takes bits of two digits.
                    out.push(&[(buffer >> held & 0xff) as u8], self, position - 1..position + 1);
                    buffer &= (1 << held) - 1;
                }
            }
            out.push_break();
            at = end + 1;
        }
        out
    }
}

/// A replacement of some bytes.
enum Unit {
    Byte(u8),
    Char(u32),
}

/// The length of the blank or control that the bytes begin with.
fn blank(bytes: &[u8]) -> Option<usize> {
    let length = match bytes.first()? {
        0..=0x7f => 1,
        0xc2 => 2,
        0xe1..=0xe3 => 3,
        _ => return None,
    };
    let c = std::str::from_utf8(bytes.get(..length)?).ok()?.chars().next()?;
    (c.is_whitespace() || c.is_control()).then_some(length)
}

/// The number that so many digits at the beginning of the bytes are.
fn number(bytes: &[u8], digits: usize, radix: u32) -> Option<u32> {
    let text = std::str::from_utf8(bytes.get(..digits)?).ok()?;
    text.chars().all(|c| c.is_digit(radix)).then(|| u32::from_str_radix(text, radix).ok())?
}

fn escape(bytes: &[u8], x_is_char: bool) -> Option<(Unit, usize)> {
    let [b'\\', kind, rest @ ..] = bytes else { return None };
    Some(match kind {
        b'n' => (Unit::Byte(b'\n'), 2),
        b't' => (Unit::Byte(b'\t'), 2),
        b'r' => (Unit::Byte(b'\r'), 2),
        b'x' => match number(rest, 2, 16)? {
            code if x_is_char => (Unit::Char(code), 4),
            byte => (Unit::Byte(u8::try_from(byte).ok()?), 4),
        },
        b'u' if rest.first() == Some(&b'{') => {
            let digits = rest.iter().skip(1).take(7).position(|byte| *byte == b'}')?;
            (Unit::Char(number(&rest[1..], digits, 16)?), digits + 4)
        }
        b'u' => {
            let first = number(rest, 4, 16)?;
            let second = rest.get(4..).and_then(|rest| number(rest.strip_prefix(b"\\u")?, 4, 16));
            match (first, second) {
                (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                    (Unit::Char(0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)), 12)
                }
                _ => (Unit::Char(first), 6),
            }
        }
        b'U' => (Unit::Char(number(rest, 8, 16)?), 10),
        b'0'..=b'7' => {
            let digits = bytes[1..].iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
            (Unit::Byte(u8::try_from(number(&bytes[1..], digits, 8)?).ok()?), 1 + digits)
        }
        sign if sign.is_ascii_punctuation() => (Unit::Byte(*sign), 2),
        _ => return None,
    })
}

fn reference(bytes: &[u8]) -> Option<(Unit, usize)> {
    const NAMES: [(&str, u8); 5] =
        [("amp", b'&'), ("lt", b'<'), ("gt", b'>'), ("quot", b'"'), ("apos", b'\'')];
    let rest = bytes.strip_prefix(b"&")?;
    let end = rest.iter().take(10).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    let unit = match (name.strip_prefix("#x").or_else(|| name.strip_prefix("#X")), name.strip_prefix('#')) {
        (Some(hex), _) => Unit::Char(u32::from_str_radix(hex, 16).ok()?),
        (None, Some(decimal)) => Unit::Char(decimal.parse().ok()?),
        (None, None) => Unit::Byte(NAMES.iter().find(|(known, _)| *known == name)?.1),
    };
    Some((unit, end + 2))
}

/// The value of a digit of base64, in either alphabet, or of a hexadecimal one.
fn value(byte: u8, bits: u32) -> Option<u32> {
    if bits == 4 {
        return char::from(byte).to_digit(16);
    }
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
