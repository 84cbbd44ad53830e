//! `poolctl schema`.

use crate::cli::Context;
use crate::cli::exit::Exit;
use crate::report::json_text;
use crate::schema;

pub(in crate::cli) fn run(context: &Context) -> Result<Exit, Exit> {
    let schema = schema::manifest(&context.catalogue);
    context.ui.data(&json_text(&schema));
    Ok(Exit::Clean)
}
