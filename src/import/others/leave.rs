//! What a person has to do so that another tool lets go of resources without deleting them.

use super::terraform::without_keys;
use super::{OtherTool, ToolFile, ToolResource};
use crate::document::quoted;

/// The first version of Terraform with `removed` blocks.
///
/// Source: https://developer.hashicorp.com/terraform/language/state/remove
const REMOVED: (u32, u32) = (1, 7);

/// The first version of OpenTofu whose `removed` blocks take `lifecycle`, which it warns without. Before, a block has
/// only `from`, and always forgets.
///
/// Source: https://opentofu.org/docs/language/resources/syntax/#removing-resources ; `internal/configs/removed.go`
const TOFU_LIFECYCLE: (u32, u32) = (1, 10);

/// The steps by which the tool lets go of its resources, whose manifests are at `manifests`.
pub fn leave(file: &ToolFile, manifests: &str) -> String {
    match file.tool {
        OtherTool::Terraform => terraform(file, manifests),
        OtherTool::CloudFormation => cloudformation(file, manifests),
        OtherTool::Pulumi => pulumi(file, manifests),
    }
}

/// The resources, each name once: what depends on others comes first, and the pool comes last.
fn sorted(file: &ToolFile) -> Vec<&ToolResource> {
    let mut all: Vec<&ToolResource> = Vec::new();
    for resource in &file.resources {
        if !all.iter().any(|other| other.name == resource.name) {
            all.push(resource);
        }
    }
    all.sort_by_key(|resource| resource.part);
    all
}

/// The step about references; `instead` is what to use in their place.
fn references(file: &ToolFile, instead: &str) -> String {
    let found: String = match file.referring.as_slice() {
        [] => String::new(),
        names => {
            let lines = names.iter().map(|name| format!("     {name}\n"));
            format!("   These refer to them, directly or through others:\n{}", lines.collect::<String>())
        }
    };
    format!("2. Replace every reference to these resources with {instead}.\n{found}")
}

fn terraform(file: &ToolFile, manifests: &str) -> String {
    let program = file.program;
    let (name, command) = if program.is_tofu { ("OpenTofu", "tofu") } else { ("Terraform", "terraform") };
    let is_before = |version| program.version.is_some_and(|own| own < version);
    let all = sorted(file);
    let lifecycle = match program.is_tofu && is_before(TOFU_LIFECYCLE) {
        true => "",
        false => "  lifecycle { destroy = false }\n",
    };
    // A block takes no keys, so one is for all instances.
    let addresses: Vec<String> = all.iter().map(|resource| without_keys(&resource.name)).collect();
    let first = addresses.iter().enumerate().filter(|(at, address)| !addresses[..*at].contains(address));
    let blocks =
        first.map(|(_, from)| from).map(|from| format!("\nremoved {{\n  from = {from}\n{lifecycle}}}\n"));
    let removed: String = all.iter().map(|resource| format!(" \\\n  {}", quoted(&resource.name))).collect();
    let removed = format!("\n{command} state rm{removed}\n");
    let start = format!(
        "{name} still manages these resources. To make it let go of them without changing the pools:\n\n"
    );
    // A file of variables is about one pool.
    let format = if file.pools().len() == 1 { " --format tfvars" } else { "" };
    let data = format!("a data source, or with the values that\n   `poolctl ids{format} {manifests}` prints");
    let (first, last) = if is_before(REMOVED) && !program.is_tofu {
        let first = "1. Delete their blocks from the configuration.\n".to_owned();
        (first, format!("3. Remove them from the state, before the next plan:\n{removed}\n"))
    } else {
        let first = format!(
            "1. Replace their blocks in the configuration with these, in the root module:\n{}\n",
            blocks.collect::<String>()
        );
        let last = format!(
            "3. With {name} before 1.7, or if a module is not yours to edit, remove them from the state instead,\n   before the next plan:\n{removed}\n"
        );
        (first, last)
    };
    format!(
        "{start}{first}{}{last}4. Run `{command} plan`. It must say `0 to destroy`. Then run `{command} apply`.\n5. From then on, change the pools with `poolctl apply`, and not before.\n",
        references(file, &data)
    )
}

fn cloudformation(file: &ToolFile, manifests: &str) -> String {
    let all = sorted(file);
    let kept: Vec<&str> = all.iter().filter(|one| one.is_retained).map(|one| one.name.as_str()).collect();
    let kept = kept.join(", ");
    let lines: String = all
        .iter()
        .filter(|resource| !resource.is_retained)
        .map(|resource| {
            let path = resource.construct.as_ref().map(|path| format!(" # {path}")).unwrap_or_default();
            format!(
                "  {}:{path}\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n",
                resource.name
            )
        })
        .collect();
    let others =
        if kept.is_empty() { String::new() } else { format!("\n   They are there already for {kept}.") };
    let first = match lines.as_str() {
        "" => format!(
            "1. All of them have `DeletionPolicy: Retain`: {kept}.\n   Make sure that this is deployed.\n"
        ),
        lines => format!(
            "1. Add these lines to the resources in the template, and deploy it. Without them, CloudFormation deletes\n   a resource that leaves its template.{others}\n\nResources:\n{lines}\n   In a CDK app, call `applyRemovalPolicy(RemovalPolicy.RETAIN)` on each construct, or\n   `RemovalPolicies.of(stack).retain()` for all of a stack.\n   If CloudFormation finds nothing to update, add an output too.\n"
        ),
    };
    let ids = format!("the ids that\n   `poolctl ids {manifests}` prints");
    let needed = match file.needed.as_slice() {
        [] => String::new(),
        names => format!(" Here: {}.", names.join(", ")),
    };
    format!(
        "The stack still manages these resources. To make it let go of them without changing the pools:\n\n{first}{}3. Delete all of these resources from the template, and deploy it again. The events of the stack must say\n   `DELETE_SKIPPED` for each.\n4. Leave users, and the roles and Lambda permissions that the pools use, in the stack.{needed}\n   Before you delete the stack, add the policies of step 1 to them too: else they are deleted with it.\n5. From then on, change the pools with `poolctl apply`, and not before.\n",
        references(file, &ids)
    )
}

fn pulumi(file: &ToolFile, manifests: &str) -> String {
    let all = sorted(file);
    let urns: String = all.iter().map(|resource| format!("     {}\n", resource.name)).collect();
    let protected: String = all
        .iter()
        .filter(|resource| resource.is_protected)
        .map(|resource| format!("pulumi state unprotect {}\n", quoted(&resource.name)))
        .collect();
    let protected = match protected.as_str() {
        "" => String::new(),
        commands => {
            format!("   These are protected, so that Pulumi would refuse to let go of them:\n\n{commands}\n")
        }
    };
    let deleted: String =
        all.iter().map(|resource| format!("pulumi state delete {}\n", quoted(&resource.name))).collect();
    let ids = format!("the ids that\n   `poolctl ids {manifests}` prints");
    format!(
        "Pulumi still manages these resources. To make it let go of them without changing the pools:\n\n1. Set the option `retainOnDelete: true` on each of them in the program, and run `pulumi up`:\n{urns}{protected}{}3. Delete them from the program, and run `pulumi up` again.\n   Or, without the first step, remove them from the state before the next `pulumi up`:\n\n{deleted}\n4. From then on, change the pools with `poolctl apply`, and not before.\n",
        references(file, &ids)
    )
}
