//! Plans in files: keeping one, showing it, applying it.

pub(in crate::cli) mod apply;
pub(in crate::cli) mod keep;
pub(in crate::cli) mod show;
mod text;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use text::PlanText;

use crate::cli::args::typed::is_typed;
use crate::cli::exit::Exit;
use crate::cli::{Context, args};
use crate::document::DocumentKind;
use crate::files;
use crate::manifest;
use crate::saved::{SavedPlan, Unusable};

/// The largest saved plan, in bytes: a pool takes some 20 kB, and a long message several times its length.
const MAX_BYTES: u64 = 256 << 20;

/// The saved plan among the paths of an apply, if any. Options about manifests cannot be used with it: their
/// effect is part of the plan.
pub(in crate::cli) fn among(context: &Context, args: &args::ApplyArgs) -> Result<Option<PathBuf>, Exit> {
    let paths = &args.paths.paths;
    let Some((file, is_plan)) = paths.iter().find_map(|path| Some((path, begins_as_saved(context, path)?)))
    else {
        return Ok(None);
    };
    // Another kind of document is refused as such, also with more paths.
    if !is_plan {
        return Ok(Some(file.clone()));
    }
    let shown = file.display();
    let refuse = |what: &str, why: &str| {
        let text = format!("{what} cannot be used with the saved plan `{shown}`");
        Err(context.ui.fail(Exit::Usage, &text, why))
    };
    if paths.len() > 1 {
        return refuse("another path", "apply a saved plan alone: it includes its manifests");
    }
    let given = [("allow", !args.allow.allow.is_empty()), ("var", !args.paths.inputs.var.is_empty())];
    let typed =
        ["var-file", "root", "region", "unknown", "baseline", "released"].map(|long| (long, is_typed(long)));
    if args.keep_going {
        let why = "plan only the pools that can be applied: a saved plan is applied as a whole";
        return refuse("`--keep-going`", why);
    }
    if !args.only.only.is_empty() {
        let why = "plan again with this option, and save that plan: a saved plan is applied as a whole";
        return refuse("`--only`", why);
    }
    let selection = &args.paths.selection;
    if !selection.is_whole() {
        let long = match selection.shard {
            Some(_) => "shard",
            None if selection.exclude.is_empty() => "target",
            None => "exclude",
        };
        let why = "plan again with this option, and save that plan: a saved plan is applied as a whole";
        return refuse(&format!("`--{long}`"), why);
    }
    match given.into_iter().chain(typed).find(|(_, is_given)| *is_given) {
        Some((long, _)) => {
            let why = "remove it, or plan again with it: the saved plan includes its effect";
            refuse(&format!("`--{long}`"), why)
        }
        None => Ok(Some(file.clone())),
    }
}

/// Whether a file is read as a saved plan, and then whether it may be one; otherwise it is another kind of document.
fn begins_as_saved(context: &Context, path: &Path) -> Option<bool> {
    if !path.is_file() {
        return None;
    }
    if PlanText::open(&context.root, path).is_ok_and(|mut text| text.is_saved()) {
        return Some(true);
    }
    if !path.to_string_lossy().ends_with(".json") {
        return None;
    }
    // The kind of a file that is too large follows from its name.
    let Ok(bytes) = context.root.read(path, MAX_BYTES) else { return Some(true) };
    match manifest::recognised(&bytes) {
        Some((DocumentKind::Manifest, _)) => None,
        Some((kind, _)) => Some(matches!(kind, DocumentKind::SavedPlan | DocumentKind::Output)),
        None => Some(true),
    }
}

/// Reads the file of a saved plan, without what only an apply needs if the plan `is_shown`.
fn read(context: &Context, file: &Path, outs: &[args::OutFile], is_shown: bool) -> Result<SavedPlan, Exit> {
    let shown = file.display();
    let own: HashSet<PathBuf> = file.canonicalize().into_iter().collect();
    context.spare(&own, outs.iter().map(|out| out.file.as_path()))?;
    let refuse = |text: String, help: &str| context.ui.fail(Exit::Failed, &text, help);
    let help = "name the file that `poolctl plan --save` wrote";
    if shown.to_string() == "-" {
        return Err(refuse("a saved plan cannot be read from standard input".to_owned(), help));
    }
    // A device has no end, and a pipe may have no beginning.
    let is_file = file.metadata().map_or(true, |metadata| metadata.is_file());
    if !is_file {
        return Err(refuse(format!("`{shown}` is not a regular file"), "name the file of a saved plan"));
    }
    let unreadable =
        |error: io::Error| refuse(format!("cannot read `{shown}`: {error}"), &files::remedy(&error, help));
    let mut text = PlanText::open(&context.root, file).map_err(unreadable)?;
    let read = match is_shown {
        true => SavedPlan::shown(&mut text.parser()),
        false => SavedPlan::read(&mut text.parser()),
    };
    let error = match read {
        Ok(plan) if text.is_literal() => return Ok(plan),
        Ok(_) => Unusable::Foreign,
        Err(error) => error,
    };
    let bytes = context.root.read(file, MAX_BYTES).map_err(unreadable)?;
    let error = error.of_text(&bytes);
    Err(refuse(format!("`{shown}` {error}"), &error.help()))
}

/// The endpoint that is called in place of Amazon's, as the command line or the environment says; a password in
/// it is left out.
fn endpoint(context: &Context) -> Option<String> {
    if context.global.sandbox.is_some() {
        return None;
    }
    let variables = ["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "AWS_ENDPOINT_URL"];
    let inherited =
        || variables.iter().find_map(|name| std::env::var(name).ok().filter(|url| !url.is_empty()));
    let url = context.global.endpoint_url.clone().or_else(inherited)?;
    let url = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            format!("{scheme}://{host}/{path}")
        }
        None => url,
    };
    Some(url.trim_end_matches('/').to_owned())
}
