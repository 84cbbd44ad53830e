//! Shapes joined with rows, as a tree for fast look-ups by path.

use std::cmp::Ordering;
use std::sync::OnceLock;

use super::calls::Call;
use super::resource::Resource;
use super::resources::RESOURCES;
use super::table::Row;
use crate::document::FastMap;
use crate::shapes::{Shape, ShapeKind, Shapes};

/// The members of a resource in its read and in the requests that write it, each once.
#[derive(Clone, Debug)]
pub(super) struct ResourceTree {
    pub(super) resource: &'static Resource,
    /// Of a branch, all of it: a structure of the members that can be set.
    pub(super) whole: Option<Top>,
    shapes: Shapes,
    /// Joined on first use: few manifests have something of every resource.
    tops: OnceLock<Tops>,
}

#[derive(Clone, Debug, Default)]
struct Tops {
    /// In the order of the update, then of the request that makes it, then of the read.
    members: Vec<Top>,
    /// Positions in `members`, in the order of [`by_length`].
    sorted: Vec<usize>,
}

/// A member at the top of a document.
#[derive(Clone, Debug)]
pub(super) struct Top {
    /// Its name in requests.
    pub(super) name: &'static str,
    pub(super) node: Node,
    /// Whether the update takes it.
    pub(super) updates: bool,
    /// Whether the request that makes the resource takes it.
    pub(super) creates: bool,
    /// Whether the read has it.
    pub(super) reads: bool,
}

impl ResourceTree {
    /// The tree of a resource. What it composes of shapes is added to them.
    pub(super) fn new(resource: &'static Resource, shapes: &mut Shapes) -> Self {
        let whole = resource.branch.map(|branch| branch_top(resource, branch, shapes));
        Self { resource, whole, shapes: shapes.clone(), tops: OnceLock::new() }
    }

    fn joined(&self) -> &Tops {
        self.tops.get_or_init(|| {
            let (resource, shapes) = (self.resource, &self.shapes);
            let mut tops = Tops::default();
            tops.add(self, input(shapes, resource.update), |top| &mut top.updates);
            let create = resource.create.and_then(|create| input(shapes, create));
            tops.add(self, create, |top| &mut top.creates);
            tops.add(self, read_shape(resource, shapes), |top| &mut top.reads);
            tops.sorted = (0..tops.members.len()).collect();
            tops.sorted.sort_by(|a, b| by_length(tops.members[*a].name, tops.members[*b].name));
            tops
        })
    }

    /// Its members, in the order of the update, then of the request that makes it, then of the read.
    pub(super) fn members(&self) -> &[Top] {
        &self.joined().members
    }

    /// Whether a member is known and cannot be sent back.
    pub(super) fn is_read_only(&self, top: &Top) -> bool {
        // A model that has lost a member of the update must not take the setting out of requests.
        let writer = self.resource.writer(top.name);
        let is_updated = top.node.row.is_some() && writer == Some(self.resource.update);
        top.reads && !top.updates && !is_updated
    }

    /// The members of a canonical document: of a branch, all of it as one. What hangs on a document is a member of that.
    pub(super) fn tops(&self) -> &[Top] {
        match &self.whole {
            Some(_) if self.resource.hangs_on.is_some() => &[],
            Some(whole) => std::slice::from_ref(whole),
            None => self.members(),
        }
    }

    /// The member of this name, by its name in requests.
    pub(super) fn member(&self, name: &str) -> Option<&Top> {
        let Tops { members, sorted } = self.joined();
        let found = sorted.binary_search_by(|position| by_length(members[*position].name, name)).ok()?;
        members.get(*sorted.get(found)?)
    }
}

impl Tops {
    /// Adds the members of a structure, and marks each.
    fn add(&mut self, tree: &ResourceTree, structure: Option<&Shape>, mark: fn(&mut Top) -> &mut bool) {
        let resource = tree.resource;
        for (name, shape) in structure.into_iter().flat_map(|structure| structure.members) {
            let name = resource.setting_name(name);
            if resource.address.contains(&name) {
                continue;
            }
            let known = self.members.iter_mut().find(|top| top.name == name);
            let top = match known {
                Some(top) => top,
                None => {
                    let Some(node) = Node::top(resource, &tree.shapes, name, shape) else { continue };
                    self.members.push(Top { name, node, updates: false, creates: false, reads: false });
                    let Some(top) = self.members.last_mut() else { continue };
                    top
                }
            };
            *mark(top) = true;
        }
    }
}

/// The members that can be set as one structure, or as one for each label, under the name of the branch.
fn branch_top(resource: &'static Resource, name: &'static str, shapes: &mut Shapes) -> Top {
    let (mut members, required) = settable(resource, shapes);
    let whole = |shape, row, inner| {
        let node = Node::whole(resource, shape, row, inner);
        Top { name, node, updates: true, creates: false, reads: true }
    };
    let Some(listing) = resource.listing else {
        return whole(structure(members, required), row(resource, ""), None);
    };
    let named = input(shapes, resource.update).and_then(|input| {
        let key = listing.name.unwrap_or(listing.key);
        input.members.iter().find(|(name, _)| *name == key).map(|(_, shape)| *shape)
    });
    let own_form = listing.key_form.zip(named.and_then(|key| shapes.get(key)));
    let own_form = own_form.map(|((form, _), key)| (form, Shape { pattern: Some(form), ..*key }));
    let key = match own_form {
        None => named,
        // The shape of a form that the model lacks is called like the form.
        Some((form, shape)) => {
            shapes.add(form, shape);
            Some(form)
        }
    };
    for hanging in resource.hanging() {
        let (key, name) = (hanging.branch.unwrap_or_default(), hanging.document.name());
        let (members_of_it, required_of_it) = settable(hanging, shapes);
        shapes.add(name, structure(members_of_it, required_of_it));
        members.push((key, name));
    }
    // A document that exists has what a request requires.
    let entry = structure(members, Vec::new());
    shapes.add(name, entry);
    let map = Shape { kind: ShapeKind::Map, key, value: Some(name), ..Shape::NONE };
    let entry = Node::whole(resource, entry, row(resource, ""), None);
    whole(map, None, Some(Inner { named: Vec::new(), any: Some(Box::new(entry)) }))
}

/// A structure of these members. They are never freed: a run has one catalogue, and needs it to its end.
fn structure(members: Vec<(&'static str, &'static str)>, required: Vec<&'static str>) -> Shape {
    let (members, required) = (members.leak(), required.leak());
    Shape { kind: ShapeKind::Structure, members, required, ..Shape::NONE }
}

/// The members that the call which updates a document, or the one which makes it, takes, and those that the update
/// requires.
fn settable(resource: &Resource, shapes: &Shapes) -> (Vec<(&'static str, &'static str)>, Vec<&'static str>) {
    let input_of = |call| input(shapes, call).copied().unwrap_or(Shape::NONE);
    let (update, create) = (input_of(resource.update), resource.create.map(input_of));
    let mut members = update.members.to_vec();
    for member in create.into_iter().flat_map(|create| create.members) {
        if !members.iter().any(|(name, _)| *name == member.0) {
            members.push(*member);
        }
    }
    members.retain(|(name, _)| !resource.address.contains(name));
    let required = update.required.iter().copied().filter(|name| !resource.address.contains(name));
    (members, required.collect())
}

/// The request of a call.
fn input<'s>(shapes: &'s Shapes, call: &Call) -> Option<&'s Shape> {
    shapes.input(call.name)
}

/// A document as it is read.
fn read_shape<'s>(resource: &Resource, shapes: &'s Shapes) -> Option<&'s Shape> {
    let answer = shapes.output(resource.read.name)?;
    let member = |name: &str| {
        let (_, shape) = answer.members.iter().find(|(member, _)| *member == name)?;
        shapes.get(shape)
    };
    match (resource.listing.filter(|_| resource.is_listed_whole()), resource.answer) {
        (Some(listing), _) => shapes.get(member(listing.items)?.element?),
        (None, Some(within)) => member(within),
        (None, None) => Some(answer),
    }
}

/// A setting or member. Its members are joined on first use: a run needs few of them, and a model may be
/// recursive.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) shape: Shape,
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
    named: Vec<(&'static str, Node)>,
    /// A list's elements, or a map's values under any other key.
    any: Option<Box<Node>>,
}

/// The rows of a resource by their paths.
type RowsByPath = FastMap<&'static str, &'static Row>;

/// The rows of each resource, once somebody has asked for them.
static ROWS: [OnceLock<RowsByPath>; RESOURCES.len()] = [const { OnceLock::new() }; RESOURCES.len()];

/// The row of a resource for this path.
fn row(resource: &'static Resource, path: &str) -> Option<&'static Row> {
    let position = RESOURCES.iter().position(|known| std::ptr::eq(*known, resource))?;
    let rows = || resource.rows.iter().map(|row| (row.path, row)).collect();
    ROWS.get(position)?.get_or_init(rows).get(path).copied()
}

impl Node {
    /// A whole document, or all of a resource, with what is in it if the shapes do not have that.
    fn whole(
        resource: &'static Resource,
        shape: Shape,
        row: Option<&'static Row>,
        inner: Option<Inner>,
    ) -> Self {
        let inner = inner.map_or_else(OnceLock::new, OnceLock::from);
        Self { shape, row, required: false, resource, pattern: String::new(), inner }
    }

    /// A member at the top of a document, of the shape of this name.
    fn top(resource: &'static Resource, shapes: &Shapes, name: &str, shape: &str) -> Option<Self> {
        Self::at(resource, shapes, name.to_owned(), shape)
    }

    /// The node at a path as the table writes it.
    fn at(resource: &'static Resource, shapes: &Shapes, pattern: String, shape: &str) -> Option<Self> {
        let row = row(resource, &pattern);
        let shape = ranged(*shapes.get(shape)?, row);
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
            let mut named: Vec<(&'static str, Self)> = match self.shape.kind {
                ShapeKind::Structure => self.members(shapes),
                ShapeKind::Map => self.keys(shapes),
                _ => Vec::new(),
            };
            named.sort_by(|(a, _), (b, _)| by_length(a, b));
            let any = match self.shape.kind {
                ShapeKind::Map => self.inside(shapes, self.shape.value, [".", "*"]),
                _ => self.inside(shapes, self.shape.element, ["", "[]"]),
            };
            Inner { named, any: any.map(Box::new) }
        })
    }

    fn members(&self, shapes: &Shapes) -> Vec<(&'static str, Self)> {
        let is_document = self.pattern.is_empty();
        let dot = if is_document { "" } else { "." };
        let join = |(name, shape): &(&'static str, &'static str)| {
            let hanging = || self.resource.hanging().find(|other| other.branch == Some(*name));
            if let Some(hanging) = is_document.then(hanging).flatten() {
                let shape = *shapes.get(shape)?;
                return Some((*name, Self::whole(hanging, shape, row(hanging, ""), None)));
            }
            let mut node = self.inside(shapes, Some(shape), [dot, name])?;
            node.required = self.shape.required.contains(name);
            Some((*name, node))
        };
        self.shape.members.iter().filter_map(join).collect()
    }

    /// The keys of this map that the table knows by name.
    fn keys(&self, shapes: &Shapes) -> Vec<(&'static str, Self)> {
        let mut keys: Vec<&str> = self.resource.keys(&self.pattern).collect();
        keys.dedup();
        let join = |key: &'static str| Some((key, self.inside(shapes, self.shape.value, [".", key])?));
        keys.into_iter().filter_map(join).collect()
    }

    fn inside(&self, shapes: &Shapes, shape: Option<&str>, step: [&str; 2]) -> Option<Self> {
        Self::at(self.resource, shapes, [&self.pattern, step[0], step[1]].concat(), shape?)
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
fn ranged(shape: Shape, row: Option<&Row>) -> Shape {
    match row.and_then(|row| row.range) {
        None => shape,
        Some((min, max)) => Shape { min: Some(min), max: Some(max), ..shape },
    }
}

/// An order of names that seldom has to look at a letter.
fn by_length(a: &str, b: &str) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}
