//! Log delivery: a list that is replaced whole, and the rules that go with it.

use serde_json::json;

use super::answer::Refusal;
use super::case::{Case, text};
use super::state::State;
use crate::document::{Json, Object};

/// What the service calls the export of user activity. **\[L\]**
pub(super) const FEATURE: &str = "Log Streaming";

/// The list of entries, one for each event source.
const ENTRIES: &str = "LogConfigurations";

/// The event source of user activity.
const ACTIVITY: &str = "userAuthEvents";

/// What an event source takes.
struct EventSource {
    name: &'static str,
    level: &'static str,
    /// The destinations that it does not have.
    lacking: &'static [&'static str],
}

/// Levels and destinations are documented **\[D\]**, and a user reports the refusals without their words **\[R\]**.
/// An event source newer than these is not judged.
const SOURCES: &[EventSource] = &[
    EventSource {
        name: "userNotification",
        level: "ERROR",
        lacking: &["S3Configuration", "FirehoseConfiguration"],
    },
    EventSource { name: ACTIVITY, level: "INFO", lacking: &[] },
];

/// The pool after `SetLogDeliveryConfiguration`: the list is the request's. **\[L\]**
pub(super) fn set(live: &State, request: &Object) -> State {
    let mut delivery = request.clone();
    delivery.shift_remove("UserPoolId");
    State { log_delivery: Some(delivery), ..live.clone() }
}

/// What both calls answer. The list is there even if nobody has set it. **\[L\]**
///
/// The order on read is not fixed **\[R\]**: entries come back by the names of their event sources, from the last
/// to the first, in whichever order they were set. So a caller that compares entries by position fails here too.
pub(super) fn answer(pool_id: &str, state: &State) -> Json {
    let mut document = of_pool(pool_id, &state.log_delivery.clone().unwrap_or_default());
    if let Some(Json::Array(entries)) = document.get_mut(ENTRIES) {
        entries.sort_by(|one, other| source(other).cmp(source(one)));
    }
    json!({"LogDeliveryConfiguration": document})
}

/// The document as a pool's file has it: with the pool's id, and a list in any case.
pub(super) fn of_pool(pool_id: &str, delivery: &Object) -> Object {
    let mut document = Object::new();
    document.insert("UserPoolId".to_owned(), json!(pool_id));
    document.extend(delivery.clone());
    document.entry(ENTRIES).or_insert_with(|| json!([]));
    document
}

/// The document without the pool's id, out of an answer of `GetLogDeliveryConfiguration`, its member, or a
/// request of `SetLogDeliveryConfiguration`.
///
/// # Errors
/// What is wrong with it, in words that follow the file's name.
pub(super) fn saved(document: Json, pool_id: &str) -> Result<Object, String> {
    let inner = match document {
        Json::Object(mut members) => match members.shift_remove("LogDeliveryConfiguration") {
            Some(inner) => inner,
            None => Json::Object(members),
        },
        other => other,
    };
    let mut delivery = match inner {
        Json::Object(delivery) if delivery.contains_key(ENTRIES) => delivery,
        _ => return Err("its log delivery has no `LogConfigurations`".to_owned()),
    };
    match delivery.shift_remove("UserPoolId") {
        Some(other) if other != pool_id => {
            Err(format!("its log delivery is of the pool {}", other.as_str().unwrap_or_default()))
        }
        _ => Ok(delivery),
    }
}

/// Whether a pool exports the activity of its users.
pub(super) fn exports_activity(state: &State) -> bool {
    let entries = state.log_delivery.as_ref().map(entries);
    entries.is_some_and(|mut entries| entries.any(|entry| source(entry) == ACTIVITY))
}

fn entries(document: &Object) -> impl Iterator<Item = &Json> {
    document.get(ENTRIES).and_then(Json::as_array).into_iter().flatten()
}

fn source(entry: &Json) -> &str {
    entry.get("EventSource").and_then(Json::as_str).unwrap_or_default()
}

/// One message for both complaints, each with the event sources that it is about. **\[L\]**
pub(super) fn one_entry_with_a_destination(case: &Case<'_>) -> Option<Refusal> {
    let (mut seen, mut without, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for entry in entries(case.request) {
        let source = source(entry);
        if !has_destination(entry) {
            add(&mut without, source);
        }
        if !add(&mut seen, source) {
            add(&mut twice, source);
        }
    }
    let complaints: String = [
        ("Following event sources in request have no destination", without),
        // The service's own spelling.
        ("Following event sources appear more then once in a request", twice),
    ]
    .into_iter()
    .filter(|(_, sources)| !sources.is_empty())
    .map(|(complaint, sources)| format!(" {complaint}: [{}].", sources.join(", ")))
    .collect();
    (!complaints.is_empty()).then(|| Refusal::invalid(format!("Request validation Failed.{complaints}")))
}

/// Adds a text that is not there yet; `false` if it is.
fn add<'a>(texts: &mut Vec<&'a str>, text: &'a str) -> bool {
    let new = !texts.contains(&text);
    if new {
        texts.push(text);
    }
    new
}

/// Any member beside the level and the source is a destination, also one without an ARN, or one newer than the
/// model. **\[I\]**
fn has_destination(entry: &Json) -> bool {
    let mut members = entry.as_object().into_iter().flat_map(Object::keys);
    members.any(|name| !matches!(name.as_str(), "LogLevel" | "EventSource"))
}

/// Whether each event source has its own level; wording **\[I\]**.
pub(super) fn level_of_source(case: &Case<'_>) -> Option<Refusal> {
    judged(case).find_map(|(row, entry)| {
        let level = entry.get("LogLevel").and_then(Json::as_str)?;
        (level != row.level).then(|| {
            Refusal::invalid(format!(
                "LogLevel {level} is not supported for the event source {}. Use {}.",
                row.name, row.level
            ))
        })
    })
}

/// Whether each event source has a destination of its own; wording **\[I\]**.
pub(super) fn destination_of_source(case: &Case<'_>) -> Option<Refusal> {
    judged(case).find_map(|(row, entry)| {
        let wrong = row.lacking.iter().find(|name| entry.get(**name).is_some())?;
        Some(Refusal::invalid(format!("{wrong} is not supported for the event source {}.", row.name)))
    })
}

/// The entries of a request with the row of their event source.
fn judged<'a>(case: &'a Case<'_>) -> impl Iterator<Item = (&'static EventSource, &'a Json)> {
    entries(case.request)
        .filter_map(|entry| Some((SOURCES.iter().find(|row| row.name == source(entry))?, entry)))
}

/// **\[L\]** for log groups. The Region of a stream is not judged: nobody has measured it.
pub(super) fn log_group_in_region(case: &Case<'_>) -> Option<Refusal> {
    let elsewhere = entries(case.request).any(|entry| {
        let group = entry.get("CloudWatchLogsConfiguration").and_then(|group| group.get("LogGroupArn"));
        let region = group.and_then(Json::as_str).and_then(|arn| arn.split(':').nth(3));
        region.is_some_and(|region| region != case.region)
    });
    elsewhere.then(|| Refusal::invalid("ARN does not belong to current region"))
}

/// **\[L\]** the words, **\[M\]** the exception. A pool without a tier is an old one: not judged.
pub(super) fn activity_needs_plus(case: &Case<'_>) -> Option<Refusal> {
    let tier =
        text(&case.after.pool, "UserPoolTier").filter(|tier| matches!(*tier, "LITE" | "ESSENTIALS"))?;
    exports_activity(case.after).then(|| {
        Refusal::new(
            "FeatureUnavailableInTierException",
            format!(
                "The following feature is not available for the {tier} pricing tier configured: {FEATURE}"
            ),
        )
    })
}
