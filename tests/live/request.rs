//! The complete request that leaves a pool as it is.

use poolctl::document::{Json, Object, Path, json};
use serde_json::json;

/// The tag by which a pool of a measurement is known.
pub(crate) const TAG: (&str, &str) = ("poolctl-live", "throwaway");

/// What a read shows and an update does not take.
const READ_ONLY: &[&str] = &[
    "Id",
    "Arn",
    "Name",
    "CreationDate",
    "LastModifiedDate",
    "EstimatedNumberOfUsers",
    "Status",
    "SchemaAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    "Domain",
    "CustomDomain",
    "SmsConfigurationFailure",
    "EmailConfigurationFailure",
];

/// What says again what another member says, and is refused beside it or may contradict it.
const REPEATED: &[&str] = &[
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "AdminCreateUserConfig.UnusedAccountValidityDays",
];

/// Everything that the pool shows and the update takes, under the update's names; also what we do not know.
pub(crate) fn complete(pool: &Object) -> Object {
    let mut body = pool.clone();
    body.retain(|name, _| !READ_ONLY.contains(&name.as_str()));
    body.insert("PoolName".to_owned(), pool.get("Name").cloned().unwrap_or_default());
    for path in REPEATED {
        take(&mut body, path);
    }
    let tags = body.entry("UserPoolTags").or_insert_with(|| json!({}));
    if let Json::Object(tags) = tags {
        tags.retain(|key, _| !key.starts_with("aws:"));
        tags.insert(TAG.0.to_owned(), json!(TAG.1));
    }
    body
}

/// The value at a dotted path.
pub(crate) fn at<'a>(document: &'a Object, path: &str) -> Option<&'a Json> {
    json::get(document, &Path::members(path.split('.')))
}

/// Puts a value at a dotted path.
pub(crate) fn put(document: &mut Object, path: &str, value: Json) {
    json::set(document, &Path::members(path.split('.')), value);
}

/// Takes the value at a dotted path away.
pub(crate) fn take(document: &mut Object, path: &str) {
    json::remove(document, &Path::members(path.split('.')));
}

/// The members of a JSON object.
pub(crate) fn object(value: Json) -> Object {
    value.as_object().cloned().unwrap()
}

/// Which members, of those that stand still by themselves, are not as they were; empty where none moved.
pub(crate) fn moved(before: &Object, after: &Object, expected: &[&str]) -> String {
    let volatile = ["LastModifiedDate", "EstimatedNumberOfUsers"];
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    let moved = names
        .filter(|name| !volatile.contains(&name.as_str()) && !expected.contains(&name.as_str()))
        .filter(|name| before.get(*name) != after.get(*name));
    let moved: Vec<&str> = moved.map(String::as_str).collect();
    if moved.is_empty() { String::new() } else { format!("{} moved", moved.join(", ")) }
}
