//! The files of a git revision, read from the repository and from nowhere else.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::manifest::yaml::MAX_BYTES;
use crate::manifest::{Beside, File, Miss, Secret, Variable};

/// What is wrong, and what to do about it.
pub(super) type Wrong = (String, String);

/// The tree of one commit.
pub(super) struct Tree {
    /// What the user calls the revision.
    name: String,
    commit: String,
    /// The root of the repository, without links.
    root: PathBuf,
    /// The current folder within it.
    here: PathBuf,
    blobs: Mutex<Blobs>,
}

/// A `git cat-file --batch` that waits for names.
struct Blobs {
    child: Child,
    names: ChildStdin,
    contents: BufReader<ChildStdout>,
}

impl Tree {
    /// The tree of the revision that git knows as `name`; nothing where it knows none.
    ///
    /// # Errors
    /// When there is no git, or no repository here.
    pub(super) fn find(name: &str) -> Result<Option<Self>, Wrong> {
        let prefix = run(&["rev-parse", "--show-prefix"])?.map_err(|error| {
            let text =
                format!("`--baseline {name}` is no folder, and there is no git repository here: {error}");
            (text, "run poolctl in the repository of the manifests, or name a folder".to_owned())
        })?;
        let revision = format!("{name}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &revision];
        let Ok(commit) = run(&verify)? else { return Ok(None) };
        let mut child = git(&["cat-file", "--batch", "--follow-symlinks"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(no_git)?;
        let (Some(names), Some(contents)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(no_git("it has no streams"));
        };
        let blobs = Mutex::new(Blobs { child, names, contents: BufReader::new(contents) });
        let here = PathBuf::from(prefix.trim_end_matches('\n'));
        let top = run(&["rev-parse", "--show-toplevel"])?.unwrap_or_default();
        let root = Path::new(&top).canonicalize().unwrap_or_default();
        Ok(Some(Self { name: name.to_owned(), commit: commit.trim().to_owned(), root, here, blobs }))
    }

    /// Why git does not know a revision, and how it would.
    pub(super) fn missing(name: &str) -> Wrong {
        let shallow = run(&["rev-parse", "--is-shallow-repository"]).ok().and_then(Result::ok);
        match shallow.is_some_and(|answer| answer.trim() == "true") {
            true => (
                format!("there is no `{name}` in this clone, which is shallow"),
                "fetch it before: `git fetch --depth=1 origin <branch>` and `--baseline FETCH_HEAD`, or clone with all history (`fetch-depth: 0` of actions/checkout)".to_owned(),
            ),
            false => (
                format!("there is no revision and no folder `{name}`"),
                "name a branch, a tag or a commit that `git show` knows, or fetch it before".to_owned(),
            ),
        }
    }

    /// The manifests at a path that the command line names, by the names that messages show.
    pub(super) fn list(&self, path: &Path) -> Result<Vec<String>, Wrong> {
        let outside = || {
            let text = format!("`{}` is not in the repository of the baseline", path.display());
            (text, "name manifests of the repository by paths relative to this folder".to_owned())
        };
        // A link of today leads where it leads; what is no longer there is looked for by its name.
        let real =
            path.canonicalize().ok().and_then(|real| Some(real.strip_prefix(&self.root).ok()?.to_owned()));
        let named = || tidy(&self.here.join(path.is_relative().then_some(path)?));
        let at = real.or_else(named).ok_or_else(outside)?;
        let whole = at.as_os_str().is_empty();
        let listed = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", &self.commit, "--"])
            .args((!whole).then_some(&at))
            .output()
            .map_err(no_git)?;
        if !listed.status.success() {
            let said = String::from_utf8_lossy(&listed.stderr).trim().to_owned();
            return Err((
                format!("git cannot list `{}`: {said}", path.display()),
                "look at what it says".to_owned(),
            ));
        }
        let names = listed.stdout.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let wanted =
            |name: &&str| !name.is_empty() && (Path::new(name) == at || is_manifest(Path::new(name), &at));
        Ok(names.filter(wanted).map(|name| self.shown(&self.seen_from_here(Path::new(name)))).collect())
    }

    /// A path of the repository, seen from the current folder.
    fn seen_from_here(&self, path: &Path) -> PathBuf {
        let mut common = self.here.as_path();
        let mut up = PathBuf::new();
        while !path.starts_with(common) {
            common = common.parent().unwrap_or(Path::new(""));
            up.push("..");
        }
        up.join(path.strip_prefix(common).unwrap_or(path))
    }

    /// The path of a file as messages show it.
    fn shown(&self, path: &Path) -> String {
        format!("{}:{}", self.name, path.display())
    }

    /// The file that is shown as `name`.
    pub(super) fn read(&self, name: &str) -> Result<File, Miss> {
        let miss = |message: String, help: &str| Miss { message, help: help.to_owned() };
        let path = self.path(name);
        let at = tidy(&self.here.join(&path)).filter(|at| !at.to_string_lossy().contains('\n'));
        let Some(at) = at else {
            return Err(miss(
                format!("`{name}` leads out of the repository"),
                "keep what manifests refer to in the repository",
            ));
        };
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        let content = blobs.content(&format!("{}:{}", self.commit, at.display()));
        match content
            .map_err(|error| miss(format!("git cannot read `{name}`: {error}"), "look at the repository"))?
        {
            Some(bytes) if bytes.len() > MAX_BYTES => Err(miss(
                format!("`{name}` is larger than {MAX_BYTES} bytes"),
                "no setting of Cognito's takes so much",
            )),
            Some(bytes) => Ok(File { name: name.to_owned(), identity: at, bytes: bytes.into() }),
            None => Err(miss(
                format!("there is no file `{name}`"),
                "paths are relative to the file that names them",
            )),
        }
    }

    /// The path of the file that is shown as `name`, seen from the current folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name.strip_prefix(&format!("{}:", self.name)).unwrap_or(name))
    }
}

impl Blobs {
    /// What the object `name` holds; nothing where there is no such file. One byte more than is of use is
    /// enough.
    fn content(&mut self, name: &str) -> std::io::Result<Option<Vec<u8>>> {
        self.names.write_all(format!("{name}\n").as_bytes())?;
        self.names.flush()?;
        let mut head = String::new();
        self.contents.read_line(&mut head)?;
        // `<object> blob <size>`, or what is wrong: `<name> missing`, `dangling <size>`, and a text of that size.
        let words: Vec<&str> = head.trim_end().rsplitn(3, ' ').collect();
        let size = words.first().and_then(|size| size.parse::<u64>().ok());
        let Some(size) = size else {
            let ended = head.is_empty();
            return if ended { Err(std::io::ErrorKind::UnexpectedEof.into()) } else { Ok(None) };
        };
        let mut bytes = Vec::new();
        (&mut self.contents).take(size.min(MAX_BYTES as u64 + 1)).read_to_end(&mut bytes)?;
        let rest = size - bytes.len() as u64 + 1;
        std::io::copy(&mut (&mut self.contents).take(rest), &mut std::io::sink())?;
        Ok((words.get(1) == Some(&"blob")).then_some(bytes))
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // Whether it still ran is of no interest; it must not stay behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A tree, with the variables and secrets of today.
pub(super) struct Revision<'a> {
    pub(super) tree: &'a Tree,
    pub(super) today: &'a dyn Beside,
}

impl Beside for Revision<'_> {
    fn file(&self, from: &str, path: &str) -> Result<File, Miss> {
        let from = self.tree.path(from);
        let folder = from.parent().unwrap_or(Path::new(""));
        let joined = folder.join(path);
        self.tree.read(&self.tree.shown(&joined))
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.today.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.today.secret(name)
    }
}

/// The path without `.` and `..`; nothing where it leads out of the repository.
fn tidy(path: &Path) -> Option<PathBuf> {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => tidy.push(name),
            Component::CurDir => {}
            Component::ParentDir if tidy.pop() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(tidy)
}

/// Whether a file below the folder `at` is one that a search of the disk would find.
fn is_manifest(path: &Path, at: &Path) -> bool {
    let yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let below = path.strip_prefix(at).unwrap_or(path);
    let hidden = below.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    yaml && !hidden && path.file_name().is_some_and(|name| name != crate::cli::config::NAME)
}

fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--literal-pathspecs"]).args(arguments).env("GIT_OPTIONAL_LOCKS", "0");
    command
}

/// What git prints; the inner error is what it complains of.
fn run(arguments: &[&str]) -> Result<Result<String, String>, Wrong> {
    let output = git(arguments).stdin(Stdio::null()).output().map_err(no_git)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\n').to_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
}

fn no_git(error: impl std::fmt::Display) -> Wrong {
    (
        format!("git cannot be run, which reads the baseline: {error}"),
        "install git, or name a folder".to_owned(),
    )
}
