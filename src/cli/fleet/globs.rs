//! Paths of the command line that are patterns: `pools/*/prod.yaml`.

use std::path::{Component, Path, PathBuf};

use glob::{MatchOptions, Pattern};

/// A shell's own rules: `*` stays within a folder and finds nothing hidden.
const LIKE_A_SHELL: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// What makes a pattern of a path.
const WILD: [char; 3] = ['*', '?', '['];

/// A path with `*`, `?` or `[…]` in it.
pub(in crate::cli) struct Glob {
    text: String,
    pattern: Pattern,
}

impl Glob {
    /// The path as a pattern; `None` if it has no pattern characters, or exists as a file.
    ///
    /// The error is what is wrong with a pattern.
    pub(in crate::cli) fn of(path: &Path) -> Result<Option<Self>, String> {
        let Some(text) = path.to_str().filter(|text| text.contains(WILD)) else { return Ok(None) };
        if path.exists() {
            return Ok(None);
        }
        let text = text.strip_prefix("./").unwrap_or(text).to_owned();
        let pattern =
            Pattern::new(&text).map_err(|error| format!("`{text}` is not a valid pattern: {}", error.msg))?;
        Ok(Some(Self { text, pattern }))
    }

    /// The same in another folder.
    pub(in crate::cli) fn within(&self, folder: &Path) -> PathBuf {
        Path::new(&Pattern::escape(&folder.to_string_lossy())).join(&self.text)
    }

    /// The folder in which everything lies that it can fit.
    pub(in crate::cli) fn folder(&self) -> PathBuf {
        let plain = |part: &Component<'_>| !part.as_os_str().to_string_lossy().contains(WILD);
        let mut folder: PathBuf = Path::new(&self.text).components().take_while(plain).collect();
        if folder.as_os_str().is_empty() {
            folder.push(".");
        }
        folder
    }

    /// Whether something in a folder may fit.
    pub(in crate::cli) fn leads_into(&self, folder: &Path) -> bool {
        let parts = |path: &Path| path.components().filter(|part| *part != Component::CurDir).count();
        self.text.contains("**") || parts(folder) < parts(Path::new(&self.text)) || self.fits(folder)
    }

    /// Whether it fits a file, or a folder that the file is in.
    pub(in crate::cli) fn fits(&self, file: &Path) -> bool {
        let file = file.strip_prefix(".").unwrap_or(file);
        file.ancestors().any(|path| self.pattern.matches_path_with(path, LIKE_A_SHELL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glob(text: &str) -> Glob {
        Glob::of(Path::new(text)).unwrap().unwrap()
    }

    #[test]
    fn a_pattern_fits_files_and_all_that_is_in_a_folder() {
        let cases = [
            ("pools/*.yaml", "pools/a.yaml", true),
            ("./pools/*.yaml", "pools/a.yaml", true),
            ("pools/*.yaml", "pools/eu/a.yaml", false),
            ("pools/**/*.yaml", "pools/eu/a.yaml", true),
            ("pools/e*", "pools/eu/deep/a.yaml", true),
            ("pools/*", "pools/.hidden.yaml", false),
            ("*", "pools/a.yaml", true),
            ("pools/[ab].yaml", "pools/c.yaml", false),
        ];
        for (pattern, file, fits) in cases {
            assert_eq!(glob(pattern).fits(Path::new(file)), fits, "{pattern} {file}");
        }
    }

    #[test]
    fn all_that_a_pattern_can_fit_lies_in_one_folder() {
        let cases =
            [("pools/e*/a.yaml", "pools"), ("../x/[ab]", "../x"), ("*.yaml", "."), ("/a/b/*", "/a/b")];
        for (pattern, folder) in cases {
            assert_eq!(glob(pattern).folder(), Path::new(folder), "{pattern}");
        }
    }

    #[test]
    fn what_there_is_by_that_name_is_no_pattern_and_a_wrong_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("a[1].yaml");
        std::fs::write(&odd, "").unwrap();
        assert!(Glob::of(&odd).unwrap().is_none());
        assert!(Glob::of(Path::new("pools/a.yaml")).unwrap().is_none());
        assert!(Glob::of(Path::new("pools/[a")).is_err());
        let all = glob("*.yaml").within(folder.path());
        assert!(Glob::of(&all).unwrap().unwrap().fits(&odd));
    }
}
