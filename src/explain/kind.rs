//! The type of a setting, in words.

use crate::rules::pattern_in_words;
use crate::shapes::{Shape, ShapeKind};

/// The model's length limit of texts without a limit of their own.
const ANY_LENGTH: i64 = 131_072;

/// A shape in words; `inner` is that of its elements or values, `key` that of its keys.
pub(super) fn kind(shape: &Shape, inner: Option<&Shape>, key: Option<&Shape>) -> String {
    let inner = |many: &str| match inner {
        Some(inner) if inner.kind == ShapeKind::Structure => many.to_owned(),
        Some(inner) => format!("values, each {}", kind(inner, None, None)),
        None => "values".to_owned(),
    };
    let count = bounds(shape);
    match shape.kind {
        ShapeKind::Structure => "a structure".to_owned(),
        ShapeKind::Document => "a JSON document".to_owned(),
        ShapeKind::List if count.is_empty() => format!("a list of {}", inner("structures")),
        ShapeKind::List => format!("a list of {count} {}", inner("structures")),
        ShapeKind::Map => {
            let keys = key.map(|key| kind(key, None, None)).unwrap_or_else(|| "text".to_owned());
            let keys = match key.and_then(|key| key.pattern) {
                Some(pattern) => pattern_in_words(pattern),
                None => keys,
            };
            format!("a map from {keys} to {}", inner("structures"))
        }
        ShapeKind::Integer => match (shape.min, shape.max) {
            (Some(min), Some(max)) => format!("a whole number, {min} to {max}"),
            _ if count.is_empty() => "a whole number".to_owned(),
            _ => format!("a whole number, {count}"),
        },
        ShapeKind::Boolean => "`true` or `false`".to_owned(),
        ShapeKind::Float | ShapeKind::Timestamp => "a number".to_owned(),
        ShapeKind::Blob if count.is_empty() => "bytes in base64".to_owned(),
        ShapeKind::Blob => format!("{count} bytes, in base64"),
        ShapeKind::String | ShapeKind::Other => text(shape, &count),
    }
}

fn text(shape: &Shape, count: &str) -> String {
    let values: Vec<String> = shape.allowed.iter().map(|value| format!("`{value}`")).collect();
    match values.as_slice() {
        [] if count.is_empty() || shape.max == Some(ANY_LENGTH) => "text".to_owned(),
        [] => format!("text of {count} characters"),
        [only] => format!("{only} (the only value)"),
        several => format!("one of {}", several.join(", ")),
    }
}

/// The bounds of a length, as `6 to 99`; empty where it has none.
fn bounds(shape: &Shape) -> String {
    match (shape.min.filter(|min| *min > 0), shape.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    }
}
