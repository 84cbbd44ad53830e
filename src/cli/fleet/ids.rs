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

/// Names the pool and the documents that a run made in their manifests: without an `id`, a client is found by its name
/// alone.
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
        let made = MadeIds { pool: written.pool.as_deref(), documents: &ids };
        if made.pool.is_none() && ids.is_empty() {
            continue;
        }
        match &task.desired.home {
            Some(home) if context.ui.can_ask() => write(context, &task.desired.file, home, made),
            _ => print(context, &task.desired, made),
        }
    }
}

/// The ids that the service chose in a run.
#[derive(Clone, Copy)]
struct MadeIds<'a> {
    /// The pool's, if the run made it.
    pool: Option<&'a str>,
    documents: &'a [DocumentKey],
}

/// Writes ids into the file that names the pool.
fn write(context: &Context, file: &str, home: &Origin, made: MadeIds<'_>) {
    let name = &home.source.name;
    let flags = connection_flags(&context.global, context.global.region.as_deref());
    let warn = |DocumentKey { path, id }: &DocumentKey, why: &str| {
        let command = format!("poolctl adopt --ids{flags} {}", quoted(file));
        let help = format!("add it to `{path}` by hand, or run `{command}`");
        context.ui.note_escaped(&format!("warning: `id: {id}` was not written into {name}: {why}; {help}"));
    };
    let warn_of_pool = |id: &str, why: &str| {
        context.ui.note_escaped(&format!(
            "warning: `pool: {id}` was not written into {name}: {why}; write it in the place of `create`"
        ));
    };
    const LAYOUT: &str = "the entry is laid out in a way that is not edited here";
    match edit(context, home, made) {
        Err(why) => {
            made.pool.into_iter().for_each(|id| warn_of_pool(id, &why));
            made.documents.iter().for_each(|id| warn(id, &why));
        }
        Ok((pool, lines)) => {
            if let Some(id) = made.pool {
                match pool {
                    Some(line) => context.ui.note_escaped(&format!("wrote `pool: {id}` into {name}:{line}")),
                    None => warn_of_pool(id, LAYOUT),
                }
            }
            for (id, line) in made.documents.iter().zip(lines) {
                match line {
                    Some(line) => {
                        context.ui.note_escaped(&format!("wrote `id: {}` into {name}:{line}", id.id));
                    }
                    None => warn(id, LAYOUT),
                }
            }
        }
    }
}

/// The lines of the ids that are in the file now, the pool's first, or why the file was not written.
fn edit(
    context: &Context,
    home: &Origin,
    made: MadeIds<'_>,
) -> Result<(Option<usize>, Vec<Option<usize>>), String> {
    let (name, was) = (&home.source.name, &home.source.text);
    let now = context.root.read_text(Path::new(name)).map_err(|error| error.to_string())?;
    if now != *was {
        return Err("the file has changed since poolctl read it".to_owned());
    }
    let IdentifiedText { text, pool, lines } = adopt::with_ids(home, made.pool, made.documents, &[]);
    if text != *was {
        let files = [(Path::new(name).to_owned(), text)];
        context.root.write(&files, true).map_err(|error| error.message())?;
    }
    Ok((pool, lines))
}

/// Prints the lines that a manifest lacks.
fn print(context: &Context, desired: &Desired, made: MadeIds<'_>) {
    let is_fixed = desired.home.is_none();
    // The manifest may be for several pools.
    let of_stage = if desired.is_shared() { ", as a variable" } else { "" };
    if let Some(id) = made.pool {
        let file = &desired.file;
        context.ui.note_escaped(&format!(
            "note: made the pool {id}; later runs find it by its tag, or by `pool: {id}` in the place of `create` in {file}{of_stage}"
        ));
    }
    for DocumentKey { path, id } in made.documents {
        let level = if is_fixed && !desired.is_shared() { "warning" } else { "note" };
        context.ui.note_escaped(&format!(
            "{level}: `{path}` was made with the id {id}; add `id: {id}` to the entry in {}{of_stage}",
            desired.file
        ));
    }
    if !is_fixed && !desired.is_shared() {
        let flags = connection_flags(&context.global, context.global.region.as_deref());
        let command = format!("poolctl adopt --ids{flags} {}", quoted(&desired.file));
        context.ui.note_escaped(&format!("note: to write the ids into the file, run: {command}"));
    }
}
