//! Ids that the service chose, written into the file that names the pool.

use std::ops::Range;

use crate::document::{Path, Seg};
use crate::manifest::write::{CommentedEntry, Yaml};
use crate::manifest::yaml::{self, Value, YamlEntry, YamlNode};
use crate::manifest::{Editor, List, Origin};
use crate::plan::DocumentKey;

/// The text of a file with ids in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentifiedText {
    /// The text.
    pub text: String,
    /// The line of the pool's id, from 1; `None` if it could not be written, or was not to be.
    pub pool: Option<usize>,
    /// The line of each id, from 1; `None` for an id that could not be written.
    pub lines: Vec<Option<usize>>,
}

/// Writes ids into the file that names the pool at `home`: the pool's in the place of `create`, and each other one into
/// its entry, as the first member. An entry that the file lacks is added: another file, which this one extends, declares
/// it. An id of `dead`, which no document has, is replaced by that of its entry. Every other line stays as it is.
pub fn with_ids(home: &Origin, pool: Option<&str>, ids: &[DocumentKey], dead: &[String]) -> IdentifiedText {
    let (name, text) = (&home.source.name, &home.source.text);
    let with_pool = pool.and_then(|id| with_pool(text, home.span.clone(), id));
    let pool = with_pool.as_ref().map(|_| home.line_column().0);
    let mut edited = with_pool.unwrap_or_else(|| text.clone());
    let mut is_written = Vec::new();
    for id in ids {
        let next = with_id(name, &edited, id, dead);
        is_written.push(next.is_some());
        edited = next.unwrap_or(edited);
    }
    let root = yaml::parse(name, edited.as_bytes()).ok().map(|(root, _)| root);
    let line = |(id, is_written): (&DocumentKey, bool)| {
        let entry = root.as_ref().and_then(|root| id_of(root, &id.path))?;
        is_written.then(|| entry.origin.line_column().0)
    };
    let lines = ids.iter().zip(is_written).map(line).collect();
    IdentifiedText { text: edited, pool, lines }
}

/// The text with a pool's id in the place of `create` and its word; `None` if that is laid out in another way. `word` is
/// where the word is in the text.
fn with_pool(text: &str, word: Range<usize>, id: &str) -> Option<String> {
    let line = text.get(..word.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let between = text.get(line..word.start)?.strip_prefix("create:")?;
    let (before, after) = (text.get(..line)?, text.get(word.end..)?);
    between.trim().is_empty().then(|| format!("{before}pool: {id}{after}"))
}

/// The key of an entry in poolctl's own words.
const ID: &str = "id";

fn with_id(
    name: &str,
    text: &str,
    DocumentKey { path, id }: &DocumentKey,
    dead: &[String],
) -> Option<String> {
    let (root, _) = yaml::parse(name, text.as_bytes()).ok()?;
    if may_be_variable(&root, path) {
        return None;
    }
    let mut editor = Editor::new(text, &root);
    let id = Yaml::setting(&id.as_str().into());
    match id_of(&root, path).map(|entry| &entry.value) {
        Some(YamlNode { value: Value::Scalar(was), origin, .. }) if dead.contains(&was.text) => {
            editor.set(&origin.span, &id, List::default())?;
        }
        _ => editor.insert(&members(path)?, &CommentedEntry::new(ID, id))?,
    }
    editor.finish()
}

/// Whether the file may have the label of an entry as a variable: an entry with the label itself would be a second one.
fn may_be_variable(root: &YamlNode, path: &Path) -> bool {
    let Some([branch, label]) = members(path).and_then(|keys| <[&str; 2]>::try_from(keys).ok()) else {
        return true;
    };
    let Value::Mapping(sections) = &root.value else { return false };
    let section = sections.iter().find(|section| section.key == branch).map(|section| &section.value.value);
    let Some(Value::Mapping(entries)) = section else { return false };
    entries.iter().all(|entry| entry.key != label) && entries.iter().any(|entry| entry.key.contains("${"))
}

/// The `id` of an entry.
fn id_of<'a>(root: &'a YamlNode, path: &Path) -> Option<&'a YamlEntry> {
    let mut node = root;
    let mut id = None;
    for key in members(path)?.into_iter().chain([ID]) {
        let Value::Mapping(entries) = &node.value else { return None };
        let entry = entries.iter().find(|entry| entry.key == key)?;
        (node, id) = (&entry.value, Some(entry));
    }
    id
}

fn members(path: &Path) -> Option<Vec<&str>> {
    path.segs().iter().map(member).collect()
}

fn member(seg: &Seg) -> Option<&str> {
    if let Seg::Member(name) = seg { Some(name) } else { None }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::manifest::SourceText;

    /// A place in a file with this text.
    fn home(text: &str) -> Origin {
        let source = SourceText::new("m.yaml".to_owned(), text.to_owned());
        Origin { source: Arc::new(source), span: 0..0 }
    }

    fn written(text: &str, label: &str) -> Option<(String, usize)> {
        let path = Path::members(["clients", label]);
        let ids = [DocumentKey { path, id: "3n4b5c".to_owned() }];
        let IdentifiedText { text, lines, .. } = with_ids(&home(text), None, &ids, &[]);
        Some((text, lines[0]?))
    }

    #[test]
    fn an_id_comes_first_in_its_entry_and_nothing_else_moves() {
        for (text, expected, line) in [
            (
                "clients:\n  # ours\n  web:  # the shop\n    # flows\n    ExplicitAuthFlows: [A]  # why\n\n# end\n",
                "clients:\n  # ours\n  web:  # the shop\n    id: 3n4b5c\n    # flows\n    ExplicitAuthFlows: [A]  # why\n\n# end\n",
                4,
            ),
            ("clients:\n    web: {}  # all\n", "clients:\n    web: { id: 3n4b5c }  # all\n", 2),
            (
                "clients:\n  web: { A: [x, y], B: 1 }\n",
                "clients:\n  web: { id: 3n4b5c, A: [x, y], B: 1 }\n",
                2,
            ),
            (
                "clients:\n  web: {\n    # first\n    A: 1,\n  }\n",
                "clients:\n  web: {\n    # first\n    id: 3n4b5c, A: 1,\n  }\n",
                4,
            ),
            ("clients: {web: {A: 1}, b: {}}\n", "clients: {web: {id: 3n4b5c, A: 1}, b: {}}\n", 1),
            ("{clients: {web: {}}}\n", "{clients: {web: { id: 3n4b5c }}}\n", 1),
            ("clients:\r\n  web:\r\n    A: 1\r\n", "clients:\r\n  web:\r\n    id: 3n4b5c\r\n    A: 1\r\n", 3),
            ("clients:\n  ? web\n  : A: 1\n", "clients:\n  ? web\n  : id: 3n4b5c\n    A: 1\n", 3),
            ("clients:\n  \"web\":\n    A: 1", "clients:\n  \"web\":\n    id: 3n4b5c\n    A: 1", 3),
            (
                "\u{feff}clients:\n  web:\n    A: 1\n",
                "\u{feff}clients:\n  web:\n    id: 3n4b5c\n    A: 1\n",
                3,
            ),
        ] {
            assert_eq!(written(text, "web"), Some((expected.to_owned(), line)), "{text}");
        }
    }

    #[test]
    fn an_entry_of_another_file_is_added_where_this_file_has_room_for_it() {
        for (text, expected, line) in [
            ("version: 1\npool: p\n", "version: 1\npool: p\nclients:\n  web:\n    id: 3n4b5c\n", 5),
            (
                "clients:\n  api:\n    A: 1  # c\n\npool: p\n",
                "clients:\n  api:\n    A: 1  # c\n  web:\n    id: 3n4b5c\n\npool: p\n",
                5,
            ),
            ("clients: { api: {} }  # c\n", "clients: { api: {}, web: { id: 3n4b5c } }  # c\n", 1),
            ("{pool: p, groups: {}}\n", "{pool: p, groups: {}, clients: { web: { id: 3n4b5c } }}\n", 1),
        ] {
            assert_eq!(written(text, "web"), Some((expected.to_owned(), line)), "{text}");
        }
    }

    #[test]
    fn an_id_that_would_say_something_else_too_is_not_written() {
        for (text, why) in [
            ("clients:\n  web: { id: other }\n", "it has an id"),
            ("clients:\n  web: &w\n    A: 1\n  api: *w\n", "the alias would have the same id"),
            ("clients:\n  api: &w\n    A: 1\n  web: *w\n", "the anchor would have the same id"),
            ("clients:\n  web: text\n", "it is no mapping"),
            ("clients: [web]\n", "it is no mapping"),
            ("clients: {\n", "it is no YAML"),
            ("clients:\n  \"${var:name}\": {}\n", "that may be its label"),
            ("version: 1\n...\n", "there is no room behind the end"),
        ] {
            assert_eq!(written(text, "web"), None, "{why}: {text}");
        }
    }

    #[test]
    fn one_id_that_cannot_be_written_keeps_no_other_from_it() {
        let text = "clients:\n  web: { id: other }\n  api: {}\n  cli: {}\n";
        let key =
            |label: &str| DocumentKey { path: Path::members(["clients", label]), id: "12345".to_owned() };
        let IdentifiedText { text, lines, .. } =
            with_ids(&home(text), None, &["web", "api", "cli"].map(key), &[]);
        assert_eq!(lines, [None, Some(3), Some(4)]);
        assert_eq!(
            text,
            "clients:\n  web: { id: other }\n  api: { id: \"12345\" }\n  cli: { id: \"12345\" }\n"
        );
    }
}
