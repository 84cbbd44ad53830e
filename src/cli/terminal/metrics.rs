//! The label that distinguishes the metrics of several runs on one host.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::cli::args::{Command, Format, GlobalArgs, OutFile, PathArgs};
use crate::files::{MAX_FILE, Root};
use crate::report::openmetrics::has_series_of;

/// The label of a run: `--run-label`, else the options that select pools.
pub(in crate::cli) fn label(command: &Command, global: &GlobalArgs) -> String {
    if let Some(label) = command.outputs().and_then(|outputs| outputs.run_label.as_ref()) {
        return label.clone();
    }
    let words = match command {
        Command::Plan(args) => selected(&args.paths),
        Command::Apply(args) => selected(&args.paths),
        Command::Drift(args) => selected(&args.paths),
        Command::Show(args) => vec![args.plan.display().to_string()],
        Command::Restore(args) => vec![args.backup.display().to_string()],
        _ => Vec::new(),
    };
    let named = [("region", &global.region), ("profile", &global.profile)];
    let named = named.iter().filter_map(|(long, value)| Some(format!("--{long} {}", value.as_ref()?)));
    words.into_iter().chain(named).collect::<Vec<_>>().join(" ")
}

fn selected(paths: &PathArgs) -> Vec<String> {
    let mut words: Vec<String> = paths.paths.iter().map(|path| path.display().to_string()).collect();
    for (long, patterns) in [("target", &paths.selection.target), ("exclude", &paths.selection.exclude)] {
        words.extend(patterns.iter().map(|pattern| format!("--{long} {pattern}")));
    }
    words.extend(paths.selection.shard.map(|shard| format!("--shard {shard}")));
    words
}

/// The file that holds, or is about to hold, the same series as `out`, where a collector reads both: one of the
/// two would be dropped. It reads the files `*.prom` of a folder.
pub(in crate::cli) fn rival(
    root: &Root,
    out: &OutFile,
    outs: &[OutFile],
    command: &str,
    label: &str,
) -> Option<PathBuf> {
    let is_read = |file: &Path| file.extension() == Some(OsStr::new("prom"));
    let folder = |file: &Path| -> PathBuf {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new(".")).to_owned()
    };
    if out.format != Format::Openmetrics || !is_read(&out.file) {
        return None;
    }
    let beside = folder(&out.file);
    let is_other = |file: &Path| is_read(file) && file.file_name() != out.file.file_name();
    let mut same = outs.iter().filter(|other| other.format == Format::Openmetrics);
    if let Some(other) = same.find(|other| folder(&other.file) == beside && is_other(&other.file)) {
        return Some(other.file.clone());
    }
    let mut files = root.list(&beside).ok()?.into_iter();
    // A plan that is shown is one to its metrics too.
    let command = if command == "show" { "plan" } else { command };
    files.find(|file| {
        let text = (is_other(file) && file.is_file()).then(|| root.read(file, MAX_FILE).ok()).flatten();
        text.is_some_and(|text| has_series_of(&String::from_utf8_lossy(&text), command, label))
    })
}
