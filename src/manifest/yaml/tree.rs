//! YAML as a tree that knows where each value stands.
//!
//! Scalars keep their text: the setting decides their type, so that `ON` stays a word and `1.10` keeps its
//! zero.

use std::sync::Arc;

use crate::document::{Json, Object};
use crate::manifest::Origin;
use crate::manifest::given::Given;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct YamlNode {
    /// The value.
    pub value: Value,
    /// Where it stands; for a collection or an absent value, where it begins.
    pub origin: Origin,
    /// The byte of the file behind its last character, a closing bracket counted.
    pub end: usize,
}

impl YamlNode {
    /// Whether there is no value, or `null`.
    pub fn is_unset(&self) -> bool {
        self.scalar().is_some_and(|it| matches!(it.meaning(), ScalarMeaning::Blank | ScalarMeaning::Null))
    }

    /// The value of this key; `None` if the value is no mapping or lacks the key.
    pub fn member(&self, key: &str) -> Option<&Self> {
        let Value::Mapping(entries) = &self.value else { return None };
        entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The scalar that the value is; `None` if it is a collection.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

/// A value of YAML's.
#[derive(Clone, Debug)]
pub enum Value {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<YamlNode>),
    /// A mapping, in the file's order, each key once.
    Mapping(Vec<YamlEntry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct YamlEntry {
    /// The key's text.
    pub key: String,
    /// Where the key stands.
    pub origin: Origin,
    /// The source of the key, if the file has a reference in it.
    pub given: Option<Arc<Given>>,
    /// The value.
    pub value: YamlNode,
}

/// A scalar by its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, unescaped.
    pub text: String,
    /// Whether it stands without quotes and is no block: then it may be something else than text.
    pub plain: bool,
    /// The source of the text, if the file has a reference: then it is text.
    pub given: Option<Arc<Given>>,
}

/// What a scalar is to YAML 1.2, read so that nothing is turned into a number by accident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScalarMeaning {
    /// Nothing stands there.
    Blank,
    /// `null` or `~`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number as JSON writes it.
    Number(serde_json::Number),
    /// A number to YAML but not to JSON, as `0x1F`, `0123` or `.inf`.
    OddNumber,
    /// Text.
    Text,
}

impl Scalar {
    /// What the scalar is.
    pub fn meaning(&self) -> ScalarMeaning {
        if !self.plain || self.given.is_some() {
            return ScalarMeaning::Text;
        }
        Self::meaning_of(&self.text)
    }

    /// What a scalar of this text is, where it stands without quotes.
    pub fn meaning_of(text: &str) -> ScalarMeaning {
        match text {
            "" => ScalarMeaning::Blank,
            "null" | "Null" | "NULL" | "~" => ScalarMeaning::Null,
            "true" | "True" | "TRUE" => ScalarMeaning::Boolean(true),
            "false" | "False" | "FALSE" => ScalarMeaning::Boolean(false),
            text => match json_number(text) {
                Some(number) => ScalarMeaning::Number(number),
                None if is_odd_number(text) => ScalarMeaning::OddNumber,
                None => ScalarMeaning::Text,
            },
        }
    }
}

/// The number that JSON writes with this text, if it is one.
fn json_number(text: &str) -> Option<serde_json::Number> {
    // The parser takes blanks around a number; a scalar has none, unless it spans lines.
    let clean = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    clean.then(|| text.parse().ok())?
}

fn is_odd_number(text: &str) -> bool {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    if let Some(hex) = text.strip_prefix("0x") {
        return all(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return all(octal, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    // What is left are `+1`, `0123`, `.5` and `1.`: numbers of JSON's once a nought is there, or not there.
    let bare = unsigned.trim_start_matches('0');
    let noughts = unsigned.len() - bare.len();
    let unsigned = match bare.starts_with(|c: char| c.is_ascii_digit()) {
        true => bare,
        false => &unsigned[noughts.saturating_sub(1)..],
    };
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return unsigned != text
            && json_number(unsigned).is_some_and(|number| !number.to_string().starts_with('-'));
    };
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if !digit(whole) && !digit(fraction) || whole.starts_with('-') {
        return false;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let nought = if digit(fraction) { "" } else { "0" };
    json_number(&format!("{whole}.{nought}{fraction}")).is_some()
}

impl YamlNode {
    /// The value as JSON, scalars by their meaning; a blank is `null`, an odd number its text.
    pub fn to_json(&self) -> Json {
        match &self.value {
            Value::Scalar(scalar) => match scalar.meaning() {
                ScalarMeaning::Blank | ScalarMeaning::Null => Json::Null,
                ScalarMeaning::Boolean(value) => Json::Bool(value),
                ScalarMeaning::Number(number) => Json::Number(number),
                ScalarMeaning::OddNumber | ScalarMeaning::Text => Json::String(scalar.text.clone()),
            },
            Value::Sequence(nodes) => Json::Array(nodes.iter().map(Self::to_json).collect()),
            Value::Mapping(entries) => {
                let members = entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json()));
                Json::Object(members.collect::<Object>())
            }
        }
    }

    /// The scalars in this value, each with its place.
    pub fn scalars(&self) -> Vec<(&Scalar, &Origin)> {
        match &self.value {
            Value::Scalar(scalar) => vec![(scalar, &self.origin)],
            Value::Sequence(nodes) => nodes.iter().flat_map(Self::scalars).collect(),
            Value::Mapping(entries) => entries.iter().flat_map(|entry| entry.value.scalars()).collect(),
        }
    }

    /// Whether a part of the value comes from a reference of which this holds.
    pub fn is_given(&self, holds: impl Fn(&Given) -> bool) -> bool {
        self.scalars().into_iter().any(|(scalar, _)| scalar.given.as_ref().is_some_and(|given| holds(given)))
    }

    pub(in crate::manifest) fn size(&self) -> Size {
        match &self.value {
            Value::Scalar(scalar) => Size { nodes: 1, bytes: scalar.text.len(), depth: 0 },
            Value::Sequence(nodes) => Size::around(nodes.iter().map(Self::size)),
            Value::Mapping(entries) => Size::around(entries.iter().map(|entry| {
                let value = entry.value.size();
                Size { nodes: value.nodes + 1, bytes: value.bytes + entry.key.len(), ..value }
            })),
        }
    }
}

/// What a copy of a value costs.
pub(in crate::manifest) struct Size {
    /// How many values it is, itself counted.
    pub(in crate::manifest) nodes: usize,
    /// The bytes of its keys and scalars.
    pub(in crate::manifest) bytes: usize,
    /// How many collections stand within one another.
    pub(super) depth: usize,
}

impl Size {
    /// The size of a collection.
    fn around(members: impl Iterator<Item = Self>) -> Self {
        let empty = Self { nodes: 1, bytes: 0, depth: 1 };
        members.fold(empty, |sum, member| Self {
            nodes: sum.nodes + member.nodes,
            bytes: sum.bytes + member.bytes,
            depth: sum.depth.max(member.depth + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_only_yaml_knows_are_told_apart() {
        let meaning = Scalar::meaning_of;
        for text in [
            "0x1F", "0o17", ".inf", "-.INF", ".nan", "+1", ".5", "1.", "+.5", "0123", "08", "00", "-07",
            "01.5", "007e2", "00.", "0.e1",
        ] {
            assert_eq!(meaning(text), ScalarMeaning::OddNumber, "{text}");
        }
        for text in ["0xZZ", "+", ".", "..", "1.2.", "+a", "e5", "0a", "01-02", "0_1", "--1", "+-1", "0+1"] {
            assert_eq!(meaning(text), ScalarMeaning::Text, "{text}");
        }
        assert_eq!(meaning(""), ScalarMeaning::Blank);
    }
}
