//! Values that come from no manifest, such as those of a backup, compared with the model.
//!
//! Words that the model does not list pass: a newer service may have them.

use crate::catalogue::{Catalogue, Field};
use crate::document::{Json, Path, Seg, Snapshot};
use crate::shapes::{Shape, ShapeKind};

/// The first value at a canonical path, in it or around it that no request can contain, and what belongs there; `None` if
/// there is none. `saved` has what is around the path.
pub fn misfit(
    catalogue: &Catalogue,
    saved: &Snapshot,
    at: &Path,
    value: Option<&Json>,
) -> Option<(Path, String)> {
    let around = (1..=at.segs().len()).map(|len| at.prefix(len)).find_map(|outer| {
        let kind = catalogue.setting(&outer)?.shape.kind;
        let wanted = container(kind, catalogue.value(saved, &outer).filter(|value| !value.is_null())?)?;
        Some((outer, wanted.to_owned()))
    });
    around.or_else(|| within(catalogue, at, value?))
}

/// What belongs in the place of a value that is to have members or elements, and cannot.
fn container(kind: ShapeKind, value: &Json) -> Option<&'static str> {
    match (kind, value) {
        (ShapeKind::Structure | ShapeKind::Map, Json::Object(_)) | (ShapeKind::List, Json::Array(_)) => None,
        (ShapeKind::Structure | ShapeKind::Map, _) => Some("a structure"),
        (ShapeKind::List, _) => Some("a list"),
        _ => None,
    }
}

fn within(catalogue: &Catalogue, at: &Path, value: &Json) -> Option<(Path, String)> {
    let field = catalogue.setting(at)?;
    let shape = field.shape;
    if let Some(wanted) = container(shape.kind, value) {
        return Some((at.clone(), wanted.to_owned()));
    }
    let inner = |at: Path, value: &Json| within(catalogue, &at, value);
    match (shape.kind, value) {
        (ShapeKind::Structure | ShapeKind::Map, Json::Object(members)) => {
            members.iter().find_map(|(name, value)| inner(at.member(name), value))
        }
        (ShapeKind::List, Json::Array(elements)) => {
            let mut elements = elements.iter().enumerate();
            elements.find_map(|(index, value)| inner(at.join(Seg::Index(index)), value))
        }
        _ => scalar(&field, value).map(|wanted| (at.clone(), wanted)),
    }
}

/// What belongs in the place of this value; `None` if it may be there.
fn scalar(field: &Field<'_>, value: &Json) -> Option<String> {
    let shape = field.shape;
    let is_within =
        |number: i64| shape.min.is_none_or(|min| number >= min) && shape.max.is_none_or(|max| number <= max);
    match shape.kind {
        ShapeKind::Integer if value.as_i64().is_none_or(|number| !is_within(number)) => {
            Some(format!("a whole number{}", bounds(shape)))
        }
        ShapeKind::Float | ShapeKind::Timestamp if !value.is_number() => Some("a number".to_owned()),
        ShapeKind::Boolean if !value.is_boolean() => Some("`true` or `false`".to_owned()),
        ShapeKind::String => {
            let count = value.as_str().map(|text| i64::try_from(text.chars().count()).unwrap_or(i64::MAX));
            match count {
                None => Some("text".to_owned()),
                // Cognito returns empty texts that it would not take; requests leave them out.
                Some(count) if count > 0 && !is_within(count) => {
                    Some(format!("text{} characters", bounds(shape)))
                }
                Some(_) => None,
            }
        }
        _ => None,
    }
}

fn bounds(shape: &Shape) -> String {
    match (shape.min, shape.max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (None, None) => String::new(),
    }
}
