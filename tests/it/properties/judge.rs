//! Whether an apply kept its promises, judged on the raw documents and by nothing of the program's.

use std::collections::{BTreeMap, BTreeSet};

use poolctl::document::{Json, Object, Path, Seg, json};
use serde_json::json;

use crate::properties::live::{LEVELS, TWINS, at, built_in};
use crate::properties::manifest::{Case, Declared};

/// Both documents of a pool as its file has them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Saved {
    pub(crate) text: String,
    pub(crate) pool: Object,
    pub(crate) mfa: Object,
}

/// What `null` makes of a member that is written, from the facts' table of removals, and whether the
/// pool says the same where the member is absent.
const DEFAULTS: &[(&str, &str, bool)] = &[
    ("Policies.PasswordPolicy.MinimumLength", "8", true),
    ("Policies.PasswordPolicy.RequireUppercase", "true", false),
    ("Policies.PasswordPolicy.RequireLowercase", "true", false),
    ("Policies.PasswordPolicy.RequireNumbers", "true", false),
    ("Policies.PasswordPolicy.RequireSymbols", "true", false),
    ("Policies.PasswordPolicy.PasswordHistorySize", "0", true),
    ("Policies.PasswordPolicy.TemporaryPasswordValidityDays", "7", true),
    ("Policies.SignInPolicy.AllowedFirstAuthFactors", r#"["PASSWORD"]"#, true),
    ("Policies.SignInPolicy", r#"{"AllowedFirstAuthFactors": ["PASSWORD"]}"#, true),
    ("DeletionProtection", r#""INACTIVE""#, true),
    ("LambdaConfig", "{}", true),
    ("AutoVerifiedAttributes", "[]", true),
    ("VerificationMessageTemplate", r#"{"DefaultEmailOption": "CONFIRM_WITH_CODE"}"#, true),
    ("VerificationMessageTemplate.DefaultEmailOption", r#""CONFIRM_WITH_CODE""#, true),
    ("UserAttributeUpdateSettings", r#"{"AttributesRequireVerificationBeforeUpdate": []}"#, true),
    ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", "[]", true),
    ("MfaConfiguration", r#""OFF""#, true),
    ("EmailConfiguration", r#"{"EmailSendingAccount": "COGNITO_DEFAULT"}"#, true),
    ("EmailConfiguration.EmailSendingAccount", r#""COGNITO_DEFAULT""#, true),
    ("UserPoolTags", "{}", true),
    ("AdminCreateUserConfig", r#"{"AllowAdminCreateUserOnly": false}"#, true),
    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", "false", true),
    ("UserPoolAddOns", r#"{"AdvancedSecurityMode": "OFF"}"#, true),
    ("UserPoolAddOns.AdvancedSecurityMode", r#""OFF""#, true),
    ("DcrConfiguration", r#"{"EnableStatus": "Disabled"}"#, false),
    ("DcrConfiguration.EnableStatus", r#""Disabled""#, false),
    ("AccountRecoverySetting", "{}", true),
    ("UserPoolTier", r#""ESSENTIALS""#, false),
    ("KeyConfiguration", r#"{"KeyType": "AWS_OWNED_KEY"}"#, true),
    ("KeyConfiguration.KeyType", r#""AWS_OWNED_KEY""#, true),
    ("IssuerConfiguration", r#"{"Type": "ORIGINAL"}"#, true),
    ("IssuerConfiguration.Type", r#""ORIGINAL""#, true),
    ("AcrConfiguration", "{}", true),
    ("SmsConfiguration.SnsRegion", r#""eu-west-1""#, false),
    ("SmsConfiguration.EumsSms.Region", r#""eu-west-1""#, false),
    // Left out where they are reset, and shown as these or not at all.
    ("DeviceConfiguration.ChallengeRequiredOnNewDevice", "false", true),
    ("DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt", "false", true),
    ("DcrConfiguration.OpenDcrEnabled", "false", true),
];

/// What the service puts where a structure that it is sent has nothing: the facts' service-filled
/// defaults. The only values that may appear though nobody declared them.
pub(crate) const FILLS: &[(&str, &str)] = &[
    ("Policies.PasswordPolicy.MinimumLength", "8"),
    ("Policies.PasswordPolicy.RequireUppercase", "false"),
    ("Policies.PasswordPolicy.RequireLowercase", "false"),
    ("Policies.PasswordPolicy.RequireNumbers", "false"),
    ("Policies.PasswordPolicy.RequireSymbols", "false"),
    ("Policies.PasswordPolicy.TemporaryPasswordValidityDays", "7"),
    ("Policies.SignInPolicy.AllowedFirstAuthFactors[0]", r#""PASSWORD""#),
    ("EmailConfiguration.EmailSendingAccount", r#""COGNITO_DEFAULT""#),
    ("VerificationMessageTemplate.DefaultEmailOption", r#""CONFIRM_WITH_CODE""#),
    ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", "[]"),
    ("AdminCreateUserConfig.AllowAdminCreateUserOnly", "false"),
    ("KeyConfiguration.KeyType", r#""AWS_OWNED_KEY""#),
    ("IssuerConfiguration.Type", r#""ORIGINAL""#),
    ("DcrConfiguration.EnableStatus", r#""Enabled""#),
    // Spelled out by the request.
    ("DcrConfiguration.EnableStatus", r#""Disabled""#),
    ("DcrConfiguration.OpenDcrEnabled", "false"),
    ("SmsConfiguration.SnsRegion", r#""eu-west-1""#),
    // The version of a token trigger that was known by its legacy name alone.
    ("LambdaConfig.PreTokenGenerationConfig.LambdaVersion", r#""V1_0""#),
];

/// What `null` stands for at a path, and whether absence says the same.
pub(crate) fn default_of(path: &str) -> Option<(Json, bool)> {
    if path == "Policies" || path == "Policies.PasswordPolicy" {
        let password = json!({
            "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
            "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
        });
        let sign_in = json!({"AllowedFirstAuthFactors": ["PASSWORD"]});
        let whole = json!({"PasswordPolicy": password, "SignInPolicy": sign_in});
        return Some((if path == "Policies" { whole } else { password }, false));
    }
    if let Some(level) =
        LEVELS.into_iter().find(|level| path.starts_with(&format!("AcrConfiguration.{level}")))
    {
        let name = json!(built_in(level));
        return Some((if path.ends_with("AcrValue") { name } else { json!({"AcrValue": name}) }, true));
    }
    let (_, default, absent) = DEFAULTS.iter().find(|(name, ..)| *name == path)?;
    Some((serde_json::from_str(default).unwrap(), *absent))
}

/// Every leaf of a document by its path, as text.
pub(crate) fn flat(document: &Object) -> BTreeMap<Path, String> {
    fn visit(at: Path, value: &Json, out: &mut BTreeMap<Path, String>) {
        match value {
            Json::Object(members) if !members.is_empty() => {
                members.iter().for_each(|(name, value)| visit(at.member(name), value, out));
            }
            Json::Array(elements) if !elements.is_empty() => {
                let elements = elements.iter().enumerate();
                elements.for_each(|(index, value)| visit(at.join(Seg::Index(index)), value, out));
            }
            leaf => drop(out.insert(at, leaf.to_string())),
        }
    }
    let mut out = BTreeMap::new();
    document.iter().for_each(|(name, value)| visit(Path::members([name.as_str()]), value, &mut out));
    out
}

/// Whether a restore has brought back all of `before`. Sets and lists by priority may come back in another
/// order; what was absent comes back as Cognito's default, where it cannot be absent again.
pub(crate) fn restored(before: &Saved, after: &Saved) -> Result<(), String> {
    let sorted = |saved: &Saved| {
        let mut saved = saved.clone();
        saved.pool.values_mut().chain(saved.mfa.values_mut()).for_each(sort);
        saved
    };
    let (before, after) = (sorted(before), sorted(after));
    for moved in moves(&before, &after) {
        let name = moved.path.to_string();
        let default = moved.was.is_none()
            && default_of(&name).is_some_and(|(default, _)| Some(default.to_string()) == moved.is);
        let excused = name == "LastModifiedDate"
            || default
            || moved.means_the_same()
            || twin_holds(&[], &name, &before, &after);
        if !excused {
            return Err(format!("`{name}` was not restored: was {:?}, is {:?}", moved.was, moved.is));
        }
    }
    mirrors(&before, &after)
}

fn sort(value: &mut Json) {
    match value {
        Json::Array(elements) => elements.sort_by_cached_key(Json::to_string),
        Json::Object(members) => members.values_mut().for_each(sort),
        _ => {}
    }
}

/// One leaf that is not what it was.
pub(crate) struct Move {
    pub(crate) path: Path,
    was: Option<String>,
    is: Option<String>,
}

/// Every leaf of the pool that is not what it was, but for what the service filled in.
pub(crate) fn moves(before: &Saved, after: &Saved) -> Vec<Move> {
    let (was, is) = (flat(&before.pool), flat(&after.pool));
    let paths: BTreeSet<&Path> = was.keys().chain(is.keys()).collect();
    let moves = paths.into_iter().map(|path| Move {
        path: path.clone(),
        was: was.get(path).cloned(),
        is: is.get(path).cloned(),
    });
    moves.filter(|moved| moved.was != moved.is && !moved.is_filled(before, after)).collect()
}

impl Move {
    /// Whether only the way in which the same is said has changed: a default and its absence, or a value
    /// under another of its two names.
    pub(crate) fn means_the_same(&self) -> bool {
        let name = self.path.to_string();
        if TWINS.iter().any(|(legacy, _)| *legacy == name) {
            return true;
        }
        let ((None, Some(text)) | (Some(text), None)) = (&self.was, &self.is) else { return false };
        let default = default_of(&name).filter(|(_, absent)| *absent).map(|(value, _)| value.to_string());
        text == "[]" || text == "{}" || default.as_ref() == Some(text)
    }

    fn is_filled(&self, before: &Saved, after: &Saved) -> bool {
        match (&self.was, &self.is) {
            // A pool without client registration does not get it because a part of it is declared.
            (None, Some(text)) if text == r#""Enabled""# => {
                let around = json::get(&before.pool, &self.path.parent().unwrap()).and_then(Json::as_object);
                around.is_some_and(|members| !members.is_empty())
                    && FILLS.contains(&(&self.path.to_string(), text))
            }
            (None, Some(text)) => FILLS.contains(&(&self.path.to_string(), text)),
            // An empty structure that holds something now is looked at by what it holds.
            (Some(text), None) if text == "{}" => {
                json::get(&after.pool, &self.path).is_some_and(Json::is_object)
            }
            _ => false,
        }
    }
}

/// Whether everything that a case declares holds in `after`, and everything else is as in `before`.
pub(crate) fn judge(case: &Case, before: &Saved, after: &Saved) -> Result<(), String> {
    let declared = case.declared();
    for declared in &declared {
        holds(declared, before, after)?;
    }
    untouched(&declared, before, after)
}

/// Whether one declared member is as declared.
fn holds(declared: &Declared, before: &Saved, after: &Saved) -> Result<(), String> {
    let Declared { path, value } = declared;
    let actual = json::get(&after.pool, path);
    let name = path.to_string();
    let twin = TWINS.iter().find(|(legacy, _)| *legacy == name).map(|(_, truth)| *truth);
    let held = match (value, default_of(&setting(&name))) {
        (Some(value), default) => {
            let absent = value == &json!([]) || value == &json!({});
            let absent = absent && !name.starts_with("DcrConfiguration.") && name != "DeviceConfiguration"
                || default.is_some_and(|(default, absent)| absent && same(&name, &default, value));
            let actual = actual.or_else(|| at(&after.pool, twin?));
            // Presence is all that `{}` asks for there.
            let ensured = name == "DeviceConfiguration" && value == &json!({}) && actual.is_some();
            ensured || actual.map_or(absent, |actual| same(&name, value, actual))
        }
        // The days cannot go: they fall to their default.
        (None, _) if name.ends_with("UnusedAccountValidityDays") => actual.is_none_or(|days| days == 7),
        (None, Some((default, absent))) => {
            let empty = absent && actual == Some(&json!({}));
            empty || actual.map_or(absent, |actual| includes(&name, actual, &default))
        }
        (None, None) => {
            let nothing = |actual: &Json| actual == &json!({}) && name != "DeviceConfiguration";
            actual.is_none_or(|actual| nothing(actual) || FILLS.contains(&(&name, &actual.to_string())))
        }
    };
    if held {
        return Ok(());
    }
    let shown = |value: Option<&Json>| value.map_or("nothing".to_owned(), Json::to_string);
    let was = json::get(&before.pool, path);
    Err(format!(
        "declared `{path}` does not hold: wanted {}, was {}, is {}",
        shown(value.as_ref()),
        shown(was),
        shown(actual)
    ))
}

/// A setting's name for the pool's member.
fn setting(path: &str) -> String {
    if path == "Name" { "PoolName".to_owned() } else { path.to_owned() }
}

fn same(path: &str, wanted: &Json, actual: &Json) -> bool {
    match (wanted, actual) {
        // The service takes no days for the default; alone under their old name they stay.
        (wanted, actual) if path.ends_with("ValidityDays") && wanted == &json!(0) => {
            actual == &json!(7) || actual == &json!(0)
        }
        (Json::Array(wanted), Json::Array(actual)) if path.ends_with("RecoveryMechanisms") => {
            let names = |list: &[Json]| -> BTreeSet<String> {
                list.iter().map(|element| format!("{} {}", element["Name"], element["Priority"])).collect()
            };
            names(wanted) == names(actual)
        }
        (Json::Array(wanted), Json::Array(actual)) if !path.contains("BrandNew") => {
            let texts = |list: &[Json]| list.iter().map(Json::to_string).collect::<BTreeSet<_>>();
            texts(wanted) == texts(actual)
        }
        (wanted, actual) => wanted == actual,
    }
}

/// Whether a structure is at its default, but for what the service adds by itself.
fn includes(path: &str, actual: &Json, default: &Json) -> bool {
    let (Json::Object(members), Json::Object(wanted)) = (actual, default) else {
        return same(path, default, actual);
    };
    let twins = |name: &String| TWINS.iter().any(|(legacy, _)| *legacy == format!("{path}.{name}"));
    let extra = |name: &String, value: &Json| {
        let own = path == "UserPoolTags" && name.starts_with("aws:");
        let inner = format!("{path}.{name}");
        let default = default_of(&inner).is_some_and(|(default, absent)| absent && default == *value);
        own || twins(name) || default || value == &json!({}) || FILLS.contains(&(&inner, &value.to_string()))
    };
    wanted.iter().all(|(name, value)| {
        members.get(name).is_some_and(|actual| includes(&format!("{path}.{name}"), actual, value))
    }) && members.iter().all(|(name, value)| wanted.contains_key(name) || extra(name, value))
}

/// Whether everything that is not declared is byte for byte what it was, but for the exceptions that
/// are named here.
fn untouched(declared: &[Declared], before: &Saved, after: &Saved) -> Result<(), String> {
    for moved in moves(before, after) {
        // A pool that comes to LITE may not be sent the built-in names of its levels: they go unsent.
        let levels = moved.path.head() == Some("AcrConfiguration") && moved.means_the_same();
        let not_taken = levels && after.pool.get("UserPoolTier") == Some(&json!("LITE"));
        let Move { path, was, is } = moved;
        let name = path.to_string();
        let excused = declared.iter().any(|declared| declared.path.overlaps(&path))
            || gives_way(declared, &path, before)
            || name == "LastModifiedDate"
            || not_taken
            || twin_holds(declared, &name, before, after);
        if !excused {
            let shown = |value: Option<String>| value.unwrap_or("nothing".to_owned());
            let (was, is) = (shown(was), shown(is));
            return Err(format!("`{path}` has moved though nobody asked: was {was}, is {is}"));
        }
    }
    mechanisms(declared, before, after)?;
    mirrors(before, after)
}

/// A list or a scalar of old gives way where a member of a structure is passed through in its place.
fn gives_way(declared: &[Declared], path: &Path, before: &Saved) -> bool {
    let outer = (1..path.segs().len()).map(|len| path.prefix(len));
    let plain = |outer: &Path| json::get(&before.pool, outer).is_some_and(|value| !value.is_object());
    outer.filter(plain).any(|outer| declared.iter().any(|declared| declared.path.is_within(&outer)))
}

/// Of two names for one value, one may appear or follow the other: what the pool means by them is what
/// is declared of either, else what it was.
fn twin_holds(declared: &[Declared], name: &str, before: &Saved, after: &Saved) -> bool {
    let twin = TWINS.iter().find(|(legacy, truth)| {
        // With the last trigger the structure around it goes, or comes.
        *legacy == name || *truth == name
    });
    let Some((legacy, truth)) = twin else { return false };
    let value = |saved: &Saved| at(&saved.pool, truth).or_else(|| at(&saved.pool, legacy)).cloned();
    let path = |text: &str| Path::members(text.split('.'));
    let asked = declared
        .iter()
        .find(|declared| [legacy, truth].iter().any(|name| path(name).is_within(&declared.path)));
    let agree = match (at(&after.pool, legacy), at(&after.pool, truth)) {
        (Some(legacy), Some(truth)) => legacy == truth,
        _ => true,
    };
    let filled = |days: Option<Json>| days.is_some_and(|days| FILLS.contains(&(truth, &days.to_string())));
    agree
        && (asked.is_some()
            || value(before) == value(after)
            || value(before).is_none() && filled(value(after)))
}

/// Members of a recovery mechanism that only a newer model has stay with it, also when the list is declared.
fn mechanisms(declared: &[Declared], before: &Saved, after: &Saved) -> Result<(), String> {
    const LIST: &str = "AccountRecoverySetting.RecoveryMechanisms";
    let asked = declared.iter().any(|declared| declared.path.to_string() == LIST && declared.value.is_some());
    if !asked {
        return Ok(());
    }
    let list = |saved: &Saved| at(&saved.pool, LIST).and_then(Json::as_array).cloned().unwrap_or_default();
    let was = list(before);
    for element in list(after) {
        let Some(old) = was.iter().find(|old| old["Name"] == element["Name"]) else { continue };
        for (name, value) in old.as_object().into_iter().flatten().filter(|(name, _)| *name != "Priority") {
            if element.get(name).map(Json::to_string) != Some(value.to_string()) {
                return Err(format!("`{LIST}`: {} has lost its `{name}`: {value}", element["Name"]));
            }
        }
    }
    Ok(())
}

/// The MFA document moves only where it repeats the pool.
fn mirrors(before: &Saved, after: &Saved) -> Result<(), String> {
    let (was, is) = (flat(&before.mfa), flat(&after.mfa));
    let paths: BTreeSet<&Path> = was.keys().chain(is.keys()).collect();
    for path in paths.into_iter().filter(|path| was.get(*path) != is.get(*path)) {
        let (place, pool) = match path.segs() {
            [block, ..] if *block == Seg::Member("SmsMfaConfiguration".into()) => (path.prefix(2), 1),
            _ => (path.prefix(1), 0),
        };
        let of_pool = place.segs()[pool..].iter().fold(Path::root(), |path, seg| path.join(seg.clone()));
        let named = [
            "SmsMfaConfiguration",
            "SmsMfaConfiguration.SmsConfiguration",
            "SmsMfaConfiguration.SmsAuthenticationMessage",
        ]
        .contains(&place.to_string().as_str());
        let repeats = json::get(&after.mfa, &place) == json::get(&after.pool, &of_pool);
        if !named || !(repeats || place.segs().len() == 1) {
            return Err(format!(
                "`{path}` of the MFA document has moved: was {:?}, is {:?}",
                was.get(path),
                is.get(path)
            ));
        }
    }
    Ok(())
}
