//! Resource servers: an update replaces the scopes, also by none.

use serde_json::json;

use super::answer::Refusal;
use super::case::text;
use super::keyed::{CollectionRow, KeyedVerb, ListForm};
use super::state::Collection;
use crate::document::{Json, Object};

/// Resource servers. One that app clients name can be deleted. **\[R\]**
pub(super) const RESOURCE_SERVERS: CollectionRow = CollectionRow {
    collection: Collection::ResourceServers,
    operations: &[
        ("CreateResourceServer", KeyedVerb::Create),
        ("DescribeResourceServer", KeyedVerb::Read),
        ("UpdateResourceServer", KeyedVerb::Update),
        ("DeleteResourceServer", KeyedVerb::Delete),
        ("ListResourceServers", KeyedVerb::List),
    ],
    shape: "ResourceServerType",
    wrapper: "ResourceServer",
    list: ListForm { member: "ResourceServers", largest: 50, ..ListForm::PAGED },
    // [D]
    most: 25,
    // [I]
    missing: |_, key, _| Refusal::missing(format!("Resource server {key} does not exist.")),
    // [C] an emulator's words. The model has no exception of its own for it. [M]
    taken: |key, pool| Refusal::invalid(format!("{key} already exists in user pool {pool}.")),
    protected: managed,
    shown: sorted,
    ..CollectionRow::PLAIN
};

/// What Cognito owns is not the caller's to change; wording **\[I\]**.
fn managed(server: &Object) -> Option<Refusal> {
    text(server, "ManagedBy").map(|_| {
        let identifier = text(server, "Identifier").unwrap_or_default();
        Refusal::invalid(format!("Resource server {identifier} is managed by Cognito and cannot be changed."))
    })
}

/// The scopes come back by their names **\[L\]**, and as an empty list if there are none **\[I\]**.
fn sorted(server: &mut Object) {
    let scopes = server.entry("Scopes").or_insert_with(|| json!([]));
    if let Json::Array(scopes) = scopes {
        scopes.sort_by(|one, other| name(one).cmp(name(other)));
    }
}

fn name(scope: &Json) -> &str {
    scope.get("ScopeName").and_then(Json::as_str).unwrap_or_default()
}

/// Whether a resource server has the scope that app clients name like this: `IDENTIFIER/NAME`.
pub(super) fn has_scope(identifier: &str, server: &Json, scope: &str) -> bool {
    let scopes = server.get("Scopes").and_then(Json::as_array).into_iter().flatten();
    let wanted = scope.strip_prefix(identifier).and_then(|rest| rest.strip_prefix('/'));
    wanted.is_some_and(|wanted| scopes.map(name).any(|name| name == wanted))
}
