//! `poolctl schema`.

use super::Context;
use super::exit::Exit;
use crate::report::json_text;
use crate::schema;

pub(super) fn run(context: &Context) -> Result<Exit, Exit> {
    let schema = schema::manifest(&context.catalogue);
    context.ui.data(&json_text(&schema));
    Ok(Exit::Clean)
}
