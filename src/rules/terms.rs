//! The entries of `ignore`, `allow` and `omit` that have come to their end, or are about to.

use time::Date;

use super::Desired;
use crate::document::Path;
use crate::manifest::{Origin, Term};

/// What to do about any of them.
pub const REMEDY: &str = "set a later `until`, or delete the entry";

/// An entry whose last day is over, or near.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending<'a> {
    /// A stable name: `until-near`, or what has become of an entry of this list.
    pub code: &'static str,
    /// The setting that the entry names, if any.
    pub path: Option<&'a Path>,
    /// Where the entry says what it is about.
    pub origin: &'a Origin,
    /// What it is, in one sentence.
    pub text: String,
}

/// The entries of a manifest that have come to their end on this day, or will within a fortnight.
pub fn endings(desired: &Desired, today: Date) -> Vec<Ending<'_>> {
    let mut endings = Vec::new();
    for (entries, code, word, then) in [
        (&desired.ignore, "ignore-expired", "ignored", "counts as unmanaged again"),
        (&desired.omit, "omit-expired", "left out of requests", "goes back into them"),
    ] {
        for entry in entries {
            let path = &entry.path.value;
            let (text, code) = match Term::of(entry.until, today) {
                Term::Holds => continue,
                Term::Near(until) => (format!("`{path}` is {word} until {until} only"), "until-near"),
                Term::Past(until) => (format!("`{path}` was {word} until {until} and {then}"), code),
            };
            endings.push(Ending { code, path: Some(path), origin: &entry.path.origin, text });
        }
    }
    for entry in &desired.acknowledge {
        let code = &entry.code.value;
        let (text, ending) = match Term::of(entry.until, today) {
            Term::Holds => continue,
            Term::Near(until) => (format!("`{code}` is acknowledged until {until} only"), "until-near"),
            Term::Past(until) => {
                (format!("`{code}` was acknowledged until {until} and is reported again"), "ignore-expired")
            }
        };
        let path = entry.path.as_ref().map(|path| &path.value);
        endings.push(Ending { code: ending, path, origin: &entry.code.origin, text });
    }
    for allow in &desired.allow {
        let path = allow.path.as_ref().map(|path| &path.value);
        let code = &allow.code.value;
        let what = path.map_or(format!("`{code}`"), |path| format!("`{code}` at `{path}`"));
        let (text, code) = match Term::of(allow.until, today) {
            Term::Holds => continue,
            Term::Near(until) => (format!("{what} is allowed until {until} only"), "until-near"),
            Term::Past(until) => {
                (format!("{what} was allowed until {until} and no longer is"), "allow-expired")
            }
        };
        endings.push(Ending { code, path, origin: &allow.code.origin, text });
    }
    endings
}
