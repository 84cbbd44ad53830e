//! What a run prints: the plans, and what became of each pool, in every form that is asked for.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::LazyLock;

use crate::apply::{ApplyOutcome, Doubt, Task};
use crate::cli::Context;
use crate::cli::args::{Format, OutFile};
use crate::cli::exit::Exit;
use crate::cli::fleet::pools::{Planned, RunPart};
use crate::cli::terminal::{summary, tell};
use crate::document;
use crate::files::{FileContent, MadeContent, Root};
use crate::manifest::Diagnostic;
use crate::plan::PlanReport;
use crate::report::{
    self, PoolEnd, Run, RunEntry, RunKind, Stray, Style, count, html, json, markdown, openmetrics, text,
};
use crate::rules::{Allows, ManifestPool, Withheld};

/// How texts look in files.
pub(in crate::cli) const IN_A_FILE: Style = Style { color: false, unicode: true, width: 100 };

/// A run as reports print it.
pub(in crate::cli) fn of<'a>(
    kind: RunKind,
    entries: &'a [RunEntry<'a>],
    diagnostics: &'a [Diagnostic],
    strays: &'a [Stray],
) -> Run<'a> {
    let time = Some(time::OffsetDateTime::now_utc());
    Run { diagnostics, strays, time, folder: folder(), ..Run::new(kind, entries) }
}

/// Where in its repository the current folder is: whoever shows results at the lines of files names these
/// from the root on. Empty where there is no repository.
pub(in crate::cli) fn folder() -> &'static str {
    static FOLDER: LazyLock<String> = LazyLock::new(|| {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let root = here.ancestors().find(|folder| folder.join(".git").exists());
        let inside = root.and_then(|root| here.strip_prefix(root).ok());
        inside.map(|inside| inside.display().to_string()).unwrap_or_default()
    });
    &FOLDER
}

/// Prints a run that wrote nothing, and writes it to the files of `--out`.
pub(in crate::cli) fn planned(context: &Context, outs: &[OutFile], run: &Run<'_>) {
    if context.global.format == Format::Text {
        pools(context, run);
    }
    publish(context, outs, run);
}

/// Prints the pools of a run for people.
pub(in crate::cli) fn pools(context: &Context, run: &Run<'_>) {
    context.ui.stream(|out| lines(out, |out| text::pools(run, &context.ui.style, out)));
}

/// Gives programs a run, and files what is for them; people at a terminal have been told.
pub(in crate::cli) fn publish(context: &Context, outs: &[OutFile], run: &Run<'_>) {
    if context.global.format != Format::Text {
        context.ui.stream(|out| form(context, run, (context.global.format, None), out));
    }
    files(context, outs, run);
}

/// Writes a run to the files of `--out`, and in a workflow of GitHub to the page of the step.
pub(in crate::cli) fn files(context: &Context, outs: &[OutFile], run: &Run<'_>) {
    let mut forms = outs.iter().map(|out| out.format).chain([context.global.format]);
    if forms.any(|form| form == Format::Github) {
        summary::add(context, run);
    }
    for OutFile { format, file } in outs {
        let form = |out: &mut dyn Write| form(context, run, (*format, Some(file)), out);
        write(context, file.clone(), MadeContent(form));
    }
}

/// Writes a file of `--out`, whole or not at all.
pub(in crate::cli) fn write(context: &Context, file: PathBuf, content: impl FileContent) {
    if let Err(error) = context.root.write(&[(file, content)], true) {
        context.ui.lose(report::escape(&error.message()).into_owned(), Some(error.help()));
    }
}

/// Writes the run in a form; `file` is where that goes, if not to standard output.
fn form(
    context: &Context,
    run: &Run<'_>,
    (format, file): (Format, Option<&PathBuf>),
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        // JSON has an escape for everything that must not be printed as it is, and uses it.
        Format::Json => return streamed(out, |out| json::write(run, out)),
        Format::Sarif => return streamed(out, |out| report::sarif(run, out)),
        Format::Codequality => return streamed(out, |out| report::codequality(run, out)),
        // Runs have no other form; the command line refuses it.
        Format::Text | Format::Dotenv | Format::Tfvars => {
            return lines(out, |out| text::run(run, &IN_A_FILE, out));
        }
        Format::Html => {
            let run = Run { links: context.links.as_ref(), ..*run };
            return lines(out, |out| html::html(&run, out));
        }
        Format::Markdown => markdown::comment(run),
        Format::Github => report::github(run),
        Format::Junit => report::junit(run),
        Format::Openmetrics => {
            openmetrics::openmetrics(&Run { label: &context.label, ..*run }, &earlier(&context.root, file))
        }
    };
    out.write_all(printed(format, &text).as_bytes())
}

/// Passes on what `write` writes.
pub(in crate::cli) fn streamed(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn std::fmt::Write) -> std::fmt::Result,
) -> io::Result<()> {
    let mut text = TextStream { out: BufWriter::with_capacity(PART, out), failed: Ok(()) };
    // The reason is kept apart.
    let _ = write(&mut text);
    text.failed.and_then(|()| text.out.flush())
}

/// Passes on what `write` writes, whole lines at a time, as it is printed.
fn lines(
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn std::fmt::Write) -> std::fmt::Result,
) -> io::Result<()> {
    streamed(out, |out| write(&mut PrintedLines(out)))
}

/// Lines of a report on their way to where they are printed.
struct PrintedLines<'a>(&'a mut dyn std::fmt::Write);

impl std::fmt::Write for PrintedLines<'_> {
    fn write_str(&mut self, lines: &str) -> std::fmt::Result {
        self.0.write_str(&report::printed(lines))
    }
}

/// The bytes that are passed on together.
const PART: usize = 64 << 10;

/// Text on its way to a stream, and the first failure of that.
struct TextStream<W: Write> {
    out: W,
    failed: io::Result<()>,
}

impl<W: Write> std::fmt::Write for TextStream<W> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.out.write_all(text.as_bytes()).map_err(|error| {
            self.failed = Err(error);
            std::fmt::Error
        })
    }
}

/// The text of a form as it is printed or filed. GitHub's form is made of commands, and of nothing else.
pub(in crate::cli) fn printed(format: Format, text: &str) -> Cow<'_, str> {
    if format == Format::Github { Cow::Borrowed(text) } else { report::printed(text) }
}

/// What the file that is about to be replaced says of earlier runs: a file that is not there, or is none of
/// ours, says nothing.
fn earlier(root: &Root, file: Option<&PathBuf>) -> openmetrics::Successes {
    // A pipe or a device has nothing from before, and may have no end.
    let file = file.filter(|file| file.is_file());
    let text = file.and_then(|file| root.read_text(file).ok());
    text.as_deref().map(openmetrics::Successes::read).unwrap_or_default()
}

/// Prints the entries of `ignore` that would leave to others what these plans or drifts find.
pub(in crate::cli) fn suggestions<'a>(context: &Context, plans: impl Iterator<Item = &'a PlanReport>) {
    let mut is_any = false;
    for suggestion in plans.filter_map(text::suggestion) {
        is_any = true;
        context.ui.message(&format!("\n{suggestion}"));
    }
    if !is_any {
        context.ui.note("Nothing to ignore: no setting that a manifest could leave to others was found.");
    }
}

/// The pools that were planned, or could not be, each with how a run over it alone ends.
pub(in crate::cli) fn entries<'a, P: AsRef<PlanReport>, D: AsRef<ManifestPool>>(
    planned: &'a [Planned<P, D>],
    ends: &[Exit],
    kind: RunKind,
) -> Vec<RunEntry<'a>> {
    planned.iter().zip(ends).map(|(planned, end)| entry(planned, kind, *end)).collect()
}

/// A pool that was planned, or could not be.
pub(in crate::cli) fn entry<P: AsRef<PlanReport>, D: AsRef<ManifestPool>>(
    planned: &Planned<P, D>,
    kind: RunKind,
    end: Exit,
) -> RunEntry<'_> {
    match &planned.plan {
        Ok(plan) if kind == RunKind::Drift => RunEntry::compared(plan.as_ref(), end.code()),
        Ok(plan) => RunEntry::planned(plan.as_ref(), end.code()),
        Err(refusal) => {
            let ManifestPool { pool, region, file, .. } = planned.desired.as_ref();
            let (outcome, exit_code) = (report::PoolOutcome::Failed, end.code());
            let mut end = PoolEnd { outcome, exit_code, ..PoolEnd::default() };
            end.error = Some(refusal.words());
            RunEntry { id: pool, region, file, plan: None, end }
        }
    }
}

/// The same in a run that ends before it writes anything: what was planned is not done.
pub(in crate::cli) fn unreached(mut entry: RunEntry<'_>) -> RunEntry<'_> {
    if entry.end.outcome == report::PoolOutcome::Update {
        entry.end.outcome = report::PoolOutcome::NotReached;
        entry.end.told = Some("was not reached; nothing was written to it".to_owned());
    }
    entry
}

/// Reports the chosen settings that were not compared, because a value is not known: each setting once, whatever the
/// number of pools.
pub(in crate::cli) fn withheld<P: AsRef<PlanReport>, D: AsRef<ManifestPool>>(
    context: &Context,
    planned: &[Planned<P, D>],
    chosen: impl Fn(&document::Path) -> bool,
) {
    let mut told: Vec<(&Withheld, usize)> = Vec::new();
    for Planned { desired, plan } in planned {
        let desired = desired.as_ref();
        // A setting that the pool lacks is a change, and one that no read has is never compared.
        let is_changed = |path: &document::Path| {
            plan.as_ref()
                .is_ok_and(|plan| plan.as_ref().changes.iter().any(|change| change.path.overlaps(path)))
        };
        let is_told = |path: &document::Path| {
            chosen(path) && desired.takes(path) && !is_changed(path) && !context.catalogue.is_hidden(path)
        };
        for withheld in desired.withheld.iter().filter(|withheld| is_told(&withheld.want.path)) {
            let is_same =
                |one: &Withheld| one.want.path == withheld.want.path && one.is_unset == withheld.is_unset;
            match told.iter_mut().find(|(one, _)| is_same(one)) {
                Some((_, pools)) => *pools += 1,
                None => told.push((withheld, 1)),
            }
        }
    }
    for (Withheld { want, is_unset }, pools) in told {
        let why = if *is_unset { "its secret is not set" } else { "the saved document lacks its value" };
        let text = match (&want.origin, pools) {
            (Some(origin), 1) => format!("note: {origin}: `{}` was not compared: {why}", want.path),
            _ => format!("note: `{}` of {} was not compared: {why}", want.path, count(pools, "pool")),
        };
        context.ui.note_escaped(&text);
    }
}

/// Warns of each `--allow CODE@PATH` that no plan needs, if all pools have a plan.
pub(in crate::cli) fn unused_allows<P: AsRef<PlanReport>, D>(
    context: &Context,
    planned: &[Planned<P, D>],
    allows: &Allows,
) {
    let reports: Option<Vec<&PlanReport>> =
        planned.iter().map(|planned| planned.plan.as_ref().ok().map(AsRef::as_ref)).collect();
    let Some(reports) = reports else { return };
    let places = |code: &str| {
        let found = reports.iter().flat_map(|report| &report.findings).filter(|finding| finding.code == code);
        let places: BTreeSet<document::Path> = found.filter_map(|finding| finding.path.clone()).collect();
        places.into_iter().collect()
    };
    // What looks like a misspelt path has a warning already.
    let doubted = allows.slips(&context.catalogue).into_iter().filter(|slip| slip.close.is_some());
    let doubted: Vec<String> = doubted.map(|slip| slip.flag).collect();
    let unused = allows.unused(places).into_iter();
    for (flag, found) in unused.filter(|(flag, _)| !doubted.contains(flag)) {
        let found: Vec<String> = found.iter().take(PLACES).map(|path| format!("`{path}`")).collect();
        let help = match found.as_slice() {
            [] => "remove the option".to_owned(),
            found => format!("what it allows is at {}", found.join(", ")),
        };
        context
            .ui
            .note_escaped(&format!("warning: `--allow {flag}` allows nothing of what is planned; {help}"));
    }
}

/// The most places that are named.
const PLACES: usize = 5;

/// Says why some pools have no plan; what is wrong with many of them once.
pub(in crate::cli) fn refusals<P, D: AsRef<ManifestPool>>(context: &Context, planned: &[Planned<P, D>]) {
    refusals_among(context, planned, planned.len());
}

/// The same of some of so many pools.
pub(in crate::cli) fn refusals_among<'a, P: 'a, D: AsRef<ManifestPool> + 'a>(
    context: &Context,
    planned: impl IntoIterator<Item = &'a Planned<P, D>>,
    all: usize,
) {
    let mut groups: HashMap<tell::Problem, usize> = HashMap::new();
    let mut told: Vec<(Vec<&ManifestPool>, tell::Problem)> = Vec::new();
    for Planned { desired, plan } in planned {
        let Err(refusal) = plan else { continue };
        let desired = desired.as_ref();
        let words = refusal.words();
        let cause = tell::cause(&words, &desired.file, &desired.pool);
        let group = *groups.entry(cause).or_insert(told.len());
        match told.get_mut(group) {
            Some((pools, _)) => pools.push(desired),
            None => told.push((vec![desired], words)),
        }
    }
    for (pools, (text, help)) in told {
        let (text, help) = match pools.as_slice() {
            // It may begin with its place.
            [alone] if all == 1 || text.starts_with(&alone.file) => (text, help),
            [alone] => (format!("{}: {text}", alone.file), help),
            several => tell::of_several((text, help), several),
        };
        context.ui.error(&text, help.as_deref());
    }
}

/// Prints what became of each pool of a run that was to write, and writes it to the files of `--out`.
pub(in crate::cli) fn outcomes(
    context: &Context,
    outs: &[OutFile],
    kind: RunKind,
    parts: &[RunPart],
    outcomes: &[ApplyOutcome],
    warnings: &[Diagnostic],
) {
    let writing = outcomes.iter().any(ApplyOutcome::has_written);
    let mut outcomes = outcomes.iter();
    let entries = parts.iter().filter_map(|part| match part {
        RunPart::Task(task) => Some(written(context, kind, task, outcomes.next()?, writing)),
        RunPart::Left(planned, end) => Some(entry(planned, kind, *end)),
    });
    let entries: Vec<RunEntry<'_>> = entries.collect();
    if context.is_text() {
        context.ui.result("\n");
    }
    ended(context, outs, &of(kind, &entries, warnings, &[]));
}

/// Prints what became of each pool of a run, and writes it to the files of `--out`.
pub(in crate::cli) fn ended(context: &Context, outs: &[OutFile], run: &Run<'_>) {
    let ui = &context.ui;
    let people = context.is_text();
    let mut is_apart = false;
    for entry in run.entries {
        let end = &entry.end;
        if people && (run.entries.len() == 1 || text::has_more(entry)) {
            let text = text::outcome(entry, ui.columns, &ui.style);
            is_apart |= !text.is_empty();
            ui.result(&text);
        }
        // The errors of pools without a plan are printed in groups.
        if let Some((text, help)) = end.error.as_ref().filter(|_| entry.plan.is_some()) {
            ui.error(text, help.as_deref());
        }
        for (what, command) in &end.next {
            ui.message(&format!("  {:<12} {command}", format!("{what}:")));
        }
    }
    if people {
        let table = text::table(run, &ui.style);
        let gap = if is_apart && !table.is_empty() { "\n" } else { "" };
        ui.result(&format!("{gap}{table}"));
        ui.result(&text::came_to(run, &ui.style));
    }
    publish(context, outs, run);
}

/// What became of a pool that was to be written.
fn written<'a>(
    context: &Context,
    kind: RunKind,
    task: &'a Task,
    outcome: &'a ApplyOutcome,
    writing: bool,
) -> RunEntry<'a> {
    let report = if let ApplyOutcome::Refused(plan) = outcome { &plan.report } else { task.report() };
    let mut entry = RunEntry::planned(report, exit(outcome).code());
    if let ApplyOutcome::Applied(written) | ApplyOutcome::Deviates(written, _) = outcome {
        entry.id = written.pool.as_deref().unwrap_or(entry.id);
    }
    let end = &mut entry.end;
    end.told = tell::told(&context.catalogue, task, outcome, writing);
    end.error = tell::error(kind, task, outcome);
    end.next = tell::next((&context.catalogue, &context.global), kind, task, outcome);
    end.outcome = tell::came_to(outcome);
    if let ApplyOutcome::Stale(movement) = outcome {
        end.movement = Some(movement);
    }
    if let ApplyOutcome::Applied(written) | ApplyOutcome::Deviates(written, _) = outcome {
        end.backup = written.has_backup().then(|| written.backup.display().to_string());
        end.done = written.done.iter().map(|call| call.operation.name).collect();
        end.request_id = written.request_id.as_deref();
        end.movement = Some(&written.movement);
        end.fallen = &written.fallen;
        end.failures = &written.failures;
        end.ids = &written.ids;
    }
    if let ApplyOutcome::Deviates(_, Doubt::Read(deviations) | Doubt::Lost(_, deviations)) = outcome {
        end.deviations = deviations;
    }
    entry
}

/// How a run over this pool alone ends.
pub(in crate::cli) fn exit(outcome: &ApplyOutcome) -> Exit {
    match outcome {
        ApplyOutcome::Unchanged | ApplyOutcome::Applied(_) | ApplyOutcome::NotReached => Exit::Clean,
        ApplyOutcome::Stale(_) => Exit::Stale,
        ApplyOutcome::Refused(_) => Exit::Refused,
        ApplyOutcome::Failed(_) => Exit::Failed,
        ApplyOutcome::Deviates(..) => Exit::Partial,
    }
}
