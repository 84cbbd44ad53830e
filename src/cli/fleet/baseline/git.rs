//! The git of the current folder: it reads the repository, fetches nothing and writes nothing.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

/// What is wrong, and what to do about it.
pub(super) type Wrong = (String, String);

/// What git sets for its hooks and aliases. It names the repository of the command that runs the hook, seen
/// from the folder in which the hook starts, so from any other folder it means something else.
const OF_A_HOOK: [&str; 5] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// A git repository, found from the current folder.
#[derive(Clone, Debug)]
pub(super) struct Git {
    /// Whether the variables of a hook hold, because the current folder is in no repository.
    is_told: bool,
    /// The root of the working tree, without links.
    pub(super) root: PathBuf,
    /// The current folder within it.
    pub(super) here: PathBuf,
}

impl Git {
    /// The repository around the current folder; where there is none, the one that the environment names.
    ///
    /// # Errors
    /// When there is no git or no repository, or git refuses to read it; `asked` is what needs it.
    pub(super) fn here(asked: &str) -> Result<Self, Wrong> {
        let mut git = Self { is_told: false, root: PathBuf::new(), here: PathBuf::new() };
        let show = ["rev-parse", "--show-toplevel", "--show-prefix"];
        let mut found = git.lines(&show)?;
        let is_none = |found: &Result<String, Complaint>| found.as_ref().is_err_and(Complaint::is_nowhere);
        if is_none(&found) && OF_A_HOOK.iter().any(|name| std::env::var_os(name).is_some()) {
            git.is_told = true;
            found = git.lines(&show)?;
        }
        let found = found.map_err(|complaint| complaint.of_repository(asked))?;
        let (root, here) = found.split_once('\n').unwrap_or((&found, ""));
        git.root = Path::new(root).canonicalize().unwrap_or_default();
        git.here = PathBuf::from(here);
        Ok(git)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.args(["--no-pager", "--literal-pathspecs", "-c", "protocol.allow=never"]).args(arguments);
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").stdin(Stdio::null());
        // An object that a partial clone lacks, and a file that Git LFS keeps elsewhere, are not fetched.
        command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_LFS_SKIP_SMUDGE", "1");
        if !self.is_told {
            for name in OF_A_HOOK {
                command.env_remove(name);
            }
        }
        if !self.root.as_os_str().is_empty() {
            command.current_dir(&self.root);
        }
        command
    }

    fn output(&self, arguments: &[&str]) -> Result<Result<Output, Complaint>, Wrong> {
        let output = self.command(arguments).output().map_err(no_git)?;
        Ok(if output.status.success() { Ok(output) } else { Err(Complaint::of(&output.stderr)) })
    }

    /// The lines that git prints; the inner error is git's own.
    pub(super) fn lines(&self, arguments: &[&str]) -> Result<Result<String, Complaint>, Wrong> {
        let text = |output: Output| String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned();
        Ok(self.output(arguments)?.map(text))
    }

    /// The records that git prints with `-z`, without records that are not UTF-8; the inner error is git's own.
    pub(super) fn records(&self, arguments: &[&str]) -> Result<Result<Vec<String>, Complaint>, Wrong> {
        let records = |output: Output| {
            let records = output.stdout.split(|byte| *byte == 0).filter(|record| !record.is_empty());
            records.filter_map(|record| Some(std::str::from_utf8(record).ok()?.to_owned())).collect()
        };
        Ok(self.output(arguments)?.map(records))
    }

    /// The bytes that git prints, `most` at most.
    pub(super) fn bytes(&self, arguments: &[&str], most: u64) -> Result<Vec<u8>, Complaint> {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| Complaint(vec![error.to_string()]))?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        // Both streams are read at once: git waits where one of them is full.
        let said = std::thread::spawn(move || {
            let mut said = Vec::new();
            let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut said));
            said
        });
        let mut bytes = Vec::new();
        let read = stdout.map_or(Ok(0), |stdout| stdout.take(most).read_to_end(&mut bytes));
        let is_cut = bytes.len() as u64 == most;
        if is_cut {
            // What else git would print is of no use; whether it still ran is of no interest.
            let _ = child.kill();
        }
        let ended = child.wait();
        let said = said.join().unwrap_or_default();
        match (read, ended) {
            (Ok(_), Ok(status)) if status.success() || is_cut => Ok(bytes),
            (Err(error), _) | (_, Err(error)) => Err(Complaint(vec![error.to_string()])),
            (Ok(_), Ok(_)) => Err(Complaint::of(&said)),
        }
    }

    /// A process that says which object git would store for a file of the working tree.
    pub(super) fn hasher(&self) -> Option<Hasher> {
        let mut command = self.command(&["hash-object", "--stdin-paths"]);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = piped.spawn().ok()?;
        let (paths, objects) = (child.stdin.take()?, child.stdout.take()?);
        Some(Hasher { child, paths, objects: BufReader::new(objects) })
    }
}

/// A `git hash-object --stdin-paths` that waits for paths.
#[derive(Debug)]
pub(super) struct Hasher {
    child: Child,
    paths: ChildStdin,
    objects: BufReader<ChildStdout>,
}

impl Hasher {
    /// The object that git would store for a file, by its path from the root; `None` once git has ended.
    pub(super) fn object(&mut self, path: &str) -> Option<String> {
        self.paths.write_all(format!("{path}\n").as_bytes()).ok()?;
        self.paths.flush().ok()?;
        let mut line = String::new();
        self.objects.read_line(&mut line).ok()?;
        line.strip_suffix('\n').map(str::to_owned)
    }
}

impl Drop for Hasher {
    fn drop(&mut self) {
        // Whether it still ran is of no interest; it must not stay behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines in which git says why it fails.
#[derive(Clone, Debug)]
pub(super) struct Complaint(Vec<String>);

impl Complaint {
    fn of(stderr: &[u8]) -> Self {
        let text = String::from_utf8_lossy(stderr);
        let bare = |line: &str| {
            let bare = ["fatal: ", "error: "].iter().find_map(|prefix| line.strip_prefix(prefix));
            bare.unwrap_or(line).trim_end().to_owned()
        };
        Self(text.lines().filter(|line| !line.trim().is_empty()).map(bare).collect())
    }

    /// Whether there is no repository.
    fn is_nowhere(&self) -> bool {
        self.0.iter().any(|line| line.starts_with("not a git repository"))
    }

    /// The command that git names as the remedy.
    fn command(&self) -> Option<&str> {
        self.0.iter().find_map(|line| line.strip_prefix('\t').filter(|line| line.starts_with("git ")))
    }

    /// The reason alone, without the remedy.
    fn reason(&self) -> impl Iterator<Item = &str> {
        let has_remedy = self.command().is_some();
        let is_remedy =
            move |line: &&String| has_remedy && (line.starts_with("\tgit ") || line.ends_with(", call:"));
        self.0.iter().filter(move |line| !is_remedy(line)).map(|line| line.trim())
    }

    /// The reason as a part of one sentence.
    pub(super) fn sentence(&self) -> String {
        match self.reason().collect::<Vec<_>>().join("; ") {
            reason if reason.is_empty() => "git printed no reason".to_owned(),
            reason => reason,
        }
    }

    /// Why a repository cannot be read.
    fn of_repository(&self, asked: &str) -> Wrong {
        if self.is_nowhere() {
            return (
                format!("{asked} is not a folder, and the current folder is not in a git repository"),
                "run poolctl in the repository of the manifests, or name a folder as the baseline".to_owned(),
            );
        }
        let reason: String = self.reason().map(|line| format!("\n  {line}")).collect();
        let help = match self.command() {
            Some(command) => format!("run `{command}`"),
            None => "fix what git reports, or name a folder as the baseline".to_owned(),
        };
        (format!("cannot read {asked}: git refuses to read this repository:{reason}"), help)
    }
}

fn no_git(error: impl std::fmt::Display) -> Wrong {
    (
        format!("cannot run git, which reads the baseline: {error}"),
        "install git, or name a folder as the baseline".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_is_its_reason_line_by_line_and_its_command_the_remedy() {
        let asked = "`--baseline main`";
        let owner = b"fatal: detected dubious ownership in repository at '/x'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /x\n";
        let (text, help) = Complaint::of(owner).of_repository(asked);
        assert!(
            text.ends_with("this repository:\n  detected dubious ownership in repository at '/x'"),
            "{text}"
        );
        assert_eq!(help, "run `git config --global --add safe.directory /x`");
        let extension = b"fatal: unknown repository extension found:\n\trefstorage\n";
        let (text, help) = Complaint::of(extension).of_repository(asked);
        assert!(text.ends_with(":\n  unknown repository extension found:\n  refstorage"), "{text}");
        assert!(!text.contains("not in a git repository") && help.starts_with("fix what"), "{text} {help}");
        let none = b"fatal: not a git repository (or any of the parent directories): .git\n";
        assert!(Complaint::of(none).of_repository(asked).0.ends_with("is not in a git repository"));
    }
}
