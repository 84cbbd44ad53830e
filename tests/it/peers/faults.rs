//! The main job where the network and the service fail: microburst in front of ministack.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::peers::{self, Peer};
use crate::harness::{Output, Server, Workspace};

/// A pool on ministack, and microburst before it.
struct Stage {
    workspace: Workspace,
    ministack: Server,
    microburst: Server,
    pool: String,
}

impl Stage {
    fn new() -> Self {
        let workspace = Workspace::new();
        let ministack = peers::start(Peer::Ministack, &workspace);
        let microburst = peers::start_microburst(&ministack, &workspace);
        let request = json!({"PoolName": "customers", "UserPoolTags": {"stage": "dev", "team": "identity"}});
        let made = peers::call(ministack.url(), "CreateUserPool", &request).unwrap();
        let pool = made["UserPool"]["Id"].as_str().unwrap().to_owned();
        Self { workspace, ministack, microburst, pool }
    }

    fn with(fault: Value) -> Self {
        let stage = Self::new();
        stage.tell(fault);
        stage
    }

    /// From here on `fault` happens, and everything else passes; both stand in a new journal.
    fn tell(&self, fault: Value) {
        self.control("DELETE", "fired", &Value::Null);
        // A rule without an effect lets a call pass, and has it stand in the journal all the same.
        self.control("POST", "rules", &json!([fault, {}]));
    }

    /// The calls that came to microburst since the fault was told, and what became of each.
    fn journal(&self) -> Vec<String> {
        let fired = self.control("GET", "fired?limit=1000", &Value::Null);
        let text = |event: &Value, member: &str| event[member].as_str().unwrap().to_owned();
        let events = fired.as_array().unwrap();
        events
            .iter()
            .map(|event| format!("{}: {}", text(event, "operation"), text(event, "action")))
            .collect()
    }

    /// The journal's lines for one operation.
    fn calls(&self, operation: &str) -> Vec<String> {
        let prefix = format!("{operation}: ");
        self.journal().iter().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
    }

    /// Calls through microburst with boto3, which never repeats.
    fn call(&self, operation: &str, request: &Value) -> Result<Value, String> {
        peers::call(self.microburst.url(), operation, request)
    }

    /// The pool's tag `stage`, asked for behind microburst's back.
    fn stage_tag(&self) -> Value {
        peers::describe(self.ministack.url(), &self.pool)["pool"]["UserPoolTags"]["stage"].clone()
    }

    /// Applies, through microburst, a manifest that changes the tag `stage` to `prod`.
    fn apply(&self) -> Output {
        let settings = "settings:\n  UserPoolTags: { stage: prod }\n";
        self.workspace.write("pool.yaml", format!("version: 1\npool: {}\n{settings}", self.pool));
        let arguments = ["apply", "pool.yaml", "--yes", "--endpoint-url", self.microburst.url()];
        self.workspace.poolctl(arguments).signed().output()
    }

    /// Speaks to microburst's own API.
    fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let address = self.microburst.url().strip_prefix("http://").unwrap();
        let mut connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let body = body.to_string();
        let length = body.len();
        // HTTP 1.0: the answer is whole when the connection ends.
        write!(connection, "{method} /_microburst/{path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(" 200 "), "microburst refused: {answer}");
        serde_json::from_str(body).unwrap()
    }
}

/// Refused for being too many, twice; the service says so with 400, not with 429.
fn throttled_twice() -> Value {
    json!({
        "operation": "UpdateUserPool",
        "times": 2,
        "error": {"code": "TooManyRequestsException", "status": 400, "message": "Rate exceeded"},
    })
}

fn one_500_on_a_read() -> Value {
    json!({
        "operation": "DescribeUserPool",
        "times": 1,
        "error": {"code": "InternalErrorException", "status": 500, "message": "Something went wrong"},
    })
}

fn one_cut_read() -> Value {
    json!({"operation": "DescribeUserPool", "times": 1, "reset": true})
}

/// The write reaches the service and takes effect; the client sees a connection that ends.
fn one_lost_answer() -> Value {
    json!({"operation": "UpdateUserPool", "times": 1, "response": {"abort_bytes": 0}})
}

/// Without poolctl: so that the stories below cannot pass because nothing failed.
#[test]
fn the_faults_are_what_they_are_called() {
    let stage = Stage::new();
    let scrub = |error: String| stage.workspace.scrub(&error);
    let read = || stage.call("DescribeUserPool", &json!({"UserPoolId": stage.pool})).map_err(scrub);
    let write = |value: &str| {
        let request = json!({"UserPoolId": stage.pool, "UserPoolTags": {"stage": value}});
        stage.call("UpdateUserPool", &request).map_err(scrub)
    };

    stage.tell(throttled_twice());
    insta::assert_snapshot!(write("throttled").unwrap_err(), @"TooManyRequestsException: An error occurred (TooManyRequestsException) when calling the UpdateUserPool operation (reached max retries: 0): Rate exceeded");
    write("throttled").unwrap_err();
    assert_eq!(stage.stage_tag(), "dev");
    write("throttled").unwrap();
    assert_eq!(stage.stage_tag(), "throttled");
    insta::assert_snapshot!(stage.journal().join("\n"), @r"
    UpdateUserPool: error:TooManyRequestsException
    UpdateUserPool: error:TooManyRequestsException
    UpdateUserPool: match
    ");

    stage.tell(one_500_on_a_read());
    insta::assert_snapshot!(read().unwrap_err(), @"InternalErrorException: An error occurred (InternalErrorException) when calling the DescribeUserPool operation (reached max retries: 0): Something went wrong");
    read().unwrap();

    stage.tell(one_cut_read());
    insta::assert_snapshot!(read().unwrap_err(), @r#"ConnectionClosedError: Connection was closed before we received a valid response from endpoint URL: "http://127.0.0.1:[PORT]/"."#);
    read().unwrap();

    stage.tell(one_lost_answer());
    insta::assert_snapshot!(write("lost").unwrap_err(), @r#"ConnectionClosedError: Connection was closed before we received a valid response from endpoint URL: "http://127.0.0.1:[PORT]/"."#);
    assert_eq!(stage.stage_tag(), "lost");
    insta::assert_snapshot!(stage.journal().join("\n"), @"UpdateUserPool: response:abort");
}

#[test]
fn a_throttled_write_is_sent_again_until_it_is_let_through() {
    let stage = Stage::with(throttled_twice());
    stage.apply().expect(0);
    assert_eq!(stage.stage_tag(), "prod");
    let calls = stage.calls("UpdateUserPool");
    assert_eq!(calls, ["error:TooManyRequestsException", "error:TooManyRequestsException", PASSED]);
}

#[test]
fn a_read_that_fails_inside_the_service_is_made_again() {
    let stage = Stage::with(one_500_on_a_read());
    stage.apply().expect(0);
    assert_eq!(stage.stage_tag(), "prod");
    assert_eq!(stage.calls("DescribeUserPool")[..2], ["error:InternalErrorException", PASSED]);
    assert_eq!(stage.calls("UpdateUserPool"), [PASSED]);
}

#[test]
fn a_read_whose_connection_is_cut_is_made_again() {
    let stage = Stage::with(one_cut_read());
    stage.apply().expect(0);
    assert_eq!(stage.stage_tag(), "prod");
    assert_eq!(stage.calls("DescribeUserPool")[..2], ["reset", PASSED]);
    assert_eq!(stage.calls("UpdateUserPool"), [PASSED]);
}

#[test]
fn a_write_whose_answer_is_lost_is_recognised_and_not_sent_again() {
    let stage = Stage::with(one_lost_answer());
    stage.apply().expect(0);
    assert_eq!(stage.stage_tag(), "prod");
    assert_eq!(stage.calls("UpdateUserPool").len(), 1, "{:?}", stage.journal());
}

/// How the journal writes a call that went through untouched.
const PASSED: &str = "match";
