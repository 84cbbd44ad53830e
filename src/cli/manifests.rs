//! From the paths of the command line to what their manifests want.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::ui::Ui;
use super::{Context, show};
use crate::manifest::{self, Diagnostic, Severity, yaml};
use crate::report;
use crate::rules::{self, Desired};

/// Loads and checks every manifest that the paths name, and says everything that is wrong with any.
///
/// A Region of the command line takes the place of each pool's own.
///
/// The second part of the answer are warnings, told already.
pub(super) fn load(context: &Context, paths: &[PathBuf]) -> Result<(Vec<Desired>, Vec<Diagnostic>), Exit> {
    let Context { ui, catalogue, .. } = context;
    let region = context.region();
    let files = files(ui, paths)?;
    let mut findings = Vec::new();
    let mut wanted: Vec<Desired> = Vec::new();
    let mut failed = false;
    for file in &files {
        match read(file)
            .and_then(|(name, bytes)| manifest::load(&name, &bytes))
            .and_then(|m| rules::check(catalogue, m))
        {
            Ok((mut desired, warnings)) => {
                findings.extend(warnings);
                desired.region = region.map_or(desired.region, str::to_owned);
                wanted.push(desired);
            }
            Err(errors) => {
                failed = true;
                findings.extend(errors);
            }
        }
    }
    findings.extend(declared_twice(&wanted));
    let loud = |finding: &&Diagnostic| finding.severity == Severity::Error || !ui.is_quiet();
    let told: Vec<Diagnostic> = findings.iter().filter(loud).cloned().collect();
    if !told.is_empty() {
        ui.message(&report::diagnostics(&told, ui.message_style()));
    }
    failed |= findings.iter().any(|finding| finding.severity == Severity::Error);
    if failed {
        show::mistakes(context, &findings);
        return Err(Exit::Failed);
    }
    Ok((wanted, findings))
}

/// The files that the paths name, folders searched for `*.yaml` and `*.yml`, in alphabetical order.
fn files(ui: &Ui, paths: &[PathBuf]) -> Result<Vec<PathBuf>, Exit> {
    let mut files = Vec::new();
    for path in paths {
        let before = files.len();
        if path.is_dir() {
            collect(path, &mut files);
        } else if path.exists() || path.as_os_str() == "-" {
            files.push(path.clone());
        } else {
            ui.error(
                &format!("there is no `{}`", path.display()),
                Some("name manifests, or folders of them"),
            );
            return Err(Exit::Usage);
        }
        if files.len() == before {
            let text = format!("there is no manifest in `{}`", path.display());
            ui.error(&text, Some("a manifest is a file *.yaml or *.yml"));
            return Err(Exit::Usage);
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    Ok(files)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    let mut entries: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        match () {
            () if hidden => {}
            () if path.is_dir() && !path.is_symlink() => collect(&path, files),
            () if yaml => files.push(path),
            () => {}
        }
    }
}

fn read(path: &Path) -> Result<(String, Vec<u8>), Vec<Diagnostic>> {
    let name = if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() };
    // One byte more than is allowed, so that a file that is too large is seen to be.
    let limit = yaml::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let outcome = if path.as_os_str() == "-" {
        std::io::stdin().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match outcome {
        Ok(_) => Ok((name, bytes)),
        Err(error) => {
            Err(vec![Diagnostic::of_file("unreadable", &name, format!("the file cannot be read: {error}"))])
        }
    }
}

/// A pool has one manifest: two would undo each other at every run.
fn declared_twice(wanted: &[Desired]) -> Vec<Diagnostic> {
    let mut first: HashMap<(&str, &str), &str> = HashMap::new();
    let mut findings = Vec::new();
    for desired in wanted {
        let key = (desired.pool.as_str(), desired.region.as_str());
        if let Some(other) = first.get(&key) {
            let message = format!("the pool {} has a manifest already: {other}", desired.pool);
            findings.push(
                Diagnostic::of_file("pool-twice", &desired.file, message).help("keep one manifest a pool"),
            );
        } else {
            first.insert(key, &desired.file);
        }
    }
    findings
}
