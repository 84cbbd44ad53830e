//! States and plans of Terraform and OpenTofu.

use super::{
    OtherTool, ToolFile, ToolFileError, ToolKind, ToolProgram, ToolResource, misfit, objects, pool_in, text,
};
use crate::document::{Json, Object};
use crate::manifest::is_pool_id;

/// How a state is read from any backend. No file with its secrets is left.
pub(super) const PULL: &str =
    "run `terraform state pull | poolctl import --from-terraform -`, or the same with `tofu`";

/// What to do with a state of a newer version.
const NEWER: &str = "run `terraform show -json | poolctl import --from-terraform -`, use a newer poolctl, or run `poolctl import POOL_ID`";

/// What to do with a state of an older version.
const OUTDATED: &str = "run `terraform apply` of Terraform 0.12 or newer once, and save the state again; or run `poolctl import POOL_ID`";

/// The version of the only format of states that the tools write since Terraform 0.12.
///
/// Source: `internal/states/statefile/version4.go` of Terraform and OpenTofu.
const FORMAT: u64 = 4;

/// Attributes whose values an output may repeat: by these, an output refers to a resource. None of them is printed.
const REPEATED: &[&str] =
    &["id", "arn", "endpoint", "domain", "client_secret", "cloudfront_distribution_arn"];

/// An instance of a resource, from whichever file.
struct Instance<'a> {
    /// The address of its module; empty for the root.
    module: &'a str,
    is_data: bool,
    kind: &'a str,
    name: &'a str,
    index: Option<&'a Json>,
    attributes: &'a Object,
    /// The addresses that it depends on, also by way of others.
    needs: Vec<&'a str>,
}

impl Instance<'_> {
    /// The address of the resource, without a key of its own.
    fn address(&self) -> String {
        let data = if self.is_data { "data." } else { "" };
        let dot = if self.module.is_empty() { "" } else { "." };
        format!("{}{dot}{data}{}.{}", self.module, self.kind, self.name)
    }

    /// The resource that a manifest can declare, if it is one.
    fn resource(&self) -> Option<ToolResource> {
        let kind = ToolKind::of(self.kind).filter(|_| !self.is_data)?;
        let id = text(self.attributes, "id");
        let named = text(self.attributes, "user_pool_id").filter(|pool| is_pool_id(pool));
        let pool = named.map(str::to_owned).or_else(|| pool_in(id?));
        let key = self.index.and_then(Json::as_str);
        Some(ToolResource::new(kind, self.address(), pool).of_client(id, &[key, Some(self.name)]))
    }
}

/// Reads a state, or what `show -json` printed of a state or a plan.
pub(super) fn read(document: &Object) -> Result<ToolFile, ToolFileError> {
    if document.contains_key("encrypted_data") {
        let help = "run `tofu state pull | poolctl import --from-terraform -`, which decrypts it";
        return Err(ToolFileError::new("is an encrypted state of OpenTofu", help));
    }
    let is_shown = document.contains_key("format_version") && document.contains_key("terraform_version");
    let (instances, outputs) = if is_shown {
        shown(document)?
    } else if document.contains_key("resources") || document.contains_key("lineage") {
        let Some(version) = document.get("version").and_then(Json::as_u64) else {
            return Err(ToolFileError::new(
                "has no number as its `version`, as a state of Terraform has",
                PULL,
            ));
        };
        if version != FORMAT {
            let text = format!("is a state of version {version}, and poolctl reads version {FORMAT}");
            return Err(ToolFileError::new(text, if version > FORMAT { NEWER } else { OUTDATED }));
        }
        (stated(document), document.get("outputs"))
    } else if document.contains_key("modules") && document.contains_key("version") {
        let text = format!("is a state of a version before {FORMAT}, which Terraform 0.11 and older write");
        return Err(ToolFileError::new(text, OUTDATED));
    } else {
        return Err(misfit(document, ("a state of Terraform", PULL)));
    };
    let resources: Vec<ToolResource> = instances.iter().filter_map(Instance::resource).collect();
    let referring = referring(&instances, &resources, outputs);
    let program = ToolProgram { is_tofu: is_tofu(document), version: version(document) };
    Ok(ToolFile { program, ..ToolFile::new(OtherTool::Terraform, resources, referring) })
}

/// The instances of a state, without objects that a failed replacement left behind.
fn stated(document: &Object) -> Vec<Instance<'_>> {
    let mut all = Vec::new();
    for resource in objects(document, "resources") {
        let own = objects(resource, "instances").filter(|instance| !instance.contains_key("deposed"));
        all.extend(own.filter_map(|one| made((resource, one), "index_key", "attributes", "dependencies")));
    }
    all
}

/// An instance whose parts are under these names.
fn made<'a>(
    (resource, instance): (&'a Object, &'a Object),
    index: &str,
    attributes: &str,
    needs: &str,
) -> Option<Instance<'a>> {
    Some(Instance {
        module: text(resource, "module").unwrap_or_default(),
        is_data: text(resource, "mode") == Some("data"),
        kind: text(resource, "type")?,
        name: text(resource, "name")?,
        index: instance.get(index),
        attributes: instance.get(attributes)?.as_object()?,
        needs: instance
            .get(needs)
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect(),
    })
}

/// The instances and the outputs of what `show -json` printed. Of a plan, the state before it counts: what a plan would
/// make does not exist.
fn shown(document: &Object) -> Result<(Vec<Instance<'_>>, Option<&Json>), ToolFileError> {
    let is_plan = document.contains_key("planned_values") || document.contains_key("resource_changes");
    let state = if is_plan { document.get("prior_state").and_then(Json::as_object) } else { Some(document) };
    let Some(values) = state.map(|state| state.get("values").and_then(Json::as_object)) else {
        let text = "is a plan without `prior_state`: nothing of it exists yet";
        return Err(ToolFileError::new(text, PULL));
    };
    let root = values.and_then(|values| values.get("root_module")).and_then(Json::as_object);
    let mut instances = Vec::new();
    let mut modules: Vec<&Object> = root.into_iter().collect();
    while let Some(module) = modules.pop() {
        let address = text(module, "address").unwrap_or_default();
        let all = objects(module, "resources").filter(|resource| !resource.contains_key("deposed_key"));
        let own = all.filter_map(|resource| made((resource, resource), "index", "values", "depends_on"));
        instances.extend(own.map(|instance| Instance { module: address, ..instance }));
        let children: Vec<&Object> = objects(module, "child_modules").collect();
        modules.extend(children.into_iter().rev());
    }
    Ok((instances, values.and_then(|values| values.get("outputs"))))
}

/// The addresses of other resources that depend on these, and the outputs that have their ids.
fn referring(instances: &[Instance<'_>], ours: &[ToolResource], outputs: Option<&Json>) -> Vec<String> {
    let addresses: Vec<String> = ours.iter().map(|resource| without_keys(&resource.name)).collect();
    let needs_ours =
        |one: &&Instance<'_>| one.needs.iter().any(|need| addresses.contains(&without_keys(need)));
    let is_other = |one: &&Instance<'_>| one.is_data || ToolKind::of(one.kind).is_none();
    let mut names: Vec<String> =
        instances.iter().filter(is_other).filter(needs_ours).map(Instance::address).collect();
    let own = instances.iter().filter(|one| !is_other(one));
    let values: Vec<&Json> =
        own.flat_map(|one| REPEATED.iter().filter_map(|name| one.attributes.get(*name))).collect();
    let repeats = |output: &Json| {
        output.get("value").is_some_and(|value| {
            value.as_str().is_some_and(|text| !text.is_empty()) && values.contains(&value)
        })
    };
    let outputs = outputs.and_then(Json::as_object).into_iter().flatten();
    names.extend(outputs.filter(|(_, output)| repeats(output)).map(|(name, _)| format!("output.{name}")));
    names.dedup();
    names
}

/// An address without the keys of its instances.
pub(super) fn without_keys(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut chars = address.chars();
    while let Some(c) = chars.next() {
        if c != '[' {
            out.push(c);
            continue;
        }
        let (mut is_text, mut is_escaped) = (false, false);
        for c in chars.by_ref() {
            match c {
                ']' if !is_text => break,
                '"' if !is_escaped => is_text = !is_text,
                _ => {}
            }
            is_escaped = c == '\\' && !is_escaped;
        }
    }
    out
}

/// Whether OpenTofu wrote it. The version is the program's own; only the provider's registry tells the programs apart.
fn is_tofu(document: &Object) -> bool {
    const REGISTRY: &str = "registry.opentofu.org/";
    fn names_it(value: &Json) -> bool {
        match value {
            Json::Object(members) => members.iter().any(|(name, value)| match (name.as_str(), value) {
                ("provider" | "provider_name", Json::String(text)) => text.contains(REGISTRY),
                ("resources" | "child_modules" | "root_module" | "values" | "prior_state", value) => {
                    names_it(value)
                }
                _ => false,
            }),
            Json::Array(elements) => elements.iter().any(names_it),
            _ => false,
        }
    }
    document.iter().any(|(name, value)| {
        ["resources", "values", "prior_state"].contains(&name.as_str()) && names_it(value)
    })
}

/// The version of the program that wrote it.
fn version(document: &Object) -> Option<(u32, u32)> {
    let mut parts = text(document, "terraform_version")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}
