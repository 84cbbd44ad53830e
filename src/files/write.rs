//! How files are written: whole or not at all, and several together or none.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::reason::{worded, worded_folder};
use super::system::{exchange, private_file, private_folder, sync_folder};
use super::{Root, remedy};

/// Why files were not written.
#[derive(Debug)]
pub enum NotWritten {
    /// Some of them exist, and are not to be replaced: the first, and how many more.
    Exist(Vec<PathBuf>),
    /// One is a folder.
    Folder(PathBuf),
    /// Two of them are the same file on disk.
    Same(PathBuf),
    /// One cannot be written.
    Failed(PathBuf, io::Error),
}

/// The pronoun for one file, or for several.
pub fn it(files: &[PathBuf]) -> &'static str {
    if files.len() == 1 { "it" } else { "them" }
}

impl NotWritten {
    /// What is wrong, as a sentence.
    pub fn message(&self) -> String {
        match self {
            Self::Exist(files) => {
                /// How many files are named.
                const NAMED: usize = 5;
                let named = files.iter().take(NAMED).map(|file| format!("`{}`", file.display()));
                let mut named: Vec<String> = named.collect();
                if files.len() > NAMED {
                    named.push(format!("{} more", files.len() - NAMED));
                }
                let exist = if files.len() == 1 { "exists" } else { "exist" };
                let last = named.pop().unwrap_or_default();
                let before = if named.is_empty() { String::new() } else { named.join(", ") + " and " };
                format!("{before}{last} {exist}: nothing was written")
            }
            Self::Folder(file) => format!("`{}` is a folder: nothing was written", file.display()),
            Self::Same(file) => {
                format!("two results would be written to `{}`: nothing was written", file.display())
            }
            Self::Failed(file, error) => format!("cannot write `{}`: {error}", file.display()),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Exist(files) => format!("move {}, or name another file", it(files)),
            Self::Folder(_) => "move the folder, or name another file".to_owned(),
            Self::Same(_) => "name files that are not links to the same file".to_owned(),
            Self::Failed(_, error) if error.kind() == io::ErrorKind::StorageFull => {
                "free some space there, or name another file".to_owned()
            }
            Self::Failed(_, error) => remedy(error, "give this user permission to write there"),
        }
    }
}

impl From<NotWritten> for io::Error {
    fn from(error: NotWritten) -> Self {
        match error {
            NotWritten::Failed(_, error) => error,
            other => Self::other(other.message()),
        }
    }
}

/// Who may read a file that is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    /// The readers of the file that it replaces, else the system's default.
    AsBefore,
    /// Its owner.
    Owner,
}

/// The content of a file, which may be made while it is written.
pub trait FileContent {
    /// Writes all of it.
    ///
    /// # Errors
    /// When `out` fails, or the content cannot be made.
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()>;
}

impl<T: AsRef<[u8]>> FileContent for T {
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        out.write_all(self.as_ref())
    }
}

/// Content that a function writes.
pub struct MadeContent<F>(pub F);

impl<F: Fn(&mut dyn io::Write) -> io::Result<()>> FileContent for MadeContent<F> {
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()> {
        (self.0)(out)
    }
}

/// A file to be written.
struct NewFile<'a> {
    /// As the user knows it.
    name: &'a Path,
    /// Without links.
    at: PathBuf,
    content: &'a dyn FileContent,
}

impl Root {
    /// Writes files whole, and none where one of them cannot be written, or exists and is not to be
    /// replaced.
    ///
    /// # Errors
    /// With the first reason.
    pub fn write(&self, files: &[(PathBuf, impl FileContent)], replace: bool) -> Result<(), NotWritten> {
        self.write_for(files, replace, Readers::AsBefore)
    }

    /// Writes one file whole that its owner alone can read, in the place of one that may exist.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_private(&self, file: PathBuf, content: impl FileContent) -> Result<(), NotWritten> {
        let folder = folder_of(&file).to_owned();
        self.write_for(&[(file, content)], true, Readers::Owner)?;
        // A folder that cannot be synchronized has the file all the same.
        let _ = sync_folder(&folder);
        Ok(())
    }

    fn write_for(
        &self,
        files: &[(PathBuf, impl FileContent)],
        replace: bool,
        readers: Readers,
    ) -> Result<(), NotWritten> {
        let files = self.targets(files, replace)?;
        let mut staged = Vec::new();
        let failed =
            |file: &NewFile<'_>, error| NotWritten::Failed(file.name.to_owned(), worded(&file.at)(error));
        let done = files.iter().try_for_each(|file| {
            staged.push((stage(file, readers).map_err(|error| failed(file, error))?, file));
            Ok(())
        });
        let done = done.and_then(|()| {
            let mut each = staged.iter();
            each.try_for_each(|(at, file)| settle(at.as_deref(), file).map_err(|error| failed(file, error)))
        });
        if done.is_err() {
            for at in staged.iter().filter_map(|(at, _)| at.as_ref()) {
                // What was moved already is no longer there.
                let _ = fs::remove_file(at);
            }
        }
        done
    }

    /// Where a file is written: of a link its target, which need not exist yet.
    fn target(&self, name: &Path) -> io::Result<PathBuf> {
        match name.canonicalize() {
            Ok(at) => Ok(at),
            // A new file, or a pipe, which has no path of its own.
            Err(_) if name.read_link().is_err() || name.metadata().is_ok() => Ok(name.to_owned()),
            Err(_) => self.real(name),
        }
    }

    /// The files to write, if nothing prevents it. A link is kept, and its target is written.
    fn targets<'a>(
        &self,
        files: &'a [(PathBuf, impl FileContent)],
        replace: bool,
    ) -> Result<Vec<NewFile<'a>>, NotWritten> {
        let mut targets: Vec<NewFile<'a>> = Vec::new();
        let (mut seen, mut there) = (HashSet::new(), Vec::new());
        for (name, content) in files {
            self.check(name).map_err(|error| NotWritten::Failed(name.clone(), error))?;
            let at = self.target(name).map_err(|error| NotWritten::Failed(name.clone(), error))?;
            if at.is_dir() {
                return Err(NotWritten::Folder(name.clone()));
            }
            if !seen.insert(at.clone()) {
                return Err(NotWritten::Same(name.clone()));
            }
            if !replace && at.symlink_metadata().is_ok() {
                there.push(name);
            }
            targets.push(NewFile { name, at, content });
        }
        match there.is_empty() {
            true => Ok(targets),
            false => Err(NotWritten::Exist(there.into_iter().cloned().collect())),
        }
    }

    /// Adds to the end of a file, which is created where there is none.
    ///
    /// # Errors
    /// When it cannot be written, or is no regular file.
    pub fn append(&self, file: &Path, text: &str) -> io::Result<()> {
        self.check(file)?;
        // Nobody may read a pipe, and to open one waits for whoever does.
        if file.metadata().is_ok_and(|found| !found.is_file()) {
            return Err(io::Error::other("not a regular file"));
        }
        let open = OpenOptions::new().create(true).append(true).open(file).map_err(worded(file));
        open?.write_all(text.as_bytes()).map_err(worded(file))
    }

    /// Creates a folder that its owner alone can open, with those above it.
    ///
    /// # Errors
    /// When it is not there afterwards.
    pub fn create_private_folder(&self, folder: &Path) -> io::Result<()> {
        self.check(folder)?;
        private_folder(DirBuilder::new().recursive(true)).create(folder).map_err(worded_folder(folder))
    }

    /// Creates a folder, with those above it.
    ///
    /// # Errors
    /// When it is not there afterwards.
    pub fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.check(folder)?;
        fs::create_dir_all(folder).map_err(worded_folder(folder))
    }

    /// Writes a file that is not there yet and that its owner alone can read, and waits until both it and its
    /// name are on disk.
    ///
    /// # Errors
    /// When it exists, or is not certainly on disk.
    pub fn create_private(&self, file: &Path, text: &[u8]) -> io::Result<()> {
        self.check(file)?;
        let written = || {
            let mut open = private_file(OpenOptions::new().write(true).create_new(true)).open(file)?;
            open.write_all(text)?;
            open.sync_all()?;
            sync_folder(folder_of(file))
        };
        written().map_err(worded(file))
    }

    /// Writes a file whole that its owner alone can read, in the place of one that may exist, and does not wait for the
    /// disk. A link at that path is replaced.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn replace(&self, file: &Path, text: &[u8]) -> io::Result<()> {
        self.check(folder_of(file))?;
        let draft = draft_of(file);
        let create = || private_file(OpenOptions::new().write(true).create_new(true)).open(&draft);
        let open = match create() {
            // A killed process with this number left it: in a container, numbers come again.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::remove_file(&draft).and_then(|()| create())
            }
            open => open,
        };
        let done = open.and_then(|mut open| open.write_all(text)).and_then(|()| take_place(&draft, file));
        if done.is_err() {
            let _ = fs::remove_file(&draft);
        }
        done.map_err(worded(file))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When it is still there.
    pub fn remove(&self, file: &Path) -> io::Result<()> {
        self.check(folder_of(file))?;
        fs::remove_file(file).map_err(worded(file))
    }
}

/// Keeps a folder of poolctl's own out of version control: what it holds of pools may be secret.
///
/// Where that cannot be done, nothing else is kept from being.
pub fn keep_out_of_git(root: &Root, path: &Path) {
    let own = path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == ".poolctl"));
    let Some(own) = own else { return };
    // Only a new file: an existing link is not followed.
    let create = |file: &Path| OpenOptions::new().write(true).create_new(true).open(file);
    let _ = root.create_folder(own).and_then(|()| create(&own.join(".gitignore"))?.write_all(b"*\n"));
}

/// Moves a draft to a file, whether or not there is one.
///
/// The two trade places, and what was there is removed: to rename a file over another makes ext4 write to the disk at
/// once, which takes several times as long as all the rest.
fn take_place(draft: &Path, file: &Path) -> io::Result<()> {
    match exchange(draft, file) {
        Ok(()) => fs::remove_file(draft).inspect_err(|_| {
            // It was a folder, which stays.
            let _ = exchange(draft, file);
        }),
        Err(_) => fs::rename(draft, file),
    }
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The name of a staged file in the folder of its target, short enough for every disk.
fn draft_of(file: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    folder_of(file).join(format!(".poolctl.{}.{count}.new", std::process::id()))
}

/// Moves a staged file to its target. A target that is not a regular file, such as a device or a pipe, is written to
/// and never replaced.
fn settle(staged: Option<&Path>, file: &NewFile<'_>) -> io::Result<()> {
    match staged {
        Some(at) => fs::rename(at, &file.at),
        None => file.content.write_to(&mut OpenOptions::new().write(true).open(&file.at)?),
    }
}

/// Writes a staged file in the folder of its target; `None` if the target is not a regular file.
fn stage(file: &NewFile<'_>, readers: Readers) -> io::Result<Option<PathBuf>> {
    if file.at.metadata().is_ok_and(|old| !old.is_file()) {
        return Ok(None);
    }
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    if readers == Readers::Owner {
        private_folder(&mut folder);
    }
    folder.create(folder_of(&file.at))?;
    let at = draft_of(&file.at);
    // One that a killed run left may be another's to read.
    let _ = fs::remove_file(&at);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if readers == Readers::Owner {
        private_file(&mut options);
    }
    let written = options.open(&at).and_then(|mut open| {
        if let Ok(old) = file.at.metadata()
            && readers == Readers::AsBefore
        {
            open.set_permissions(old.permissions())?;
        }
        file.content.write_to(&mut open).and_then(|()| open.sync_all())
    });
    if written.is_err() {
        let _ = fs::remove_file(&at);
    }
    written.map(|()| Some(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_file_cannot_be_written_none_is_left_half() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), "").unwrap();
        let files = ["a.yaml", "file/b.yaml"].map(|name| (folder.path().join(name), String::new()));
        let error = Root::default().write(&files, false).unwrap_err();
        assert!(error.message().contains("cannot write"), "{}", error.message());
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["file"]);
    }

    #[test]
    fn a_name_may_be_as_long_as_the_disk_takes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x".repeat(255));
        Root::default().write(&[(file.clone(), "text".to_owned())], false).unwrap();
        assert_eq!(fs::read_to_string(file).unwrap(), "text");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_link_leads_to_is_written_and_need_not_exist() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (link, target) in [("link", "deep/new"), ("chain", "link"), ("circle", "circle")] {
            std::os::unix::fs::symlink(target, at(link)).unwrap();
        }
        let root = Root::default();
        root.write_private(at("link"), "one").unwrap();
        assert_eq!(fs::read_to_string(at("deep/new")).unwrap(), "one");
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(at("deep")).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700, "a folder for a private file");
        fs::remove_file(at("deep/new")).unwrap();
        root.write(&[(at("chain"), "two")], false).unwrap();
        assert_eq!(fs::read_to_string(at("deep/new")).unwrap(), "two");
        assert!(matches!(root.write(&[(at("chain"), "")], false), Err(NotWritten::Exist(_))));
        let same = [(at("link"), ""), (at("deep/new"), "")];
        assert!(matches!(root.write(&same, true), Err(NotWritten::Same(_))));
        assert!(matches!(root.write(&[(at("circle"), "")], true), Err(NotWritten::Failed(..))));
        for link in ["link", "chain", "circle"] {
            assert!(at(link).symlink_metadata().unwrap().is_symlink(), "{link}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_whole_and_what_is_no_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let names = || {
            let entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
            let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
            names.sort();
            names
        };
        let replace = |name: &str, text: &str| Root::default().replace(&at(name), text.as_bytes());
        for text in ["one, longer than the next", "two"] {
            replace("file", text).unwrap();
            assert_eq!(fs::read_to_string(at("file")).unwrap(), text);
        }
        fs::write(at("target"), "kept").unwrap();
        std::os::unix::fs::symlink("target", at("link")).unwrap();
        replace("link", "new").unwrap();
        assert!(at("link").symlink_metadata().unwrap().is_file());
        assert_eq!(fs::read_to_string(at("target")).unwrap(), "kept");
        fs::create_dir(at("folder")).unwrap();
        fs::write(at("folder/inner"), "kept").unwrap();
        assert!(replace("folder", "new").is_err());
        assert_eq!(fs::read_to_string(at("folder/inner")).unwrap(), "kept");
        assert_eq!(names(), ["file", "folder", "link", "target"], "no draft is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_its_own_gets_a_gitignore_through_no_link() {
        let world = tempfile::tempdir().unwrap();
        let own = world.path().join("checkout/.poolctl");
        fs::create_dir_all(world.path().join("checkout/.git")).unwrap();
        fs::create_dir_all(&own).unwrap();
        std::os::unix::fs::symlink("../../victim", own.join(".gitignore")).unwrap();
        keep_out_of_git(&Root::default(), &own.join("backups"));
        assert!(!world.path().join("victim").exists());
    }
}
