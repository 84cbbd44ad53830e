//! Why a file is unavailable.

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
