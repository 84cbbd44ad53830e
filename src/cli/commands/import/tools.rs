//! Pools that a file of another tool names.

use std::path::PathBuf;

use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::document::{DocumentId, Json, Path, PathPattern, quoted};
use crate::files::{self, MAX_FILE};
use crate::import::others::{self, OtherTool, ToolFile};
use crate::manifest;
use crate::report;

/// What the file of another tool says, if the command line names one.
pub(super) fn read(context: &Context, args: &args::ImportArgs) -> Result<Option<ToolFile>, Exit> {
    let Some((tool, paths)) = named(args) else { return Ok(None) };
    let documents = paths.iter().map(|path| document(context, tool, path)).collect::<Result<Vec<_>, _>>()?;
    let read = others::read_files(tool, documents).map_err(|(position, error)| {
        let path = paths.get(position).map(|path| path.display().to_string()).unwrap_or_default();
        context.ui.fail(Exit::Failed, &format!("{path} {}", error.text), &error.help)
    })?;
    let path = paths.first().map(|path| path.display().to_string()).unwrap_or_default();
    for note in &read.notes {
        context.ui.note_escaped(&format!("warning: {path} {note}"));
    }
    for pool in read.pools().iter().filter(|pool| !read.owns(pool)) {
        context.ui.note_escaped(&format!(
            "note: {path} does not have the pool {pool} itself, but parts of it: choose what to import with `--only`"
        ));
    }
    Ok(Some(read))
}

/// The tool and its files.
fn named(args: &args::ImportArgs) -> Option<(OtherTool, Vec<PathBuf>)> {
    let terraform = args.from_terraform.clone().map(|file| (OtherTool::Terraform, vec![file]));
    let pulumi = || args.from_pulumi.clone().map(|file| (OtherTool::Pulumi, vec![file]));
    let stack = args.from_cloudformation.clone();
    let stack = || Some((OtherTool::CloudFormation, stack)).filter(|(_, files)| !files.is_empty());
    terraform.or_else(pulumi).or_else(stack)
}

fn document(context: &Context, tool: OtherTool, path: &PathBuf) -> Result<Json, Exit> {
    let bytes = context.root.read(path, MAX_FILE).map_err(|error| {
        let help = files::remedy(&error, "check the file's name, and that this user may read it");
        context.ui.fail(Exit::Failed, &format!("{} cannot be read: {error}", path.display()), &help)
    })?;
    manifest::document(&bytes).map_err(|why| {
        context.ui.fail(Exit::Failed, &format!("{} {why}", path.display()), tool.how_to_save())
    })
}

/// Prints how the tool lets go of what was imported.
pub(super) fn tell(context: &Context, args: &args::ImportArgs, mut file: ToolFile) {
    let manifests = match args.output.to_str() {
        Some("-") => "pools".to_owned(),
        _ => quoted(&args.output.display().to_string()),
    };
    file.resources.retain(|resource| is_imported(args, resource.branch));
    if file.resources.is_empty() {
        return;
    }
    context.ui.note("");
    context.ui.note(report::escape_lines(&others::leave(&file, &manifests)).trim_end());
}

/// Whether the command line chooses what is in a branch, or the pool's own settings.
fn is_imported(args: &args::ImportArgs, branch: Option<&str>) -> bool {
    let is_own = |path: &PathPattern| path.as_path().head().is_none_or(|head| !DocumentId::is_branch(head));
    match branch {
        Some(branch) => PathPattern::is_chosen(&Path::members([branch]), &args.only, &args.without),
        None => args.only.is_empty() || args.only.iter().any(is_own),
    }
}
