//! Files on disk: the only part that opens, lists, writes or removes any.
//!
//! A checkout may hold symbolic links that came with somebody's pull request. A link that lies inside of a
//! checkout and leads out of it is followed by no reader and no writer, whether it is the file itself or a
//! folder on the way to it. Links elsewhere belong to the machine, such as `/dev/stdout`, and are followed.

mod links;
mod read;
mod reason;
mod stamp;
mod system;
mod write;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use read::FolderEntry;
use reason::LostLink;
pub use reason::lost_link;
pub use stamp::{FileStamp, StampHistory};
pub use system::is_pipe;
pub use write::{FileContent, MadeContent, NotWritten, it, keep_out_of_git};

/// The settings file of a project, which also marks its root.
pub const PROJECT: &str = "poolctl.yaml";

/// What marks the root of a checkout.
const MARKS: [&str; 2] = [".git", PROJECT];

/// The largest file of any kind that is read whole, in bytes: an API model has some 300 kB, a backup less.
pub const MAX_FILE: u64 = 16 << 20;

/// The folder that symbolic links in it must not lead out of.
///
/// It is the nearest folder above a link that has `.git` or `poolctl.yaml`, or the current folder where that
/// lies above the link, unless the command line names another one.
#[derive(Clone, Debug, Default)]
pub struct Root {
    /// The folder that `--root` names, without links.
    named: Option<PathBuf>,
    /// Whether the command has `--root`.
    can_be_named: bool,
    /// The folder that is searched, without links.
    searched: Option<PathBuf>,
    /// The folders of all files so far; `None` if they are not remembered.
    folders: Option<Folders>,
}

/// What is known of folders.
#[derive(Clone, Debug, Default)]
struct Folders {
    /// Each folder's path without links.
    real: Remembered<PathBuf>,
    /// The checkout around each folder without links.
    around: Remembered<Option<PathBuf>>,
}

/// A fact about each folder.
#[derive(Clone, Debug, Default)]
struct Remembered<T>(Arc<Mutex<HashMap<PathBuf, T>>>);

impl<T: Clone> Remembered<T> {
    /// The fact about a folder. `find` returns it the first time.
    fn of(&self, folder: &Path, find: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fact) = known.get(folder) {
            return Ok(fact.clone());
        }
        let fact = find()?;
        known.insert(folder.to_owned(), fact.clone());
        Ok(fact)
    }
}

impl Root {
    /// The root of a command that has `--root`, which names `folder`.
    pub fn of(folder: Option<&Path>) -> Self {
        Self { named: real(folder), can_be_named: true, ..Self::default() }
    }

    /// The same for a run that reads many files of few folders: the links on the way to a folder are checked only for
    /// its first file.
    #[must_use]
    pub fn remembering(self) -> Self {
        Self { folders: Some(Folders::default()), ..self }
    }

    /// The same while a folder is searched. Outside of a checkout, links found in a folder must not point out of that
    /// folder.
    #[must_use]
    pub fn searching(&self, folder: &Path) -> Self {
        let folders = self.folders.as_ref().map(|_| Folders::default());
        Self { searched: real(Some(folder)), folders, ..self.clone() }
    }

    /// The folder that manifests in `folder` may refer into, both without links.
    pub fn above(&self, folder: &Path) -> PathBuf {
        self.named.clone().or_else(|| self.around(folder)).unwrap_or_else(|| folder.to_owned())
    }

    /// The folder that a link in `folder` must not lead out of; `None` where the link is the machine's own.
    fn of_links(&self, folder: &Path) -> Option<PathBuf> {
        let among = |root: &Option<PathBuf>| root.clone().filter(|root| folder.starts_with(root));
        among(&self.named).or_else(|| self.around(folder)).or_else(|| among(&self.searched))
    }

    /// The checkout around a folder without links.
    fn around(&self, folder: &Path) -> Option<PathBuf> {
        let Some(Folders { around: known, .. }) = &self.folders else { return around(folder) };
        known.of(folder, || Ok(around(folder))).ok().flatten()
    }
}

fn real(folder: Option<&Path>) -> Option<PathBuf> {
    folder?.canonicalize().ok()
}

/// The nearest folder above that is marked as the root of a checkout, `folder` included.
pub fn marked_above(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| MARKS.iter().any(|mark| folder.join(mark).exists()))
}

/// The checkout around a folder: its marked root; else the current folder, where that lies above.
fn around(folder: &Path) -> Option<PathBuf> {
    if let Some(root) = marked_above(folder) {
        return Some(root.to_owned());
    }
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    here.filter(|here| folder.starts_with(here))
}

/// A symbolic link inside of a checkout that leads out of it.
#[derive(Debug, thiserror::Error)]
#[error("the symbolic link `{}` points to `{}`, outside of `{}`", link.display(), target.display(), root.display())]
struct LeadsOut {
    link: PathBuf,
    target: PathBuf,
    root: PathBuf,
    /// Whether the command has `--root`.
    can_be_named: bool,
}

/// The remedy for an error of this module or of the system; `otherwise` where only the caller knows one, as for a missing
/// file or permission.
pub fn remedy(error: &io::Error, otherwise: &str) -> String {
    let cause = error.get_ref();
    let leads_out = cause.and_then(|cause| cause.downcast_ref::<LeadsOut>());
    match (leads_out, cause.and_then(|cause| cause.downcast_ref::<LostLink>())) {
        (Some(LeadsOut { can_be_named: true, .. }), _) => {
            "replace the link with the file, name the file itself, or use `--root` with a folder that contains both"
        }
        (Some(_), _) => "replace the link with the file, or name the file itself",
        (_, Some(_)) => "correct the link, or replace it with the file",
        _ => remedy_of_system(error).unwrap_or(otherwise),
    }
    .to_owned()
}

/// What to do about an error of the system that no permission removes.
fn remedy_of_system(error: &io::Error) -> Option<&'static str> {
    Some(match error.kind() {
        io::ErrorKind::NotADirectory => "check the path: a file is where a folder should be",
        io::ErrorKind::IsADirectory => "check the path: a folder is where a file should be",
        io::ErrorKind::InvalidFilename => "use a shorter name",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        io::ErrorKind::ReadOnlyFilesystem => "use a folder on a disk that can be written",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_the_system_explains_gets_no_remedy_of_the_caller() {
        use io::ErrorKind::{
            InvalidFilename, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
            StorageFull,
        };
        let told = |error: io::Error| remedy(&error, "give permission");
        for (kind, expected) in [
            (NotADirectory, "a file is where a folder should be"),
            (IsADirectory, "a folder is where a file should be"),
            (InvalidFilename, "a shorter name"),
            (StorageFull, "make room"),
            (ReadOnlyFilesystem, "a disk that can be written"),
            (PermissionDenied, "give permission"),
            (NotFound, "give permission"),
        ] {
            let told = told(kind.into());
            assert!(told.contains(expected), "{kind}: {told}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_named_and_is_no_question_of_permission() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (link, target) in [("circle", "other"), ("other", "circle"), ("dangling", "none")] {
            std::os::unix::fs::symlink(target, at(link)).unwrap();
        }
        let root = Root::default();
        let lost = format!(
            "the symbolic link `{}` points to `none`, which does not exist",
            at("dangling").display()
        );
        for name in ["circle", "circle/x", "dangling", "dangling/x"] {
            let path = at(name);
            let errors = [
                root.read(&path, 1).unwrap_err(),
                root.read_stamped(&path, 1).unwrap_err(),
                root.entries(&path).unwrap_err(),
                root.create_folder(&path.join("x")).unwrap_err(),
                root.append(&path.join("x"), "").unwrap_err(),
            ];
            for error in errors {
                let told = error.to_string();
                let is_told = if name.starts_with('d') {
                    told == lost
                } else {
                    told.ends_with("` leads back to itself")
                };
                assert!(is_told, "{name}: {told}");
                assert_eq!(
                    remedy(&error, "give permission"),
                    "correct the link, or replace it with the file"
                );
            }
        }
        std::fs::write(at("file"), "").unwrap();
        for error in [root.read(&at("none"), 1).unwrap_err(), root.create_folder(&at("file")).unwrap_err()] {
            assert!(
                !error.to_string().contains("os error") && error.kind() != io::ErrorKind::Other,
                "{error}"
            );
        }
    }
}
