//! Exports of Pulumi stacks, and checkpoints of Pulumi and SST.

use super::{OtherTool, ToolFile, ToolFileError, ToolKind, ToolResource, misfit, objects, pool_in, text};
use crate::document::{Json, Object};
use crate::manifest::is_pool_id;

pub(super) const EXPORT: &str = "run `pulumi stack export | poolctl import --from-pulumi -`";

/// Reads an export or a checkpoint.
///
/// Source of the format: `sdk/go/common/apitype/core.go` of Pulumi (`DeploymentV3`, `ResourceV3`).
pub(super) fn read(document: &Object) -> Result<ToolFile, ToolFileError> {
    let latest = || document.get("checkpoint").and_then(|checkpoint| checkpoint.get("latest"));
    let Some(deployment) = document.get("deployment").or_else(latest).and_then(Json::as_object) else {
        return Err(misfit(document, ("an export of a Pulumi stack", EXPORT)));
    };
    // One that only looks a resource up, or one that is about to be deleted, is not the stack's.
    let is_own =
        |one: &&Object| ["external", "delete"].iter().all(|mark| one.get(*mark) != Some(&Json::Bool(true)));
    let all: Vec<&Object> = objects(deployment, "resources").filter(is_own).collect();
    let resources: Vec<ToolResource> = all.iter().filter_map(|one| resource(one)).collect();
    let referring = referring(&all, &resources);
    Ok(ToolFile::new(OtherTool::Pulumi, resources, referring))
}

fn resource(one: &Object) -> Option<ToolResource> {
    let kind = ToolKind::of(text(one, "type")?)?;
    let (urn, id) = (text(one, "urn")?, text(one, "id"));
    let outputs = one.get("outputs").and_then(Json::as_object);
    let named = outputs.and_then(|outputs| text(outputs, "userPoolId")).filter(|pool| is_pool_id(pool));
    let pool = named.map(str::to_owned).or_else(|| pool_in(id?));
    let is = |mark| one.get(mark) == Some(&Json::Bool(true));
    let resource = ToolResource::new(kind, urn, pool).of_client(id, &[urn.rsplit("::").next()]);
    Some(ToolResource { is_retained: is("retainOnDelete"), is_protected: is("protect"), ..resource })
}

/// The URNs of other resources that depend on these, and the stack's outputs that have their ids.
fn referring(all: &[&Object], ours: &[ToolResource]) -> Vec<String> {
    let is_ours = |urn: &str| ours.iter().any(|resource| resource.name == urn);
    let needs = |one: &Object| {
        let needed = one.get("dependencies").and_then(Json::as_array).into_iter().flatten();
        needed.filter_map(Json::as_str).any(is_ours)
    };
    let others =
        all.iter().filter_map(|one| Some((*one, text(one, "urn")?))).filter(|(_, urn)| !is_ours(urn));
    let mut names: Vec<String> =
        others.filter(|(one, _)| needs(one)).map(|(_, urn)| urn.to_owned()).collect();
    let ids: Vec<&str> = all
        .iter()
        .filter(|one| text(one, "urn").is_some_and(is_ours))
        .filter_map(|one| text(one, "id"))
        .collect();
    let stack = all.iter().find(|one| text(one, "type") == Some("pulumi:pulumi:Stack"));
    let outputs =
        stack.and_then(|stack| stack.get("outputs")).and_then(Json::as_object).into_iter().flatten();
    let repeats = |value: &Json| value.as_str().is_some_and(|text| ids.contains(&text));
    names.extend(outputs.filter(|(_, value)| repeats(value)).map(|(name, _)| format!("output {name}")));
    names
}
