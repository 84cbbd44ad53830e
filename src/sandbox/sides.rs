//! The documents other than the pool's own, in the form of files.

use serde_json::json;

use super::state::{Collection, SideDocument, Single};
use super::{collections, singles};
use crate::document::saved;
use crate::document::{Json, Object};

/// The document that a file has, and calls `name`, in the form in which a pool's state keeps it.
///
/// # Errors
/// What is wrong with it, in words that follow the file's name.
pub(super) fn read(side: SideDocument, name: &str, document: Json, pool_id: &str) -> Result<Object, String> {
    match side {
        SideDocument::Mfa => saved::mfa_config(document, pool_id).map_err(|misfit| format!("it {misfit}")),
        SideDocument::Single(single) => one(single, side.member(), document, pool_id),
        SideDocument::Keyed(collection) => {
            by_key(collection, document, pool_id).map_err(|reason| format!("its `{name}` {reason}"))
        }
    }
}

/// The document as a pool's file has it; `None` for a collection without documents.
pub(super) fn written(side: SideDocument, mut document: Object, pool_id: &str) -> Option<Json> {
    match side {
        SideDocument::Mfa => Some(Json::Object(document)),
        SideDocument::Single(single) => {
            collections::complete(single, &mut document);
            Some(Json::Object(singles::of_pool(pool_id, document)))
        }
        SideDocument::Keyed(collection) => {
            let named = |(key, document): (String, Json)| with_key(collection, &key, document);
            (!document.is_empty()).then(|| document.into_iter().map(named).collect())
        }
    }
}

/// A document of which a pool has one, without the pool's id, out of an answer of the operation that reads it, its member
/// `name`, or a request of the operation that writes it.
///
/// # Errors
/// What is wrong with it, in words that follow the file's name.
fn one(single: Single, name: &str, document: Json, pool_id: &str) -> Result<Object, String> {
    let Json::Object(mut members) = document else { return Err(format!("its `{name}` is not an object")) };
    if let Some(Json::Object(inner)) = members.shift_remove(name) {
        members = inner;
    }
    let mut shown = Object::new();
    collections::complete(single, &mut shown);
    if let Some(lacking) = shown.keys().find(|shown| !members.contains_key(*shown)) {
        return Err(format!("its `{name}` has no `{lacking}`"));
    }
    match members.shift_remove("UserPoolId") {
        Some(other) if other != pool_id => {
            Err(format!("its `{name}` is of the pool {}", other.as_str().unwrap_or_default()))
        }
        _ => Ok(members),
    }
}

/// A list of documents by their keys, each with the pool's id.
fn by_key(collection: Collection, documents: Json, pool_id: &str) -> Result<Object, String> {
    let Json::Array(documents) = documents else { return Err("is not a list".to_owned()) };
    let mut named = Object::new();
    for mut document in documents {
        let key = document.get(collection.key()).and_then(Json::as_str).filter(|key| !key.is_empty());
        let key = key.map(str::to_owned);
        let (Some(key), Some(members)) = (key, document.as_object_mut()) else {
            return Err(format!("has an element without a `{}`", collection.key()));
        };
        let owner = members.entry("UserPoolId").or_insert_with(|| json!(pool_id));
        if *owner != pool_id {
            return Err(format!("has `{key}` of the pool {}", owner.as_str().unwrap_or_default()));
        }
        if named.insert(key.clone(), document).is_some() {
            return Err(format!("has `{key}` twice"));
        }
    }
    Ok(named)
}

/// The document with its key, also if another writer made it without.
fn with_key(collection: Collection, key: &str, mut document: Json) -> Json {
    if let Json::Object(members) = &mut document {
        members.insert(collection.key().to_owned(), json!(key));
    }
    document
}
