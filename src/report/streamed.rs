//! JSON that is written as it is made: a fleet's report takes more memory as values than as text.
//!
//! The text is the one that [`visible::json`] has for the same values.

use std::fmt::{self, Write};

use serde::Serialize;

use super::visible;
use crate::document::Json;

/// An object whose members are written one after another.
pub struct JsonObject<'a> {
    out: &'a mut dyn Write,
    depth: usize,
    is_empty: bool,
}

impl JsonObject<'_> {
    /// Writes an object that is a whole document, with a line's end.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn document(
        out: &mut dyn Write,
        members: impl FnOnce(&mut JsonObject<'_>) -> fmt::Result,
    ) -> fmt::Result {
        object(out, 0, members)?;
        out.write_char('\n')
    }

    /// Writes these members.
    pub(super) fn members(&mut self, members: impl IntoIterator<Item = (String, Json)>) -> fmt::Result {
        members.into_iter().try_for_each(|(name, value)| self.member(&name, &value))
    }

    /// Writes a member.
    ///
    /// # Errors
    /// When the text it is written to fails.
    pub fn member(&mut self, name: &str, value: &impl Serialize) -> fmt::Result {
        self.name(name)?;
        self::value(self.out, self.depth + 1, value)
    }

    /// Writes a member that is a list.
    ///
    /// # Errors
    /// As [`Self::member`].
    pub fn list<T: Serialize>(&mut self, name: &str, elements: impl Iterator<Item = T>) -> fmt::Result {
        self.name(name)?;
        list(self.out, self.depth + 1, elements)
    }

    /// Writes a member that is a list of one object.
    pub(super) fn list_of_one(
        &mut self,
        name: &str,
        members: impl FnOnce(&mut JsonObject<'_>) -> fmt::Result,
    ) -> fmt::Result {
        self.name(name)?;
        self.out.write_char('[')?;
        line(self.out, self.depth + 2)?;
        object(self.out, self.depth + 2, members)?;
        line(self.out, self.depth + 1)?;
        self.out.write_char(']')
    }

    fn name(&mut self, name: &str) -> fmt::Result {
        if !std::mem::take(&mut self.is_empty) {
            self.out.write_char(',')?;
        }
        line(self.out, self.depth + 1)?;
        write!(self.out, "\"{name}\": ")
    }
}

fn object(
    out: &mut dyn Write,
    depth: usize,
    members: impl FnOnce(&mut JsonObject<'_>) -> fmt::Result,
) -> fmt::Result {
    out.write_char('{')?;
    let mut object = JsonObject { out: &mut *out, depth, is_empty: true };
    members(&mut object)?;
    if !object.is_empty {
        line(out, depth)?;
    }
    out.write_char('}')
}

/// Writes a list that is a whole document, with a line's end.
pub(super) fn document_list<T: Serialize>(
    out: &mut dyn Write,
    elements: impl Iterator<Item = T>,
) -> fmt::Result {
    list(out, 0, elements)?;
    out.write_char('\n')
}

fn list<T: Serialize>(out: &mut dyn Write, depth: usize, elements: impl Iterator<Item = T>) -> fmt::Result {
    out.write_char('[')?;
    let mut is_empty = true;
    for element in elements {
        if !std::mem::take(&mut is_empty) {
            out.write_char(',')?;
        }
        line(out, depth + 1)?;
        value(out, depth + 1, &element)?;
    }
    if !is_empty {
        line(out, depth)?;
    }
    out.write_char(']')
}

/// Writes a value whose first line has its indentation already.
fn value(out: &mut dyn Write, depth: usize, value: &impl Serialize) -> fmt::Result {
    let text = visible::json(value);
    // No string of JSON has a line break in it.
    for (position, text) in text.trim_end().split('\n').enumerate() {
        if position > 0 {
            line(out, depth)?;
        }
        out.write_str(text)?;
    }
    Ok(())
}

/// Begins a line.
fn line(out: &mut dyn Write, depth: usize) -> fmt::Result {
    write!(out, "\n{:indent$}", "", indent = 2 * depth)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_piece_by_piece_is_what_is_written_at_once() {
        let elements = [json!({ "a": [], "b": [1, { "c": "x\n##[group]" }] }), json!({}), json!("\u{202e}")];
        for number in 0..=elements.len() {
            let elements = &elements[..number];
            let mut out = String::new();
            let made = JsonObject::document(&mut out, |document| {
                document.members([("first".to_owned(), json!("x")), ("empty".to_owned(), json!([]))])?;
                document.list("all", elements.iter())?;
                document.list_of_one("one", |one| one.member("inner", &elements))?;
                document.list_of_one("none", |_| Ok(()))
            });
            let whole = json!({
                "first": "x", "empty": [], "all": elements, "one": [{ "inner": elements }], "none": [{}],
            });
            assert_eq!((made, out), (Ok(()), visible::json(&whole)));
            let mut out = String::new();
            assert_eq!((document_list(&mut out, elements.iter()), out), (Ok(()), visible::json(&elements)));
        }
    }
}
