//! The manifests as they were: at a git revision, or in a folder.

mod git;
mod rules;
mod tree;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::catalogue::Catalogue;
use crate::cli::exit::Exit;
use crate::cli::fleet::globs::Glob;
use crate::cli::fleet::manifests::{self, BoxedManifest, Loaded, LoadedFile, Read, apart};
use crate::cli::fleet::search;
use crate::cli::fleet::select::Declared;
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cli::world::disk::{Disk, SecretUse};
use crate::cli::{Context, args};
use crate::document;
use crate::files::{self, Root, marked_above};
use crate::manifest::{self, Diagnostic, Severity};
use crate::plan::{Options, Plan, Released};
use crate::report::Gone;
use crate::rules::Desired;
use crate::rules::house::HouseBaseline;
use git::Wrong;
use rules::Rules;
use tree::{Revision, Tree};

/// What the manifests were; the default without a baseline.
#[derive(Default)]
pub(in crate::cli) struct Baseline {
    name: String,
    /// The desired state of each pool, by Region and pool.
    then: HashMap<(String, String), Desired>,
    /// Those that name their pool by a tag: the Region and the pool of each file.
    tagged: HashMap<String, (String, String)>,
    released: Released,
    /// The rules of the house, without exemptions.
    rules: HouseBaseline,
    /// How many pools have none any more, and what that means.
    pub(in crate::cli) gone: Gone,
}

impl Baseline {
    /// Reads the baseline that the command line names, if any. Prints its findings, and adds them to the findings of the
    /// manifests: files that are not manifests there, and pools without a manifest now.
    pub(in crate::cli) async fn load(
        context: &Context,
        args: &args::SinceArgs,
        paths: &args::PathArgs,
        loaded: &mut Loaded,
    ) -> Result<Self, Exit> {
        let Some(name) = &args.baseline else {
            if args.released != Released::Keep {
                let help = "add `--baseline`, such as `--baseline origin/main`";
                return Err(context.ui.fail(
                    Exit::Usage,
                    "`--released` needs a baseline to compare with",
                    help,
                ));
            }
            return Ok(Self::default());
        };
        let declared = &loaded.declared;
        let selected = declared.iter().filter(|declared| paths.selection.takes(declared));
        let today = selected.map(|declared| PathBuf::from(&declared.file)).collect();
        let (Read { manifests, findings, files, .. }, rules) = read(context, name, paths, today).await?;
        let must_tell = args.released == Released::Fail;
        let cannot = "name another baseline: `--released fail` needs one that has these manifests";
        if files == 0 {
            let text = format!("the baseline `{name}` has none of these manifests");
            if must_tell {
                return Err(context.ui.fail(Exit::Failed, &text, cannot));
            }
            context
                .ui
                .note_escaped(&format!("warning: {text}: changes cannot be marked as pending or drifted"));
        }
        let (then, mut diagnostics) = states(context, name, manifests, findings);
        if must_tell && !diagnostics.is_empty() {
            context.ui.diagnostics(&diagnostics);
            return Err(context.ui.fail(Exit::Failed, &format!("the baseline `{name}` has errors"), cannot));
        }
        let rules = rules.unwrap_or_else(|errors| {
            diagnostics.extend(errors.into_iter().take(1).map(|error| unreadable(name, RULES, error)));
            Arc::default()
        });
        let rules = HouseBaseline::of(&rules, &context.require);
        let mut gone = gone(name, &then, declared, &paths.selection);
        if !gone.is_empty() {
            let unseen = Unseen::load(context, paths).await?;
            gone.retain(|gone| !unseen.has(gone));
        }
        diagnostics.extend(gone.iter().map(|gone| told_gone(name, gone)));
        context.ui.diagnostics(&diagnostics);
        loaded.findings.extend(diagnostics);
        let gone = Gone { pools: gone.len(), counts: must_tell };
        let tagged = then.iter().filter(|(_, desired)| desired.tag.is_some());
        let tagged =
            tagged.map(|(place, desired)| (declared_then(name, desired).file, place.clone())).collect();
        let baseline = Self { name: name.clone(), then, tagged, released: args.released, rules, gone };
        baseline.widen(&mut loaded.wanted);
        Ok(baseline)
    }
}

/// The desired state of each pool of these manifests, and the findings that are errors, one a file.
fn states(
    context: &Context,
    name: &str,
    manifests: Vec<BoxedManifest>,
    findings: Vec<Diagnostic>,
) -> (HashMap<(String, String), Desired>, Vec<Diagnostic>) {
    let mut diagnostics: Vec<Diagnostic> =
        findings.into_iter().map(|f| unreadable(name, MANIFEST, f)).collect();
    let mut then = HashMap::new();
    for manifest in manifests {
        match context.wants(*manifest) {
            Ok((desired, _)) => {
                then.insert((desired.region.clone(), desired.pool.clone()), desired);
            }
            Err(findings) => {
                let errors = findings.into_iter().filter(|finding| finding.severity == Severity::Error);
                diagnostics.extend(errors.map(|error| unreadable(name, MANIFEST, error)));
            }
        }
    }
    // One line a file says enough.
    let mut files = HashSet::new();
    diagnostics.retain(|diagnostic| files.insert(diagnostic.file.clone()));
    (then, diagnostics)
}

impl Baseline {
    /// The manifest of the same pool. It may have named the pool by a tag where this one has the id by now.
    fn of(&self, desired: &Desired) -> Option<&Desired> {
        let name = desired.tag.as_ref().map_or(&desired.pool, |tag| &tag.word);
        let same = self.then.get(&(desired.region.clone(), name.clone()));
        let of_file = || self.then.get(self.tagged.get(&desired.file).filter(|_| desired.tag.is_none())?);
        same.or_else(of_file)
    }

    /// Has plans judged by the rules of the baseline too, which a change may loosen. Drift is about the pools, and has only the
    /// rules of today.
    pub(in crate::cli) fn judge_too(&self, wanted: &mut [WaitingManifest]) {
        for desired in wanted {
            let allow = self.of(desired).map(|then| then.allow.clone()).unwrap_or_default();
            desired.require_before = HouseBaseline { allow, ..self.rules.clone() };
        }
    }

    /// Has the documents of branches read that the baseline declares: a manifest may have released them.
    fn widen(&self, wanted: &mut [WaitingManifest]) {
        for desired in wanted {
            let then = self.of(desired);
            let is_in_branch =
                |path: &&document::Path| Catalogue::branches().any(|branch| path.head() == Some(branch));
            let declared = then.into_iter().flat_map(Desired::declared);
            desired.declared_before = declared.filter(is_in_branch).cloned().collect();
        }
    }
}

/// The plan, or the drift, with who has moved where a baseline tells.
pub(in crate::cli) fn mark(
    baseline: &Baseline,
    catalogue: &Catalogue,
    plan: Plan,
    desired: &Desired,
    options: &Options,
) -> Plan {
    match baseline.of(desired) {
        Some(then) => plan.since(catalogue, (then, &baseline.name), desired, options, baseline.released),
        None => plan,
    }
}

/// Reads the manifests of a baseline; `today` are the files that have one now.
async fn read(
    context: &Context,
    name: &str,
    paths: &args::PathArgs,
    today: Vec<PathBuf>,
) -> Result<(Read, Rules), Exit> {
    let wrong = |(text, help): Wrong| {
        context.ui.error(&text, Some(&help));
        Exit::Failed
    };
    let is_folder = Path::new(name).is_dir();
    // A link that leads nowhere is no name of a revision.
    if let Some(error) = files::lost_link(Path::new(name)) {
        let help = files::remedy(&error, "give this user permission to read it");
        return Err(wrong((format!("cannot read the baseline `{name}`: {error}"), help)));
    }
    let asked = name.to_owned();
    let tree = apart(move || Tree::find(&asked)).await?;
    match tree {
        Ok(Some(_)) if is_folder && !name.contains(['/', '\\']) => {
            let text =
                format!("`--baseline {name}` is ambiguous: there is a folder and a revision of that name");
            let help = format!("write `./{name}` for the folder, or `refs/heads/{name}` for the branch");
            Err(wrong((text, help)))
        }
        _ if is_folder => {
            let rules = rules::of_folder(&context.catalogue, Path::new(name));
            Ok((folder(context, Path::new(name), paths).await?, rules))
        }
        Ok(Some(tree)) => {
            let (inputs, searched) = (paths.inputs.clone(), paths.paths.clone());
            let catalogue = Arc::clone(&context.catalogue);
            let read = apart(move || {
                let rules = rules::of_tree(&catalogue, &tree);
                let disk = match Disk::new(&inputs, SecretUse::IfThere) {
                    Ok(disk) => disk,
                    // The current manifests have the same error, which is reported first.
                    Err(findings) => return Ok((Read { findings, ..Read::default() }, rules)),
                };
                let mut read = loaded(&tree, &disk, &all_listed(&tree, &searched)?);
                let foreign = foreign(&tree, &searched, &today)?;
                read.files += foreign.len();
                read.findings.extend(foreign);
                Ok((read, rules))
            });
            read.await?.map_err(wrong)
        }
        Ok(None) => Err(wrong(Tree::missing(name))),
        Err(error) => Err(wrong(error)),
    }
}

/// Every manifest of a tree that the paths lead to, each once.
fn all_listed(tree: &Tree, paths: &[PathBuf]) -> Result<Vec<String>, Wrong> {
    let mut names = Vec::new();
    for path in paths.iter().filter(|path| path.as_os_str() != "-") {
        names.extend(listed(tree, path)?);
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    Ok(names)
}

/// Manifests of a tree, with the variables and secrets of today.
fn loaded(tree: &Tree, disk: &Disk, names: &[String]) -> Read {
    let beside = Revision { tree, today: disk };
    let load = |name: &String| {
        let file = tree
            .read(name)
            .map_err(|miss| vec![Diagnostic::of_file("unreadable", name, miss.message).help(miss.help)])?;
        let manifest = manifest::load_with(name, &file.bytes, &beside);
        let is_sound = manifest.as_ref().is_ok_and(|manifest| manifest.findings.is_empty());
        if !is_sound && manifests::is_rules(&file.bytes) {
            return Ok(None);
        }
        Ok(Some((file.identity, (Box::new(manifest?), ()))))
    };
    let loaded: Vec<LoadedFile<()>> = names.iter().filter_map(|name| load(name).transpose()).collect();
    manifests::of_files(loaded).0
}

/// The manifests whose past another repository knows, and the submodules that took theirs with them.
fn foreign(tree: &Tree, paths: &[PathBuf], today: &[PathBuf]) -> Result<Vec<Diagnostic>, Wrong> {
    let of =
        |file: &str, message: String, help: &str| Diagnostic::of_file("unreadable", file, message).help(help);
    let foreign = today.iter().filter_map(|file| Some((file.display().to_string(), tree.foreign(file)?)));
    let mut findings: Vec<Diagnostic> = foreign
        .map(|(file, folder)| {
            let message = format!("the file is in another git repository, `{}`", folder.display());
            of(&file, message, tree::OTHER)
        })
        .collect();
    for path in paths.iter().filter(|path| path.as_os_str() != "-") {
        let folder = glob(path)?.map_or_else(|| path.clone(), |glob| glob.folder());
        for module in tree.gone_submodules(&folder)? {
            let message = "the submodule is gone, with the manifests in it".to_owned();
            let help =
                "restore the submodule, or name a later baseline if its pools are no longer managed here";
            findings.push(of(&module, message, help));
        }
    }
    Ok(findings)
}

/// The manifests that a path of the command line leads to.
fn listed(tree: &Tree, path: &Path) -> Result<Vec<String>, Wrong> {
    let Some(glob) = glob(path)? else { return tree.list(path) };
    let mut names = tree.list(&glob.folder())?;
    names.retain(|name| glob.fits(&tree.path(name)));
    Ok(names)
}

fn glob(path: &Path) -> Result<Option<Glob>, Wrong> {
    Glob::of(path).map_err(|text| (text, "write a pattern such as 'pools/*/prod.yaml'".to_owned()))
}

/// The manifests of a folder that is used as the baseline of the current one.
async fn folder(context: &Context, folder: &Path, paths: &args::PathArgs) -> Result<Read, Exit> {
    context.root.check(folder).map_err(|error| {
        let text = format!("cannot read the baseline `{}`: {error}", folder.display());
        let help = files::remedy(&error, "give this user permission to read it");
        context.ui.fail(Exit::Failed, &text, &help)
    })?;
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let root = marked_above(&full).unwrap_or(&full).to_owned();
    let within = Root::of(Some(&root));
    let mut there = Vec::new();
    for path in paths.paths.iter().filter(|path| path.as_os_str() != "-") {
        if path.is_absolute() {
            let text =
                format!("`{}` is an absolute path, which cannot be found in the baseline", path.display());
            let help = "name manifests by paths relative to this folder";
            return Err(context.ui.fail(Exit::Usage, &text, help));
        }
        // What is new was not there then.
        let path = match Glob::of(path) {
            Ok(Some(glob)) => Some(glob.within(folder)).filter(|path| search::finds(&within, path)),
            _ => Some(folder.join(path)).filter(|path| path.exists()),
        };
        there.extend(path);
    }
    if there.is_empty() {
        return Ok(Read::default());
    }
    let inputs = args::InputArgs { root: Some(root), ..paths.inputs.clone() };
    let paths = args::PathArgs { paths: there, selection: args::SelectionArgs::default(), inputs };
    manifests::manifests(&context.ui, &paths, SecretUse::IfThere).await
}

/// A file of the baseline that is none is no reason to stop: the manifests of today may be what mends it.
fn unreadable(name: &str, (what, without): (&str, &str), finding: Diagnostic) -> Diagnostic {
    let (file, place) = match &finding.label {
        Some((origin, _)) => (origin.source.name.clone(), format!("{origin}: ")),
        None => (finding.file.clone().unwrap_or_default(), String::new()),
    };
    let message = format!("cannot read {what} in the baseline `{name}`: {place}{}", finding.message);
    let help = match finding.help {
        // What cannot be read today is not mended by a commit.
        Some(help) if OF_FILES.contains(&&*finding.code) => help,
        _ => format!("nothing to do: {without}, until the next baseline"),
    };
    Diagnostic::of_file("baseline-unreadable", &file, message).help(help).warning()
}

/// What cannot be read in a baseline, and what is missing then.
const MANIFEST: (&str, &str) = ("this manifest", "its changes are not marked as pending or drifted");
const RULES: (&str, &str) = ("the rules of the house", "no plan is judged by them");

/// The codes of findings about a file, and not about what a manifest says.
const OF_FILES: [&str; 3] = ["unreadable", "reference", "extends"];

/// The manifests that are in the index, and not in the working tree on purpose: `git sparse-checkout`.
#[derive(Default)]
struct Unseen {
    index: Option<Tree>,
    /// What they declare, by Region and pool.
    pools: HashSet<(String, String)>,
}

impl Unseen {
    /// Reads the manifests at the paths of the command line.
    async fn load(context: &Context, paths: &args::PathArgs) -> Result<Self, Exit> {
        let (inputs, searched) = (paths.inputs.clone(), paths.paths.clone());
        let read = apart(move || {
            let index = Tree::index()?;
            let mut names = all_listed(&index, &searched).ok()?;
            names.retain(|name| index.is_sparse(name));
            let disk = Disk::new(&inputs, SecretUse::IfThere).ok()?;
            let manifests = loaded(&index, &disk, &names).manifests;
            Some((index, manifests))
        });
        let Some((index, manifests)) = read.await? else { return Ok(Self::default()) };
        let wanted = manifests.into_iter().filter_map(|manifest| context.wants(*manifest).ok());
        let pools = wanted.map(|(Desired { subject, .. }, _)| (subject.region, subject.pool)).collect();
        Ok(Self { index: Some(index), pools })
    }

    /// Whether a manifest that is not there is one of them: by its pool, or by its file where that cannot be
    /// read.
    fn has(&self, gone: &Declared) -> bool {
        self.pools.contains(&(gone.region.clone(), gone.pool.clone()))
            || self.index.as_ref().is_some_and(|index| index.is_sparse(&gone.file))
    }
}

/// The selected pools that had a manifest, and have none.
fn gone(
    name: &str,
    then: &HashMap<(String, String), Desired>,
    declared: &[Declared],
    selection: &args::SelectionArgs,
) -> Vec<Declared> {
    let now: HashSet<(&str, &str)> =
        declared.iter().map(|declared| (declared.region.as_str(), declared.pool.as_str())).collect();
    let is_gone = |declared: &Declared| !now.contains(&(declared.region.as_str(), declared.pool.as_str()));
    let files: HashSet<&str> = declared.iter().map(|declared| declared.file.as_str()).collect();
    // The file may have the pool's id by now, in the place of its tag.
    let has_id_now =
        |desired: &Desired, then: &Declared| desired.tag.is_some() && files.contains(&*then.file);
    let declared_then = then.values().map(|desired| (desired, declared_then(name, desired)));
    let mut gone: Vec<Declared> = declared_then
        .filter(|(desired, then)| is_gone(then) && !has_id_now(desired, then) && selection.takes(then))
        .map(|(_, then)| then)
        .collect();
    gone.sort_by(|a, b| a.file.cmp(&b.file));
    gone
}

/// That a pool has no manifest any more.
fn told_gone(name: &str, gone: &Declared) -> Diagnostic {
    let message = format!(
        "the pool {} has a manifest in `{name}` but not here: poolctl no longer manages it, and does not change it",
        gone.pool
    );
    let finding = Diagnostic::of_file("manifest-gone", &gone.file, message);
    finding.help("restore the file, or name a later baseline if the pool is no longer managed here").warning()
}

/// A pool that the baseline declares, in the file where that would be now.
fn declared_then(name: &str, desired: &Desired) -> Declared {
    let file = &desired.file;
    let name = name.strip_prefix("./").unwrap_or(name);
    let file = file.strip_prefix(name).map_or(file.as_str(), |file| file.trim_start_matches([':', '/']));
    Declared {
        account: desired.account.as_ref().map(|account| account.id.clone()),
        region: desired.region.clone(),
        pool: desired.pool.clone(),
        file: file.to_owned(),
        also: Vec::new(),
        is_by_tag: desired.tag.is_some(),
    }
}
