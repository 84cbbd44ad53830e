//! Log delivery: where a pool's logs go, one entry for each event source.

use std::collections::HashSet;

use serde_json::json;

use super::answer::Refusal;
use super::case::Case;
use super::singles::SingleRow;
use super::state::Single;
use super::tiers;
use crate::document::{Json, Object};

/// Log delivery: a list that is replaced whole. **\[L\]**
pub(super) const LOG_DELIVERY: SingleRow = SingleRow {
    single: Single::LogDelivery,
    operations: ["GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration"],
    wrapper: Some("LogDeliveryConfiguration"),
    is_dated: false,
    kept: |_| {},
    off: |_| None,
    shown,
    rules: &[one_entry_with_a_destination, level_and_destination, log_group_in_region, activity_needs_plus],
};

/// The list of entries, one for each event source.
const ENTRIES: &str = "LogConfigurations";

/// Each event source, its level, and the destinations that it does not have. They are documented **\[D\]**, and a user reports
/// the refusals without their words **\[R\]**. An event source newer than these is not judged.
const SOURCES: [(&str, &str, &[&str]); 2] = [
    ("userNotification", "ERROR", &["S3Configuration", "FirehoseConfiguration"]),
    (tiers::ACTIVITY, "INFO", &[]),
];

/// Every read has the list **\[L\]**, in an order that is not fixed **\[R\]**: here by the names of the event sources, from
/// the last to the first. So a caller that compares entries by position fails here too.
fn shown(document: &mut Object) {
    let entries = document.entry(ENTRIES).or_insert_with(|| json!([]));
    if let Json::Array(entries) = entries {
        entries.sort_by(|one, other| source(other).cmp(source(one)));
    }
}

fn entries(document: &Object) -> impl Iterator<Item = &Json> {
    document.get(ENTRIES).and_then(Json::as_array).into_iter().flatten()
}

fn source(entry: &Json) -> &str {
    entry.get("EventSource").and_then(Json::as_str).unwrap_or_default()
}

/// One message for both complaints, each with the event sources that it is about. **\[L\]**
fn one_entry_with_a_destination(case: &Case<'_>) -> Option<Refusal> {
    let mut seen = HashSet::new();
    let without = entries(case.request).filter(|entry| !has_destination(entry)).map(source).collect();
    let twice = entries(case.request).map(source).filter(|source| !seen.insert(*source)).collect();
    let complaint = |words: &str, mut sources: Vec<&str>| {
        // A request has two entries at most.
        sources.dedup();
        if sources.is_empty() { String::new() } else { format!(" {words}: [{}].", sources.join(", ")) }
    };
    let without = complaint("Following event sources in request have no destination", without);
    // The service's own spelling.
    let twice = complaint("Following event sources appear more then once in a request", twice);
    let complaints = without + &twice;
    (!complaints.is_empty()).then(|| Refusal::invalid(format!("Request validation Failed.{complaints}")))
}

/// Any member beside the level and the source is a destination, also one without an ARN, or one newer than the
/// model. **\[I\]**
fn has_destination(entry: &Json) -> bool {
    let mut members = entry.as_object().into_iter().flat_map(Object::keys);
    members.any(|name| !matches!(name.as_str(), "LogLevel" | "EventSource"))
}

/// Whether each event source has its own level and destinations; wording **\[I\]**.
fn level_and_destination(case: &Case<'_>) -> Option<Refusal> {
    entries(case.request).find_map(|entry| {
        let (name, own, lacking) = SOURCES.iter().find(|(name, ..)| *name == source(entry))?;
        let level = entry.get("LogLevel").and_then(Json::as_str).filter(|level| level != own);
        let subject = level.map(|level| (format!("LogLevel {level}"), format!(" Use {own}.")));
        let destination =
            || Some((lacking.iter().find(|to| entry.get(**to).is_some())?.to_string(), String::new()));
        let (what, help) = subject.or_else(destination)?;
        Some(Refusal::invalid(format!("{what} is not supported for the event source {name}.{help}")))
    })
}

/// **\[L\]** for log groups. The Region of a stream is not checked: it was never measured.
fn log_group_in_region(case: &Case<'_>) -> Option<Refusal> {
    let groups = entries(case.request)
        .filter_map(|entry| entry.get("CloudWatchLogsConfiguration")?.get("LogGroupArn")?.as_str());
    let mut regions = groups.filter_map(|arn| arn.split(':').nth(3));
    regions
        .any(|region| region != case.region)
        .then(|| Refusal::invalid("ARN does not belong to current region"))
}

/// **\[L\]** the words, **\[M\]** the exception.
fn activity_needs_plus(case: &Case<'_>) -> Option<Refusal> {
    tiers::unavailable(case, &["LITE", "ESSENTIALS"], tiers::STREAMING)
        .filter(|_| tiers::exports_activity(case.after))
}
