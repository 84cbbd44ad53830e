use crate::catalogue::{Empty, Field};
use crate::document::{Json, Path};
use crate::manifest::Origin;

/// A declared setting with its value.
#[derive(Clone, Debug)]
pub struct Want {
    /// The setting.
    pub path: Path,
    /// The value, or `None` for Cognito's default. Of a set that is declared by its elements, those that it must have.
    pub value: Option<Json>,
    /// The elements that the set must not have, if it is declared by its elements: all others stay as they are. `None`
    /// if the value is wanted whole.
    pub lacks: Option<Vec<Json>>,
    /// The place in the manifest, or `None` if it does not come from a manifest.
    pub origin: Option<Origin>,
    /// The file that the value is read from, if the manifest refers to one.
    pub file: Option<String>,
    /// Whether a part of the value is a secret: then neither it nor the live one may be shown.
    pub is_secret: bool,
}

impl Want {
    /// Whether `{}` was declared here, and what that does.
    pub fn empty<'a>(&self, field: Option<&Field<'a>>) -> Option<Empty> {
        let empty = matches!(&self.value, Some(Json::Object(members)) if members.is_empty());
        field.filter(|_| empty).and_then(|field| field.row).and_then(|row| row.empty)
    }
}
