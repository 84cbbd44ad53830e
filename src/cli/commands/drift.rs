//! `poolctl drift`: readers all the way, which have no way to write.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::cli::exit::Exit;
use crate::cli::fleet::baseline::{self, Baseline};
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests::{self, Load, Loaded};
use crate::cli::fleet::only;
use crate::cli::fleet::planning;
use crate::cli::fleet::pools::{CallRoute, Planned, Unreachable, way};
use crate::cli::fleet::select::Declared;
use crate::cli::fleet::unmatched;
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cli::terminal::{show, tell};
use crate::cli::world::accounts::Access;
use crate::cli::world::disk::SecretUse;
use crate::cli::{Context, args};
use crate::cognito::{Listed, Reader};
use crate::document::quoted;
use crate::plan::{Plan, PlanReport, Sharing};
use crate::report::{Onward, Run, RunKind, Stray};
use crate::rules::{Desired, ManifestPool};

pub(in crate::cli) async fn run(context: &Context, args: &args::DriftArgs) -> Result<Exit, Exit> {
    let outs = &args.outputs.out;
    context.spare_saved(args.live.as_deref(), outs)?;
    let as_texts = args.only.only.is_empty();
    let load = Load { secrets: SecretUse::IfThere, as_texts, ..Load::of(RunKind::Drift, outs) };
    let mut loaded = manifests::load(context, &args.paths, load).await?;
    let baseline = Arc::new(Baseline::load(context, &args.since, &args.paths, &mut loaded).await?);
    let Loaded { mut wanted, mut findings, declared, .. } = loaded;
    only::select(context, &args.only, RunKind::Drift, &mut wanted)?;
    let pools = (wanted, declared.as_slice());
    let Comparison { compared, strays, mut end } = match &args.live {
        Some(folder) => {
            let saved = Ways::Saved(Reader::folder(folder, &context.root));
            look(context, args, pools, &baseline, &saved).await
        }
        None => {
            Connections::within(context, async |connections| {
                Ok(look(context, args, pools, &baseline, &Ways::Live(connections)).await)
            })
            .await?
        }
    };
    findings.extend(unmatched::warning(context, &args.paths, &compared));
    let ends: Vec<Exit> = compared.iter().map(of_pool).collect();
    let entries = show::entries(&compared, &ends, RunKind::Drift);
    let gone = baseline.gone;
    let arguments = tell::arguments(&context.global, &args.paths, args.live.as_deref());
    let only: String =
        args.only.only.iter().map(|path| format!(" --only={}", quoted(&path.to_string()))).collect();
    let is_saved = args.live.is_some();
    let onward = arguments.as_deref().map(|arguments| Onward { arguments, only: &only, is_saved });
    let run = Run { gone, onward, ..show::of(RunKind::Drift, &entries, &findings, &strays) };
    show::planned(context, outs, &run);
    if args.suggest_ignores {
        let drifts = compared.iter().filter_map(|planned| planned.plan.as_ref().ok());
        show::suggestions(context, drifts);
    }
    show::refusals(context, &compared);
    show::withheld(context, &compared, |_| true);
    if !strays.is_empty() {
        end = Exit::of_fleet([end, Exit::Differences], false);
    }
    let gone = gone.refuses().then_some(Exit::Differences);
    Ok(Exit::of_fleet(ends.into_iter().chain([end]).chain(gone), false))
}

/// What was seen.
struct Comparison {
    compared: Vec<Planned<PlanReport, ManifestPool>>,
    strays: Vec<Stray>,
    /// How the search for strays ended.
    end: Exit,
}

/// The ways to the pools.
enum Ways<'a> {
    Live(&'a Connections),
    Saved(Reader),
}

impl Ways<'_> {
    async fn to(&self, desired: &Desired) -> Result<Reader, Unreachable> {
        match self {
            Self::Saved(reader) => Ok(reader.clone()),
            Self::Live(connections) => Ok(connections.to(desired, Access::Read).await?.reader()),
        }
    }

    async fn to_all(&self, wanted: &[WaitingManifest]) -> Vec<Result<Reader, Unreachable>> {
        match self {
            Self::Saved(reader) => wanted.iter().map(|_| Ok(reader.clone())).collect(),
            Self::Live(connections) => planning::readers(connections, wanted).await,
        }
    }
}

/// Reads every pool that can be reached. A failure for one does not stop the others.
async fn look(
    context: &Context,
    args: &args::DriftArgs,
    (wanted, declared): (Vec<WaitingManifest>, &[Declared]),
    baseline: &Arc<Baseline>,
    ways: &Ways<'_>,
) -> Comparison {
    let readers = ways.to_all(&wanted).await;
    // Where the way to a pool is closed, its neighbours cannot be listed either.
    let closed = wanted.iter().zip(&readers).filter(|(_, reader)| reader.is_err());
    let closed: HashSet<CallRoute<'_>> = closed.map(|(desired, _)| way(desired)).collect();
    let (mut strays, mut end, mut is_sure) = (Vec::new(), Exit::Clean, false);
    if args.discover {
        let (found, refusals) = discover(context, &args.paths.selection, (declared, ways), &closed).await;
        is_sure = refusals.is_empty();
        strays = found;
        for refusal in refusals {
            planning::say(&context.ui, &refusal);
            end = Exit::Failed;
        }
    }
    let options = context.plain_options();
    let (catalogue, baseline) = (Arc::clone(&context.catalogue), Arc::clone(baseline));
    let sharing = Sharing::default();
    let drift = move |live, desired: &Desired| {
        let drift = Plan::drift(&catalogue, live, desired, &options);
        let report = baseline::mark(&baseline, &catalogue, drift, desired, &options).report;
        report.compact(&sharing)
    };
    let compared: Vec<Planned<PlanReport, ManifestPool>> =
        planning::compare(context, wanted, readers, planning::Depth::Compared, drift).await;
    // A pool may be declared by a tag.
    let found: HashSet<(&str, &str)> =
        compared.iter().map(|one| (one.desired.region.as_str(), one.desired.pool.as_str())).collect();
    strays.retain(|stray| !found.contains(&(stray.desired.region.as_str(), stray.desired.pool.as_str())));
    if strays.is_empty() && is_sure {
        context.ui.note("No pool without a manifest was found.");
    }
    let (strays, judged) = judge(context, strays, ways).await;
    Comparison { compared, strays, end: Exit::of_fleet([end, judged], false) }
}

/// Pools without a manifest, judged by the rules of the house; and how reading them ended.
async fn judge(context: &Context, found: Vec<Undeclared>, ways: &Ways<'_>) -> (Vec<Stray>, Exit) {
    let stray = |Undeclared { name, desired }: Undeclared, findings| {
        let ManifestPool { pool: id, region, .. } = desired.into();
        Stray { id, name, region, findings }
    };
    if context.require.is_empty() || found.is_empty() {
        return (found.into_iter().map(|found| stray(found, Vec::new())).collect(), Exit::Clean);
    }
    let wanted: Vec<WaitingManifest> = found.iter().map(|found| found.desired.clone().into()).collect();
    let readers = ways.to_all(&wanted).await;
    let options = context.plain_options();
    let catalogue = Arc::clone(&context.catalogue);
    let of_house = move |live, desired: &Desired| {
        let mut findings = Plan::drift(&catalogue, live, desired, &options).report.findings;
        findings.retain(|finding| finding.is_of_house() || finding.code == "require-unread");
        findings
    };
    let judged: Vec<Planned<_, ManifestPool>> =
        planning::compare(context, wanted, readers, planning::Depth::Compared, of_house).await;
    show::refusals(context, &judged);
    let end = if judged.iter().all(|one| one.plan.is_ok()) { Exit::Clean } else { Exit::Failed };
    let findings = judged.into_iter().map(|one| one.plan.unwrap_or_default());
    (found.into_iter().zip(findings).map(|(found, findings)| stray(found, findings)).collect(), end)
}

/// A pool that no manifest declares.
struct Undeclared {
    /// Its name, if the list has it.
    name: Option<String>,
    /// The pool, with nothing declared.
    desired: Desired,
}

/// The pools of the manifests' accounts and Regions that no manifest declares, selected or not, and why some
/// cannot be listed; of several jobs that share a fleet, each one's own.
async fn discover(
    context: &Context,
    selection: &args::SelectionArgs,
    (declared, ways): (&[Declared], &Ways<'_>),
    closed: &HashSet<CallRoute<'_>>,
) -> (Vec<Undeclared>, Vec<Unreachable>) {
    let mut known: HashSet<(&str, String)> =
        declared.iter().map(|declared| (declared.region.as_str(), declared.pool.clone())).collect();
    let open: BTreeMap<CallRoute<'_>, &Declared> =
        declared.iter().map(|declared| (declared.way(), declared)).collect();
    let (mut strays, mut refusals) = (Vec::new(), Vec::new());
    for ((_, region), declared) in open.into_iter().filter(|(way, _)| !closed.contains(way)) {
        let listed = match ways.to(&declared.neighbour()).await {
            Ok(reader) => reader.pools().await.map_err(Unreachable::Failed),
            Err(refusal) => Err(refusal),
        };
        let listed = listed.unwrap_or_else(|refusal| {
            refusals.push(refusal);
            Vec::new()
        });
        for Listed { id, name } in listed {
            let is_ours = selection.shard.is_none_or(|shard| shard.takes(region, &id));
            // Manifests with and without an account may lead to the same pools.
            if is_ours && known.insert((region, id.clone())) {
                let subject = ManifestPool { file: id.clone(), pool: id, ..declared.neighbour().subject };
                strays.push(Undeclared { name, desired: context.elsewhere(subject.into()) });
            }
        }
    }
    (strays, refusals)
}

/// The exit code of a run over this pool alone. Differences that `apply` cannot fix count too.
fn of_pool(compared: &Planned<PlanReport, ManifestPool>) -> Exit {
    match &compared.plan {
        Err(_) => Exit::Failed,
        Ok(plan) if plan.differences() > 0 => Exit::Differences,
        Ok(_) => Exit::Clean,
    }
}
