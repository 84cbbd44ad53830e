//! What the service writes beside a value that it was given in part.

use serde_json::json;

use super::case::at;
use crate::document::{Document, Json, Object, Path};

/// A structure, and the members that are filled in when it was sent without them.
type FillRow = (&'static str, &'static [(&'static str, fn() -> Json)]);

const PASSWORD: &str = "Policies.PasswordPolicy";
const TEMPORARY: &str = "TemporaryPasswordValidityDays";

/// **\[L\]** unless a row says otherwise.
const FILLS: &[FillRow] = &[
    (
        PASSWORD,
        &[
            ("MinimumLength", || json!(8)),
            // Missing from a policy that was given, these are false; a pool without a policy has them true.
            ("RequireUppercase", || json!(false)),
            ("RequireLowercase", || json!(false)),
            ("RequireNumbers", || json!(false)),
            ("RequireSymbols", || json!(false)),
            (TEMPORARY, || json!(7)),
        ],
    ),
    ("Policies.SignInPolicy", &[("AllowedFirstAuthFactors", || json!(["PASSWORD"]))]),
    ("EmailConfiguration", &[("EmailSendingAccount", || json!("COGNITO_DEFAULT"))]),
    ("VerificationMessageTemplate", &[("DefaultEmailOption", || json!("CONFIRM_WITH_CODE"))]),
    ("UserAttributeUpdateSettings", &[("AttributesRequireVerificationBeforeUpdate", || json!([]))]),
    // [C] emulators and Amplify.
    ("AdminCreateUserConfig", &[("AllowAdminCreateUserOnly", || json!(false))]),
    ("KeyConfiguration", &[("KeyType", || json!("AWS_OWNED_KEY"))]),
    ("IssuerConfiguration", &[("Type", || json!("ORIGINAL"))]),
    // [D] A structure without it switches client registration on.
    ("DcrConfiguration", &[("EnableStatus", || json!("Enabled")), ("OpenDcrEnabled", || json!(false))]),
];

/// Fills what `request` gave in part into `pool`; a structure that was not sent is left alone.
pub(super) fn apply(pool: &mut Document, request: &Object, region: &str) {
    zero_days_are_none(pool, request);
    let was_sent = |(structure, _): &&FillRow| at(request, structure).is_some_and(Json::is_object);
    for (structure, members) in FILLS.iter().filter(was_sent) {
        for (member, value) in *members {
            if at(pool, structure).and_then(|given| given.get(member)).is_none() {
                pool.set(&path(structure).member(member), value());
            }
        }
    }
    // [D] Messages go out through the pool's own Region.
    if request.contains_key("SmsConfiguration")
        && let Some(Json::Object(sms)) = pool.get_mut("SmsConfiguration")
        && sms.contains_key("SnsCallerArn")
    {
        sms.entry("SnsRegion").or_insert_with(|| json!(region));
    }
}

/// 0 is treated as null. **\[D\]**
fn zero_days_are_none(pool: &mut Document, request: &Object) {
    let days = at(request, PASSWORD).and_then(|policy| policy.get(TEMPORARY));
    if days.and_then(Json::as_i64) == Some(0) {
        pool.remove(&path(PASSWORD).member(TEMPORARY));
    }
}

fn path(dotted: &str) -> Path {
    Path::members(dotted.split('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(sent: Json) -> Json {
        let request = sent.as_object().cloned().unwrap();
        let mut pool = Document::from(request.clone());
        apply(&mut pool, &request, "eu-west-1");
        Json::Object(pool.to_object())
    }

    #[test]
    fn a_policy_in_part_is_made_whole_with_false() {
        let policy = filled(json!({"Policies": {"PasswordPolicy": {
            "RequireNumbers": true, "TemporaryPasswordValidityDays": 0
        }}}));
        assert_eq!(
            policy["Policies"]["PasswordPolicy"],
            json!({
                "RequireNumbers": true, "MinimumLength": 8, "RequireUppercase": false, "RequireLowercase": false,
                "RequireSymbols": false, "TemporaryPasswordValidityDays": 7
            })
        );
    }

    #[test]
    fn a_structure_that_was_not_sent_is_left_alone() {
        let mut pool: Document = json!({"EmailConfiguration": {}}).as_object().cloned().unwrap().into();
        apply(&mut pool, &Object::new(), "eu-west-1");
        assert_eq!(Json::Object(pool.to_object()), json!({"EmailConfiguration": {}}));
    }

    #[test]
    fn client_registration_is_on_unless_it_is_switched_off() {
        assert_eq!(
            filled(json!({"DcrConfiguration": {}}))["DcrConfiguration"]["EnableStatus"],
            json!("Enabled")
        );
        let off = filled(json!({"DcrConfiguration": {"EnableStatus": "Disabled"}}));
        assert_eq!(off["DcrConfiguration"]["EnableStatus"], json!("Disabled"));
    }

    #[test]
    fn a_sender_without_a_region_takes_the_pools() {
        let arn = "arn:aws:iam::111122223333:role/sms";
        let sms = filled(json!({"SmsConfiguration": {"SnsCallerArn": arn}}));
        assert_eq!(sms["SmsConfiguration"], json!({"SnsCallerArn": arn, "SnsRegion": "eu-west-1"}));
    }
}
