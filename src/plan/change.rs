use super::Direction;
use crate::document::{Json, Path};
use crate::manifest::Origin;

/// One setting that differs between two documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The setting.
    pub path: Path,
    /// Its value on the first side, canonical; nothing where it is absent.
    pub before: Option<Json>,
    /// Its value on the second side, canonical; nothing where it is absent.
    pub after: Option<Json>,
    /// How a reader is shown the difference.
    pub form: Form,
    /// Whether neither value may be shown.
    pub sensitive: bool,
    /// The place in the manifest that asks for it.
    pub origin: Option<Origin>,
    /// The first line that differs in the file whose text the value is, if it comes from one.
    pub template: Option<Origin>,
    /// Who has moved, where a baseline tells.
    pub direction: Option<Direction>,
}

/// What kind of value changes, as far as a reader cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One value.
    Value,
    /// A list whose order means nothing: what counts is who joins and who leaves.
    Set,
}

/// What happens to a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It appears.
    Add,
    /// It gets another value.
    Update,
    /// It goes.
    Remove,
}

impl Change {
    /// What happens to the setting.
    pub fn action(&self) -> Action {
        match (&self.before, &self.after) {
            (None, _) => Action::Add,
            (_, None) => Action::Remove,
            _ => Action::Update,
        }
    }

    /// Whether both say the same of the same setting, wherever they were asked for.
    pub fn is_same(&self, other: &Self) -> bool {
        self.path == other.path && self.before == other.before && self.after == other.after
    }
}
