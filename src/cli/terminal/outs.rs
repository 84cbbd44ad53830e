//! Checks the destinations of results before any work is done.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::Context;
use crate::cli::args::{Command, Format, OutFile};
use crate::cli::exit::Exit;
use crate::cli::terminal::metrics;
use crate::files;

impl Context {
    /// Refuses results that would overwrite their inputs, given as paths without links.
    pub(in crate::cli) fn spare<'a>(
        &self,
        inputs: &HashSet<PathBuf>,
        results: impl IntoIterator<Item = &'a Path>,
    ) -> Result<(), Exit> {
        let is_read = |file: &&Path| file.canonicalize().is_ok_and(|file| inputs.contains(&file));
        let Some(file) = results.into_iter().find(is_read) else { return Ok(()) };
        let text = format!("`{}` is an input of this run, and cannot be its output", file.display());
        Err(self.ui.fail(Exit::Usage, &text, "name another file for the result"))
    }

    /// The same for the documents of a folder of saved pools.
    pub(in crate::cli) fn spare_saved(&self, live: Option<&Path>, outs: &[OutFile]) -> Result<(), Exit> {
        if outs.is_empty() {
            return Ok(());
        }
        let entries = live.and_then(|folder| self.root.entries(folder).ok()).into_iter().flatten();
        let files =
            entries.filter_map(|entry| entry.identity.or_else(|| entry.path.canonicalize().ok())).collect();
        self.spare(&files, outs.iter().map(|out| out.file.as_path()))
    }
}

/// Whether two results go to one file.
pub(in crate::cli) fn is_same(one: &Path, other: &Path) -> bool {
    one == other || place(one) == place(other)
}

/// The path without links to which a file is written.
fn place(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let new = || Some(folder.canonicalize().ok()?.join(file.file_name()?));
    file.canonicalize().ok().or_else(new).unwrap_or_else(|| file.to_owned())
}

/// What keeps a result from being written to a file, as the rest of a sentence; `None` if nothing is known to.
pub(in crate::cli) fn obstacle(file: &Path) -> Option<String> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
    match folder {
        Some(folder) => {
            let lost = files::lost_link(folder).map(|error| error.to_string());
            Some(lost.unwrap_or_else(|| format!("`{}` is not a folder", folder.display())))
        }
        None => file.is_dir().then(|| "it is a folder".to_owned()),
    }
}

/// Whether a write to this file may block forever: a named pipe, which may have no reader. Pipes that a shell makes
/// for a command have one.
fn waits_for_a_reader(file: &Path) -> bool {
    let is_a_shells =
        ["/dev/fd", "/proc", "/dev/std"].iter().any(|start| file.to_string_lossy().starts_with(start));
    !is_a_shells && files::is_pipe(file)
}

/// Refuses a form of the result that the command does not have, said before the command's name, and files of
/// `--out` that cannot be written: better now than when the work is done.
pub(in crate::cli) fn check(context: &Context, command: &Command) -> Result<(), Exit> {
    let name = command.name();
    let formats = Format::of(name);
    let refuse = |text: String, help: String| Err(context.ui.fail(Exit::Usage, &text, &help));
    let outs = command.outs();
    let forms = std::iter::once(context.global.format).chain(outs.iter().map(|out| out.format));
    if let Some(format) = forms.into_iter().find(|format| !formats.contains(format)) {
        let all: Vec<String> = formats.iter().map(|format| format!("`{format}`")).collect();
        return refuse(format!("`{name}` does not print `{format}`"), format!("use {}", all.join(", ")));
    }
    for file in command.written() {
        if let Err(error) = context.root.check(file) {
            let help = files::remedy(&error, "name another file");
            return refuse(format!("cannot write to `{}`: {error}", file.display()), help);
        }
    }
    for (position, OutFile { file, .. }) in outs.iter().enumerate() {
        if outs[..position].iter().any(|other| is_same(&other.file, file)) {
            let help = "name a different file for each format".to_owned();
            return refuse(format!("two results would be written to `{}`", file.display()), help);
        }
        let unread =
            waits_for_a_reader(file).then(|| "it is a named pipe, which may have no reader".to_owned());
        if let Some(why) = obstacle(file).or(unread) {
            let text = format!("`--out` cannot write to `{}`: {why}", file.display());
            return refuse(text, "name a file in an existing folder".to_owned());
        }
    }
    for out in outs {
        if let Some(rival) = metrics::rival(&context.root, out, outs, name, &context.label) {
            let (file, rival) = (out.file.display(), rival.display());
            let text = format!(
                "`{file}` and `{rival}` would have the same series, and Prometheus reads only one of them: both are of `{name}` with run=\"{}\"",
                context.label
            );
            let help = format!("give this run its own label with `--run-label`, or delete `{rival}`");
            return refuse(text, help);
        }
    }
    Ok(())
}
