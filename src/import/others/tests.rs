//! What is read of files of other tools, and what makes the tools let go.

use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::manifest::document;

const POOL: &str = "eu-west-1_Ab12Cd34E";

fn fixture(name: &str) -> Json {
    let file = format!("{}/tests/fixtures/other-tools/{name}", env!("CARGO_MANIFEST_DIR"));
    document(&std::fs::read(file).unwrap()).unwrap()
}

fn read_of(tool: OtherTool, documents: &[Json]) -> ToolFile {
    read_files(tool, documents.to_vec()).unwrap()
}

fn terraform(document: Json) -> ToolFile {
    read_of(OtherTool::Terraform, &[document])
}

/// A resource as one line: its name, part, pool, and what it is as an app client.
fn lines(file: &ToolFile) -> Vec<String> {
    let line = |one: &ToolResource| {
        let pool = one.pool.as_deref().unwrap_or("?");
        let client =
            one.client.as_ref().map(|id| format!(" {id} as {}", one.label.as_deref().unwrap_or("?")));
        format!("{} {:?} {pool}{}", one.name, one.part, client.unwrap_or_default())
    };
    file.resources.iter().map(line).collect()
}

/// A state with these resources: type, name, attributes.
fn state(resources: &[(&str, &str, Json)]) -> Json {
    let resource = |(kind, name, attributes): &(&str, &str, Json)| {
        json!({"mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"schema_version": 0, "attributes": attributes}]})
    };
    let resources: Vec<Json> = resources.iter().map(resource).collect();
    json!({"version": 4, "terraform_version": "1.13.3", "serial": 1, "lineage": "x", "resources": resources})
}

#[test]
fn a_state_has_pools_and_what_is_in_them_by_whatever_separator_its_ids_have() {
    let file = terraform(fixture("terraform.tfstate"));
    assert_eq!(file.pools(), [POOL]);
    let expected = [
        "module.auth.aws_cognito_user_pool.customers Pool eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_user_pool_client.this Client eu-west-1_Ab12Cd34E 9z8y7x6w5v4u3t2s1r0qponmlk as orders-service",
        "module.auth.aws_cognito_user_pool_client.this Client eu-west-1_Ab12Cd34E 1a2b3c4d5e6f7g8h9i0jklmnop as web",
        "module.auth.aws_cognito_identity_provider.corp Named eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_user_pool_domain.main Named eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_user_group.admins Named eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_resource_server.orders Named eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_risk_configuration.all Leaf eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_user_pool_ui_customization.all Leaf eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_log_delivery_configuration.logs Leaf eu-west-1_Ab12Cd34E",
        "module.auth.aws_cognito_managed_login_branding.web Leaf eu-west-1_Ab12Cd34E",
    ];
    assert_eq!(lines(&file), expected);
    assert_eq!(file.referring, ["output.user_pool_id", "output.service_secret"]);
}

#[test]
fn a_state_is_the_same_whichever_command_printed_it() {
    let file = terraform(fixture("terraform.tfstate"));
    let shown = fixture("show-state.json");
    let planned = json!({"format_version": "1.2", "terraform_version": "1.13.3", "planned_values": {},
        "resource_changes": [], "prior_state": shown});
    for document in [shown, planned] {
        let other = terraform(document);
        assert_eq!((lines(&other), other.pools()), (lines(&file), file.pools()));
    }
    let tofu =
        fixture("terraform.tfstate").to_string().replace("registry.terraform.io", "registry.opentofu.org");
    let tofu = terraform(serde_json::from_str(&tofu).unwrap());
    assert_eq!((lines(&tofu), tofu.program.is_tofu, file.program.is_tofu), (lines(&file), true, false));
}

#[test]
fn what_does_not_exist_or_is_only_looked_up_is_not_the_tools() {
    let pool = json!({"id": POOL});
    let mut left = state(&[("aws_cognito_user_pool", "a", pool.clone())]);
    left["resources"][0]["instances"][0]["deposed"] = json!("1a2b");
    let mut data = state(&[("aws_cognito_user_pool", "a", pool)]);
    data["resources"][0]["mode"] = json!("data");
    for document in [left, data] {
        assert!(read_files(OtherTool::Terraform, vec![document]).is_err());
    }
    // The export also has a pool that is only looked up, and a client that is about to be deleted.
    let pulumi = read_of(OtherTool::Pulumi, &[fixture("pulumi-export.json")]);
    assert_eq!((pulumi.pools().as_slice(), pulumi.resources.len()), ([POOL.to_owned()].as_slice(), 7));
    // The list also has a client that was deleted.
    let stack = read_of(OtherTool::CloudFormation, &[fixture("describe-stack-resources.json")]);
    assert!(!lines(&stack).iter().any(|line| line.contains("OldClient")), "{stack:?}");
}

#[test]
fn cloud_control_has_other_ids_and_the_pool_of_a_client_can_be_in_another_state() {
    let file = terraform(state(&[
        (
            "awscc_cognito_user_pool_client",
            "web",
            json!({"id": format!("{POOL}|1abc"), "user_pool_id": POOL}),
        ),
        ("aws_cognito_resource_server", "api", json!({"id": "eu-west-1_Other|https://api.example"})),
        ("aws_cognito_user", "jo", json!({"id": "eu-west-1_Users/jo", "user_pool_id": "eu-west-1_Users"})),
    ]));
    assert_eq!(file.pools(), [POOL, "eu-west-1_Other"]);
    assert!(!file.owns(POOL));
    assert_eq!(lines(&file)[0], "awscc_cognito_user_pool_client.web Client eu-west-1_Ab12Cd34E 1abc as web");
}

#[test]
fn an_app_client_has_the_label_that_a_person_would_choose() {
    let client = |id: &str| json!({"id": id, "user_pool_id": POOL});
    let mut document = state(&[
        ("aws_cognito_user_pool_client", "this", client("1")),
        ("aws_cognito_user_pool_client", "web", client("2")),
        ("aws_cognito_user_pool_client", "Web", client("3")),
        ("aws_cognito_user_pool_client", "admin", client("4")),
        ("aws_cognito_user_pool_client", "this", client("5")),
        ("aws_cognito_user_pool_client", "odd", client("6")),
    ]);
    document["resources"][4]["instances"][0]["index_key"] = json!("mobile");
    document["resources"][5]["instances"][0]["index_key"] = json!("a b/c");
    let clients = terraform(document).clients();
    let label = |id: &str| clients[id].as_deref();
    // Nobody knows a client as `this`; two labels that differ in case are one on some disks.
    assert_eq!([label("1"), label("2"), label("3")], [None, None, None]);
    assert_eq!([label("4"), label("5"), label("6")], [Some("admin"), Some("mobile"), Some("odd")]);
}

#[test]
fn the_pool_of_a_resource_is_what_its_id_or_its_template_says() {
    let row = |logical: &str, physical: &str, kind: &str| json!({"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": format!("AWS::Cognito::{kind}"), "ResourceStatus": "CREATE_COMPLETE"});
    let list = json!({"StackResourceSummaries": [
        row("A", "eu-west-1_A", "UserPool"), row("B", "eu-west-1_B", "UserPool"),
        row("Web", "1web", "UserPoolClient"), row("Api", "https://api|x", "UserPoolResourceServer"),
        row("Far", "far", "UserPoolGroup"), row("Lost", "lost", "UserPoolDomain"),
        row("Risk", "UserPoolRiskConfigurationAttachment-eu-west-1_B-ALL", "UserPoolRiskConfigurationAttachment"),
        row("Style", "eu-west-1_A|0000-1111", "ManagedLoginBranding"),
    ]});
    let of = |value: Json| json!({"Type": "AWS::Cognito::X", "Properties": {"UserPoolId": value}});
    let template = json!({"Resources": {
        "Web": of(json!({"Ref": "B"})), "Api": of(json!("A.UserPoolId")), "Far": of(json!("eu-west-1_Far")),
        "Lost": of(json!({"Fn::ImportValue": "pool"})),
    }});
    let file = read_of(OtherTool::CloudFormation, &[template, list]);
    let pools: Vec<&str> = file.resources.iter().map(|one| one.pool.as_deref().unwrap_or("?")).collect();
    let short: Vec<&str> = pools.iter().map(|pool| pool.trim_start_matches("eu-west-1_")).collect();
    assert_eq!(short, ["A", "B", "B", "A", "Far", "?", "B", "A"]);
    assert_eq!(file.pools(), ["eu-west-1_A", "eu-west-1_B", "eu-west-1_Far"]);
}

#[test]
fn a_template_is_read_with_its_short_forms_and_as_get_template_prints_it() {
    let list = fixture("list-stack-resources.json");
    let template = fixture("cloudformation.template.yaml");
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/other-tools/cloudformation.template.yaml"
    ));
    let printed = [json!({"TemplateBody": template}), json!({"TemplateBody": text.unwrap()})];
    let file = read_of(OtherTool::CloudFormation, &[list.clone(), template]);
    assert_eq!(file.referring, ["the output UserPoolId", "the output WebClientId", "the output ProviderUrl"]);
    let retained: Vec<&str> =
        file.resources.iter().filter(|one| one.is_retained).map(|one| one.name.as_str()).collect();
    assert_eq!(retained, ["Pool"]);
    for document in printed {
        assert_eq!(read_of(OtherTool::CloudFormation, &[document, list.clone()]), file);
    }
}

#[test]
fn the_hash_of_the_cdk_is_no_label_and_the_path_of_a_construct_is() {
    let row = |logical: &str, physical: &str, kind: &str| json!({"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": kind});
    let list = json!({"StackResources": [
        row("Customers6955EA0A", POOL, "AWS::Cognito::UserPool"),
        row("CustomersWeb130C99B9", "1web", "AWS::Cognito::UserPoolClient"),
    ]});
    let alone = read_of(OtherTool::CloudFormation, std::slice::from_ref(&list));
    assert_eq!(alone.clients()["1web"], None);
    let mut template = fixture("cdk.template.json");
    template["Resources"]["CustomersWeb130C99B9"]["Metadata"] =
        json!({"aws:cdk:path": "Identity/Customers/Web/Resource"});
    let both = read_of(OtherTool::CloudFormation, &[list, template]);
    assert_eq!(both.clients()["1web"].as_deref(), Some("Web"));
    assert!(leave(&both, "pools").contains("  CustomersWeb130C99B9: # Identity/Customers/Web\n"));
}

#[test]
fn a_user_of_a_stack_stays_in_it_and_what_is_retained_is_named() {
    let row = |logical: &str, physical: &str, kind: &str| json!({"LogicalResourceId": logical, "PhysicalResourceId": physical, "ResourceType": kind});
    let list = json!({"StackResources": [
        row("Customers", POOL, "AWS::Cognito::UserPool"), row("Someone", "a@example.com", "AWS::Cognito::UserPoolUser"),
    ]});
    let kept = json!({"Type": "AWS::Cognito::UserPool", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"});
    let file = read_of(OtherTool::CloudFormation, &[list, json!({"Resources": {"Customers": kept}})]);
    let told = leave(&file, "pools");
    assert!(told.contains("All of them have `DeletionPolicy: Retain`: Customers."), "{told}");
    assert!(told.contains("in the stack. Here: Someone.\n"), "{told}");
}

#[test]
fn a_list_that_lacks_resources_says_so() {
    let row = json!({"LogicalResourceId": "A", "PhysicalResourceId": POOL, "ResourceType": "AWS::Cognito::UserPool"});
    let nested = json!({"LogicalResourceId": "auth", "PhysicalResourceId": "arn:child", "ResourceType": "AWS::CloudFormation::Stack"});
    for (list, says) in [
        (json!({"StackResources": vec![row.clone(); 100]}), "the most that `describe-stack-resources` lists"),
        (json!({"StackResourceSummaries": [row.clone()], "NextToken": "x"}), "has more pages"),
        (json!({"StackResourceSummaries": [row, nested]}), "the nested stack `auth`"),
    ] {
        let file = read_of(OtherTool::CloudFormation, &[list]);
        assert!(file.notes.iter().any(|note| note.contains(says)), "{says}: {:?}", file.notes);
    }
}

#[test]
fn a_file_that_is_something_else_says_what_it_is() {
    use OtherTool::{CloudFormation, Pulumi, Terraform};
    let empty = state(&[]);
    let bare = state(&[("aws_cognito_user_pool_client", "web", json!({"id": "1"}))]);
    let shown = json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}});
    let old = json!({"version": 3, "terraform_version": "0.11.14", "lineage": "x", "modules": []});
    let template = fixture("cloudformation.template.yaml");
    let list = fixture("list-stack-resources.json");
    let stacks = json!({"Stacks": [{"StackName": "s"}]});
    for (tool, documents, says) in [
        (Terraform, vec![fixture("tofu-encrypted.tfstate")], "is an encrypted state of OpenTofu"),
        (Terraform, vec![old], "is a state of version 3, and poolctl reads version 4"),
        (Terraform, vec![json!({"version": "4", "resources": []})], "has no number as its `version`"),
        (Terraform, vec![json!({"version": 1, "modules": []})], "is a state of a version before 4"),
        (Terraform, vec![shown], "is a plan without `prior_state`"),
        (Terraform, vec![empty], "has no user pool"),
        (Terraform, vec![bare], "does not name the pool of its resources"),
        (
            Terraform,
            vec![list.clone()],
            "is a description of CloudFormation stacks, not a state of Terraform",
        ),
        (Terraform, vec![json!({"a": 1})], "is not a state of Terraform"),
        (Terraform, vec![json!([1])], "is not a JSON object"),
        (CloudFormation, vec![template.clone()], "is a template, which has no ids"),
        (CloudFormation, vec![stacks], "is a description of a stack, without the ids of its resources"),
        (CloudFormation, vec![list.clone(), list], "is a second file of its kind"),
        (CloudFormation, vec![fixture("pulumi-export.json")], "is a Pulumi export, not a list of"),
        (Pulumi, vec![template], "is a CloudFormation template, not an export of a Pulumi stack"),
        (Pulumi, vec![json!({"version": 3, "deployment": {}})], "has no user pool"),
    ] {
        let (_, error) = read_files(tool, documents).unwrap_err();
        assert!(error.text.starts_with(says), "{says}: {error:?}");
        assert!(!error.help.is_empty());
    }
}

#[test]
fn nothing_of_a_file_is_kept_but_names_and_ids() {
    for (tool, name) in [
        (OtherTool::Terraform, "terraform.tfstate"),
        (OtherTool::Terraform, "show-state.json"),
        (OtherTool::Pulumi, "pulumi-export.json"),
    ] {
        let document = fixture(name);
        assert!(document.to_string().contains("NOTREAL"), "{name} has no secret to look for");
        let file = read_of(tool, &[document]);
        let kept = format!("{file:?}{}", leave(&file, "pools"));
        for secret in ["NOTREAL", "not-real", "not-a-real", "no-reply@", "ciphertext"] {
            assert!(!kept.contains(secret), "{name}: {secret}");
        }
    }
}

#[test]
fn an_address_loses_the_keys_of_its_instances() {
    for (address, bare) in [
        ("aws_cognito_user_pool.a", "aws_cognito_user_pool.a"),
        ("aws_cognito_user_pool.a[0]", "aws_cognito_user_pool.a"),
        (r#"module.m["eu"].aws_cognito_user_pool.a["x.y"]"#, "module.m.aws_cognito_user_pool.a"),
        (r#"module.m["a]\"]b"].x.y"#, "module.m.x.y"),
    ] {
        assert_eq!(terraform::without_keys(address), bare);
    }
}

#[test]
fn terraform_and_opentofu_let_go_in_the_words_of_their_versions() {
    let has = |tofu: bool, version: &str| {
        let mut document = state(&[("aws_cognito_user_pool", "a", json!({"id": POOL}))]);
        document["terraform_version"] = json!(version);
        let text = document.to_string();
        let text = if tofu { text.replace("registry.terraform.io", "registry.opentofu.org") } else { text };
        let told = leave(&terraform(serde_json::from_str(&text).unwrap()), "pools");
        (told.contains("removed {"), told.contains("destroy = false"), told.contains("tofu state rm"))
    };
    assert_eq!(has(false, "1.13.3"), (true, true, false));
    assert_eq!(has(false, "1.6.6"), (false, false, false), "before there were `removed` blocks");
    assert_eq!(has(true, "1.11.0"), (true, true, true));
    assert_eq!(has(true, "1.9.0"), (true, false, true), "`lifecycle` is an error there");
}

#[test]
fn one_block_is_for_all_instances_of_a_resource() {
    let resource = |kind: &str, module: &str| {
        let mut one = state(&[(kind, "a", json!({"id": format!("{POOL}/x")}))])["resources"][0].take();
        one["module"] = json!(module);
        one
    };
    let kinds = ["aws_cognito_user_group", "aws_cognito_resource_server"];
    let all: Vec<Json> = [r#"module.m["x"]"#, r#"module.m["y"]"#]
        .iter()
        .flat_map(|module| kinds.map(|kind| resource(kind, module)))
        .collect();
    let mut document = state(&[]);
    document["resources"] = json!(all);
    let text = leave(&terraform(document), "pools");
    assert_eq!(text.matches("from = module.m.aws_cognito_user_group.a\n").count(), 1, "{text}");
    assert!(text.contains(r#"'module.m["y"].aws_cognito_user_group.a'"#), "{text}");
}

#[test]
fn each_tool_is_told_what_makes_it_let_go() {
    let mut state = fixture("terraform.tfstate");
    let role =
        state["resources"].as_array_mut().unwrap().iter_mut().find(|one| one["type"] == "aws_iam_role");
    role.unwrap()["instances"][0]["dependencies"] = json!(["module.auth.aws_cognito_user_pool.customers"]);
    let list = fixture("describe-stack-resources.json");
    let template = fixture("cloudformation.template.yaml");
    assert_snapshot!("terraform", leave(&terraform(state), "pools"));
    assert_snapshot!(
        "cloudformation",
        leave(&read_of(OtherTool::CloudFormation, &[list, template]), "pools")
    );
    assert_snapshot!("pulumi", leave(&read_of(OtherTool::Pulumi, &[fixture("pulumi-export.json")]), "pools"));
}
