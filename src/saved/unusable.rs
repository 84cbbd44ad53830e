//! Why a file is no saved plan.

use crate::document::json::FileError;
use crate::document::{DocumentKind, PathError};
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
