//! Messages as lines of JSON.

use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::document::Object;
use crate::document::url::without_userinfo;
use crate::report;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum LogLevel {
    Error,
    Warning,
    Info,
    Debug,
}

impl LogLevel {
    /// The level that a text for people begins with, and the rest of it.
    pub(in crate::cli) fn of(text: &str) -> (Self, &str) {
        let words = [("error: ", Self::Error), ("warning: ", Self::Warning), ("note: ", Self::Info)];
        let found = words.into_iter().find_map(|(word, level)| Some((level, text.strip_prefix(word)?)));
        found.unwrap_or((Self::Info, text))
    }
}

/// One line, with the fields of the call that it is about. `text` may have several lines.
pub(in crate::cli) fn line(
    level: LogLevel,
    text: &str,
    help: Option<&str>,
    of: Object,
    now: OffsetDateTime,
) -> String {
    let mut line = Object::new();
    line.insert("level".to_owned(), json!(level));
    line.insert("time".to_owned(), now.format(&Rfc3339).unwrap_or_default().into());
    line.insert("message".to_owned(), without_userinfo(text.trim_matches('\n').trim_end()).into());
    line.extend(help.map(|help| ("help".to_owned(), json!(without_userinfo(help)))));
    line.extend(of);
    report::json_line(&line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_text_of_any_number_of_lines_is_one_line() {
        let now = datetime!(2026-11-23 05:36:44 UTC);
        let text = line(LogLevel::Error, "\nno \"such\"\n  pool\n", Some("say which"), Object::new(), now);
        let url = line(LogLevel::Info, "//u:pw@h", Some("//u:pw@h"), Object::new(), now);
        assert!(url.contains("//h") && !url.contains("pw"), "{url}");
        assert_eq!(
            text,
            r#"{"level":"error","time":"2026-11-23T05:36:44Z","message":"no \"such\"\n  pool","help":"say which"}"#
                .to_owned()
                + "\n"
        );
    }

    #[test]
    fn a_text_says_its_level_as_people_read_it() {
        for (text, expected) in [
            ("error: it failed", (LogLevel::Error, "it failed")),
            ("warning: beware", (LogLevel::Warning, "beware")),
            ("note: by the way", (LogLevel::Info, "by the way")),
            ("backup b.json", (LogLevel::Info, "backup b.json")),
        ] {
            assert_eq!(LogLevel::of(text), expected);
        }
    }
}
