//! However a secret is written, and whatever is around it: nothing longer of it is left where it was struck out.

use std::fmt::Write as _;

use poolctl::document::strike;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::properties::stage::check;

/// The characters of a part that must not be seen.
const PART: usize = 8;

/// A way of writing a text; of base64 the digits that depend on nothing around it.
type Writing = (&'static str, fn(&str) -> String);

const WRITINGS: &[Writing] = &[
    ("plain", |text| text.to_owned()),
    ("JSON", json),
    ("JSON in JSON", |text| json(&json(text))),
    (r"\u", |text| text.encode_utf16().fold(String::new(), |out, unit| out + &format!("\\u{unit:04x}"))),
    (r"\u{}", |text| text.chars().fold(String::new(), |out, c| out + &format!("\\u{{{:x}}}", u32::from(c)))),
    (r"\x", |text| text.bytes().fold(String::new(), |out, byte| out + &format!("\\x{byte:02x}"))),
    ("octal", |text| text.bytes().fold(String::new(), |out, byte| out + &format!("\\{byte:03o}"))),
    ("percent", |text| percent(text, "%20")),
    ("percent twice", |text| percent(&percent(text, "%20"), "%20")),
    ("form", |text| percent(text, "+")),
    ("HTML", |text| {
        let named = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        named.replace('"', "&quot;").replace('\'', "&#39;")
    }),
    ("HTML by number", |text| {
        text.chars().fold(String::new(), |out, c| out + &format!("&#x{:X};", u32::from(c)))
    }),
    ("shell", |text| text.replace('\'', r"'\''")),
    ("SQL", |text| text.replace('\'', "''")),
    ("CSV", |text| text.replace('"', "\"\"")),
    ("hexadecimal", |text| text.bytes().fold(String::new(), |out, byte| out + &format!("{byte:02x}"))),
    ("base64", |text| base64(text.as_bytes(), b"+/")),
    ("base64url", |text| base64(text.as_bytes(), b"-_")),
];

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string().trim_matches('"').to_owned()
}

fn percent(text: &str, blank: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push_str(blank),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

fn base64(bytes: &[u8], last: &[u8; 2]) -> String {
    let digits: Vec<u8> =
        (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(last.iter().copied()).collect();
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        let digit = |place: usize| char::from(digits[(bits >> (18 - 6 * place) & 63) as usize]);
        out.extend((0..4).map(|place| if place <= three.len() { digit(place) } else { '=' }));
    }
    out
}

/// What an output shows of a part of a secret, wherever it begins in a longer text.
fn traces(writing: &Writing, part: &str) -> Vec<String> {
    match writing.0 {
        "base64" | "base64url" => {
            let whole = |before: usize| {
                let text = writing.1(&("x".repeat(before) + part));
                // The first digits and the last ones are of the neighbours too.
                let kept = before + part.len() - (before + part.len()) % 3;
                text[if before == 0 { 0 } else { 4 }..kept / 3 * 4].to_owned()
            };
            (0..3).map(whole).collect()
        }
        _ => vec![writing.1(part)],
    }
}

fn secrets() -> impl Strategy<Value = String> {
    let c = select(
        "abcdefghijklmnopqrstuvwxyzABCDXYZ0123456789+/=-_.:!%&<>'\"\\$ é€🔑".chars().collect::<Vec<_>>(),
    );
    vec(c, PART..60).prop_map(|chars| chars.into_iter().collect::<String>().trim().to_owned())
}

fn unseen(writing: &Writing, part: &str, struck: &str) -> Result<(), String> {
    let chars: Vec<char> = part.chars().collect();
    for window in chars.windows(PART) {
        let window: String = window.iter().collect();
        for trace in traces(writing, &window) {
            if struck.contains(&trace) {
                return Err(format!("{trace} of {window} as {} in {struck}", writing.0));
            }
        }
    }
    Ok(())
}

#[test]
fn no_writing_of_a_secret_leaves_a_part_of_it() {
    let around = "[a-zA-Z0-9 .,'\"{}:=&%-]{0,40}";
    let cases = (secrets(), select(WRITINGS), around, around, vec(secrets(), 0..3));
    check(400, &cases, |(secret, writing, before, after, others)| {
        let is_base64 = writing.0.starts_with("base64");
        let text = match is_base64 {
            true => writing.1(&format!("{before}{secret}{after}")),
            false => format!("{before}{}{after}", writing.1(secret)),
        };
        let mut all = others.clone();
        all.push(secret.clone());
        let struck = strike(&text, &all);
        unseen(writing, secret, &struck)
    });
}

#[test]
fn nor_does_a_secret_that_is_cut_off() {
    let cases = (secrets(), select(WRITINGS), 0..60_usize, 0..60_usize);
    // A shorter part may be a word as others have it.
    check(400, &cases, |(secret, writing, start, length)| {
        let part: String = secret.chars().skip(start % secret.chars().count()).take(12 + length).collect();
        if part.chars().count() < 12 || part != part.trim() {
            return Ok(());
        }
        let struck = strike(&format!("cut: \"{}…", writing.1(&part)), std::slice::from_ref(secret));
        unseen(writing, &part, &struck)
    });
}

#[test]
fn what_has_nothing_of_a_secret_is_left_as_it_is() {
    let messages = [
        "no pool eu-west-1_a1B2c3D4E in eu-west-1 (account 111122223333)",
        "1 validation error detected: Value at 'smsConfiguration.externalId' failed to satisfy constraint",
        "check the id; `aws cognito-idp list-user-pools --max-results 60 --region eu-west-1` lists the pools there",
    ];
    for secret in ["my-cognito-external-id", "eu-west-9", "prod/UserPool/sms", "list-userpools", "x", "7"] {
        for message in messages {
            assert_eq!(strike(message, &[secret.to_owned()]), message, "{secret}");
        }
    }
}

/// The work grows with the lengths, not with their product: this takes minutes otherwise.
#[test]
fn a_long_text_and_many_long_secrets_are_no_trouble() {
    let text = "a".repeat(20_000) + &"%61\\u0061'' &#97; ".repeat(500);
    let secrets: Vec<String> = (0..100).map(|number| format!("{}{number}", "a".repeat(2_000))).collect();
    let struck = strike(&text, &secrets);
    assert!(struck.len() < text.len() / 2, "{} characters", struck.len());
}
