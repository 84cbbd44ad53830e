//! Writing over real HTTP. These tests are here and not in `tests/`, because only this crate can
//! approve a write.

#[path = "../../tests/it/wire_server.rs"]
mod server;

use std::sync::Mutex;
use std::time::Duration;

use super::super::{CallStep, Observer, Rate, Retry, Session, Settings};
use super::*;
use crate::catalogue::calls;
use server::{Reply, Server, nobody};

const POOL: &str = "eu-west-1_a1B2c3D4E";

/// Members and values that no version of the SDK knows, and numbers that a float would change.
const BODY: &str = r#"{"UserPoolId":"eu-west-1_a1B2c3D4E","Brand":{"New":[1,null,{"x":0.10}]},"PoolName":7,"Policies":{"Big":12345678901234567890123},"Text":"ß \" \n"}"#;

fn settings(url: &str) -> Settings {
    let first = Duration::from_millis(1);
    Settings {
        sandbox: Some(url.to_owned()),
        rate: Rate::Calls(1e6),
        retry: Retry { first, longest: first, ..Retry::default() },
        ..Settings::new("eu-west-1")
    }
}

async fn send_with(settings: &Settings, observer: Observer, operation: &'static Call) -> WriteOutcome {
    let session = Session::open(settings, observer).await.unwrap();
    let body = serde_json::from_str(BODY).unwrap();
    session.writer(Approved::by_apply()).send(POOL, operation, &DocumentId::POOL, &body).await
}

async fn send(url: &str, operation: &'static Call) -> WriteOutcome {
    send_with(&settings(url), Arc::new(|_| {}), operation).await
}

fn word(outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Done { .. } => "done".to_owned(),
        WriteOutcome::NotSent(error) => format!("not sent: {}", error.message()),
        WriteOutcome::Throttled(error) => format!("throttled: {}", error.message()),
        WriteOutcome::Refused(error) => format!("refused: {}", error.message()),
        WriteOutcome::Unknown(error) => format!("unknown: {}", error.message()),
    }
}

#[tokio::test]
async fn a_request_arrives_as_it_was_given() {
    for operation in
        [&calls::UPDATE_USER_POOL, &calls::SET_USER_POOL_MFA_CONFIG, &calls::ADD_CUSTOM_ATTRIBUTES]
    {
        let server = Server::always(200, "{}").await;

        let outcome = send(&server.url, operation).await;

        assert_eq!(outcome, WriteOutcome::Done { request_id: Some("feed-beef-0".into()), made: None });
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let request = &requests[0];
        assert_eq!(request.line, "POST / HTTP/1.1");
        assert_eq!(request.text(), BODY);
        assert_eq!(request.operation(), operation.name);
        assert_eq!(request.header("content-length"), BODY.len().to_string());
        assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
        assert!(request.header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=SANDBOX/"));
        assert!(request.header("authorization").contains("content-length;content-type;host;"));
    }
}

#[tokio::test]
async fn an_empty_answer_is_enough_where_none_is_due() {
    let server = Server::always(200, "").await;
    assert_eq!(word(&send(&server.url, &calls::UPDATE_USER_POOL).await), "done");
    assert_eq!(
        word(&send(&server.url, &calls::SET_USER_POOL_MFA_CONFIG).await),
        "unknown: the answer (HTTP 200) is empty"
    );
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_becomes_of_it() {
    let refusal = "1 validation error detected";
    for (reply, expected, sends) in [
        (
            (|| Reply::exception(400, "InvalidParameterException", "1 validation error detected"))
                as fn() -> Reply,
            format!("refused: InvalidParameterException: {refusal}"),
            1,
        ),
        (
            || Reply::exception(400, "ConcurrentModificationException", "busy"),
            "refused: ConcurrentModificationException: busy".into(),
            1,
        ),
        (
            || Reply::exception(400, "InternalErrorException", "oops"),
            "unknown: InternalErrorException: oops".into(),
            1,
        ),
        (
            || Reply::exception(500, "InternalErrorException", "oops"),
            "unknown: InternalErrorException: oops".into(),
            1,
        ),
        (
            || Reply::Answer(503, "<html>".into()),
            "unknown: HTTP 503 with an HTML page (`<html>`), which is not an answer from AWS".into(),
            1,
        ),
        (
            || Reply::ok("<html>sign in"),
            "unknown: the answer (HTTP 200) is not JSON; it begins `<html>sign in`".into(),
            1,
        ),
        (|| Reply::Short(200, "{".into()), "end of file before message length reached".into(), 1),
        (
            || Reply::exception(400, "TooManyRequestsException", "Rate exceeded"),
            "throttled: TooManyRequestsException: Rate exceeded".into(),
            1,
        ),
        (
            || Reply::Answer(429, String::new()),
            "unknown: HTTP 429 with an empty body, which is not an answer from AWS".into(),
            1,
        ),
        (
            || Reply::exception(400, "ThrottlingException", "Rate exceeded"),
            "throttled: ThrottlingException: Rate exceeded".into(),
            1,
        ),
    ] {
        let server = Server::start(move |_, _| reply()).await;
        let outcome = word(&send(&server.url, &calls::UPDATE_USER_POOL).await);
        assert!(outcome.ends_with(&expected), "{outcome} and not {expected}");
        assert_eq!(server.count(), sends, "{expected}");
    }
}

#[tokio::test]
async fn a_cut_after_the_request_leaves_the_question_open() {
    let server = Server::start(|_, _| Reply::Cut).await;
    let outcome = send(&server.url, &calls::UPDATE_USER_POOL).await;
    let host = server.url.trim_start_matches("http://");
    assert_eq!(
        word(&outcome),
        format!(
            "unknown: the connection to {host} broke after the request was sent: \
             connection closed before message completed"
        )
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_write_without_an_answer_in_time_leaves_the_question_open() {
    let server = Server::start(|_, _| Reply::Silence).await;
    let mut settings = settings(&server.url);
    settings.read_timeout = Duration::from_millis(100);
    let outcome = send_with(&settings, Arc::new(|_| {}), &calls::UPDATE_USER_POOL).await;
    assert!(word(&outcome).starts_with("unknown: no answer from 127.0.0.1:"), "{}", word(&outcome));
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn only_what_may_go_better_the_next_time_is_worth_waiting_for() {
    let session = Session::open(&settings("http://127.0.0.1:1"), Arc::new(|_| {})).await.unwrap();
    let writer = session.writer(Approved::by_apply());
    for (kind, most) in [
        (ErrorKind::Throttled, 10),
        (ErrorKind::Unreachable, 4),
        (ErrorKind::Conflict, 4),
        (ErrorKind::Unseen, 4),
        (ErrorKind::Refused, 1),
    ] {
        let failures = (1..100).take_while(|failures| writer.patience(kind, *failures).is_some()).count() + 1;
        assert_eq!(failures, most, "{kind:?}");
    }
}

#[tokio::test]
async fn a_write_that_cannot_leave_says_so() {
    let attempts = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&attempts);
    let observer: Observer = Arc::new(move |event| {
        if let CallStep::Ended { outcome, .. } = event.step {
            seen.lock().unwrap().push(format!("{} {outcome}", event.attempt));
        }
    });
    let url = nobody().await;

    let outcome = send_with(&settings(&url), observer, &calls::UPDATE_USER_POOL).await;

    let host = url.trim_start_matches("http://");
    assert!(
        word(&outcome).starts_with(&format!("not sent: cannot connect to {host}: Connection refused")),
        "{}",
        word(&outcome)
    );
    assert_eq!(*attempts.lock().unwrap(), ["1 not-sent"]);
}

#[tokio::test]
async fn a_call_that_is_sent_again_is_another_attempt() {
    let attempts = Arc::<Mutex<Vec<u32>>>::default();
    let seen = Arc::clone(&attempts);
    let observer: Observer = Arc::new(move |event| seen.lock().unwrap().push(event.attempt));
    let server = Server::start(|number, _| match number {
        1 => Reply::ok("{}"),
        _ => Reply::exception(400, "InvalidParameterException", "no"),
    })
    .await;
    let session = Session::open(&settings(&server.url), observer).await.unwrap();
    let (body, writer) = (serde_json::from_str(BODY).unwrap(), session.writer(Approved::by_apply()));
    let update = &calls::UPDATE_USER_POOL;
    let send = async |document: &DocumentId| drop(writer.send(POOL, update, document, &body).await);
    send(&DocumentId::POOL).await;
    writer.waits(POOL, update, ErrorKind::Unseen, Duration::ZERO);
    send(&DocumentId::POOL).await;
    send(&DocumentId::POOL).await;
    send(&DocumentId::MFA).await;
    assert_eq!(*attempts.lock().unwrap(), [1, 1, 2, 1, 1]);
}

#[tokio::test]
async fn a_conflict_can_be_told_from_other_refusals() {
    let server = Server::start(|_, _| Reply::exception(400, "ConcurrentModificationException", "busy")).await;
    match send(&server.url, &calls::UPDATE_USER_POOL).await {
        WriteOutcome::Refused(error) => {
            assert_eq!(error.kind(), ErrorKind::Conflict);
            assert_eq!(
                error.to_string(),
                format!("UpdateUserPool {POOL}: ConcurrentModificationException: busy")
            );
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_for_another_pool_stays_here() {
    let server = Server::always(200, "{}").await;
    let session = Session::open(&settings(&server.url), Arc::new(|_| {})).await.unwrap();
    let body = serde_json::from_str(BODY).unwrap();
    let writer = session.writer(Approved::by_apply());
    let outcome = writer.send("eu-west-1_other", &calls::UPDATE_USER_POOL, &DocumentId::POOL, &body).await;
    assert_eq!(word(&outcome), "not sent: the request does not name this pool, so it was not sent");
    assert_eq!(server.count(), 0);
}
