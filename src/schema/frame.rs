//! The schema of a manifest's frame: the keys around the settings.

use serde_json::json;

use super::apart;
use crate::catalogue::Catalogue;
use crate::document::{DocumentId, Json, Object};
use crate::rules::house::HOUSE;
use crate::rules::{acknowledge, cross};

/// The keys of a manifest, with these settings and branches in it.
pub(super) fn properties(catalogue: &Catalogue, settings: Object, branches: Object) -> Json {
    let parts = [head(), content(catalogue, settings), Json::Object(branches), exemptions()];
    parts
        .iter()
        .filter_map(Json::as_object)
        .flatten()
        .map(|(key, schema)| (key.clone(), schema.clone()))
        .collect()
}

/// The keys before the settings: the file, and its pool.
fn head() -> Json {
    json!({
        "version": {
            "title": "version",
            "description": "The version of the manifest format.",
            "const": 1,
        },
        "requires": {
            "title": "requires",
            "description": "The versions of poolctl that may use this file.",
            "type": ["string", "number"],
            "pattern": format!("^{COMPARATOR}(?:,{COMPARATOR})*$"),
            "examples": [">=1.0"],
        },
        "pool": text(
            "pool",
            "The pool's id. Its Region is the part before the underscore. A file that others extend has none.",
            json!({ "type": "string", "maxLength": 55, "pattern": r"^[a-z]+(?:-[a-z]+)+-[0-9]+_[0-9A-Za-z]+$" }),
            "eu-west-1_a1B2c3D4E",
        ),
        "create": text(
            "create",
            "The word that the pool carries as the tag poolctl:create, in the place of pool: the pool is made if there is none. It ends in at least eight random letters and digits. The file needs region, account and PoolName too.",
            json!({ "type": "string", "maxLength": 128, "pattern": "^(?:[0-9A-Za-z][0-9A-Za-z-]*-)?[0-9A-Za-z]{8,}$" }),
            "customers-staging-7f3k9q2m",
        ),
        "region": text(
            "region",
            "The Region to call, if it differs from the one in the pool's id.",
            json!({ "type": "string", "pattern": "^[a-z]+(?:-[a-z]+)+-[0-9]+$" }),
            "eu-west-1",
        ),
        "account": text(
            "account",
            "The account of the pool. Credentials of another account are refused.",
            json!({ "type": "string", "pattern": "^[0-9]{12}$" }),
            "111122223333",
        ),
        "extends": {
            "title": "extends",
            "description": "The files that this one extends. Mappings are merged, later values win, and lists are replaced.",
            "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "items": { "type": "string", "minLength": 1 } },
            ],
            "examples": ["base.yaml"],
        },
    })
}

/// The keys with the settings.
fn content(catalogue: &Catalogue, settings: Object) -> Json {
    json!({
        "settings": {
            "title": "settings",
            "description": "The settings to manage, under their names in the API. All other settings stay as they are.",
            "type": "object",
            "additionalProperties": false,
            "properties": settings,
        },
        "templates": {
            "title": "templates",
            "description": "Settings under names. An entry of a branch that says like: NAME has them below its own.",
            "type": "object",
            "additionalProperties": { "type": "object", "propertyNames": { "pattern": "^[^a-z]" } },
            "examples": [{ "spa": { "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"] } }],
        },
        "passthrough": {
            "title": "passthrough",
            "description": "Settings that are newer than this poolctl. They are merged into the settings at any depth, and sent unchecked.",
            "type": "object",
            "propertyNames": { "not": { "enum": catalogue.unsendable() } },
        },
        "unmanaged": {
            "title": "unmanaged",
            "description": "Whether unmanaged live settings are only counted (keep) or listed (report). They stay as they are in both cases.",
            "enum": ["keep", "report"],
            "default": "keep",
        },
        "watch": {
            "title": "watch",
            "description": "The branches of which drift reports every undeclared entry, even if this file declares none.",
            "type": "array",
            "uniqueItems": true,
            "items": { "enum": DocumentId::LABELLED.map(|branch| branch.name()) },
            "examples": [["identityProviders"]],
        },
    })
}

/// The lists of entries that exempt something: settings, risks and rules.
fn exemptions() -> Json {
    json!({
        "ignore": list(
            "ignore",
            "Settings that others manage. They stay as they are, and are never listed. An entry with a code acknowledges a note.",
            "ignored",
            json!([
                { "path": "LambdaConfig.PostConfirmation", "reason": "owned by billing" },
                { "code": "co-owned", "reason": "the stack only creates the pool" },
            ]),
        ),
        "allow": list(
            "allow",
            "Accepted risks and rules.",
            "permit",
            json!([{ "risk": "trigger-removal", "path": "LambdaConfig.PreSignUp", "reason": "retired" }]),
        ),
        "omit": list(
            "omit",
            "The last resort: live values that Cognito returns but does not accept, and that requests leave out.",
            "exemption",
            json!([{ "path": "AcrConfiguration", "reason": "the pool is on LITE" }]),
        ),
    })
}

/// The schemas that others refer to.
pub(super) fn definitions() -> Json {
    let path = json!({
        "title": "path",
        "description": "A setting, as plans show it.",
        "type": "string",
        "minLength": 1,
        "examples": ["LambdaConfig.PreSignUp"],
    });
    let (reason, until, house) = (reason(), until(), house());
    json!({
        "reference": reference("A text with ${var:…}, ${secret:…}, ${file:…} or ${base64:…} in it.", &[VARIABLE, SECRET, FILE]),
        "public-reference": reference("The same without a secret.", &[VARIABLE, FILE]),
        "exemption": {
            "type": "object",
            "required": ["path", "reason"],
            "additionalProperties": false,
            "properties": { "path": path, "reason": reason, "until": until },
        },
        "ignored": {
            "type": "object",
            "required": ["reason"],
            "anyOf": [{ "required": ["path"] }, { "required": ["code"] }],
            "additionalProperties": false,
            "properties": {
                "path": path,
                "code": code("code", "The note that is acknowledged.", &acknowledgeable()),
                "reason": reason,
                "until": until,
            },
        },
        "permit": {
            "type": "object",
            "required": ["reason"],
            "oneOf": [{ "required": ["risk"] }, { "required": ["rule"] }],
            "if": { "required": ["risk"], "properties": { "risk": house } },
            "then": { "required": ["until"] },
            "additionalProperties": false,
            "properties": {
                "risk": { "anyOf": [code("risk", "The risk that is accepted.", &risks()), house] },
                "rule": code("rule", "The rule that may be broken.", &rules()),
                "path": path,
                "reason": reason,
                "until": until,
            },
        },
    })
}

/// The rule of the house that a pool is exempted from.
fn house() -> Json {
    json!({
        "title": "risk",
        "description": "The rule of poolctl.yaml that the pool is exempted from. The entry needs an `until`.",
        "type": "string",
        "pattern": format!("^{HOUSE}"),
    })
}

/// Why an entry exists.
fn reason() -> Json {
    json!({
        "title": "reason",
        "description": "The reason, for later readers.",
        "type": ["string", "number", "boolean"],
        "pattern": r"\S",
    })
}

/// The last day of an entry.
fn until() -> Json {
    json!({
        "title": "until",
        "description": "The last day (UTC) on which the entry is valid.",
        "type": "string",
        "format": "date",
        "pattern": "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$",
        "examples": ["2027-01-31"],
    })
}

/// The member of an entry that names its template.
pub(super) const LIKE: &str = "like";

/// poolctl's own members of an entry with a label; with the id, if the label is not the service's name for it.
pub(super) fn labelled(has_id: bool) -> Object {
    let id = json!({
        "title": "id",
        "description": "The id that Cognito gave it. With an id, the label and the name may change.",
        "type": "string",
        "pattern": r"\S",
    });
    let remove = json!({
        "title": "remove",
        "description": "Removes it. The entry then has a reason, and no settings.",
        "const": true,
    });
    let like = json!({
        "title": "like",
        "description": "The template whose settings the entry has below its own.",
        "type": "string",
        "examples": ["spa"],
    });
    let own = [("id", id), (LIKE, like), ("remove", remove), ("reason", reason()), ("until", until())];
    own.into_iter()
        .filter(|(name, _)| has_id || *name != "id")
        .map(|(name, own)| (name.to_owned(), own))
        .collect()
}

/// One bound of a range of versions.
const COMPARATOR: &str = r"\s*(?:[<>]=?|[=~^])?\s*[0-9*xX]+(?:\.[0-9*xX]+){0,2}(?:[-+][0-9A-Za-z.+-]+)?\s*";

/// What can stand inside of `${ }`.
const VARIABLE: &str = "var:[A-Za-z_][A-Za-z0-9_]*(?::-[^}]*)?";
const SECRET: &str = "secret:[A-Za-z_][A-Za-z0-9_]*";
const FILE: &str = "(?:file|base64):[^}]+";

/// The start of a reference; `$${` is none.
pub(super) const UNESCAPED: &str = r"(?:^|[^$])\$\{";

/// A key with a variable in it.
pub(super) fn variable() -> Json {
    json!({ "pattern": format!(r"{UNESCAPED}(?:{VARIABLE})\}}") })
}

fn reference(comment: &str, kinds: &[&str]) -> Json {
    json!({
        "$comment": comment,
        "type": "string",
        "pattern": format!(r"{UNESCAPED}(?:{})\}}", kinds.join("|")),
        // No description: editors would show it in place of the setting's own. This tells them that it is
        // another schema than its sibling; a text has no properties.
        "properties": {},
    })
}

fn text(title: &str, description: &str, plain: Json, example: &str) -> Json {
    json!({
        "title": title,
        "description": description,
        "anyOf": [plain, apart("public-reference")],
        "examples": [example],
    })
}

fn list(title: &str, description: &str, entry: &str, example: Json) -> Json {
    json!({
        "title": title,
        "description": description,
        "type": "array",
        "items": apart(entry),
        "examples": [example],
    })
}

/// Codes, each with its text.
fn code(title: &str, description: &str, codes: &[(&str, &str)]) -> Json {
    let (codes, words): (Vec<&str>, Vec<&str>) = codes.iter().copied().unzip();
    json!({
        "title": title,
        "description": description,
        "enum": codes,
        // Not of the standard: what editors show beside a value.
        "enumDescriptions": words,
    })
}

fn acknowledgeable() -> Vec<(&'static str, &'static str)> {
    acknowledge::REPEATED.into_iter().chain(rules()).collect()
}

fn risks() -> Vec<(&'static str, &'static str)> {
    Catalogue::risks().iter().map(|risk| (risk.code, risk.text)).collect()
}

/// The rules' codes; several rules may share one.
fn rules() -> Vec<(&'static str, &'static str)> {
    cross::all().fold(Vec::new(), |mut rules, rule| {
        if rules.iter().all(|(code, _)| *code != rule.code) {
            rules.push((rule.code, rule.what));
        }
        rules
    })
}
