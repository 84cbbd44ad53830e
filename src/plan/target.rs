//! The target: the live document with the declared edits. It stays raw, so that everything else is unchanged.

use std::collections::BTreeSet;

use time::Date;

use super::finding::{Finding, Level};
use super::mirrors;
use crate::catalogue::{
    Catalogue, DocumentPlace, Empty, MFA_DOCUMENT, MFA_MODE, RESOURCES, Removal, Sent, calls,
};
use crate::document::{Document, FastSet, Json, Object, Path, Seg, Snapshot};
use crate::rules::{Desired, Want};
use crate::shapes::ShapeKind;

/// The target, and the findings on the way to it.
pub(super) struct Target {
    pub(super) snapshot: Snapshot,
    /// The live documents as [`Catalogue::canonical_of_all`] has them.
    pub(super) canonical: Document,
    pub(super) findings: Vec<Finding>,
    /// The path of each declared setting, in their order.
    pub(super) addresses: Vec<Path>,
    /// Settings that the calls may change although they are not declared. It has not been measured whether they do.
    pub(super) implied: Vec<Path>,
}

/// The edit of a declared setting.
enum Edit {
    Set(Json),
    Remove,
}

/// Writes the declared values to the live document. Values that are already as declared stay verbatim.
pub(super) fn target(catalogue: &Catalogue, live: &Snapshot, desired: &Desired, today: Date) -> Target {
    let canonical = catalogue.canonical_of_all(live);
    let address = |want| address(catalogue, &canonical, desired, want);
    let addresses: Vec<Path> = desired.wants.iter().map(address).collect();
    let mut patch = Patch {
        catalogue,
        region: &desired.region,
        canonical: &canonical,
        snapshot: live.clone(),
        findings: Vec::new(),
        touched: BTreeSet::new(),
        made: FastSet::default(),
        unbound: FastSet::default(),
        hidden: hidden(catalogue, desired),
    };
    patch.pool(desired);
    patch.entries(desired, today);
    for (want, at) in desired.wants.iter().zip(&addresses).filter(|(want, _)| desired.takes(&want.path)) {
        patch.apply(want, at);
    }
    patch.fill_new_pool(&addresses);
    patch.declared_defaults(desired, &addresses);
    patch.spell_out();
    let set_again = patch.drop_replaced(desired, &addresses);
    patch.add_hidden(live, desired, &addresses);
    patch.keep_named(live, desired);
    patch.leave_orphans(live, desired);
    patch.drop_lonely(live, desired, &addresses);
    patch.keep_added(live, desired, &addresses);
    patch.keep_aliases_in_step();
    patch.keep_mirrors_in_step(live);
    patch.required_members(desired, &addresses);
    let mut implied = patch.settle_factors(live, desired);
    implied.extend(set_again);
    let Patch { snapshot, findings, .. } = patch;
    Target { snapshot, canonical, findings, addresses, implied }
}

/// The declared values that no read has, of documents with labels.
pub(super) fn hidden<'a>(catalogue: &Catalogue, desired: &'a Desired) -> Vec<&'a Want> {
    let is_hidden = |want: &&Want| want.value.is_some() && catalogue.is_hidden(&want.path);
    desired.wants.iter().filter(is_hidden).collect()
}

/// The value that a read shows at this path because of declared values that no read has; `None` if none of these values
/// decides it.
pub(super) fn shown_by_hidden(catalogue: &Catalogue, hidden: &[&Want], at: &Path) -> Option<Json> {
    if hidden.is_empty() {
        return None;
    }
    let place = catalogue.locate(at);
    let root = place.resource.root_of(&place.document);
    let [Seg::Member(name)] = place.path.segs() else { return None };
    let hidden = hidden.iter().filter(|want| want.path.is_within(&root));
    let member = |want: &&Want| match want.path.segs().last() {
        Some(Seg::Member(name)) => Some((name.to_string(), want.value.clone()?)),
        _ => None,
    };
    let members: Object = hidden.filter_map(member).collect();
    if members.is_empty() || members.contains_key(&**name) {
        return None;
    }
    place.resource.observed(members).get(name).cloned()
}

/// The path of a declared setting in the documents. For a legacy member, that is its successor's path, if the pool
/// has or gets the structure around the successor.
fn address(catalogue: &Catalogue, canonical: &Document, desired: &Desired, want: &Want) -> Path {
    // What the model does not know belongs to the document that has it.
    let head = want.path.head().unwrap_or_default();
    if catalogue.spot(head).field().is_none()
        && canonical.get(head).is_none()
        && canonical.get(MFA_DOCUMENT).is_some_and(|apart| apart.get(head).is_some())
    {
        return Path::members([MFA_DOCUMENT]).extended(want.path.segs());
    }
    let Some(alias) = catalogue.aliases().iter().find(|alias| *alias.paths().0 == want.path) else {
        return want.path.clone();
    };
    let (_, truth) = alias.paths();
    let Some(parent) = truth.parent() else { return want.path.clone() };
    // A backup wants both names back where the pool had both.
    let comes = |other: &Want| other.value.is_some() && truth.is_within(&other.path);
    if want.origin.is_none() && alias.send == Sent::Both && desired.wants.iter().any(comes) {
        return want.path.clone();
    }
    let wanted = desired.wants.iter().any(|other| other.value.is_some() && other.path.overlaps(&parent));
    let goes = desired.wants.iter().any(|other| {
        let leaves = other.value.is_none() && catalogue.removal(&other.path) == Removal::Omit;
        leaves && truth.is_within(&other.path)
    });
    let live = canonical.at(&parent).is_some_and(Json::is_object) && !goes;
    match (live || wanted || alias.creates, &want.value, alias.send) {
        (false, ..) => want.path.clone(),
        // A trigger that goes takes its version with it.
        (true, None, Sent::Both) => parent,
        (true, ..) => truth.clone(),
    }
}

/// The live value at `at`, canonical, under whichever of its names the pool has it.
fn live_value<'a>(catalogue: &Catalogue, canonical: &'a Document, at: &Path) -> Option<&'a Json> {
    let mut aliases = catalogue.aliases().iter().map(|alias| alias.paths());
    let legacy = aliases.find(|(_, truth)| *truth == at).map(|(legacy, _)| legacy);
    canonical.at(at).or_else(|| canonical.at(legacy?))
}

pub(super) struct Patch<'a> {
    pub(super) catalogue: &'a Catalogue,
    /// The pool's own Region.
    region: &'a str,
    /// The live document in canonical form.
    pub(super) canonical: &'a Document,
    pub(super) snapshot: Snapshot,
    pub(super) findings: Vec<Finding>,
    /// The paths that were written.
    pub(super) touched: BTreeSet<Path>,
    /// The documents that are made.
    pub(super) made: FastSet<Path>,
    /// The documents that a label cannot be given to.
    pub(super) unbound: FastSet<Path>,
    /// The declared values that no read has.
    hidden: Vec<&'a Want>,
}

impl Patch<'_> {
    fn apply(&mut self, want: &Want, at: &Path) {
        if !self.unbound.is_empty() && self.is_unbound(at) {
            return;
        }
        if want.origin.is_some()
            && let Some(help) = self.not_wanted_there(at)
        {
            let text = format!("`{at}` cannot be declared under this name");
            let finding = Finding::new(Level::Conflict, "no-call", at, text);
            return self.findings.push(finding.help(help).origin(want.origin.as_ref()));
        }
        if let Some(finding) = self.undecided_elements(want, at) {
            return self.findings.push(finding);
        }
        let live = live_value(self.catalogue, self.canonical, at);
        let edit = match self.edit(want, at) {
            Ok(edit) => edit,
            Err(reason) => return self.impossible(want, at, live, reason),
        };
        let empty = want.empty(self.catalogue.setting(at).as_ref());
        let wanted = match &edit {
            Edit::Set(value) => Some(self.observed(at, self.catalogue.canonical_value(at, value))),
            Edit::Remove => None,
        };
        let ensured = matches!(empty, Some(Empty::Ensure(_))) && live.is_some();
        let gone = matches!(edit, Edit::Remove) && self.has_legacy_alone(at);
        let appears = wanted.is_some() && self.makes_present(at);
        let row = self.catalogue.setting(at).and_then(|field| field.row);
        if row.is_some_and(|row| row.hidden) && !self.is_new(at) || self.comes_back(want, at) {
            return;
        }
        // A new document gets what is declared, also if that is a default.
        let is_new = self.is_new(at);
        let is_sent = is_new && wanted.is_some();
        if ensured || !gone && !appears && !is_sent && self.catalogue.equal(at, live, wanted.as_ref()) {
            return;
        }
        match self.catalogue.owner(at) {
            _ if is_new => {}
            Some(call) if call == &calls::ADD_CUSTOM_ATTRIBUTES => {
                return self.attributes(want, at, wanted.as_ref());
            }
            Some(_) => {}
            None => return self.immutable(want, at, live, wanted.as_ref()),
        }
        if let Some(meaning) = row.and_then(|row| row.means_if_empty) {
            self.note_empty_list(want, at, (live, wanted.as_ref()), meaning);
        }
        if let Some(Empty::Ensure(meaning) | Empty::Clear(meaning)) = empty {
            self.note(want, at, format!("`{at}: {{}}` means: {meaning}"));
        }
        self.write(at, edit);
    }

    /// Says what a list means that is empty before or after a change from one value to another.
    fn note_empty_list(
        &mut self,
        want: &Want,
        at: &Path,
        (live, wanted): (Option<&Json>, Option<&Json>),
        meaning: &str,
    ) {
        let is_empty = |value: &Json| value.as_array().is_some_and(Vec::is_empty);
        let exists = at.parent().is_some_and(|around| self.canonical.at(&around).is_some());
        if wanted.is_some_and(is_empty) {
            self.note(want, at, format!("`{at}: []` means: {meaning}"));
        } else if exists && live.is_none_or(is_empty) {
            let text = format!("`{at}` is empty now, which means: {meaning}. The list replaces these");
            self.note(want, at, text);
        }
    }

    fn note(&mut self, want: &Want, at: &Path, text: String) {
        let note = Finding::new(Level::Note, "empty-value", at, text);
        self.findings.push(note.origin(want.origin.as_ref()));
    }

    /// What a read shows for a declared value of a document that exists: with it, a value that no read has may be
    /// declared.
    fn observed(&self, at: &Path, value: Json) -> Json {
        let shown = || shown_by_hidden(self.catalogue, &self.hidden, at);
        if self.is_new(at) { value } else { shown().unwrap_or(value) }
    }

    /// The name of a declared member, other than the one at `at`, that no read has.
    pub(super) fn hidden_beside(&self, at: &Path) -> Option<String> {
        let root = self.catalogue.document_root(at);
        let hidden = self.hidden.iter().find(|want| want.path.is_within(&root))?;
        match hidden.path.segs().last()? {
            Seg::Member(name) => Some(name.to_string()),
            Seg::Item(_) | Seg::Index(_) => None,
        }
    }

    /// Takes members that requests cannot carry out of the documents that change, so the plan shows what goes. A declared
    /// one stays: a rule refuses it where the plan changes it, and a conflict elsewhere.
    fn drop_lonely(&mut self, live: &Snapshot, desired: &Desired, addresses: &[Path]) {
        for resource in RESOURCES.into_iter().filter(|resource| !resource.repairs.is_empty()) {
            for id in resource.documents_in(&self.snapshot) {
                let Some(document) =
                    self.snapshot.document(&id).filter(|own| live.document(&id) != Some(*own))
                else {
                    continue;
                };
                let root = resource.root_of(&id);
                let lonely: Vec<_> = resource.lonely(document).collect();
                for (member, beside) in lonely {
                    let at = root.extended(member.segs());
                    let mut declared = desired.wants.iter().zip(addresses);
                    let declared = declared.find(|(want, path)| **path == at && want.value.is_some());
                    match declared {
                        _ if self.touched.contains(&at) => {}
                        Some((want, _)) => self.findings.push(lonely_member(want, &at, &root, beside)),
                        None => drop(self.snapshot.document_mut(id.clone()).remove(member)),
                    }
                }
            }
        }
    }

    /// The edit of a declared setting, or the reason why there is none.
    fn edit(&self, want: &Want, at: &Path) -> Result<Edit, &'static str> {
        if let (Some(has), Some(lacks)) = (&want.value, &want.lacks) {
            return Ok(Edit::Set(self.with_elements(at, has, lacks)));
        }
        match (&want.value, self.catalogue.removal(at)) {
            (Some(value), _) => {
                let live = self.catalogue.value(&self.snapshot, at);
                Ok(Edit::Set(self.with_unknown_members(at, live, value.clone())))
            }
            (None, Removal::Send(value)) => Ok(Edit::Set(crate::catalogue::literal(value))),
            (None, Removal::SendRegion) => Ok(Edit::Set(Json::from(self.region))),
            (None, Removal::Omit) => Ok(Edit::Remove),
            (None, Removal::Impossible(reason)) => Err(reason),
        }
    }

    /// The remedy for a declared member of the MFA document that is a setting, or a copy of one.
    fn not_wanted_there(&self, at: &Path) -> Option<String> {
        let place = self.catalogue.locate(at).path;
        if at.head() == Some(MFA_DOCUMENT) {
            let Some(head) = place.head() else {
                return Some("declare a member of the MFA document".to_owned());
            };
            let is_known = head == MFA_MODE || self.catalogue.settings_of_mfa().any(|name| name == head);
            return is_known.then(|| format!("declare `{place}` under `settings`"));
        }
        let mut mirrors = self.catalogue.mfa_mirrors().filter(|(mirror, _)| mirror.segs().len() > 1);
        let truth = mirrors.find(|(mirror, _)| at.is_within(mirror)).map(|(_, truth)| truth);
        truth.map(|truth| format!("declare `{truth}` under `settings`"))
    }

    /// Whether a value at `at` makes a structure present that the pool lacks and whose presence switches
    /// something on: then a default is not what its absence is.
    fn makes_present(&self, at: &Path) -> bool {
        (1..at.segs().len()).map(|len| at.prefix(len)).any(|outer| {
            let row = self.catalogue.setting(&outer).and_then(|field| field.row);
            row.is_some_and(|row| matches!(row.empty, Some(Empty::Ensure(_))))
                && self.canonical.at(&outer).is_none_or(Json::is_null)
        })
    }

    /// Whether the setting at `at` is live only under its legacy name, where a removal must find it.
    fn has_legacy_alone(&self, at: &Path) -> bool {
        self.catalogue.aliases().iter().any(|alias| {
            let (legacy, truth) = alias.paths();
            let live = |path: &Path| self.snapshot.pool().at(path).is_some();
            truth.is_within(at) && live(legacy) && !live(truth)
        })
    }

    fn write(&mut self, at: &Path, edit: Edit) {
        self.touched.insert(at.clone());
        match edit {
            Edit::Set(value) => self.catalogue.set(&mut self.snapshot, at, value),
            Edit::Remove => self.catalogue.remove(&mut self.snapshot, at),
        }
    }

    /// The elements of a keyed list as wanted, each with what the live one has and the model does
    /// not know.
    fn with_unknown_members(&self, at: &Path, live: Option<&Json>, mut value: Json) -> Json {
        let key = self.catalogue.setting(at).and_then(|field| field.key_member());
        let Some(live) = live.and_then(Json::as_array) else { return value };
        if self.keep_besides(at, live, &mut value) {
            return value;
        }
        let Some(key) = key else { return value };
        let inner = at.join(Seg::Index(0));
        for element in value.as_array_mut().into_iter().flatten() {
            let same = live.iter().find(|live| live.get(key).is_some() && live.get(key) == element.get(key));
            if let Some(same) = same {
                mirrors::keep_unknown(self.catalogue, &inner, same, element);
            }
        }
        value
    }

    /// A declared value that the pool has by absence or by a legacy name is written where its structure is
    /// written anyway: the structure may not do without it, or the service may find another value for it.
    fn declared_defaults(&mut self, desired: &Desired, addresses: &[Path]) {
        let selected = desired.wants.iter().zip(addresses).filter(|(want, _)| desired.takes(&want.path));
        for (want, at) in selected {
            let Some(around) = at.parent().filter(|around| !around.is_root()) else { continue };
            // What lies within a path follows it.
            let mut inside =
                self.touched.range::<Path, _>(&around..).take_while(|path| path.is_within(&around));
            let beside = inside.any(|path| path != at);
            if !beside || self.catalogue.value(&self.snapshot, at).is_some() {
                continue;
            }
            if let Ok(Edit::Set(value)) = self.edit(want, at) {
                self.touched.insert(at.clone());
                self.catalogue.set(&mut self.snapshot, at, value);
            }
        }
    }

    /// Spells out the settings that the service would fill in with another effect than they have, in each structure that is
    /// written: so a structure in part switches nothing on, and the plan shows the value.
    fn spell_out(&mut self) {
        for (at, unset, filled) in Catalogue::contrary_fills() {
            let Some(around) = at.parent() else { continue };
            let is_written =
                self.touched.range::<Path, _>(&around..).next().is_some_and(|path| path.is_within(&around));
            let stands = self.catalogue.value(&self.snapshot, &around).is_some_and(Json::is_object);
            if !is_written || !stands || self.catalogue.value(&self.snapshot, at).is_some() {
                continue;
            }
            let live = self.canonical.at(&around).and_then(Json::as_object);
            let value = if live.is_some_and(|live| !live.is_empty()) { filled } else { unset };
            self.touched.insert(at.clone());
            self.catalogue.set(&mut self.snapshot, at, value);
        }
    }

    /// Gives a legacy member the new value of the member that replaced it, as the service does.
    fn keep_aliases_in_step(&mut self) {
        for alias in self.catalogue.aliases() {
            let (legacy, truth) = alias.paths();
            let changed = self.touched.iter().any(|path| path.overlaps(truth) && !path.overlaps(legacy));
            if !changed || self.touched.contains(legacy) || self.snapshot.pool().at(legacy).is_none() {
                continue;
            }
            match self.snapshot.pool().at(truth).cloned() {
                Some(value) => self.snapshot.pool_mut().set(legacy, value),
                None => drop(self.snapshot.pool_mut().remove(legacy)),
            }
        }
    }

    /// Gives the MFA document's copies the values that a call hands over, and its mode the pool's, where the
    /// two agreed, or the pool had none, or a call makes them agree.
    fn keep_mirrors_in_step(&mut self, live: &Snapshot) {
        let sends_mfa = self.sends_mfa();
        let pool = self.snapshot.pool().clone();
        let (Some(before), Some(mfa)) = (live.mfa(), self.snapshot.mfa_mut()) else { return };
        mirrors::hand_over(self.catalogue, live.pool(), &pool, mfa);
        let [old, new] = [live.pool(), &pool].map(|pool| pool.get(MFA_MODE));
        let is_to_agree = sends_mfa || old != new && (old.is_none() || before.get(MFA_MODE) == old);
        match new {
            Some(mode) if is_to_agree => mfa.insert(MFA_MODE, mode.clone()),
            None if is_to_agree && old.is_some() => mfa.retain(|name, _| name != MFA_MODE),
            _ => {}
        }
    }

    /// Whether something was written that only a call which sends the MFA document brings about.
    fn sends_mfa(&self) -> bool {
        self.touched.iter().any(|at| self.catalogue.owner(at) == Some(&calls::SET_USER_POOL_MFA_CONFIG))
    }

    /// While MFA is off its factors cannot be sent, and go; while it is on, SMS is one of them if the
    /// pool has a sender and the MFA document is sent: without the one the other may get lost.
    ///
    /// The answer names what changes by that alone.
    fn settle_factors(&mut self, live: &Snapshot, desired: &Desired) -> Vec<Path> {
        let factor = Catalogue::factor_with_sender();
        let sms = Path::members([factor]);
        let wanted = |at: &Path| desired.wants.iter().find(|want| want.path.overlaps(at));
        let off = self.catalogue.is_mfa_off(&self.snapshot);
        let brought = self.sends_mfa() || !Catalogue::has_sender(live.pool());
        let has_sender = Catalogue::has_sender(self.snapshot.pool());
        let Some(mfa) = self.snapshot.mfa_mut() else { return Vec::new() };
        if off {
            mfa.retain(|name, value| {
                let at = Path::members([name]);
                let asked = || wanted(&at).is_some() && !self.catalogue.is_default(&at, value);
                !Catalogue::factors().any(|factor| factor == name) || asked()
            });
            return Vec::new();
        }
        if !has_sender || !brought || mfa.has(factor) || wanted(&sms).is_some() {
            return Vec::new();
        }
        mfa.insert(factor, Json::Object(Object::new()));
        vec![sms]
    }

    /// A document that is made must hold what the call that makes it demands.
    fn required_of_new(&mut self, desired: &Desired) {
        for entry in desired.entries.iter().filter(|entry| self.made.contains(&entry.path)) {
            let DocumentPlace { resource, document, .. } = self.catalogue.locate(&entry.path);
            let made = self.snapshot.document(&document);
            for needed in self.catalogue.required_of_new(resource) {
                let path = entry.path.member(needed);
                let is_wanted = desired.withheld_paths().any(|secret| secret.is_within(&path));
                if made.is_some_and(|made| made.has(needed)) || is_wanted {
                    continue;
                }
                let text = format!("`{}` does not exist, and cannot be made without `{needed}`", entry.path);
                let finding = Finding::new(Level::Conflict, "required-member", &path, text);
                let null = removal(desired, &path);
                let help = match null {
                    Some(_) => self.value_for(&path),
                    None => format!("declare `{path}`, or correct the name of the entry"),
                };
                let origin = null.map_or(entry.origin.as_ref(), |null| null.origin.as_ref());
                self.findings.push(finding.help(help).origin(origin));
            }
        }
    }

    /// A structure that is written must hold what the service demands of it.
    fn required_members(&mut self, desired: &Desired, addresses: &[Path]) {
        self.required_of_new(desired);
        let mut missing = Vec::new();
        for (want, at) in desired.wants.iter().zip(addresses) {
            if !self.touched.contains(at) {
                continue;
            }
            for len in 1..=at.segs().len() {
                let outer = at.prefix(len);
                let Some(field) = self.catalogue.setting(&outer) else { continue };
                let written = self.catalogue.value(&self.snapshot, &outer);
                let Some(Json::Object(members)) = written else { continue };
                for needed in field.shape.required {
                    let path = outer.member(needed);
                    if field.shape.kind == ShapeKind::Structure
                        && !members.contains_key(*needed)
                        && !missing.contains(&path)
                    {
                        missing.push(path.clone());
                        let finding = self.missing_member(desired, &outer, &path, needed);
                        let origin = finding.origin.clone().or_else(|| want.origin.clone());
                        self.findings.push(finding.origin(origin.as_ref()));
                    }
                }
            }
        }
    }

    /// The conflict of a structure without a member that requests need, at the `null` that removes it if one does.
    fn missing_member(&self, desired: &Desired, outer: &Path, path: &Path, needed: &str) -> Finding {
        let finding = |text| Finding::new(Level::Conflict, "required-member", path, text);
        let Some(null) = removal(desired, path) else {
            let text =
                format!("`{outer}` cannot be sent without `{needed}`, and the pool has no value to keep");
            return finding(text).help(format!("declare `{path}`"));
        };
        let text = format!("`{path}: null` removes the member, and `{outer}` cannot be sent without it");
        finding(text).help(self.value_for(path)).origin(null.origin.as_ref())
    }

    /// What to write in the place of a `null`.
    fn value_for(&self, path: &Path) -> String {
        let allowed = self.catalogue.setting(path).map_or(&[][..], |field| field.shape.allowed);
        match allowed {
            [] => "write a value".to_owned(),
            allowed => format!("write one of the allowed values: {}", allowed.join(", ")),
        }
    }

    fn impossible(&mut self, want: &Want, at: &Path, live: Option<&Json>, reason: &str) {
        if self.catalogue.equal(at, live, None) {
            return;
        }
        let text = format!("`{at}` cannot be removed: {reason}");
        // A restore must not fail for a setting that nothing can restore.
        if want.origin.is_none() {
            let text = format!("{text}; the setting stays as it is");
            return self.findings.push(Finding::new(Level::Warning, "impossible-removal", at, text));
        }
        let finding = Finding::new(Level::Conflict, "impossible-removal", at, text);
        let help = "delete the line to keep the live value, or declare another value".to_owned();
        self.findings.push(finding.help(help).origin(want.origin.as_ref()));
    }
}

/// The `null` that the manifest declares at this path.
fn removal<'a>(desired: &'a Desired, path: &Path) -> Option<&'a Want> {
    let is_null = |want: &&Want| want.path == *path && want.value.is_none() && want.origin.is_some();
    desired.wants.iter().find(is_null)
}

/// The conflict of a declared member that every update of its document loses.
fn lonely_member(want: &Want, at: &Path, root: &Path, beside: &str) -> Finding {
    let text = format!("every update of `{root}` loses `{at}`, because `{beside}` is not set");
    let help = format!("declare `{root}.{beside}` too, or delete the line");
    Finding::new(Level::Conflict, "no-call", at, text).help(help).origin(want.origin.as_ref())
}
