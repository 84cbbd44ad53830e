//! Rules of the house over a whole run: rules about nothing, rules that a change removes, strict runs, pools without a
//! manifest, clients that registered themselves, and what programs read of it.

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};
use crate::stories::baseline::Repository;
use crate::stories::clients::{WEB, batch, but, manifest, web, world, world_with};

const PROTECTED: &str =
    "require:\n  - { name: protected, path: DeletionProtection, is: ACTIVE, reason: ours }\n";

/// The pool of the sandbox's seed under another id.
fn twin(world: &World, id: &str) -> Value {
    let seed = std::fs::read_to_string(world.workspace.path().join(format!("seed/{POOL}.json"))).unwrap();
    serde_json::from_str(&seed.replace(POOL, id)).unwrap()
}

fn flat(text: &str) -> String {
    text.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// Two pools in a folder, saved by a snapshot. The second one has no app client.
fn fleet(rules: &str) -> World {
    let world = world(&[], &[web()], "");
    let other = "eu-west-1_other0000";
    let mut pool = twin(&world, other);
    pool["UserPoolClients"] = json!([]);
    world.workspace.write(&format!("seed/{other}.json"), pool.to_string());
    for id in [POOL, other] {
        let body = manifest("settings: { UserPoolTags: { team: x } }\n").replace(POOL, id);
        world.workspace.write(&format!("pools/{id}.yaml"), body);
    }
    world.workspace.write("poolctl.yaml", rules);
    world
}

#[test]
fn a_rule_that_is_about_nothing_in_a_whole_fleet_is_a_warning() {
    let rules = "require:
  - { name: saml, of: identityProviders, path: ProviderType, is: SAML }
  - { name: owner, path: UserPoolTags.taem, each: { scheme: [https] } }
  - { name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED }
";
    let world = fleet(rules);
    let run = |words: &[&str]| world.run(&[words, &["--sandbox=both", "--seed", "seed"]].concat()).output();
    for (command, code) in [("plan", 0), ("drift", 2), ("apply", 0)] {
        let more: &[&str] = if command == "apply" { &["--yes", "--settle", "0"] } else { &[] };
        let told = run(&[&[command], more].concat()).expect(code);
        let text = flat(&told.stderr);
        assert!(text.contains("2 rules are about nothing in this run: `saml`, `owner`"), "{told}");
        assert!(text.contains("no pool of this run has one of `identityProviders`"), "{told}");
        assert!(text.contains("nothing in this run has `UserPoolTags.taem`"), "{told}");
    }
    let json = run(&["plan", "--format", "json", "pools"]).expect(0).json();
    assert_eq!(json["diagnostics"][0]["code"], "require-unmatched", "{json}");
    // What a part of the fleet lacks, another pool may have.
    let other = "pools/eu-west-1_other0000.yaml";
    for part in [&[other][..], &["--target", "*_other0000"], &["--shard", "1/1"], &["--only", "UserPoolTags"]]
    {
        let told = run(&[&["plan"], part].concat()).expect(0);
        assert!(!told.stderr.contains("about nothing"), "{part:?} {told}");
    }
}

#[test]
fn a_strict_run_is_blocked_by_what_was_broken_before() {
    let world = world(&[], &[web()], "settings: { UserPoolTags: { team: x } }\n");
    world.workspace.write("poolctl.yaml", PROTECTED);
    let told = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(told.stdout.contains("warning require:protected"), "{told}");
    let strict = world.run(&["plan", "--strict-require", "pool.yaml"]).output().expect(3);
    assert!(strict.stdout.contains("risk require:protected"), "{strict}");
    world.apply_with(&["--strict-require"]).expect(3);
    assert_eq!(world.calls("UpdateUserPool"), 0);
    world.apply_with(&["--strict-require", "--allow", "require:protected"]).expect(0);
    // A project may want it always.
    world.workspace.write("poolctl.yaml", format!("defaults: {{ strict-require: true }}\n{PROTECTED}"));
    world.run(&["plan", "pool.yaml"]).output().expect(3);
}

/// A repository whose pool is protected, and whose project requires that.
fn ruled() -> Repository {
    let repository = Repository::new();
    repository.0.write("poolctl.yaml", PROTECTED);
    repository.manifest("  DeletionProtection: ACTIVE\n");
    repository.live(json!({"DeletionProtection": "ACTIVE"}));
    repository.commit();
    repository
}

const PLAN: [&str; 7] =
    ["plan", "--live", "live", "--baseline", "main", "--allow", "deletion-protection-off"];

#[test]
fn a_change_that_removes_a_rule_and_breaks_it_says_so() {
    let repository = ruled();
    repository.manifest("  DeletionProtection: INACTIVE\n");
    for (rules, now) in [
        ("defaults: {}\n".to_owned(), "the rule is gone"),
        (PROTECTED.replace("is: ACTIVE", "in: [ACTIVE, INACTIVE]"), "the rule is another one now"),
    ] {
        repository.0.write("poolctl.yaml", &rules);
        let without: Vec<&str> =
            PLAN.into_iter().filter(|word| !["--baseline", "main"].contains(word)).collect();
        repository.run(&without).expect(0);
        let refused = repository.run(&PLAN).expect(3);
        let text = flat(&refused.stdout);
        assert!(text.contains("risk require-changed"), "{refused}");
        let clause =
            "is `INACTIVE`, but the rule `protected` of main:poolctl.yaml:2 requires `ACTIVE` (ours)";
        assert!(text.contains(clause) && text.contains(now), "{refused}");
        repository.run(&[&PLAN[..], &["--allow", "require-changed"]].concat()).expect(0);
        let json = repository.run(&[&PLAN[..], &["--format", "json"]].concat()).expect(3).json();
        let findings = json["pools"][0]["findings"].as_array().unwrap();
        let changed = findings.iter().find(|one| one["code"] == "require-changed").unwrap();
        assert_eq!((&changed["rule"]["name"], &changed["rule"]["line"]), (&json!("protected"), &json!(2)));
    }
    // Another name for the same rule removes nothing: today's rule blocks.
    repository.0.write("poolctl.yaml", PROTECTED.replace("name: protected", "name: kept"));
    let renamed = repository.run(&PLAN).expect(3);
    assert!(
        renamed.stdout.contains("require:kept") && !renamed.stdout.contains("require-changed"),
        "{renamed}"
    );
}

#[test]
fn a_rule_that_is_removed_blocks_no_plan_that_keeps_it_or_found_it_broken() {
    let repository = ruled();
    repository.0.write("poolctl.yaml", "");
    repository.manifest("  DeletionProtection: ACTIVE\n  UserPoolTags: { team: x }\n");
    let kept = repository.run(&PLAN).expect(0);
    assert!(!kept.to_string().contains("require-changed"), "{kept}");
    repository.live(json!({"DeletionProtection": "INACTIVE"}));
    repository.manifest("  UserPoolTags: { team: x }\n");
    let before = repository.run(&PLAN).expect(0);
    assert!(before.stdout.contains("warning require-changed"), "{before}");
}

/// An exemption from the rule of these tests, to the end of a year.
fn exempt(year: &str) -> String {
    format!(
        "allow: [{{ risk: require:protected, path: DeletionProtection, reason: moving, until: {year}-12-31 }}]\n"
    )
}

#[test]
fn a_change_that_exempts_the_pool_from_a_rule_says_so() {
    let repository = ruled();
    let manifest = |allow: &str, value: &str| {
        let text = format!("version: 1\npool: {POOL}\n{allow}settings: {{ DeletionProtection: {value} }}\n");
        repository.0.write("pools/customers.yaml", text);
    };
    let says = |expected: &str| {
        let refused = repository.run(&PLAN).expect(3);
        let text = flat(&refused.stdout);
        let clause = "is `INACTIVE`, but the rule `protected` of poolctl.yaml:2 requires `ACTIVE` (ours): ";
        assert!(text.contains(&format!("{clause}{expected}")), "{refused}");
    };
    manifest(&exempt("2097"), "INACTIVE");
    says("the exemption is new");
    let json = repository.run(&[&PLAN[..], &["--format", "json"]].concat()).expect(3).json();
    let help = "take the exemption back, or change the setting, or accept it with `--allow require-changed`";
    assert!(json["pools"][0]["findings"].as_array().unwrap().iter().any(|one| one["help"] == help), "{json}");
    // Who adds an exemption cannot allow it in the same breath.
    let both = exempt("2097").replace("allow: [", "allow: [{ risk: require-changed, reason: ours }, ");
    manifest(&both, "INACTIVE");
    says("the exemption is new");
    repository.run(&[&PLAN[..], &["--allow", "require-changed"]].concat()).expect(0);
    // A new rule may have exemptions from the start.
    let rules = |text: &str| repository.0.write("poolctl.yaml", text);
    manifest(&exempt("2097"), "INACTIVE");
    rules("");
    repository.commit();
    rules(PROTECTED);
    assert!(!repository.run(&PLAN).expect(0).stdout.contains("require-changed"));
    repository.commit();
    // An exemption that was there before is nothing new, until it lasts longer.
    assert!(!repository.run(&PLAN).expect(0).stdout.contains("require-changed"));
    manifest(&exempt("2096"), "INACTIVE");
    assert!(!repository.run(&PLAN).expect(0).stdout.contains("require-changed"));
    manifest(&exempt("2098"), "INACTIVE");
    says("the exemption ends later now");
    // Nor may a rule be changed under it.
    rules("");
    manifest(&exempt("2097"), "INACTIVE");
    assert!(!repository.run(&PLAN).expect(0).stdout.contains("require-changed"));
    // What was broken before is a warning.
    rules(PROTECTED);
    manifest("", "INACTIVE");
    repository.commit();
    repository.live(json!({"DeletionProtection": "INACTIVE"}));
    manifest(&exempt("2097"), "INACTIVE");
    let before = repository.run(&PLAN).expect(0);
    assert!(flat(&before.stdout).contains("warning require-changed"), "{before}");
}

#[test]
fn drift_is_judged_by_the_rules_of_today() {
    let repository = ruled();
    repository.0.write("poolctl.yaml", "");
    repository.manifest("  DeletionProtection: INACTIVE\n");
    repository.live(json!({"DeletionProtection": "INACTIVE"}));
    repository.run(&["drift", "--live", "live", "--baseline", "main"]).expect(0);
    repository.0.write("poolctl.yaml", PROTECTED);
    repository.run(&["drift", "--live", "live", "--baseline", "main"]).expect(2);
}

#[test]
fn rules_of_a_baseline_are_found_in_files_and_folders_and_what_is_wrong_there_is_said() {
    let repository = ruled();
    repository.0.write("rules/house.yaml", PROTECTED);
    repository.0.write("poolctl.yaml", "require: [{ file: rules/house.yaml }]\n");
    repository.commit();
    std::fs::remove_file(repository.0.path().join("rules/house.yaml")).unwrap();
    repository.0.write("poolctl.yaml", "");
    repository.manifest("  DeletionProtection: INACTIVE\n");
    let included = repository.run(&PLAN).expect(3);
    assert!(flat(&included.stdout).contains("of main:rules/house.yaml:2"), "{included}");
    // A folder with the earlier files.
    let then = tempfile::tempdir().unwrap();
    std::fs::create_dir(then.path().join("pools")).unwrap();
    std::fs::write(then.path().join("poolctl.yaml"), PROTECTED).unwrap();
    let pools = repository.0.path().join("pools/customers.yaml");
    std::fs::copy(pools, then.path().join("pools/customers.yaml")).unwrap();
    let folder = then.path().display().to_string();
    let words: Vec<&str> = PLAN.iter().map(|word| if *word == "main" { &folder } else { *word }).collect();
    assert!(repository.run(&words).expect(3).stdout.contains("require-changed"));
    // Rules that nobody can read any more judge nothing.
    std::fs::write(then.path().join("poolctl.yaml"), "require: [{ name: a, path: Zebra, is: x }]\n").unwrap();
    let unread = repository.run(&words).expect(0);
    assert!(flat(&unread.stderr).contains("cannot read the rules of the house in the baseline"), "{unread}");
}

#[test]
fn pools_without_a_manifest_are_judged_by_the_rules() {
    let other = "eu-west-1_stray0000";
    let world = world(&[], &[web()], "settings: { DeletionProtection: ACTIVE }\n");
    let mut stray = twin(&world, other);
    stray["UserPool"]["Name"] = json!("made by hand");
    stray["UserPoolClients"] = json!([but(batch(), json!({"UserPoolId": other}))]);
    world.workspace.write(&format!("seed/{other}.json"), stray.to_string());
    let at = ["--sandbox=both", "--seed", "seed"];
    world.run(&[&["apply", "--yes", "--settle", "0", "pool.yaml"][..], &at].concat()).output().expect(0);
    let drift =
        |more: &[&str]| world.run(&[&["drift", "--discover", "pool.yaml"], more, &at].concat()).output();
    // Without rules, a stray pool is only listed.
    let plain = drift(&["--format", "json"]).expect(2).json();
    assert_eq!(plain["strays"], json!([{"id": other, "name": "made by hand", "region": "eu-west-1"}]));
    let client = "  - { name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED }\n";
    world.workspace.write("poolctl.yaml", format!("{PROTECTED}{client}"));
    let told = drift(&[]).expect(2);
    for code in ["require:protected", "require:no-enumeration"] {
        assert!(told.stdout.contains(&format!("conflict {code}")) || told.stdout.contains(code), "{told}");
    }
    let json = drift(&["--format", "json"]).expect(2).json();
    assert_eq!(json["pools"][0]["findings"], json!([]), "{json}");
    let findings = json["strays"][0]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2, "{json}");
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&json), "{json}");
    for form in ["markdown", "github", "sarif", "junit", "codequality"] {
        let told = drift(&["--format", form]).expect(2);
        assert!(told.stdout.contains("require:protected"), "{form}: {told}");
    }
    let metrics = drift(&["--format", "openmetrics"]).expect(2).stdout;
    let sample = format!("pool=\"{other}\",region=\"eu-west-1\",manifest=\"\",rule=\"protected\"}} 1");
    assert!(metrics.contains(&sample), "{metrics}");
}

#[test]
fn programs_read_which_rule_is_broken_and_how_often() {
    let second = but(batch(), json!({"ClientId": "3batchbatchbatchbatchbatc3", "ClientName": "night"}));
    let world = world(&[], &[web(), batch(), second], "settings: { UserPoolTags: { team: x } }\n");
    let client = "  - { name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED }\n";
    world.workspace.write("poolctl.yaml", format!("{PROTECTED}{client}"));
    for command in ["plan", "drift"] {
        let metrics = world.run(&[command, "--format", "openmetrics", "pool.yaml"]).output().stdout;
        for (rule, count) in [("protected", 1), ("no-enumeration", 2)] {
            let sample = format!("manifest=\"pool.yaml\",rule=\"{rule}\"}} {count}\n");
            assert!(metrics.contains(&sample), "{metrics}");
        }
        let json = world.run(&[command, "--format", "json", "pool.yaml"]).output().json();
        let findings = json["pools"][0]["findings"].as_array().unwrap();
        let protected = findings.iter().find(|one| one["code"] == "require:protected").unwrap();
        let rule = json!({"name": "protected", "file": "poolctl.yaml", "line": 2, "requires": "`ACTIVE`", "reason": "ours"});
        assert_eq!(protected["rule"], rule, "{json}");
    }
    // A saved plan keeps it.
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let shown = world.run(&["show", "--format", "json", "plan.json"]).output().expect(0).json();
    let findings = shown["pools"][0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|one| one["rule"]["name"] == "protected"), "{shown}");
}

#[test]
fn clients_that_registered_themselves_are_judged_by_rules_that_ask_for_them() {
    let dcr = but(batch(), json!({"ClientType": "DCR", "ClientSecret": null}));
    let rule = |more: &str| {
        format!(
            "require:\n  - {{ name: no-enumeration, of: clients, path: PreventUserExistenceErrors, is: ENABLED{more} }}\n"
        )
    };
    let world = world(&[], &[web(), dcr.clone()], "settings: { UserPoolTags: { team: x } }\n");
    world.workspace.write("poolctl.yaml", rule(""));
    let without = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(!without.stdout.contains("require:no-enumeration"), "{without}");
    assert_eq!(world.calls("ListUserPoolClients"), 1);
    world.workspace.write("poolctl.yaml", rule(", dcr: true"));
    let with = world.run(&["plan", "pool.yaml"]).output().expect(0);
    assert!(with.stdout.contains("clients.batch.PreventUserExistenceErrors"), "{with}");
    assert_eq!(world.calls("ListUserPoolClients"), 3);
    world.apply().expect(0);
    assert_eq!(world.calls("UpdateUserPoolClient"), 0);
    // Declared clients are read, and one that registered itself besides.
    let body = format!("clients: {{ web: {{ id: {WEB}, AuthSessionValidity: 8 }} }}\n");
    let world = world_with(&[], &[web(), dcr], &body, |_| {});
    world.workspace.write("poolctl.yaml", rule(", dcr: true"));
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains("conflict require:no-enumeration"), "{drift}");
    world
        .workspace
        .write("poolctl.yaml", "require: [{ name: a, path: MfaConfiguration, is: OFF, dcr: true }]\n");
    let wrong = world.run(&["plan", "pool.yaml"]).output().expect(64);
    assert!(wrong.stderr.contains("`dcr` is about app clients"), "{wrong}");
}
