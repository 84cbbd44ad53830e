//! `poolctl adopt --ids`.

use std::path::Path as FsPath;

use super::{Adoptable, look};
use crate::adopt::{self, IdentifiedText};
use crate::cli::exit::Exit;
use crate::cli::fleet::planning::Depth;
use crate::cli::fleet::pools::Planned;
use crate::cli::{Context, args};
use crate::document::Path;
use crate::manifest::Origin;
use crate::plan::{DocumentKey, Finding, MissingId, Plan, missing_ids};
use crate::report::{self, count};

/// Writes the ids that the manifests lack.
pub(super) async fn run(context: &Context, args: &args::AdoptArgs) -> Result<Exit, Exit> {
    let Adoptable { planned, .. } = look(context, &args.paths, (args.live.as_deref(), Depth::Whole)).await?;
    let mut tally = Tally::default();
    for Planned { desired, plan } in &planned {
        let Ok(plan) = plan else { continue };
        let is_ambiguous = |path: &Path| is_ambiguous(plan, path);
        let (mut ids, mut dead) = (Vec::new(), Vec::new());
        for missing in missing_ids(&context.catalogue, desired, &plan.base, is_ambiguous) {
            match missing {
                MissingId::Known(id) => ids.push(id),
                MissingId::Dead { path, one, was, now } => {
                    if let Some(id) = tally.only(context, &desired.file, &path, (one, &was, &now)) {
                        dead.push(was);
                        ids.push(DocumentKey { path, id });
                    }
                }
                MissingId::Absent(path) => {
                    tally.absent += 1;
                    let place = format!("{}: `{path}`", desired.file);
                    let text = "does not exist yet, so it has no id: `poolctl apply` makes it";
                    context.ui.note_escaped(&format!("note: {place} {text}"));
                }
                MissingId::Unknown(path) => {
                    let help = "add the `id:` of one of them by hand; `poolctl plan` lists them";
                    tally.skip(context, &desired.file, &path, ("several have its name", help));
                }
                MissingId::Removed(path) => {
                    let help = "add the `id:` by hand: it decides what is removed";
                    tally.skip(context, &desired.file, &path, ("the entry removes what it names", help));
                }
            }
        }
        // A pool that was found by its tag has an id to write.
        let pool = desired.tag.as_ref().map(|_| desired.pool.as_str());
        match &desired.home {
            Some(home) if pool.is_some() || !ids.is_empty() => {
                write(context, home, (pool, &ids, &dead), (args.dry_run, &mut tally))?;
            }
            Some(_) => {}
            None => {
                for DocumentKey { path, id } in &ids {
                    let help =
                        format!("give the id as a variable: `id: ${{var:NAME}}`, with {id} for this pool");
                    let why =
                        "variables tell which pool is meant, and another pool may have the same manifest";
                    tally.skip(context, &desired.file, path, (why, &help));
                }
            }
        }
    }
    let ids = count(tally.written, "id");
    context.ui.note(&match (tally.written, tally.skipped, args.dry_run) {
        (0, 0, _) if tally.absent > 0 => "Nothing to write: every other entry has its id.".to_owned(),
        (0, 0, _) => "Nothing to write: every entry has its id.".to_owned(),
        (_, _, true) => format!("{ids} would be written. Nothing was written."),
        (_, _, false) => format!("{ids} written."),
    });
    Ok(if tally.skipped == 0 { Exit::Clean } else { Exit::Failed })
}

fn is_ambiguous(plan: &Plan, path: &Path) -> bool {
    let is_its = |finding: &Finding| finding.path.as_ref() == Some(path);
    plan.report.findings.iter().any(|finding| finding.code == "ambiguous-name" && is_its(finding))
}

/// How many ids were written, and how many were not.
#[derive(Default)]
struct Tally {
    written: usize,
    skipped: usize,
    /// Entries whose documents do not exist yet.
    absent: usize,
}

impl Tally {
    /// The id in the place of one that no document has, or the report that there is not exactly one.
    fn only(
        &mut self,
        context: &Context,
        file: &str,
        path: &Path,
        (one, was, now): (&str, &str, &[String]),
    ) -> Option<String> {
        let [id] = now else {
            let several = if now.is_empty() { "none has" } else { "several have" };
            let why = format!("no {one} has the id {was}, and {several} the name of the entry");
            self.skip(context, file, path, (&why, "correct the `id:` by hand; `poolctl plan` shows how"));
            return None;
        };
        context.ui.note_escaped(&format!(
            "note: {file}: `{path}` has the id {was}, which no {one} has; the only live one of its name has the id {id}"
        ));
        Some(id.clone())
    }

    /// Reports an id that is not written, with the remedy.
    fn skip(&mut self, context: &Context, file: &str, path: &Path, (why, help): (&str, &str)) {
        self.skipped += 1;
        context.ui.fail(Exit::Failed, &format!("{file}: the id of `{path}` was not written: {why}"), help);
    }
}

/// Writes ids into one file, and prints each with its line.
fn write(
    context: &Context,
    home: &Origin,
    (pool, ids, dead): (Option<&str>, &[DocumentKey], &[String]),
    (is_dry, tally): (bool, &mut Tally),
) -> Result<(), Exit> {
    let (name, was) = (&home.source.name, &home.source.text);
    let fail = |text: String, help: &str| context.ui.fail(Exit::Failed, &text, help);
    if context.root.read_text(FsPath::new(name)).ok().as_ref() != Some(was) {
        let text = format!("`{name}` has changed since poolctl read it: no id was written into it");
        return Err(fail(text, "run the command again"));
    }
    let IdentifiedText { text, pool: line, lines } = adopt::with_ids(home, pool, ids, dead);
    if !is_dry && text != *was {
        let written = context.root.write(&[(FsPath::new(name).to_owned(), text)], true);
        written.map_err(|error| fail(error.message(), &error.help()))?;
    }
    if let (Some(id), Some(line)) = (pool, line) {
        tally.written += 1;
        context.ui.result(&format!("{}:{line}: pool: {id}\n", report::escape(name)));
    }
    for (DocumentKey { path, id }, line) in ids.iter().zip(lines) {
        match line {
            Some(line) => {
                tally.written += 1;
                let place = report::escape(name);
                context
                    .ui
                    .result(&format!("{place}:{line}: id: {id} ({})\n", report::escape(&path.to_string())));
            }
            None => {
                let help = format!("add `id: {id}` by hand");
                tally.skip(
                    context,
                    name,
                    path,
                    ("the entry is laid out in a way that is not edited here", &help),
                );
            }
        }
    }
    Ok(())
}
