//! The ids of documents that a run made: written into their manifests on a terminal, else printed.

use std::path::Path;

use crate::adopt::{self, IdentifiedText};
use crate::apply::{ApplyOutcome, Task};
use crate::cli::Context;
use crate::cli::terminal::tell::connection_flags;
use crate::document::quoted;
use crate::manifest::Origin;
use crate::plan::DocumentKey;
use crate::rules::Desired;

/// Names the documents that a run made in their manifests: without an `id`, a client is found by its name alone.
///
/// Only a person at a terminal has the manifests that the next run reads. In a pipeline, and where a file cannot be
/// edited, the lines are printed. An id that is not written fails no run: the pool is as planned.
pub(in crate::cli) fn keep(context: &Context, tasks: &[&Task], outcomes: &[ApplyOutcome]) {
    for (task, outcome) in tasks.iter().zip(outcomes) {
        let (ApplyOutcome::Applied(written) | ApplyOutcome::Deviates(written, _)) = outcome else { continue };
        let is_declared = |id: &&DocumentKey| {
            let mut entries = task.desired.entries.iter();
            entries.any(|entry| entry.path == id.path && entry.origin.is_some())
        };
        let (ids, restored): (Vec<&DocumentKey>, _) = written.ids.iter().partition(is_declared);
        for DocumentKey { path, id } in restored {
            context.ui.note_escaped(&format!(
                "note: `{path}` was made again with the id {id}; a manifest that declares it needs `id: {id}`"
            ));
        }
        let ids: Vec<DocumentKey> = ids.into_iter().cloned().collect();
        if ids.is_empty() {
            continue;
        }
        match &task.desired.home {
            Some(home) if context.ui.can_ask() => write(context, &task.desired.file, home, &ids),
            _ => print(context, &task.desired, &ids),
        }
    }
}

/// Writes ids into the file that names the pool.
fn write(context: &Context, file: &str, home: &Origin, ids: &[DocumentKey]) {
    let name = &home.source.name;
    let warn = |id: &DocumentKey, why: &str| {
        let DocumentKey { path, id } = id;
        let flags = connection_flags(&context.global, context.global.region.as_deref());
        let command = format!("poolctl adopt --ids{flags} {}", quoted(file));
        let help = format!("add it to `{path}` by hand, or run `{command}`");
        context.ui.note_escaped(&format!("warning: `id: {id}` was not written into {name}: {why}; {help}"));
    };
    match edit(context, home, ids) {
        Err(why) => ids.iter().for_each(|id| warn(id, &why)),
        Ok(lines) => {
            for (id, line) in ids.iter().zip(lines) {
                match line {
                    Some(line) => {
                        context.ui.note_escaped(&format!("wrote `id: {}` into {name}:{line}", id.id));
                    }
                    None => warn(id, "the entry is laid out in a way that is not edited here"),
                }
            }
        }
    }
}

/// The lines of the ids that are in the file now, or why the file was not written.
fn edit(context: &Context, home: &Origin, ids: &[DocumentKey]) -> Result<Vec<Option<usize>>, String> {
    let (name, was) = (&home.source.name, &home.source.text);
    let now = context.root.read_text(Path::new(name)).map_err(|error| error.to_string())?;
    if now != *was {
        return Err("the file has changed since poolctl read it".to_owned());
    }
    let IdentifiedText { text, lines } = adopt::with_ids(name, was, ids);
    if text != *was {
        let files = [(Path::new(name).to_owned(), text)];
        context.root.write(&files, true).map_err(|error| error.message())?;
    }
    Ok(lines)
}

/// Prints the lines that a manifest lacks.
fn print(context: &Context, desired: &Desired, ids: &[DocumentKey]) {
    let is_fixed = desired.home.is_none();
    for DocumentKey { path, id } in ids {
        let level = if is_fixed { "warning" } else { "note" };
        context.ui.note_escaped(&format!(
            "{level}: `{path}` was made with the id {id}; add `id: {id}` to the entry in {}",
            desired.file
        ));
    }
}
