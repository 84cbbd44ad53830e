//! `poolctl ignore add`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::disk::{Disk, Secrets, Written};
use super::exit::Exit;
use super::manifests::{self, Read};
use super::{Context, args};
use crate::files::Root;
use crate::manifest::write::{Entry, Yaml};
use crate::manifest::{self, Editor, Manifest, Severity, Term, in_order, yaml};
use crate::{report, rules};

pub(super) async fn add(context: &Context, args: &args::IgnoreAdd) -> Result<Exit, Exit> {
    let ui = &context.ui;
    let usage = |text: &str, help: &str| {
        ui.error(text, Some(help));
        Err(Exit::Usage)
    };
    if args.paths.paths.iter().any(|path| path.as_os_str() == "-") {
        return usage("standard input cannot be written back", "name the manifest's file");
    }
    if args.reason.trim().is_empty() {
        return usage("the reason is empty", "say who manages the setting, as `--reason 'owned by billing'`");
    }
    if let Term::Past(until) = Term::of(args.until, context.today()) {
        let text = format!("{until} is over: the entry would hold for no day");
        return usage(&text, "give a later `--until`, or none");
    }
    let (read, _) = manifests::selected(context, &args.paths, Secrets::Withheld).await?;
    let Read { manifests, findings, .. } = read;
    if manifests.len() > 1 && args.paths.paths.iter().any(|path| path.is_dir()) {
        let text = format!("{} manifests could ignore `{}`", manifests.len(), args.setting);
        return usage(&report::escape(&text), "name those that are to, file by file");
    }
    let mut texts = BTreeMap::new();
    for manifest in &manifests {
        let text = edited(&context.root, args, manifest).ok_or_else(|| {
            let text = format!("`{}` is laid out in a way that is not edited here", manifest.file);
            let entry = yaml(args);
            let help = format!("add this by hand:\n{}", manifest::write::to_string(&entry).trim_end());
            ui.error(&report::escape(&text), Some(&help));
            Exit::Failed
        })?;
        texts.insert(manifest.file.clone(), text);
    }
    let disk = Disk::new(&args.paths.inputs, Secrets::Withheld).map_err(|_| Exit::Failed)?;
    let beside = Written { disk: &disk, files: &texts };
    let mut wrong = findings;
    for (file, text) in &texts {
        let checked = manifest::load_with(file, text.as_bytes(), &beside)
            .and_then(|manifest| rules::check(&context.catalogue, manifest));
        wrong.extend(checked.err().unwrap_or_default());
    }
    wrong.retain(|finding| finding.severity == Severity::Error);
    if !wrong.is_empty() {
        ui.diagnostics(&in_order(wrong));
        ui.note("Nothing was written.");
        return Err(Exit::Failed);
    }
    let written: Vec<(PathBuf, String)> =
        texts.into_iter().map(|(file, text)| (PathBuf::from(file), text)).collect();
    context.root.write(&written, true).map_err(|error| {
        ui.error(&report::escape(&error.message()), Some(&error.help()));
        Exit::Failed
    })?;
    for (file, _) in &written {
        ui.result(&format!("{}: ignores {}\n", file.display(), report::escape(&args.setting.to_string())));
    }
    Ok(Exit::Clean)
}

/// The manifest's own text with the entry in it.
fn edited(root: &Root, args: &args::IgnoreAdd, manifest: &Manifest) -> Option<String> {
    let text = root.read_text(Path::new(&manifest.file)).ok()?;
    let (tree, _) = yaml::parse(&manifest.file, text.as_bytes()).ok()?;
    let mut editor = Editor::new(&text, &tree);
    editor.append("ignore", &element(args))?;
    editor.finish()
}

fn element(args: &args::IgnoreAdd) -> Yaml {
    let mut entries = vec![
        Entry::new("path", args.setting.to_string().as_str()),
        Entry::new("reason", args.reason.as_str()),
    ];
    entries.extend(args.until.iter().map(|until| Entry::new("until", until.to_string().as_str())));
    Yaml::Mapping(entries)
}

fn yaml(args: &args::IgnoreAdd) -> Yaml {
    Yaml::Mapping(vec![Entry::new("ignore", Yaml::Sequence(vec![element(args)]))])
}
