//! Reads the pools to import.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::catalogue::{POOL_ID, Reading, Resource, WantedDocument};
use crate::cli::exit::Exit;
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::planning;
use crate::cli::fleet::pools::Unreachable;
use crate::cli::world::accounts::Access;
use crate::cli::{Context, args};
use crate::cognito::{self, CallError, Listed, Reader, Session};
use crate::document::saved::Saved;
use crate::document::{Document, PathPattern, Snapshot};
use crate::import::{self, others::ToolFile};
use crate::manifest::{is_account, is_pool_id, is_region};
use crate::rules::{Account, ManifestPool};

/// The labels of app clients by their ids; none for one whose name is its label.
type ClientLabels = HashMap<String, Option<String>>;

/// How many pools are read at a time.
const PARALLEL: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct Imported {
    pub(super) id: String,
    /// The Region whose endpoint serves it, if it is not the one in its id.
    pub(super) region: Option<String>,
    /// The account that it is in, if known.
    pub(super) account: Option<String>,
    pub(super) live: Snapshot,
    /// Whether it is what a request declares, and not what a pool is.
    pub(super) is_request: bool,
}

/// Reads the pools that the command line names.
pub(super) async fn read(
    context: &Context,
    args: &args::ImportArgs,
    named: Option<&ToolFile>,
) -> Result<Vec<Imported>, Exit> {
    if args.pools.is_empty() && !args.all && args.from.is_none() && named.is_none() {
        let help = "name pools by id, such as `poolctl import eu-west-1_a1B2c3D4E`; or use `--all --region REGION` for every pool of a Region, `--from FILE` for a saved document, or `--from-terraform FILE` for the pools of a state";
        return usage(context, "no pool is given", help);
    }
    if let Some(id) = args.pools.iter().find(|id| !is_pool_id(id)) {
        let help = "write an id such as `eu-west-1_a1B2c3D4E`, or use `--all` for every pool of the Region";
        return usage(context, &format!("`{id}` is not a pool id"), help);
    }
    let mut pools = match &args.from {
        Some(from) if from.is_dir() => folder(context, args, from).await?,
        Some(from) => vec![file(context, args, from)?],
        None => {
            Connections::within(context, async |connections| live(context, connections, args, named).await)
                .await?
        }
    };
    let mut seen = HashSet::new();
    pools.retain(|pool| seen.insert(pool.id.clone()));
    if pools.is_empty() {
        return usage(context, "there are no pools to import", "check the Region and the account");
    }
    Ok(pools)
}

/// Reports an error of the command line.
fn usage<T>(context: &Context, text: &str, help: &str) -> Result<T, Exit> {
    Err(context.ui.fail(Exit::Usage, text, help))
}

/// The pools of a folder of saved documents.
async fn folder(context: &Context, args: &args::ImportArgs, from: &Path) -> Result<Vec<Imported>, Exit> {
    if args.from_mfa.is_some() {
        let text = "`--from-mfa` needs `--from` with a file, and `--from` is a folder";
        return usage(context, text, "name the pool's file with `--from`");
    }
    let reader = Reader::folder(from, &context.root);
    let ids = match (args.all, args.pools.is_empty()) {
        (true, _) => ids(reader.pools().await.map_err(|error| failed(context, error))?),
        (false, false) => args.pools.clone(),
        (false, true) => {
            return usage(context, "no pool is given", "name pools in the folder by id, or use `--all`");
        }
    };
    let all = stream::iter(ids).map(|id| saved(context, args, &reader, id)).buffered(PARALLEL);
    all.try_collect().await.map_err(|error| failed(context, error))
}

/// The pool of a file with a saved document or a request.
fn file(context: &Context, args: &args::ImportArgs, from: &Path) -> Result<Imported, Exit> {
    if args.all || !args.pools.is_empty() {
        let text = "`--from` with a file imports the one pool in it";
        return usage(context, text, "remove the ids and `--all`, or name a folder with `--from`");
    }
    let (saved, mfa) = cognito::saved(&context.root, from, args.from_mfa.as_deref())
        .map_err(|error| failed(context, error))?;
    of_file(context, from, saved, mfa)
}

/// The pools of the service.
async fn live(
    context: &Context,
    connections: &Connections,
    args: &args::ImportArgs,
    named: Option<&ToolFile>,
) -> Result<Vec<Imported>, Exit> {
    let is_elsewhere = is_elsewhere(context, args);
    let mut found = Vec::new();
    let ids = match named {
        Some(file) => file.pools(),
        None if args.all => all(context, connections, args).await?,
        None => args.pools.clone(),
    };
    let clients = named.map(ToolFile::clients);
    let clients = clients.as_ref();
    for id in ids {
        let own = id.rsplit_once('_').map_or("", |(region, _)| region).to_owned();
        let region = context.region().map_or_else(|| own.clone(), str::to_owned);
        let session = session(context, connections, args, &region).await?;
        found.push((id, (region != own).then_some(region), session));
    }
    let jobs = found.into_iter().map(|(id, region, session)| async move {
        let live = whole(context, args, (&session.reader(), &id), clients).await?;
        let account = match (account(&live), is_elsewhere) {
            (_, true) => None,
            (Some(account), _) => Some(account),
            (None, _) => Some(session.account().await?),
        };
        Ok(Imported { id, region, account, live, is_request: false })
    });
    let found: Result<_, CallError> = stream::iter(jobs).buffered(PARALLEL).try_collect().await;
    found.map_err(|error| failed(context, error))
}

/// Whether a plan at this endpoint would ask another service for the account: `--endpoint-url` is that of
/// `cognito-idp` alone.
fn is_elsewhere(context: &Context, args: &args::ImportArgs) -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let of_sts = ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].into_iter().any(is_set);
    let is_elsewhere = context.global.endpoint_url.is_some() && args.account.is_none() && !of_sts;
    if is_elsewhere {
        context.ui.note(
            "note: the manifests have no `account`: with `--endpoint-url`, poolctl cannot ask STS for it. Set AWS_ENDPOINT_URL, which applies to all services, or use `--account`",
        );
    }
    is_elsewhere
}

/// The pool that a file's documents describe.
fn of_file(context: &Context, file: &Path, saved: Saved, mfa: Option<Document>) -> Result<Imported, Exit> {
    let (live, is_request, member) = match saved {
        Saved::Live(live) => (live.with_mfa(mfa), false, Snapshot::ID),
        Saved::Request(request) => (import::of_request(request, mfa), true, POOL_ID),
    };
    let id = live.pool_id().unwrap_or_default().to_owned();
    if !is_pool_id(&id) {
        let text = match id.as_str() {
            "" => format!("{}: `{member}` is missing", file.display()),
            id => format!("{}: `{member}` is not a pool id: `{id}`", file.display()),
        };
        let help = match is_request {
            true => "set `UserPoolId` to the pool's id, such as eu-west-1_a1B2c3D4E",
            false => {
                "save the whole output of `aws cognito-idp describe-user-pool`, which has the pool's `Id`"
            }
        };
        return Err(context.ui.fail(Exit::Failed, &text, help));
    }
    Ok(Imported { is_request, ..of_document(id, live) })
}

/// The ids of the Region's pools.
async fn all(
    context: &Context,
    connections: &Connections,
    args: &args::ImportArgs,
) -> Result<Vec<String>, Exit> {
    let variable = |name| std::env::var(name).ok().filter(|region: &String| is_region(region));
    let region = context.region().map(str::to_owned);
    let Some(region) = region.or_else(|| variable("AWS_REGION")).or_else(|| variable("AWS_DEFAULT_REGION"))
    else {
        let help = "add `--region`, such as `--region eu-west-1`";
        return usage(context, "`--all` needs a Region, and none is set", help);
    };
    let session = session(context, connections, args, &region).await?;
    session.reader().pools().await.map(ids).map_err(|error| failed(context, error))
}

fn ids(pools: Vec<Listed>) -> Vec<String> {
    pools.into_iter().map(|pool| pool.id).collect()
}

async fn session(
    context: &Context,
    connections: &Connections,
    args: &args::ImportArgs,
    region: &str,
) -> Result<Arc<Session>, Exit> {
    let account = args.account.clone().map(|id| Account { id, origin: None });
    let nobody = ManifestPool {
        file: "--account".to_owned(),
        region: region.to_owned(),
        account,
        ..ManifestPool::default()
    };
    let session = connections.to(&nobody.into(), Access::Read).await;
    session.map_err(|refusal| planning::say(&context.ui, &refusal))
}

/// All documents of a pool. Of the branches, each that can be read: not every role may read them, and the manifest of
/// the pool's own settings is of use without them.
async fn whole(
    context: &Context,
    args: &args::ImportArgs,
    (reader, id): (&Reader, &str),
    clients: Option<&ClientLabels>,
) -> Result<Snapshot, CallError> {
    let (own, branches): (Vec<_>, Vec<_>) =
        Resource::alone().partition(|resource: &&Resource| resource.branch.is_none());
    let is_wanted = |branch: &&Resource| {
        let root = branch.root();
        PathPattern::is_chosen(&root, &args.only, &args.without)
    };
    let branches = branches
        .into_iter()
        .filter(is_wanted)
        .map(|branch| async move { (branch, all_of(context, (reader, id), branch, clients).await) });
    let (own, branches) = tokio::join!(reader.read(id, own), join_all(branches));
    let mut live = own?;
    for (branch, read) in branches {
        match read {
            Ok(read) => {
                for (document, state) in read.documents() {
                    live = live.with(document.clone(), state.cloned());
                }
            }
            Err(error) => {
                let name = branch.branch.unwrap_or_default();
                context.ui.note(&format!("note: `{name}` of {id} was not imported: {error}"));
            }
        }
    }
    Ok(live)
}

/// All documents of a branch, without documents that other services own, and what hangs on them. App clients have the
/// labels that a file of another tool gives them.
async fn all_of(
    context: &Context,
    (reader, id): (&Reader, &str),
    branch: &'static Resource,
    clients: Option<&ClientLabels>,
) -> Result<Snapshot, CallError> {
    let listed = reader.read(id, [branch]).await?;
    let Some(listing) = branch.listing.filter(|_| !branch.is_listed_whole()) else { return Ok(listed) };
    let items = listed.document(&branch.document).into_iter().flat_map(Document::members);
    let own = items.filter(|(_, item)| {
        item.as_object().is_some_and(|item| branch.owner(|name| item.get(name)).is_none())
    });
    let mut wanted: Vec<WantedDocument> =
        own.filter_map(|(label, item)| listing.wanted(label, item)).collect();
    if let Some(clients) = clients.filter(|_| branch.natural_key().is_none()) {
        for text in relabel(&mut wanted, clients) {
            context.ui.note_escaped(&format!("note: {id}: {text}"));
        }
    }
    reader.read(id, [Reading { wanted, ..Reading::whole(branch) }]).await
}

/// Gives app clients their labels, and returns notes about those that the file does not have. A label that is the name of
/// another one is not taken.
fn relabel(wanted: &mut [WantedDocument], clients: &ClientLabels) -> Vec<String> {
    let names: HashSet<String> = wanted.iter().map(|one| one.label.clone()).collect();
    let mut notes = Vec::new();
    for one in wanted {
        match one.id.as_ref().and_then(|id| clients.get(id)) {
            Some(Some(label)) if !names.contains(label) => one.label.clone_from(label),
            Some(_) => {}
            None => notes.push(format!(
                "the app client `{}` is not in the file of the other tool: another stack may manage it",
                one.label
            )),
        }
    }
    notes
}

async fn saved(
    context: &Context,
    args: &args::ImportArgs,
    reader: &Reader,
    id: String,
) -> Result<Imported, CallError> {
    let live = whole(context, args, (reader, &id), None).await?;
    Ok(of_document(id, live))
}

/// A pool of which nothing is known but its documents.
fn of_document(id: String, live: Snapshot) -> Imported {
    let region =
        live.arn_part(3).filter(|region| is_region(region) && !id.starts_with(&format!("{region}_")));
    Imported { account: account(&live), region: region.map(str::to_owned), id, live, is_request: false }
}

/// The account that the pool's ARN names.
fn account(live: &Snapshot) -> Option<String> {
    live.account().filter(|account| is_account(account)).map(str::to_owned)
}

fn failed(context: &Context, error: CallError) -> Exit {
    planning::say(&context.ui, &Unreachable::Failed(error))
}
