//! The catalogue of settings: shapes of the API model, joined with tables of what is known about each setting.
//!
//! Code that treats settings differently uses this module.

mod binding;
pub mod calls;
mod canonical;
mod chosen;
mod compare;
mod docs;
mod elsewhere;
mod examples;
mod exceptions;
mod grants;
mod listing;
mod locate;
mod request;
mod resource;
mod resources;
mod risks;
#[cfg(test)]
mod risks_tests;
mod signs;
mod spot;
mod table;
mod tree;
mod withheld;

use std::sync::OnceLock;

pub use binding::{HangingReading, ReadScope, Reading, WantedDocument};
pub use calls::{Call, CallEffect, POOL_ID, RateCategory};
pub use docs::pattern_path;
pub use elsewhere::{Elsewhere, is_same_name};
pub use exceptions::{Effect, Exception, ExceptionCase, ExceptionClass};
pub use grants::{Demand, Grant};
pub use listing::{Listing, Slot};
pub use locate::DocumentPlace;
pub use request::{RequestEnds, Unknown};
pub use resource::{Derived, MFA_MODE, Needed, Repair, Replaced, Resource, Sends, UnsetAnswer, Unsettled};
pub use resources::mfa::MFA_DOCUMENT;
pub use resources::pool::{POOL, POOL_NAME, SIGN_IN_NAMES};
pub use resources::{REFERENCES, RESOURCES};
pub use risks::Risk;
pub use signs::{Entries, PoolSign, Ranks, Sign, TimeUnit, UrlKind};
pub use spot::{Field, Spot, sounds_secret};
pub use table::{Alias, Compare, Empty, Evidence, Fill, IS_SET, Removal, Row, Sent};

use crate::document::{FastMap, Json, Path, Seg};
use crate::shapes::Shapes;
use resources::pool;
use tree::{ResourceTree, Top};

/// The catalogue of settings over one API model.
#[derive(Clone, Debug)]
pub struct Catalogue {
    shapes: Shapes,
    /// The members of each resource, in the order of [`RESOURCES`].
    trees: Vec<ResourceTree>,
    /// The position of each member of a canonical document, by its name: of its tree, and among [`ResourceTree::tops`].
    homes: FastMap<&'static str, (usize, usize)>,
    /// The names of [`Catalogue::settings`], once somebody has asked for them.
    settings: OnceLock<Vec<&'static str>>,
}

/// A name of the API that is not a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// The reads' name for this setting.
    Renamed(&'static str),
    /// Read-only.
    ReadOnly,
}

impl Catalogue {
    /// The catalogue over this API model.
    pub fn new(mut shapes: Shapes) -> Self {
        let trees: Vec<_> =
            RESOURCES.iter().map(|resource| ResourceTree::new(resource, &mut shapes)).collect();
        let homes = homes(&trees);
        Self { shapes, trees, homes, settings: OnceLock::new() }
    }

    /// The top-level settings of a manifest, in the API's order: those that updates take, then the settings of creation
    /// alone.
    pub fn settings(&self) -> impl Iterator<Item = &str> {
        let names = self.settings.get_or_init(|| {
            let trees = || self.trees.iter().filter(|tree| tree.whole.is_none());
            let all = || trees().flat_map(|tree| tree.members().iter().map(move |top| (tree, top)));
            let own = |(tree, top): &(&ResourceTree, &Top)| {
                self.home(top.name).is_some_and(|home| home.0.resource.document == tree.resource.document)
            };
            let updated = all().filter(|(_, top)| top.updates);
            let created = all().filter(|(_, top)| top.creates && !top.updates);
            updated.chain(created).filter(own).map(|(_, top)| top.name).collect()
        });
        names.iter().copied()
    }

    /// The branches of a manifest: what lives in a pool beside its own settings, each under a key of its own.
    pub fn branches() -> impl Iterator<Item = &'static str> {
        Resource::alone().filter_map(|resource| resource.branch)
    }

    /// The setting at `path`, or `None` if the model has none there.
    pub fn setting(&self, path: &Path) -> Option<Field<'_>> {
        let (head, inner) = path.segs().split_first()?;
        let Seg::Member(head) = head else { return None };
        let (_, top) = self.home(head).filter(|(_, top)| top.updates || top.creates)?;
        inner.iter().fold(self.spot_of(top), Spot::step).field()
    }

    /// The resource that has the member `name` of a canonical document: the first that can set it, or that reads it.
    fn home(&self, name: &str) -> Option<(&ResourceTree, &Top)> {
        let (tree, place) = self.homes.get(name)?;
        let tree = self.trees.get(*tree)?;
        Some((tree, tree.tops().get(*place)?))
    }

    /// The members of a resource.
    fn tree(&self, resource: &Resource) -> Option<&ResourceTree> {
        self.trees.iter().find(|tree| tree.resource == resource)
    }

    /// The call that changes the setting at `path`, or `None` if no call does.
    pub fn owner(&self, path: &Path) -> Option<&'static Call> {
        let head = path.head()?;
        let resource = self.resource(path);
        let is_settable = match self.home(head) {
            Some((tree, _)) if tree.whole.is_some() => {
                let tree = self.tree(resource).unwrap_or(tree);
                let (member, _) = resource.steps(path);
                let top = member.and_then(|name| tree.member(name));
                top.is_none_or(|top| !tree.is_read_only(top))
                    && !member.is_some_and(|name| resource.address.contains(&name))
            }
            Some((_, top)) => top.updates || top.node.row.is_some(),
            None => !resource.address.contains(&head),
        };
        let (member, _) = resource.steps(path);
        let member = member.map_or(head, |member| resource.setting_name(member));
        is_settable.then(|| resource.writer(member)).flatten()
    }

    /// The member at `path` of a canonical document: a setting, or a member that only the reads know.
    pub fn member(&self, path: &Path) -> Option<Field<'_>> {
        self.spot_at(path).field()
    }

    /// The spot of the member `name` of a canonical document.
    pub fn spot(&self, name: &str) -> Spot<'_> {
        self.home(name).map_or_else(Spot::default, |(_, top)| self.spot_of(top))
    }

    fn spot_of<'a>(&'a self, top: &'a Top) -> Spot<'a> {
        Spot::of(&top.node, &self.shapes)
    }

    /// The spot at `path` of a canonical document.
    fn spot_at(&self, path: &Path) -> Spot<'_> {
        let Some((Seg::Member(name), rest)) = path.segs().split_first() else { return Spot::default() };
        rest.iter().fold(self.spot(name), Spot::step)
    }

    /// The names of the settings beside which `path` would stand, for "did you mean".
    pub fn siblings(&self, path: &Path) -> Vec<&str> {
        let Some(parent) = path.parent() else { return Vec::new() };
        if parent.is_root() {
            return self.settings().collect();
        }
        let members = self.setting(&parent).map(|field| field.shape.members).unwrap_or_default();
        members.iter().map(|(name, _)| *name).collect()
    }

    /// The keys of the map at `path` that the rows know by name.
    pub fn known_keys(&self, path: &Path) -> Vec<&'static str> {
        let Some(map) = self.pattern(path) else { return Vec::new() };
        let keys = self.resource(path).keys(&map);
        keys.fold(Vec::new(), |mut keys, key| {
            if !keys.contains(&key) {
                keys.push(key);
            }
            keys
        })
    }

    /// The top-level names that no request accepts: read-only names, and names of creation.
    pub fn unsendable(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for tree in self.trees.iter().filter(|tree| tree.whole.is_none()) {
            names.extend(tree.resource.address.iter().copied());
            for top in tree.members().iter().filter(|top| top.reads) {
                let read = tree.resource.read_name(top.name);
                if self.is_read_only(read) {
                    names.extend([read, top.name]);
                }
            }
        }
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// Whether the value at `path` must not be shown.
    pub fn is_sensitive(&self, path: &Path) -> bool {
        let name = match path.segs().last() {
            Some(Seg::Member(name)) => Some(&**name),
            _ => None,
        };
        self.spot_at(path).is_sensitive(name) || self.is_guarded(path)
    }

    /// Whether no read has the setting: it goes along when a document is made, and is never compared.
    pub fn is_hidden(&self, path: &Path) -> bool {
        self.member(path).and_then(|field| field.row).is_some_and(|row| row.hidden)
    }

    /// Whether no read has the value of the setting.
    pub fn is_unread(&self, path: &Path) -> bool {
        self.member(path).and_then(|field| field.row).is_some_and(Row::is_unread)
    }

    /// Whether the path is of a member that the model does not know, in a document where it may be a secret.
    fn is_guarded(&self, path: &Path) -> bool {
        let resource = self.resource(path);
        let (true, (Some(name), rest)) = (resource.guards_unknown, resource.steps(path)) else {
            return false;
        };
        let Some(tree) = self.tree(resource) else { return false };
        let spot = tree.member(name).map_or_else(Spot::default, |top| self.spot_of(top));
        !resource.address.contains(&name) && rest.iter().fold(spot, Spot::step).field().is_none()
    }

    /// The aliases that the service keeps in step.
    pub fn aliases(&self) -> &'static [Alias] {
        pool::POOL.aliases
    }

    /// What is known of the pool's own settings.
    pub fn rows() -> impl Iterator<Item = &'static Row> {
        RESOURCES.iter().filter(|resource| resource.branch.is_none()).flat_map(|resource| resource.rows)
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

    /// Whether a member of the canonical form belongs in a request that replaces a document: every setting except
    /// those of creation, and every unknown member.
    pub fn is_sendable(&self, name: &str) -> bool {
        self.home(name).is_none_or(|(_, top)| top.updates)
    }

    /// The effect of `null` at the setting `at`, in a few words.
    pub fn falls_to(at: &Path) -> &'static str {
        let branch = Resource::named(at).filter(|resource| resource.branch.is_some());
        let depth = branch.map_or(0, |branch| {
            1 + usize::from(branch.has_labels()) + usize::from(branch.hangs_on.is_some())
        });
        let inner = Path::root().extended(at.segs().get(depth..).unwrap_or_default());
        let own = Self::rows().filter(|_| branch.is_none());
        let rows = branch.into_iter().flat_map(|branch| branch.rows).chain(own);
        let around = rows.filter(|row| row.falls_to.is_some() && inner.is_within(path(row.path)));
        around.filter_map(|row| row.falls_to).next().unwrap_or("Cognito's default")
    }

    /// The setting's name for the member that the reads call `name`.
    pub fn setting_name(name: &str) -> &str {
        pool::POOL.setting_name(name)
    }

    /// Whether the pool's member `name`, as the reads call it, is known and cannot be sent back.
    pub fn is_read_only(&self, name: &str) -> bool {
        let name = Self::setting_name(name);
        self.home(name).is_some_and(|(tree, top)| tree.is_read_only(top))
    }

    /// Whether the path is of a member of a branch's document that no call takes: one that only reads have, or that names the
    /// document.
    pub fn is_only_read(&self, at: &Path) -> bool {
        let resource = self.resource(at);
        let (Some(name), []) = resource.steps(at) else { return false };
        if resource.branch.is_none() {
            return false;
        }
        let top = self.tree(resource).and_then(|tree| Some((tree, tree.member(name)?)));
        resource.address.contains(&name)
            || top.is_some_and(|(tree, top)| tree.is_read_only(top) && !top.creates)
    }

    /// The meaning of `name`, if it is a name of the API but not a setting.
    pub fn foreign(&self, name: &str) -> Option<Foreign> {
        match Self::setting_name(name) {
            setting if setting != name => {
                let renamed = pool::POOL.renamed.iter().find(|(read, _)| *read == name);
                renamed.map(|(_, setting)| Foreign::Renamed(setting))
            }
            _ if self.is_setting(name) => None,
            _ if name == POOL_ID || self.is_read_only(name) => Some(Foreign::ReadOnly),
            _ => None,
        }
    }

    /// The members that the call that makes a document of a resource demands, apart from the members that name the document.
    pub fn required_of_new(&self, resource: &Resource) -> impl Iterator<Item = &str> {
        let input = resource.create.and_then(|create| self.shapes.input(create.name));
        let required = input.into_iter().flat_map(|input| input.required).copied();
        required.filter(move |name| !resource.address.contains(name))
    }

    /// What `null` does to the setting at `path`.
    pub fn removal(&self, path: &Path) -> Removal {
        let Some(field) = self.setting(path) else { return Removal::Omit };
        match field.row {
            Some(row) => row.removal,
            None if field.required => table::REQUIRED,
            None => Removal::Omit,
        }
    }

    /// The members of the document at `at` that `null` resets, each as code.
    pub fn resettable(&self, at: &Path) -> Vec<String> {
        let members = self.resource(at).rows.iter().map(|row| row.path).filter(|path| is_top(path));
        let can_go = |name: &&str| !matches!(self.removal(&at.member(name)), Removal::Impossible(_));
        members.filter(can_go).map(|name| format!("`{name}`")).collect()
    }

    fn is_setting(&self, read_name: &str) -> bool {
        self.setting(&Path::members([Self::setting_name(read_name)])).is_some()
    }
}

/// Whether the path of a row is that of a member at the top of its document.
fn is_top(path: &str) -> bool {
    !path.is_empty() && !path.contains(['.', '['])
}

/// The positions of the members of a canonical document. A member belongs to the first tree that can set it; if none
/// can, to the first that reads it.
fn homes(trees: &[ResourceTree]) -> FastMap<&'static str, (usize, usize)> {
    let all = || {
        trees.iter().enumerate().flat_map(|(tree, found)| {
            found.tops().iter().enumerate().map(move |(place, top)| (top, (tree, place)))
        })
    };
    let settable = all().filter(|(top, _)| top.updates || top.creates);
    let mut homes = FastMap::default();
    for (top, home) in settable.chain(all()) {
        homes.entry(top.name).or_insert(home);
    }
    homes
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
    // A text of the table is static, so its address identifies it and is fast to look up. The tables have some
    // hundred texts. A text that finds no slot is parsed each time.
    const SLOTS: usize = 2048;
    type Parsed = OnceLock<(&'static str, &'static Path)>;
    static PARSED: [Parsed; SLOTS] = [const { OnceLock::new() }; SLOTS];
    let parse = || {
        let parsed = text.parse();
        // The row of a whole document has no path in it.
        debug_assert!(parsed.is_ok() || text.is_empty(), "`{text}` is no path");
        &*Box::leak(Box::new(parsed.unwrap_or_default()))
    };
    // Neighbours come into slots far apart.
    let first = (text.as_ptr().addr() ^ (text.len() << 5)).wrapping_mul(0x9E37_79B1) >> 8;
    let slots = (first..first + SLOTS).filter_map(|slot| PARSED.get(slot % SLOTS));
    let mut found = slots.map(|slot| slot.get_or_init(|| (text, parse())));
    found.find(|(known, _)| std::ptr::eq(*known, text)).map_or_else(parse, |(_, path)| path)
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
        let all = RESOURCES
            .iter()
            .flat_map(|resource| resource.rows.iter().map(move |row| (resource.pattern(), row)));
        for (root, row) in all {
            let dot = if row.path.is_empty() || root.is_empty() { "" } else { "." };
            let at = format!("{root}{dot}{}", row.path);
            assert!(known(&at), "{at} is no path of the model");
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
        for alias in catalogue.aliases() {
            assert!(known(alias.legacy) && known(alias.truth), "{} or {}", alias.legacy, alias.truth);
        }
    }

    #[test]
    fn every_top_level_member_has_a_row_that_says_how_it_is_removed() {
        let catalogue = catalogue();
        for name in catalogue.settings() {
            assert!(Catalogue::rows().any(|row| row.path == name), "{name} has no row");
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
        // A row may know what a request has in the place of the member, but never that it can be left out.
        let mut left_out = Vec::new();
        for resource in RESOURCES {
            let rows = resource.rows.iter().filter(|row| !row.path.is_empty() && !row.path.contains("[]"));
            for row in rows.filter(|row| row.removal == Removal::Omit) {
                let around = resource.pattern();
                let at =
                    if around.is_empty() { row.path.to_owned() } else { format!("{around}.{}", row.path) };
                let at = path(at.leak());
                left_out.extend(catalogue.setting(at).filter(|field| field.required).map(|_| at));
            }
        }
        assert!(left_out.is_empty(), "{left_out:?}");
        assert_eq!(catalogue.removal(path("UserPoolTags.team")), Removal::Omit);
    }
}
