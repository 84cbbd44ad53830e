//! `poolctl render`.

use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Read};
use crate::cli::world::disk::SecretUse;
use crate::cli::{Context, args};
use crate::manifest::{Manifest, Severity, in_order};
use crate::report::{self, Literals};
use crate::rules;

pub(in crate::cli) async fn run(context: &Context, args: &args::RenderArgs) -> Result<Exit, Exit> {
    let Context { ui, catalogue, .. } = context;
    let (read, _) = manifests::selected(context, &args.paths, SecretUse::Withheld).await?;
    let Read { manifests, mut findings, .. } = read;
    let manifests: Vec<Manifest> = manifests.into_iter().map(|manifest| *manifest).collect();
    for manifest in &manifests {
        findings
            .extend(rules::check(catalogue, manifest.clone()).map_or_else(|errors| errors, |(_, told)| told));
    }
    let findings = in_order(findings);
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        ui.diagnostics(&findings);
        return Err(Exit::Failed);
    }
    let literals = Literals::of(catalogue, &manifests);
    for (position, manifest) in manifests.iter().enumerate() {
        if manifests.len() > 1 {
            let end = if position > 0 { "---\n" } else { "" };
            ui.data(&format!("{end}# {}\n", report::escape(&manifest.file)));
        }
        ui.data(&report::render(catalogue, manifest, args.sources, &literals));
    }
    Ok(Exit::Clean)
}
