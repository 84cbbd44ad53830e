//! Texts that are too long to stand among settings.

/// The maximum number of lines of a text in the manifest itself.
const LINES: usize = 5;
/// The most characters of one.
const CHARACTERS: usize = 300;

/// The most characters of a line among several, and the most of these that are empty in a row: what readers
/// of manifests expect of any line.
const WIDTH: usize = 70;
const EMPTY: &str = "\n\n\n\n";

/// Whether a text belongs in a file of its own: it is long, or has lines that tools for YAML would complain of
/// or change.
pub(super) fn is_long(text: &str) -> bool {
    let is_odd = |line: &str| line.ends_with([' ', '\t']) || line.chars().count() > WIDTH;
    let has_odd_lines = text.contains('\n')
        && (text.ends_with("\n\n") || text.contains(EMPTY) || text.split('\n').any(is_odd));
    has_odd_lines || text.lines().count() > LINES || text.chars().count() > CHARACTERS
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
