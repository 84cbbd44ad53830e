//! For code scanning and editors: SARIF 2.1.0.
//!
//! https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html

use serde_json::json;

use super::place::{Place, Region};
use super::{Validation, sentence, word};
use crate::document::Json;
use crate::explain::{self, Meaning};
use crate::manifest::Diagnostic;
use crate::report::visible;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// One log with one run, with a line's end. Its rules are the codes that were found.
pub fn sarif(validation: &Validation<'_>, tool_version: &str) -> String {
    let mut codes: Vec<&str> = validation.findings.iter().map(|finding| finding.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let results = validation.findings.iter().map(|finding| result(finding, &codes));
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "poolctl",
                "version": tool_version,
                "rules": codes.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    });
    visible::escape_json(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

/// A code as a rule, with what `explain` says of it.
fn rule(code: &str) -> Json {
    let Meaning { text, remedy } = explain::meaning(code).unwrap_or_default();
    let first = text.split_inclusive(". ").next().unwrap_or_default().trim_end();
    json!({
        "id": code,
        "shortDescription": { "text": first },
        "fullDescription": { "text": text },
        "help": { "text": format!("{remedy}\n\n`poolctl explain {code}` tells more.") },
    })
}

fn result(finding: &Diagnostic, codes: &[&str]) -> Json {
    let mut message = sentence(&finding.message).into_owned();
    if let Some(help) = &finding.help {
        message.push_str(&format!("\nhelp: {}", sentence(help)));
    }
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": codes.binary_search(&finding.code).unwrap_or_default(),
        "level": word(finding.severity),
        "message": { "text": message },
        "locations": Place::of(finding).iter().map(|place| json!({ "physicalLocation": location(place) })).collect::<Vec<_>>(),
    });
    if let Some((origin, label)) = &finding.related {
        let other = location(&Place::at(origin));
        result["relatedLocations"] =
            json!([{ "id": 1, "physicalLocation": other, "message": { "text": sentence(label) } }]);
    }
    result
}

fn location(place: &Place<'_>) -> Json {
    let mut location = json!({ "artifactLocation": { "uri": uri(&place.path()) } });
    if let Some(Region { line, column, end_line, end_column }) = place.region {
        location["region"] =
            json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    }
    location
}

/// A path as a URI reference: relative as the path is, or of the scheme `file`.
fn uri(path: &str) -> String {
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let encoded = path.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    scheme.to_owned() + &encoded.collect::<String>()
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
