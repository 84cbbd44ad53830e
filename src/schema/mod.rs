//! The JSON Schema of a manifest, from the catalogue: for editors, and for validators of others.
//!
//! It describes single values. Only [`crate::manifest::load`] and [`crate::rules::check`] check combinations of
//! settings and the file's text.

mod frame;
mod pattern;
mod setting;

use crate::catalogue::Catalogue;
use crate::document::{Json, Object, Path};
use serde_json::json;

/// The schema of the manifests that this catalogue understands, in the draft 2020-12.
pub fn manifest(catalogue: &Catalogue) -> Json {
    let member = |name: &str| setting::member(catalogue, &Path::members([name]));
    let settings: Object = catalogue.settings().filter_map(member).collect();
    let branches: Object = Catalogue::branches().filter_map(member).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A manifest of poolctl",
        "description": "The settings of an Amazon Cognito user pool. Settings that the manifest does not name stay as they are.",
        "type": "object",
        "required": ["version"],
        "additionalProperties": false,
        "properties": frame::properties(catalogue, settings, branches),
        "$defs": frame::definitions(),
    })
}

/// A schema that is kept apart under this name.
fn apart(name: &str) -> Json {
    json!({ "$ref": format!("#/$defs/{name}") })
}
