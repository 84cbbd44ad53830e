//! The wants that undo an earlier run.

use super::diff;
use crate::catalogue::Catalogue;
use crate::document::{Object, Path, Snapshot, json};
use crate::rules::{Desired, Want};

/// How much of an earlier state is to come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scope<'a> {
    /// What that run changed.
    Run(&'a [Path]),
    /// Every setting.
    Whole,
}

/// What makes a pool that is now `now` what it was in `before`.
///
/// A member that was absent is wanted at Cognito's default; where a whole structure was absent, the
/// structure is, since an empty one may mean something else than none.
pub fn inverse(
    catalogue: &Catalogue,
    frame: Desired,
    now: &Snapshot,
    before: &Snapshot,
    scope: Scope<'_>,
) -> Desired {
    let pool = |snapshot: &Snapshot| catalogue.canonical(&Snapshot::of_pool(snapshot.pool.clone()));
    let (was, is) = (pool(before), pool(now));
    let mut paths: Vec<Path> = match scope {
        Scope::Run(paths) => paths.to_vec(),
        Scope::Whole => diff(catalogue, &is, &was).into_iter().map(|change| change.path).collect(),
    };
    paths.retain(|path| path.head().is_some_and(|name| catalogue.is_sendable(name)));
    let mut wants: Vec<Want> = Vec::new();
    for path in paths {
        let path = absent_at(&was, &path.written_at());
        if !wants.iter().any(|want| path.is_within(&want.path)) {
            wants.retain(|want| !want.path.is_within(&path));
            wants.push(Want { value: json::get(&was, &path).cloned(), path, origin: None });
        }
    }
    Desired { wants, ..frame }
}

/// The outermost structure on the way to `path` that `was` does not have, else `path` itself.
fn absent_at(was: &Object, path: &Path) -> Path {
    let lengths = 1..=path.segs().len();
    let absent = |outer: &Path| json::get(was, outer).is_none();
    lengths.map(|len| path.prefix(len)).find(absent).unwrap_or_else(|| path.clone())
}
