//! The signs of risks: differences between two canonical documents at a path.

use super::table::KEYS;
use super::{literal, path};
use crate::document::address::{UrlAddress, web_authority};
use crate::document::{Document, FastSet, Json, Path, PathPattern, Seg, json};

/// A sign of a risk. The first text is always the path; a second member `*` in it is any label.
#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// The value changes, is added or is removed.
    Changes(&'static str),
    /// A value is replaced or removed.
    Replaced(&'static str),
    /// A value is added or changed.
    Comes(&'static str),
    /// A value is added or changed in a document that existed before.
    ComesToExisting(&'static str),
    /// A value is added.
    Appears(&'static str),
    /// A structure is added without the member in the second text.
    AppearsWithout(&'static str, &'static str),
    /// A structure that is absent or empty gets a member.
    Fills(&'static str),
    /// A structure loses its last member.
    Empties(&'static str),
    /// A value is added while the list of the pool in the second text has this element.
    AppearsWhile(&'static str, &'static str, &'static str),
    /// A value is removed.
    Disappears(&'static str),
    /// The value becomes this one, as JSON.
    Becomes(&'static str, &'static str),
    /// The value is no longer this one, as JSON.
    Leaves(&'static str, &'static str),
    /// A number decreases; the second field is the meaning of absence, if any.
    Falls(&'static str, Option<i64>),
    /// A number increases; the second field is the meaning of absence, if any.
    Rises(&'static str, Option<i64>),
    /// A value changes to a lower rank.
    Sinks(&'static str, Ranks),
    /// A value changes to a higher rank.
    Climbs(&'static str, Ranks),
    /// A set, a structure, a map or a keyed list gets an entry.
    Gains(&'static str, Entries),
    /// It loses an entry.
    Loses(&'static str, Entries),
    /// An entry of a map whose name begins with the second text gets another value.
    Remaps(&'static str, &'static str),
    /// A list of URLs gets one of this kind.
    GainsUrl(&'static str, UrlKind),
    /// A time increases, whatever its unit.
    Lengthens(&'static str, TimeUnit),
    /// A value is added that the manifest does not declare.
    Implied(&'static str),
    /// The request leaves out a live member; only the plan shows it.
    LeftOut,
    /// MFA is weaker between two calls than before and after; only the plan shows it.
    Between,
    /// A document of this branch is made that a baseline has already; only the plan shows it.
    Again(&'static str),
    /// A document of this branch is made that looks like a live one; only the plan shows it.
    Twin(&'static str),
    /// The two documents contradict each other; only the plan shows it.
    Apart,
    /// It is about the pool itself, or about what is required of it; only the plan shows it.
    OfPool(PoolSign),
}

/// What a plan shows of a pool beside its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolSign {
    /// It does not exist.
    Made,
    /// The baseline has it already.
    MadeAgain,
    /// Another pool has its name.
    Namesake,
    /// It is found by its tag and has another name than its manifest declares, and another pool has that name.
    Renamed,
    /// It breaks a rule of the house that the baseline has, and that the project has no longer for this pool.
    RuleChanged,
}

/// The values of a setting from low to high. An unknown value is newer than this table, and counts as the highest.
#[derive(Clone, Copy, Debug)]
pub struct Ranks {
    /// The values.
    pub values: &'static [&'static str],
    /// The value that absence means, or `None` if absence is below all values.
    pub absent: Option<&'static str>,
}

/// A kind of URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlKind {
    /// One without TLS: `http://`.
    Plain,
    /// One whose host, or whose scheme if that is an application's own, no URL had that was there before.
    OtherHost,
    /// One with `*`.
    Wildcard,
}

/// Where the unit of a number is, and what their absence means.
#[derive(Clone, Copy, Debug)]
pub struct TimeUnit {
    /// The path of the unit, in the structure around the number.
    pub at: &'static str,
    /// The number and the unit of absence.
    pub absent: (i64, &'static str),
}

/// Which entries count.
#[derive(Clone, Copy, Debug)]
pub struct Entries {
    /// The entries that absence means.
    pub absent: &'static [&'static str],
    /// Whether an empty list means the same as absence.
    pub empty_is_absent: bool,
    /// Entries that do not count.
    pub but: &'static [&'static str],
    /// The only entries that count; all if there are none.
    pub only: &'static [&'static str],
    /// Two names of the same entry: `(older, newer)`.
    pub same: &'static [(&'static str, &'static str)],
    /// Whether only those of a structure count that exists afterwards.
    pub stays: bool,
    /// Whether only those of a document count that existed before.
    pub existing: bool,
    /// The entries do not count if the neighbouring member of this name has this value, as JSON, before or after.
    pub unless: Option<(&'static str, &'static str)>,
}

/// The length of the path of a document with a label.
const LABELLED: usize = 2;

/// All entries; absence means no entries.
pub(super) const ALL: Entries = Entries {
    absent: &[],
    empty_is_absent: false,
    but: &[],
    only: &[],
    same: &[],
    stays: false,
    existing: false,
    unless: None,
};

impl Sign {
    /// The path, as the table writes it, or `None` if no document shows the sign.
    pub fn path(&self) -> Option<&'static str> {
        match self {
            Self::Changes(path)
            | Self::Replaced(path)
            | Self::Comes(path)
            | Self::ComesToExisting(path)
            | Self::Appears(path)
            | Self::AppearsWithout(path, _)
            | Self::AppearsWhile(path, ..)
            | Self::Fills(path)
            | Self::Empties(path)
            | Self::Disappears(path)
            | Self::Becomes(path, _)
            | Self::Leaves(path, _)
            | Self::Falls(path, _)
            | Self::Rises(path, _)
            | Self::Sinks(path, _)
            | Self::Climbs(path, _)
            | Self::Gains(path, _)
            | Self::Loses(path, _)
            | Self::Remaps(path, _)
            | Self::GainsUrl(path, _)
            | Self::Lengthens(path, _)
            | Self::Implied(path) => Some(path),
            Self::LeftOut
            | Self::Between
            | Self::Apart
            | Self::Again(_)
            | Self::Twin(_)
            | Self::OfPool(_) => None,
        }
    }

    /// The settings at which the sign shows between two canonical documents. `declared` says of a path
    /// whether the manifest names it.
    pub(super) fn seen(
        &self,
        before: &Document,
        after: &Document,
        declared: &dyn Fn(&Path) -> bool,
    ) -> Vec<Path> {
        let Some(at) = self.path().map(path) else { return Vec::new() };
        // A difference shows a sign at the path of the sign; the difference of a time may be at a path next to it.
        let may_be_beside = matches!(self, Self::Lengthens(..));
        match at.segs() {
            [Seg::Member(branch), Seg::Member(any), rest @ ..] if &**any == "*" => {
                // What goes with a document is the risk of its removal.
                let [old, new] = [before, after].map(|side| side.get(branch).and_then(Json::as_object));
                let differs = |(label, document): &(&String, &Json)| {
                    let old = old.and_then(|old| follow(old.get(label.as_str())?, rest));
                    may_be_beside || old != follow(document, rest)
                };
                let documents = new.into_iter().flatten().filter(differs);
                let places = documents.map(|(label, _)| Path::members([&**branch, label]).extended(rest));
                places.flat_map(|at| self.seen_at(&at, before, after, declared)).collect()
            }
            steps if !may_be_beside && find(before, steps) == find(after, steps) => Vec::new(),
            _ => self.seen_at(at, before, after, declared),
        }
    }

    /// The same for a sign whose path is this one.
    fn seen_at(
        &self,
        at: &Path,
        before: &Document,
        after: &Document,
        declared: &dyn Fn(&Path) -> bool,
    ) -> Vec<Path> {
        if let Self::Lengthens(_, unit) = self {
            return unit.longer(at, before, after).into_iter().collect();
        }
        let steps = at.segs();
        let existed = find(before, steps.get(..LABELLED).unwrap_or(steps)).is_some();
        let around = steps.split_last().map(|(_, around)| around).filter(|around| !around.is_empty());
        let exists = around.is_some_and(|around| find(before, around).is_some());
        let stays = around.is_none_or(|around| find(after, around).is_some());
        // An element that goes whole is a loss of the list.
        let is_in_lost = !stays && around.is_some_and(|around| matches!(around.last(), Some(Seg::Item(_))));
        let is_off = matches!(self, Self::Loses(_, entries) if entries.are_off(at, before, after));
        let pool = before;
        let (before, after) = (find(before, steps), find(after, steps));
        let shows = match *self {
            Self::Changes(_) => differ(before, after),
            Self::Replaced(_) => before.is_some() && differ(before, after) && !is_in_lost,
            Self::Comes(_) => after.is_some() && differ(before, after),
            Self::ComesToExisting(_) => existed && after.is_some() && differ(before, after),
            Self::Appears(_) => before.is_none() && after.is_some(),
            Self::AppearsWithout(_, member) => {
                before.is_none() && after.is_some_and(|after| after.get(member).is_none_or(Json::is_null))
            }
            Self::AppearsWhile(_, list, element) => {
                before.is_none() && after.is_some() && texts(find(pool, path(list).segs())).contains(&element)
            }
            Self::Fills(_) => has_members(after) && !has_members(before),
            Self::Empties(_) => has_members(before) && !has_members(after),
            Self::Disappears(_) => before.is_some() && after.is_none(),
            Self::Becomes(_, value) => is(after, value) && !is(before, value),
            Self::Leaves(_, value) => is(before, value) && !is(after, value),
            Self::Falls(_, absent) => falls(number(before, absent), number(after, absent)),
            Self::Rises(_, absent) => falls(number(after, absent), number(before, absent)),
            Self::Sinks(_, ranks) => ranks.of(after) < ranks.of(before),
            Self::Climbs(_, ranks) => ranks.of(after) > ranks.of(before),
            Self::Gains(_, Entries { existing: true, .. }) if !existed => false,
            Self::Gains(_, entries) => return entries.more(at, before, after),
            Self::Remaps(_, start) => return remapped(at, start, before, after),
            // A structure that did not exist has lost nothing.
            Self::Loses(..) if is_off || !exists && at.segs().len() > 1 => false,
            Self::Loses(_, Entries { stays: true, .. }) if !stays => false,
            Self::Loses(_, entries) => return entries.more(at, after, before),
            Self::GainsUrl(_, kind) => kind.comes(exists, &texts(before), &texts(after)),
            Self::Implied(_) => after.is_some() && differ(before, after) && !declared(at),
            Self::Lengthens(..)
            | Self::LeftOut
            | Self::Between
            | Self::Apart
            | Self::Again(_)
            | Self::Twin(_)
            | Self::OfPool(_) => false,
        };
        if shows { vec![at.clone()] } else { Vec::new() }
    }

    /// The elements that the set at this path loses, if that is the sign. A document may show none of them: absence means
    /// some.
    pub(super) fn lost<'a>(&self, before: &'a Document, after: &'a Document, at: &Path) -> Vec<&'a str> {
        let Self::Loses(pattern, entries) = *self else { return Vec::new() };
        let pattern = path(pattern);
        let is_its = at.segs().len() == pattern.segs().len() && PathPattern::is_within(at, pattern);
        let (before, after) = (find(before, at.segs()), find(after, at.segs()));
        let is_set = |value: &Json| value.as_array().is_some_and(|all| all.iter().all(Json::is_string));
        match is_its && [before, after].into_iter().flatten().all(is_set) {
            true => entries.missing(after, before),
            false => Vec::new(),
        }
    }
}

impl Ranks {
    /// The rank of a value; 0 is below all.
    fn of(&self, value: Option<&Json>) -> usize {
        let name = match value {
            Some(value) => value.as_str().unwrap_or_default(),
            None => match self.absent {
                Some(absent) => absent,
                None => return 0,
            },
        };
        self.values.iter().position(|value| *value == name).unwrap_or(self.values.len()) + 1
    }
}

impl UrlKind {
    /// Whether one of this kind is new among these. `exists`: whether the document existed before. All hosts of a new
    /// document are expected.
    fn comes(self, exists: bool, before: &[&str], after: &[&str]) -> bool {
        let is_one = |url: &str| match self {
            Self::Plain => web_authority(url).is_some_and(|(scheme, _)| scheme == "http"),
            Self::OtherHost => exists && !before.iter().any(|known| UrlAddress::is_same_host(known, url)),
            Self::Wildcard => url.contains('*'),
        };
        after.iter().any(|url| !before.contains(url) && is_one(url))
    }
}

fn texts(list: Option<&Json>) -> Vec<&str> {
    list.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
}

impl TimeUnit {
    /// The seconds in a unit, by its name.
    pub fn seconds(unit: &str) -> i64 {
        match unit {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            _ => 86_400,
        }
    }

    /// The number at `at`, or its unit, if the time is longer after a change.
    fn longer(self, at: &Path, before: &Document, after: &Document) -> Option<Path> {
        let around = at.parent()?;
        // A new document has no time before.
        find(before, around.segs())?;
        let unit = around.extended(path(self.at).segs());
        let seconds = |root: &Document| {
            let number = find(root, at.segs()).and_then(Json::as_i64);
            let unit = find(root, unit.segs()).filter(|_| number.is_some()).and_then(Json::as_str);
            number.unwrap_or(self.absent.0).saturating_mul(Self::seconds(unit.unwrap_or(self.absent.1)))
        };
        let is_same = find(before, at.segs()) == find(after, at.segs());
        (seconds(after) > seconds(before)).then(|| if is_same { unit } else { at.clone() })
    }
}

impl Entries {
    /// Whether the neighbouring member has the value with which the entries do not count.
    fn are_off(&self, at: &Path, before: &Document, after: &Document) -> bool {
        self.unless.zip(at.parent()).is_some_and(|((switch, off), around)| {
            let switch = around.member(switch);
            [before, after].into_iter().any(|side| is(find(side, switch.segs()), off))
        })
    }

    /// Where `many` has an entry that `few` has not: a set as a whole, anything else at the entry.
    fn more(&self, at: &Path, few: Option<&Json>, many: Option<&Json>) -> Vec<Path> {
        let paths = self.missing(few, many).into_iter().map(|name| match many.or(few) {
            Some(Json::Object(_)) => at.member(name),
            Some(Json::Array(elements)) if elements.iter().any(Json::is_object) => {
                at.join(Seg::Item(name.into()))
            }
            _ => at.clone(),
        });
        let mut paths: Vec<Path> = paths.collect();
        paths.dedup();
        paths
    }

    /// The counted entries of `many` that are missing from `few`.
    fn missing<'a>(&self, few: Option<&'a Json>, many: Option<&'a Json>) -> Vec<&'a str> {
        let known: FastSet<&str> = self.names(few).into_iter().collect();
        let mut names = self.names(many);
        names.retain(|name| {
            let counts = !self.but.contains(name) && (self.only.is_empty() || self.only.contains(name));
            counts && !known.contains(name)
        });
        names
    }

    fn names<'a>(&self, value: Option<&'a Json>) -> Vec<&'a str> {
        let names: Vec<&str> = match value {
            None => self.absent.to_vec(),
            Some(Json::Object(members)) => {
                members.iter().filter(|(_, value)| !value.is_null()).map(|(name, _)| name.as_str()).collect()
            }
            Some(Json::Array(elements)) if elements.is_empty() && self.empty_is_absent => {
                self.absent.to_vec()
            }
            Some(Json::Array(elements)) => elements.iter().filter_map(name).collect(),
            Some(_) => Vec::new(),
        };
        let newer = |name: &'a str| -> &'a str {
            self.same.iter().find(|(older, _)| *older == name).map_or(name, |(_, newer)| newer)
        };
        names.into_iter().map(newer).collect()
    }
}

/// The entries of a map whose names begin so and that have another value than before.
fn remapped(at: &Path, start: &str, before: Option<&Json>, after: Option<&Json>) -> Vec<Path> {
    let entries = |map: Option<&Json>| map.and_then(Json::as_object).cloned().unwrap_or_default();
    let (before, after) = (entries(before), entries(after));
    let is_other = |(name, value): &(&String, &Json)| {
        name.starts_with(start) && before.get(name.as_str()).is_some_and(|old| !json::same(old, value))
    };
    after.iter().filter(is_other).map(|(name, _)| at.member(name)).collect()
}

/// The name of a set's or a keyed list's element.
fn name(element: &Json) -> Option<&str> {
    element.as_str().or_else(|| KEYS.iter().find_map(|key| element.get(key))?.as_str())
}

/// The value at these steps, which may name an element of a keyed list; `null` is none.
fn find<'a>(root: &'a Document, steps: &[Seg]) -> Option<&'a Json> {
    let (Seg::Member(first), rest) = steps.split_first()? else { return None };
    follow(root.get(first)?, rest)
}

/// The value that these steps lead to from another one.
fn follow<'a>(from: &'a Json, steps: &[Seg]) -> Option<&'a Json> {
    let value = steps.iter().try_fold(from, |value, seg| match seg {
        Seg::Member(name) => value.get(&**name),
        Seg::Item(key) => value.as_array()?.iter().find(|element| name(element) == Some(key)),
        Seg::Index(index) => value.get(index),
    })?;
    Some(value).filter(|value| !value.is_null())
}

/// Whether a structure is there and not empty.
fn has_members(structure: Option<&Json>) -> bool {
    structure.and_then(Json::as_object).is_some_and(|members| !members.is_empty())
}

fn differ(before: Option<&Json>, after: Option<&Json>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => !json::same(before, after),
        (before, after) => before.is_some() != after.is_some(),
    }
}

fn is(value: Option<&Json>, expected: &str) -> bool {
    value.is_some_and(|value| json::same(value, &literal(expected)))
}

fn number(value: Option<&Json>, absent: Option<i64>) -> Option<i64> {
    value.map_or(absent, Json::as_i64)
}

fn falls(from: Option<i64>, to: Option<i64>) -> bool {
    matches!((from, to), (Some(from), Some(to)) if to < from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const RANKS: Ranks = Ranks { values: &["LOW", "HIGH"], absent: Some("LOW") };
    const BELOW: Ranks = Ranks { values: &["LOW", "HIGH"], absent: None };

    /// Where the sign shows when `A` goes from one value to another; `null` is absent.
    fn seen(sign: Sign, before: Json, after: Json) -> String {
        let document = |value: Json| json!({ "A": value }).as_object().cloned().unwrap().into();
        let paths = sign.seen(&document(before), &document(after), &|_| false);
        paths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn each_sign_shows_where_it_should_and_nowhere_else() {
        use Sign::*;
        let (none, one, two) = (json!(null), json!(1), json!(2));
        let text = |text: &str| json!(text);
        for (sign, before, after, expected) in [
            (Changes("A"), &none, &one, "A"),
            (Changes("A"), &one, &none, "A"),
            (Changes("A"), &one, &json!(1.0), ""),
            (Replaced("A"), &one, &two, "A"),
            (Replaced("A"), &one, &none, "A"),
            (Replaced("A"), &none, &one, ""),
            (Replaced("A[x].B"), &json!([{"Name": "x", "B": 1}]), &json!([{"Name": "x", "B": 2}]), "A[x].B"),
            (Replaced("A[x].B"), &json!([{"Name": "x", "B": 1}]), &json!([{"Name": "y", "B": 1}]), ""),
            (Replaced("A.B"), &json!({"B": 1}), &none, "A.B"),
            (Comes("A"), &one, &two, "A"),
            (Comes("A"), &none, &one, "A"),
            (Comes("A"), &one, &none, ""),
            (Appears("A"), &none, &json!({}), "A"),
            (Appears("A"), &one, &two, ""),
            (AppearsWithout("A", "B"), &none, &json!({"C": 1}), "A"),
            (AppearsWithout("A", "B"), &none, &json!({"B": 1}), ""),
            (AppearsWithout("A", "B"), &json!({}), &json!({"C": 1}), ""),
            (Fills("A"), &none, &json!({"B": 1}), "A"),
            (Fills("A"), &json!({}), &json!({"B": 1}), "A"),
            (Fills("A"), &json!({"B": 1}), &json!({"B": 2}), ""),
            (Fills("A"), &none, &json!({}), ""),
            (Empties("A"), &json!({"B": 1}), &json!({}), "A"),
            (Empties("A"), &json!({"B": 1, "C": 1}), &json!({"B": 1}), ""),
            (Disappears("A"), &json!({}), &none, "A"),
            (Disappears("A"), &one, &two, ""),
            (Becomes("A", "2"), &none, &two, "A"),
            (Becomes("A", "2"), &two, &one, ""),
            (Leaves("A", "2"), &two, &none, "A"),
            (Leaves("A", "2"), &one, &two, ""),
            (Falls("A", None), &two, &one, "A"),
            (Falls("A", None), &one, &two, ""),
            (Falls("A", None), &two, &none, ""),
            (Falls("A", Some(1)), &two, &none, "A"),
            (Rises("A", Some(1)), &none, &two, "A"),
            (Rises("A", None), &none, &two, ""),
            (Rises("A", None), &two, &one, ""),
            (Sinks("A", RANKS), &text("HIGH"), &none, "A"),
            (Sinks("A", RANKS), &text("LOW"), &none, ""),
            (Sinks("A", BELOW), &text("LOW"), &none, "A"),
            (Sinks("A", RANKS), &text("NEWER"), &text("HIGH"), "A"),
            (Climbs("A", RANKS), &text("HIGH"), &text("NEWER"), "A"),
            (Climbs("A", RANKS), &none, &text("HIGH"), "A"),
            (Climbs("A", RANKS), &text("HIGH"), &text("LOW"), ""),
            (Implied("A"), &none, &one, "A"),
            (Implied("A"), &one, &none, ""),
            (LeftOut, &one, &none, ""),
        ] {
            assert_eq!(seen(sign, before.clone(), after.clone()), expected, "{sign:?}: {before} to {after}");
        }
        let declared = |_: &Path| true;
        let document = json!({"A": 1}).as_object().cloned().unwrap().into();
        assert!(Implied("A").seen(&Document::default(), &document, &declared).is_empty());
    }

    #[test]
    fn entries_are_those_of_sets_structures_and_keyed_lists() {
        use Sign::{Gains, Loses};
        let listed = |names: &[&str]| names.iter().map(|name| json!({ "Name": name })).collect::<Json>();
        let some = Entries { absent: &["a", "b"], but: &["x"], same: &[("old", "new")], ..ALL };
        let staying = Entries { stays: true, ..ALL };
        for (sign, before, after, expected) in [
            (Gains("A", ALL), json!(["a"]), json!(["a", "b", "c"]), "A"),
            (Gains("A", ALL), json!(["a", "b"]), json!(["b"]), ""),
            (Gains("A", some), json!(["a"]), json!(null), "A"),
            (Gains("A", some), json!(null), json!(["a"]), ""),
            (Loses("A", ALL), json!(["a"]), json!([]), "A"),
            (Loses("A", ALL), json!({"a": 1, "b": 2}), json!({"b": 3}), "A.a"),
            (Loses("A", ALL), json!({"a": 1, "b.c": 2}), json!(null), r#"A.a A["b.c"]"#),
            (Loses("A", ALL), json!({"a": 1}), json!({"a": 2, "b": 2}), ""),
            (Gains("A", ALL), json!({"a": 1}), json!({"a": 2, "b": 2}), "A.b"),
            (Gains("A", some), json!({"old": 1}), json!({"new": 1, "x": 1}), ""),
            (Loses("A", some), json!({"old": 1, "x": 1}), json!({"new": 1}), ""),
            (Gains("A", ALL), listed(&["a"]), listed(&["b", "a"]), "A[b]"),
            (Loses("A.B", staying), json!({"B": {"b": 1}}), json!({"B": {}}), "A.B.b"),
            (Loses("A.B", staying), json!({"B": {"b": 1}}), json!({}), "A.B.b"),
            (Loses("A.B", staying), json!({"B": {"b": 1}}), json!(null), ""),
            (Loses("A", ALL), listed(&["a", "b"]), listed(&["b"]), "A[a]"),
        ] {
            assert_eq!(seen(sign, before.clone(), after.clone()), expected, "{sign:?}: {before} to {after}");
        }
        assert_eq!(
            seen(Sign::Falls("A[b].N", None), json!([{"Name": "b", "N": 2}]), json!([{"Name": "b", "N": 1}])),
            "A[b].N"
        );
    }
}
