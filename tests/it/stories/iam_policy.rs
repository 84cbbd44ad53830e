//! `poolctl iam-policy`: what it allows is what is called, and what is carried.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::Output;
use crate::harness::world::{POOL, World, told};

/// The actions and resources of every statement, told apart by the action's service.
struct Policy(Value);

impl Policy {
    fn of(world: &World, arguments: &[&str]) -> Self {
        Self(world.run(&[&["iam-policy"], arguments].concat()).output().expect(0).json())
    }

    fn texts(&self, prefix: &str, member: &str) -> BTreeSet<String> {
        let statements = self.0["Statement"].as_array().unwrap().iter();
        let of = statements.filter(|it| it["Action"][0].as_str().unwrap().starts_with(prefix));
        let texts = of.flat_map(|statement| statement[member].as_array().unwrap());
        texts.map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    /// The operations of Cognito that it allows.
    fn operations(&self) -> BTreeSet<String> {
        let actions = self.texts("cognito-idp:", "Action");
        actions.iter().map(|action| action.strip_prefix("cognito-idp:").unwrap().to_owned()).collect()
    }

    fn roles(&self) -> BTreeSet<String> {
        self.texts("iam:PassRole", "Resource")
    }

    fn makes_email_role(&self) -> bool {
        !self.texts("iam:CreateServiceLinkedRole", "Resource").is_empty()
    }
}

const SMS: &str = "arn:aws:iam::111122223333:role/cognito-sms";

/// A pool of the quickstart's without what asks for a permission of its own, but for these.
fn world(has: &[&str], settings: &str) -> World {
    let world = World::with(&[], |live| {
        live["MfaConfig"] =
            json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
        let pool = live["UserPool"].as_object_mut().unwrap();
        for member in ["SmsConfiguration", "EmailConfiguration"] {
            if !has.contains(&member) {
                pool.shift_remove(member);
            }
        }
    });
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{settings}"));
    world
}

/// A pool and a manifest, and what comes of the way back.
struct Case {
    name: &'static str,
    /// What the pool has of what asks for permissions.
    has: &'static [&'static str],
    settings: &'static str,
    restore: Restore,
}

#[derive(PartialEq)]
enum Restore {
    /// It takes the calls that the apply took.
    Same,
    /// It would take this call too, and is refused without `--allow rule:…`.
    Refused(&'static str),
}

const fn case(
    name: &'static str,
    has: &'static [&'static str],
    settings: &'static str,
    restore: Restore,
) -> Case {
    Case { name, has, settings, restore }
}

const CASES: &[Case] = &[
    case("nothing of note", &[], "  DeletionProtection: ACTIVE\n", Restore::Same),
    case("an SMS role of nobody's", &["SmsConfiguration"], "  DeletionProtection: ACTIVE\n", Restore::Same),
    case("SES of nobody's", &["EmailConfiguration"], "  DeletionProtection: ACTIVE\n", Restore::Same),
    case(
        "both",
        &["SmsConfiguration", "EmailConfiguration"],
        "  DeletionProtection: ACTIVE\n",
        Restore::Same,
    ),
    case("MFA", &[], "  DeletionProtection: ACTIVE\n  MfaConfiguration: ON\n", Restore::Same),
    case(
        "an attribute",
        &[],
        "  DeletionProtection: ACTIVE\n  Schema:\n    - { Name: level, AttributeDataType: Number }\n",
        Restore::Same,
    ),
    case(
        "a new SMS role",
        &[],
        "  SmsConfiguration:
    SnsCallerArn: arn:aws:iam::111122223333:role/cognito-sms
    ExternalId: abc
    SnsRegion: eu-west-1
",
        Restore::Refused("SetUserPoolMfaConfig"),
    ),
    case(
        "SES to come",
        &[],
        "  EmailConfiguration:
    EmailSendingAccount: DEVELOPER
    SourceArn: arn:aws:ses:eu-west-1:111122223333:identity/example.com
",
        Restore::Same,
    ),
    case(
        "SES to go",
        &["EmailConfiguration"],
        "  EmailConfiguration: { EmailSendingAccount: COGNITO_DEFAULT, From: null, SourceArn: null }\n",
        Restore::Same,
    ),
];

#[test]
fn a_policy_allows_the_calls_and_the_roles_of_an_apply_and_of_its_restore_and_no_others() {
    for Case { name, has, settings, restore } in CASES {
        let world = world(has, settings);
        let policy = Policy::of(&world, &["pool.yaml"]);
        assert_eq!(world.called(), reads(), "{name}: to print a policy reads");
        let requests = world.run(&["plan", "--show-request", "pool.yaml"]).output().expect(0).raw;
        world.called();
        world.apply().expect(0);
        let mut called = world.called();
        if let Restore::Refused(call) = restore {
            assert!(called.insert((*call).to_owned()), "{name}");
        }
        assert_eq!(policy.operations(), called, "{name}");
        assert_eq!(policy.roles().contains(SMS), requests.contains(SMS), "{name}");
        let sends = requests.contains("DEVELOPER") || has.contains(&"EmailConfiguration");
        assert_eq!(policy.makes_email_role(), sends, "{name}");

        let backup = format!(".poolctl/backups/{}", world.backups()[0]);
        let back = Policy::of(&world, &["--backup", &backup]);
        assert_eq!(world.called(), BTreeSet::new(), "{name}: a backup is enough");
        let allow = ["--allow", "deletion-protection-off,mfa-downgrade"];
        let undo = [&["restore", "--yes", "--settle", "0", &backup][..], &allow].concat();
        world.run(&undo).output().expect(if *restore == Restore::Same { 0 } else { 3 });
        if *restore == Restore::Same {
            assert_eq!(back.operations(), world.called(), "{name}: restore");
        }
        assert!(back.operations().is_subset(&policy.operations()), "{name}: {:?}", back.0);
        assert!(back.roles().is_subset(&policy.roles()), "{name}: {:?}", back.0);
    }
}

fn reads() -> BTreeSet<String> {
    ["DescribeUserPool", "GetUserPoolMfaConfig"].map(str::to_owned).into()
}

#[test]
fn what_is_declared_of_mfa_is_allowed_also_when_today_nothing_differs() {
    let world = world(&[], "  MfaConfiguration: OPTIONAL\n");
    let plan = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output();
    assert_eq!(plan.code, Some(0), "{plan}");
    let allowed = Policy::of(&world, &["pool.yaml"]).operations();
    assert!(allowed.contains("SetUserPoolMfaConfig") && allowed.contains("UpdateUserPool"), "{allowed:?}");
}

#[test]
fn the_role_of_today_and_the_one_to_come_are_both_passed() {
    let settings = "  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::111122223333:role/new' }\n";
    let world = world(&["SmsConfiguration"], settings);
    let roles: Vec<String> = Policy::of(&world, &["pool.yaml"]).roles().into_iter().collect();
    assert_eq!(roles, [SMS, "arn:aws:iam::111122223333:role/new"]);
}

#[test]
fn to_read_takes_the_reads_alone_and_no_pool_is_read_where_the_manifest_says_its_account() {
    let world = world(&["SmsConfiguration", "EmailConfiguration"], "  MfaConfiguration: ON\n");
    let account =
        format!("version: 1\npool: {POOL}\naccount: '111122223333'\nsettings: {{ MfaConfiguration: ON }}\n");
    world.workspace.write("account.yaml", account);
    let read = Policy::of(&world, &["--read-only", "pool.yaml"]);
    assert!(!world.called().is_empty());
    assert_eq!(Policy::of(&world, &["--read-only", "account.yaml"]).0, read.0);
    assert_eq!(world.called(), BTreeSet::new());
    let whole = world.run(&["iam-policy", "--read-only", "--discover", "account.yaml"]).output().expect(0);
    assert_snapshot!(whole);
}

#[test]
fn a_whole_policy_for_two_pools_is_the_same_in_either_order() {
    let world = world(&["SmsConfiguration", "EmailConfiguration"], "  DeletionProtection: ACTIVE\n");
    let other = "eu-west-1_Zz9";
    let mut document =
        std::fs::read_to_string(world.workspace.path().join(format!("seed/{POOL}.json"))).unwrap();
    document = document.replace(POOL, other);
    world.workspace.write(&format!("live/{other}.json"), &document);
    world.workspace.write(&format!("live/{POOL}.json"), document.replace(other, POOL));
    world
        .workspace
        .write("other.yaml", format!("version: 1\npool: {other}\nsettings: {{ MfaConfiguration: ON }}\n"));
    let run = |files: [&'static str; 2]| -> Output {
        world.run(&["iam-policy", "--live", "live", files[0], files[1]]).output().expect(0)
    };
    let one = run(["pool.yaml", "other.yaml"]);
    assert_eq!(one.stdout, run(["other.yaml", "pool.yaml"]).stdout);
    assert_snapshot!(one);
}

#[test]
fn what_a_policy_cannot_say_is_said_beside_it() {
    let world = World::with(&[], |live| {
        live["UserPool"]["LambdaConfig"]["KMSKeyID"] = json!("arn:aws:kms:eu-west-1:111122223333:key/1");
        live["UserPool"]["SmsConfiguration"]["SnsCallerArn"] = json!("arn:aws:iam::111122223333:role/live");
    });
    let sms = "SmsConfiguration: { SnsCallerArn: '${secret:ROLE}' }";
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\nsettings: {{ {sms} }}\n"));
    let output = world.run(&["iam-policy", "pool.yaml"]).output().expect(0);
    assert!(!output.stdout.contains("role/live"), "what a secret stands for is in no output: {output}");
    assert_snapshot!(output.stderr);
}

#[test]
fn a_policy_beyond_what_iam_takes_is_printed_with_what_to_do() {
    let world = World::new(&[]);
    for at in 0..120 {
        let pool = format!("eu-west-1_Pool{at}");
        let manifest = format!(
            "version: 1\npool: {pool}\naccount: '111122223333'\nsettings: {{ DeletionProtection: ACTIVE }}\n"
        );
        world.workspace.write(&format!("pools/{at}.yaml"), manifest);
    }
    let large = world.run(&["iam-policy", "--read-only"]).output().expect(0);
    assert_snapshot!(large.stderr);
    let wide = world.run(&["iam-policy", "--read-only", "--wildcard"]).output().expect(0);
    assert_eq!(wide.stderr, "");
    assert!(wide.stdout.contains("userpool/*"), "{wide}");
}

#[test]
fn what_cannot_be_made_a_policy_is_one_error_each() {
    let world = World::new(&[]);
    world.workspace.write(&format!("live/{POOL}.json"), r#"{"UserPool": {"Name": "customers"}}"#);
    let gone = "version: 1\npool: eu-west-1_gone\nsettings: { DeletionProtection: ACTIVE }\n";
    world.workspace.write("gone.yaml", gone);
    let mut told_all = String::new();
    for arguments in [
        &["iam-policy", "--live", "live", "pool.yaml"][..],
        &["iam-policy", "--backup", "nowhere.json"],
        &["iam-policy", "--backup", "pool.yaml"],
        &["iam-policy", "--backup", "b.json", "pool.yaml"],
        &["iam-policy", "none.yaml"],
        &["iam-policy", "--read-only", "gone.yaml", "pool.yaml"],
    ] {
        let output = world.run(arguments).paced().output();
        assert_eq!(output.stdout, "", "{output}");
        told_all.push_str(&format!("$ poolctl {}\n{}\n", arguments.join(" "), told(&output)));
    }
    assert_snapshot!(told_all);
}

#[test]
fn a_call_that_returns_secrets_stands_by_itself_and_the_policy_says_so() {
    let world = World::new(&[]);
    let manifest = format!("version: 1\npool: {POOL}\naccount: '111122223333'\nclients:\n  web: {{}}\n");
    world.workspace.write("clients.yaml", manifest);
    for arguments in [&["iam-policy", "--read-only", "clients.yaml"][..], &["iam-policy", "clients.yaml"]] {
        let output = world.run(arguments).output().expect(0);
        let policy = output.json();
        let statements = policy["Statement"].as_array().unwrap();
        let own: Vec<&Value> = statements.iter().filter(|it| it.get("Sid").is_some()).collect();
        let action = json!(["cognito-idp:DescribeUserPoolClient"]);
        assert_eq!(own.len(), 1, "{output}");
        assert_eq!((&own[0]["Sid"], &own[0]["Action"]), (&json!("ReturnsSecrets"), &action), "{output}");
        let others = statements.iter().filter(|it| it.get("Sid").is_none());
        assert!(
            others.clone().all(|it| !it["Action"].to_string().contains("DescribeUserPoolClient")),
            "{output}"
        );
        assert!(output.stderr.contains("DescribeUserPoolClient, which returns secrets"), "{output}");
    }
    let plain = world.run(&["iam-policy", "--read-only", "pool.yaml"]).output().expect(0);
    assert!(!plain.to_string().contains("secrets"), "{plain}");
}
