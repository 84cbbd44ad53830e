//! For code scanning: SARIF 2.1.0.

use std::collections::HashMap;

use serde_json::json;

use super::{Notice, Weight, notices};
use crate::document::Json;
use crate::report::sarif::{log, result, rules};
use crate::report::{Run, validation};

/// One log with one run, with a line's end: one result for what is wrong with the manifests, for each finding
/// and for each change; what is the same of several pools once, with their ids among its properties.
pub fn sarif(run: &Run<'_>) -> String {
    let notices = notices(run);
    let codes = run.diagnostics.iter().map(|finding| &*finding.code);
    let codes = rules(codes.chain(notices.iter().map(|notice| notice.code)));
    let mut results: Vec<Json> =
        run.diagnostics.iter().map(|finding| validation::result(finding, &codes, run.folder)).collect();
    let mut seen: HashMap<u64, usize> = HashMap::new();
    results.extend(notices.iter().map(|notice| of(notice, &codes, run.folder, &mut seen)));
    log(&codes, results, run.tool_version)
}

fn of(notice: &Notice<'_>, codes: &[&str], folder: &str, seen: &mut HashMap<u64, usize>) -> Json {
    let level = match notice.weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Notice | Weight::Aside => "note",
    };
    let mut result = result(codes, notice.code, level, &notice.message, notice.place.as_ref(), folder);
    let path = notice.path.map(ToString::to_string);
    // Neither the line nor the values, so that a result is known again when a file grows or a pool moves.
    let file = notice.place.map_or(String::new(), |place| place.path(folder));
    let print = fnv(&format!("{}\n{file}\n{}", notice.code, path.as_deref().unwrap_or_default()));
    let number = seen.entry(print).or_default();
    *number += 1;
    // The name by which GitHub knows fingerprints; of several alike, it counts.
    result["partialFingerprints"] = json!({ "primaryLocationLineHash": format!("{print:016x}:{number}") });
    result["properties"] = json!({ "pools": notice.pools });
    if let Some(word) = notice.word {
        result["properties"]["kind"] = word.into();
    }
    if let Some(path) = path {
        result["properties"]["setting"] = path.into();
    }
    result
}

/// FNV-1a with 64 bits, which says the same on every machine and in every version.
///
/// http://www.isthe.com/chongo/tech/comp/fnv/
fn fnv(text: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
