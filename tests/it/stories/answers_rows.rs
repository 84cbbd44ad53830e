//! The answers that calls are given in `answers.rs`, and what each proves.

use crate::harness::server::Reply;

/// What an answer proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The call took place.
    Done,
    /// It did not, and is not made again.
    Refused,
    /// It did not, and is made again when the pool has been judged again.
    Later,
    /// Nothing.
    Nothing,
}

use Proof::{Done, Later, Nothing, Refused};

/// An answer, what it proves of a write, whether a read is made again after it, and what is said of it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static str,
    pub(crate) body: &'static [u8],
    pub(crate) write: Proof,
    pub(crate) read_again: bool,
    pub(crate) said: &'static str,
}

pub(crate) const fn answer(
    status: u16,
    body: &'static str,
    write: Proof,
    read_again: bool,
    said: &'static str,
) -> Answer {
    Answer { status, headers: "", body: body.as_bytes(), write, read_again, said }
}

impl Answer {
    const fn with(mut self, headers: &'static str) -> Self {
        self.headers = headers;
        self
    }

    pub(crate) fn reply(&self) -> Reply {
        let head = format!(
            "HTTP/1.1 {} Scripted\r\n{}content-length: {}\r\nconnection: close\r\n\r\n",
            self.status,
            self.headers,
            self.body.len()
        );
        Reply::Raw([head.as_bytes(), self.body].concat())
    }
}

const PAGE: &str = "<html><head><title>Blocked</title></head><body>no</body></html>";
const A_PAGE: &str = "an HTML page (`<html><head><title>Blocked";
const EMPTY: &str = "an empty body, which is not an answer from AWS";
const JSON: &str = "JSON without an exception";
const FOREIGN: &str = "which is not a known AWS exception";

/// The answers of strangers, of services, and of both at once.
pub(crate) static ANSWERS: &[Answer] = &[
    // Pages of proxies and gateways, whatever their status says.
    answer(400, PAGE, Nothing, false, A_PAGE),
    answer(401, PAGE, Nothing, false, A_PAGE),
    answer(403, PAGE, Nothing, false, A_PAGE),
    answer(404, PAGE, Nothing, false, A_PAGE),
    answer(405, "", Nothing, false, EMPTY),
    answer(407, "", Nothing, false, EMPTY),
    answer(408, PAGE, Nothing, true, A_PAGE),
    answer(413, PAGE, Nothing, false, A_PAGE),
    answer(425, "", Nothing, true, EMPTY),
    answer(429, PAGE, Nothing, true, A_PAGE),
    answer(429, "", Nothing, true, EMPTY),
    answer(451, "not in this country", Nothing, false, "a text (`not in this country`)"),
    answer(499, PAGE, Nothing, false, A_PAGE),
    answer(300, "", Nothing, true, EMPTY),
    answer(301, PAGE, Nothing, true, A_PAGE).with("location: http://127.0.0.1:1/\r\n"),
    answer(304, "", Nothing, true, EMPTY),
    answer(307, "", Nothing, true, EMPTY).with("location: http://127.0.0.1:1/\r\n"),
    answer(500, PAGE, Nothing, true, A_PAGE),
    answer(502, PAGE, Nothing, true, A_PAGE),
    answer(503, "", Nothing, true, EMPTY),
    answer(504, "upstream timed out", Nothing, true, "a text (`upstream timed out`)"),
    answer(520, "", Nothing, true, EMPTY),
    answer(799, "", Nothing, true, EMPTY),
    answer(101, "", Nothing, true, EMPTY),
    answer(102, "", Nothing, true, "broke after the request was sent"),
    // Gateways that answer in JSON.
    answer(403, r#"{"message":"Forbidden"}"#, Nothing, false, JSON),
    answer(403, r#"{"message":"Forbidden"}"#, Nothing, false, FOREIGN)
        .with("x-amzn-errortype: ForbiddenException\r\n"),
    answer(504, r#"{"message":"Endpoint request timed out"}"#, Nothing, true, FOREIGN)
        .with("x-amzn-errortype: InternalServerErrorException\r\n"),
    answer(400, "{}", Nothing, false, JSON),
    answer(400, r#"[{"__type":"InvalidParameterException"}]"#, Nothing, false, JSON),
    answer(400, r#"{"__type":7,"message":"x"}"#, Nothing, false, JSON),
    answer(400, r#"{"__type":"","message":"x"}"#, Nothing, false, JSON),
    answer(400, r#"{"__type":"GatewayTimeoutException"}"#, Nothing, false, FOREIGN),
    answer(400, r#"{"code":"E1001","message":"denied"}"#, Nothing, false, "HTTP 400 with E1001: denied"),
    answer(
        403,
        "<Error><Code>AccessDenied</Code></Error>",
        Nothing,
        false,
        "XML (`<Error><Code>AccessDenied",
    ),
    // Successes that are none.
    answer(200, PAGE, Nothing, true, "is not JSON; it begins `<html>"),
    answer(200, "[1]", Nothing, true, "is not a JSON object; it begins `[1]`"),
    answer(200, "\"ok\"", Nothing, true, "is not a JSON object"),
    answer(200, r#"{"UserPool":{"Id""#, Nothing, true, "is cut short after 17 bytes"),
    answer(200, r#"{"__type":"InternalErrorException"}"#, Nothing, true, "has the status of a success"),
    answer(
        200,
        r#"{"__type":"x#NewException","message":"no"}"#,
        Nothing,
        true,
        "the name of an exception: NewException: no",
    ),
    answer(200, "", Nothing, true, "has the status of a success")
        .with("x-amzn-errortype: AccessDeniedException\r\n"),
    // Documents that cannot be read for a reason of their own.
    answer(
        200,
        r#"{"Text":"\ud800"}"#,
        Nothing,
        false,
        "one half of a surrogate pair (as `\\ud800`) at line 1 column 16",
    ),
    Answer {
        status: 200,
        headers: "",
        body: b"{\"Text\":\"caf\xe9\"}",
        write: Nothing,
        read_again: false,
        said: "has bytes that are not UTF-8, from byte 13 on",
    },
    answer(200, r#"{"$serde_json::private::Number":"1"}"#, Nothing, false, "has the member name"),
    // The service's own refusals.
    answer(
        400,
        r#"{"__type":"InvalidParameterException","message":"no"}"#,
        Refused,
        false,
        "InvalidParameterException: no",
    ),
    answer(
        400,
        r#"{"__type":"com.amazonaws.x#InvalidParameterException:http://internal.amazon.com/"}"#,
        Refused,
        false,
        ": InvalidParameterException",
    ),
    answer(400, "", Refused, false, ": InvalidParameterException")
        .with("x-amzn-errortype: InvalidParameterException:\r\n"),
    answer(
        400,
        r#"{"code":"ValidationException","message":"no"}"#,
        Refused,
        false,
        "ValidationException: no",
    ),
    answer(400, r#"{"__type":"x#UnknownOperationException"}"#, Refused, false, "UnknownOperationException"),
    answer(
        400,
        r#"{"__type":"AccessDeniedException","Message":"no"}"#,
        Refused,
        false,
        "AccessDeniedException: no",
    ),
    answer(
        403,
        r#"{"__type":"InvalidSignatureException","message":"no"}"#,
        Refused,
        false,
        "does not accept the signature",
    ),
    answer(
        400,
        r#"{"__type":"ResourceNotFoundException","message":"no"}"#,
        Refused,
        false,
        "no pool eu-west-1_a1B2c3D4E",
    ),
    answer(
        400,
        r#"{"__type":"OperationNotEnabledException","message":"no"}"#,
        Refused,
        false,
        "OperationNotEnabledException: no",
    ),
    answer(400, r#"{"__type":"TooManyRequestsException"}"#, Later, true, "TooManyRequestsException"),
    answer(429, r#"{"__type":"ThrottlingException"}"#, Later, true, "ThrottlingException"),
    answer(
        400,
        r#"{"__type":"ConcurrentModificationException"}"#,
        Later,
        false,
        "ConcurrentModificationException",
    ),
    // Its own failures, and refusals by a status that is none of a refusal.
    answer(400, r#"{"__type":"InternalErrorException"}"#, Nothing, true, "InternalErrorException"),
    answer(500, r#"{"__type":"InternalErrorException"}"#, Nothing, true, "InternalErrorException"),
    answer(503, r#"{"__type":"ThrottlingException"}"#, Nothing, true, "ThrottlingException"),
    answer(500, r#"{"__type":"InvalidParameterException"}"#, Nothing, true, "InvalidParameterException"),
    // Its successes.
    answer(200, "{}", Done, false, ""),
    answer(200, r#"{"__type":"x#UpdateUserPoolResponse"}"#, Done, false, ""),
];
