//! The sessions of a pool.

use serde_json::json;

use super::answer::Refusal;
use super::case::{Case, text};
use super::singles::SingleRow;
use super::state::Single;
use super::tiers;
use crate::document::Object;

/// Sessions: a request has every member **\[M\]**, and a read has them even if no call has set them. **\[D\]**
pub(super) const SESSIONS: SingleRow = SingleRow {
    single: Single::Sessions,
    operations: ["GetUserPoolSessionConfiguration", "SetUserPoolSessionConfiguration"],
    wrapper: None,
    is_dated: false,
    kept: |_| {},
    off: |_| None,
    shown,
    rules: &[tracked_on_lite],
};

fn shown(document: &mut Object) {
    document.entry("UserSessionTracking").or_insert_with(|| json!("DISABLED"));
    document.entry("TokenSession").or_insert_with(|| json!({"MaxPerUser": 20}));
}

/// The exception **\[M\]**, the tier **\[D\]**, the words **\[I\]**.
fn tracked_on_lite(case: &Case<'_>) -> Option<Refusal> {
    tiers::unavailable(case, &["LITE"], "User Session Tracking")
        .filter(|_| text(case.request, "UserSessionTracking") == Some("ENABLED"))
}
