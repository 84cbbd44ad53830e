//! What the MFA document repeats of the pool: copies of its settings, which may follow a change of the
//! pool or stay.
//!
//! The pool's setting is the one that counts. A call that sends the MFA document hands the copies over too,
//! and may thereby write the pool's: so they are sent as the pool is to be in the end. Then no order of
//! calls makes a copy anything but what it was or what the pool is to be.

use super::{Change, Form, place};
use crate::catalogue::Catalogue;
use crate::document::{Json, Object, Path, Seg, Snapshot, json};

/// What a plan makes of a pool up to one of its calls, as verification needs it.
pub(super) struct Stage<'a> {
    /// The documents before the first call.
    pub(super) base: &'a Snapshot,
    /// The pool's document after the last call.
    pub(super) goal: &'a Object,
    /// Whether a call of the plan sends the MFA document.
    pub(super) sends_mfa: bool,
}

/// Takes the copies out of both MFA documents, and answers with those of `after` that are wrong.
///
/// A copy may have followed the pool or kept its old value, member by member: neither says anything. A
/// third value does. The pool may have taken over what a call handed over as its copy: then `target` has
/// that too.
pub(super) fn settle(
    catalogue: &Catalogue,
    stage: &Stage<'_>,
    target: &mut Snapshot,
    after: &mut Snapshot,
) -> Vec<Change> {
    let (Some(old), Some(expected), Some(read)) = (&stage.base.mfa, &mut target.mfa, &mut after.mfa) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for (mirror, truth) in catalogue.mfa_mirrors() {
        let truth = place::in_pool(truth);
        let was = json::get(old, mirror).cloned();
        let sent = json::remove(expected, mirror);
        let handed_over = match json::get(&target.pool, &truth) {
            None if stage.sends_mfa => sent.clone(),
            None => None,
            Some(_) => json::get(stage.goal, &truth).cloned(),
        };
        take_over(&mut target.pool, &truth, handed_over.as_ref(), json::get(&after.pool, &truth));
        let sides = [was, sent, json::get(&after.pool, &truth).cloned()];
        let Some(actual) = json::remove(read, mirror) else { continue };
        for at in leaves(&[Some(&actual), sides[2].as_ref()]) {
            let value = |side: Option<&Json>| side.and_then(|side| inner(side, &at)).cloned();
            let actual = value(Some(&actual));
            if sides.iter().any(|side| same(value(side.as_ref()).as_ref(), actual.as_ref())) {
                continue;
            }
            let path = within(mirror, &at);
            wrong.push(Change {
                sensitive: catalogue.is_sensitive(&path),
                before: value(sides[2].as_ref()),
                after: actual,
                form: Form::Value,
                origin: None,
                template: None,
                direction: None,
                path,
            });
        }
    }
    wrong
}

/// Gives the pool the members at `truth` that it was read with and that were handed over so.
fn take_over(pool: &mut Object, truth: &Path, handed_over: Option<&Json>, read: Option<&Json>) {
    let expected = json::get(pool, truth).cloned();
    for at in leaves(&[handed_over, read, expected.as_ref()]) {
        let [handed_over, read] = [handed_over, read].map(|side| side.and_then(|side| inner(side, &at)));
        match read {
            _ if !same(handed_over, read) => {}
            Some(value) => json::set(pool, &within(truth, &at), value.clone()),
            None => drop(json::remove(pool, &within(truth, &at))),
        }
    }
}

/// Lets the MFA document repeat the pool where it has room for that.
pub(super) fn follow(catalogue: &Catalogue, now: &mut Snapshot) {
    let Some(mfa) = &mut now.mfa else { return };
    for (mirror, truth) in catalogue.mfa_mirrors() {
        match json::get(&now.pool, &place::in_pool(truth)) {
            Some(value) if has_room(mfa, mirror) => copy(catalogue, mfa, mirror, value),
            _ => {}
        }
    }
}

/// Makes the copies what a call hands over that leads a pool from `live` to `goal`: what the pool is to have
/// in the end; a copy of something that the pool has at neither end stays. The mode is no copy here: the
/// call itself sets it.
pub(super) fn hand_over(catalogue: &Catalogue, live: &Object, goal: &Object, mfa: &mut Object) {
    for (mirror, truth) in copies(catalogue) {
        let truth = place::in_pool(truth);
        match json::get(goal, &truth) {
            _ if !has_room(mfa, mirror) => {}
            Some(value) => copy(catalogue, mfa, mirror, value),
            None if json::get(live, &truth).is_some() => drop(json::remove(mfa, mirror)),
            None => {}
        }
    }
}

/// Whether an MFA document that is sent to a pool hands over what the pool has not got yet.
pub(super) fn is_ahead(catalogue: &Catalogue, now: &Object, goal: &Object, mfa: &Object) -> bool {
    let mut copies = copies(catalogue).filter(|(mirror, _)| has_room(mfa, mirror));
    copies.any(|(_, truth)| {
        let truth = place::in_pool(truth);
        !same(json::get(now, &truth), json::get(goal, &truth))
    })
}

/// The mirrors that a call hands over beside the mode, each with the setting that it repeats.
fn copies(catalogue: &Catalogue) -> impl Iterator<Item = (&'static Path, &'static Path)> {
    catalogue.mfa_mirrors().filter(|(mirror, _)| mirror.segs().len() > 1)
}

/// Whether the structure around a mirror is there.
fn has_room(mfa: &Object, mirror: &Path) -> bool {
    mirror
        .parent()
        .is_some_and(|outer| outer.is_root() || json::get(mfa, &outer).is_some_and(Json::is_object))
}

fn copy(catalogue: &Catalogue, mfa: &mut Object, mirror: &Path, value: &Json) {
    let mut value = value.clone();
    if let Some(old) = json::get(mfa, mirror) {
        keep_unknown(catalogue, mirror, old, &mut value);
    }
    json::set(mfa, mirror, value);
}

fn same(a: Option<&Json>, b: Option<&Json>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => json::same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn within(outer: &Path, inner: &[Seg]) -> Path {
    inner.iter().fold(outer.clone(), |path, seg| path.join(seg.clone()))
}

/// Keeps what the model does not know of a repetition, where the pool says nothing of it.
fn keep_unknown(catalogue: &Catalogue, at: &Path, old: &Json, new: &mut Json) {
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

/// The places of all innermost members of these values.
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
