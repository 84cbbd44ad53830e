//! The model's patterns: Java's dialect, matched against whole strings, compiled when first needed.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use regex::Regex;

use super::lock::locked;

/// The patterns so far; `None` for one that cannot be compiled.
static COMPILED: LazyLock<Mutex<HashMap<String, Option<Arc<Regex>>>>> = LazyLock::new(Mutex::default);

/// Whether the whole of `text` matches `pattern`; a pattern that cannot be compiled matches anything.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    compiled(pattern).is_none_or(|regex| regex.is_match(text))
}

fn compiled(pattern: &str) -> Option<Arc<Regex>> {
    let mut known = locked(&COMPILED);
    if let Some(regex) = known.get(pattern) {
        return regex.clone();
    }
    let regex = Regex::new(&format!(r"\A(?:{})\z", translated(pattern))).ok().map(Arc::new);
    known.insert(pattern.to_owned(), regex.clone());
    regex
}

/// The pattern in Rust's dialect: in Java `\w` and `\s` are ASCII and `.` stops at more line ends.
fn translated(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('w') => out.push_str("[0-9A-Za-z_]"),
                Some('s') => out.push_str(r"[ \t\n\x0B\x0C\r]"),
                Some('S') => out.push_str(r"[^ \t\n\x0B\x0C\r]"),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '.' if !in_class && !pattern.starts_with("(?s)") => {
                out.push_str(r"[^\n\r\x{85}\x{2028}\x{2029}]");
            }
            '[' if in_class => out.push_str(r"\["),
            _ => {
                in_class = (in_class || c == '[') && c != ']';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn patterns_hold_for_the_whole_text_and_in_javas_sense() {
        for (pattern, text, matched) in [
            (r"[\w-]+_[0-9a-zA-Z]+", "eu-west-1_abc", true),
            (r"[\w-]+_[0-9a-zA-Z]+", "eu-west-1_abc ", false),
            (r"[\w\s+=,.@-]+", "Straße", false),
            (r"[\w\s+=,.@-]+", "a b+c=d,e.f@g-h", true),
            (r".*\{####\}.*", "Your code is {####}", true),
            (r".*\{####\}.*", "Your\ncode is {####}", false),
            (r"(?s).*", "a\nb", true),
            (r"[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+", "Grüße, 1 €\n", true),
            (r"[\S]+", "a b", false),
            (r"[\x21\x23-\x5B\x5D-\x7E]+", "a\\b", false),
        ] {
            assert_eq!(matches(pattern, text), matched, "{pattern} and {text:?}");
        }
    }

    #[test]
    fn every_pattern_that_a_pool_can_meet_compiles() {
        let shapes = Shapes::bundled();
        let mut met = Vec::new();
        for operation in [
            "CreateUserPool",
            "SetUserPoolMfaConfig",
            "SetLogDeliveryConfiguration",
            "UpdateGroup",
            "UpdateResourceServer",
            "CreateUserPoolClient",
            "UpdateUserPoolClient",
            "CreateIdentityProvider",
            "UpdateIdentityProvider",
            "GetIdentityProviderByIdentifier",
            "AddCustomAttributes",
            "TagResource",
        ] {
            collect(&shapes, shapes.operation(operation).unwrap().input, &mut met);
        }
        assert!(met.len() > 15);
        for pattern in met {
            let compiled = Regex::new(&format!(r"\A(?:{})\z", translated(&pattern)));
            assert!(compiled.is_ok() || pattern.contains("(?<!"), "{pattern}");
        }
    }

    fn collect(shapes: &Shapes, name: &str, met: &mut Vec<String>) {
        let Some(shape) = shapes.get(name) else { return };
        met.extend(shape.pattern.map(str::to_owned));
        let members = shape.members.iter().map(|(_, shape)| *shape);
        for inner in members.chain(shape.element).chain(shape.key).chain(shape.value) {
            collect(shapes, inner, met);
        }
    }
}
