//! Live values that were set deliberately, and the settings that drift watches.

use std::sync::LazyLock;

use super::risks::{ALSO_WATCHED, RISKS};
use super::signs::{Sign, TimeUnit};
use super::{Catalogue, Fill, Row, literal, path};
use crate::document::address::UrlAddress;
use crate::document::{Document, Json, Path, Seg, json};

/// The settings that drift watches, each with all its members, none within another: every setting with a
/// blocking risk, and those in [`ALSO_WATCHED`].
static WATCHED: LazyLock<Vec<&'static Path>> = LazyLock::new(|| {
    let blocking = RISKS.iter().filter(|risk| risk.blocks).flat_map(|risk| risk.signs);
    let all: Vec<&Path> =
        blocking.filter_map(|sign| sign.path()).chain(ALSO_WATCHED.iter().copied()).map(path).collect();
    let mut watched: Vec<&Path> = Vec::new();
    for at in &all {
        let is_inside = all.iter().any(|outer| outer != at && at.is_within(outer));
        if !is_inside && !watched.contains(at) {
            watched.push(at);
        }
    }
    watched
});

/// The rows of settings that a new pool has with another value than absence.
static FRESH: LazyLock<Vec<&'static Row>> =
    LazyLock::new(|| Catalogue::rows().filter(|row| row.fresh.is_some()).collect());

impl Catalogue {
    /// Whether an unmanaged live value at `path` counts as drift. A whole document with a label always does.
    pub fn is_watched(&self, at: &Path) -> bool {
        let place = self.locate(at);
        let is_document = place.document.label().is_some() && place.path.is_root();
        is_document || WATCHED.iter().any(|watched| at.is_within(watched))
    }

    /// The watched settings within the structure at `at`.
    pub fn watched_in(&self, at: &Path) -> impl Iterator<Item = &'static Path> {
        WATCHED.iter().copied().filter(move |watched| *watched != at && watched.is_within(at))
    }

    /// The settings at and within `at` for which a new pool may have another value than absence, with that value.
    pub fn fresh_within(&self, at: &Path) -> impl Iterator<Item = (&'static Path, Json)> {
        let rows =
            FRESH.iter().map(|row| (path(row.path), row.fresh)).filter(|(inner, _)| inner.is_within(at));
        rows.filter_map(|(inner, fresh)| Some((inner, self.canonical_value(inner, &literal(fresh?)))))
    }

    /// Whether a new pool would not have this value of a setting by itself.
    pub fn differs_when_new(&self, at: &Path, value: &Json) -> bool {
        self.fresh_within(at).any(|(inner, fresh)| inner == at && !json::same(&fresh, value))
    }

    /// Whether the canonical `value` at `at` is the effect of absence in a pool of this Region: the default, or
    /// the Region if the service fills it in.
    pub fn is_filled_in(&self, at: &Path, value: &Json, region: &str) -> bool {
        let is_region = || {
            let row = self.setting(at).and_then(|field| field.row);
            row.is_some_and(|row| row.fill == Fill::Region) && value.as_str() == Some(region)
        };
        self.is_default(at, value) || is_region()
    }

    /// Whether the canonical `value` at `at` is the one that the service puts into the structure of a newer name, for a value
    /// under its older name: it is the structure's other required member. `is_declared` returns whether a manifest declares
    /// a path.
    pub fn comes_with_alias(&self, at: &Path, value: &Json, is_declared: impl Fn(&Path) -> bool) -> bool {
        let row = self.setting(at).filter(|field| field.required).and_then(|field| field.row);
        let Some(Fill::OneOf(&[one])) = row.map(|row| row.fill) else { return false };
        let mut aliases = self.aliases().iter().map(|alias| alias.paths());
        json::same(&literal(one), value)
            && aliases.any(|(legacy, truth)| truth.parent() == at.parent() && is_declared(legacy))
    }

    /// The unit of the time at a canonical path; `None` if it is no time with a unit in a setting of its own.
    pub fn time_unit(at: &Path) -> Option<TimeUnit> {
        let is_its = |pattern: &Path| {
            let mut segs = pattern.segs().iter().zip(at.segs());
            let is_any = |seg: &Seg| matches!(seg, Seg::Member(any) if &**any == "*");
            pattern.segs().len() == at.segs().len() && segs.all(|(seg, own)| is_any(seg) || seg == own)
        };
        RISKS.iter().flat_map(|risk| risk.signs).find_map(|sign| match sign {
            Sign::Lengthens(pattern, unit) if is_its(path(pattern)) => Some(*unit),
            _ => None,
        })
    }

    /// Whether the setting at `at` of a live canonical pool is, or is within, one with the value of a new pool, or of
    /// a new document with a label, that differs from absence; or a URL of the host of the one that it follows.
    pub fn is_fresh(&self, live: &Document, at: &Path) -> bool {
        let place = self.resource(at).has_labels().then(|| self.locate(at));
        if let Some(place) = place.filter(|place| place.document.label().is_some()) {
            let root = place.resource.root_of(&place.document);
            let fresh = |row: &'static Row| row.fresh.map(|fresh| (path(row.path), fresh));
            let rows = place.resource.rows.iter().filter_map(fresh);
            let mut around = rows.filter(|(whole, _)| place.path.is_within(whole));
            let url = |at: &Path| live.at(at).and_then(Json::as_str);
            let follows = self.setting(at).and_then(|field| field.row?.follows);
            let other = follows.and_then(|other| url(&root.extended(path(other).segs())));
            if other.is_some_and(|other| url(at).is_some_and(|own| UrlAddress::is_same_host(own, other))) {
                return true;
            }
            return around.any(|(whole, fresh)| self.has_fresh(live, &root.extended(whole.segs()), fresh));
        }
        let rows = FRESH.iter().filter(|row| at.is_within(path(row.path)));
        rows.filter_map(|row| Some((path(row.path), row.fresh?)))
            .any(|(whole, fresh)| self.has_fresh(live, whole, fresh))
    }

    fn has_fresh(&self, live: &Document, whole: &Path, fresh: &'static str) -> bool {
        live.at(whole) == Some(&self.canonical_value(whole, &literal(fresh)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Snapshot;
    use crate::shapes::Shapes;
    use serde_json::json;

    fn is_unchosen(at: &'static str, pool: &Json) -> bool {
        let catalogue = Catalogue::new(Shapes::bundled());
        let live = catalogue.canonical(&Snapshot::of_pool(pool.as_object().cloned().unwrap()));
        let is_filled_in =
            live.at(path(at)).is_some_and(|value| catalogue.is_filled_in(path(at), value, "eu-west-1"));
        is_filled_in || catalogue.is_fresh(&live, path(at))
    }

    #[test]
    fn what_a_new_pool_has_and_what_the_service_fills_in_nobody_has_chosen() {
        let recovery = |first: &str, second: &str| json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": first, "Priority": 1}, {"Name": second, "Priority": 2}]}});
        let (email, phone) = ("verified_email", "verified_phone_number");
        let mechanism = "AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority";
        let policy = |member: &str, value: Json| json!({"Policies": {"PasswordPolicy": {member: value}}});
        let region = |region: &str| json!({"SmsConfiguration": {"SnsRegion": region}});
        for (at, pool, expected) in [
            (mechanism, recovery(email, phone), true),
            (mechanism, recovery(phone, email), false),
            ("Policies.PasswordPolicy.RequireSymbols", policy("RequireSymbols", json!(true)), true),
            ("Policies.PasswordPolicy.RequireSymbols", policy("RequireSymbols", json!(false)), false),
            ("Policies.PasswordPolicy.MinimumLength", policy("MinimumLength", json!(8)), true),
            ("Policies.PasswordPolicy.MinimumLength", policy("MinimumLength", json!(6)), false),
            ("UserPoolTier", json!({"UserPoolTier": "ESSENTIALS"}), true),
            ("UserPoolTier", json!({"UserPoolTier": "LITE"}), false),
            ("DeletionProtection", json!({"DeletionProtection": "ACTIVE"}), true),
            ("SmsConfiguration.SnsRegion", region("eu-west-1"), true),
            ("SmsConfiguration.SnsRegion", region("us-east-1"), false),
        ] {
            assert_eq!(is_unchosen(at, &pool), expected, "{at} of {pool}");
        }
    }

    #[test]
    fn every_setting_at_which_a_risk_that_blocks_can_show_is_watched() {
        let catalogue = Catalogue::new(Shapes::bundled());
        for risk in RISKS.iter().filter(|risk| risk.blocks) {
            for at in risk.signs.iter().filter_map(|sign| sign.path()) {
                assert!(catalogue.is_watched(path(at)), "{}: {at}", risk.code);
            }
        }
        for at in ALSO_WATCHED {
            assert!(catalogue.member(path(at)).is_some(), "{at} is no path of the model");
            let others = WATCHED.iter().filter(|watched| **watched == path(at));
            assert_eq!(others.count(), 1, "{at} is watched without this list");
        }
        for at in ["UserPoolTags", "PoolName", "VerificationMessageTemplate.EmailMessage"] {
            assert!(!catalogue.is_watched(path(at)), "{at}");
        }
    }
}
