//! Rules of the house: what poolctl.yaml requires of every pool, whoever declares what.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Workspace;
use crate::harness::world::{POOL, World, told};
use crate::stories::clients::{WEB, batch, but, manifest, web, world, world_with};

const RULES: &str = "require:
  - { name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED, reason: SEC-12 }
  - { name: no-implicit, of: clients, path: AllowedOAuthFlows, lacks: [implicit] }
  - { name: our-callbacks, of: clients, path: CallbackURLs, each: { scheme: [https], host: [\"*.example.com\"] } }
  - { name: protected, path: DeletionProtection, is: ACTIVE }
";

/// A pool that is not protected, with these clients, and these rules.
fn ruled(rules: &str, clients: &[Value], body: &str) -> World {
    let world = world(&[], clients, body);
    world.workspace.write("poolctl.yaml", rules);
    world
}

/// A batch client that keeps the rules.
fn quiet() -> Value {
    but(batch(), json!({"PreventUserExistenceErrors": "ENABLED"}))
}

#[test]
fn a_plan_that_breaks_a_rule_is_blocked_and_one_that_finds_it_broken_warns() {
    let body = format!("clients: {{ web: {{ id: {WEB}, AllowedOAuthFlows: [code, implicit] }} }}\n");
    let world = ruled(RULES, &[web(), quiet()], &body);
    let blocked = world.run(&["plan", "pool.yaml"]).output().expect(3);
    assert_snapshot!("require_blocked", told(&blocked));
    let refused = world.apply();
    assert_eq!((refused.code, world.calls("UpdateUserPoolClient")), (Some(3), 0), "{refused}");
    let by_flag = ["--allow", "require:no-implicit"];
    let applied = world.apply_with(&by_flag).expect(0);
    assert!(applied.stdout.contains("allowed by --allow require:no-implicit"), "{applied}");
    // From now on it was broken before: another change goes through.
    let body = format!("{body}settings: {{ UserPoolTags: {{ team: x }} }}\n");
    world.workspace.write("pool.yaml", manifest(&body));
    let warned = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(warned.stdout.contains("warning require:no-implicit"), "{warned}");
    world.apply().expect(0);
}

#[test]
fn a_rule_is_about_clients_that_no_manifest_declares() {
    let world = ruled(RULES, &[web(), batch()], "settings: { DeletionProtection: ACTIVE }\n");
    let planned = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(planned.stdout.contains("warning require:no-enumeration"), "{planned}");
    assert!(planned.stdout.contains("clients.batch.PreventUserExistenceErrors"), "{planned}");
    assert!(!planned.stdout.contains("require:protected"), "the plan keeps it: {planned}");
    assert_eq!(world.calls("DescribeUserPoolClient"), 2);
    // A plan that changes no client sends none, and undeclared ones are not compared.
    world.apply().expect(0);
    assert_eq!(world.calls("UpdateUserPoolClient"), 0);
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains("conflict require:no-enumeration"), "{drift}");
    assert!(!drift.stdout.contains("RefreshTokenValidity"), "{drift}");
}

#[test]
fn only_what_rules_need_is_read() {
    let rules = "require: [{ name: protected, path: DeletionProtection, is: ACTIVE }]\n";
    let world = ruled(rules, &[web()], "settings: { UserPoolTags: { team: x } }\n");
    for command in ["plan", "drift"] {
        let output = world.run(&[command, "pool.yaml"]).output();
        assert!(output.stdout.contains("require:protected"), "{output}");
    }
    assert_eq!(world.calls("ListUserPoolClients") + world.calls("DescribeUserPoolClient"), 0);
    // Of declared clients, each is read once.
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = ruled(RULES, &[web(), quiet()], &body);
    world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert_eq!(world.calls("DescribeUserPoolClient"), 2);
}

#[test]
fn drift_counts_each_breach_also_beside_no_other_difference() {
    let world = ruled(RULES, &[web(), batch()], "unmanaged: keep\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert_snapshot!("require_drift", told(&drift));
}

#[test]
fn an_exemption_has_a_reason_and_an_end() {
    let exempt = |until: &str| {
        format!(
            "allow:\n  - {{ risk: require:no-enumeration, path: clients.batch, reason: it has no users{until} }}\n  - {{ risk: require:protected, reason: a test pool, until: 2999-01-01 }}\n"
        )
    };
    let world = ruled(RULES, &[web(), batch()], &exempt(", until: 2999-01-01"));
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    let planned = world.run(&["plan", "pool.yaml", "--format", "json"]).output().expect(0);
    let findings = planned.json()["pools"][0]["findings"].clone();
    let exempted =
        findings.as_array().unwrap().iter().find(|one| one["code"] == "require:no-enumeration").unwrap();
    assert_eq!(exempted["acknowledged"]["reason"], "it has no users", "{exempted}");
    // Its day is over.
    world.workspace.write("pool.yaml", manifest(&exempt(", until: 2020-01-01")));
    let over = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(over.stdout.contains("allow-expired"), "{over}");
    world.workspace.write("pool.yaml", manifest(&exempt("")));
    let endless = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert!(endless.to_string().contains("`allow` has an entry without a `until`"), "{endless}");
}

#[test]
fn a_name_that_no_rule_has_is_pointed_out() {
    let body = "allow: [{ risk: require:protekted, reason: r, until: 2999-01-01 }]\n";
    let world = ruled(RULES, &[web()], body);
    let validated = world.run(&["validate", "pool.yaml"]).output().expect(0);
    assert!(validated.to_string().contains("did you mean `require:protected`?"), "{validated}");
    let typed = world.run(&["plan", "pool.yaml", "--allow", "require:protekted"]).output().expect(64);
    assert!(typed.stderr.contains("did you mean `require:protected`?"), "{typed}");
}

#[test]
fn validate_judges_what_the_file_decides_and_nothing_else() {
    let body = format!(
        "settings: {{ DeletionProtection: null }}\nclients:\n  web: {{ id: {WEB}, CallbackURLs: [https://a.example.com/, https://example.com.evil.net/] }}\n"
    );
    let world = ruled(RULES, &[web()], &body);
    let validated = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert_snapshot!("require_validate", told(&validated));
    assert_eq!(world.calls("DescribeUserPool"), 0);
}

#[test]
fn every_form_names_the_rule() {
    let world = ruled(RULES, &[web(), quiet()], "settings: { DeletionProtection: null }\n");
    for form in ["text", "json", "markdown", "github", "sarif"] {
        for command in ["plan", "drift"] {
            let output = world.run(&[command, "pool.yaml", "--format", form]).output();
            for word in ["protected", "poolctl.yaml:5", "INACTIVE", "ACTIVE"] {
                assert!(output.stdout.contains(word), "{command} --format {form} lacks {word}: {output}");
            }
        }
    }
    let sarif = world.run(&["plan", "pool.yaml", "--format", "sarif"]).output().json();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap().clone();
    let rule = rules.iter().find(|rule| rule["id"] == "require:protected").unwrap();
    assert!(rule["fullDescription"]["text"].as_str().unwrap().contains("rule of the house"), "{rule}");
}

#[test]
fn a_saved_plan_is_judged_by_the_rules_of_the_day_it_is_applied() {
    let body = "settings: { DeletionProtection: INACTIVE, UserPoolTags: { team: x } }\n";
    let world = ruled("defaults: {}\n", &[web()], "settings: { DeletionProtection: ACTIVE }\n");
    world.apply().expect(0);
    world.workspace.write("pool.yaml", manifest(body));
    world
        .run(&["plan", "pool.yaml", "--allow", "deletion-protection-off", "--save", "plan.json"])
        .output()
        .expect(0);
    world.workspace.write("poolctl.yaml", RULES);
    world.run(&["show", "plan.json"]).output().expect(0);
    let applied = world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(3);
    assert!(applied.to_string().contains("require:protected"), "{applied}");
    // A plan that a rule has something to say of can be saved and shown.
    let allow = ["--allow", "deletion-protection-off,require:protected"];
    world.run(&[&["plan", "pool.yaml", "--save", "plan.json"][..], &allow].concat()).output().expect(0);
    let shown = world.run(&["show", "plan.json"]).output().expect(0);
    assert!(shown.stdout.contains("allowed by --allow require:protected"), "{shown}");
    world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(0);
}

#[test]
fn a_restore_is_judged_too() {
    let world = ruled("defaults: {}\n", &[web()], "settings: { DeletionProtection: ACTIVE }\n");
    world.apply().expect(0);
    world.workspace.write("poolctl.yaml", RULES);
    let backup = world.workspace.backup().display().to_string();
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(3);
    assert!(restored.to_string().contains("require:protected"), "{restored}");
}

#[test]
fn an_import_says_which_rules_are_broken_today() {
    let implicit = but(web(), json!({"AllowedOAuthFlows": ["implicit"]}));
    let world = ruled(RULES, &[implicit, batch()], "unmanaged: keep\n");
    let imported = world.run(&["import", POOL, "-o", "imported.yaml"]).output().expect(0);
    let notes: Vec<&str> = imported.stderr.lines().filter(|line| line.contains("broken today")).collect();
    assert_snapshot!("require_import", notes.join("\n"));
}

#[test]
fn what_cannot_be_read_is_not_judged_and_that_is_said() {
    let world = world(
        &["ListUserPoolClients:access-denied"],
        &[web(), batch()],
        "settings: { DeletionProtection: ACTIVE }\n",
    );
    world.workspace.write("poolctl.yaml", RULES);
    let planned = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(planned.stdout.contains("note require-unread"), "{planned}");
    assert!(!planned.stdout.contains("require:no-enumeration"), "{planned}");
}

#[test]
fn a_snapshot_has_what_the_rules_need() {
    let world = ruled(RULES, &[web(), batch()], "settings: { DeletionProtection: ACTIVE }\n");
    world.run(&["snapshot", "-o", "saved", "pool.yaml"]).output().expect(0);
    let planned = world.workspace.poolctl(["plan", "--live", "saved", "pool.yaml"]).output().expect(0);
    assert!(planned.stdout.contains("clients.batch.PreventUserExistenceErrors"), "{planned}");
    assert!(!planned.stdout.contains("require-unread"), "{planned}");
}

#[test]
fn a_client_of_another_service_is_left_out() {
    let other = but(batch(), json!({"ClientName": "AmazonOpenSearchService-search"}));
    let world = ruled(RULES, &[web(), other], "settings: { DeletionProtection: ACTIVE }\n");
    let planned = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!planned.stdout.contains("require:"), "{planned}");
}

#[test]
fn a_policy_for_reading_counts_what_the_rules_need() {
    let world = ruled(RULES, &[web()], "settings: { DeletionProtection: ACTIVE }\n");
    let policy = world.run(&["iam-policy", "--read-only", "pool.yaml"]).output().expect(0);
    assert!(policy.stdout.contains("cognito-idp:DescribeUserPoolClient"), "{policy}");
    assert!(policy.stdout.contains("cognito-idp:ListUserPoolClients"), "{policy}");
}

#[test]
fn a_mistake_in_the_rules_stops_every_command() {
    let mut all = String::new();
    for rules in [
        "require: [{ name: a, of: clients, path: PreventUserExistenceErors, is: ENABLED }]\n",
        "require: [{ name: a, path: Policies.PasswordPolicy.MinimumLength, min: 8, max: 9 }]\n",
        "require: [{ file: ../rules.yaml }]\n",
        "require: [{ file: missing.yaml }]\n",
    ] {
        let workspace = Workspace::new();
        workspace.write("poolctl.yaml", rules);
        let refused = workspace.poolctl(["plan"]).output().expect(64);
        assert_eq!(refused.stdout, "");
        all += &refused.stderr;
    }
    assert_snapshot!("require_wrong", all);
}

/// A pool that keeps every rule of the preset.
const SOUND: &str = r#"settings:
  DeletionProtection: ACTIVE
  MfaConfiguration: "ON"
  UserPoolTier: PLUS
  UserPoolAddOns: { AdvancedSecurityMode: ENFORCED }
  SoftwareTokenMfaConfiguration: { Enabled: true }
  AccountRecoverySetting: { RecoveryMechanisms: [{ Name: verified_email, Priority: 1 }] }
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }
  Policies:
    PasswordPolicy:
      MinimumLength: 14
      RequireLowercase: true
      RequireUppercase: true
      RequireNumbers: true
      RequireSymbols: true
      TemporaryPasswordValidityDays: 7
riskConfiguration:
  CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: BLOCK } }
  AccountTakeoverRiskConfiguration:
    Actions:
      LowAction: { Notify: false, EventAction: BLOCK }
      MediumAction: { Notify: false, EventAction: BLOCK }
      HighAction: { Notify: false, EventAction: BLOCK }
"#;

#[test]
fn the_preset_of_prowler_is_sound_and_can_be_kept() {
    let preset = include_str!("../../../examples/require/prowler.yaml");
    let world = ruled("require: [{ file: require/prowler.yaml }]\n", &[web(), quiet()], SOUND);
    world.workspace.write("require/prowler.yaml", preset);
    let before = world.run(&["drift", "pool.yaml", "--format", "json"]).output().expect(2).json();
    let broken = before["pools"][0]["findings"].as_array().unwrap().iter();
    let broken: Vec<&str> = broken.filter_map(|one| one["code"].as_str()?.strip_prefix("require:")).collect();
    // Every rule about pools is broken by a pool of defaults, but those that a default keeps.
    assert!(broken.contains(&"cognito_user_pool_advanced_security_enabled"), "{broken:?}");
    assert_eq!(broken.len(), 10, "{broken:?}");
    let plan = world.run(&["plan", "pool.yaml"]).output();
    assert!(!plan.stdout.contains("require:"), "{plan}");
}

#[test]
fn a_search_for_manifests_passes_files_of_rules_over() {
    let workspace = Workspace::new();
    workspace.write("poolctl.yaml", "require: [{ file: pools/rules/mfa.yaml }]\n");
    let rule = "require: [{ name: mfa, path: MfaConfiguration, is: \"ON\" }]\n";
    workspace.write("pools/rules/mfa.yaml", rule);
    workspace
        .write("pools/p.yaml", "version: 1\npool: eu-west-1_a\nsettings: { MfaConfiguration: OPTIONAL }\n");
    let found = workspace.poolctl(["validate"]).output().expect(1);
    assert!(found.stdout.contains("error[require:mfa]"), "{found}");
    assert!(found.stdout.contains("1 error in 1 manifest"), "{found}");
    // Nor is one a manifest of a baseline.
    for git in [
        &["init", "-q"] as &[&str],
        &["add", "."],
        &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "a"],
    ] {
        workspace.program("git").args(git.iter().copied()).output().expect(0);
    }
    let live = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    workspace.write("saved/eu-west-1_a.json", live.replace("eu-west-1_a1B2c3D4E", "eu-west-1_a"));
    let drift = workspace.poolctl(["drift", "--live", "saved", "--baseline", "HEAD"]).output().expect(2);
    assert!(!drift.to_string().contains("rules/mfa.yaml: "), "{drift}");
    let named = workspace.poolctl(["validate", "pools/rules/mfa.yaml"]).output().expect(1);
    assert!(named.stdout.contains("this is a file of rules of the house, not a manifest"), "{named}");
}

#[test]
fn a_rule_is_about_what_hangs_on_a_client() {
    let path = "CompromisedCredentialsRiskConfiguration.Actions.EventAction";
    let world = world_with(&[], &[web(), quiet()], "settings: { UserPoolTags: { team: x } }\n", |document| {
        let own = json!({
            "ClientId": WEB, "CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "NO_ACTION"}},
        });
        document.insert("ClientRiskConfigurations".to_owned(), json!([own]));
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.insert("UserPoolTier".to_owned(), json!("PLUS"));
        pool.insert("UserPoolAddOns".to_owned(), json!({"AdvancedSecurityMode": "ENFORCED"}));
    });
    let rule = format!(
        "require: [{{ name: own-risk, of: clients.riskConfiguration, path: {path}, in: [BLOCK] }}]\n"
    );
    world.workspace.write("poolctl.yaml", &rule);
    let planned = world.run(&["plan", "pool.yaml"]).output().expect(0);
    let at = format!("clients.web.riskConfiguration.{path}");
    assert!(planned.stdout.contains("warning require:own-risk"), "{planned}");
    assert!(planned.stdout.replace("\n      ", "").contains(&at), "{planned}");
    assert!(!planned.stdout.contains("clients.batch.risk"), "it has the pool's: {planned}");
    // It is not compared, so that an apply leaves it alone and proves the rest.
    world.apply().expect(0);
    assert_eq!(world.calls("SetRiskConfiguration"), 0);
}

#[test]
fn a_rule_is_about_a_setting_that_requests_leave_out_too() {
    let rules = "require:
  - { name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED }
  - { name: short, of: clients, path: AccessTokenValidity, max: 12 }
";
    let omit = "omit: [{ path: clients.web.PreventUserExistenceErrors, reason: refused }]\n";
    let body = format!("{omit}clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = ruled(rules, &[web()], &body);
    let refused = world.apply().expect(3);
    assert!(refused.stdout.contains("no-enumeration"), "{refused}");
    assert_eq!(world.calls("UpdateUserPoolClient"), 0);
}

#[test]
fn a_rule_about_a_time_counts_in_its_unit() {
    let rules = "require: [{ name: short, of: clients, path: AccessTokenValidity, max: 12 }]\n";
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, AccessTokenValidity: 13, TokenValidityUnits: {{ AccessToken: hours }}, RefreshTokenValidity: 20 }} }}\n"
    );
    let world = ruled(rules, &[web()], &body);
    let refused = world.run(&["plan", "pool.yaml"]).output().expect(3);
    assert!(refused.stdout.contains("is `13` (hours)"), "{refused}");
    let minutes = body.replace("hours", "minutes");
    world.workspace.write("pool.yaml", manifest(&minutes));
    world.apply().expect(0);
}
