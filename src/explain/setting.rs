//! The page of a setting, from what the catalogue knows of it.

use super::facts::{mark, once, value};
use super::kind::kind;
use super::{Fact, Page, PagePart, overlap, sureness};
use crate::catalogue::{
    Call, Catalogue, Compare, Empty, Field, Fill, Listing, Removal, Resource, Risk, Row, Sends, calls,
    literal, pattern_path,
};
use crate::document::{DocumentId, Json, Object, Path, Seg, json};
use crate::rules::cross::{self, Rule};
use crate::rules::pattern_in_words;
use crate::shapes::ShapeKind;

/// The page of the setting at `at`, or `None` if no request contains such a setting.
pub(super) fn page(catalogue: &Catalogue, at: &Path) -> Option<Page> {
    let pattern = catalogue.pattern(at)?;
    let field = catalogue.setting(at).or_else(|| catalogue.member(at))?;
    let is_any = |seg: &Seg| match seg {
        Seg::Member(name) => &**name == "*",
        Seg::Item(_) => false,
        Seg::Index(_) => true,
    };
    let title = if at.segs().iter().any(is_any) { pattern } else { at.to_string() };
    let doc =
        catalogue.doc(at).unwrap_or("Newer than this version of poolctl, which has no description of it.");
    let setting = Setting { catalogue, at, field };
    let facts = [setting.shape(), setting.values(), setting.treatment(), setting.names(), setting.sources()];
    let mut parts = vec![PagePart::Facts(facts.into_iter().flatten().collect())];
    parts.extend([setting.members(), setting.risks(), setting.rules()].into_iter().flatten());
    Some(Page { title, kind: "a setting".to_owned(), lead: vec![doc.to_owned()], parts })
}

/// The call that changes the setting at `at`, or `None` if none does.
pub(super) fn owner(catalogue: &Catalogue, at: &Path) -> Option<&'static Call> {
    match catalogue.setting(at) {
        Some(_) => catalogue.owner(at),
        // It is in requests but not in manifests: a member of the MFA document.
        None => Some(&calls::SET_USER_POOL_MFA_CONFIG),
    }
}

/// Whether two steps are the same; all elements of a list are, and the key `*` is any.
pub(super) fn is_same(a: &Seg, b: &Seg) -> bool {
    let is_any = |seg: &Seg| matches!(seg, Seg::Member(name) if &**name == "*");
    match (a, b) {
        (Seg::Item(_) | Seg::Index(_), Seg::Item(_) | Seg::Index(_)) => true,
        (Seg::Member(_), Seg::Member(_)) => a == b || is_any(a) || is_any(b),
        _ => false,
    }
}

/// The condition of all statements on drift.
pub(super) const DRIFT_UNLESS: &str = ", unless it is the default or the value of a new pool";
/// The evidence for a setting without a row.
pub(super) const UNKNOWN_SOURCE: &str =
    "name and type from the API model; description from the documentation or the name";
/// What `null` is in an element of a list.
pub(super) const NULL_IN_LIST: &str = "is an error: declare the whole list instead";

struct Setting<'a> {
    catalogue: &'a Catalogue,
    at: &'a Path,
    field: Field<'a>,
}

/// The fact with this label, or `None` without texts.
fn fact(label: &'static str, texts: impl IntoIterator<Item = String>) -> Option<Fact> {
    let texts: Vec<String> = texts.into_iter().collect();
    (!texts.is_empty()).then_some(Fact { label, texts })
}

impl Setting<'_> {
    fn row(&self) -> Option<&'static Row> {
        self.field.row
    }

    /// The name of the structure around the setting.
    fn around(&self) -> String {
        match self.at.parent().filter(|parent| !parent.is_root()) {
            Some(parent) => format!("`{}`", self.catalogue.pattern(&parent).unwrap_or(parent.to_string())),
            None => "the request".to_owned(),
        }
    }

    fn is_in_a_list(&self) -> bool {
        self.at.written_at() != *self.at
    }

    fn is_in_a_map(&self) -> bool {
        let around = self.at.parent().and_then(|parent| self.catalogue.setting(&parent));
        around.is_some_and(|field| field.shape.kind == ShapeKind::Map)
    }

    /// The type.
    fn shape(&self) -> Vec<Fact> {
        let shape = self.field.shape;
        let mut texts = vec![kind(shape, self.field.inner(), self.field.key())];
        let says_nothing = |pattern: &&&str| pattern.ends_with(".*") && pattern.len() < 8;
        texts.extend(
            shape.pattern.iter().filter(|pattern| !says_nothing(pattern)).map(|p| pattern_in_words(p)),
        );
        let prefixes = self.row().map(|row| row.prefixes).unwrap_or_default();
        if !prefixes.is_empty() {
            let names: Vec<String> = prefixes.iter().map(|prefix| format!("`{prefix}`")).collect();
            texts.push(format!("the prefix {} is allowed, and is not counted", names.join(" or ")));
        }
        let required =
            self.field.required.then(|| format!("{} cannot be sent without this setting", self.around()));
        [fact("Type", texts), fact("Required", required)].into_iter().flatten().collect()
    }

    /// The value that it has if it is not set.
    fn values(&self) -> Vec<Fact> {
        let row = self.row();
        let default = row.and_then(|row| row.default);
        let fill = row.map(|row| row.fill).filter(|fill| match (fill, default) {
            (Fill::OneOf([only]), Some(default)) => *only != default,
            _ => true,
        });
        let filled_in = if default.is_some() && fill.is_none() { ", and Cognito returns it" } else { "" };
        let default = default.map(|text| format!("{} if absent{filled_in}", value(text)));
        let mut filled: Vec<String> = fill.and_then(|fill| self.fill(fill)).into_iter().collect();
        if let Some((written, read)) = row.and_then(|row| row.reads_as) {
            filled.push(format!("Cognito returns {} as {}", value(written), value(read)));
        }
        let tiers = row.map(|row| row.not_taken_by).unwrap_or_default();
        if !tiers.is_empty() {
            let tiers = tiers.join(" and ");
            filled.push(format!(
                "on {tiers}, Cognito returns the default but may not accept it: poolctl does not send it"
            ));
        }
        let fresh = row.and_then(|row| row.fresh);
        let fresh = fresh.map(|text| format!("may have {} from the start", value(text)));
        [fact("Default", default), fact("New pool", fresh), fact("Filled in", filled)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn fill(&self, fill: Fill) -> Option<String> {
        let left_out = format!("if {} is sent without this setting", self.around());
        Some(match fill {
            Fill::Nothing => return None,
            Fill::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|text| value(text)).collect();
                format!("with {} {left_out}", values.join(" or "))
            }
            Fill::ByStructure { given, absent } => format!(
                "with {} {left_out}; with {} if {} was never sent",
                value(given),
                value(absent),
                self.around(),
            ),
            Fill::Region => format!("with the pool's Region {left_out}"),
            Fill::Any if matches!(self.at.segs().last(), Some(Seg::Item(_) | Seg::Index(_))) => {
                "members that it leaves out, with values that Cognito chooses".to_owned()
            }
            Fill::Beside(setting) => format!("with an empty structure if the pool has `{setting}`"),
            Fill::Any => format!("with a value that Cognito chooses {left_out}"),
        })
    }

    /// How the setting is changed, reset and compared.
    fn treatment(&self) -> Vec<Fact> {
        let mut changed = vec![self.changed()];
        let repeats = self.row().and_then(|row| row.repeats);
        if let Some(setting) = repeats {
            changed =
                vec![format!("through `{setting}`, of which it is a copy: declare that setting instead")];
        }
        let empty = self.row().and_then(|row| row.empty).map(|empty| match empty {
            Empty::Ensure(meaning) if self.has_label() => format!("means: {meaning}"),
            Empty::Ensure(meaning) => format!("means: {meaning}; existing members stay"),
            Empty::Clear(meaning) => format!("means: {meaning}"),
        });
        let secret = self.field.is_sensitive().then(|| "the value is never shown".to_owned());
        let null = repeats.is_none().then(|| self.null());
        let facts = [
            fact("Changed", changed),
            fact("null", null),
            fact("{}", empty),
            fact("Compared", self.comparison()),
            fact("Secret", secret),
            fact("Drift", self.drift()),
        ];
        facts.into_iter().flatten().collect()
    }

    /// The calls that change the setting.
    fn changed(&self) -> String {
        let resource = self.catalogue.resource(self.at);
        if let Some(listing) = resource.listing {
            return self.changed_in(resource, listing);
        }
        if self.has_label() {
            return calls_of(resource);
        }
        if let (Some(call), Some(branch)) = (owner(self.catalogue, self.at), resource.branch) {
            return match resource.sends {
                Sends::Whole => format!("by {call}, which replaces all of `{branch}`"),
                Sends::Changed => format!("by {call}, which sends only what changes of `{branch}`"),
            };
        }
        match owner(self.catalogue, self.at) {
            Some(call) if call == &calls::UPDATE_USER_POOL => "by UpdateUserPool, together with all other settings of the pool",
            Some(call) if call == &calls::SET_USER_POOL_MFA_CONFIG => "by SetUserPoolMfaConfig, which replaces the whole MFA configuration",
            Some(_) => {
                "by AddCustomAttributes, which only adds: an existing attribute never changes and is never removed"
            }
            None => {
                "never: the setting is fixed when a pool is created, and poolctl never replaces a pool, because its users would be lost"
            }
        }
        .to_owned()
    }

    /// The calls that make, change and remove documents with labels, or that change a setting of one.
    fn changed_in(&self, resource: &Resource, listing: &Listing) -> String {
        let one = listing.one;
        if self.at.segs().len() > resource.root().segs().len() + 1 {
            return match (owner(self.catalogue, self.at), resource.sends) {
                (None, _) => format!("never: the setting is fixed when the {one} is made"),
                (Some(call), Sends::Whole) => {
                    format!("by {call}, together with all other settings of the {one}")
                }
                (Some(call), Sends::Changed) => {
                    format!("by {call}, which sends only the settings of the {one} that change")
                }
            };
        }
        calls_of(resource)
    }

    /// Whether it is a whole document with a label.
    fn has_label(&self) -> bool {
        self.row().is_some_and(|row| row.document)
    }

    /// The resource, if it is a whole document with a label, or all of a resource.
    fn with_labels(&self) -> Option<(&'static Resource, &'static Listing)> {
        let resource = self.catalogue.resource(self.at);
        let is_whole = self.at.segs().len() <= resource.root().segs().len() + 1;
        resource.listing.filter(|_| is_whole).map(|listing| (resource, listing))
    }

    /// Whether an unmanaged live value counts as drift.
    fn drift(&self) -> Option<String> {
        if let Some((resource, listing)) = self.with_labels() {
            let (one, root) = (listing.one, resource.root());
            return Some(format!(
                "if a manifest declares `{root}`, each live {one} that it does not declare counts as drift"
            ));
        }
        if self.row().is_some_and(|row| row.hidden) {
            return Some("never: no read has the setting".to_owned());
        }
        if self.catalogue.is_watched(self.at) {
            let beside = self.beside_alias();
            return Some(format!("an unmanaged live value counts as drift{DRIFT_UNLESS}{beside}"));
        }
        let inside = self.catalogue.watched_in(self.at);
        let inside: Vec<String> = inside.map(|at| format!("`{at}`")).collect();
        let counts =
            format!("an unmanaged live value of {} counts as drift{DRIFT_UNLESS}", inside.join(", "));
        (!inside.is_empty()).then_some(counts)
    }

    /// An addition about the value that comes with another setting under its older name.
    fn beside_alias(&self) -> String {
        let Some(Fill::OneOf(&[filled])) = self.row().map(|row| row.fill) else { return String::new() };
        let (only, mut aliases) =
            (literal(filled), self.catalogue.aliases().iter().map(|alias| alias.paths()));
        let comes_with =
            |legacy: &Path| self.catalogue.comes_with_alias(self.at, &only, |path| path == legacy);
        let alias = aliases.find(|(legacy, _)| comes_with(legacy));
        alias.map_or_else(String::new, |(legacy, _)| format!(", or {} beside `{legacy}`", value(filled)))
    }

    /// What `null` in a manifest does.
    fn null(&self) -> String {
        if self.is_in_a_list() {
            return NULL_IN_LIST.to_owned();
        }
        if let Some((_, listing)) = self.with_labels() {
            let one = listing.one;
            return format!(
                "is an error: write `remove: true` with a `reason` to remove the {one}, or delete the line to stop managing it"
            );
        }
        if self.has_label() {
            return "is an error: write `remove: true` with a `reason` to remove it, or delete the line to stop managing it".to_owned();
        }
        let text = self.at.to_string();
        if let Some(alias) = self.catalogue.aliases().iter().find(|alias| alias.legacy == text) {
            return format!("as for `{}`", alias.truth);
        }
        match self.catalogue.removal(self.at) {
            Removal::Send(text) => {
                format!("resets the setting: sends {}{}", value(text), self.apart_from_new(Some(text)))
            }
            Removal::SendRegion => "resets the setting: sends the pool's Region".to_owned(),
            Removal::Impossible(reason) => format!("is a conflict: {reason}"),
            Removal::Omit if self.is_in_a_map() => "removes the key".to_owned(),
            Removal::Omit => {
                format!("resets the setting: leaves it out of {}{}", self.around(), self.apart_from_new(None))
            }
        }
    }

    /// An addition about the value that `null` sends (`None` if it sends none): what it means, and whether a
    /// new pool may have another.
    fn apart_from_new(&self, sent: Option<&str>) -> String {
        let meaning = match self.row().and_then(|row| row.empty) {
            Some(Empty::Clear(meaning)) if sent == Some("{}") => format!(", {meaning}"),
            _ => String::new(),
        };
        let mut after = Object::new();
        if let Some(sent) = sent {
            json::set(&mut after, self.at, literal(sent));
        }
        let differs = |(at, fresh): (&Path, Json)| json::get(&after, at) != Some(&fresh);
        match self.catalogue.fresh_within(self.at).any(differs) {
            true => format!("{meaning}; a new pool may have another value"),
            false => meaning,
        }
    }

    fn comparison(&self) -> Option<String> {
        let reserved = self.row().and_then(|row| row.reserved);
        Some(match (self.field.compare(), self.field.shape.kind) {
            (Compare::Set, _) if self.row().is_some_and(|row| row.presence) => {
                "as a set; an empty set differs from an absent one".to_owned()
            }
            (Compare::Set, _) => "as a set: order and duplicates do not matter".to_owned(),
            (Compare::Keyed { key, order: Some(order) }, _) => {
                format!("element by element, identified by `{key}`, in the order of `{order}`")
            }
            (Compare::Keyed { key, order: None }, _) => {
                format!("element by element, identified by `{key}`; their order does not matter")
            }
            (Compare::Attributes, _) => {
                "attribute by attribute, identified by `Name`, with or without the prefix `custom:`"
                    .to_owned()
            }
            (Compare::NumericText, _) => "as a number, although it is a text".to_owned(),
            (Compare::ByShape, ShapeKind::List) => "in order".to_owned(),
            (Compare::ByShape, ShapeKind::Map) => match reserved {
                Some(prefix) => {
                    format!(
                        "key by key; keys that begin with `{prefix}` belong to AWS, and are neither compared nor sent"
                    )
                }
                None => "key by key".to_owned(),
            },
            (Compare::ByShape, ShapeKind::Structure) => match self.row().is_some_and(|row| row.presence) {
                true => "member by member; an empty structure differs from an absent one".to_owned(),
                false => "member by member".to_owned(),
            },
            (Compare::ByShape, _) => return None,
        })
    }

    /// Other names of the setting.
    fn names(&self) -> Vec<Fact> {
        let deprecated = self.row().and_then(|row| row.deprecated_for);
        let deprecated = deprecated.map(|successor| format!("set `{successor}` instead"));
        let mut others = Vec::new();
        for alias in self.catalogue.aliases() {
            if overlap(self.at, &pattern_path(alias.truth))
                && self.at.segs().len() >= pattern_path(alias.truth).segs().len()
            {
                others.push(format!("`{}` (older name; Cognito keeps both equal)", alias.legacy));
            }
        }
        for (mirror, truth) in self.catalogue.mfa_mirrors() {
            if truth == self.at && mirror != truth {
                others.push(format!("`{mirror}` (a copy in the MFA configuration)"));
            }
            if mirror == self.at && mirror != truth {
                others.push(format!("`{truth}` (this setting is a copy of it)"));
            }
        }
        let place = self.catalogue.locate(self.at);
        if self.at.segs().len() == 1 && place.document == DocumentId::POOL && place.path != *self.at {
            others.push(format!("`{}` (in responses of {})", place.path, place.resource.read.name));
        }
        [fact("Deprecated", deprecated), fact("Also named", others)].into_iter().flatten().collect()
    }

    /// Notes, and the evidence for these facts.
    fn sources(&self) -> Vec<Fact> {
        let notes = self.catalogue.notes(self.at).into_iter().map(str::to_owned);
        let evidence = match self.row() {
            Some(row) => sureness(row.evidence),
            None => UNKNOWN_SOURCE,
        };
        [fact("Note", notes), fact("Evidence", [evidence.to_owned()])].into_iter().flatten().collect()
    }

    fn risks(&self) -> Option<PagePart> {
        let row = |risk: &Risk| (risk.code.to_owned(), format!("{}: {}", mark(risk), risk.text));
        table("Risks and notices of a change", super::risks(self.at).map(row).collect())
    }

    fn rules(&self) -> Option<PagePart> {
        let about = |rule: &&Rule| rule.about.iter().any(|about| overlap(&pattern_path(about), self.at));
        let rows = cross::all().filter(about).map(|rule| (rule.code.to_owned(), rule.what.to_owned()));
        table("Rules, and when they are broken", once(rows))
    }

    /// The members, if it is a structure, or a list or a map of structures.
    fn members(&self) -> Option<PagePart> {
        let shape = self.field.shape;
        let (title, inner, names) = match (shape.kind, self.field.inner()) {
            (ShapeKind::Structure, _) => ("Members", self.at.clone(), shape.members),
            (ShapeKind::List, Some(element)) if element.kind == ShapeKind::Structure => {
                ("Members of an element", self.at.join(Seg::Index(0)), element.members)
            }
            (ShapeKind::Map, Some(value)) if value.kind == ShapeKind::Structure => {
                ("Members of a value", self.at.member("*"), value.members)
            }
            _ => return None,
        };
        let row = |(name, _): &(&str, &str)| {
            let doc = self.catalogue.doc(&inner.member(name)).unwrap_or_default();
            ((*name).to_owned(), doc.to_owned())
        };
        table(title, names.iter().map(row).collect())
    }
}

/// The table with this title, or `None` without rows.
fn table(title: &str, rows: Vec<(String, String)>) -> Option<PagePart> {
    (!rows.is_empty()).then(|| PagePart::Table(title.to_owned(), rows))
}

/// The calls that make, change and remove the documents of a resource.
fn calls_of(resource: &Resource) -> String {
    let by = |verb: &str, call: Option<&Call>| Some(format!("{verb} by {}", call?));
    let calls =
        [by("made", resource.create), by("changed", Some(resource.update)), by("removed", resource.remove)];
    calls.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
