//! The sandbox's own paths under `/_sandbox/`: what was called, and what is to go wrong.

use hyper::Method;
use serde_json::json;

use super::fault::{Fault, FaultError};
use super::known;
use super::shared::ServerState;
use crate::document::Json;

/// The status and the body of an answer to a call under `/_sandbox/`.
pub(super) fn handle(shared: &ServerState, method: &Method, path: &str, body: &[u8]) -> (u16, Json) {
    match (method.as_str(), path) {
        ("GET", "/_sandbox/calls") => (200, json!(shared.calls())),
        ("DELETE", "/_sandbox/calls") => {
            shared.forget_calls();
            (200, json!({}))
        }
        ("GET", "/_sandbox/log") => (200, shared.log().told()),
        ("DELETE", "/_sandbox/log") => {
            shared.log().clear();
            (200, json!({}))
        }
        ("GET", "/_sandbox/operations") => (200, known::operations().collect()),
        ("GET", "/_sandbox/callers") => (200, json!(shared.callers())),
        ("GET", "/_sandbox/faults") => (200, json!(shared.faults().texts())),
        ("POST", "/_sandbox/faults") => match parse(body) {
            Ok(faults) => {
                let mut armed = shared.faults();
                armed.add(faults);
                (200, json!(armed.texts()))
            }
            Err(error) => (400, json!({"message": error.to_string()})),
        },
        ("DELETE", "/_sandbox/faults") => {
            shared.faults().clear();
            (200, json!([]))
        }
        (_, "/_sandbox/calls" | "/_sandbox/log") => (405, json!({"message": "use GET or DELETE"})),
        (_, "/_sandbox/faults") => (405, json!({"message": "use GET, POST or DELETE"})),
        (_, "/_sandbox/callers" | "/_sandbox/operations") => (405, json!({"message": "use GET"})),
        _ => {
            let paths = "there are /_sandbox/calls, /_sandbox/callers, /_sandbox/log, /_sandbox/faults and \
                         /_sandbox/operations";
            (404, json!({"message": paths}))
        }
    }
}

/// One fault a line, all of them or none.
fn parse(body: &[u8]) -> Result<Vec<Fault>, FaultError> {
    let text = String::from_utf8_lossy(body);
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::parse).collect()
}
