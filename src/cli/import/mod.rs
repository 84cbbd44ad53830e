//! `poolctl import`.

mod files;
mod pools;

use std::path::PathBuf;

use super::exit::Exit;
use super::tell::{connection_flags, quoted};
use super::{Context, args, manifests};
use crate::document::Path;
use crate::import::{self, Draft, Frame};
use crate::manifest::{self, similar};
use crate::plan::Plan;
use crate::report::{self, text};
use crate::rules::{self, Desired};
use files::Target;
use pools::Imported;

pub(super) async fn run(context: &Context, args: &args::Import) -> Result<Exit, Exit> {
    let pools = pools::read(context, args).await?;
    chosen(context, args, &pools)?;
    let target = files::target(&args.output, &pools).map_err(|(text, help)| {
        context.ui.error(&text, Some(help));
        Exit::Usage
    })?;
    let files = match target {
        Target::Stdout => return print(context, args, &pools[0]),
        Target::Files(files) => files,
    };
    let drafts: Vec<Draft> = pools
        .iter()
        .zip(&files)
        .map(|(pool, file)| draft(context, args, pool, files::schema(file), Some(files::templates(file))))
        .collect();
    let contents: Vec<(PathBuf, String)> = drafts.iter().zip(&files).flat_map(contents).collect();
    files::write(&contents, args.force).map_err(|(text, help)| {
        context.ui.error(&text, Some(&help));
        Exit::Failed
    })?;
    for (file, _) in &contents {
        context.ui.result(&format!("{}\n", file.display()));
    }
    for (draft, file) in drafts.iter().zip(&files) {
        tell(context, &file.display().to_string(), draft);
    }
    let inputs = args::Inputs { var: Vec::new(), var_file: Vec::new(), root: None };
    let (wanted, _) = manifests::load(context, &args::Paths { paths: files.clone(), inputs }).await?;
    let end = planned(context, &wanted, pools, true);
    if end == Exit::Clean {
        let paths: Vec<String> = files.iter().map(|file| quoted(&file.display().to_string())).collect();
        let flags = if args.from.is_some() { String::new() } else { connection_flags(&context.global) };
        context.ui.note(&format!("The plan is empty. Next: poolctl plan{flags} {}", paths.join(" ")));
    }
    Ok(end)
}

/// The files of a draft: the manifest, and what it refers to.
fn contents((draft, file): (&Draft, &PathBuf)) -> Vec<(PathBuf, String)> {
    let folder = file.parent().unwrap_or(std::path::Path::new(""));
    let templates =
        draft.templates.iter().map(|template| (folder.join(&template.file), template.text.clone()));
    [(file.clone(), draft.text())].into_iter().chain(templates).collect()
}

/// Prints the manifest of one pool on standard output.
fn print(context: &Context, args: &args::Import, pool: &Imported) -> Result<Exit, Exit> {
    const NAME: &str = "<stdout>";
    let draft = draft(context, args, pool, None, None);
    tell(context, NAME, &draft);
    let text = draft.text();
    context.ui.result(&text);
    let checked =
        manifest::load(NAME, text.as_bytes()).and_then(|manifest| rules::check(&context.catalogue, manifest));
    let (desired, _) = checked.map_err(|errors| {
        context.ui.message(&report::diagnostics(&errors, context.ui.message_style()));
        Exit::Failed
    })?;
    Ok(planned(context, &[desired], vec![pool.clone()], false))
}

/// Refuses paths that are no settings, and that no pool has.
fn chosen(context: &Context, args: &args::Import, pools: &[Imported]) -> Result<(), Exit> {
    for (option, path) in args
        .only
        .iter()
        .map(|path| ("--only", path))
        .chain(args.without.iter().map(|path| ("--without", path)))
    {
        if pools.iter().any(|pool| import::is_known(&context.catalogue, &pool.live, path)) {
            continue;
        }
        let help = close(context, path).map(|close| format!("did you mean `{close}`?"));
        let help = help.unwrap_or_else(|| "`poolctl explain` lists the settings".to_owned());
        context.ui.error(&format!("`{option} {path}` names no setting"), Some(&report::escape(&help)));
        return Err(Exit::Usage);
    }
    Ok(())
}

/// The path that was most likely meant.
fn close(context: &Context, path: &Path) -> Option<Path> {
    let word = path.segs().last()?.to_string();
    let name = similar(&word, context.catalogue.siblings(path))?;
    Some(path.parent()?.member(name))
}

fn draft(
    context: &Context,
    args: &args::Import,
    pool: &Imported,
    schema: Option<String>,
    templates: Option<String>,
) -> Draft {
    let (id, region, account) = (pool.id.clone(), pool.region.clone(), pool.account.clone());
    let frame = Frame { pool: id, region, account, schema };
    let options = import::Options {
        full: args.full,
        only: args.only.clone(),
        without: args.without.clone(),
        templates,
    };
    import::draft(&context.catalogue, &pool.live, &frame, &options)
}

/// Says what became of settings that are not simply in the manifest.
fn tell(context: &Context, file: &str, draft: &Draft) {
    for note in &draft.notes {
        let word = if note.warns { "warning" } else { "note" };
        context.ui.note(&format!(
            "{word}: {file}: `{}` {}",
            report::escape(&note.path.to_string()),
            report::escape(&note.text)
        ));
    }
}

/// Plans every manifest against the documents that it was made from, and says what differs.
fn planned(context: &Context, wanted: &[Desired], pools: Vec<Imported>, written: bool) -> Exit {
    let ui = &context.ui;
    let Ok(options) = context.options(&args::Allow { allow: Vec::new() }) else { return Exit::Usage };
    let mut plans = Vec::new();
    for pool in pools {
        let desired = wanted.iter().find(|desired| desired.pool == pool.id);
        plans.extend(desired.map(|desired| Plan::new(&context.catalogue, pool.live, desired, &options)));
    }
    plans.retain(|plan| !plan.changes.is_empty() || plan.is_refused());
    if plans.is_empty() {
        return Exit::Clean;
    }
    ui.message(&text::plans(&plans.iter().collect::<Vec<_>>(), ui.message_style()));
    let stay = if written { "; the files stay as they are" } else { "" };
    ui.error(
        &format!("what was imported is not what the pool is{stay}"),
        Some(
            "delete the lines that the plan names: what a manifest does not name stays as it is in the pool",
        ),
    );
    Exit::Failed
}
