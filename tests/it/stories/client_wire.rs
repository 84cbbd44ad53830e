//! App clients where a read or a write goes wrong: lists that lag or never end, documents that disappear, refusals.

use serde_json::{Value, json};

use super::clients::{BATCH, WEB, batch, but, live, manifest, web, world, writes};
use crate::harness::Output;
use crate::harness::world::{POOL, World, told};

/// An output with its line breaks and indentation as one blank.
fn words(output: &Output) -> String {
    told(output).replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(output: &Output, expected: &[&str]) {
    let words = words(output);
    for told in expected {
        assert!(words.contains(told), "{told}: {output}");
    }
}

/// The id of the live client of this name.
fn id_of(world: &World, name: &str) -> String {
    let clients = live(world);
    let found = clients.iter().find(|client| client["ClientName"] == name).unwrap();
    found["ClientId"].as_str().unwrap().to_owned()
}

#[test]
fn a_new_client_that_the_list_does_not_show_yet_is_read_by_the_id_of_the_answer() {
    let body = "clients: { new: { AuthSessionValidity: 5 } }\n";
    let world = world(&["ListUserPoolClients:lag"], &[batch()], body);
    let made =
        world.run(&["apply", "--yes", "--settle", "0", "--format", "json", "pool.yaml"]).output().expect(0);
    let id = id_of(&world, "new");
    let result: Value = serde_json::from_str(&made.stdout).unwrap();
    assert_eq!(result["pools"][0]["ids"][0]["id"], json!(id), "{made}");
    says(&made, &[&format!("add `id: {id}` to the entry in pool.yaml")]);
    // The list still lacks it: its id finds it all the same.
    let body = format!("clients: {{ new: {{ id: {id}, AuthSessionValidity: 5 }} }}\n");
    world.workspace.write("pool.yaml", manifest(&body));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    assert_eq!(writes(&world), [1, 0, 0]);
}

#[test]
fn a_client_that_was_made_is_not_made_again_when_a_later_call_has_to_wait() {
    let body = "clients: { first: { AuthSessionValidity: 5 }, second: { AuthSessionValidity: 6 } }\n";
    let faults = ["ListUserPoolClients:lag", "CreateUserPoolClient@2:throttle*1"];
    let world = world(&faults, &[batch()], body);
    let made = world.apply().expect(0);
    assert_eq!((writes(&world)[0], live(&world).len()), (3, 3), "one was throttled");
    says(&made, &[&id_of(&world, "first"), &id_of(&world, "second")]);
}

#[test]
fn the_id_of_a_new_client_is_told_although_it_is_not_as_planned() {
    let body = "clients: { new: { AuthSessionValidity: 5 } }\n";
    let faults = ["ListUserPoolClients:lag", "DescribeUserPoolClient:error=ResourceNotFoundException"];
    let world = world(&faults, &[], body);
    let made = world.apply().expect(5);
    says(&made, &[&format!("`clients.new` was made with the id {}", id_of(&world, "new"))]);
}

#[test]
fn a_list_without_an_end_is_an_error() {
    let body = format!("clients: {{ web: {{ id: {WEB} }} }}\n");
    let repeating = world(&["ListUserPoolClients:endless=same"], &[web()], &body);
    let failed = repeating.run(&["plan", "pool.yaml"]).output().expect(1);
    says(&failed, &["ListUserPoolClients", "the list does not end: a page repeats an earlier `NextToken`"]);
    assert_eq!(repeating.calls("ListUserPoolClients"), 2);
}

#[test]
fn a_refusal_names_the_setting_with_its_document() {
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let sent_back = world(&["UpdateUserPoolClient:refuse=BrandNewMember"], &[web()], &body);
    let refused = sent_back.apply().expect(1);
    says(
        &refused,
        &[
            "The plan does not change `clients.web.BrandNewMember`: poolctl sent it back",
            "omit: [{ path: clients.web.BrandNewMember, reason: … }]",
        ],
    );
    // One that the plan changes is not said to be sent back.
    let changed = world(&["UpdateUserPoolClient:refuse=AuthSessionValidity"], &[web()], &body);
    let refused = words(&changed.apply().expect(1));
    assert!(!refused.contains("sent it back"), "{refused}");
}

#[test]
fn a_document_that_disappears_during_an_apply_is_named_and_the_pool_is_not_said_to_be_missing() {
    let gone = |body: &str, operation: &str, place: &str| {
        let world = world(&[&format!("{operation}:move={place}:null*1")], &[web(), batch()], body);
        let failed = world.apply().expect(1);
        assert!(!words(&failed).contains("no pool"), "{failed}");
        failed
    };
    let change = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let failed = gone(&change, "UpdateUserPoolClient", &format!("UserPoolClients[\"{WEB}\"]"));
    let help = "help: another writer has removed it since it was planned: run `poolctl plan` again";
    says(
        &failed,
        &[
            &format!(
                "UpdateUserPoolClient {POOL} `clients.web`: ResourceNotFoundException: User pool client {WEB} does not exist."
            ),
            help,
        ],
    );
    let server = "resourceServers: { orders: { Name: New } }\n";
    let failed = gone(server, "UpdateResourceServer", "ResourceServers.orders");
    says(
        &failed,
        &[
            "`resourceServers.orders`: ResourceNotFoundException: Resource server orders does not exist.",
            help,
        ],
    );
}

#[test]
fn a_number_of_an_unknown_member_that_is_long_enough_is_in_no_error() {
    let client = but(web(), json!({"BrandNewMember": {"Pin": 73_519_046, "Level": 1}}));
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = world(&["UpdateUserPoolClient:quote=BrandNewMember"], &[client], &body);
    let failed = world.apply().expect(1);
    assert!(!failed.to_string().contains("73519046"), "{failed}");
    says(&failed, &["\"Pin\":(sensitive)", "\"Level\":1"]);
}

#[test]
fn a_client_with_a_secret_of_its_own_may_say_that_cognito_generates_none() {
    let body = "clients: { new: { GenerateSecret: false, ClientSecret: \"${secret:NEW}\" } }\n";
    let world = world(&[], &[batch()], body);
    let secret = "averyownsecretofmorethan24characters";
    let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
    let made = world.run(&apply).env("POOLCTL_SECRET_NEW", secret).output().expect(0);
    assert!(!made.to_string().contains(secret), "{made}");
    let stored = live(&world).into_iter().find(|client| client["ClientName"] == "new").unwrap();
    assert_eq!(stored["ClientSecret"], secret);
    let plan = ["plan", "--detailed-exitcode", "pool.yaml"];
    world.run(&plan).env("POOLCTL_SECRET_NEW", secret).output().expect(0);
    let drift = world.run(&["drift", "pool.yaml"]).env("POOLCTL_SECRET_NEW", secret).output();
    assert!(!drift.stdout.contains("GenerateSecret"), "{drift}");
    // A client without a secret does not have that one.
    let public = format!(
        "clients: {{ web: {{ id: {WEB}, GenerateSecret: false, ClientSecret: \"${{secret:NEW}}\" }} }}\n"
    );
    let other = super::clients::world(&[], &[web()], &public);
    let refused = other.run(&["plan", "pool.yaml"]).env("POOLCTL_SECRET_NEW", secret).output().expect(3);
    says(
        &refused,
        &[
            "the live value is false, and `ClientSecret`, which is declared too, means true",
            "help: delete the line of `ClientSecret`",
        ],
    );
}

#[test]
fn a_client_that_registered_itself_is_refused_by_its_id() {
    let client = but(batch(), json!({"ClientType": "DCR", "ClientSecret": null}));
    let body = format!("clients: {{ batch: {{ id: {BATCH}, AuthSessionValidity: 8 }} }}\n");
    let world = world(&[], std::slice::from_ref(&client), &body);
    let refused = world.apply().expect(3);
    says(
        &refused,
        &[
            "`clients.batch` belongs to an application that registered itself, and is never changed by poolctl",
            "delete the entry",
        ],
    );
    assert!(!refused.to_string().contains("id-not-found"), "{refused}");
    assert_eq!((writes(&world), live(&world)), ([0, 0, 0], vec![client]));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    says(&drift, &["owned-by-service"]);
}

const PROJECT: &str = "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/0123456789abcdef0123456789abcdef";
const ROLE: &str = "arn:aws:iam::111122223333:role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp";

/// `web` with a Pinpoint project that is named by its ARN, and the role that the service fills in.
fn analytics() -> Value {
    but(web(), json!({"AnalyticsConfiguration": {"ApplicationArn": PROJECT, "RoleArn": ROLE}}))
}

#[test]
fn a_role_that_the_service_fills_in_is_no_drift_and_is_in_no_request() {
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 5, AnalyticsConfiguration: {{ ApplicationArn: '{PROJECT}' }} }} }}\n"
    );
    let world = world(&[], &[analytics()], &body);
    let drift = world.run(&["drift", "pool.yaml"]).output();
    assert!(drift.stdout.contains("RefreshTokenValidity") && !drift.stdout.contains("RoleArn"), "{drift}");
    world.workspace.write("pool.yaml", manifest(&body.replace("Validity: 5", "Validity: 8")));
    world.apply().expect(0);
    assert_eq!(live(&world), [but(analytics(), json!({"AuthSessionValidity": 8}))]);
    // Who declares both contradicts the service.
    let both = body.replace("' }", &format!("', RoleArn: '{ROLE}' }}"));
    world.workspace.write("pool.yaml", manifest(&both));
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    says(&refused, &["analytics-project", "declare `ApplicationArn` alone, or the three others"]);
}

#[test]
fn a_client_with_a_role_that_the_service_fills_in_can_be_restored() {
    let body = format!("clients: {{ web: {{ id: {WEB}, AnalyticsConfiguration: ~ }} }}\n");
    let world = world(&[], &[analytics()], &body);
    world.apply().expect(0);
    assert!(live(&world)[0].get("AnalyticsConfiguration").is_none());
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world), [but(analytics(), json!({}))]);
    // The whole client comes back too.
    let body = format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }} }}\n");
    world.workspace.write("pool.yaml", manifest(&body));
    let known = world.backups();
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    let new = world.backups().into_iter().find(|name| !known.contains(name)).unwrap();
    let backup = format!(".poolctl/backups/{new}");
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    let project = live(&world)[0]["AnalyticsConfiguration"]["ApplicationArn"].clone();
    assert_eq!(project, PROJECT);
}

#[test]
fn an_import_writes_no_role_that_the_service_fills_in_and_allows_a_rule_for_one_client_alone() {
    let broken = but(
        batch(),
        json!({"AllowedOAuthFlows": ["client_credentials", "code"], "CallbackURLs": ["https://a.example.com"]}),
    );
    let world = world(&[], &[analytics(), broken], "");
    let import = ["import", POOL, "--only", "clients", "-o", "pool.yaml", "--force"];
    world.run(&import).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains(PROJECT) && !text.contains("RoleArn"), "{text}");
    assert!(!text.contains("rule: analytics-project"), "{text}");
    let allow = "- rule: machine-with-browser-flow\n    path: clients.batch.AllowedOAuthFlows\n";
    assert!(text.contains(allow), "{text}");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_client_that_others_own_is_counted_and_named() {
    let owned = |id: &str, name: &str| but(batch(), json!({"ClientId": id, "ClientName": name}));
    let clients = [web(), owned("4a", "AmazonOpenSearchService-shop-x"), owned("5b", "AWSElasticsearch-y")];
    let world = world(&[], &clients, &format!("clients: {{ web: {{ id: {WEB} }} }}\n"));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    let left = "left out: 2 app clients, because their names are those of Amazon OpenSearch Service: `AmazonOpenSearchService-shop-x`, `AWSElasticsearch-y`";
    says(&drift, &[left]);
    let adopted = world.run(&["adopt", "--undeclared", "pool.yaml"]).output();
    says(&adopted, &[left]);
    assert!(!adopted.stdout.contains("4a"), "{adopted}");
}

#[test]
fn a_setting_that_stops_every_update_of_a_client_can_be_left_out() {
    let expired = json!({"AnalyticsConfiguration": {"ApplicationArn": PROJECT}});
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let omit = "omit: [{ path: clients.web.AnalyticsConfiguration, reason: the project has expired }]\n";
    let world = world(&["UpdateUserPoolClient:refuse=AnalyticsConfiguration"], &[but(web(), expired)], &body);
    world.apply().expect(1);
    world.workspace.write("pool.yaml", manifest(&format!("{body}{omit}")));
    let made = world.apply().expect(0);
    says(
        &made,
        &["`clients.web.AnalyticsConfiguration` is left out of the request: the project has expired"],
    );
    assert_eq!(live(&world), [but(web(), json!({"AuthSessionValidity": 8}))], "the service resets it");
    let unused = world.run(&["plan", "pool.yaml"]).output().expect(0);
    says(&unused, &["omit-unused"]);
}

#[test]
fn what_a_client_loses_by_what_requests_leave_out_is_told_like_a_removal() {
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let lists = ["SupportedIdentityProviders", "CallbackURLs", "LogoutURLs", "ExplicitAuthFlows"];
    let entries: Vec<String> =
        lists.iter().map(|list| format!("{{ path: clients.web.{list}, reason: r }}")).collect();
    // The default of the flows has all of these.
    let live = but(web(), json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"], "DefaultRedirectURI": null}));
    let world = world(&[], &[live], &format!("{body}omit: [{}]\n", entries.join(", ")));
    // Cognito refuses the code flow without a callback.
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    says(
        &plan,
        &[
            "notice client-provider-removal: `clients.web.SupportedIdentityProviders`: users of this provider",
            "notice client-url-removal: `clients.web.CallbackURLs`: a sign-in",
            "notice client-url-removal: `clients.web.LogoutURLs`: a sign-in",
            "notice auth-flow-removal: `clients.web.ExplicitAuthFlows`: sign-ins",
            "(`https://app.example.com/bye`)",
        ],
    );
}

#[test]
fn a_dangling_scope_can_be_left_out_with_its_list() {
    let client = but(web(), json!({"AllowedOAuthScopes": ["openid", "gone/read"]}));
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let omit = "omit: [{ path: clients.web.AllowedOAuthScopes, reason: the server is gone }, { path: clients.web.AllowedOAuthFlows, reason: they need scopes }, { path: clients.web.AllowedOAuthFlowsUserPoolClient, reason: it needs scopes }]\n";
    let world = world(&[], &[client], &body);
    world.apply().expect(3);
    world.workspace.write("pool.yaml", manifest(&format!("{body}{omit}")));
    world.apply().expect(0);
    let client = &live(&world)[0];
    assert_eq!((&client["AuthSessionValidity"], client.get("AllowedOAuthScopes")), (&json!(8), None));
    // An entry about a client whose plan has no call is not called unused.
    let quiet = body.replace(", AuthSessionValidity: 8", "");
    let world = super::clients::world(&[], &[web()], &format!("{quiet}{omit}"));
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!plan.to_string().contains("omit-unused"), "{plan}");
}

#[test]
fn a_new_client_that_looks_like_a_live_one_blocks() {
    let urls = "CallbackURLs: ['https://app.example.com/callback'], AllowedOAuthFlows: [code], AllowedOAuthScopes: [openid], AllowedOAuthFlowsUserPoolClient: true";
    for (label, settings) in [("portal", urls), ("Web", "AuthSessionValidity: 5")] {
        let body = format!("clients: {{ {label}: {{ {settings} }} }}\n");
        let world = world(&[], &[web(), batch()], &body);
        let refused = world.apply().expect(3);
        says(
            &refused,
            &[
                "client-twin",
                &format!("`clients.{label}` looks like `web`, which no entry stands for"),
                &format!("add `id: {WEB}`"),
            ],
        );
        assert_eq!(writes(&world), [0, 0, 0]);
        world.apply_with(&["--allow", "client-twin"]).expect(0);
        assert_eq!(writes(&world), [1, 0, 0]);
    }
    // An entry that stands for the live one settles it, and another URL is another application.
    let other = urls.replace("app.", "other.");
    for body in [
        format!("clients: {{ portal: {{ {urls} }}, web: {{ id: {WEB} }} }}\n"),
        format!("clients: {{ portal: {{ {other} }} }}\n"),
    ] {
        let world = world(&[], &[web(), batch()], &body);
        let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
        assert!(!plan.to_string().contains("client-twin"), "{plan}");
    }
}

#[test]
fn a_client_that_the_baseline_had_and_that_is_gone_is_not_made_again_unasked() {
    let body = "clients: { web: { AuthSessionValidity: 5 } }\n";
    let world = world(&[], &[batch()], body);
    world.workspace.write("then/pool.yaml", manifest(body));
    let plan = ["plan", "--baseline", "./then", "pool.yaml"];
    let refused = world.run(&plan).output().expect(3);
    says(&refused, &["client-recreated", "`clients.web` was declared in ./then already, and does not exist"]);
    world.run(&[&plan[..], &["--allow", "client-recreated"]].concat()).output().expect(0);
    world.run(&["plan", "pool.yaml"]).output().expect(0);
}
