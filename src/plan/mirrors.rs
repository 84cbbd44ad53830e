//! Copies of pool settings in the MFA document, which may follow a change of the pool or stay.
//!
//! The pool's setting counts. A call with the MFA document also sends the copies, and may write the pool's settings
//! with them, so the copies are sent with the pool's final values. Then a copy has either its old value or the
//! pool's final value, whatever the order of calls.

use super::{Change, Difference, Form};
use crate::catalogue::Catalogue;
use crate::document::{Document, Json, Path, Seg, Snapshot, json};

/// The state of a plan at one of its calls, for verification.
pub(super) struct Stage<'a> {
    /// The documents before the first call.
    pub(super) base: &'a Snapshot,
    /// The pool's document after the last call.
    pub(super) goal: &'a Document,
    /// Whether a call of the plan sends the MFA document.
    pub(super) sends_mfa: bool,
}

/// Removes the copies from both MFA documents, and returns the copies of `after` that are wrong.
///
/// Each member of a copy may follow the pool or keep its old value; a third value is wrong. If the pool took over
/// the value of a sent copy, `target` gets that value too.
pub(super) fn settle(
    catalogue: &Catalogue,
    stage: &Stage<'_>,
    target: &mut Snapshot,
    after: &mut Snapshot,
) -> Vec<Change> {
    let Some(old) = stage.base.mfa().filter(|_| target.mfa().is_some() && after.mfa().is_some()) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for (mirror, truth) in catalogue.mfa_mirrors() {
        let was = old.at(mirror).cloned();
        let sent = target.mfa_mut().and_then(|mfa| mfa.remove(mirror));
        let handed_over = match target.pool().at(truth) {
            None if stage.sends_mfa => sent.clone(),
            None => None,
            Some(_) => stage.goal.at(truth).cloned(),
        };
        take_over(target.pool_mut(), truth, handed_over.as_ref(), after.pool().at(truth));
        let sides = [was, sent, after.pool().at(truth).cloned()];
        let Some(actual) = after.mfa_mut().and_then(|mfa| mfa.remove(mirror)) else { continue };
        for at in leaves(&[Some(&actual), sides[2].as_ref()]) {
            let value = |side: Option<&Json>| side.and_then(|side| inner(side, &at)).cloned();
            let actual = value(Some(&actual));
            if sides.iter().any(|side| same(value(side.as_ref()).as_ref(), actual.as_ref())) {
                continue;
            }
            let path = mirror.extended(&at);
            let (sensitive, before) = (catalogue.is_sensitive(&path), value(sides[2].as_ref()));
            let wrongly = Difference { path, before, after: actual, form: Form::Value };
            wrong.push(Change { sensitive, ..wrongly.into() });
        }
    }
    wrong
}

/// Gives the pool the members at `truth` that were sent as a copy and read back.
fn take_over(pool: &mut Document, truth: &Path, handed_over: Option<&Json>, read: Option<&Json>) {
    let expected = pool.at(truth).cloned();
    for at in leaves(&[handed_over, read, expected.as_ref()]) {
        let [handed_over, read] = [handed_over, read].map(|side| side.and_then(|side| inner(side, &at)));
        match read {
            _ if !same(handed_over, read) => {}
            Some(value) => pool.set(&truth.extended(&at), value.clone()),
            None => drop(pool.remove(&truth.extended(&at))),
        }
    }
}

/// Updates the copies in the MFA document from the pool, if the structures around them exist.
pub(super) fn follow(catalogue: &Catalogue, now: &mut Snapshot) {
    let pool = now.pool().clone();
    let Some(mfa) = now.mfa_mut() else { return };
    for (mirror, truth) in catalogue.mfa_mirrors() {
        match pool.at(truth) {
            Some(value) if has_room(mfa, mirror) => copy(catalogue, mfa, mirror, value),
            _ => {}
        }
    }
}

/// Sets the copies to the pool's final values for a call on the way from `live` to `goal`. A copy of a setting that
/// the pool has at neither end stays. The mode does not count as a copy, since the call itself sets it.
pub(super) fn hand_over(catalogue: &Catalogue, live: &Document, goal: &Document, mfa: &mut Document) {
    for (mirror, truth) in copies(catalogue) {
        match goal.at(truth) {
            _ if !has_room(mfa, mirror) => {}
            Some(value) => copy(catalogue, mfa, mirror, value),
            None if live.at(truth).is_some() => drop(mfa.remove(mirror)),
            None => {}
        }
    }
}

/// Whether a sent MFA document contains values that the pool does not have yet.
pub(super) fn is_ahead(catalogue: &Catalogue, now: &Document, goal: &Document, mfa: &Document) -> bool {
    let mut copies = copies(catalogue).filter(|(mirror, _)| has_room(mfa, mirror));
    copies.any(|(_, truth)| !same(now.at(truth), goal.at(truth)))
}

/// The copies that a call sends in addition to the mode, each with its setting.
fn copies(catalogue: &Catalogue) -> impl Iterator<Item = (&'static Path, &'static Path)> {
    catalogue.mfa_mirrors().filter(|(mirror, _)| mirror.segs().len() > 1)
}

/// Whether the structure around a copy exists.
fn has_room(mfa: &Document, mirror: &Path) -> bool {
    mirror.parent().is_some_and(|outer| outer.is_root() || mfa.at(&outer).is_some_and(Json::is_object))
}

fn copy(catalogue: &Catalogue, mfa: &mut Document, mirror: &Path, value: &Json) {
    let mut value = value.clone();
    if let Some(old) = mfa.at(mirror) {
        keep_unknown(catalogue, mirror, old, &mut value);
    }
    mfa.set(mirror, value);
}

fn same(a: Option<&Json>, b: Option<&Json>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => json::same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// Keeps the unknown members of an old value that a new one lacks.
pub(super) fn keep_unknown(catalogue: &Catalogue, at: &Path, old: &Json, new: &mut Json) {
    let (Json::Object(old), Json::Object(new)) = (old, new) else { return };
    for (name, value) in old {
        let inner = at.member(name);
        match new.get_mut(name) {
            Some(new) => keep_unknown(catalogue, &inner, value, new),
            None if catalogue.member(&inner).is_none() => drop(new.insert(name.clone(), value.clone())),
            None => {}
        }
    }
}

/// The paths of all innermost members of these values.
fn leaves(values: &[Option<&Json>]) -> Vec<Vec<Seg>> {
    fn visit(at: &mut Vec<Seg>, value: &Json, out: &mut Vec<Vec<Seg>>) {
        match value {
            Json::Object(members) if !members.is_empty() => {
                for (name, value) in members {
                    at.push(Seg::Member(name.as_str().into()));
                    visit(at, value, out);
                    at.pop();
                }
            }
            _ if out.contains(at) => {}
            _ => out.push(at.clone()),
        }
    }
    let mut out = Vec::new();
    values.iter().flatten().for_each(|value| visit(&mut Vec::new(), value, &mut out));
    out
}

fn inner<'a>(value: &'a Json, at: &[Seg]) -> Option<&'a Json> {
    at.iter().try_fold(value, |value, seg| match seg {
        Seg::Member(name) => value.get(&**name),
        Seg::Item(_) | Seg::Index(_) => None,
    })
}
