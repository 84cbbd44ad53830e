//! How files that a person keeps are written: all of them whole, or none.

use std::collections::HashSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Writes files whole, and none where one of them is there already. The error says what is wrong, and
/// what to do.
pub(super) fn write(files: &[(PathBuf, String)], force: bool) -> Result<(), (String, String)> {
    // A link stays one: what it leads to is written.
    let files: Vec<(PathBuf, &str)> = files
        .iter()
        .map(|(file, text)| (file.canonicalize().unwrap_or_else(|_| file.clone()), text.as_str()))
        .collect();
    let mut seen = HashSet::new();
    let there: Vec<&(PathBuf, &str)> = files
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
    let mut open = std::fs::File::create(&at)?;
    if let Ok(old) = std::fs::metadata(file) {
        open.set_permissions(old.permissions())?;
    }
    open.write_all(text.as_bytes()).and_then(|()| open.sync_all())?;
    Ok(at)
}
