//! What hangs on an app client, through the runs around an apply: policies, retries, baselines, restores, adoptions.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::branding::{branding, newest_backup, with_branding};
use super::clients::{WEB, live, manifest, web, world, world_with};
use crate::harness::world::{POOL, World, told};
use crate::harness::{Output, SECRETS};

const DECLARED: &str = "    branding: { Settings: { a: { b: 2 } } }
    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } }
";

fn own_settings() -> Value {
    json!({"UseCognitoProvidedValues": false, "Settings": {"a": {"b": 1}}, "Assets": []})
}

/// A manifest with the client `web`, which declares this.
fn of_web(declared: &str) -> String {
    manifest(&format!("clients:\n  web:\n    id: {WEB}\n{declared}"))
}

/// The calls of Cognito that a policy allows.
fn allowed(world: &World, arguments: &[&str]) -> BTreeSet<String> {
    let policy = world.run(&[&["iam-policy"], arguments].concat()).output().expect(0).json();
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap());
    let names = actions.filter_map(|action| action.as_str().unwrap().strip_prefix("cognito-idp:"));
    names.map(str::to_owned).collect()
}

/// The text of an output in one line.
fn words(output: &Output) -> String {
    output.to_string().replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_policy_allows_each_call_of_a_plan_an_apply_and_a_restore_of_what_hangs_on_a_client() {
    let world = with_branding(&[], &own_settings(), DECLARED);
    let reads = allowed(&world, &["--read-only", "pool.yaml"]);
    let writes = allowed(&world, &["pool.yaml"]);
    world.called();
    world.run(&["plan", "pool.yaml"]).output().expect(0);
    let called = world.called();
    assert!(called.is_subset(&reads), "{:?}", called.difference(&reads));
    world.apply().expect(0);
    let called = world.called();
    assert!(called.is_subset(&writes), "{:?}", called.difference(&writes));
    let backup = newest_backup(&world);
    let back = allowed(&world, &["--backup", &backup]);
    let look = allowed(&world, &["--backup", &backup, "--read-only"]);
    assert!(!back.contains("UpdateUserPool"), "{back:?}");
    world.called();
    world.run(&["restore", "--yes", "--settle", "0", &backup]).output().expect(0);
    let called = world.called();
    assert!(called.is_subset(&back), "{:?}", called.difference(&back));
    let is_write =
        |call: &&String| ["Update", "Set", "Create", "Delete"].iter().any(|verb| call.starts_with(verb));
    let read: BTreeSet<String> = called.iter().filter(|call| !is_write(call)).cloned().collect();
    assert!(read.is_subset(&look) && !look.iter().any(|call| is_write(&call)), "{look:?}");
    assert_eq!(back.iter().filter(is_write).count(), called.iter().filter(is_write).count(), "{back:?}");
}

#[test]
fn a_policy_allows_a_restore_to_make_what_the_run_removed_and_to_remove_what_it_made() {
    let removal = "    branding: { remove: true, reason: the old pages }\n";
    for (before, declared, expected) in [
        (own_settings(), removal, "CreateManagedLoginBranding"),
        (own_settings(), "    remove: true\n    reason: retired\n", "CreateManagedLoginBranding"),
        (Value::Null, "    branding: { UseCognitoProvidedValues: true }\n", "DeleteManagedLoginBranding"),
    ] {
        let world = match before.is_null() {
            true => world(&[], &[web()], ""),
            false => with_branding(&[], &before, ""),
        };
        world.workspace.write("pool.yaml", of_web(declared));
        let writes = allowed(&world, &["pool.yaml"]);
        world.called();
        world.apply_with(&["--allow", "branding-removal,client-removal"]).expect(0);
        let called = world.called();
        assert!(called.is_subset(&writes), "{:?}", called.difference(&writes));
        let backup = newest_backup(&world);
        let back = allowed(&world, &["--backup", &backup]);
        world.called();
        let undo = ["restore", "--yes", "--settle", "0", "--allow", "branding-removal", &backup];
        world.run(&undo).output().expect(0);
        let called = world.called();
        assert!(called.contains(expected), "{called:?}");
        assert!(called.is_subset(&back), "{:?}", called.difference(&back));
        assert!(!back.contains("UpdateUserPool"), "{back:?}");
    }
}

#[test]
fn a_call_about_a_new_client_is_sent_again_like_any_other() {
    let body = "clients:\n  neu: { sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } } }\n";
    for fault in ["throttle*1", "error=ConcurrentModificationException/400*1"] {
        let fault = format!("SetUserPoolClientSessionConfiguration:{fault}");
        let world = world(&[&fault], &[], body);
        world.apply().expect(0);
        assert_eq!(world.calls("SetUserPoolClientSessionConfiguration"), 2, "{fault}");
        assert_eq!(world.calls("CreateUserPoolClient"), 1, "{fault}");
        let document = world.live();
        assert_eq!(
            document["ClientSessionConfigurations"][0]["SSOSession"],
            json!({"MaxValidityMinutes": 30}),
            "{fault}"
        );
    }
    // The new client has an id and a document of sessions by then.
    let body = format!("clients:\n  neu: {{}}\n  web: {{ id: {WEB}, remove: true, reason: retired }}\n");
    let world = world(&["DeleteUserPoolClient:throttle*1"], &[web()], &body);
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    assert_eq!(world.calls("DeleteUserPoolClient"), 2);
    assert_eq!(live(&world).len(), 1);
}

#[test]
fn what_a_baseline_declares_below_a_client_is_released_and_nothing_else() {
    let world = with_branding(&[], &own_settings(), "    branding: {}\n    AuthSessionValidity: 5\n");
    world.workspace.write("before/pool.yaml", of_web("    AuthSessionValidity: 5\n"));
    let sessions = "    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } }\n";
    world.workspace.write("pool.yaml", of_web(sessions));
    world.apply().expect(0);
    let released = ["plan", "--baseline", "before", "--released", "fail", "pool.yaml"];
    let is_released = |path: &str, output: &Output| {
        words(output).contains(&format!("`{path}` was declared in before, and is now unmanaged"))
    };
    for (before, now, path) in [
        (
            sessions,
            "    AuthSessionValidity: 5\n",
            "clients.web.sessionConfiguration.SSOSession.MaxValidityMinutes",
        ),
        ("    branding: {}\n", "", "clients.web.branding"),
        (
            "    branding: { Settings: { a: { b: 1 } } }\n",
            "    branding: {}\n",
            "clients.web.branding.Settings.a.b",
        ),
    ] {
        world.workspace.write("before/pool.yaml", of_web(before));
        world.workspace.write("pool.yaml", of_web(now));
        let output = world.run(&released).output().expect(3);
        assert_eq!(words(&output).contains("write `remove: true`"), path.ends_with(".branding"), "{output}");
        assert!(is_released(path, &output), "{path}: {output}");
        assert_eq!(output.stdout.matches("now unmanaged").count(), 1, "{path}: {output}");
    }
    // A live setting that neither declares.
    for unchanged in ["    AccessTokenValidity: 30\n", "    branding: {}\n", ""] {
        world.workspace.write("before/pool.yaml", of_web(unchanged));
        world.workspace.write("pool.yaml", of_web(unchanged));
        let output = world.run(&released).output().expect(0);
        assert!(!words(&output).contains("now unmanaged"), "{unchanged}: {output}");
    }
}

#[test]
fn a_restore_that_removes_what_a_run_made_keeps_its_secrets_out_of_its_own_backup() {
    let plain = "a-word-that-nobody-may-see";
    for (body, restored) in [
        (
            format!(
                "clients:\n  web:\n    id: {WEB}\n    branding: {{ Settings: {{ a: '${{secret:Q}}' }} }}\n"
            ),
            "branding-removal",
        ),
        ("groups: { staff: { Description: '${secret:Q}' } }\n".to_owned(), "group-removal"),
    ] {
        let world = world(&[], &[web()], &body);
        let apply = ["apply", "--yes", "--settle", "0", "pool.yaml"];
        world.run(&apply).env("POOLCTL_SECRET_Q", plain).output().expect(0);
        let first = newest_backup(&world);
        let undo = ["restore", "--yes", "--settle", "0", "--allow", restored, &first];
        let output = world.run(&undo).output().expect(0);
        assert!(!output.to_string().contains(plain), "{output}");
        assert_eq!(world.backups().len(), 2);
        let folder = world.workspace.path().join(".poolctl/backups");
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let mut beside = 0;
        for name in world.backups() {
            assert!(!read(&name).contains(plain), "{name}");
            let secrets = name.replace(".json", SECRETS);
            beside += usize::from(folder.join(&secrets).exists() && read(&secrets).contains(plain));
        }
        assert_eq!(beside, 1, "the file beside the second backup has it");
    }
}

#[test]
fn what_is_undeclared_below_a_client_is_adopted_there() {
    let logo =
        json!({"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG", "Bytes": "iVBORw0KGgo="});
    let branded = json!({"UseCognitoProvidedValues": false, "Settings": {"a": {"b": 1}}, "Assets": [logo]});
    for declared in ["{ UseCognitoProvidedValues: false }", "{}"] {
        let world = with_branding(&[], &branded, &format!("    branding: {declared}\n"));
        world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(0);
        world.run(&["drift", "pool.yaml"]).output().expect(0);
        let text = fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
        let text: Vec<&str> = text.split_whitespace().collect();
        assert!(text.join(" ").contains("Settings: a: b: 1 Assets: - Category: FORM_LOGO"), "{text:?}");
    }
}

#[test]
fn one_setting_that_cannot_be_adopted_keeps_no_other_from_it() {
    // A pool has room for one domain of each kind, and the live one has no entry.
    let body = format!(
        "domains: {{ new-login: {{}} }}\nclients:\n  web:\n    id: {WEB}\n    AuthSessionValidity: 7\n"
    );
    let world = world_with(&[], &[web()], &body, |document| {
        let domain =
            json!({"Domain": "old-login", "UserPoolId": POOL, "Status": "ACTIVE", "ManagedLoginVersion": 1});
        document.insert("Domains".to_owned(), json!([domain]));
    });
    let output = world.run(&["adopt", "--undeclared", "pool.yaml"]).output().expect(1);
    assert!(words(&output).contains("`domains.old-login` was not adopted"), "{output}");
    assert_eq!(words(&output).matches("would not be valid").count(), 1, "{output}");
    let text = fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    assert!(text.contains("CallbackURLs:") && text.contains("AuthSessionValidity: 5"), "{text}");
    world.run(&["validate", "pool.yaml"]).output().expect(0);
}

#[test]
fn adopt_says_why_it_writes_nothing_about_a_branding_that_is_gone_or_still_there() {
    let world = world(&[], &[web()], "");
    world.workspace.write("pool.yaml", of_web("    branding: { UseCognitoProvidedValues: true }\n"));
    let gone = world.run(&["adopt", "pool.yaml"]).output().expect(1);
    assert!(
        words(&gone).contains("the pool has no such branding: delete the entry to accept that"),
        "{gone}"
    );
    let world =
        with_branding(&[], &own_settings(), "    branding: { remove: true, reason: the old pages }\n");
    let there = world.run(&["adopt", "pool.yaml"]).output().expect(1);
    assert!(
        words(&there).contains("the pool still has this branding: delete the entry to keep it"),
        "{there}"
    );
    assert_eq!(branding(&world), own_settings());
}

#[test]
fn a_removal_that_failed_is_no_unplanned_change() {
    let world = with_branding(
        &["DeleteManagedLoginBranding:cut-before"],
        &own_settings(),
        "    branding: { remove: true, reason: the old pages }\n",
    );
    let output = world.apply_with(&["--allow", "branding-removal"]).expect(5);
    let told = told(&output);
    assert!(told.contains("not as declared") && !told.contains("although not planned"), "{told}");
}
