//! The inputs of a manifest outside of its own file: other files, variables, secrets.

use std::path::PathBuf;
use std::sync::Arc;

use super::Origin;

/// The only access of a manifest to inputs outside of its file.
pub trait Beside {
    /// The file at `path`, relative to the folder of the file that is shown as `from`.
    ///
    /// # Errors
    /// When there is no such file, or it must not be read.
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable>;

    /// The value of a variable; `None` if it is not set.
    fn variable(&self, name: &str) -> Option<Variable>;

    /// The value of a secret.
    fn secret(&self, name: &str) -> Secret;
}

/// A file beside a manifest.
#[derive(Clone, Debug)]
pub struct File {
    /// Its path as messages show it.
    pub name: String,
    /// Its path without links: the same for the same file, however it is named.
    pub identity: PathBuf,
    /// What it holds.
    pub bytes: Arc<[u8]>,
}

/// What is wrong with a file that Git LFS has not brought: it holds the pointer's own text. `None` of any other.
pub fn lfs_pointer(bytes: &[u8]) -> Option<Unavailable> {
    // An editor may have put a byte-order mark or blank lines before it.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    text.starts_with(b"version https://git-lfs.github.com/spec/v1").then(|| Unavailable {
        message: "is a Git LFS pointer, not the file itself".to_owned(),
        help: "run `git lfs pull` (for actions/checkout, set `lfs: true`)".to_owned(),
    })
}

/// Why a file is unavailable, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// What is wrong, as a sentence that names the file.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// A variable's value, and who gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The value.
    pub value: String,
    /// Who gives it, as `--var`.
    pub from: String,
}

/// A secret, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Secret {
    /// Its value.
    Value(String),
    /// Nobody gives it.
    Unset,
    /// It is not looked for: what it is part of is taken for sound.
    Withheld,
}

/// No inputs: no file, no variable and no secret.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Beside for Nothing {
    fn file(&self, _: &str, path: &str) -> Result<File, Unavailable> {
        let message = format!("cannot read `{path}`: the manifest was not read from a folder");
        Err(Unavailable { message, help: "name the manifest as a file".to_owned() })
    }

    fn variable(&self, _: &str) -> Option<Variable> {
        None
    }

    fn secret(&self, _: &str) -> Secret {
        Secret::Unset
    }
}

/// The source of a value that the manifest has as a reference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// The text of the manifest, its references in it.
    pub text: String,
    /// What it was put together from, in the text's order.
    pub parts: Vec<FollowedReference>,
    /// Whether a part of it is a secret.
    pub is_secret: bool,
    /// The values of those parts.
    pub secrets: Vec<String>,
    /// Whether it is not known: a secret that was not looked for, or a reference that leads nowhere.
    pub is_unknown: bool,
}

impl Given {
    /// Whether a part of it comes from a variable or secret, and may change without a change of a file.
    pub fn is_beside(&self) -> bool {
        let kinds = ["var:", "secret:"];
        self.parts.iter().any(|part| kinds.iter().any(|kind| part.reference.starts_with(kind)))
    }

    /// The file whose text is the whole value, if it is one reference to a file.
    pub fn file(&self) -> Option<&str> {
        self.whole("file:")
    }

    /// The file whose bytes are the whole value in base64, if it is one reference to such a file.
    pub fn base64_file(&self) -> Option<&str> {
        self.whole("base64:")
    }

    fn whole(&self, kind: &str) -> Option<&str> {
        let [FollowedReference { reference, from }] = self.parts.as_slice() else { return None };
        let is_whole = reference.starts_with(kind) && self.text == format!("${{{reference}}}");
        is_whole.then_some(from)
    }
}

/// A reference that was followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedReference {
    /// The reference, as `var:stage`.
    pub reference: String,
    /// What gave the value: a file's path, `--var`, an environment variable, or the default.
    pub from: String,
}

/// A variable that nobody gives, and whose default is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The variable.
    pub name: String,
    /// The default.
    pub value: String,
    /// Where the manifest has it.
    pub origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::lfs_pointer;

    #[test]
    fn a_pointer_of_git_lfs_is_known_behind_a_mark_and_blank_lines() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        for before in ["", "\n", "\r\n \n", "\u{feff}", "\u{feff}\n"] {
            assert!(lfs_pointer(format!("{before}{pointer}").as_bytes()).is_some(), "{before:?}");
        }
        assert!(lfs_pointer(format!("a {pointer}").as_bytes()).is_none());
    }
}
