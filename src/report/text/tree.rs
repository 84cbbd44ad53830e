//! The changes and conflicts of a plan, or of a part of it, as a tree of AWS's names.

use std::hash::{BuildHasher as _, Hash as _, Hasher};

use crate::document::{DocumentId, FastMap, Json, Path, Seg};
use crate::manifest::Origin;
use crate::plan::{Action, Change, Difference, Direction, Finding, Level, Surrounding, Undeclared};
use crate::report::Style;
use crate::report::line::numbered;
use crate::report::shared::PlanPart;
use crate::report::style::Tone;

/// The children among which one is looked for one by one.
const FEW: usize = 16;

/// A setting, or a structure that holds some.
#[derive(Default)]
pub(in crate::report) struct TreeNode<'a> {
    /// Where it stands.
    pub(in crate::report) path: Path,
    /// How many steps at the end of the path are its name.
    named: usize,
    /// The other documents of its resource in which the same happens, for the same reason.
    also: Vec<Path>,
    pub(in crate::report) change: Option<&'a Change>,
    /// The live setting at this path that no manifest declares.
    pub(in crate::report) undeclared: Option<&'a Undeclared>,
    pub(in crate::report) conflicts: Vec<&'a Finding>,
    /// Risks, warnings and notes about what happens here.
    pub(in crate::report) remarks: Vec<&'a Finding>,
    pub(in crate::report) children: Vec<TreeNode<'a>>,
    /// The plan's numbers about the structure at this path.
    around: Option<&'a Surrounding>,
    /// The positions of many children by their last step, while the tree grows.
    places: FastMap<Seg, usize>,
}

/// What happens to everything in a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum TreeSign {
    Add,
    Update,
    Remove,
    Undeclared,
    Refused,
}

impl<'a> TreeNode<'a> {
    /// The tree of a part of a plan; its root has no name.
    pub(in crate::report) fn of(part: &'a PlanPart<'_>) -> Self {
        let mut root = Self::new(Path::root());
        for change in &part.changes {
            root.at(&change.path).change = Some(change);
        }
        for setting in &part.undeclared {
            root.at(&setting.path).undeclared = Some(setting);
        }
        for finding in &part.remarks {
            let Some(path) = &finding.path else { continue };
            let node = root.at(path);
            match finding.level {
                Level::Conflict => node.conflicts.push(finding),
                Level::Risk | Level::Warning | Level::Note => node.remarks.push(finding),
            }
        }
        root.surround(&part.surroundings.iter().map(|around| (&around.path, around)).collect());
        let branches = root.children.iter_mut().filter(|child| child.is_of_labels());
        branches.for_each(Self::join_documents);
        root.children.iter_mut().for_each(Self::join_chains);
        root
    }

    fn new(path: Path) -> Self {
        Self { path, named: 1, ..Self::default() }
    }

    fn at(&mut self, path: &Path) -> &mut Self {
        let mut node = self;
        for len in node.path.segs().len() + 1..=path.segs().len() {
            let position = match node.child(&path.segs()[..len]) {
                Some(position) => position,
                None => {
                    node.children.push(Self::new(path.prefix(len)));
                    node.children.len() - 1
                }
            };
            node = &mut node.children[position];
        }
        node
    }

    /// Gives each node its surrounding.
    fn surround(&mut self, all: &FastMap<&Path, &'a Surrounding>) {
        self.around = all.get(&self.path).copied();
        self.children.iter_mut().for_each(|child| child.surround(all));
    }

    /// The position of the child at a path, one step longer than this node's.
    fn child(&mut self, path: &[Seg]) -> Option<usize> {
        if self.children.len() <= FEW {
            return self.children.iter().position(|child| child.path.segs() == path);
        }
        let new = self.children.iter().enumerate().skip(self.places.len());
        let last = |child: &Self| child.path.segs().last().cloned();
        self.places.extend(new.filter_map(|(position, child)| Some((last(child)?, position))));
        self.places.get(path.last()?).copied()
    }

    /// Whether it only holds others.
    pub(in crate::report) fn is_group(&self) -> bool {
        self.change.is_none() && self.undeclared.is_none() && self.conflicts.is_empty()
    }

    /// Whether this is a branch whose documents have labels.
    fn is_of_labels(&self) -> bool {
        self.path.head().is_some_and(DocumentId::is_labelled)
    }

    /// Leaves one of the documents in which the same happens, with the names of all.
    fn join_documents(&mut self) {
        let mut kept: Vec<Self> = Vec::new();
        // A thousand documents are not compared with each other: alike are only those with the same hash.
        let mut places: FastMap<u64, Vec<usize>> = FastMap::default();
        let state = places.hasher().clone();
        for document in self.children.drain(..) {
            let mut hasher = state.build_hasher();
            document.hash_values(&mut hasher);
            let places = places.entry(hasher.finish()).or_default();
            let same = |place: &&usize| kept[**place].is_group() && kept[**place].is_alike(&document);
            match places.iter().find(same).copied() {
                Some(place) => kept[place].also.push(document.path),
                None => {
                    places.push(kept.len());
                    kept.push(document);
                }
            }
        }
        self.children = kept;
    }

    /// Hashes the values in this node: the same for nodes that are alike.
    fn hash_values(&self, hasher: &mut impl Hasher) {
        let place = |change: &'a Change| change.origin.as_ref().map(|origin| &origin.span);
        self.change.map(|change| (&change.before, &change.after, place(change))).hash(hasher);
        self.children.len().hash(hasher);
        for child in &self.children {
            child.path.segs().last().hash(hasher);
            child.hash_values(hasher);
        }
    }

    /// Whether the same is shown of both nodes, apart from their names.
    fn is_alike(&self, other: &Self) -> bool {
        let change = |change: &'a Change| {
            let Change { difference, sensitive, origin, template, direction } = change;
            let Difference { path: _, before, after, form } = &**difference;
            (before, after, form, sensitive, origin, template, direction)
        };
        let remark = |finding: &'a Finding| {
            let Finding { level, code, text, help, origin, allowed_by, .. } = finding;
            (level, code, text, help, origin, allowed_by)
        };
        let around = |node: &Self| {
            let Surrounding { path: _, before, after, unchanged, at_default } = node.around?;
            Some((before, after, unchanged, at_default))
        };
        let is_plain = |node: &Self| node.undeclared.is_none() && node.conflicts.is_empty();
        let (one, others) = (&self.children, &other.children);
        let last = |node: &Self| node.path.segs().last().cloned();
        is_plain(self)
            && is_plain(other)
            && one.len() == others.len()
            && self.change.map(change) == other.change.map(change)
            && self.remarks.iter().copied().map(remark).eq(other.remarks.iter().copied().map(remark))
            && around(self) == around(other)
            && one.iter().zip(others).all(|(one, other)| last(one) == last(other) && one.is_alike(other))
    }

    /// Gives a structure that holds nothing but one structure the name of both, and an element of a
    /// list that of its only setting, unless the element is added or removed whole.
    fn join_chains(&mut self) {
        self.children.iter_mut().for_each(Self::join_chains);
        let is_whole = || self.around.is_some_and(|around| around.before != around.after);
        let element = !matches!(self.path.segs().last(), Some(Seg::Member(_))) && !is_whole();
        if let [child] = self.children.as_slice()
            && self.is_group()
            && self.also.is_empty()
            && child.also.is_empty()
            && (child.is_group() || element)
            && let Some(mut child) = self.children.pop()
        {
            child.named += self.named;
            child.remarks.splice(0..0, self.remarks.drain(..));
            *self = child;
        }
    }

    /// Its name under the node around it; of several documents, the names of all with commas between them.
    pub(in crate::report) fn name(&self) -> String {
        self.names().join(" ")
    }

    /// The words of its name.
    pub(in crate::report) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            std::iter::once(&self.path).chain(&self.also).map(|path| self.name_of(path)).collect();
        let last = names.len() - 1;
        names[..last].iter_mut().for_each(|name| name.push(','));
        names
    }

    fn name_of(&self, path: &Path) -> String {
        let segs = path.segs();
        let own = &segs[segs.len().saturating_sub(self.named)..];
        if let [Seg::Member(name)] = own {
            let text = own[0].to_string();
            return if text.starts_with('[') { Json::from(&**name).to_string() } else { text };
        }
        Path::root().extended(own).to_string()
    }

    /// The sign in front of its name.
    pub(in crate::report) fn sign(&self) -> TreeSign {
        if let Some(change) = self.change {
            return change.action().into();
        }
        if !self.conflicts.is_empty() {
            return TreeSign::Refused;
        }
        if self.undeclared.is_some() {
            return TreeSign::Undeclared;
        }
        let mut signs = self.children.iter().map(Self::sign);
        let first = signs.next().unwrap_or(TreeSign::Update);
        let same = signs.all(|sign| sign == first);
        let around = self.around;
        match first {
            TreeSign::Refused | TreeSign::Undeclared if same => first,
            TreeSign::Add if same && !around.is_some_and(|around| around.before) => TreeSign::Add,
            TreeSign::Remove if same && !around.is_some_and(|around| around.after) => TreeSign::Remove,
            _ => TreeSign::Update,
        }
    }

    /// The one place in the manifest that asks for everything in this structure, where there are
    /// several changes in it and all have the same place, that of the whole structure.
    pub(in crate::report) fn common_origin(&self) -> Option<&'a Origin> {
        let mut changes = Vec::new();
        self.changes(&mut changes);
        let (first, rest) = changes.split_first()?;
        let same = |change: &&Change| change.origin == first.origin && change.direction == first.direction;
        first.origin.as_ref().filter(|_| !rest.is_empty() && rest.iter().all(same))
    }

    /// Who has moved, where all of this structure has the same answer.
    pub(in crate::report) fn direction(&self) -> Option<Direction> {
        let mut changes = Vec::new();
        self.changes(&mut changes);
        changes.first().and_then(|first| first.direction)
    }

    fn changes(&self, out: &mut Vec<&'a Change>) {
        out.extend(self.change);
        self.children.iter().for_each(|child| child.changes(out));
    }

    /// How many other members or elements are unchanged; of a structure that no manifest declares, how many are
    /// at the default.
    pub(in crate::report) fn unchanged(&self) -> Option<String> {
        let around = self.around?;
        let at_default = if self.sign() == TreeSign::Undeclared { around.at_default } else { 0 };
        let rest = around.unchanged - at_default;
        Some(numbered(&[(at_default, "at the default"), (rest, "unchanged")]))
            .filter(|words| !words.is_empty())
    }
}

impl TreeSign {
    /// The sign as it is printed, with its colour.
    pub(in crate::report) fn mark(self, style: &Style) -> (Tone, &'static str) {
        match self {
            Self::Add => (Tone::Added, "+"),
            Self::Update => (Tone::Changed, "~"),
            Self::Remove => (Tone::Removed, "-"),
            Self::Undeclared => (Tone::Changed, "?"),
            Self::Refused => (Tone::Refused, style.cross()),
        }
    }
}

impl From<Action> for TreeSign {
    fn from(action: Action) -> Self {
        match action {
            Action::Add => Self::Add,
            Action::Update => Self::Update,
            Action::Remove => Self::Remove,
        }
    }
}
