//! `poolctl plan`.

use super::connect::Connections;
use super::exit::Exit;
use super::fleet::{self, Planned};
use super::{Context, args, manifests, show};
use crate::cognito::Reader;
use crate::report::text;
use crate::rules::Desired;

pub(super) async fn run(context: &Context, args: &args::Plan) -> Result<Exit, Exit> {
    let ui = &context.ui;
    let (wanted, warnings) = manifests::load(context, &args.paths.paths).await?;
    let planned = match &args.live {
        Some(dir) => {
            let readers = wanted.iter().map(|_| Reader::folder(dir)).collect();
            fleet::plan(&context.catalogue, context.unknown(), wanted, readers).await
        }
        None => {
            let connections = Connections::new(ui, &context.global).await?;
            let planned = live(context, &connections, wanted).await;
            connections.close().await;
            planned?
        }
    };
    let ends = fleet::ends(&planned, args.detailed_exitcode);
    if args.show_request {
        requests(context, &planned);
    } else {
        show::plans(context, &planned, &ends, &warnings);
    }
    show::refusals(context, &planned);
    Ok(Exit::of_fleet(ends, false))
}

async fn live(
    context: &Context,
    connections: &Connections,
    wanted: Vec<Desired>,
) -> Result<Vec<Planned>, Exit> {
    let sessions = fleet::sessions(&context.ui, connections, &wanted).await?;
    let readers = sessions.iter().map(|session| session.reader()).collect();
    Ok(fleet::plan(&context.catalogue, context.unknown(), wanted, readers).await)
}

/// The bodies alone go to standard output, so that they can be piped; the plan is for whoever watches.
fn requests(context: &Context, planned: &[Planned]) {
    let ui = &context.ui;
    for plan in planned.iter().filter_map(|planned| planned.plan.as_ref().ok()) {
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
}
