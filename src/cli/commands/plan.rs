//! `poolctl plan`.

use std::path::Path;
use std::sync::Arc;

use crate::cli::commands::saved::keep::{self, Keeping};
use crate::cli::exit::Exit;
use crate::cli::fleet::baseline::Baseline;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load};
use crate::cli::fleet::only;
use crate::cli::fleet::planning::{self, Depth, KeepPlan, KeptManifest, Planning};
use crate::cli::fleet::pools::{Planned, Unreachable};
use crate::cli::fleet::unmatched;
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::cli::{Context, args};
use crate::cognito::Reader;
use crate::plan::{Plan, PlanReport};
use crate::report::{self, Run, RunKind, text};
use crate::rules::ManifestPool;
use crate::saved::SavedPart;

/// What is kept of a plan.
struct Kept {
    plan: KeptPlan,
    /// What `--save` writes of it.
    part: Option<SavedPart>,
}

enum KeptPlan {
    Report(Box<PlanReport>),
    /// The documents too, which the requests need.
    Whole(Box<Plan>),
}

impl Kept {
    fn whole(&self) -> Option<&Plan> {
        if let KeptPlan::Whole(plan) = &self.plan { Some(plan) } else { None }
    }
}

impl AsRef<PlanReport> for Kept {
    fn as_ref(&self) -> &PlanReport {
        match &self.plan {
            KeptPlan::Report(report) => report,
            KeptPlan::Whole(plan) => &plan.report,
        }
    }
}

/// What is kept of each plan, for a saved plan too and for the requests if `is_whole`.
fn kept(keeping: Option<Arc<Keeping>>, is_whole: bool) -> KeepPlan<Kept> {
    Arc::new(move |sharing, plan| {
        let part = keeping.as_ref().and_then(|keeping| keeping.part(&plan));
        let plan = match is_whole {
            true => KeptPlan::Whole(Box::new(plan)),
            false => KeptPlan::Report(Box::new(plan.report.compact(sharing))),
        };
        Kept { plan, part }
    })
}

pub(in crate::cli) async fn run(context: &Context, args: &args::PlanArgs) -> Result<Exit, Exit> {
    let options = context.options(&args.allow)?;
    let outs = &args.outputs.out;
    context.spare_saved(args.live.as_deref(), outs)?;
    if let Some(file) = &args.save {
        keep::check(context, file, outs)?;
    }
    let keeping = args.save.as_ref().map(|_| Arc::new(Keeping::new(&context.catalogue)));
    let check = keep::checking(keeping.clone(), context.check());
    // A saved plan is applied later, and a request is sent by others.
    let has_requests = args.save.is_some() || args.show_request;
    let secrets = if has_requests { SecretUse::Needed } else { SecretUse::IfThere };
    let as_texts = args.only.only.is_empty();
    let load = Load { save: args.save.as_deref(), secrets, as_texts, ..Load::of(RunKind::Plan, outs) };
    let mut loaded = manifests::load_with(context, &args.paths, load, check).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &mut loaded).await?;
    let (mut wanted, mut findings) = loaded.wanted();
    baseline.judge_too(&mut wanted);
    only::select(context, &args.only, RunKind::Plan, &mut wanted)?;
    // A saved plan is applied later with both documents; a baseline and the values may concern either.
    let is_whole = args.save.is_some() || args.since.baseline.is_some() || args.planned_values;
    let depth = if is_whole { Depth::Whole } else { Depth::AsWanted };
    let gone = baseline.gone;
    let planning = Planning {
        context,
        options: &options,
        depth,
        baseline: Arc::new(baseline),
        planned_values: args.planned_values,
        keep: kept(keeping.clone(), args.show_request),
    };
    let planned: Vec<Planned<Kept, ManifestPool>> = read(&planning, args.live.as_deref(), wanted).await?;
    findings.extend(unmatched::warning(context, &args.paths, &planned));
    let mut ends = planning::ends(&planned, args.detailed_exitcode);
    let entries = show::entries(&planned, &ends, RunKind::Plan);
    let run = Run { gone, ..show::of(RunKind::Plan, &entries, &findings, &[]) };
    let plans: Vec<&Kept> = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).collect();
    let whole: Vec<&Plan> = plans.iter().filter_map(|kept| kept.whole()).collect();
    if args.show_request {
        requests(context, &whole, planned.len());
        show::files(context, outs, &run);
    } else {
        show::planned(context, outs, &run);
    }
    if args.suggest_ignores {
        show::suggestions(context, plans.iter().map(|kept| (*kept).as_ref()));
    }
    show::refusals(context, &planned);
    show::unused_allows(context, &planned, &options.allows);
    show::withheld(context, &planned, |_| true);
    ends.extend(gone.refuses().then_some(Exit::Refused));
    if let (Some(keeping), Some(file)) = (keeping, &args.save) {
        let parts: Vec<&SavedPart> = plans.iter().filter_map(|kept| kept.part.as_ref()).collect();
        keeping.save(context, file, &run, &parts, &options);
    }
    Ok(Exit::of_fleet(ends, false))
}

/// Plans every pool, against saved documents if a folder is given.
pub(in crate::cli) async fn read<P: Send + 'static, D: KeptManifest>(
    planning: &Planning<'_, P>,
    folder: Option<&Path>,
    wanted: Vec<WaitingManifest>,
) -> Result<Vec<Planned<P, D>>, Exit> {
    let context = planning.context;
    if let Some(folder) = folder {
        let readers = readers_of(context, folder, &wanted);
        return Ok(planning.plan(wanted, readers).await);
    }
    Connections::within(context, async |connections| {
        let readers = planning::readers(connections, &wanted).await;
        Ok(planning.plan(wanted, readers).await)
    })
    .await
}

/// What reads each pool from a folder of saved documents.
pub(in crate::cli) fn readers_of(
    context: &Context,
    folder: &Path,
    wanted: &[WaitingManifest],
) -> Vec<Result<Reader, Unreachable>> {
    let reader = Reader::folder(folder, &context.root);
    wanted.iter().map(|_| Ok(reader.clone())).collect()
}

/// The bodies alone go to standard output, so that they can be piped; the plan is for whoever watches.
fn requests(context: &Context, plans: &[&Plan], all: usize) {
    let ui = &context.ui;
    if context.global.format != args::Format::Text {
        let text =
            "note: `--format` has no effect beside `--show-request`; `--out FORMAT=FILE` writes the plan";
        ui.note(text);
    }
    let is_refused = |plan: &Plan| plan.report.is_refused();
    let count: usize = plans.iter().filter(|plan| !is_refused(plan)).map(|plan| plan.steps.len()).sum();
    let mut number = 0;
    for plan in plans {
        ui.aside(&text::plan(&plan.report, &ui.message_style));
        if is_refused(plan) {
            let pool = report::escape(&plan.report.pool.id);
            ui.note(&format!("note: the plan of {pool} is blocked, so it has no request to show"));
            continue;
        }
        for request in text::request(&context.catalogue, plan) {
            number += 1;
            let which = if count == 1 { String::new() } else { format!(" {number} of {count}") };
            let command = request.operation.command();
            let pool = report::escape(&plan.report.pool.id);
            ui.prose(&format!(
                "Request{which} for {pool}, as `{command} --cli-input-json file://FILE` takes it:"
            ));
            ui.result(&request.body);
            for warning in [request.masked, request.refused].into_iter().flatten() {
                ui.message(&format!("warning: {warning}"));
            }
        }
    }
    if !plans.is_empty() {
        let reports: Vec<&PlanReport> = plans.iter().map(|plan| &plan.report).collect();
        ui.aside(&text::summary(&reports, all, &ui.message_style));
    }
}
