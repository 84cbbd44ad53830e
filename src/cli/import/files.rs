//! Where manifests go.

use std::path::{Path, PathBuf};

use super::pools::Imported;
use crate::cli::disk::root_above;
use crate::document::Json;
use crate::manifest;

/// The file that manifests extend, beside them.
pub(super) const BASE: &str = "base.yaml";
/// The folder for its long texts, as its own folder sees it.
pub(super) const BASE_TEMPLATES: &str = "templates/base";

/// The schema of manifests, beside them.
pub(super) const SCHEMA: &str = "pool.schema.json";

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
        let taken = taken || is_of_another(&output.join(format!("{name}.yaml")), &pool.id);
        let name = if taken { &pool.id } else { name };
        output.join(format!("{name}.yaml"))
    };
    Ok(Target::Files(pools.iter().zip(&names).map(file).collect()))
}

/// Whether a manifest that is there is another pool's: pools may have the same name.
fn is_of_another(file: &Path, pool: &str) -> bool {
    let manifest = std::fs::read(file).ok().and_then(|bytes| manifest::load("", &bytes).ok());
    manifest.and_then(|manifest| manifest.pool).is_some_and(|found| found.value != pool)
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
    const SCHEMAS: [&str; 2] = ["schemas/pool.schema.json", SCHEMA];
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
}
