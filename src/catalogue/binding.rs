//! Binds labels of a manifest to live documents.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Call, Listing, POOL_ID, REFERENCES, Resource};
use crate::document::{Document, DocumentId, FastMap, Json, Object, Snapshot};

/// What is read of a pool: the document of a resource, or some of its documents with labels.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The resource.
    pub resource: &'static Resource,
    /// The documents with labels that are read. Of a list that has whole documents, all are read.
    pub wanted: Vec<WantedDocument>,
    /// The labels of the documents that are read one by one; `None` for all.
    pub read: Option<Vec<String>>,
    /// The labels of documents that are known already, and not read again.
    pub known: Vec<String>,
    /// What is read of the documents that hang on these.
    pub hanging: Vec<HangingReading>,
    /// What is read of a list.
    pub scope: ReadScope,
    /// Whether the list also has the documents that registered themselves.
    pub with_registered: bool,
    /// The list length from which on no document of the list is read.
    pub most: Option<usize>,
}

/// What is read of a resource with a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadScope {
    /// The wanted documents, by their ids and without the list. One without an id is absent.
    ById,
    /// The list, and the wanted documents.
    Wanted,
    /// The list, and all its documents.
    All,
    /// The names in the list, which is only looked up. Nothing is read if the caller has no permission.
    Names,
    /// The same and all its documents, which name others.
    Lookup,
    /// The same with all documents, whatever they name: rules of the house judge them.
    Judged,
    /// The wanted documents alone, by their ids and without the list, which is known.
    LookupById,
}

impl From<&'static Resource> for Reading {
    fn from(resource: &'static Resource) -> Self {
        let (wanted, known, hanging) = (Vec::new(), Vec::new(), Vec::new());
        let scope = ReadScope::Wanted;
        Self { resource, wanted, read: None, known, hanging, scope, with_registered: false, most: None }
    }
}

/// What is read of a resource whose documents hang on others.
#[derive(Clone, Debug)]
pub struct HangingReading {
    /// The resource.
    pub resource: &'static Resource,
    /// The labels of the documents; `None` for all labels that are read.
    pub labels: Option<Vec<String>>,
}

impl HangingReading {
    /// The documents, as far as they are named.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> {
        self.labels.iter().flatten().map(|label| self.resource.document.labelled(label))
    }

    /// Whether the document with this label is read.
    pub fn reads(&self, label: &str) -> bool {
        self.labels.as_ref().is_none_or(|labels| labels.iter().any(|one| one == label))
    }
}

impl Reading {
    /// All documents of a resource, and all that hang on them.
    pub fn whole(resource: &'static Resource) -> Self {
        let hanging = resource.hanging().map(|resource| HangingReading { resource, labels: None });
        Self { hanging: hanging.collect(), ..Self::from(resource) }
    }

    /// A look at a list that is only looked up: at its names, or at its documents.
    pub fn lookup(list: &DocumentId, scope: ReadScope) -> Option<Self> {
        let mut known = REFERENCES.into_iter().flat_map(|(one, other)| [one, other]);
        let resource = known.find(|resource| resource.document.looked_up() == *list)?;
        Some(Self { scope, ..Self::from(resource) })
    }

    /// A look at all documents of a resource, to judge them.
    pub fn judged(resource: &'static Resource) -> Self {
        Self { scope: ReadScope::Judged, ..Self::from(resource) }
    }

    /// Whether what is read is only looked up.
    pub fn is_lookup(&self) -> bool {
        matches!(self.scope, ReadScope::Names | ReadScope::Lookup | ReadScope::Judged | ReadScope::LookupById)
    }

    /// Whether the documents are read by their ids, and the list is not.
    pub fn is_by_id(&self) -> bool {
        matches!(self.scope, ReadScope::ById | ReadScope::LookupById) && !self.resource.is_listed_whole()
    }

    /// The calls that read it, and what hangs on it.
    pub fn calls(&self) -> Vec<&'static Call> {
        if self.scope == ReadScope::Names {
            return self.resource.listing.map(|listing| listing.call).into_iter().collect();
        }
        let hanging = self.hanging.iter().flat_map(|hanging| hanging.resource.reads());
        self.resource.reads().chain(hanging).collect()
    }

    /// The list of the documents.
    pub fn list(&self) -> DocumentId {
        let list = &self.resource.document;
        if self.is_lookup() { list.looked_up() } else { list.clone() }
    }

    /// The list of the pool `pool` as documents: the list itself, which has each label as a member, and the items if
    /// they are whole documents.
    ///
    /// # Errors
    /// What is wrong with the list: an item without its key, or of another pool.
    pub fn documents(
        &self,
        listing: &Listing,
        items: Vec<Object>,
        pool: &str,
    ) -> Result<Vec<(DocumentId, Document)>, String> {
        let text = |item: &Object, name: &str| item.get(name).and_then(Json::as_str).map(str::to_owned);
        for item in &items {
            if text(item, listing.key).is_none_or(|key| key.is_empty()) {
                return Err(format!("the answer has {} without its `{}`", listing.an_item(), listing.key));
            }
            if text(item, POOL_ID).is_some_and(|of| of != pool) {
                return Err(format!("the answer has {} of another pool", listing.an_item()));
            }
        }
        let labels = listing.labels(&items, &self.wanted);
        let list = self.list();
        let is_whole = self.resource.is_listed_whole();
        let (mut known, mut documents) = (Document::default(), Vec::new());
        for (label, item) in labels.iter().zip(items) {
            match is_whole {
                true => {
                    known.insert(label, Json::Object(Object::new()));
                    documents.push((list.labelled(label), self.resource.observed(item)));
                }
                false => known.insert(label, Json::Object(item)),
            }
        }
        documents.push((list, known));
        Ok(documents)
    }

    /// The documents of a list that are looked for and that the list does not have whole: their labels, and the keys by
    /// which the service knows them.
    pub fn described(
        &self,
        listing: &Listing,
        documents: &[(DocumentId, Document)],
    ) -> Vec<(String, String)> {
        if self.resource.is_listed_whole() {
            return Vec::new();
        }
        if self.is_by_id() {
            let by_id = |wanted: &WantedDocument| Some((wanted.label.clone(), wanted.id.clone()?));
            return self.wanted.iter().filter_map(by_id).collect();
        }
        let list = documents.iter().find(|(id, _)| *id == self.list());
        let members = list.into_iter().flat_map(|(_, list)| list.members());
        let reads_all = matches!(self.scope, ReadScope::Lookup | ReadScope::All | ReadScope::Judged);
        let is_wanted = |label: &str| reads_all || self.wants(label);
        let is_read = |label: &str| {
            let is_known = self.known.iter().any(|known| known == label);
            !is_known && self.read.as_ref().is_none_or(|read| read.iter().any(|one| one == label))
        };
        let own = members.filter(|(label, _)| is_wanted(label) && is_read(label));
        let own = own.filter_map(|(label, item)| Some((label, item.get(listing.key)?.as_str()?)));
        let own: Vec<_> = own.map(|(label, key)| (label.to_owned(), key.to_owned())).collect();
        if self.most.is_some_and(|most| own.len() > most) { Vec::new() } else { own }
    }

    /// The wanted documents with ids that the list lacks: their labels and ids. A list may not show a new document yet, and
    /// leaves out what its filter does.
    pub fn unlisted(&self, listing: &Listing, documents: &[(DocumentId, Document)]) -> Vec<(String, String)> {
        if self.is_by_id() || self.resource.is_listed_whole() {
            return Vec::new();
        }
        let list = documents.iter().find(|(id, _)| *id == self.list());
        let items = list.into_iter().flat_map(|(_, list)| list.members());
        let ids: BTreeSet<&str> = items.filter_map(|(_, item)| item.get(listing.key)?.as_str()).collect();
        let by_id = |wanted: &WantedDocument| Some((wanted.label.clone(), wanted.id.clone()?));
        self.wanted.iter().filter_map(by_id).filter(|(_, id)| !ids.contains(id.as_str())).collect()
    }

    fn wants(&self, label: &str) -> bool {
        self.wanted.iter().any(|one| one.label == label)
    }

    /// The documents that are looked for, from the items of a saved list. The list has them whole, under the keys by
    /// which the service knows them. A document that is not wanted is left out if the list has only its names.
    ///
    /// # Errors
    /// The label of a document of which the list has only the id and the name.
    pub fn saved(
        &self,
        listing: &Listing,
        items: &[Object],
        documents: &[(DocumentId, Document)],
    ) -> Result<Vec<(DocumentId, Option<Document>)>, String> {
        // The first of two with one key counts.
        let key = |item: &Object| Some(item.get(listing.key)?.as_str()?.to_owned());
        let items: FastMap<String, &Object> =
            items.iter().rev().filter_map(|item| Some((key(item)?, item))).collect();
        let mut saved = Vec::new();
        for (label, key) in self.described(listing, documents) {
            let item = items.get(key.as_str()).copied();
            match item.filter(|item| listing.has_more(item)) {
                Some(item) => saved.extend(self.with_hanging(&label, item)),
                None if self.is_lookup() || self.scope == ReadScope::ById || self.wants(&label) => {
                    return Err(label);
                }
                None => {}
            }
        }
        Ok(saved)
    }

    /// The document that hangs on the one with this label.
    pub fn hung(&self, hanging: &HangingReading, label: &str) -> DocumentId {
        let document = hanging.resource.document.labelled(label);
        if self.is_lookup() { document.looked_up() } else { document }
    }

    /// A saved document, and each document on it that is read.
    fn with_hanging(&self, label: &str, item: &Object) -> Vec<(DocumentId, Option<Document>)> {
        let own = self.list().labelled(label);
        let whole = Snapshot::default().with_whole(&own, item.clone());
        let is_read = |id: &DocumentId| {
            self.hanging.iter().any(|hanging| self.hung(hanging, label) == *id && hanging.reads(label))
        };
        let observed = |(id, document): (&DocumentId, Option<&Document>)| {
            let hanging = self.hanging.iter().find(|hanging| hanging.resource.document.name() == id.name());
            let resource = hanging.map_or(self.resource, |hanging| hanging.resource);
            let document = document.map(|document| resource.observed(document.to_object()));
            (*id == own || is_read(id)).then(|| (id.clone(), document))
        };
        whole.documents().filter_map(observed).collect()
    }
}

/// A document that is looked for under a label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedDocument {
    /// Its label.
    pub label: String,
    /// The id that the service gave it. It decides if it is known.
    pub id: Option<String>,
    /// Its name, which finds it if no id is known and no other document has that name.
    pub name: String,
    /// The ids of documents that existed before this one was made. None of them is it, whatever its name is.
    pub others: Arc<[String]>,
}

impl Listing {
    /// What finds a document again under the label that it had; `None` if there was none, unless the label is its name.
    pub fn wanted(&self, label: &str, document: &Json) -> Option<WantedDocument> {
        let members = document.as_object();
        if members.is_none() && self.name.is_some() {
            return None;
        }
        let text = |name: &str| members?.get(name).and_then(Json::as_str).map(str::to_owned);
        let name = self.name.and_then(text).unwrap_or_else(|| label.to_owned());
        Some(WantedDocument { label: label.to_owned(), id: text(self.key), name, others: Arc::default() })
    }

    /// The labels of the items of a list, in their order. An item that is not looked for has its name as its label,
    /// with the end of its id behind it if that is not enough.
    pub fn labels(&self, items: &[Object], wanted: &[WantedDocument]) -> Vec<String> {
        let text = |item: &Object, member: &str| {
            item.get(member).and_then(Json::as_str).unwrap_or_default().to_owned()
        };
        let keys: Vec<String> = items.iter().map(|item| text(item, self.key)).collect();
        let Some(name) = self.name else { return keys };
        let names: Vec<String> = items.iter().map(|item| text(item, name)).collect();
        // Of two with one id the first counts.
        let by_id: HashMap<&String, &String> =
            wanted.iter().rev().filter_map(|wanted| Some((wanted.id.as_ref()?, &wanted.label))).collect();
        let mut labels: Vec<Option<String>> =
            keys.iter().map(|key| by_id.get(key).map(|label| (*label).clone())).collect();
        for wanted in wanted.iter().filter(|wanted| wanted.id.is_none()) {
            let is_its = |nth: &usize| {
                labels[*nth].is_none() && names[*nth] == wanted.name && !wanted.others.contains(&keys[*nth])
            };
            let found: Vec<usize> = (0..items.len()).filter(is_its).collect();
            if let [only] = found[..] {
                labels[only] = Some(wanted.label.clone());
            }
        }
        let mut taken: BTreeSet<String> = wanted.iter().map(|wanted| wanted.label.clone()).collect();
        let mut free = |nth: usize| {
            let start = keys[nth].char_indices().rev().nth(ID_END - 1).map_or(0, |(start, _)| start);
            let end = &keys[nth][start..];
            let forms = [names[nth].clone(), format!("{}-{end}", names[nth]), keys[nth].clone()];
            let form = forms.into_iter().find(|form| !taken.contains(form)).unwrap_or_default();
            taken.insert(form.clone());
            form
        };
        labels.into_iter().enumerate().map(|(nth, label)| label.unwrap_or_else(|| free(nth))).collect()
    }
}

/// The characters of an id that tell documents of one name apart.
const ID_END: usize = 4;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::calls;

    const CLIENTS: Listing = Listing {
        call: &calls::LIST_GROUPS,
        items: "UserPoolClients",
        page: Some(("MaxResults", 60)),
        filter: None,
        key: "ClientId",
        name: Some("ClientName"),
        one: "app client",
        article: "an",
        ..Listing::OF_NAMES
    };

    fn labels(items: &[(&str, &str)], wanted: &[(&str, Option<&str>, &str)]) -> Vec<String> {
        let item = |(id, name): &(&str, &str)| {
            json!({"ClientId": id, "ClientName": name}).as_object().cloned().unwrap()
        };
        let wanted = wanted.iter().map(|(label, id, name)| WantedDocument {
            label: (*label).to_owned(),
            id: id.map(str::to_owned),
            name: (*name).to_owned(),
            others: Arc::default(),
        });
        CLIENTS.labels(&items.iter().map(item).collect::<Vec<_>>(), &wanted.collect::<Vec<_>>())
    }

    #[test]
    fn an_id_decides_whatever_the_name_is() {
        let items = [("1aaaa", "web"), ("2bbbb", "portal")];
        assert_eq!(labels(&items, &[("web", Some("2bbbb"), "web")]), ["web-aaaa", "web"]);
    }

    #[test]
    fn a_name_finds_the_only_document_that_has_it() {
        let items = [("1aaaa", "web"), ("2bbbb", "portal")];
        assert_eq!(labels(&items, &[("front", None, "web")]), ["front", "portal"]);
    }

    #[test]
    fn one_that_was_there_before_is_not_the_one_that_was_made() {
        let item = |id: &str| json!({"ClientId": id, "ClientName": "web"}).as_object().cloned().unwrap();
        let wanted = WantedDocument {
            label: "web".to_owned(),
            id: None,
            name: "web".to_owned(),
            others: Arc::from(["1aaaa".to_owned()]),
        };
        let labels = |items: &[Object]| CLIENTS.labels(items, std::slice::from_ref(&wanted));
        assert_eq!(labels(&[item("1aaaa")]), ["web-aaaa"]);
        assert_eq!(labels(&[item("1aaaa"), item("2bbbb")]), ["web-aaaa", "web"]);
    }

    #[test]
    fn of_two_with_one_name_neither_has_the_label() {
        let items = [("1aaaa", "web"), ("2bbbb", "web")];
        assert_eq!(labels(&items, &[("web", None, "web")]), ["web-aaaa", "web-bbbb"]);
        assert_eq!(labels(&items, &[]), ["web", "web-bbbb"]);
        assert_eq!(
            labels(&items, &[("web", Some("1aaaa"), "web"), ("other", None, "web")]),
            ["web", "other"]
        );
    }
}
