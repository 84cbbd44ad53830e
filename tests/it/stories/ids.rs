//! Ids that the service chooses: where they are written, printed, and read from.

use std::fs;

use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::world::{POOL, World};

/// A manifest of two clients, one of them in a base.
const MANIFEST: &str = "# The shop
version: 1
pool: eu-west-1_a1B2c3D4E  # eu
extends: base.yaml
clients:
  web:  # the site
    # where users come back to
    CallbackURLs: [\"https://shop.example.com/\"]
";

const BASE: &str = "version: 1
clients:
  batch: { GenerateSecret: true }
";

fn world() -> World {
    let world = World::new(&[]);
    world.workspace.write("pool.yaml", MANIFEST);
    world.workspace.write("base.yaml", BASE);
    world
}

fn file(world: &World, name: &str) -> String {
    fs::read_to_string(world.workspace.path().join(name)).unwrap()
}

/// The id of the live client of this name.
fn id_of(world: &World, name: &str) -> String {
    let live = world.live();
    let clients = live["UserPoolClients"].as_array().unwrap();
    let found = clients.iter().find(|client| client["ClientName"] == *name).unwrap();
    found["ClientId"].as_str().unwrap().to_owned()
}

/// The same apply on a terminal.
fn on_a_terminal(world: &World, arguments: &[&str]) -> Output {
    let apply = [&["apply", "--yes", "--settle", "0", "--color", "never"], arguments].concat();
    world
        .workspace
        .terminal(200, &apply)
        .signed()
        .env("AWS_ENDPOINT_URL", world.url())
        .env("TERM", "xterm-256color")
        .output()
}

#[test]
fn on_a_terminal_an_id_is_written_into_the_file_that_names_the_pool() {
    let world = world();
    let output = on_a_terminal(&world, &["pool.yaml"]).expect(0);
    let (web, batch) = (id_of(&world, "web"), id_of(&world, "batch"));
    let expected = format!(
        "{}    id: {web}\n    # where{}  batch:\n    id: {batch}\n",
        MANIFEST.split_once("    # where").unwrap().0,
        MANIFEST.split_once("    # where").unwrap().1,
    );
    assert_eq!(file(&world, "pool.yaml"), expected, "{output}");
    assert_eq!(file(&world, "base.yaml"), BASE, "another pool may extend it");
    for line in
        [format!("wrote `id: {web}` into pool.yaml:7"), format!("wrote `id: {batch}` into pool.yaml:11")]
    {
        assert!(output.stdout.contains(&line), "{line}\n{output}");
    }
    let again = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
    assert!(!again.stdout.contains("id-missing"), "{again}");
}

#[test]
fn in_a_pipeline_the_line_is_printed_and_is_in_the_result() {
    let world = world();
    let output =
        world.run(&["apply", "--yes", "--settle", "0", "--format", "json", "pool.yaml"]).output().expect(0);
    let result: Value = serde_json::from_str(&output.stdout).unwrap();
    let id = |label: &str| json!({"path": ["clients", label], "path_text": format!("clients.{label}"), "id": id_of(&world, label)});
    assert_eq!(result["pools"][0]["ids"], json!([id("batch"), id("web")]), "{output}");
    let line = format!(
        "note: `clients.web` was made with the id {id}; add `id: {id}` to the entry in pool.yaml",
        id = id_of(&world, "web")
    );
    assert!(output.stderr.contains(&line), "{output}");
    assert_eq!(file(&world, "pool.yaml"), MANIFEST);
    let plan = world.run(&["plan", "--format", "json", "pool.yaml"]).output().expect(0);
    assert_eq!(plan.stdout.matches("(`poolctl adopt --ids` writes all ids)").count(), 2, "{plan}");
}

#[test]
fn an_id_that_cannot_be_written_is_printed_and_fails_nothing() {
    let world = world();
    let manifest = MANIFEST.replace(POOL, "${var:pool}");
    world.workspace.write("pool.yaml", &manifest);
    let output = on_a_terminal(&world, &["--var", &format!("pool={POOL}"), "pool.yaml"]).expect(0);
    let line = format!("warning: `clients.web` was made with the id {}", id_of(&world, "web"));
    assert!(output.stdout.contains(&line), "{output}");
    assert_eq!(file(&world, "pool.yaml"), manifest);
    assert_eq!(file(&world, "base.yaml"), BASE);

    let world = self::world();
    let manifest =
        MANIFEST.replace("  web:  # the site\n", "  api: &w { EnableTokenRevocation: true }\n  web: *w\n");
    let manifest = manifest.split_once("    # where").unwrap().0.to_owned();
    world.workspace.write("pool.yaml", &manifest);
    let output = on_a_terminal(&world, &["pool.yaml"]).expect(0);
    let id = id_of(&world, "web");
    let line = format!("warning: `id: {id}` was not written into pool.yaml: the entry is laid out in a way");
    assert!(output.stdout.contains(&line), "{output}");
    let batch = id_of(&world, "batch");
    assert_eq!(file(&world, "pool.yaml"), format!("{manifest}  batch:\n    id: {batch}\n"), "{output}");
}

#[test]
fn an_id_may_come_from_a_variable_and_never_from_a_secret() {
    let world = world();
    on_a_terminal(&world, &["pool.yaml"]).expect(0);
    let id = id_of(&world, "web");
    let manifest = MANIFEST.replace("    # where", "    id: ${var:web_id}\n    # where");
    world.workspace.write("pool.yaml", &manifest);
    let variable = format!("web_id={id}");
    let plan = ["plan", "--detailed-exitcode", "pool.yaml", "--var"];
    world.run(&[&plan[..], &[&variable]].concat()).output().expect(0);
    let other = world.run(&[&plan[..], &["web_id=5abc"]].concat()).output().expect(3);
    assert!(other.stdout.contains("`clients.web` has the `id` 5abc"), "{other}");
    let unset = world.run(&["validate", "pool.yaml"]).output().expect(1);
    assert!(unset.stdout.contains("the variable `web_id` is not set"), "{unset}");
    assert!(unset.stdout.contains("Invalid: 1 error"), "{unset}");

    world.workspace.write("pool.yaml", manifest.replace("var:web_id", "secret:WEB"));
    let secret = world.run(&["plan", "pool.yaml"]).env("POOLCTL_SECRET_WEB", &id).output().expect(1);
    assert!(secret.stderr.contains("cannot be a secret: it is printed"), "{secret}");
    assert!(!secret.to_string().contains(&id), "{secret}");
}

/// A pool with two clients, of which `web` is found by its name; a third has the name of another.
fn filled() -> World {
    let world = World::with(&[], |document| {
        let client = |id: &str, name: &str| json!({"UserPoolId": POOL, "ClientId": id, "ClientName": name, "RefreshTokenValidity": 30, "ClientSecret": "canary-secret-of-a-client"});
        let mut batch = client("2abcdefghijklmnopqrstuvwx2", "batch");
        batch["ClientSecretArn"] = json!("arn:aws:secretsmanager:eu-west-1:111122223333:secret:batch-AbCdEf");
        document["UserPoolClients"] = json!([
            client("1abcdefghijklmnopqrstuvwx1", "web"),
            batch,
            client("3abcdefghijklmnopqrstuvwx3", "twin"),
            client("4abcdefghijklmnopqrstuvwx4", "twin"),
        ]);
    });
    world.workspace.write("pool.yaml", MANIFEST.replace("extends: base.yaml\n", ""));
    world
}

#[test]
fn adopt_writes_the_ids_that_are_missing_and_nothing_else() {
    let world = filled();
    let manifest = format!(
        "{}  batch: {{}}  # at night\n  twin: {{}}\n  old:\n    remove: true\n    reason: retired\n    # gone soon\n",
        MANIFEST.replace("extends: base.yaml\n", "")
    );
    let manifest = manifest.replace("  old:\n", "  api: { ClientName: nobody }\n  old:\n");
    world.workspace.write("pool.yaml", &manifest);
    let dry = world.run(&["adopt", "--ids", "--dry-run", "pool.yaml"]).output().expect(1);
    assert!(dry.stderr.contains("2 ids would be written. Nothing was written."), "{dry}");
    assert_eq!(file(&world, "pool.yaml"), manifest);
    let output = world.run(&["adopt", "--ids", "pool.yaml"]).output().expect(1);
    let expected = manifest
        .replace("    # where", "    id: 1abcdefghijklmnopqrstuvwx1\n    # where")
        .replace("batch: {}", "batch: { id: 2abcdefghijklmnopqrstuvwx2 }");
    assert_eq!(file(&world, "pool.yaml"), expected, "{output}");
    assert_eq!(
        output.stdout,
        "pool.yaml:6: id: 1abcdefghijklmnopqrstuvwx1 (clients.web)
pool.yaml:9: id: 2abcdefghijklmnopqrstuvwx2 (clients.batch)
"
    );
    let skipped = "pool.yaml: the id of `clients.twin` was not written: several have its name";
    assert!(output.stderr.contains(skipped), "{output}");
    assert!(output.stderr.contains("2 ids written."), "{output}");
    let absent =
        "note: pool.yaml: `clients.api` does not exist yet, so it has no id: `poolctl apply` makes it";
    assert!(output.stderr.contains(absent), "{output}");

    world.workspace.write("pool.yaml", expected.replace("  twin: {}\n", ""));
    let again = world.run(&["adopt", "--ids", "pool.yaml"]).output().expect(0);
    assert!(again.stderr.contains("Nothing to write: every other entry has its id."), "{again}");
}

/// A client that a restore made again has another id than its entry.
#[test]
fn an_id_that_no_client_has_is_replaced_by_that_of_the_only_one_of_its_name() {
    let world = filled();
    let clients = |web: &str| {
        format!(
            "version: 1\npool: {POOL}\nclients:\n  web: {{ id: {web} }}  # ours\n  x:\n    ClientName: batch\n    id: dead2\n"
        )
    };
    world.workspace.write("pool.yaml", clients("dead1"));
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
    let words = plan.stdout.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for told in [
        "`clients.web` has the `id` dead1, and the pool has no app client with that id",
        "the pool has an app client named `web` with the id 1abcdefghijklmnopqrstuvwx1",
        "the pool has an app client named `batch` with the id 2abcdefghijklmnopqrstuvwx2",
    ] {
        assert!(words.contains(told), "{told}: {plan}");
    }
    let adopt = ["adopt", "--ids", "pool.yaml"];
    let dry = world.run(&[&adopt[..], &["--dry-run"]].concat()).output().expect(0);
    assert!(dry.stderr.contains("2 ids would be written. Nothing was written."), "{dry}");
    assert_eq!(file(&world, "pool.yaml"), clients("dead1"));
    let adopted = world.run(&adopt).output().expect(0);
    assert!(adopted.stderr.contains("`clients.web` has the id dead1, which no app client has"), "{adopted}");
    let expected = clients("1abcdefghijklmnopqrstuvwx1").replace("dead2", "2abcdefghijklmnopqrstuvwx2");
    assert_eq!(file(&world, "pool.yaml"), expected, "{adopted}");
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);

    // Of two it cannot be known, and of none there is nothing to know.
    for (name, told) in
        [("twin", "2 app clients named `twin`"), ("nobody", "correct the id, or delete the entry")]
    {
        let body = format!("version: 1\npool: {POOL}\nclients: {{ {name}: {{ id: dead3 }} }}\n");
        world.workspace.write("pool.yaml", &body);
        let plan = world.run(&["plan", "pool.yaml"]).output().expect(3);
        let words = plan.stdout.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(told), "{plan}");
        let adopted = world.run(&adopt).output().expect(1);
        let skipped =
            format!("pool.yaml: the id of `clients.{name}` was not written: no app client has the id dead3");
        assert!(adopted.stderr.contains(&skipped), "{adopted}");
        assert!(!adopted.stderr.contains("Nothing to write"), "{adopted}");
        assert_eq!(file(&world, "pool.yaml"), body);
    }
}

/// The client that a restore made again is not removed by the entry of the old one.
#[test]
fn a_removal_with_an_id_that_no_client_has_names_the_client_of_that_name() {
    let world = filled();
    let body = format!(
        "version: 1\npool: {POOL}\nclients: {{ web: {{ id: dead1, remove: true, reason: retired }} }}\n"
    );
    world.workspace.write("pool.yaml", &body);
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    let words = plan.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "already removed with its id dead1, but the pool has an app client named `web` with the id 1abcdefghijklmnopqrstuvwx1";
    assert!(words.contains(told), "{plan}");
    assert!(words.contains("to remove this one too, write its id into the entry"), "{plan}");
}

#[test]
fn an_entry_that_removes_a_client_gets_no_id_by_itself() {
    let world = filled();
    let manifest =
        format!("version: 1\npool: {POOL}\nclients:\n  web: {{ remove: true, reason: retired in May }}\n");
    world.workspace.write("pool.yaml", &manifest);
    let output = world.run(&["adopt", "--ids", "pool.yaml"]).output().expect(1);
    assert!(output.stderr.contains("add the `id:` by hand: it decides what is removed"), "{output}");
    assert_eq!(file(&world, "pool.yaml"), manifest);
}

/// aws-controllers-k8s/community#3027: secrets end up where ids are read.
/// coverage-roadmap#794, coverage-roadmap#1855: a secret is found by its ARN.
#[test]
fn other_tools_get_the_ids_in_their_own_forms() {
    let world = filled();
    world
        .workspace
        .write("pool.yaml", format!("{}  batch: {{}}\n", MANIFEST.replace("extends: base.yaml\n", "")));
    let ids = |arguments: &[&str]| {
        let output = world.run(&[&["ids", "pool.yaml"], arguments].concat()).output().expect(0);
        assert!(!output.to_string().contains("canary"), "{output}");
        output.stdout
    };
    insta::assert_snapshot!("ids_text", ids(&[]));
    insta::assert_snapshot!("ids_json", ids(&["--format", "json"]));
    insta::assert_snapshot!("ids_dotenv", ids(&["--format", "dotenv"]));
    insta::assert_snapshot!("ids_tfvars", ids(&["--format", "tfvars"]));
    assert_eq!(world.calls("GetUserPoolMfaConfig"), 0, "only what has an id is read");

    world.run(&["snapshot", "-o", "live", "pool.yaml"]).output().expect(0);
    let saved = world.workspace.poolctl(["ids", "--live", "live", "--format", "json", "pool.yaml"]);
    assert_eq!(saved.output().expect(0).stdout, ids(&["--format", "json"]));
    let refused = world.run(&["ids", "--format", "sarif", "pool.yaml"]).output().expect(64);
    assert!(refused.stderr.contains("dotenv"), "{refused}");
}

#[test]
fn what_is_reported_and_not_managed_is_printed_beside_the_ids() {
    let world = filled();
    let body = format!("{}  batch: {{}}\n", MANIFEST.replace("extends: base.yaml\n", ""));
    world.workspace.write("pool.yaml", &body);
    let ids = |more: &[&str]| world.run(&[&["ids", "--wide", "pool.yaml"], more].concat()).output();
    let text = ids(&[]).expect(0).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "replicas eu-west-1 (PRIMARY, ACTIVE)",
        "self-registered app clients 0",
        "clients.web secrets 1, made 1970-01-01",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    let json = ids(&["--format", "json"]).expect(0).json();
    let pool = &json["pools"][0];
    assert_eq!(pool["replicas"], json!([{"region": "eu-west-1", "state": "PRIMARY, ACTIVE"}]));
    assert_eq!(pool["client_secrets"]["batch"], json!(["1970-01-01"]));
    assert_eq!(pool["self_registered_clients"], 0);
    // For the ids alone, none of it is read.
    world.called();
    world.run(&["ids", "pool.yaml"]).output().expect(0);
    assert!(!world.called().contains("ListUserPoolReplicas"));
    let denied = World::with(&["ListUserPoolReplicas:error=AccessDeniedException"], |_| {});
    let refused = denied.run(&["ids", "--wide", "pool.yaml"]).output().expect(1);
    assert!(refused.stderr.contains("ListUserPoolReplicas"), "{refused}");
}

#[test]
fn an_id_that_is_not_there_and_a_name_that_is_taken_fail() {
    let world = filled();
    let manifest = format!("{}  api: {{}}\n  twin: {{}}\n", MANIFEST.replace("extends: base.yaml\n", ""));
    world.workspace.write("pool.yaml", manifest);
    let output = world.run(&["ids", "--format", "dotenv", "pool.yaml"]).output().expect(1);
    assert_eq!(output.stdout, "", "half of a file looks like a file");
    let output = world.run(&["ids", "--format", "tfvars", "pool.yaml"]).output().expect(1);
    assert_eq!(output.stdout, "");
    for label in ["api", "twin"] {
        assert!(output.stderr.contains(&format!("`clients.{label}` has no id")), "{output}");
    }
    for taken in ["web", "nobody"] {
        world.workspace.write(
        "pool.yaml",
        format!("version: 1\npool: {POOL}\nclients:\n  a-b: {{ ClientName: {taken} }}\n  a_b: {{ ClientName: batch }}\n"),
    );
        let output = world.run(&["ids", "--format", "dotenv", "pool.yaml"]).output().expect(1);
        assert!(
            output.stderr.contains("`clients.a-b` and `clients.a_b` would both set `A_B_CLIENT_ID`"),
            "{output}"
        );
        assert_eq!(output.stdout, "");
    }
}
