//! How files are read, and folders listed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use super::reason::worded;
use super::system::{self, Pipes};
use super::{MAX_FILE, Root};

impl Root {
    /// The bytes of a file, unless it is one that does not end, or larger than `most` bytes.
    ///
    /// # Errors
    /// When it cannot be read, or is larger.
    pub fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.read_start(path, most + 1)?;
        if bytes.len() as u64 > most {
            return Err(too_large(most));
        }
        Ok(bytes)
    }

    /// The bytes of a file as they are read, unless it is larger than `most` bytes.
    ///
    /// # Errors
    /// When it cannot be opened, or is larger.
    pub fn read_from(&self, path: &Path, most: u64) -> io::Result<impl io::Read + use<>> {
        let file = self.open(path, Pipes::Wait)?;
        if file.metadata()?.len() > most {
            return Err(too_large(most));
        }
        Ok(file.take(most))
    }

    /// The first bytes of a file, `most` of them at most.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_start(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let file = self.open(path, Pipes::Wait)?;
        let size = file.metadata()?.len();
        start(file, size, most)
    }

    /// The first bytes of a regular file; `None` for a pipe, a device or a folder, of which nothing is read.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_regular(&self, path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
        // To open a pipe would wait for its writer.
        match self.open(path, Pipes::Return) {
            Ok(file) => {
                let found = file.metadata()?;
                found.is_file().then(|| start(file, found.len(), most)).transpose()
            }
            Err(_) if path.metadata().is_ok_and(|found| !found.is_file()) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a file to read it.
    fn open(&self, path: &Path, pipes: Pipes) -> io::Result<File> {
        self.opened(path, pipes).map_err(worded(path))
    }

    fn opened(&self, path: &Path, pipes: Pipes) -> io::Result<File> {
        if let (Some(folder), Some(Component::Normal(_))) = (path.parent(), path.components().next_back()) {
            self.folder(folder)?;
            // The system itself refuses a link, so nothing can take the place of a file between check and open.
            match system::open_no_link(path, pipes) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {}
                opened => return opened,
            }
        }
        self.check(path)?;
        system::open(path, pipes)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When it cannot be read, is larger than any of use, or is no UTF-8.
    pub fn read_text(&self, path: &Path) -> io::Result<String> {
        String::from_utf8(self.read(path, MAX_FILE)?).map_err(io::Error::other)
    }

    /// The paths of what is in a folder, in no order.
    ///
    /// # Errors
    /// When the folder cannot be read to its end.
    pub fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.entries(folder)?.into_iter().map(|entry| entry.path).collect())
    }

    /// What is in a folder, in no order.
    ///
    /// # Errors
    /// When the folder cannot be read to its end.
    pub fn entries(&self, folder: &Path) -> io::Result<Vec<FolderEntry>> {
        self.check(folder)?;
        let real = self.folder(folder)?;
        let entry = |entry: std::fs::DirEntry| {
            let kind = entry.file_type()?;
            let identity = (!kind.is_symlink()).then(|| real.join(entry.file_name()));
            Ok(FolderEntry { path: entry.path(), identity, is_folder: kind.is_dir() })
        };
        folder.read_dir().map_err(worded(folder))?.map(|found| entry(found?)).collect()
    }
}

/// A file, a folder or a link in a folder.
#[derive(Clone, Debug)]
pub struct FolderEntry {
    /// Its path, which begins with the folder's.
    pub path: PathBuf,
    /// Its path without links; `None` if it is a link itself.
    pub identity: Option<PathBuf>,
    /// Whether it is a folder, and no link to one.
    pub is_folder: bool,
}

fn too_large(most: u64) -> io::Error {
    io::Error::other(format!("it is larger than {} MiB", most >> 20))
}

/// The first bytes of a file, `most` of them at most.
fn start(file: File, size: u64, most: u64) -> io::Result<Vec<u8>> {
    // Otherwise the buffer grows from a few bytes, with a read for each size.
    let mut bytes = Vec::with_capacity((size.min(most) + 1) as usize);
    file.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_regular_files_are_read_and_no_pipe_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "0123456789").unwrap();
        assert!(Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let _socket = UnixListener::bind(at("socket")).unwrap();
        for name in ["file", "pipe", "socket"] {
            symlink(name, at(&format!("{name}-link"))).unwrap();
        }
        let root = Root::default().remembering();
        let read = |name: &str, most| root.read_regular(&at(name), most).unwrap();
        for name in ["file", "file-link"] {
            assert_eq!(read(name, 99).as_deref(), Some(&b"0123456789"[..]), "{name}");
            assert_eq!(read(name, 4).as_deref(), Some(&b"0123"[..]), "{name}");
        }
        for name in [".", "pipe", "pipe-link", "socket", "socket-link"] {
            assert_eq!(read(name, 99), None, "{name}");
        }
        assert_eq!(root.read_regular(&at("none"), 99).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_listed_folder_says_what_is_a_link_and_where_everything_else_lies() {
        let top = tempfile::tempdir().unwrap();
        let real = top.path().canonicalize().unwrap();
        fs::create_dir_all(real.join("folder/inner")).unwrap();
        fs::write(real.join("folder/file"), "").unwrap();
        symlink("file", real.join("folder/link")).unwrap();
        symlink("folder", real.join("other")).unwrap();
        let mut entries = Root::default().entries(&real.join("other")).unwrap();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        let told: Vec<_> =
            entries.into_iter().map(|entry| (entry.path, entry.identity, entry.is_folder)).collect();
        let [file, inner, link] = ["file", "inner", "link"].map(|name| real.join("other").join(name));
        let [real_file, real_inner] = ["file", "inner"].map(|name| real.join("folder").join(name));
        let expected = [(file, Some(real_file), false), (inner, Some(real_inner), true), (link, None, false)];
        assert_eq!(told, expected);
    }
}
