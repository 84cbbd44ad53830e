//! The attributes of users: their names, and the requests that add new ones.

use std::borrow::Cow;

use crate::catalogue::{Catalogue, POOL_ID};
use crate::document::{Document, Json, Object, Path, Seg, Snapshot};

/// The member of the pool's document with its attributes.
const ATTRIBUTES: &str = "SchemaAttributes";

/// The attributes that every pool has; all others carry a prefix (the API's own list of OpenID Connect's
/// standard claims, with `sub`, `identities` and the two `_verified` ones).
pub(in crate::catalogue) const STANDARD_ATTRIBUTES: &[&str] = &[
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "identities",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "sub",
    "updated_at",
    "website",
    "zoneinfo",
];

/// The most attributes that one call adds; from the model's `CustomAttributesListType`.
const PER_CALL: usize = 25;

/// Gives every attribute the name that reads show: custom attributes get their prefix.
pub(in crate::catalogue) fn name_as_read(attributes: &mut [Json]) {
    for attribute in attributes {
        let developer = attribute.get("DeveloperOnlyAttribute") == Some(&Json::Bool(true));
        if let Some(Json::String(name)) = attribute.get_mut("Name")
            && is_bare(name)
        {
            *name = format!("{}{name}", if developer { "dev:custom:" } else { "custom:" });
        }
    }
}

fn is_bare(name: &str) -> bool {
    !STANDARD_ATTRIBUTES.contains(&name) && !name.starts_with("custom:") && !name.starts_with("dev:")
}

impl Catalogue {
    /// The attributes that a live pool demands of every user.
    pub fn required_attributes(live: &Snapshot) -> Vec<&str> {
        let required = |attribute: &&Json| attribute.get("Required") == Some(&Json::Bool(true));
        let required = attributes(live).iter().filter(required);
        required.filter_map(|attribute| attribute.get("Name")?.as_str()).collect()
    }

    /// Whether an attribute, by its name in reads, can be added to an existing pool.
    pub fn is_custom_attribute(name: &str) -> bool {
        !STANDARD_ATTRIBUTES.contains(&name)
    }

    /// Whether an attribute is a standard one with Cognito's own values. A pool may have been created with
    /// other values. From the answers of `DescribeUserPool` that AWS and its users
    /// have published.
    pub fn is_attribute_as_given(attribute: &Object) -> bool {
        let name = attribute.get("Name").and_then(Json::as_str).unwrap_or_default();
        let limits = match name {
            "sub" => ["1", "2048"],
            "birthdate" => ["10", "10"],
            _ => ["0", "2048"],
        };
        let given = |member: &str, value: &Json| match (member, value) {
            ("Required", value) => value.as_bool() == Some(name == "sub"),
            ("Mutable", value) => value.as_bool() == Some(name != "sub"),
            ("DeveloperOnlyAttribute", value) => value.as_bool() == Some(false),
            ("StringAttributeConstraints", Json::Object(constraints)) => {
                let is = |member, limit| constraints.get(member).is_none_or(|value| value == limit);
                is("MinLength", limits[0]) && is("MaxLength", limits[1])
            }
            ("NumberAttributeConstraints", Json::Object(constraints)) => {
                constraints.iter().all(|(member, value)| member == "MinValue" && value == "0")
            }
            _ => true,
        };
        STANDARD_ATTRIBUTES.contains(&name) && attribute.iter().all(|(member, value)| given(member, value))
    }

    /// Whether a path is of the attribute that Cognito adds to a pool with its first identity provider. From the
    /// documentation.
    pub fn is_attribute_of_providers(at: &Path) -> bool {
        matches!(at.segs(), [Seg::Member(list), Seg::Item(name), ..] if &**list == "Schema" && &**name == "identities")
    }

    /// The name of an attribute in a manifest: without the prefix that Cognito adds, if Cognito added it.
    pub fn bare_attribute_name(name: &str, developer_only: bool) -> &str {
        let prefix = if developer_only { "dev:custom:" } else { "custom:" };
        name.strip_prefix(prefix).filter(|bare| is_bare(bare)).unwrap_or(name)
    }

    /// The states of a pool on the way from the attributes of `from` to the ones of `to`, one per call: a call adds 25
    /// attributes at most. All else stays as in `from`.
    pub fn with_more_attributes(from: &Snapshot, to: &Snapshot) -> Vec<Snapshot> {
        let live = attributes(from);
        let state = |added: usize| {
            let mut state = from.clone();
            let all = attributes(to).iter().take(live.len() + added).cloned().collect();
            state.pool_mut().insert(ATTRIBUTES, Json::Array(all));
            state
        };
        let added = attributes(to).len().saturating_sub(live.len());
        (0..added).step_by(PER_CALL).map(|sent| state((sent + PER_CALL).min(added))).collect()
    }

    /// Adds an attribute to a pool.
    pub fn add_attribute(snapshot: &mut Snapshot, attribute: Json) {
        let all = attributes(snapshot).iter().cloned().chain([attribute]).collect();
        snapshot.pool_mut().insert(ATTRIBUTES, Json::Array(all));
    }

    /// `snapshot` with the attributes of `other`.
    pub fn with_attributes_of<'a>(snapshot: &'a Snapshot, other: &Snapshot) -> Cow<'a, Snapshot> {
        let attributes = other.pool().get(ATTRIBUTES);
        if snapshot.pool().get(ATTRIBUTES) == attributes {
            return Cow::Borrowed(snapshot);
        }
        let mut snapshot = snapshot.clone();
        match attributes {
            Some(attributes) => snapshot.pool_mut().insert(ATTRIBUTES, attributes.clone()),
            None => snapshot.pool_mut().retain(|name, _| name != ATTRIBUTES),
        }
        Cow::Owned(snapshot)
    }

    /// The body of the `AddCustomAttributes` that adds the attributes that `to` has and `from` lacks to the pool `id`.
    pub(in crate::catalogue) fn attributes_request(id: &str, from: &Snapshot, to: &Snapshot) -> Document {
        let name = |attribute: &Json| attribute.get("Name").and_then(Json::as_str).map(str::to_owned);
        let live: Vec<_> = attributes(from).iter().filter_map(name).collect();
        let new = attributes(to).iter().filter(|new| name(new).is_some_and(|name| !live.contains(&name)));
        let mut body = Document::default();
        body.insert(POOL_ID, Json::from(id));
        body.insert("CustomAttributes", Json::Array(new.map(bare).collect()));
        body
    }
}

/// The attributes of a pool's document.
fn attributes(of: &Snapshot) -> &[Json] {
    of.pool().get(ATTRIBUTES).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

/// Gives the attributes of a request that makes a pool their names in requests.
pub(super) fn bare_names(body: &mut Document) {
    if let Some(Json::Array(attributes)) = body.get_mut("Schema") {
        attributes.iter_mut().for_each(|attribute| *attribute = bare(attribute));
    }
}

/// The attribute under its name in requests, which has no prefix.
fn bare(attribute: &Json) -> Json {
    let mut attribute = attribute.clone();
    if let Some(Json::String(name)) = attribute.get_mut("Name") {
        let plain = ["dev:custom:", "custom:"].iter().find_map(|prefix| name.strip_prefix(prefix));
        *name = plain.unwrap_or(name).to_owned();
    }
    attribute
}
