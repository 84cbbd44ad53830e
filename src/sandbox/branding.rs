//! Managed login branding: one style for each app client; an update adds images and removes none.

use serde_json::json;

use super::answer::Refusal;
use super::case::text;
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::omission::Omitted;
use super::state::{Collection, SideDocument};
use super::{ids, of_clients};
use crate::document::{Json, Object};

/// Managed login branding.
pub(super) const BRANDING: CollectionRow = CollectionRow {
    collection: Collection::Branding,
    operations: &[
        ("CreateManagedLoginBranding", KeyedVerb::Create),
        ("DescribeManagedLoginBranding", KeyedVerb::Read),
        ("DescribeManagedLoginBrandingByClient", KeyedVerb::Find),
        ("UpdateManagedLoginBranding", KeyedVerb::Update),
        ("DeleteManagedLoginBranding", KeyedVerb::Delete),
    ],
    shape: "ManagedLoginBrandingType",
    wrapper: "ManagedLoginBranding",
    list: ListForm { member: "ManagedLoginBrandings", ..ListForm::NONE },
    found: &[("ClientId", "ClientId")],
    // [D]
    most: 20,
    new_key: Some(ids::request_id),
    // [L]
    missing: |verb, key, _| {
        let message = match verb {
            KeyedVerb::Find => format!("ManagedLoginBranding for client {key} does not exist."),
            _ => "ManagedLoginBranding does not exist.".to_owned(),
        };
        Refusal::missing(message)
    },
    // [L] for images, [D] for settings.
    omitted: |_, _| &Omitted::Keep,
    fill: filled,
    shown,
    rules: &[one_source, one_style, images],
    ..CollectionRow::PLAIN
};

/// Merges images by their category and colour mode **\[L\]**, and notes whose style it is.
fn filled(write: &KeyedWrite<'_>, branding: &mut Object) {
    let client = write.request.get("ClientId").or_else(|| write.before?.get("ClientId"));
    branding.extend(client.map(|client| ("ClientId".to_owned(), client.clone())));
    if write.request.contains_key("Settings") {
        branding.insert("UseCognitoProvidedValues".to_owned(), json!(false));
    }
    let list =
        |of: Option<&Object>| of.and_then(|of| of.get("Assets")?.as_array().cloned()).unwrap_or_default();
    let place = |asset: &Json| ["Category", "ColorMode"].map(|name| asset.get(name).cloned());
    let mut assets = list(write.before);
    for sent in list(Some(write.request)) {
        match assets.iter_mut().find(|asset| place(asset) == place(&sent)) {
            Some(asset) => *asset = sent,
            None => assets.push(sent),
        }
    }
    branding.insert("Assets".to_owned(), Json::Array(assets));
}

/// A read has the images, also if there are none **\[L\]**, and not the client. **\[M\]**
fn shown(branding: &mut Object) {
    branding.shift_remove("ClientId");
    branding.entry("Assets").or_insert_with(|| json!([]));
    branding.entry("UseCognitoProvidedValues").or_insert_with(|| json!(false));
}

/// **\[L\]** Also for images alone, and for `false` alone.
fn one_source(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    let provided = write.request.get("UseCognitoProvidedValues") == Some(&json!(true));
    (provided == write.request.contains_key("Settings"))
        .then(|| Refusal::invalid("useCognitoProvidedValues or settings should be specified (but not both)"))
}

/// The content of an image, and where an icon may be. **\[D\]**, the words **\[I\]**.
fn images(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    let images = write.request.get("Assets").and_then(Json::as_array)?;
    let is_empty = |image: &Json| image.get("Bytes").is_none() && image.get("ResourceId").is_none();
    let is_icon = |image: &Json| image.get("Extension").is_some_and(|extension| extension == "ICO");
    let is_lost = |image: &Json| is_icon(image) && image.get("Category").is_none_or(|at| at != "FAVICON_ICO");
    let refuse = |words: &str| Some(Refusal::invalid(words));
    match () {
        () if images.iter().any(is_empty) => refuse("An asset must have bytes or resourceId."),
        () if images.iter().any(is_lost) => refuse("The extension ICO is only valid for FAVICON_ICO."),
        () => None,
    }
}

/// A client has one style **\[L\]**, and exists.
fn one_style(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    if write.before.is_some() {
        return None;
    }
    let client = text(write.request, "ClientId").unwrap_or_default();
    let known = SideDocument::Keyed(Collection::Branding).of(write.live);
    let mut known = known.into_iter().flat_map(|known| known.values()).filter_map(Json::as_object);
    let is_taken = known.any(|branding| text(branding, "ClientId") == Some(client));
    let taken = is_taken.then(|| {
        let message = format!("A ManagedLoginBranding already exists for client {client}");
        Refusal::new("ManagedLoginBrandingExistsException", message)
    });
    of_clients::exists(write.live, write.request).err().or(taken)
}
