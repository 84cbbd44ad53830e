use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Document, Json, Object, Path};

/// Which document of a pool: the resource that it describes, and the label if there are several of that
/// resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentId {
    resource: &'static str,
    label: Option<Arc<str>>,
    is_lookup: bool,
}

impl DocumentId {
    /// The `UserPool` member of a `DescribeUserPool` answer.
    pub const POOL: Self = Self { resource: "pool", label: None, is_lookup: false };
    /// The whole answer of `GetUserPoolMfaConfig`.
    pub const MFA: Self = Self { resource: "mfa", label: None, is_lookup: false };
    /// The `LogDeliveryConfiguration` member of a `GetLogDeliveryConfiguration` answer.
    pub const LOG_DELIVERY: Self = Self { resource: "logDelivery", label: None, is_lookup: false };

    /// The `RiskConfiguration` member of a `DescribeRiskConfiguration` answer; without members if threat protection is
    /// off.
    pub const RISK: Self = Self { resource: "riskConfiguration", label: None, is_lookup: false };
    /// The whole answer of `GetUserPoolSessionConfiguration`.
    pub const SESSIONS: Self = Self { resource: "sessionConfiguration", label: None, is_lookup: false };
    /// The `UICustomization` member of a `GetUICustomization` answer about the pool; without members if there is none.
    pub const UI_CUSTOMIZATION: Self = Self { resource: "uiCustomization", label: None, is_lookup: false };

    /// The groups of a pool, each under its name. Without a label: the list of them.
    pub const GROUPS: Self = Self { resource: "groups", label: None, is_lookup: false };

    /// The resource servers of a pool, each under its identifier. Without a label: the list of them.
    pub const RESOURCE_SERVERS: Self = Self { resource: "resourceServers", label: None, is_lookup: false };
    /// The app clients of a pool, each under a label of the manifest. Without a label: the list of them.
    pub const CLIENTS: Self = Self { resource: "clients", label: None, is_lookup: false };

    /// The domains of a pool, each under its name. Without a label: the list of them.
    pub const DOMAINS: Self = Self { resource: "domains", label: None, is_lookup: false };

    /// The policies for clients that identify themselves by a metadata document, each under a label of the manifest.
    /// Without a label: the list of them.
    pub const CIMD_POLICIES: Self = Self { resource: "cimdPolicies", label: None, is_lookup: false };

    /// The identity providers of a pool, each under its name. Without a label: the list of them.
    pub const IDENTITY_PROVIDERS: Self =
        Self { resource: "identityProviders", label: None, is_lookup: false };

    /// The whole answer of `GetUserPoolClientSessionConfiguration`, of each app client under its label.
    pub const CLIENT_SESSIONS: Self =
        Self { resource: "clients.sessionConfiguration", label: None, is_lookup: false };
    /// The `UICustomization` member of a `GetUICustomization` answer about an app client, of each under its label; without
    /// members if the client has the pool's.
    pub const CLIENT_UI: Self = Self { resource: "clients.uiCustomization", label: None, is_lookup: false };
    /// The `ManagedLoginBranding` member of a `DescribeManagedLoginBrandingByClient` answer, of each app client under
    /// its label.
    pub const BRANDING: Self = Self { resource: "clients.branding", label: None, is_lookup: false };

    /// The `Terms` member of a `DescribeTermsByClient` answer for the terms of use, of each app client under its label.
    pub const TERMS_OF_USE: Self = Self { resource: "clients.termsOfUse", label: None, is_lookup: false };
    /// The same for the privacy policy.
    pub const PRIVACY_POLICY: Self =
        Self { resource: "clients.privacyPolicy", label: None, is_lookup: false };
    /// The `RiskConfiguration` member of a `DescribeRiskConfiguration` answer for an app client, of each under its label;
    /// without members if the client has the pool's.
    pub const CLIENT_RISK: Self =
        Self { resource: "clients.riskConfiguration", label: None, is_lookup: false };

    /// The documents other than the pool's own settings, each under its own key in a manifest.
    pub const BRANCHES: [Self; 10] = [
        Self::RESOURCE_SERVERS,
        Self::IDENTITY_PROVIDERS,
        Self::CLIENTS,
        Self::GROUPS,
        Self::DOMAINS,
        Self::CIMD_POLICIES,
        Self::UI_CUSTOMIZATION,
        Self::RISK,
        Self::SESSIONS,
        Self::LOG_DELIVERY,
    ];
    /// The branches with any number of documents, each under a label of its own.
    pub const LABELLED: [Self; 6] = [
        Self::RESOURCE_SERVERS,
        Self::IDENTITY_PROVIDERS,
        Self::CLIENTS,
        Self::GROUPS,
        Self::DOMAINS,
        Self::CIMD_POLICIES,
    ];

    /// The documents that hang on others: each has the label of the one that it hangs on. In a manifest it is a member of
    /// that.
    const HANGING: [Self; 6] = [
        Self::CLIENT_RISK,
        Self::CLIENT_UI,
        Self::CLIENT_SESSIONS,
        Self::BRANDING,
        Self::TERMS_OF_USE,
        Self::PRIVACY_POLICY,
    ];

    /// The branches whose documents are known by ids that the service gives them.
    const WITH_IDS: [Self; 2] = [Self::CLIENTS, Self::CIMD_POLICIES];

    /// Whether a key of a manifest is the one of a branch whose documents get ids from the service.
    pub fn has_ids(key: &str) -> bool {
        Self::WITH_IDS.iter().any(|branch| branch.resource == key)
    }

    /// Whether a key of a manifest is the one of a branch.
    pub fn is_branch(key: &str) -> bool {
        Self::BRANCHES.iter().any(|branch| branch.resource == key)
    }

    /// Whether a key of a manifest is the one of a branch whose entries have labels.
    pub fn is_labelled(key: &str) -> bool {
        Self::LABELLED.iter().any(|branch| branch.resource == key)
    }

    /// The documents that hang on this one, each with its key in a manifest.
    pub fn hung(&self) -> impl Iterator<Item = (&'static str, Self)> {
        Self::hanging(self.resource)
            .map(|(key, hanging)| (key, Self { resource: hanging.resource, ..self.clone() }))
    }

    /// The documents that hang on the documents of a branch: the key of each in a manifest, and its resource.
    pub fn hanging(branch: &str) -> impl Iterator<Item = (&'static str, Self)> {
        Self::HANGING.into_iter().filter_map(move |hanging| {
            let (on, key) = hanging.resource.split_once('.')?;
            (on == branch).then_some((key, hanging))
        })
    }

    /// The name of its resource: of a branch, the key in a manifest.
    pub fn name(&self) -> &'static str {
        self.resource
    }

    /// The document with this label of the same resource.
    #[must_use]
    pub fn labelled(&self, label: &str) -> Self {
        self.sharing(label.into())
    }

    /// The same, with the label of somebody else.
    #[must_use]
    pub fn sharing(&self, label: Arc<str>) -> Self {
        Self { label: Some(label), ..self.clone() }
    }

    /// The same document as one that is only looked up: others name it, or it names others. It is never compared,
    /// changed or saved.
    #[must_use]
    pub fn looked_up(&self) -> Self {
        Self { is_lookup: true, ..self.clone() }
    }

    /// The same document as one that is read for a plan of its own.
    #[must_use]
    pub fn read(&self) -> Self {
        Self { is_lookup: false, ..self.clone() }
    }

    /// Whether it is only looked up.
    pub fn is_looked_up(&self) -> bool {
        self.is_lookup
    }

    /// Its label; `None` if its resource has one document.
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// The document that it hangs on; `None` if it hangs on none.
    pub fn hangs_on(&self) -> Option<Self> {
        let (on, _) = self.resource.split_once('.')?;
        Some(Self { resource: on, ..self.clone() })
    }

    /// Its path in a manifest; `None` if it has no label.
    pub fn path(&self) -> Option<Path> {
        let (branch, key) = self.resource.split_once('.').unzip();
        let label = self.label.as_deref()?;
        Some(Path::members([branch.unwrap_or(self.resource), label].into_iter().chain(key)))
    }

    /// The list that says whether it exists; itself if its resource has one document.
    fn list(&self) -> Self {
        Self { label: None, ..self.clone() }
    }
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DocumentState<'a> {
    /// It was not read.
    Unread,
    /// The resource does not exist.
    Absent,
    /// The resource exists.
    Present(&'a Document),
}

/// A pool as the service described it at one moment, verbatim.
///
/// A document is unread, absent or present. An unread one has no entry, an absent one is `None`. Documents with labels
/// have a list: a document that has each label as a member. One that the list lacks is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot(BTreeMap<DocumentId, Option<Document>>);

/// The members of a document that does not exist or was not read.
static EMPTY: LazyLock<Document> = LazyLock::new(Document::default);

impl Snapshot {
    /// The member of the pool's document with its id.
    pub const ID: &str = "Id";
    /// The member of the pool's document with its name.
    pub const NAME: &str = "Name";

    /// The member of the pool's document with its ARN.
    pub const ARN: &str = "Arn";

    /// A snapshot of the pool document alone.
    pub fn of_pool(pool: impl Into<Document>) -> Self {
        Self::default().with(DocumentId::POOL, Some(pool.into()))
    }

    /// A snapshot of the pool's document and, unless it is `None`, the MFA document.
    pub fn new(pool: impl Into<Document>, mfa: Option<impl Into<Document>>) -> Self {
        Self::of_pool(pool).with_mfa(mfa)
    }

    /// This snapshot with a document; `None` if that is absent.
    #[must_use]
    pub fn with(mut self, id: DocumentId, document: Option<Document>) -> Self {
        self.put(id, document);
        self
    }

    /// Puts a document into it; `None` if that is absent.
    pub fn put(&mut self, id: DocumentId, document: Option<Document>) {
        self.0.insert(id, document);
    }

    /// This snapshot with the MFA document; unread if it is `None`.
    #[must_use]
    pub fn with_mfa(self, mfa: Option<impl Into<Document>>) -> Self {
        match mfa {
            Some(mfa) => self.with(DocumentId::MFA, Some(mfa.into())),
            None => self.without_mfa(),
        }
    }

    /// This snapshot as if the MFA document had not been read.
    #[must_use]
    pub fn without_mfa(mut self) -> Self {
        self.0.remove(&DocumentId::MFA);
        self
    }

    /// What is known of a document.
    pub fn state(&self, id: &DocumentId) -> DocumentState<'_> {
        match self.0.get(id) {
            None if self.is_unlisted(id) || self.hangs_on_nothing(id) => DocumentState::Absent,
            None => DocumentState::Unread,
            Some(None) => DocumentState::Absent,
            Some(Some(document)) => DocumentState::Present(document),
        }
    }

    /// What is known of a document that was read for a plan of its own, or else only looked up.
    pub fn looked_up(&self, id: &DocumentId) -> DocumentState<'_> {
        match self.state(id) {
            DocumentState::Unread => self.state(&id.looked_up()),
            state => state,
        }
    }

    /// This snapshot with what was only looked up in the place of what was not read.
    #[must_use]
    pub fn with_lookups(&self) -> Self {
        let mut all = self.clone();
        for (id, document) in self.0.iter().filter(|(id, _)| id.is_lookup) {
            let own = id.read();
            if all.state(&own) == DocumentState::Unread {
                all.put(own, document.clone());
            }
        }
        all
    }

    /// Whether the list of its resource, or one that was only looked up, has this document, and nothing removes it.
    pub fn lists(&self, id: &DocumentId) -> bool {
        let has = |list: &DocumentId| {
            self.document(list).is_some_and(|list| list.has(id.label.as_deref().unwrap_or_default()))
        };
        !matches!(self.looked_up(id), DocumentState::Absent)
            && (has(&id.list()) || has(&id.list().looked_up()))
    }

    /// Whether the list of its resource was read and lacks this document.
    fn is_unlisted(&self, id: &DocumentId) -> bool {
        let label = || id.label.as_deref().unwrap_or_default();
        id.label.is_some() && self.document(&id.list()).is_some_and(|list| !list.has(label()))
    }

    /// Whether the document that this one hangs on is absent.
    fn hangs_on_nothing(&self, id: &DocumentId) -> bool {
        id.hangs_on().is_some_and(|on| self.state(&on) == DocumentState::Absent)
    }

    /// A document with those that hang on it under their keys: `null` for one that is absent, and none for one that was
    /// not read. `None` if the document itself is absent or unread.
    pub fn whole(&self, id: &DocumentId) -> Option<Object> {
        let mut whole = self.document(id)?.to_object();
        for (key, hanging) in id.hung() {
            match self.state(&hanging) {
                DocumentState::Unread => {}
                DocumentState::Absent => drop(whole.insert(key.to_owned(), Json::Null)),
                DocumentState::Present(document) => {
                    whole.insert(key.to_owned(), Json::Object(document.to_object()));
                }
            }
        }
        Some(whole)
    }

    /// The key of a document in `whole`, as [`Self::whole`] returns it, that is neither an object nor `null`.
    pub fn misfit(id: &DocumentId, whole: &Object) -> Option<&'static str> {
        let is_misfit =
            |key: &&str| whole.get(*key).is_some_and(|value| !value.is_object() && !value.is_null());
        DocumentId::hanging(id.resource).map(|(key, _)| key).find(is_misfit)
    }

    /// This snapshot with a document and the documents on it, out of what [`Self::whole`] returns.
    #[must_use]
    pub fn with_whole(self, id: &DocumentId, mut whole: Object) -> Self {
        let mut all = self;
        for (key, hanging) in id.hung() {
            let Some(value) = whole.shift_remove(key) else { continue };
            let document = if let Json::Object(members) = value { Some(members.into()) } else { None };
            all.put(hanging, document);
        }
        all.with(id.clone(), Some(whole.into()))
    }

    /// The documents of a resource with labels that are present, each with its label.
    pub fn labelled<'s>(
        &'s self,
        list: &DocumentId,
    ) -> impl Iterator<Item = (&'s str, &'s Document)> + use<'s> {
        let (resource, is_lookup) = (list.resource, list.is_lookup);
        let first = DocumentId { resource, label: None, is_lookup: false };
        let of_resource = self.0.range(first..).take_while(move |(id, _)| id.resource == resource);
        let own = of_resource.filter(move |(id, _)| id.is_lookup == is_lookup);
        own.filter_map(|(id, document)| Some((id.label.as_deref()?, document.as_ref()?)))
    }

    /// A document; `None` if it is absent or unread.
    pub fn document(&self, id: &DocumentId) -> Option<&Document> {
        self.0.get(id)?.as_ref()
    }

    /// The documents without a label, and those with the label of this one; all documents if this one has no label. So
    /// the states before and after a thousand calls take little more memory than the documents.
    #[must_use]
    pub fn around(&self, id: &DocumentId) -> Self {
        if id.label.is_none() {
            return self.clone();
        }
        let lists = [DocumentId::POOL, DocumentId::MFA].into_iter().chain(DocumentId::BRANCHES);
        let is_there = |list: &DocumentId| {
            self.0.range(list..).next().is_some_and(|(first, _)| first.resource == list.resource)
        };
        let all = lists.chain(DocumentId::HANGING).filter(is_there);
        let near = all.flat_map(|list| [DocumentId { label: id.label.clone(), ..list.clone() }, list]);
        let near = near.flat_map(|id| [id.looked_up(), id]);
        Self(near.filter_map(|id| Some((id.clone(), self.0.get(&id)?.clone()))).collect())
    }

    /// A document to edit; one that is absent or unread is created without members.
    pub fn document_mut(&mut self, id: DocumentId) -> &mut Document {
        self.0.entry(id).or_default().get_or_insert_default()
    }

    /// The documents that were read, present or absent.
    pub fn documents(&self) -> impl Iterator<Item = (&DocumentId, Option<&Document>)> {
        self.0.iter().map(|(id, document)| (id, document.as_ref()))
    }

    /// The pool's document; without members if it is absent or unread.
    pub fn pool(&self) -> &Document {
        self.document(&DocumentId::POOL).unwrap_or(&EMPTY)
    }

    /// The pool's document to edit.
    pub fn pool_mut(&mut self) -> &mut Document {
        self.document_mut(DocumentId::POOL)
    }

    /// The MFA document; `None` if it is absent or unread.
    pub fn mfa(&self) -> Option<&Document> {
        self.document(&DocumentId::MFA)
    }

    /// The MFA document to edit; `None` if it is absent or unread.
    pub fn mfa_mut(&mut self) -> Option<&mut Document> {
        self.0.get_mut(&DocumentId::MFA)?.as_mut()
    }

    /// Both snapshots with the documents that were read in both. Only these can be compared.
    pub fn common(a: &Self, b: &Self) -> (Self, Self) {
        let read_in = |snapshot: &Self, other: &Self| {
            let is_read = |id: &DocumentId| !matches!(other.state(id), DocumentState::Unread);
            let states = snapshot.0.iter().filter(|(id, _)| is_read(id));
            Self(states.map(|(id, state)| (id.clone(), state.clone())).collect())
        };
        (read_in(a, b), read_in(b, a))
    }

    /// The id that the pool's document has.
    pub fn pool_id(&self) -> Option<&str> {
        self.pool().get(Self::ID)?.as_str()
    }

    /// The name that the pool's document has.
    pub fn pool_name(&self) -> Option<&str> {
        self.pool().get(Self::NAME)?.as_str()
    }

    /// A part of the pool's own ARN: 3 is the Region, 4 the account.
    pub fn arn_part(&self, position: usize) -> Option<&str> {
        self.pool().get(Self::ARN)?.as_str()?.split(':').nth(position)
    }

    /// The account that the pool's own ARN names.
    pub fn account(&self) -> Option<&str> {
        self.arn_part(4).filter(|account| !account.is_empty())
    }

    /// The snapshot without members that are `null` at the top of a document.
    ///
    /// AWS's JSON protocols read `null` as an absent member. Emulators and the dumps of some SDKs write it.
    pub fn without_nulls(&self) -> Cow<'_, Self> {
        let mut members = self.0.values().flatten().flat_map(Document::members);
        if !members.any(|(_, value)| value.is_null()) {
            return Cow::Borrowed(self);
        }
        let mut snapshot = self.clone();
        let documents = snapshot.0.values_mut().flatten();
        documents.for_each(|document| document.retain(|_, value| !value.is_null()));
        Cow::Owned(snapshot)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(value: Json) -> Document {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn an_unread_an_absent_and_an_empty_document_are_three_things() {
        let unread = Snapshot::of_pool(document(json!({})));
        let absent = unread.clone().with(DocumentId::MFA, None);
        let empty = unread.clone().with_mfa(Some(Document::default()));
        assert_eq!(unread.state(&DocumentId::MFA), DocumentState::Unread);
        assert_eq!(absent.state(&DocumentId::MFA), DocumentState::Absent);
        assert_eq!(empty.state(&DocumentId::MFA), DocumentState::Present(&Document::default()));
        assert!(unread != absent && absent != empty && empty != unread);
        assert_eq!((unread.mfa(), absent.mfa()), (None, None));
    }

    #[test]
    fn only_documents_that_both_have_read_are_compared() {
        let pool = document(json!({"Name": "a"}));
        let both = Snapshot::new(pool.clone(), Some(document(json!({"MfaConfiguration": "ON"}))));
        let one = Snapshot::of_pool(pool.clone());
        assert_eq!(Snapshot::common(&both, &one), (one.clone(), one.clone()));
        let gone = one.clone().with(DocumentId::MFA, None);
        assert_eq!(Snapshot::common(&both, &gone), (both, gone), "absence was read");
    }

    #[test]
    fn a_document_is_saved_with_those_that_hang_on_it() {
        let web = DocumentId::CLIENTS.labelled("web");
        let [sessions, branding] =
            [DocumentId::CLIENT_SESSIONS, DocumentId::BRANDING].map(|id| id.labelled("web"));
        let client = document(json!({"ClientId": "1"}));
        let snapshot = Snapshot::default().with(web.clone(), Some(client)).with(branding.clone(), None);
        assert_eq!(snapshot.state(&sessions), DocumentState::Unread);
        let whole = snapshot.whole(&web).unwrap();
        assert_eq!(Json::Object(whole.clone()), json!({"ClientId": "1", "branding": null}));
        assert_eq!(Snapshot::default().with_whole(&web, whole), snapshot);
        let gone = Snapshot::default().with(web, None);
        assert_eq!(gone.state(&branding), DocumentState::Absent, "nothing hangs on what is absent");
    }

    #[test]
    fn what_a_list_lacks_is_absent_and_what_it_has_may_be_unread() {
        let admins = DocumentId::GROUPS.labelled("admins");
        let unlisted = Snapshot::of_pool(document(json!({})));
        let list = |labels: Json| unlisted.clone().with(DocumentId::GROUPS, Some(document(labels)));
        assert_eq!(unlisted.state(&admins), DocumentState::Unread);
        assert_eq!(list(json!({})).state(&admins), DocumentState::Absent);
        assert_eq!(list(json!({"admins": {}})).state(&admins), DocumentState::Unread);
        let group = document(json!({"Precedence": 1}));
        let present = list(json!({"admins": {}})).with(admins.clone(), Some(group.clone()));
        assert_eq!(present.state(&admins), DocumentState::Present(&group));
        let (a, b) = Snapshot::common(&present, &list(json!({})));
        assert_eq!((a.document(&admins), b.document(&admins)), (Some(&group), None), "its absence was read");
        let (a, _) = Snapshot::common(&present, &unlisted);
        assert_eq!(a.document(&admins), None, "it was not read");
    }
}
