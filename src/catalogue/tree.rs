//! Shapes joined with rows, as a tree for fast look-ups by path.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use super::calls::Call;
use super::resource::Resource;
use super::resources::RESOURCES;
use super::table::Row;
use crate::shapes::{Shape, ShapeKind, Shapes};

/// The members of a resource in its read and in the requests that write it, each once.
#[derive(Clone, Debug)]
pub(super) struct ResourceTree {
    pub(super) resource: &'static Resource,
    /// In the order of the update, then of the request that makes it, then of the read.
    pub(super) members: Vec<Top>,
    /// Positions in `members`, in the order of [`by_length`].
    sorted: Vec<usize>,
    /// Of a branch, all of it: a structure of the members that can be set.
    pub(super) whole: Option<Top>,
}

/// A member at the top of a document.
#[derive(Clone, Debug)]
pub(super) struct Top {
    /// Its name in requests.
    pub(super) name: String,
    pub(super) node: Node,
    /// Whether the update takes it.
    pub(super) updates: bool,
    /// Whether the request that makes the resource takes it.
    pub(super) creates: bool,
    /// Whether the read has it.
    pub(super) reads: bool,
}

impl ResourceTree {
    pub(super) fn new(resource: &'static Resource, shapes: &mut Shapes) -> Self {
        let mut tree = Self { resource, members: Vec::new(), sorted: Vec::new(), whole: None };
        tree.add(shapes, input(shapes, resource.update), |top| &mut top.updates);
        let create = resource.create.and_then(|create| input(shapes, create));
        tree.add(shapes, create, |top| &mut top.creates);
        tree.add(shapes, read_shape(resource, shapes), |top| &mut top.reads);
        tree.whole = resource.branch.map(|branch| tree.branch(branch, shapes));
        tree.sorted = (0..tree.members.len()).collect();
        tree.sorted.sort_by(|a, b| by_length(&tree.members[*a].name, &tree.members[*b].name));
        tree
    }

    /// The members that can be set as one structure, or as one for each label, under the name of the branch.
    fn branch(&self, name: &str, shapes: &mut Shapes) -> Top {
        let mut shape = settable(self.resource, shapes);
        let key = self.resource.listing.and_then(|listing| {
            let input = input(shapes, self.resource.update)?;
            let key = listing.name.unwrap_or(listing.key);
            input.members.iter().find(|(name, _)| name == key).map(|(_, shape)| shape.clone())
        });
        let Some(_) = self.resource.listing else {
            let node = Node::whole(self.resource, Arc::new(shape), row(self.resource, ""), Inner::default);
            return Top { name: name.to_owned(), node, updates: true, creates: false, reads: true };
        };
        let own_form = self.resource.listing.and_then(|listing| listing.key_form);
        let own_key = own_form
            .zip(key.as_deref().and_then(|key| shapes.get(key)))
            .map(|((pattern, _), key)| Shape { pattern: Some(pattern.to_owned()), ..key.clone() });
        let key = match own_key {
            None => key,
            Some(own) => {
                let key = format!("{name} key");
                shapes.add(&key, own);
                Some(key)
            }
        };
        // A document that exists has what a request requires.
        shape.required.clear();
        for hanging in self.resource.hanging() {
            let (key, name) = (hanging.branch.unwrap_or_default(), hanging.document.name());
            let settable = settable(hanging, shapes);
            shapes.add(name, settable);
            shape.members.push((key.to_owned(), name.to_owned()));
        }
        let entry = Arc::new(Shape::clone(&shape));
        shapes.add(name, shape);
        let map = Shape { kind: ShapeKind::Map, key, value: Some(name.to_owned()), ..Shape::default() };
        let inner = || {
            let entry = Node::whole(self.resource, entry, row(self.resource, ""), Inner::default);
            Inner { named: Vec::new(), any: Some(Box::new(entry)) }
        };
        let node = Node::whole(self.resource, Arc::new(map), None, inner);
        Top { name: name.to_owned(), node, updates: true, creates: false, reads: true }
    }

    /// Adds the members of a structure, and marks each.
    fn add(&mut self, shapes: &Shapes, structure: Option<&Arc<Shape>>, mark: fn(&mut Top) -> &mut bool) {
        for (name, shape) in structure.into_iter().flat_map(|structure| &structure.members) {
            let name = self.resource.setting_name(name);
            if self.resource.address.contains(&name) {
                continue;
            }
            let known = self.members.iter_mut().find(|top| top.name == name);
            let top = match known {
                Some(top) => top,
                None => {
                    let Some(node) = Node::top(self.resource, shapes, name, shape) else { continue };
                    let name = name.to_owned();
                    self.members.push(Top { name, node, updates: false, creates: false, reads: false });
                    let Some(top) = self.members.last_mut() else { continue };
                    top
                }
            };
            *mark(top) = true;
        }
    }

    /// Whether a member is known and cannot be sent back.
    pub(super) fn is_read_only(&self, top: &Top) -> bool {
        // A model that has lost a member of the update must not take the setting out of requests.
        let writer = self.resource.writer(&top.name);
        let is_updated = top.node.row.is_some() && writer == Some(self.resource.update);
        top.reads && !top.updates && !is_updated
    }

    /// The members of a canonical document: of a branch, all of it as one. What hangs on a document is a member of that.
    pub(super) fn tops(&self) -> &[Top] {
        match &self.whole {
            Some(_) if self.resource.hangs_on.is_some() => &[],
            Some(whole) => std::slice::from_ref(whole),
            None => &self.members,
        }
    }

    /// The member of this name, by its name in requests.
    pub(super) fn member(&self, name: &str) -> Option<&Top> {
        let at = |position: &usize| by_length(&self.members[*position].name, name);
        let found = self.sorted.binary_search_by(at).ok()?;
        self.members.get(*self.sorted.get(found)?)
    }
}

/// The members of a document that the call which updates it, or the one which makes it, takes, as a structure.
fn settable(resource: &Resource, shapes: &Shapes) -> Shape {
    let is_address = |name: &String| resource.address.contains(&name.as_str());
    let input_of = |call| input(shapes, call).map(|shape| Shape::clone(shape)).unwrap_or_default();
    let mut shape = input_of(resource.update);
    shape.kind = ShapeKind::Structure;
    for member in resource.create.map(input_of).into_iter().flat_map(|create| create.members) {
        if !shape.members.iter().any(|(name, _)| *name == member.0) {
            shape.members.push(member);
        }
    }
    shape.members.retain(|(name, _)| !is_address(name));
    shape.required.retain(|name| !is_address(name));
    shape
}

/// The request of a call.
fn input<'s>(shapes: &'s Shapes, call: &Call) -> Option<&'s Arc<Shape>> {
    shapes.shared(&shapes.operation(call.name)?.input)
}

/// A document as it is read.
fn read_shape<'s>(resource: &Resource, shapes: &'s Shapes) -> Option<&'s Arc<Shape>> {
    let answer = shapes.shared(shapes.operation(resource.read.name)?.output.as_deref()?)?;
    let member = |name: &str| {
        let (_, shape) = answer.members.iter().find(|(member, _)| member == name)?;
        shapes.shared(shape)
    };
    match (resource.listing.filter(|_| resource.is_listed_whole()), resource.answer) {
        (Some(listing), _) => shapes.shared(member(listing.items)?.element.as_deref()?),
        (None, Some(within)) => member(within),
        (None, None) => Some(answer),
    }
}

/// A setting or member. Its members are joined on first use: a run needs few of them, and a model may be
/// recursive.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) shape: Arc<Shape>,
    pub(super) row: Option<&'static Row>,
    /// Whether the structure around it cannot be sent without it.
    pub(super) required: bool,
    resource: &'static Resource,
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

/// The rows of each resource by their paths.
static ROWS: LazyLock<Vec<HashMap<&'static str, &'static Row>>> = LazyLock::new(|| {
    let rows = |resource: &&'static Resource| resource.rows.iter().map(|row| (row.path, row)).collect();
    RESOURCES.iter().map(rows).collect()
});

/// The row of a resource for this path.
fn row(resource: &Resource, path: &str) -> Option<&'static Row> {
    let position = RESOURCES.iter().position(|known| known.document == resource.document)?;
    ROWS.get(position)?.get(path).copied()
}

impl Node {
    /// A whole document, or all of a resource.
    fn whole(
        resource: &'static Resource,
        shape: Arc<Shape>,
        row: Option<&'static Row>,
        inner: impl FnOnce() -> Inner,
    ) -> Self {
        let joined = OnceLock::new();
        if shape.kind == ShapeKind::Map {
            joined.get_or_init(inner);
        }
        Self { shape, row, required: false, resource, pattern: String::new(), inner: joined }
    }

    /// A member at the top of a document, of the shape of this name.
    fn top(resource: &'static Resource, shapes: &Shapes, name: &str, shape: &str) -> Option<Self> {
        let (row, pattern) = (row(resource, name), name.to_owned());
        let shape = ranged(shapes.shared(shape)?, row);
        Some(Self { shape, row, required: false, resource, pattern, inner: OnceLock::new() })
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
        let is_document = self.pattern.is_empty();
        let join = |(name, shape): &(String, String)| {
            let hanging = self.resource.hanging().find(|other| is_document && other.branch == Some(name));
            if let Some(hanging) = hanging {
                let shape = Arc::clone(shapes.shared(shape)?);
                return Some((name.clone(), Self::whole(hanging, shape, row(hanging, ""), Inner::default)));
            }
            let dot = if self.pattern.is_empty() { "" } else { "." };
            let mut node = self.inside(shapes, Some(shape), &format!("{dot}{name}"))?;
            node.required = self.shape.required.contains(name);
            Some((name.clone(), node))
        };
        self.shape.members.iter().filter_map(join).collect()
    }

    /// The keys of this map that the table knows by name.
    fn keys(&self, shapes: &Shapes) -> Vec<(String, Self)> {
        let mut keys: Vec<&str> = self.resource.keys(&self.pattern).collect();
        keys.dedup();
        let value = self.shape.value.as_deref();
        let join = |key: &str| Some((key.to_owned(), self.inside(shapes, value, &format!(".{key}"))?));
        keys.into_iter().filter_map(join).collect()
    }

    fn inside(&self, shapes: &Shapes, shape: Option<&str>, step: &str) -> Option<Self> {
        let pattern = format!("{}{step}", self.pattern);
        let row = row(self.resource, &pattern);
        let shape = ranged(shapes.shared(shape?)?, row);
        Some(Self { shape, row, required: false, resource: self.resource, pattern, inner: OnceLock::new() })
    }
}

impl Resource {
    /// The keys under `map` that the rows know by name.
    pub(super) fn keys(&self, map: &str) -> impl Iterator<Item = &'static str> {
        let inside = move |row: &'static Row| row.path.strip_prefix(map)?.strip_prefix('.');
        let keys = self.rows.iter().filter_map(inside).filter_map(|inside| inside.split(['.', '[']).next());
        keys.filter(|key| *key != "*")
    }
}

/// A shape with the range of its row.
fn ranged(shape: &Arc<Shape>, row: Option<&Row>) -> Arc<Shape> {
    match row.and_then(|row| row.range) {
        None => Arc::clone(shape),
        Some((min, max)) => Arc::new(Shape { min: Some(min), max: Some(max), ..Shape::clone(shape) }),
    }
}

/// An order of names that seldom has to look at a letter.
fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
