//! A backup that follows the calls of its run: the file on disk lists what the calls that were sent change, and no more.

use std::path::PathBuf;

use time::OffsetDateTime;

use super::backup::{Backup, BackupError};
use crate::catalogue::Catalogue;
use crate::document::Snapshot;
use crate::files::Root;
use crate::plan::Plan;

/// A backup on disk, while its run goes on.
#[derive(Clone, Debug)]
pub(super) struct RunBackup {
    /// The documents in it.
    pub(super) base: Snapshot,
    file: PathBuf,
    backup: Backup,
    /// The changed settings and the others, as the last call that took effect left them.
    settled: (Vec<String>, Vec<String>),
}

impl RunBackup {
    /// Writes `backup` to a new file in `dir`, as one of a run that is about to send the first call of its plan.
    ///
    /// # Errors
    /// When it is not certainly on disk.
    pub(super) fn write(
        catalogue: &Catalogue,
        plan: &Plan,
        mut backup: Backup,
        (root, dir): (&Root, &std::path::Path),
        now: OffsetDateTime,
    ) -> Result<(PathBuf, Self), BackupError> {
        let settled = (backup.changed.clone(), backup.unsent.clone());
        backup.sends(catalogue, plan, 0);
        let file = backup.write(root, dir, now)?;
        Ok((file.clone(), Self { base: plan.base.clone(), file, backup, settled }))
    }

    /// Makes the file list what a call changes, before that is sent.
    ///
    /// # Errors
    /// When the file cannot be written: then it is as before, and the call must not be sent.
    pub(super) fn sends(
        &mut self,
        catalogue: &Catalogue,
        root: &Root,
        (plan, nth): (&Plan, usize),
    ) -> Result<(), BackupError> {
        match self.backup.sends(catalogue, plan, nth) {
            true => self.backup.rewrite(root, &self.file),
            false => Ok(()),
        }
    }

    /// Records that the last call took effect.
    pub(super) fn took_effect(&mut self) {
        self.settled = (self.backup.changed.clone(), self.backup.unsent.clone());
    }

    /// Takes what the last call was to change out of the file again, since that call had no effect. A file that cannot be
    /// written stays as it is: a restore then shows more than the run changed.
    pub(super) fn had_no_effect(&mut self, root: &Root) {
        if self.backup.changed != self.settled.0 {
            (self.backup.changed, self.backup.unsent) = self.settled.clone();
            let _ = self.backup.rewrite(root, &self.file);
        }
    }
}
