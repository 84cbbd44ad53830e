//! Whatever is written as YAML reads as it was: by our own reader here, by others in `peers/yaml.rs`.

use poolctl::document::{Json, Object};
use poolctl::manifest::{write, yaml};
use proptest::prelude::*;

use crate::properties::stage::check;

/// Texts of the pieces that readers stumble over.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => r#"[a-z]{1,3}"#,
        2 => "\\PC",
        1 => any::<char>().prop_map(|c| c.to_string()),
        8 => prop::sample::select(vec![
            "\n", "\n", " ", "  ", "\t", "\r\n", ":", ": ", "#", " #", "-", "- ", "'", "\"", "\\", "${", "$", "{", "}",
            "[", "]", ",", "!", "&", "*", "?", "|", ">", "%", "@", "`", "~", "=", "<<", "0", "1", "_", ".", "e", "+",
            "x", "ON", "no", "null", "true", "{####}", "---", "...", "\u{85}", "\u{2028}", "\u{feff}", "\u{a0}", "🔑",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

/// Any tree that a manifest could hold.
pub(crate) fn trees() -> impl Strategy<Value = Json> {
    let number =
        prop::sample::select(vec!["0", "-0", "0.10", "12345678901234567890123", "-7.50", "1e400", "1E-3"]);
    let leaf = prop_oneof![
        1 => Just(Json::Null),
        1 => any::<bool>().prop_map(Json::from),
        2 => number.prop_map(|text| serde_json::from_str(text).unwrap()),
        6 => text().prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((text(), inner), 0..5)
                .prop_map(|members| Json::Object(members.into_iter().collect::<Object>())),
        ]
    })
}

#[test]
fn what_is_written_reads_as_it_was() {
    check(4000, &trees(), |value| {
        let text = write::to_string(&write::Yaml::from(value));
        let (node, findings) =
            yaml::parse("m.yaml", text.as_bytes()).map_err(|error| format!("{}\n{text}", error.message))?;
        // As texts, so that the order of members counts.
        let (read, written) = (node.to_json().to_string(), value.to_string());
        match findings.is_empty() && read == written {
            true => Ok(()),
            false => Err(format!("reads as {read}\n{text}")),
        }
    });
}
