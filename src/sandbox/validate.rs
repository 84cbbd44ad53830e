//! The checks that the service makes on a request before it looks at the pool, in its own wording.
//!
//! Types first (`SerializationException`), then the model's constraints, all of them in one message.
//! Members unknown to the model pass untouched. A `null` of a known member is as good as its absence:
//! the service's own parser knows no difference. **\[I\]** A word that the pool already shows is one that
//! the service knows, also where our model is older.

use std::borrow::Cow;
use std::fmt;

use super::answer::Refusal;
use super::{nulls, patterns};
use crate::document::{Json, Object, bytes};
use crate::shapes::{Shape, ShapeKind, Shapes};

/// The request without its nulls, or why the service refuses it; `shown` says whether a word is one that the
/// pool has. An operation without a shape is not checked.
pub(super) fn request<'a>(
    shapes: &Shapes,
    operation: &str,
    body: &'a Object,
    shown: &dyn Fn(&str) -> bool,
) -> Result<Cow<'a, Object>, Refusal> {
    let Some(shape) = shapes.input(operation) else { return Ok(Cow::Borrowed(body)) };
    let mut check = Check { shapes, shown, failures: Vec::new() };
    check.structure(shape, body, &RequestPlace::Top)?;
    match check.failures.as_slice() {
        [] => Ok(nulls::without(shapes, shape, body)),
        [one] => Err(Refusal::invalid(format!("1 validation error detected: {one}"))),
        many => {
            let (count, text) = (many.len(), many.join("; "));
            Err(Refusal::invalid(format!("{count} validation errors detected: {text}")))
        }
    }
}

/// Whether a text stands anywhere in a value.
pub(super) fn says(value: &Json, word: &str) -> bool {
    match value {
        Json::String(text) => text == word,
        Json::Array(elements) => elements.iter().any(|value| says(value, word)),
        Json::Object(members) => members.values().any(|value| says(value, word)),
        _ => false,
    }
}

/// The answer to a request without a member that it cannot do without.
pub(super) fn missing(member: &str) -> Refusal {
    Refusal::invalid(format!(
        "1 validation error detected: {}",
        null_at(&RequestPlace::Member(&RequestPlace::Top, member))
    ))
}

/// A place in a request, in the service's spelling. Most requests are sound, and then it is never written.
#[derive(Clone, Copy)]
enum RequestPlace<'a> {
    Top,
    Member(&'a RequestPlace<'a>, &'a str),
    /// An element of a list by its number from 1, or an entry of a map by its key.
    Element(&'a RequestPlace<'a>, &'a dyn fmt::Display),
}

impl RequestPlace<'_> {
    /// Whether [`super::rules`] judges a text here instead of the model's pattern: the texts of messages, and the name of a
    /// domain, because the model's pattern has no dots and custom domains have them.
    fn is_judged_by_rules(&self) -> bool {
        match self {
            Self::Member(Self::Top, name) => *name == "Domain",
            Self::Member(around, _) => {
                matches!(around, Self::Member(Self::Top, "VerificationMessageTemplate"))
            }
            Self::Top | Self::Element(..) => false,
        }
    }
}

impl fmt::Display for RequestPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Member(Self::Top, name) => f.write_str(&lower_first(name)),
            Self::Member(around, name) => write!(f, "{around}.{}", lower_first(name)),
            Self::Element(around, name) => write!(f, "{around}.{name}.member"),
        }
    }
}

struct Check<'a> {
    shapes: &'a Shapes,
    shown: &'a dyn Fn(&str) -> bool,
    failures: Vec<String>,
}

impl Check<'_> {
    fn value(&mut self, shape: &Shape, value: &Json, place: &RequestPlace<'_>) -> Result<(), Refusal> {
        match (shape.kind, value) {
            (ShapeKind::Structure, Json::Object(members)) => self.structure(shape, members, place),
            (ShapeKind::List, Json::Array(elements)) => self.list(shape, value, elements, place),
            (ShapeKind::Map, Json::Object(entries)) => self.map(shape, value, entries, place),
            (ShapeKind::Other, _) | (ShapeKind::Document, Json::Object(_)) => Ok(()),
            (ShapeKind::Structure | ShapeKind::Document | ShapeKind::List | ShapeKind::Map, _)
            | (_, Json::Array(_) | Json::Object(_)) => Err(wrong_collection(shape.kind, value)),
            _ => {
                scalar_type(shape.kind, value)?;
                let broken = self.broken(shape, value, place);
                self.fail(shape, value, place, broken);
                Ok(())
            }
        }
    }

    fn structure(
        &mut self,
        shape: &Shape,
        members: &Object,
        place: &RequestPlace<'_>,
    ) -> Result<(), Refusal> {
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            if let Some(member) = self.shapes.member(shape, name) {
                self.value(member, value, &RequestPlace::Member(place, name))?;
            }
        }
        let lacks = |name: &&&str| members.get(**name).is_none_or(Json::is_null);
        let lacking = shape.required.iter().filter(lacks);
        self.failures.extend(lacking.map(|name| null_at(&RequestPlace::Member(place, name))));
        Ok(())
    }

    fn list(
        &mut self,
        shape: &Shape,
        whole: &Json,
        elements: &[Json],
        place: &RequestPlace<'_>,
    ) -> Result<(), Refusal> {
        self.fail(shape, whole, place, lengths(shape, elements.len()));
        let Some(element) = self.shapes.element(shape) else { return Ok(()) };
        let mut bad = false;
        for (index, value) in elements.iter().enumerate() {
            let number = index + 1;
            let place = RequestPlace::Element(place, &number);
            match element.kind {
                _ if value.is_null() => self.failures.push(null_at(&place)),
                ShapeKind::Structure | ShapeKind::List | ShapeKind::Map => {
                    self.value(element, value, &place)?
                }
                _ => {
                    if value.is_array() || value.is_object() {
                        return Err(wrong_collection(element.kind, value));
                    }
                    scalar_type(element.kind, value)?;
                    bad |= !self.broken(element, value, &place).is_empty();
                }
            }
        }
        if bad {
            let constraint = format!("Member must satisfy constraint: [{}]", all(element));
            self.fail(shape, whole, place, vec![constraint]);
        }
        Ok(())
    }

    fn map(
        &mut self,
        shape: &Shape,
        whole: &Json,
        entries: &Object,
        place: &RequestPlace<'_>,
    ) -> Result<(), Refusal> {
        self.fail(shape, whole, place, lengths(shape, entries.len()));
        let key = shape.key.and_then(|key| self.shapes.get(key));
        if let Some(key) = key {
            let bad = entries.keys().any(|name| !self.broken_text(key, name, place).is_empty());
            let constraint = || format!("Map keys must satisfy constraint: [{}]", all(key));
            self.fail(shape, whole, place, bad.then(constraint).into_iter().collect());
        }
        let Some(of) = shape.value.and_then(|value| self.shapes.get(value)) else { return Ok(()) };
        for (name, value) in entries {
            let place = RequestPlace::Element(place, name);
            match value.is_null() {
                true => self.failures.push(null_at(&place)),
                false => self.value(of, value, &place)?,
            }
        }
        Ok(())
    }

    /// The constraints of `shape` that a scalar does not keep.
    fn broken(&self, shape: &Shape, value: &Json, place: &RequestPlace<'_>) -> Vec<String> {
        match value {
            // Text that is no base64 does not parse.
            Json::String(text) if shape.kind == ShapeKind::Blob => {
                lengths(shape, bytes::decode(text).unwrap_or_default().len())
            }
            Json::String(text) => self.broken_text(shape, text, place),
            Json::Number(number) => {
                let Some(number) = number.as_i64() else { return Vec::new() };
                let least = shape.min.filter(|min| number < *min).map(|min| at_least("value", min));
                let most = shape.max.filter(|max| number > *max).map(|max| at_most("value", max));
                least.into_iter().chain(most).collect()
            }
            _ => Vec::new(),
        }
    }

    fn broken_text(&self, shape: &Shape, text: &str, place: &RequestPlace<'_>) -> Vec<String> {
        let mut broken = lengths(shape, text.chars().count());
        let known = shape.allowed.is_empty() || shape.allowed.contains(&text) || (self.shown)(text);
        if !known {
            broken.push(enumeration(shape));
        }
        let pattern = shape.pattern.filter(|_| !place.is_judged_by_rules());
        if let Some(pattern) = pattern.filter(|pattern| !patterns::matches(pattern, text)) {
            broken.push(regular(pattern));
        }
        broken
    }

    fn fail(&mut self, shape: &Shape, value: &Json, place: &RequestPlace<'_>, broken: Vec<String>) {
        if broken.is_empty() {
            return;
        }
        let value = if shape.sensitive || shape.kind == ShapeKind::Blob {
            String::new()
        } else {
            format!(" '{}'", shown(value))
        };
        let failures = broken
            .into_iter()
            .map(|rule| format!("Value{value} at '{place}' failed to satisfy constraint: {rule}"));
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

fn null_at(place: &RequestPlace<'_>) -> String {
    format!("Value null at '{place}' failed to satisfy constraint: Member must not be null")
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
        let shown = |word: &str| says(&shown, word);
        request(&Shapes::bundled(), "UpdateUserPool", body.as_object().unwrap(), &shown).map(Cow::into_owned)
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
