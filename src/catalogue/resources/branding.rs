//! Managed login branding: how the pages look at which users of an app client sign in.

use super::clients::CLIENTS;
use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::resource::{Replaced, Resource, Sends};
use crate::catalogue::table::Compare::Set;
use crate::catalogue::table::Evidence::{Docs, Live, Model};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{REMOVED, Row};
use crate::document::{Document, DocumentId, Json, Object, Snapshot};

/// The branding of an app client. It has Cognito's style or its own settings, never both, and images.
/// An update keeps the images that it leaves out. **\[L\]**
pub(super) static BRANDING: Resource = Resource {
    document: DocumentId::BRANDING,
    hangs_on: Some(&CLIENTS),
    read: &calls::DESCRIBE_MANAGED_LOGIN_BRANDING_BY_CLIENT,
    answer: Some("ManagedLoginBranding"),
    update: &calls::UPDATE_MANAGED_LOGIN_BRANDING,
    create: Some(&calls::CREATE_MANAGED_LOGIN_BRANDING),
    remove: Some(&calls::DELETE_MANAGED_LOGIN_BRANDING),
    sends: Sends::Changed,
    address: &[POOL_ID, "ClientId", "ManagedLoginBrandingId"],
    branch: Some("branding"),
    complete: with_one_source,
    observe,
    replaced: &[Replaced { drops: PROVIDED, by: SETTINGS }, Replaced { drops: SETTINGS, by: PROVIDED }],
    rows: ROWS,
    ..Resource::IN_POOL
};

const PROVIDED: &str = "UseCognitoProvidedValues";
const SETTINGS: &str = "Settings";

/// A request names its source, also if only images change, and no other. **\[L\]**
fn with_one_source(_: &Snapshot, branding: Option<&Document>, body: &mut Document) {
    let source = |name: &str| branding.and_then(|branding| branding.get(name)).cloned();
    let provided = source(PROVIDED).filter(|provided| *provided == Json::Bool(true));
    let (name, value, other) = match (provided, source(SETTINGS)) {
        (Some(provided), _) => (PROVIDED, provided, SETTINGS),
        (None, Some(settings)) => (SETTINGS, settings, PROVIDED),
        (None, None) => return,
    };
    body.take(other);
    body.insert(name, value);
}

/// Leaves out settings that have no effect: an update may keep them beside Cognito's own style. **\[D\]**
fn observe(branding: &mut Object) {
    if branding.get(PROVIDED) == Some(&Json::Bool(true)) {
        branding.shift_remove(SETTINGS);
    }
}

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document(
        "How the sign-in pages of this application look. A domain with managed login shows no pages to an application without branding.",
        "the branding exists; its settings stay as they are",
    ),
    Row::new(
        PROVIDED,
        "Whether the pages have Cognito's own style. It excludes `Settings`.",
        Send("false"),
        Live,
    )
    .default("false")
    .always_sent(),
    Row::new(
        SETTINGS,
        "The style, as a JSON document: what the branding designer of the console writes, or the defaults changed; `${file:branding.json}` reads it from a file. It is declared whole: what a manifest leaves out goes.",
        Omit,
        Docs,
    )
    .falls_to(REMOVED)
    .always_sent(),
    Row::new(
        "Assets",
        "The images, each the only one of its category and colour mode. An update changes images and adds some; it removes none.",
        Impossible("an update keeps all images"),
        Live,
    )
    .compare(Set)
    .only_added(&["Category", "ColorMode"]),
    Row::new("Assets[].Category", "Where the image is.", Impossible("an image has a place"), Model),
    Row::new("Assets[].ColorMode", "In which colour mode the image is shown.", Impossible("an image has a mode"), Model),
    Row::new("Assets[].Extension", "The format of the image. `ICO` is for `FAVICON_ICO` alone.", Impossible("an image has a format"), Model),
    Row::new("Assets[].Bytes", "The image as Base64: `${base64:FILE}` reads it from a file. It has 1 MB at most.", Impossible("an image has a content"), Docs),
    Row::new("Assets[].ResourceId", "The id of an image that Cognito has already.", Impossible("an image has a content"), Model),
];
