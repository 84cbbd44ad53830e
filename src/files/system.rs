//! What differs between the systems: who may open a file, and when its name is on disk.

#[cfg(unix)]
pub use unix::is_pipe;
#[cfg(unix)]
pub(super) use unix::{
    exchange, identity, open, open_no_link, private_file, private_folder, sync_folder, times,
};
#[cfg(windows)]
pub use windows::is_pipe;
#[cfg(windows)]
pub(super) use windows::{
    exchange, identity, open, open_no_link, private_file, private_folder, sync_folder, times,
};

/// What opening a pipe without a writer does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pipes {
    /// Wait for its writer.
    Wait,
    /// Return at once.
    Return,
}

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
    use std::path::Path;

    use super::Pipes;

    /// Opens a file to read it.
    pub(in crate::files) fn open(path: &Path, pipes: Pipes) -> io::Result<File> {
        with_flags(path, pipes, 0)
    }

    /// Opens a file to read it; an error if its path ends with a link.
    pub(in crate::files) fn open_no_link(path: &Path, pipes: Pipes) -> io::Result<File> {
        with_flags(path, pipes, libc::O_NOFOLLOW)
    }

    fn with_flags(path: &Path, pipes: Pipes, flags: i32) -> io::Result<File> {
        let pipes = if pipes == Pipes::Return { libc::O_NONBLOCK } else { 0 };
        OpenOptions::new().read(true).custom_flags(flags | pipes).open(path)
    }

    /// The device of a file, and its number there.
    pub(in crate::files) fn identity(found: &Metadata) -> (u64, u64) {
        (found.dev(), found.ino())
    }

    /// When the content of a file changed, and when anything about it did: seconds and nanoseconds.
    pub(in crate::files) fn times(found: &Metadata) -> [(i64, i64); 2] {
        [(found.mtime(), found.mtime_nsec()), (found.ctime(), found.ctime_nsec())]
    }

    /// Whether a file is a pipe with a name.
    pub fn is_pipe(file: &Path) -> bool {
        file.metadata().is_ok_and(|found| found.file_type().is_fifo())
    }

    /// Makes a new file readable by its owner alone.
    pub(in crate::files) fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
        options.mode(0o600)
    }

    /// Makes a new folder open to its owner alone.
    pub(in crate::files) fn private_folder(builder: &mut DirBuilder) -> &mut DirBuilder {
        builder.mode(0o700)
    }

    /// Waits until the names in a folder are on disk.
    pub(in crate::files) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Makes two files trade places.
    #[cfg(target_os = "linux")]
    pub(in crate::files) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
    }

    #[cfg(not(target_os = "linux"))]
    pub(in crate::files) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A new file has the access list of its folder: in a profile, that is the owner, administrators and the system. Folders
/// cannot be opened to wait for the disk; NTFS writes names in their order.
#[cfg(windows)]
mod windows {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions};
    use std::io;
    use std::os::windows::fs::MetadataExt as _;
    use std::path::Path;

    use super::Pipes;

    pub(in crate::files) fn open(path: &Path, _: Pipes) -> io::Result<File> {
        File::open(path)
    }

    /// No flag refuses links here, so the caller looks at the path.
    pub(in crate::files) fn open_no_link(_: &Path, _: Pipes) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Nothing stable names a file here but the time at which it was made.
    pub(in crate::files) fn identity(found: &Metadata) -> (u64, u64) {
        (0, found.creation_time())
    }

    /// The time of the last write, twice.
    pub(in crate::files) fn times(found: &Metadata) -> [(i64, i64); 2] {
        let steps = i64::try_from(found.last_write_time()).unwrap_or(i64::MAX);
        [(steps / 10_000_000, steps % 10_000_000 * 100); 2]
    }

    /// No file is a pipe with a name.
    pub fn is_pipe(_: &Path) -> bool {
        false
    }

    pub(in crate::files) fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
        options
    }

    pub(in crate::files) fn private_folder(builder: &mut DirBuilder) -> &mut DirBuilder {
        builder
    }

    pub(in crate::files) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(in crate::files) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
