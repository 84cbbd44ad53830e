//! What a seed may be wrong in: a person has written or edited it, and a mistake in it would show as odd answers later.

use std::fmt;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

use super::state::{Collection, SideDocument, Single};
use super::{seed_lists, slots};
use crate::document::Json;
use crate::document::saved::WITHHELD;
use crate::shapes::{Shape, ShapeKind, Shapes};

/// A mistake in a seed, in words that follow the file's name, and what to do about it.
pub(super) type SeedMistake = (String, String);

/// The remedy for the file of another document of a pool.
pub(super) const SNAPSHOT: &str = "save it with `poolctl snapshot -o DIR`";

/// The pool's own document in its file.
const POOL: &str = "UserPool";

/// What is looked for in the documents of a seed.
pub(super) struct SeedCheck<'a> {
    shapes: &'a Shapes,
    /// What is odd and may be right, in words that follow the file's name.
    pub(super) notes: Vec<String>,
}

impl<'a> SeedCheck<'a> {
    pub(super) fn new(shapes: &'a Shapes) -> Self {
        Self { shapes, notes: Vec::new() }
    }

    /// The first mistake in a pool's file; `None` if it has none, or if it is another document altogether. Dates that are
    /// text become numbers.
    pub(super) fn of_file(&mut self, document: &mut Json) -> Option<SeedMistake> {
        let members =
            document.as_object_mut().filter(|members| members.get(POOL).is_some_and(Json::is_object))?;
        if let Some(stray) = members.iter().find_map(|(name, value)| stray(name, value)) {
            return Some(stray);
        }
        let is_empty = |name: &&str| members.get(POOL).and_then(|pool| pool.get(*name)) == Some(&"".into());
        if let Some(name) = slots::MEMBERS.into_iter().find(is_empty) {
            let help = "write the name of the domain, or delete the member".to_owned();
            return Some((format!("its `{POOL}.{name}` is empty"), help));
        }
        members.iter_mut().find_map(|(name, value)| self.of_document(name, value))
    }

    /// The first mistake in the file of another document of a pool.
    pub(super) fn of_side(&mut self, side: SideDocument, document: &mut Json) -> Option<SeedMistake> {
        let SideDocument::Keyed(_) = side else {
            let is_within = document.get(side.member()).is_some_and(Json::is_object);
            let inner = if is_within { document.get_mut(side.member())? } else { document };
            return self.of_value(self.shapes.get(shape(side))?, inner, &SeedPlace::Top);
        };
        let (name, help) = (side.listed(), || SNAPSHOT.to_owned());
        if document.get("NextToken").is_some_and(|token| !token.is_null()) {
            let reason = "it has only one page of the list: its `NextToken` leads to the next one";
            return Some((reason.to_owned(), help()));
        }
        match document.get_mut(name) {
            Some(list @ Json::Array(_)) => {
                let elements = list.as_array().into_iter().flatten();
                let bare = elements.filter(|element| is_bare(side, element)).count();
                if bare > 0 {
                    self.notes.push(format!(
                        "it has only what a list shows of {bare} of its `{name}`, so a plan that declares more shows changes. To avoid that, declare them in a manifest and run `poolctl snapshot -o DIR` again"
                    ));
                }
                self.of_list(side, name, list)
            }
            _ => Some((format!("it has no list `{name}`"), help())),
        }
    }

    /// The first mistake in a document of a pool's file.
    fn of_document(&mut self, name: &str, value: &mut Json) -> Option<SeedMistake> {
        let place = SeedPlace::Name(name);
        if name == POOL {
            return self.of_value(self.shapes.get(POOL_SHAPE)?, value, &place);
        }
        let side = SideDocument::ALL.into_iter().find(|side| side.member() == name)?;
        match (side, value) {
            (SideDocument::Keyed(_), list) => self.of_list(side, name, list),
            (_, value @ Json::Object(_)) => {
                let is_within = value.get(name).is_some_and(Json::is_object);
                let inner = if is_within { value.get_mut(name)? } else { value };
                self.of_value(self.shapes.get(shape(side))?, inner, &place)
            }
            _ => None,
        }
    }

    /// The first mistake in a list of documents. What is no list is a mistake of its own.
    fn of_list(&mut self, side: SideDocument, name: &str, list: &mut Json) -> Option<SeedMistake> {
        let shape = self.shapes.get(shape(side))?;
        let wrapper = |element: &Json| {
            let (only, inner) = element.as_object().filter(|members| members.len() == 1)?.iter().next()?;
            (inner.is_object() && self.shapes.member(shape, only).is_none()).then(|| only.clone())
        };
        if let Some(only) =
            wrapper(list).or_else(|| list.get(name).is_some_and(Json::is_array).then(|| name.to_owned()))
        {
            return Some((format!("its `{name}` is not a list"), format!("write the value of its `{only}`")));
        }
        for (position, element) in list.as_array_mut()?.iter_mut().enumerate() {
            let place = SeedPlace::Element(&SeedPlace::Name(name), position);
            if let Some(only) = wrapper(element) {
                let help = format!("write the value of its `{only}`");
                return Some((format!("its `{place}` has `{only}` around it"), help));
            }
            let mistake = self.of_value(shape, element, &place);
            let mut hanging = seed_lists::HANGING.into_iter().filter(|_| side == seed_lists::CLIENTS);
            let mistake = mistake.or_else(|| {
                hanging.find_map(|(key, collection)| {
                    let shape = self.shapes.get(self::shape(SideDocument::Keyed(collection)))?;
                    self.of_value(shape, element.get_mut(key)?, &SeedPlace::Member(&place, key))
                })
            });
            if mistake.is_some() {
                return mistake;
            }
        }
        None
    }
}

/// Whether a document has no more than a list of such documents shows. A snapshot has those so that no entry names.
fn is_bare(side: SideDocument, document: &Json) -> bool {
    match side {
        SideDocument::Keyed(Collection::Clients) => {
            let has_more = |name: &String| !matches!(&**name, "ClientId" | "UserPoolId" | "ClientName");
            document.as_object().is_some_and(|members| !members.keys().any(has_more))
        }
        SideDocument::Keyed(Collection::IdentityProviders) => document.get("ProviderDetails").is_none(),
        _ => false,
    }
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

/// The shape of a pool's own document as it is read.
pub(super) const POOL_SHAPE: &str = "UserPoolType";

/// The shape of another document as it is read.
pub(super) fn shape(side: SideDocument) -> &'static str {
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

impl SeedCheck<'_> {
    /// The first wrong value here. Members that the model does not know may be newer.
    fn of_value(&mut self, shape: &Shape, value: &mut Json, place: &SeedPlace<'_>) -> Option<SeedMistake> {
        let shapes = self.shapes;
        let is_element = matches!(place, SeedPlace::Element(..));
        match (shape.kind, &mut *value) {
            (_, Json::Null) if !is_element => return None,
            (ShapeKind::Other | ShapeKind::Document, _) => return None,
            (ShapeKind::Structure | ShapeKind::Map, Json::Object(members)) => {
                return members.iter_mut().find_map(|(name, value)| {
                    self.of_value(shapes.member(shape, name)?, value, &SeedPlace::Member(place, name))
                });
            }
            (ShapeKind::List, Json::Array(elements)) => {
                let element = shapes.element(shape)?;
                return elements.iter_mut().enumerate().find_map(|(position, value)| {
                    self.of_value(element, value, &SeedPlace::Element(place, position))
                });
            }
            (ShapeKind::String, Json::String(text)) => {
                self.note_odd(shape, text, place);
                return None;
            }
            (ShapeKind::Timestamp, Json::String(text)) => {
                return dated(text, place).map_or_else(Some, |date| {
                    *value = date;
                    None
                });
            }
            (ShapeKind::Blob, Json::String(_)) | (ShapeKind::Boolean, Json::Bool(_)) => return None,
            (ShapeKind::Integer, Json::Number(number)) if is_whole(number) => {
                self.note_range(shape, number, place);
                return None;
            }
            (ShapeKind::Float | ShapeKind::Timestamp, Json::Number(_)) => return None,
            _ => {}
        }
        Some(another_type(shape.kind, value, place))
    }

    /// Notes a text that stands for a value which a snapshot leaves out, and a word that the model does not list: a newer
    /// service may have it.
    fn note_odd(&mut self, shape: &Shape, text: &str, place: &SeedPlace<'_>) {
        if text == WITHHELD {
            self.notes.push(format!(
                "its `{place}` was withheld when it was saved, so a plan that declares it shows a change. To avoid that, write the value"
            ));
        }
        if !shape.allowed.is_empty() && !shape.allowed.contains(&text) {
            let known = shape.allowed.join(", ");
            self.notes.push(format!(
                "its `{place}` is `{text}`, which is none of the values that poolctl knows: {known}. If it is a mistake, correct it"
            ));
        }
    }

    /// Notes a number outside of the range that the model has: a newer service may allow it.
    fn note_range(&mut self, shape: &Shape, number: &serde_json::Number, place: &SeedPlace<'_>) {
        let value = number.as_str().parse::<f64>().unwrap_or_default();
        let bound = match (shape.min, shape.max) {
            (Some(min), _) if value < min as f64 => format!("less than {min}"),
            (_, Some(max)) if value > max as f64 => format!("more than {max}"),
            _ => return,
        };
        self.notes.push(format!(
            "its `{place}` is {number}, which is {bound}, so the sandbox refuses requests with it. If it is a mistake, correct it"
        ));
    }
}

/// The number of a date that is text, as the AWS CLI prints it.
fn dated(text: &str, place: &SeedPlace<'_>) -> Result<Json, SeedMistake> {
    let date = DateTime::from_str(text, Format::DateTimeWithOffset).ok();
    let seconds = date.and_then(|date| date.fmt(Format::EpochSeconds).ok()?.parse().ok());
    seconds.map(Json::Number).ok_or_else(|| {
        let help = "write a date such as 2026-01-31T12:00:00Z, or the seconds since 1970";
        (format!("its `{place}` is text that is not a date"), help.to_owned())
    })
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.as_str().trim_start_matches('-').bytes().all(|digit| digit.is_ascii_digit())
}

/// A value of another type than the API's.
fn another_type(kind: ShapeKind, value: &Json, place: &SeedPlace<'_>) -> SeedMistake {
    let wanted = match kind {
        ShapeKind::Structure | ShapeKind::Map | ShapeKind::Document | ShapeKind::Other => "an object",
        ShapeKind::List => "a list",
        ShapeKind::String | ShapeKind::Blob => "text",
        ShapeKind::Boolean => "true or false",
        ShapeKind::Integer => "a whole number",
        ShapeKind::Float => "a number",
        ShapeKind::Timestamp => "a date",
    };
    let found = match value {
        Json::Object(_) => "an object",
        Json::Array(_) => "a list",
        Json::String(_) => "text",
        Json::Number(number) if is_whole(number) => "a number",
        Json::Number(_) => "a number with a fraction",
        Json::Bool(_) => "true or false",
        Json::Null => "null",
    };
    let or = if matches!(place, SeedPlace::Element(..)) { "element" } else { "member" };
    match place {
        SeedPlace::Top => (format!("it is {found} instead of {wanted}"), format!("write {wanted}")),
        place => (
            format!("its `{place}` is {found} instead of {wanted}"),
            format!("write {wanted}, or delete the {or}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_place() {
        let shapes = Shapes::bundled();
        let file = |member: &str, value: Json| {
            let mut document =
                json!({"UserPool": {"Id": "a_b", "New": [1], "CreationDate": "2026-01-01T00:00:00Z"}});
            document[member] = value;
            let mistake = SeedCheck::new(&shapes).of_file(&mut document);
            mistake.map(|(reason, help)| format!("{reason}: {help}"))
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
            (
                "Groups",
                json!([{"GroupName": "g", "Precedence": 1.5}]),
                "its `Groups[0].Precedence` is a number with a fraction instead of a whole number: write a whole number, or delete the member",
            ),
            (
                "UserPoolClients",
                json!([{"ClientId": "a", "CallbackURLs": ["https://a.example", null]}]),
                "its `UserPoolClients[0].CallbackURLs[1]` is null instead of text: write text, or delete the element",
            ),
            (
                "Groups",
                json!([null]),
                "its `Groups[0]` is null instead of an object: write an object, or delete the element",
            ),
            (
                "Groups",
                json!([{"GroupName": "g", "CreationDate": "yesterday"}]),
                "its `Groups[0].CreationDate` is text that is not a date: write a date such as 2026-01-31T12:00:00Z",
            ),
            (
                "UserPool",
                json!({"Domain": ""}),
                "its `UserPool.Domain` is empty: write the name of the domain",
            ),
            (
                "Groups",
                json!({"Groups": [{"GroupName": "g"}]}),
                "its `Groups` is not a list: write the value of its `Groups`",
            ),
            (
                "Groups",
                json!([{"Group": {"GroupName": "g"}}]),
                "its `Groups[0]` has `Group` around it: write the value of its `Group`",
            ),
            (
                "UserPoolClients",
                json!([{"ClientId": "a", "branding": {"UseCognitoProvidedValues": 1}}]),
                "its `UserPoolClients[0].branding.UseCognitoProvidedValues` is a number instead of true or false",
            ),
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
        let mut check = SeedCheck::new(&shapes);
        let mut newer = json!({"UserPool": {"Id": "a_b", "UserPoolTier": "PLATINUM", "Name": null}});
        assert_eq!(check.of_file(&mut newer), None);
        let noted = "its `UserPool.UserPoolTier` is `PLATINUM`, which is none of the values that poolctl knows: LITE, ESSENTIALS, PLUS. If it is a mistake, correct it";
        assert_eq!(check.notes, [noted]);
        let mut check = SeedCheck::new(&shapes);
        let mut odd = json!({"UserPool": {"Id": "a_b"}, "Groups": [{"GroupName": "g", "Precedence": -1}]});
        assert_eq!(check.of_file(&mut odd), None);
        let noted = "its `Groups[0].Precedence` is -1, which is less than 0, so the sandbox refuses requests with it. If it is a mistake, correct it";
        assert_eq!(check.notes, [noted]);
        let (clients, mut check) = (SideDocument::Keyed(Collection::Clients), SeedCheck::new(&shapes));
        let mut list =
            json!({"UserPoolClients": [{"ClientId": "a", "ClientName": "b"}, {"ClientId": "c", "New": 1}]});
        assert_eq!(check.of_side(clients, &mut list), None);
        assert!(
            check.notes[0].starts_with("it has only what a list shows of 1 of its `UserPoolClients`, so")
        );
        assert!(check.notes[0].contains("run `poolctl snapshot -o DIR` again") && check.notes.len() == 1);
        for (member, value) in [
            ("Groups", json!(null)),
            ("ResponseMetadata", json!({"RetryAttempts": 0})),
            ("Comment", json!("mine")),
            ("UserPoolClients", json!([{"ClientId": "a", "New": 1, "CreationDate": 1.5}])),
        ] {
            assert_eq!(file(member, value), None, "{member}");
        }
        let of_side = |mut document: Json| SeedCheck::new(&shapes).of_side(SideDocument::Mfa, &mut document);
        let mfa = of_side(json!({"MfaConfiguration": 5})).unwrap_or_default();
        assert_eq!(mfa.0, "its `MfaConfiguration` is a number instead of text");
        let list = of_side(json!([])).unwrap_or_default();
        assert_eq!(list, ("it is a list instead of an object".to_owned(), "write an object".to_owned()));
    }
}
