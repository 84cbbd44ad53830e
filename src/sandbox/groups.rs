//! Groups: an update keeps every member that it leaves out.

use super::answer::Refusal;
use super::ids;
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::omission::Omitted;
use super::state::Collection;
use crate::document::{Json, Object};

/// Groups. That omitted members stay rests on another tool's updates **\[C\]**; so neither the role nor the
/// precedence can be removed again. Nobody has measured whether members that the model does not know stay too
/// **\[I\]**.
pub(super) const GROUPS: CollectionRow = CollectionRow {
    collection: Collection::Groups,
    operations: &[
        ("CreateGroup", KeyedVerb::Create),
        ("GetGroup", KeyedVerb::Read),
        ("UpdateGroup", KeyedVerb::Update),
        ("DeleteGroup", KeyedVerb::Delete),
        ("ListGroups", KeyedVerb::List),
    ],
    shape: "GroupType",
    wrapper: "Group",
    list: ListForm { member: "Groups", size: "Limit", ..ListForm::PAGED },
    // [D]
    most: 10_000,
    // [I]
    missing: |_, _, _| Refusal::missing("Group not found."),
    // The exception [M], the words [I].
    taken: |_, _| Refusal::new("GroupExistsException", "A group with the name already exists."),
    omitted: |_, _| &Omitted::Keep,
    rules: &[role_of_another_account],
    ..CollectionRow::PLAIN
};

/// **\[L\]** A pool without an ARN is everybody's: not judged.
fn role_of_another_account(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    let account = |arn: &Json| arn.as_str().and_then(ids::account_of).map(str::to_owned);
    let role = account(write.request.get("RoleArn")?);
    let own = account(write.live.pool.get("Arn")?)?;
    (role? != own).then(|| Refusal::invalid("Cross-account pass role is not allowed."))
}
