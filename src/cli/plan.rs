//! `poolctl plan`.

use std::path::Path;

use super::connect::Connections;
use super::disk::Secrets;
use super::exit::Exit;
use super::fleet::{self, Depth, Planned};
use super::{Context, args, manifests, show};
use crate::cognito::Reader;
use crate::plan::{Options, Plan};
use crate::report::text;
use crate::rules::Desired;

pub(super) async fn run(context: &Context, args: &args::Plan) -> Result<Exit, Exit> {
    let options = context.options(&args.allow)?;
    let (wanted, warnings) = manifests::load(context, &args.paths, Secrets::Needed).await?;
    let planned = read(context, args.live.as_deref(), wanted, &options, Depth::AsWanted).await?;
    let ends = fleet::ends(&planned, args.detailed_exitcode);
    if args.show_request {
        requests(context, &planned);
    } else {
        show::plans(context, &planned, &ends, &warnings);
    }
    if args.suggest_ignores {
        let plans = planned.iter().filter_map(|planned| planned.plan.as_ref().ok());
        for suggestion in plans.filter_map(|plan| text::suggestion(&context.catalogue, plan)) {
            context.ui.message(&format!("\n{suggestion}"));
        }
    }
    show::refusals(context, &planned);
    Ok(Exit::of_fleet(ends, false))
}

/// Plans every pool, against documents saved in a folder where there is one.
pub(super) async fn read(
    context: &Context,
    folder: Option<&Path>,
    wanted: Vec<Desired>,
    options: &Options,
    depth: Depth,
) -> Result<Vec<Planned>, Exit> {
    if let Some(folder) = folder {
        let readers = wanted.iter().map(|_| Reader::folder(folder)).collect();
        return Ok(fleet::plan(&context.catalogue, options, wanted, readers, depth).await);
    }
    let connections = Connections::new(&context.ui, &context.global).await?;
    let planned = live(context, &connections, wanted, options, depth).await;
    connections.close().await;
    planned
}

async fn live(
    context: &Context,
    connections: &Connections,
    wanted: Vec<Desired>,
    options: &Options,
    depth: Depth,
) -> Result<Vec<Planned>, Exit> {
    let sessions = fleet::sessions(&context.ui, connections, &wanted).await?;
    let readers = sessions.iter().map(|session| session.reader()).collect();
    Ok(fleet::plan(&context.catalogue, options, wanted, readers, depth).await)
}

/// The bodies alone go to standard output, so that they can be piped; the plan is for whoever watches.
fn requests(context: &Context, planned: &[Planned]) {
    let ui = &context.ui;
    let plans: Vec<&Plan> = planned.iter().filter_map(|planned| planned.plan.as_ref().ok()).collect();
    for plan in &plans {
        ui.note(&text::plan(plan, ui.message_style()));
        if plan.is_refused() {
            continue;
        }
        for request in text::request(&context.catalogue, plan) {
            ui.result(&request.body);
            if let Some(masked) = request.masked {
                ui.message(&format!("warning: {masked}"));
            }
        }
    }
    // A request that is not shown needs a word on what would show it.
    if plans.iter().any(|plan| plan.is_refused()) {
        ui.note(&text::summary(&plans, ui.message_style()));
    }
}
