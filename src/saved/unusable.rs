//! Why a file is no saved plan.

use crate::document::json::FileError;
use crate::document::{DocumentKind, PathError};
use crate::report::json::FORMAT_VERSION;

/// Why a file is no plan that can be shown or applied; its `Display` goes on where the file was named.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is no JSON, or not all of it is there.
    #[error("{0}; it was cut off, or is no saved plan")]
    Cut(#[from] FileError),
    /// It is another document, which names these pools.
    #[error("is {}, and no saved plan", .0.name())]
    Other(DocumentKind, Vec<String>),
    /// It is another program's.
    #[error("is no plan of poolctl's: it names no format and no version of poolctl")]
    Foreign,
    /// It is a plan, and nothing binds it.
    #[error("is what `--format json` prints, and not what `poolctl plan --save FILE` keeps")]
    NotSaved,
    /// It is of a later format.
    #[error(
        "has format {found}, and this poolctl ({}) knows up to {FORMAT_VERSION}: use the poolctl that made it, {tool}",
        env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The format.
        found: String,
        /// The version of the program that made it.
        tool: String,
    },
    /// It is not what was written.
    #[error("was edited after it was made: its digest is not that of what it holds")]
    Edited,
    /// It is not what poolctl writes, though its digest is right.
    #[error("is not as poolctl writes it: {0}")]
    Malformed(String),
    /// It names a code that this version does not have.
    #[error("tells of `{code}`, which this poolctl ({}) does not know", env!("CARGO_PKG_VERSION"))]
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
                format!("use the poolctl that made it, {tool}, or plan again with this one")
            }
            Self::Other(kind, pools) => kind.help(pools),
            Self::Foreign => "name the file that `poolctl plan --save FILE` wrote".to_owned(),
            _ => "plan again with `poolctl plan --save FILE`".to_owned(),
        }
    }
}

impl From<PathError> for Unusable {
    fn from(error: PathError) -> Self {
        Self::Malformed(error.to_string())
    }
}
