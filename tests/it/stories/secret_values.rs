//! Secret values: compared only where they are known, never written into a manifest, and apart from a backup.

use std::fs;

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};
use crate::harness::{Output, SECRETS};

const OWN: &str = "a_secret_of_our_own_that_nobody_shows";
const WEB: &str = "1webwebwebwebwebwebwebweb1";
const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  SmsConfiguration: { ExternalId: '${secret:ID}' }
  VerificationMessageTemplate: { EmailMessage: 'Dear ${secret:WORD}, {####}' }
clients:
  web: { id: 1webwebwebwebwebwebwebweb1, ClientSecret: '${secret:OWN}', AnalyticsConfiguration: { ExternalId: '${secret:PROJECT}' } }
  batch: { ClientSecret: '${secret:OWN}' }
";

/// The quickstart's pool with an app client that sends events to a project.
fn world() -> World {
    let world = World::with(&[], |document| {
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!("external-id-of-the-pool");
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": WEB, "ClientName": "web", "ClientSecret": "generated-for-web",
            "RefreshTokenValidity": 30, "EnableTokenRevocation": true, "CallbackURLs": ["https://a.example.com/"],
            "AnalyticsConfiguration": {
                "ApplicationId": "0123456789abcdef0123456789abcdef", "ExternalId": "external-id-of-web",
                "RoleArn": "arn:aws:iam::111122223333:role/analytics",
            },
        }]);
    });
    world.workspace.write("pool.yaml", MANIFEST);
    world
}

/// The text of an output in one line.
fn words(output: &Output) -> String {
    output.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_plan_and_a_drift_need_no_secret_and_say_what_they_did_not_compare() {
    let world = world();
    for (command, code) in [("plan", 0), ("drift", 2)] {
        let output = world.run(&[command, "pool.yaml"]).output().expect(code);
        let words = words(&output);
        for path in [
            "SmsConfiguration.ExternalId",
            "VerificationMessageTemplate.EmailMessage",
            "clients.web.AnalyticsConfiguration.ExternalId",
        ] {
            assert!(
                words.contains(&format!("`{path}` was not compared: its secret is not set")),
                "{path}: {output}"
            );
        }
        // The secret of a client is never compared, and a new client has none yet.
        assert!(!words.contains("clients.web.ClientSecret") && !words.contains("`clients.batch"), "{output}");
        assert!(!words.contains("external-id-of"), "{output}");
        assert!(words.contains("3 secrets not compared"), "{output}");
        let line = output.stdout.lines().find(|line| line.contains("ClientSecret")).unwrap_or_default();
        assert!(line.contains("+ ClientSecret") && line.contains("(sensitive)"), "{command}: {output}");
    }
    let json = world.run(&["plan", "--format", "json", "pool.yaml"]).output().expect(0).json();
    assert_eq!(json["pools"][0]["uncompared"], 3, "{json}");
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_pool_is_not_called_as_declared_without_a_word_about_what_was_not_compared() {
    let world = world();
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { SmsConfiguration: { ExternalId: '${secret:ID}' } }\n";
    world.workspace.write("pool.yaml", manifest);
    let plan = world.run(&["plan", "--quiet", "pool.yaml"]).output().expect(0);
    let told = "The pool is as declared, except for 1 secret that was not compared.";
    assert!(plan.stdout.contains(told), "{plan}");
}

#[test]
fn a_known_secret_is_compared_though_another_is_not_known() {
    let world = world();
    let plan =
        world.run(&["plan", "pool.yaml"]).env("POOLCTL_SECRET_ID", "another-external-id").output().expect(0);
    let line = plan.stdout.lines().find(|line| line.contains("ExternalId")).unwrap_or_default();
    assert!(line.contains("(sensitive), changed"), "{plan}");
    assert!(!words(&plan).contains("`SmsConfiguration.ExternalId` was not compared"), "{plan}");
    let plan = world
        .run(&["plan", "pool.yaml"])
        .env("POOLCTL_SECRET_ID", "external-id-of-the-pool")
        .output()
        .expect(0);
    assert!(!plan.stdout.contains("SmsConfiguration"), "{plan}");
}

#[test]
fn what_is_carried_out_later_needs_every_secret() {
    let world = world();
    for arguments in [&["apply", "--yes"][..], &["plan", "--save", "plan.json"], &["plan", "--show-request"]]
    {
        let refused = world.run(&[arguments, &["pool.yaml"]].concat()).output().expect(1);
        for name in ["ID", "WORD", "PROJECT", "OWN"] {
            assert!(
                words(&refused).contains(&format!("the secret `{name}` is not set")),
                "{name}: {refused}"
            );
        }
    }
    assert_eq!(world.writes(), 0);
}

#[test]
fn one_setting_of_many_pools_is_named_once() {
    let world = world();
    let seed = fs::read_to_string(world.workspace.path().join(format!("seed/{POOL}.json"))).unwrap();
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { SmsConfiguration: { ExternalId: '${secret:ID}' } }\n";
    for number in 0..3 {
        let id = format!("eu-west-1_other{number}");
        world.workspace.write(&format!("live/{id}.json"), seed.replace(POOL, &id));
        world.workspace.write(&format!("pools/{id}.yaml"), manifest.replace(POOL, &id));
    }
    let plan = world.workspace.poolctl(["plan", "--live", "live", "pools"]).output().expect(0);
    let told = "note: `SmsConfiguration.ExternalId` of 3 pools was not compared: its secret is not set";
    assert_eq!(plan.stderr.matches(told).count(), 1, "{plan}");
}

#[test]
fn a_secret_that_a_manifest_has_itself_is_warned_of_and_not_shown() {
    let world = world();
    world.workspace.write(
        "pool.yaml",
        format!("version: 1\npool: {POOL}\nclients:\n  batch: {{ ClientSecret: {OWN} }}\n"),
    );
    for command in [&["validate"][..], &["plan"]] {
        let output = world.run(&[command, &["pool.yaml"]].concat()).output().expect(0);
        let words = words(&output);
        for told in [
            "warning[secret-in-file]",
            "`clients.batch.ClientSecret` is a secret, and the manifest has its value",
            "write `${secret:NAME}`",
        ] {
            assert!(words.contains(told), "{told}: {output}");
        }
        assert!(!words.contains(OWN), "{output}");
    }
}

/// The manifest with other values for two secrets, applied; the names of the backup and of the file beside it.
fn applied(world: &World) -> [String; 2] {
    let body = "settings:\n  SmsConfiguration: { ExternalId: '${secret:ID}' }\n  DeletionProtection: ACTIVE\nclients:\n  web: { id: 1webwebwebwebwebwebwebweb1, AnalyticsConfiguration: { ExternalId: '${secret:PROJECT}' } }\n";
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
    let apply = world.run(&["apply", "--yes", "--settle", "0", "pool.yaml"]);
    apply
        .env("POOLCTL_SECRET_ID", "new-for-the-pool")
        .env("POOLCTL_SECRET_PROJECT", "new-for-web")
        .output()
        .expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    let beside = backup.replace(".json", SECRETS);
    [backup, beside]
}

fn external_ids(world: &World) -> [Value; 2] {
    let live = world.live();
    let client = &live["UserPoolClients"][0];
    [
        live["UserPool"]["SmsConfiguration"]["ExternalId"].clone(),
        client["AnalyticsConfiguration"]["ExternalId"].clone(),
    ]
}

#[test]
fn a_backup_has_no_secret_value_and_the_file_beside_it_has_those_that_a_restore_needs() {
    let world = world();
    let [backup, beside] = applied(&world);
    let read = |name: &str| fs::read_to_string(world.workspace.path().join(name)).unwrap();
    for secret in ["external-id-of-the-pool", "external-id-of-web"] {
        assert!(!read(&backup).contains(secret) && read(&beside).contains(secret), "{secret}");
    }
    assert!(!(read(&backup) + &read(&beside)).contains("generated-for-web"), "no update takes it back");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(world.workspace.path().join(&beside)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    world
        .run(&["restore", "--yes", "--settle", "0", "--allow", "deletion-protection-off", &backup])
        .output()
        .expect(0);
    assert_eq!(external_ids(&world), ["external-id-of-the-pool", "external-id-of-web"]);
    let refused = world.run(&["restore", "--yes", &beside]).output().expect(1);
    assert!(words(&refused).contains(&format!("name the backup, `{backup}`")), "{refused}");
}

#[test]
fn a_restore_without_that_file_keeps_the_live_values_and_names_each() {
    let world = world();
    let [backup, beside] = applied(&world);
    fs::remove_file(world.workspace.path().join(&beside)).unwrap();
    let restored = world
        .run(&["restore", "--yes", "--settle", "0", "--allow", "deletion-protection-off", &backup])
        .output()
        .expect(0);
    for path in ["SmsConfiguration.ExternalId", "clients.web.AnalyticsConfiguration.ExternalId"] {
        let told = format!("`{path}` stays as it is now: its earlier value is not in `{beside}`");
        assert!(words(&restored).contains(&told), "{path}: {restored}");
    }
    assert_eq!(world.live()["UserPool"]["DeletionProtection"], "INACTIVE");
    assert_eq!(external_ids(&world), ["new-for-the-pool", "new-for-web"]);
    // The MFA document repeats the value of the pool.
    let whole = world.run(&["restore", "--whole", "--yes", "--settle", "0", &backup]).output();
    assert_eq!(words(&whole).matches("ExternalId` stays as it is now").count(), 2, "{whole}");
}

#[test]
fn a_restore_that_would_have_to_invent_a_secret_value_writes_nothing() {
    let world = world();
    let body = format!("clients: {{ web: {{ id: {WEB}, remove: true, reason: retired }} }}\n");
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
    world.apply_with(&["--allow", "client-removal"]).expect(0);
    let backup = format!(".poolctl/backups/{}", world.backups().last().unwrap());
    fs::remove_file(world.workspace.path().join(backup.replace(".json", SECRETS))).unwrap();
    let refused = world.run(&["restore", "--yes", "--allow", "client-created", &backup]).output().expect(1);
    assert!(
        words(&refused).contains("the backup lacks a secret value of `clients.web.AnalyticsConfiguration"),
        "{refused}"
    );
    assert_eq!(world.calls("CreateUserPoolClient"), 0);
}

#[test]
fn no_form_prints_the_password_of_a_url_in_a_list_or_without_a_scheme() {
    let live = "https://u:HIDDEN1@shop.example.com/";
    let world = World::with(&[], |document| {
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": WEB, "ClientName": "web",
            "CallbackURLs": [live, "https://a.example.com/"], "LogoutURLs": ["https://a.example.com/", live],
        }]);
    });
    let body = "clients:
  web:
    id: 1webwebwebwebwebwebwebweb1
    CallbackURLs: ['https://z:HIDDEN3@shop.example.com/', 'https://a.example.com/']
    LogoutURLs: ['//u:HIDDEN4@b.example.com/', 'app:me@c.example.com/', 'https://z:HIDDEN6@shop.example.com/']
";
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
    let forms =
        ["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality", "openmetrics"];
    for form in forms {
        let plan = world.run(&["plan", "--format", form, "pool.yaml"]).output().expect(0);
        assert!(!plan.to_string().contains("HIDDEN"), "{form}: {plan}");
    }
    for arguments in [["--show-request"], ["--suggest-ignores"]] {
        let plan = world.run(&["plan", "pool.yaml"]).args(arguments).output().expect(0);
        assert!(!plan.to_string().contains("HIDDEN"), "{arguments:?}: {plan}");
    }
    let plan = world.run(&["plan", "pool.yaml"]).output().expect(0);
    let told = words(&plan);
    assert!(told.contains("~ CallbackURLs (sensitive), changed"), "alone: {plan}");
    assert!(told.contains("LogoutURLs 2 added, 1 removed, 1 changed"), "{plan}");
    assert!(told.contains("~ https://shop.example.com/ (sensitive), changed"), "{plan}");
    assert!(told.contains("+ //b.example.com/") && told.contains("+ app:me@c.example.com/"), "{plan}");
    // Nor is it lost where a plan is saved.
    let saved = world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let json = fs::read_to_string(world.workspace.path().join("plan.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let changes = json["pools"][0]["changes"].as_array().unwrap();
    let masked = changes.iter().filter_map(|change| Some((&change["path_text"], change.get("masked")?)));
    let expected = (&json!("clients.web.LogoutURLs"), &json!(["https://shop.example.com/"]));
    assert_eq!(masked.collect::<Vec<_>>(), [expected]);
    for form in ["text", "markdown", "html", "github"] {
        let show = ["show", "plan.json", "--format", form];
        let shown = world.workspace.poolctl(show).output().expect(0);
        let plan = world.run(&["plan", "pool.yaml", "--format", form]).output().expect(0);
        assert_eq!(shown.stdout, plan.stdout, "{saved}");
    }
}

#[test]
fn no_text_prints_the_password_of_a_url_in_a_name() {
    let world = World::new(&["CreateGroup:quote=GroupName"]);
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings: {{ DeletionProtection: ACTIVE }}
groups:\n  https://u:HIDDEN@a.example/: {{ Precedence: 1 }}\n  z`b: {{ Precedence: 2 }}\n"
    );
    world.workspace.write("pool.yaml", manifest);
    for form in ["text", "markdown", "html", "github", "junit", "codequality", "openmetrics"] {
        let plan = world.run(&["plan", "--format", form, "pool.yaml"]).output().expect(0);
        assert!(!plan.to_string().contains("HIDDEN"), "{form}: {plan}");
    }
    let plan = world.run(&["plan", "--format", "markdown", "pool.yaml"]).output().expect(0);
    let calls = "- In 3 calls: UpdateUserPool, then CreateGroup (2 times: `groups[\"https://a.example/\"]`, ``groups[\"z`b\"]``)";
    assert!(plan.stdout.contains(calls), "{plan}");
    for logs in ["text", "json"] {
        // Only the first one has another call that takes effect.
        let code = if logs == "text" { 5 } else { 1 };
        let apply = world.apply_with(&["--log-format", logs]).expect(code);
        assert!(apply.stderr.contains("https://a.example/"), "{apply}");
        assert!(!apply.to_string().contains("HIDDEN"), "{logs}: {apply}");
    }
}
