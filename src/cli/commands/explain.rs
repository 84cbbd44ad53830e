//! `poolctl explain`.

use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::explain;
use crate::report::{self, json, text};

pub(in crate::cli) fn run(context: &Context, args: &args::ExplainArgs) -> Result<Exit, Exit> {
    let ui = &context.ui;
    let pages = match &args.topic {
        None => vec![explain::index(&context.catalogue)],
        Some(topic) => explain::explain(&context.catalogue, topic).map_err(|miss| {
            ui.error(&report::escape(&miss.text), Some(&report::escape(&miss.help)));
            Exit::Usage
        })?,
    };
    if !context.is_text() {
        let document = json::pages(&pages, env!("CARGO_PKG_VERSION"));
        ui.data(&report::json_text(&document));
    } else {
        ui.result(&text::pages(&pages, &ui.style));
    }
    Ok(Exit::Clean)
}
