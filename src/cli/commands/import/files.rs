//! Where manifests go.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::pools::Imported;
pub(super) use crate::cli::fleet::search::BASE;
use crate::cli::fleet::search::{self, FoundFile, RESERVED, is_yaml};
use crate::files::Root;
use crate::manifest::is_pool_id;

/// The folder for its long texts, as its own folder sees it.
pub(super) const BASE_TEMPLATES: &str = "templates/base";

/// The file of the schema, in the folder of the manifests.
pub(super) const SCHEMA: &str = "pool.schema.json";

/// What keeps git from changing long texts, as the manifests' folder sees it.
pub(super) const ATTRIBUTES: &str = "templates/.gitattributes";
/// The line of it that does so.
pub(super) const VERBATIM: &str = "* -text";

/// The longest name of a pool that becomes a file's; Cognito has none that is longer.
const LONGEST: usize = 128;

/// Where the manifests go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// To standard output; there is one.
    Stdout,
    /// Each to a file.
    Files(Vec<PathBuf>),
}

/// Where the manifests of some pools go. The error is what is wrong with the command line, and what to do.
pub(super) fn target(
    root: &Root,
    output: &Path,
    pools: &[Imported],
) -> Result<Destination, (String, &'static str)> {
    let help = "name a folder, such as `-o pools`";
    match output.to_str() {
        Some("-") if pools.len() == 1 => return Ok(Destination::Stdout),
        Some("-") => return Err(("several manifests cannot be written to standard output".to_owned(), help)),
        _ => {}
    }
    if is_yaml(output) && !output.is_dir() {
        let name = output.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if RESERVED.contains(&(name, false)) {
            let text = format!("`{}` is the name of a settings file, not of a manifest", output.display());
            return Err((text, "choose another file name"));
        }
        return match pools.len() {
            1 => Ok(Destination::Files(vec![output.to_owned()])),
            count => Err((
                format!("`{}` is one file, and there are {count} manifests to write", output.display()),
                help,
            )),
        };
    }
    if output.exists() && !output.is_dir() {
        return Err((format!("`{}` is neither a folder nor a file *.yaml", output.display()), help));
    }
    Ok(Destination::Files(names(root, output, pools)))
}

/// The manifests' files in a folder: each is named after its pool where that name is free, else after its id.
fn names(root: &Root, folder: &Path, pools: &[Imported]) -> Vec<PathBuf> {
    let own: Vec<String> = pools.iter().map(name).collect();
    let mut taken: HashSet<String> = RESERVED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut files = Vec::new();
    for (Imported { id, .. }, name) in pools.iter().zip(&own) {
        let file = |stem: String| folder.join(format!("{stem}.yaml"));
        // A pool has one manifest: one that has its id's file already keeps it.
        let kept = Some(file(id.clone())).filter(|file| there(root, file, id) == There::Own);
        // Some disks take `Customers` and `customers` for one file.
        let same = own.iter().filter(|other| other.eq_ignore_ascii_case(name)).count();
        let is_fit = same == 1 && (1..=LONGEST).contains(&name.len()) && !is_pool_id(name);
        let named = is_fit.then(|| file(name.clone()));
        let numbered = (2..).map(|count| file(format!("{id}-{count}")));
        let all = kept.into_iter().chain(named).chain([file(id.clone())]).chain(numbered);
        let free = all.filter(|file| there(root, file, id) != There::Other);
        files.extend(free.into_iter().find(|file| taken.insert(lower_case(file))));
    }
    files
}

fn lower_case(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// What a file is to a pool.
#[derive(Debug, PartialEq, Eq)]
enum There {
    /// There is none.
    Nothing,
    /// Its manifest.
    Own,
    /// Anything else: pools may have the same name, and files of other programs the name of a pool.
    Other,
}

fn there(root: &Root, file: &Path, pool: &str) -> There {
    if file.symlink_metadata().is_err() {
        return There::Nothing;
    }
    if declared(root, file).is_some_and(|declared| declared.0 == pool) { There::Own } else { There::Other }
}

/// The id of the pool that a file declares, and its own Region.
fn declared(root: &Root, file: &Path) -> Option<(String, Option<String>)> {
    let tree = search::tree(root, file)?;
    let text = |key: &str| Some(tree.member(key)?.scalar()?.text.clone());
    Some((text("pool")?, text("region")))
}

/// Another manifest of one of the pools in the folder that an import writes to, with the pool's id.
pub(super) fn another(
    root: &Root,
    output: &Path,
    files: &[PathBuf],
    pools: &[Imported],
) -> Option<(PathBuf, String)> {
    // A file that the command line names may be for a look.
    let folder = output.is_dir().then(|| output.to_owned())?;
    let own: Vec<PathBuf> = files.iter().filter_map(|file| file.canonicalize().ok()).collect();
    let found = search::files(root, &[folder]).ok()?.files.into_iter();
    found.filter(|file| !own.contains(&file.identity)).find_map(|FoundFile { path: file, .. }| {
        let (id, region) = declared(root, &file)?;
        let is_its = |pool: &&Imported| {
            let own = |region: &Option<String>| region.clone().or(Some(id.rsplit_once('_')?.0.to_owned()));
            pool.id == id && own(&pool.region) == own(&region)
        };
        pools.iter().any(|pool| is_its(&pool)).then_some((file, id))
    })
}

/// What has to be done about the file that keeps git from changing templates.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Attributes {
    /// The file must be written.
    Missing,
    /// It says what is needed.
    Sound,
    /// It is somebody's, and says something else.
    Foreign,
}

/// What has to be done about this file of attributes.
pub(super) fn attributes(root: &Root, file: &Path) -> Attributes {
    if file.symlink_metadata().is_err() {
        return Attributes::Missing;
    }
    let text = root.read_text(file).unwrap_or_default();
    let is_needed = |line: &str| {
        let mut words = line.split_whitespace();
        words.next() == Some("*") && words.any(|word| word == "-text" || word == "binary")
    };
    if text.lines().any(is_needed) { Attributes::Sound } else { Attributes::Foreign }
}

/// The pool's name as a file name; empty if no character is usable.
fn name(pool: &Imported) -> String {
    let name = pool.live.pool_name().unwrap_or_default();
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
pub(super) fn schema(root: &Root, manifest: &Path) -> Option<String> {
    const SCHEMAS: [&str; 2] = ["schemas/pool.schema.json", SCHEMA];
    let folder = without_links(std::path::absolute(manifest).ok()?.parent()?)?;
    let root = root.above(&folder);
    folder.ancestors().take_while(|above| above.starts_with(&root)).enumerate().find_map(|(steps, above)| {
        let schema = SCHEMAS.iter().find(|schema| above.join(schema).is_file())?;
        Some(format!("{}{schema}", if steps == 0 { "./".to_owned() } else { "../".repeat(steps) }))
    })
}

/// A folder without links, also if it does not exist yet.
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
        let found = |manifest: &str| schema(&Root::default(), &at(manifest));
        assert_eq!(found("repo/a/m.yaml").as_deref(), Some("./schemas/pool.schema.json"));
        assert_eq!(found("repo/a/b/new/m.yaml").as_deref(), Some("../../schemas/pool.schema.json"));
        assert_eq!(found("repo/c/../a/b/m.yaml").as_deref(), Some("../schemas/pool.schema.json"));
        assert_eq!(found("repo/c/m.yaml"), None, "what lies beyond the root is somebody else's");
    }
}
