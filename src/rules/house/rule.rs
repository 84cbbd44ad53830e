//! One rule of the house.

use super::condition::Condition;
use crate::catalogue::Resource;
use crate::document::{DocumentId, Path};
use crate::manifest::{HOUSE, Origin};

/// What a project requires of one setting.
#[derive(Clone, Debug)]
pub struct HouseRule {
    /// Its name: no other rule of the project has it.
    pub name: String,
    /// What it is about.
    pub of: RuleScope,
    /// The setting, by its path in what the rule is about.
    pub path: Path,
    /// What must be true of it.
    pub condition: Condition,
    /// Why, as the file says it.
    pub reason: Option<String>,
    /// The place of its name.
    pub origin: Origin,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleScope {
    /// Each pool, with what it has one of.
    Pools,
    /// Each document of a branch, or each one that hangs on those.
    Documents(&'static Resource),
}

impl RuleScope {
    /// The name of a scope in poolctl.yaml, and each of them.
    pub fn all() -> impl Iterator<Item = (String, Self)> {
        let documents = crate::catalogue::RESOURCES.into_iter().filter(|resource| resource.has_labels());
        let named =
            |resource: &'static Resource| (resource.document.name().to_owned(), Self::Documents(resource));
        [("pools".to_owned(), Self::Pools)].into_iter().chain(documents.map(named))
    }

    /// The document that a path without a label is in, as an example: for the model, all documents are alike.
    pub(super) fn example(self) -> Path {
        match self {
            Self::Pools => Path::root(),
            Self::Documents(resource) => resource.root_of(&resource.document.labelled("x")),
        }
    }

    /// The list of the documents that it is about.
    pub fn list(self) -> Option<DocumentId> {
        match self {
            Self::Pools => None,
            Self::Documents(resource) => Some(resource.document.clone()),
        }
    }
}

impl HouseRule {
    /// The code of its findings.
    pub fn code(&self) -> String {
        format!("{HOUSE}{}", self.name)
    }
}
