use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use super::Origin;

/// How bad a finding in a manifest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The manifest can be used.
    Warning,
    /// The manifest cannot be used.
    Error,
}

/// The most findings that are kept of one manifest: a small file can have a hundred thousand, each with
/// a search for what was meant, and nobody reads them.
pub const MAX_FINDINGS: usize = 200;

/// One thing that is wrong with a manifest: what, where, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name for this kind of finding.
    pub code: Cow<'static, str>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The file that it is about, for a finding without a place.
    pub file: Option<String>,
    /// Where it stands, with a word for the place itself.
    pub label: Option<(Origin, String)>,
    /// A second place that has to do with it.
    pub related: Option<(Origin, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// The places whose text must not be shown, in whatever file of the manifest.
    pub hidden: Arc<[Origin]>,
}

impl Diagnostic {
    /// An error at a place, with a word for the place itself.
    pub fn error(
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
        at: Origin,
        label: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: message.into(),
            file: None,
            label: Some((at, label.into())),
            related: None,
            help: None,
            hidden: Arc::default(),
        }
    }

    /// An error of a file as a whole.
    pub fn of_file(code: impl Into<Cow<'static, str>>, file: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: message.into(),
            file: Some(file.to_owned()),
            label: None,
            related: None,
            help: None,
            hidden: Arc::default(),
        }
    }

    /// The file that it is about.
    pub fn file(&self) -> Option<&str> {
        let place = self.label.as_ref().map(|(origin, _)| origin.source.name.as_str());
        place.or(self.file.as_deref())
    }

    /// Adds this to what is wrong with one manifest, unless that is [`MAX_FINDINGS`] already: then one
    /// error says so, whatever still comes.
    pub fn add_to(self, findings: &mut Vec<Self>) {
        if findings.len() < MAX_FINDINGS {
            findings.push(self);
        } else if findings.len() == MAX_FINDINGS {
            let file = self.file().unwrap_or_default().to_owned();
            let message = format!("there are more than {MAX_FINDINGS} errors; only these are shown");
            findings.push(
                Self::of_file("and-more", &file, message).help("correct these, and run the command again"),
            );
        }
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// The same with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with a second place.
    #[must_use]
    pub fn related(mut self, at: Origin, label: impl Into<String>) -> Self {
        self.related = Some((at, label.into()));
        self
    }

    /// The same with a second place, unless it has one.
    #[must_use]
    pub fn or_related(self, at: &Origin, label: &str) -> Self {
        if self.related.is_some() { self } else { self.related(at.clone(), label) }
    }
}

/// The findings of several manifests by file, and in it by place. A finding in a file that several
/// manifests share is printed once.
pub fn in_order(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fn place(finding: &Diagnostic) -> Option<(usize, usize)> {
        finding.label.as_ref().map(|(origin, _)| (origin.span.start, origin.span.end))
    }
    findings.sort_by(|a, b| (a.file(), place(a)).cmp(&(b.file(), place(b))));
    let mut told = HashSet::new();
    findings.retain(|finding| {
        let file = finding.file().map(str::to_owned);
        told.insert((file, place(finding), finding.code.clone(), finding.message.clone()))
    });
    findings
}

#[cfg(test)]
mod tests {
    use super::super::SourceText;
    use super::*;

    #[test]
    fn findings_stand_by_file_and_place_and_a_shared_one_once() {
        let file =
            |name: &str| Arc::new(SourceText::new(name.to_owned(), "settings: { A: 1, B: 2 }".to_owned()));
        let at = |name, span| Diagnostic::error("type", "wrong", Origin { source: file(name), span }, "here");
        let whole = |name: &str| Diagnostic::of_file("version", name, "none");
        let found = vec![
            at("b.yaml", 18..19),
            at("base.yaml", 12..13),
            at("b.yaml", 12..13),
            at("base.yaml", 12..13),
            whole("b.yaml"),
            at("a.yaml", 12..13),
        ];
        let told: Vec<String> = in_order(found)
            .iter()
            .map(|finding| match &finding.label {
                Some((origin, _)) => origin.to_string(),
                None => finding.file().unwrap().to_owned(),
            })
            .collect();
        assert_eq!(told, ["a.yaml:1:13", "b.yaml", "b.yaml:1:13", "b.yaml:1:19", "base.yaml:1:13"]);
    }
}
