//! Domains: named by the pool's document, described one by one, and never another pool's.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:111122223333:certificate/one";
const OTHER: &str = "arn:aws:acm:us-east-1:111122223333:certificate/two";

const DOMAINS: &str = "domains:
  acme: { ManagedLoginVersion: 1 }
  login.example.com:
    ManagedLoginVersion: 1
    CustomDomainConfig:
      CertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/one
      SecurityPolicy: TLS_V1_2_2021
";

fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool on ESSENTIALS with these domains, whose manifest has this body.
fn world(faults: &[&str], domains: &Value, body: &str) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        pool.insert("UserPoolTier".to_owned(), json!("ESSENTIALS"));
        document.as_object_mut().unwrap().remove("MfaConfig");
        document["Domains"] = domains.clone();
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

fn prefix(name: &str) -> Value {
    json!({"Domain": name, "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": 1})
}

fn custom() -> Value {
    let config = json!({"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_2_2021"});
    json!({
        "Domain": "login.example.com", "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": 1,
        "CustomDomainConfig": config, "AWSAccountId": "111122223333", "Version": "20261101000000",
        "Routing": {"Failover": {"SecondaryRegion": "eu-central-1", "PrimaryRoute53HealthCheckId": "abc"}},
    })
}

/// The live domains by their names, without what the service alone sets.
fn live(world: &World) -> Value {
    let mut domains = serde_json::Map::new();
    for domain in world.live()["Domains"].as_array().cloned().unwrap_or_default() {
        let mut domain = domain.as_object().cloned().unwrap();
        let name = domain["Domain"].as_str().unwrap().to_owned();
        domain.retain(|name, _| {
            ["ManagedLoginVersion", "CustomDomainConfig", "Routing"].contains(&name.as_str())
        });
        domains.insert(name, Value::Object(domain));
    }
    domains.sort_keys();
    Value::Object(domains)
}

/// The calls that change domains.
fn writes(world: &World) -> [u64; 3] {
    ["CreateUserPoolDomain", "UpdateUserPoolDomain", "DeleteUserPoolDomain"].map(|call| world.calls(call))
}

/// hashicorp/terraform-provider-aws#5026: custom domains.
#[test]
fn domains_that_are_declared_and_absent_are_made_and_the_plan_says_what_takes_time() {
    let world = world(&[], &json!([]), DOMAINS);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    assert_snapshot!("made", told(&world.apply().expect(0)));
    assert_eq!(writes(&world), [2, 0, 0]);
    assert_eq!(world.live()["UserPool"]["CustomDomain"], "login.example.com");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

/// hashicorp/terraform-provider-aws#43248: `Cannot convert custom domain to prefix domain.` #14733: a certificate is
/// changed in place.
#[test]
fn a_change_sends_the_whole_domain() {
    let body = DOMAINS.replace("ManagedLoginVersion: 1\n    Custom", "ManagedLoginVersion: 2\n    Custom");
    let world = world(&[], &json!([prefix("acme"), custom()]), &body);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    world.apply().expect(0);
    let mut expected = custom();
    let expected = expected.as_object_mut().unwrap();
    expected.retain(|name, _| ["CustomDomainConfig", "Routing"].contains(&name.as_str()));
    expected.insert("ManagedLoginVersion".to_owned(), json!(2));
    assert_eq!(live(&world)["login.example.com"], Value::Object(expected.clone()));
    let certificate = format!(
        "domains: {{ login.example.com: {{ CustomDomainConfig: {{ CertificateArn: '{OTHER}' }} }} }}\n"
    );
    world.workspace.write("pool.yaml", manifest(&certificate));
    assert_snapshot!("certificate", told(&world.apply().expect(0)));
    expected["CustomDomainConfig"]["CertificateArn"] = json!(OTHER);
    assert_eq!(
        (live(&world)["login.example.com"].clone(), writes(&world)),
        (Value::Object(expected.clone()), [0, 2, 0])
    );
}

#[test]
fn a_weaker_policy_blocks_and_a_custom_domain_never_becomes_a_prefix() {
    let weaker = DOMAINS.replace("TLS_V1_2_2021", "TLS_V1");
    let world = world(&[], &json!([prefix("acme"), custom()]), &weaker);
    assert_snapshot!(told(&world.apply().expect(3)));
    world
        .workspace
        .write("pool.yaml", manifest("domains: { login.example.com: { CustomDomainConfig: ~ } }\n"));
    assert_snapshot!("to_prefix", told(&world.apply().expect(3)));
    // aws/aws-cdk#25712
    let certificate =
        format!("domains: {{ acme: {{ CustomDomainConfig: {{ CertificateArn: '{OTHER}' }} }} }}\n");
    world.workspace.write("pool.yaml", manifest(&certificate));
    assert_snapshot!("to_custom", told(&world.apply().expect(3)));
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn a_removal_blocks_until_it_is_allowed_and_a_restore_makes_the_domain_again() {
    let world = world(
        &[],
        &json!([prefix("acme"), custom()]),
        "domains: { acme: { remove: true, reason: moved } }\n",
    );
    assert_snapshot!(told(&world.apply().expect(3)));
    let allowed = ["--allow", "domain-removal@domains.acme"];
    world.apply_with(&allowed).expect(0);
    assert_eq!((live(&world)["acme"].clone(), writes(&world)), (Value::Null, [0, 0, 1]));
    assert_eq!(world.live()["UserPool"]["Domain"], Value::Null);
    world.run(&["drift", "pool.yaml"]).output().expect(2);
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    assert_snapshot!(
        "back",
        told(&world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0))
    );
    assert_eq!(live(&world)["acme"], json!({"ManagedLoginVersion": 1}));
}

#[test]
fn a_restore_removes_a_domain_that_the_run_has_made() {
    let world = world(&[], &json!([prefix("acme")]), DOMAINS);
    world.apply().expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups()[0]);
    let restore = ["restore", "--yes", "--settle", "0", &backup];
    assert_snapshot!(told(&world.run(&restore).output().expect(3)));
    let allowed = ["--allow", "domain-removal"];
    world.run(&[&restore[..], &allowed].concat()).output().expect(0);
    assert_eq!((live(&world), writes(&world)), (json!({"acme": {"ManagedLoginVersion": 1}}), [1, 0, 1]));
}

#[test]
fn an_empty_certificate_of_a_prefix_as_reads_have_it_is_none() {
    let mut domain = prefix("acme");
    domain["CustomDomainConfig"] = json!({});
    let world = world(&[], &json!([domain]), "domains: { acme: { ManagedLoginVersion: 2 } }\n");
    let applied = world.apply().expect(0);
    assert!(!applied.stdout.contains("domain-prefix-certificate"), "{applied}");
    assert_eq!(live(&world)["acme"]["ManagedLoginVersion"], 2);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_eq!(live(&world)["acme"]["ManagedLoginVersion"], 1);
}

#[test]
fn a_domain_whose_place_another_has_is_a_difference_and_two_for_one_place_are_a_mistake() {
    let world = world(&[], &json!([prefix("evil")]), "domains:\n  acme: { ManagedLoginVersion: 1 }\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains("conflict place-taken"), "{}", drift.stdout);
    assert!(drift.stdout.contains("1 difference cannot be applied"), "{}", drift.stdout);
    world.workspace.write("pool.yaml", manifest("domains: { acme: {}, login.example.com: {}, beta: {} }\n"));
    let refused = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert_snapshot!("two_for_one_place", told(&refused));
}

/// aws/aws-cdk#10062, pulumi/pulumi-aws#998, hashicorp/terraform-provider-aws#28124: a domain that is replaced is made before
/// the old one is gone, so that the call fails.
#[test]
fn a_second_prefix_is_refused_before_anything_is_sent() {
    let renamed =
        "domains:\n  login.example.com: { remove: true, reason: renamed }\n  auth.example.com: {}\n";
    let custom = world(&[], &json!([custom()]), renamed);
    let refused = custom.apply_with(&["--allow", "domain-removal"]).expect(3);
    assert!(refused.stdout.contains("conflict[place-taken]"), "{refused}");
    assert_eq!(writes(&custom), [0, 0, 0]);
    let body = "domains:\n  acme: { remove: true, reason: renamed }\n  acme-login: {}\n";
    let world = world(&[], &json!([prefix("acme")]), body);
    assert_snapshot!(told(&world.apply_with(&["--allow", "domain-removal"]).expect(3)));
    world.workspace.write("pool.yaml", manifest("domains: { acme-login: {} }\n"));
    world.apply().expect(3);
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn the_domain_of_another_pool_is_never_touched() {
    const NEIGHBOUR: &str = "eu-west-1_Neighbour";
    let world = world(&[], &json!([]), "domains: { theirs: {} }\n");
    let pool = json!({"UserPool": {"Id": NEIGHBOUR, "Name": "theirs", "Domain": "theirs"}});
    let file = format!(".poolctl/sandbox/{NEIGHBOUR}.json");
    world.workspace.write(&file, pool.to_string());
    assert_snapshot!(told(&world.apply().expect(1)));
    // A file of the neighbour's pool may name it, and the pool's own document may be out of date.
    world.workspace.write("pool.yaml", manifest("domains: { theirs: { remove: true, reason: ours? } }\n"));
    world.apply().expect(0);
    assert_eq!(writes(&world), [1, 0, 0]);
    let text = std::fs::read_to_string(world.workspace.path().join(&file)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), pool);
}

#[test]
fn a_domain_that_cognito_is_not_done_with_is_left_alone() {
    for (status, plan, changed, drift) in [("UPDATING", 0, 3, 0), ("CREATING", 0, 3, 0), ("FAILED", 0, 0, 2)]
    {
        let mut domain = custom();
        domain["Status"] = json!(status);
        domain.as_object_mut().unwrap().remove("Routing");
        let world = world(&[], &json!([prefix("acme"), domain]), DOMAINS);
        let output = world.run(&["plan", "pool.yaml"]).output().expect(plan);
        assert_snapshot!(format!("{status}_plan"), told(&output));
        let output = world.run(&["drift", "pool.yaml"]).output().expect(drift);
        assert_snapshot!(format!("{status}_drift"), told(&output));
        world.workspace.write(
            "pool.yaml",
            manifest(&DOMAINS.replace("ManagedLoginVersion: 1\n", "ManagedLoginVersion: 2\n")),
        );
        let output = world.run(&["plan", "pool.yaml"]).output().expect(changed);
        assert_snapshot!(format!("{status}_changed"), told(&output));
        assert_eq!(writes(&world), [0, 0, 0]);
    }
}

#[test]
fn rules_of_names_certificates_and_tiers_speak_before_the_service_does() {
    let world = world(&[], &json!([]), "");
    world.workspace.write(
        "pool.yaml",
        manifest(
            "domains:
  acme-aws-login: {}
  login.example.com: { ManagedLoginVersion: 2 }
",
        ),
    );
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
    let frankfurt = CERTIFICATE.replace("us-east-1", "eu-central-1");
    world.workspace.write(
        "pool.yaml",
        manifest(&format!(
            "settings: {{ UserPoolTier: LITE }}
domains:
  acme: {{ CustomDomainConfig: {{ CertificateArn: '{CERTIFICATE}' }} }}
  login.example.com: {{ ManagedLoginVersion: 2, CustomDomainConfig: {{ CertificateArn: '{frankfurt}' }} }}
"
        )),
    );
    assert_snapshot!("tier", told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
    world.workspace.write(
        "pool.yaml",
        manifest("domains: { 'Acme': {}, 'acme-': {}, 'a_b': {}, acme: { ManagedLoginVersion: '2' } }\n"),
    );
    assert_snapshot!("names", told(&world.run(&["validate", "pool.yaml"]).output().expect(1)));
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn a_custom_domain_beside_passkeys_blocks() {
    let world = world(&[], &json!([prefix("acme")]), DOMAINS);
    let file = format!(".poolctl/sandbox/{POOL}.json");
    let text = std::fs::read_to_string(world.workspace.path().join(&file)).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    document["UserPool"]["Policies"] =
        json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}});
    world.workspace.write(&file, document.to_string());
    assert_snapshot!(told(&world.run(&["plan", "pool.yaml"]).output().expect(3)));
}

#[test]
fn an_import_has_the_domains_and_an_undeclared_one_is_drift() {
    let world = world(&[], &json!([prefix("acme"), custom()]), "");
    let imported = world.run(&["import", POOL, "-o", "pool.yaml", "--force"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert_snapshot!(format!("{}\n{text}", told(&imported)));
    for command in [&["plan", "--detailed-exitcode"] as &[&str], &["drift"]] {
        world.run(&[command, &["pool.yaml"]].concat()).output().expect(0);
    }
    world.workspace.write("pool.yaml", manifest("domains: { acme: { ManagedLoginVersion: 1 } }\n"));
    assert_snapshot!("undeclared", told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn a_lost_answer_and_a_concurrent_change_are_settled_by_reading() {
    let one = "domains: { acme: {} }\n";
    let lost = world(&["CreateUserPoolDomain:cut-after*1"], &json!([]), one);
    lost.apply().expect(0);
    assert_eq!(writes(&lost), [1, 0, 0]);
    let faults = ["UpdateUserPoolDomain:error=ConcurrentModificationException/400*1"];
    let busy = world(&faults, &json!([prefix("acme")]), "domains: { acme: { ManagedLoginVersion: 2 } }\n");
    busy.apply().expect(0);
    assert_eq!((writes(&busy), live(&busy)), ([0, 2, 0], json!({"acme": {"ManagedLoginVersion": 2}})));
}

#[test]
fn a_saved_pool_and_a_saved_plan_have_the_domains() {
    let world = world(&[], &json!([prefix("acme"), custom()]), DOMAINS);
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    world.run(&["plan", "--live", "saved", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    std::fs::remove_file(world.workspace.path().join(format!("saved/{POOL}.domains.json"))).unwrap();
    let unread = world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(1);
    assert!(unread.stderr.contains(".domains.json does not exist"), "{unread}");
    world.workspace.write(
        "pool.yaml",
        manifest(&DOMAINS.replace("acme: { ManagedLoginVersion: 1", "acme: { ManagedLoginVersion: 2")),
    );
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    world.run(&["apply", "--yes", "--settle", "0", "plan.json"]).output().expect(0);
    assert_eq!(
        (writes(&world), live(&world)["acme"].clone()),
        ([0, 1, 0], json!({"ManagedLoginVersion": 2}))
    );
}

#[test]
fn the_policy_has_what_domains_need() {
    let world = world(&[], &json!([prefix("acme"), custom()]), DOMAINS);
    assert_snapshot!(told(&world.run(&["iam-policy", "--live", "seed", "pool.yaml"]).output().expect(0)));
}

#[test]
fn domains_have_pages() {
    let world = world(&[], &json!([]), DOMAINS);
    for topic in
        ["domains", "domains.*.CustomDomainConfig.SecurityPolicy", "passkey-domain-moves", "place-taken"]
    {
        let page = world.run(&["explain", topic]).output().expect(0).stdout;
        assert_snapshot!(format!("page {topic}"), page);
    }
}

#[test]
fn a_domain_that_fails_right_after_the_apply_is_a_warning_of_that_apply() {
    let fault = "CreateUserPoolDomain:drift-after=Domains.acme.Status:\"FAILED\"";
    let world = world(&[fault], &json!([]), "domains: { acme: {} }\n");
    let applied = world.apply().expect(0);
    let words = applied.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("warning document-failed: `domains.acme` does not work"), "{applied}");
    assert!(words.contains("then remove the domain and make it again"), "{applied}");
}

#[test]
fn a_version_and_a_name_that_no_domain_has_are_mistakes() {
    let wrong = |body: &str| {
        let world = world(&[], &json!([]), &format!("domains: {{ {body} }}\n"));
        world.run(&["validate", "pool.yaml"]).output().expect(1).to_string()
    };
    assert!(wrong("acme: { ManagedLoginVersion: 3 }").contains("write a number from 1 to 2"));
    for name in ["a..b", "-a", "login.-a.com", "a.com."] {
        let told = wrong(&format!("'{name}': {{ remove: true, reason: r }}"));
        assert!(told.contains("is not a valid key of `domains`"), "{told}");
        assert!(told.contains("lower-case letters, digits and hyphens"), "{told}");
        assert_eq!(wrong(&format!("'{name}': {{}}")).matches("error[").count(), 1);
    }
}

#[test]
fn one_call_reads_the_pool_and_the_names_of_its_domains() {
    let world = world(&[], &json!([prefix("acme")]), "domains: { acme: {} }\n");
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert_eq!(world.calls("DescribeUserPool"), 1);
}
