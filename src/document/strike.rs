//! Takes secrets out of sentences.

use std::collections::HashSet;
use std::ops::Range;

use super::decode::Stream;

/// The replacement of a secret.
const STRUCK: &str = "(sensitive)";
/// A secret of at least this many bytes is removed everywhere. A shorter one is removed only as a whole word, since
/// other words may contain it by chance.
const LONG: usize = 4;
/// The bytes from which a part of a secret is taken out, if there is more in it than letters and the signs between
/// words.
const PART: usize = 8;
/// The bytes from which any part is. A shorter part of letters alone is a word as others have it: an external id
/// may well have `cognito-` or `UserPool` in it, and so has every message.
const WORDS: usize = 12;
/// The bytes from which a secret is a text with sentences of its own, and the least part of it that is taken out.
const TEXT: usize = 256;
const PART_OF_TEXT: usize = 16;

/// The text without these secrets, and without longer parts of them, however they are written: in another case if
/// they are longer, with their blanks run together, with escapes of any usual language, URL-encoded, in base64 at
/// any place of a longer text, or in hexadecimal digits.
///
/// The work grows with the length of the text and not with that of the secrets.
pub fn strike(text: &str, secrets: &[String]) -> String {
    let secrets: Vec<(&str, Vec<u8>)> =
        secrets.iter().map(|secret| (secret.as_str(), wanted(secret))).collect();
    let secrets = secrets.iter().map(|(secret, bytes)| (*secret, bytes.as_slice()));
    let (short, long): (Vec<_>, Vec<_>) = secrets.partition(|(_, bytes)| bytes.len() < LONG);
    let (exact, folded): (Vec<_>, Vec<_>) = long.into_iter().partition(|(_, bytes)| bytes.len() < PART);
    let [exact, folded] = [exact, folded].map(|some| Secrets::new(some.into_iter().map(|(_, bytes)| bytes)));
    let mut marks: Vec<Range<usize>> = Vec::new();
    if !exact.all.is_empty() || !folded.all.is_empty() {
        for read in readings(text) {
            let mut read = read.with_single_blanks();
            exact.find(&read, &mut marks);
            read.bytes.make_ascii_lowercase();
            folded.find(&read, &mut marks);
        }
    }
    let text = without(text, marks);
    let short = short.into_iter().map(|(secret, _)| secret).filter(|secret| !secret.is_empty());
    short.fold(text, |text, secret| without_word(&text, secret))
}

/// What is looked for of a secret: a longer one in lower case, since services write ids and hosts in a case of
/// their own.
fn wanted(secret: &str) -> Vec<u8> {
    let mut bytes = Stream::of(secret).with_single_blanks().bytes.trim_ascii().to_vec();
    if bytes.len() >= PART {
        bytes.make_ascii_lowercase();
    }
    bytes
}

/// The text as each usual way of writing has it.
fn readings(text: &str) -> Vec<Stream> {
    let plain = Stream::of(text);
    let mut read = vec![plain.without_doubled_quotes()];
    if text.contains('\\') {
        for x_is_char in [false, true] {
            let once = plain.unescaped(x_is_char);
            // A document in a string of a document.
            read.extend([once.unescaped(x_is_char), once]);
        }
    }
    if text.contains('%') {
        for is_form in [false, true] {
            let once = plain.without_percents(is_form);
            // A URL in a parameter of a URL.
            read.extend([once.without_percents(is_form), once]);
        }
    }
    if text.contains('&') {
        read.push(plain.without_references());
    }
    read.push(plain);
    let digits: Vec<Stream> = read.iter().flat_map(decoded).collect();
    read.extend(digits);
    read
}

/// The bytes that the digits of a text may encode, and that text with its escapes decoded.
fn decoded(stream: &Stream) -> Vec<Stream> {
    let runs = [(6, 0), (6, 1), (6, 2), (6, 3), (4, 0), (4, 1)];
    let read = runs.into_iter().map(|(bits, skipped)| stream.decoded(bits, skipped));
    let inner = |read: Stream| match read.bytes.contains(&b'\\') {
        true => vec![read.unescaped(false), read],
        false => vec![read],
    };
    read.flat_map(inner).collect()
}

/// The secrets that are looked for anywhere.
struct Secrets<'a> {
    all: Vec<&'a [u8]>,
    /// Every part of the least length.
    parts: HashSet<&'a [u8]>,
    parts_of_texts: HashSet<&'a [u8]>,
}

impl<'a> Secrets<'a> {
    fn new(all: impl Iterator<Item = &'a [u8]>) -> Self {
        let all: Vec<&[u8]> = all.collect();
        let parts = |is_text: bool, length: usize| {
            let secrets = all.iter().filter(move |secret| (secret.len() >= TEXT) == is_text);
            secrets.flat_map(move |secret| secret.windows(length)).collect()
        };
        Self { parts: parts(false, PART), parts_of_texts: parts(true, PART_OF_TEXT), all }
    }

    /// Marks where in the first text some of these are.
    fn find(&self, stream: &Stream, marks: &mut Vec<Range<usize>>) {
        let mut mark = |found: Range<usize>| {
            marks.extend(stream.places[found].iter().filter(|place| !place.is_empty()).cloned());
        };
        runs(&stream.bytes, &self.parts, PART)
            .filter(|run| tells(&stream.bytes[run.clone()]))
            .for_each(&mut mark);
        runs(&stream.bytes, &self.parts_of_texts, PART_OF_TEXT).for_each(&mut mark);
        // A longer one is a run.
        for secret in self.all.iter().filter(|secret| secret.len() < WORDS) {
            let found = stream.bytes.windows(secret.len()).enumerate().filter(|(_, part)| part == secret);
            found.for_each(|(at, _)| mark(at..at + secret.len()));
        }
    }
}

/// Whether a part of a secret is more than a word.
fn tells(part: &[u8]) -> bool {
    let is_of_words = |byte: &u8| byte.is_ascii_alphabetic() || b"-_. /:".contains(byte);
    part.len() >= WORDS || !part.iter().all(is_of_words)
}

/// The longest runs of which every part of this length is one of `parts`.
fn runs<'a>(
    bytes: &'a [u8],
    parts: &'a HashSet<&[u8]>,
    length: usize,
) -> impl Iterator<Item = Range<usize>> + use<'a> {
    let mut windows = bytes.windows(if parts.is_empty() { bytes.len() + 1 } else { length }).enumerate();
    std::iter::from_fn(move || {
        let (start, _) = windows.find(|(_, part)| parts.contains(part))?;
        let more = windows.by_ref().take_while(|(_, part)| parts.contains(part)).count();
        Some(start..start + more + length)
    })
}

/// The text with something in place of each group of marks that touch each other.
fn without(text: &str, mut marks: Vec<Range<usize>>) -> String {
    marks.sort_by_key(|mark| (mark.start, mark.end));
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for mark in marks {
        let start = text.floor_char_boundary(mark.start);
        if start > end || out.is_empty() && end == 0 {
            out.push_str(&text[end..start]);
            out.push_str(STRUCK);
        }
        end = end.max(text.ceil_char_boundary(mark.end));
    }
    out + &text[end..]
}

fn without_word(text: &str, secret: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let in_word = before.chars().chain(out.chars().rev().take(usize::from(before.is_empty()))).last();
        let is_word =
            !in_word.is_some_and(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out.push_str(before);
        out.push_str(if is_word { STRUCK } else { secret });
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(text: &str, secrets: &[&str]) -> String {
        strike(text, &secrets.iter().map(|secret| (*secret).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_secret_goes_whole_and_the_longest_first() {
        assert_eq!(struck("it is abcdefgh", &["abcd", "abcdefgh"]), "it is (sensitive)");
        assert_eq!(struck("is 97, not 1972 or 9", &["97"]), "is (sensitive), not 1972 or 9");
        assert_eq!(struck("9797 97", &["97"]), "9797 (sensitive)");
        assert_eq!(struck("said one two", &["one\r\ntwo"]), "said (sensitive)");
        assert_eq!(struck("nothing", &["", "x"]), "nothing");
        assert_eq!(struck("geheim, é, geheim", &["geheim"]), "(sensitive), é, (sensitive)");
    }

    #[test]
    fn a_secret_goes_however_it_is_written() {
        let secret = "it's \"q\"\\ & é-4711";
        for (text, left) in [
            (r#"JSON "it's \"q\"\\ & é-4711"."#, r#"JSON "(sensitive)"."#),
            (r#"twice \"it's \\\"q\\\"\\\\ & é-4711\"."#, r#"twice \"(sensitive)\"."#),
            (r#"escapes it\x27s\u0020\"q\"\\ \x26 \u00e9-\u{34}711."#, "escapes (sensitive)."),
            (r#"bytes b'it\'s "q"\\ & \xc3\xa9-4711'"#, "bytes b'(sensitive)'"),
            (r#"octal it\047s "q"\\ & \303\251-4711."#, "octal (sensitive)."),
            ("URL it%27s%20%22q%22%5C%20%26%20%c3%A9-4711.", "URL (sensitive)."),
            ("form it%27s+%22q%22%5C+%26+%C3%A9-4711.", "form (sensitive)."),
            (
                "URL twice it%2527s%2520%2522q%2522%255C%2520%2526%2520%25c3%25A9-4711.",
                "URL twice (sensitive).",
            ),
            ("HTML it&#39;s &quot;q&quot;\\ &amp; &#xe9;-4711.", "HTML (sensitive)."),
            ("shell 'it'\\''s \"q\"\\ & é-4711'.", "shell '(sensitive)'."),
            ("SQL 'it''s \"q\"\\ & é-4711'.", "SQL '(sensitive)'."),
            ("CSV \"it's \"\"q\"\"\\ & é-4711\".", "CSV \"(sensitive)\"."),
            ("hex 69742773202271225c202620c3a92d34373131.", "hex (sensitive)."),
            ("base64 aXQncyAicSJcICYgw6ktNDcxMQ==.", "base64 (sensitive)==."),
        ] {
            assert_eq!(struck(text, &[secret]), left, "{text}");
        }
    }

    #[test]
    fn a_longer_secret_goes_in_whatever_case() {
        let id = "8F3B2C71-D0AA-4E11-9B6C-0A1B2C3D4E5F";
        assert_eq!(struck(&format!("is {}.", id.to_lowercase()), &[id]), "is (sensitive).");
        assert_eq!(struck("is PASSWORD, Password", &["password"]), "is (sensitive), (sensitive)");
        assert_eq!(struck("is Geheim, geheim", &["geheim"]), "is Geheim, (sensitive)");
    }

    #[test]
    fn a_part_of_a_secret_goes_unless_it_is_a_word() {
        let id = "prod-cognito-UserPool-external-id-8f3b2c71d0";
        assert_eq!(struck("cut: ternal-id-8f3b…", &[id]), "cut: (sensitive)…");
        assert_eq!(struck("cut: prod-cognito-U…", &[id]), "cut: (sensitive)…");
        for text in
            ["aws cognito-idp describe-user-pool", "DescribeUserPool", "at 'smsConfiguration.externalId'"]
        {
            assert_eq!(struck(text, &[id]), text);
        }
        assert_eq!(struck("it is external", &["external"]), "it is (sensitive)");
        let mail = format!("{}Dear customer, 4711", "<p>Good day to you.</p>".repeat(20));
        assert_eq!(struck("Good day to you", &[&mail]), "Good day to you");
        assert_eq!(struck("has you.</p><p>Good d in it", &[&mail]), "has(sensitive) in it");
    }
}
