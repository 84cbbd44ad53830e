//! Edits of a file that leave everything else as its owner wrote it: comments, order, style.
//!
//! An edit that cannot be made so is not made; the caller reads the result again and compares, since a
//! text has more layouts than anybody thinks of.

use std::ops::Range;

use super::write::{self, Yaml};
use super::yaml::{Entry, Node, Value};

/// How the elements of a list are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List<'a> {
    /// The member that names an element, where elements are mappings.
    pub key: Option<&'a str>,
    /// Whether their order means something.
    pub ordered: bool,
}

/// A file's text and what becomes of it.
#[derive(Debug)]
pub struct Editor<'a> {
    text: &'a str,
    root: &'a Node,
    edits: Vec<(Range<usize>, String)>,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    /// Whether brackets are around it: then it must stay on one line.
    flow: bool,
    /// The column of its key, in bytes from 0.
    column: usize,
}

impl<'a> Editor<'a> {
    /// An editor of a text that was parsed as `root`.
    pub fn new(text: &'a str, root: &'a Node) -> Self {
        Self { text, root, edits: Vec::new() }
    }

    /// Gives the entry whose value stands at `span` another value. Nothing where no entry's does.
    pub fn set(&mut self, span: &Range<usize>, value: &Yaml, list: List<'_>) -> Option<()> {
        let (entry, flow) = find(self.root, span, false, self.text)?;
        let place = Place { flow, column: self.column(entry.origin.span.start) };
        self.entry(place, entry, value, list)
    }

    /// Adds an element to the list under a key at the top, or the key with a list of it at the end.
    pub fn append(&mut self, key: &str, element: &Yaml) -> Option<()> {
        let Value::Mapping(entries) = &self.root.value else { return None };
        if is_flow(self.text, self.root) {
            return None;
        }
        match entries.iter().find(|entry| entry.key == key) {
            None => {
                let list = Yaml::Sequence(vec![element.clone()]);
                let start = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { "\n" };
                let entry = Yaml::Mapping(vec![write::Entry::new(key, list)]);
                self.edits
                    .push((self.text.len()..self.text.len(), format!("{start}{}", write::to_string(&entry))));
            }
            Some(entry) => {
                let Value::Sequence(nodes) = &entry.value.value else { return None };
                let place = Place { flow: false, column: self.column(entry.origin.span.start) };
                match nodes.last() {
                    Some(last) if is_flow(self.text, &entry.value) => {
                        let text = format!(", {}", write::inline(element));
                        self.edits.push((last.end..last.end, text));
                    }
                    Some(_) => self.after_last(nodes, element)?,
                    None => self.whole(place, entry, &Yaml::Sequence(vec![element.clone()]))?,
                }
            }
        }
        Some(())
    }

    /// The text with all edits. Nothing where two are about the same place.
    pub fn finish(mut self) -> Option<String> {
        self.edits.sort_by_key(|(span, _)| (span.start, span.end));
        // The lines of a file end alike.
        let crlf = self.text.contains("\r\n");
        let mut out = String::new();
        let mut at = 0;
        for (span, text) in self.edits {
            out.push_str(self.text.get(at..span.start)?);
            out.push_str(&if crlf { text.replace('\n', "\r\n") } else { text });
            at = span.end;
        }
        out.push_str(self.text.get(at..)?);
        Some(out)
    }

    fn entry(&mut self, place: Place, entry: &Entry, value: &Yaml, list: List<'_>) -> Option<()> {
        let done = self.edits.len();
        let within = match (&entry.value.value, value) {
            _ if place.flow || is_flow(self.text, &entry.value) => None,
            (Value::Sequence(nodes), Yaml::Sequence(elements)) => self.elements(nodes, elements, list),
            (Value::Mapping(old), Yaml::Mapping(new)) => self.members(old, new, list),
            _ => None,
        };
        if within.is_some() {
            return within;
        }
        self.edits.truncate(done);
        self.whole(place, entry, value)
    }

    /// Replaces a value, and keeps the comment on its line.
    fn whole(&mut self, place: Place, entry: &Entry, value: &Yaml) -> Option<()> {
        let node = &entry.value;
        if place.flow {
            self.edits.push((node.origin.span.start..node.end, write::inline(value)));
            return Some(());
        }
        let colon = self.colon(entry)?;
        let header_end = self.line_end(colon);
        // A block scalar's text ends with blank lines that may not be its own.
        let old = self.text.get(colon..node.end.max(colon))?.trim_end();
        let end = self.line_end((colon + old.len()).max(colon));
        let on_line = node.origin.span.start < header_end && node.end <= header_end;
        let comment = match on_line {
            true => self.text.get(node.end.max(colon)..header_end)?,
            false if node.origin.span.start < header_end => self.text.get(node.end..end)?,
            // Behind the colon of a block, or the sign of a block scalar.
            false => {
                let header = self.text.get(colon..header_end)?;
                header.find(" #").map_or("", |start| &header[header[..start].trim_end().len()..])
            }
        };
        let comment = comment.trim_end();
        let comment = if comment.trim_start().starts_with('#') { comment } else { "" };
        let (head, body) = self.written(place, value, end);
        self.edits.push((colon..end, format!("{head}{comment}{body}")));
        Some(())
    }

    /// A value behind a colon: the rest of that line, and the lines below it.
    fn written(&self, place: Place, value: &Yaml, end: usize) -> (String, String) {
        let text = write::to_string(&Yaml::Mapping(vec![write::Entry::new("k", value.clone())]));
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_prefix("k:").unwrap_or(text);
        let (head, body) = text.split_once('\n').unwrap_or((text, ""));
        // Blank lines that follow would become part of a text that keeps its own.
        let follows_blank =
            self.text[end..].strip_prefix('\n').is_some_and(|rest| rest.starts_with(['\n', '\r']));
        if head.ends_with('+') && (follows_blank || self.text[end..].trim().is_empty()) {
            return (format!(" {}", write::inline(value)), String::new());
        }
        let has_body = text.contains('\n');
        let body = if has_body { format!("\n{}", indented(body, place.column)) } else { String::new() };
        (head.to_owned(), body)
    }

    /// A list in block style, element by element.
    fn elements(&mut self, nodes: &[Node], elements: &[Yaml], list: List<'_>) -> Option<()> {
        if nodes.is_empty() || elements.is_empty() {
            return None;
        }
        let old: Vec<String> =
            nodes.iter().map(|node| name_of_node(node, list.key)).collect::<Option<_>>()?;
        let new: Vec<String> = elements.iter().map(|one| name_of(one, list.key)).collect::<Option<_>>()?;
        let is_set = |names: &[String]| (1..names.len()).all(|at| !names[..at].contains(&names[at]));
        if !is_set(&old) || !is_set(&new) {
            return None;
        }
        let kept: Vec<&String> = old.iter().filter(|name| new.contains(name)).collect();
        let added: Vec<usize> = (0..new.len()).filter(|at| !old.contains(&new[*at])).collect();
        let same_order = kept.iter().copied().chain(added.iter().map(|at| &new[*at])).eq(new.iter());
        if kept.is_empty() || list.ordered && !same_order {
            return None;
        }
        for (node, name) in nodes.iter().zip(&old) {
            match new.iter().position(|other| other == name) {
                None => self.drop_lines(self.dash(node)?, node.end)?,
                Some(position) => self.element(node, &elements[position])?,
            }
        }
        for at in added {
            self.after_last(nodes, &elements[at])?;
        }
        Some(())
    }

    fn element(&mut self, node: &Node, value: &Yaml) -> Option<()> {
        match (&node.value, value) {
            (Value::Mapping(old), Yaml::Mapping(new)) if is_flow(self.text, node) => {
                let value_of = |entry: &Entry| new.iter().find(|other| other.key == entry.key);
                let same_members =
                    old.len() == new.len() && old.iter().all(|entry| value_of(entry).is_some());
                if !same_members {
                    self.edits.push((node.origin.span.start..node.end, write::inline(value)));
                    return Some(());
                }
                for entry in old {
                    let other = value_of(entry).filter(|other| !is_same(&entry.value, &other.value));
                    let at = entry.value.origin.span.start..entry.value.end;
                    self.edits.extend(other.map(|other| (at, write::inline(&other.value))));
                }
                Some(())
            }
            (Value::Mapping(old), Yaml::Mapping(new)) => self.members(old, new, List::default()),
            // Elements that are no mappings are known by what they are.
            _ => is_same(node, value).then_some(()),
        }
    }

    /// A mapping in block style, member by member.
    fn members(&mut self, old: &[Entry], new: &[write::Entry], list: List<'_>) -> Option<()> {
        let first = old.first()?;
        let column = self.column(first.origin.span.start);
        for entry in old {
            match new.iter().find(|other| other.key == entry.key) {
                Some(other) if is_same(&entry.value, &other.value) => {}
                Some(other) => self.entry(Place { flow: false, column }, entry, &other.value, list)?,
                // The first may stand behind a dash.
                None if std::ptr::eq(entry, first) => return None,
                None => self.drop_lines(entry.origin.span.start, entry.value.end)?,
            }
        }
        let last = old.last()?;
        let end = self.line_end(self.value_end(last.origin.span.end, last.value.end));
        for entry in new.iter().filter(|entry| !old.iter().any(|other| other.key == entry.key)) {
            let text = write::to_string(&Yaml::Mapping(vec![entry.clone()]));
            let text = text.strip_suffix('\n').unwrap_or(&text);
            self.add_line(end, indented(text, column));
        }
        Some(())
    }

    /// Writes an element below the last of a list in block style, as that one is written.
    fn after_last(&mut self, nodes: &[Node], element: &Yaml) -> Option<()> {
        let last = nodes.last()?;
        let dash = self.dash(last)?;
        let end = self.line_end(self.value_end(last.origin.span.start, last.end));
        let indent = " ".repeat(self.column(dash));
        let text = match is_flow(self.text, last) && matches!(last.value, Value::Mapping(_)) {
            true => format!("{indent}- {}", write::inline(element)),
            false => {
                let list = write::to_block(std::slice::from_ref(element));
                indented(list.strip_suffix('\n').unwrap_or(&list), indent.len())
            }
        };
        self.add_line(end, text);
        Some(())
    }

    /// Writes a line, or several, below the one that ends at `end`.
    fn add_line(&mut self, end: usize, text: String) {
        let edit = match self.next_line(end) {
            Some(next) => (next..next, text + "\n"),
            None => (end..end, format!("\n{text}")),
        };
        self.edits.push(edit);
    }

    /// The beginning of the line below the one that ends at `end`.
    fn next_line(&self, end: usize) -> Option<usize> {
        let rest = &self.text[end..];
        let rest = rest.strip_prefix('\r').unwrap_or(rest).strip_prefix('\n')?;
        Some(self.text.len() - rest.len())
    }

    /// Takes away the lines of what begins at `start`, where nothing else stands on them.
    fn drop_lines(&mut self, start: usize, end: usize) -> Option<()> {
        let line = start - self.column(start);
        if !self.text.get(line..start)?.trim().is_empty() {
            return None;
        }
        let end = self.line_end(self.value_end(start, end));
        self.edits.push((line..self.next_line(end).unwrap_or(end), String::new()));
        Some(())
    }

    /// The dash before an element.
    fn dash(&self, node: &Node) -> Option<usize> {
        let before = self.text.get(..node.origin.span.start)?;
        let dash = before.trim_end().strip_suffix('-')?.len();
        // Only a dash that begins its line is one that others stand below.
        let line = dash - self.column(dash);
        self.text[line..dash].trim().is_empty().then_some(dash)
    }

    /// The end of a value without the blank lines behind a block scalar.
    fn value_end(&self, start: usize, end: usize) -> usize {
        let end = end.max(start);
        start + self.text.get(start..end).map_or(0, |text| text.trim_end().len())
    }

    /// The place behind an entry's colon.
    fn colon(&self, entry: &Entry) -> Option<usize> {
        let from = entry.origin.span.end;
        let offset = self.text.get(from..)?.find(':')?;
        self.text[from..from + offset].trim().is_empty().then_some(from + offset + 1)
    }

    /// The end of the line, its line break not counted.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = at + rest.find('\n').unwrap_or(rest.len());
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }

    fn column(&self, at: usize) -> usize {
        at - self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }
}

/// The entry whose value stands at `span`, and whether brackets are around it.
fn find<'a>(node: &'a Node, span: &Range<usize>, flow: bool, text: &str) -> Option<(&'a Entry, bool)> {
    let flow = flow || is_flow(text, node);
    match &node.value {
        Value::Scalar(_) => None,
        Value::Sequence(nodes) => nodes.iter().find_map(|node| find(node, span, flow, text)),
        Value::Mapping(entries) => entries
            .iter()
            .find(|entry| entry.value.origin.span == *span)
            .map(|entry| (entry, flow))
            .or_else(|| entries.iter().find_map(|entry| find(&entry.value, span, flow, text))),
    }
}

/// Whether a collection stands in brackets.
fn is_flow(text: &str, node: &Node) -> bool {
    let is_collection = !matches!(node.value, Value::Scalar(_));
    is_collection && text[node.origin.span.start..].starts_with(['[', '{'])
}

/// Whether a value of a file and one that is to be written are the same.
fn is_same(node: &Node, value: &Yaml) -> bool {
    match (&node.value, value) {
        (Value::Mapping(old), Yaml::Mapping(new)) => {
            let has = |entry: &write::Entry| {
                old.iter().any(|other| other.key == entry.key && is_same(&other.value, &entry.value))
            };
            old.len() == new.len() && new.iter().all(has)
        }
        (Value::Sequence(old), Yaml::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (Value::Scalar(_), Yaml::Scalar(value)) => node.to_json() == *value,
        _ => false,
    }
}

fn name_of_node(node: &Node, key: Option<&str>) -> Option<String> {
    match &node.value {
        Value::Scalar(_) => Some(node.to_json().to_string()),
        Value::Mapping(entries) => {
            let entry = entries.iter().find(|entry| Some(entry.key.as_str()) == key)?;
            Some(entry.value.to_json().to_string())
        }
        Value::Sequence(_) => None,
    }
}

fn name_of(value: &Yaml, key: Option<&str>) -> Option<String> {
    match value {
        Yaml::Scalar(scalar) => Some(scalar.to_string()),
        Yaml::Mapping(entries) => {
            let entry = entries.iter().find(|entry| Some(entry.key.as_str()) == key)?;
            name_of(&entry.value, None)
        }
        Yaml::Sequence(_) => None,
    }
}

/// Lines moved to the right, but for empty ones.
fn indented(text: &str, columns: usize) -> String {
    let indent = " ".repeat(columns);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::yaml::{self, parse};
    use super::*;
    use serde_json::{Value as Json, json};

    const LIST: List<'static> = List { key: Some("Name"), ordered: false };

    /// The text with the value at `path` set, which reads as it is to.
    fn set(text: &str, path: &[&str], value: Json, list: List<'_>) -> String {
        let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
        let mut at = &root;
        for name in path {
            let yaml::Value::Mapping(entries) = &at.value else { panic!() };
            at = &entries.iter().find(|entry| entry.key == *name).unwrap().value;
        }
        let mut editor = Editor::new(text, &root);
        editor.set(&at.origin.span, &Yaml::setting(&value), list).unwrap();
        let edited = editor.finish().unwrap();
        let mut expected = root.to_json();
        expected.pointer_mut(&format!("/{}", path.join("/"))).map(|at| *at = value).unwrap();
        let (root, _) =
            parse("m.yaml", edited.as_bytes()).unwrap_or_else(|error| panic!("{error:?}\n{edited}"));
        let is_set = |value: &mut Json| {
            if let Json::Array(elements) = value {
                elements.sort_by_key(Json::to_string);
            }
        };
        let (mut read, mut expected) = (root.to_json(), expected);
        if !list.ordered {
            for json in [&mut read, &mut expected] {
                json.pointer_mut(&format!("/{}", path.join("/"))).map(is_set).unwrap();
            }
        }
        assert_eq!(read, expected, "{edited}");
        edited
    }

    fn a(text: &str, value: Json) -> String {
        set(text, &["a"], value, LIST)
    }

    #[test]
    fn one_value_takes_the_place_of_another_and_its_comment_stays() {
        for (text, value, edited) in [
            ("a: 1\n", json!(2), "a: 2\n"),
            ("# top\na: 8   # why\nb: 1\n", json!(12), "# top\na: 12   # why\nb: 1\n"),
            ("a: 'x'", json!("ON"), "a: \"ON\""),
            ("a: x\r\nb: 1\r\n", json!("1\n2\n"), "a: |\r\n  1\r\n  2\r\nb: 1\r\n"),
            ("a : null # c\n", json!({"x": 1, "q": ["z"]}), "a : # c\n  x: 1\n  q: [z]\n"),
            ("a: x\n   y  # c\n", json!("z"), "a: z  # c\n"),
            ("a: \"x\n  y\"\n", json!(null), "a: null\n"),
            ("a: [1,\n  2]  # c\nb: 1\n", json!([1, 3]), "a: [1, 3]  # c\nb: 1\n"),
            ("{a: 1, b: x}\n", json!("l\nm"), "{a: \"l\\nm\", b: x}\n"),
            ("{a: {b: 1}, c: 2}\n", json!(null), "{a: null, c: 2}\n"),
        ] {
            assert_eq!(a(text, value), edited, "{text}");
        }
        let inner = "s:\n    p:\n        a: |\n            l\n        # mine\n        b: 1\n";
        let edited = "s:\n    p:\n        a: |-\n          m\n\n          n\n        # mine\n        b: 1\n";
        assert_eq!(set(inner, &["s", "p", "a"], json!("m\n\nn"), LIST), edited);
    }

    #[test]
    fn a_block_of_lines_comes_and_goes_with_its_comment() {
        let block = "a: |  # the mail\n  <p>\n  {####}\n\n# next\nb: 1\n";
        assert_eq!(a(block, json!("short")), "a: short  # the mail\n\n# next\nb: 1\n");
        assert_eq!(a(block, json!("x\ny")), "a: |-  # the mail\n  x\n  y\n\n# next\nb: 1\n");
        assert_eq!(a("a: >-\n  x\n\n  y\nb: 1\n", json!(" x\n")), "a: |2\n   x\nb: 1\n");
        assert_eq!(a("a: x  # c\nb: 1\n", json!("l\nm\n")), "a: |  # c\n  l\n  m\nb: 1\n");
        assert_eq!(a("a: x\n\nb: 1\n", json!("l\n\n")), "a: \"l\\n\\n\"\n\nb: 1\n");
        assert_eq!(a("a: x\nb: 1\n", json!("l\n\n")), "a: |+\n  l\n\nb: 1\n");
    }

    #[test]
    fn a_list_keeps_the_lines_of_the_elements_that_stay() {
        let list = "a:\n  # the first\n  - email  # mail\n  - phone_number\n  # behind\nb: 1\n";
        assert_eq!(
            a(list, json!(["email", "sub"])),
            "a:\n  # the first\n  - email  # mail\n  - sub\n  # behind\nb: 1\n"
        );
        assert_eq!(
            a(list, json!(["phone_number"])),
            "a:\n  # the first\n  - phone_number\n  # behind\nb: 1\n"
        );
        assert_eq!(a(list, json!(["x"])), "a: [x]\n  # behind\nb: 1\n");
        assert_eq!(a(list, json!([])), "a: []\n  # behind\nb: 1\n");
        assert_eq!(a("a:\n- x  # c\n- y\n", json!(null)), "a: null\n");
        let keyed = "a:\n  - Name: one  # first\n    Priority: 1  # top\n  - { Name: two, Priority: 2 }\n";
        let value = json!([{"Name": "one", "Priority": 3}, {"Name": "two", "Priority": 2}, {"Name": "six", "Priority": 6}]);
        assert_eq!(
            a(keyed, value),
            "a:\n  - Name: one  # first\n    Priority: 3  # top\n  - { Name: two, Priority: 2 }\n  - { Name: six, Priority: 6 }\n"
        );
        let grown = json!([{"Name": "one", "Priority": 1, "More": {"x": 1}}, {"Name": "two", "Priority": 2}]);
        assert_eq!(
            a(keyed, grown),
            "a:\n  - Name: one  # first\n    Priority: 1  # top\n    More:\n      x: 1\n  - { Name: two, Priority: 2 }\n"
        );
        let ordered = List { ordered: true, ..LIST };
        assert_eq!(set("a:\n  - x  # c\n  - z\n", &["a"], json!(["z", "x"]), ordered), "a: [z, x]\n");
    }

    #[test]
    fn an_element_is_added_as_those_before_it_stand() {
        let add = |text: &str| {
            let (root, _) = parse("m.yaml", text.as_bytes()).unwrap();
            let mut editor = Editor::new(text, &root);
            let element = json!({"path": "A.B", "reason": "theirs: all"});
            editor.append("ignore", &Yaml::from(&element))?;
            editor.finish()
        };
        for (text, expected) in [
            ("version: 1", "version: 1\nignore:\n  - path: A.B\n    reason: \"theirs: all\"\n"),
            (
                "ignore:\n- path: X\n  reason: y  # c\n\n# end\n",
                "ignore:\n- path: X\n  reason: y  # c\n- path: A.B\n  reason: \"theirs: all\"\n\n# end\n",
            ),
            (
                "ignore:\n  - { path: X, reason: y }  # c\nz: 1\n",
                "ignore:\n  - { path: X, reason: y }  # c\n  - { path: A.B, reason: \"theirs: all\" }\nz: 1\n",
            ),
            (
                "ignore: [{path: X, reason: y}]\n",
                "ignore: [{path: X, reason: y}, { path: A.B, reason: \"theirs: all\" }]\n",
            ),
            ("ignore: []  # none\n", "ignore:  # none\n  - path: A.B\n    reason: \"theirs: all\"\n"),
        ] {
            assert_eq!(add(text).unwrap(), expected, "{text}");
        }
        assert_eq!(add("{version: 1}\n"), None, "a file in brackets is its owner's to edit");
    }
}
