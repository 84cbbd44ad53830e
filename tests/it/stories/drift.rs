//! `poolctl drift`: what counts, what it ends with, and that it only reads.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::world::{POOL, World};

/// A sandbox whose pool has been imported: it is what its manifest says.
fn imported() -> World {
    let world = World::new(&[]);
    world.run(&["import", POOL, "-o", "pools"]).output().expect(0);
    world
}

/// Somebody else changes the pool: with a manifest that nobody keeps.
fn click(world: &World, settings: &str) {
    let manifest = format!("version: 1\npool: {POOL}\nsettings:\n{settings}");
    world.workspace.write("click.yaml", manifest);
    let risks = "trigger-removal,user-migration-added,deletion-protection-off,password-policy-weaker,threat-protection-off,mfa-downgrade,self-sign-up-opened";
    world.run(&["apply", "--yes", "--settle", "0", "--allow", risks, "click.yaml"]).output().expect(0);
}

fn drift(world: &World, arguments: &[&str]) -> Output {
    world.run(&[&["drift"], arguments].concat()).output()
}

#[test]
fn an_imported_pool_has_not_drifted_and_the_takeover_at_night_is_seen() {
    let world = imported();
    let clean = drift(&world, &[]).expect(0);
    assert_eq!(
        (clean.stdout.lines().last(), clean.stderr.as_str()),
        (Some("No drift. The pool is as declared."), "")
    );
    click(
        &world,
        "  LambdaConfig: { UserMigration: 'arn:aws:lambda:eu-west-1:999999999999:function:mine' }\n  Policies: { PasswordPolicy: { MinimumLength: 6 } }\n",
    );
    let (reads, writes) = (world.calls("DescribeUserPool"), world.writes());
    let seen = drift(&world, &[]).expect(2);
    assert_snapshot!("drift_takeover", seen);
    assert_eq!(world.calls("DescribeUserPool"), reads + 1);
    assert_eq!((world.writes(), world.calls("SetUserPoolMfaConfig")), (writes, 0), "it only reads");
}

#[test]
fn programs_get_the_same() {
    let world = imported();
    click(
        &world,
        "  LambdaConfig: { UserMigration: 'arn:aws:lambda:eu-west-1:999999999999:function:mine' }\n",
    );
    let seen = drift(&world, &["--format", "json"]).expect(2).json();
    let pool = &seen["pools"][0];
    assert_eq!(
        (&seen["command"], &pool["outcome"], &pool["exit_code"]),
        (&json!("drift"), &json!("differs"), &json!(2))
    );
    assert_eq!(
        pool["undeclared"],
        json!([{
            "path": ["LambdaConfig", "UserMigration"], "path_text": "LambdaConfig.UserMigration",
            "live": "arn:aws:lambda:eu-west-1:999999999999:function:mine", "sensitive": false, "released": false,
        }])
    );
    assert_eq!((&seen["applyable"], &pool["steps"]), (&json!(false), &json!([])), "nothing leads to a write");
}

#[test]
fn one_pool_that_cannot_be_read_keeps_none_of_the_others_from_being_looked_at() {
    let world = imported();
    world.workspace.write(
        "pools/missing.yaml",
        "version: 1\npool: eu-west-1_missing00\nsettings: { DeletionProtection: ACTIVE }\n",
    );
    click(&world, "  UserPoolTags: { stage: test }\n");
    let seen = drift(&world, &[]).expect(1);
    assert!(seen.stdout.contains("Drift: 1 of 2 pools. 1 setting differs, 1 note."), "{seen}");
    assert!(
        seen.stdout.contains("1 pool could not be read:\n✗ eu-west-1_missing00   pools/missing.yaml"),
        "{seen}"
    );
    assert!(seen.stderr.starts_with("error: pools/missing.yaml: "), "{seen}");
}

#[test]
fn credentials_of_another_account_are_an_error_and_no_refusal() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\naccount: \"999999999999\"\n"));
    let seen = drift(&world, &["pool.yaml"]).expect(1);
    assert!(seen.stderr.contains("the manifest is for account 999999999999"), "{seen}");
    assert_eq!(world.calls("DescribeUserPool"), 0, "no pool is read with them");
}

#[test]
fn what_no_apply_could_mend_is_a_difference_and_never_3() {
    let world = World::new(&[]);
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings: {{ UsernameConfiguration: {{ CaseSensitive: true }} }}\nignore:\n{}",
        IGNORED
    );
    world.workspace.write("pool.yaml", manifest);
    world.run(&["plan", "pool.yaml"]).output().expect(3);
    assert_snapshot!("drift_immutable", drift(&world, &["pool.yaml"]).expect(2));
}

#[test]
fn drift_suggests_no_apply_that_a_conflict_blocks() {
    let world = World::new(&[]);
    let ways = |settings: &str| {
        let manifest = format!("version: 1\npool: {POOL}\nsettings: {{ {settings} }}\n");
        world.workspace.write("pool.yaml", manifest);
        drift(&world, &["pool.yaml"]).expect(2).stdout
    };
    let free = ways("DeletionProtection: ACTIVE");
    assert!(free.contains("\nTo make the pools match their manifests: poolctl apply pool.yaml\n"), "{free}");
    assert!(!free.contains("poolctl plan"), "{free}");
    let shown = ways("DeletionProtection: ACTIVE, UsernameConfiguration: { CaseSensitive: true }");
    assert!(
        shown.contains(
            "\n1 difference cannot be applied (conflicts above), which blocks an apply of the others.\n"
        ),
        "{shown}"
    );
    assert!(!shown.contains("poolctl apply"), "{shown}");
    // Whether a rule of the service forbids what is declared, only a plan says.
    let refused = ways("UserPoolTier: LITE");
    assert!(
        refused.contains("\nTo see the conflicts that block an apply: poolctl plan pool.yaml\n"),
        "{refused}"
    );
    assert!(!refused.contains("poolctl apply"), "{refused}");
    world.run(&["plan", "pool.yaml"]).output().expect(3);
}

/// All that the quickstart's pool has and drift watches, as entries of `ignore`.
pub(crate) const IGNORED: &str = "  - { path: Policies.PasswordPolicy.RequireSymbols, reason: theirs }
  - { path: AutoVerifiedAttributes, reason: theirs }
  - { path: UserAttributeUpdateSettings, reason: theirs }
  - { path: UserPoolTier, reason: theirs }
  - { path: LambdaConfig, reason: theirs }
  - { path: MfaConfiguration, reason: theirs }
  - { path: EmailConfiguration, reason: theirs }
  - { path: SmsConfiguration, reason: theirs }
  - { path: UserPoolAddOns, reason: theirs }
  - { path: AccountRecoverySetting, reason: theirs }
  - { path: SmsMfaConfiguration, reason: theirs }
  - { path: SoftwareTokenMfaConfiguration, reason: theirs }
";

#[test]
fn pools_that_no_manifest_declares_are_named_where_somebody_asks() {
    let other = "eu-west-1_stray0000";
    let world = World::with(&[], |_| {});
    let mut stray: Value = serde_json::from_slice(
        &std::fs::read(world.workspace.path().join(format!("seed/{POOL}.json"))).unwrap(),
    )
    .unwrap();
    stray["UserPool"]["Id"] = json!(other);
    stray["UserPool"]["Name"] = json!("made by hand");
    world.workspace.write(&format!("seed/{other}.json"), stray.to_string());
    // The seed fills an empty sandbox: another one has both.
    let at = ["--sandbox=both", "--seed", "seed"];
    world.run(&[&["import", POOL, "-o", "pools"][..], &at].concat()).output().expect(0);
    drift(&world, &at).expect(0);
    let seen = drift(&world, &[&["--discover"][..], &at].concat()).expect(2);
    assert_snapshot!("drift_discover", seen);
    let json = drift(&world, &[&["--discover", "--format", "json"][..], &at].concat()).expect(2).json();
    assert_eq!(json["strays"], json!([{"id": other, "name": "made by hand", "region": "eu-west-1"}]));
}

#[test]
fn saved_documents_do_as_well_and_a_broken_manifest_is_an_error() {
    let world = World::new(&[]);
    let seen = drift(&world, &["--live", "seed", "pool.yaml"]).expect(2);
    assert!(seen.stdout.contains("? PostConfirmation"), "{seen}");
    world.workspace.write("broken.yaml", "version: 1\npool: eu-west-1_a\nsettings: { Zebra: 1 }\n");
    let broken = drift(&world, &["--format", "json", "broken.yaml"]).expect(1);
    assert_eq!(broken.json()["diagnostics"][0]["code"], "unknown-setting");
}

#[test]
fn the_next_steps_lead_to_the_pools_of_this_run_and_write_to_no_saved_ones() {
    let world = World::new(&[]);
    let steps = |arguments: &[&str]| {
        let seen = drift(&world, arguments).expect(2).raw;
        let steps =
            seen.lines().filter_map(|line| Some(line.strip_prefix("To ")?.split_once(": ")?.1.to_owned()));
        steps.collect::<Vec<_>>()
    };
    let at = format!("--endpoint-url={}", world.url());
    let plain = steps(&[&at, "pool.yaml"]);
    assert_eq!(
        plain[..2],
        [format!("poolctl adopt {at} pool.yaml"), format!("poolctl apply {at} pool.yaml")]
    );
    let saved = steps(&["--live", "seed", "--target", "eu-*", "pool.yaml"]);
    let rest = "--live=seed --target='eu-*' pool.yaml";
    assert_eq!(saved[0], format!("poolctl adopt {rest}"));
    assert!(
        saved.iter().all(|step| step.ends_with(&rest) && !step.starts_with("poolctl apply")),
        "{saved:?}"
    );
}

#[test]
fn a_look_for_something_that_is_not_there_says_so() {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\nunmanaged: keep\n");
    let found = world.run(&["drift", "--discover", "pool.yaml"]).output();
    assert!(found.stderr.contains("No pool without a manifest was found."), "{found}");
    world.workspace.write("pool.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\n");
    let plan = world.run(&["plan", "--suggest-ignores", "pool.yaml"]).output().expect(0);
    assert!(plan.stderr.contains("Nothing to ignore: "), "{plan}");
}

#[test]
fn the_commands_that_go_on_have_the_selection_of_the_report() {
    let world = World::new(&[]);
    let drift = drift(&world, &["--only", "DeletionProtection", "pool.yaml"]).expect(2);
    for command in ["adopt", "apply"] {
        let line = format!("poolctl {command} --only=DeletionProtection");
        assert!(drift.stdout.contains(&line), "{drift}");
    }
    // That command has no selection.
    assert!(!drift.stdout.contains("ignore add"), "{drift}");
}
