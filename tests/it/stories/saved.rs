//! Saved plans: kept, shown, applied, and refused. Every story runs the built program against the sandbox in
//! another process, over real HTTP.

use std::fs;

use insta::assert_snapshot;
use poolctl::saved::digest;
use serde_json::{Value, json};

use crate::harness::world::{POOL, World, told};
use crate::harness::{Output, Workspace};

/// Keeps the plan of pool.yaml in plan.json.
fn save(world: &World) -> Output {
    world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output()
}

fn apply(world: &World) -> Output {
    world.run(&["apply", "--settle", "0", "plan.json"]).output()
}

/// The file of a pool in the sandbox of `world`, edited behind everybody's back.
fn edit(world: &World, edit: impl FnOnce(&mut Value)) {
    let mut document = world.live();
    edit(&mut document);
    world.workspace.write(&format!(".poolctl/sandbox/{POOL}.json"), document.to_string());
}

fn plan(workspace: &Workspace) -> Value {
    serde_json::from_slice(&fs::read(workspace.path().join("plan.json")).unwrap()).unwrap()
}

/// The document with the digest that it should have: whoever can write the file can make that too.
fn resealed(mut document: Value) -> String {
    document.as_object_mut().unwrap().shift_remove("digest");
    let digest = digest(document.to_string().as_bytes());
    document["digest"] = json!(digest);
    document.to_string()
}

#[test]
fn a_saved_plan_is_shown_as_it_was_printed_in_every_form() {
    let mut literal = String::from("version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n");
    literal
        .push_str("  UsernameAttributes: [phone_number]\n  SmsConfiguration: { ExternalId: geheim-4711 }\n");
    literal.push_str("  LambdaConfig: { PreSignUp: null }");
    let conflict = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  UsernameAttributes: [phone_number] # never\n  EmailVerificationMessage: \"{####}\"\n";
    let mfa = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  MfaConfiguration: OPTIONAL\n  SoftwareTokenMfaConfiguration: { Enabled: true }\n  WebAuthnConfiguration: { RelyingPartyId: example.com, UserVerification: required }\n  Schema: [{ Name: custom:shoe, AttributeDataType: String }]\n";
    let allowed = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  LambdaConfig: { PreSignUp: null, PostConfirmation: null }\nallow:\n  - { risk: trigger-removal, path: LambdaConfig.PreSignUp, reason: retired }\n";
    let idle = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { UserPoolTags: { team: identity } }\n";
    let new = "version: 1\ncreate: customers-staging-7f3k9q2m\nregion: eu-west-1\naccount: \"111122223333\"\nsettings: { PoolName: new }\n";
    let quickstart = include_str!("../../../examples/quickstart/customers.yaml");
    let of_pools = [(quickstart, 2), (&literal, 3), (conflict, 3), (mfa, 2), (allowed, 3), (idle, 0)];
    for (manifest, code) in of_pools.into_iter().chain([(new, 3)]) {
        let world = World::new(&[]);
        world.workspace.write("pool.yaml", manifest);
        let outs = ["--out", "json=a.json", "--out", "text=a.txt", "--out", "html=a.html"];
        let words = ["plan", "--detailed-exitcode", "--save", "plan.json", "pool.yaml"];
        let run = world.run(&[&words[..], &outs].concat()).env("COLUMNS", "80");
        let printed = run.output().expect(code);
        let text = fs::read_to_string(world.workspace.path().join("plan.json")).unwrap();
        assert!(!text.contains("geheim"), "{text}");

        // No credentials, no endpoint, no manifest.
        fs::remove_file(world.workspace.path().join("pool.yaml")).unwrap();
        let outs = ["--out", "json=b.json", "--out", "text=b.txt", "--out", "html=b.html"];
        let words = ["show", "--detailed-exitcode", "plan.json"];
        let run = world.workspace.poolctl(words.into_iter().chain(outs)).env("COLUMNS", "80");
        let shown = run.output().expect(code);
        assert_eq!(shown.stdout, printed.stdout);
        let file = |name: &str| fs::read_to_string(world.workspace.path().join(name)).unwrap();
        assert_eq!(file("a.json"), file("b.json"), "{manifest}");
        assert_eq!(file("a.txt"), file("b.txt"), "{manifest}");
        assert_eq!(file("a.html"), file("b.html"), "{manifest}");
    }
}

#[test]
fn a_saved_plan_is_applied_without_a_question_and_then_there_is_nothing_left() {
    let world = World::new(&[]);
    assert_snapshot!("saved", told(&save(&world).expect(0)));
    fs::remove_file(world.workspace.path().join("pool.yaml")).unwrap();
    assert_snapshot!("applied", told(&apply(&world).expect(0)));
    assert_snapshot!("applied_again", told(&apply(&world).expect(0)));
    assert_eq!(world.writes(), 1);
}

#[test]
fn names_that_look_like_addresses_and_urls_are_applied_as_they_are() {
    let world = World::new(&[]);
    let tags =
        r#""owner:team@example.com/x": a, "https://k:pw@key.example.com": b, "//a:pw@h.example.com": c"#;
    world.workspace.write(
        "pool.yaml",
        format!("version: 1\npool: {POOL}\nsettings: {{ UserPoolTags: {{ team: identity, {tags} }} }}\n"),
    );
    save(&world).expect(0);
    apply(&world).expect(0);
    let live = world.live();
    let live = live["UserPool"]["UserPoolTags"].as_object().unwrap();
    for name in ["owner:team@example.com/x", "https://k:pw@key.example.com", "//a:pw@h.example.com"] {
        assert!(live.contains_key(name), "{name}");
    }
}

#[test]
fn the_file_is_the_json_plan_and_its_schema_says_so() {
    let world = World::new(&[]);
    save(&world).expect(0);
    let schema: Value = serde_json::from_str(include_str!("../../../schemas/plan.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(&plan(&world.workspace)).map(|error| error.to_string()).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_the_file_also_where_others_could_read_the_one_before() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(&[]);
    save(&world).expect(0);
    let file = world.workspace.path().join("plan.json");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    save(&world).expect(0);
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_plan_that_is_not_whole_is_not_kept() {
    let world = World::new(&["DescribeUserPool:access-denied"]);
    let output = save(&world).expect(1);
    assert!(
        output.stderr.contains("`plan.json` was not written: not every pool could be planned"),
        "{output}"
    );
    world.workspace.write("pool.yaml", "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { Mfa: 1 }\n");
    save(&world).expect(1);
    assert!(!world.workspace.path().join("plan.json").exists());
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_anything_is_read() {
    let world = World::new(&[]);
    for (words, text) in [
        (vec!["--save", "/dev/null"], "`--save` cannot write to `/dev/null`: it is not a file"),
        (
            vec!["--save", "nowhere/plan.json"],
            "`--save` cannot write to `nowhere/plan.json`: `nowhere` is not a folder",
        ),
        (vec!["--save=-"], "`--save` cannot write to `-`: it is not a file"),
        (vec!["--save", "."], "`--save` cannot write to `.`: it is a folder"),
        (vec!["--save", "a", "--out", "json=a"], "`--save` and `--out` name the same file, `a`"),
        (vec!["--save", "a", "--out", "json=seed/../a"], "`--save` and `--out` name the same file, `a`"),
        (vec!["--out", "html=a", "--out", "json=seed/../a"], "two results would be written to `seed/../a`"),
        (vec!["--save", "a", "--live", "seed"], "cannot be used with"),
    ] {
        let output = world.run(&[&["plan", "pool.yaml"], &words[..]].concat()).output().expect(64);
        assert!(output.stderr.contains(text), "{output}");
    }
    assert_eq!(world.calls("DescribeUserPool"), 0);
}

#[test]
fn another_writer_on_a_planned_setting_makes_a_saved_plan_stale() {
    let world = World::new(&[]);
    save(&world).expect(0);
    edit(&world, |live| live["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(10));
    assert_snapshot!(told(&apply(&world).expect(4)));
    let run = world.run(&["apply", "--format", "json", "plan.json"]);
    let pool = &run.output().expect(4).json()["pools"][0];
    assert_eq!((&pool["outcome"], &pool["exit_code"]), (&json!("stale"), &json!(4)));
    let stale = &pool["stale"][0];
    assert_eq!([&stale["planned_from"], &stale["now"], &stale["wanted"]], [8, 10, 12]);
    assert_eq!(world.writes(), 0);
}

#[test]
fn another_writer_who_wants_the_same_leaves_the_rest_to_do() {
    let world = World::new(&[]);
    save(&world).expect(0);
    edit(&world, |live| live["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"] = json!(12));
    let output = apply(&world).expect(0);
    assert!(
        output.stderr.contains("1 of 2 changes already applied; 0 of 1 pool already as planned"),
        "{output}"
    );
    assert!(output.stdout.contains("UpdateUserPool: 1 change applied and verified"), "{output}");
}

#[test]
fn another_writer_elsewhere_is_kept_and_named_unless_that_is_to_be_stale() {
    let world = World::new(&[]);
    save(&world).expect(0);
    edit(&world, |live| {
        live["UserPool"]["UserPoolTags"]["owner"] = json!("ops");
        live["UserPool"]["LambdaConfig"].as_object_mut().unwrap().shift_remove("PostConfirmation");
    });
    let strict = world.run(&["apply", "--strict-stale", "plan.json"]).output().expect(4);
    assert_snapshot!("strict", told(&strict));
    let run = world.run(&["apply", "--settle", "0", "--out", "json=done.json", "plan.json"]);
    assert_snapshot!("kept", told(&run.output().expect(0)));
    assert_eq!(world.live()["UserPool"]["UserPoolTags"]["owner"], "ops");
    let done = fs::read(world.workspace.path().join("done.json")).unwrap();
    let done: Value = serde_json::from_slice(&done).unwrap();
    assert_eq!(done["pools"][0]["earlier"][0]["now"], "ops");
}

/// Pools with the same manifest and the same documents, and the names of their files.
fn fleet(world: &World, count: usize) -> Vec<String> {
    let file = fs::read_to_string(world.workspace.path().join("pool.yaml")).unwrap();
    let (document, manifest) = (world.live().to_string(), file);
    let add = |number: usize| {
        let id = format!("eu-west-1_pool{number:03}");
        world.workspace.write(&format!(".poolctl/sandbox/{id}.json"), document.replace(POOL, &id));
        world.workspace.write(&format!("fleet/{id}.yaml"), manifest.replace(POOL, &id));
        id
    };
    (0..count).map(add).collect()
}

#[test]
fn a_plan_of_sixty_pools_that_stopped_after_forty_is_run_again_and_finishes() {
    let world = World::with(&["UpdateUserPool/eu-west-1_pool040:access-denied"], |document| {
        let few = ["Id", "Name", "Arn", "Policies", "DeletionProtection", "UserPoolTags", "MfaConfiguration"];
        document["UserPool"].as_object_mut().unwrap().retain(|name, _| few.contains(&name.as_str()));
        document["UserPool"]["MfaConfiguration"] = json!("OFF");
        document["MfaConfig"] = json!({"MfaConfiguration": "OFF"});
    });
    fleet(&world, 60);
    let rate = ["--rate", "1000000", "--parallelism", "1"];
    world.run(&[&["plan", "--save", "plan.json", "fleet"], &rate[..]].concat()).output().expect(0);
    let apply = [&["apply", "--settle", "0", "--max-failures", "1", "plan.json"], &rate[..]].concat();
    let first = world.run(&apply).output().expect(5);
    assert_eq!(first.stdout.matches("changes applied and verified").count(), 40, "{first}");
    world.disarm();
    let second = world.run(&apply).output().expect(0);
    let said = "80 of 120 changes already applied; 40 of 60 pools already as planned";
    assert!(second.stderr.contains(said), "{second}");
    assert_eq!(second.stdout.matches("changes applied and verified").count(), 20, "{second}");
    assert_eq!(world.writes(), 61);
}

#[test]
fn where_one_pool_of_a_fleet_cannot_be_read_or_is_stale_nothing_is_written_anywhere() {
    for (name, fault, code) in [
        ("unread", "DescribeUserPool/eu-west-1_pool002@2:access-denied", 1),
        ("moved", "DescribeUserPool/eu-west-1_pool002@1:move=DeletionProtection:\"OTHER\"*1", 4),
    ] {
        let world = World::new(&[fault]);
        fleet(&world, 3);
        world.run(&["plan", "--save", "plan.json", "fleet"]).output().expect(0);
        let output = world.run(&["apply", "--settle", "0", "plan.json"]).output().expect(code);
        assert_snapshot!(format!("fleet_{name}"), told(&output));
        assert_eq!(world.writes(), 0);
    }
}

const SECRET_MANIFEST: &str = "version: 1
pool: eu-west-1_a1B2c3D4E
settings:
  DeletionProtection: ACTIVE
  EmailVerificationSubject: Your code from ${secret:BRAND}
  SmsConfiguration: { ExternalId: \"${secret:SMS}\" }
";

#[test]
fn no_secret_is_in_the_file_and_each_is_looked_up_again() {
    let live = "canary-of-the-live-pool";
    let world = World::with(&[], |document| {
        document["UserPool"]["SmsConfiguration"]["ExternalId"] = json!(live);
    });
    world.workspace.write("pool.yaml", SECRET_MANIFEST);
    let with = |words: &[&'static str], sms: &str| {
        let words = words.to_vec();
        let run = world.workspace.poolctl(words).env("AWS_ACCESS_KEY_ID", "testing");
        let run = run.env("AWS_SECRET_ACCESS_KEY", "canary-of-the-credentials");
        let run = run.env("AWS_SESSION_TOKEN", "canary-of-the-session").env("AWS_ENDPOINT_URL", world.url());
        run.env("POOLCTL_SECRET_SMS", sms).env("POOLCTL_SECRET_BRAND", "canary-of-the-brand").output()
    };
    let saved = with(&["plan", "--save", "plan.json", "pool.yaml"], "canary-of-the-manifest").expect(0);
    let said = "to apply it, set POOLCTL_SECRET_BRAND, POOLCTL_SECRET_SMS";
    assert!(saved.stderr.contains(said), "{saved}");
    let file = fs::read_to_string(world.workspace.path().join("plan.json")).unwrap();
    assert!(file.contains("${secret:SMS}") && !file.contains("canary"), "{file}");

    let unset = apply(&world).expect(1);
    assert_snapshot!("secret_unset", told(&unset));
    assert!(!unset.stderr.contains("pool.yaml:"), "the places of the resolved manifest are none: {unset}");
    let other = with(&["apply", "--settle", "0", "plan.json"], "canary-of-another-day").expect(4);
    assert!(!other.to_string().contains("canary"), "{other}");
    assert_snapshot!("secret_other", told(&other));
    assert_eq!(world.writes(), 0);
    let same = with(&["apply", "--settle", "0", "plan.json"], "canary-of-the-manifest").expect(0);
    assert!(!same.to_string().contains("canary"), "{same}");
    assert_eq!(world.live()["UserPool"]["SmsConfiguration"]["ExternalId"], "canary-of-the-manifest");
}

#[test]
fn a_saved_plan_has_the_places_of_the_plan() {
    let world = World::new(&[]);
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  VerificationMessageTemplate: { EmailMessage: \"${file:mail.html}\" }\n";
    world.workspace.write("pool.yaml", manifest);
    world.workspace.write("mail.html", "<p>Your code is {####}</p>\n");
    let planned = world.run(&["plan", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    let applied = apply(&world).expect(0);
    for run in [planned, applied] {
        assert!(run.stdout.contains("mail.html:1, from pool.yaml:4"), "{run}");
    }
}

#[test]
fn a_plan_that_was_refused_is_kept_to_be_shown_and_not_to_be_applied() {
    let world = World::new(&[]);
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { LambdaConfig: { PreSignUp: null } }\n";
    world.workspace.write("pool.yaml", manifest);
    save(&world).expect(3);
    world.workspace.poolctl(["show", "plan.json"]).output().expect(3);
    assert_snapshot!(told(&apply(&world).expect(3)));
    assert_eq!(world.calls("DescribeUserPool"), 1);
}

#[test]
fn the_help_of_a_saved_plan_with_a_conflict_names_its_place() {
    let world = World::new(&[]);
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings:\n  UsernameAttributes: [phone_number]\n  LambdaConfig: { PreSignUp: null }\n";
    world.workspace.write("pool.yaml", manifest);
    save(&world).expect(3);
    let shown = apply(&world).expect(3);
    let help = "help: fix the conflict at pool.yaml:4, accept the risk with `--allow trigger-removal`, then save the plan again";
    assert!(shown.stderr.contains(help), "{shown}");
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_plan_that_can_no_longer_be_applied_says_what_stands_in_its_way_now() {
    let world = World::new(&[]);
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { LambdaConfig: { PreSignUp: null } }\n";
    world.workspace.write("pool.yaml", manifest);
    world.run(&["plan", "--allow", "trigger-removal", "--save", "plan.json", "pool.yaml"]).output().expect(0);
    // As if what allowed it had ended meanwhile.
    let mut ended = plan(&world.workspace);
    ended["saved"]["allow"] = json!([]);
    world.workspace.write("plan.json", resealed(ended));
    assert_snapshot!(told(&apply(&world).expect(3)));
    assert_eq!(world.writes(), 0);
}

#[test]
fn what_a_run_let_through_stays_let_through() {
    let world = World::new(&[]);
    let manifest = "version: 1\npool: eu-west-1_a1B2c3D4E\nsettings: { LambdaConfig: { PreSignUp: null } }\n";
    world.workspace.write("pool.yaml", manifest);
    let words =
        ["plan", "--allow", "trigger-removal@LambdaConfig.PreSignUp", "--save", "plan.json", "pool.yaml"];
    world.run(&words).output().expect(0);
    apply(&world).expect(0);
    assert_eq!(world.live()["UserPool"]["LambdaConfig"].get("PreSignUp"), None);
}

#[test]
fn a_file_that_is_no_whole_saved_plan_is_refused_with_the_reason() {
    let world = World::new(&[]);
    save(&world).expect(0);
    let whole = fs::read_to_string(world.workspace.path().join("plan.json")).unwrap();
    let with = |name: &str, value: Value| {
        let mut document = plan(&world.workspace);
        document[name] = value;
        document.to_string()
    };
    let mut plain = plan(&world.workspace);
    plain.as_object_mut().unwrap().retain(|name, _| name != "saved" && name != "digest");
    let mut other_code = plan(&world.workspace);
    other_code["pools"][0]["findings"][0]["code"] = json!("code-of-tomorrow");
    other_code["tool_version"] = json!("9.1.0");
    let terraform = json!({"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": {}});
    let mut told_all = String::new();
    for (name, text) in [
        ("empty", String::new()),
        ("truncated", whole[..whole.len() / 2].to_owned()),
        ("edited", whole.replace("\"ACTIVE\"", "\"INACTIVE\"")),
        ("newer minor", with("format_version", json!("1.99"))),
        ("newer major", with("format_version", json!("2.0"))),
        ("terraform", terraform.to_string()),
        ("plain json", plain.to_string()),
        ("list", "[1, 2]".to_owned()),
        ("other code", resealed(other_code)),
    ] {
        world.workspace.write("other.json", &text);
        let shown = world.workspace.poolctl(["show", "other.json"]).output().expect(1);
        let applied = world.run(&["apply", "other.json"]).output().expect(1);
        assert_eq!((&shown.stdout, &shown.stderr), (&applied.stdout, &applied.stderr), "{name}");
        told_all.push_str(&format!("{name}\n{}", shown.stderr));
    }
    apply(&world).expect(0);
    let backup = world.workspace.backup();
    let shown = world.workspace.poolctl(["show", backup.to_str().unwrap()]).output().expect(1);
    assert!(shown.stderr.contains("is a backup, not a saved plan"), "{shown}");
    assert_snapshot!(told_all);
}

#[test]
fn a_file_is_read_in_every_encoding_and_a_name_that_would_be_read_as_something_else_is_refused() {
    let world = World::new(&[]);
    save(&world).expect(0);
    let whole = fs::read_to_string(world.workspace.path().join("plan.json")).unwrap();
    let printed = world.workspace.poolctl(["show", "plan.json"]).output().expect(0).stdout;
    let wide: Vec<u8> =
        std::iter::once(0xFEFF).chain(whole.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [format!("\u{feff}{whole}").into_bytes(), wide.clone()] {
        world.workspace.write("other.json", bytes);
        assert_eq!(world.workspace.poolctl(["show", "other.json"]).output().expect(0).stdout, printed);
    }
    let said = |bytes: &[u8]| {
        world.workspace.write("other.json", bytes);
        let shown = world.workspace.poolctl(["show", "other.json"]).output().expect(1);
        let applied = world.run(&["apply", "other.json"]).output().expect(1);
        assert_eq!(shown.stderr, applied.stderr);
        shown.stderr
    };
    let half = "is not JSON: it begins as UTF-16, but is not valid UTF-16: the file is incomplete";
    assert!(said(&wide[..wide.len() - 1]).contains(half));
    // For the parser this is the same number, and the digest is right.
    let number = r#"{ "\u0024serde_json::private::Number": "1" }"#;
    let named = whole.replacen("\"pools\": 1", &format!("\"pools\": {number}"), 1);
    assert_ne!(named, whole);
    let told = said(named.as_bytes());
    assert!(
        told.contains("has the member name `$serde_json::private::Number`, which poolctl cannot"),
        "{told}"
    );
    let broken = whole.replace("update", "upd\u{1}ate");
    assert!(said(broken.as_bytes()).contains("is not JSON: control character"), "{broken}");
    let mut latin = whole.into_bytes();
    let at = latin.windows(6).position(|bytes| bytes == b"update").unwrap();
    latin[at] = 0xE9;
    assert!(said(&latin).contains("is not JSON: invalid unicode code point"));
}

#[test]
fn a_plan_of_another_program_or_another_place_is_not_applied() {
    let world = World::new(&[]);
    save(&world).expect(0);
    let mut older = plan(&world.workspace);
    older["tool_version"] = json!("0.0.9");
    world.workspace.write("older.json", resealed(older));
    world.workspace.poolctl(["show", "older.json"]).output().expect(0);
    let output = world.run(&["apply", "older.json"]).output().expect(1);
    assert_snapshot!("other_version", output);

    let inside = world.workspace.poolctl(["apply", "--sandbox", "plan.json"]).output().expect(3);
    assert!(inside.stderr.contains("was not planned in a sandbox, and this run is in one"), "{inside}");
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/cognito-idp.json");
    let output = world.run(&["apply", "--api-model", model, "plan.json"]).output().expect(3);
    assert!(output.stderr.contains("`plan.json` was made with another API model"), "{output}");
    let kept = ["plan", "--sandbox=box", "--seed", "seed", "--save", "box.json", "pool.yaml"];
    world.workspace.poolctl(kept).output().expect(0);
    let outside = world.run(&["apply", "box.json"]).output().expect(3);
    assert!(outside.stderr.contains("was planned in a sandbox, and this run is not in one"), "{outside}");
    let output = world.run(&["apply", "--region", "eu-west-2", "plan.json"]).output().expect(64);
    assert!(output.stderr.contains("`--region` cannot be used with the saved plan `plan.json`"), "{output}");

    let mut elsewhere = plan(&world.workspace);
    elsewhere["pools"][0]["saved"]["account"] = json!("444455556666");
    world.workspace.write("plan.json", resealed(elsewhere));
    assert_snapshot!("other_account", told(&apply(&world).expect(3)));
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_manifest_in_a_plan_sees_no_file_and_no_variable_of_the_place_where_it_is_applied() {
    let world = World::new(&[]);
    save(&world).expect(0);
    for reference in ["${file:pool.yaml}", "${var:HERE}"] {
        let mut edited = plan(&world.workspace);
        let manifest =
            format!("version: 1\npool: {POOL}\nsettings: {{ EmailVerificationSubject: \"{reference}\" }}\n");
        edited["pools"][0]["saved"]["manifest_digest"] = json!(digest(manifest.as_bytes()));
        edited["pools"][0]["saved"]["manifest"] = json!(manifest);
        world.workspace.write("edited.json", resealed(edited));
        let run = world.run(&["apply", "edited.json"]).env("POOLCTL_VAR_HERE", "there");
        let output = run.output().expect(1);
        assert!(output.stderr.contains("error[reference]"), "{output}");
    }
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_plan_of_two_calls_that_stopped_between_them_goes_on_with_the_second() {
    let world = World::new(&["UpdateUserPool:access-denied"]);
    let settings = "DeletionProtection: ACTIVE, WebAuthnConfiguration: { RelyingPartyId: example.com }";
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\nsettings: {{ {settings} }}\n"));
    save(&world).expect(0);
    let first = apply(&world).expect(5);
    assert!(first.stdout.contains("1 of 2 calls took effect"), "{first}");
    world.disarm();
    let second = apply(&world).expect(0);
    assert!(second.stderr.contains("1 of 2 changes already applied"), "{second}");
    assert_eq!(world.live()["MfaConfig"]["WebAuthnConfiguration"]["RelyingPartyId"], "example.com");
}

#[test]
fn an_apply_of_manifests_can_be_as_strict() {
    let world = World::new(&["DescribeUserPool:move=UserPoolTags.owner:\"ops\"*1"]);
    let words = ["apply", "--yes", "--strict-stale", "--settle", "0", "pool.yaml"];
    let output = world.run(&words).output().expect(4);
    assert!(output.stdout.contains("UserPoolTags.owner   was not set   is now ops"), "{output}");
    assert_eq!(world.writes(), 0);
}

#[test]
fn a_saved_plan_stands_alone() {
    let world = World::new(&[]);
    save(&world).expect(0);
    for (words, what) in [
        (vec!["pool.yaml"], "another path"),
        (vec!["--allow", "tag-removal"], "`--allow`"),
        (vec!["--var", "a=b"], "`--var`"),
        (vec!["--var-file", "v.yaml"], "`--var-file`"),
        (vec!["--unknown=omit"], "`--unknown`"),
    ] {
        let output = world.run(&[&["apply", "plan.json"], &words[..]].concat()).output().expect(64);
        assert!(
            output.stderr.contains(&format!("{what} cannot be used with the saved plan `plan.json`")),
            "{output}"
        );
    }
    // What an environment says to every run of a project is no contradiction.
    let run = world.run(&["apply", "--settle", "0", "plan.json"]);
    run.env("POOLCTL_VAR_FILE", "nowhere.yaml").env("POOLCTL_REGION", "eu-west-2").output().expect(0);
}

#[test]
fn the_format_is_what_it_was() {
    let workspace = Workspace::new();
    workspace.write("plan.json", include_bytes!("../../fixtures/saved-plan-1.1.json"));
    assert_snapshot!(workspace.poolctl(["show", "plan.json"]).output().expect(0));
}
