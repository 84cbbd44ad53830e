//! The attributes that a pool's users have.

use serde_json::json;

use super::answer::Refusal;
use super::state::State;
use crate::document::{Json, Object};

/// How many custom attributes a pool may have. **\[M\]**
const MOST_CUSTOM: usize = 50;

/// The attributes of a pool whose maker asked for none: name, type, the least and the greatest length.
const STANDARD: [(&str, &str, &str, &str); 20] = [
    ("sub", "String", "1", "2048"),
    ("name", "String", "0", "2048"),
    ("given_name", "String", "0", "2048"),
    ("family_name", "String", "0", "2048"),
    ("middle_name", "String", "0", "2048"),
    ("nickname", "String", "0", "2048"),
    ("preferred_username", "String", "0", "2048"),
    ("profile", "String", "0", "2048"),
    ("picture", "String", "0", "2048"),
    ("website", "String", "0", "2048"),
    ("email", "String", "0", "2048"),
    ("email_verified", "Boolean", "", ""),
    ("gender", "String", "0", "2048"),
    ("birthdate", "String", "10", "10"),
    ("zoneinfo", "String", "0", "2048"),
    ("locale", "String", "0", "2048"),
    ("phone_number", "String", "0", "2048"),
    ("phone_number_verified", "Boolean", "", ""),
    ("address", "String", "0", "2048"),
    ("updated_at", "Number", "0", ""),
];

fn standard() -> Vec<Json> {
    let attribute = |(name, kind, least, greatest): (&str, &str, &str, &str)| {
        let mut attribute = json!({
            "Name": name,
            "AttributeDataType": kind,
            "DeveloperOnlyAttribute": false,
            "Mutable": name != "sub",
            "Required": name == "sub"
        });
        match kind {
            "String" => {
                attribute["StringAttributeConstraints"] = json!({"MinLength": least, "MaxLength": greatest});
            }
            "Number" => attribute["NumberAttributeConstraints"] = json!({"MinValue": least}),
            _ => {}
        }
        attribute
    };
    STANDARD.into_iter().map(attribute).collect()
}

/// The attributes of a new pool: the standard ones as `asked`, and the custom ones.
pub(super) fn of_new_pool(asked: &[Json]) -> Result<Vec<Json>, Refusal> {
    let mut attributes = standard();
    let mut custom = Vec::new();
    for attribute in asked {
        let name = attribute.get("Name").and_then(Json::as_str).unwrap_or_default();
        let known = attributes.iter_mut().find(|standard| standard["Name"] == name);
        match (known.and_then(Json::as_object_mut), attribute.as_object()) {
            (Some(standard), Some(asked)) => {
                standard.extend(asked.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            _ => custom.push(attribute.clone()),
        }
    }
    add(&mut attributes, &custom)?;
    Ok(attributes)
}

/// The pool after `AddCustomAttributes`.
pub(super) fn added(live: &State, request: &Object) -> Result<State, Refusal> {
    let mut after = live.clone();
    let asked = request.get("CustomAttributes").and_then(Json::as_array);
    if !after.pool.has("SchemaAttributes") {
        after.pool.insert("SchemaAttributes", json!([]));
    }
    if let Some(Json::Array(attributes)) = after.pool.get_mut("SchemaAttributes") {
        add(attributes, asked.map_or(&[][..], Vec::as_slice))?;
    }
    Ok(after)
}

/// Whether a pool's users have an attribute. A pool without a list of them is not judged.
pub(super) fn has(live: &State, name: &str) -> bool {
    let attributes = live.pool.get("SchemaAttributes").and_then(Json::as_array);
    attributes.is_none_or(|attributes| attributes.iter().any(|attribute| attribute["Name"] == name))
}

/// A pool with an identity provider has an attribute for its users' identities. **\[D\]**
pub(super) fn add_identities(state: &mut State) {
    if has(state, "identities") {
        return;
    }
    if let Some(Json::Array(attributes)) = state.pool.get_mut("SchemaAttributes") {
        attributes.push(json!({
            "Name": "identities", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
            "Mutable": true, "Required": false, "StringAttributeConstraints": {},
        }));
    }
}

/// Adds custom attributes, under the prefix that marks them.
fn add(attributes: &mut Vec<Json>, asked: &[Json]) -> Result<(), Refusal> {
    for attribute in asked {
        let Some(attribute) = attribute.as_object() else { continue };
        let custom = custom(attribute)?;
        let name = custom["Name"].clone();
        if attributes.iter().any(|existing| existing["Name"] == name) {
            let name = name.as_str().unwrap_or_default();
            // [R] the wording that users quote.
            let message = format!("{name}: Existing attribute already has name {name}.");
            return Err(Refusal::invalid(message));
        }
        attributes.push(custom);
    }
    let is_custom = |attribute: &&Json| attribute["Name"].as_str().is_some_and(|name| name.contains(':'));
    if attributes.iter().filter(is_custom).count() > MOST_CUSTOM {
        // [I] no wording found.
        return Err(Refusal::invalid(format!(
            "A user pool can have at most {MOST_CUSTOM} custom attributes."
        )));
    }
    Ok(())
}

fn custom(asked: &Object) -> Result<Json, Refusal> {
    let Some(name) = asked.get("Name").and_then(Json::as_str) else {
        return Err(Refusal::invalid("Invalid attribute: Name is required."));
    };
    let flag = |member: &str, default| asked.get(member).and_then(Json::as_bool).unwrap_or(default);
    if flag("Required", false) {
        // [R] the wording that users quote.
        return Err(Refusal::invalid("Required custom attributes are not supported currently."));
    }
    let developer_only = flag("DeveloperOnlyAttribute", false);
    let prefix = if developer_only { "dev:custom:" } else { "custom:" };
    let kind = asked.get("AttributeDataType").cloned().unwrap_or_else(|| json!("String"));
    let mut attribute = Object::new();
    attribute.insert("Name".to_owned(), json!(format!("{prefix}{name}")));
    attribute.insert("AttributeDataType".to_owned(), kind.clone());
    attribute.insert("DeveloperOnlyAttribute".to_owned(), json!(developer_only));
    attribute.insert("Mutable".to_owned(), json!(flag("Mutable", true)));
    attribute.insert("Required".to_owned(), json!(false));
    let constraints = match kind.as_str() {
        Some("String") => Some("StringAttributeConstraints"),
        Some("Number") => Some("NumberAttributeConstraints"),
        _ => None,
    };
    if let Some(constraints) = constraints {
        // [L] A type that could have constraints shows an empty structure where none were given.
        attribute.insert(constraints.to_owned(), json!({}));
    }
    for (member, value) in asked.iter().filter(|(member, _)| *member != "Name") {
        attribute.insert(member.clone(), value.clone());
    }
    Ok(Json::Object(attribute))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_pool_has_the_standard_attributes_and_the_prefixed_custom_ones() {
        let asked = [
            json!({"Name": "email", "Required": true}),
            json!({"Name": "tenant", "AttributeDataType": "String", "Mutable": false}),
            json!({"Name": "secret", "DeveloperOnlyAttribute": true, "AttributeDataType": "Number"}),
        ];
        let attributes = of_new_pool(&asked).unwrap();
        assert_eq!(attributes.len(), 22);
        let find = |name: &str| attributes.iter().find(|attribute| attribute["Name"] == name).unwrap();
        assert_eq!(find("email")["Required"], json!(true));
        assert_eq!(find("email")["StringAttributeConstraints"]["MaxLength"], json!("2048"));
        assert_eq!(
            *find("custom:tenant"),
            json!({
                "Name": "custom:tenant", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
                "Mutable": false, "Required": false, "StringAttributeConstraints": {}
            })
        );
        assert_eq!(find("dev:custom:secret")["NumberAttributeConstraints"], json!({}));
    }

    #[test]
    fn a_custom_attribute_is_new_optional_and_one_of_fifty() {
        let many: Vec<Json> = (0..51).map(|n| json!({"Name": format!("a{n}")})).collect();
        for (asked, message) in [
            (
                vec![json!({"Name": "a", "Required": true})],
                "Required custom attributes are not supported currently.",
            ),
            (
                vec![json!({"Name": "a"}), json!({"Name": "a"})],
                "custom:a: Existing attribute already has name custom:a.",
            ),
            (many, "A user pool can have at most 50 custom attributes."),
        ] {
            assert_eq!(of_new_pool(&asked).unwrap_err(), Refusal::invalid(message));
        }
    }
}
