//! The selection below pools: `--only`.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::document::{Path, PathPattern};
use crate::manifest::similar;
use crate::report::{self, RunKind};
use crate::rules::Desired;

/// Limits what is wanted of pools to the selection. A path that selects nothing in any of them is a usage error. Drift
/// can also select a watched branch of which nothing is declared.
pub(in crate::cli) fn select(
    context: &Context,
    args: &args::OnlyArgs,
    kind: RunKind,
    wanted: &mut [impl DerefMut<Target = Desired>],
) -> Result<(), Exit> {
    for pattern in &args.only {
        let mut declared = wanted.iter().flat_map(|one| one.declared());
        let watched = wanted.iter().filter(|_| kind == RunKind::Drift).flat_map(|desired| &desired.watch);
        let mut watched = watched.map(|branch| Path::members([*branch]));
        if !declared.any(|path| pattern.overlaps(path)) && !watched.any(|root| pattern.overlaps(&root)) {
            let text = format!("`--only {pattern}` selects nothing that is declared");
            let text = report::escape(&text).into_owned();
            return Err(context.ui.fail(Exit::Usage, &text, &report::escape(&meant(pattern, wanted))));
        }
    }
    for pattern in &args.only {
        if let Some(whole) = around(pattern, wanted) {
            let text =
                report::escape(&format!("`--only {pattern}` is inside `{whole}`, which is declared whole"))
                    .into_owned();
            let help = format!("write `--only {whole}`");
            return Err(context.ui.fail(Exit::Usage, &text, &report::escape(&help)));
        }
    }
    for desired in wanted {
        desired.subject.only.clone_from(&args.only);
    }
    Ok(())
}

/// The declared value that a path leads into; `None` if it selects a whole one as well.
fn around<'a>(pattern: &PathPattern, wanted: &'a [impl Deref<Target = Desired>]) -> Option<&'a Path> {
    let depth = pattern.as_path().segs().len();
    let wants = wanted.iter().flat_map(|desired| &desired.wants).map(|want| &want.path);
    let wants: Vec<&Path> = wants.filter(|path| pattern.overlaps(path)).collect();
    if wants.iter().all(|path| path.segs().len() < depth) { wants.first().copied() } else { None }
}

/// What to do about a path that selects nothing.
fn meant(pattern: &PathPattern, wanted: &[impl Deref<Target = Desired>]) -> String {
    let depth = pattern.as_path().segs().len();
    let declared = wanted.iter().flat_map(|one| one.declared());
    let known: BTreeSet<Path> =
        declared.flat_map(|path| (1..=depth.min(path.segs().len())).map(|len| path.prefix(len))).collect();
    let known: Vec<String> = known.iter().map(Path::to_string).collect();
    let close = similar(&pattern.to_string(), known.iter().map(String::as_str));
    let labels = labels(pattern, wanted);
    // A branch alone is what is left of a label that none resembles.
    let close = close.filter(|close| labels.is_empty() || close.contains(['.', '[']));
    match close {
        Some(close) => format!("did you mean `{close}`?"),
        None if !labels.is_empty() => format!("the manifest declares {}", labels.join(", ")),
        None => {
            "name a setting or a resource as the manifest declares it, such as `Policies` or `clients.web`"
                .to_owned()
        }
    }
}

/// The most entries that are named.
const NAMED: usize = 12;

/// The declared entries of the branch that a pattern begins with, and how many more there are.
fn labels(pattern: &PathPattern, wanted: &[impl Deref<Target = Desired>]) -> Vec<String> {
    let branch = pattern.as_path().prefix(1);
    let entries = wanted.iter().flat_map(|desired| &desired.entries).map(|entry| &entry.path);
    let labels: BTreeSet<&Path> = entries.filter(|path| path.is_within(&branch)).collect();
    let more = labels.len().saturating_sub(NAMED);
    let mut named: Vec<String> = labels.iter().take(NAMED).map(|path| format!("`{path}`")).collect();
    named.extend((more > 0).then(|| format!("and {more} more")));
    named
}
