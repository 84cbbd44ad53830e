//! The page of a setting, from what the catalogue knows of it.

use super::code::once;
use super::kind::kind;
use super::{Fact, Page, Part, overlap, sureness};
use crate::catalogue::{
    Catalogue, Compare, Empty, Field, Fill, Operation, Removal, Risk, Row, literal, pattern_path,
};
use crate::document::{Json, Object, Path, Seg, json};
use crate::rules::cross::{self, Rule};
use crate::rules::pattern_in_words;
use crate::shapes::Kind;

/// The page of the setting at `at`; nothing where no request holds one there.
pub(super) fn page(catalogue: &Catalogue, at: &Path) -> Option<Page> {
    let pattern = catalogue.pattern(at)?;
    let field = catalogue.setting(at).or_else(|| catalogue.member(at))?;
    let is_any = |seg: &Seg| match seg {
        Seg::Member(name) => &**name == "*",
        Seg::Item(_) => false,
        Seg::Index(_) => true,
    };
    let title = if at.segs().iter().any(is_any) { pattern } else { at.to_string() };
    let doc = catalogue.doc(at).unwrap_or("Newer than this version of poolctl, which has no sentence on it.");
    let setting = Setting { catalogue, at, field };
    let facts = [setting.shape(), setting.values(), setting.treatment(), setting.names(), setting.sources()];
    let mut parts = vec![Part::Facts(facts.into_iter().flatten().collect())];
    parts.extend([setting.members(), setting.risks(), setting.rules()].into_iter().flatten());
    Some(Page { title, kind: "a setting".to_owned(), lead: vec![doc.to_owned()], parts })
}

/// The call that changes the setting at `at`; nothing where none does.
pub(super) fn owner(catalogue: &Catalogue, at: &Path) -> Option<Operation> {
    match catalogue.setting(at) {
        Some(_) => catalogue.owner(at),
        // A request holds it and no manifest does: it is a member of the other document.
        None => Some(Operation::SetUserPoolMfaConfig),
    }
}

/// Whether two steps are one, where all elements of a list are.
pub(super) fn is_same(a: &Seg, b: &Seg) -> bool {
    matches!((a, b), (Seg::Item(_) | Seg::Index(_), Seg::Item(_) | Seg::Index(_))) || a == b
}

/// A JSON text of a table as it stands in a sentence.
pub(super) fn value(text: &str) -> String {
    match literal(text) {
        Json::String(text) => format!("`{text}`"),
        value => format!("`{}`", json::spaced(&value)),
    }
}

struct Setting<'a> {
    catalogue: &'a Catalogue,
    at: &'a Path,
    field: Field<'a>,
}

/// The fact under this word, if there is anything to say.
fn fact(label: &'static str, texts: impl IntoIterator<Item = String>) -> Option<Fact> {
    let texts: Vec<String> = texts.into_iter().collect();
    (!texts.is_empty()).then_some(Fact { label, texts })
}

impl Setting<'_> {
    fn row(&self) -> Option<&'static Row> {
        self.field.row
    }

    /// The structure around it, as a sentence names it.
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
        around.is_some_and(|field| field.shape.kind == Kind::Map)
    }

    /// What kind of value it takes.
    fn shape(&self) -> Vec<Fact> {
        let shape = self.field.shape;
        let mut texts = vec![kind(shape, self.field.inner(), self.field.key())];
        let says_nothing = |pattern: &&String| pattern.ends_with(".*") && pattern.len() < 8;
        texts.extend(
            shape.pattern.iter().filter(|pattern| !says_nothing(pattern)).map(|p| pattern_in_words(p)),
        );
        let prefixes = self.row().map(|row| row.prefixes).unwrap_or_default();
        if !prefixes.is_empty() {
            let names: Vec<String> = prefixes.iter().map(|prefix| format!("`{prefix}`")).collect();
            texts.push(format!("{} may stand before it, and is not counted", names.join(" or ")));
        }
        let required = self.field.required.then(|| format!("{} cannot be sent without it", self.around()));
        [fact("Type", texts), fact("Required", required)].into_iter().flatten().collect()
    }

    /// Which value it has where nobody has set one.
    fn values(&self) -> Vec<Fact> {
        let row = self.row();
        let default = row.and_then(|row| row.default);
        let fill = row.map(|row| row.fill).filter(|fill| match (fill, default) {
            (Fill::OneOf([only]), Some(default)) => *only != default,
            _ => true,
        });
        let filled_in = if default.is_some() && fill.is_none() { "; Cognito fills it in" } else { "" };
        let default = default.map(|text| format!("{}, the same as absence{filled_in}", value(text)));
        let mut filled: Vec<String> = fill.and_then(|fill| self.fill(fill)).into_iter().collect();
        if let Some((written, read)) = row.and_then(|row| row.reads_as) {
            filled.push(format!("{} reads back as {}", value(written), value(read)));
        }
        let tiers = row.map(|row| row.not_taken_by).unwrap_or_default();
        if !tiers.is_empty() {
            let tiers = tiers.join(" and ");
            filled.push(format!(
                "on {tiers}, with its default, which Cognito may not take back: poolctl does not send that"
            ));
        }
        let fresh = row.and_then(|row| row.fresh);
        let fresh = fresh.map(|text| format!("may have {} though nobody has chosen it", value(text)));
        [fact("Default", default), fact("New pool", fresh), fact("Filled in", filled)]
            .into_iter()
            .flatten()
            .collect()
    }

    fn fill(&self, fill: Fill) -> Option<String> {
        let left_out = format!("where {} is sent without it", self.around());
        Some(match fill {
            Fill::Nothing => return None,
            Fill::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|text| value(text)).collect();
                format!("with {}, {left_out}", values.join(" or "))
            }
            Fill::ByStructure { given, absent } => format!(
                "with {}, {left_out}; with {} where {} was never sent",
                value(given),
                value(absent),
                self.around(),
            ),
            Fill::Region => format!("with the pool's own Region, {left_out}"),
            Fill::Any if matches!(self.at.segs().last(), Some(Seg::Item(_) | Seg::Index(_))) => {
                "members that it leaves out, with values of Cognito's own".to_owned()
            }
            Fill::Beside(setting) => format!("where the pool has `{setting}`"),
            Fill::Any => format!("with a value of Cognito's own, {left_out}"),
        })
    }

    /// How it is changed, reset and compared.
    fn treatment(&self) -> Vec<Fact> {
        let owner = owner(self.catalogue, self.at);
        let mut changed = vec![match owner {
            Some(Operation::UpdateUserPool) => "by UpdateUserPool, with all other settings of the pool beside it",
            Some(Operation::SetUserPoolMfaConfig) => "by SetUserPoolMfaConfig, which replaces all of MFA",
            Some(Operation::AddCustomAttributes) => {
                "by AddCustomAttributes, which only adds: an attribute that is there never changes and never goes"
            }
            None => {
                "never: it is fixed when a pool is created, and poolctl never replaces a pool, because its users would be lost"
            }
        }
        .to_owned()];
        let repeats = self.row().and_then(|row| row.repeats);
        if let Some(setting) = repeats {
            changed = vec![format!("as `{setting}`, which it repeats: a manifest declares that one")];
        }
        let empty = self.row().and_then(|row| row.empty).map(|empty| match empty {
            Empty::Ensure(meaning) => format!("means: {meaning}; members that are there stay"),
            Empty::Clear(meaning) => format!("means: {meaning}"),
        });
        let secret = self.field.is_sensitive().then(|| "its value is shown in no output".to_owned());
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

    /// Whether it counts as drift though no manifest declares it.
    fn drift(&self) -> Option<String> {
        let unless = "unless it is the default or what a new pool has";
        if self.catalogue.is_watched(self.at) {
            return Some(format!("a live value that no manifest declares counts, {unless}"));
        }
        let inside = self.catalogue.watched_in(self.at);
        let inside: Vec<String> = inside.map(|at| format!("`{at}`")).collect();
        let counts =
            format!("a live value of {} that no manifest declares counts, {unless}", inside.join(", "));
        (!inside.is_empty()).then_some(counts)
    }

    /// What `null` in a manifest does.
    fn null(&self) -> String {
        if self.is_in_a_list() {
            return "is an error: a list is written whole, with what is to be in it".to_owned();
        }
        let text = self.at.to_string();
        if let Some(alias) = self.catalogue.aliases().iter().find(|alias| alias.legacy == text) {
            return format!("as for `{}`", alias.truth);
        }
        match self.catalogue.removal(self.at) {
            Removal::Send(text) => {
                format!("resets it: sends {}{}", value(text), self.apart_from_new(Some(text)))
            }
            Removal::SendRegion => "resets it: sends the pool's own Region".to_owned(),
            Removal::Impossible(reason) => format!("is refused: {reason}"),
            Removal::Omit if self.is_in_a_map() => "takes it away".to_owned(),
            Removal::Omit => {
                format!("resets it: {} goes without it{}", self.around(), self.apart_from_new(None))
            }
        }
    }

    /// What there is to say of the value that `null` sends, or of none: what it means, and whether a new pool
    /// has another one.
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
            true => format!("{meaning}; a new pool may have something else"),
            false => meaning,
        }
    }

    fn comparison(&self) -> Option<String> {
        let reserved = self.row().and_then(|row| row.reserved);
        Some(match (self.field.compare(), self.field.shape.kind) {
            (Compare::Set, _) if self.row().is_some_and(|row| row.presence) => {
                "as a set, where an empty one is not the same as none".to_owned()
            }
            (Compare::Set, _) => "as a set: order and repetitions mean nothing".to_owned(),
            (Compare::Keyed { key, order }, _) => {
                format!("element by element, each known by its `{key}`, in the order of `{order}`")
            }
            (Compare::Attributes, _) => {
                "attribute by attribute, each known by its `Name`, with `custom:` before it or without"
                    .to_owned()
            }
            (Compare::NumericText, _) => "as a number, though it is text".to_owned(),
            (Compare::ByShape, Kind::List) => "in order".to_owned(),
            (Compare::ByShape, Kind::Map) => match reserved {
                Some(prefix) => {
                    format!(
                        "key by key; keys that begin with `{prefix}` are AWS's own: neither compared nor sent"
                    )
                }
                None => "key by key".to_owned(),
            },
            (Compare::ByShape, Kind::Structure) => match self.row().is_some_and(|row| row.presence) {
                true => "member by member; an empty one is not the same as none".to_owned(),
                false => "member by member".to_owned(),
            },
            (Compare::ByShape, _) => return None,
        })
    }

    /// What else it is called.
    fn names(&self) -> Vec<Fact> {
        let deprecated = self.row().and_then(|row| row.deprecated_for);
        let deprecated = deprecated.map(|successor| format!("set `{successor}` in its place"));
        let mut others = Vec::new();
        for alias in self.catalogue.aliases() {
            if overlap(self.at, &pattern_path(alias.truth))
                && self.at.segs().len() >= pattern_path(alias.truth).segs().len()
            {
                others.push(format!("`{}`, its older name; Cognito keeps the two the same", alias.legacy));
            }
        }
        for (mirror, truth) in self.catalogue.mfa_mirrors() {
            if truth == self.at && mirror != truth {
                others.push(format!("`{mirror}` in the MFA configuration, which repeats it"));
            }
            if mirror == self.at && mirror != truth {
                others.push(format!("`{truth}`, which it repeats"));
            }
        }
        let name = self.at.head().filter(|_| self.at.segs().len() == 1).unwrap_or_default();
        if Catalogue::read_name(name) != name {
            others.push(format!("`{}` in what DescribeUserPool prints", Catalogue::read_name(name)));
        }
        [fact("Deprecated", deprecated), fact("Also named", others)].into_iter().flatten().collect()
    }

    /// What else is worth knowing, and how sure all this is.
    fn sources(&self) -> Vec<Fact> {
        let notes = self.catalogue.notes(self.at).into_iter().map(str::to_owned);
        let evidence = match self.row() {
            Some(row) => sureness(row.evidence),
            None => {
                "the API model for its name and type; documentation, or the name itself, for what it does"
            }
        };
        [fact("Note", notes), fact("Evidence", [evidence.to_owned()])].into_iter().flatten().collect()
    }

    fn risks(&self) -> Option<Part> {
        let row = |risk: &Risk| {
            let weight = if risk.blocks { "blocks" } else { "speaks" };
            (risk.code.to_owned(), format!("{weight}: {}", risk.text))
        };
        table("Risks of a change", super::risks(self.at).map(row).collect())
    }

    fn rules(&self) -> Option<Part> {
        let about = |rule: &&Rule| rule.about.iter().any(|about| overlap(&pattern_path(about), self.at));
        let rows = cross::all().filter(about).map(|rule| (rule.code.to_owned(), rule.what.to_owned()));
        table("Rules, and where they are broken", once(rows))
    }

    /// What stands in it, if it is a structure or holds some.
    fn members(&self) -> Option<Part> {
        let shape = self.field.shape;
        let (title, inner, names) = match (shape.kind, self.field.inner()) {
            (Kind::Structure, _) => ("Members", self.at.clone(), &shape.members),
            (Kind::List, Some(element)) if element.kind == Kind::Structure => {
                ("Members of an element", self.at.join(Seg::Index(0)), &element.members)
            }
            (Kind::Map, Some(value)) if value.kind == Kind::Structure => {
                ("Members of a value", self.at.member("*"), &value.members)
            }
            _ => return None,
        };
        let row = |(name, _): &(String, String)| {
            let doc = self.catalogue.doc(&inner.member(name)).unwrap_or_default();
            (name.clone(), doc.to_owned())
        };
        table(title, names.iter().map(row).collect())
    }
}

/// The table under this title, if there is anything in it.
fn table(title: &str, rows: Vec<(String, String)>) -> Option<Part> {
    (!rows.is_empty()).then(|| Part::Table(title.to_owned(), rows))
}
