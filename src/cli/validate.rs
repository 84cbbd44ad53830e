//! `poolctl validate`.

use super::args::Format;
use super::disk::Secrets;
use super::exit::Exit;
use super::manifests::{self, Collected};
use super::{Context, args};
use crate::manifest::in_order;
use crate::report::validation::{self, Validation};
use crate::rules;

pub(super) async fn run(context: &Context, args: &args::Validate) -> Result<Exit, Exit> {
    let (catalogue, today) = (&context.catalogue, context.today());
    let check = |manifest| rules::check_alone(catalogue, manifest, today);
    let collected = manifests::collect(context, &args.paths, Secrets::Withheld, check).await?;
    let Collected { findings, files, .. } = collected;
    let findings = in_order(findings);
    let validation = Validation { findings: &findings, manifests: files, strict: args.strict };
    let version = env!("CARGO_PKG_VERSION");
    context.ui.result(&match context.global.format {
        Format::Text => validation::text(&validation, context.ui.style()),
        Format::Json => validation::json(&validation, version),
        Format::Github => validation::github(&validation),
        Format::Sarif => validation::sarif(&validation, version),
    });
    Ok(if validation.is_valid() { Exit::Clean } else { Exit::Failed })
}
