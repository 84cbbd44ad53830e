//! Where results may go: what can be told before any work is done.

use std::collections::HashSet;
use std::os::unix::fs::FileTypeExt as _;
use std::path::{Path, PathBuf};

use super::args::{Command, Format, Out};
use super::exit::Exit;
use super::{Context, metrics};
use crate::report;

impl Context {
    /// Refuses results that would be written over what they are made from: files without links.
    pub(super) fn spare<'a>(
        &self,
        inputs: &HashSet<PathBuf>,
        results: impl IntoIterator<Item = &'a Path>,
    ) -> Result<(), Exit> {
        let is_read = |file: &&Path| file.canonicalize().is_ok_and(|file| inputs.contains(&file));
        let Some(file) = results.into_iter().find(is_read) else { return Ok(()) };
        let text = format!("`{}` is read by this run, and is not written over", file.display());
        self.ui.error(&report::escape(&text), Some("name another file for the result"));
        Err(Exit::Usage)
    }

    /// The same for the documents of a folder of saved pools.
    pub(super) fn spare_saved(&self, live: Option<&Path>, outs: &[Out]) -> Result<(), Exit> {
        let entries = live.and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten();
        let files = entries.filter_map(|entry| entry.ok()?.path().canonicalize().ok()).collect();
        self.spare(&files, outs.iter().map(|out| out.file.as_path()))
    }
}

/// Whether to write to this file may wait for ever: a pipe with a name, which nobody may read. Those that a
/// shell makes for a command have a reader.
fn waits_for_a_reader(file: &Path) -> bool {
    let is_a_shells =
        ["/dev/fd", "/proc", "/dev/std"].iter().any(|start| file.to_string_lossy().starts_with(start));
    !is_a_shells && std::fs::metadata(file).is_ok_and(|found| found.file_type().is_fifo())
}

/// Refuses a form of the result that the command does not have, said before the command's name, and files of
/// `--out` that cannot be written: better now than when the work is done.
pub(super) fn check(context: &Context, command: &Command) -> Result<(), Exit> {
    let name = command.name();
    let formats = Format::of(name);
    let refuse = |text: String, help: String| {
        context.ui.error(&report::escape(&text), Some(&report::escape(&help)));
        Err(Exit::Usage)
    };
    let outs = command.outs();
    let forms = std::iter::once(context.global.format).chain(outs.iter().map(|out| out.format));
    if let Some(format) = forms.into_iter().find(|format| !formats.contains(format)) {
        let all: Vec<String> = formats.iter().map(|format| format!("`{format}`")).collect();
        return refuse(
            format!("`{name}` does not print `{format}`"),
            format!("it prints {}", all.join(", ")),
        );
    }
    for (position, Out { file, .. }) in outs.iter().enumerate() {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if outs[..position].iter().any(|other| other.file == *file) {
            let help = "give each form a file of its own".to_owned();
            return refuse(format!("two `--out` write to `{}`", file.display()), help);
        }
        if folder.is_some_and(|folder| !folder.is_dir()) || file.is_dir() || waits_for_a_reader(file) {
            let text = format!("`--out` cannot write to `{}`", file.display());
            return refuse(text, "name a file in a folder that there is".to_owned());
        }
    }
    for out in outs {
        if let Some(rival) = metrics::rival(out, outs, name, &context.label) {
            let (file, rival) = (out.file.display(), rival.display());
            let text = format!(
                "`{file}` and `{rival}` would hold the same series, and Prometheus sees those of one file: both are of `{name}` with run=\"{}\"",
                context.label
            );
            let help = format!("Give this run its own name with `--run-label`, or delete `{rival}`.");
            return refuse(text, help);
        }
    }
    Ok(())
}
