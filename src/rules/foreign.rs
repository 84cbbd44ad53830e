//! The characters of a text that keep it from matching a pattern.

use super::pattern;

/// The maximum number of characters that are tried as the single wrong one.
const MOST_FOREIGN: usize = 40;

/// The characters that a text cannot have, in words, and what to do about them; `None` if there are none.
pub(super) fn in_words(pattern: &str, text: &str) -> Option<(String, String)> {
    let foreign = foreign(pattern, text);
    let (first, rest) = foreign.split_first()?;
    let code = |c: &char| match c.is_ascii_graphic() {
        true => format!("`{c}`"),
        false => format!("U+{:04X}", u32::from(*c)),
    };
    // A text of several lines is often that of another file.
    let has_lines = text.trim_end().contains('\n');
    let placed = |c: &char| match text.lines().position(|line| line.contains(*c)) {
        Some(before) if has_lines => format!("{} (line {} of the text)", code(c), before + 1),
        _ => code(c),
    };
    let list = |each: &dyn Fn(&char) -> String| foreign.iter().map(each).collect::<Vec<_>>().join(", ");
    let (noun, written) = match rest {
        [] => ("character", "it as an entity"),
        _ => ("characters", "them as entities"),
    };
    let entity = match text.contains('<') && !foreign.iter().any(|c| c.is_control()) {
        true => format!(", or write {written}, such as `&#x{:04X};`", u32::from(*first)),
        false => String::new(),
    };
    Some((format!("{noun} {}", list(&placed)), format!("remove {}{entity}", list(&code))))
}

/// The characters that keep a text from matching, in their order: one of any kind, or several that ASCII does not print. Empty if
/// it is not them, or not them alone.
fn foreign(pattern: &str, text: &str) -> Vec<char> {
    let mut seen = Vec::new();
    let odd = text.chars().filter(|c| !c.is_alphanumeric() && *c != ' ');
    for c in odd {
        if seen.len() < MOST_FOREIGN && !seen.contains(&c) {
            seen.push(c);
        }
    }
    let fits_without = |dropped: &[char]| pattern::matches(pattern, &text.replace(dropped, ""));
    if let Some(alone) = seen.iter().find(|c| fits_without(&[**c])) {
        return vec![*alone];
    }
    seen.retain(|c| !c.is_ascii() || c.is_control());
    if seen.is_empty() || !fits_without(&seen) {
        return Vec::new();
    }
    let is_needed = |c: &char| {
        let others: Vec<char> = seen.iter().copied().filter(|other| other != c).collect();
        !fits_without(&others)
    };
    seen.iter().copied().filter(is_needed).collect()
}
