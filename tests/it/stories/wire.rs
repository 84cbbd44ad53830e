//! Reading over real HTTP, with the real SDK, against a server that does what a test tells it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use poolctl::catalogue::RESOURCES;
use poolctl::cognito::{
    CallError, CallStep, ErrorKind, Identity, Observer, Pace, Rate, Retry, Role, Session, Settings,
};
use poolctl::document::{Document, Object};

use crate::harness::server::{Reply, Request, Server, nobody};

pub(super) const POOL: &str = "eu-west-1_a1B2c3D4E";

pub(super) fn silent() -> Observer {
    Arc::new(|_| {})
}

/// Settings for a server of these tests: no waiting worth the name.
pub(super) fn settings(url: &str) -> Settings {
    let first = Duration::from_millis(1);
    Settings {
        sandbox: Some(url.to_owned()),
        rate: Rate::Calls(1e6),
        retry: Retry { first, longest: first, ..Retry::default() },
        ..Settings::new("eu-west-1")
    }
}

async fn session(url: &str) -> Session {
    Session::open(&settings(url), silent()).await.unwrap()
}

async fn describe(url: &str) -> Result<Document, CallError> {
    session(url).await.reader().read(POOL, [RESOURCES[0]]).await.map(|read| read.pool().clone())
}

/// The line and the remedy that a user sees when this server is asked for the pool.
async fn failure(server: &Server) -> (String, String) {
    let error = describe(&server.url).await.unwrap_err();
    (error.to_string(), error.help().unwrap_or_default())
}

#[tokio::test]
async fn a_pool_is_read_as_the_wire_has_it() {
    // A number where the SDK wants a string, a text where it wants a list, members it has never
    // heard of, and numbers that a float would change.
    let pool = r#"{"Id":"eu-west-1_a1B2c3D4E","Name":7,"Brand":{"New":[1,null,{"x":0.10}]},"AutoVerifiedAttributes":"all","EstimatedNumberOfUsers":12345678901234567890123,"CreationDate":1700000000.123}"#;
    let server = Server::always(200, &format!(r#"{{"Also":1,"UserPool":{pool}}}"#)).await;

    let read = describe(&server.url).await.unwrap();

    assert_eq!(serde_json::to_string(&read).unwrap(), pool);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].operation(), "DescribeUserPool");
    assert_eq!(requests[0].text(), r#"{"UserPoolId":"eu-west-1_a1B2c3D4E"}"#);
    assert_eq!(requests[0].line, "POST / HTTP/1.1");
}

#[tokio::test]
async fn the_mfa_document_is_read_whole() {
    let mfa = r#"{"MfaConfiguration":"OFF","HologramConfiguration":{"Enabled":true}}"#;
    let server = Server::always(200, mfa).await;
    let read = session(&server.url).await.reader().read(POOL, [RESOURCES[1]]).await.unwrap().mfa().cloned();
    assert_eq!(read.map(|mfa| serde_json::to_string(&mfa).unwrap()).as_deref(), Some(mfa));
    assert_eq!(server.requests()[0].operation(), "GetUserPoolMfaConfig");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_says_what_came_instead() {
    let html =
        "<html>\u{1b}[31m<body>Please   sign in\r\nto the network, or else nothing will be answered here";
    for (status, body, line, sends) in [
        (200, "", "the answer (HTTP 200) is empty", 4),
        (200, "{}", "the answer has no object `UserPool`", 1),
        (200, r#"{"UserPool":[]}"#, "the answer has no object `UserPool`", 1),
        (200, r#"{"UserPool":{"Name":"x"}}"#, "the answer describes a pool without its `Id`", 3),
        (
            200,
            r#"{"UserPool":{"Id""#,
            "the answer (HTTP 200) is cut short after 17 bytes: `{\"UserPool\":{\"Id\"`",
            4,
        ),
        (
            200,
            r#"{"UserPool":{"UserPoolTags":{"$serde_json::private::Number":"12"}}}"#,
            "the answer (HTTP 200) has the member name `$serde_json::private::Number`, which poolctl cannot handle",
            1,
        ),
        (200, "[1]", "the answer (HTTP 200) is not a JSON object; it begins `[1]`", 4),
        (
            200,
            html,
            "the answer (HTTP 200) is not JSON; it begins `<html> [31m<body>Please sign in to the network, or else noth…`",
            4,
        ),
        (
            500,
            html,
            "HTTP 500 with an HTML page (`<html> [31m<body>Please sign in to the network, or else noth…`), which is not an answer from AWS",
            4,
        ),
        (302, "", "HTTP 302 with an empty body, which is not an answer from AWS", 4),
        (407, "", "HTTP 407 with an empty body, which is not an answer from AWS", 1),
    ] {
        let server = Server::always(status, body).await;
        let (seen, _) = failure(&server).await;
        let seen = seen.split(" (request").next().unwrap();
        assert_eq!(seen, format!("DescribeUserPool {POOL}: {line}"));
        assert_eq!(server.count(), sends, "{line}");
    }
}

#[tokio::test]
async fn an_exception_of_the_service_says_what_to_do() {
    let who = "User: arn:aws:iam::111122223333:user/eve is not authorized to perform: cognito-idp:DescribeUserPool on resource: x";
    for (status, code, message, line, help) in [
        (
            400,
            "AccessDeniedException",
            who,
            format!("AccessDeniedException: {who}"),
            format!("add the IAM permission cognito-idp:DescribeUserPool on the pool {POOL}; `poolctl iam-policy --read-only` prints a policy with it"),
        ),
        (
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            "the credentials have expired (ExpiredTokenException: The security token included in the request is expired)".into(),
            "get new credentials and run the command again".into(),
        ),
        (
            400,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            "the service does not know these credentials (UnrecognizedClientException: The security token included in the request is invalid.)".into(),
            "check the access key and the session token from the sandbox, and that they are for the partition of eu-west-1".into(),
        ),
        (
            400,
            "com.amazonaws.cognito#InvalidParameterException",
            "1 validation error\ndetected",
            "InvalidParameterException: 1 validation error detected".into(),
            "check the pool's id and the endpoint".into(),
        ),
        (
            400,
            "ResourceNotFoundException",
            "User pool eu-west-1_a1B2c3D4E does not exist.",
            "no pool eu-west-1_a1B2c3D4E in eu-west-1 (sandbox)".into(),
            "check the id, or seed the pool into a new sandbox folder: `--sandbox=NEW --seed DIR`, where DIR has the pool's document as <pool-id>.json".into(),
        ),
        (
            400,
            "InternalErrorException",
            "",
            "InternalErrorException (request feed-beef-3)".into(),
            "the service failed: try again later".into(),
        ),
    ] {
        let server = Server::start(move |_, _| Reply::exception(status, code, message)).await;
        let (seen, remedy) = failure(&server).await;
        // The error of a missing pool names the pool itself.
        let call = if code == "ResourceNotFoundException" { "" } else { "DescribeUserPool eu-west-1_a1B2c3D4E: " };
        assert_eq!(seen, format!("{call}{line}"));
        assert_eq!(remedy, help, "{code}");
    }
}

#[tokio::test]
async fn a_missing_pool_names_the_account_once_it_is_known() {
    let server = Server::start(|_, request| {
        if request.operation().is_empty() {
            return Reply::ok(
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
                 </GetCallerIdentityResult></GetCallerIdentityResponse>",
            );
        }
        Reply::exception(400, "ResourceNotFoundException", "gone")
    })
    .await;
    let session = session(&server.url).await;

    assert_eq!(session.account().await.as_deref(), Ok("111122223333"));
    assert_eq!(session.account().await.as_deref(), Ok("111122223333"));
    assert_eq!(server.count(), 1, "STS is asked once");

    let error = session.reader().read(POOL, [RESOURCES[0]]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("no pool {POOL} in eu-west-1 (account 111122223333): ResourceNotFoundException: gone")
    );
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    assert_eq!(error.request_id(), Some("feed-beef-1"));
}

#[tokio::test]
async fn sts_says_no_in_one_line_too() {
    let server = Server::always(
        403,
        "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token is expired</Message></Error>\
         <RequestId>r</RequestId></ErrorResponse>",
    )
    .await;
    let error = session(&server.url).await.account().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GetCallerIdentity: the credentials have expired (ExpiredToken: The security token is expired)"
    );
}

/// A server that lends credentials for so long.
async fn lends(seconds: i64) -> Server {
    Server::start(move |number, request| match request.text().contains("Action=AssumeRole") {
        true => {
            let end = time::OffsetDateTime::now_utc() + time::Duration::seconds(seconds);
            let end = end.format(&time::format_description::well_known::Rfc3339).unwrap();
            Reply::ok(&format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA{number}</AccessKeyId>\
                 <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration>\
                 </Credentials></AssumeRoleResult></AssumeRoleResponse>"
            ))
        }
        false => Reply::ok(r#"{"UserPool":{"Id":"eu-west-1_a1B2c3D4E"}}"#),
    })
    .await
}

/// Sessions of one role in two Regions.
async fn of_a_role(server: &Server) -> [Session; 2] {
    let settings = settings(&server.url);
    let base = Arc::new(Identity::load(&settings, silent()).await.unwrap());
    let role = Role {
        arn: "arn:aws:iam::111122223333:role/reader".to_owned(),
        external_id: Some("of us two".to_owned()),
    };
    let role = Arc::new(base.assuming(&role));
    ["eu-west-1", "us-east-1"].map(|region| {
        let settings = Settings { region: region.to_owned(), ..settings.clone() };
        let pace = Arc::new(Pace::new(settings.rate).unwrap());
        Session::of(&settings, Arc::clone(&role), pace)
    })
}

/// The key and the Region that each request was signed with.
fn signers(server: &Server) -> Vec<String> {
    let signer = |request: &Request| {
        let (_, credential) = request.header("authorization").split_once("Credential=").unwrap();
        let mut parts = credential.split('/');
        format!("{} {}", parts.next().unwrap(), parts.nth(1).unwrap())
    };
    server.requests().iter().map(signer).collect()
}

#[tokio::test]
async fn a_refusal_that_quotes_the_external_id_of_a_role_is_told_without_it() {
    let server = Server::always(
        400,
        "<ErrorResponse><Error><Code>ValidationError</Code><Message>Value 'of us two' at 'externalId' failed\
         </Message></Error><RequestId>r</RequestId></ErrorResponse>",
    )
    .await;
    let [session, _] = of_a_role(&server).await;
    let told = session.reader().read(POOL, [RESOURCES[0]]).await.unwrap_err().to_string();
    assert!(told.ends_with("Value '(sensitive)' at 'externalId' failed"), "{told}");
}

#[tokio::test]
async fn a_role_is_assumed_once_for_all_who_come_together_in_whatever_region() {
    let server = lends(3600).await;
    let sessions = of_a_role(&server).await;
    let readers = [0, 1, 0, 1, 0].map(|which: usize| sessions[which].reader());
    let reads = readers.iter().map(|reader| reader.read(POOL, [RESOURCES[0]]));
    for read in futures_util::future::join_all(reads).await {
        read.unwrap();
    }
    let mut signers = signers(&server);
    signers[1..].sort();
    let (west, east) = ("ASIA0 eu-west-1", "ASIA0 us-east-1");
    assert_eq!(signers, ["SANDBOX eu-west-1", west, west, west, east, east]);
    let asked = server.requests()[0].text().to_owned();
    for part in [
        "RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Freader",
        "RoleSessionName=poolctl",
        "ExternalId=of%20us%20two",
    ] {
        assert!(asked.contains(part), "{asked}");
    }
}

#[tokio::test]
async fn credentials_that_are_about_to_expire_are_fetched_anew() {
    let server = lends(5).await;
    let [session, _] = of_a_role(&server).await;
    for _ in 0..2 {
        session.reader().read(POOL, [RESOURCES[0]]).await.unwrap();
    }
    let base = "SANDBOX eu-west-1";
    assert_eq!(signers(&server), [base, "ASIA0 eu-west-1", base, "ASIA2 eu-west-1"]);
}

#[tokio::test]
async fn no_message_repeats_what_a_request_was_signed_with() {
    // The service's own messages about signatures quote the headers of the request.
    let server = Server::start(|_, request| {
        Reply::Answer(400, format!("no json: {} {:?}", request.header("authorization"), request.headers))
    })
    .await;
    let (line, _) = failure(&server).await;
    assert!(line.contains("`no json: [hidden]"), "{line}");

    let server = Server::start(|_, request| {
        let quoted = format!("The signature does not match. The Canonical String: {:?}", request.headers);
        Reply::exception(400, "InvalidSignatureException", &quoted)
    })
    .await;
    let (line, help) = failure(&server).await;
    assert_eq!(
        line,
        format!(
            "DescribeUserPool {POOL}: the service does not accept the signature \
             (InvalidSignatureException: The signature does not match.)"
        )
    );
    assert_eq!(help, "check the secret access key and this machine's clock");
}

#[tokio::test]
async fn a_read_is_repeated_after_a_cut_a_failure_and_a_throttle() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Cut,
        1 => Reply::exception(400, "TooManyRequestsException", "Rate exceeded"),
        2 => Reply::exception(500, "InternalErrorException", "oops"),
        _ => Reply::ok(r#"{"UserPool":{"Id":"eu-west-1_a1B2c3D4E","Name":"x"}}"#),
    })
    .await;
    let lines = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&lines);
    let observer: Observer = Arc::new(move |event| {
        let step = match event.step {
            CallStep::Ended { outcome, status, .. } => format!("{outcome} {status:?}"),
            CallStep::Waiting { reason, .. } => format!("wait: {reason}"),
            CallStep::Paced { .. } => "paced".to_owned(),
            CallStep::Slowed { category, rate } => format!("{category}: {rate:.0}"),
        };
        seen.lock().unwrap().push(format!("{} {}", event.attempt, step));
    });

    let session = Session::open(&settings(&server.url), observer).await.unwrap();
    session.reader().read(POOL, [RESOURCES[0]]).await.unwrap();

    assert_eq!(
        *lines.lock().unwrap(),
        [
            "1 unknown None",
            "1 wait: unknown",
            "2 throttled Some(400)",
            "2 UserPoolRead: 500000",
            "2 wait: throttled",
            "3 unknown Some(500)",
            "3 wait: unknown",
            "4 done Some(200)",
        ]
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_read_again() {
    let server = Server::start(|number, _| match number {
        0 => Reply::Short(200, r#"{"UserPool":{"Id":"#.into()),
        _ => Reply::ok(r#"{"UserPool":{"Id":"eu-west-1_a1B2c3D4E","Name":"x"}}"#),
    })
    .await;
    assert!(describe(&server.url).await.is_ok());

    let server = Server::start(|_, _| Reply::Short(200, "{".into())).await;
    let (line, _) = failure(&server).await;
    assert!(line.contains("broke after the request was sent: end of file before message length"), "{line}");
}

#[tokio::test]
async fn a_connection_that_ends_or_never_begins_is_named_with_its_host() {
    let server = Server::start(|_, _| Reply::Cut).await;
    let host = server.url.trim_start_matches("http://");
    let (line, _) = failure(&server).await;
    assert_eq!(
        line,
        format!(
            "DescribeUserPool {POOL}: the connection to {host} broke after the request was sent: \
             connection closed before message completed"
        )
    );
    assert_eq!(server.count(), 4);

    let url = nobody().await;
    let error = describe(&url).await.unwrap_err();
    let host = url.trim_start_matches("http://");
    let line = error.to_string();
    assert!(
        line.starts_with(&format!("DescribeUserPool {POOL}: cannot connect to {host}: Connection refused")),
        "{line}"
    );
    assert_eq!(error.kind(), ErrorKind::Unreachable);
    assert_eq!(error.help().unwrap(), "check the network, the Region and the endpoint");
}

#[tokio::test]
async fn silence_ends_with_the_read_timeout() {
    let server = Server::start(|_, _| Reply::Silence).await;
    let mut settings = settings(&server.url);
    settings.read_timeout = Duration::from_millis(100);
    let session = Session::open(&settings, silent()).await.unwrap();
    let error = session.reader().read(POOL, [RESOURCES[0]]).await.unwrap_err();
    let host = server.url.trim_start_matches("http://");
    assert_eq!(error.to_string(), format!("DescribeUserPool {POOL}: no answer from {host} within 0.1 s"));
    assert_eq!(error.kind(), ErrorKind::Lost);
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_given_up() {
    for (flood, said) in [(false, "no answer from"), (true, "the answer is larger than 16777216 bytes")] {
        let server = Server::start(move |_, _| if flood { Reply::Flood } else { Reply::Drip }).await;
        let mut settings = settings(&server.url);
        settings.read_timeout = if flood { Duration::from_secs(30) } else { Duration::from_millis(200) };
        settings.retry.attempts = 1;
        let session = Session::open(&settings, silent()).await.unwrap();
        let error = session.reader().read(POOL, [RESOURCES[0]]).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test]
async fn another_pools_document_is_not_taken_for_this_ones() {
    let server = Server::always(200, r#"{"UserPool": {"Id": "eu-west-1_other", "Name": "other"}}"#).await;
    let session = Session::open(&settings(&server.url), silent()).await.unwrap();
    let error = session.reader().read(POOL, [RESOURCES[0]]).await.unwrap_err();
    assert!(error.to_string().contains("describes another pool"), "{error}");
}

#[tokio::test]
async fn a_list_of_pools_whose_pages_go_round_in_a_circle_is_given_up() {
    let server = Server::start(|number, _| {
        let page = format!(r#"{{"UserPools":[{{"Id":"{POOL}"}}],"NextToken":"t{}"}}"#, number % 2);
        Reply::ok(&page)
    })
    .await;
    let error = session(&server.url).await.reader().pools().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "ListUserPools: the list does not end: a page repeats an earlier `NextToken`"
    );
    assert_eq!(error.help().unwrap(), "check the endpoint: a proxy may answer instead of AWS");
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_throttled_fleet_gets_through() {
    let turns = Mutex::new(HashMap::<Vec<u8>, u32>::new());
    let server = Server::start(move |_, request| {
        let mut turns = turns.lock().unwrap();
        let turn = turns.entry(request.body.clone()).or_default();
        *turn += 1;
        match turn {
            1 | 2 => Reply::exception(400, "TooManyRequestsException", "Rate exceeded"),
            _ => {
                let body: Object = serde_json::from_str(request.text()).unwrap();
                Reply::ok(&serde_json::json!({"UserPool": {"Id": body["UserPoolId"]}}).to_string())
            }
        }
    })
    .await;
    let reader = session(&server.url).await.reader();

    let mut calls = tokio::task::JoinSet::new();
    for number in 0..300 {
        let reader = reader.clone();
        calls.spawn(async move { reader.read(&format!("eu-west-1_{number}"), [RESOURCES[0]]).await.is_ok() });
    }

    assert_eq!(calls.join_all().await.iter().filter(|&&ok| ok).count(), 300);
    assert_eq!(server.count(), 900);
}

#[tokio::test]
async fn a_password_that_ends_the_host_of_an_endpoint_is_not_shown() {
    for url in ["http://u:PW#x@127.0.0.1:1/", "http://u:PW/x@127.0.0.1:1/", "http://u:12?x@127.0.0.1:1/"] {
        let error = Session::open(&settings(url), silent()).await.err().unwrap();
        assert_eq!(error.to_string(), "the endpoint `…@127.0.0.1:1/` is not a URL", "{url}");
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_before_any_call() {
    let mut bad = settings("127.0.0.1:4566");
    let error = Session::open(&bad, silent()).await.err().unwrap();
    assert_eq!(error.to_string(), "the endpoint `127.0.0.1:4566` is not a URL");
    assert_eq!(error.help().unwrap(), "write a URL such as https://host or http://127.0.0.1:4566");

    bad = settings("http://127.0.0.1:4566");
    bad.rate = Rate::Calls(0.0);
    let error = Session::open(&bad, silent()).await.err().unwrap();
    assert_eq!(error.to_string(), "`--rate 0` is not valid");
    assert_eq!(error.help().unwrap(), "set 0.01 to 1000000 calls per second");
}
