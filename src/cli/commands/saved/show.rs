//! `poolctl show`.

use super::read;
use crate::cli::exit::Exit;
use crate::cli::fleet::planning;
use crate::cli::terminal::show;
use crate::cli::{Context, args};
use crate::report::{Run, RunEntry, RunKind};

pub(in crate::cli) fn run(context: &Context, args: &args::ShowArgs) -> Result<Exit, Exit> {
    let saved = read(context, &args.plan, &args.outputs.out, true)?;
    let ends: Vec<Exit> =
        saved.pools.iter().map(|pool| planning::end(&pool.plan, args.detailed_exitcode)).collect();
    let entries: Vec<RunEntry<'_>> =
        saved.pools.iter().zip(&ends).map(|(pool, end)| RunEntry::planned(&pool.plan, end.code())).collect();
    let run = Run {
        tool_version: &saved.tool_version,
        gone: saved.gone,
        ..show::of(RunKind::Plan, &entries, &saved.diagnostics, &[])
    };
    show::planned(context, &args.outputs.out, &run);
    let gone = if saved.gone.refuses() { Exit::Refused } else { Exit::Clean };
    Ok(Exit::of_fleet(ends.into_iter().chain([gone]), false))
}
