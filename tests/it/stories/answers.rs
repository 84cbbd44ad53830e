//! What answers prove: every status and body that the service, or whatever stands before it, can answer a call
//! with, over real HTTP against the built program.

use std::collections::BTreeSet;
use std::sync::Mutex;

use futures_util::StreamExt as _;
use insta::assert_snapshot;
use poolctl::catalogue::calls::CALLS;
use poolctl::catalogue::{Call, Catalogue, Effect};
use serde_json::{Value, json};

use crate::harness::server::{Reply, Request, Server};
use crate::harness::{Output, Workspace};
use crate::stories::answers_rows::Proof::{Done, Later, Nothing, Refused};
use crate::stories::answers_rows::{ANSWERS, Answer, answer};

const POOL: &str = "eu-west-1_a1B2c3D4E";
const UPDATE: &str = "UpdateUserPool";
const SET: &str = "SetUserPoolMfaConfig";

/// A pool behind an endpoint that answers as it is told.
struct World {
    workspace: Workspace,
    server: Server,
}

/// The two documents as they are.
#[derive(Clone)]
struct Documents {
    pool: Value,
    mfa: Value,
}

impl Documents {
    fn seed() -> Self {
        let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
        let seed: Value = serde_json::from_str(seed).unwrap();
        Self { pool: seed["UserPool"].clone(), mfa: seed["MfaConfig"].clone() }
    }

    /// Carries a call out, and says what the service would.
    fn call(&mut self, request: &Request) -> Reply {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        match request.operation() {
            "DescribeUserPool" => Reply::ok(&json!({ "UserPool": self.pool }).to_string()),
            "GetUserPoolMfaConfig" => Reply::ok(&self.mfa.to_string()),
            UPDATE => {
                let members = body.as_object().unwrap().iter().filter(|(name, _)| *name != "UserPoolId");
                for (name, value) in members {
                    self.pool[if name == "PoolName" { "Name" } else { name }] = value.clone();
                }
                Reply::ok("{}")
            }
            SET => {
                self.mfa = body;
                self.mfa.as_object_mut().unwrap().shift_remove("UserPoolId");
                self.pool["MfaConfiguration"] = self.mfa["MfaConfiguration"].clone();
                Reply::ok(&self.mfa.to_string())
            }
            other => panic!("nobody should call {other}"),
        }
    }
}

/// How often the answer under test is given in place of the service's, and whether the call is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Given {
    /// At the first call, which is carried out.
    OnceAndDone,
    /// At the first call, which is not carried out.
    Once,
    /// At every call, none of which is carried out.
    Always,
}

impl World {
    /// An endpoint that gives `reply` to calls of `operation`, and else is a service.
    async fn new(
        operation: &'static str,
        given: Given,
        reply: impl Fn() -> Reply + Send + Sync + 'static,
    ) -> Self {
        let workspace = Workspace::new();
        let settings = "  UserPoolTags: { owner: us }\n";
        workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{settings}"));
        let settings = "  WebAuthnConfiguration: { UserVerification: required }\n";
        workspace.write("mfa.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{settings}"));
        let state = Mutex::new((Documents::seed(), 0));
        let server = Server::start(move |_, request| {
            let (documents, calls) = &mut *state.lock().unwrap();
            let is_it = request.operation() == operation;
            *calls += usize::from(is_it);
            if !is_it || *calls > 1 && given != Given::Always {
                return documents.call(request);
            }
            if given == Given::OnceAndDone {
                documents.call(request);
            }
            reply()
        });
        Self { workspace, server: server.await }
    }

    async fn run(self, arguments: &'static [&'static str]) -> (Output, Vec<String>) {
        let Self { workspace, server } = self;
        let url = server.url.clone();
        let run = move || {
            workspace.poolctl(arguments.iter().copied()).signed().env("AWS_ENDPOINT_URL", &url).output()
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap();
        (output, server.requests().iter().map(|request| request.operation().to_owned()).collect())
    }
}

const APPLY: &[&str] = &["apply", "--yes", "-v", "--settle", "0", "--rate", "1000000", "pool.yaml"];
const APPLY_MFA: &[&str] = &["apply", "--yes", "-v", "--settle", "0", "--rate", "1000000", "mfa.yaml"];

/// Holds a write that was answered so to what it proves.
async fn assert_write(answer: &'static Answer, call: &'static str, given: Given) {
    let world = World::new(call, given, || answer.reply()).await;
    let (output, calls) = world.run(if call == UPDATE { APPLY } else { APPLY_MFA }).await;
    let what =
        format!("{call} {} {:?} {given:?}\n{output}", answer.status, String::from_utf8_lossy(answer.body));
    let told = format!("{}{}", output.stdout, output.stderr);
    let writes = calls.iter().filter(|name| *name == call).count();
    let reads_after = calls.iter().rev().take_while(|name| *name != call).count();
    let (code, sends, claim) = match (answer.write, given) {
        (Done, _) => (0, 1, "applied and verified"),
        (Refused, _) => (1, 1, "failed; nothing was written to it"),
        (Later, _) => (0, 2, "applied and verified"),
        (Nothing, Given::OnceAndDone) => (0, 1, "applied and verified"),
        (Nothing, Given::Once) => (0, 2, "applied and verified"),
        (Nothing, Given::Always) => (5, 2, "it is unknown whether"),
    };
    assert_eq!((output.code, writes), (Some(code), sends), "{what}");
    assert!(told.contains(claim), "{claim}: {what}");
    assert_eq!(told.contains("nothing was written"), answer.write == Refused, "{what}");
    assert_eq!(reads_after == 0, answer.write == Refused, "{calls:?} {what}");
    // An error ends the run where the answer was the last word on the call.
    if code != 0 {
        assert!(output.stderr.contains(answer.said), "{}: {what}", answer.said);
    }
}

/// Holds a read that was answered so to whether it is made again.
async fn assert_read(answer: &'static Answer, call: &'static str) {
    const PLAN: &[&str] = &["plan", "-v", "--rate", "1000000", "mfa.yaml"];
    let world = World::new(call, Given::Once, || answer.reply()).await;
    let (output, calls) = world.run(PLAN).await;
    let what = format!("{call} {} {:?}\n{output}", answer.status, String::from_utf8_lossy(answer.body));
    let reads = calls.iter().filter(|name| *name == call).count();
    let (code, sends) = if answer.read_again { (0, 2) } else { (1, 1) };
    assert_eq!((output.code, reads), (Some(code), sends), "{what}");
    if code == 1 {
        assert!(output.stderr.contains(answer.said), "{}: {what}", answer.said);
    }
}

/// Two calls and every answer: one of them arrives, of the other nobody will know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_write_without_an_exception_of_aws_is_settled_by_reading() {
    assert!(ANSWERS.len() > 60, "{}", ANSWERS.len());
    let rows = ANSWERS.iter().enumerate().flat_map(|(index, answer)| {
        let (one, other) = if index % 2 == 0 { (UPDATE, SET) } else { (SET, UPDATE) };
        let (arrives, fails) = match answer.write {
            Done => (Given::OnceAndDone, Given::OnceAndDone),
            Refused => (Given::Always, Given::Always),
            Later => (Given::Once, Given::Once),
            Nothing if index % 3 == 0 => (Given::Once, Given::Always),
            Nothing => (Given::OnceAndDone, Given::Always),
        };
        [assert_write(answer, one, arrives), assert_write(answer, other, fails)]
    });
    futures_util::stream::iter(rows).buffer_unordered(8).collect::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_is_made_again_where_that_may_help_and_else_says_what_came() {
    let rows =
        ANSWERS.iter().enumerate().filter(|(_, answer)| answer.write != Done).map(|(index, answer)| {
            assert_read(answer, ["DescribeUserPool", "GetUserPoolMfaConfig"][index % 2])
        });
    futures_util::stream::iter(rows).buffer_unordered(16).collect::<()>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_success_is_enough_for_the_one_write_and_not_for_the_other() {
    static EMPTY: Answer = answer(200, "", Done, false, "");
    static IS_DUE: Answer = answer(200, "", Nothing, true, "the answer (HTTP 200) is empty");
    assert_write(&EMPTY, UPDATE, Given::OnceAndDone).await;
    assert_write(&IS_DUE, SET, Given::OnceAndDone).await;
    assert_write(&IS_DUE, SET, Given::Always).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_is_too_deep_says_so_once() {
    let body = format!("{{\"UserPool\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let world = World::new("DescribeUserPool", Given::Always, move || Reply::ok(&body)).await;
    let (output, calls) = world.run(&["plan", "pool.yaml"]).await;
    let output = output.expect(1);
    assert!(
        output.stderr.contains("the answer (HTTP 200) is nested too deep at line 1 column 139"),
        "{output}"
    );
    assert_eq!(calls.len(), 1, "{output}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_part_of_a_secret_is_in_the_words_about_an_answer_that_echoes_it() {
    for padding in [20, 50, 55, 59] {
        let reply = move || Reply::Answer(403, format!("{}zQ8-kFv2-Lp9-secret-text", "x".repeat(padding)));
        let world = World::new(UPDATE, Given::Always, reply).await;
        let settings = "settings:\n  UserPoolTags: { k: '${secret:TAG}' }\n";
        world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{settings}"));
        let url = world.server.url.clone();
        let run = move || {
            let run = world.workspace.poolctl(APPLY.iter().copied()).signed().env("AWS_ENDPOINT_URL", &url);
            run.env("POOLCTL_SECRET_TAG", "zQ8-kFv2-Lp9-secret-text").output()
        };
        let output = tokio::task::spawn_blocking(run).await.unwrap().expect(5);
        let told = format!("{}{}", output.stdout, output.stderr);
        assert!(told.contains("HTTP 403 with a text (`xxx"), "{output}");
        for part in ["zQ8", "kFv2", "Lp9", "secret-text"] {
            assert!(!told.contains(part), "{part} behind {padding}\n{output}");
        }
    }
}

/// What an apply says whose first write is refused so.
async fn refused(manifest: &'static str, code: &'static str, message: &'static str) -> String {
    let world = World::new(UPDATE, Given::Always, move || Reply::exception(400, code, message)).await;
    world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\nsettings:\n{manifest}"));
    let (output, _) = world.run(&["apply", "--yes", "-q", "--settle", "0", "pool.yaml"]).await;
    output.expect(1).stderr
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_what_only_goes_back_names_the_setting_and_the_ways_out() {
    const TAG: &str = "  UserPoolTags: { x: y }\n";
    let role = "User: arn:aws:sts::111122223333:assumed-role/deploy/ci is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/cognito-sms because no identity-based policy allows the iam:PassRole action";
    let lambda = "User: arn:aws:iam::111122223333:user/eve is not authorized to perform: lambda:GetFunction on resource: arn:aws:lambda:eu-west-1:111122223333:function:welcome";
    let trust = "Role does not have a trust relationship allowing Cognito to assume the role";
    let mut told = String::new();
    for (code, message) in [
        ("AccessDeniedException", role),
        ("InvalidSmsRoleTrustRelationshipException", trust),
        ("InvalidSmsRoleAccessPolicyException", "Role does not have permission to publish with SNS"),
        ("InvalidEmailRoleAccessPolicyException", "Cognito is not allowed to use your email identity"),
        ("AccessDeniedException", lambda),
        ("UserImportInProgressException", "An import is running."),
        ("OperationNotEnabledException", "The operation is not enabled."),
        ("InvalidParameterException", "The message is invalid."),
        ("NotAuthorizedException", "Not authorized."),
    ] {
        told += &refused(TAG, code, message).await;
    }
    assert_snapshot!("answers_unchanged", told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_identity_is_no_missing_permission() {
    let manifest =
        "  EmailConfiguration:\n    SourceArn: arn:aws:ses:eu-west-1:999999999999:identity/example.com\n";
    let said =
        refused(manifest, "NotAuthorizedException", "Email arn does not belong to your account.").await;
    assert_snapshot!(said);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_denies_explicitly_is_not_answered_with_one_that_allows() {
    let message = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: cognito-idp:UpdateUserPool on \
                   resource: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a with an explicit deny in \
                   a service control policy";
    let said = refused("  DeletionProtection: ACTIVE\n", "AccessDeniedException", message).await;
    assert!(said.contains("change the policy that denies this explicitly"), "{said}");
    assert!(!said.contains("iam-policy"), "{said}");
}

#[test]
fn every_exception_that_the_model_lists_for_a_call_has_a_row_and_every_row_is_listed() {
    let model: Value = serde_json::from_str(include_str!("../../../schemas/cognito-idp.json")).unwrap();
    let errors =
        |call: &&Call| model["operations"][call.name]["errors"].as_array().cloned().unwrap_or_default();
    let listed = CALLS.iter().flat_map(errors).map(|name| name.as_str().unwrap().to_owned());
    let rows = Catalogue::exceptions().iter().filter(|row| row.modelled).map(|row| row.name.to_owned());
    assert_eq!(rows.collect::<BTreeSet<_>>(), listed.collect::<BTreeSet<_>>());
}

#[test]
fn every_exception_has_a_name_of_its_own_a_remedy_and_settings_that_exist() {
    let catalogue = Catalogue::new(poolctl::shapes::Shapes::bundled());
    let settings = catalogue.patterns();
    let mut names = BTreeSet::new();
    for row in Catalogue::exceptions() {
        assert!(names.insert(row.name), "{} stands there twice", row.name);
        assert!(!row.remedy.is_empty() && row.text.ends_with('.'), "{}", row.name);
        let abouts = row.cases.iter().flat_map(|case| case.about).chain(row.about);
        for about in abouts {
            assert!(settings.iter().any(|setting| setting == about), "{}: {about}", row.name);
        }
        let fails = row.name.starts_with("Internal") || row.name.starts_with("ServiceUnavailable");
        assert_eq!(row.effect == Effect::Unknown, fails, "{}", row.name);
    }
}

/// A fleet of which every pool fails in one way or another.
#[test]
fn an_error_of_several_pools_names_each_of_them_once() {
    let mut workspace = Workspace::new();
    let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
    let mut faults = Vec::new();
    for number in 0..9 {
        let id = format!("eu-west-1_Fleet{number:04}");
        workspace.write(&format!("seed/{id}.json"), seed.replace(POOL, &id));
        let settings = "settings:\n  MfaConfiguration: OPTIONAL\n";
        workspace.write(&format!("pools/{number}.yaml"), format!("version: 1\npool: {id}\n{settings}"));
        if number > 0 {
            faults.push(format!(
                "*/{id}:{}",
                if number < 8 { "access-denied" } else { "error=ResourceNotFoundException/400" }
            ));
        }
    }
    workspace.name("111122223333", "[ACCOUNT]");
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    let world = crate::harness::world::World::over(workspace, &faults);
    // Whichever of the two reads loses, it is one cause.
    let runs: Vec<Output> = (0..4).map(|_| world.run(&["plan", "pools"]).output().expect(1)).collect();
    assert!(runs.iter().all(|run| run.stderr == runs[0].stderr), "{} {}", runs[0], runs[1]);
    assert_snapshot!("answers_fleet", runs[0]);
    let output = world.run(&["plan", "pools/1.yaml", "pools/2.yaml"]).output().expect(1);
    assert_snapshot!("answers_all_fail", output);
}
