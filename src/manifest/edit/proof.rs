use std::ops::Range;

use crate::manifest::write::{self, Yaml};
use crate::manifest::yaml::{self, Value, YamlNode};

/// The expected differences of an edited text.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// The values to change.
    pub(super) sets: Vec<Set>,
    /// The entries to add at the end of the top level.
    pub(super) added: Vec<write::CommentedEntry>,
}

/// A value to change.
#[derive(Debug)]
pub(super) struct Set {
    /// Its place in the old text.
    pub(super) span: Range<usize>,
    /// The new value.
    pub(super) value: Yaml,
    /// Whether the order of its elements means something.
    pub(super) ordered: bool,
}

impl Proof {
    /// Whether a text has the values of `before`, except the expected differences.
    pub(super) fn holds(mut self, before: &YamlNode, text: &str) -> bool {
        let Ok((after, findings)) = yaml::parse("", text.as_bytes()) else { return false };
        let holds = match (&before.value, &after.value) {
            (Value::Mapping(old), Value::Mapping(new)) if new.len() >= old.len() => {
                let (same, added) = new.split_at(old.len());
                self.entries(old, same)
                    && added.len() == self.added.len()
                    && added.iter().zip(&self.added).all(|(entry, wanted)| {
                        entry.key == wanted.key && is_same(&entry.value, &wanted.value)
                    })
            }
            _ => self.added.is_empty() && self.node(before, &after),
        };
        holds && self.sets.is_empty() && findings.is_empty()
    }

    fn node(&mut self, before: &YamlNode, after: &YamlNode) -> bool {
        match (&before.value, &after.value) {
            (Value::Scalar(old), Value::Scalar(new)) => old == new,
            (Value::Sequence(old), Value::Sequence(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.node(old, new))
            }
            (Value::Mapping(old), Value::Mapping(new)) => self.entries(old, new),
            _ => false,
        }
    }

    fn entries(&mut self, before: &[yaml::YamlEntry], after: &[yaml::YamlEntry]) -> bool {
        before.len() == after.len()
            && before.iter().zip(after).all(|(old, new)| {
                // A value has one place; an alias of it must keep its value.
                let set = self.sets.iter().position(|set| set.span == old.value.origin.span);
                old.key == new.key
                    && match set {
                        Some(set) => self.sets.swap_remove(set).is(&new.value),
                        None => self.node(&old.value, &new.value),
                    }
            })
    }
}

impl Set {
    fn is(&self, node: &YamlNode) -> bool {
        if self.ordered { is_same(node, &self.value) } else { is_alike(node, &self.value) }
    }
}

/// Whether a value of a file and a value to write are equal.
pub(super) fn is_same(node: &YamlNode, value: &Yaml) -> bool {
    match (&node.value, value) {
        (Value::Mapping(old), Yaml::Mapping(new)) => {
            old.len() == new.len() && new.iter().all(|entry| has(old, entry, is_same))
        }
        (Value::Sequence(old), Yaml::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (Value::Scalar(_), Yaml::Scalar(value)) => node.to_json() == *value,
        _ => false,
    }
}

/// The same where the order of a list means nothing; that of a list in one of its elements does.
fn is_alike(node: &YamlNode, value: &Yaml) -> bool {
    match (&node.value, value) {
        (Value::Mapping(old), Yaml::Mapping(new)) => {
            old.len() == new.len() && new.iter().all(|entry| has(old, entry, is_alike))
        }
        (Value::Sequence(old), Yaml::Sequence(new)) => {
            let mut left: Vec<&YamlNode> = old.iter().collect();
            old.len() == new.len()
                && new.iter().all(|wanted| {
                    let found = left.iter().position(|node| is_same(node, wanted));
                    found.map(|found| left.swap_remove(found)).is_some()
                })
        }
        _ => is_same(node, value),
    }
}

fn has(
    entries: &[yaml::YamlEntry],
    wanted: &write::CommentedEntry,
    is: fn(&YamlNode, &Yaml) -> bool,
) -> bool {
    entries.iter().any(|entry| entry.key == wanted.key && is(&entry.value, &wanted.value))
}
