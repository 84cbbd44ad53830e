//! Where manifests go, and how they get there: all of them or none.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::pools::Imported;
use crate::cli::disk::root_above;
use crate::document::Json;

/// The file that manifests extend, beside them.
pub(super) const BASE: &str = "base.yaml";
/// The folder for its long texts, as its own folder sees it.
pub(super) const BASE_TEMPLATES: &str = "templates/base";

/// Where the manifests go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To standard output; there is one.
    Stdout,
    /// Each to a file.
    Files(Vec<PathBuf>),
}

/// Where the manifests of some pools go. The error is what is wrong with the command line, and what to do.
pub(super) fn target(output: &Path, pools: &[Imported]) -> Result<Target, (String, &'static str)> {
    let help = "name a folder, as `-o pools`";
    let is_manifest = output.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    match output.to_str() {
        Some("-") if pools.len() == 1 => return Ok(Target::Stdout),
        Some("-") => return Err(("several manifests do not go to standard output".to_owned(), help)),
        _ => {}
    }
    if is_manifest && !output.is_dir() {
        return match pools.len() {
            1 => Ok(Target::Files(vec![output.to_owned()])),
            count => Err((format!("`{}` takes one manifest, and there are {count}", output.display()), help)),
        };
    }
    if output.exists() && !output.is_dir() {
        return Err((format!("`{}` is no folder, and no name of a manifest", output.display()), help));
    }
    let names: Vec<String> = pools.iter().map(name).collect();
    let file = |(pool, name): (&Imported, &String)| {
        // Some disks take `Customers` and `customers` for one file.
        let same = names.iter().filter(|other| other.to_lowercase() == name.to_lowercase()).count();
        let taken = same > 1 || name.is_empty() || format!("{}.yaml", name.to_lowercase()) == BASE;
        let name = if taken { &pool.id } else { name };
        output.join(format!("{name}.yaml"))
    };
    Ok(Target::Files(pools.iter().zip(&names).map(file).collect()))
}

/// The pool's name as a file's; empty where nothing of it is left.
fn name(pool: &Imported) -> String {
    let name = pool.live.pool.get("Name").and_then(Json::as_str).unwrap_or_default();
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = name.chars().map(|c| if safe(c) { c } else { '-' }).collect();
    name.trim_matches(['-', '.']).to_owned()
}

/// The folder for the long texts of a manifest, as the manifest's own folder sees it.
pub(super) fn templates(manifest: &Path) -> String {
    let stem = manifest.file_stem().unwrap_or_default().to_string_lossy();
    let safe = |c: char| if matches!(c, '{' | '}' | '$' | '/' | '\\') { '-' } else { c };
    format!("templates/{}", stem.chars().map(safe).collect::<String>())
}

/// The schema of manifests in a folder between the manifest and the root, as the manifest's own folder sees it.
pub(super) fn schema(manifest: &Path) -> Option<String> {
    const SCHEMAS: [&str; 2] = ["schemas/pool.schema.json", "pool.schema.json"];
    let folder = without_links(std::path::absolute(manifest).ok()?.parent()?)?;
    let root = root_above(&folder);
    folder.ancestors().take_while(|above| above.starts_with(&root)).enumerate().find_map(|(steps, above)| {
        let schema = SCHEMAS.iter().find(|schema| above.join(schema).is_file())?;
        Some(format!("{}{schema}", if steps == 0 { "./".to_owned() } else { "../".repeat(steps) }))
    })
}

/// A folder without links, though it may not be there yet.
fn without_links(folder: &Path) -> Option<PathBuf> {
    match folder.canonicalize() {
        Ok(folder) => Some(folder),
        Err(_) => Some(without_links(folder.parent()?)?.join(folder.file_name()?)),
    }
}

/// Writes files whole, and none where one of them is there already. The error says what is wrong, and
/// what to do.
pub(super) fn write(files: &[(PathBuf, String)], force: bool) -> Result<(), (String, String)> {
    let mut seen = HashSet::new();
    let there: Vec<&(PathBuf, String)> = files
        .iter()
        .filter(|(file, _)| {
            !seen.insert(file.clone()) || file.is_dir() || !force && file.symlink_metadata().is_ok()
        })
        .collect();
    if let Some((first, _)) = there.first() {
        let more = if there.len() > 1 { format!(", and {} more", there.len() - 1) } else { String::new() };
        let text = format!("`{}` is there already{more}; nothing was written", first.display());
        return Err((text, "move it away, give another `-o`, or overwrite it with `--force`".to_owned()));
    }
    let mut staged = Vec::new();
    let done = files.iter().try_for_each(|(file, text)| {
        let at = stage(file, text).map_err(|error| (file, error))?;
        staged.push((at, file));
        Ok(())
    });
    let done = done.and_then(|()| {
        staged.iter().try_for_each(|(at, file)| std::fs::rename(at, file).map_err(|error| (*file, error)))
    });
    done.map_err(|(file, error): (&PathBuf, std::io::Error)| {
        for (at, _) in &staged {
            // What was moved already is no longer there.
            let _ = std::fs::remove_file(at);
        }
        (format!("cannot write `{}`: {error}", file.display()), "let this user write there".to_owned())
    })
}

/// Writes a file beside the one that it is to become.
fn stage(file: &Path, text: &str) -> std::io::Result<PathBuf> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let at = folder.join(format!(".{name}.{}.new", std::process::id()));
    let written = std::fs::File::create(&at)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    if written.is_err() {
        let _ = std::fs::remove_file(&at);
    }
    written.map(|()| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_found_up_to_the_root_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        for made in ["schemas", "repo/.git", "repo/a/schemas", "repo/a/b", "repo/c"] {
            std::fs::create_dir_all(at(made)).unwrap();
        }
        for made in ["schemas/pool.schema.json", "repo/a/schemas/pool.schema.json"] {
            std::fs::write(at(made), "{}").unwrap();
        }
        let found = |manifest: &str| schema(&at(manifest));
        assert_eq!(found("repo/a/m.yaml").as_deref(), Some("./schemas/pool.schema.json"));
        assert_eq!(found("repo/a/b/new/m.yaml").as_deref(), Some("../../schemas/pool.schema.json"));
        assert_eq!(found("repo/c/../a/b/m.yaml").as_deref(), Some("../schemas/pool.schema.json"));
        assert_eq!(found("repo/c/m.yaml"), None, "what lies beyond the root is somebody else's");
    }

    #[test]
    fn where_one_file_cannot_be_written_none_is_left_half() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let files = ["a.yaml", "file/b.yaml"].map(|name| (folder.path().join(name), String::new()));
        let (text, _) = write(&files, false).unwrap_err();
        assert!(text.contains("cannot write"), "{text}");
        let left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["file"]);
    }
}
