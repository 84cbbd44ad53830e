//! `poolctl explain`.

use super::exit::Exit;
use super::{Context, args};
use crate::explain;
use crate::report::{self, text};

pub(super) fn run(context: &Context, args: &args::Explain) -> Result<Exit, Exit> {
    let ui = &context.ui;
    if context.is_json() {
        ui.error("`explain` prints text and nothing else", Some("say `--format text`"));
        return Err(Exit::Usage);
    }
    let pages = match &args.topic {
        None => vec![explain::index(&context.catalogue)],
        Some(topic) => explain::explain(&context.catalogue, topic).map_err(|miss| {
            ui.error(&report::escape(&miss.text), Some(&report::escape(&miss.help)));
            Exit::Usage
        })?,
    };
    ui.result(&text::pages(&pages, ui.style()));
    Ok(Exit::Clean)
}
