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
    /// Whether it is also about clients that registered themselves.
    pub includes_registered: bool,
    /// Whether the path leads to a key that nobody but the pool decides, so that it may be misspelt.
    pub is_free: bool,
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

    /// Whether some of its documents register themselves, and are left out of the list unless they are asked for.
    pub(super) fn has_registered(self) -> bool {
        let Self::Documents(resource) = self else { return false };
        resource.hangs_on.unwrap_or(resource).listing.is_some_and(|listing| listing.registered.is_some())
    }

    /// The list of the documents that it is about.
    pub fn list(self) -> Option<DocumentId> {
        match self {
            Self::Pools => None,
            Self::Documents(resource) => Some(resource.document.clone()),
        }
    }
}

/// A rule of the house, as a finding refers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenRule {
    /// Its name.
    pub name: String,
    /// The file that it is in.
    pub file: String,
    /// Its line in that file, from 1.
    pub line: usize,
    /// What it requires, as a noun.
    pub requires: String,
    /// Why, as the file says it.
    pub reason: Option<String>,
}

impl HouseRule {
    /// The code of its findings.
    pub fn code(&self) -> String {
        format!("{HOUSE}{}", self.name)
    }

    /// Whether another rule requires the same of the same settings.
    pub fn is_same(&self, other: &Self) -> bool {
        let about = |rule: &Self| (rule.of, rule.path.clone(), rule.includes_registered);
        about(self) == about(other) && self.condition == other.condition
    }

    /// The text of its finding.
    pub fn broken(&self) -> BrokenRule {
        BrokenRule {
            name: self.name.clone(),
            file: self.origin.source.name.clone(),
            line: self.origin.line_column().0,
            requires: self.condition.words(),
            reason: self.reason.clone(),
        }
    }

    /// That it is not judged.
    pub fn not_judged(&self) -> String {
        format!("the rule `{}` is not judged: something that it is about was not read", self.name)
    }
}
