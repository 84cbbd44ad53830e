//! `poolctl validate`.

use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::cli::Context;
use crate::cli::args::{self, Format, OutFile};
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Loaded};
use crate::cli::fleet::planning::{self, Lookups};
use crate::cli::terminal::show;
use crate::cli::world::disk::SecretUse;
use crate::manifest::{Diagnostic, Severity, in_order};
use crate::plan::{self, Level, Options, Plan};
use crate::report::validation::{self, Validation};
use crate::report::{Style, html};
use crate::rules::{self, Desired, ManifestPool, PoolTag, TagSearch};

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub(in crate::cli) async fn run(context: &Context, args: &args::ValidateArgs) -> Result<Exit, Exit> {
    let (catalogue, require) = (Arc::clone(&context.catalogue), Arc::clone(&context.require));
    let options = context.plain_options();
    let check = move |manifest| {
        let (desired, mut findings) = rules::check_alone(&catalogue, manifest, options.today, &require)?;
        findings.extend(of_new_pool(&catalogue, &options, &desired, &findings));
        match findings.iter().any(|finding| finding.severity == Severity::Error) {
            true => Err(findings),
            false => Ok((desired.subject.into(), findings)),
        }
    };
    let collected = manifests::collect(context, &args.paths, (SecretUse::Withheld, false), check).await?;
    context.spare(&collected.inputs, args.outputs.out.iter().map(|out| out.file.as_path()))?;
    let Loaded { findings, files, names, .. } = collected;
    let findings = in_order(findings);
    let (strict, folder) = (args.strict, show::folder());
    let links = context.links.as_ref();
    let validation =
        Validation { findings: &findings, manifests: files, files: &names, strict, folder, links };
    let form = |format, style: &Style| {
        let text = match format {
            Format::Json => validation::json(&validation, VERSION),
            Format::Html => html::validated(&validation, VERSION),
            Format::Github => validation::github(&validation),
            Format::Sarif => validation::sarif(&validation, VERSION),
            Format::Junit => validation::junit(&validation),
            Format::Codequality => validation::codequality(&validation),
            _ => validation::text(&validation, style),
        };
        show::printed(format, &text).into_owned()
    };
    context.ui.data(&form(context.global.format, &context.ui.style));
    for OutFile { format, file } in &args.outputs.out {
        show::write(context, file.clone(), form(*format, &show::IN_A_FILE));
    }
    Ok(if validation.is_valid() { Exit::Clean } else { Exit::Failed })
}

/// What a plan finds wrong with a pool that is made: the file alone decides what it will be.
fn of_new_pool(
    catalogue: &Catalogue,
    options: &Options,
    desired: &Desired,
    known: &[Diagnostic],
) -> Vec<Diagnostic> {
    let Some(tag) = &desired.tag else { return Vec::new() };
    let search = TagSearch::Absent { namesakes: Vec::new() };
    let subject =
        ManifestPool { tag: Some(PoolTag { search, ..*tag.clone() }.into()), ..desired.subject.clone() };
    let desired = Desired { subject, ..desired.clone() };
    let lookups = Lookups::OfPlans(options.today);
    let live = planning::absent(&desired, plan::needed_to_write(&desired), lookups, catalogue);
    let plan = Plan::new(catalogue, live, &desired, options);
    let is_new = |code: &str| known.iter().all(|finding| finding.code != code);
    let wrong = plan.report.findings.iter().filter(|finding| is_new(&finding.code));
    let diagnostic = |finding: &plan::Finding| {
        let at = finding.origin.as_ref().unwrap_or(&tag.origin).clone();
        let diagnostic = Diagnostic::error(finding.code.clone(), &*finding.text, at, "");
        let diagnostic = finding.help.iter().fold(diagnostic, |diagnostic, help| diagnostic.help(&**help));
        match finding.level {
            Level::Conflict => Some(diagnostic),
            Level::Warning => Some(diagnostic.warning()),
            Level::Risk | Level::Note => None,
        }
    };
    wrong.filter_map(diagnostic).collect()
}
