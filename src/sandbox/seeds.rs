//! What a seed may be wrong in: a person has written or edited it, and a mistake in it would show as odd answers later.

use std::fmt;

use super::state::{Collection, SideDocument, Single};
use crate::document::{Json, Object};
use crate::shapes::{Shape, ShapeKind, Shapes};

/// A mistake in a seed, in words that follow the file's name, and what to do about it.
pub(super) type SeedMistake = (String, String);

/// The pool's own document in its file.
const POOL: &str = "UserPool";

/// The first mistake in a pool's file; `None` if it has none, or if it is another document altogether.
pub(super) fn of_file(document: &Json, shapes: &Shapes) -> Option<SeedMistake> {
    let members = document.as_object().filter(|members| members.get(POOL).is_some_and(Json::is_object))?;
    let types = || members.iter().find_map(|(name, value)| of_document(name, value, shapes));
    members.iter().find_map(|(name, value)| stray(name, value)).or_else(types)
}

/// The first mistake in the file of another document of a pool.
pub(super) fn of_side(side: SideDocument, document: &Json, shapes: &Shapes) -> Option<SeedMistake> {
    let inner = document.get(side.member()).filter(|inner| inner.is_object()).unwrap_or(document);
    of_value(shapes.get(shape(side))?, inner, &SeedPlace::Top, shapes)
}

/// A list or a structure under a name that no document of a pool has.
fn stray(name: &str, value: &Json) -> Option<SeedMistake> {
    let names = || SideDocument::ALL.into_iter().map(SideDocument::member);
    if name == POOL || names().any(|known| known == name) {
        return None;
    }
    let meant = names().find(|known| is_like(name, known)).filter(|_| value.is_array() || value.is_object());
    match meant {
        Some(meant) => Some((format!("`{name}` is no document of a pool"), format!("write `{meant}`"))),
        None if value.is_array() => {
            let known: Vec<&str> = names().collect();
            let help =
                format!("correct the name, or delete it. The documents of a pool are {}", known.join(", "));
            Some((format!("`{name}` is no document of a pool"), help))
        }
        None => None,
    }
}

/// Whether one name is the other, or its beginning or its end, however they are written.
fn is_like(name: &str, known: &str) -> bool {
    let letters = |name: &str| -> String {
        let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        letters.collect::<String>().trim_end_matches('s').to_owned()
    };
    let (name, known) = (letters(name), letters(known));
    let begins = known.starts_with(&name) && 2 * name.len() >= known.len();
    !name.is_empty() && (begins || known.ends_with(&name) || name.ends_with(&known))
}

/// The first value of another type in a document of a pool's file.
fn of_document(name: &str, value: &Json, shapes: &Shapes) -> Option<SeedMistake> {
    if name == POOL {
        return of_value(shapes.get("UserPoolType")?, value, &SeedPlace::Name(name), shapes);
    }
    let side = SideDocument::ALL.into_iter().find(|side| side.member() == name)?;
    let shape = shapes.get(shape(side))?;
    match (side, value) {
        // What is no list is a mistake of its own.
        (SideDocument::Keyed(_), value) => {
            value.as_array()?.iter().enumerate().find_map(|(position, element)| {
                of_value(shape, element, &SeedPlace::Element(&SeedPlace::Name(name), position), shapes)
            })
        }
        (_, Json::Object(members)) => {
            let inner = members.get(name).filter(|inner| inner.is_object()).unwrap_or(value);
            of_value(shape, inner, &SeedPlace::Name(name), shapes)
        }
        _ => None,
    }
}

/// The shape of a document as it is read.
fn shape(side: SideDocument) -> &'static str {
    match side {
        SideDocument::Mfa => "GetUserPoolMfaConfigResponse",
        SideDocument::Single(Single::LogDelivery) => "LogDeliveryConfigurationType",
        SideDocument::Single(Single::Risk) | SideDocument::Keyed(Collection::ClientRisks) => {
            "RiskConfigurationType"
        }
        SideDocument::Single(Single::Sessions) => "GetUserPoolSessionConfigurationResponse",
        SideDocument::Single(Single::Ui) | SideDocument::Keyed(Collection::ClientUis) => {
            "UICustomizationType"
        }
        SideDocument::Keyed(Collection::Groups) => "GroupType",
        SideDocument::Keyed(Collection::ResourceServers) => "ResourceServerType",
        SideDocument::Keyed(Collection::Clients) => "UserPoolClientType",
        SideDocument::Keyed(Collection::IdentityProviders) => "IdentityProviderType",
        SideDocument::Keyed(Collection::Domains) => "DomainDescriptionType",
        SideDocument::Keyed(Collection::ClientSessions) => "GetUserPoolClientSessionConfigurationResponse",
        SideDocument::Keyed(Collection::Branding) => "ManagedLoginBrandingType",
        SideDocument::Keyed(Collection::Terms) => "TermsType",
        SideDocument::Keyed(Collection::CimdPolicies) => "CIMDPolicyType",
    }
}

/// A place in a file. Most values are sound, and then it is never written.
#[derive(Clone, Copy)]
enum SeedPlace<'a> {
    Top,
    Name(&'a str),
    Member(&'a SeedPlace<'a>, &'a str),
    Element(&'a SeedPlace<'a>, usize),
}

impl fmt::Display for SeedPlace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => Ok(()),
            Self::Name(name) | Self::Member(Self::Top, name) => f.write_str(name),
            Self::Member(around, name) => write!(f, "{around}.{name}"),
            Self::Element(around, position) => write!(f, "{around}[{position}]"),
        }
    }
}

/// The first value here that has another type than the API's. Members that the model does not know may be newer.
fn of_value<'s>(
    shape: &Shape,
    value: &Json,
    place: &SeedPlace<'_>,
    shapes: &'s Shapes,
) -> Option<SeedMistake> {
    let of_member = |members: &Object, shape: &dyn Fn(&str) -> Option<&'s Shape>| {
        members
            .iter()
            .find_map(|(name, value)| of_value(shape(name)?, value, &SeedPlace::Member(place, name), shapes))
    };
    let wanted = match (shape.kind, value) {
        (_, Json::Null) | (ShapeKind::Other | ShapeKind::Document, _) => return None,
        (ShapeKind::Structure, Json::Object(members)) => {
            return of_member(members, &|name| shapes.member(shape, name));
        }
        (ShapeKind::Map, Json::Object(entries)) => {
            return of_member(entries, &|_| shapes.get(shape.value?));
        }
        (ShapeKind::List, Json::Array(elements)) => {
            let element = shapes.element(shape)?;
            return elements.iter().enumerate().find_map(|(position, value)| {
                of_value(element, value, &SeedPlace::Element(place, position), shapes)
            });
        }
        (ShapeKind::String | ShapeKind::Blob, Json::String(_)) | (ShapeKind::Boolean, Json::Bool(_)) => {
            return None;
        }
        (ShapeKind::Integer | ShapeKind::Float, Json::Number(_)) => return None,
        // The AWS CLI prints a date as text.
        (ShapeKind::Timestamp, Json::Number(_) | Json::String(_)) => return None,
        (ShapeKind::Structure | ShapeKind::Map, _) => "an object",
        (ShapeKind::List, _) => "a list",
        (ShapeKind::String | ShapeKind::Blob, _) => "text",
        (ShapeKind::Boolean, _) => "true or false",
        (ShapeKind::Integer | ShapeKind::Float, _) => "a number",
        (ShapeKind::Timestamp, _) => "a date",
    };
    let found = match value {
        Json::Object(_) => "an object",
        Json::Array(_) => "a list",
        Json::String(_) => "text",
        Json::Number(_) => "a number",
        Json::Bool(_) | Json::Null => "true or false",
    };
    Some(match place {
        SeedPlace::Top => (format!("it is {found} instead of {wanted}"), format!("write {wanted}")),
        place => (
            format!("its `{place}` is {found} instead of {wanted}"),
            format!("write {wanted}, or delete the member"),
        ),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let shapes = Shapes::bundled();
        let file = |member: &str, value: Json| {
            let mut document = json!({"UserPool": {"Id": "a_b", "New": [1], "CreationDate": "2026-01-01"}});
            document[member] = value;
            of_file(&document, &shapes).map(|(reason, help)| format!("{reason}: {help}"))
        };
        for (member, value, told) in [
            (
                "UserPoolClient",
                json!([]),
                "`UserPoolClient` is no document of a pool: write `UserPoolClients`",
            ),
            ("groups", json!([]), "`groups` is no document of a pool: write `Groups`"),
            ("RiskConfig", json!({}), "`RiskConfig` is no document of a pool: write `RiskConfiguration`"),
            ("Users", json!([]), "`Users` is no document of a pool: correct the name, or delete it."),
            (
                "UserPool",
                json!({"Policies": []}),
                "its `UserPool.Policies` is a list instead of an object: write an object, or delete the member",
            ),
            (
                "UserPool",
                json!({"UserPoolTags": {"a": 1}}),
                "its `UserPool.UserPoolTags.a` is a number instead of text",
            ),
            (
                "UserPoolClients",
                json!([{"ClientId": "a"}, {"ClientId": "b", "CallbackURLs": "x"}]),
                "its `UserPoolClients[1].CallbackURLs` is text instead of a list",
            ),
            ("Groups", json!([{"GroupName": 5}]), "its `Groups[0].GroupName` is a number instead of text"),
            ("Groups", json!(["a"]), "its `Groups[0]` is text instead of an object"),
            (
                "MfaConfig",
                json!({"SoftwareTokenMfaConfiguration": {"Enabled": "yes"}}),
                "its `MfaConfig.SoftwareTokenMfaConfiguration.Enabled` is text instead of true or false",
            ),
        ] {
            let found = file(member, value).unwrap_or_default();
            assert!(found.starts_with(told), "{member}: {found}");
        }
        for (member, value) in [
            ("Groups", json!(null)),
            ("ResponseMetadata", json!({"RetryAttempts": 0})),
            ("Comment", json!("mine")),
            ("UserPoolClients", json!([{"ClientId": "a", "New": 1, "CreationDate": 1.5}])),
        ] {
            assert_eq!(file(member, value), None, "{member}");
        }
        let mfa = of_side(SideDocument::Mfa, &json!({"MfaConfiguration": 5}), &shapes).unwrap_or_default();
        assert_eq!(mfa.0, "its `MfaConfiguration` is a number instead of text");
        let list = of_side(SideDocument::Mfa, &json!([]), &shapes).unwrap_or_default();
        assert_eq!(list, ("it is a list instead of an object".to_owned(), "write an object".to_owned()));
    }
}
