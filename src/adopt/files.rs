//! The texts of files once everything is written into them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Adoption, Target};
use crate::manifest::{Editor, Source, yaml};

/// Files by the name that messages show, and what is to stand in them.
#[derive(Clone, Debug, Default)]
pub struct Edited {
    /// The new texts.
    pub files: BTreeMap<String, String>,
    /// The adoptions that cannot be written, by their position, and why.
    pub refused: Vec<(usize, String)>,
}

/// Writes adoptions, of any number of manifests, into the texts of their files.
///
/// Two that want different things of one place are both refused: the place is shared by two pools.
pub fn edited(adoptions: &[&Adoption]) -> Edited {
    let mut out = Edited::default();
    let mut manifests: BTreeMap<&str, (&Arc<Source>, Vec<usize>)> = BTreeMap::new();
    for (position, adoption) in adoptions.iter().enumerate() {
        if let Some(other) = rival(adoptions, adoption) {
            let why = format!("{} wants another value of the same place: declare it in each", other.origin);
            out.refused.push((position, why));
            continue;
        }
        match &adoption.target {
            Err(_) => {}
            Ok(Target::Text { file, text, .. }) => drop(out.files.insert(file.clone(), text.clone())),
            Ok(Target::Value { at, .. }) => {
                manifests.entry(&at.source.name).or_insert((&at.source, Vec::new())).1.push(position);
            }
        }
    }
    for (name, (source, positions)) in manifests {
        let targets = |of: &[usize]| -> Vec<&Target> {
            of.iter().filter_map(|at| adoptions[*at].target.as_ref().ok()).collect()
        };
        let mut text = with(source, &targets(&positions));
        // Only where not all can be written it matters which.
        let single = if text.is_some() { Vec::new() } else { positions };
        let mut written = Vec::new();
        for position in single {
            written.push(position);
            match with(source, &targets(&written)) {
                Some(edited) => text = Some(edited),
                None => {
                    written.pop();
                    let why = "its line is laid out in a way that is not edited here: edit it by hand";
                    out.refused.push((position, why.to_owned()));
                }
            }
        }
        out.files.extend(text.map(|text| (name.to_owned(), text)));
    }
    out
}

/// Another adoption that wants something else of the same place.
fn rival<'a>(adoptions: &[&'a Adoption], adoption: &Adoption) -> Option<&'a Adoption> {
    let differs = |other: &&&Adoption| match (&other.target, &adoption.target) {
        (Ok(Target::Value { at, value, .. }), Ok(Target::Value { at: place, value: wanted, .. })) => {
            at.source.name == place.source.name && at.span == place.span && value != wanted
        }
        (Ok(Target::Text { file, text, .. }), Ok(Target::Text { file: place, text: wanted, .. })) => {
            file == place && text != wanted
        }
        _ => false,
    };
    adoptions.iter().find(differs).copied()
}

/// A file's text with values written into it; nothing where it would not say them, or something else too.
fn with(source: &Source, targets: &[&Target]) -> Option<String> {
    let (root, _) = yaml::parse(&source.name, source.text.as_bytes()).ok()?;
    let mut editor = Editor::new(&source.text, &root);
    let mut written = Vec::new();
    for target in targets {
        let Target::Value { at, value, list } = target else { continue };
        // Manifests that share a file share the place.
        if !written.contains(&&at.span) {
            editor.set(&at.span, value, *list)?;
            written.push(&at.span);
        }
    }
    editor.finish()
}
