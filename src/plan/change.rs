use std::ops::Deref;
use std::sync::Arc;

use super::Direction;
use crate::document::{Json, Object, Path};
use crate::manifest::Origin;

/// One setting that differs between two documents, and who asks for it. It reads as its difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What differs. Copies share it, and so do the kept plans of a fleet.
    pub difference: Arc<Difference>,
    /// Whether neither value may be shown.
    pub sensitive: bool,
    /// The place in the manifest that declares it.
    pub origin: Option<Origin>,
    /// The first line that differs in the file that the value is read from, if it is read from one.
    pub template: Option<Box<Origin>>,
    /// Which side changed, if a baseline shows it.
    pub direction: Option<Direction>,
}

/// The values of a setting on two sides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Difference {
    /// The setting.
    pub path: Path,
    /// The canonical value on the first side, or `None` if absent.
    pub before: Option<Json>,
    /// The canonical value on the second side, or `None` if absent.
    pub after: Option<Json>,
    /// The form in which the difference is shown.
    pub form: Form,
}

impl Deref for Change {
    type Target = Difference;

    fn deref(&self) -> &Difference {
        &self.difference
    }
}

impl From<Difference> for Change {
    fn from(difference: Difference) -> Self {
        let difference = Arc::new(difference);
        Self { difference, sensitive: false, origin: None, template: None, direction: None }
    }
}

/// The form in which a change is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// One value.
    Value,
    /// A list without an order, shown by its added and removed elements.
    Set,
    /// A whole document: its existence, without its members.
    Document,
}

/// What happens to a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is added.
    Add,
    /// It gets another value.
    Update,
    /// It is removed.
    Remove,
}

impl Change {
    /// The making or the removal of a document.
    pub(super) fn of_existence(path: Path, exists: [bool; 2]) -> Self {
        let [before, after] = exists.map(|exists| exists.then(|| Json::Object(Object::new())));
        Difference { path, before, after, form: Form::Document }.into()
    }

    /// What differs, for whoever takes its values.
    pub fn into_difference(self) -> Difference {
        Arc::unwrap_or_clone(self.difference)
    }

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
