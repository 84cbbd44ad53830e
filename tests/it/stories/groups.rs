//! Groups, the first documents with labels: made, changed, removed, proved, undone, and left to others.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};

const GROUPS: &str = "groups:
  admins:
    Description: Staff
    RoleArn: arn:aws:iam::111122223333:role/admins
    Precedence: 1
  everyone: {}
";

const REMOVAL: &str = "groups:
  admins: { remove: true, reason: retired }
";

const ROLE: &str = "arn:aws:iam::111122223333:role/admins";

fn manifest(body: &str) -> String {
    format!("version: 1\npool: {POOL}\n{body}")
}

/// A plain pool with these groups, whose manifest has this body.
fn world(faults: &[&str], groups: &Value, body: &str) -> World {
    let world = World::with(faults, |document| {
        let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"];
        let pool = document["UserPool"].as_object_mut().unwrap();
        pool.retain(|name, _| own.contains(&name.as_str()));
        document.as_object_mut().unwrap().remove("MfaConfig");
        document["Groups"] = groups.clone();
    });
    world.workspace.write("pool.yaml", manifest(body));
    world
}

/// A live group.
fn group(name: &str, members: Value) -> Value {
    let mut group = json!({"GroupName": name, "UserPoolId": POOL});
    let members = members.as_object().cloned().unwrap();
    group.as_object_mut().unwrap().extend(members);
    group
}

fn admins() -> Value {
    group("admins", json!({"Description": "Staff", "RoleArn": ROLE, "Precedence": 1}))
}

/// The live groups by their names, without what the service alone sets.
fn live(world: &World) -> Value {
    let mut groups = serde_json::Map::new();
    for group in world.live()["Groups"].as_array().cloned().unwrap_or_default() {
        let mut group = group.as_object().cloned().unwrap();
        let name = group["GroupName"].as_str().unwrap().to_owned();
        group.retain(|name, _| ["Description", "RoleArn", "Precedence"].contains(&name.as_str()));
        groups.insert(name, Value::Object(group));
    }
    groups.sort_keys();
    Value::Object(groups)
}

/// The calls that change groups.
fn writes(world: &World) -> [u64; 3] {
    ["CreateGroup", "UpdateGroup", "DeleteGroup"].map(|call| world.calls(call))
}

/// The path of the backup that this finds among those of the workspace.
fn backup(world: &World, is_it: impl Fn(&Value) -> bool) -> String {
    let read = |name: &String| -> Value {
        let path = world.workspace.path().join(".poolctl/backups").join(name);
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    };
    format!(".poolctl/backups/{}", world.backups().into_iter().find(|name| is_it(&read(name))).unwrap())
}

#[test]
fn groups_that_are_declared_and_absent_are_made_once() {
    let world = world(&[], &json!([]), GROUPS);
    assert_snapshot!(told(&world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0)));
    assert_snapshot!("made", told(&world.apply().expect(0)));
    let admins = json!({"Description": "Staff", "RoleArn": ROLE, "Precedence": 1});
    assert_eq!(live(&world), json!({"admins": admins, "everyone": {}}));
    assert_eq!((writes(&world), world.writes()), ([2, 0, 0], 0));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// aws-amplify/amplify-cli#7369: an update overwrites the role.
/// aws-amplify/amplify-cli#7369: the role that somebody else attached stays.
#[test]
fn a_change_sends_the_settings_that_change_and_no_role() {
    let world = world(&[], &json!([admins()]), &GROUPS.replace("Precedence: 1", "Precedence: 2"));
    let output = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0);
    assert!(!output.stdout.contains("RoleArn"), "{output}");
    assert_snapshot!(told(&output));
    world.apply().expect(0);
    assert_eq!(writes(&world), [1, 1, 0]);
    assert_eq!(live(&world)["admins"]["RoleArn"], ROLE);
}

/// aws-amplify/amplify-cli#10365: all groups are deleted on every publish.
#[test]
fn a_removal_blocks_until_it_is_allowed_and_a_restore_makes_the_group_again() {
    let world = world(&[], &json!([admins()]), REMOVAL);
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(writes(&world), [0, 0, 0]);
    let allowed = ["--allow", "group-removal@groups.admins"];
    assert_snapshot!("removed", told(&world.apply_with(&allowed).expect(0)));
    assert_eq!((live(&world), writes(&world)), (json!({}), [0, 0, 1]));
    assert_snapshot!("gone", told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    let backup = backup(&world, |_| true);
    let restored = world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    assert_snapshot!("back", told(&restored));
    assert_eq!(live(&world)["admins"], json!({"Description": "Staff", "RoleArn": ROLE, "Precedence": 1}));
}

#[test]
fn a_restore_takes_back_what_was_made_and_what_was_changed() {
    let before = json!([group("admins", json!({"Description": "Old", "RoleArn": ROLE, "Precedence": 1}))]);
    let world = world(&[], &before, GROUPS);
    world.apply().expect(0);
    let backup = backup(&world, |_| true);
    // What the run has made goes, which is a removal like any other.
    assert_snapshot!(told(&world.run(&["restore", "--yes", &backup]).output().expect(3)));
    let restore = ["restore", "--yes", "--settle", "0", "--allow", "group-removal", &backup];
    world.run(&restore).output().expect(0);
    let old = json!({"Description": "Old", "RoleArn": ROLE, "Precedence": 1});
    assert_eq!(live(&world), json!({"admins": old}));
}

#[test]
fn an_undo_takes_back_what_the_run_made_and_not_what_another_caller_made() {
    let world = world(&["CreateGroup@2:access-denied*1"], &json!([]), "groups: { a: {}, b: {} }\n");
    let failed = world.apply().expect(5);
    world.workspace.write("other.yaml", manifest("groups: { b: {} }\n"));
    world.run(&["apply", "--yes", "--settle", "0", "other.yaml"]).output().expect(0);
    let undo = failed.stderr.lines().find_map(|line| line.trim().strip_prefix("undo:")).unwrap();
    let words = undo.split_whitespace().skip(1).chain(["--yes", "--settle", "0", "--allow", "group-removal"]);
    world.run(&words.collect::<Vec<_>>()).output().expect(0);
    assert_eq!(live(&world), json!({"b": {}}));
}

#[test]
fn a_lost_answer_never_leads_to_a_second_group() {
    let one = "groups: { admins: { Precedence: 1 } }\n";
    let lost = world(&["CreateGroup:cut-after*1"], &json!([]), one);
    lost.apply().expect(0);
    assert_eq!(writes(&lost), [1, 0, 0]);
    let never = world(&["CreateGroup:cut-before*1"], &json!([]), one);
    assert_snapshot!(told(&never.apply().expect(5)));
    assert_eq!((writes(&never)[0], live(&never)), (1, json!({})));
    // The next run makes it.
    never.apply().expect(0);
    assert_eq!(live(&never), json!({"admins": {"Precedence": 1}}));
    let gone = world(&["DeleteGroup:cut-after*1"], &json!([admins()]), REMOVAL);
    gone.apply_with(&["--allow", "group-removal"]).expect(0);
    assert_eq!(writes(&gone), [0, 0, 1]);
}

#[test]
fn mistakes_in_entries_are_named_at_their_place() {
    let world = world(&[], &json!([]), GROUPS);
    for (nth, text) in [
        "groups: ~\n",
        "groups: {}\n",
        "groups: []\n",
        "groups: { admins: ~ }\n",
        "groups: { admins: }\n",
        "groups: { admins: [] }\n",
        "groups: { admins: { removed: true } }\n",
        "groups: { admins: { remove: false } }\n",
        "groups: { admins: { remove: true } }\n",
        "groups: { admins: { remove: true, reason: ' ' } }\n",
        "groups: { admins: { remove: true, reason: x, until: soon } }\n",
        "groups: { admins: { remove: true, reason: x, Precedence: 1 } }\n",
        "groups: { admins: { reason: x } }\n",
        "groups: { admins: { id: x } }\n",
        "groups: { 'ad mins': {} }\n",
        "groups: { admins: { GroupName: admins } }\n",
        "groups: { admins: { Precedence: -1 } }\n",
        "groups: { admins: { RoleArn: x } }\n",
        "settings: { groups: { admins: {} } }\n",
        "passthrough: { groups: { admins: {} } }\n",
        "passthrough: { groups: { admins: { New: 1 } } }\ngroups: { admins: { remove: true, reason: x } }\n",
        "ignore: [{ path: groups.admins, reason: x }]\ngroups: { admins: {} }\n",
        "ignore: [{ path: groups.admins, reason: x }]\ngroups: { admins: { remove: true, reason: x } }\n",
        "omit: [{ path: groups.admins, reason: x }]\n",
        "omit: [{ path: groups, reason: x }]\n",
        "groups: { 'night shift': ~ }\n",
        "groups: { 'night shift': { remove: true } }\n",
    ]
    .into_iter()
    .enumerate()
    {
        let text = manifest(text).replace(POOL, &format!("eu-west-1_{nth:02}"));
        world.workspace.write(&format!("wrong/{nth:02}.yaml"), text);
    }
    assert_snapshot!(told(&world.run(&["validate", "wrong"]).output().expect(1)));
}

/// hashicorp/terraform-provider-aws#4236, #4237: a role cannot be removed.
/// hashicorp/terraform-provider-aws#4236, hashicorp/terraform-provider-aws#4237: an empty role is refused.
#[test]
fn a_role_and_a_precedence_cannot_be_taken_away() {
    let world =
        world(&[], &json!([admins()]), "groups: { admins: { RoleArn: ~, Precedence: ~, Description: ~ } }\n");
    assert_snapshot!(told(&world.apply().expect(3)));
    assert_eq!(writes(&world), [0, 0, 0]);
}

#[test]
fn a_manifest_without_groups_asks_nothing_about_them() {
    let world = world(&[], &json!([admins()]), "settings: { DeletionProtection: ACTIVE }\n");
    world.apply().expect(0);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    assert_eq!(world.calls("ListGroups"), 0);
}

/// cdk-real-drift#961: the groups of providers are made at the first sign-in.
#[test]
fn drift_names_groups_that_nobody_declares_but_not_those_of_providers() {
    let provider = format!("{POOL}_Okta");
    let groups = json!([
        admins(),
        group("everyone", json!({})),
        group("night", json!({"RoleArn": ROLE, "Precedence": 0})),
        group(&provider, json!({"Description": "Autogenerated"})),
    ]);
    let world = world(&[], &groups, GROUPS);
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    let plan = world.run(&["plan", "--format", "json", "pool.yaml"]).output().expect(0).json();
    // The other one is the pool's own.
    assert_eq!(plan["pools"][0]["unmanaged"], 2);
    world.workspace.write("pool.yaml", manifest(&format!("unmanaged: report\n{GROUPS}")));
    assert_snapshot!("reported", told(&world.run(&["plan", "pool.yaml"]).output().expect(0)));
    world.workspace.write(
        "pool.yaml",
        manifest(&format!("{GROUPS}ignore: [{{ path: groups.night, reason: theirs }}]\n")),
    );
    world.run(&["drift", "pool.yaml"]).output().expect(0);
    // Who gives it a role has made it something else.
    let armed = format!("{GROUPS}  night: {{}}\n");
    world.workspace.write("pool.yaml", manifest(&armed));
    world.run(&["drift", "pool.yaml"]).output().expect(2);
}

/// cdk-real-drift#1262: a role gives the users of a provider more rights.
#[test]
fn a_group_of_a_provider_with_a_role_is_drift() {
    let provider = format!("{POOL}_Okta");
    let groups = json!([group("everyone", json!({})), group(&provider, json!({"RoleArn": ROLE}))]);
    let world = world(&[], &groups, "groups: { everyone: {} }\n");
    let drift = world.run(&["drift", "pool.yaml"]).output().expect(2);
    assert!(drift.stdout.contains(&provider), "{drift}");
}

#[test]
fn drift_names_what_is_declared_and_gone_or_removed_and_there() {
    let body =
        "groups:\n  admins: { remove: true, reason: retired }\n  everyone: {}\n  staff: { Precedence: 3 }\n";
    let groups = json!([admins(), group("staff", json!({"Precedence": 4, "Description": "mine"}))]);
    let world = world(&[], &groups, body);
    assert_snapshot!(told(&world.run(&["drift", "pool.yaml"]).output().expect(2)));
    assert_snapshot!("adopted", told(&world.run(&["adopt", "pool.yaml"]).output()));
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert_eq!(text, manifest(&body.replace("Precedence: 3", "Precedence: 4")));
}

#[test]
fn an_undeclared_group_is_adopted_with_its_settings() {
    let night = group("night", json!({"RoleArn": ROLE, "Precedence": 0}));
    let groups = json!([admins(), group("everyone", json!({})), night, group("plain", json!({}))]);
    let world = world(&[], &groups, GROUPS);
    world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert_snapshot!(text);
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn an_import_has_the_groups_and_the_next_plan_finds_nothing() {
    let provider = format!("{POOL}_Okta");
    let groups = json!([
        admins(),
        group("everyone", json!({})),
        group("a.b/c", json!({"Precedence": 0, "New": {"Deep": 1}})),
        group(&provider, json!({"Description": "Autogenerated"})),
    ]);
    let world = world(&[], &groups, "");
    let imported = world.run(&["import", POOL, "-o", "pool.yaml", "--force"]).output().expect(0);
    let text = std::fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert_snapshot!(format!("{}\n{text}", told(&imported)));
    for command in [&["plan", "--detailed-exitcode"] as &[&str], &["drift"]] {
        world.run(&[command, &["pool.yaml"]].concat()).output().expect(0);
    }
    let only = world.run(&["import", POOL, "--only", "groups", "-o", "-"]).output().expect(0);
    assert!(only.stdout.contains("admins") && !only.stdout.contains("settings"), "{only}");
    let one = world.run(&["import", POOL, "--only", "groups.everyone", "-o", "-"]).output().expect(0);
    assert!(one.stdout.contains("everyone: {}") && !one.stdout.contains("admins"), "{one}");
    let before = world.calls("ListGroups");
    let without = world.run(&["import", POOL, "--without", "groups", "-o", "-"]).output().expect(0);
    assert!(!without.stdout.contains("groups"), "{without}");
    assert_eq!(world.calls("ListGroups"), before);
}

#[test]
fn an_import_does_without_groups_that_nobody_may_list() {
    let world = world(&["ListGroups:error=AccessDeniedException/400"], &json!([admins()]), "");
    let imported = world.run(&["import", POOL, "-o", "-"]).output().expect(0);
    assert!(imported.stderr.contains("`groups`") && !imported.stdout.contains("groups"), "{imported}");
}

#[test]
fn saved_lists_plan_like_live_ones() {
    let world = world(&[], &json!([admins()]), GROUPS);
    let missing = world.run(&["plan", "--live", "seed", "pool.yaml"]).output();
    assert!(missing.stdout.contains("everyone"), "the seed has the groups beside the pool: {missing}");
    let list = json!({"Groups": [admins(), group("everyone", json!({}))]});
    world.workspace.write("saved/x.txt", "");
    let pool = std::fs::read_to_string(world.workspace.path().join(format!("seed/{POOL}.json"))).unwrap();
    let mut pool: Value = serde_json::from_str(&pool).unwrap();
    pool.as_object_mut().unwrap().remove("Groups");
    world.workspace.write(&format!("saved/{POOL}.json"), pool.to_string());
    let unread = world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(1);
    assert!(unread.stderr.contains(".groups.json does not exist"), "{unread}");
    world.workspace.write(&format!("saved/{POOL}.groups.json"), list.to_string());
    world.run(&["plan", "--live", "saved", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    for (text, says) in [
        (r#"{"Groups": [{"GroupName": "a", "UserPoolId": "eu-west-1_other"}]}"#, "of another pool"),
        (r#"{"Groups": [{}]}"#, "without its `GroupName`"),
        (r#"{"Groups": [1]}"#, "something else than objects"),
        ("{}", "has no list `Groups`"),
        ("[", "is not JSON"),
    ] {
        world.workspace.write(&format!("saved/{POOL}.groups.json"), text);
        let output = world.run(&["plan", "--live", "saved", "pool.yaml"]).output().expect(1);
        assert!(output.stderr.contains(says) && output.stderr.contains("list-groups"), "{output}");
    }
}

#[test]
fn a_saved_plan_makes_and_removes_groups() {
    let body = "groups:\n  everyone: {}\n  admins: { remove: true, reason: retired }\nallow: [{ risk: group-removal, path: groups.admins, reason: retired }]\n";
    let world = world(&[], &json!([admins()]), body);
    world.run(&["plan", "--save", "groups.plan", "pool.yaml"]).output().expect(0);
    let shown = world.run(&["show", "groups.plan"]).output().expect(0);
    assert_snapshot!(told(&shown));
    world.run(&["apply", "--settle", "0", "groups.plan"]).output().expect(0);
    assert_eq!((live(&world), writes(&world)), (json!({"everyone": {}}), [1, 0, 1]));
    // Made in the meantime, it is not what was planned.
    world.workspace.write("pool.yaml", manifest("groups: { night: { Precedence: 1 } }\n"));
    world.run(&["plan", "--save", "night.plan", "pool.yaml"]).output().expect(0);
    world.workspace.write("other.yaml", manifest("groups: { night: { Precedence: 2 } }\n"));
    world.run(&["apply", "--yes", "--settle", "0", "other.yaml"]).output().expect(0);
    let stale = world.run(&["apply", "--settle", "0", "night.plan"]).output().expect(4);
    assert!(stale.to_string().contains("groups.night"), "{stale}");
}

/// aws-amplify/amplify-cli#10365: a publish wants to delete all groups.
#[test]
fn a_group_that_a_manifest_no_longer_declares_is_released() {
    let world =
        world(&[], &json!([admins(), group("everyone", json!({}))]), "settings: { PoolName: customers }\n");
    world
        .workspace
        .write("before/pool.yaml", manifest(&format!("settings: {{ PoolName: customers }}\n{GROUPS}")));
    let plan = ["plan", "--baseline", "before", "pool.yaml"];
    assert_snapshot!(told(&world.run(&plan).output().expect(0)));
    world.run(&[&plan[..], &["--released", "fail"]].concat()).output().expect(3);
    // A removal that is done and has left the file is no release.
    world
        .workspace
        .write("before/pool.yaml", manifest(&format!("settings: {{ PoolName: customers }}\n{REMOVAL}")));
    let done = world.run(&plan).output().expect(0);
    assert!(!done.stdout.contains("now unmanaged"), "{done}");
}

#[test]
fn overlays_references_and_exemptions_reach_into_entries() {
    let world = world(&[], &json!([admins(), group("everyone", json!({}))]), "");
    world.workspace.write("base.yaml", format!("version: 1\n{GROUPS}"));
    world.workspace.write(
        "pool.yaml",
        manifest(
            "extends: base.yaml
groups:
  admins: { Description: \"Staff of ${var:stage}\" }
  old: { remove: true, reason: \"${var:stage}\" }
passthrough: { groups: { admins: { New: 1 } } }
",
        ),
    );
    let plan = world.run(&["plan", "--show-request", "--var", "stage=prod", "pool.yaml"]).output().expect(0);
    assert_snapshot!(told(&plan));
    assert_snapshot!(
        "rendered",
        told(&world.run(&["render", "--var", "stage=prod", "pool.yaml"]).output().expect(0))
    );
    let rendered = world.run(&["render", "--var", "stage=prod", "pool.yaml"]).output().stdout;
    world.workspace.write("rendered.yaml", &rendered);
    let again = world.run(&["render", "rendered.yaml"]).output().expect(0).stdout;
    assert_eq!(rendered, again);
    // What others manage in a declared group is not compared.
    let ignore = "groups: { admins: { Precedence: 1 } }\nignore: [{ path: groups.admins.Description, reason: theirs }, { path: groups.admins.RoleArn, reason: theirs }, { path: groups.everyone, reason: theirs }]\n";
    world.workspace.write("pool.yaml", manifest(ignore));
    world.run(&["drift", "pool.yaml"]).output().expect(0);
}

#[test]
fn the_policy_has_what_groups_need() {
    let world = world(&[], &json!([admins()]), GROUPS);
    assert_snapshot!(told(&world.run(&["iam-policy", "--live", "seed", "pool.yaml"]).output().expect(0)));
    world.workspace.write("pool.yaml", manifest(REMOVAL));
    let removal = world.run(&["iam-policy", "pool.yaml"]).output().expect(0);
    assert!(removal.stdout.contains("DeleteGroup") && !removal.stdout.contains("CreateGroup"), "{removal}");
    let read = world.run(&["iam-policy", "--read-only", "pool.yaml"]).output().expect(0);
    assert!(read.stdout.contains("ListGroups") && !read.stdout.contains("DeleteGroup"), "{read}");
}

#[test]
fn a_removal_that_has_ended_removes_nothing() {
    let body = "groups: { admins: { remove: true, reason: retired, until: 2020-01-31 } }\n";
    let world = world(&[], &json!([admins()]), body);
    let plan = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    assert_snapshot!(told(&plan));
}

#[test]
fn entries_have_pages() {
    let world = world(&[], &json!([]), GROUPS);
    for topic in ["groups", "groups.admins", "groups.admins.Precedence", "Precedence", "group-removal"] {
        let page = world.run(&["explain", topic]).output().expect(0).stdout;
        assert_snapshot!(format!("page {topic}"), page);
    }
    let several = world.run(&["explain", "Description"]).output();
    assert!(
        several.stderr.contains("groups.*.Description") || several.stdout.contains("groups.*"),
        "{several}"
    );
}

#[test]
fn a_removal_of_what_is_gone_is_said_once_and_one_with_an_end_is_none_of_the_warnings() {
    let world = world(&[], &json!([]), "groups: { old: { remove: true, reason: retired } }\n");
    for command in ["plan", "apply"] {
        let told = world.run(&[command, "pool.yaml"]).output().expect(0).stdout;
        assert_eq!(told.matches("already-removed").count(), 1, "{told}");
        assert!(told.contains("groups.old") && told.contains("delete the"), "{told}");
    }
    let until = "groups: { old: { remove: true, reason: retired, until: 2999-01-01 } }\n";
    world.workspace.write("pool.yaml", manifest(until));
    let told = world.run(&["plan", "pool.yaml"]).output().expect(0).stdout;
    assert!(!told.contains("warning"), "{told}");
}
