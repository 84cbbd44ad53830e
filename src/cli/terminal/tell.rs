//! The outcome of a pool, in words.

use std::path::{Path, PathBuf};

use crate::apply::{ApplyFailure, ApplyOutcome, Blame, Doubt, Halt, Task, Written};
use crate::catalogue::Catalogue;
use crate::cli::args::{GlobalArgs, PathArgs};
use crate::cli::fleet::search::DEFAULT;
use crate::cognito::{CallError, ErrorKind};
use crate::document::quoted;
use crate::document::url::without_userinfo;
use crate::manifest::write::{self, Yaml};
use crate::report::{self, RunKind};
use crate::rules::ManifestPool;

/// An error, and its remedy.
pub(in crate::cli) type Problem = (String, Option<String>);

/// The key that groups errors by cause: the error without this pool's id and without the place in its manifest.
pub(in crate::cli) fn cause((text, help): &Problem, file: &str, pool: &str) -> Problem {
    let placeless = text.strip_prefix(file).and_then(|rest| Some(rest.split_once(": ")?.1)).unwrap_or(text);
    let without = |text: &str| text.replace(pool, "");
    (without(placeless), help.as_deref().map(without))
}

/// The error of the first of several pools that failed in one way, with the ids of all, or of so many.
pub(in crate::cli) fn of_several((text, help): Problem, pools: &[&ManifestPool]) -> Problem {
    const NAMED: usize = 4;
    // The fifth of five takes no more room than the word that it is there.
    let named = if pools.len() == NAMED + 1 { pools.len() } else { pools.len().min(NAMED) };
    let ids: Vec<&str> = pools.iter().take(named).map(|desired| desired.pool.as_str()).collect();
    let more = pools.len() - named;
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let text = format!("{text}\n  The same error for {} pools: {}{more}", pools.len(), ids.join(", "));
    let first = pools.first().map(|desired| format!("the pool {}", desired.pool)).unwrap_or_default();
    (text, help.map(|help| help.replace(&first, "each of these pools")))
}

/// So many calls of an apply are named where all went well.
const LISTED: usize = 3;

/// The outcome of a pool, as the rest of a sentence that begins with its name; `None` if there is nothing to
/// report. `writing`: whether the run has written to any pool.
pub(in crate::cli) fn told(
    catalogue: &Catalogue,
    task: &Task,
    outcome: &ApplyOutcome,
    writing: bool,
) -> Option<String> {
    Some(match outcome {
        ApplyOutcome::Unchanged if task.report().changes.is_empty() => return None,
        ApplyOutcome::Unchanged => "is already as planned; nothing was written".to_owned(),
        ApplyOutcome::Applied(written) => {
            let count = report::count(written.changes, "change");
            // The plan has just shown them.
            let calls = match written.done.len() {
                number if number > LISTED => report::count(number, "call"),
                _ => report::operations(&written.done),
            };
            format!("{calls}: {count} applied and verified")
        }
        ApplyOutcome::Stale(_) => "changed since it was planned; nothing was written to it".to_owned(),
        ApplyOutcome::Refused(_) => "is now blocked; nothing was written to it".to_owned(),
        ApplyOutcome::Failed(_) => "failed; nothing was written to it".to_owned(),
        ApplyOutcome::Deviates(written, doubt) => deviates(catalogue, task, written, doubt),
        ApplyOutcome::NotReached if writing => "was not reached; nothing was written to it".to_owned(),
        ApplyOutcome::NotReached => return None,
    })
}

fn deviates(catalogue: &Catalogue, task: &Task, written: &Written, doubt: &Doubt) -> String {
    let all = task.report().calls.len();
    // The plan has just shown them.
    let (done, of_all) = match written.done.len() {
        number if number > LISTED => {
            (format!("the first {number} calls"), format!("the first {number} of {all} calls took effect"))
        }
        number => {
            let done = report::operations(&written.done);
            (done.clone(), format!("{number} of {all} calls took effect ({done})"))
        }
    };
    // Of several calls, the last that was made may have been accepted.
    let accepted = written.done.last() == Some(&written.operation);
    let operation = match !accepted && written.done.contains(&written.operation) {
        true => format!("{} (call {})", written.operation, written.done.len() + 1),
        false => written.operation.to_string(),
    };
    // The outcome of one of several calls, with the calls before and after it.
    let among = |told: &str| {
        let before = if written.done.is_empty() { "" } else { &format!("{done} took effect; ") };
        let after = if written.done.len() + 1 < all { ", and no call after it was made" } else { "" };
        format!("{before}{told}{after}")
    };
    match doubt {
        // It was refused, and the pool moved before it could be sent again.
        Doubt::Read(_) if !accepted => {
            format!("{of_all}, {operation} did not, and the pool is not as planned")
        }
        Doubt::Read(found) if !found.iter().any(|one| written.operation.writes(catalogue, &one.path)) => {
            let (took, after) = match written.done.len() {
                number if number < all => (of_all, "; no call after that was made"),
                1 => (format!("{done} took effect"), ""),
                number => (format!("all {number} calls took effect"), ""),
            };
            format!("{took}, but the pool is not as planned{after}")
        }
        Doubt::Read(_) => {
            let after = if written.done.len() < all { "; no call after it was made" } else { "" };
            format!("{operation} was accepted, but the pool is not as planned{after}")
        }
        Doubt::Lost(..) => {
            among(&format!("it is unknown whether {operation} took effect, and the pool is not as planned"))
        }
        Doubt::Unread(_) if accepted && written.done.len() < all => {
            format!("{done} took effect, but the pool could not be read back; no call after it was made")
        }
        Doubt::Unread(_) if accepted => format!("{operation} was sent, but the pool could not be read back"),
        Doubt::Unread(_) => among(&format!("{operation} was sent, but the pool could not be read back")),
        Doubt::Stopped(_) => format!("{of_all}, {operation} did not: the pool is only partly as planned"),
        Doubt::Interrupted if written.done.len() < all => {
            format!("{of_all}; interrupted before {operation}: the pool is only partly as planned")
        }
        Doubt::Interrupted => format!("{operation} was accepted; interrupted before it was verified"),
    }
}

/// Why no more pools are written.
pub(in crate::cli) fn halt(why: Halt<'_>) -> String {
    let text = match why {
        Halt::Moved(task) => {
            let pool = &task.report().pool;
            format!("warning: a setting of {} ({}) changed although it was not planned", pool.name, pool.id)
        }
        Halt::Failures(number) => format!("warning: {} failed", report::count(number, "pool")),
    };
    report::escape(&format!("{text}: no more pools are written")).into_owned()
}

/// What went wrong with a pool.
pub(in crate::cli) fn error(kind: RunKind, task: &Task, outcome: &ApplyOutcome) -> Option<Problem> {
    let is_restore = kind == RunKind::Restore;
    let told = |error: &CallError| {
        let help = error.help();
        (error.to_string(), if is_restore { help.map(|help| of_restore(&help)) } else { help })
    };
    let again = if is_restore { "run the command again" } else { "plan again" };
    Some(match outcome {
        ApplyOutcome::Stale(_) => (
            "the plan is stale: a planned setting changed since planning".to_owned(),
            Some(format!("review the changes, and {again}")),
        ),
        ApplyOutcome::Failed(ApplyFailure::Read(error)) => told(error),
        ApplyOutcome::Failed(ApplyFailure::Backup(error)) => {
            (error.to_string(), Some(error.help("name a writable folder with `--backup-dir`")))
        }
        ApplyOutcome::Failed(ApplyFailure::Write(error, Some(blame))) if !blame.planned => {
            innocent(kind, task, error, blame)
        }
        ApplyOutcome::Failed(ApplyFailure::Write(error, _)) => told(error),
        ApplyOutcome::Deviates(
            _,
            doubt @ (Doubt::Lost(error, _) | Doubt::Unread(error) | Doubt::Stopped(error)),
        ) => {
            let (text, help) = told(error);
            let gone = "somebody has deleted the pool since this run began, and no backup brings a pool back";
            (text, if is_gone(doubt) { Some(gone.to_owned()) } else { help })
        }
        ApplyOutcome::Deviates(written, Doubt::Interrupted)
            if written.done.len() < task.report().calls.len() =>
        {
            (format!("interrupted before {}", written.operation), None)
        }
        ApplyOutcome::Deviates(_, Doubt::Interrupted) => {
            ("interrupted before the write was verified".to_owned(), None)
        }
        _ => return None,
    })
}

/// Whether the pool does not exist any more, although this run has read it.
fn is_gone(doubt: &Doubt) -> bool {
    doubt.error().is_some_and(|error| error.kind() == ErrorKind::NotFound)
}

/// The remedy without its advice about `poolctl plan`: a restore is planned from a backup, which `plan` does not read.
fn of_restore(help: &str) -> String {
    let parts = help.split("; ").filter(|part| !part.contains("`poolctl plan "));
    let help = parts.collect::<Vec<_>>().join("; ");
    help.replace("run `poolctl plan` again, which shows what its entry does now", "run the command again")
}

/// The service refuses a value that the plan does not change.
fn innocent(kind: RunKind, task: &Task, error: &CallError, blame: &Blame) -> Problem {
    let path = &blame.path;
    let shown = path.to_string();
    let shown = without_userinfo(&shown);
    let text =
        format!("{error}\n  The plan does not change `{shown}`: poolctl sent it back with its live value.");
    // An exception that is about this setting has its own way out.
    if !error.settings().is_empty() {
        return (text, error.help());
    }
    let unknown = task.report().findings.iter().any(|finding| {
        finding.code == "unknown-member"
            && finding.path.as_ref().is_some_and(|unknown| unknown.overlaps(path))
    });
    if kind == RunKind::Restore {
        let unknown = if unknown { ", or leave out every unknown setting with `--unknown omit`" } else { "" };
        return (
            text,
            Some(format!("change the live value of `{path}`{unknown}, then run the command again")),
        );
    }
    let omit = format!(
        "to leave it out of requests, add `omit: [{{ path: {}, reason: … }}]` to {}",
        write::inline(&Yaml::Scalar(path.to_string().into())),
        task.report().pool.file
    );
    let help = match unknown {
        true => format!(
            "{omit}; to leave out every unknown setting, use `--unknown omit`; a newer `--api-model` may know the setting"
        ),
        false => omit,
    };
    (text, Some(help))
}

/// The commands that help on where a pool is not known to be as planned.
pub(in crate::cli) fn next(
    (catalogue, global): (&Catalogue, &GlobalArgs),
    kind: RunKind,
    task: &Task,
    outcome: &ApplyOutcome,
) -> Vec<(&'static str, String)> {
    let ApplyOutcome::Deviates(written, doubt) = outcome else { return Vec::new() };
    let flags = connection_flags(global, global.region.as_deref());
    let (deviations, unknown) = match doubt {
        Doubt::Read(deviations) => (deviations.as_slice(), None),
        Doubt::Lost(_, deviations) => (deviations.as_slice(), Some(&written.operation)),
        Doubt::Unread(_) | Doubt::Interrupted | Doubt::Stopped(_) => (&[][..], None),
    };
    // What that run changed on purpose is not all that its calls may have moved. Documents that it never wrote were changed
    // by somebody else.
    let is_its = |path| written.done.iter().chain(unknown).any(|call| call.writes(catalogue, path));
    let moved = deviations.iter().any(|moved| !moved.declared && is_its(&moved.path));
    let whole = if moved { " --whole" } else { "" };
    let restore = format!("poolctl restore{flags}{whole}");
    // What a restore brings a pool to is in a backup, which no plan reads: a restore shows what differs, and asks.
    let look = if kind == RunKind::Restore { restore.clone() } else { format!("poolctl plan{flags}") };
    let look = format!("{look} {}", quoted(&task.report().pool.file));
    let undo = || format!("{restore} {}", quoted(&written.backup.display().to_string()));
    let undo = (written.has_backup() && !is_gone(doubt)).then(|| ("undo", undo()));
    [("check again", look)].into_iter().chain(undo).collect()
}

/// The line with the command that undoes what a run did to the pool of a backup.
pub(in crate::cli) fn undo(global: &GlobalArgs, backup: &Path) -> String {
    let flags = connection_flags(global, global.region.as_deref());
    format!("  undo: poolctl restore{flags} {}", quoted(&backup.display().to_string()))
}

/// The options and paths of this run that lead to the same pools, so that a printed command can be pasted;
/// `None` if a manifest came from standard input, which is read once.
pub(in crate::cli) fn arguments(
    global: &GlobalArgs,
    paths: &PathArgs,
    live: Option<&Path>,
) -> Option<String> {
    let PathArgs { paths, selection, inputs } = paths;
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return None;
    }
    let mut words = connection_flags(global, global.region.as_deref());
    let text = |path: &Path| path.display().to_string();
    let options = [
        ("live", live.map(text).into_iter().collect()),
        ("target", selection.target.iter().map(ToString::to_string).collect()),
        ("exclude", selection.exclude.iter().map(ToString::to_string).collect()),
        ("shard", selection.shard.iter().map(ToString::to_string).collect()),
        ("var", inputs.var.iter().map(|(name, value)| format!("{name}={value}")).collect()),
        ("var-file", inputs.var_file.iter().map(|path| text(path)).collect()),
        ("root", inputs.root.iter().map(|path| text(path)).collect::<Vec<_>>()),
    ];
    for (option, values) in options {
        words.extend(values.iter().map(|value| format!(" --{option}={}", quoted(value))));
    }
    if paths.as_slice() != [Path::new(DEFAULT)] {
        words.extend(paths.iter().map(|path| format!(" {}", quoted(&text(path)))));
    }
    Some(words)
}

/// The flags of this run that lead to the same pools, so that a printed command can be pasted.
pub(in crate::cli) fn connection_flags(global: &GlobalArgs, region: Option<&str>) -> String {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
    let flags = [
        ("profile", global.profile.clone()),
        ("region", region.map(str::to_owned)),
        // Nobody signs in by a URL: calls are signed.
        ("endpoint-url", global.endpoint_url.as_deref().map(|url| without_userinfo(url).into_owned())),
        ("ca-bundle", path(&global.ca_bundle)),
        ("sandbox", path(&global.sandbox)),
    ];
    let flags = flags.into_iter().filter_map(|(flag, value)| Some(format!(" --{flag}={}", quoted(&value?))));
    flags.collect()
}

/// What became of a pool that was to be written, as every form tells it.
pub(in crate::cli) fn came_to(outcome: &ApplyOutcome) -> report::PoolOutcome {
    match outcome {
        ApplyOutcome::Unchanged => report::PoolOutcome::Unchanged,
        ApplyOutcome::NotReached => report::PoolOutcome::NotReached,
        ApplyOutcome::Stale(_) => report::PoolOutcome::Stale,
        ApplyOutcome::Refused(_) => report::PoolOutcome::Refused,
        ApplyOutcome::Failed(_) => report::PoolOutcome::Failed,
        ApplyOutcome::Applied(_) => report::PoolOutcome::Applied,
        ApplyOutcome::Deviates(..) => report::PoolOutcome::Deviates,
    }
}
