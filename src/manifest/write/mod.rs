//! From values to YAML that a person reads with pleasure, and that every reader reads the same.
//!
//! Block style, two spaces, one entry per line; a list of short words is in brackets. Text is bare
//! where readers of YAML 1.1 and 1.2 both take it for that text, a literal block where it has lines,
//! and in quotes elsewhere; one that is too long for its line is folded. Characters that nobody sees are escapes,
//! and so is what a runner of CI would take for a command. Numbers keep their text.

mod scalar;
#[cfg(test)]
mod tests;

use crate::document::{DocumentId, Json};
use scalar::ScalarPlace;

/// The maximum width of a line, except for wider words and wider lines of a text.
const WIDTH: usize = 80;

/// The longest key that readers find without a sign before it is one of 1024 characters.
const LONG_KEY: usize = 1000;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// `null`, `true`, a number or a text; no array and no object.
    Scalar(Json),
    /// A list.
    Sequence(Vec<Yaml>),
    /// A mapping, in this order, each key once.
    Mapping(Vec<CommentedEntry>),
}

/// The sections of a manifest that declare these entries: the pool's own settings under `settings`, and the branches.
pub fn sections(declared: Vec<CommentedEntry>) -> Vec<CommentedEntry> {
    let (branches, settings): (Vec<_>, Vec<_>) =
        declared.into_iter().partition(|entry| DocumentId::is_branch(&entry.key));
    let own = (!settings.is_empty()).then(|| CommentedEntry::new("settings", Yaml::Mapping(settings)));
    own.into_iter().chain(branches).collect()
}

/// A key, its value, and the comments about it.
#[derive(Clone, Debug, PartialEq)]
pub struct CommentedEntry {
    /// Lines of comment above the key, without `#`; an empty one is an empty line.
    pub above: Vec<String>,
    /// The key.
    pub key: String,
    /// The value.
    pub value: Yaml,
    /// A comment behind the key or its value on the same line, without `#`.
    pub behind: Option<String>,
}

impl CommentedEntry {
    /// An entry without a comment.
    pub fn new(key: impl Into<String>, value: impl Into<Yaml>) -> Self {
        Self { above: Vec::new(), key: key.into(), value: value.into(), behind: None }
    }

    /// The entry with one more line of comment above it.
    #[must_use]
    pub fn above(mut self, line: impl Into<String>) -> Self {
        self.above.push(line.into());
        self
    }

    /// The entry with a comment behind it.
    #[must_use]
    pub fn behind(mut self, comment: impl Into<String>) -> Self {
        self.behind = Some(comment.into());
        self
    }
}

/// A setting's name as a key: a `${` in it stands as `$${`.
pub fn setting_key(name: &str) -> String {
    name.replace("${", "$${")
}

impl Yaml {
    /// A setting's value: a `${` in a text stands as `$${`, so that the loader sees no reference in it.
    pub fn setting(value: &Json) -> Self {
        match value {
            Json::String(text) => Self::Scalar(Json::String(text.replace("${", "$${"))),
            Json::Array(elements) => Self::Sequence(elements.iter().map(Self::setting).collect()),
            Json::Object(members) => {
                let entry = |(name, value): (&String, &Json)| {
                    CommentedEntry::new(setting_key(name), Self::setting(value))
                };
                Self::Mapping(members.iter().map(entry).collect())
            }
            scalar => Self::Scalar(scalar.clone()),
        }
    }
}

impl Yaml {
    /// The text of a setting's value, as given to [`Yaml::setting`]; `None` if it is not a text.
    pub fn setting_text(&self) -> Option<String> {
        match self {
            Self::Scalar(Json::String(text)) => Some(text.replace("$${", "${")),
            _ => None,
        }
    }

    /// The value of a setting, as [`Self::setting`] took it.
    pub fn setting_json(&self) -> Json {
        match self {
            Self::Scalar(scalar) => self.setting_text().map_or_else(|| scalar.clone(), Json::String),
            Self::Sequence(elements) => elements.iter().map(Self::setting_json).collect(),
            Self::Mapping(entries) => {
                let member =
                    |entry: &CommentedEntry| (entry.key.replace("$${", "${"), entry.value.setting_json());
                let members = entries.iter().map(member);
                Json::Object(members.collect())
            }
        }
    }
}

impl From<&Json> for Yaml {
    fn from(value: &Json) -> Self {
        match value {
            Json::Array(elements) => Self::Sequence(elements.iter().map(Self::from).collect()),
            Json::Object(members) => {
                let entry = |(name, value): (&String, &Json)| CommentedEntry::new(name, value);
                Self::Mapping(members.iter().map(entry).collect())
            }
            scalar => Self::Scalar(scalar.clone()),
        }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Scalar(Json::from(text))
    }
}

/// The value as YAML, with a line break at its end.
pub fn to_string(yaml: &Yaml) -> String {
    let mut out = String::new();
    match yaml {
        Yaml::Sequence(elements) if !elements.is_empty() => sequence(&mut out, elements, 0),
        Yaml::Mapping(entries) if !entries.is_empty() => mapping(&mut out, entries, 0, false),
        // Readers do not agree on how far a block is indented that nothing is around.
        Yaml::Scalar(Json::String(text)) => out = scalar::inline(text, ScalarPlace::Block) + "\n",
        value => one_line(&mut out, value, 0, None),
    }
    out
}

/// The elements of a list, one a line behind its dash.
pub fn to_block(elements: &[Yaml]) -> String {
    let mut out = String::new();
    sequence(&mut out, elements, 0);
    out
}

/// The value on one line, as it may stand between brackets.
pub fn inline(yaml: &Yaml) -> String {
    match yaml {
        Yaml::Scalar(Json::String(text)) => scalar::inline(text, ScalarPlace::Inside),
        Yaml::Scalar(other) => other.to_string(),
        Yaml::Sequence(elements) => {
            format!("[{}]", elements.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Yaml::Mapping(entries) if entries.is_empty() => "{}".to_owned(),
        Yaml::Mapping(entries) => {
            let entry = |entry: &CommentedEntry| {
                let (sign, key) = key(&entry.key);
                let blank = if sign.is_empty() { "" } else { " " };
                format!("{sign}{key}{blank}: {}", inline(&entry.value))
            };
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

fn mapping(out: &mut String, entries: &[CommentedEntry], indent: usize, mut begun: bool) {
    for entry in entries {
        for line in &entry.above {
            if !line.is_empty() {
                pad(out, indent);
                out.push_str(format!("# {}", scalar::comment(line)).trim_end());
            }
            out.push('\n');
        }
        if !std::mem::take(&mut begun) {
            pad(out, indent);
        }
        let (sign, key) = key(&entry.key);
        out.push_str(sign);
        out.push_str(&key);
        if !sign.is_empty() {
            out.push('\n');
            pad(out, indent);
        }
        out.push(':');
        value(out, entry, indent);
    }
}

/// A key, and the sign before it that one needs which is long.
fn key(key: &str) -> (&'static str, String) {
    let key = scalar::inline(key, ScalarPlace::Inside);
    (if key.chars().count() > LONG_KEY { "? " } else { "" }, key)
}

/// The text after a key, including the end of its last line.
fn value(out: &mut String, entry: &CommentedEntry, indent: usize) {
    let behind = entry.behind.as_deref();
    let column = out.len() - out.rfind('\n').map_or(0, |end| end + 1);
    match &entry.value {
        Yaml::Mapping(entries) if !entries.is_empty() => {
            end_line(out, behind);
            mapping(out, entries, indent + 2, false);
        }
        Yaml::Sequence(elements) if !elements.is_empty() && flow(elements, column).is_none() => {
            end_line(out, behind);
            sequence(out, elements, indent + 2);
        }
        value => {
            out.push(' ');
            one_line(out, value, indent, behind);
        }
    }
}

fn sequence(out: &mut String, elements: &[Yaml], indent: usize) {
    for element in elements {
        pad(out, indent);
        out.push('-');
        match element {
            Yaml::Mapping(entries) if !entries.is_empty() => {
                // A comment above the first key has no room behind the dash.
                let begun = entries[0].above.is_empty();
                out.push(if begun { ' ' } else { '\n' });
                mapping(out, entries, indent + 2, begun);
            }
            Yaml::Sequence(inner) if !inner.is_empty() && flow(inner, indent + 1).is_none() => {
                out.push('\n');
                sequence(out, inner, indent + 2);
            }
            value => {
                out.push(' ');
                one_line(out, value, indent, None);
            }
        }
    }
}

/// A scalar, an empty collection or a list in brackets; a text of several lines has them below.
fn one_line(out: &mut String, value: &Yaml, indent: usize, behind: Option<&str>) {
    match value {
        Yaml::Scalar(Json::String(text)) => match scalar::block(text) {
            Some((head, lines)) => {
                out.push_str(&head);
                end_line(out, behind);
                for line in lines {
                    if !line.is_empty() {
                        pad(out, indent + 2);
                        out.push_str(line);
                    }
                    out.push('\n');
                }
                return;
            }
            None => return text_on_lines(out, text, indent, behind),
        },
        Yaml::Scalar(other) => out.push_str(&other.to_string()),
        Yaml::Sequence(elements) => out.push_str(&flow(elements, 0).unwrap_or_default()),
        Yaml::Mapping(_) => out.push_str("{}"),
    }
    end_line(out, behind);
}

/// A text that no block carries, on as many lines as it takes.
fn text_on_lines(out: &mut String, text: &str, indent: usize, behind: Option<&str>) {
    let column = out.rsplit('\n').next().unwrap_or_default().chars().count();
    let room = |column: usize| WIDTH.saturating_sub(column);
    let inline = scalar::inline(text, ScalarPlace::Block);
    let (has_lines, is_word) = (scalar::has_lines(text), !inline.contains(' '));
    let is_behind_a_key = out.ends_with(": ");
    if !has_lines && (inline.chars().count() <= room(column) || !is_behind_a_key && is_word) {
        out.push_str(&inline);
        return end_line(out, behind);
    }
    if !has_lines && is_word {
        out.pop();
        out.push('\n');
        pad(out, indent + 2);
        out.push_str(&inline);
        return end_line(out, behind);
    }
    if let Some(lines) = scalar::folded(text, room(indent + 2)) {
        out.push_str(">-");
        end_line(out, behind);
        for line in lines {
            pad(out, indent + 2);
            out.push_str(&line);
            out.push('\n');
        }
        return;
    }
    for (number, line) in scalar::quoted(text, room(column), room(indent + 2)).iter().enumerate() {
        if number > 0 {
            out.push('\n');
            pad(out, indent + 2);
        }
        out.push_str(line);
    }
    end_line(out, behind);
}

/// The list in brackets, where all its elements are words and it ends before the line is full.
fn flow(elements: &[Yaml], column: usize) -> Option<String> {
    let word = |element: &Yaml| match element {
        Yaml::Scalar(Json::String(text)) if !text.contains('\n') => {
            Some(scalar::inline(text, ScalarPlace::Inside))
        }
        Yaml::Scalar(Json::String(_)) | Yaml::Sequence(_) | Yaml::Mapping(_) => None,
        Yaml::Scalar(other) => Some(other.to_string()),
    };
    let words: Vec<String> = elements.iter().map(word).collect::<Option<_>>()?;
    let list = format!("[{}]", words.join(", "));
    (column + 1 + list.chars().count() <= WIDTH).then_some(list)
}

fn end_line(out: &mut String, behind: Option<&str>) {
    if let Some(comment) = behind {
        out.push_str("  # ");
        out.push_str(&scalar::comment(comment));
    }
    out.push('\n');
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}
