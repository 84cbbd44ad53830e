//! The model's patterns, in Java's dialect, as regular expressions of ours.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::Regex;

use super::automaton::Automaton;
use crate::document::FastMap;

/// The patterns that were needed so far, prepared for texts in ASCII and for all others: a fleet has the same ones in
/// every file. The model has few, so this stays small.
static PREPARED: LazyLock<[Mutex<Prepared>; 2]> = LazyLock::new(Default::default);

type Prepared = FastMap<String, Option<Matcher>>;

#[derive(Clone)]
enum Matcher {
    Automaton(Arc<Automaton>),
    Regex(Arc<Regex>),
}

impl Matcher {
    fn new(pattern: &str, is_ascii: bool) -> Option<Self> {
        let small = if is_ascii { Automaton::of(pattern) } else { None };
        let regex = if is_ascii { regex_for_ascii } else { regex };
        match small {
            Some(automaton) => Some(Self::Automaton(Arc::new(automaton))),
            None => regex(pattern).map(|regex| Self::Regex(Arc::new(regex))),
        }
    }
}

/// Whether the whole of `text` matches `pattern`. A pattern that cannot be compiled here, from
/// a newer model, matches everything: the service itself still judges.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let is_ascii = text.is_ascii();
    let matcher = {
        let [ascii, others] = &*PREPARED;
        let prepared = if is_ascii { ascii } else { others };
        let mut prepared = prepared.lock().unwrap_or_else(PoisonError::into_inner);
        match prepared.get(pattern) {
            Some(matcher) => matcher.clone(),
            None => {
                let matcher = Matcher::new(pattern, is_ascii);
                prepared.entry(pattern.to_owned()).or_insert(matcher).clone()
            }
        }
    };
    matcher.is_none_or(|matcher| match matcher {
        Matcher::Automaton(automaton) => automaton.is_match(text),
        Matcher::Regex(regex) => regex.is_match(text),
    })
}

/// Java's `\w`, `\s` and `\d` are ASCII, where ours are Unicode's; the service matches whole strings.
fn regex(pattern: &str) -> Option<Regex> {
    let ascii =
        pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", r"[\t\n\x0B\f\r ]").replace(r"\d", "[0-9]");
    Regex::new(&format!(r"\A(?:{ascii})\z")).ok()
}

/// The same for texts in ASCII alone, with the few members there of a class such as `\p{L}`: to compile all
/// of Unicode's letters takes a third of a run on one pool.
pub(super) fn regex_for_ascii(pattern: &str) -> Option<Regex> {
    // Behind an escaped backslash, what looks like a class may be none.
    if pattern.contains(r"\\") {
        return regex(pattern);
    }
    let mut parts = pattern.split(r"\p{");
    let first = parts.next().unwrap_or_default().to_owned();
    let few = parts.fold(first, |few, part| match part.split_once('}') {
        Some((class, rest)) => format!(r"{few}[\p{{{class}}}&&[\x00-\x7F]]{rest}"),
        None => format!(r"{few}\p{{{part}"),
    });
    regex(&few)
}

/// A description of a pattern, in words if it is a common one.
pub fn in_words(pattern: &str) -> String {
    if pattern.contains("arn:") {
        return "an ARN: `arn:aws:<service>:<region>:<account>:<name>`".to_owned();
    }
    if pattern.starts_with(".*") && pattern.contains(r"\{####\}") {
        return "one line of text that contains the placeholder `{####}` for the code".to_owned();
    }
    if pattern.contains(r"\{####\}") {
        return "text that contains the placeholder `{####}` for the code".to_owned();
    }
    if pattern.contains(r"\{##") {
        return "text that contains a link such as `{##Click here##}`".to_owned();
    }
    if pattern.contains(")@") || pattern.contains("]+@") {
        return "an e-mail address".to_owned();
    }
    format!("text that matches `{pattern}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn every_pattern_of_the_settings_compiles() {
        let shapes = Shapes::bundled();
        let mut waiting = vec!["UpdateUserPoolRequest"];
        let mut seen = Vec::new();
        while let Some(name) = waiting.pop() {
            let shape = shapes.get(name).unwrap();
            if seen.contains(&name) {
                continue;
            }
            if let Some(pattern) = shape.pattern {
                assert!(regex(pattern).is_some(), "{name}: {pattern}");
                assert_eq!(where_ascii_differs(pattern), None, "{name}: {pattern}");
            }
            let inner = [shape.element, shape.key, shape.value].into_iter().flatten();
            waiting.extend(shape.members.iter().map(|(_, shape)| *shape).chain(inner));
            seen.push(name);
        }
        assert!(seen.len() > 50);
    }

    #[test]
    fn few_patterns_of_the_model_need_a_regular_expression() {
        let model: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/cognito-idp.json")).unwrap();
        let patterns =
            model["shapes"].as_object().unwrap().values().filter_map(|shape| shape["pattern"].as_str());
        let mut left: Vec<&str> = patterns.filter(|pattern| Automaton::of(pattern).is_none()).collect();
        left.sort_unstable();
        let begin = |pattern: &str| pattern.chars().take(20).collect::<String>();
        assert_eq!(
            left.into_iter().map(begin).collect::<Vec<_>>(),
            [
                "^(terms-of-use|priva",
                r"^[0-9A-Za-z\.\-_]*(?",
                r"^arn\:(aws|aws-us-go",
                "^cognito:(default|du"
            ]
        );
    }

    /// A text in ASCII of which the forms of a pattern do not say the same.
    fn where_ascii_differs(pattern: &str) -> Option<String> {
        let (all, few) = (regex(pattern).unwrap(), regex_for_ascii(pattern).unwrap());
        let characters = (0..128).map(|byte| char::from(byte).to_string());
        let around = characters.clone().map(|character| format!("a{character}1{{####}} {character}"));
        let words =
            ["", "a@example.com", "{##Click here##}", "arn:aws:lambda:eu-west-1:111122223333:function:a"];
        let mut texts = characters.chain(around).chain(words.map(str::to_owned));
        texts.find(|text| {
            let small = Automaton::of(pattern).map(|automaton| automaton.is_match(text));
            all.is_match(text) != few.is_match(text) || small.is_some_and(|small| small != few.is_match(text))
        })
    }

    #[test]
    fn the_whole_text_must_match_and_words_are_ascii() {
        assert!(matches(r"[\w\s+=,.@-]+", "customers 1"));
        assert!(!matches(r"[\w\s+=,.@-]+", "kunden/1"));
        assert!(!matches(r"[\w\s+=,.@-]+", "köln"));
        assert!(matches(r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+", "Ünïcode 🎉"));
        assert!(matches(r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+", "plain: (1) + 2"));
        assert!(!matches(r"[^\p{L}]+", "plain"));
        assert!(matches(r"\\p\{L\}", r"\p{L}"));
        assert!(matches(r"(?<=unknown to us)x", "anything"));
    }
}
