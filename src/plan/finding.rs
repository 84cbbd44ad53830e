use std::borrow::Cow;
use std::sync::Arc;

use crate::document::Path;
use crate::manifest::{HOUSE, Origin};
use crate::rules::AllowedBy;
use crate::rules::house::BrokenRule;

/// The code of a declared value that is not compared, because the service never returns it.
pub(super) const NOT_COMPARED: &str = "not-compared";

/// The level of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The plan cannot be applied.
    Conflict,
    /// A change weakens the pool, opens it, costs something or cannot be undone.
    Risk,
    /// Worth a look before it is applied.
    Warning,
    /// For information.
    Note,
}

/// A statement of a plan in addition to its changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The level.
    pub level: Level,
    /// The stable code.
    pub code: Cow<'static, str>,
    /// The affected setting.
    pub path: Option<Path>,
    /// The message, in one sentence.
    pub text: Arc<str>,
    /// The remedy.
    pub help: Option<Arc<str>>,
    /// The place in the manifest that causes it.
    pub origin: Option<Origin>,
    /// Whether it blocks the plan until it is accepted. A conflict always blocks.
    pub blocking: bool,
    /// What accepts it, if it is blocking and accepted.
    pub allowed_by: Option<AllowedBy>,
    /// The rule of the house that it is about.
    pub rule: Option<Box<BrokenRule>>,
}

/// The conflicts of declared values that no request brings about.
const UNMET_VALUES: [&str; 4] = ["immutable-field", "impossible-removal", "set-by-default", "set-too-long"];

/// The conflicts of declared documents that the pool does not have as declared, or that could not be read.
const UNMET_DOCUMENTS: [&str; 7] = [
    "id-missing",
    "id-not-found",
    "only-part",
    "place-taken",
    "ambiguous-name",
    "owned-by-service",
    "document-failed",
];

impl Finding {
    pub(super) fn new(
        level: Level,
        code: impl Into<Cow<'static, str>>,
        path: &Path,
        text: impl Into<Arc<str>>,
    ) -> Self {
        Self {
            level,
            code: code.into(),
            path: Some(path.clone()),
            text: text.into(),
            help: None,
            origin: None,
            blocking: false,
            allowed_by: None,
            rule: None,
        }
    }

    /// Whether this finding blocks the plan.
    pub fn refuses(&self) -> bool {
        self.level == Level::Conflict || self.blocking && self.allowed_by.is_none()
    }

    /// Whether the pool differs without a change in the plan: a declared value cannot be set by any call, or a rule of the
    /// house is broken.
    pub fn is_unmet(&self) -> bool {
        let is_unmet = self.is_unmet_value() || UNMET_DOCUMENTS.contains(&&*self.code) || self.is_of_house();
        self.level == Level::Conflict && is_unmet
    }

    /// Whether it is a conflict of a declared value that no request brings about. The live value in its place settles it.
    pub fn is_unmet_value(&self) -> bool {
        self.level == Level::Conflict && UNMET_VALUES.contains(&&*self.code)
    }

    /// Whether a declared value is not compared, because the service never returns it.
    pub fn is_not_compared(&self) -> bool {
        self.code == NOT_COMPARED
    }

    /// Whether a rule of the house is broken.
    pub fn is_of_house(&self) -> bool {
        self.code.starts_with(HOUSE)
    }

    pub(super) fn help(mut self, help: impl Into<Arc<str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn origin(mut self, origin: Option<&Origin>) -> Self {
        self.origin = origin.cloned();
        self
    }
}
