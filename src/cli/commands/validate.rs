//! `poolctl validate`.

use crate::cli::Context;
use crate::cli::args::{self, Format, OutFile};
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Loaded};
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::manifest::in_order;
use crate::report::Style;
use crate::report::validation::{self, Validation};
use crate::rules;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(in crate::cli) async fn run(context: &Context, args: &args::ValidateArgs) -> Result<Exit, Exit> {
    let (catalogue, today) = (&context.catalogue, context.today());
    let check = |manifest| rules::check_alone(catalogue, manifest, today, &context.require);
    let collected = manifests::collect(context, &args.paths, SecretUse::Withheld, check).await?;
    context.spare(&collected.inputs, args.outputs.out.iter().map(|out| out.file.as_path()))?;
    let Loaded { findings, files, .. } = collected;
    let findings = in_order(findings);
    let validation =
        Validation { findings: &findings, manifests: files, strict: args.strict, folder: show::folder() };
    let form = |format, style: &Style| {
        let text = match format {
            Format::Json => validation::json(&validation, VERSION),
            Format::Github => validation::github(&validation),
            Format::Sarif => validation::sarif(&validation, VERSION),
            _ => validation::text(&validation, style),
        };
        show::printed(format, text)
    };
    context.ui.data(&form(context.global.format, &context.ui.style));
    for OutFile { format, file } in &args.outputs.out {
        show::write(context, file.clone(), form(*format, &show::IN_A_FILE));
    }
    Ok(if validation.is_valid() { Exit::Clean } else { Exit::Failed })
}
