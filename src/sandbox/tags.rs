//! Tags through their own operations.

use super::answer::Refusal;
use super::state::State;
use super::{case, rules};
use crate::document::{Json, Object};

/// Adds tags. `TagResource` has no exception of its own for them. **\[M\]**
pub(super) fn add(live: &State, request: &Object) -> Result<State, Refusal> {
    let sent = request.get("Tags").and_then(Json::as_object).cloned().unwrap_or_default();
    let mut after = live.clone();
    if !after.pool.has("UserPoolTags") {
        after.pool.insert("UserPoolTags", Json::Object(Object::new()));
    }
    if let Some(Json::Object(tags)) = after.pool.get_mut("UserPoolTags") {
        tags.extend(sent.clone());
    }
    rules::tag_failure(&sent, &after).map_or(Ok(after), |message| Err(Refusal::invalid(message)))
}

/// Takes tags away; one that is not there is no error.
pub(super) fn remove(live: &State, request: &Object) -> Result<State, Refusal> {
    let mut after = live.clone();
    for key in case::strings(request, "TagKeys") {
        if key.starts_with("aws:") {
            let message = format!("aws: prefixed tag keys cannot be removed: {key}");
            return Err(Refusal::invalid(message));
        }
        if let Some(Json::Object(tags)) = after.pool.get_mut("UserPoolTags") {
            tags.shift_remove(key);
        }
    }
    Ok(after)
}
