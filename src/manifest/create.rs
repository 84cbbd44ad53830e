//! `create`: a manifest of a pool that is found by a tag, and made if there is none.

use super::{Diagnostic, Origin};

/// The key of the word that the pool carries as a tag.
pub(super) const CREATE: &str = "create";

/// What that word must be.
pub(super) const WORD: &str = "a word that ends in at least eight random letters and digits, both among them, such as what `openssl rand -hex 8` prints behind `customers-staging-`";

/// So many letters and digits at the end of the word must look random.
const RANDOM: usize = 8;

/// A tag's value has so many characters at most.
const LONGEST: usize = 128;

/// Whether this can be the word of `create`: letters, digits and hyphens, of which the last part has at least eight
/// letters and digits, both among them. Words that people choose are chosen twice.
pub fn is_word(text: &str) -> bool {
    let last = text.rsplit('-').next().unwrap_or_default();
    let has = |kind: fn(&u8) -> bool| last.bytes().any(|byte| kind(&byte));
    text.len() <= LONGEST
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && last.len() >= RANDOM
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}

/// The mistakes in the keys around a `create` at this place: a `pool`, or no `region` or `account`.
pub(super) fn misfits(create: &Origin, pool: Option<&Origin>, has: [bool; 2]) -> Vec<Diagnostic> {
    let error = |message: &str, label: &str| Diagnostic::error(CREATE, message, create.clone(), label);
    let both = pool.map(|pool| {
        let finding = error("`create` and `pool` both say which pool is meant", "beside `pool`");
        let finding = finding.related(pool.clone(), "the pool's id");
        finding.help("keep `pool` if the pool exists; else keep `create`")
    });
    let missing = ["region", "account"].into_iter().zip(has).filter(|(_, has)| !has && pool.is_none());
    let missing = missing.map(|(key, _)| {
        let message = format!("`create` needs `{key}`: no id says where the pool is");
        error(&message, "a pool that may not exist").help(format!("add `{key}` to the manifest"))
    });
    both.into_iter().chain(missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_in_something_random() {
        for word in ["customers-staging-7f3k9q2m", "7f3k9q2m", "A-b-12345abc"] {
            assert!(is_word(word), "{word}");
        }
        let long = format!("{}7f3k9q2m", "a".repeat(121));
        for word in [
            "",
            "customers-staging",
            "staging-1",
            "-7f3k9q2m",
            "a-12345678",
            "a_7f3k9q2m",
            "a-7f3k9q2m-",
            &long,
        ] {
            assert!(!is_word(word), "{word}");
        }
    }
}
