//! What the system says of a file, by which a change of it shows.

use std::fs::Metadata;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{Duration, Instant};

use super::reason::worded;
use super::system::Pipes;
use super::{Root, system};

/// More than a step of the clock that stamps files: 10 ms at most on Linux, and on exFAT.
const STEP: Duration = Duration::from_millis(20);
/// The same where a file system keeps no fractions of a second; some keep every second one only.
const COARSE_STEP: Duration = Duration::from_millis(2100);

/// The identity of a file or folder, with its length and times.
///
/// Two stamps of one path differ where its content has changed, unless both changes fell into one step of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStamp {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl FileStamp {
    /// The stamp of a regular file or a folder; `None` for anything else, such as a link.
    pub fn of(path: &Path) -> Option<Self> {
        let found = path.symlink_metadata().ok()?;
        (found.is_file() || found.is_dir()).then(|| Self::from(&found))
    }

    /// How long a stamp must have stood before a change is certain to give another one.
    fn step(&self) -> Duration {
        let has_fractions = self.modified.1 != 0 && self.changed.1 != 0;
        if has_fractions { STEP } else { COARSE_STEP }
    }
}

impl From<&Metadata> for FileStamp {
    fn from(found: &Metadata) -> Self {
        let (device, inode) = system::identity(found);
        let [modified, changed] = system::times(found);
        Self { device, inode, length: found.len(), modified, changed }
    }
}

/// What is known of a path's stamp over time: when content that was read is certain to be current.
#[derive(Clone, Copy, Debug)]
pub struct StampHistory {
    stamp: FileStamp,
    /// A moment at which the path already had the stamp.
    since: Instant,
    is_settled: bool,
}

impl StampHistory {
    /// The history after content was read that had `stamp` when the read began, at `began`.
    ///
    /// It is settled if the stamp is older than one step of the clock: a write after the read then gives another stamp.
    #[must_use]
    pub fn after_read(before: Option<&Self>, stamp: FileStamp, began: Instant) -> Self {
        match before.filter(|before| before.stamp == stamp) {
            Some(before) => {
                let stood = began.saturating_duration_since(before.since);
                Self { is_settled: before.is_settled || stood > stamp.step(), ..*before }
            }
            None => Self { stamp, since: Instant::now(), is_settled: false },
        }
    }

    /// Whether what was read last is what the path has, by its stamp now.
    pub fn proves(&self, now: Option<FileStamp>) -> bool {
        self.is_settled && now == Some(self.stamp)
    }
}

impl Root {
    /// The bytes of a regular file as [`Root::read`] returns them, and the file's stamp before they were read.
    ///
    /// # Errors
    /// When it is no regular file, cannot be read, or is larger than `most` bytes.
    pub fn read_stamped(&self, path: &Path, most: u64) -> io::Result<(Vec<u8>, FileStamp)> {
        self.check(path)?;
        // To open a pipe would wait for its writer.
        let file = system::open(path, Pipes::Return).map_err(worded(path))?;
        let found = file.metadata()?;
        if !found.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        // Otherwise the buffer grows from a few bytes, with a read for each size.
        let mut bytes = Vec::with_capacity(found.len().min(most) as usize + 1);
        file.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
        }
        Ok((bytes, FileStamp::from(&found)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(inode: u64, nanoseconds: i64) -> FileStamp {
        let time = (1_700_000_000, nanoseconds);
        FileStamp { device: 1, inode, length: 10, modified: time, changed: time }
    }

    #[test]
    fn a_read_proves_nothing_until_its_stamp_is_older_than_a_step_of_the_clock() {
        for (stamp, milliseconds, proves) in [
            (stamp(1, 5), 0, false),
            (stamp(1, 5), 19, false),
            (stamp(1, 5), 21, true),
            (stamp(1, 0), 2_000, false),
            (stamp(1, 0), 2_101, true),
        ] {
            let first = StampHistory::after_read(None, stamp, Instant::now());
            assert!(!first.proves(Some(stamp)));
            let began = first.since + Duration::from_millis(milliseconds);
            let second = StampHistory::after_read(Some(&first), stamp, began);
            assert_eq!(second.proves(Some(stamp)), proves, "{milliseconds} ms");
        }
    }

    #[test]
    fn another_stamp_proves_nothing() {
        let first = StampHistory::after_read(None, stamp(1, 5), Instant::now());
        let later = first.since + Duration::from_secs(9);
        let settled = StampHistory::after_read(Some(&first), stamp(1, 5), later);
        assert!(settled.proves(Some(stamp(1, 5))));
        assert!(!settled.proves(Some(stamp(2, 5))) && !settled.proves(Some(stamp(1, 6))));
        assert!(!settled.proves(None));
        let replaced = StampHistory::after_read(Some(&settled), stamp(2, 5), later);
        assert!(!replaced.proves(Some(stamp(2, 5))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_has_no_stamp_and_a_file_that_was_read_has_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        std::fs::write(&file, "text").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let (text, stamp) = Root::default().read_stamped(&link, 10).unwrap();
        assert_eq!((text.as_slice(), FileStamp::of(&file)), (&b"text"[..], Some(stamp)));
        assert_eq!(FileStamp::of(&link), None);
        assert_eq!(FileStamp::of(&dir.path().join("none")), None);
        let pipe = dir.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&pipe, dir.path()] {
            let error = Root::default().read_stamped(path, 10).unwrap_err();
            assert_eq!(error.to_string(), "it is not a regular file", "{}", path.display());
        }
    }
}
