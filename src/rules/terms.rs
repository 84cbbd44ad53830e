//! The entries of `ignore`, `allow` and `omit` that have expired, or expire soon.

use time::Date;

use super::Desired;
use crate::document::Path;
use crate::manifest::{Origin, Term};

/// The remedy for each of them.
pub const REMEDY: &str = "set a later `until`, or delete the entry";

/// An entry that has expired, or expires soon.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending<'a> {
    /// The code: `until-near`, or the code for an expired entry of this list.
    pub code: &'static str,
    /// The setting that the entry names, if any.
    pub path: Option<&'a Path>,
    /// The place of the setting or code in the entry.
    pub origin: &'a Origin,
    /// The message.
    pub text: String,
}

/// The entries of a manifest that have expired on this day, or expire within 14 days.
pub fn endings(desired: &Desired, today: Date) -> Vec<Ending<'_>> {
    let mut endings = Vec::new();
    for (entries, code, word, then) in [
        (&desired.ignore, "ignore-expired", "ignored", "is unmanaged again"),
        (&desired.omit, "omit-expired", "left out of requests", "is sent again"),
    ] {
        for entry in entries {
            let path = &entry.path.value;
            let (text, code) = match Term::of(entry.until, today) {
                Term::Holds => continue,
                Term::Near(until) => (format!("`{path}` is {word} only until {until}"), "until-near"),
                Term::Past(until) => (format!("`{path}` was {word} until {until}, and {then}"), code),
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
            Term::Near(until) => (format!("{what} is allowed only until {until}"), "until-near"),
            Term::Past(until) => {
                (format!("{what} was allowed until {until}, and is no longer allowed"), "allow-expired")
            }
        };
        endings.push(Ending { code, path, origin: &allow.code.origin, text });
    }
    endings
}
