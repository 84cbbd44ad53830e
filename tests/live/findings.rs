//! What was expected, what was found, and the table of it.

use std::cell::RefCell;
use std::fmt;

use poolctl::document::Json;
use serde_json::json;

use crate::wire::Failure;

/// What the sandbox would do, in words, and by which of its rules.
#[derive(Clone)]
pub(crate) struct Expected {
    /// As the documentation has it.
    pub(crate) documented: String,
    /// As people have measured it.
    pub(crate) measured: String,
    /// The table or function of `src/sandbox`, and its evidence.
    pub(crate) rule: String,
}

/// The same, whatever omitted members fall to.
pub(crate) fn expect(text: impl Into<String>, rule: impl Into<String>) -> Expected {
    let text = text.into();
    Expected { documented: text.clone(), measured: text, rule: rule.into() }
}

/// What came of an experiment: what was seen, or why nothing was.
pub(crate) type Found = Result<String, String>;

/// One experiment.
pub(crate) struct Finding {
    pub(crate) experiment: &'static str,
    pub(crate) sent: String,
    pub(crate) expected: Expected,
    pub(crate) found: Found,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    AsExpected,
    AsDocumented,
    AsMeasured,
    Differs,
    NotMeasured,
}

impl Finding {
    pub(crate) fn verdict(&self) -> Verdict {
        let Ok(found) = &self.found else { return Verdict::NotMeasured };
        match (*found == self.expected.documented, *found == self.expected.measured) {
            (true, true) => Verdict::AsExpected,
            (true, false) => Verdict::AsDocumented,
            (false, true) => Verdict::AsMeasured,
            (false, false) => Verdict::Differs,
        }
    }
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Self::AsExpected => "as expected",
            Self::AsDocumented => "as documented",
            Self::AsMeasured => "as measured",
            Self::Differs => "DIFFERS",
            Self::NotMeasured => "not measured",
        }
    }
}

/// The findings as they come in.
#[derive(Default)]
pub(crate) struct Findings(RefCell<Vec<Finding>>);

impl Findings {
    pub(crate) fn add(
        &self,
        experiment: &'static str,
        sent: impl Into<String>,
        expected: Expected,
        found: Found,
    ) {
        self.0.borrow_mut().push(Finding { experiment, sent: sent.into(), expected, found });
    }

    pub(crate) fn take(&self) -> Vec<Finding> {
        self.0.take()
    }
}

/// What an answer says: a refusal is a finding too, a broken line is none.
pub(crate) fn answered<T>(answer: Result<T, Failure>, shown: impl FnOnce(T) -> String) -> Found {
    match answer {
        Ok(value) => Ok(shown(value)),
        Err(refusal @ Failure::Refused { .. }) => Ok(refusal.to_string()),
        Err(failure) => Err(failure.to_string()),
    }
}

/// All that a measurement has to tell.
#[derive(Default)]
pub(crate) struct Report {
    /// Where and when: Regions and years differ.
    pub(crate) region: String,
    pub(crate) date: String,
    pub(crate) findings: Vec<Finding>,
    /// The pools that could not be deleted.
    pub(crate) left: Vec<String>,
    /// The experiments for which no pool could be made.
    pub(crate) missing: Vec<String>,
    /// What no output may show, and what stands for it.
    pub(crate) hidden: Vec<(String, &'static str)>,
}

impl Report {
    fn clean(&self, text: &str) -> String {
        let hide = |text: String, (secret, name): &(String, &str)| text.replace(secret, name);
        self.hidden.iter().filter(|(secret, _)| !secret.is_empty()).fold(text.to_owned(), hide)
    }

    /// The findings, for carrying them over.
    pub(crate) fn json(&self) -> Json {
        let findings = self.findings.iter().map(|finding| {
            json!({
                "experiment": finding.experiment,
                "sent": self.clean(&finding.sent),
                "documented": self.clean(&finding.expected.documented),
                "measured": self.clean(&finding.expected.measured),
                "rule": finding.expected.rule,
                "found": finding.found.as_ref().ok().map(|found| self.clean(found)),
                "why_not": finding.found.as_ref().err().map(|reason| self.clean(reason)),
                "verdict": finding.verdict().words(),
            })
        });
        json!({
            "region": self.region,
            "date": self.date,
            "findings": findings.collect::<Vec<_>>(),
            "left": self.left,
            "missing": self.missing.iter().map(|note| self.clean(note)).collect::<Vec<_>>(),
        })
    }

    fn row(&self, finding: &Finding) -> [String; 5] {
        let Expected { documented, measured, rule } = &finding.expected;
        let found = finding.found.as_ref().unwrap_or_else(|reason| reason);
        [
            finding.experiment.to_owned(),
            cut(&self.clean(&finding.sent), 64),
            finding.verdict().words().to_owned(),
            cut(&self.clean(found), 72),
            match finding.verdict() {
                Verdict::AsDocumented => format!("measured: {}; {rule}", cut(&self.clean(measured), 48)),
                Verdict::AsMeasured => format!("documented: {}; {rule}", cut(&self.clean(documented), 48)),
                _ => rule.clone(),
            },
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = ["experiment", "sent", "verdict", "found", "rule of the sandbox"].map(str::to_owned);
        let rows: Vec<[String; 5]> =
            std::iter::once(head).chain(self.findings.iter().map(|finding| self.row(finding))).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..4).map(width).collect();
        for row in &rows {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            writeln!(f, "{}  {}", cells.collect::<Vec<_>>().join("  "), row[4])?;
        }
        let differs = self.findings.iter().filter(|finding| finding.verdict() == Verdict::Differs);
        for finding in differs {
            let found = finding.found.as_ref().unwrap_or_else(|reason| reason);
            writeln!(f, "\n{}: {}", finding.experiment, self.clean(&finding.sent))?;
            let Expected { documented, measured, rule } = &finding.expected;
            writeln!(f, "  documented  {}", self.clean(documented))?;
            writeln!(f, "  measured    {}", self.clean(measured))?;
            writeln!(f, "  found       {}", self.clean(found))?;
            writeln!(f, "  rule        {rule}")?;
        }
        let notes = self.missing.iter().map(|note| format!("not measured: {note}"));
        for note in notes.chain(self.left.iter().cloned()) {
            writeln!(f, "\n{}", self.clean(&note))?;
        }
        Ok(())
    }
}

/// The first `length` characters, with a sign that there were more.
fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
