//! What is known of the documents that live in a pool: one resource each.

use super::calls::{Call, POOL_ID};
use super::listing::Listing;
use super::table::{Alias, Row};
use super::{is_top, path};
use crate::document::{Document, DocumentId, Json, Object, Path, Seg, Snapshot, json};

/// The mode of MFA: the pool's document and the MFA document both have it.
pub const MFA_MODE: &str = "MfaConfiguration";

/// A resource of the service: a document with calls of its own. All paths here are paths in that document.
#[derive(Debug)]
pub struct Resource {
    /// Its document.
    pub document: DocumentId,
    /// The call that reads it. It may be the one that lists, if that has whole documents.
    pub read: &'static Call,
    /// The resource on whose documents its own hang: each of those has one of them at most, with the same label.
    pub hangs_on: Option<&'static Resource>,
    /// How a list of its documents is read; `None` if each pool has one document, or if they hang on others.
    pub listing: Option<&'static Listing>,
    /// The member of the read's answer that has the document; `None` if the answer is the document.
    pub answer: Option<&'static str>,
    /// The call that replaces it.
    pub update: &'static Call,
    /// The call that makes it; `None` if it comes with the pool.
    pub create: Option<&'static Call>,
    /// The call that removes it; `None` if it goes with the pool.
    pub remove: Option<&'static Call>,
    /// What the update sends.
    pub sends: Sends,
    /// The members of requests that say which document is meant. All but the pool's id are members of the document.
    pub address: &'static [&'static str],
    /// Members of its address that have one value each in all its documents.
    pub constants: &'static [(&'static str, &'static str)],
    /// What a new document has unless it is declared: the request that makes it needs these members.
    pub initial: &'static [(&'static str, &'static str)],
    /// The read-only member that identifies it.
    pub identity: Option<&'static str>,
    /// The members that every read has: no call removes them.
    pub lasting: &'static [&'static str],
    /// The key of the canonical form, and of a manifest, that has its members; `None` if they stand at the top, beside
    /// the pool's. Of a resource that hangs on another, the key in each document of that.
    pub branch: Option<&'static str>,
    /// Where the canonical form has what is no setting of it: members that the model does not know, and copies
    /// that contradict the pool. `None` if they stand at the top.
    pub apart: Option<&'static str>,
    /// Members that reads and requests call by different names: `(read, request)`. The setting has the request's.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Members that another call than [`Self::update`] changes.
    pub apart_calls: &'static [(&'static str, &'static Call)],
    /// Members that no call changes.
    pub fixed: &'static [&'static str],
    /// What is known of its settings.
    pub rows: &'static [Row],
    /// Pairs of members with the same meaning.
    pub aliases: &'static [Alias],
    /// Adds what a request cannot do without to its body, from the documents that it leads to and its own among them, and
    /// removes members that the service refuses together with them.
    pub complete: fn(&Snapshot, Option<&Document>, &mut Document),
    /// Turns a document as it was answered into the one that is kept: what must not be kept goes, and what other
    /// members say of a setting is put there.
    pub observe: fn(&mut Object),
    /// Members that the service sets by itself: they are not kept, compared or sent.
    pub derived: &'static [Derived],
    /// Members that go where another one comes, because the service refuses both or has taken the old one from it.
    pub replaced: &'static [Replaced],
    /// Members that no read has and without which some documents cannot be sent.
    pub needed: &'static [Needed],
    /// How a read says that nothing is set.
    pub nothing: UnsetAnswer,
    /// The setting of the pool, and its value, with which every read says that nothing is set. The absence of the setting
    /// means the same.
    pub unset_while: Option<(&'static str, &'static str)>,
    /// Whether a read that finds none answers with the pool's, which does not name the document that was asked for. A
    /// document may then lack all members.
    pub inherits: bool,
    /// The values that say that the service is not done with a document.
    pub progress: &'static [Unsettled],
    /// The member and the value that switch off what calls about other documents need: it then changes after them.
    pub off: Option<(&'static str, &'static str)>,
    /// What a request leaves out that a read has and the service refuses.
    pub repairs: &'static [Repair],
    /// Whether a member that the model does not know may be a secret. Its value is then never shown.
    pub guards_unknown: bool,
    /// The members of a document that other tools need. None is a secret.
    pub outputs: &'static [&'static str],
    /// The documents that another service owns and that are never changed: a member, how its value begins, and the owner.
    pub owned: &'static [(&'static str, &'static str, &'static str)],
    /// Who makes a document that the pool's owner may do without, from the pool's id and the document. It is unmanaged,
    /// and does not count as drift, unless a manifest declares it.
    pub maker: fn(&str, &Object) -> Option<&'static str>,
}

/// A member that a request leaves out because of another one.
#[derive(Debug)]
pub struct Repair {
    /// The member that is left out.
    pub drops: &'static str,
    /// The other member.
    pub beside: &'static str,
    /// Whether that is present, or absent.
    pub is: bool,
}

/// Members that the service sets by itself in some documents.
#[derive(Debug)]
pub struct Derived {
    /// The member that tells which documents, and its values there.
    pub of: (&'static str, &'static [&'static str]),
    /// The structure or map that has the members.
    pub within: &'static str,
    /// The members.
    pub members: &'static [&'static str],
}

/// A member that goes where another one comes or changes, unless the manifest declares it.
#[derive(Clone, Copy, Debug)]
pub struct Replaced {
    /// The member that goes.
    pub drops: &'static str,
    /// The other member.
    pub by: &'static str,
}

/// A member that no read has and that a request needs.
#[derive(Debug)]
pub struct Needed {
    /// The member that tells which documents, and its value there; any value if that is `None`.
    pub of: (&'static str, Option<&'static str>),
    /// The member that is needed wherever the member at the top of its path is sent; where requests have whole documents,
    /// in each of them.
    pub member: &'static str,
    /// How to declare it, in words that can follow "for example as".
    pub example: &'static str,
}

/// How a read says that nothing is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsetAnswer {
    /// Every document has members.
    Never,
    /// By a document without members.
    Empty,
    /// By this exception.
    Exception(&'static str),
}

/// A value by which a document says that the service is not done with it, or has failed.
#[derive(Debug)]
pub struct Unsettled {
    /// The read-only member, and its value.
    pub shows: (&'static str, &'static str),
    /// Whether the service refuses writes meanwhile; otherwise it has failed.
    pub is_busy: bool,
    /// What that means, as a clause after the document's path.
    pub text: &'static str,
    /// What to do.
    pub help: &'static str,
}

/// What the update of a resource sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    /// The whole document: what it leaves out may fall to a default.
    Whole,
    /// The members at the top that change: the service keeps what it leaves out.
    Changed,
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}

impl Eq for Resource {}

impl Resource {
    /// A resource that is addressed by its pool alone, without special members.
    pub(super) const IN_POOL: Self = Self {
        document: DocumentId::POOL,
        read: &super::calls::DESCRIBE_USER_POOL,
        hangs_on: None,
        listing: None,
        answer: None,
        update: &super::calls::UPDATE_USER_POOL,
        create: None,
        remove: None,
        sends: Sends::Whole,
        address: &[POOL_ID],
        constants: &[],
        initial: &[],
        identity: None,
        lasting: &[],
        branch: None,
        apart: None,
        renamed: &[],
        apart_calls: &[],
        fixed: &[],
        rows: &[],
        aliases: &[],
        complete: |_, _, _| {},
        observe: |_| {},
        derived: &[],
        replaced: &[],
        needed: &[],
        nothing: UnsetAnswer::Never,
        unset_while: None,
        inherits: false,
        progress: &[],
        off: None,
        repairs: &[],
        guards_unknown: false,
        outputs: &[],
        owned: &[],
        maker: |_, _| None,
    };

    /// The name that reads use for the setting `name`.
    pub fn read_name<'a>(&self, name: &'a str) -> &'a str {
        self.renamed.iter().find(|(_, setting)| *setting == name).map_or(name, |(read, _)| read)
    }

    /// The setting's name for the member that reads call `name`.
    pub(super) fn setting_name<'a>(&self, name: &'a str) -> &'a str {
        self.renamed.iter().find(|(read, _)| *read == name).map_or(name, |(_, setting)| setting)
    }

    /// Whether a canonical path that begins with this name goes into its document.
    pub(super) fn is_named(&self, head: &str) -> bool {
        self.hangs_on.is_none() && self.branch.or(self.apart) == Some(head)
    }

    /// The command of the AWS CLI that prints the document of the pool `id`, without `aws cognito-idp`.
    pub fn read_command(&self, id: &str) -> String {
        let command = self.read.command();
        format!("{} --user-pool-id {id}", command.trim_start_matches("aws cognito-idp "))
    }

    /// What a document of a branch lacks, if it has none of the members that rows are about: it could not be distinguished
    /// from one that somebody has emptied. `None` if it has one, or if its members stand at the top.
    pub fn lacks(&self, document: &Object) -> Option<String> {
        let members: Vec<&str> = self.rows.iter().map(|row| row.path).filter(|path| is_top(path)).collect();
        let is_one = self.branch.is_some() && self.listing.is_none() && self.nothing == UnsetAnswer::Never;
        let lacks_all = is_one && !members.iter().any(|name| document.contains_key(*name));
        let named = || members.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
        lacks_all.then(named)
    }

    /// Whether every read says that nothing is set, because of a setting of this pool.
    pub fn is_unset_in(&self, pool: &Document) -> bool {
        self.unset_while.is_some_and(|(setting, value)| {
            pool.at(path(setting)).is_none_or(|found| found.as_str() == Some(value))
        })
    }

    /// The canonical path of its document; of a resource with labels, of all of them. Of a resource that hangs on
    /// another, the path of all documents of that.
    pub fn root(&self) -> Path {
        let branch = self.hangs_on.map_or(self.branch, |on| on.branch);
        branch.map_or_else(Path::root, |branch| Path::members([branch]))
    }

    /// The canonical path of one of its documents.
    pub fn root_of(&self, document: &DocumentId) -> Path {
        let labelled = document.label().map_or_else(|| self.root(), |label| self.root().member(label));
        match self.branch.filter(|_| self.hangs_on.is_some()) {
            Some(key) => labelled.member(key),
            None => labelled,
        }
    }

    /// The path of its rows as the tables write it: any label is `*`.
    pub fn pattern(&self) -> String {
        let label = if self.listing.is_some() { ".*" } else { "" };
        let own = self.branch.map_or_else(String::new, |branch| format!("{branch}{label}"));
        self.hangs_on.map_or_else(|| own.clone(), |on| format!("{}.{own}", on.pattern()))
    }

    /// What one of its documents is called; `None` if its members stand beside the pool's.
    pub fn noun(&self) -> Option<&'static str> {
        self.listing.map(|listing| listing.one).or(self.branch)
    }

    /// Whether its documents have labels.
    pub fn has_labels(&self) -> bool {
        self.listing.is_some() || self.hangs_on.is_some()
    }

    /// Whether a canonical path is of its documents, or of all that it has.
    pub fn holds(&self, path: &Path) -> bool {
        match self.hangs_on {
            None => path.is_within(&self.root()),
            Some(on) => on.hanging_at(path) == Some(self),
        }
    }

    /// The resources with documents of their own: what hangs on a document of another is read and saved with that.
    pub fn alone() -> impl Iterator<Item = &'static Resource> {
        super::RESOURCES.into_iter().filter(|resource| resource.hangs_on.is_none())
    }

    /// The resource whose documents applications may have made by themselves, and its list.
    pub fn of_registered() -> Option<(&'static Resource, &'static Listing)> {
        let mut listed = Self::alone().filter_map(|resource| Some((resource, resource.listing?)));
        listed.find(|(_, listing)| listing.registered.is_some())
    }

    /// The resources whose documents hang on documents of this resource.
    pub fn hanging(&self) -> impl Iterator<Item = &'static Resource> {
        super::RESOURCES.into_iter().filter(move |resource| resource.hangs_on == Some(self))
    }

    /// The resource of the document that hangs on one of these and has what a canonical path names.
    pub(super) fn hanging_at(&self, path: &Path) -> Option<&'static Resource> {
        let [_, Seg::Member(_), Seg::Member(key), ..] = path.segs() else { return None };
        // The keys of the service begin with a capital.
        let key = key.starts_with(|first: char| first.is_ascii_lowercase()).then_some(&**key)?;
        self.hanging().find(|resource| resource.branch == Some(key))
    }

    /// The member that is the label of a document, if the service knows it by that.
    pub fn natural_key(&self) -> Option<&'static str> {
        self.listing.filter(|listing| listing.name.is_none()).map(|listing| listing.key)
    }

    /// The id that the service chose for a document, from the answer of the call that made it; `None` if the answer has
    /// none, or if requests name the document by its label.
    pub fn chosen_id(&self, answer: &Object) -> Option<String> {
        let key = match self.listing {
            Some(listing) => listing.name.map(|_| listing.key),
            None => self.identity,
        }?;
        let document = match self.answer {
            Some(within) => answer.get(within)?.as_object()?,
            None => answer,
        };
        document.get(key)?.as_str().map(str::to_owned)
    }

    /// Whether its list has whole documents, so that none is read by itself.
    pub fn is_listed_whole(&self) -> bool {
        self.listing.is_some_and(|listing| listing.call == self.read)
    }

    /// Its documents in a snapshot: the one that each pool has, or those with labels that are present.
    pub fn documents_in(&self, live: &Snapshot) -> Vec<DocumentId> {
        match self.has_labels() {
            false => vec![self.document.clone()],
            true => live.labelled(&self.document).map(|(label, _)| self.document.labelled(label)).collect(),
        }
    }

    /// The calls that read its documents.
    pub fn reads(&self) -> impl Iterator<Item = &'static Call> {
        let list = self.listing.map(|listing| listing.call).filter(|list| *list != self.read);
        [Some(self.read), list].into_iter().flatten()
    }

    /// The calls that change one of its documents: update, create, remove.
    pub fn writes(&self) -> impl Iterator<Item = &'static Call> {
        [Some(self.update), self.create, self.remove].into_iter().flatten()
    }

    /// What a request has at a member of its address: the pool's id, a constant, the label that the service knows, or
    /// the id that the service gave the document or the one that it hangs on; `None` if it has given none yet.
    pub(super) fn addressed(
        &self,
        name: &str,
        pool: &str,
        id: &DocumentId,
        documents: [Option<&Document>; 2],
    ) -> Option<Json> {
        let constant = self.constants.iter().find(|(constant, _)| *constant == name);
        match self.natural_key() {
            _ if name == POOL_ID => Some(Json::from(pool)),
            _ if constant.is_some() => constant.map(|(_, value)| Json::from(*value)),
            Some(_) => id.label().map(Json::from),
            None => documents.into_iter().flatten().find_map(|document| document.get(name)).cloned(),
        }
    }

    /// The document of an answer as it is kept.
    pub fn observed(&self, mut answer: Object) -> Document {
        (self.observe)(&mut answer);
        for (within, name) in self.derived_of(|member| answer.get(member)?.as_str()) {
            json::remove(&mut answer, &path(within).member(name));
        }
        answer.into()
    }

    /// The members that the service sets by itself, each in its structure, of a document whose members have these texts.
    pub fn derived_of<'t>(
        &self,
        text: impl Fn(&str) -> Option<&'t str>,
    ) -> Vec<(&'static str, &'static str)> {
        let is_its = |derived: &&Derived| {
            let (member, values) = derived.of;
            text(member).is_some_and(|value| values.contains(&value))
        };
        let derived = self.derived.iter().filter(is_its);
        derived.flat_map(|derived| derived.members.iter().map(|name| (derived.within, *name))).collect()
    }

    /// Takes out of a body what the service refuses beside other members, where `drops` of its path is true.
    pub fn repair(&self, body: &mut Document, drops: &dyn Fn(&'static str) -> bool) {
        for Repair { drops: member, beside, is } in self.repairs {
            if drops(member) && body.at(path(beside)).is_some() == *is {
                body.remove(path(member));
            }
        }
    }

    /// The members of a document that mean nothing without another one that it lacks, each with that. Requests cannot
    /// carry them.
    pub fn lonely(&self, document: &Document) -> impl Iterator<Item = (&'static Path, &'static str)> {
        let is_lonely = |repair: &&Repair| {
            !repair.is
                && document.at(path(repair.beside)).is_none()
                && document.at(path(repair.drops)).is_some()
        };
        self.repairs.iter().filter(is_lonely).map(|repair| (path(repair.drops), repair.beside))
    }

    /// Whether requests leave out the member at this path of a document, because of another one.
    pub fn leaves_out(&self, document: &Document, at: &Path) -> bool {
        let drops = |repair: &&Repair| {
            at.is_within(path(repair.drops)) && document.at(path(repair.beside)).is_some() == repair.is
        };
        self.repairs.iter().any(|repair| drops(&repair))
    }

    /// The members that go where others come: also those that the service derives from the others.
    pub fn replacements(&self) -> impl Iterator<Item = Replaced> {
        let followers =
            self.rows.iter().filter_map(|row| Some(Replaced { drops: row.path, by: row.follows? }));
        self.replaced.iter().copied().chain(followers)
    }

    /// The rows of members that no read has, within others.
    pub fn hidden_within(&self) -> impl Iterator<Item = &'static Row> {
        self.rows.iter().filter(|row| row.hidden && row.path.contains('.'))
    }

    /// What a document shows of work that the service is not done with.
    pub fn progress_of(&self, document: &Document) -> Option<&'static Unsettled> {
        self.progress.iter().find(|Unsettled { shows: (member, value), .. }| {
            document.get(member).and_then(Json::as_str) == Some(*value)
        })
    }

    /// The owner of a document with these members, if it is not the pool's owner.
    pub fn owner<'d>(&self, member: impl Fn(&str) -> Option<&'d Json>) -> Option<&'static str> {
        let begins = |(name, start, _): &&(&str, &str, &str)| {
            member(name).and_then(Json::as_str).is_some_and(|value| value.starts_with(start))
        };
        self.owned.iter().find(begins).map(|(.., owner)| *owner)
    }

    /// Whether a document registered itself.
    pub fn is_registered(&self, pool: &Snapshot, id: &DocumentId) -> bool {
        let value = self.listing.and_then(|listing| Some((listing.filter?.0, listing.registered?)));
        value.is_some_and(|(name, value)| {
            pool.document(id).and_then(|document| document.get(name)).is_some_and(|own| *own == value)
        })
    }

    /// A path of the read's as requests have it.
    pub(super) fn in_requests(&self, path: &Path) -> Path {
        match path.segs() {
            [Seg::Member(head), rest @ ..] => Path::members([self.setting_name(head)]).extended(rest),
            _ => path.clone(),
        }
    }

    /// Whether a document has the member `name` under the name of the reads too, which counts. Some emulators return
    /// `PoolName` as well as `Name`.
    pub(super) fn is_shadowed(&self, document: &Document, name: &str) -> bool {
        self.read_name(name) != name && document.has(self.read_name(name))
    }

    /// The call that changes the member `name`, by its name in requests; `None` if no call does.
    pub(super) fn writer(&self, name: &str) -> Option<&'static Call> {
        let apart = self.apart_calls.iter().find(|(member, _)| *member == name).map(|(_, call)| *call);
        (!self.fixed.contains(&name)).then(|| apart.unwrap_or(self.update))
    }
}
