//! `poolctl drift`: readers all the way, which have no way to write.

use std::collections::{BTreeMap, HashSet};

use super::accounts::Access;
use super::baseline::{self, Baseline};
use super::connect::{Connections, Refusal};
use super::exit::Exit;
use super::fleet::{self, Planned};
use super::manifests::Load;
use super::{Context, args, manifests, show};
use crate::cognito::{Listed, Reader};
use crate::plan::Plan;
use crate::report::{Entry, Kind, Run, Stray};
use crate::rules::Desired;

pub(super) async fn run(context: &Context, args: &args::Drift) -> Result<Exit, Exit> {
    let outs = &args.outputs.out;
    context.spare_saved(args.live.as_deref(), outs)?;
    let (wanted, mut warnings) = manifests::load(context, &args.paths, Load::of(Kind::Drift, outs)).await?;
    let baseline = Baseline::load(context, &args.since, &args.paths, &wanted).await?;
    warnings.extend(baseline.iter().flat_map(|baseline| baseline.diagnostics.iter().cloned()));
    let since = baseline.as_ref();
    let Looked { compared, strays, mut end } = match &args.live {
        Some(folder) => look(context, args, wanted, since, &Ways::Saved(Reader::folder(folder))).await,
        None => {
            let connections = Connections::new(context).await?;
            let ways = Ways::Live(Box::new(connections));
            let looked = look(context, args, wanted, since, &ways).await;
            ways.close().await;
            looked
        }
    };
    let ends: Vec<Exit> = compared.iter().map(of_pool).collect();
    let entries: Vec<Entry<'_>> =
        compared.iter().zip(&ends).map(|(planned, end)| show::entry(planned, Kind::Drift, *end)).collect();
    let gone = baseline.as_ref().map(|baseline| baseline.gone).unwrap_or_default();
    show::planned(context, outs, &Run { gone, ..show::of(Kind::Drift, &entries, &warnings, &strays) });
    show::refusals(context, &compared);
    if !strays.is_empty() {
        end = Exit::of_fleet([end, Exit::Differences], false);
    }
    let gone = gone.refuses().then_some(Exit::Differences);
    Ok(Exit::of_fleet(ends.into_iter().chain([end]).chain(gone), false))
}

/// What was seen.
struct Looked {
    compared: Vec<Planned>,
    strays: Vec<Stray>,
    /// How the search for strays ended.
    end: Exit,
}

/// The ways to the pools.
enum Ways {
    Live(Box<Connections>),
    Saved(Reader),
}

impl Ways {
    async fn to(&self, desired: &Desired) -> Result<Reader, Refusal> {
        match self {
            Self::Saved(reader) => Ok(reader.clone()),
            Self::Live(connections) => Ok(connections.to(desired, Access::Read).await?.reader()),
        }
    }

    async fn to_all(&self, wanted: &[Desired]) -> Vec<Result<Reader, Refusal>> {
        match self {
            Self::Saved(reader) => wanted.iter().map(|_| Ok(reader.clone())).collect(),
            Self::Live(connections) => fleet::readers(connections, wanted).await,
        }
    }

    async fn close(self) {
        if let Self::Live(connections) = self {
            connections.close().await;
        }
    }
}

/// Reads every pool that can be reached: what keeps one from being read says nothing of the others.
async fn look(
    context: &Context,
    args: &args::Drift,
    wanted: Vec<Desired>,
    baseline: Option<&Baseline>,
    ways: &Ways,
) -> Looked {
    let readers = ways.to_all(&wanted).await;
    // Where the way to a pool is closed, its neighbours cannot be listed either.
    let open = wanted.iter().zip(&readers).filter(|(_, reader)| reader.is_ok());
    let open = open.map(|(desired, _)| (fleet::way(desired), desired)).collect();
    let (mut strays, mut end) = (Vec::new(), Exit::Clean);
    if args.discover {
        let (found, refusals) = discover(&wanted, ways, open).await;
        strays = found;
        for refusal in refusals {
            fleet::say(&context.ui, &refusal);
            end = Exit::Failed;
        }
    }
    let options = context.plain_options();
    let catalogue = &context.catalogue;
    let drift = |live, desired: &Desired| {
        let drift = Plan::drift(catalogue, live, desired, &options);
        baseline::mark(baseline, catalogue, drift, desired, &options)
    };
    let compared = fleet::compare(context, wanted, readers, fleet::Depth::Whole, drift).await;
    Looked { compared, strays, end }
}

/// The pools of the manifests' accounts and Regions that no manifest declares, and why some cannot be listed;
/// each way leads by a manifest.
async fn discover(
    wanted: &[Desired],
    ways: &Ways,
    open: BTreeMap<fleet::Way<'_>, &Desired>,
) -> (Vec<Stray>, Vec<Refusal>) {
    let mut known: HashSet<(&str, String)> =
        wanted.iter().map(|desired| (desired.region.as_str(), desired.pool.clone())).collect();
    let (mut strays, mut refusals) = (Vec::new(), Vec::new());
    for ((_, region), desired) in open {
        let listed = match ways.to(desired).await {
            Ok(reader) => reader.pools().await.map_err(Refusal::Failed),
            Err(refusal) => Err(refusal),
        };
        match listed {
            Ok(listed) => {
                // Manifests with and without an account may lead to the same pools.
                let unknown = listed.into_iter().filter(|pool| known.insert((region, pool.id.clone())));
                strays.extend(unknown.map(|Listed { id, name }| Stray {
                    id,
                    name,
                    region: region.to_owned(),
                }));
            }
            Err(refusal) => refusals.push(refusal),
        }
    }
    (strays, refusals)
}

/// How a run over this pool alone ends: whatever differs is a difference, also what no apply could mend.
fn of_pool(compared: &Planned) -> Exit {
    match &compared.plan {
        Err(_) => Exit::Failed,
        Ok(plan) if plan.differences() > 0 => Exit::Differences,
        Ok(_) => Exit::Clean,
    }
}
