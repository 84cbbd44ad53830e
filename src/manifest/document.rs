//! A document that somebody has in a file, as JSON or as YAML.

use super::yaml;
use crate::document::json::ParseError;
use crate::document::{DocumentKind, Json, pools_in, twins, utf8};

/// The value that a file holds: JSON, or YAML as the AWS CLI prints and takes it, in UTF-8 or UTF-16.
///
/// A text that begins as JSON is read as nothing else.
///
/// # Errors
/// With what is wrong, fit to follow the file's name.
pub fn document(bytes: &[u8]) -> Result<Json, String> {
    let Some(text) = utf8(bytes) else {
        return Err("begins as UTF-16, but is not valid UTF-16".to_owned());
    };
    match text.trim_ascii_start() {
        [] => Err("is empty".to_owned()),
        [b'{' | b'[', ..] => match twins::parse_once(&text) {
            Err(ParseError::Syntax(error)) => {
                several(&text).ok_or_else(|| ParseError::from(error).to_string())
            }
            read => read.map_err(|error| error.to_string()),
        },
        _ => match yaml::parse("", &text) {
            Ok((node, findings)) => match (findings.first(), node.to_json()) {
                // Templates call functions by tags.
                (Some(finding), Json::Object(value))
                    if finding.code == "tag" && DocumentKind::of(&value) == Some(DocumentKind::Template) =>
                {
                    Ok(Json::Object(value))
                }
                (Some(finding), _) => Err(format!("is not valid YAML: {}", finding.message)),
                (None, value @ (Json::Object(_) | Json::Array(_))) => Ok(value),
                (None, _) => Err("is not a document in JSON or YAML".to_owned()),
            },
            Err(error) if error.code == "documents" => {
                Err("contains several YAML documents: save each to its own file, and name one of them"
                    .to_owned())
            }
            Err(error) => Err(format!("is neither JSON nor YAML: {}", error.message)),
        },
    }
}

/// The list of the documents of a text that is nothing but JSON documents, one after another.
fn several(text: &[u8]) -> Option<Json> {
    let documents: Result<Vec<Json>, _> = serde_json::Deserializer::from_slice(text).into_iter().collect();
    documents.ok().filter(|documents| documents.len() > 1).map(Json::Array)
}

/// What a file is, with the ids of the pools that it names, or `None` if it has the signs of no kind.
pub fn recognised(bytes: &[u8]) -> Option<(DocumentKind, Vec<String>)> {
    let Ok(Json::Object(document)) = document(bytes) else { return None };
    DocumentKind::of(&document).map(|kind| (kind, pools_in(&document)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_and_yaml_are_read_with_their_texts_and_numbers() {
        for text in [
            r#"{"Id": "a", "Tags": {"n": "012", "on": "on"}, "Size": 1.10, "Off": "OFF"}"#,
            "Id: a\nTags:\n  n: '012'\n  on: on\nSize: 1.10\nOff: OFF\n",
            "# $ aws …\nId: a # the pool\nTags: {n: 012, on: on}\nSize: 1.10\nOff: OFF\n",
        ] {
            let value = document(text.as_bytes()).unwrap();
            let expected = r#"{"Id":"a","Tags":{"n":"012","on":"on"},"Size":1.10,"Off":"OFF"}"#;
            assert_eq!(value.to_string(), expected, "{text}");
        }
        assert_eq!(document(b"- UserPool:\n    Id: a\n").unwrap(), json!([{"UserPool": {"Id": "a"}}]));
        assert_eq!(document(b"\xEF\xBB\xBFId: a\n").unwrap(), json!({"Id": "a"}));
    }

    #[test]
    fn what_is_no_document_says_why() {
        for (text, says) in [
            (&b""[..], "is empty"),
            (b"  \n", "is empty"),
            (b"\xFF\xFE{", "begins as UTF-16, but is not valid UTF-16"),
            (b"{\"UserPool\": {", "is not JSON: EOF while parsing an object at line 1 column 14"),
            (b"{\"a\": 1,}", "is not JSON: trailing comma at line 1 column 9"),
            (b"USERPOOL arn:aws 1700000000", "is not a document in JSON or YAML"),
            (b"a: 1\na: 2\n", "is not valid YAML: `a` is set twice in one mapping"),
            (b"\xC3", "is neither JSON nor YAML: line 1 is not UTF-8 (byte 0)"),
        ] {
            assert_eq!(document(text).unwrap_err(), says);
        }
    }
}
