//! Reading and editing raw JSON by path, and asking whether two values are the same.

use memchr::{memchr, memchr2};
use time::{Duration, OffsetDateTime};

use super::{Path, Seg};

/// A JSON value that keeps the order of its members and every digit of its numbers.
///
/// An exponent is written anew when it is read: `1E5` as `1e+5`. The parser has no public way to keep it.
pub type Json = serde_json::Value;
/// A JSON object that keeps the order of its members.
pub type Object = serde_json::Map<String, Json>;

/// The names that the parser keeps for itself: it takes `{"$serde_json::private::Number": "12"}` for
/// the number 12. The second one is in use only where a dependency asks for it.
const RESERVED: [&str; 2] = ["$serde_json::private::Number", "$serde_json::private::RawValue"];

/// Why a text is no document; its `Display` goes on where the document was named.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// It is not JSON.
    #[error("is not JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// An object has a member of a name that would not survive.
    #[error("has the member name `{0}`, which poolctl cannot handle")]
    Name(String),
    /// An object has a member twice, and readers differ in which one they take.
    #[error("has the member `{0}` twice")]
    Twice(Path),
}

/// Why a file is no document; its `Display` goes on where the file was named.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It has the mark of UTF-16, but is not valid UTF-16.
    #[error("is not JSON: it begins as UTF-16, but is not valid UTF-16")]
    Encoding,
    /// Its text is no document.
    #[error(transparent)]
    Parse(#[from] ParseError),
}

/// Whether no document can carry a member of this name.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// The value that a text is.
///
/// # Errors
/// When it is not JSON, or has a member name that would be read as something else.
pub fn parse(text: &[u8]) -> Result<Json, ParseError> {
    let Ok(text) = std::str::from_utf8(text) else { return Ok(serde_json::from_slice(text)?) };
    literal(text)?;
    Ok(serde_json::from_str(text)?)
}

/// Checks that a text is read as it is written.
///
/// # Errors
/// When a member has a name that would be read as something else.
pub(super) fn literal(text: &str) -> Result<(), ParseError> {
    let mut names = NameScan::default();
    names.feed(text.as_bytes());
    names.found.map_or(Ok(()), |name| Err(ParseError::Name(name)))
}

/// Looks for a member name that [`is_reserved`], however it is written, in a text that comes in parts.
#[derive(Debug, Default)]
pub struct NameScan {
    state: ScanState,
    /// The beginning of the last string, without its quotes: as much of it as a reserved name may take, and nothing if its
    /// first letter is none of such a name.
    string: Vec<u8>,
    /// Whether the last string is passed over, because of its first letter.
    is_passed: bool,
    found: Option<String>,
}

/// Where the part of a text that was scanned ends.
#[derive(Clone, Copy, Debug, Default)]
enum ScanState {
    #[default]
    Outside,
    Inside,
    /// Behind a backslash in a string.
    Escaped,
    /// Behind a string.
    Behind,
}

/// More bytes than a reserved name takes with each character escaped.
const LONGEST: usize = 6 * 32;

impl NameScan {
    /// Scans the next part of the text.
    pub fn feed(&mut self, mut text: &[u8]) {
        while let Some(first) = text.first() {
            let length = match self.state {
                ScanState::Outside => self.until(text, memchr(b'"', text), |_| ScanState::Inside),
                ScanState::Inside => {
                    let ends = |byte| if byte == b'"' { ScanState::Behind } else { ScanState::Escaped };
                    let length = self.until(text, memchr2(b'"', b'\\', text), ends);
                    self.keep(&text[..length]);
                    length
                }
                ScanState::Escaped => {
                    self.keep(&text[..1]);
                    self.state = ScanState::Inside;
                    1
                }
                // In JSON only a member name has a colon behind it.
                ScanState::Behind if first.is_ascii_whitespace() => 1,
                ScanState::Behind => {
                    self.ends(*first == b':');
                    0
                }
            };
            text = &text[length..];
        }
    }

    /// The first name that was found.
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// The length up to the byte that ends a part, which is counted; the state is the one `after` it.
    fn until(&mut self, text: &[u8], end: Option<usize>, after: impl Fn(u8) -> ScanState) -> usize {
        let Some(at) = end else { return text.len() };
        self.state = after(text[at]);
        at + 1
    }

    fn keep(&mut self, part: &[u8]) {
        self.is_passed |= self.string.is_empty() && !part.starts_with(b"$") && !part.starts_with(b"\\");
        if self.is_passed {
            return;
        }
        let room = LONGEST.saturating_sub(self.string.len());
        self.string.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// Judges the last string, whose closing quote is its last byte unless it is too long.
    fn ends(&mut self, is_name: bool) {
        self.state = ScanState::Outside;
        if is_name && !self.is_passed && self.found.is_none() {
            let name = serde_json::from_slice::<String>(&[b"\"", &*self.string].concat()).ok();
            self.found = name.filter(|name| is_reserved(name));
        }
        self.string.clear();
        self.is_passed = false;
    }
}

/// The value at `path`, following members and positions; `None` if a step is absent.
///
/// [`Seg::Item`] is not followed: only the catalogue knows which member is a list's key.
pub fn get<'a>(root: &'a Object, path: &Path) -> Option<&'a Json> {
    let (first, rest) = path.segs().split_first()?;
    let Seg::Member(name) = first else { return None };
    follow(root.get(&**name)?, rest)
}

/// The value that these steps lead to from `value`, as [`get`] takes them.
pub fn follow<'a>(value: &'a Json, steps: &[Seg]) -> Option<&'a Json> {
    steps.iter().try_fold(value, |value, seg| match seg {
        Seg::Member(name) => value.get(&**name),
        Seg::Index(index) => value.get(index),
        Seg::Item(_) => None,
    })
}

/// Puts `value` at `path`, creating the structures on the way.
///
/// A value on the way that is no object gives way to one. A path that is not made of members
/// alone is written at [`Path::written_at`] by the caller; here it changes nothing.
pub fn set(root: &mut Object, path: &Path, value: Json) {
    let Some((last, outer)) = path.segs().split_last() else { return };
    let Seg::Member(last) = last else { return };
    let mut at = root;
    for seg in outer {
        let Seg::Member(name) = seg else { return };
        let slot = at.entry(&**name).or_insert_with(|| Json::Object(Object::new()));
        if !slot.is_object() {
            *slot = Json::Object(Object::new());
        }
        let Json::Object(next) = slot else { return };
        at = next;
    }
    at.insert(last.to_string(), value);
}

/// Takes away the member at `path` and returns it; the structure around it stays, even when empty.
pub fn remove(root: &mut Object, path: &Path) -> Option<Json> {
    let (Seg::Member(first), inner) = path.segs().split_first()? else { return None };
    match inner {
        [] => root.shift_remove(&**first),
        inner => remove_within(root.get_mut(&**first)?, inner),
    }
}

/// The same with a member that these steps lead to from `value`.
pub fn remove_within(value: &mut Json, steps: &[Seg]) -> Option<Json> {
    let (Seg::Member(last), outer) = steps.split_last()? else { return None };
    let around = outer.iter().try_fold(value, |value, seg| match seg {
        Seg::Member(name) => value.get_mut(&**name),
        Seg::Index(index) => value.get_mut(index),
        Seg::Item(_) => None,
    })?;
    around.as_object_mut()?.shift_remove(&**last)
}

/// Whether a value is or holds `null`.
pub fn has_null(value: &Json) -> bool {
    match value {
        Json::Object(members) => members.values().any(has_null),
        Json::Array(elements) => elements.iter().any(has_null),
        value => value.is_null(),
    }
}

/// Whether two values are the same: numbers by value, objects whatever their order.
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => same_number(a, b),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            // Mostly both have one order, and nothing has to be looked up.
            let member =
                |name: &String, (beside, value)| if name == beside { Some(value) } else { b.get(name) };
            a.len() == b.len()
                && a.iter().zip(b).all(|((name, a), beside)| member(name, beside).is_some_and(|b| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Whether two values have the same text: objects with their members in the same order, numbers with the same digits.
pub fn identical(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| identical(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.0 == b.0 && identical(a.1, b.1))
        }
        (a, b) => std::ptr::eq(a, b) || a == b,
    }
}

fn same_number(a: &serde_json::Number, b: &serde_json::Number) -> bool {
    let (a, b) = (a.as_str(), b.as_str());
    // Whole numbers have no zeros in front.
    let is_whole = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    a == b || !(is_whole(a) && is_whole(b)) && decimal(a).is_some_and(|value| Some(value) == decimal(b))
}

/// A number's sign, significant digits and power of ten: equal for equal values, whatever the text.
///
/// Works on the text, so that no digit is rounded away. `None` if the power does not fit: such
/// numbers are the same only where their texts are.
fn decimal(text: &str) -> Option<(bool, String, i64)> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let shift = i64::try_from(trailing).ok()? - i64::try_from(fraction.len()).ok()?;
    let power = power.parse::<i64>().ok()?.checked_add(shift)?;
    Some((negative, significant.to_owned(), power))
}

/// The time that a number of the service's documents is: the seconds since 1970, in UTC. `None` for what is no time.
pub fn time(value: &Json) -> Option<OffsetDateTime> {
    OffsetDateTime::UNIX_EPOCH.checked_add(Duration::checked_seconds_f64(value.as_f64()?)?)
}

/// JSON on one line, with a blank after each comma and colon.
pub fn spaced(value: &Json) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match value {
        Json::Array(elements) => format!("[{}]", list(elements.iter().map(spaced).collect())),
        Json::Object(members) => {
            let member =
                |(name, value): (&String, &Json)| format!("{}: {}", Json::from(name.as_str()), spaced(value));
            format!("{{{}}}", list(members.iter().map(member).collect()))
        }
        scalar => scalar.to_string(),
    }
}

/// The least length of a number that is a text of its own to [`texts`]: a shorter one is in sentences by chance, and a
/// boolean in most.
const TELLING: usize = 6;

/// Adds all texts in a value, at any depth, to `out`, and the numbers of at least six characters.
pub fn texts(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::String(text) => out.push(text.clone()),
        Json::Number(number) if number.as_str().len() >= TELLING => out.push(number.as_str().to_owned()),
        Json::Array(elements) => elements.iter().for_each(|element| texts(element, out)),
        Json::Object(members) => members.values().for_each(|member| texts(member, out)),
        _ => {}
    }
}

/// The value with what is shown in the place of each text, as far as something is.
pub fn with_texts(value: &Json, shown: &dyn Fn(&str) -> Option<String>) -> Json {
    match value {
        Json::String(text) => Json::from(shown(text).unwrap_or_else(|| text.clone())),
        Json::Array(elements) => elements.iter().map(|element| with_texts(element, shown)).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), with_texts(value, shown))).collect()
        }
        value => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Json) -> Object {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value_and_kept_by_text() {
        let number = |text: &str| serde_json::from_str::<Json>(text).unwrap();
        for (a, b, equal) in [
            ("1", "1.0", true),
            ("1.10", "1.1", true),
            ("100", "1e2", true),
            ("0", "-0.0", true),
            ("12345678901234567890123", "12345678901234567890124", false),
            ("1", "-1", false),
            ("1e5", "1e+05", true),
            ("0.001", "1E-3", true),
            ("0e5", "0", true),
            ("-0.00e-99999999999999999999", "0e99999999999999999999", true),
            ("1e99999999999999999999", "1e99999999999999999999", true),
            ("1e99999999999999999999", "10e99999999999999999999", false),
            ("1e99999999999999999999", "2e99999999999999999999", false),
            ("1e99999999999999999999", "1e-99999999999999999999", false),
            ("1e99999999999999999999", "1", false),
            ("10e9223372036854775807", "1e9223372036854775807", false),
            ("0.1e-9223372036854775808", "1e-9223372036854775808", false),
            ("10e9223372036854775806", "1e9223372036854775807", true),
        ] {
            assert_eq!(same(&number(a), &number(b)), equal, "{a} and {b}");
        }
        assert_eq!(number("12345678901234567890123").to_string(), "12345678901234567890123");
        assert_eq!(number("0.10").to_string(), "0.10");
        assert_eq!(number("-0").to_string(), "-0");
        for (text, kept) in [("1E5", "1e+5"), ("1.50e-3", "1.50e-3"), ("1e400", "1e+400")] {
            assert_eq!(number(text).to_string(), kept, "every digit, and the sign of the exponent");
        }
    }

    #[test]
    fn a_member_name_that_would_be_read_as_something_else_is_an_error() {
        for text in [
            r#"{"a": {"$serde_json::private::Number": "12"}}"#,
            r#"[{"x": "\\", "\u0024serde_json::private::Number" : 1}]"#,
            r#"{"$serde_json::private::RawValue":"12"}"#,
        ] {
            assert!(matches!(parse(text.as_bytes()), Err(ParseError::Name(_))), "{text}");
        }
        let text = br#"[{"x": "\\", "\u0024serde_json::private::Number" : 1}]"#;
        for end in 0..text.len() {
            let mut names = NameScan::default();
            [&text[..end], &text[end..]].into_iter().for_each(|part| names.feed(part));
            assert_eq!(names.found(), Some(RESERVED[0]), "cut at {end}");
        }
        let error = parse(br#"{"$serde_json::private::Number":"12"}"#).unwrap_err().to_string();
        assert_eq!(error, "has the member name `$serde_json::private::Number`, which poolctl cannot handle");
        for text in [
            r#"{"a":"$serde_json::private::Number"}"#,
            r#"{"a":"\"$serde_json::private::Number\":"}"#,
            r#"{"serde_json::private::Number":"12","":[1.10]}"#,
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
        }
        for text in ["", "\"", "\"\\", "{\"a", "{\"\\x\": 1}"] {
            assert!(matches!(parse(text.as_bytes()), Err(ParseError::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn the_texts_of_a_value_have_the_numbers_that_are_long_enough_to_tell() {
        let value = serde_json::from_str(r#"{"a": ["text", 12345, 123456], "b": {"c": -1.250, "d": true}}"#);
        let mut out = Vec::new();
        texts(&value.unwrap(), &mut out);
        assert_eq!(out, ["text", "123456", "-1.250"]);
    }

    #[test]
    fn the_order_of_members_does_not_count_but_that_of_elements_does() {
        let (one, other) = (json!({"a": 1, "b": 2}), json!({"b": 2, "a": 1}));
        assert!(same(&one, &other) && !same(&json!([1, 2]), &json!([2, 1])));
        assert!(identical(&json!([one]), &json!([one])) && !identical(&json!([one]), &json!([other])));
        let numbers = ["[1.0]", "[1.00]"].map(|text| serde_json::from_str::<Json>(text).unwrap());
        assert!(same(&numbers[0], &numbers[1]) && !identical(&numbers[0], &numbers[1]));
    }

    #[test]
    fn setting_creates_what_is_missing_and_keeps_the_order() {
        let mut root = object(json!({"z": 1, "a": {"x": 1}}));
        set(&mut root, &"a.b.c".parse().unwrap(), json!(true));
        assert_eq!(Json::Object(root).to_string(), r#"{"z":1,"a":{"x":1,"b":{"c":true}}}"#);
    }

    #[test]
    fn removing_keeps_the_structure_and_the_order() {
        let mut root = object(json!({"z": 1, "a": {"x": 1}, "m": 2}));
        assert_eq!(remove(&mut root, &"a.x".parse().unwrap()), Some(json!(1)));
        assert_eq!(remove(&mut root, &"z".parse().unwrap()), Some(json!(1)));
        assert_eq!(remove(&mut root, &"gone.x".parse().unwrap()), None);
        assert_eq!(Json::Object(root).to_string(), r#"{"a":{},"m":2}"#);
        let mut root = object(json!({"list": [{"x": 1}, {"x": 2, "y": 3}]}));
        assert_eq!(remove(&mut root, &"list[1].x".parse().unwrap()), Some(json!(2)));
        assert_eq!(Json::Object(root).to_string(), r#"{"list":[{"x":1},{"y":3}]}"#);
    }
}
