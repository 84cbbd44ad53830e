//! `poolctl ignore add`.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};

use crate::adopt;
use crate::catalogue::Catalogue;
use crate::cli::commands::adopt as look;
use crate::cli::exit::Exit;
use crate::cli::fleet::manifests::{self, Read};
use crate::cli::fleet::planning::Depth;
use crate::cli::world::disk::{Disk, DiskAfter, SecretUse};
use crate::cli::{Context, args};
use crate::document::Path;
use crate::files::Root;
use crate::manifest::write::{CommentedEntry, Yaml};
use crate::manifest::{self, Editor, Located, Manifest, Severity, Term, in_order, similar, yaml};
use crate::{report, rules};

/// A manifest, and the settings that it is to leave to others.
type Additions = Vec<(Manifest, Vec<Path>)>;

pub(in crate::cli) async fn add(context: &Context, args: &args::IgnoreAddArgs) -> Result<Exit, Exit> {
    check(context, args)?;
    let (settings, paths) = sorted(context, args)?;
    let additions = match args.undeclared {
        true => undeclared(context, args, &paths).await?,
        false => named(context, &paths, settings).await?,
    };
    free(context, &additions)?;
    let texts = edited(context, args, &additions)?;
    prove(context, &paths, &texts)?;
    let written: Vec<(PathBuf, Vec<u8>)> =
        texts.into_iter().map(|(file, text)| (PathBuf::from(file), text)).collect();
    let written = context.root.write(&written, true);
    written.map_err(|error| context.ui.fail(Exit::Failed, &error.message(), &error.help()))?;
    for (manifest, settings) in &additions {
        for setting in settings {
            let setting = setting.to_string();
            context.ui.result(&format!("{}: ignores {}\n", manifest.file, report::escape(&setting)));
        }
    }
    if args.undeclared && additions.is_empty() {
        context.ui.note("Nothing to ignore: no unmanaged setting counts as drift.");
    }
    Ok(Exit::Clean)
}

/// Refuses a command line that no manifest can follow.
fn check(context: &Context, args: &args::IgnoreAddArgs) -> Result<(), Exit> {
    let usage = |text: &str, help: &str| Err(context.ui.fail(Exit::Usage, text, help));
    if args.words.iter().any(|word| word.as_os_str() == "-") {
        return usage("a manifest from standard input cannot be changed", "name the manifest's file");
    }
    if args.reason.trim().is_empty() {
        let help = "name who manages the setting, such as `--reason 'owned by billing'`";
        return usage("the reason is empty", help);
    }
    if let Term::Past(until) = Term::of(args.until, context.today()) {
        let text = format!("`--until {until}` is in the past: the entry would have no effect");
        return usage(&text, "set a later `--until`, or leave it out");
    }
    if args.live.is_some() && !args.undeclared {
        let text = "`--live` has no effect on settings that are named";
        return usage(text, "remove `--live`, or use `--undeclared`");
    }
    Ok(())
}

/// The settings of a command line, and its manifests.
fn sorted(context: &Context, args: &args::IgnoreAddArgs) -> Result<(Vec<Path>, args::PathArgs), Exit> {
    let usage = |text: &str, help: &str| context.ui.fail(Exit::Usage, text, help);
    let as_printed = "write the setting as `poolctl plan` prints it";
    let (mut settings, mut paths) = (Vec::new(), Vec::new());
    for word in &args.words {
        match word.to_str().filter(|text| is_setting(&context.catalogue, text)) {
            Some(text) => {
                let wrong = |error| usage(&format!("`{text}` is not a setting: {error}"), as_printed);
                settings.push(text.parse::<Path>().map_err(wrong)?);
            }
            None => paths.push(word.clone()),
        }
    }
    if let Some(word) = settings.iter().find(|setting| is_nothing(&context.catalogue, setting)) {
        let text = format!("no setting and no file `{word}` found");
        return Err(usage(&text, &format!("{as_printed}; `poolctl explain` lists all settings")));
    }
    match (settings.is_empty(), args.undeclared) {
        (true, false) => {
            let help = "name a setting, such as LambdaConfig.PostConfirmation, or use `--undeclared`";
            return Err(usage("no setting is given", help));
        }
        (false, true) => {
            let text = "`--undeclared` cannot be used with settings";
            return Err(usage(text, "remove the settings or `--undeclared`"));
        }
        _ => {}
    }
    if paths.is_empty() {
        paths.push(PathBuf::from("pools"));
    }
    let (selection, inputs) = (args.selection.clone(), args.inputs.clone());
    Ok((settings, args::PathArgs { paths, selection, inputs }))
}

/// Whether a word of the command line is a setting and no path: it begins with a setting's name, or it is
/// neither there nor written as a path is.
fn is_setting(catalogue: &Catalogue, word: &str) -> bool {
    let head = word.split(['.', '[']).next().unwrap_or_default();
    let is_known = catalogue.setting(&Path::members([head])).is_some() || catalogue.foreign(head).is_some();
    let is_written_as_path = word.contains(['/', '\\', '*', '?'])
        || word == "."
        || [".yaml", ".yml", ".json"].iter().any(|end| word.ends_with(end));
    is_known || !is_written_as_path && !FilePath::new(word).exists()
}

/// Whether a path begins with the name of no setting, nor with one that somebody may have meant. A member of
/// a structure may be newer than the model; the plan tells where the pool lacks it.
fn is_nothing(catalogue: &Catalogue, path: &Path) -> bool {
    let head = path.head().unwrap_or_default();
    catalogue.setting(&path.prefix(1)).is_none()
        && catalogue.foreign(head).is_none()
        && similar(head, catalogue.settings()).is_none()
}

/// The same settings for every manifest of some paths.
async fn named(context: &Context, paths: &args::PathArgs, settings: Vec<Path>) -> Result<Additions, Exit> {
    let (read, _) = manifests::selected(context, paths, SecretUse::Withheld).await?;
    let Read { manifests, findings, .. } = read;
    refuse(context, findings)?;
    if manifests.len() > 1 && paths.paths.iter().any(|path| path.is_dir()) {
        let named: Vec<String> = settings.iter().map(|setting| format!("`{setting}`")).collect();
        let text = format!("{} manifests could ignore {}", manifests.len(), named.join(", "));
        return Err(context.ui.fail(Exit::Usage, &text, "name the manifests to change as files"));
    }
    Ok(manifests.into_iter().map(|manifest| (*manifest, settings.clone())).collect())
}

/// For each manifest what counts as drift and is in none.
async fn undeclared(
    context: &Context,
    args: &args::IgnoreAddArgs,
    paths: &args::PathArgs,
) -> Result<Additions, Exit> {
    let look::Adoptable { manifests, planned, drifts } =
        look::look(context, paths, (args.live.as_deref(), Depth::Watched)).await?;
    let pools = manifests.into_iter().zip(planned.iter().zip(&drifts));
    let found =
        pools.map(|(manifest, (planned, drift))| (manifest, adopt::undeclared(drift, &planned.desired)));
    Ok(found.filter(|(_, settings)| !settings.is_empty()).collect())
}

/// Refuses a setting that its manifest declares or already ignores: the entry would contradict it, or repeat it.
fn free(context: &Context, additions: &Additions) -> Result<(), Exit> {
    let mut end = Ok(());
    for (manifest, settings) in additions {
        // The mistakes of a manifest are reported with its new text.
        let wants = rules::check(&context.catalogue, manifest.clone())
            .map_or_else(|_| Vec::new(), |found| found.0.wants);
        for setting in settings {
            let is_one = |other: &Path| rules::overlap(&context.catalogue, other, setting);
            let ignored = manifest.ignore.iter().find(|entry| is_one(&entry.path.value));
            let declared = wants.iter().find(|want| is_one(&want.path)).and_then(|want| want.origin.as_ref());
            let (text, help) = match (ignored, declared) {
                (Some(entry), _) => {
                    let Located { value: known, origin } = &entry.path;
                    let place = report::short_place(origin);
                    match setting.is_within(known) {
                        true if setting == known => {
                            (format!("`{setting}` is already ignored ({place})"), None)
                        }
                        true => (format!("`{setting}` is already ignored by `{known}` ({place})"), None),
                        false => (
                            format!("cannot ignore `{setting}`: {place} ignores `{known}`"),
                            Some("delete that entry, then run the command again"),
                        ),
                    }
                }
                (None, Some(origin)) => (
                    format!("cannot ignore `{setting}`: {} declares it", report::short_place(origin)),
                    Some("delete that line, then run the command again"),
                ),
                (None, None) => continue,
            };
            context.ui.error(&report::escape(&text), help);
            end = Err(Exit::Failed);
        }
    }
    if end.is_err() {
        context.ui.note("Nothing was written.");
    }
    end
}

/// The manifests' own texts with the entries in them.
fn edited(
    context: &Context,
    args: &args::IgnoreAddArgs,
    additions: &Additions,
) -> Result<BTreeMap<String, Vec<u8>>, Exit> {
    let mut texts = BTreeMap::new();
    for (manifest, settings) in additions {
        let elements: Vec<Yaml> = settings.iter().map(|setting| element(args, setting)).collect();
        let text = with(&context.root, manifest, &elements).ok_or_else(|| {
            let text = format!("poolctl cannot edit `{}` with its layout", manifest.file);
            let entry = Yaml::Mapping(vec![CommentedEntry::new("ignore", Yaml::Sequence(elements))]);
            let help = format!("add this by hand:\n{}", manifest::write::to_string(&entry).trim_end());
            context.ui.error(&report::escape(&text), Some(&help));
            Exit::Failed
        })?;
        texts.insert(manifest.file.clone(), text.into_bytes());
    }
    Ok(texts)
}

fn with(root: &Root, manifest: &Manifest, elements: &[Yaml]) -> Option<String> {
    let text = root.read_text(FilePath::new(&manifest.file)).ok()?;
    let (tree, _) = yaml::parse(&manifest.file, text.as_bytes()).ok()?;
    let mut editor = Editor::new(&text, &tree);
    editor.append("ignore", elements)?;
    editor.finish()
}

/// Refuses texts that would be wrong manifests.
fn prove(context: &Context, paths: &args::PathArgs, texts: &BTreeMap<String, Vec<u8>>) -> Result<(), Exit> {
    let disk = Disk::new(&paths.inputs, SecretUse::Withheld).map_err(|_| Exit::Failed)?;
    let beside = DiskAfter { disk: &disk, files: texts };
    let checked = texts.iter().filter_map(|(file, text)| {
        let loaded = manifest::load_with(file, text, &beside);
        loaded.and_then(|manifest| rules::check(&context.catalogue, manifest)).err()
    });
    refuse(context, checked.flatten().collect())
}

/// Prints the errors among some findings; fails if there is one.
fn refuse(context: &Context, mut findings: Vec<manifest::Diagnostic>) -> Result<(), Exit> {
    findings.retain(|finding| finding.severity == Severity::Error);
    if findings.is_empty() {
        return Ok(());
    }
    context.ui.diagnostics(&in_order(findings));
    context.ui.note("Nothing was written.");
    Err(Exit::Failed)
}

fn element(args: &args::IgnoreAddArgs, setting: &Path) -> Yaml {
    let mut entries = vec![
        CommentedEntry::new("path", setting.to_string().as_str()),
        CommentedEntry::new("reason", args.reason.as_str()),
    ];
    entries.extend(args.until.iter().map(|until| CommentedEntry::new("until", until.to_string().as_str())));
    Yaml::Mapping(entries)
}
