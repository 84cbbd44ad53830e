//! The frame of a Code Quality report of GitLab.
//!
//! GitLab drops an issue whose line is no integer, and keeps the last of those with one fingerprint:
//! https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format ·
//! https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/validators/json_schemas/codeclimate.json

use serde_json::json;

use super::place::FilePlace;
use crate::document::Json;

/// How severe an issue is, in GitLab's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QualitySeverity {
    Critical,
    Major,
    Minor,
    Info,
}

impl QualitySeverity {
    fn word(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Info => "info",
        }
    }
}

/// An issue. Without a line it is at the first one: GitLab shows an issue at a line.
pub(super) fn issue(
    code: &str,
    severity: QualitySeverity,
    description: &str,
    fingerprint: String,
    (place, folder): (&FilePlace<'_>, &str),
) -> Json {
    let line = place.region.map_or(1, |region| region.line);
    json!({
        "description": description,
        "check_name": code,
        "fingerprint": fingerprint,
        "severity": severity.word(),
        "location": { "path": place.path(folder), "lines": { "begin": line } },
    })
}
