//! Texts that are too long to stand among settings.

/// The most lines of a text that stands in the manifest.
const LINES: usize = 5;
/// The most characters of one.
const CHARACTERS: usize = 300;

/// Whether a text belongs in a file of its own.
pub(super) fn is_long(text: &str) -> bool {
    text.lines().count() > LINES || text.chars().count() > CHARACTERS
}

/// Whether a setting's path can be a file's name: a key of a map may be anything.
pub(super) fn is_file_name(path: &str) -> bool {
    path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// The ending of the file that holds a text.
pub(super) fn extension(text: &str) -> &'static str {
    let mut tags = text.split('<').skip(1);
    let is_tag =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!') && rest.contains('>');
    if tags.any(is_tag) { "html" } else { "txt" }
}
