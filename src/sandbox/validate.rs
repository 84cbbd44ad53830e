//! The checks that the service makes on a request before it looks at the pool, in its own wording.
//!
//! Types first (`SerializationException`), then the model's constraints, all of them in one message.
//! Members unknown to the model pass untouched. A `null` of a known member is as good as its absence:
//! the service's own parser knows no difference. **\[I\]** A word that the pool already shows is one that
//! the service knows, also where our model is older.

use super::answer::Refusal;
use super::patterns;
use crate::document::{Json, Object, bytes};
use crate::shapes::{Shape, ShapeKind, Shapes};

/// Where the model's pattern gives way to the sentence of [`super::rules`], as users report it. **\[R\]**
const JUDGED_BY_RULES: &str = "verificationMessageTemplate.";

/// The request without its nulls, or why the service refuses it; `shown` says whether a word is one that the
/// pool has. An operation without a shape is not checked.
pub(super) fn request(
    shapes: &Shapes,
    operation: &str,
    body: &Object,
    shown: &dyn Fn(&str) -> bool,
) -> Result<Object, Refusal> {
    let Some(shape) = shapes.input(operation) else { return Ok(body.clone()) };
    let mut check = Check { shapes, shown, failures: Vec::new() };
    let clean = check.structure(shape, body, "")?;
    match check.failures.as_slice() {
        [] => Ok(clean),
        [one] => Err(Refusal::invalid(format!("1 validation error detected: {one}"))),
        many => {
            let (count, text) = (many.len(), many.join("; "));
            Err(Refusal::invalid(format!("{count} validation errors detected: {text}")))
        }
    }
}

/// Whether a text stands anywhere in a document.
pub(super) fn says(document: &Object, word: &str) -> bool {
    fn visit(value: &Json, word: &str) -> bool {
        match value {
            Json::String(text) => text == word,
            Json::Array(elements) => elements.iter().any(|value| visit(value, word)),
            Json::Object(members) => says(members, word),
            _ => false,
        }
    }
    document.values().any(|value| visit(value, word))
}

/// The answer to a request without a member that it cannot do without.
pub(super) fn missing(member: &str) -> Refusal {
    Refusal::invalid(format!("1 validation error detected: {}", null_at(&lower_first(member))))
}

struct Check<'a> {
    shapes: &'a Shapes,
    shown: &'a dyn Fn(&str) -> bool,
    failures: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, shape: &Shape, value: &Json, path: &str) -> Result<Json, Refusal> {
        match (shape.kind, value) {
            (ShapeKind::Structure, Json::Object(members)) => {
                Ok(Json::Object(self.structure(shape, members, path)?))
            }
            (ShapeKind::List, Json::Array(elements)) => self.list(shape, elements, path),
            (ShapeKind::Map, Json::Object(entries)) => self.map(shape, entries, path),
            (ShapeKind::Other, _) | (ShapeKind::Document, Json::Object(_)) => Ok(value.clone()),
            (ShapeKind::Structure | ShapeKind::Document | ShapeKind::List | ShapeKind::Map, _)
            | (_, Json::Array(_) | Json::Object(_)) => Err(wrong_collection(shape.kind, value)),
            _ => {
                scalar_type(shape.kind, value)?;
                let broken = self.broken(shape, value, path);
                self.fail(shape, || value.clone(), path, broken);
                Ok(value.clone())
            }
        }
    }

    fn structure(&mut self, shape: &Shape, members: &Object, path: &str) -> Result<Object, Refusal> {
        let mut clean = Object::new();
        for (name, value) in members {
            let Some(member) = self.shapes.member(shape, name) else {
                clean.insert(name.clone(), value.clone());
                continue;
            };
            if !value.is_null() {
                let value = self.value(member, value, &joined(path, name))?;
                clean.insert(name.clone(), value);
            }
        }
        for name in shape.required.iter().filter(|name| !clean.contains_key(**name)) {
            self.failures.push(null_at(&joined(path, name)));
        }
        Ok(clean)
    }

    fn list(&mut self, shape: &Shape, elements: &[Json], path: &str) -> Result<Json, Refusal> {
        let whole = || Json::Array(elements.to_vec());
        self.fail(shape, whole, path, lengths(shape, elements.len()));
        let Some(element) = self.shapes.element(shape) else { return Ok(whole()) };
        let mut clean = Vec::with_capacity(elements.len());
        let mut bad = false;
        for (index, value) in elements.iter().enumerate() {
            let path = format!("{path}.{}.member", index + 1);
            match element.kind {
                _ if value.is_null() => self.failures.push(null_at(&path)),
                ShapeKind::Structure | ShapeKind::List | ShapeKind::Map => {
                    clean.push(self.value(element, value, &path)?)
                }
                _ => {
                    if value.is_array() || value.is_object() {
                        return Err(wrong_collection(element.kind, value));
                    }
                    scalar_type(element.kind, value)?;
                    bad |= !self.broken(element, value, &path).is_empty();
                    clean.push(value.clone());
                }
            }
        }
        if bad {
            let constraint = format!("Member must satisfy constraint: [{}]", all(element));
            self.fail(shape, whole, path, vec![constraint]);
        }
        Ok(Json::Array(clean))
    }

    fn map(&mut self, shape: &Shape, entries: &Object, path: &str) -> Result<Json, Refusal> {
        let whole = || Json::Object(entries.clone());
        self.fail(shape, whole, path, lengths(shape, entries.len()));
        let key = shape.key.and_then(|key| self.shapes.get(key));
        if let Some(key) = key {
            let bad =
                entries.keys().any(|name| !self.broken(key, &Json::from(name.as_str()), path).is_empty());
            let constraint = || format!("Map keys must satisfy constraint: [{}]", all(key));
            self.fail(shape, whole, path, bad.then(constraint).into_iter().collect());
        }
        let Some(of) = shape.value.and_then(|value| self.shapes.get(value)) else {
            return Ok(whole());
        };
        let mut clean = Object::new();
        for (name, value) in entries {
            let path = format!("{path}.{name}.member");
            if value.is_null() {
                self.failures.push(null_at(&path));
            } else {
                clean.insert(name.clone(), self.value(of, value, &path)?);
            }
        }
        Ok(Json::Object(clean))
    }

    /// The constraints of `shape` that a scalar does not keep.
    fn broken(&self, shape: &Shape, value: &Json, path: &str) -> Vec<String> {
        match value {
            // Text that is no base64 does not parse.
            Json::String(text) if shape.kind == ShapeKind::Blob => {
                lengths(shape, bytes::decode(text).unwrap_or_default().len())
            }
            Json::String(text) => {
                let mut broken = lengths(shape, text.chars().count());
                let known =
                    shape.allowed.is_empty() || shape.allowed.contains(&text.as_str()) || (self.shown)(text);
                if !known {
                    broken.push(enumeration(shape));
                }
                // The model's pattern of a domain has no dots, and custom domains have them.
                let judged_elsewhere =
                    path.starts_with(JUDGED_BY_RULES) && path.contains("Message") || path == "domain";
                if let Some(pattern) = shape.pattern.filter(|_| !judged_elsewhere)
                    && !patterns::matches(pattern, text)
                {
                    broken.push(regular(pattern));
                }
                broken
            }
            Json::Number(number) => {
                let Some(number) = number.as_i64() else { return Vec::new() };
                let least = shape.min.filter(|min| number < *min).map(|min| at_least("value", min));
                let most = shape.max.filter(|max| number > *max).map(|max| at_most("value", max));
                least.into_iter().chain(most).collect()
            }
            _ => Vec::new(),
        }
    }

    fn fail(&mut self, shape: &Shape, value: impl FnOnce() -> Json, path: &str, broken: Vec<String>) {
        if broken.is_empty() {
            return;
        }
        let value = if shape.sensitive || shape.kind == ShapeKind::Blob {
            String::new()
        } else {
            format!(" '{}'", shown(&value()))
        };
        let failures = broken
            .into_iter()
            .map(|rule| format!("Value{value} at '{path}' failed to satisfy constraint: {rule}"));
        self.failures.extend(failures);
    }
}

fn lengths(shape: &Shape, length: usize) -> Vec<String> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let least = shape.min.filter(|min| length < *min).map(|min| at_least("length", min));
    let most = shape.max.filter(|max| length > *max).map(|max| at_most("length", max));
    least.into_iter().chain(most).collect()
}

/// Every constraint of a shape, as the service lists them for elements and keys.
fn all(shape: &Shape) -> String {
    let measure = if shape.kind == ShapeKind::Integer { "value" } else { "length" };
    let most = shape.max.map(|max| at_most(measure, max));
    let least = shape.min.map(|min| at_least(measure, min));
    let allowed = (!shape.allowed.is_empty()).then(|| enumeration(shape));
    let pattern = shape.pattern.map(regular);
    most.into_iter().chain(least).chain(allowed).chain(pattern).collect::<Vec<_>>().join(", ")
}

fn at_least(measure: &str, bound: i64) -> String {
    format!("Member must have {measure} greater than or equal to {bound}")
}

fn at_most(measure: &str, bound: i64) -> String {
    format!("Member must have {measure} less than or equal to {bound}")
}

fn enumeration(shape: &Shape) -> String {
    format!("Member must satisfy enum value set: [{}]", shape.allowed.join(", "))
}

fn regular(pattern: &str) -> String {
    format!("Member must satisfy regular expression pattern: {pattern}")
}

fn null_at(path: &str) -> String {
    format!("Value null at '{path}' failed to satisfy constraint: Member must not be null")
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(elements) => format!("[{}]", elements.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let entries = members.iter().map(|(name, value)| format!("{name}={}", shown(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn joined(path: &str, name: &str) -> String {
    let name = lower_first(name);
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

fn lower_first(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn scalar_type(kind: ShapeKind, value: &Json) -> Result<(), Refusal> {
    let fits = match kind {
        ShapeKind::String => value.is_string(),
        ShapeKind::Blob => value.as_str().is_some_and(|text| bytes::decode(text).is_some()),
        ShapeKind::Boolean => value.is_boolean(),
        ShapeKind::Integer => value.as_i64().is_some(),
        ShapeKind::Float | ShapeKind::Timestamp => value.is_number(),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    let found = match value {
        Json::String(_) => "STRING_VALUE",
        Json::Number(_) => "NUMBER_VALUE",
        Json::Bool(true) => "TRUE_VALUE",
        Json::Bool(false) => "FALSE_VALUE",
        _ => "NULL_VALUE",
    };
    let wanted = match kind {
        ShapeKind::String => "a String",
        ShapeKind::Blob => "a Blob",
        ShapeKind::Boolean => "a Boolean",
        ShapeKind::Integer => "an Integer",
        _ => "a Number",
    };
    Err(Refusal::serialization(format!("{found} can not be converted to {wanted}")))
}

fn wrong_collection(wanted: ShapeKind, found: &Json) -> Refusal {
    Refusal::serialization(match (wanted, found) {
        (_, Json::Array(_)) => "Start of list found where not expected",
        (_, Json::Object(_)) => "Start of structure or map found where not expected.",
        (ShapeKind::List, _) => "Expected list or null",
        _ => "Expected map or null",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn update(mut body: Json) -> Result<Object, Refusal> {
        body["UserPoolId"] = json!("eu-west-1_abc");
        let shown = json!({"Here": ["CARRIER_PIGEON"]});
        let shown = |word: &str| says(shown.as_object().unwrap(), word);
        request(&Shapes::bundled(), "UpdateUserPool", body.as_object().unwrap(), &shown)
    }

    #[test]
    fn a_broken_constraint_is_told_in_the_services_words() {
        for (body, message) in [
            (
                json!({"Policies": {"PasswordPolicy": {"MinimumLength": 5}}}),
                "1 validation error detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to \
                 satisfy constraint: Member must have value greater than or equal to 6",
            ),
            (
                json!({"MfaConfiguration": "on", "UserPoolAddOns": {}}),
                "2 validation errors detected: Value 'on' at 'mfaConfiguration' failed to satisfy constraint: \
                 Member must satisfy enum value set: [OFF, ON, OPTIONAL]; Value null at \
                 'userPoolAddOns.advancedSecurityMode' failed to satisfy constraint: Member must not be null",
            ),
            (
                json!({"AutoVerifiedAttributes": ["mail"]}),
                "1 validation error detected: Value '[mail]' at 'autoVerifiedAttributes' failed to satisfy \
                 constraint: Member must satisfy constraint: [Member must satisfy enum value set: \
                 [phone_number, email]]",
            ),
            (
                json!({"LambdaConfig": {"CustomEmailSender": {"LambdaVersion": null, "LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}}),
                "1 validation error detected: Value null at 'lambdaConfig.customEmailSender.lambdaVersion' \
                 failed to satisfy constraint: Member must not be null",
            ),
            (
                json!({"UserPoolTags": {"": "x"}}),
                "1 validation error detected: Value '{=x}' at 'userPoolTags' failed to satisfy constraint: \
                 Map keys must satisfy constraint: [Member must have length less than or equal to 128, \
                 Member must have length greater than or equal to 1]",
            ),
            (
                json!({"PoolName": "a/b"}),
                "1 validation error detected: Value 'a/b' at 'poolName' failed to satisfy constraint: \
                 Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+",
            ),
        ] {
            assert_eq!(update(body).unwrap_err(), Refusal::invalid(message));
        }
    }

    #[test]
    fn a_word_that_the_pool_shows_is_known_though_the_model_has_it_not() {
        assert!(update(json!({"AutoVerifiedAttributes": ["email", "CARRIER_PIGEON"]})).is_ok());
        assert!(update(json!({"UserPoolTier": "CARRIER_PIGEON"})).is_ok());
        assert!(update(json!({"UserPoolTier": "OWL"})).is_err());
    }

    #[test]
    fn a_wrong_type_does_not_even_parse() {
        for (body, message) in [
            (json!({"PoolName": 7}), "NUMBER_VALUE can not be converted to a String"),
            (json!({"LambdaConfig": []}), "Start of list found where not expected"),
            (json!({"AutoVerifiedAttributes": "email"}), "Expected list or null"),
            (json!({"AutoVerifiedAttributes": [{}]}), "Start of structure or map found where not expected."),
            (
                json!({"Policies": {"PasswordPolicy": {"MinimumLength": 8.5}}}),
                "NUMBER_VALUE can not be converted to an Integer",
            ),
        ] {
            assert_eq!(update(body).unwrap_err(), Refusal::serialization(message));
        }
    }

    #[test]
    fn what_the_model_does_not_know_passes_untouched() {
        let body = json!({"New": {"x": null, "n": [1, null]}, "LambdaConfig": {"NewTrigger": null, "PreSignUp": null}});
        let clean = update(body).unwrap();
        assert_eq!(clean["New"], json!({"x": null, "n": [1, null]}));
        assert_eq!(clean["LambdaConfig"], json!({"NewTrigger": null}));
    }
}
