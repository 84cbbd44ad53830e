//! Parses YAML into a tree, with limits to what a file may make of itself.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle, ScanError, Span, Tag};

use super::tree::{Scalar, Size, Value, YamlEntry, YamlNode};
use crate::document::{FastMap, json};
use crate::manifest::unavailable::{Unavailable, lfs_pointer};
use crate::manifest::{Diagnostic, Origin, SourceText};

/// The largest file that is parsed, in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// The deepest nesting; the API's own is 5.
const MAX_DEPTH: usize = 64;
/// The maximum number of values of a file. An alias counts as all values that it refers to, and an anchor's value
/// counts twice, since it is stored twice.
pub(in crate::manifest) const MAX_NODES: usize = 100_000;
/// The longest key, in bytes; the longest of the API's own has some 60, and a tag's 128 characters.
pub(in crate::manifest) const MAX_KEY: usize = 1024;
/// The entries of a mapping among which a key is looked for one by one.
const FEW: usize = 16;

/// A document, with what is wrong with parts of it; or why it is none.
pub type Parsed = Result<(YamlNode, Vec<Diagnostic>), Box<Diagnostic>>;

/// Parses the bytes of a file as one YAML document.
///
/// What a tree can be built around (a key that stands twice, a tag, a merge key) is in the second part
/// of the answer.
///
/// # Errors
/// With the first thing that keeps the text from being one tree: not UTF-8, too large, broken syntax,
/// an alias that never ends.
pub fn parse(name: &str, bytes: &[u8]) -> Parsed {
    let error = |code, message: String| Diagnostic::of_file(code, name, message);
    if bytes.len() > MAX_BYTES {
        let message = format!("the file is larger than {MAX_BYTES} bytes, the limit for a manifest");
        return Err(Box::new(error("too-large", message)));
    }
    if let Some(Unavailable { message, help }) = lfs_pointer(bytes) {
        return Err(Box::new(error("unreadable", format!("the file {message}")).help(help)));
    }
    let text = std::str::from_utf8(bytes).map_err(|utf8| {
        let line = bytes[..utf8.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("line {line} is not UTF-8 (byte {})", utf8.valid_up_to());
        Box::new(error("not-utf8", message).help("save the file as UTF-8"))
    })?;
    parse_again(&Arc::new(SourceText::new(name.to_owned(), text.to_owned())))
}

/// The same of a text that was parsed before.
pub(in crate::manifest) fn parse_again(source: &Arc<SourceText>) -> Parsed {
    let mut options = Options::default();
    options.disallow_directives = true;
    let builder = Builder {
        source,
        stack: Vec::new(),
        anchors: HashMap::new(),
        nodes: 0,
        copied: 0,
        root: None,
        findings: Vec::new(),
    };
    builder.run(Parser::new_from_str_with_options(&source.text, options))
}

/// A collection that is still open.
struct Open {
    value: Value,
    /// The key that waits for its value; one without a name keeps none.
    key: Option<(Option<String>, Origin)>,
    /// The keys of many entries, each with its entry's position.
    seen: FastMap<String, usize>,
    start: Range<usize>,
    anchor: usize,
}

struct Builder<'a> {
    source: &'a Arc<SourceText>,
    stack: Vec<Open>,
    anchors: HashMap<usize, YamlNode>,
    nodes: usize,
    /// The bytes of the texts that anchors and aliases have repeated.
    copied: usize,
    root: Option<YamlNode>,
    findings: Vec<Diagnostic>,
}

type Built<T> = Result<T, Box<Diagnostic>>;

impl Builder<'_> {
    fn run<'s>(
        mut self,
        events: impl Iterator<Item = Result<(Event<'s>, Span), ScanError>>,
    ) -> Built<(YamlNode, Vec<Diagnostic>)> {
        let mut documents = 0;
        for next in events {
            let (event, span) = next.map_err(|error| self.syntax(&error))?;
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        let message = "the file contains more than one YAML document";
                        let error = self.error("documents", message, &span, "a second document begins here");
                        return Err(error.help("write one manifest per file").into());
                    }
                }
                Event::Scalar(text, style, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    let plain = style == ScalarStyle::Plain;
                    // The parser calls a value that is not there `~`; its empty place tells the two apart.
                    let text = if plain && span.is_empty() { String::new() } else { text.into_owned() };
                    let scalar = Scalar { text, plain, given: None };
                    let origin = self.origin(&span);
                    let node = YamlNode { value: Value::Scalar(scalar), end: origin.span.end, origin };
                    self.add(node, anchor)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    self.open(Value::Sequence(Vec::new()), &span, anchor)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.refuse_tag(tag.as_deref(), &span);
                    self.open(Value::Mapping(Vec::new()), &span, anchor)?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close(&span)?,
                Event::Alias(id) => {
                    let origin = self.origin(&span);
                    let Some(node) = self.anchors.get(&id) else {
                        let message = "the alias refers to a value that contains it";
                        return Err(self.error("alias", message, &span, "endless").into());
                    };
                    let size = node.size();
                    if self.stack.len() + size.depth > MAX_DEPTH {
                        return Err(too_deep(origin));
                    }
                    let value = node.value.clone();
                    self.copy(&size, &origin)?;
                    self.add(YamlNode { value, end: origin.span.end, origin }, 0)?;
                }
                _ => {}
            }
        }
        match self.root {
            Some(root) => Ok((root, self.findings)),
            None => {
                let error = Diagnostic::of_file("empty", &self.source.name, "the file is empty");
                Err(error.help("begin the manifest with `version: 1` and `pool: <id>`").into())
            }
        }
    }

    fn open(&mut self, value: Value, span: &Span, anchor: usize) -> Built<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(self.origin(span)));
        }
        self.stack.push(Open { value, key: None, seen: FastMap::default(), start: range(span), anchor });
        Ok(())
    }

    fn close(&mut self, span: &Span) -> Built<()> {
        let Some(open) = self.stack.pop() else { return Ok(()) };
        // A block ends with its last value: the rest, up to the end event, is comments.
        let inner = match &open.value {
            Value::Scalar(_) => None,
            Value::Sequence(nodes) => nodes.last().map(|node| node.end),
            Value::Mapping(entries) => entries.last().map(|entry| entry.value.end.max(entry.origin.span.end)),
        };
        let end = if span.is_empty() { inner.unwrap_or(open.start.end) } else { range(span).end };
        let origin = Origin { source: Arc::clone(self.source), span: open.start };
        self.add(YamlNode { value: open.value, origin, end }, open.anchor)
    }

    /// Puts a finished value where it belongs: into the collection that is open, or at the root.
    fn add(&mut self, node: YamlNode, anchor: usize) -> Built<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(too_many(node.origin));
        }
        if anchor > 0 {
            self.copy(&node.size(), &node.origin)?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open { value: Value::Sequence(nodes), .. }) => nodes.push(node),
            Some(Open { value: Value::Mapping(entries), key, seen, .. }) => match key.take() {
                None => {
                    let at = node.origin.clone();
                    let name = read_key(entries, seen, node);
                    let name = name.map_err(|finding| finding.add_to(&mut self.findings)).ok();
                    *key = Some((name, at));
                }
                Some((Some(key), origin)) => {
                    entries.push(YamlEntry { key, origin, given: None, value: node })
                }
                Some((None, _)) => {}
            },
            Some(Open { value: Value::Scalar(_), .. }) => {}
        }
        Ok(())
    }

    /// Counts what an anchor or an alias is about to repeat.
    fn copy(&mut self, size: &Size, at: &Origin) -> Built<()> {
        self.nodes += size.nodes;
        self.copied += size.bytes;
        if self.nodes > MAX_NODES {
            return Err(too_many(at.clone()));
        }
        if self.copied > MAX_BYTES {
            let message =
                format!("the file's anchors and aliases repeat more than {MAX_BYTES} bytes of text");
            let error = Diagnostic::error("too-many", message, at.clone(), "the limit is reached here");
            return Err(error.help("use fewer aliases").into());
        }
        Ok(())
    }

    fn refuse_tag(&mut self, tag: Option<&Tag>, span: &Span) {
        if tag.is_some() {
            let at = span.tag_span().unwrap_or(*span);
            let message = format!("YAML tags such as `{}` are not supported", self.origin(&at).text());
            let error = self.error("tag", message, &at, "remove the tag");
            error.help("remove the tag; to make a value a text, put it in quotes").add_to(&mut self.findings);
        }
    }

    fn origin(&self, span: &Span) -> Origin {
        Origin { source: Arc::clone(self.source), span: range(span) }
    }

    fn error(&self, code: &'static str, message: impl Into<String>, span: &Span, label: &str) -> Diagnostic {
        Diagnostic::error(code, message, self.origin(span), label)
    }

    fn syntax(&self, error: &ScanError) -> Box<Diagnostic> {
        let start = error.marker().byte_offset().unwrap_or_default().min(self.source.text.len());
        let origin = Origin { source: Arc::clone(self.source), span: start..start };
        let message = format!("this is not YAML: {}", error.info());
        let line = self.source.text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
        let rest = self.source.text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let help = match line.contains('\t') || rest.contains('\t') {
            true => "indent with spaces, not with tabs",
            false => "check the indentation, the quotes and the brackets here and in the lines above",
        };
        Box::new(Diagnostic::error("syntax", message, origin, "here").help(help))
    }
}

fn range(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

fn too_deep(at: Origin) -> Box<Diagnostic> {
    let message = format!("the file nests deeper than {MAX_DEPTH} levels, counting aliases in full");
    let error = Diagnostic::error("too-deep", message, at, "one level too many");
    Box::new(error.help("use fewer levels: no Cognito setting has more than 5"))
}

fn too_many(at: Origin) -> Box<Diagnostic> {
    let message = format!("the file has more than {MAX_NODES} values, counting anchors and aliases in full");
    let error = Diagnostic::error("too-many", message, at, "the limit is reached here");
    Box::new(error.help("write one manifest per file"))
}

/// The entry of this key. `seen` has each key's position once there are many.
fn entry_of<'e>(
    entries: &'e [YamlEntry],
    seen: &mut FastMap<String, usize>,
    key: &str,
) -> Option<&'e YamlEntry> {
    if entries.len() <= FEW {
        return entries.iter().find(|entry| entry.key == key);
    }
    let new = entries.iter().enumerate().skip(seen.len());
    seen.extend(new.map(|(position, entry)| (entry.key.clone(), position)));
    entries.get(*seen.get(key)?)
}

/// A mapping's next key, if it is one word that is not set yet.
fn read_key(entries: &[YamlEntry], seen: &mut FastMap<String, usize>, node: YamlNode) -> Built<String> {
    let error = |code, message: String, label| Diagnostic::error(code, message, node.origin.clone(), label);
    let finding = match node.value {
        Value::Scalar(scalar) if scalar.plain && scalar.text == "<<" => {
            error("merge-key", "merge keys (`<<`) are not supported".to_owned(), "a merge key")
                .help("write each member instead")
        }
        Value::Scalar(scalar) if scalar.text.len() > MAX_KEY => {
            error("key", format!("a key has at most {MAX_KEY} bytes"), "too long").help("write `key: value`")
        }
        Value::Scalar(scalar) if json::is_reserved(&scalar.text) => {
            let message = format!("poolctl cannot handle a member of the name `{}`", scalar.text);
            error("key", message, "reserved").help("use another name")
        }
        Value::Scalar(scalar) => match entry_of(entries, seen, &scalar.text) {
            None => return Ok(scalar.text),
            Some(first) => {
                error("duplicate-key", format!("`{}` is set twice in one mapping", scalar.text), "again here")
                    .related(first.origin.clone(), "first here")
                    .help("keep one of the two")
            }
        },
        _ => error("key", "a key must be one word".to_owned(), "this key is a collection")
            .help("write `key: value`"),
    };
    Err(finding.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Json;
    use crate::manifest::yaml::ScalarMeaning;
    use serde_json::json;

    fn tree(text: &str) -> Json {
        parse("m.yaml", text.as_bytes()).unwrap().0.to_json()
    }

    fn code(text: &[u8]) -> String {
        match parse("m.yaml", text) {
            Ok((_, findings)) => findings[0].code.to_string(),
            Err(error) => error.code.to_string(),
        }
    }

    #[test]
    fn words_stay_words_and_numbers_keep_their_text() {
        assert_eq!(
            tree("{a: ON, b: yes, c: 01-23, d: 1_000, e: '12', f: 2026-11-23, g: 1.2.3, i: 1e}"),
            json!({"a": "ON", "b": "yes", "c": "01-23", "d": "1_000", "e": "12", "f": "2026-11-23", "g": "1.2.3", "i": "1e"})
        );
        assert_eq!(
            tree("[1.10, 12345678901234567890123, -0, true, ~, null]").to_string(),
            "[1.10,12345678901234567890123,-0,true,null,null]"
        );
    }

    #[test]
    fn a_value_that_is_not_there_is_none_of_the_words_for_nothing() {
        let (root, _) = parse("m.yaml", b"a:\nb: ~\nc: ''\nd:").unwrap();
        let Value::Mapping(entries) = &root.value else { panic!() };
        let meanings = entries.iter().map(|entry| match &entry.value.value {
            Value::Scalar(scalar) => scalar.meaning(),
            _ => panic!(),
        });
        assert_eq!(
            meanings.collect::<Vec<_>>(),
            [ScalarMeaning::Blank, ScalarMeaning::Null, ScalarMeaning::Text, ScalarMeaning::Blank]
        );
    }

    #[test]
    fn a_value_knows_where_it_stands() {
        let (root, _) = parse("m.yaml", "a:\n  - x\n  - \"é\": 1.10\n".as_bytes()).unwrap();
        let Value::Mapping(entries) = &root.value else { panic!() };
        let Value::Sequence(nodes) = &entries[0].value.value else { panic!() };
        let Value::Mapping(inner) = &nodes[1].value else { panic!() };
        assert_eq!(inner[0].value.origin.to_string(), "m.yaml:3:10");
        assert_eq!(inner[0].value.origin.text(), "1.10");
        assert_eq!(inner[0].origin.text(), "\"é\"");
    }

    #[test]
    fn an_alias_stands_for_its_anchor() {
        assert_eq!(tree("a: &x {b: [1]}\nc: *x\n"), json!({"a": {"b": [1]}, "c": {"b": [1]}}));
        assert_eq!(
            tree("a: &x {b: &y [1]}\nc: [*x, *y]\n"),
            json!({"a": {"b": [1]}, "c": [{"b": [1]}, [1]]})
        );
    }

    #[test]
    fn what_is_no_plain_tree_is_refused() {
        for (text, expected) in [
            ("a: 1\na: 2\n", "duplicate-key"),
            ("a: !!str 1\n", "tag"),
            ("!mine {a: 1}\n", "tag"),
            ("x: &x {a: 1}\ny:\n  <<: *x\n", "merge-key"),
            ("[a]: 1\n", "key"),
            ("a: 1\n---\nb: 2\n", "documents"),
            ("a: [1, 2\n", "syntax"),
            ("a: *x\n", "syntax"),
            ("a: &x [*x]\n", "alias"),
            ("%YAML 1.1\n---\na: 1\n", "syntax"),
            ("# only a comment\n", "empty"),
            ("", "empty"),
            ("a: \"\0\"\n", "syntax"),
        ] {
            assert_eq!(code(text.as_bytes()), expected, "{text:?}");
        }
        assert_eq!(code(b"a: \xff\n"), "not-utf8");
    }

    #[test]
    fn hostile_files_end_in_an_error() {
        let laughs = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let alias = format!("*a{}", level - 1);
            format!("{text}a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "))
        });
        assert_eq!(code(laughs.as_bytes()), "too-many");
        assert_eq!(
            code("[".repeat(10_000).as_bytes()),
            "syntax",
            "the parser has a limit of its own for these"
        );
        // Some of these are small files that expand to large or deep trees.
        let inner = |level: usize| if level == 0 { "1".to_owned() } else { format!("*a{}", level - 1) };
        let nest = (0..37).fold(String::new(), |text, level| {
            format!("{text}a{level}: &a{level} {}{}{}\n", "{x: ".repeat(58), inner(level), "}".repeat(58))
        });
        assert_eq!(code(nest.as_bytes()), "too-deep");
        let opened: String = (0..55).map(|level| format!("&a{level} [")).collect();
        let anchors = format!("{opened}{}{}", vec!["x"; 98_000].join(","), "]".repeat(55));
        assert_eq!(code(anchors.as_bytes()), "too-many");
        let repeated = format!("a: &a {}\nb: [{}]\n", "x".repeat(900_000), vec!["*a"; 20_000].join(","));
        assert_eq!(code(repeated.as_bytes()), "too-many");
        assert_eq!(code(format!("? {}\n: 1\n", "x".repeat(900_000)).as_bytes()), "key");
        let block: String = (0..1_300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(code(block.as_bytes()), "too-deep");
        assert_eq!(code(&vec![b'x'; MAX_BYTES + 1]), "too-large");
    }
}
