//! The attributes of users: their names, and the requests that add new ones.

use super::Catalogue;
use super::rows::STANDARD_ATTRIBUTES;
use crate::document::{Json, Object, Snapshot};

/// The most attributes that one call adds; from the model's `CustomAttributesListType`.
const PER_CALL: usize = 25;

/// Gives every attribute the name that reads show: custom attributes get their prefix.
pub(super) fn name(attributes: &mut [Json]) {
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

    /// The name of an attribute in a manifest: without the prefix that Cognito adds, if Cognito added it.
    pub fn bare_attribute_name(name: &str, developer_only: bool) -> &str {
        let prefix = if developer_only { "dev:custom:" } else { "custom:" };
        name.strip_prefix(prefix).filter(|bare| is_bare(bare)).unwrap_or(name)
    }

    /// The bodies of `AddCustomAttributes` that add the attributes that `target` has and `base` lacks to the
    /// pool `id`, 25 per call.
    pub fn attributes_requests(&self, id: &str, base: &Snapshot, target: &Snapshot) -> Vec<Object> {
        let names = |snapshot: &Snapshot| -> Vec<String> {
            let list = snapshot.pool().get("SchemaAttributes").and_then(Json::as_array).into_iter().flatten();
            list.filter_map(|attribute| attribute.get("Name")?.as_str().map(str::to_owned)).collect()
        };
        let live = names(base);
        let list = target.pool().get("SchemaAttributes").and_then(Json::as_array).into_iter().flatten();
        let new = list.filter(|attribute| {
            let name = attribute.get("Name").and_then(Json::as_str);
            name.is_some_and(|name| !live.iter().any(|live| live == name))
        });
        let asked: Vec<Json> = new.map(bare).collect();
        let body = |attributes: &[Json]| {
            let mut body = Object::new();
            body.insert("UserPoolId".to_owned(), Json::from(id));
            body.insert("CustomAttributes".to_owned(), Json::Array(attributes.to_vec()));
            body
        };
        asked.chunks(PER_CALL).map(body).collect()
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
