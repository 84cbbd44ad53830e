//! Pools that a file of another tool names.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::document::{self, DocumentId, Json, PathPattern, quoted};
use crate::files::{self, MAX_FILE};
use crate::import::others::{self, OtherTool, ToolFile};
use crate::manifest;
use crate::report;

/// What the file of another tool says, if the command line names one.
pub(super) fn read(context: &Context, args: &args::ImportArgs) -> Result<Option<ToolFile>, Exit> {
    let Some((tool, paths)) = named(args) else { return Ok(None) };
    let documents = paths.iter().map(|path| document(context, tool, path)).collect::<Result<Vec<_>, _>>()?;
    let read = others::read_files(tool, documents).map_err(|(position, error)| {
        let path = paths.get(position).map(|path| name(path)).unwrap_or_default();
        context.ui.fail(Exit::Failed, &format!("{path} {}", error.text), &error.help)
    })?;
    let path = paths.first().map(|path| name(path)).unwrap_or_default();
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

/// The largest file that is read. A state has all resources of a configuration, and few of them are pools.
const LARGEST: u64 = 4 * MAX_FILE;

/// The document in a file, or on standard input.
fn document(context: &Context, tool: OtherTool, path: &Path) -> Result<Json, Exit> {
    let name = name(path);
    let read = if name == STDIN { piped() } else { context.root.read(path, LARGEST) };
    let bytes = read.map_err(|error| {
        let help = files::remedy(&error, "check the file's name, and that this user may read it");
        context.ui.fail(Exit::Failed, &format!("{name} cannot be read: {error}"), &help)
    })?;
    manifest::document(&bytes)
        .map_err(|why| context.ui.fail(Exit::Failed, &format!("{name} {why}"), tool.how_to_save()))
}

/// Standard input as messages name it.
const STDIN: &str = "<stdin>";

/// A file as messages name it.
fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { STDIN.to_owned() } else { path.display().to_string() }
}

/// What is on standard input.
fn piped() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(std::io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20))),
        false => Ok(bytes),
    }
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
    let text = others::leave(&file, &manifests);
    context.ui.note(&format!("\n{}", report::escape_lines(text.trim_end())));
}

/// Whether the command line chooses what is in a branch, or the pool's own settings.
fn is_imported(args: &args::ImportArgs, branch: Option<&str>) -> bool {
    let is_own = |path: &PathPattern| path.as_path().head().is_none_or(|head| !DocumentId::is_branch(head));
    match branch {
        Some(branch) => PathPattern::is_chosen(&document::Path::members([branch]), &args.only, &args.without),
        None => args.only.is_empty() || args.only.iter().any(is_own),
    }
}
