//! The texts of files once everything is written into them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Adoption, ImageEdit, ManifestEdit};
use crate::manifest::write::{CommentedEntry, Yaml};
use crate::manifest::{Editor, SourceText, yaml};

/// Files by the name that messages show, each with its new content.
#[derive(Clone, Debug, Default)]
pub struct Edited {
    /// The new contents.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The adoptions that cannot be written, by their position, and why.
    pub refused: Vec<(usize, String)>,
}

/// Writes adoptions, of any number of manifests, into the texts of their files.
///
/// Two that want different things of one place are both refused: the place is shared by two pools.
pub fn edited(adoptions: &[&Adoption]) -> Edited {
    let mut out = Edited::default();
    let mut manifests: BTreeMap<&str, (&Arc<SourceText>, Vec<usize>)> = BTreeMap::new();
    for (position, adoption) in adoptions.iter().enumerate() {
        if let Some(other) = rival(adoptions, adoption) {
            let why = format!("{} wants another value of the same place: declare it in each", other.origin);
            out.refused.push((position, why));
            continue;
        }
        match &adoption.target {
            Err(_) => {}
            Ok(ManifestEdit::Text { file, text, .. }) => {
                drop(out.files.insert(file.clone(), text.clone().into_bytes()));
            }
            Ok(ManifestEdit::Images { files, .. }) => {
                out.files.extend(files.iter().map(|image| (image.file.clone(), image.bytes.clone())));
            }
            Ok(ManifestEdit::Value { at, .. }) => {
                manifests.entry(&at.source.name).or_insert((&at.source, Vec::new())).1.push(position);
            }
            Ok(ManifestEdit::Entry { source, .. }) => {
                manifests.entry(&source.name).or_insert((source, Vec::new())).1.push(position);
            }
        }
    }
    for (name, (source, positions)) in manifests {
        let chosen = |of: &[usize]| -> Vec<&Adoption> { of.iter().map(|at| adoptions[*at]).collect() };
        let mut text = with(source, &chosen(&positions));
        // Only where not all can be written it matters which.
        let single = if text.is_some() { Vec::new() } else { positions };
        let mut written = Vec::new();
        for position in single {
            written.push(position);
            match with(source, &chosen(&written)) {
                Some(edited) => text = Some(edited),
                None => {
                    written.pop();
                    let why = "its line is laid out in a way that is not edited here: edit it by hand";
                    out.refused.push((position, why.to_owned()));
                }
            }
        }
        out.files.extend(text.map(|text| (name.to_owned(), text.into_bytes())));
    }
    out
}

/// Another adoption that wants something else of the same place.
fn rival<'a>(adoptions: &[&'a Adoption], adoption: &Adoption) -> Option<&'a Adoption> {
    let differs = |other: &&&Adoption| match (&other.target, &adoption.target) {
        (
            Ok(ManifestEdit::Value { at, value, .. }),
            Ok(ManifestEdit::Value { at: place, value: wanted, .. }),
        ) => at.source.name == place.source.name && at.span == place.span && value != wanted,
        (
            Ok(ManifestEdit::Text { file, text, .. }),
            Ok(ManifestEdit::Text { file: place, text: wanted, .. }),
        ) => file == place && text != wanted,
        (Ok(ManifestEdit::Images { files, .. }), Ok(ManifestEdit::Images { files: wanted, .. })) => {
            let differs =
                |one: &ImageEdit, other: &ImageEdit| one.file == other.file && one.bytes != other.bytes;
            files.iter().any(|one| wanted.iter().any(|other| differs(one, other)))
        }
        _ => false,
    };
    adoptions.iter().find(differs).copied()
}

/// A file's text with values written into it, or `None` if it would then not declare exactly them.
fn with(source: &SourceText, adoptions: &[&Adoption]) -> Option<String> {
    let (root, _) = yaml::parse(&source.name, source.text.as_bytes()).ok()?;
    let mut editor = Editor::new(&source.text, &root);
    let mut written = Vec::new();
    let mut sections: BTreeMap<&str, Vec<CommentedEntry>> = BTreeMap::new();
    for adoption in adoptions {
        match &adoption.target {
            // Manifests that share a file share the place.
            Ok(ManifestEdit::Value { at, value, list }) if !written.contains(&&at.span) => {
                editor.set(&at.span, value, *list)?;
                written.push(&at.span);
            }
            Ok(ManifestEdit::Entry { section, keys, value, .. }) => {
                insert(sections.entry(section).or_default(), keys, value)?;
            }
            _ => {}
        }
    }
    let text = editor.finish()?;
    // What is new is written into what has been set: both may be about one structure.
    sections.iter().rev().try_fold(text, |text, (section, entries)| {
        let (root, _) = yaml::parse(&source.name, text.as_bytes()).ok()?;
        let mut editor = Editor::new(&text, &root);
        editor.declare(section, entries)?;
        editor.finish()
    })
}

/// Puts a value into entries, below these keys.
fn insert(entries: &mut Vec<CommentedEntry>, keys: &[String], value: &Yaml) -> Option<()> {
    let (name, rest) = keys.split_first()?;
    let position = entries.iter().position(|entry| entry.key == *name).unwrap_or(entries.len());
    if position == entries.len() {
        entries.push(CommentedEntry::new(name, Yaml::Mapping(Vec::new())));
    }
    let entry = &mut entries[position].value;
    match (rest, entry) {
        ([], entry) => *entry = value.clone(),
        (rest, Yaml::Mapping(inner)) => insert(inner, rest, value)?,
        _ => return None,
    }
    Some(())
}
