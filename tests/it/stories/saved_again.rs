//! Saved plans of several pools with secrets of their own, at another endpoint, and applied once more.

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};
use crate::harness::{Output, Workspace};

/// A world with these pools, each with an external id of its own live.
fn world(ids: &[&str]) -> World {
    let workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    for id in ids {
        let mut document: Value = serde_json::from_str(&seed.replace(POOL, id)).unwrap();
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!("before");
        workspace.write(&format!("seed/{id}.json"), document.to_string());
    }
    World::over(workspace, &[])
}

fn manifest(world: &World, id: &str, external_id: &str) {
    let settings = format!("settings: {{ SmsConfiguration: {{ ExternalId: '{external_id}' }} }}\n");
    world.workspace.write(&format!("pools/{id}.yaml"), format!("version: 1\npool: {id}\n{settings}"));
}

fn external_id(world: &World, id: &str) -> String {
    let file = world.workspace.path().join(format!(".poolctl/sandbox/{id}.json"));
    let document: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    document["UserPool"]["SmsConfiguration"]["ExternalId"].as_str().unwrap().to_owned()
}

fn apply(world: &World, variables: &[(&str, &str)]) -> Output {
    let run = world.run(&["apply", "--settle", "0", "plan.json"]);
    variables.iter().fold(run, |run, (name, value)| run.env(name, value)).output()
}

#[test]
fn each_pool_of_a_saved_plan_gets_the_secret_that_its_manifest_holds() {
    let ids = ["eu-west-1_First0001", "eu-west-1_Second002", "eu-west-1_Third0003"];
    let world = world(&ids);
    for (id, value) in ids.iter().zip(["EXT-one", "EXT-two", "EXT-three"]) {
        manifest(&world, id, value);
    }
    let saved = world.run(&["plan", "--save", "plan.json"]).output().expect(0);
    let names = ids.map(|id| format!("POOLCTL_SECRET_SmsConfiguration_ExternalId_{}", id.replace('-', "_")));
    assert!(saved.stderr.contains(&names.join(", ")), "{saved}");
    assert!(!saved.to_string().contains("EXT-"), "{saved}");
    let values = [(&*names[0], "EXT-one"), (&*names[1], "EXT-two"), (&*names[2], "EXT-three")];
    // Each must be the one of its pool.
    let swapped = [values[0], (&*names[1], "EXT-three"), (&*names[2], "EXT-two")];
    apply(&world, &swapped).expect(4);
    apply(&world, &values).expect(0);
    assert_eq!(ids.map(|id| external_id(&world, id)), ["EXT-one", "EXT-two", "EXT-three"]);
    // What is rendered does not take one pool's for another's either.
    let rendered = world.run(&["render"]).output().expect(0);
    for id in ids {
        let name = format!("${{secret:SmsConfiguration_ExternalId_{}}}", id.replace('-', "_"));
        assert!(rendered.stdout.contains(&name), "{rendered}");
    }
}

#[test]
fn one_secret_of_several_pools_needs_one_variable() {
    let ids = ["eu-west-1_First0001", "eu-west-1_Second002"];
    let world = world(&ids);
    ids.iter().for_each(|id| manifest(&world, id, "EXT-one"));
    world.run(&["plan", "--save", "plan.json"]).output().expect(0);
    apply(&world, &[("POOLCTL_SECRET_SmsConfiguration_ExternalId", "EXT-one")]).expect(0);
    assert_eq!(ids.map(|id| external_id(&world, id)), ["EXT-one", "EXT-one"]);
    // A manifest's own reference of that name may mean something else.
    manifest(&world, ids[0], "${secret:SmsConfiguration_ExternalId}");
    manifest(&world, ids[1], "EXT-two");
    let secret = ("POOLCTL_SECRET_SmsConfiguration_ExternalId", "EXT-own");
    world.run(&["plan", "--save", "plan.json"]).env(secret.0, secret.1).output().expect(0);
    let other = ("POOLCTL_SECRET_SmsConfiguration_ExternalId_eu_west_1_Second002", "EXT-two");
    apply(&world, &[secret, other]).expect(0);
    assert_eq!(ids.map(|id| external_id(&world, id)), ["EXT-own", "EXT-two"]);
}

#[test]
fn a_plan_of_one_endpoint_is_not_applied_to_another() {
    let (planned, other) = (World::new(&[]), World::new(&[]));
    planned.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let plan = std::fs::read(planned.workspace.path().join("plan.json")).unwrap();
    other.workspace.write("plan.json", plan);
    let apply = ["apply", "--settle", "0", "plan.json"];
    let refused = other.run(&apply).output().expect(3);
    assert!(refused.stderr.contains("error: `plan.json` was planned at `http://127.0.0.1:"), "{refused}");
    assert!(refused.stderr.contains(", but this run calls `http://127.0.0.1:"), "{refused}");
    assert!(refused.stderr.contains("help: add `--endpoint-url"), "{refused}");
    // Nor to Amazon's, where no endpoint is named.
    let amazon = other.workspace.poolctl(apply).signed().output().expect(3);
    assert!(amazon.stderr.contains("but this run calls Amazon's endpoint"), "{amazon}");
    assert_eq!(other.writes(), 0);
    // A password in the URL is not kept, and the same endpoint is the same however it is named.
    let url = planned.url().to_owned();
    let with_password = format!("{}/", url.replace("://", "://me:geheim@"));
    let run = planned.workspace.poolctl(["plan", "--save", "plan.json", "pool.yaml"]).signed();
    run.env("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", &with_password).output().expect(0);
    let text = std::fs::read_to_string(planned.workspace.path().join("plan.json")).unwrap();
    assert!(!text.contains("geheim"), "{text}");
    let typed = ["apply", "--settle", "0", "--endpoint-url", &url, "plan.json"];
    planned.workspace.poolctl(typed).signed().output().expect(0);
    assert_eq!(planned.writes(), 1);
}

#[test]
fn a_plan_that_is_applied_once_more_after_a_restore_says_so() {
    let world = World::new(&[]);
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let apply = ["apply", "--settle", "0", "plan.json"];
    let first = world.run(&apply).output().expect(0);
    assert!(!first.stderr.contains("applied before"), "{first}");
    let again = world.run(&apply).output().expect(0);
    assert!(!again.stderr.contains("applied before"), "nothing is changed again\n{again}");
    let backup = world.workspace.path().join(".poolctl/backups").join(&world.backups()[0]);
    let allow = "deletion-protection-off,password-policy-weaker";
    let restore = ["restore", "--yes", "--settle", "0", "--allow", allow, backup.to_str().unwrap()];
    world.run(&restore).output().expect(0);
    let undone = world.run(&apply).output().expect(0);
    assert!(undone.stderr.contains("warning: this plan was applied before, at [DATE]"), "{undone}");
    // A plan that is made anew is another one.
    world.run(&restore).output().expect(0);
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let anew = world.run(&apply).output().expect(0);
    assert!(!anew.stderr.contains("applied before"), "{anew}");
}

#[test]
fn a_saved_plan_whose_first_call_was_refused_was_not_applied_before() {
    let world = World::new(&["UpdateUserPool:refuse=Policies*1"]);
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    apply(&world, &[]).expect(1);
    let again = apply(&world, &[]).expect(0);
    assert!(!again.stderr.contains("applied before"), "{again}");
}
