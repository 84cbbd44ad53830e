//! The catalogue of settings: shapes of the API model, joined with tables of what is known about each setting.
//!
//! Code that treats settings differently uses this module.

mod attributes;
pub mod calls;
mod canonical;
mod chosen;
mod compare;
mod docs;
mod elsewhere;
mod examples;
mod exceptions;
mod grants;
mod request;
mod risks;
#[cfg(test)]
mod risks_tests;
mod rows;
mod signs;
mod tree;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock, PoisonError, RwLock};

pub use calls::{Call, RateCategory};
pub use canonical::MFA_DOCUMENT;
pub use docs::pattern_path;
pub use elsewhere::{Elsewhere, is_same_name};
pub use exceptions::{Effect, Exception, ExceptionCase, ExceptionClass};
pub use grants::{Demand, Grant};
pub use request::{Operation, Unknown};
pub use risks::Risk;
pub use rows::{Alias, Compare, Empty, Evidence, Fill, Removal, Row, Sent};
pub use signs::{Entries, Ranks, Sign};

use crate::document::{Document, Json, Path, Seg};
use crate::shapes::{Shape, ShapeKind, Shapes};
use rows::{ALIASES, MFA_MIRRORS, RENAMED, ROWS};
use tree::Node;

/// The catalogue of settings over one API model.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shapes: Shapes,
    /// The requests of the calls that write a pool, and of the one that makes it.
    update: Option<Node>,
    set_mfa: Option<Node>,
    create: Option<Node>,
    /// What the reads answer.
    pool: Option<Node>,
    mfa: Option<Node>,
    /// The names of [`Catalogue::settings`], once somebody has asked for them.
    settings: OnceLock<Vec<String>>,
}

/// A name of the API that is not a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// The reads' name for this setting.
    Renamed(&'static str),
    /// Read-only.
    ReadOnly,
}

/// One setting or member: its shape and its row.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// The model's shape.
    pub shape: &'a Shape,
    /// The table's row, if there is one.
    pub row: Option<&'static Row>,
    /// Whether the structure around it cannot be sent without it.
    pub required: bool,
    node: &'a Node,
    shapes: &'a Shapes,
}

static BY_PATH: LazyLock<HashMap<&'static str, &'static Row>> =
    LazyLock::new(|| ROWS.iter().map(|row| (row.path, row)).collect());

impl Catalogue {
    /// The catalogue over this API model.
    pub fn new(shapes: Shapes) -> Self {
        let root = |name: &str| shapes.shared(name).map(Node::root);
        let input = |operation| root(&shapes.operation(operation)?.input);
        let mfa = shapes.operation("GetUserPoolMfaConfig").and_then(|read| root(read.output.as_deref()?));
        Self {
            update: input("UpdateUserPool"),
            set_mfa: input("SetUserPoolMfaConfig"),
            create: input("CreateUserPool"),
            pool: root("UserPoolType"),
            mfa,
            shapes,
            settings: OnceLock::new(),
        }
    }

    /// The top-level settings of a manifest, in the API's order: settings of the update, of the MFA document, and
    /// of creation.
    pub fn settings(&self) -> impl Iterator<Item = &str> {
        let names = self.settings.get_or_init(|| self.named().map(str::to_owned).collect());
        names.iter().map(String::as_str)
    }

    fn named(&self) -> impl Iterator<Item = &str> {
        let update = names(&self.update).filter(|name| *name != "UserPoolId");
        let mfa = self.settings_of_mfa();
        let create = names(&self.create);
        update.chain(mfa).chain(create.filter(|name| !self.updates(name)))
    }

    /// The setting at `path`, or `None` if the model has none there.
    pub fn setting(&self, path: &Path) -> Option<Field<'_>> {
        let (_, inner) = path.segs().split_first()?;
        self.walk(self.top(path.head()?)?, inner)
    }

    /// The setting of this name, in the request that contains it.
    fn top(&self, name: &str) -> Option<&Node> {
        match name {
            "UserPoolId" => None,
            _ => [&self.update, &self.set_mfa, &self.create]
                .into_iter()
                .find_map(|call| self.find_in(call, name)),
        }
    }

    /// The call that changes the setting at `path`, or `None` if it is fixed when a pool is created.
    pub fn owner(&self, path: &Path) -> Option<Operation> {
        let head = path.prefix(1);
        if self.is_in_mfa(path) {
            return Some(Operation::SetUserPoolMfaConfig);
        }
        match self.setting(&head).and_then(|field| field.row) {
            Some(row) => row.owner,
            None => path
                .head()
                .filter(|name| self.updates(name) || self.member(&head).is_none())
                .map(|_| Operation::UpdateUserPool),
        }
    }

    /// The member at `path` of a canonical document: a setting, or a member that only the reads know.
    pub fn member(&self, path: &Path) -> Option<Field<'_>> {
        self.setting(path)
            .or_else(|| self.walk(self.pool.as_ref()?, path.segs()))
            .or_else(|| self.walk(self.mfa.as_ref()?, path.segs()))
    }

    /// The place of the member `name` of a canonical document.
    pub fn place(&self, name: &str) -> Place<'_> {
        let nodes = [self.top(name), self.find_in(&self.pool, name), self.find_in(&self.mfa, name)];
        Place(nodes.map(|node| node.map(|node| self.field(node))))
    }

    /// The place at `path` of a canonical document.
    fn place_at(&self, path: &Path) -> Place<'_> {
        let Some((Seg::Member(name), rest)) = path.segs().split_first() else { return Place([None; 3]) };
        rest.iter().fold(self.place(name), Place::step)
    }

    /// The names of the settings beside which `path` would stand, for "did you mean".
    pub fn siblings(&self, path: &Path) -> Vec<&str> {
        let Some(parent) = path.parent() else { return Vec::new() };
        if parent.is_root() {
            return self.settings().collect();
        }
        let members = self.setting(&parent).map(|field| field.shape.members.as_slice()).unwrap_or_default();
        members.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The keys of the map at `path` that the table knows by name.
    pub fn known_keys(&self, path: &Path) -> Vec<&'static str> {
        let Some(map) = self.pattern(path) else { return Vec::new() };
        let key = |row: &'static Row| row.path.strip_prefix(map.as_str())?.strip_prefix('.');
        ROWS.iter().filter_map(key).filter(|key| !key.contains(['.', '['])).collect()
    }

    /// The top-level names that no request accepts: read-only names, and names of creation.
    pub fn unsendable(&self) -> Vec<&str> {
        let read = names(&self.pool).filter(|name| self.is_read_only(name));
        let names = read.flat_map(|name| [name, Self::setting_name(name)]);
        names.fold(vec!["UserPoolId"], |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        })
    }

    /// Whether the value at `path` must not be shown.
    pub fn is_sensitive(&self, path: &Path) -> bool {
        let name = match path.segs().last() {
            Some(Seg::Member(name)) => Some(&**name),
            _ => None,
        };
        self.place_at(path).is_sensitive(name)
    }

    /// The aliases that the service keeps in step.
    pub fn aliases(&self) -> &'static [Alias] {
        ALIASES
    }

    /// The risks that changes can carry, weightiest first.
    pub fn risks() -> &'static [Risk] {
        risks::RISKS
    }

    /// The exceptions that calls return, modelled ones first.
    pub fn exceptions() -> &'static [Exception] {
        exceptions::EXCEPTIONS
    }

    /// The exception of this name, which is without its namespace.
    pub fn exception(name: &str) -> Option<&'static Exception> {
        exceptions::exception(name)
    }

    /// Whether the documents alone show this risk, without the calls between them.
    pub fn is_seen_in_documents(code: &str) -> bool {
        let risk = Self::risks().iter().find(|risk| risk.code == code);
        risk.is_some_and(|risk| risk.signs.iter().all(|sign| sign.path().is_some()))
    }

    /// The risk with a sign that only the plan shows.
    pub fn risk_told_by(is_it: impl Fn(&Sign) -> bool) -> Option<&'static Risk> {
        Self::risks().iter().find(|risk| risk.signs.iter().any(&is_it))
    }

    /// The members of the MFA document that are copies of pool settings: the copy's path and the setting's.
    pub fn mfa_mirrors(&self) -> impl Iterator<Item = (&'static Path, &'static Path)> {
        MFA_MIRRORS.iter().map(|(mirror, truth)| (path(mirror), path(truth)))
    }

    /// Whether a member of the canonical form belongs in a request that replaces a document: every setting except
    /// those of creation, and every unknown member.
    pub fn is_sendable(&self, name: &str) -> bool {
        self.updates(name) || self.is_of_mfa(name) || self.place(name).field().is_none()
    }

    /// Whether the setting at the canonical `path` stands in the MFA document: what only that one
    /// tells, and what of it is kept apart.
    pub fn is_in_mfa(&self, path: &Path) -> bool {
        path.head().is_some_and(|name| name == MFA_DOCUMENT || self.is_of_mfa(name))
    }

    /// The settings that only the MFA document has.
    pub fn settings_of_mfa(&self) -> impl Iterator<Item = &str> {
        names(&self.set_mfa).filter(|name| self.is_of_mfa(name))
    }

    /// Whether `name` is a setting that only the MFA document has.
    pub fn is_of_mfa(&self, name: &str) -> bool {
        name != "UserPoolId" && self.has(&self.set_mfa, name) && !self.updates(name)
    }

    /// The factor that needs the pool's sender. While MFA is on, a call with the MFA document must contain the
    /// factor, or may remove the sender.
    pub fn factor_with_sender() -> &'static str {
        rows::FACTOR_WITH_SENDER.0
    }

    /// Whether a pool has that sender. An empty structure, which some emulators return, does not count.
    pub fn has_sender(pool: &Document) -> bool {
        let sender = pool.get(rows::FACTOR_WITH_SENDER.1).and_then(Json::as_object);
        sender.is_some_and(|sender| !sender.is_empty())
    }

    /// The settings that are factors of MFA: all are off while MFA is off.
    pub fn factors() -> impl Iterator<Item = &'static str> {
        ROWS.iter().filter(|row| row.factor).map(|row| row.path)
    }

    /// The effect of `null` at the setting `at`, in a few words.
    pub fn falls_to(at: &Path) -> &'static str {
        let rows = ROWS.iter().filter(|row| row.falls_to.is_some());
        let around = rows.filter(|row| at.is_within(path(row.path))).find_map(|row| row.falls_to);
        around.unwrap_or("Cognito's default")
    }

    /// The name that the reads use for the setting `name`.
    pub fn read_name(name: &str) -> &str {
        RENAMED.iter().find(|(_, setting)| *setting == name).map_or(name, |(read, _)| read)
    }

    /// The setting's name for the member that the reads call `name`.
    pub fn setting_name(name: &str) -> &str {
        RENAMED.iter().find(|(read, _)| *read == name).map_or(name, |(_, setting)| setting)
    }

    /// Whether the pool's member `name`, as the reads call it, is known and cannot be sent back.
    pub fn is_read_only(&self, name: &str) -> bool {
        let known = self.has(&self.pool, name);
        let name = Self::setting_name(name);
        // A model that has lost a member of the update must not take the setting out of requests.
        let is_setting = BY_PATH.get(name).is_some_and(|row| {
            matches!(row.owner, Some(Operation::UpdateUserPool | Operation::SetUserPoolMfaConfig))
        });
        known && !is_setting && !self.updates(name)
    }

    /// The meaning of `name`, if it is a name of the API but not a setting.
    pub fn foreign(&self, name: &str) -> Option<Foreign> {
        let renamed = RENAMED.iter().find(|(read, _)| *read == name);
        match renamed {
            Some((_, setting)) => Some(Foreign::Renamed(setting)),
            None if self.is_setting(name) => None,
            None if name == "UserPoolId" || self.is_read_only(name) => Some(Foreign::ReadOnly),
            None => None,
        }
    }

    /// What `null` does to the setting at `path`.
    pub fn removal(&self, path: &Path) -> Removal {
        let Some(field) = self.setting(path) else { return Removal::Omit };
        match field.row {
            Some(row) => row.removal,
            None if field.required => Removal::Impossible("the structure around it requires this member"),
            None => Removal::Omit,
        }
    }

    fn is_setting(&self, read_name: &str) -> bool {
        self.setting(&Path::members([Self::setting_name(read_name)])).is_some()
    }

    /// Whether `UpdateUserPool` takes a member of this name.
    fn updates(&self, name: &str) -> bool {
        self.has(&self.update, name)
    }

    fn has(&self, call: &Option<Node>, name: &str) -> bool {
        self.find_in(call, name).is_some()
    }

    fn find_in<'a>(&'a self, call: &'a Option<Node>, name: &str) -> Option<&'a Node> {
        call.as_ref()?.member(&self.shapes, name)
    }

    fn field<'a>(&'a self, node: &'a Node) -> Field<'a> {
        Field { shape: &node.shape, row: node.row, required: node.required, node, shapes: &self.shapes }
    }

    fn walk<'a>(&'a self, root: &'a Node, steps: &[Seg]) -> Option<Field<'a>> {
        let node = steps.iter().try_fold(root, |node, seg| node.step(&self.shapes, seg))?;
        Some(self.field(node))
    }
}

/// A place in a canonical document: the model's field there as a setting, in the pool's read and in the MFA read.
///
/// A walk through a document goes from place to place without a path look-up at each step.
#[derive(Clone, Copy, Default)]
pub struct Place<'a>([Option<Field<'a>>; 3]);

impl<'a> Place<'a> {
    /// What [`Catalogue::member`] finds there.
    pub fn field(self) -> Option<Field<'a>> {
        self.0.into_iter().flatten().next()
    }

    /// The place of the member `name` of this place.
    #[must_use]
    pub fn member(self, name: &str) -> Self {
        Self(self.0.map(|field| field.and_then(|field| field.member(name))))
    }

    /// The place of the elements of the list here.
    #[must_use]
    pub fn element(self) -> Self {
        Self(self.0.map(|field| field.and_then(Field::element)))
    }

    fn step(self, seg: &Seg) -> Self {
        match seg {
            Seg::Member(name) => self.member(name),
            Seg::Item(_) | Seg::Index(_) => self.element(),
        }
    }

    /// Whether the value here must not be shown; `name` is the member's name, if it is a member.
    pub fn is_sensitive(self, name: Option<&str>) -> bool {
        match self.field() {
            Some(field) => field.is_sensitive(),
            None => name.is_some_and(sounds_secret),
        }
    }
}

impl<'a> Field<'a> {
    /// The member of this name.
    fn member(self, name: &str) -> Option<Self> {
        self.at(self.node.member(self.shapes, name)?)
    }

    /// What a list holds.
    fn element(self) -> Option<Self> {
        self.at(self.node.element(self.shapes)?)
    }

    fn at(self, node: &'a Node) -> Option<Self> {
        Some(Self { shape: &node.shape, row: node.row, required: node.required, node, ..self })
    }

    /// The member that identifies the elements of this list, or `None` if their position does.
    pub fn key_member(&self) -> Option<&'static str> {
        match self.compare() {
            Compare::Keyed { key, .. } => Some(key),
            Compare::Attributes => Some(rows::NAME),
            Compare::ByShape | Compare::Set | Compare::NumericText => None,
        }
    }

    /// How two values are compared.
    pub fn compare(&self) -> Compare {
        self.row.map_or(Compare::ByShape, |row| row.compare)
    }

    /// Whether the value must not be shown.
    pub fn is_sensitive(&self) -> bool {
        self.shape.sensitive || self.row.is_some_and(|row| row.sensitive)
    }

    /// Whether the value is the name of another resource of AWS's: a function, a role, a key.
    pub fn names_a_resource(&self) -> bool {
        self.shape
            .pattern
            .as_deref()
            .is_some_and(|pattern| pattern.trim_start_matches('(').starts_with("arn:"))
    }

    /// The shape of a list's elements or a map's values.
    pub fn inner(&self) -> Option<&'a Shape> {
        match self.shape.kind {
            ShapeKind::List => self.shapes.element(self.shape),
            ShapeKind::Map => self.shapes.get(self.shape.value.as_deref()?),
            _ => None,
        }
    }

    /// The shape of a map's keys.
    pub fn key(&self) -> Option<&'a Shape> {
        self.shapes.get(self.shape.key.as_deref()?)
    }
}

/// Whether a name that the model does not know is one that people give to secrets.
pub fn sounds_secret(name: &str) -> bool {
    let plain: String = name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    ["externalid", "secret", "password", "apikey", "privatekey"].iter().any(|word| plain.ends_with(word))
}

/// The names of a structure's members.
fn names(call: &Option<Node>) -> impl Iterator<Item = &str> {
    call.iter().flat_map(|call| call.shape.members.iter().map(|(name, _)| name.as_str()))
}

/// A JSON text of the table as a value.
///
/// The table's texts are parsed by a test; a broken one would read as `null`.
pub(crate) fn literal(json: &str) -> Json {
    let value = serde_json::from_str(json);
    debug_assert!(value.is_ok(), "`{json}` is no JSON");
    value.unwrap_or(Json::Null)
}

/// The table's path as a path, parsed once; the table's paths are parsed by a test.
pub(crate) fn path(text: &'static str) -> &'static Path {
    // A text of the table is static, so its address identifies it and is fast to look up.
    type Parsed = ((usize, usize), &'static Path);
    static PARSED: RwLock<Vec<Parsed>> = RwLock::new(Vec::new());
    let key = (text.as_ptr().addr(), text.len());
    let find = |parsed: &[Parsed]| parsed.binary_search_by_key(&key, |(key, _)| *key);
    let known = PARSED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, path)) = find(&known).ok().and_then(|position| known.get(position)) {
        return path;
    }
    drop(known);
    // There are as many as the tables have.
    let parsed = text.parse();
    debug_assert!(parsed.is_ok(), "`{text}` is no path");
    let path: &'static Path = Box::leak(Box::new(parsed.unwrap_or_default()));
    let mut known = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    if let Err(position) = find(&known) {
        known.insert(position, (key, path));
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        Catalogue::new(Shapes::bundled())
    }

    #[test]
    fn every_row_stands_for_a_path_of_the_model_and_its_json_parses() {
        let catalogue = catalogue();
        let known = |text: &str| catalogue.member(&pattern_path(text)).is_some();
        for row in ROWS {
            assert!(known(row.path), "{} is no path of the model", row.path);
            let mut texts: Vec<&str> = row.default.into_iter().chain(row.fresh).collect();
            if let Removal::Send(json) = row.removal {
                texts.push(json);
            }
            if let Fill::OneOf(values) = row.fill {
                texts.extend(values);
            }
            if let Fill::ByStructure { given, absent } = row.fill {
                texts.extend([given, absent]);
            }
            texts.extend(row.reads_as.into_iter().flat_map(|(written, read)| [written, read]));
            for text in texts {
                assert!(serde_json::from_str::<Json>(text).is_ok(), "{}: {text}", row.path);
            }
        }
        for alias in ALIASES {
            assert!(known(alias.legacy) && known(alias.truth), "{} or {}", alias.legacy, alias.truth);
        }
    }

    #[test]
    fn every_top_level_member_has_a_row_that_says_how_it_is_removed() {
        let catalogue = catalogue();
        for name in catalogue.settings() {
            assert!(BY_PATH.contains_key(name), "{name} has no row");
        }
    }

    #[test]
    fn a_path_of_a_map_or_a_list_finds_its_row() {
        let catalogue = catalogue();
        let level = catalogue.setting(path("AcrConfiguration.Level2")).unwrap();
        assert_eq!(level.row.map(|row| row.path), Some("AcrConfiguration.Level2"));
        let priority =
            catalogue.setting(path("AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority"));
        assert!(priority.unwrap().required);
        assert!(catalogue.setting(path("UserPoolId")).is_none());
    }

    #[test]
    fn what_the_read_has_and_the_request_lacks_is_read_only() {
        let catalogue = catalogue();
        for name in ["Id", "Arn", "SchemaAttributes", "UsernameAttributes", "Domain", "CreationDate"] {
            assert!(catalogue.is_read_only(name), "{name}");
        }
        for name in ["Name", "Policies", "NeverHeardOf"] {
            assert!(!catalogue.is_read_only(name), "{name}");
        }
    }

    #[test]
    fn a_secret_is_one_wherever_it_stands() {
        let catalogue = catalogue();
        for at in ["SmsConfiguration.ExternalId", "SmsMfaConfiguration.SmsConfiguration.ExternalId"] {
            assert!(catalogue.is_sensitive(path(at)), "{at}");
        }
        assert!(!catalogue.is_sensitive(path("SmsConfiguration.SnsCallerArn")));
    }

    #[test]
    fn a_required_member_cannot_be_removed() {
        let catalogue = catalogue();
        assert!(matches!(
            catalogue.removal(path("LambdaConfig.CustomSMSSender.LambdaArn")),
            Removal::Impossible(_)
        ));
        assert_eq!(catalogue.removal(path("LambdaConfig.PreSignUp")), Removal::Omit);
        assert_eq!(catalogue.removal(path("UserPoolTags.team")), Removal::Omit);
    }
}
