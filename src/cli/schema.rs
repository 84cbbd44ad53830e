//! `poolctl schema`.

use super::Context;
use super::exit::Exit;
use crate::schema;

pub(super) fn run(context: &Context) -> Result<Exit, Exit> {
    let schema = schema::manifest(&context.catalogue);
    context.ui.result(&format!("{schema:#}\n"));
    Ok(Exit::Clean)
}
