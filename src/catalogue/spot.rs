//! A place in a canonical document, with what the model and the rows know of it.

use super::table::{Compare, NAME, Row};
use super::tree::Node;
use crate::document::Seg;
use crate::shapes::{Shape, ShapeKind, Shapes};

/// A place in a canonical document. A walk through a document goes from spot to spot, without a look-up by path at
/// each step.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spot<'a>(Option<Field<'a>>);

/// One setting or member: its shape and its row.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The model's shape.
    pub shape: &'a Shape,
    /// The table's row, if there is one.
    pub row: Option<&'static Row>,
    /// Whether the structure around it cannot be sent without it.
    pub required: bool,
    node: &'a Node,
    shapes: &'a Shapes,
}

impl<'a> Spot<'a> {
    pub(super) fn of(node: &'a Node, shapes: &'a Shapes) -> Self {
        Self(Some(Field { shape: &node.shape, row: node.row, required: node.required, node, shapes }))
    }

    /// What the model has there; `None` if it has nothing.
    pub fn field(self) -> Option<Field<'a>> {
        self.0
    }

    /// The spot of the member `name` of this one.
    #[must_use]
    pub fn member(self, name: &str) -> Self {
        self.0.map_or(self, |field| field.at(field.node.member(field.shapes, name)))
    }

    /// The spot of the elements of the list here.
    #[must_use]
    pub fn element(self) -> Self {
        self.0.map_or(self, |field| field.at(field.node.element(field.shapes)))
    }

    pub(super) fn step(self, seg: &Seg) -> Self {
        match seg {
            Seg::Member(name) => self.member(name),
            Seg::Item(_) | Seg::Index(_) => self.element(),
        }
    }

    /// Whether the value here must not be shown; `name` is the member's name, if it is a member.
    pub fn is_sensitive(self, name: Option<&str>) -> bool {
        match self.0 {
            Some(field) => field.is_sensitive(),
            None => name.is_some_and(sounds_secret),
        }
    }
}

impl<'a> Field<'a> {
    fn at(self, node: Option<&'a Node>) -> Spot<'a> {
        match node {
            Some(node) => Spot::of(node, self.shapes),
            // What a document contains is a part of it.
            None => Spot(Some(self).filter(|_| self.shape.kind == ShapeKind::Document)),
        }
    }

    /// The member that identifies the elements of this list, or `None` if their position does.
    pub fn key_member(&self) -> Option<&'static str> {
        match self.compare() {
            Compare::Keyed { key, .. } => Some(key),
            Compare::Attributes => Some(NAME),
            Compare::ByShape | Compare::Set | Compare::NumericText => None,
        }
    }

    /// How two values are compared.
    pub fn compare(&self) -> Compare {
        self.row.map_or(Compare::ByShape, |row| row.compare)
    }

    /// Whether the value must not be shown.
    pub fn is_sensitive(&self) -> bool {
        let is_shown = self.row.is_some_and(|row| row.shown);
        self.shape.sensitive && !is_shown || self.row.is_some_and(|row| row.sensitive)
    }

    /// Whether the value is the name of another resource of AWS's: a function, a role, a key.
    pub fn names_a_resource(&self) -> bool {
        self.shape.pattern.is_some_and(|pattern| pattern.trim_start_matches('(').starts_with("arn:"))
    }

    /// The shape of a list's elements or a map's values.
    pub fn inner(&self) -> Option<&'a Shape> {
        match self.shape.kind {
            ShapeKind::List => self.shapes.element(self.shape),
            ShapeKind::Map => self.shapes.get(self.shape.value?),
            _ => None,
        }
    }

    /// The shape of a map's keys.
    pub fn key(&self) -> Option<&'a Shape> {
        self.shapes.get(self.shape.key?)
    }
}

/// Whether a name that the model does not know is one that people give to secrets.
pub fn sounds_secret(name: &str) -> bool {
    let ends_with = |word: &&str| {
        let mut letters = name.chars().rev().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric());
        word.chars().rev().all(|own| letters.next() == Some(own))
    };
    ["externalid", "secret", "password", "apikey", "privatekey"].iter().any(ends_with)
}
