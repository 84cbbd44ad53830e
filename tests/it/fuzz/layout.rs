//! Trees as people lay them out: any style that YAML has for a value, comments everywhere, any line ends.

use poolctl::document::{Json, Object};
use poolctl::manifest::write::{self, Yaml};
use proptest::prelude::*;

/// Choices that are made while a file is written. Once they are used up, the plainest one is taken, so that
/// a case that is made smaller becomes a plainer file.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    bytes: Vec<u8>,
    at: usize,
}

impl Dice {
    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or_default();
        self.at += 1;
        usize::from(byte) % sides
    }

    /// True about once in `sides` times.
    pub(crate) fn rarely(&mut self, sides: usize) -> bool {
        self.roll(sides) == sides - 1
    }
}

pub(crate) fn dice(length: usize) -> impl Strategy<Value = Dice> {
    prop::collection::vec(any::<u8>(), 0..length).prop_map(|bytes| Dice { bytes, at: 0 })
}

/// A tree of the kind that manifests are: mappings of words, lists of words, lists of named mappings.
pub(crate) fn trees() -> impl Strategy<Value = Object> {
    let leaf = prop_oneof![
        1 => prop::sample::select(vec!["null", "true", "0", "-7.50", "12345678901234567890123"])
            .prop_map(|text| serde_json::from_str(text).unwrap()),
        3 => words().prop_map(Json::from),
        1 => texts().prop_map(Json::from),
    ];
    let value = leaf.prop_recursive(4, 24, 5, |inner| {
        let named = (words(), 0..9, prop::option::of(inner.clone())).prop_map(|(name, priority, more)| {
            let mut element = serde_json::json!({"Name": name, "Priority": priority});
            element.as_object_mut().unwrap().extend(more.map(|more| ("More".to_owned(), more)));
            element
        });
        prop_oneof![
            2 => members(inner.clone()).prop_map(Json::Object),
            1 => prop::collection::vec(inner, 0..4).prop_map(Json::Array),
            1 => prop::collection::vec(named, 0..4).prop_map(Json::Array),
            1 => prop::collection::vec(words().prop_map(Json::from), 0..4).prop_map(Json::Array),
        ]
    });
    members(value).prop_filter("a file has something in it", |members| !members.is_empty())
}

fn members(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Object> {
    prop::collection::vec((words(), value), 0..5).prop_map(|members| members.into_iter().collect())
}

fn words() -> impl Strategy<Value = String> {
    let odd =
        ["key: x", "# no", "- x", "é 🎉", "", "~", "true", "12", "<<", "*a", "&a", "'", "\"", "a'b", "x "];
    prop_oneof![5 => "[a-f]{1,2}", 1 => prop::sample::select(odd.to_vec()).prop_map(str::to_owned)]
}

fn texts() -> impl Strategy<Value = String> {
    let lines = [
        "one\ntwo\n",
        "one\n\ntwo",
        "one\n\n\n",
        " one\ntwo\n",
        "\none\n",
        "\n",
        "one\n # no\n",
        "a: b\n- c\n",
        "{####}\n\ttab\n",
        "one two three",
        "x # y",
    ];
    prop::sample::select(lines.to_vec()).prop_map(str::to_owned)
}

/// A step from a value to one in it, as in a JSON pointer.
pub(crate) type Pointer = Vec<String>;

/// Where the value of an entry stands.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) pointer: Pointer,
    /// The byte behind the key.
    pub(crate) key_end: usize,
    /// The byte behind the value; where lines are its own, behind the last of them.
    pub(crate) end: usize,
    /// The comments on its lines that are about the entry as a whole.
    pub(crate) comments: Vec<String>,
}

/// A file, and where its entries stand.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) entries: Vec<Placed>,
}

/// A tree as a file of the layout that the dice choose.
pub(crate) fn page(tree: &Object, dice: &mut Dice) -> Page {
    let ends: [&[_]; 4] = [&["\n"], &["\r\n"], &["\n", "\r\n"], &["\r"]];
    let ends = ends[[0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 2, 2, 0, 0, 3][dice.roll(19)]];
    let compact = dice.roll(2) == 1;
    let step = [2, 2, 4, 3, 8, 1][dice.roll(6)];
    let is_talkative = dice.roll(3) > 0;
    let mut printer = Printer {
        dice,
        out: String::new(),
        entries: Vec::new(),
        comments: 0,
        ends,
        step,
        compact,
        is_talkative,
        keeps: false,
        is_below_block: false,
        anchors: Vec::new(),
    };
    printer.file(tree);
    let Printer { out, entries, .. } = printer;
    Page { text: out, entries }
}

struct Printer<'a> {
    dice: &'a mut Dice,
    out: String,
    entries: Vec<Placed>,
    /// How many comments there are.
    comments: usize,
    ends: &'static [&'static str],
    step: usize,
    /// Whether the dashes of a list stand below the first letter of its key.
    compact: bool,
    is_talkative: bool,
    /// Whether a blank line would become part of the text above it.
    keeps: bool,
    /// Whether a comment that is indented far would become part of the text above it.
    is_below_block: bool,
    /// What was given a name, with the name.
    anchors: Vec<(Json, String)>,
}

impl Printer<'_> {
    fn file(&mut self, tree: &Object) {
        if self.dice.rarely(12) {
            self.out.push('\u{feff}');
        }
        self.above(0);
        if self.dice.rarely(8) {
            self.out.push_str("---");
            self.line_end();
        }
        if self.dice.rarely(12) {
            self.flow(&Json::Object(tree.clone()), &Pointer::new(), 0);
            self.line_end();
        } else {
            let column = if self.dice.rarely(10) { 2 } else { 0 };
            self.mapping(tree, &Pointer::new(), column, false);
        }
        self.above(0);
        match self.dice.roll(8) {
            6 if !self.keeps => self.out.truncate(self.out.trim_end_matches(['\r', '\n']).len()),
            7 => {
                self.out.push_str("...");
                self.line_end();
            }
            _ => {}
        }
    }

    fn line_end(&mut self) {
        let end = if self.ends.len() == 1 { 0 } else { self.dice.roll(self.ends.len()) };
        self.out.push_str(self.ends[end]);
    }

    fn pad(&mut self, columns: usize) {
        self.out.extend(std::iter::repeat_n(' ', columns));
    }

    /// Lines of comment, and blank ones.
    fn above(&mut self, column: usize) {
        if !self.is_talkative {
            return;
        }
        while self.dice.rarely(4) {
            match self.dice.roll(4) {
                0 if !self.keeps => {}
                1 => drop(self.comment()),
                2 if !self.is_below_block => {
                    self.pad(column + 5);
                    self.comment();
                }
                _ => {
                    self.pad(column);
                    self.comment();
                }
            }
            self.line_end();
        }
    }

    fn comment(&mut self) -> String {
        self.comments += 1;
        // No comment's text is part of another's.
        let comment = format!("# c{}.", self.comments);
        self.out.push_str(&comment);
        (self.keeps, self.is_below_block) = (false, false);
        comment
    }

    /// A comment behind what stands on the line.
    fn behind(&mut self) -> Option<String> {
        if !self.is_talkative || self.dice.roll(3) < 2 {
            return None;
        }
        let blank = [" ", "  ", "\t", " \t"][self.dice.roll(4)];
        self.out.push_str(blank);
        Some(self.comment())
    }

    fn mapping(&mut self, members: &Object, at: &Pointer, column: usize, mut begun: bool) {
        for (key, value) in members {
            if !begun {
                self.above(column);
                self.pad(column);
            }
            begun = false;
            let pointer: Pointer = at.iter().chain([key]).cloned().collect();
            let is_explicit = self.dice.rarely(20);
            if is_explicit {
                self.out.push_str("? ");
            }
            self.key(key);
            let key_end = self.out.len();
            if is_explicit {
                self.line_end();
                self.pad(column);
            } else if self.dice.rarely(8) {
                self.out.push(' ');
            }
            self.out.push(':');
            (self.keeps, self.is_below_block) = (false, false);
            let own = self.entries.len();
            let comments = self.value(value, &pointer, column, true);
            let end = self.out.trim_end_matches(['\r', '\n']).len();
            self.entries.insert(own, Placed { pointer, key_end, end, comments });
        }
    }

    fn key(&mut self, key: &str) {
        let bare = write::inline(&Yaml::from(key));
        match self.dice.roll(6) {
            4 if is_plain(key) => self.out.push_str(&double(key)),
            5 if is_plain(key) && !key.contains('\n') => self.out.push_str(&single(key)),
            _ => self.out.push_str(&bare),
        }
    }

    fn sequence(&mut self, elements: &[Json], at: &Pointer, column: usize, mut begun: bool) {
        for (index, element) in elements.iter().enumerate() {
            if !begun {
                self.above(column);
                self.pad(column);
            }
            begun = false;
            self.out.push('-');
            (self.keeps, self.is_below_block) = (false, false);
            let pointer: Pointer = at.iter().cloned().chain([index.to_string()]).collect();
            match element {
                Json::Object(members) if !members.is_empty() && self.dice.roll(4) < 3 => {
                    let gap = [1, 1, 3][self.dice.roll(3)];
                    self.pad(gap);
                    self.mapping(members, &pointer, column + 1 + gap, true);
                }
                Json::Array(inner) if !inner.is_empty() && self.dice.roll(4) == 3 => {
                    self.out.push(' ');
                    self.sequence(inner, &pointer, column + 2, true);
                }
                value => {
                    self.value(value, &pointer, column, false);
                }
            }
        }
    }

    /// A value behind a colon or a dash, up to the end of its last line; the comments that are about all of it.
    fn value(&mut self, value: &Json, at: &Pointer, column: usize, is_keyed: bool) -> Vec<String> {
        if self.dice.rarely(16)
            && let Some((_, name)) = self.anchors.iter().find(|(known, _)| known == value)
        {
            self.out.push_str(&format!(" *{name}"));
            return self.closed();
        }
        let anchor = self.dice.rarely(24).then(|| format!("n{}", self.anchors.len()));
        if let Some(name) = &anchor {
            self.out.push_str(&format!(" &{name}"));
        }
        let comments = match value {
            Json::Object(members) if !members.is_empty() && self.dice.roll(5) < 4 => {
                let comments = self.closed();
                self.mapping(members, at, column + self.step, false);
                comments
            }
            Json::Array(elements) if !elements.is_empty() && self.dice.roll(5) < 4 => {
                let comments = self.closed();
                let step = if self.compact && is_keyed { 0 } else { self.step };
                self.sequence(elements, at, column + step, false);
                comments
            }
            Json::Object(_) | Json::Array(_) => {
                self.out.push(' ');
                self.flow(value, at, column);
                self.closed()
            }
            Json::String(text) => self.text(text, column),
            Json::Null if anchor.is_none() && self.dice.rarely(4) => self.closed(),
            scalar => {
                self.out.push_str(&format!(" {scalar}"));
                self.closed()
            }
        };
        self.anchors.extend(anchor.map(|name| (value.clone(), name)));
        comments
    }

    /// The end of a line, with a comment before it or without one.
    fn closed(&mut self) -> Vec<String> {
        let comment = self.behind();
        self.line_end();
        comment.into_iter().collect()
    }

    fn text(&mut self, text: &str, column: usize) -> Vec<String> {
        let style = self.dice.roll(8);
        if style >= 4 && text.contains('\n') && is_plain(text) {
            return self.literal(text, column);
        }
        let mut comments = Vec::new();
        if style == 3 {
            comments = self.closed();
            self.pad(column + self.step);
        } else {
            self.out.push(' ');
        }
        match self.dice.roll(7) {
            4 if is_plain(text) => self.out.push_str(&double(text)),
            5 if !text.contains('\n') && is_plain(text) => self.out.push_str(&single(text)),
            // On two lines, where its blank is.
            6 if text == "one two three" => {
                self.out.push_str("one two");
                self.line_end();
                self.pad(column + self.step);
                self.out.push_str("three");
            }
            _ => {
                let bare = write::to_string(&Yaml::from(text));
                self.out.push_str(bare.trim_end_matches('\n'));
            }
        }
        comments.extend(self.closed());
        comments
    }

    fn literal(&mut self, text: &str, column: usize) -> Vec<String> {
        let body = text.trim_end_matches('\n');
        let chomp = match text.len() - body.len() {
            _ if body.is_empty() => "+",
            0 => "-",
            1 => "",
            _ => "+",
        };
        let sign = if body.starts_with([' ', '\n']) { self.step.to_string() } else { String::new() };
        self.out.push_str(&format!(" |{sign}{chomp}"));
        let comments = self.closed();
        let lines = text.strip_suffix('\n').unwrap_or(text);
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.pad(column + self.step);
                self.out.push_str(line);
            }
            self.line_end();
        }
        (self.keeps, self.is_below_block) = (chomp == "+", true);
        comments
    }

    /// A value in brackets, on one line or on several.
    fn flow(&mut self, value: &Json, at: &Pointer, column: usize) {
        match value {
            Json::Array(elements) => {
                self.out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    self.gap(index, column);
                    let pointer: Pointer = at.iter().cloned().chain([index.to_string()]).collect();
                    self.flow(element, &pointer, column);
                }
                self.close(!elements.is_empty(), ']', column);
            }
            Json::Object(members) => {
                self.out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.gap(index, column);
                    self.key(key);
                    let key_end = self.out.len();
                    self.out.push_str(": ");
                    let pointer: Pointer = at.iter().chain([key]).cloned().collect();
                    let own = self.entries.len();
                    self.flow(value, &pointer, column);
                    let end = self.out.len();
                    self.entries.insert(own, Placed { pointer, key_end, end, comments: Vec::new() });
                }
                self.close(!members.is_empty(), '}', column);
            }
            Json::String(text) => match self.dice.roll(4) {
                3 if is_plain(text) => self.out.push_str(&double(text)),
                _ => self.out.push_str(&write::inline(&Yaml::from(text.as_str()))),
            },
            scalar => self.out.push_str(&scalar.to_string()),
        }
    }

    /// What stands before an element in brackets.
    fn gap(&mut self, index: usize, column: usize) {
        if index > 0 {
            self.out.push(',');
        }
        if self.dice.rarely(5) {
            self.closed();
            self.pad(column + self.step);
        } else if index > 0 || self.dice.rarely(2) {
            self.out.push(' ');
        }
    }

    fn close(&mut self, has_any: bool, bracket: char, column: usize) {
        if has_any && self.dice.rarely(6) {
            self.out.push(',');
        }
        if has_any && self.dice.rarely(5) {
            self.closed();
            self.pad(column + self.step);
        }
        self.out.push(bracket);
    }
}

/// Whether a text has nothing that some style of writing it would change.
fn is_plain(text: &str) -> bool {
    let is_odd = |c: char| c != '\n' && c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    !text.contains(is_odd) && !text.lines().any(|line| line.trim().is_empty() && !line.is_empty())
}

fn double(text: &str) -> String {
    Json::from(text).to_string()
}

fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
