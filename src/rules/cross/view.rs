//! A pool as the rules see it: each value is known, absent, or not known.

use std::borrow::Cow;

use super::truth::Truth;
use crate::catalogue::{Catalogue, RESOURCES, Removal, literal, path};
use crate::document::{Json, Object, Path, Snapshot, json};
use crate::rules::Desired;

/// A pool as far as it is known: the settings of both documents under the names of the requests.
#[derive(Clone, Debug)]
pub struct View<'a> {
    catalogue: &'a Catalogue,
    /// The Region that the pool is in.
    region: &'a str,
    settings: Cow<'a, Object>,
    known: Known,
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
enum SettingValue<'a> {
    Known(Cow<'a, Json>),
    Absent,
    Unknown,
}

impl<'a> View<'a> {
    /// The pool that these documents describe. What is `left_out` of its requests keeps a value that
    /// they do not tell; so does the MFA document, where it was not read.
    pub fn of_documents(
        catalogue: &'a Catalogue,
        region: &'a str,
        pool: &Snapshot,
        left_out: &[Path],
    ) -> Self {
        let mut settings = catalogue.sent_of_pool(pool, left_out);
        let mut unknown = left_out.to_vec();
        match pool.mfa() {
            None => unknown.extend(catalogue.settings_of_mfa().map(|name| Path::members([name]))),
            Some(mfa) => {
                let own = catalogue
                    .settings_of_mfa()
                    .filter_map(|name| Some((name.to_owned(), mfa.get(name)?.clone())));
                settings.extend(own);
                left_out.iter().for_each(|path| drop(json::remove(&mut settings, path)));
            }
        }
        for resource in RESOURCES {
            let Some(branch) = resource.branch.filter(|_| resource.listing.is_none()) else { continue };
            match pool.document(&resource.document) {
                Some(document) => {
                    drop(settings.insert(branch.to_owned(), Json::Object(document.to_object())))
                }
                None => unknown.push(resource.root()),
            }
        }
        Self { catalogue, region, settings: Cow::Owned(settings), known: Known::AllBut(unknown) }
    }

    /// What a manifest says of its pool; the rest is not known.
    pub fn of_declared(catalogue: &'a Catalogue, desired: &'a Desired) -> Self {
        let mut settings = Object::new();
        let mut declared = Vec::new();
        // Nobody knows the other elements of a set.
        for want in desired.wants.iter().filter(|want| want.lacks.is_none()) {
            let value = match (&want.value, catalogue.removal(&want.path)) {
                (Some(value), _) => Some(value.clone()),
                (None, Removal::Send(value)) => Some(literal(value)),
                (None, Removal::SendRegion) => Some(Json::from(desired.region.as_str())),
                (None, Removal::Omit) => None,
                (None, Removal::Impossible(_)) => continue,
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
        settings.extend(own);
        let settings = Cow::Owned(settings);
        Self { catalogue, region: &desired.region, settings, known: Known::Only(declared) }
    }

    /// A request by itself: what it does not hold is absent.
    pub fn of_request(catalogue: &'a Catalogue, region: &'a str, body: &'a Object) -> Self {
        Self { catalogue, region, settings: Cow::Borrowed(body), known: Known::AllBut(Vec::new()) }
    }

    /// The pool's Region.
    pub(super) fn region(&self) -> &str {
        self.region
    }

    /// The tier's name, if it is known.
    pub(super) fn tier(&self) -> Option<&str> {
        self.settings.get("UserPoolTier")?.as_str()
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
        let at = path(setting);
        #[cfg(test)]
        super::tests::ASKED.with_borrow_mut(|asked| asked.insert(setting));
        if let Some(value) = json::get(&self.settings, at).filter(|value| !value.is_null()) {
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
