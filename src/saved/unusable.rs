//! Why a file is no saved plan.

use crate::document::json::FileError;
use crate::document::{DocumentKind, Path, PathError, twins};
use crate::manifest::recognised;
use crate::report::json::FORMAT_VERSION;

/// Why a file is no plan that can be shown or applied; its `Display` goes on where the file was named.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is no JSON, or not all of it is there.
    #[error("{0}: the file is incomplete, or not a saved plan")]
    Cut(#[from] FileError),
    /// It is another document, which names these pools.
    #[error("is {}, not a saved plan", .0.name())]
    Other(DocumentKind, Vec<String>),
    /// It is another program's.
    #[error("is not a saved plan of poolctl: `format_version` or `tool_version` is missing")]
    Foreign,
    /// It is a plan, and nothing binds it.
    #[error("is output of `--format json`, not a plan saved with `poolctl plan --save FILE`")]
    NotSaved,
    /// It is of a later format.
    #[error(
        "has format {found}, and this poolctl ({}) reads up to {FORMAT_VERSION}; it was made by poolctl {tool}",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The format.
        found: String,
        /// The version of the program that made it.
        tool: String,
    },
    /// It is not what was written.
    #[error("was changed after it was saved: its digest does not match")]
    Edited,
    /// An object has a member twice, and readers differ in which one they take.
    #[error("was changed after it was saved: it has `{0}` twice")]
    Twice(Path),
    /// It is not what poolctl writes, though its digest is right.
    #[error("is damaged: {0}")]
    Malformed(String),
    /// It names a code that this version does not have.
    #[error("contains the code `{code}`, which this poolctl ({}) does not know", env!("CARGO_PKG_VERSION"))]
    Code {
        /// The code.
        code: String,
        /// The version of the program that made it.
        tool: String,
    },
}

impl Unusable {
    /// The reason with what only the whole text says: whether it is another document, or what keeps it from being one.
    #[must_use]
    pub fn of_text(self, bytes: &[u8]) -> Self {
        if !matches!(self, Self::Cut(_) | Self::Foreign) {
            return self;
        }
        let is_plan = |kind: &DocumentKind| matches!(kind, DocumentKind::SavedPlan | DocumentKind::Output);
        match recognised(bytes).filter(|(kind, _)| !is_plan(kind)) {
            Some((kind, pools)) => Self::Other(kind, pools),
            None => twins::parse_file(bytes).err().map_or(self, Self::Cut),
        }
    }

    /// The reason for a file that this version of poolctl made.
    pub(super) fn in_file_of(self, version: &str) -> Self {
        match self {
            Self::Code { code, .. } => Self::Code { code, tool: version.to_owned() },
            other => other,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Newer { tool, .. } | Self::Code { tool, .. } => {
                format!("use poolctl {tool}, which made it, or plan again with this version")
            }
            Self::Other(kind, pools) => kind.help(pools),
            Self::Foreign => "name a plan saved with `poolctl plan --save FILE`".to_owned(),
            _ => "plan again with `poolctl plan --save FILE`".to_owned(),
        }
    }
}

impl From<PathError> for Unusable {
    fn from(error: PathError) -> Self {
        Self::Malformed(error.to_string())
    }
}
