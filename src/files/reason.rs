//! Why a file cannot be read or written, in words.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Root;

/// A symbolic link that leads to no file.
#[derive(Debug, thiserror::Error)]
pub(super) enum LostLink {
    /// Its target leads back to it.
    #[error("the symbolic link `{}` leads back to itself", .0.display())]
    Circle(PathBuf),
    /// Its target does not exist.
    #[error("the symbolic link `{}` points to `{}`, which does not exist", .0.display(), .1.display())]
    Dangling(PathBuf, PathBuf),
}

impl From<LostLink> for io::Error {
    fn from(link: LostLink) -> Self {
        Self::other(link)
    }
}

/// The first link on a path whose target does not exist; `None` if there is none.
fn dangling(path: &Path) -> Option<LostLink> {
    let mut above: Vec<&Path> = path.ancestors().filter(|path| !path.as_os_str().is_empty()).collect();
    above.reverse();
    let is_lost = |path: &&Path| path.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    let link = above.into_iter().find(is_lost)?;
    let target = link.read_link().ok()?;
    Some(LostLink::Dangling(link.to_owned(), target))
}

/// The symbolic link on a path because of which it leads to no file, as an error; `None` if there is none.
pub fn lost_link(path: &Path) -> Option<io::Error> {
    let is_lost = |error: &io::Error| error.get_ref().is_some_and(|cause| cause.is::<LostLink>());
    Root::default().check(path).err().filter(is_lost).or_else(|| dangling(path).map(io::Error::from))
}

/// An error of the system about a path, without its number. A link that leads nowhere is named: the file that it is for is
/// lost, not absent.
pub(super) fn worded(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| {
        if error.raw_os_error().is_none() {
            return error;
        }
        let is_lost = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists);
        if let Some(link) = dangling(path).filter(|_| is_lost) {
            return link.into();
        }
        let text = error.to_string();
        let text = text.split_once(" (os error").map_or(&*text, |(text, _)| text);
        io::Error::new(error.kind(), text)
    }
}

/// The same about a folder that is created.
pub(super) fn worded_folder(path: &Path) -> impl Fn(io::Error) -> io::Error {
    move |error| match worded(path)(error) {
        error if error.kind() == ErrorKind::AlreadyExists => ErrorKind::NotADirectory.into(),
        error => error,
    }
}
