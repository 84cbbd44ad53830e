//! The schema of a setting: its shape and its description.

use serde_json::json;

use super::apart;
use super::frame::{self, UNESCAPED};
use super::pattern::ecma;
use crate::catalogue::{Catalogue, Compare, Field, literal};
use crate::document::{Json, Object, Path, Seg, TAGS};
use crate::explain;
use crate::shapes::{Shape, ShapeKind};

/// The levels of settings that are described; the API has 5. A model of others may not end.
const DEEPEST: usize = 12;

/// The setting at `at` as a member of a structure's `properties`, or `None` if manifests cannot name it.
pub(super) fn member(catalogue: &Catalogue, at: &Path) -> Option<(String, Json)> {
    let field = catalogue.setting(at)?;
    if field.row.is_some_and(|row| row.repeats.is_some()) {
        return None;
    }
    let name = match at.segs().last()? {
        Seg::Member(name) => name.to_string(),
        Seg::Item(_) | Seg::Index(_) => String::new(),
    };
    Some((name, Setting { catalogue, at, field }.schema()))
}

struct Setting<'a> {
    catalogue: &'a Catalogue,
    at: &'a Path,
    field: Field<'a>,
}

impl Setting<'_> {
    fn schema(&self) -> Json {
        let mut schema = self.words();
        let value = match self.field.shape.kind {
            _ if self.at.segs().len() > DEEPEST => Object::new(),
            ShapeKind::Structure => self.structure(),
            ShapeKind::Map => self.map(),
            ShapeKind::List => self.list(),
            // A file may have the whole document.
            ShapeKind::Document => object(json!({
                "type": ["object", "null", "string"],
                "pattern": r"^\$\{file:[^}]+\}$",
            })),
            _ => self.scalar(),
        };
        schema.extend(value);
        Json::Object(schema)
    }

    /// The annotations.
    fn words(&self) -> Object {
        let mut words = Object::new();
        let mut put = |key: &str, value: Json| drop(words.insert(key.to_owned(), value));
        put("title", self.title().into());
        // Editors show plain text, in which backticks are noise.
        put("description", self.description().replace('`', "").into());
        let row = self.field.row;
        if let Some(successor) = row.and_then(|row| row.deprecated_for) {
            put("deprecated", true.into());
            // Not of the standard: what editors show beside a member that is deprecated.
            put("deprecationMessage", format!("Set {successor} instead.").into());
        }
        if let Some(default) = row.and_then(|row| row.default) {
            put("default", literal(default));
        }
        if let Some(example) = self.catalogue.example(self.at) {
            put("examples", json!([example]));
        }
        words
    }

    /// The setting's path; an element of a list and a key of a map are any.
    fn title(&self) -> String {
        let is_any = |seg: &Seg| match seg {
            Seg::Member(name) => &**name == "*",
            Seg::Item(_) | Seg::Index(_) => true,
        };
        let pattern = self.catalogue.pattern(self.at).filter(|_| self.at.segs().iter().any(is_any));
        pattern.unwrap_or_else(|| self.at.to_string())
    }

    /// The description of the setting, with the risks of a change.
    fn description(&self) -> String {
        let doc = self.catalogue.doc(self.at);
        let doc = doc.unwrap_or("Newer than this version of poolctl, which has no description of it.");
        // The members of a structure have the risks.
        let codes: Vec<String> = match self.field.shape.kind {
            ShapeKind::Structure => Vec::new(),
            _ => explain::risks(self.at).map(|risk| format!("`{}`", risk.code)).collect(),
        };
        match codes.split_last() {
            None => doc.to_owned(),
            Some((only, [])) => format!("{doc} A change may carry the risk {only}."),
            Some((last, rest)) => {
                format!("{doc} A change may carry the risks {} and {last}.", rest.join(", "))
            }
        }
    }

    /// Whether it is in a list. Lists are declared whole: nothing in them can be reset, and a structure must be
    /// complete.
    fn is_listed(&self) -> bool {
        self.at.written_at() != *self.at
    }

    /// The name of a JSON type, with `null` for Cognito's default where that can be said.
    fn kind(&self, name: &str) -> Json {
        if self.is_listed() || self.is_document() { json!(name) } else { json!([name, "null"]) }
    }

    /// Whether it is a whole document, or all documents of a resource. Documents have no default.
    fn is_document(&self) -> bool {
        let resource = self.catalogue.resource(self.at);
        self.has_label() || resource.branch.is_some() && self.catalogue.document_root(self.at) == *self.at
    }

    /// Whether it is a document with a label, which may also say that the document must not exist.
    fn has_label(&self) -> bool {
        self.field.row.is_some_and(|row| row.document)
    }

    fn structure(&self) -> Object {
        let names = self.field.shape.members.iter().map(|(name, _)| self.at.member(name));
        let members = names.filter_map(|at| member(self.catalogue, &at)).collect::<Object>();
        let mut schema = object(json!({
            "type": self.kind("object"),
            "additionalProperties": false,
            "properties": members,
        }));
        if self.is_listed() {
            let needed = self.needed();
            if !needed.is_empty() {
                schema.insert("required".to_owned(), json!(needed));
            }
        } else if self.is_empty_an_error() {
            schema.insert("minProperties".to_owned(), json!(1));
        }
        if self.has_label() {
            self.own(&mut schema);
        }
        schema
    }

    /// Adds poolctl's own members of a document with a label. A removal has no settings.
    fn own(&self, schema: &mut Object) {
        let resource = self.catalogue.resource(self.at);
        let has_id = resource.listing.is_some() && resource.natural_key().is_none();
        let mut own = frame::labelled(has_id);
        if resource.hangs_on.is_some() {
            own.shift_remove(frame::LIKE);
        }
        let settings = json!({ "not": { "required": ["remove"] } });
        let of_removal: Vec<&String> = own.keys().filter(|name| *name != frame::LIKE).collect();
        let removal = json!({ "required": ["remove"], "propertyNames": { "enum": of_removal } });
        if let Some(Json::Object(members)) = schema.get_mut("properties") {
            members.extend(own);
        }
        schema.insert("anyOf".to_owned(), json!([settings, removal]));
        schema.insert(
            "dependentRequired".to_owned(),
            json!({ "remove": ["reason"], "reason": ["remove"], "until": ["remove"] }),
        );
    }

    /// The members without which an element of a list is none: those that the model demands, and the one
    /// by which it is known.
    fn needed(&self) -> Vec<String> {
        let list = self.at.parent().filter(|_| !matches!(self.at.segs().last(), Some(Seg::Member(_))));
        let key = list.and_then(|list| self.catalogue.setting(&list)?.key_member());
        let required = self.field.shape.required;
        let needed = required.iter().copied().chain(key.filter(|key| !required.contains(key)));
        needed.map(str::to_owned).collect()
    }

    fn is_empty_an_error(&self) -> bool {
        self.field.row.is_none_or(|row| row.empty.is_none())
    }

    fn map(&self) -> Object {
        let known = self.catalogue.known_keys(self.at);
        let known = known.into_iter().filter_map(|key| member(self.catalogue, &self.at.member(key)));
        let any = member(self.catalogue, &self.at.member("*")).map_or(json!(true), |(_, value)| value);
        let mut schema = object(json!({ "type": self.kind("object") }));
        // What the table has by name is offered by editors.
        let known = known.collect::<Object>();
        if !known.is_empty() {
            schema.insert("properties".to_owned(), known.into());
        }
        let mut keys = self.field.key().map(text).unwrap_or_default();
        if let Some(prefix) = self.field.row.and_then(|row| row.reserved) {
            keys.insert("not".to_owned(), json!({ "pattern": in_any_case(prefix) }));
        }
        if !keys.is_empty() {
            // A label, or a tag, may be made of variables.
            let is_named =
                self.catalogue.resource(self.at).root() == *self.at || self.at.head() == Some(TAGS);
            let keys = if is_named { json!({ "anyOf": [keys, frame::variable()] }) } else { keys.into() };
            schema.insert("propertyNames".to_owned(), keys);
        }
        schema.insert("additionalProperties".to_owned(), any);
        let least = if self.is_empty_an_error() { 1 } else { 0 };
        bounds(&mut schema, self.field.shape, least, ["minProperties", "maxProperties"]);
        schema
    }

    fn list(&self) -> Object {
        let element = self.at.join(Seg::Index(0));
        let items = member(self.catalogue, &element).map_or(json!(true), |(_, items)| items);
        let mut schema = object(json!({ "type": self.kind("array"), "items": &items }));
        bounds(&mut schema, self.field.shape, 0, ["minItems", "maxItems"]);
        if self.field.compare() != Compare::Set {
            return schema;
        }
        schema.insert("uniqueItems".to_owned(), true.into());
        if self.is_listed() {
            return schema;
        }
        let elements = json!({ "type": "array", "items": items, "uniqueItems": true });
        let declares = ["has", "lacks"]
            .map(|key| json!({ "required": [key], "properties": { key: { "minItems": 1 } } }));
        let by_elements = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": { "has": &elements, "lacks": elements },
            "anyOf": declares,
        });
        object(json!({ "anyOf": [schema, by_elements] }))
    }

    /// A scalar: as its shape says, or a text with a reference in it, or `null`.
    fn scalar(&self) -> Object {
        let mut ways = self.plain();
        ways.push(apart("reference"));
        if !self.is_listed() {
            ways.push(json!({ "type": "null" }));
        }
        object(json!({ "anyOf": ways }))
    }

    /// What the scalar is where it holds no reference: any of these.
    fn plain(&self) -> Vec<Json> {
        let shape = self.field.shape;
        let one = match shape.kind {
            ShapeKind::Integer => {
                let mut schema = object(json!({ "type": "integer" }));
                schema.extend(shape.min.map(|min| ("minimum".to_owned(), min.into())));
                schema.extend(shape.max.map(|max| ("maximum".to_owned(), max.into())));
                schema.into()
            }
            ShapeKind::Boolean => json!({ "type": "boolean" }),
            ShapeKind::Float | ShapeKind::Timestamp => json!({ "type": "number" }),
            ShapeKind::Blob => json!({ "type": "string", "contentEncoding": "base64" }),
            ShapeKind::Other => json!({ "type": ["string", "number", "boolean"] }),
            // Without a type: editors would quote the values, and not the default.
            _ if !shape.allowed.is_empty() => json!({ "enum": shape.allowed }),
            _ => return self.text(),
        };
        vec![one]
    }

    /// A text, with one of the prefixes that are no part of it, or without.
    fn text(&self) -> Vec<Json> {
        let prefixes = self.field.row.map_or(&[][..], |row| row.prefixes);
        let shape = self.field.shape;
        if prefixes.is_empty() {
            return vec![string(text(shape), UNESCAPED)];
        }
        let bare = string(text(shape), &format!("^(?:{})|{UNESCAPED}", prefixes.join("|")));
        let with = prefixes.iter().map(|prefix| {
            let length = i64::try_from(prefix.chars().count()).unwrap_or_default();
            let longer = |bound: Option<i64>| bound.map(|bound| bound.saturating_add(length));
            let shape = Shape { min: longer(shape.min.or(Some(0))), max: longer(shape.max), ..*shape };
            let mut with = bounded(&shape);
            let rest = pattern(&shape).unwrap_or_else(|| r"[\s\S]*".to_owned());
            with.insert("pattern".to_owned(), format!("^{prefix}(?:{rest})?$").into());
            string(with, UNESCAPED)
        });
        std::iter::once(bare).chain(with).collect()
    }
}

/// The same as a schema of texts in which `not` is not found.
fn string(text: Object, not: &str) -> Json {
    let mut schema = object(json!({ "type": "string" }));
    schema.extend(text);
    // A value of another type has its own mistake, and not this one too.
    schema.insert("not".to_owned(), json!({ "type": "string", "pattern": not }));
    schema.into()
}

/// What the shape demands of a text.
fn text(shape: &Shape) -> Object {
    let mut schema = Object::new();
    if let Some(pattern) = pattern(shape) {
        // Where a text may be empty, an empty one need not match.
        let empty = if shape.min.unwrap_or(0) > 0 { "" } else { "?" };
        schema.insert("pattern".to_owned(), format!("^(?:{pattern}){empty}$").into());
    }
    schema.extend(bounded(shape));
    schema
}

/// The lengths that the shape lets a text have.
fn bounded(shape: &Shape) -> Object {
    let mut schema = Object::new();
    bounds(&mut schema, shape, 0, ["minLength", "maxLength"]);
    schema
}

/// The shape's pattern, unless any text matches it.
fn pattern(shape: &Shape) -> Option<String> {
    ecma(shape.pattern?).filter(|pattern| pattern != r"[\s\S]*")
}

/// Adds the shape's bounds of a count under these names, the lower one at least `least`.
fn bounds(schema: &mut Object, shape: &Shape, least: i64, names: [&str; 2]) {
    let min = shape.min.unwrap_or(0).max(least);
    schema.extend((min > 0).then(|| (names[0].to_owned(), min.into())));
    schema.extend(shape.max.map(|max| (names[1].to_owned(), max.into())));
}

/// The members of a JSON object.
fn object(value: Json) -> Object {
    match value {
        Json::Object(members) => members,
        _ => Object::new(),
    }
}

/// The pattern of texts that begin with this prefix, in upper or lower case.
fn in_any_case(prefix: &str) -> String {
    let letter = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
        false => c.to_string(),
    };
    format!("^{}", prefix.chars().map(letter).collect::<String>())
}
