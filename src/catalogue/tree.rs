//! Shapes joined with rows, as a tree for fast look-ups by path.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use super::rows::{ROWS, Row};
use crate::document::Seg;
use crate::shapes::{Shape, ShapeKind, Shapes};

/// A setting or member. Its members are joined on first use: a run needs few of them, and a model may be
/// recursive.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) shape: Arc<Shape>,
    pub(super) row: Option<&'static Row>,
    /// Whether the structure around it cannot be sent without it.
    pub(super) required: bool,
    /// The path as the table writes it.
    pattern: String,
    inner: OnceLock<Inner>,
}

#[derive(Clone, Debug, Default)]
struct Inner {
    /// A structure's members, and the keys of a map that have rows, in the order of [`by_length`].
    named: Vec<(String, Node)>,
    /// A list's elements, or a map's values under any other key.
    any: Option<Box<Node>>,
}

impl Node {
    /// The structure of a call, at which paths begin.
    pub(super) fn root(shape: &Arc<Shape>) -> Self {
        Self {
            shape: Arc::clone(shape),
            row: None,
            required: false,
            pattern: String::new(),
            inner: OnceLock::new(),
        }
    }

    /// The node one step further in.
    pub(super) fn step(&self, shapes: &Shapes, seg: &Seg) -> Option<&Self> {
        match seg {
            Seg::Member(name) => self.member(shapes, name),
            Seg::Item(_) | Seg::Index(_) => self.element(shapes),
        }
    }

    /// The member of this name, or the value of this key.
    pub(super) fn member(&self, shapes: &Shapes, name: &str) -> Option<&Self> {
        let inner = self.inner(shapes);
        let found = inner.named.binary_search_by(|(known, _)| by_length(known, name)).ok();
        match found.and_then(|index| inner.named.get(index)) {
            Some((_, node)) => Some(node),
            None => inner.any.as_deref().filter(|_| self.shape.kind == ShapeKind::Map),
        }
    }

    /// The elements of a list.
    pub(super) fn element(&self, shapes: &Shapes) -> Option<&Self> {
        self.inner(shapes).any.as_deref().filter(|_| self.shape.kind != ShapeKind::Map)
    }

    fn inner(&self, shapes: &Shapes) -> &Inner {
        self.inner.get_or_init(|| {
            let mut named: Vec<(String, Self)> = match self.shape.kind {
                ShapeKind::Structure => self.members(shapes),
                ShapeKind::Map => self.keys(shapes),
                _ => Vec::new(),
            };
            named.sort_by(|(a, _), (b, _)| by_length(a, b));
            let any = match self.shape.kind {
                ShapeKind::Map => self.inside(shapes, self.shape.value.as_deref(), ".*"),
                _ => self.inside(shapes, self.shape.element.as_deref(), "[]"),
            };
            Inner { named, any: any.map(Box::new) }
        })
    }

    fn members(&self, shapes: &Shapes) -> Vec<(String, Self)> {
        let join = |(name, shape): &(String, String)| {
            let dot = if self.pattern.is_empty() { "" } else { "." };
            let mut node = self.inside(shapes, Some(shape), &format!("{dot}{name}"))?;
            node.required = self.shape.required.contains(name);
            Some((name.clone(), node))
        };
        self.shape.members.iter().filter_map(join).collect()
    }

    /// The keys of this map that the table knows by name.
    fn keys(&self, shapes: &Shapes) -> Vec<(String, Self)> {
        let key = |row: &'static Row| {
            row.path.strip_prefix(&self.pattern)?.strip_prefix('.')?.split(['.', '[']).next()
        };
        let mut keys: Vec<&str> = ROWS.iter().filter_map(key).collect();
        keys.dedup();
        let value = self.shape.value.as_deref();
        let join = |key: &str| Some((key.to_owned(), self.inside(shapes, value, &format!(".{key}"))?));
        keys.into_iter().filter_map(join).collect()
    }

    fn inside(&self, shapes: &Shapes, shape: Option<&str>, step: &str) -> Option<Self> {
        let pattern = format!("{}{step}", self.pattern);
        let row = super::BY_PATH.get(pattern.as_str()).copied();
        Some(Self { row, pattern, ..Self::root(shapes.shared(shape?)?) })
    }
}

/// An order of names that seldom has to look at a letter.
fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
