//! No secret is in any byte that any command writes, in any form and at any level of talk; and no
//! reference of a manifest reads the environment of the job that plans it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;

use serde_json::{Value, json};

use crate::harness::world::{POOL, World};
use crate::harness::{Output, Run, SECRETS};

/// What must not be seen, and where it stands.
const CANARIES: &[&str] = &[
    "canary-wanted-1b7e",  // `${secret:ID}`: the external id that the manifest wants
    "canary-live-2c8f",    // the external id that the pool has
    "canary-text-3d90",    // `${secret:WORD}`, a part of a message
    "canary-key-4ea1",     // the secret access key
    "canary-session-5fb2", // the session token
    "canary-job-60c3",     // a variable of the job that is nobody's business
    "canary-tag-71d4",     // a tag that the service refuses and quotes
    CLIENT_SECRETS[0],
    CLIENT_SECRETS[1],
    "canary-member-a4d7",   // what a member of a client has that no model knows
    "canary-provider-b5e8", // the secret at a live provider
    "canary-wanted-c6f9",   // `${secret:IDP}`: the secret at the provider that the manifest wants
    "canary-detail-d70a",   // a detail of a provider that poolctl does not know
    "canary-newer-e81b", // `${var:DETAIL}`: what the manifest wants there, with nothing that says it is a secret
    "canary-apple-f92c", // `${secret:APPLE}`: the private key that the manifest wants
    "canary-key-03ad",   // the private key that the provider has
    "canary-other-14be", // the secret at a provider that nobody declares
    "canary-spare-25cf", // a detail of it that poolctl does not know
];

/// The secrets of clients, which are in no file of poolctl's, backups included.
const CLIENT_SECRETS: [&str; 2] = [
    "canary-generated-82e5",                // the secret of a live client
    "canary_own_93f6_for_a_client_to_make", // `${secret:OWN}`: the secret that a new client is to have
];

const FORMATS: &[&str] =
    &["text", "json", "markdown", "html", "github", "sarif", "junit", "codequality", "openmetrics"];
const LEVELS: &[&[&str]] = &[&["-q"], &[], &["-vv"], &["-vv", "--log-format", "json"]];

const MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
unmanaged: report
settings:
  DeletionProtection: ACTIVE
  SmsConfiguration: { ExternalId: '${secret:ID}' }
  VerificationMessageTemplate: { EmailMessage: 'Dear ${secret:WORD}, {####}' }
  UserPoolTags: { stage: '${secret:TAG}' }
";

/// The quickstart's pool with a secret in it, and a manifest that wants others.
fn world(faults: &[&str]) -> World {
    let world = World::with(faults, |document| {
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!("canary-live-2c8f");
    });
    world.workspace.write("pool.yaml", MANIFEST);
    world
}

fn run<'a>(world: &'a World, arguments: &[&'a str]) -> Run<'a> {
    let run = world.run(arguments);
    run.env("AWS_SECRET_ACCESS_KEY", "canary-key-4ea1")
        .env("AWS_SESSION_TOKEN", "canary-session-5fb2")
        .env("POOLCTL_SECRET_ID", "canary-wanted-1b7e")
        .env("POOLCTL_SECRET_WORD", "canary-text-3d90")
        .env("POOLCTL_SECRET_TAG", "canary-tag-71d4")
        .env("POOLCTL_SECRET_OWN", CLIENT_SECRETS[1])
        .env("POOLCTL_SECRET_IDP", "canary-wanted-c6f9")
        .env("POOLCTL_SECRET_APPLE", "canary-apple-f92c")
        .env("POOLCTL_VAR_DETAIL", "canary-newer-e81b")
        // A saved plan has a reference in place of a value that may be a secret.
        .env("POOLCTL_SECRET_identityProviders_Google_ProviderDetails_new_detail", "canary-newer-e81b")
        .env("DEPLOY_TOKEN", "canary-job-60c3")
}

/// Options that write every form to a file of its own.
fn every_form() -> Vec<String> {
    FORMATS.iter().map(|format| format!("--out={format}=out.{format}")).collect()
}

/// Every file of the workspace, by its name, but for those that hold secret values on purpose: the sandbox's pools and
/// the files beside backups, which are their owner's alone.
fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let whole = ["seed", "sandbox"].contains(&name.as_str());
        if name.ends_with(SECRETS) {
            continue;
        }
        if path.is_dir() {
            if !whole {
                files(&path, found);
            }
            found.insert(format!("{}/", path.display()), Vec::new());
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
}

/// Fails the test where a canary is seen in what a run printed or left.
#[track_caller]
fn assert_unseen(world: &World, what: &str, output: &Output) {
    let mut found = BTreeMap::new();
    files(world.workspace.path(), &mut found);
    found.insert("standard output".to_owned(), output.raw.clone().into_bytes());
    found.insert("standard error".to_owned(), output.stderr.clone().into_bytes());
    for canary in CANARIES {
        for (name, bytes) in &found {
            let seen = name.contains(canary) || String::from_utf8_lossy(bytes).contains(canary);
            assert!(!seen, "{canary} is in {name} of {what}\n{output}");
        }
    }
}

#[test]
fn no_form_and_no_level_of_a_plan_or_a_drift_shows_a_secret() {
    let world = world(&[]);
    world.workspace.write("before/pool.yaml", MANIFEST.replace("stage: '${secret:TAG}'", "stage: other"));
    let commands = [
        &["plan"][..],
        &["plan", "--show-request"],
        &["plan", "--suggest-ignores"],
        &["plan", "--baseline", "./before", "--save", "plan.json", "--planned-values"],
        &["show", "plan.json"],
        &["drift"],
        &["drift", "--baseline", "./before", "--discover"],
        &["apply"],
    ];
    let outs = every_form();
    let outs: Vec<&str> = outs.iter().map(String::as_str).collect();
    // Each run writes every form. So each command runs at every level, and with every form on standard output.
    for (turn, format) in FORMATS.iter().enumerate() {
        for (number, command) in commands.iter().enumerate() {
            let level = LEVELS[(turn + number) % LEVELS.len()];
            let path = if command[0] == "show" { &[][..] } else { &["pool.yaml"] };
            let arguments = [command, level, &["--format", format], &outs, path].concat();
            for form in FORMATS {
                drop(fs::remove_file(world.workspace.path().join(format!("out.{form}"))));
            }
            let output = run(&world, &arguments).output();
            assert!([0, 2, 3, 64].contains(&output.code.unwrap()), "{arguments:?}\n{output}");
            for form in FORMATS {
                let is_written = world.workspace.path().join(format!("out.{form}")).exists();
                // An apply that nobody approves has no result.
                assert_eq!(is_written, command[0] != "apply", "{form} of {arguments:?}\n{output}");
            }
            assert_unseen(&world, &format!("{arguments:?}"), &output);
        }
    }
}

#[test]
fn no_form_of_an_apply_shows_a_secret_whatever_becomes_of_it() {
    let outs = every_form();
    let outs: Vec<&str> = outs.iter().map(String::as_str).collect();
    let ends = [
        (None, 0),
        // Another writer moves what is planned, before the write and after it.
        (Some("DescribeUserPool:move=SmsConfiguration.ExternalId:\"canary-live-2c8f-moved\""), 4),
        (Some("UpdateUserPool:drift-after=SmsConfiguration.ExternalId:\"canary-live-2c8f-spoilt\""), 5),
        (Some("UpdateUserPool:ignore=SmsConfiguration.ExternalId"), 5),
        // The service quotes what it refuses.
        (Some("UpdateUserPool:refuse=UserPoolTags"), 1),
        (Some("UpdateUserPool:cut-after"), 0),
    ];
    // Each run writes every form, two of them on standard output too.
    for (number, (fault, code)) in ends.into_iter().enumerate() {
        for format in [FORMATS[number], FORMATS[(number + 3) % FORMATS.len()]] {
            let world = match fault {
                Some(fault) => world(&[fault]),
                None => world(&[]),
            };
            let arguments = ["apply", "--yes", "--settle", "0", "-vv", "--format", format, "pool.yaml"];
            let arguments = [&arguments[..], &outs].concat();
            let output = run(&world, &arguments).output();
            assert_eq!(output.code, Some(code), "{fault:?}\n{output}");
            assert_unseen(&world, &format!("{fault:?} {arguments:?}"), &output);
            if code == 0 {
                let backup = world.workspace.backup();
                let backup = backup.to_str().unwrap();
                let restore = [
                    "restore",
                    "--yes",
                    "--settle",
                    "0",
                    "-vv",
                    "--format",
                    format,
                    "--allow",
                    "deletion-protection-off",
                    backup,
                ];
                let restore = [&restore[..], &outs].concat();
                let output = run(&world, &restore).output().expect(0);
                assert_unseen(&world, &format!("{restore:?}"), &output);
            }
        }
    }
}

#[test]
fn no_form_of_an_apply_of_a_saved_plan_shows_a_secret() {
    for format in FORMATS {
        let world = world(&[]);
        run(&world, &["plan", "--save", "plan.json", "-q", "pool.yaml"]).output().expect(0);
        let apply = ["apply", "-vv", "--settle", "0", "--format", format, "plan.json"];
        // The secrets of another day are another plan.
        let stale =
            run(&world, &apply).env("POOLCTL_SECRET_ID", "canary-wanted-1b7e-today").output().expect(4);
        assert_unseen(&world, "a stale plan", &stale);
        let done = run(&world, &apply).output().expect(0);
        assert_unseen(&world, &format!("{apply:?}"), &done);
        let again = run(&world, &apply).output().expect(0);
        assert_unseen(&world, "an applied plan", &again);
    }
    let world = world(&[]);
    run(&world, &["plan", "--save", "plan.json", "-q", "pool.yaml"]).output().expect(0);
    let unset = world.run(&["apply", "plan.json"]).output().expect(1);
    assert!(unset.stderr.contains("POOLCTL_SECRET_ID"), "{unset}");
}

#[test]
fn no_other_command_shows_a_secret() {
    let world = world(&[]);
    for (arguments, code) in [
        (&["import", POOL, "-o", "pools"][..], 0),
        (&["import", POOL, "-o", "-", "--full"], 0),
        (&["render", "--sources", "pool.yaml"], 0),
        (&["validate", "pool.yaml"], 0),
        (&["iam-policy", "pool.yaml"], 0),
        (&["iam-policy", "--read-only", "pool.yaml"], 0),
        (&["validate", "--format", "sarif", "pool.yaml"], 0),
        (&["adopt", "--dry-run", "pool.yaml"], 1),
        (&["ignore", "add", "LambdaConfig", "--reason", "theirs", "pool.yaml"], 0),
        (&["adopt", "pool.yaml"], 1),
    ] {
        let arguments = [arguments, &["-v"]].concat();
        let output = run(&world, &arguments).output();
        assert_eq!(output.code, Some(code), "{arguments:?}\n{output}");
        assert_unseen(&world, &format!("{arguments:?}"), &output);
    }
}

#[test]
fn a_manifest_reads_no_environment_but_its_own_variables() {
    let world = world(&[]);
    let secrets = ["DEPLOY_TOKEN", "AWS_SECRET_ACCESS_KEY", "POOLCTL_SECRET_ID", "SECRET_ID", "ID"];
    let mut references: Vec<String> = secrets.iter().map(|name| format!("${{var:{name}}}")).collect();
    references.extend(["DEPLOY_TOKEN", "../DEPLOY_TOKEN", "VAR_x"].map(|name| format!("${{secret:{name}}}")));
    references.extend(
        [
            "/proc/self/environ",
            "../../../../../../proc/self/environ",
            "/etc/passwd",
            ".poolctl/../../outside",
        ]
        .map(|path| format!("${{file:{path}}}")),
    );
    references.extend(["${env:DEPLOY_TOKEN}", "$DEPLOY_TOKEN${x}", "${DEPLOY_TOKEN}"].map(str::to_owned));
    for reference in references {
        let manifest = format!(
            "version: 1\npool: {POOL}\nsettings:\n  SmsAuthenticationMessage: '{reference} {{####}}'\n"
        );
        world.workspace.write("evil.yaml", manifest);
        // A plan does without secrets.
        let command = if reference.contains("secret:") { &["apply", "--yes"][..] } else { &["plan"] };
        for format in ["text", "json"] {
            let arguments = [command, &["-vv", "--format", format, "evil.yaml"]].concat();
            let output = run(&world, &arguments).output().expect(1);
            assert_unseen(&world, &reference, &output);
            assert_eq!(world.calls("DescribeUserPool"), 0, "no pool is read for {reference}");
        }
    }
    let own =
        "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { SmsAuthenticationMessage: '${var:x} {####}' }\n";
    world.workspace.write("own.yaml", own);
    let output = run(&world, &["plan", "own.yaml"]).env("POOLCTL_VAR_x", "mine").output().expect(0);
    assert!(output.stdout.contains("mine {####}"), "{output}");
}

/// So that the search itself is known to find what is there.
#[test]
fn the_canaries_are_there_to_be_seen() {
    let world = world(&[]);
    run(&world, &["apply", "--yes", "--settle", "0", "-q", "pool.yaml"]).output().expect(0);
    let live: Value = world.live();
    assert_eq!(live["UserPool"]["SmsConfiguration"]["ExternalId"], "canary-wanted-1b7e");
    assert_eq!(live["UserPool"]["UserPoolTags"]["stage"], "canary-tag-71d4");
    let beside = world.workspace.backup().to_str().unwrap().replace(".json", SECRETS);
    assert!(fs::read_to_string(beside).unwrap().contains("canary-live-2c8f"));
}

#[test]
fn a_pool_that_is_named_by_a_secret_goes_by_its_id() {
    let world = World::new(&[]);
    let manifest = format!(
        "version: 1\npool: {POOL}\nsettings: {{ PoolName: 'cust-${{secret:ID}}', DeletionProtection: ACTIVE }}\n"
    );
    world.workspace.write("pool.yaml", manifest);
    run(&world, &["apply", "--yes", "--settle", "0", "-q", "pool.yaml"]).output().expect(0);
    assert_eq!(world.live()["UserPool"]["Name"], "cust-canary-wanted-1b7e");
    for format in FORMATS {
        for command in ["plan", "drift"] {
            let output = run(&world, &[command, "--format", format, "pool.yaml"]).output();
            assert_unseen(&world, &format!("{command} as {format}"), &output);
        }
    }
    run(&world, &["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let shown = run(&world, &["show", "plan.json"]).output().expect(0);
    assert_unseen(&world, "a saved plan", &shown);
    assert!(shown.stdout.starts_with(&format!("  {POOL}")), "{shown}");
}

/// A URL may have a user and a password in it: no error, no line of a log and no command to paste repeats them.
#[test]
fn no_output_shows_the_password_of_a_url() {
    const PASSWORD: &str = "canary-url-82e5";
    let world = world(&["UpdateUserPool:ignore=DeletionProtection"]);
    let with = |url: &str| url.replace("://", &format!("://user:{PASSWORD}@"));
    let (live, dead) = (with(world.url()), with("http://127.0.0.1:1/"));
    let (slash, bare) = (dead.replace("canary", "ca/n#ary"), format!("user:{PASSWORD}@127.0.0.1:1"));
    let far = with("http://far.invalid:1/");
    let apply: &[&str] = &["apply", "--yes", "--settle", "0", "pool.yaml"];
    let cases: [(&str, &str, &[&str]); _] = [
        ("", &live, apply),
        ("", &dead, &["plan", "pool.yaml"]),
        ("", &slash, &["plan", "pool.yaml"]),
        ("", &bare, &["plan", "pool.yaml"]),
        ("POOLCTL_ENDPOINT_URL", &dead, &["drift", "pool.yaml"]),
        ("POOLCTL_ENDPOINT_URL", &bare, &["plan", "pool.yaml"]),
        ("AWS_ENDPOINT_URL", &dead, &["import", POOL]),
        ("AWS_ENDPOINT_URL", &slash, &["plan", "pool.yaml"]),
        ("AWS_ENDPOINT_URL", &bare, &["plan", "pool.yaml"]),
        ("HTTP_PROXY", &far, &["plan", "--endpoint-url", "http://cognito.invalid/", "pool.yaml"]),
        ("HTTPS_PROXY", &dead, &["plan", "--endpoint-url", "https://cognito.invalid/", "pool.yaml"]),
        ("HTTPS_PROXY", &bare, &["plan", "--endpoint-url", "https://cognito.invalid/", "pool.yaml"]),
    ];
    let told = |(variable, url, command): (&str, &str, &[&str]), level: &[&str]| {
        let typed = ["--endpoint-url", url];
        let arguments = [command, level, if variable.is_empty() { &typed } else { &[] }].concat();
        let run = run(&world, &arguments).env("AWS_ENDPOINT_URL", world.url());
        let output = if variable.is_empty() { run } else { run.env(variable, url) }.output();
        assert_ne!(output.code, Some(0), "{variable} {arguments:?}\n{output}");
        let shown = format!("{}{}", output.raw, output.stderr);
        for word in [PASSWORD, "ary-url-82e5"] {
            assert!(!shown.contains(word), "{variable} {arguments:?}\n{output}");
        }
    };
    // Nobody answers at most of these, and each run takes its time to be sure of that.
    thread::scope(|scope| {
        for (case, level) in
            cases.into_iter().flat_map(|case| LEVELS[1..].iter().map(move |level| (case, *level)))
        {
            let told = &told;
            scope.spawn(move || told(case, level));
        }
    });
    let output = run(&world, &[apply, &["--endpoint-url", &live]].concat()).output();
    assert!(
        output.stderr.contains("undo:") && output.stderr.contains("--endpoint-url=http://127.0.0.1"),
        "{output}"
    );
    let file = format!("version: 1\ndefaults:\n  endpoint-url: {dead}\n");
    world.workspace.write("poolctl.yaml", file);
    let output = run(&world, &["plan", "pool.yaml"]).output().expect(64);
    assert!(output.stderr.contains("endpoint-url") && !output.stderr.contains(PASSWORD), "{output}");
}

/// Changes a client that has a secret and a member that no model knows, makes one with a secret of its own, and changes
/// the secret at a provider.
const CLIENTS: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
unmanaged: report
clients:
  web: { id: 1abcdefghijklmnopqrstuvwx1, CallbackURLs: ['https://shop.example.com/'] }
  batch: { ClientSecret: '${secret:OWN}' }
identityProviders:
  Google: { ProviderDetails: { client_secret: '${secret:IDP}', new_detail: '${var:DETAIL}' } }
  SignInWithApple: { ProviderDetails: { key_id: new, private_key: '${secret:APPLE}' } }
";

/// A pool with that client, and with providers.
fn clients(faults: &[&str]) -> World {
    let world = World::with(faults, |document| {
        document["UserPoolClients"] = json!([{
            "UserPoolId": POOL, "ClientId": "1abcdefghijklmnopqrstuvwx1", "ClientName": "web",
            "ClientSecret": CLIENT_SECRETS[0], "RefreshTokenValidity": 30, "CreationDate": 1.0,
            "NewMember": {"Key": "canary-member-a4d7"},
        }]);
        document["IdentityProviders"] = json!([{
            "UserPoolId": POOL, "ProviderName": "Google", "ProviderType": "Google", "CreationDate": 1.0,
            "ProviderDetails": {
                "client_id": "g", "client_secret": "canary-provider-b5e8", "authorize_scopes": "openid",
                "new_detail": "canary-detail-d70a",
            },
        }, {
            "UserPoolId": POOL, "ProviderName": "SignInWithApple", "ProviderType": "SignInWithApple",
            "ProviderDetails": {
                "client_id": "a", "team_id": "t", "key_id": "old", "private_key": "canary-key-03ad",
                "authorize_scopes": "email",
            },
        }, {
            "UserPoolId": POOL, "ProviderName": "Acme", "ProviderType": "OIDC",
            "ProviderDetails": {
                "client_id": "c", "client_secret": "canary-other-14be", "authorize_scopes": "openid",
                "oidc_issuer": "https://id.example.com", "attributes_request_method": "GET",
                "spare_detail": "canary-spare-25cf",
            },
        }]);
    });
    world.workspace.write("pool.yaml", CLIENTS);
    world
}

/// The same for what stays of clients: not even a backup has a secret of one.
#[track_caller]
fn assert_unseen_of_clients(world: &World, what: &str, output: &Output) {
    assert_unseen(world, what, output);
    let mut found = BTreeMap::new();
    files(&world.workspace.path().join(".poolctl"), &mut found);
    for name in world.backups() {
        let beside = world.workspace.path().join(".poolctl/backups").join(name.replace(".json", SECRETS));
        found.extend(fs::read(&beside).ok().map(|bytes| (beside.display().to_string(), bytes)));
    }
    for (name, bytes) in &found {
        for secret in CLIENT_SECRETS {
            assert!(!String::from_utf8_lossy(bytes).contains(secret), "{secret} is in {name} of {what}");
        }
    }
}

#[test]
fn no_form_of_a_plan_or_a_drift_shows_a_secret_of_a_client() {
    let world = clients(&[]);
    let outs = every_form();
    let outs: Vec<&str> = outs.iter().map(String::as_str).collect();
    let commands = [
        &["plan"][..],
        &["plan", "--show-request"],
        &["plan", "--unknown", "stop"],
        &["plan", "--save", "plan.json", "--planned-values"],
        &["show", "plan.json"],
        &["drift"],
        &["drift", "--suggest-ignores"],
    ];
    for (turn, format) in FORMATS.iter().enumerate() {
        for (number, command) in commands.iter().enumerate() {
            let level = LEVELS[(turn + number) % LEVELS.len()];
            let path = if command[0] == "show" { &[][..] } else { &["pool.yaml"] };
            let arguments = [command, level, &["--format", format], &outs, path].concat();
            let output = run(&world, &arguments).output();
            assert!([0, 2, 3].contains(&output.code.unwrap()), "{arguments:?}\n{output}");
            assert_unseen_of_clients(&world, &format!("{arguments:?}"), &output);
        }
    }
}

#[test]
fn no_form_of_an_apply_shows_a_secret_of_a_client_whatever_becomes_of_it() {
    let outs = every_form();
    let outs: Vec<&str> = outs.iter().map(String::as_str).collect();
    let web = "UserPoolClients[\"1abcdefghijklmnopqrstuvwx1\"]";
    let moved = format!("DescribeUserPoolClient:move={web}.NewMember.Key:\"canary-member-a4d7-moved\"");
    let spoilt =
        format!("UpdateUserPoolClient:drift-after={web}.NewMember.Key:\"canary-member-a4d7-spoilt\"");
    let ends = [
        (None, &[0][..]),
        (Some(moved.as_str()), &[0, 4]),
        (Some(spoilt.as_str()), &[5]),
        // The service quotes what it refuses.
        (Some("CreateUserPoolClient:refuse=ClientSecret"), &[1, 5]),
        (Some("UpdateUserPoolClient:refuse=NewMember"), &[1, 5]),
        (Some("CreateUserPoolClient:cut-after"), &[0]),
        (Some("UpdateIdentityProvider:refuse=ProviderDetails"), &[1]),
        (Some("UpdateIdentityProvider:quote=ProviderDetails"), &[1]),
        // The first provider is written by then.
        (Some("UpdateIdentityProvider@2:quote=ProviderDetails"), &[5]),
        (Some("UpdateIdentityProvider:cut-after*1"), &[0]),
        (
            Some(
                "DescribeIdentityProvider:move=IdentityProviders.Google.ProviderDetails.new_detail:\"canary-detail-d70a-moved\"",
            ),
            &[4, 5],
        ),
        (Some("UpdateIdentityProvider:ignore=IdentityProviders.Google.ProviderDetails.new_detail"), &[5]),
        (
            Some(
                "UpdateIdentityProvider:drift-after=IdentityProviders.Google.ProviderDetails.client_secret:\"canary-provider-b5e8-spoilt\"",
            ),
            &[5],
        ),
    ];
    for (number, (fault, codes)) in ends.into_iter().enumerate() {
        let format = FORMATS[number % FORMATS.len()];
        let faults: Vec<&str> = fault.into_iter().collect();
        let world = clients(&faults);
        let apply = ["apply", "--yes", "--settle", "0", "-vv", "--format", format, "pool.yaml"];
        let output = run(&world, &[&apply[..], &outs].concat()).output();
        assert!(codes.contains(&output.code.unwrap()), "{fault:?}\n{output}");
        assert_unseen_of_clients(&world, &format!("an apply with {fault:?}"), &output);
        if world.backups().is_empty() {
            continue;
        }
        let backup = world.workspace.backup();
        let restore = ["restore", "--yes", "--settle", "0", "-vv", "--format", format];
        let output = run(&world, &[&restore[..], &outs, &[backup.to_str().unwrap()]].concat()).output();
        assert_unseen_of_clients(&world, &format!("a restore with {fault:?}"), &output);
    }
}

#[test]
fn no_other_command_shows_a_secret_of_a_client() {
    let world = clients(&[]);
    for (arguments, code) in [
        (&["import", POOL, "-o", "-", "--full"][..], 0),
        (&["render", "--sources", "pool.yaml"], 0),
        (&["validate", "pool.yaml"], 0),
        (&["iam-policy", "pool.yaml"], 0),
        (&["snapshot", "-o", "live", "pool.yaml"], 0),
        (&["plan", "--live", "live", "--show-request", "pool.yaml"], 0),
        (&["ids", "pool.yaml"], 1),
        (&["ids", "--format", "json", "pool.yaml"], 1),
        (&["adopt", "--ids", "pool.yaml"], 0),
        (&["adopt", "--undeclared", "--dry-run", "pool.yaml"], 1),
        (&["adopt", "--dry-run", "pool.yaml"], 1),
        (&["drift", "--live", "live", "--discover", "pool.yaml"], 2),
        (&["plan", "--save", "plan.json", "pool.yaml"], 0),
        (&["apply", "--settle", "0", "plan.json"], 0),
        (&["ids", "--format", "dotenv", "pool.yaml"], 0),
        (&["adopt", "--undeclared", "pool.yaml"], 0),
        (&["import", POOL, "-o", "pools"], 0),
    ] {
        let arguments = [arguments, &["-vv"]].concat();
        let output = run(&world, &arguments).output();
        assert_unseen_of_clients(&world, &format!("{arguments:?}"), &output);
        assert_eq!(output.code, Some(code), "{arguments:?}\n{output}");
    }
}

#[test]
fn a_member_of_a_client_that_no_model_knows_is_named_and_its_value_is_not_shown() {
    let world = clients(&[]);
    let plan = run(&world, &["plan", "--format", "json", "pool.yaml"]).output().expect(0);
    assert!(plan.stdout.contains("clients.web.NewMember"), "{plan}");
    let request = run(&world, &["plan", "--show-request", "pool.yaml"]).output().expect(0);
    assert!(request.stdout.contains("\"NewMember\": \"(sensitive)\""), "{request}");
    for name in ["ClientSecret", "client_secret", "new_detail"] {
        assert!(request.stdout.contains(&format!("\"{name}\": \"(sensitive)\"")), "{name}: {request}");
    }
}
