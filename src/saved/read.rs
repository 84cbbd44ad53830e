//! Reading the file: what is none, or is no longer what was written, is refused with the reason.

use super::fingerprint::{digest, sum};
use super::format::PlanFile;
use super::recall::SavedPlan;
use super::unusable::Unusable;
use crate::document::json;
use crate::document::{DocumentKind, Json, utf8};
use crate::manifest::recognised;
use crate::report::json::FORMAT_VERSION;

/// Whether a file is a saved plan, or the beginning of one: then it is JSON that is cut off, and its first
/// member is a `format_version`.
pub fn is_saved(bytes: &[u8]) -> bool {
    let Some(text) = utf8(bytes) else { return false };
    let Some(rest) = text.trim_ascii_start().strip_prefix(b"{") else { return false };
    match json::parse(&text) {
        Ok(Json::Object(document)) => DocumentKind::of(&document) == Some(DocumentKind::SavedPlan),
        Ok(_) => false,
        Err(_) => rest.trim_ascii_start().starts_with(b"\"format_version\""),
    }
}

impl SavedPlan {
    /// Reads a file.
    ///
    /// # Errors
    /// When it is none, is not whole, was edited, or is of a format or with a code that this version does
    /// not know.
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        let is_plan = |kind: &DocumentKind| matches!(kind, DocumentKind::SavedPlan | DocumentKind::Output);
        if let Some((kind, pools)) = recognised(bytes).filter(|(kind, _)| !is_plan(kind)) {
            return Err(Unusable::Other(kind, pools));
        }
        let value = json::parse_file(bytes)?;
        let text = |name: &str| value.get(name).and_then(Json::as_str);
        let (Some(format), Some(tool)) = (text("format_version"), text("tool_version")) else {
            return Err(Unusable::Foreign);
        };
        if is_newer(format)? {
            return Err(Unusable::Newer { found: format.to_owned(), tool: tool.to_owned() });
        }
        if value.get("saved").is_none() && value.get("digest").is_none() {
            return Err(Unusable::NotSaved);
        }
        if text("digest") != Some(&sum(&value)) {
            return Err(Unusable::Edited);
        }
        let document: PlanFile =
            serde_json::from_value(value).map_err(|error| Unusable::Malformed(error.to_string()))?;
        let is_whole = |pool: &super::format::PoolRecord| {
            let kept = &pool.saved;
            kept.manifest_digest == digest(kept.manifest.as_bytes())
                && kept.changes.len() == pool.changes.len()
                && kept.steps.len() == pool.steps.len()
        };
        if !document.pools.iter().all(is_whole) || document.saved.labels.len() != document.diagnostics.len() {
            return Err(Unusable::Malformed("its parts do not match".to_owned()));
        }
        Self::recall(document)
    }
}

/// Whether a format is later than this version's; a minor one may hold what must not be passed over.
fn is_newer(format: &str) -> Result<bool, Unusable> {
    let parts = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let malformed = || Unusable::Malformed(format!("`{format}` is not a format version"));
    let (known, found) = (parts(FORMAT_VERSION).unwrap_or_default(), parts(format).ok_or_else(malformed)?);
    Ok(found > known)
}
