//! Whatever a file looks like, an edit says what it is to say and leaves all else as it is, or is not made.

use std::cell::RefCell;
use std::collections::BTreeMap;

use poolctl::document::{Json, Object};
use poolctl::manifest::write::Yaml;
use poolctl::manifest::yaml::{self, Value, YamlNode};
use poolctl::manifest::{Editor, List};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::fuzz::layout::{Dice, Page, Placed, Pointer, dice, page, trees};
use crate::properties::stage::check;
use crate::properties::yaml::trees as values;

/// How often a run came to each end.
#[derive(Default)]
struct Ends(RefCell<BTreeMap<&'static str, u32>>);

impl Ends {
    fn count(&self, end: &'static str) {
        *self.0.borrow_mut().entry(end).or_default() += 1;
    }

    fn of(&self, end: &str) -> u32 {
        self.0.borrow().get(end).copied().unwrap_or_default()
    }
}

/// The text read as YAML; every layout of ours is one that reads as the tree that it is of.
fn read(text: &str) -> Result<(YamlNode, Json), String> {
    let (root, findings) =
        yaml::parse("m.yaml", text.as_bytes()).map_err(|error| format!("{}:\n{text}", error.message))?;
    match findings.first() {
        Some(finding) => Err(format!("{}:\n{text}", finding.message)),
        None => {
            let json = root.to_json();
            Ok((root, json))
        }
    }
}

fn node<'a>(root: &'a YamlNode, pointer: &Pointer) -> Option<&'a YamlNode> {
    pointer.iter().try_fold(root, |node, step| match &node.value {
        Value::Scalar(_) => None,
        Value::Sequence(nodes) => nodes.get(step.parse::<usize>().ok()?),
        Value::Mapping(entries) => entries.iter().find(|entry| entry.key == *step).map(|entry| &entry.value),
    })
}

fn at<'a>(json: &'a mut Json, pointer: &Pointer) -> Option<&'a mut Json> {
    pointer.iter().try_fold(json, |json, step| match json {
        Json::Array(elements) => elements.get_mut(step.parse::<usize>().ok()?),
        Json::Object(members) => members.get_mut(step),
        _ => None,
    })
}

/// The same value where the order of its lists means nothing.
fn sorted(value: &mut Json) {
    match value {
        Json::Array(elements) => elements.sort_by_key(Json::to_string),
        Json::Object(members) => members.values_mut().for_each(sorted),
        _ => {}
    }
}

/// A value that is like another one: some of its parts go, some come, some change.
fn changed(value: &Json, fresh: &Json, dice: &mut Dice) -> Json {
    match value {
        Json::Array(elements) => {
            let mut out: Vec<Json> = Vec::new();
            for element in elements {
                match dice.roll(5) {
                    3 => {}
                    4 if element.is_object() => out.push(changed(element, fresh, dice)),
                    _ => out.push(element.clone()),
                }
            }
            match dice.roll(4) {
                1 => out.push(fresh.clone()),
                2 => out.push(serde_json::json!({"Name": "new", "Priority": 7})),
                3 => out.reverse(),
                _ => out.push(Json::from("new")),
            }
            Json::Array(out)
        }
        Json::Object(members) => {
            let mut out = Object::new();
            for (name, value) in members {
                match dice.roll(5) {
                    3 => {}
                    4 => drop(out.insert(name.clone(), changed(value, fresh, dice))),
                    _ => drop(out.insert(name.clone(), value.clone())),
                }
            }
            if dice.roll(2) == 0 {
                out.insert("More".to_owned(), fresh.clone());
            }
            Json::Object(out)
        }
        _ => fresh.clone(),
    }
}

/// The edits of one run: an entry, what it is to become, and whether its order counts.
type Edits = Vec<(Index, Json, Dice)>;

fn edits() -> impl Strategy<Value = Edits> {
    prop::collection::vec((any::<Index>(), values(), dice(12)), 1..3)
}

#[test]
fn a_value_that_is_set_reads_back_and_nothing_around_it_moves() {
    let ends = Ends::default();
    check(400, &(trees(), dice(160), edits()), |(tree, layout, edits)| {
        let page = page(tree, &mut layout.clone());
        let (root, json) = read(&page.text)?;
        if json != Json::Object(tree.clone()) {
            return Err(format!("this is another tree: {json}\n{}", page.text));
        }
        ends.count(sets(&page, &root, json, edits)?);
        Ok(())
    });
    println!("{:?}", ends.0.borrow());
    assert!(ends.of("refused") * 5 < ends.of("set"), "too many edits are refused");
}

fn sets(page: &Page, root: &YamlNode, json: Json, edits: &Edits) -> Result<&'static str, String> {
    let text = page.text.as_str();
    let mut editor = Editor::new(text, root);
    let mut expected = json;
    let mut done: Vec<(&Placed, bool)> = Vec::new();
    for (index, fresh, dice) in edits {
        let mut dice = dice.clone();
        let entry = &page.entries[index.index(page.entries.len())];
        let apart = |(other, _): &(&Placed, bool)| {
            !other.pointer.starts_with(&entry.pointer) && !entry.pointer.starts_with(&other.pointer)
        };
        if !done.iter().all(apart) {
            continue;
        }
        let node = node(root, &entry.pointer).ok_or("the entry is not there")?;
        let place = at(&mut expected, &entry.pointer).ok_or("the entry is not there")?;
        let value = if dice.rarely(4) { fresh.clone() } else { changed(place, fresh, &mut dice) };
        let list = List { key: Some("Name"), ordered: dice.roll(2) == 0 };
        if editor.set(&node.origin.span, &Yaml::from(&value), list).is_none() {
            return Ok("refused");
        }
        *place = value;
        done.push((entry, list.ordered));
    }
    let Some(edited) = editor.finish() else { return Ok("refused") };
    let shown = || format!("{text}---\n{edited}---\nexpected {expected}");
    let (_, mut got) = read(&edited).map_err(|error| format!("{error}---\n{}", shown()))?;
    let mut wanted = expected.clone();
    for (entry, ordered) in &done {
        if !ordered {
            for tree in [&mut got, &mut wanted] {
                at(tree, &entry.pointer)
                    .map(sorted)
                    .ok_or_else(|| format!("an entry is gone\n{}", shown()))?;
            }
        }
    }
    if got != wanted {
        return Err(format!("it reads otherwise\n{}", shown()));
    }
    untouched(text, &edited, &done).map_err(|error| format!("{error}\n{}", shown()))?;
    Ok("set")
}

/// A text without the line break that it begins with: that may go with the line before it.
fn below(text: &str) -> &str {
    text.trim_start_matches('\r').strip_prefix('\n').unwrap_or(text)
}

/// Whether everything beside the values that were set is still there.
fn untouched(text: &str, edited: &str, done: &[(&Placed, bool)]) -> Result<(), String> {
    let mut places: Vec<&Placed> = done.iter().map(|(entry, _)| *entry).collect();
    places.sort_by_key(|entry| entry.key_end);
    let mut rest = edited;
    let mut at = 0;
    for (number, entry) in places.iter().enumerate() {
        let before = &text[at..entry.key_end];
        let before = if number == 0 { before } else { below(before) };
        // What is before the first is where it was; between two, the edits are of unknown length.
        let found = if number == 0 { rest.starts_with(before).then_some(0) } else { rest.find(before) };
        let found = found.ok_or_else(|| format!("what stands before {:?} is gone", entry.pointer))?;
        rest = &rest[found + before.len()..];
        at = entry.end.max(at);
    }
    if !rest.ends_with(below(&text[at..])) {
        return Err("what stands behind is gone".to_owned());
    }
    match places.iter().flat_map(|entry| &entry.comments).find(|comment| !edited.contains(*comment)) {
        Some(comment) => Err(format!("the comment {comment} is gone")),
        None => Ok(()),
    }
}

#[test]
fn an_element_that_is_added_reads_back_and_every_line_stays() {
    let ends = Ends::default();
    let lists = prop::collection::vec(values(), 0..3);
    let files = (trees(), prop::option::of(lists), any::<Index>(), dice(160), values());
    check(250, &files, |(tree, list, place, layout, element)| {
        let mut tree = tree.clone();
        if let Some(list) = list {
            tree.shift_insert(place.index(tree.len() + 1), "ignore".to_owned(), Json::Array(list.clone()));
        }
        let page = page(&tree, &mut layout.clone());
        let (root, json) = read(&page.text)?;
        if json != Json::Object(tree.clone()) {
            return Err(format!("this is another tree: {json}\n{}", page.text));
        }
        let mut editor = Editor::new(&page.text, &root);
        let added = editor.append("ignore", &[Yaml::from(element)]);
        let Some(edited) = added.and_then(|()| editor.finish()) else {
            ends.count("refused");
            return Ok(());
        };
        let shown = || format!("{}---\n{edited}", page.text);
        let (_, got) = read(&edited).map_err(|error| format!("{error}---\n{}", shown()))?;
        let list = tree.entry("ignore").or_insert_with(|| Json::Array(Vec::new()));
        list.as_array_mut().unwrap().push(element.clone());
        if got != Json::Object(tree) {
            return Err(format!("it reads otherwise: {got}\n{}", shown()));
        }
        ends.count("added");
        match replaced(&page.text, &edited) {
            part if part.chars().all(|c| "[] \t\r\n#c.*&n0123456789".contains(c)) => {
                kept(&page.text, &edited)
            }
            part => Err(format!("`{part}` is gone\n{}", shown())),
        }
    });
    println!("{:?}", ends.0.borrow());
    assert!(ends.of("refused") * 3 < ends.of("added"), "too many elements are refused");
}

/// Whether every comment of a text is in another one.
fn kept(before: &str, after: &str) -> Result<(), String> {
    let comments = before.split_inclusive('.').filter_map(|part| Some(&part[part.rfind("# c")?..]));
    match comments.into_iter().find(|comment| !after.contains(comment)) {
        Some(comment) => Err(format!("`{comment}` is gone\n{before}---\n{after}")),
        None => Ok(()),
    }
}

/// The part of a text in whose place another one has something else.
fn replaced<'a>(before: &'a str, after: &str) -> &'a str {
    let start = before.bytes().zip(after.bytes()).take_while(|(a, b)| a == b).count();
    let most = before.len().min(after.len()) - start;
    let end = before.bytes().rev().zip(after.bytes().rev()).take(most).take_while(|(a, b)| a == b).count();
    before.get(start..before.len() - end).unwrap_or(before)
}
