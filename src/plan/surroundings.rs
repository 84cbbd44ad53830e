//! The structures around the changes of a plan, so that reports can show their unchanged members.

use super::{Change, Finding, Level};
use crate::catalogue::Catalogue;
use crate::document::{FastSet, Json, Path, Seg, Snapshot, json};

/// A structure, a map or a list around changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surrounding {
    /// The path.
    pub path: Path,
    /// Whether it exists before.
    pub before: bool,
    /// Whether it exists after.
    pub after: bool,
    /// The number of unchanged members or elements.
    pub unchanged: usize,
    /// How many of these members are at Cognito's default.
    pub at_default: usize,
}

/// The structures around the shown paths of two documents, the outermost first. Shown paths, and paths left out of
/// the requests, do not count as unchanged.
pub(super) fn around<'a>(
    catalogue: &Catalogue,
    told: impl IntoIterator<Item = &'a Path>,
    left_out: &[Path],
    live: &Snapshot,
    target: &Snapshot,
) -> Vec<Surrounding> {
    let told: Vec<&Path> = told.into_iter().collect();
    let on_the_way = |path: &&'a Path| (1..=path.segs().len()).map(|len| &path.segs()[..len]);
    let touched: FastSet<&[Seg]> = told.iter().flat_map(on_the_way).collect();
    let stays =
        |path: &Path| !touched.contains(path.segs()) && !left_out.iter().any(|out| path.is_within(out));
    let mut seen = FastSet::default();
    let outer = told.iter().flat_map(|path| (1..path.segs().len()).map(move |len| (path, len)));
    let outer = outer.filter(|(path, len)| seen.insert(&path.segs()[..*len]));
    let surrounding = |(path, len): (&&Path, usize)| {
        let path = path.prefix(len);
        // As they are compared: without the tags of AWS.
        let value = |side| catalogue.value(side, &path).map(|value| catalogue.canonical_view(&path, value));
        let [before, after] = [live, target].map(value);
        let (unchanged, at_default) =
            unchanged(catalogue, &path, [before.as_deref(), after.as_deref()], stays);
        let [before, after] = [live, target].map(|side| exists(catalogue, side, &path));
        Surrounding { before, after, path, unchanged, at_default }
    };
    outer.map(surrounding).collect()
}

/// Whether the documents have a structure, or an element of a keyed list.
fn exists(catalogue: &Catalogue, side: &Snapshot, at: &Path) -> bool {
    let (Some(Seg::Item(wanted)), Some(list)) = (at.segs().last(), at.parent()) else {
        return catalogue.has(side, at);
    };
    let key = catalogue.setting(&list).and_then(|field| field.key_member());
    let value = catalogue.value(side, &list).map(|value| catalogue.canonical_value(&list, value));
    let (Some(key), Some(Json::Array(elements))) = (key, value) else { return false };
    elements.iter().any(|element| element.get(key).and_then(Json::as_str) == Some(&**wanted))
}

/// The paths of the changes and conflicts of a plan.
pub(super) fn told<'a>(changes: &'a [Change], findings: &'a [Finding]) -> impl Iterator<Item = &'a Path> {
    let conflicts = findings.iter().filter(|finding| finding.level == Level::Conflict);
    changes.iter().map(|change| &change.path).chain(conflicts.filter_map(|finding| finding.path.as_ref()))
}

/// How many members or elements are the same on both sides, and how many of these members are defaults.
fn unchanged(
    catalogue: &Catalogue,
    at: &Path,
    sides: [Option<&Json>; 2],
    stays: impl Fn(&Path) -> bool,
) -> (usize, usize) {
    match sides {
        [Some(Json::Object(before)), Some(Json::Object(after))] => {
            let same = |name: &str, value: &Json| after.get(name).is_some_and(|now| json::same(value, now));
            let members = before.iter().map(|(name, value)| (at.member(name), name, value));
            let same: Vec<(Path, &Json)> = members
                .filter(|(path, name, value)| same(name, value) && stays(path))
                .map(|(path, _, value)| (path, value))
                .collect();
            let at_default = same.iter().filter(|(path, value)| catalogue.is_default(path, value)).count();
            (same.len(), at_default)
        }
        [Some(Json::Array(before)), Some(Json::Array(after))] => {
            (before.iter().filter(|old| after.iter().any(|new| json::same(old, new))).count(), 0)
        }
        _ => (0, 0),
    }
}
