//! Collections: what the operations on documents with keys have in common. What differs is in a row for each.

use std::collections::BTreeSet;

use serde_json::json;

use super::answer::Refusal;
use super::case::{strings, text};
use super::omission::{Omitted, replace};
use super::paging::{self, PageRequest};
use super::state::{Collection, SideDocument, State};
use super::{Omission, create, ids, of_clients};
use crate::document::{Json, Object};
use crate::shapes::Shapes;

/// What an operation does with a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyedVerb {
    Create,
    Read,
    /// Reads the document that has a name in a list.
    Find,
    Update,
    Delete,
    List,
}

/// How a collection behaves.
pub(super) struct CollectionRow {
    pub(super) collection: Collection,
    pub(super) operations: &'static [(&'static str, KeyedVerb)],
    /// The shape of one document as it is read.
    pub(super) shape: &'static str,
    /// The member of a response that has one document.
    pub(super) wrapper: &'static str,
    pub(super) list: ListForm,
    /// The members of a request by which it finds a document, and for each the member or list of the document that has
    /// its value.
    pub(super) found: &'static [(&'static str, &'static str)],
    /// The most documents that a pool may have.
    pub(super) most: usize,
    /// Returns the key of a new document; `None` if the request has it.
    pub(super) new_key: Option<fn() -> String>,
    /// The refusal of a request for a key that the pool lacks, from the verb, the key and the pool's id.
    pub(super) missing: fn(KeyedVerb, &str, &str) -> Refusal,
    /// The refusal of a new document whose key is taken, from the key and the pool's id.
    pub(super) taken: fn(&str, &str) -> Refusal,
    /// Returns why nobody may update or delete a document.
    pub(super) protected: fn(&Object) -> Option<Refusal>,
    /// What becomes of a member that an update leaves out; also of one that the model does not know.
    pub(super) omitted: fn(&str, Omission) -> &'static Omitted,
    /// Writes what the service adds to a document.
    pub(super) fill: fn(&KeyedWrite<'_>, &mut Object),
    /// Writes what the service adds to the pool of a new document.
    pub(super) around: fn(&mut State),
    /// Changes a document into what a read shows.
    pub(super) shown: fn(&mut Object),
    pub(super) rules: &'static [KeyedRule],
}

impl CollectionRow {
    /// What most rows have in common: keys that the sandbox draws are new, an update replaces the whole document, and a read
    /// shows what is kept.
    pub(super) const PLAIN: Self = Self {
        collection: Collection::Groups,
        operations: &[],
        shape: "",
        wrapper: "",
        list: ListForm::NONE,
        found: &[],
        most: 0,
        new_key: None,
        missing: |_, key, _| Refusal::missing(format!("{key} does not exist.")),
        taken: |key, _| Refusal::internal(format!("The sandbox has drawn the id {key} twice.")),
        protected: |_| None,
        omitted: |_, _| &Omitted::Remove,
        fill: |_, _| {},
        around: |_| {},
        shown: |_| {},
        rules: &[],
    };
}

/// Returns why a write is refused, from the write and the document that it would leave.
pub(super) type KeyedRule = fn(&KeyedWrite<'_>, &Object) -> Option<Refusal>;

/// The form of a list's pages.
pub(super) struct ListForm {
    /// The member of a response that has the elements.
    pub(super) member: &'static str,
    /// The member of a request that has the number of elements.
    pub(super) size: &'static str,
    pub(super) largest: usize,
    /// The members that an element shows; `None` for all.
    pub(super) members: Option<&'static [&'static str]>,
    /// The member by which a request may choose elements.
    pub(super) filter: Option<&'static str>,
}

impl ListForm {
    /// Of documents that no operation lists.
    pub(super) const NONE: Self = Self { member: "", size: "", largest: 0, members: None, filter: None };
    /// What most lists have in common.
    pub(super) const PAGED: Self = Self { size: "MaxResults", largest: 60, ..Self::NONE };
}

/// A write of one document.
pub(super) struct KeyedWrite<'a> {
    pub(super) request: &'a Object,
    /// The document before; `None` for a new one.
    pub(super) before: Option<&'a Object>,
    /// The pool before.
    pub(super) live: &'a State,
    pub(super) pool_id: &'a str,
}

/// A call of an operation on a collection.
pub(super) struct CollectionCall<'a> {
    row: &'static CollectionRow,
    verb: KeyedVerb,
    operation: &'a str,
    request: Object,
    pool_id: &'a str,
    shapes: &'a Shapes,
}

impl<'a> CollectionCall<'a> {
    /// The call of an operation of one of `rows`; `None` if it is another operation.
    pub(super) fn of(
        rows: &[&'static CollectionRow],
        operation: &'a str,
        request: &Object,
        pool_id: &'a str,
        shapes: &'a Shapes,
    ) -> Option<Self> {
        let (row, verb) = rows.iter().find_map(|row| {
            let (_, verb) = row.operations.iter().find(|(name, _)| *name == operation)?;
            Some((*row, *verb))
        })?;
        let mut request = request.clone();
        if let (KeyedVerb::Create, Some(new_key)) = (verb, row.new_key) {
            request.insert(row.collection.key().to_owned(), json!(new_key()));
        }
        Some(Self { row, verb, operation, request, pool_id, shapes })
    }

    pub(super) fn writes(&self) -> bool {
        matches!(self.verb, KeyedVerb::Create | KeyedVerb::Update | KeyedVerb::Delete)
    }

    pub(super) fn creates(&self) -> bool {
        self.verb == KeyedVerb::Create
    }

    pub(super) fn lists(&self) -> bool {
        self.verb == KeyedVerb::List
    }

    pub(super) fn collection(&self) -> Collection {
        self.row.collection
    }

    /// The pool after a write.
    pub(super) fn after(&self, live: &State, mode: Omission) -> Result<State, Refusal> {
        let before = self.document(live);
        let write = KeyedWrite { request: &self.request, before, live, pool_id: self.pool_id };
        let document = match (self.verb, before) {
            (KeyedVerb::Create, Some(_)) => return Err((self.row.taken)(self.key(), self.pool_id)),
            (KeyedVerb::Create, None) => Some(self.created(&write)?),
            (_, None) => return Err(self.missing()),
            (_, Some(before)) => {
                (self.row.protected)(before).map_or(Ok(()), Err)?;
                (self.verb == KeyedVerb::Update).then(|| self.updated(&write, before, mode))
            }
        };
        let mut after = live.clone();
        match document {
            Some(mut document) => {
                if self.verb == KeyedVerb::Create {
                    (self.row.around)(&mut after);
                }
                let documents = SideDocument::Keyed(self.row.collection).of_mut(&mut after);
                (self.row.fill)(&write, &mut document);
                self.row.rules.iter().find_map(|rule| rule(&write, &document)).map_or(Ok(()), Err)?;
                let document = create::in_the_models_order(document, self.shapes, self.row.shape);
                documents.insert(self.key().to_owned(), Json::Object(document));
            }
            None => {
                SideDocument::Keyed(self.row.collection).of_mut(&mut after).shift_remove(self.key());
                if self.row.collection == Collection::Clients {
                    of_clients::forget(&mut after, self.key());
                }
            }
        }
        Ok(after)
    }

    /// The answer from the pool, after the write if it is one; `None` for an empty body.
    pub(super) fn answer(&self, state: &State) -> Result<Option<Json>, Refusal> {
        let document = match self.verb {
            KeyedVerb::Delete => return Ok(None),
            KeyedVerb::List => return self.page(state, &|_| false).map(Some),
            KeyedVerb::Read | KeyedVerb::Find => self.document(state).ok_or_else(|| self.missing())?.clone(),
            KeyedVerb::Create | KeyedVerb::Update => self.document(state).cloned().unwrap_or_default(),
        };
        let mut answer = Object::new();
        match self.answers(self.row.wrapper) {
            true => drop(answer.insert(self.row.wrapper.to_owned(), self.shown(document))),
            // Some writes answer with members of the document, and not with the document. [M]
            false => answer.extend(document.into_iter().filter(|(name, _)| self.answers(name))),
        }
        Ok(Some(Json::Object(answer)))
    }

    /// Whether the operation answers with a member of this name.
    fn answers(&self, name: &str) -> bool {
        let output = self.shapes.operation(self.operation).and_then(|operation| operation.output);
        output
            .and_then(|output| self.shapes.get(output))
            .is_some_and(|shape| self.shapes.member(shape, name).is_some())
    }

    fn created(&self, write: &KeyedWrite<'_>) -> Result<Object, Refusal> {
        let documents = SideDocument::Keyed(self.row.collection).of(write.live);
        if documents.map_or(0, Object::len) >= self.row.most {
            // [I] no wording found.
            let message = format!("A user pool can have at most {} {}.", self.row.most, self.row.list.member);
            return Err(Refusal::new("LimitExceededException", message));
        }
        let sent = self.request.iter().filter(|(name, _)| self.is_stored(name));
        let mut document: Object = sent.map(|(name, value)| (name.clone(), value.clone())).collect();
        document.insert("UserPoolId".to_owned(), json!(self.pool_id));
        document.insert(self.row.collection.key().to_owned(), json!(self.key()));
        for date in ["CreationDate", "LastModifiedDate"].into_iter().filter(|date| self.is_read(date)) {
            document.insert(date.to_owned(), ids::now());
        }
        Ok(document)
    }

    fn updated(&self, write: &KeyedWrite<'_>, before: &Object, mode: Omission) -> Object {
        let mut document = before.clone();
        let names: BTreeSet<&String> =
            before.keys().chain(write.request.keys()).filter(|name| self.is_stored(name)).collect();
        for name in names {
            replace(&mut document, name, write.request.get(name), (self.row.omitted)(name, mode));
        }
        if self.is_read("LastModifiedDate") {
            ids::touch(&mut document);
        }
        document
    }

    /// Whether a document takes this member from a request: both have it, or the model knows it nowhere.
    fn is_stored(&self, name: &str) -> bool {
        let takes = |operation: &str| {
            let input = self.shapes.input(operation);
            input.is_some_and(|shape| self.shapes.member(shape, name).is_some())
        };
        let is_name = name == "UserPoolId" || name == self.row.collection.key();
        match self.is_read(name) {
            true => takes(self.operation) && !is_name,
            false => !self.row.operations.iter().any(|(operation, _)| takes(operation)),
        }
    }

    fn is_read(&self, name: &str) -> bool {
        let shape = self.shapes.get(self.row.shape);
        shape.is_some_and(|shape| self.shapes.member(shape, name).is_some())
    }

    /// A page of the list, without documents whose keys are hidden.
    pub(super) fn page(&self, state: &State, is_hidden: &dyn Fn(&str) -> bool) -> Result<Json, Refusal> {
        let form = &self.row.list;
        let asked = PageRequest::of(&self.request, form.size, form.largest)?;
        let documents = SideDocument::Keyed(self.row.collection).of(state);
        let mut left: Vec<(&String, &Json)> = documents
            .into_iter()
            .flatten()
            .filter(|(key, _)| asked.reaches(key) && !is_hidden(key))
            .collect();
        left.sort_by_key(|(key, _)| *key);
        let page = &left[..asked.size.min(left.len())];
        let shown = page.iter().filter_map(|(_, document)| Some(self.shown(document.as_object()?.clone())));
        // A page may be shorter than asked for, even empty, and another may follow. [M]
        let chosen = shown.filter(|document| {
            let wanted = form.filter.and_then(|name| Some((name, self.request.get(name)?)));
            wanted.is_none_or(|(name, value)| document.get(name) == Some(value))
        });
        let elements: Vec<Json> = chosen.map(|document| self.element(document)).collect();
        let mut answer = Object::new();
        answer.insert(form.member.to_owned(), Json::Array(elements));
        if let Some((last, _)) = page.last().filter(|_| page.len() < left.len()) {
            answer.insert("NextToken".to_owned(), json!(paging::token(last)));
        }
        Ok(Json::Object(answer))
    }

    /// What a list shows of a document.
    fn element(&self, document: Json) -> Json {
        let Some(members) = self.row.list.members else { return document };
        members.iter().filter_map(|name| Some(((*name).to_owned(), document.get(name)?.clone()))).collect()
    }

    fn shown(&self, mut document: Object) -> Json {
        (self.row.shown)(&mut document);
        Json::Object(document)
    }

    /// The key of the document that the call names or makes.
    pub(super) fn key(&self) -> &str {
        let found = self.row.found.first().filter(|_| self.verb == KeyedVerb::Find);
        let member = found.map_or_else(|| self.row.collection.key(), |(member, _)| member);
        text(&self.request, member).unwrap_or_default()
    }

    fn document<'s>(&self, state: &'s State) -> Option<&'s Object> {
        let documents = SideDocument::Keyed(self.row.collection).of(state)?;
        if self.verb != KeyedVerb::Find {
            return documents.get(self.key())?.as_object();
        }
        let has_it = |document: &Object| {
            self.row.found.iter().all(|(member, list)| {
                let mut names = strings(document, list).chain(text(document, list));
                names.any(|name| Some(name) == text(&self.request, member))
            })
        };
        documents.values().filter_map(Json::as_object).find(|document| has_it(document))
    }

    fn missing(&self) -> Refusal {
        (self.row.missing)(self.verb, self.key(), self.pool_id)
    }
}
