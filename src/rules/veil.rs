//! Hides the values of names that people give to secrets from excerpts, even in files that cannot be parsed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::catalogue::sounds_secret;
use crate::document::url::strip_userinfo;
use crate::manifest::{Diagnostic, Origin, SourceText};

/// Hides the rest of every line after such a name in the files of these findings, and the passwords of URLs in their texts.
pub fn veil(findings: &mut [Diagnostic]) {
    let mut known: HashMap<*const SourceText, Arc<[Origin]>> = HashMap::new();
    for finding in findings {
        [Some(&mut finding.message), finding.help.as_mut()].into_iter().flatten().for_each(strip_userinfo);
        let Some((origin, _)) = &finding.label else { continue };
        let source = Arc::clone(&origin.source);
        let found = known.entry(Arc::as_ptr(&source)).or_insert_with(|| named(&source));
        if !found.is_empty() {
            finding.hidden = finding.hidden.iter().chain(found.iter()).cloned().collect();
        }
    }
}

fn named(source: &Arc<SourceText>) -> Arc<[Origin]> {
    let mut hidden = Vec::new();
    let mut start = 0;
    // How far in the key stands whose value is on the lines below it.
    let mut above: Option<usize> = None;
    for line in source.text.split_inclusive('\n') {
        let content = line.trim_end();
        let value = content.trim_start();
        let indent = content.len() - value.len();
        if above.is_some_and(|above| indent > above || indent == above && value.starts_with('-')) {
            let span = start + indent..start + content.len();
            hidden.extend((!value.is_empty()).then(|| Origin { source: Arc::clone(source), span }));
            start += line.len();
            continue;
        }
        if !value.is_empty() {
            above = None;
        }
        if let Some(value) = named_value(content) {
            if value.is_empty() || value.starts_with(['|', '>']) {
                above = Some(indent);
            } else {
                let span = start + content.len() - value.len()..start + content.len();
                hidden.push(Origin { source: Arc::clone(source), span });
            }
        }
        start += line.len();
    }
    hidden.into()
}

/// The rest of the line after a name that people give to secrets, unless it is a reference. An unclear name counts
/// as one of a secret.
fn named_value(content: &str) -> Option<&str> {
    let colons = content.match_indices(':').map(|(at, _)| at);
    let named = colons.filter(|at| {
        let before = &content[..*at];
        let name = name_before(before);
        sounds_secret(name)
            && !is_reference(before, name, &content[*at..])
            && !is_prose(before, name, &content[*at..])
    });
    let mut values = named.map(|at| content[at + 1..].trim_start());
    values.find(|value| !begins_with_reference(value) && !is_constant(value))
}

/// Whether the value is `true`, `false` or null, which no secret is, and nothing but the structure around it follows up
/// to the next key of its line.
fn is_constant(value: &str) -> bool {
    let Some(rest) = ["true", "false", "null", "~"].iter().find_map(|word| value.strip_prefix(word)) else {
        return false;
    };
    let is_structure = |c: char| c.is_whitespace() || "}],".contains(c);
    let next = rest.trim_start_matches(is_structure);
    let has_end = next.len() < rest.len() || rest.is_empty();
    let is_key = || {
        let key = next.split(':').next().unwrap_or_default().trim_matches(['"', '\'']);
        next.contains(':') && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    has_end && (next.is_empty() || next.starts_with('#') || is_key())
}

/// Whether the name is that of a reference, as in `${secret:FOO}`.
fn is_reference(before: &str, name: &str, after: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = after[1..].trim_start_matches(is_name);
    before.strip_suffix(name).is_some_and(|before| before.ends_with("${")) && end.starts_with('}')
}

/// Whether the name is a word in a sentence between quotes, which begin and end behind another name:
/// `note: "see secret: below"`.
fn is_prose(before: &str, name: &str, after: &str) -> bool {
    let Some(before) = before.strip_suffix(name) else { return false };
    let Some(open) = before.rfind(['"', '\'']) else { return false };
    let (outside, quote, inside) = (&before[..open], &before[open..=open], &before[open + 1..]);
    let is_sentence =
        inside.ends_with(' ') && inside.trim_start().chars().all(|c| c.is_alphabetic() || c == ' ');
    let opens = !outside.contains(['"', '\'']) && outside.trim_end().ends_with(':');
    opens && is_sentence && inside.contains(char::is_alphabetic) && after.matches(quote).count() == 1
}

/// Whether the value is a reference, and what is behind it on its line is not of it.
fn begins_with_reference(value: &str) -> bool {
    let bare = value.trim_start_matches(['"', '\'']);
    let Some(end) = bare.find('}').filter(|_| !bare.is_empty()) else { return false };
    let (reference, rest) = bare.split_at(end + 1);
    let rest = rest.trim_start_matches(['"', '\'']);
    let ends = rest.trim_start().is_empty()
        || rest.trim_start().starts_with([',', '}', ']'])
        || rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with('#');
    super::value::is_elsewhere(reference) && ends
}

/// The word that ends here.
fn name_before(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(['"', '\'']);
    let start = text
        .rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != '-')
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_secrets_name_is_found_in_any_text() {
        let hidden = |text: &str| -> Vec<String> {
            let source = Arc::new(SourceText::new(String::new(), text.to_owned()));
            named(&source).iter().map(|origin| origin.text().to_owned()).collect()
        };
        assert_eq!(hidden("a: [1\n  ExternalId: 'x y\n  b: c\n"), ["'x y"]);
        assert_eq!(hidden("{ \"ExternalId\" : x, b: c }\r\nMySecret:z"), ["x, b: c }", "z"]);
        assert_eq!(hidden("a:\n  external-id:\n    x\n\n    y\n  b: c\n"), ["x", "y"]);
        assert_eq!(hidden("external-id: >-\n  x\nb: c\nMySecret:\n- z\nd: e"), ["x", "- z"]);
        assert_eq!(hidden("ExternalId: ${secret:A}\nExternalId:\nplain: x\né: y"), Vec::<String>::new());
        for shown in [
            "SmsAuthenticationMessage: ${secret:FOO}",
            "SmsAuthenticationMessage: 'Dear ${secret:FOO}, {####}'",
            "sms: { ExternalId: '${secret:ID}' }",
            "sms: { ExternalId: ${secret:ID}, a: b }  # why",
            "ExternalId: ${secret:ID}  # why",
            "GenerateSecret: false",
            "web: { GenerateSecret: true, ClientName: x }  # why",
            "- {a: {MySecret: ~}, b: c}",
            "GenerateSecret: null # why",
            "note: \"see secret: hunter2\"",
            "EmailMessage: 'Your temporary password: {####}'",
        ] {
            assert_eq!(hidden(shown), Vec::<String>::new(), "{shown}");
        }
        for (text, expected) in [
            ("x: ${secret:FOO, ExternalId: y", "FOO, ExternalId: y"),
            ("MySecret: true blue", "true blue"),
            ("MySecret: trueblue", "trueblue"),
            ("MySecret: true#1", "true#1"),
            ("MySecret: true, blue", "true, blue"),
            ("MySecret: true}x y: z", "true}x y: z"),
            ("web: { GenerateSecret: true, MySecret: y }", "y }"),
            ("ExternalId: a${secret:ID}", "a${secret:ID}"),
            ("sms: { ExternalId: ${secret:ID}, MySecret: y }", "y }"),
            ("note: see secret: hunter2", "hunter2"),
            ("note: \"secret: hunter2\"", "hunter2\""),
            ("note: \"see secret: hunter2", "hunter2"),
            ("note: '{\"secret\": \"hunter2\"}'", "\"hunter2\"}'"),
            ("note: \"a, secret: hunter2\"", "hunter2\""),
            ("my secret: hunter2", "hunter2"),
        ] {
            assert_eq!(hidden(text), [expected], "{text}");
        }
    }
}
