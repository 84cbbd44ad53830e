//! How files that a person keeps are written: all of them whole, or none.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes files whole, and none where one of them is there already. The error says what is wrong, and
/// what to do.
pub(super) fn write(files: &[(PathBuf, String)], force: bool) -> Result<(), (String, String)> {
    write_for(files, force, Readers::AsBefore)
}

/// Writes one file whole, that its owner alone can read, in the place of one that may be there. The error says
/// what is wrong, and what to do.
pub(super) fn write_private(file: PathBuf, text: String) -> Result<(), (String, String)> {
    write_for(&[(file, text)], true, Readers::Owner)
}

/// Who may read a file that is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// Those that could read the one in its place, or whom the system lets.
    AsBefore,
    /// Its owner.
    Owner,
}

fn write_for(files: &[(PathBuf, String)], force: bool, readers: Readers) -> Result<(), (String, String)> {
    // A link stays one: what it leads to is written.
    let resolved = |file: &PathBuf| file.canonicalize().unwrap_or_else(|_| file.clone());
    let files: Vec<File<'_>> =
        files.iter().map(|(file, text)| File { name: file, at: resolved(file), text }).collect();
    let mut seen = HashSet::new();
    let there: Vec<&File<'_>> = files
        .iter()
        .filter(|File { at, .. }| !seen.insert(at) || at.is_dir() || !force && at.symlink_metadata().is_ok())
        .collect();
    if let Some(first) = there.first() {
        let more = if there.len() > 1 { format!(", and {} more", there.len() - 1) } else { String::new() };
        let text = format!("`{}` is there already{more}; nothing was written", first.name.display());
        return Err((text, "move it away, give another `-o`, or overwrite it with `--force`".to_owned()));
    }
    let mut staged = Vec::new();
    let done = files.iter().try_for_each(|file| {
        staged.push((stage(file, readers).map_err(|error| (file, error))?, file));
        Ok(())
    });
    let done = done.and_then(|()| {
        staged.iter().try_for_each(|(at, file)| settle(at.as_deref(), file).map_err(|error| (*file, error)))
    });
    done.map_err(|(file, error): (&File<'_>, std::io::Error)| {
        for at in staged.iter().filter_map(|(at, _)| at.as_ref()) {
            // What was moved already is no longer there.
            let _ = std::fs::remove_file(at);
        }
        (format!("cannot write `{}`: {error}", file.name.display()), "let this user write there".to_owned())
    })
}

/// A file to be written.
struct File<'a> {
    /// As the user knows it.
    name: &'a Path,
    /// Without links.
    at: PathBuf,
    text: &'a str,
}

/// Keeps a folder of poolctl's own out of version control: what it holds of pools may be secret.
///
/// Where that cannot be done, nothing else is kept from being.
pub(super) fn keep_out_of_git(path: &Path) {
    let own = path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == ".poolctl"));
    let Some(own) = own.filter(|own| !own.join(".gitignore").exists()) else { return };
    let _ = std::fs::create_dir_all(own).and_then(|()| std::fs::write(own.join(".gitignore"), "*\n"));
}

/// Puts what was staged in its place. What is no regular file, as a device or a pipe, is written to and
/// never replaced.
fn settle(staged: Option<&Path>, file: &File<'_>) -> std::io::Result<()> {
    match staged {
        Some(at) => std::fs::rename(at, &file.at),
        None => std::fs::OpenOptions::new().write(true).open(&file.at)?.write_all(file.text.as_bytes()),
    }
}

/// Writes a file beside the one that it is to become; nothing where that is no regular file.
fn stage(file: &File<'_>, readers: Readers) -> std::io::Result<Option<PathBuf>> {
    if std::fs::metadata(&file.at).is_ok_and(|old| !old.is_file()) {
        return Ok(None);
    }
    let folder = file.at.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let name = file.at.file_name().unwrap_or_default().to_string_lossy();
    let at = folder.join(format!(".{name}.{}.new", std::process::id()));
    // One that a killed run left may be another's to read.
    let _ = std::fs::remove_file(&at);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(&at).and_then(|mut open| {
        if let Ok(old) = std::fs::metadata(&file.at)
            && readers == Readers::AsBefore
        {
            open.set_permissions(old.permissions())?;
        }
        open.write_all(file.text.as_bytes()).and_then(|()| open.sync_all())
    });
    if written.is_err() {
        let _ = std::fs::remove_file(&at);
    }
    written.map(|()| Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

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
