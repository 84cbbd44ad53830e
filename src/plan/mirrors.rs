//! What the MFA document repeats of the pool.

use super::{Change, Form, place};
use crate::catalogue::Catalogue;
use crate::document::{Json, Path, Seg, Snapshot, json};

/// Takes what the MFA documents repeat out of both, and answers with what `after` repeats wrongly.
///
/// After a change a repetition may follow, or keep its old value, member by member: neither says
/// anything. A third value does.
pub(super) fn settle(
    catalogue: &Catalogue,
    base: &Snapshot,
    target: &mut Snapshot,
    after: &mut Snapshot,
) -> Vec<Change> {
    let (Some(old), Some(expected), Some(read)) = (&base.mfa, &mut target.mfa, &mut after.mfa) else {
        return Vec::new();
    };
    let mut wrong = Vec::new();
    for (mirror, truth) in catalogue.mfa_mirrors() {
        let truth = place::in_pool(truth);
        let was = json::get(old, mirror).cloned();
        let sides = [was, json::remove(expected, mirror), json::get(&after.pool, &truth).cloned()];
        let Some(actual) = json::remove(read, mirror) else { continue };
        for at in leaves(&[Some(&actual), sides[2].as_ref()]) {
            let value = |side: Option<&Json>| side.and_then(|side| inner(side, &at)).cloned();
            let actual = value(Some(&actual));
            let same = |side: &Option<Json>| match (value(side.as_ref()), &actual) {
                (Some(a), Some(b)) => json::same(&a, b),
                (a, b) => a.is_none() && b.is_none(),
            };
            if sides.iter().any(same) {
                continue;
            }
            let path = at.iter().fold(mirror.clone(), |path, seg| path.join(seg.clone()));
            wrong.push(Change {
                sensitive: catalogue.is_sensitive(&path),
                before: value(sides[2].as_ref()),
                after: actual,
                form: Form::Value,
                origin: None,
                direction: None,
                path,
            });
        }
    }
    wrong
}

/// Lets the MFA document repeat the pool where it has room for that.
pub(super) fn follow(catalogue: &Catalogue, now: &mut Snapshot) {
    let Some(mfa) = &mut now.mfa else { return };
    for (mirror, truth) in catalogue.mfa_mirrors() {
        let room = mirror.parent().is_some_and(|outer| outer.is_root() || json::get(mfa, &outer).is_some());
        if let (true, Some(value)) = (room, json::get(&now.pool, truth)) {
            let mut value = value.clone();
            if let Some(old) = json::get(mfa, mirror) {
                keep_unknown(catalogue, mirror, old, &mut value);
            }
            json::set(mfa, mirror, value);
        }
    }
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
