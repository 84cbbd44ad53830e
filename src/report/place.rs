//! Where in the files something stands, as GitHub and SARIF say it.

use super::visible;
use crate::manifest::{Diagnostic, Origin, TextPlace};
use crate::plan::Change;

/// Where something is wrong: a file, and a region of it if the finding is about one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct FilePlace<'a> {
    pub(super) file: &'a str,
    pub(super) region: Option<Region>,
}

/// From one character to before another; lines and columns from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Region {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

/// A place as `file:line`.
pub fn short_place(origin: &Origin) -> String {
    format!("{}:{}", origin.source.name, origin.line_column().0)
}

/// The place of a change, as `file:line`: in the template first, where its value comes from one.
pub(super) fn place_of(change: &Change) -> Option<String> {
    let origin = short_place(change.origin.as_ref()?);
    Some(match &change.template {
        Some(template) => format!("{}, from {origin}", short_place(template)),
        None => origin,
    })
}

impl<'a> FilePlace<'a> {
    pub(super) fn of(finding: &'a Diagnostic) -> Option<Self> {
        match &finding.label {
            Some((origin, _)) => Some(Self::at(origin)),
            None => finding.file.as_deref().map(|file| Self { file, region: None }),
        }
    }

    pub(super) fn at(origin: &'a Origin) -> Self {
        Self { file: &origin.source.name, region: Some(Region::of(origin)) }
    }

    /// The path and the line, if it has one, as text on one line.
    pub(super) fn line(&self, folder: &str) -> String {
        let line = self.region.map_or_else(String::new, |region| format!(":{}", region.line));
        visible::escape(&self.path(folder)).into_owned() + &line
    }

    /// The file as one of a repository: relative, from its root on, if the user named it so. `folder` is where
    /// in the repository the user's names begin; empty at its root.
    pub(super) fn path(&self, folder: &str) -> String {
        let file = self.file.replace('\\', "/");
        if file.starts_with(['/', '<']) {
            return file;
        }
        let mut names: Vec<&str> = Vec::new();
        for name in folder.split('/').chain(file.split('/')).filter(|name| !["", "."].contains(name)) {
            match (name, names.last()) {
                ("..", Some(last)) if *last != ".." => drop(names.pop()),
                _ => names.push(name),
            }
        }
        names.join("/")
    }
}

impl Region {
    /// The text of a place, without the blanks and the line's end that a block brings along.
    fn of(origin: &Origin) -> Self {
        let TextPlace { start: (line, column), end: (end_line, end_column), is_null: _ } = origin.place();
        let [line, column, end_line, end_column] = [line, column, end_line, end_column].map(|at| at as usize);
        Self { line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::manifest::SourceText;

    fn region(text: &str, span: std::ops::Range<usize>) -> (usize, usize, usize, usize) {
        let source = Arc::new(SourceText::new("./pools/p.yaml".to_owned(), text.to_owned()));
        let Region { line, column, end_line, end_column } = Region::of(&Origin { source, span });
        (line, column, end_line, end_column)
    }

    #[test]
    fn a_file_is_named_from_the_root_of_its_repository() {
        for (folder, file, expected) in [
            ("", "pools/p.yaml", "pools/p.yaml"),
            ("", "./pools/p.yaml", "pools/p.yaml"),
            ("identity/pools", "p.yaml", "identity/pools/p.yaml"),
            ("identity/pools", "../base.yaml", "identity/base.yaml"),
            ("", "../outside.yaml", "../outside.yaml"),
            ("identity", "/srv/p.yaml", "/srv/p.yaml"),
            ("identity", "<stdin>", "<stdin>"),
        ] {
            assert_eq!(FilePlace { file, region: None }.path(folder), expected);
        }
    }

    #[test]
    fn a_region_ends_behind_its_last_character_and_counts_characters() {
        assert_eq!(region("a: bcd\n", 3..6), (1, 4, 1, 7));
        assert_eq!(region("é: 🎉x\n", 4..9), (1, 4, 1, 6));
        assert_eq!(region("a: |\n  one\n  two\n\nb: 1\n", 3..18), (1, 4, 3, 6));
        assert_eq!(region("a:", 2..2), (1, 3, 1, 3));
        assert_eq!(region("a:\r\n  b\r\n", 6..9), (2, 3, 2, 4));
    }
}
