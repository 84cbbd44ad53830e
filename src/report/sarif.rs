//! The frame of a SARIF log, version 2.1.0.
//!
//! https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

use std::fmt::{self, Write};

use serde_json::json;

use super::place::{FilePlace, Region};
use super::source_links::encoded;
use super::streamed::JsonObject;
use crate::document::Json;
use crate::explain::{self, Meaning};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes one log with one run, with a line's end. Its rules are `codes`, in their order.
pub(super) fn log(
    codes: &[&str],
    results: impl Iterator<Item = Json>,
    tool_version: &str,
    out: &mut dyn Write,
) -> fmt::Result {
    let driver = json!({
        "name": "poolctl",
        "version": tool_version,
        "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    JsonObject::document(out, |log| {
        log.member("$schema", &SCHEMA)?;
        log.member("version", &"2.1.0")?;
        log.list_of_one("runs", |run| {
            run.member("tool", &json!({ "driver": driver }))?;
            run.member("columnKind", &"unicodeCodePoints")?;
            run.list("results", results)
        })
    })
}

/// These codes as the rules of a log: each once, in order.
pub(super) fn rules<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut codes: Vec<&str> = codes.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// A result; `codes` are the rules of the log, `folder` is where in the repository the names of files begin.
pub(super) fn result(
    codes: &[&str],
    code: &str,
    level: &str,
    message: &str,
    place: Option<&FilePlace<'_>>,
    folder: &str,
) -> Json {
    json!({
        "ruleId": code,
        "ruleIndex": codes.binary_search(&code).unwrap_or_default(),
        "level": level,
        "message": { "text": message },
        "locations": place.iter().map(|place| json!({ "physicalLocation": location(place, folder) })).collect::<Vec<_>>(),
    })
}

/// A place as SARIF says it.
pub(super) fn location(place: &FilePlace<'_>, folder: &str) -> Json {
    let mut location = json!({ "artifactLocation": { "uri": uri(&place.path(folder)) } });
    if let Some(Region { line, column, end_line, end_column }) = place.region {
        location["region"] =
            json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    }
    location
}

/// A code as a rule, with what `explain` says of it.
fn rule(code: &str) -> Json {
    let Meaning { text, remedy } = explain::meaning(code).unwrap_or_default();
    let first = text.split_inclusive(". ").next().unwrap_or_default().trim_end();
    let gap = if remedy.is_empty() { "" } else { "\n\n" };
    json!({
        "id": code,
        "shortDescription": { "text": first },
        "fullDescription": { "text": text },
        "help": { "text": format!("{remedy}{gap}`poolctl explain {code}` tells more.") },
    })
}

/// A path as a URI reference: relative as the path is, or of the scheme `file`.
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    scheme.to_owned() + &encoded(path)
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_uri_that_no_character_of_it_breaks() {
        for (path, expected) in [
            ("pools/customers.yaml", "pools/customers.yaml"),
            ("pools/a b%é#?.yaml", "pools/a%20b%25%C3%A9%23%3F.yaml"),
            ("a:b.yaml", "a%3Ab.yaml"),
            ("/srv/p.yaml", "file:///srv/p.yaml"),
            ("../p.yaml", "../p.yaml"),
            ("<stdin>", "%3Cstdin%3E"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
