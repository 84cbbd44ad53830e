//! Whether two canonical values at a path are the same setting.

use super::canonical::normalise;
use super::{Catalogue, Fill, Removal, Spot, literal, path};
use crate::document::{Document, Json, Object, Path, Seg, json};
use crate::shapes::ShapeKind;

impl Catalogue {
    /// Whether the canonical values `a` and `b` at `at`, either of which may be absent, mean the same.
    pub fn equal(&self, at: &Path, a: Option<&Json>, b: Option<&Json>) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) if json::same(a, b) => true,
            _ => self.spot_at(at).equal(a, b),
        }
    }

    /// Whether absence means the same as this canonical value at `at`.
    ///
    /// An unknown member never means the same as absence, and neither does `null`.
    pub fn is_default(&self, at: &Path, value: &Json) -> bool {
        is_default(self.spot_at(at), value)
    }

    /// Whether `value` at `at` is the default, or a value that the service is known to fill in.
    pub fn is_known_fill(&self, at: &Path, value: &Json) -> bool {
        let Some(field) = self.member(at) else { return false };
        let is = |text: &&str| json::same(&self.canonical_value(at, &literal(text)), value);
        let known = match field.row.map(|row| row.fill) {
            Some(Fill::OneOf(values)) => values.iter().any(is),
            Some(Fill::ByStructure { given, absent }) => [given, absent].iter().any(is),
            Some(Fill::Region) => true,
            Some(Fill::Beside(_)) => value.as_object().is_some_and(Object::is_empty),
            Some(Fill::Nothing | Fill::Any) | None => false,
        };
        known || self.is_default(at, value)
    }

    /// The value that the service may fill in at `at`, and the structure that it fills, or `None` if it fills
    /// nothing in.
    pub fn fill(&self, at: &Path) -> Option<(Path, Fill)> {
        let lengths = (1..=at.segs().len()).rev();
        let mut fills = lengths.filter_map(|len| {
            let outer = at.prefix(len);
            let fill = self.member(&outer)?.row?.fill;
            Some((outer, fill))
                .filter(|(outer, fill)| *fill == Fill::Any || *fill != Fill::Nothing && outer == at)
        });
        let (filled, fill) = fills.next()?;
        // An element of a list is itself the filled structure; a member is within it.
        let structure = match filled.segs().last() {
            Some(Seg::Member(_)) => filled.parent()?,
            _ => filled,
        };
        Some((structure, fill))
    }

    /// A canonical document after requests without the members at these paths: the members are gone, or have the value that
    /// the service fills in.
    pub fn after_omission(&self, document: &Document, left_out: &[Path]) -> Document {
        let mut fallen = document.clone();
        for path in left_out {
            let Some((_, place)) = self.find(&fallen, path) else { continue };
            fallen.remove(&place);
            let filled = self.fill(path).filter(|(around, _)| {
                fallen.at(around).is_some_and(Json::is_object) && path.parent().as_ref() == Some(around)
            });
            if let Some((_, Fill::OneOf(&[one]) | Fill::ByStructure { given: one, .. })) = filled {
                fallen.set(path, self.canonical_value(path, &literal(one)));
            }
        }
        fallen
    }

    /// The settings of structures that the service fills in with another value than `null` sends: each with the value of
    /// `null`, and with the one that is filled in.
    pub fn contrary_fills() -> impl Iterator<Item = (&'static Path, Json, Json)> {
        Self::rows().filter_map(|row| match (row.removal, row.fill) {
            (Removal::Send(unset), Fill::OneOf(&[filled])) if unset != filled => {
                Some((path(row.path), literal(unset), literal(filled)))
            }
            _ => None,
        })
    }
}

impl Spot<'_> {
    /// Whether the canonical values `a` and `b`, either of which may be absent, mean the same here.
    pub fn equal(self, a: Option<&Json>, b: Option<&Json>) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) if json::same(a, b) => true,
            (Some(Json::Object(a)), Some(Json::Object(b))) => {
                let mut names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
                names.all(|name| self.member(name).equal(a.get(name), b.get(name)))
            }
            (Some(_), Some(_)) => false,
            (None, Some(value)) | (Some(value), None) => is_default(self, value),
        }
    }
}

fn is_default(spot: Spot<'_>, value: &Json) -> bool {
    // In a document, `null` and an empty structure are values.
    let Some(field) = spot.field().filter(|field| field.shape.kind != ShapeKind::Document) else {
        return false;
    };
    if value.is_null() || field.is_empty_container(value) {
        return true;
    }
    if let Some(default) = field.row.and_then(|row| row.default) {
        let mut default = literal(default);
        normalise(spot, &mut default);
        if json::same(&default, value) {
            return true;
        }
    }
    let present = field.row.is_some_and(|row| row.presence);
    match value {
        Json::Object(members)
            if !present && matches!(field.shape.kind, ShapeKind::Structure | ShapeKind::Map) =>
        {
            members.iter().all(|(name, value)| is_default(spot.member(name), value))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::catalogue::{Catalogue, path};
    use crate::document::{Json, Path, Snapshot};
    use crate::shapes::Shapes;
    use serde_json::{Value, json};

    fn catalogue() -> Catalogue {
        Catalogue::new(Shapes::bundled())
    }

    fn equal(at: &'static str, a: Option<Value>, b: Option<Value>) -> bool {
        let (catalogue, at) = (catalogue(), path(at));
        let canonical = |value: Option<Value>| value.map(|value| catalogue.canonical_value(at, &value));
        catalogue.equal(at, canonical(a).as_ref(), canonical(b).as_ref())
    }

    #[test]
    fn what_is_filled_in_against_null_is_spelled_out() {
        let text = |(at, unset, filled): (&Path, Json, Json)| format!("{at} {unset} {filled}");
        let all: Vec<String> = Catalogue::contrary_fills().map(text).collect();
        assert_eq!(all, [r#"DcrConfiguration.EnableStatus "Disabled" "Enabled""#]);
    }

    #[test]
    fn a_default_and_its_absence_are_the_same() {
        for (at, value) in [
            ("LambdaConfig", json!({})),
            ("UserPoolTags", json!({})),
            ("AutoVerifiedAttributes", json!([])),
            ("MfaConfiguration", json!("OFF")),
            ("KeyConfiguration", json!({"KeyType": "AWS_OWNED_KEY"})),
            ("Policies.SignInPolicy", json!({"AllowedFirstAuthFactors": ["PASSWORD"]})),
            ("UserAttributeUpdateSettings", json!({"AttributesRequireVerificationBeforeUpdate": []})),
            ("AccountRecoverySetting", json!({})),
            ("AcrConfiguration.Level3", json!({"AcrValue": "urn:cognito:loa:3"})),
            ("AcrConfiguration", json!({"Level1": {"AcrValue": "urn:cognito:loa:1"}})),
        ] {
            assert!(equal(at, None, Some(value.clone())), "{at}: {value} against nothing");
            assert!(equal(at, Some(value.clone()), None), "{at}: nothing against {value}");
        }
    }

    #[test]
    fn presence_is_a_value_where_the_service_reads_it_as_one() {
        for (at, value) in [
            ("DeviceConfiguration", json!({})),
            ("DeviceConfiguration", json!({"ChallengeRequiredOnNewDevice": false})),
            ("DcrConfiguration", json!({})),
            ("DcrConfiguration.OpenDcrGrantTypes", json!([])),
            ("NeverHeardOf", json!({})),
            ("NeverHeardOf", json!(null)),
        ] {
            assert!(!equal(at, None, Some(value.clone())), "{at}: {value}");
        }
    }

    #[test]
    fn a_boolean_whose_default_depends_on_its_neighbours_is_never_equal_to_nothing() {
        for value in [json!(true), json!(false)] {
            assert!(!equal("Policies.PasswordPolicy.RequireUppercase", None, Some(value)));
        }
    }

    #[test]
    fn sets_ignore_order_and_lists_go_by_priority() {
        assert!(equal(
            "AutoVerifiedAttributes",
            Some(json!(["email", "phone_number"])),
            Some(json!(["phone_number", "email"]))
        ));
        let email = json!({"Name": "verified_email", "Priority": 1});
        let phone = json!({"Name": "verified_phone_number", "Priority": 2});
        let at = "AccountRecoverySetting.RecoveryMechanisms";
        assert!(equal(at, Some(json!([email, phone])), Some(json!([phone, email]))));
        assert!(!equal(at, Some(json!([email, phone])), Some(json!([email]))));
    }

    #[test]
    fn zero_days_read_back_as_seven() {
        assert!(equal(
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
            Some(json!(0)),
            Some(json!(7))
        ));
    }

    #[test]
    fn aliases_fold_into_the_member_to_set() {
        let catalogue = catalogue();
        let canonical = |pool: Value| {
            let pool = pool.as_object().cloned().unwrap();
            Value::Object(catalogue.canonical(&Snapshot::of_pool(pool)).to_object())
        };
        assert_eq!(
            canonical(json!({"Name": "p", "EmailVerificationSubject": "Hi", "LastModifiedDate": 1.5})),
            json!({"PoolName": "p", "VerificationMessageTemplate": {"EmailSubject": "Hi"}})
        );
        assert_eq!(
            canonical(json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3}})),
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 3}}),
            "without a password policy there is none to begin"
        );
        assert_eq!(
            canonical(json!({"UserPoolTags": {"aws:cloudformation:stack-name": "x", "team": "y"}})),
            json!({"UserPoolTags": {"team": "y"}})
        );
    }

    #[test]
    fn the_mfa_document_repeats_three_members_and_a_contradiction_is_kept() {
        let catalogue = catalogue();
        let object = |value: Value| value.as_object().cloned().unwrap();
        let live = Snapshot::new(
            object(json!({"MfaConfiguration": "ON", "SmsConfiguration": {"SnsCallerArn": "a"}})),
            Some(object(json!({
                "MfaConfiguration": "OPTIONAL",
                "SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "a"}},
                "SoftwareTokenMfaConfiguration": {"Enabled": true},
            }))),
        );
        assert_eq!(
            Value::Object(catalogue.canonical(&live).to_object()),
            json!({
                "MfaConfiguration": "ON",
                "SmsConfiguration": {"SnsCallerArn": "a"},
                "SmsMfaConfiguration": {},
                "SoftwareTokenMfaConfiguration": {"Enabled": true},
                "GetUserPoolMfaConfig": {"MfaConfiguration": "OPTIONAL"},
            })
        );
    }

    #[test]
    fn a_member_of_the_mfa_document_that_nobody_knows_is_not_the_pools() {
        let catalogue = catalogue();
        let object = |value: Value| value.as_object().cloned().unwrap();
        let pool = |name: &str| object(json!({name: 1}));
        let canonical =
            |pool, mfa| Value::Object(catalogue.canonical(&Snapshot::new(pool, Some(mfa))).to_object());
        let apart = json!({"New": 1});
        assert_eq!(canonical(pool("Other"), pool("New")), json!({"Other": 1, "GetUserPoolMfaConfig": apart}));
        assert_eq!(canonical(pool("New"), pool("New")), json!({"New": 1, "GetUserPoolMfaConfig": apart}));
    }
}
