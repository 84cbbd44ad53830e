//! `poolctl drift`: readers all the way, which have no way to write.

use std::collections::{BTreeSet, HashSet};

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
            let connections = Connections::new(&context.ui, &context.global).await?;
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
            Self::Live(connections) => Ok(connections.to(desired).await?.reader()),
        }
    }

    async fn to_all(&self, wanted: &[Desired]) -> Vec<Result<Reader, Refusal>> {
        match self {
            Self::Saved(reader) => wanted.iter().map(|_| Ok(reader.clone())).collect(),
            Self::Live(connections) => {
                let sessions = fleet::open(connections, wanted).await.into_iter();
                sessions.map(|session| session.map(|session| session.reader())).collect()
            }
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
    // Where the way to a Region fails for one pool, its others cannot be listed either.
    let is_closed = |reader: &Result<Reader, Refusal>| matches!(reader, Err(Refusal::Failed(_)));
    let closed: HashSet<String> = wanted
        .iter()
        .zip(&readers)
        .filter(|(_, reader)| is_closed(reader))
        .map(|(desired, _)| desired.region.clone())
        .collect();
    let (mut strays, mut end) = (Vec::new(), Exit::Clean);
    if args.discover {
        match discover(&wanted, ways, &closed).await {
            Ok(found) => strays = found,
            Err(refusal) => {
                fleet::say(&context.ui, &refusal);
                end = Exit::Failed;
            }
        }
    }
    let options = context.plain_options();
    let catalogue = &context.catalogue;
    let drift = |live, desired: &Desired| {
        let drift = Plan::drift(catalogue, live, desired, &options);
        baseline::mark(baseline, catalogue, drift, desired, &options).told()
    };
    let compared = fleet::compare(context, wanted, readers, fleet::Depth::Whole, drift).await;
    Looked { compared, strays, end }
}

/// The pools of the manifests' Regions that no manifest declares.
async fn discover(wanted: &[Desired], ways: &Ways, closed: &HashSet<String>) -> Result<Vec<Stray>, Refusal> {
    let known: HashSet<(&str, &str)> =
        wanted.iter().map(|desired| (desired.region.as_str(), desired.pool.as_str())).collect();
    let regions: BTreeSet<&str> = wanted.iter().map(|desired| desired.region.as_str()).collect();
    let mut strays = Vec::new();
    for region in regions.into_iter().filter(|region| !closed.contains(*region)) {
        let nobody = Desired::nothing(String::new(), String::new(), region.to_owned());
        let listed = ways.to(&nobody).await?.pools().await.map_err(Refusal::Failed)?;
        let unknown = listed.into_iter().filter(|pool| !known.contains(&(region, pool.id.as_str())));
        strays.extend(unknown.map(|Listed { id, name }| Stray { id, name, region: region.to_owned() }));
    }
    Ok(strays)
}

/// How a run over this pool alone ends: whatever differs is a difference, also what no apply could mend.
fn of_pool(compared: &Planned) -> Exit {
    match &compared.plan {
        Err(_) => Exit::Failed,
        Ok(plan) if plan.differences() > 0 => Exit::Differences,
        Ok(_) => Exit::Clean,
    }
}
