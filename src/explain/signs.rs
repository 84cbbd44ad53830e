//! The signs of a risk, in words, and whether they are about a setting.

use super::facts::value as shown;
use super::overlap;
use crate::catalogue::{Entries, PoolSign, Sign, UrlKind, pattern_path};
use crate::document::{DocumentId, Path};

/// The change that shows the risk.
pub(super) fn words(sign: &Sign) -> String {
    match sign {
        Sign::Changes(at) => format!("`{at}` changes, is added or is removed"),
        Sign::Replaced(at) => format!("`{at}` gets another value, or is removed"),
        Sign::Comes(at) => format!("`{at}` is added, or gets another value"),
        Sign::ComesToExisting(at) => {
            format!("`{at}` is added, or gets another value, in a document that existed before")
        }
        Sign::Appears(at) => format!("`{at}` is added"),
        Sign::AppearsWithout(at, member) => format!("`{at}` is added without `{member}`"),
        Sign::AppearsWhile(at, list, element) => {
            format!("`{at}` is added while `{list}` has `{element}`")
        }
        Sign::Fills(at) => format!("`{at}` is absent or empty, and gets a member"),
        Sign::Empties(at) => format!("`{at}` loses its last member"),
        Sign::Disappears(at) => format!("`{at}` is removed"),
        Sign::Becomes(at, value) => format!("`{at}` becomes {}", shown(value)),
        Sign::Leaves(at, value) => format!("`{at}` is no longer {}", shown(value)),
        Sign::Falls(at, number) => format!("`{at}` decreases{}", absent(*number)),
        Sign::Rises(at, number) => format!("`{at}` increases{}", absent(*number)),
        Sign::Sinks(at, ranks) => {
            let values: Vec<&str> = ranks.values.iter().rev().copied().collect();
            format!("`{at}` is lowered (from high to low: {})", values.join(", "))
        }
        Sign::Climbs(at, ranks) => {
            format!("`{at}` is raised (from low to high: {})", ranks.values.join(", "))
        }
        Sign::Gains(at, entries) => {
            let existing = if entries.existing { ", in a document that existed before" } else { "" };
            format!("`{at}` gets {}{existing}", entry("another entry", entries))
        }
        Sign::Loses(at, _) if DocumentId::is_labelled(at) => {
            format!("an entry of `{at}` has `remove: true`")
        }
        Sign::Loses(at, entries) => format!("`{at}` loses {}", entry("an entry", entries)),
        Sign::Remaps(at, start) => {
            format!("an entry of `{at}` that begins with `{start}` gets another value")
        }
        Sign::GainsUrl(at, UrlKind::Plain) => format!("`{at}` gets a URL that begins with `http://`"),
        Sign::GainsUrl(at, UrlKind::OtherHost) => format!("`{at}` gets a URL of another host"),
        Sign::GainsUrl(at, UrlKind::Wildcard) => format!("`{at}` gets a URL with `*`"),
        Sign::Lengthens(at, unit) => format!(
            "`{at}` becomes a longer time (its unit is in `{}`; absent counts as {} {})",
            unit.at, unit.absent.0, unit.absent.1
        ),
        Sign::Implied(at) => format!("`{at}` is added, although the manifest does not declare it"),
        Sign::Again(at) => {
            format!(
                "an entry of `{at}` that the baseline has too makes a new document, because there is none"
            )
        }
        Sign::Twin(at) => {
            format!("an entry of `{at}` makes a new document that looks like a live one without an entry")
        }
        Sign::OfPool(sign) => of_pool(*sign).to_owned(),
        Sign::LeftOut => "`omit` leaves a live member out of the request".to_owned(),
        Sign::Apart => "the pool's document and the MFA document have different MFA modes".to_owned(),
        Sign::Between => "a plan of several calls weakens MFA between two of them".to_owned(),
    }
}

/// What the absence of a number counts as.
fn absent(number: Option<i64>) -> String {
    number.map_or_else(String::new, |number| format!(" (absent counts as {number})"))
}

fn of_pool(sign: PoolSign) -> &'static str {
    match sign {
        PoolSign::Made => "`create` names a pool that does not exist",
        PoolSign::MadeAgain => "`create` names a pool that does not exist, and the baseline has it too",
        PoolSign::Namesake => "a new pool has the `PoolName` of an existing pool",
        PoolSign::Renamed => {
            "the pool that carries the tag of `create` has another name than the manifest declares, and a pool without the tag has that name"
        }
        PoolSign::RuleChanged => {
            "the plan breaks a rule of the house that the baseline has, and the project removes the rule, changes it, or exempts the pool from it"
        }
    }
}

fn entry(any: &str, entries: &Entries) -> String {
    let quoted = |names: &[&str], last: &str| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        match names.split_last() {
            Some((end, names)) if !names.is_empty() => format!("{}{last}{end}", names.join(", ")),
            _ => names.join(""),
        }
    };
    match (entries.only, entries.but) {
        ([], []) => any.to_owned(),
        ([], but) => format!("{any}, other than {}", quoted(but, ", ")),
        (only, _) => quoted(only, " or "),
    }
}

/// Whether a change at `at` can carry a risk with this sign.
pub(super) fn is_about(sign: &Sign, at: &Path) -> bool {
    let branch = match sign {
        Sign::Again(branch) | Sign::Twin(branch) => Some(*branch),
        _ => None,
    };
    let Some(of) = sign.path().or(branch).map(pattern_path) else { return false };
    let (inner, outer) = (at.segs().len(), of.segs().len());
    if inner <= outer || !overlap(at, &of) {
        return overlap(at, &of);
    }
    let entry = &at.segs()[outer];
    match sign {
        Sign::AppearsWithout(_, member) => entry.to_string() == *member,
        Sign::Remaps(_, start) => inner == outer + 1 && entry.to_string().contains(start),
        Sign::Again(_) | Sign::Twin(_) | Sign::Fills(_) | Sign::Empties(_) => inner == outer + 1,
        Sign::Gains(_, entries) | Sign::Loses(_, entries) => {
            inner == outer + 1 && !entries.but.contains(&entry.to_string().as_str())
        }
        _ => false,
    }
}
