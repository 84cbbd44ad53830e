//! The frame of a JUnit report: XML without a published schema, which Jenkins, GitLab and Azure Pipelines read.
//!
//! No reader needs a time, so none is written. GitLab drops the attributes of a `failure` that has text, so the text
//! repeats the message:
//! https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/gitlab/ci/parsers/test/junit.rb

use std::fmt::Write;

use super::visible;

/// How a case ends, from good to bad.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CaseEnd {
    #[default]
    Passed,
    Skipped,
    Failure,
    Error,
}

impl CaseEnd {
    fn element(self) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Skipped => Some("skipped"),
            Self::Failure => Some("failure"),
            Self::Error => Some("error"),
        }
    }
}

/// A pool or a file, as a test.
#[derive(Debug, Default)]
pub(super) struct TestCase {
    pub(super) name: String,
    pub(super) class: String,
    /// The file, from the root of its repository on.
    pub(super) file: Option<String>,
    pub(super) end: CaseEnd,
    /// The kind of the end: one of our words.
    pub(super) kind: String,
    /// The reasons for its end, each with lines.
    pub(super) reasons: Vec<String>,
    /// What else there is to report about it.
    pub(super) others: Vec<String>,
}

/// One suite of cases, with a line's end.
pub(super) fn suite(name: &str, cases: &[TestCase]) -> String {
    let number = |end| cases.iter().filter(|case| case.end == end).count();
    let name = attribute(name);
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.len(),
        number(CaseEnd::Failure),
        number(CaseEnd::Error),
        number(CaseEnd::Skipped)
    );
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    let _ = writeln!(out, "  <testsuite name=\"{name}\" {counts}>");
    cases.iter().for_each(|case| push_case(case, &mut out));
    out + "  </testsuite>\n</testsuites>\n"
}

fn push_case(case: &TestCase, out: &mut String) {
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\"",
        attribute(&case.class),
        attribute(&case.name)
    );
    if let Some(file) = &case.file {
        let _ = write!(out, " file=\"{}\"", attribute(file));
    }
    if case.end.element().is_none() && case.others.is_empty() {
        return out.push_str("/>\n");
    }
    out.push_str(">\n");
    if let Some(element) = case.end.element() {
        let first = case.reasons.first().and_then(|reason| reason.lines().next()).unwrap_or_default();
        let more = match case.reasons.len() {
            0 | 1 => String::new(),
            all => format!(" (and {} more)", all - 1),
        };
        let message = attribute(&format!("{first}{more}"));
        let body = content(&case.reasons.join("\n\n"));
        let kind = attribute(&case.kind);
        let _ = writeln!(out, "      <{element} message=\"{message}\" type=\"{kind}\">{body}</{element}>");
    }
    if !case.others.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", content(&case.others.join("\n\n")));
    }
    out.push_str("    </testcase>\n");
}

/// Text of several lines as the content of an element.
fn content(text: &str) -> String {
    let text = visible::escape_lines(text);
    // Jenkins, GitLab and Azure Pipelines attach the file that this names to the report.
    // https://kohsuke.org/2012/03/13/attaching-files-to-junit-tests/
    let text = text.replace("[[ATTACHMENT", "[\\u005bATTACHMENT");
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has neither, in whatever form; the controls are escaped already.
            // https://www.w3.org/TR/xml/#charsets
            '\u{fffe}' | '\u{ffff}' => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Text as the value of an attribute, on one line.
fn attribute(text: &str) -> String {
    content(&visible::escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_element_and_none_is_a_character_that_xml_lacks() {
        for (text, expected) in [
            ("a\n]]></failure><x y='&#0;'>", "a\n]]&gt;&lt;/failure&gt;&lt;x y='&amp;#0;'&gt;"),
            ("\u{0}\u{b}\u{fffe}\u{ffff}\u{10ffff}", "\\u0000\\u000b\\ufffe\\uffff\u{10ffff}"),
            ("[[ATTACHMENT|/etc/passwd]]", "[\\u005bATTACHMENT|/etc/passwd]]"),
            ("x\n::notice::y", "x\n\\u003a:notice::y"),
        ] {
            assert_eq!(content(text), expected);
        }
        assert_eq!(attribute("a\n\"b\"\t"), "a\\n&quot;b&quot;\\t");
    }

    #[test]
    fn a_suite_counts_its_cases() {
        let case = |end| TestCase { name: "n".to_owned(), end, ..TestCase::default() };
        let text = suite(
            "s",
            &[CaseEnd::Passed, CaseEnd::Skipped, CaseEnd::Failure, CaseEnd::Error, CaseEnd::Error].map(case),
        );
        assert!(text.contains("tests=\"5\" failures=\"1\" errors=\"2\" skipped=\"1\""), "{text}");
    }
}
