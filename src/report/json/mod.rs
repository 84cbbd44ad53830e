//! What programs read: the plan as JSON, and the pages of `explain`.

mod pages;
mod v1;

pub use pages::pages;

use crate::document::Json;
use crate::manifest::Diagnostic;
use crate::plan::{Change, Deviation, Movement, Plan};

/// The JSON Schema of [`document`], as it is published.
pub const PLAN_SCHEMA: &str = include_str!("../../../schemas/plan.schema.json");

/// One pool of a document.
pub struct Entry<'a> {
    /// The pool's id.
    pub id: &'a str,
    /// The Region whose endpoint serves it.
    pub region: &'a str,
    /// The manifest, or the backup to restore.
    pub file: &'a str,
    /// Its plan; nothing where it could not be planned.
    pub plan: Option<&'a Plan>,
    /// How the run ended for it.
    pub end: End<'a>,
}

/// How a run ended for a pool.
#[derive(Default)]
pub struct End<'a> {
    /// One word; see [`Outcome`].
    pub outcome: Outcome,
    /// The exit code of a run over this pool alone.
    pub exit_code: u8,
    /// What failed and what to do about it.
    pub error: Option<(String, Option<String>)>,
    /// The file with the documents from before the write.
    pub backup: Option<String>,
    /// The calls that took effect, in their order.
    pub done: Vec<&'static str>,
    /// The service's id of the last write's request.
    pub request_id: Option<&'a str>,
    /// What is not, after the write, as it should be.
    pub deviations: &'a [Deviation],
    /// Members that were left out of the request on purpose, and are not what they were.
    pub fallen: &'a [Change],
    /// What has moved since the plan was made.
    pub movement: Option<&'a Movement>,
}

/// How a run ended for a pool, in one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// There is nothing to do.
    #[default]
    Unchanged,
    /// Planned: there are changes, and they can be applied.
    Update,
    /// A conflict, or a risk that nobody allows, stands in the way.
    Refused,
    /// It could not be read, or the write did not take place.
    Failed,
    /// Written and verified.
    Applied,
    /// A planned setting had moved; nothing was written.
    Stale,
    /// Written, and not, or not certainly, as planned.
    Deviates,
    /// The run stopped before its turn; nothing was written.
    NotReached,
}

impl<'a> Entry<'a> {
    /// A pool that was planned and nothing more.
    pub fn planned(plan: &'a Plan, exit_code: u8) -> Self {
        let outcome = match (plan.is_refused(), plan.changes.is_empty()) {
            (true, _) => Outcome::Refused,
            (false, false) => Outcome::Update,
            (false, true) => Outcome::Unchanged,
        };
        let (id, region, file) = (&plan.pool.id, &plan.pool.region, &plan.pool.file);
        Self { id, region, file, plan: Some(plan), end: End { outcome, exit_code, ..End::default() } }
    }
}

/// Some pools, and what is wrong with their manifests, as one document, in the newest version of the
/// format.
///
/// `tool_version` is the version of the program that writes it. A sensitive value is never part of
/// it. Within one major version of `format_version` members are added, and none goes or changes.
pub fn document(entries: &[Entry<'_>], diagnostics: &[Diagnostic], tool_version: &str) -> Json {
    // No map of these types has another key than a string, which is the one thing that can fail.
    serde_json::to_value(v1::Document::new(entries, diagnostics, tool_version)).unwrap_or_default()
}
