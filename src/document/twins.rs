//! JSON in which an object has a member twice: readers differ in which of the two they take.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::json::{self, FileError, Json, Object, ParseError};
use super::{Path, Seg, utf8};

/// The value of a text that a person may have edited.
///
/// # Errors
/// As [`json::parse`], and when a member is there twice.
pub fn parse_once(text: &[u8]) -> Result<Json, ParseError> {
    let Ok(text) = std::str::from_utf8(text) else { return Ok(serde_json::from_slice(text)?) };
    json::literal(text)?;
    let (mut parser, watch) = (serde_json::Deserializer::from_str(text), TwinWatch::default());
    let value = watch.at(&TwinPlace::Top).deserialize(&mut parser)?;
    parser.end()?;
    watch.first().map_or(Ok(value), |twice| Err(ParseError::Twice(twice)))
}

/// The value that a file holds, in UTF-8 with or without a byte-order mark, or in UTF-16 with one.
///
/// # Errors
/// As [`parse_once`], and when a mark announces UTF-16 that is none.
pub fn parse_file(bytes: &[u8]) -> Result<Json, FileError> {
    Ok(parse_once(&utf8(bytes).ok_or(FileError::Encoding)?)?)
}

/// Remembers the first member that is there twice in what is read.
#[derive(Debug, Default)]
pub struct TwinWatch {
    found: RefCell<Option<Path>>,
}

impl TwinWatch {
    /// Reads the value at a place.
    pub fn at<'a>(&'a self, place: &'a TwinPlace<'a>) -> WatchedJson<'a> {
        WatchedJson { watch: self, place }
    }

    /// Remembers that a member is there twice.
    pub fn found(&self, place: &TwinPlace<'_>) {
        self.found.borrow_mut().get_or_insert_with(|| place.path());
    }

    /// The first member that is there twice.
    pub fn first(self) -> Option<Path> {
        self.found.into_inner()
    }
}

/// A place in a text. It is rarely written.
#[derive(Clone, Copy, Debug)]
pub enum TwinPlace<'a> {
    /// The whole.
    Top,
    /// A member of an object.
    Member(&'a TwinPlace<'a>, &'a str),
    /// An element of a list.
    Element(&'a TwinPlace<'a>, usize),
}

impl TwinPlace<'_> {
    fn path(&self) -> Path {
        match self {
            Self::Top => Path::root(),
            Self::Member(around, name) => around.path().member(name),
            Self::Element(around, position) => around.path().extended(&[Seg::Index(*position)]),
        }
    }
}

/// A value that is read as any other is. Of a member that is there twice it has the last.
#[derive(Clone, Copy, Debug)]
pub struct WatchedJson<'a> {
    watch: &'a TwinWatch,
    place: &'a TwinPlace<'a>,
}

impl<'de> DeserializeSeed<'de> for WatchedJson<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// The name of the one member as which the parser hands over a number that a primitive type may not hold.
const NUMBER: &str = "$serde_json::private::Number";

impl<'de> Visitor<'de> for WatchedJson<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(element) =
            elements.next_element_seed(self.watch.at(&TwinPlace::Element(self.place, list.len())))?
        {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let mut object = Object::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == NUMBER {
                let digits: String = members.next_value()?;
                return digits.parse().map(Json::Number).map_err(A::Error::custom);
            }
            let place = TwinPlace::Member(self.place, &name);
            let value = members.next_value_seed(self.watch.at(&place))?;
            if object.contains_key(&name) {
                self.watch.found(&place);
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_the_parser_reads_and_the_first_twin_has_its_place() {
        let read = |text: &str| {
            let watch = TwinWatch::default();
            let mut parser = serde_json::Deserializer::from_str(text);
            let value = watch.at(&TwinPlace::Top).deserialize(&mut parser).unwrap();
            assert_eq!(value.to_string(), serde_json::from_str::<Json>(text).unwrap().to_string());
            watch.first().map(|path| path.to_string())
        };
        for text in [
            r#"{"b": [1, -0, 1.10, 1E5, 12345678901234567890123, -0.0e-3], "a": {"b": null, "": true}}"#,
            r#"["\u0061\n", [], {}, false]"#,
            "7",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(r#"{"a": 1, "\u0061": 2}"#).unwrap(), "a");
        assert_eq!(read(r#"{"x": [0, {"a.b": {"c": 1, "c": 1}}], "x": 0}"#).unwrap(), "x[1][\"a.b\"].c");
    }
}
