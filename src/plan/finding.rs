use crate::document::Path;
use crate::manifest::Origin;
use crate::rules::AllowedBy;

/// How much a finding weighs.
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

/// Something a reader of a plan must know beside its changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How much it weighs.
    pub level: Level,
    /// A stable name for this kind of finding.
    pub code: &'static str,
    /// The setting that it is about.
    pub path: Option<Path>,
    /// What it is, in one sentence.
    pub text: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in the manifest that brought it about.
    pub origin: Option<Origin>,
    /// Whether it refuses the plan unless somebody allows it. A conflict refuses it in any case.
    pub blocking: bool,
    /// What allows it, where it is blocking and something does.
    pub allowed_by: Option<AllowedBy>,
}

impl Finding {
    pub(super) fn new(level: Level, code: &'static str, path: &Path, text: impl Into<String>) -> Self {
        Self {
            level,
            code,
            path: Some(path.clone()),
            text: text.into(),
            help: None,
            origin: None,
            blocking: false,
            allowed_by: None,
        }
    }

    /// Whether the plan cannot be applied for this alone.
    pub fn refuses(&self) -> bool {
        self.level == Level::Conflict || self.blocking && self.allowed_by.is_none()
    }

    /// Whether it tells of a want that no call can meet: the pool differs, and no change says so.
    pub fn is_unmet(&self) -> bool {
        self.level == Level::Conflict && ["immutable-field", "impossible-removal"].contains(&self.code)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn origin(mut self, origin: Option<&Origin>) -> Self {
        self.origin = origin.cloned();
        self
    }
}
