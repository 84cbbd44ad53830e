//! Requests without their nulls.

use std::borrow::Cow;

use crate::document::{Json, Object, json};
use crate::shapes::{Shape, ShapeKind, Shapes};

/// A request without the members that the model knows and that are null; most have none and are not copied.
pub(super) fn without<'a>(shapes: &Shapes, shape: &Shape, body: &'a Object) -> Cow<'a, Object> {
    match body.values().any(json::has_null) {
        true => Cow::Owned(structure(shapes, shape, body.clone())),
        false => Cow::Borrowed(body),
    }
}

fn structure(shapes: &Shapes, shape: &Shape, members: Object) -> Object {
    let clean = |(name, inner): (String, Json)| match shapes.member(shape, &name) {
        Some(_) if inner.is_null() => None,
        Some(member) => Some((name, value(shapes, member, inner))),
        None => Some((name, inner)),
    };
    members.into_iter().filter_map(clean).collect()
}

fn value(shapes: &Shapes, shape: &Shape, value: Json) -> Json {
    let of = |shape: Option<&Shape>, inner: Json| match shape {
        Some(shape) => self::value(shapes, shape, inner),
        None => inner,
    };
    match (shape.kind, value) {
        (ShapeKind::Structure, Json::Object(members)) => Json::Object(structure(shapes, shape, members)),
        (ShapeKind::List, Json::Array(elements)) => {
            elements.into_iter().map(|element| of(shapes.element(shape), element)).collect()
        }
        (ShapeKind::Map, Json::Object(entries)) => {
            let of_entry = shape.value.and_then(|value| shapes.get(value));
            entries.into_iter().map(|(name, entry)| (name, of(of_entry, entry))).collect()
        }
        (_, value) => value,
    }
}
