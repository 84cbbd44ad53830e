//! For code scanning: SARIF 2.1.0.

use std::fmt::{self, Write};

use serde_json::json;

use super::{Notice, Notices, Weight};
use crate::document::Json;
use crate::document::url::without_userinfo;
use crate::report::fingerprints::ResultPrints;
use crate::report::sarif::{log, result, rules};
use crate::report::{Run, validation};

/// Writes one log with one run, with a line's end: one result for what is wrong with the manifests, for each finding
/// and for each change; what is the same of several pools once, with their ids among its properties.
///
/// # Errors
/// When `out` fails.
pub fn sarif(run: &Run<'_>, out: &mut dyn Write) -> fmt::Result {
    let notices = Notices::of(run);
    let codes = run.diagnostics.iter().map(|finding| &*finding.code);
    let codes = rules(codes.chain(notices.codes.iter().copied()));
    let mut prints = ResultPrints::default();
    let wrong = run.diagnostics.iter().map(|finding| validation::result(finding, &codes, run.folder));
    let told = notices.iter().map(|notice| of(&notice, &codes, run.folder, &mut prints));
    log(&codes, wrong.chain(told), run.tool_version, out)
}

fn of(notice: &Notice<'_>, codes: &[&str], folder: &str, prints: &mut ResultPrints) -> Json {
    let level = match notice.weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Notice | Weight::Aside => "note",
    };
    let mut result = result(codes, notice.code, level, &notice.message, notice.place.as_ref(), folder);
    let path = notice.path.map(ToString::to_string);
    let file = notice.place.map_or(String::new(), |place| place.path(folder));
    let print = prints.of(&[notice.code, &file, path.as_deref().unwrap_or_default()]);
    // The name by which GitHub knows fingerprints.
    result["partialFingerprints"] = json!({ "primaryLocationLineHash": print });
    result["properties"] = json!({ "pools": notice.pools });
    if let Some(mark) = notice.mark {
        result["properties"]["kind"] = mark.word().into();
    }
    if let Some(path) = path {
        result["properties"]["setting"] = without_userinfo(&path).into();
    }
    result
}
