//! Partial manifests for a pool: any members at any depth, as values, as `null`, or passed through.

use std::fmt::Write as _;

use poolctl::document::{Json, Object, Path, Snapshot, json};
use poolctl::shapes::{ShapeKind, Shapes};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

use crate::properties::judge::default_of;
use crate::properties::live::{LEVELS, TWINS, at, built_in, holds, pools, put, take, word};
use crate::properties::values::{STRANGE, Values, anything};

/// A live pool and what a manifest says of it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) live: Snapshot,
    /// Under `settings`; a JSON `null` stands for YAML's.
    pub(crate) settings: Object,
    /// Under `passthrough`.
    pub(crate) passthrough: Object,
}

/// One declared member: its path in the pool's document, and the value, or nothing for `null`.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) path: Path,
    pub(crate) value: Option<Json>,
}

impl Case {
    /// A pool of which no manifest says anything.
    pub(crate) fn of(live: Snapshot) -> Self {
        Self { live, settings: Object::new(), passthrough: Object::new() }
    }

    /// The manifest's text.
    pub(crate) fn manifest(&self, id: &str) -> String {
        let mut text = format!("version: 1\npool: {id}\n");
        for (name, members) in [("settings", &self.settings), ("passthrough", &self.passthrough)] {
            if !members.is_empty() {
                writeln!(text, "{name}:").unwrap();
                block(&mut text, members, 1);
            }
        }
        text
    }

    /// What is declared, by the pool's own names.
    pub(crate) fn declared(&self) -> Vec<Declared> {
        let mut out = Vec::new();
        leaves(&Path::root(), &self.settings, &mut out);
        leaves(&Path::root(), &self.passthrough, &mut out);
        let trigger = Path::members(["LambdaConfig", "PreTokenGeneration"]);
        if out.iter().any(|declared| declared.path == trigger && declared.value.is_none()) {
            // A trigger that goes takes its version with it.
            let path = Path::members(["LambdaConfig", "PreTokenGenerationConfig"]);
            out.push(Declared { path, value: None });
        }
        out
    }

    /// Whether a declared path is this one, lies inside it, or around it.
    pub(crate) fn declares(&self, path: &Path) -> bool {
        self.declared().iter().any(|declared| declared.path.overlaps(path))
    }
}

/// Everything that a person needs to replay a case.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let saved = json!({"UserPool": self.live.pool(), "MfaConfig": self.live.mfa()});
        write!(f, "--- manifest\n{}--- live\n{saved:#}\n---", self.manifest("eu-west-1_a1B2c3D4E"))
    }
}

fn leaves(at: &Path, members: &Object, out: &mut Vec<Declared>) {
    for (name, value) in members {
        let name = if at.is_root() && name == "PoolName" { "Name" } else { name };
        let path = at.member(name);
        match value {
            Json::Object(inner) if !inner.is_empty() => leaves(&path, inner, out),
            value => out.push(Declared { path, value: Some(value.clone()).filter(|value| !value.is_null()) }),
        }
    }
}

/// Any pool and any manifest for it. Most manifests ask for nothing that the service would refuse.
pub(crate) fn cases(shapes: &Shapes) -> BoxedStrategy<Case> {
    let settings = |density: f64| {
        let values = Values { shapes, density, strange: false, nulls: true };
        values.structure("", shapes.input("UpdateUserPool").unwrap(), &["UserPoolId"])
    };
    let settings = prop_oneof![3 => settings(0.35), 1 => settings(0.7)];
    // Which of the declared settings have their live values already; sometimes all of them.
    let count = shapes.input("UpdateUserPool").unwrap().members.len();
    let held = prop_oneof![4 => vec(proptest::bool::weighted(0.25), count), 1 => Just(vec![true; count])];
    (pools(shapes), settings, passthrough(shapes), held, any::<bool>())
        .prop_map(|(live, settings, passthrough, held, tame)| {
            finish(live, settings, passthrough, &held, tame)
        })
        .boxed()
}

/// New members at the top and inside of structures that the model knows.
fn passthrough(shapes: &Shapes) -> BoxedStrategy<Object> {
    let mut places = Vec::new();
    let mut waiting = vec![(String::new(), "UpdateUserPoolRequest")];
    while let Some((path, name)) = waiting.pop() {
        let shape = shapes.get(name).unwrap();
        if shape.kind == ShapeKind::Structure {
            let dot = if path.is_empty() { "" } else { "." };
            let inner = shape.members.iter().map(|(member, shape)| (format!("{path}{dot}{member}"), *shape));
            waiting.extend(inner);
            places.push(format!("{path}{dot}"));
        }
    }
    let place =
        (proptest::sample::select(places), proptest::sample::select(vec!["BrandNew", "newer", "Neuheit ß"]));
    let entries = vec((place, anything()), 0..3);
    let none = Just(Object::new()).boxed();
    let some = entries.prop_map(|entries| {
        let mut out = Object::new();
        for ((place, name), value) in entries {
            put(&mut out, &format!("{place}{name}"), value);
        }
        out
    });
    prop_oneof![1 => none, 1 => some].boxed()
}

fn finish(live: Snapshot, mut settings: Object, passthrough: Object, held: &[bool], tame: bool) -> Case {
    prune(&mut settings, "");
    let mut held = held.iter();
    settings.retain(|name, value| match held.next() {
        Some(true) => hold(value, live.pool().get(read_name(name))),
        _ => true,
    });
    if let Some(mode) = settings.get_mut("MfaConfiguration") {
        *mode = live.pool().get("MfaConfiguration").cloned().unwrap_or_else(|| json!("OFF"));
    }
    prune(&mut settings, "");
    one_name_each(&mut settings);
    let mut case = Case { live, settings, passthrough: Object::new() };
    case.passthrough =
        passthrough.into_iter().filter(|(name, value)| !collides(&case.settings, name, value)).collect();
    if at(&case.settings, "LambdaConfig.PreTokenGeneration") == Some(&Json::Null) {
        forget(&mut case.passthrough, "LambdaConfig.PreTokenGenerationConfig");
    }
    // Structures that cannot be sent without a member are a conflict of the plan's, and no case of ours.
    while let Some(path) = incomplete(&case.target(), "") {
        forget(&mut case.settings, &path);
        forget(&mut case.passthrough, &path);
    }
    for (paths, keeps) in RULES.iter().filter(|_| tame) {
        for path in *paths {
            if keeps(&case) {
                break;
            }
            forget(&mut case.settings, path);
            forget(&mut case.passthrough, path);
        }
    }
    case
}

/// Takes a path away, and what around it says nothing without it.
fn forget(members: &mut Object, path: &str) {
    take(members, path);
    if let Some((around, _)) = path.rsplit_once('.')
        && at(members, around) == Some(&json!({}))
    {
        forget(members, around);
    }
}

fn read_name(name: &str) -> &str {
    if name == "PoolName" { "Name" } else { name }
}

/// Takes away structures that say nothing, and words that only a newer model has.
fn prune(members: &mut Object, at: &str) {
    members.retain(|name, value| {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        if let Json::Object(inner) = value {
            prune(inner, &path);
        }
        let means_something = matches!(path.as_str(), "DeviceConfiguration" | "AccountRecoverySetting");
        let says_nothing = value.as_object().is_some_and(Object::is_empty) && !means_something;
        !says_nothing && !value.to_string().contains(STRANGE)
    });
}

/// Gives every declared leaf its live value; false where there is none, and it is not to be declared.
fn hold(declared: &mut Json, live: Option<&Json>) -> bool {
    match (declared, live) {
        (Json::Object(members), Some(Json::Object(live))) => {
            members.retain(|name, value| hold(value, live.get(name)));
            !members.is_empty()
        }
        (declared @ Json::Array(_), Some(Json::Array(elements))) => {
            *declared = elements.iter().map(known).collect();
            true
        }
        (declared, Some(value)) if !value.is_object() && !declared.is_null() => {
            *declared = value.clone();
            true
        }
        _ => false,
    }
}

/// An element of a list without the members that only a newer model has.
fn known(element: &Json) -> Json {
    let Json::Object(members) = element else { return element.clone() };
    let members = members.iter().filter(|(name, _)| matches!(name.as_str(), "Name" | "Priority"));
    Json::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A manifest that gives two values to one setting under its two names is refused by itself.
fn one_name_each(settings: &mut Object) {
    for (legacy, truth) in TWINS {
        let parent = truth.rsplit_once('.').unwrap().0;
        let covered = |path: &str| {
            let path = Path::members(path.split('.'));
            (1..=path.segs().len())
                .any(|len| json::get(settings, &path.prefix(len)).is_some_and(Json::is_null))
        };
        if at(settings, truth).is_some()
            || at(settings, parent).is_some() && parent.ends_with("Config")
            || covered(truth)
        {
            take(settings, legacy);
        }
    }
    prune(settings, "");
}

fn collides(settings: &Object, name: &str, passed: &Json) -> bool {
    match (settings.get(name), passed) {
        (None, _) => false,
        (Some(Json::Object(settings)), Json::Object(passed)) => {
            settings.is_empty() || passed.iter().any(|(name, passed)| collides(settings, name, passed))
        }
        _ => true,
    }
}

impl Case {
    /// The pool as the manifest wants it, roughly: good enough to ask whether the service would take it.
    pub(crate) fn target(&self) -> Object {
        let mut pool = self.live.pool().to_object();
        merge(&mut pool, &self.settings, "");
        merge(&mut pool, &self.passthrough, "");
        pool
    }
}

fn merge(into: &mut Object, from: &Object, at: &str) {
    for (name, value) in from {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let name = if at.is_empty() { read_name(name) } else { name };
        match (value, into.get_mut(name)) {
            (Json::Null, _) => match default_of(&path) {
                Some((default, _)) => drop(into.insert(name.to_owned(), default)),
                None => drop(into.shift_remove(name)),
            },
            (Json::Object(inner), Some(Json::Object(members))) => merge(members, inner, &path),
            (Json::Object(inner), _) => {
                let mut members = Object::new();
                merge(&mut members, inner, &path);
                into.insert(name.to_owned(), Json::Object(members));
            }
            (value, _) => drop(into.insert(name.to_owned(), value.clone())),
        }
    }
}

/// A structure of the pool that lacks a member which the model demands.
fn incomplete(pool: &Object, at: &str) -> Option<String> {
    pool.iter().find_map(|(name, value)| {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let members = value.as_object()?;
        let needed: &[&str] = match name.as_str() {
            "PreTokenGenerationConfig" | "CustomSMSSender" | "CustomEmailSender" | "InboundFederation" => {
                &["LambdaVersion", "LambdaArn"]
            }
            "UserPoolAddOns" => &["AdvancedSecurityMode"],
            "EumsSms" => &["CallerArn"],
            name if LEVELS.contains(&name) => &["AcrValue"],
            _ => &[],
        };
        let lacks = needed.iter().any(|name| !members.contains_key(*name));
        if lacks { Some(path) } else { incomplete(members, &path) }
    })
}

/// What the service enforces over a whole pool, and the wants to give up, in turn, until it holds.
type Rule = (&'static [&'static str], fn(&Case) -> bool);

const RULES: &[Rule] = &[
    (&["SmsConfiguration"], |case| {
        let pool = case.target();
        let Some(sms) = pool.get("SmsConfiguration") else { return true };
        let topic = sms.get("SnsCallerArn").is_some_and(|arn| arn != "");
        let region = at(&pool, "SmsConfiguration.EumsSms.Region").is_none_or(|region| region == "eu-west-1");
        topic != sms.get("EumsSms").is_some() && region
    }),
    (&["AutoVerifiedAttributes", "UserAttributeUpdateSettings"], |case| {
        let pool = case.target();
        let needed = at(&pool, "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate");
        let mut needed = needed.and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        needed.all(|name| holds(&pool, "AutoVerifiedAttributes", name))
    }),
    (&["AutoVerifiedAttributes", "UserAttributeUpdateSettings"], |case| {
        let pool = case.target();
        !holds(&pool, "AutoVerifiedAttributes", "phone_number") || pool.contains_key("SmsConfiguration")
    }),
    (&["EmailConfiguration"], |case| {
        let pool = case.target();
        let own = word(&pool, "EmailConfiguration.EmailSendingAccount") == Some("DEVELOPER");
        let has = |name: &str| at(&pool, &format!("EmailConfiguration.{name}")).is_some();
        let mfa = case.live.mfa().is_some_and(|mfa| mfa.has("EmailMfaConfiguration"));
        let from = word(&pool, "EmailConfiguration.From").unwrap_or_default();
        if own { has("SourceArn") && from.is_ascii() } else { !has("From") && !mfa }
    }),
    (&["LambdaConfig.CustomSMSSender", "LambdaConfig.CustomEmailSender", "LambdaConfig.KMSKeyID"], |case| {
        let pool = case.target();
        let has = |name: &str| at(&pool, &format!("LambdaConfig.{name}")).is_some();
        has("KMSKeyID") || !has("CustomSMSSender") && !has("CustomEmailSender")
    }),
    (&["UserPoolTier", "UserPoolAddOns"], |case| {
        let pool = case.target();
        let off = word(&pool, "UserPoolAddOns.AdvancedSecurityMode").is_none_or(|mode| mode == "OFF");
        off || !matches!(word(&pool, "UserPoolTier"), Some("LITE" | "ESSENTIALS"))
    }),
    (&["UserPoolTier", "Policies.SignInPolicy", "Policies"], |case| {
        let pool = case.target();
        let factor = |name: &str| holds(&pool, "Policies.SignInPolicy.AllowedFirstAuthFactors", name);
        let others = ["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN", STRANGE].into_iter().any(factor);
        let on = word(&pool, "MfaConfiguration") == Some("ON");
        let no_sender = factor("SMS_OTP") && !pool.contains_key("SmsConfiguration");
        let beside_mfa = on && ["EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"].into_iter().any(factor);
        let no_plan = others && word(&pool, "UserPoolTier") == Some("LITE");
        let no_password = others && !factor("PASSWORD");
        !no_sender && !beside_mfa && !no_plan && !no_password
    }),
    (&["UserPoolTier", "LambdaConfig.PreTokenGenerationConfig"], |case| {
        let pool = case.target();
        let version = word(&pool, "LambdaConfig.PreTokenGenerationConfig.LambdaVersion");
        version.is_none_or(|version| version == "V1_0") || word(&pool, "UserPoolTier") != Some("LITE")
    }),
    (&["UserPoolTier"], |case| {
        let factor = case.live.mfa().and_then(|mfa| {
            word(&mfa.to_object(), "WebAuthnConfiguration.FactorConfiguration").map(str::to_owned)
        });
        let mfa = case.live.mfa().is_some_and(|mfa| mfa.has("EmailMfaConfiguration"));
        let lite = word(&case.target(), "UserPoolTier") == Some("LITE");
        !lite || !mfa && factor.as_deref() != Some("MULTI_FACTOR_WITH_USER_VERIFICATION")
    }),
    (&["UserPoolTier", "AcrConfiguration"], |case| {
        let pool = case.target();
        !pool.contains_key("AcrConfiguration") || word(&pool, "UserPoolTier") != Some("LITE")
    }),
    (&["AcrConfiguration"], |case| {
        let pool = case.target();
        let name =
            |level: &str| word(&pool, &format!("AcrConfiguration.{level}.AcrValue")).map(str::to_owned);
        let mut names: Vec<String> =
            LEVELS.into_iter().map(|level| name(level).unwrap_or_else(|| built_in(level))).collect();
        names.sort();
        names.dedup();
        names.len() == LEVELS.len()
    }),
    (&["UserPoolTier", "DcrConfiguration"], |case| {
        let pool = case.target();
        let off = word(&pool, "DcrConfiguration.EnableStatus") == Some("Disabled");
        off || !pool.contains_key("DcrConfiguration") || word(&pool, "UserPoolTier") != Some("LITE")
    }),
];

fn block(out: &mut String, members: &Object, depth: usize) {
    for (name, value) in members {
        let indent = "  ".repeat(depth);
        match value {
            Json::Object(inner) if !inner.is_empty() => {
                writeln!(out, "{indent}{}:", key(name)).unwrap();
                block(out, inner, depth + 1);
            }
            value => writeln!(out, "{indent}{}: {}", key(name), flow(value)).unwrap(),
        }
    }
}

fn flow(value: &Json) -> String {
    match value {
        Json::String(text) => scalar(&text.replace("${", "$${")),
        Json::Array(elements) => format!("[{}]", elements.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", key(name), flow(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn key(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric());
    let number = name.starts_with(|c: char| c.is_ascii_digit());
    let word = plain
        && name.len() > 3
        && !number
        && !matches!(name.to_ascii_lowercase().as_str(), "null" | "true" | "false");
    if word { name.to_owned() } else { quoted(name) }
}

/// Words as people write them, without quotes; everything else in quotes.
fn scalar(text: &str) -> String {
    let word = text.len() > 1 && text.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    if word && !matches!(text, "NULL" | "TRUE" | "FALSE") { text.to_owned() } else { quoted(text) }
}

/// The JSON text of a string is its YAML text, too.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
