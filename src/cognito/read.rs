use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::{join, join_all};
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::OnceCell;

use crate::catalogue::{
    HangingReading, Listing, POOL, POOL_ID, RESOURCES, Reading, Resource, UnsetAnswer, calls,
};
use crate::document::{Document, DocumentId, DocumentState, Json, Object, Path, Snapshot};
use crate::files::Root;

use super::answer;
use super::call;
use super::error::{CallError, ErrorKind};
use super::folder::Folder;
use super::link::Link;
use super::listed::Listed;
use super::pages::Pages;

/// How often a pool is read, at most, to have an answer that names it.
const READS: usize = 3;

/// So many documents of a resource are read at a time: each call that does not wait for another takes a connection.
const AT_A_TIME: usize = 16;

/// The exception of a document that does not exist.
const NOT_FOUND: &str = "ResourceNotFoundException";

/// The exceptions of an endpoint that does not know an operation.
const UNKNOWN: [&str; 2] = ["UnknownOperationException", "InvalidAction"];

/// So many of the members that an answer lacks are named.
const NAMED: usize = 4;

/// Reads pools, from the service or from a folder of saved documents. It has no way to write.
#[derive(Clone)]
pub struct Reader(PoolSource);

#[derive(Clone)]
enum PoolSource {
    Live(Arc<Link>),
    Saved(Folder),
}

impl Reader {
    pub(super) fn live(link: Arc<Link>) -> Self {
        Self(PoolSource::Live(link))
    }

    /// Reads documents that the AWS CLI printed into files of this folder.
    ///
    /// `<pool-id>.json` is the output of `describe-user-pool`. The output of
    /// `get-user-pool-mfa-config` may be in it as the member `MfaConfig`, or in
    /// `<pool-id>.mfa.json`.
    pub fn folder(dir: impl Into<PathBuf>, root: &Root) -> Self {
        Self(PoolSource::Saved(Folder::new(dir.into(), root.clone())))
    }

    /// The way to the service; `None` if it reads saved documents.
    pub(super) fn link(&self) -> Option<&Link> {
        if let PoolSource::Live(link) = &self.0 { Some(link) } else { None }
    }

    /// Whether it reads saved documents, and not the service.
    pub fn is_saved(&self) -> bool {
        matches!(self.0, PoolSource::Saved(_))
    }

    /// The pools that there are, in the order of the service, or of their ids in a folder.
    ///
    /// # Errors
    /// Any failure of a call; an answer without a list of pools; a folder that cannot be read.
    pub async fn pools(&self) -> Result<Vec<Listed>, CallError> {
        let link = match &self.0 {
            PoolSource::Saved(folder) => return folder.pools(),
            PoolSource::Live(link) => link,
        };
        let list = Pages { listing: &Listing::POOLS, pool: None, instead: None };
        let text = |pool: &Object, name| pool.get(name).and_then(Json::as_str).map(str::to_owned);
        let listed =
            |pool: &Object| Some(Listed { id: text(pool, Snapshot::ID)?, name: text(pool, Snapshot::NAME) });
        let pools = list.items(link).await?;
        let pools = pools.iter().map(listed).collect::<Option<Vec<Listed>>>();
        pools.ok_or_else(|| list.wrong("the answer has a pool without an `Id`"))
    }

    /// `live` with more documents of the same pool.
    ///
    /// # Errors
    /// The errors of [`Self::read`].
    pub async fn read_more(
        &self,
        live: Snapshot,
        id: &str,
        readings: Vec<Reading>,
    ) -> Result<Snapshot, CallError> {
        let more = self.read(id, readings).await?;
        Ok(more.documents().fold(live, |all, (id, document)| all.with(id.clone(), document.cloned())))
    }

    /// The documents of these resources of the pool `id`, verbatim, read side by side. What a folder has not saved
    /// of a resource other than the pool is unread.
    ///
    /// # Errors
    /// Any failure of a call; an answer without the document, or with another pool's; a saved document that is
    /// missing or is none. Where several fail, the error is that of the first resource, whichever comes first: one
    /// cause has one error.
    pub async fn read(
        &self,
        id: &str,
        readings: impl IntoIterator<Item = impl Into<Reading>>,
    ) -> Result<Snapshot, CallError> {
        let pool = OnceCell::new();
        let pool = &pool;
        let reads = readings.into_iter().map(|reading| {
            let reading = reading.into();
            async move {
                let read = match &self.0 {
                    PoolSource::Saved(folder) => folder.read(&reading, id),
                    PoolSource::Live(link) => documents(&Source { link, id, pool }, &reading).await,
                };
                // A plan says what it could not look up.
                let is_closed = |error: &CallError| {
                    let is_unknown = error.code().is_some_and(|code| UNKNOWN.contains(&code));
                    reading.is_lookup() && (error.kind() == ErrorKind::Denied || is_unknown)
                };
                read.or_else(|error| if is_closed(&error) { Ok(Vec::new()) } else { Err(error) })
            }
        });
        let mut snapshot = Snapshot::default();
        for read in join_all(reads).await {
            snapshot = read?.into_iter().fold(snapshot, |all, (id, document)| all.with(id, document));
        }
        Ok(snapshot)
    }
}

impl Reader {
    /// What was read of the pool `id`, if it has the document of each branch, and what hangs on those.
    ///
    /// # Errors
    /// When a folder lacks one: nobody could tell what the pool has there.
    pub fn complete(&self, live: Snapshot, id: &str, readings: &[Reading]) -> Result<Snapshot, CallError> {
        let PoolSource::Saved(folder) = &self.0 else { return Ok(live) };
        for reading in readings.iter().filter(|reading| reading.resource.branch.is_some()) {
            if live.document(&reading.resource.document).is_none() {
                return Err(folder.missing(reading.resource, id));
            }
            let mut hanging = reading.hanging.iter().flat_map(HangingReading::documents);
            if let Some(unread) = hanging.find(|id| live.state(id) == DocumentState::Unread) {
                return Err(folder.missing_hanging(reading.resource, &unread, id));
            }
        }
        Ok(live)
    }
}

impl CallError {
    /// A read of the pool `id` that lacks what an earlier one of the same run had.
    pub fn partial(id: &str, lacks: &[Path]) -> Self {
        let branch = RESOURCES.into_iter().find(|resource| {
            resource.branch.is_some() && lacks.first().is_some_and(|path| path.is_within(&resource.root()))
        });
        let call = branch.map_or(&calls::DESCRIBE_USER_POOL, |branch| branch.read).name;
        let (shown, more) = lacks.split_at(lacks.len().min(NAMED));
        let mut names: Vec<String> = shown.iter().map(|path| format!("`{path}`")).collect();
        names.extend(Some(more.len()).filter(|more| *more > 0).map(|more| format!("{more} more")));
        let text = format!("the answer lacks {}, which an earlier read of this run had", names.join(", "));
        Self::new(ErrorKind::Answer, text)
            .with_help("if another writer removed them, run the command again; otherwise check the endpoint")
            .during(call, Some(id))
    }
}

/// The pool that documents are read of.
struct Source<'a> {
    link: &'a Link,
    id: &'a str,
    /// The pool's own document, which also names others: one call reads it.
    pool: &'a OnceCell<Option<Document>>,
}

impl Source<'_> {
    /// The pool's own document.
    async fn pool(&self) -> Result<Option<Document>, CallError> {
        let address = Address { pool: self.id, own: None };
        self.pool.get_or_try_init(|| document(self.link, &POOL, &address)).await.cloned()
    }
}

/// The documents of a resource.
async fn documents(
    source: &Source<'_>,
    reading: &Reading,
) -> Result<Vec<(DocumentId, Option<Document>)>, CallError> {
    let Source { link, id, .. } = *source;
    let resource = reading.resource;
    if *resource == POOL {
        return Ok(vec![(resource.document.clone(), source.pool().await?)]);
    }
    let Some(listing) = resource.listing else {
        return Ok(vec![(reading.list(), single(source, resource).await?)]);
    };
    let listed = match reading.is_by_id() {
        true => Vec::new(),
        false => listed(source, reading, listing).await?,
    };
    let described = reading.described(listing, &listed);
    let unlisted = reading.unlisted(listing, &listed);
    let keys = || described.iter().chain(&unlisted);
    let reads = keys().map(|(label, key)| async move {
        let address = Address { pool: id, own: Some((listing.key, key)) };
        (label, document(link, resource, &address).await)
    });
    let hanging = reading.hanging.iter().flat_map(|hanging| {
        keys().filter(|(label, _)| hanging.reads(label)).map(move |(label, key)| async move {
            let address = Address { pool: id, own: Some((listing.key, key)) };
            (hanging, label, document(link, hanging.resource, &address).await)
        })
    });
    let (reads, hanging) = join(some_at_a_time(reads), some_at_a_time(hanging)).await;
    let mut documents: Vec<_> = listed.into_iter().map(|(id, document)| (id, Some(document))).collect();
    for (label, read) in reads {
        let is_unlisted = || unlisted.iter().any(|(unlisted, _)| unlisted == label);
        let read = match read {
            // It may have gone since it was listed.
            Err(error) if error.code() == Some(NOT_FOUND) && error.kind() != ErrorKind::NotFound => None,
            // What the service does not take for an id is the id of no document.
            Err(error) if error.kind() == ErrorKind::Refused && is_unlisted() => None,
            read => read.map_err(|error| error.with_document(resource.document.labelled(label).path()))?,
        };
        if let Some(read) = read.as_ref().filter(|_| is_unlisted()) {
            let item = listing.item(|name| read.get(name));
            let list = documents.iter_mut().find(|(id, _)| *id == reading.list());
            if let Some((_, Some(list))) = list {
                list.insert(label, Json::Object(item));
            }
        }
        documents.push((reading.list().labelled(label), read));
    }
    for (hanging, label, read) in hanging {
        let document = reading.hung(hanging, label);
        documents.push((document.clone(), hung(or_nothing(read, hanging.resource), &document)?));
    }
    Ok(documents)
}

/// The results of reads, in their order.
fn some_at_a_time<R: Future>(reads: impl Iterator<Item = R>) -> impl Future<Output = Vec<R::Output>> {
    let reads: Vec<R> = reads.collect();
    stream::iter(reads).buffered(AT_A_TIME).collect()
}

/// A document of which each pool has one.
async fn single(source: &Source<'_>, resource: &'static Resource) -> Result<Option<Document>, CallError> {
    let address = Address { pool: source.id, own: None };
    or_nothing(document(source.link, resource, &address).await, resource)
}

/// The answer to a read, which may say by an exception that nothing is set.
fn or_nothing(
    read: Result<Option<Document>, CallError>,
    resource: &Resource,
) -> Result<Option<Document>, CallError> {
    match (read, resource.nothing) {
        (Err(error), UnsetAnswer::Exception(code)) if error.code() == Some(code) => {
            Ok(Some(Document::default()))
        }
        (read, _) => read,
    }
}

/// A document that hangs on another, out of the answer to its read: `None` if there is none, or if the other has gone.
fn hung(
    read: Result<Option<Document>, CallError>,
    document: &DocumentId,
) -> Result<Option<Document>, CallError> {
    match read {
        Err(error) if error.code() == Some(NOT_FOUND) && error.kind() != ErrorKind::NotFound => Ok(None),
        read => read.map_err(|error| error.with_document(document.path())),
    }
}

/// The documents of a list.
async fn listed(
    source: &Source<'_>,
    reading: &Reading,
    listing: &Listing,
) -> Result<Vec<(DocumentId, Document)>, CallError> {
    let Source { link, id, .. } = *source;
    if !listing.slots.is_empty() {
        let pool = source.pool().await?.unwrap_or_default();
        let wrong =
            |text: String| CallError::new(ErrorKind::Answer, text).during(listing.call.name, Some(id));
        return reading.documents(listing, listing.named_by(&pool), id).map_err(wrong);
    }
    let pages = Pages { listing, pool: Some(id), instead: None };
    let mut items = pages.items(link).await?;
    if let Some(registered) = listing.registered.filter(|_| reading.with_registered) {
        let more = Pages { instead: Some(registered), ..pages }.items(link).await?;
        // An endpoint that does not know the filter lists the same again.
        let keys: HashSet<Json> = items.iter().filter_map(|item| item.get(listing.key).cloned()).collect();
        items.extend(
            more.into_iter().filter(|item| item.get(listing.key).is_none_or(|key| !keys.contains(key))),
        );
    }
    reading.documents(listing, items, id).map_err(|wrong| pages.wrong(&wrong))
}

/// Which document is read.
struct Address<'a> {
    pool: &'a str,
    /// The member of the request by which the service knows it, if a pool has several, and its value.
    own: Option<(&'a str, &'a str)>,
}

/// A document of a resource; `None` if the answer is that the pool has none with this key.
async fn document(
    link: &Link,
    resource: &Resource,
    address: &Address<'_>,
) -> Result<Option<Document>, CallError> {
    let wrong = |text: &str| {
        CallError::new(ErrorKind::Answer, text)
            .with_help("check the endpoint: a proxy may answer instead of AWS")
            .during(resource.read.name, Some(address.pool))
    };
    for _ in 0..READS {
        let mut answer = read(link, resource, address).await?;
        let document = match resource.answer {
            None => answer,
            Some(within) => match answer.shift_remove(within) {
                Some(Json::Object(document)) => document,
                _ => return Err(wrong(&format!("the answer has no object `{within}`"))),
            },
        };
        if let Some(members) = resource.lacks(&document) {
            return Err(wrong(&format!("the answer has no {members}")));
        }
        let names = |name: &str| document.get(name).filter(|named| !named.is_null());
        // A name that no pool has, or that another pool has by now.
        if !resource.read.names_pool && names(POOL_ID).is_none_or(|named| named != address.pool) {
            return Ok(None);
        }
        // An answer that does not name its pool may be of any.
        match resource.identity.and_then(names).or_else(|| names(POOL_ID)) {
            Some(named) if named != address.pool => {
                return Err(wrong("the answer describes another pool than the requested one"));
            }
            None if resource.identity.is_some() => continue,
            _ => {}
        }
        let is_inherited = |(member, key): (&str, &str)| names(member).is_none_or(|named| named != key);
        if resource.inherits && address.own.is_some_and(is_inherited) {
            return Ok(Some(Document::default()));
        }
        if let Some((member, key)) = address.own
            && names(member).map_or(resource.hangs_on.is_none(), |named| named != key)
        {
            return Err(wrong(&format!("the answer has another `{member}` than the requested one")));
        }
        let is_another = |(member, value): &&(&str, &str)| names(member).is_some_and(|named| named != *value);
        if let Some((member, _)) = resource.constants.iter().find(is_another) {
            return Err(wrong(&format!("the answer has another `{member}` than the requested one")));
        }
        return Ok(Some(resource.observed(document)));
    }
    Err(wrong("the answer describes a pool without its `Id`"))
}

async fn read(link: &Link, resource: &Resource, address: &Address<'_>) -> Result<Object, CallError> {
    let call = resource.read;
    let mut body = Object::new();
    body.extend(call.names_pool.then(|| (POOL_ID.to_owned(), address.pool.into())));
    body.extend(address.own.map(|(member, key)| (member.to_owned(), key.into())));
    body.extend(resource.constants.iter().map(|(member, value)| ((*member).to_owned(), (*value).into())));
    let done = call::make(link, call, Some(address.pool), answer::body(&body)).await;
    done.map(|done| done.document).map_err(|(_, error)| error)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test]
    async fn some_reads_are_under_way_at_a_time_and_what_they_come_to_keeps_its_order() {
        let (now, most) = (&Cell::new(0), &Cell::new(0));
        let read = |number: usize| async move {
            now.set(now.get() + 1);
            most.set(most.get().max(now.get()));
            // The first ones take longest.
            for _ in number..100 {
                tokio::task::yield_now().await;
            }
            now.set(now.get() - 1);
            number
        };
        let read = some_at_a_time((0..100).map(read)).await;
        assert_eq!((read, most.get()), ((0..100).collect(), AT_A_TIME));
    }
}
