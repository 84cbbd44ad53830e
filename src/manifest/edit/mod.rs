//! Edits of a file that leave everything else as its owner wrote it: comments, order, style.
//!
//! An edit that would change anything else is not made. YAML has many layouts, so the result is parsed again and
//! compared with the expected values.

mod proof;
#[cfg(test)]
mod tests;

use std::ops::Range;

use proof::{Proof, Set, is_same};

use super::write::{self, Yaml};
use super::yaml::{Value, YamlEntry, YamlNode};
use crate::document::Json;

/// How the elements of a list are identified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List<'a> {
    /// The member that names an element, where elements are mappings.
    pub key: Option<&'a str>,
    /// Whether their order means something.
    pub ordered: bool,
}

impl List<'_> {
    /// One of which nothing is known.
    const PLAIN: Self = Self { key: None, ordered: true };
}

/// A file's text and what becomes of it.
#[derive(Debug)]
pub struct Editor<'a> {
    text: &'a str,
    root: &'a YamlNode,
    edits: Vec<(Range<usize>, String)>,
    proof: Proof,
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Layout {
    /// Whether brackets are around it: then it must stay on one line.
    flow: bool,
    /// The column of its key, in bytes from 0.
    column: usize,
}

impl<'a> Editor<'a> {
    /// An editor of a text that was parsed as `root`.
    pub fn new(text: &'a str, root: &'a YamlNode) -> Self {
        Self { text, root, edits: Vec::new(), proof: Proof::default() }
    }

    /// Replaces the value at `span` of an entry; `None` if no entry has it.
    pub fn set(&mut self, span: &Range<usize>, value: &Yaml, list: List<'_>) -> Option<()> {
        let (entry, flow) = find(self.root, span, false, self.text)?;
        self.proof.sets.push(Set { span: span.clone(), value: value.clone(), ordered: list.ordered });
        let place = Layout { flow, column: self.key_column(entry) };
        self.entry(place, entry, value, list)
    }

    /// Adds elements to the list under a key at the top, or the key with a list of them at the end.
    pub fn append(&mut self, key: &str, elements: &[Yaml]) -> Option<()> {
        let Some(entry) = self.at_top(key)? else {
            return self.at_end(write::CommentedEntry::new(key, Yaml::Sequence(elements.to_vec())));
        };
        let Value::Sequence(nodes) = &entry.value.value else { return None };
        let all = nodes.iter().map(|node| Yaml::from(&node.to_json())).chain(elements.iter().cloned());
        let span = entry.value.origin.span.clone();
        self.proof.sets.push(Set { span, value: Yaml::Sequence(all.collect()), ordered: true });
        let place = Layout { flow: false, column: self.key_column(entry) };
        let Some(last) = nodes.last() else {
            return self.whole(place, entry, &Yaml::Sequence(elements.to_vec()));
        };
        for element in elements {
            match is_flow(self.text, &entry.value) {
                true => self.edits.push((last.end..last.end, format!(", {}", write::inline(element)))),
                false => self.after_last(nodes, element)?,
            }
        }
        Some(())
    }

    /// Adds entries to the mapping under a key at the top, each inside the mappings that are there already, or
    /// the key with a mapping of them at the end. `None` if one of them exists already.
    pub fn declare(&mut self, key: &str, entries: &[write::CommentedEntry]) -> Option<()> {
        let Some(entry) = self.at_top(key)? else {
            return self.at_end(write::CommentedEntry::new(key, Yaml::Mapping(entries.to_vec())));
        };
        let all = merged(&entry.value, entries)?;
        self.set(&entry.value.origin.span, &all, List::PLAIN)
    }

    /// Adds an entry as the first one of the mapping that these keys lead to. A mapping that is missing is added as the
    /// last entry of the one around it. `None` if the entry exists, or if a value on the way is not a mapping.
    pub fn insert(&mut self, keys: &[&str], entry: &write::CommentedEntry) -> Option<()> {
        let (mut node, mut around, mut missing) = (self.root, None, keys);
        let mut flow = is_flow(self.text, node);
        while let ([key, rest @ ..], Value::Mapping(entries)) = (missing, &node.value) {
            let Some(found) = entries.iter().find(|entry| entry.key == *key) else { break };
            (node, around, missing) = (&found.value, Some(found), rest);
            flow |= is_flow(self.text, node);
        }
        let nest = |inner, key: &&str| write::CommentedEntry::new(*key, Yaml::Mapping(vec![inner]));
        let new = missing.iter().rev().fold(entry.clone(), nest);
        let Value::Mapping(entries) = &node.value else { return None };
        if entries.iter().any(|entry| entry.key == new.key) {
            return None;
        }
        let Some(around) = around else {
            return if flow { self.last_in_brackets(entries, &new) } else { self.at_end(new) };
        };
        let value = merged(node, std::slice::from_ref(&new))?;
        self.proof.sets.push(Set { span: node.origin.span.clone(), value, ordered: true });
        match (entries.first(), missing.is_empty()) {
            (None, _) => {
                let all = write::inline(&Yaml::Mapping(vec![new]));
                self.edits.push((node.origin.span.start..node.end, all));
            }
            (Some(first), true) if flow => {
                let start = first.origin.span.start;
                self.edits.push((start..start, format!("{}, ", in_brackets(&new))));
            }
            (Some(_), false) if flow => self.behind_last(entries, &new)?,
            (Some(first), true) => self.first_line(around, first, &new)?,
            (Some(first), false) => self.last_line(entries, self.key_column(first), &new)?,
        }
        Some(())
    }

    /// Writes an entry behind the last one of the top level, which is in brackets.
    fn last_in_brackets(&mut self, entries: &[YamlEntry], new: &write::CommentedEntry) -> Option<()> {
        self.proof.added.push(new.clone());
        self.behind_last(entries, new)
    }

    /// Writes an entry behind the last one of a mapping in brackets.
    fn behind_last(&mut self, entries: &[YamlEntry], new: &write::CommentedEntry) -> Option<()> {
        let last = entries.last()?;
        let end = self.value_end(last.origin.span.end, last.value.end);
        self.edits.push((end..end, format!(", {}", in_brackets(new))));
        Some(())
    }

    /// Writes an entry above the first one of a block, below the line of the key around it.
    fn first_line(
        &mut self,
        around: &YamlEntry,
        first: &YamlEntry,
        new: &write::CommentedEntry,
    ) -> Option<()> {
        let (start, column) = (first.origin.span.start, self.key_column(first));
        let lines = write::to_string(&Yaml::Mapping(vec![new.clone()]));
        let below = self.next_line(self.line_end(self.colon(around)?));
        match below.filter(|line| *line <= start - self.column(start)) {
            Some(line) => self.edits.push((line..line, indented(&lines, column))),
            // The key around it is on the same line.
            None => self.edits.push((start..start, lines + &" ".repeat(self.column(start)))),
        }
        Some(())
    }

    /// Writes an entry below the last one of a block.
    fn last_line(&mut self, entries: &[YamlEntry], column: usize, new: &write::CommentedEntry) -> Option<()> {
        let last = entries.last()?;
        let end = self.line_end(self.value_end(last.origin.span.end, last.value.end));
        let text = write::to_string(&Yaml::Mapping(vec![new.clone()]));
        let text = text.strip_suffix('\n').unwrap_or(&text);
        self.add_line(end, indented(text, column));
        Some(())
    }

    /// The entry of this key at the top, if there is one. `None` if the whole file is a flow mapping.
    fn at_top(&self, key: &str) -> Option<Option<&'a YamlEntry>> {
        let Value::Mapping(entries) = &self.root.value else { return None };
        (!is_flow(self.text, self.root)).then(|| entries.iter().find(|entry| entry.key == key))
    }

    /// Writes an entry below all others at the top.
    fn at_end(&mut self, entry: write::CommentedEntry) -> Option<()> {
        let Value::Mapping(entries) = &self.root.value else { return None };
        self.proof.added.push(entry.clone());
        let start = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { "\n" };
        let column = entries.first().map_or(0, |entry| self.key_column(entry));
        let text = write::to_string(&Yaml::Mapping(vec![entry]));
        let end = self.text.len();
        self.edits.push((end..end, format!("{start}{}", indented(&text, column))));
        Some(())
    }

    /// The text with all edits. `None` if two edits overlap, or if the result does not parse as expected.
    pub fn finish(mut self) -> Option<String> {
        self.edits.sort_by_key(|(span, _)| (span.start, span.end));
        // The lines of a file end alike.
        let crlf = self.text.contains("\r\n");
        if self.text.replace("\r\n", "").contains('\r') {
            return None;
        }
        let mut out = String::new();
        let mut at = 0;
        for (span, text) in self.edits {
            out.push_str(self.text.get(at..span.start)?);
            out.push_str(&if crlf { text.replace('\n', "\r\n") } else { text });
            at = span.end;
        }
        out.push_str(self.text.get(at..)?);
        self.proof.holds(self.root, &out).then_some(out)
    }

    fn entry(&mut self, place: Layout, entry: &YamlEntry, value: &Yaml, list: List<'_>) -> Option<()> {
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

    /// Replaces a value, and keeps the comments on its lines.
    fn whole(&mut self, place: Layout, entry: &YamlEntry, value: &Yaml) -> Option<()> {
        let node = &entry.value;
        if place.flow {
            self.edits.push((node.origin.span.start..node.end, write::inline(value)));
            return Some(());
        }
        let colon = self.colon(entry)?;
        let header = colon..self.line_end(colon);
        // The blank lines at the end of a block scalar may not belong to it.
        let old = self.text.get(colon..node.end.max(colon))?.trim_end();
        let end = self.line_end(colon + old.len());
        let is_block_scalar = matches!(node.value, Value::Scalar(_)) && is_sign(&self.text[header.clone()]);
        let is_below = is_block_scalar || node.origin.span.start > header.end;
        let is_inline = matches!(node.value, Value::Scalar(_)) || is_flow(self.text, node);
        let has_own_line = is_below && is_inline && !is_block_scalar;
        let (head, body) = self.written(place, value, end);
        if has_own_line && body.is_empty() {
            self.edits.push((node.origin.span.start..node.end, head.trim_start().to_owned()));
            return Some(());
        }
        // Behind the colon of a block, or the sign of a block scalar.
        let above = if is_below { comment(&self.text[header]) } else { "" };
        let behind = match has_own_line || !is_below {
            true => comment(self.text.get(node.end.max(colon)..end).unwrap_or_default()),
            false => "",
        };
        self.edits.push((colon..end, format!("{head}{above}{behind}{body}")));
        Some(())
    }

    /// A value behind a colon: the rest of that line, and the lines below it.
    fn written(&self, place: Layout, value: &Yaml, end: usize) -> (String, String) {
        let text = write::to_string(&Yaml::Mapping(vec![write::CommentedEntry::new("k", value.clone())]));
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_prefix("k:").unwrap_or(text);
        let (head, body) = text.split_once('\n').unwrap_or((text, ""));
        if self.takes_more(last_text(value), place.column, end) {
            return (format!(" {}", write::inline(value)), String::new());
        }
        let has_body = text.contains('\n');
        let body = if has_body { format!("\n{}", indented(body, place.column)) } else { String::new() };
        (head.to_owned(), body)
    }

    /// Whether a text that ends at `end` as a block would take what follows for more of it: blank lines, if
    /// it keeps its own, and comments that are indented as it is.
    fn takes_more(&self, text: Option<&str>, column: usize, end: usize) -> bool {
        let Some(text) = text else { return false };
        let rest = self.next_line(end).map_or("", |next| &self.text[next..]);
        let is_blank = |line: &&str| line.trim().is_empty();
        let keeps = text.ends_with("\n\n") || text == "\n";
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let next = rest.lines().find(|line| !is_blank(line)).unwrap_or_default();
        keeps && (rest.is_empty() || rest.lines().next().is_some_and(|line| is_blank(&line)))
            || next.trim_start().starts_with('#') && indent(next) > column
    }

    /// A list in block style, element by element.
    fn elements(&mut self, nodes: &[YamlNode], elements: &[Yaml], list: List<'_>) -> Option<()> {
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

    fn element(&mut self, node: &YamlNode, value: &Yaml) -> Option<()> {
        match (&node.value, value) {
            (Value::Mapping(old), Yaml::Mapping(new)) if is_flow(self.text, node) => {
                let value_of = |entry: &YamlEntry| new.iter().find(|other| other.key == entry.key);
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
            (Value::Mapping(old), Yaml::Mapping(new)) => self.members(old, new, List::PLAIN),
            // Elements that are not mappings are identified by their values.
            _ => is_same(node, value).then_some(()),
        }
    }

    /// A mapping in block style, member by member.
    fn members(&mut self, old: &[YamlEntry], new: &[write::CommentedEntry], list: List<'_>) -> Option<()> {
        let first = old.first()?;
        let column = self.key_column(first);
        for entry in old {
            match new.iter().find(|other| other.key == entry.key) {
                Some(other) if is_same(&entry.value, &other.value) => {}
                Some(other) => self.entry(Layout { flow: false, column }, entry, &other.value, list)?,
                // The first may follow a dash.
                None if std::ptr::eq(entry, first) => return None,
                None => self.drop_lines(entry.origin.span.start, entry.value.end)?,
            }
        }
        for entry in new.iter().filter(|entry| !old.iter().any(|other| other.key == entry.key)) {
            self.last_line(old, column, entry)?;
        }
        Some(())
    }

    /// Writes an element below the last of a list in block style, as that one is written.
    fn after_last(&mut self, nodes: &[YamlNode], element: &Yaml) -> Option<()> {
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
    fn dash(&self, node: &YamlNode) -> Option<usize> {
        let before = self.text.get(..node.origin.span.start)?;
        let dash = before.trim_end().strip_suffix('-')?.len();
        // Only a dash at the beginning of its line has further elements below it.
        let line = dash - self.column(dash);
        self.text[line..dash].trim().is_empty().then_some(dash)
    }

    /// The end of a value without the blank lines behind a block scalar.
    fn value_end(&self, start: usize, end: usize) -> usize {
        let end = end.max(start);
        start + self.text.get(start..end).map_or(0, |text| text.trim_end().len())
    }

    /// The place behind an entry's colon.
    fn colon(&self, entry: &YamlEntry) -> Option<usize> {
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

    /// How far a place is from the beginning of its line, in bytes.
    fn column(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        at - line - if self.text[line..].starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// The column in which an entry begins: that of its key, or of the question mark before it.
    fn key_column(&self, entry: &YamlEntry) -> usize {
        let start = entry.origin.span.start;
        let before = &self.text[start - self.column(start)..start];
        before.trim_end().strip_suffix('?').unwrap_or(before).len()
    }
}

/// The entry with the value at `span`, and whether it is in a flow collection.
fn find<'a>(
    node: &'a YamlNode,
    span: &Range<usize>,
    flow: bool,
    text: &str,
) -> Option<(&'a YamlEntry, bool)> {
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

/// A mapping with more entries, each inside of the existing mappings. `None` if one of them exists.
fn merged(node: &YamlNode, entries: &[write::CommentedEntry]) -> Option<Yaml> {
    let old = match &node.value {
        Value::Mapping(old) => old.as_slice(),
        Value::Scalar(_) if node.to_json().is_null() => &[],
        Value::Scalar(_) | Value::Sequence(_) => return None,
    };
    let kept =
        old.iter().map(|entry| write::CommentedEntry::new(&entry.key, Yaml::from(&entry.value.to_json())));
    let mut all: Vec<write::CommentedEntry> = kept.collect();
    for entry in entries {
        match (old.iter().position(|old| old.key == entry.key), &entry.value) {
            (None, _) => all.push(entry.clone()),
            (Some(at), Yaml::Mapping(inner)) => all[at].value = merged(&old[at].value, inner)?,
            (Some(_), _) => return None,
        }
    }
    Some(Yaml::Mapping(all))
}

/// The text of an entry between brackets, without the brackets.
fn in_brackets(entry: &write::CommentedEntry) -> String {
    let text = write::inline(&Yaml::Mapping(vec![entry.clone()]));
    let inner = text.strip_prefix("{ ").and_then(|text| text.strip_suffix(" }"));
    inner.unwrap_or_default().to_owned()
}

/// Whether a collection is in flow style; a block has no character of its own at its start.
fn is_flow(text: &str, node: &YamlNode) -> bool {
    let Range { start, end } = node.origin.span;
    let is_collection = !matches!(node.value, Value::Scalar(_));
    is_collection && end > start && text[start..].starts_with(['[', '{'])
}

/// Whether the text after a colon is the indicator of a block scalar.
fn is_sign(header: &str) -> bool {
    let mut words = header.split_whitespace().skip_while(|word| word.starts_with('&'));
    words.next().is_some_and(|word| word.starts_with(['|', '>']))
}

/// The comment that ends a line, with the blanks before it; the line has no text in quotes.
fn comment(line: &str) -> &str {
    let is_sign = |at: &usize| line[..*at].ends_with([' ', '\t']);
    let sign = line.match_indices('#').map(|(at, _)| at).find(is_sign);
    sign.map_or("", |sign| line[line[..sign].trim_end().len()..].trim_end())
}

/// The text that ends a value.
fn last_text(value: &Yaml) -> Option<&str> {
    match value {
        Yaml::Scalar(Json::String(text)) => Some(text).filter(|text| text.contains('\n')).map(String::as_str),
        Yaml::Scalar(_) => None,
        Yaml::Sequence(elements) => elements.last().and_then(last_text),
        Yaml::Mapping(entries) => entries.last().and_then(|entry| last_text(&entry.value)),
    }
}

fn name_of_node(node: &YamlNode, key: Option<&str>) -> Option<String> {
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

/// Lines moved to the right, except empty ones.
fn indented(text: &str, columns: usize) -> String {
    let indent = " ".repeat(columns);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{indent}{line}") };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}
