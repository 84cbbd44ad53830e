//! The format of the file: the parts of the JSON plan that are read back, and the members `saved`.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::fingerprint::Fingerprint;
use super::places::Places;
use crate::document::{Json, Object, Path};
use crate::plan::{Form, Surrounding};
use crate::rules::house::BrokenRule;

/// The member `saved` of the document.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    /// When the plan was made, in RFC 3339.
    pub(super) created: String,
    /// Whether the pools are an embedded sandbox's.
    pub(super) sandbox: bool,
    /// The endpoint in place of Amazon's, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) endpoint: Option<String>,
    /// The digest of the API model, where it was not the one that is built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) api_model: Option<String>,
    /// What became of live members that the model does not know.
    pub(super) unknown: UnknownRecord,
    /// What the command line let through, each as `--allow` takes it.
    pub(super) allow: Vec<String>,
    /// Whether the plan is refused because some pools have no manifest any more.
    #[serde(default)]
    pub(super) gone_refuses: bool,
    /// What the warnings of the manifests point at, and the word for each place.
    pub(super) places: Places,
    pub(super) labels: Vec<String>,
    /// What every fingerprint begins with; random.
    pub(super) salt: String,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnknownRecord {
    Echo,
    Omit,
    Stop,
}

/// The member `saved` of a pool.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kept {
    /// The account, as the pool's own ARN says; of a new pool, as its manifest says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    /// The resolved manifest; secrets are references in it.
    pub(super) manifest: String,
    pub(super) manifest_digest: String,
    /// The secrets that an apply looks up.
    pub(super) secrets: Vec<String>,
    /// What the JSON plan does not say of each change, in its order.
    pub(super) changes: Vec<Mark>,
    /// What each call changes, as far as it is printed.
    pub(super) steps: Vec<Vec<Stepped>>,
    pub(super) surroundings: Vec<Around>,
    /// The live members that stay out of the requests.
    pub(super) left_out: Vec<PathText>,
    /// What was planned and judged of the manifest; everything if it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) only: Vec<String>,
    /// The fingerprints of the other live settings, sensitive ones left out.
    pub(super) others: BTreeMap<String, Fingerprint>,
    pub(super) places: Places,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mark {
    pub(super) form: FormName,
    /// Of the live value and the wanted one, both together.
    pub(super) fingerprint: Fingerprint,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FormName {
    // Plans that an earlier version saved say `entry` of a tag.
    #[serde(alias = "entry")]
    Value,
    Set,
    Document,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stepped {
    pub(super) path: PathText,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub(super) after: Option<Json>,
    /// Whether it goes; a sensitive value that stays is not shown either.
    pub(super) removed: bool,
    pub(super) sensitive: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Around {
    path: PathText,
    before: bool,
    after: bool,
    unchanged: usize,
}

/// The JSON plan as far as it is read back.
#[derive(Debug, Deserialize)]
pub(super) struct PlanFile {
    pub(super) tool_version: String,
    pub(super) summary: Summary,
    pub(super) diagnostics: Vec<DiagnosticRecord>,
    pub(super) saved: Frame,
    pub(super) digest: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Summary {
    /// How many pools have no manifest any more.
    #[serde(default)]
    pub(super) gone: usize,
}

#[derive(Debug, Deserialize)]
pub(super) struct DiagnosticRecord {
    pub(super) severity: String,
    pub(super) code: String,
    pub(super) text: String,
    pub(super) help: Option<String>,
    pub(super) file: Option<String>,
    pub(super) source: Option<SourceRecord>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PoolRecord {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: String,
    #[serde(default)]
    pub(super) new: bool,
    pub(super) file: String,
    pub(super) changes: Vec<ChangeRecord>,
    pub(super) findings: Vec<FindingRecord>,
    pub(super) steps: Vec<StepRecord>,
    pub(super) unmanaged: usize,
    pub(super) planned_values: Option<Object>,
    pub(super) saved: Kept,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChangeRecord {
    pub(super) path_text: PathText,
    pub(super) action: ActionRecord,
    #[serde(default, deserialize_with = "present")]
    pub(super) before: Option<Json>,
    #[serde(default, deserialize_with = "present")]
    pub(super) after: Option<Json>,
    #[serde(default)]
    pub(super) masked: Vec<Json>,
    pub(super) sensitive: bool,
    pub(super) direction: Option<String>,
    pub(super) source: Option<SourceRecord>,
    pub(super) template: Option<SourceRecord>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionRecord {
    Add,
    Update,
    Remove,
}

#[derive(Debug, Deserialize)]
pub(super) struct FindingRecord {
    pub(super) level: String,
    pub(super) code: String,
    pub(super) path_text: Option<PathText>,
    pub(super) text: String,
    pub(super) help: Option<String>,
    pub(super) source: Option<SourceRecord>,
    #[serde(default)]
    pub(super) blocking: bool,
    pub(super) allowed_by: Option<AllowedByRecord>,
    pub(super) rule: Option<RuleRecord>,
    pub(super) acknowledged: Option<AcknowledgedRecord>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RuleRecord {
    name: String,
    file: String,
    line: usize,
    requires: String,
    reason: Option<String>,
}

impl From<RuleRecord> for BrokenRule {
    fn from(RuleRecord { name, file, line, requires, reason }: RuleRecord) -> Self {
        Self { name, file, line, requires, reason }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct AcknowledgedRecord {
    pub(super) source: SourceRecord,
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct AllowedByRecord {
    pub(super) flag: Option<String>,
    pub(super) source: Option<SourceRecord>,
    #[serde(default)]
    pub(super) reason: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct StepRecord {
    pub(super) operation: String,
    /// The document with a label that the call is about.
    pub(super) resource: Option<PathText>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SourceRecord {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A path as it is written; nothing is the document itself.
#[derive(Clone, Debug)]
pub(super) struct PathText(pub(super) Path);

impl Serialize for PathText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for PathText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match text.is_empty() {
            true => Ok(Self(Path::root())),
            false => text.parse().map(Self).map_err(serde::de::Error::custom),
        }
    }
}

/// A member that is `null` is there.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}

impl From<Form> for FormName {
    fn from(form: Form) -> Self {
        match form {
            Form::Value => Self::Value,
            Form::Set => Self::Set,
            Form::Document => Self::Document,
        }
    }
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Self {
        match name {
            FormName::Value => Self::Value,
            FormName::Set => Self::Set,
            FormName::Document => Self::Document,
        }
    }
}

impl From<&Surrounding> for Around {
    fn from(Surrounding { path, before, after, unchanged, at_default: _ }: &Surrounding) -> Self {
        Self { path: PathText(path.clone()), before: *before, after: *after, unchanged: *unchanged }
    }
}

impl From<Around> for Surrounding {
    fn from(Around { path, before, after, unchanged }: Around) -> Self {
        // Only a drift shows defaults, and no drift is saved.
        Self { path: path.0, before, after, unchanged, at_default: 0 }
    }
}

impl From<crate::catalogue::Unknown> for UnknownRecord {
    fn from(unknown: crate::catalogue::Unknown) -> Self {
        match unknown {
            crate::catalogue::Unknown::Echo => Self::Echo,
            crate::catalogue::Unknown::Omit => Self::Omit,
            crate::catalogue::Unknown::Stop => Self::Stop,
        }
    }
}

impl From<UnknownRecord> for crate::catalogue::Unknown {
    fn from(unknown: UnknownRecord) -> Self {
        match unknown {
            UnknownRecord::Echo => Self::Echo,
            UnknownRecord::Omit => Self::Omit,
            UnknownRecord::Stop => Self::Stop,
        }
    }
}
