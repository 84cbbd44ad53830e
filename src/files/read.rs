//! How files are read, and folders listed.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::{MAX_FILE, Root};

impl Root {
    /// The bytes of a file, unless it is one that does not end, or larger than `most` bytes.
    ///
    /// # Errors
    /// When it cannot be read, or is larger.
    pub fn read(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.read_start(path, most + 1)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
        }
        Ok(bytes)
    }

    /// The first bytes of a file, `most` of them at most.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read_start(&self, path: &Path, most: u64) -> io::Result<Vec<u8>> {
        self.check(path)?;
        let file = File::open(path)?;
        // Otherwise the buffer grows from a few bytes, with a read for each size.
        let size = file.metadata()?.len().min(most) + 1;
        let mut bytes = Vec::with_capacity(size as usize);
        file.take(most).read_to_end(&mut bytes)?;
        Ok(bytes)
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
        self.check(folder)?;
        folder.read_dir()?.map(|entry| Ok(entry?.path())).collect()
    }
}
