//! The model's patterns, in Java's dialect, as regular expressions of ours.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::Regex;

/// The patterns that were needed so far, compiled: that takes longer than all else that is done with a
/// manifest, and a fleet has the same ones in every file. The model has few, so this stays small.
static COMPILED: LazyLock<Mutex<HashMap<String, Option<Arc<Regex>>>>> = LazyLock::new(Mutex::default);

/// Whether the whole of `text` matches `pattern`. A pattern that cannot be compiled here, from
/// a newer model, matches everything: the service itself still judges.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    let regex = {
        let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        match compiled.get(pattern) {
            Some(regex) => regex.clone(),
            None => compiled.entry(pattern.to_owned()).or_insert(compile(pattern).map(Arc::new)).clone(),
        }
    };
    regex.is_none_or(|regex| regex.is_match(text))
}

/// Java's `\w`, `\s` and `\d` are ASCII, where ours are Unicode's; the service matches whole strings.
fn compile(pattern: &str) -> Option<Regex> {
    let ascii =
        pattern.replace(r"\w", "[0-9A-Za-z_]").replace(r"\s", r"[\t\n\x0B\f\r ]").replace(r"\d", "[0-9]");
    Regex::new(&format!(r"\A(?:{ascii})\z")).ok()
}

/// What a pattern asks for, in words, where it is one that people meet.
pub fn in_words(pattern: &str) -> String {
    if pattern.contains("arn:") {
        return "an ARN: `arn:aws:<service>:<region>:<account>:<name>`".to_owned();
    }
    if pattern.starts_with(".*") && pattern.contains(r"\{####\}") {
        return "one line of text that contains the placeholder `{####}`, where the code goes".to_owned();
    }
    if pattern.contains(r"\{####\}") {
        return "text that contains the placeholder `{####}`, where the code goes".to_owned();
    }
    if pattern.contains(r"\{##") {
        return "text that contains a link as `{##Click here##}`".to_owned();
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
        let mut waiting = vec!["UpdateUserPoolRequest".to_owned()];
        let mut seen = Vec::new();
        while let Some(name) = waiting.pop() {
            let shape = shapes.get(&name).unwrap();
            if seen.contains(&name) {
                continue;
            }
            if let Some(pattern) = &shape.pattern {
                assert!(compile(pattern).is_some(), "{name}: {pattern}");
            }
            let inner = [&shape.element, &shape.key, &shape.value].into_iter().flatten();
            waiting.extend(shape.members.iter().map(|(_, shape)| shape).chain(inner).cloned());
            seen.push(name);
        }
        assert!(seen.len() > 50);
    }

    #[test]
    fn the_whole_text_must_match_and_words_are_ascii() {
        assert!(matches(r"[\w\s+=,.@-]+", "customers 1"));
        assert!(!matches(r"[\w\s+=,.@-]+", "kunden/1"));
        assert!(!matches(r"[\w\s+=,.@-]+", "köln"));
        assert!(matches(r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+", "Ünïcode 🎉"));
        assert!(matches(r"(?<=unknown to us)x", "anything"));
    }
}
