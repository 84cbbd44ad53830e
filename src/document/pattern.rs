//! Paths in which a label may be a pattern: `clients.tf-*`.

use std::fmt;
use std::str::FromStr;

use super::path::PathError;
use super::{DocumentId, Path, Seg};

/// A path; in a label, `*` matches any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(Path);

impl PathPattern {
    /// The path, if no label in it is a pattern.
    pub fn exact(&self) -> Option<&Path> {
        (!Self::is_pattern(&self.0)).then_some(&self.0)
    }

    /// The path as it is written, a `*` in a label included.
    pub fn as_path(&self) -> &Path {
        &self.0
    }

    /// Whether a path matches, or is within a path that matches.
    pub fn covers(&self, path: &Path) -> bool {
        Self::is_within(path, &self.0)
    }

    /// Whether a path matches, is within a path that matches, or has one within it.
    pub fn overlaps(&self, path: &Path) -> bool {
        self.fits(path)
    }

    /// Whether a command line that takes `only` these paths, or all where it names none, and goes `without` those, asks
    /// for this one.
    pub fn is_chosen(path: &Path, only: &[Self], without: &[Self]) -> bool {
        (only.is_empty() || only.iter().any(|pattern| pattern.overlaps(path)))
            && !without.iter().any(|pattern| pattern.covers(path))
    }

    /// Whether one of two paths is the other or lies inside it, where either may have a pattern as its label.
    pub fn overlap(a: &Path, b: &Path) -> bool {
        let fits = |pattern: &Path, path: &Path| Self::is_pattern(pattern) && fits(pattern, path);
        a.overlaps(b) || fits(a, b) || fits(b, a)
    }

    /// Whether a path has a pattern as its label.
    pub fn is_pattern(path: &Path) -> bool {
        label(path).is_some_and(|label| label.contains('*'))
    }

    /// Whether `path` is within `outer`, which may have a pattern as its label.
    pub fn is_within(path: &Path, outer: &Path) -> bool {
        path.segs().len() >= outer.segs().len() && fits(outer, path)
    }

    /// Whether the steps that both have fit.
    fn fits(&self, path: &Path) -> bool {
        fits(&self.0, path)
    }
}

/// Whether the steps fit that a pattern and a path both have.
fn fits(pattern: &Path, path: &Path) -> bool {
    let label = label(pattern);
    pattern.segs().iter().zip(path.segs()).enumerate().all(|(depth, (own, other))| match (label, other) {
        (Some(label), Seg::Member(name)) if depth == 1 => is_like(label, name),
        _ => own == other,
    })
}

/// The label in a path.
fn label(path: &Path) -> Option<&str> {
    match path.segs() {
        [Seg::Member(branch), Seg::Member(label), ..] if DocumentId::is_labelled(branch) => Some(label),
        _ => None,
    }
}

impl From<Path> for PathPattern {
    fn from(path: Path) -> Self {
        Self(path)
    }
}

impl FromStr for PathPattern {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Written as a path; a pattern without other special characters needs no quotes.
impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |label: &str| label.chars().all(|c| c.is_ascii_alphanumeric() || "*_-:".contains(c));
        match (self.exact(), self.0.segs()) {
            (None, [branch, Seg::Member(label), rest @ ..]) if plain(label) => {
                write!(f, "{branch}.{label}")?;
                let rest = Path::root().extended(rest).to_string();
                let dot = if rest.is_empty() || rest.starts_with('[') { "" } else { "." };
                write!(f, "{dot}{rest}")
            }
            _ => write!(f, "{}", self.0),
        }
    }
}

/// Whether a text matches a pattern, in which `*` matches any characters.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|start| text.strip_prefix(start)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> PathPattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_star_in_a_label_stands_for_any_characters() {
        for (text, path, covers, overlaps) in [
            ("clients.tf-*", "clients.tf-web", true, true),
            ("clients.tf-*", "clients.tf-web.CallbackURLs", true, true),
            ("clients.tf-*", "clients", false, true),
            ("clients.tf-*", "clients.web", false, false),
            ("clients.*.CallbackURLs", "clients.web.CallbackURLs", true, true),
            ("clients.*.CallbackURLs", "clients.web", false, true),
            ("clients.*.CallbackURLs", "clients.web.LogoutURLs", false, false),
            ("clients.a*b*c", "clients.axxbyyc", true, true),
            ("clients.a*b*c", "clients.ac", false, false),
            ("clients.a*a", "clients.a", false, false),
            ("clients[\"*.example.com\"]", "clients[\"a.example.com\"]", true, true),
            ("UserPoolTags.a*", "UserPoolTags.ab", false, false),
            ("Policies", "Policies.PasswordPolicy", true, true),
        ] {
            let path = path.parse().unwrap();
            assert_eq!(
                (pattern(text).covers(&path), pattern(text).overlaps(&path)),
                (covers, overlaps),
                "{text} {path}"
            );
        }
    }

    #[test]
    fn a_pattern_is_written_as_it_is_read() {
        for text in
            ["clients.tf-*", "clients.*.CallbackURLs", "clients[\"*.x\"].A[b]", "Policies", "clients.web"]
        {
            assert_eq!(pattern(text).to_string(), text);
            assert_eq!(pattern(text).exact().is_some(), !text.contains('*'), "{text}");
        }
    }
}
