//! `poolctl plan`.

use std::path::Path;

use crate::cli::commands::saved::keep;
use crate::cli::exit::Exit;
use crate::cli::fleet::baseline::Baseline;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::planning::{self, Depth, Keep, Planning};
use crate::cli::fleet::pools::Planned;
use crate::cli::terminal::show;
use crate::cli::{Context, args};
use crate::cognito::Reader;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::report::{self, Run, RunEntry, RunKind, text};
use crate::rules::Desired;

pub(in crate::cli) async fn run(context: &Context, args: &args::PlanArgs) -> Result<Exit, Exit> {
    let options = context.options(&args.allow)?;
    let outs = &args.outputs.out;
    context.spare_saved(args.live.as_deref(), outs)?;
    if let Some(file) = &args.save {
        keep::check(context, file, outs)?;
    }
    let kept = keep::Manifests::default();
    let check = |manifest: Manifest| match args.save {
        Some(_) => kept.check(context, manifest),
        None => context.wants(manifest),
    };
    let load = Load { save: args.save.as_deref(), ..Load::of(RunKind::Plan, outs) };
    let Loaded { wanted, mut warnings, declared } =
        manifests::load_with(context, &args.paths, load, check).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &declared).await?;
    warnings.extend(baseline.iter().flat_map(|baseline| baseline.diagnostics.iter().cloned()));
    // A saved plan is applied later with both documents; a baseline may concern either.
    let is_whole = args.save.is_some() || baseline.is_some();
    let depth = if is_whole { Depth::Whole } else { Depth::AsWanted };
    let keep = if args.save.is_some() || args.show_request { Keep::Documents } else { Keep::Told };
    let how = Planning { options: &options, depth, keep, baseline: baseline.as_ref() };
    let planned = read(context, args.live.as_deref(), wanted, how).await?;
    let mut ends = planning::ends(&planned, args.detailed_exitcode);
    let entries: Vec<RunEntry<'_>> =
        planned.iter().zip(&ends).map(|(planned, end)| show::entry(planned, RunKind::Plan, *end)).collect();
    let gone = baseline.as_ref().map(|baseline| baseline.gone).unwrap_or_default();
    let run = Run { gone, ..show::of(RunKind::Plan, &entries, &warnings, &[]) };
    if args.show_request {
        requests(context, &planned);
        show::files(context, outs, &run);
    } else {
        show::planned(context, outs, &run);
    }
    if args.suggest_ignores {
        show::suggestions(context, planned.iter().filter_map(|planned| planned.plan.as_ref().ok()));
    }
    show::refusals(context, &planned);
    ends.extend(gone.refuses().then_some(Exit::Refused));
    if let Some(file) = &args.save {
        kept.save(context, file, &run, &options)?;
    }
    Ok(Exit::of_fleet(ends, false))
}

/// Plans every pool, against saved documents if a folder is given.
pub(in crate::cli) async fn read(
    context: &Context,
    folder: Option<&Path>,
    wanted: Vec<Desired>,
    how: Planning<'_>,
) -> Result<Vec<Planned>, Exit> {
    if let Some(folder) = folder {
        let readers = wanted.iter().map(|_| Ok(Reader::folder(folder, &context.root))).collect();
        return Ok(planning::plan(context, how, wanted, readers).await);
    }
    let connections = Connections::new(context).await?;
    let readers = planning::readers(&connections, &wanted).await;
    let planned = planning::plan(context, how, wanted, readers).await;
    connections.close().await;
    Ok(planned)
}

/// The bodies alone go to standard output, so that they can be piped; the plan is for whoever watches.
fn requests(context: &Context, planned: &[Planned]) {
    let ui = &context.ui;
    let plans: Vec<&Plan> = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).collect();
    let count: usize = plans.iter().filter(|plan| !plan.is_refused()).map(|plan| plan.steps.len()).sum();
    let mut number = 0;
    for plan in &plans {
        ui.aside(&text::plan(plan, ui.message_style()));
        if plan.is_refused() {
            continue;
        }
        for request in text::request(&context.catalogue, plan) {
            number += 1;
            let which = if count == 1 { String::new() } else { format!(" {number} of {count}") };
            let command = request.operation.command();
            let pool = report::escape(&plan.pool.id);
            ui.note(&format!(
                "Request{which} for {pool}, as `{command} --cli-input-json file://FILE` takes it:"
            ));
            ui.result(&request.body);
            for warning in [request.masked, request.refused].into_iter().flatten() {
                ui.message(&format!("warning: {warning}"));
            }
        }
    }
    if !plans.is_empty() {
        ui.aside(&text::summary(&plans, planned.len(), ui.message_style()));
    }
}
