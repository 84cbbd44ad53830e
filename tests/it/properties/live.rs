//! Pools as they may be live: whatever the shapes allow, made to obey what the service enforces.

use poolctl::document::{Json, Object, Path, Snapshot, json};
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use serde_json::json;

use crate::properties::values::Values;

/// Where a pool shows what it shows twice.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Age {
    /// Under both names.
    Today,
    /// Under the legacy name alone.
    Old,
    /// Under the new name alone.
    New,
    /// Each as it comes.
    Mixed,
}

/// The members that show one value under two names: the legacy one and its successor.
pub(crate) const TWINS: [(&str, &str); 5] = [
    ("SmsVerificationMessage", "VerificationMessageTemplate.SmsMessage"),
    ("EmailVerificationMessage", "VerificationMessageTemplate.EmailMessage"),
    ("EmailVerificationSubject", "VerificationMessageTemplate.EmailSubject"),
    ("LambdaConfig.PreTokenGeneration", "LambdaConfig.PreTokenGenerationConfig.LambdaArn"),
    (
        "AdminCreateUserConfig.UnusedAccountValidityDays",
        "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
    ),
];

/// Any pool that a service which keeps its own rules could show.
pub(crate) fn pools(shapes: &Shapes) -> BoxedStrategy<Snapshot> {
    let of = |density: f64| {
        let values = Values { shapes, density, strange: true, nulls: false };
        let pool = values.structure("", shapes.input("UpdateUserPool").unwrap(), &["UserPoolId"]);
        let mfa = values.structure("MfaConfig", shapes.output("GetUserPoolMfaConfig").unwrap(), &[]);
        (pool, mfa)
    };
    let age = prop_oneof![
        3 => Just(Age::Today), 1 => Just(Age::Old), 1 => Just(Age::New), 1 => Just(Age::Mixed)
    ];
    (prop_oneof![1 => of(0.15), 2 => of(0.5), 3 => of(0.9)], age, any::<bool>())
        .prop_map(|((pool, mfa), age, stack)| consistent(pool, mfa, age, stack))
        .boxed()
}

/// The value at a dotted path.
pub(crate) fn at<'a>(document: &'a Object, path: &str) -> Option<&'a Json> {
    json::get(document, &Path::members(path.split('.')))
}

/// The text at a dotted path.
pub(crate) fn word<'a>(document: &'a Object, path: &str) -> Option<&'a str> {
    at(document, path)?.as_str()
}

/// Whether the list at a dotted path holds this word.
pub(crate) fn holds(document: &Object, path: &str, word: &str) -> bool {
    at(document, path).and_then(Json::as_array).is_some_and(|list| list.iter().any(|element| element == word))
}

pub(crate) fn put(document: &mut Object, path: &str, value: Json) {
    json::set(document, &Path::members(path.split('.')), value);
}

/// Takes the value at a dotted path away.
pub(crate) fn take(document: &mut Object, path: &str) -> Option<Json> {
    json::remove(document, &Path::members(path.split('.')))
}

fn keep(document: &mut Object, path: &str, keep: impl Fn(&str) -> bool) {
    let Some(Json::Array(list)) = document_at(document, path) else { return };
    list.retain(|element| element.as_str().is_some_and(&keep));
}

fn document_at<'a>(document: &'a mut Object, path: &str) -> Option<&'a mut Json> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
    let value = document.get_mut(head)?;
    match rest {
        None => Some(value),
        Some(rest) => document_at(value.as_object_mut()?, rest),
    }
}

fn consistent(settings: Object, mut mfa: Object, age: Age, stack: bool) -> Snapshot {
    let mut pool = frame(settings, stack);
    senders(&mut pool, &mut mfa);
    tier(&mut pool, &mut mfa);
    sign_in(&mut pool, &mfa);
    levels(&mut pool);
    twins(&mut pool, age);
    mirrors(&pool, &mut mfa);
    Snapshot::new(pool, Some(mfa))
}

/// The pool under the read's names, between members that only the read has.
fn frame(mut settings: Object, stack: bool) -> Object {
    let name = settings.shift_remove("PoolName").unwrap_or_else(|| json!("customers"));
    let head = json!({"Id": "", "Name": name, "CreationDate": 0, "UsernameAttributes": ["email"]});
    let mut pool = head.as_object().cloned().unwrap();
    pool.insert("CreationDate".to_owned(), serde_json::from_str("1700000000.50").unwrap());
    pool.extend(settings);
    if let (true, Some(Json::Object(tags))) = (stack, pool.get_mut("UserPoolTags")) {
        tags.insert("aws:cloudformation:stack-name".to_owned(), json!("identity"));
    }
    let tail = json!({
        "SchemaAttributes": [{"Name": "custom:tenant", "AttributeDataType": "String", "BrandNew": [1]}],
        "LastModifiedDate": 1_763_884_800, "EstimatedNumberOfUsers": 48_211, "Status": "Enabled",
    });
    pool.extend(tail.as_object().cloned().unwrap());
    pool
}

/// Who sends messages, and with what.
fn senders(pool: &mut Object, mfa: &mut Object) {
    if let Some(Json::Object(sms)) = pool.get_mut("SmsConfiguration") {
        let arn = json!("arn:aws:iam::111122223333:role/sms");
        match (sms.get("SnsCallerArn").and_then(Json::as_str), sms.contains_key("EumsSms")) {
            (Some(arn), true) if arn.len() % 2 == 0 => drop(sms.shift_remove("SnsCallerArn")),
            (Some(_), true) => drop(sms.shift_remove("EumsSms")),
            (None, false) => drop(sms.insert("SnsCallerArn".to_owned(), arn)),
            _ => {}
        }
    }
    if at(pool, "SmsConfiguration.EumsSms.Region").is_some() {
        put(pool, "SmsConfiguration.EumsSms.Region", json!("eu-west-1"));
    }
    let sms = pool.contains_key("SmsConfiguration");
    keep(pool, "AutoVerifiedAttributes", |name| sms || name != "phone_number");
    let verified = pool.clone();
    keep(pool, "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", |name| {
        holds(&verified, "AutoVerifiedAttributes", name)
    });
    if word(pool, "EmailConfiguration.EmailSendingAccount") == Some("DEVELOPER") {
        if at(pool, "EmailConfiguration.SourceArn").is_none() {
            let identity = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";
            put(pool, "EmailConfiguration.SourceArn", json!(identity));
        }
        if word(pool, "EmailConfiguration.From").is_some_and(|from| !from.is_ascii()) {
            take(pool, "EmailConfiguration.From");
        }
    } else {
        take(pool, "EmailConfiguration.From");
        mfa.shift_remove("EmailMfaConfiguration");
    }
    let custom = ["CustomSMSSender", "CustomEmailSender"];
    if custom.iter().any(|name| at(pool, &format!("LambdaConfig.{name}")).is_some())
        && at(pool, "LambdaConfig.KMSKeyID").is_none()
    {
        put(pool, "LambdaConfig.KMSKeyID", json!("arn:aws:kms:eu-west-1:111122223333:key/k"));
    }
}

/// What the pool's tier lacks is not there.
fn tier(pool: &mut Object, mfa: &mut Object) {
    let tier = word(pool, "UserPoolTier").unwrap_or_default().to_owned();
    if ["LITE", "ESSENTIALS"].contains(&tier.as_str()) && pool.contains_key("UserPoolAddOns") {
        put(pool, "UserPoolAddOns.AdvancedSecurityMode", json!("OFF"));
    }
    if tier != "LITE" {
        return;
    }
    keep(pool, "Policies.SignInPolicy.AllowedFirstAuthFactors", |factor| factor == "PASSWORD");
    if at(pool, "LambdaConfig.PreTokenGenerationConfig").is_some() {
        put(pool, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion", json!("V1_0"));
    }
    pool.shift_remove("AcrConfiguration");
    if pool.contains_key("DcrConfiguration") {
        put(pool, "DcrConfiguration.EnableStatus", json!("Disabled"));
    }
    mfa.shift_remove("EmailMfaConfiguration");
    take(mfa, "WebAuthnConfiguration.FactorConfiguration");
}

fn sign_in(pool: &mut Object, mfa: &Object) {
    const FACTORS: &str = "Policies.SignInPolicy.AllowedFirstAuthFactors";
    let sms = pool.contains_key("SmsConfiguration");
    let on = word(pool, "MfaConfiguration") == Some("ON");
    let passkeys =
        word(mfa, "WebAuthnConfiguration.FactorConfiguration") == Some("MULTI_FACTOR_WITH_USER_VERIFICATION");
    keep(pool, FACTORS, |factor| match factor {
        "SMS_OTP" => sms && !on,
        "EMAIL_OTP" => !on,
        "WEB_AUTHN" => !on || passkeys,
        _ => true,
    });
    if let Some(Json::Array(factors)) =
        document_at(pool, FACTORS).filter(|list| !list.to_string().contains("PASSWORD"))
    {
        factors.push(json!("PASSWORD"));
    }
}

/// The built-in names of the sign-in levels.
pub(crate) const LEVELS: [&str; 4] = ["Level1", "Level2", "Level3", "Level4"];

pub(crate) fn built_in(level: &str) -> String {
    format!("urn:cognito:loa:{}", level.trim_start_matches("Level"))
}

/// From the Essentials tier on the read shows all four levels.
fn levels(pool: &mut Object) {
    let named = matches!(word(pool, "UserPoolTier"), Some("ESSENTIALS" | "PLUS"));
    let Some(Json::Object(levels)) = pool.get_mut("AcrConfiguration") else { return };
    for level in LEVELS.into_iter().filter(|_| named) {
        levels.entry(level).or_insert_with(|| json!({"AcrValue": built_in(level)}));
    }
}

fn twins(pool: &mut Object, age: Age) {
    const DAYS: &str = "Policies.PasswordPolicy.TemporaryPasswordValidityDays";
    // The service reads 0 as 7, and has always shown at least a day.
    for path in [DAYS, "AdminCreateUserConfig.UnusedAccountValidityDays"] {
        if at(pool, path) == Some(&json!(0)) {
            put(pool, path, json!(7));
        }
    }
    for (legacy, truth) in TWINS {
        let parent = truth.rsplit_once('.').unwrap().0;
        let (old, new) = (at(pool, legacy).cloned(), at(pool, truth).cloned());
        let Some(value) = new.clone().or(old) else { continue };
        match age {
            Age::Today if parent == "LambdaConfig.PreTokenGenerationConfig" && new.is_none() => {
                put(pool, parent, json!({"LambdaVersion": "V1_0", "LambdaArn": value}));
            }
            Age::Today if parent == "Policies.PasswordPolicy" => {
                if at(pool, parent).is_some() {
                    put(pool, truth, value.clone());
                }
                if pool.contains_key("AdminCreateUserConfig") {
                    put(pool, legacy, value);
                }
            }
            Age::Today => {
                put(pool, truth, value.clone());
                put(pool, legacy, value);
            }
            Age::Old => {
                if parent == "LambdaConfig.PreTokenGenerationConfig" {
                    take(pool, parent);
                }
                take(pool, truth);
                put(pool, legacy, value);
            }
            Age::New => drop(take(pool, legacy)),
            Age::Mixed if new.is_some() && at(pool, legacy).is_some() => put(pool, legacy, value),
            Age::Mixed => {}
        }
    }
    if age == Age::Old {
        pool.shift_remove("VerificationMessageTemplate");
    }
}

/// The MFA document repeats what the pool says.
fn mirrors(pool: &Object, mfa: &mut Object) {
    let mirror = |mfa: &mut Object, place: &str, value: Option<&Json>| match value {
        Some(value) => put(mfa, place, value.clone()),
        None => drop(take(mfa, place)),
    };
    mirror(mfa, "MfaConfiguration", pool.get("MfaConfiguration"));
    if mfa.contains_key("SmsMfaConfiguration") {
        for name in ["SmsAuthenticationMessage", "SmsConfiguration"] {
            mirror(mfa, &format!("SmsMfaConfiguration.{name}"), pool.get(name));
        }
    }
}
