//! The files of a folder of saved pools, as they are written.

use crate::catalogue::Resource;
use crate::document::{DocumentId, Json, Object, Snapshot};

/// A file of a folder of saved pools.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotFile {
    /// Its name in the folder.
    pub name: String,
    /// What it has; `None` if it must not exist, because nothing of it was read.
    pub content: Option<Json>,
}

/// The files with these documents of the pool `id`: a folder of them reads as the documents do. A resource has one
/// file, in the form of the service's own answer. A list has whole documents, as far as they were read. A document that was only looked up is saved like any other.
pub fn snapshot_files(live: &Snapshot, id: &str) -> Vec<SnapshotFile> {
    let file = |resource: &'static Resource| {
        let name = match resource.document == DocumentId::POOL {
            true => format!("{id}.json"),
            false => format!("{id}.{}.json", resource.document.name()),
        };
        SnapshotFile { name, content: content(resource, live) }
    };
    Resource::alone().map(file).collect()
}

fn content(resource: &Resource, live: &Snapshot) -> Option<Json> {
    let known = |id: &DocumentId| live.whole(id).or_else(|| live.whole(&id.looked_up()));
    let document = known(&resource.document)?;
    let (member, value) = match resource.listing {
        None => (resource.answer, Json::Object(document)),
        Some(listing) => {
            let whole = |label: &str| known(&resource.document.labelled(label));
            let items =
                document.iter().map(|(label, item)| whole(label).map_or_else(|| item.clone(), Json::Object));
            (Some(listing.items), items.collect())
        }
    };
    Some(match member {
        Some(member) => Json::Object(Object::from_iter([(member.to_owned(), value)])),
        None => value,
    })
}
