//! A pool as the rules see it: each value is known, absent, or not known.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::truth::Truth;
use crate::catalogue::{Catalogue, Field, RESOURCES, Removal, Resource, literal, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Seg, Snapshot, json};
use crate::manifest::similar;
use crate::rules::{Desired, Want};

/// A pool as far as it is known: the settings of both documents under the names of the requests. Or one of its
/// documents with labels, in the pool that it is in.
#[derive(Clone, Debug)]
pub struct View<'a> {
    catalogue: &'a Catalogue,
    /// The Region that the pool is in.
    region: &'a str,
    /// The account that the pool is in, if it is known.
    account: Option<&'a str>,
    settings: Document,
    known: Known,
    /// The documents of the pool; `None` of a manifest, or of a request.
    pub(super) pool: Option<&'a Snapshot>,
    /// Of a document with a label: its canonical path, and the pool around it. Its settings are those of the document.
    document: Option<(Path, &'a View<'a>)>,
    /// The text that the last condition has found, for the message, and the name of the pool that is like it.
    found: RefCell<(Option<String>, Option<String>)>,
}

/// Which settings are absent, where they have no value, and which are not known.
#[derive(Clone, Debug)]
enum Known {
    /// All but these.
    AllBut(Vec<Path>),
    /// These and what lies in them.
    Only(Vec<Path>),
}

/// What is known of one setting.
pub(super) enum SettingValue<'a> {
    Known(Cow<'a, Json>),
    Absent,
    Unknown,
}

impl<'a> View<'a> {
    /// The pool that these documents describe. What is `left_out` of its requests keeps a value that
    /// they do not tell; so does the MFA document, where it was not read, and a branch that is `left_out`.
    pub fn of_documents(
        catalogue: &'a Catalogue,
        region: &'a str,
        pool: &'a Snapshot,
        left_out: &[Path],
    ) -> Self {
        let mut settings = catalogue.sent_of_pool(pool, left_out);
        let mut unknown = left_out.to_vec();
        match pool.mfa() {
            None => unknown.extend(catalogue.settings_of_mfa().map(|name| Path::members([name]))),
            Some(mfa) => {
                let own = catalogue.settings_of_mfa().filter_map(|name| Some((name, mfa.shared(name)?)));
                own.for_each(|(name, value)| settings.share(name, Arc::clone(value)));
                left_out.iter().for_each(|path| drop(settings.remove(path)));
            }
        }
        for resource in RESOURCES {
            let Some(branch) = resource.branch.filter(|_| !resource.has_labels()) else { continue };
            match pool.document(&resource.document).filter(|_| !left_out.contains(&resource.root())) {
                Some(document) => settings.insert(branch, Json::Object(document.to_object())),
                None => unknown.push(resource.root()),
            }
        }
        let view = Self::plain(catalogue, region, settings, Known::AllBut(unknown));
        Self { account: pool.account(), pool: Some(pool), ..view }
    }

    /// A document with a label of the pool that this is, as its request would have it. What is declared is seen even if
    /// requests leave it out.
    pub fn document(
        &'a self,
        id: &DocumentId,
        left_out: &[Path],
        is_declared: &dyn Fn(&Path) -> bool,
    ) -> Option<Self> {
        let root = self.catalogue.root_of(id);
        let resource = self.catalogue.resource(&root);
        let mut settings = self.pool?.document(id)?.clone();
        resource.repair(&mut settings, &|drops| !is_declared(&root.extended(path(drops).segs())));
        let own = left_out.iter().filter(|path| path.is_within(&root));
        let unknown: Vec<Path> = own.map(|path| self.catalogue.locate(path).path).collect();
        unknown.iter().for_each(|path| drop(settings.remove(path)));
        Some(self.around(root, settings, Known::AllBut(unknown)))
    }

    /// The documents with labels that a manifest declares, as far as it does; this is the manifest's view.
    pub fn declared_documents(&'a self, desired: &Desired) -> Vec<Self> {
        let mut documents: BTreeMap<Path, Vec<&Want>> = BTreeMap::new();
        let is_labelled = |want: &&Want| want.path.head().is_some_and(DocumentId::is_labelled);
        for want in desired.wants.iter().filter(is_labelled) {
            if self.catalogue.locate(&want.path).document.label().is_some() {
                documents.entry(self.catalogue.document_root(&want.path)).or_default().push(want);
            }
        }
        let view = |(root, wants): (Path, Vec<&Want>)| {
            let own = self.settings.at(&root).and_then(Json::as_object);
            let settings = own.cloned().map(Document::from).unwrap_or_default();
            let path = |want: &&Want| self.catalogue.locate(&want.path).path;
            self.around(root, settings, Known::Only(wants.iter().map(path).collect()))
        };
        documents.into_iter().map(view).collect()
    }

    fn around(&'a self, root: Path, settings: Document, known: Known) -> Self {
        let view = Self::plain(self.catalogue, self.region, settings, known);
        Self { account: self.account, pool: self.pool, document: Some((root, self)), ..view }
    }

    fn plain(catalogue: &'a Catalogue, region: &'a str, settings: Document, known: Known) -> Self {
        let (pool, account, document) = (None, None, None);
        Self { catalogue, region, account, settings, known, pool, document, found: RefCell::default() }
    }

    /// What a manifest says of its pool; the rest is not known.
    pub fn of_declared(catalogue: &'a Catalogue, desired: &'a Desired) -> Self {
        let mut settings = Object::new();
        let mut declared = Vec::new();
        // Nobody knows the other elements of a set.
        for want in desired.wants.iter().filter(|want| want.lacks.is_none()) {
            let value = match &want.value {
                Some(value) => Some(value.clone()),
                None => match catalogue.removal(&want.path) {
                    Removal::Send(value) => Some(literal(value)),
                    Removal::SendRegion => Some(Json::from(desired.region.as_str())),
                    Removal::Omit => None,
                    Removal::Impossible(_) => continue,
                },
            };
            declared.push(want.path.clone());
            if let Some(value) = value {
                json::set(&mut settings, &want.path, value);
            }
        }
        // As a plan would send it: of two members that repeat each other, one.
        let branches = Catalogue::branches().map(str::to_owned);
        let apart = catalogue.settings_of_mfa().map(str::to_owned).chain(branches);
        let own: Vec<_> = apart.filter_map(|name| settings.shift_remove_entry(&name)).collect();
        let mut settings = catalogue.sent_of_pool(&Snapshot::of_pool(settings), &[]);
        own.into_iter().for_each(|(name, value)| settings.insert(&name, value));
        let view = Self::plain(catalogue, &desired.region, settings, Known::Only(declared));
        Self { account: desired.account.as_ref().map(|account| account.id.as_str()), ..view }
    }

    /// A request by itself: what it does not hold is absent.
    pub fn of_request(catalogue: &'a Catalogue, region: &'a str, body: Document) -> Self {
        Self::plain(catalogue, region, body, Known::AllBut(Vec::new()))
    }

    /// The canonical path of the document with a label that this is; the root of a pool.
    pub fn root(&self) -> Path {
        self.document.as_ref().map(|(root, _)| root.clone()).unwrap_or_default()
    }

    /// The label of the document that this is, if it has one.
    pub(super) fn label(&self) -> Option<String> {
        match self.root().segs().get(1) {
            Some(Seg::Member(label)) => Some(label.to_string()),
            _ => None,
        }
    }

    /// The resource of the document that this is, if it is one with a label.
    pub fn resource(&self) -> Option<&'static Resource> {
        self.document.as_ref().map(|(root, _)| self.catalogue.resource(root))
    }

    /// The pool's Region.
    pub(super) fn region(&self) -> &str {
        self.region
    }

    /// The account that the pool is in, if it is known.
    pub(super) fn account(&self) -> Option<&str> {
        self.account
    }

    /// The pool's id, if it is known.
    pub(super) fn pool_id(&self) -> Option<&str> {
        self.pool?.pool_id()
    }

    /// The tier's name, if it is known.
    pub(super) fn tier(&self) -> Option<&str> {
        self.pool_view().settings.get("UserPoolTier")?.as_str()
    }

    fn pool_view(&self) -> &View<'a> {
        self.document.as_ref().map_or(self, |(_, pool)| *pool)
    }

    /// The text that the last condition has found, and the name of the pool that is like it.
    pub(super) fn take_found(&self) -> (Option<String>, Option<String>) {
        self.found.take()
    }

    /// Whether the pool has one of these tiers.
    pub(super) fn tier_is(&self, tiers: &[&str]) -> Truth {
        self.tier().map_or(Truth::Unknown, |tier| tiers.contains(&tier).into())
    }

    /// Whether the Region that the setting names is another than the pool's.
    pub(super) fn is_another_region(&self, setting: &'static str) -> Truth {
        self.text(setting, |region| region != self.region())
    }

    /// Whether the setting is one of these words.
    pub(super) fn is(&self, setting: &'static str, words: &[&str]) -> Truth {
        self.text(setting, |value| words.contains(&value))
    }

    /// Whether the setting is a text of which this holds.
    pub(super) fn text(&self, setting: &'static str, holds: impl Fn(&str) -> bool) -> Truth {
        self.test(setting, |value| value.as_str().is_some_and(holds))
    }

    /// Whether the setting is there. An empty text is none.
    pub(super) fn has(&self, setting: &'static str) -> Truth {
        match self.raw(setting) {
            SettingValue::Known(value) => (value.as_str() != Some("")).into(),
            SettingValue::Absent => Truth::No,
            SettingValue::Unknown => Truth::Unknown,
        }
    }

    /// Whether the setting is `true`.
    pub(super) fn is_on(&self, setting: &'static str) -> Truth {
        self.test(setting, |value| value.as_bool() == Some(true))
    }

    /// Whether one of the words of a list is such a one.
    pub(super) fn any(&self, list: &'static str, such: impl Fn(&str) -> bool) -> Truth {
        self.test(list, |value| elements(value).filter_map(Json::as_str).any(such))
    }

    /// Whether one of the structures of a list is such a one.
    pub(super) fn any_of(&self, list: &'static str, such: impl Fn(&Json) -> bool) -> Truth {
        self.test(list, |value| elements(value).any(such))
    }

    /// Whether the list is known to be empty, or absent.
    pub(super) fn is_empty(&self, list: &'static str) -> Truth {
        !self.any(list, |_| true)
    }

    /// Whether the setting, or an element of it, is a text of which this holds. The message names the first one.
    pub(super) fn find(&self, setting: &'static str, holds: impl Fn(&str) -> Truth) -> Truth {
        let SettingValue::Known(value) = self.value(setting) else {
            return self.test(setting, |_| false);
        };
        self.first(value.as_str().into_iter().chain(elements(&value).filter_map(Json::as_str)), holds)
    }

    /// Whether this is a document with a label that has never been read: a plan makes it.
    pub(super) fn is_new(&self) -> Truth {
        self.pool.map_or(Truth::Unknown, |_| (!self.settings.has("CreationDate")).into())
    }

    /// Whether a map has a key of which this holds. The message names the first one.
    pub(super) fn find_key(&self, map: &'static str, holds: impl Fn(&str) -> Truth) -> Truth {
        let SettingValue::Known(value) = self.value(map) else { return self.test(map, |_| false) };
        self.first(value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()), holds)
    }

    /// Whether this holds of one of these texts. The message names the first one.
    fn first<'t>(&self, texts: impl Iterator<Item = &'t str>, holds: impl Fn(&str) -> Truth) -> Truth {
        texts.fold(Truth::No, |any, text| {
            let truth = holds(text);
            if truth == Truth::Yes && any != Truth::Yes {
                self.tell(text.to_owned());
            }
            any | truth
        })
    }

    /// Whether a map has entries.
    pub(super) fn has_entries(&self, map: &'static str) -> Truth {
        self.test(map, |value| value.as_object().is_some_and(|entries| !entries.is_empty()))
    }

    /// Puts a text into the message of a breach.
    pub(super) fn tell(&self, text: String) {
        self.found.replace((Some(text), None));
    }

    /// The same of names that the pool lacks, if `lacks` holds; these are the names that it has.
    pub(super) fn find_missing(
        &self,
        setting: &'static str,
        lacks: impl Fn(&str) -> Truth,
        names: impl FnOnce() -> Vec<String>,
    ) -> Truth {
        let truth = self.find(setting, lacks);
        if let (Some(found), meant) = &mut *self.found.borrow_mut() {
            *meant = similar(found, names().iter().map(String::as_str)).map(str::to_owned);
        }
        truth
    }

    /// The setting's value, or `absent` if it has none; `None` if that is not known.
    pub(super) fn or(&self, setting: &'static str, absent: Json) -> Option<Json> {
        match self.raw(setting) {
            SettingValue::Known(value) => Some(value.into_owned()),
            SettingValue::Absent => Some(absent),
            SettingValue::Unknown => None,
        }
    }

    /// Adds to what the last condition has found the key of the document that was probably meant: one whose label it is, or
    /// whose key is like it.
    pub(super) fn tell_meant(&self, listed: &[(String, String)]) {
        if let (Some(found), meant) = &mut *self.found.borrow_mut() {
            let labelled = listed.iter().find(|(label, _)| label == found).map(|(_, key)| key.as_str());
            let keys = || listed.iter().map(|(_, key)| key.as_str());
            *meant = labelled.or_else(|| similar(found, keys())).map(str::to_owned);
        }
    }

    /// A list of the pool's own document, by the name that reads have for it; `None` if it is not known.
    pub(super) fn read_list(&self, name: &str) -> Option<&[Json]> {
        self.pool?.pool().get(name)?.as_array().map(Vec::as_slice)
    }

    /// Whether the pool's users have an attribute of this name.
    pub(super) fn has_attribute(&self, name: &str) -> Truth {
        let Some(attributes) = self.read_list("SchemaAttributes") else { return Truth::Unknown };
        attributes.iter().any(|attribute| attribute.get("Name").and_then(Json::as_str) == Some(name)).into()
    }

    /// Whether the pool's users have an attribute of this name that keeps its first value.
    pub(super) fn is_immutable(&self, name: &str) -> Truth {
        let Some(attributes) = self.read_list("SchemaAttributes") else { return Truth::Unknown };
        let is_it = |attribute: &Json| {
            attribute.get("Name").and_then(Json::as_str) == Some(name)
                && attribute.get("Mutable").and_then(Json::as_bool) == Some(false)
        };
        attributes.iter().any(is_it).into()
    }

    /// Whether this holds of the setting's value, or of the default where it has none.
    pub(super) fn test(&self, setting: &'static str, holds: impl FnOnce(&Json) -> bool) -> Truth {
        match self.value(setting) {
            SettingValue::Known(value) => holds(&value).into(),
            SettingValue::Absent => Truth::No,
            SettingValue::Unknown => Truth::Unknown,
        }
    }

    /// Whether this holds of the values of two settings that both have one.
    pub(super) fn both(&self, [a, b]: [&'static str; 2], holds: impl FnOnce(&Json, &Json) -> bool) -> Truth {
        match (self.value(a), self.value(b)) {
            (SettingValue::Known(a), SettingValue::Known(b)) => holds(&a, &b).into(),
            (SettingValue::Absent, _) | (_, SettingValue::Absent) => Truth::No,
            _ => Truth::Unknown,
        }
    }

    /// Whether two of these settings have the same value.
    pub(super) fn any_equal(&self, settings: &[&'static str]) -> Truth {
        let pairs = settings.iter().enumerate().flat_map(|(position, a)| {
            settings.iter().skip(position + 1).map(move |b| self.both([a, b], json::same))
        });
        pairs.fold(Truth::No, |any, equal| any | equal)
    }

    /// Whether the setting's value says more than its absence would.
    pub(super) fn differs_from_default(&self, setting: &'static str) -> Truth {
        let at = path(setting);
        let value = |value: &Json| self.catalogue.canonical_value(at, value);
        self.test(setting, |found| !self.catalogue.is_default(at, &value(found)))
    }

    /// The setting's value, or its default where it has one.
    fn value(&self, setting: &'static str) -> SettingValue<'_> {
        let default = || self.catalogue.member(path(setting)).and_then(|field| field.row)?.default;
        match self.raw(setting) {
            SettingValue::Absent => default()
                .map_or(SettingValue::Absent, |default| SettingValue::Known(Cow::Owned(literal(default)))),
            value => value,
        }
    }

    fn raw(&self, setting: &'static str) -> SettingValue<'_> {
        #[cfg(test)]
        super::tests::ASKED.with_borrow_mut(|asked| asked.insert(setting));
        match (path(setting), &self.document) {
            (at, None) => self.raw_at(at),
            (at, Some((root, pool))) => match at.segs() {
                [_, Seg::Member(any), ..] if &**any == "*" => {
                    let own = at.segs().get(root.segs().len()..).unwrap_or_default();
                    self.raw_at(&Path::root().extended(own))
                }
                _ => pool.raw_at(at),
            },
        }
    }

    /// What the model has at a path in this document.
    pub(super) fn field_at(&self, at: &Path) -> Option<Field<'_>> {
        self.catalogue.member(&self.root().extended(at.segs()))
    }

    /// Whether nothing in the structure or the map here is unknown.
    pub(super) fn is_whole(&self, at: &Path) -> bool {
        match &self.known {
            Known::AllBut(unknown) => !unknown.iter().any(|unknown| unknown.is_within(at)),
            Known::Only(declared) => declared.iter().any(|declared| at.is_within(declared)),
        }
    }

    pub(super) fn raw_at(&self, at: &Path) -> SettingValue<'_> {
        if let Some(value) = self.settings.at(at).filter(|value| !value.is_null()) {
            return SettingValue::Known(Cow::Borrowed(value));
        }
        let known = match &self.known {
            Known::AllBut(unknown) => !unknown.iter().any(|unknown| unknown.overlaps(at)),
            Known::Only(declared) => declared.iter().any(|declared| at.is_within(declared)),
        };
        if known { SettingValue::Absent } else { SettingValue::Unknown }
    }
}

/// The elements of a list.
pub(super) fn elements(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}
