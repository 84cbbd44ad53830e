//! The files of a git revision, or of the index, as the working tree would have them.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::git::{Complaint, Git, Hasher, Wrong};
use crate::cli::fleet::search::is_yaml;
use crate::cli::world::config::NAME;
use crate::files::{MAX_FILE, Root};
use crate::manifest::yaml::MAX_BYTES;
use crate::manifest::{Beside, File, Secret, Unavailable, Variable, lfs_pointer};

/// The links that a path may lead through.
const MAX_LINKS: usize = 40;

/// The files of one commit, or of the index.
pub(super) struct Tree {
    /// What the user calls the revision; empty for the index, as git calls it.
    name: String,
    git: Git,
    /// Every file, link and submodule, by its path from the root.
    entries: HashMap<PathBuf, TreeEntry>,
    hasher: Mutex<Option<Hasher>>,
}

/// What git has at a path.
struct TreeEntry {
    kind: TreeKind,
    object: String,
    /// Whether it is in the index but excluded from the working tree by `git sparse-checkout`.
    is_sparse: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TreeKind {
    File,
    Link,
    Submodule,
}

/// Where a path leads.
enum Leads<'a> {
    To(PathBuf, &'a TreeEntry),
    /// Into the repository of a submodule.
    Into(PathBuf),
    Out,
    Nowhere,
}

impl Tree {
    /// The tree of the revision that git knows as `name`; `None` if it knows none.
    ///
    /// # Errors
    /// When there is no git or no repository here, or git cannot list the revision.
    pub(super) fn find(name: &str) -> Result<Option<Self>, Wrong> {
        let git = Git::here(&format!("`--baseline {name}`"))?;
        let revision = format!("{name}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &revision];
        let Ok(commit) = git.lines(&verify)? else { return Ok(None) };
        let listed = git.records(&["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let listed = listed.map_err(|complaint| {
            let text = format!("git cannot list the files of `{name}`: {}", complaint.sentence());
            let command = format!("git ls-tree -r {name}");
            (text, format!("run `{command}` to see why; in a partial clone it fetches missing objects"))
        })?;
        Ok(Some(Self::new(name, git, &listed)))
    }

    /// The index of the repository here; `None` if there is none.
    pub(super) fn index() -> Option<Self> {
        let git = Git::here("the index").ok()?;
        let listed = git.records(&["ls-files", "-z", "-t", "--stage"]).ok()?.ok()?;
        Some(Self::new("", git, &listed))
    }

    fn new(name: &str, git: Git, records: &[String]) -> Self {
        let entries = records.iter().filter_map(|record| entry(record)).collect();
        Self { name: name.to_owned(), git, entries, hasher: Mutex::new(None) }
    }

    /// Why git does not know a revision, and how it would.
    pub(super) fn missing(name: &str) -> Wrong {
        let shallow = Git::here("").and_then(|git| git.lines(&["rev-parse", "--is-shallow-repository"]));
        match shallow.ok().and_then(Result::ok).is_some_and(|answer| answer == "true") {
            true => (
                format!("revision `{name}` not found: this clone is shallow"),
                "run `git fetch --depth=1 origin <branch>` and use `--baseline FETCH_HEAD`, or clone the whole history (`fetch-depth: 0` of actions/checkout)".to_owned(),
            ),
            false => (
                format!("`{name}` is neither a git revision nor a folder"),
                "name a branch, a tag or a commit; if it is missing in this clone, run `git fetch` first".to_owned(),
            ),
        }
    }

    /// A path of the command line, from the root of the repository.
    fn within(&self, path: &Path) -> Result<PathBuf, Wrong> {
        let outside = || {
            let text = format!("`{}` is not in the repository of the baseline", path.display());
            (text, "name manifests in that repository by paths relative to this folder".to_owned())
        };
        // A link of today leads where it leads; what is no longer there is looked for by its name.
        let real = path.canonicalize().ok();
        let real = real.and_then(|real| Some(real.strip_prefix(&self.git.root).ok()?.to_owned()));
        let named = || tidy(&self.git.here.join(path.is_relative().then_some(path)?));
        real.or_else(named).ok_or_else(outside)
    }

    /// The manifests at a path that the command line names, by the names that messages show.
    pub(super) fn list(&self, path: &Path) -> Result<Vec<String>, Wrong> {
        let at = self.within(path)?;
        let is_wanted = |path: &Path, node: &TreeEntry| {
            node.kind != TreeKind::Submodule
                && (path == at || path.starts_with(&at) && is_manifest(path, &at))
        };
        Ok(self.names(is_wanted))
    }

    /// The entries that fit, by the names that messages show, in order.
    fn names(&self, fits: impl Fn(&Path, &TreeEntry) -> bool) -> Vec<String> {
        let fitting = self.entries.iter().filter(|(path, node)| fits(path, node));
        let mut names: Vec<String> =
            fitting.map(|(path, _)| self.shown(&self.seen_from_here(path))).collect();
        names.sort();
        names
    }

    /// The poolctl.yaml in the nearest folder above the current one, by the name that messages show.
    pub(super) fn project(&self) -> Option<String> {
        let mut files = self.git.here.ancestors().map(|folder| folder.join(NAME));
        let file = files.find(|file| self.entries.contains_key(file))?;
        Some(self.shown(&self.seen_from_here(&file)))
    }

    /// A file that another one names by a relative path, by the name that messages show.
    pub(super) fn beside(&self, from: &str, path: &str) -> String {
        let from = self.path(from);
        self.shown(&from.parent().unwrap_or(Path::new("")).join(path))
    }

    /// The submodules below a path of the command line whose folders are gone today, with whatever manifests
    /// they had.
    pub(super) fn gone_submodules(&self, path: &Path) -> Result<Vec<String>, Wrong> {
        let at = self.within(path)?;
        let is_gone = |path: &Path| {
            (path.starts_with(&at) || at.starts_with(path)) && !self.git.root.join(path).exists()
        };
        Ok(self.names(|path, node| node.kind == TreeKind::Submodule && is_gone(path)))
    }

    /// The folder of the other repository that a current file is in: a submodule, or a repository inside of the
    /// working tree.
    pub(super) fn foreign(&self, file: &Path) -> Option<PathBuf> {
        let real = file.canonicalize().ok()?;
        let at = real.strip_prefix(&self.git.root).ok()?;
        let folders = at.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
        let is_other = |folder: &&Path| {
            let is_module = self.entries.get(*folder).is_some_and(|node| node.kind == TreeKind::Submodule);
            is_module || self.git.root.join(folder).join(".git").exists()
        };
        folders.filter(is_other).last().map(|folder| self.seen_from_here(folder))
    }

    /// Whether the file that is shown as `name` is in the index, and not in the working tree on purpose.
    pub(super) fn is_sparse(&self, name: &str) -> bool {
        match self.leads(&self.path(name)) {
            Ok(Leads::To(_, node)) => node.is_sparse,
            _ => false,
        }
    }

    /// A path of the repository, seen from the current folder.
    fn seen_from_here(&self, path: &Path) -> PathBuf {
        let mut common = self.git.here.as_path();
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

    /// The path of the file that is shown as `name`, seen from the current folder.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name.strip_prefix(&format!("{}:", self.name)).unwrap_or(name))
    }

    /// Where a path, seen from the current folder, leads: links are followed, and nothing is read that is not
    /// in the tree.
    fn leads(&self, path: &Path) -> Result<Leads<'_>, Complaint> {
        let parts = |path: &Path| -> Vec<PathBuf> {
            path.components().rev().map(|part| PathBuf::from(part.as_os_str())).collect()
        };
        let mut rest = parts(&self.git.here.join(path));
        let (mut at, mut links) = (PathBuf::new(), 0);
        while let Some(part) = rest.pop() {
            match part.components().next() {
                Some(Component::Normal(name)) => at.push(name),
                Some(Component::ParentDir) if at.pop() => continue,
                Some(Component::CurDir) | None => continue,
                Some(_) => return Ok(Leads::Out),
            }
            let Some(node) = self.entries.get(&at) else { continue };
            match node.kind {
                TreeKind::File if rest.is_empty() => return Ok(Leads::To(at, node)),
                TreeKind::File => return Ok(Leads::Nowhere),
                TreeKind::Submodule => return Ok(Leads::Into(at)),
                TreeKind::Link if links == MAX_LINKS => return Ok(Leads::Nowhere),
                TreeKind::Link => {
                    links += 1;
                    let target = self.git.bytes(&["cat-file", "blob", &node.object], MAX_BYTES as u64)?;
                    at.pop();
                    rest.extend(parts(Path::new(&*String::from_utf8_lossy(&target))));
                }
            }
        }
        Ok(Leads::Nowhere)
    }

    /// The file that is shown as `name`.
    pub(super) fn read(&self, name: &str) -> Result<File, Unavailable> {
        let miss = |message: String, help: String| Unavailable { message, help };
        let unread = |complaint: Complaint, at: &Path| {
            let message = format!("git cannot read `{name}`: {}", complaint.sentence());
            let show = format!("git show {}:{}", self.name, at.display());
            miss(message, format!("run `{show}`; in a partial clone it fetches the file"))
        };
        let path = self.path(name);
        let (at, node) = match self.leads(&path).map_err(|complaint| unread(complaint, &path))? {
            Leads::To(at, node) => (at, node),
            Leads::Into(module) => {
                let message = format!("`{name}` is in another git repository, `{}`", module.display());
                return Err(miss(message, OTHER.to_owned()));
            }
            Leads::Out => {
                let help = "move the file into the repository of the manifests".to_owned();
                return Err(miss(format!("`{name}` is outside of the repository"), help));
            }
            Leads::Nowhere => return Err(miss(format!("file `{name}` not found"), NEXT.to_owned())),
        };
        let bytes = self.content(&at, node).map_err(|complaint| unread(complaint, &at))?;
        if bytes.len() > MAX_BYTES {
            let help = "use a smaller file: no Cognito setting takes a value of that size".to_owned();
            return Err(miss(format!("`{name}` is larger than {MAX_BYTES} bytes"), help));
        }
        if lfs_pointer(&bytes).is_some() {
            let message = format!("`{name}` is a Git LFS pointer, and its file is not fetched");
            return Err(miss(message, NEXT.to_owned()));
        }
        Ok(File::new(name, at, bytes.into()))
    }

    /// What the working tree has, or would have, of a file: past line endings, Git LFS and whatever else
    /// `.gitattributes` names. One byte more than is of use is enough.
    fn content(&self, at: &Path, node: &TreeEntry) -> Result<Vec<u8>, Complaint> {
        let path = at.to_string_lossy();
        if let Some(bytes) = self.of_today(&path, &node.object) {
            return Ok(bytes);
        }
        // `cat-file --batch` cannot do it: the size that it prints is the one before the filters.
        let filtered = ["cat-file", "--filters", &format!("--path={path}"), &node.object];
        self.git.bytes(&filtered, MAX_BYTES as u64 + 1)
    }

    /// The file of today, if git takes it for the same: then nothing has changed, whatever its bytes are.
    fn of_today(&self, path: &str, object: &str) -> Option<Vec<u8>> {
        let file = self.git.root.join(path);
        let found = file.symlink_metadata().ok().filter(|found| found.is_file())?;
        // These names git would read as something else.
        if found.len() > MAX_BYTES as u64 || path.contains('\n') || path.starts_with('"') {
            return None;
        }
        let mut hasher = self.hasher.lock().unwrap_or_else(PoisonError::into_inner);
        if hasher.is_none() {
            *hasher = self.git.hasher();
        }
        let hashed = hasher.as_mut().and_then(|hasher| hasher.object(path));
        if hashed.is_none() {
            // It has ended over this file; the next one gets another.
            *hasher = None;
        }
        let bytes = hashed
            .filter(|hashed| hashed == object)
            .and_then(|_| Root::default().read(&file, MAX_FILE).ok())?;
        // Above a folder, a link of today could lead elsewhere.
        (file.canonicalize().ok()? == file).then_some(bytes)
    }
}

/// What to do about a file of another repository.
pub(super) const OTHER: &str = "run poolctl in that repository, which has its earlier manifests";
/// What to do about a file that the revision does not have.
const NEXT: &str = "nothing to do if the next baseline has this file";

/// The entry of `<mode> <type> <object>\t<path>` in a tree, or of `<tag> <mode> <object> <stage>\t<path>` in the
/// index.
fn entry(record: &str) -> Option<(PathBuf, TreeEntry)> {
    let (of, path) = record.split_once('\t')?;
    let (mode, object, is_sparse) = match of.split(' ').collect::<Vec<_>>().as_slice() {
        [mode, _, object] => (*mode, *object, false),
        [tag, mode, object, _] => (*mode, *object, *tag == "S"),
        _ => return None,
    };
    let kind = match mode {
        "120000" => TreeKind::Link,
        "160000" => TreeKind::Submodule,
        _ => TreeKind::File,
    };
    Some((PathBuf::from(path), TreeEntry { kind, object: object.to_owned(), is_sparse }))
}

/// A tree, with the variables and secrets of today.
pub(super) struct Revision<'a> {
    pub(super) tree: &'a Tree,
    pub(super) today: &'a dyn Beside,
}

impl Beside for Revision<'_> {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        self.tree.read(&self.tree.beside(from, path))
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        self.today.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.today.secret(name)
    }
}

/// The path without `.` and `..`; `None` if it leads out of the repository.
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
    let below = path.strip_prefix(at).unwrap_or(path);
    let hidden = below.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    is_yaml(path) && !hidden && path.file_name().is_some_and(|name| name != NAME)
}
