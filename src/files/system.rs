//! What differs between the systems: who may open a file, and when its name is on disk.

#[cfg(unix)]
pub use unix::is_pipe;
#[cfg(unix)]
pub(super) use unix::{private_file, private_folder, sync_folder};
#[cfg(not(unix))]
pub use windows::is_pipe;
#[cfg(not(unix))]
pub(super) use windows::{private_file, private_folder, sync_folder};

#[cfg(unix)]
mod unix {
    use std::fs::{DirBuilder, File, OpenOptions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, OpenOptionsExt as _};
    use std::path::Path;

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
}

/// A new file has the access list of its folder: in a profile, that is the owner, administrators and the system. Folders
/// cannot be opened to wait for the disk; NTFS writes names in their order.
#[cfg(not(unix))]
mod windows {
    use std::fs::{DirBuilder, OpenOptions};
    use std::io;
    use std::path::Path;

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
}
