//! The walk over a pool's settings: each into the manifest, past the checks, or out of it.

use super::{ImportOptions, Note, Template, accept, copy, text};
use crate::catalogue::{Alias, Catalogue, Compare, Field, MFA_DOCUMENT, Sent, sounds_secret};
use crate::document::{Document, Json, Object, Path, PathPattern, Seg, Snapshot, bytes, image_kind, json};
use crate::manifest::write::{CommentedEntry, Yaml, setting_key};
use crate::shapes::ShapeKind;

/// The comment above a setting of a copy that names another resource.
const COPIED: &str = "The copied pool uses these ARNs: put others in their place, or delete a line.";

/// The comment above a setting that names another resource.
const OWNED: &str = "Other stacks may own these ARNs: delete a line to leave it unmanaged.";

/// The walk over one pool.
pub(super) struct Importer<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) options: &'a ImportOptions,
    live: &'a Snapshot,
    /// The pool's own Region.
    region: &'a str,
    /// Whether each value is checked.
    checks: bool,
    taken: Taken,
}

/// What the walk comes to.
#[derive(Default)]
pub(super) struct Taken {
    /// The content of `settings`.
    pub(super) settings: Vec<CommentedEntry>,
    /// The content of `passthrough`.
    pub(super) passthrough: Object,
    pub(super) templates: Vec<Template>,
    pub(super) notes: Vec<Note>,
}

/// What became of the members of a structure.
#[derive(Default)]
struct Members {
    entries: Vec<CommentedEntry>,
    /// Defaults that stand there only beside others, each with the number of entries before it.
    spare: Vec<(usize, CommentedEntry)>,
    /// Whether one was left out that is no default.
    partial: bool,
    /// Whether one names another resource.
    owned: bool,
    /// The names of secret settings.
    secret: Vec<String>,
}

impl<'a> Importer<'a> {
    pub(super) fn new(
        catalogue: &'a Catalogue,
        options: &'a ImportOptions,
        (live, region): (&'a Snapshot, &'a str),
        checks: bool,
    ) -> Self {
        Self { catalogue, options, live, region, checks, taken: Taken::default() }
    }

    /// Takes a pool over, its settings in the API's order.
    pub(super) fn take(mut self, canonical: &Document) -> Taken {
        let mut all = Members::default();
        let branches = Catalogue::branches().map(str::to_owned);
        let names: Vec<String> = self.catalogue.settings().map(str::to_owned).chain(branches).collect();
        for name in &names {
            if let Some(value) = canonical.get(name) {
                self.member(&Path::members([name.as_str()]), value, &mut all);
            }
        }
        self.taken.settings = all.entries;
        self.unknown(canonical);
        self.taken
    }

    /// Passes on what the model does not know at the top of either document.
    fn unknown(&mut self, canonical: &Document) {
        let of_mfa = canonical.get(MFA_DOCUMENT).and_then(Json::as_object);
        let new =
            |name: &str| name != MFA_DOCUMENT && self.catalogue.member(&Path::members([name])).is_none();
        let apart = of_mfa.into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        let members: Vec<(&str, &Json)> =
            canonical.members().chain(apart).filter(|(name, _)| new(name)).collect();
        for (name, value) in members {
            let at = Path::members([name]);
            match canonical.has(name) && of_mfa.is_some_and(|mfa| mfa.contains_key(name)) {
                true => self.leave(&at, "both documents have a member of this name"),
                false => self.pass(&at, value, None),
            }
        }
    }

    /// Takes one member over, wherever it belongs.
    fn member(&mut self, at: &Path, value: &Json, around: &mut Members) {
        let Some(field) = self.catalogue.setting(at) else {
            around.partial = true;
            return self.pass(at, value, None);
        };
        let name = match at.segs().last() {
            Some(Seg::Member(name)) => setting_key(name),
            _ => return,
        };
        match (field.shape.kind, value) {
            (_, Json::Object(members)) if field.row.is_some_and(|row| row.document) => {
                self.document(at, &field, members, around);
            }
            (ShapeKind::Structure | ShapeKind::Map, Json::Object(members)) => {
                let inner = self.members(at, &field, members);
                around.owned |= inner.owned;
                let entry = match inner.entries.is_empty() {
                    false => Some(Yaml::Mapping(inner.entries)),
                    true if inner.partial => None,
                    true => self.empty(at, &field, value),
                };
                around.partial |= inner.partial;
                if let Some(value) = entry {
                    let mut entry = CommentedEntry::new(name, value);
                    if inner.owned && at.segs().len() == 1 {
                        entry = entry.above(if self.options.as_new { COPIED } else { OWNED });
                    }
                    around.entries.push(without_secrets(entry, &inner.secret));
                }
            }
            _ => match self.leaf(at, &field, value) {
                Leaf::Taken(value) => {
                    around.owned |= field.names_a_resource();
                    around.entries.push(CommentedEntry::new(name, value));
                }
                Leaf::Default => {}
                Leaf::Spare(value) => {
                    around.spare.push((around.entries.len(), CommentedEntry::new(name, value)))
                }
                Leaf::Left => around.partial = true,
                Leaf::Secret => {
                    around.partial = true;
                    around.secret.push(name);
                }
            },
        }
    }

    /// Takes a document with a label over. It has an entry whatever its settings are.
    fn document(&mut self, at: &Path, field: &Field<'_>, members: &Object, around: &mut Members) {
        let Some(Seg::Member(label)) = at.segs().last().filter(|_| self.is_chosen(at)) else {
            around.partial = true;
            return;
        };
        if self.options.as_new && copy::is_taken_by_one(self.catalogue.resource(at)) {
            around.partial = true;
            return self.note(at, "was not copied: another pool cannot have it at the same time", true);
        }
        let maker = self.catalogue.maker(self.live, at);
        let is_named =
            self.options.only.iter().any(|path| path.exact().is_some_and(|path| path.is_within(at)));
        if let Some(maker) = maker.filter(|_| !is_named) {
            around.partial = true;
            return self.note(at, &format!("belongs to {maker}, and was not imported"), false);
        }
        if let Err(why) = self.accept(at, &Yaml::Mapping(Vec::new())) {
            around.partial = true;
            return self.leave(at, &why);
        }
        let own = members.iter().filter(|(name, _)| self.catalogue.identified(&at.member(name)).is_none());
        let mut own: Document = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        if self.options.as_new {
            copy::add_needed(self.catalogue.resource(at), &mut own);
        }
        // No request has them, so no manifest needs them.
        self.catalogue.resource(at).repair(&mut own, &|_| true);
        let inner = self.members(at, field, &own.to_object());
        around.owned |= inner.owned;
        let entries = self.id(at).into_iter().chain(inner.entries).collect();
        let entry = CommentedEntry::new(label.to_string(), Yaml::Mapping(entries));
        around.entries.push(without_secrets(entry, &inner.secret));
    }

    /// The id of the document at `at`, if its label is not the service's name for it.
    fn id(&self, at: &Path) -> Option<CommentedEntry> {
        if self.options.as_new {
            return None;
        }
        let place = self.catalogue.locate(at);
        let listing = place.resource.listing.filter(|_| place.resource.natural_key().is_none())?;
        let id =
            self.live.document(&place.document).and_then(|document: &Document| document.get(listing.key));
        Some(CommentedEntry::new("id", id?.as_str()?))
    }

    /// The members of a structure in the model's order; the members of a map in the pool's order.
    fn members(&mut self, at: &Path, field: &Field<'_>, members: &Object) -> Members {
        let place = |name: &str| field.shape.members.iter().position(|(known, _)| *known == name);
        let mut sorted: Vec<(&String, &Json)> = members.iter().collect();
        sorted.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
        let mut taken = Members::default();
        for (name, value) in sorted {
            self.member(&at.member(name), value, &mut taken);
        }
        // Where presence alone says something, any member says that.
        if !taken.entries.is_empty() || field.row.is_some_and(|row| row.presence) {
            for (position, entry) in taken.spare.drain(..).rev() {
                taken.entries.insert(position, entry);
            }
        }
        taken
    }

    /// `{}`, where presence itself means something.
    fn empty(&mut self, at: &Path, field: &Field<'_>, live: &Json) -> Option<Yaml> {
        let is_default = self.catalogue.is_default(at, live);
        if !self.is_chosen(at) || is_default && !self.options.full {
            return None;
        }
        let empty = Yaml::Mapping(Vec::new());
        if field.row.is_some_and(|row| row.empty.is_some()) && self.accept(at, &empty).is_ok() {
            return Some(empty);
        }
        if !is_default {
            self.leave(at, "a manifest cannot express it: only its presence has a meaning");
        }
        None
    }

    fn leaf(&mut self, at: &Path, field: &Field<'_>, value: &Json) -> Leaf {
        if value.is_null() {
            return Leaf::Default;
        }
        if let Some(current) = self.current_home(at) {
            return self.older_home(at, current, value);
        }
        let is_given = self.options.as_new && self.catalogue.differs_when_new(at, value);
        if !self.options.full && !is_given && self.catalogue.is_filled_in(at, value, self.region) {
            return self.spare(at, value).map_or(Leaf::Default, Leaf::Spare);
        }
        if !self.is_chosen(at) {
            return Leaf::Left;
        }
        if field.is_sensitive() {
            if self.options.as_new {
                let name = copy::secret_of(at);
                let text = format!("is a secret: before the pool is made, set POOLCTL_SECRET_{name}");
                self.note(at, &text, false);
                return Leaf::Taken(Yaml::Scalar(Json::from(format!("${{secret:{name}}}"))));
            }
            self.note(at, "is a secret, and was not imported: the pool keeps it", false);
            return Leaf::Secret;
        }
        if field.row.is_some_and(|row| row.shown_by.is_some()) {
            self.note(at, "cannot be read, so it was not imported: the pool keeps it", false);
            return Leaf::Left;
        }
        let yaml = match (field.compare(), value) {
            (Compare::Attributes, Json::Array(live)) => {
                return self.attributes(at, live).map_or(Leaf::Left, Leaf::Taken);
            }
            (_, Json::Array(elements)) => {
                Yaml::Sequence(elements.iter().map(|one| self.element(at, one)).collect())
            }
            _ => Yaml::setting(value),
        };
        match self.accept(at, &yaml) {
            Ok(()) => Leaf::Taken(self.template(at, value).unwrap_or_else(|| self.images(at, yaml))),
            // A default is not refused.
            Err(_) if self.catalogue.is_default(at, value) => Leaf::Default,
            Err(why) => {
                self.pass(at, value, Some(&why));
                Leaf::Left
            }
        }
    }

    /// The setting that has taken the place of the one at `at`, where a request never carries both.
    fn current_home(&self, at: &Path) -> Option<&'static Path> {
        let replaced = self.catalogue.aliases().iter().filter(|alias| alias.send == Sent::Truth);
        replaced.map(Alias::paths).find(|(legacy, _)| *legacy == at).map(|(_, current)| current)
    }

    /// What becomes of a value in the older home of a setting, where the pool has it nowhere else: a manifest
    /// that declares it there is warned of it.
    fn older_home(&mut self, at: &Path, current: &Path, value: &Json) -> Leaf {
        if self.catalogue.is_default(current, value) {
            return Leaf::Default;
        }
        self.leave(at, &format!("declare `{current}`, which replaces it"));
        Leaf::Left
    }

    /// A default that is written if the structure around it is: a password policy with four of its six rules looks
    /// complete, and drift would show a change of the others as unmanaged.
    fn spare(&self, at: &Path, value: &Json) -> Option<Yaml> {
        let is_scalar = !value.is_array() && !value.is_object();
        let stands = is_scalar && self.catalogue.is_watched(at) && self.is_chosen(at);
        Some(Yaml::setting(value)).filter(|yaml| stands && self.accept(at, yaml).is_ok())
    }

    /// Whether the checks accept a value, or are skipped; else their message.
    pub(super) fn accept(&self, at: &Path, value: &Yaml) -> Result<(), String> {
        match self.checks {
            true => accept::accept(self.catalogue, accept::declaring(at, value.clone()), Vec::new()),
            false => Ok(()),
        }
    }

    /// An element of a list, without members that the model does not know: these are sent back unchanged.
    fn element(&self, list: &Path, element: &Json) -> Yaml {
        match element {
            Json::Object(members) => {
                Yaml::setting(&Json::Object(self.known_members(&list.join(Seg::Index(0)), members)))
            }
            other => Yaml::setting(other),
        }
    }

    /// A reference to the file that a long text is moved to.
    fn template(&mut self, at: &Path, value: &Json) -> Option<Yaml> {
        let folder = self.options.templates.as_deref()?;
        let long = value.as_str().filter(|value| text::is_long(value))?;
        let name = Some(at.to_string()).filter(|name| text::is_file_name(name))?;
        let file = format!("{folder}/{name}.{}", text::extension(long));
        Some(self.moved(Template { file, content: long.into(), is_base64: false }))
    }

    /// The reference to a file, for the manifest.
    fn moved(&mut self, template: Template) -> Yaml {
        let reference = template.reference();
        self.taken.templates.push(template);
        reference
    }

    /// The list with references to the files that the bytes of its elements are moved to.
    fn images(&mut self, list: &Path, yaml: Yaml) -> Yaml {
        let Some(folder) = self.options.templates.clone() else { return yaml };
        let Yaml::Sequence(mut elements) = yaml else { return yaml };
        let first = list.join(Seg::Index(0));
        let keys =
            self.catalogue.setting(list).and_then(|field| field.row).map_or(&[][..], |row| row.only_added);
        for element in &mut elements {
            let Yaml::Mapping(members) = element else { continue };
            let key = |key: &&str| members.iter().find(|member| member.key == **key)?.value.setting_text();
            let place: Vec<String> = keys.iter().filter_map(key).collect();
            for member in members {
                let is_blob = |field: Field<'_>| field.shape.kind == ShapeKind::Blob;
                if !self.catalogue.setting(&first.member(&member.key)).is_some_and(is_blob) {
                    continue;
                }
                let content = member.value.setting_text().and_then(|text| bytes::decode(&text));
                let name = [vec![list.to_string()], place.clone()].concat().join(".");
                let Some(content) = content.filter(|_| text::is_file_name(&name)) else { continue };
                let kind = image_kind(&content).unwrap_or("bin").to_lowercase();
                let file = format!("{folder}/{name}.{kind}");
                if self.taken.templates.iter().all(|other| other.file != file) {
                    member.value = self.moved(Template { file, content, is_base64: true });
                }
            }
        }
        Yaml::Sequence(elements)
    }

    /// Puts a value where hardly anything is checked: one that the model does not know, or that the checks
    /// refuse.
    fn pass(&mut self, at: &Path, value: &Json, why: Option<&str>) {
        let Some(value) = self.sayable(at, value) else { return };
        if self.checks {
            let entries = accept::declaring(at, Yaml::setting(&value));
            if let Err(why) = accept::accept(self.catalogue, Vec::new(), entries) {
                return self.leave(at, &why);
            }
        }
        json::set(&mut self.taken.passthrough, at, value);
        match why {
            Some(why) => {
                self.note(at, &format!("is under `passthrough`, where it is not checked: {why}"), true)
            }
            None => self.note(at, "is not in the API model, and is under `passthrough`", false),
        }
    }

    /// A value without the members that are not chosen or that a manifest cannot contain: nulls, and secrets, by
    /// name. `None` if nothing is left, or if an element of a list cannot be left out.
    fn sayable(&mut self, at: &Path, value: &Json) -> Option<Json> {
        if !self.is_chosen(at) {
            return None;
        }
        if self.catalogue.is_sensitive(at) || value.is_array() && has_secret(value) {
            let sounds = matches!(at.segs().last(), Some(Seg::Member(name)) if sounds_secret(name));
            let is = match value {
                Json::Array(_) => "seems to contain a secret",
                // Its name says nothing, and in documents of its kind there are secrets.
                _ if !sounds && self.catalogue.setting(at).is_none() => {
                    "is not in the API model and may be a secret"
                }
                _ => "looks like a secret",
            };
            let text = match self.options.as_new {
                true => format!("{is}, and was not copied"),
                false => format!("{is}, and was not imported: the pool keeps it"),
            };
            self.note(at, &text, false);
            return None;
        }
        match value {
            // To a manifest it would be Cognito's default.
            Json::Null => {
                self.leave(at, "it is null, which a manifest cannot express");
                None
            }
            Json::Object(members) => {
                let mut kept = Object::new();
                for (name, value) in members {
                    if let Some(value) = self.sayable(&at.member(name), value) {
                        kept.insert(name.clone(), value);
                    }
                }
                (members.is_empty() || !kept.is_empty()).then_some(Json::Object(kept))
            }
            other => Some(other.clone()),
        }
    }

    /// Whether the command line asks for what is at `at`.
    fn is_chosen(&self, at: &Path) -> bool {
        PathPattern::is_chosen(at, &self.options.only, &self.options.without)
    }

    /// Notes a value that a manifest cannot express.
    pub(super) fn leave(&mut self, at: &Path, why: &str) {
        if self.is_chosen(at) {
            let what =
                if self.options.as_new { "was not copied" } else { "is unmanaged, and the pool keeps it" };
            self.note(at, &format!("{what}: {why}"), true);
        }
    }

    fn note(&mut self, at: &Path, text: &str, warns: bool) {
        let note = Note { path: at.clone(), text: text.to_owned(), warns };
        if !self.taken.notes.contains(&note) {
            self.taken.notes.push(note);
        }
    }
}

/// What becomes of a value.
enum Leaf {
    /// The manifest has it.
    Taken(Yaml),
    /// It is what the service puts there anyway.
    Default,
    /// It is the default; the manifest has it if it has another member of its structure.
    Spare(Yaml),
    /// It stays out, or stands unchecked.
    Left,
    /// It must not be written to a file.
    Secret,
}

/// The entry with a comment for each secret that it lacks.
fn without_secrets(entry: CommentedEntry, secrets: &[String]) -> CommentedEntry {
    let comments = |secret: &String| {
        [
            format!("`{secret}` is a secret, and not imported: the pool keeps it."),
            format!("To manage it: `{secret}: ${{secret:NAME}}`"),
        ]
    };
    secrets.iter().flat_map(comments).fold(entry, CommentedEntry::above)
}

fn has_secret(value: &Json) -> bool {
    match value {
        Json::Array(elements) => elements.iter().any(has_secret),
        Json::Object(members) => members.iter().any(|(name, value)| sounds_secret(name) || has_secret(value)),
        _ => false,
    }
}
