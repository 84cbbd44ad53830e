//! The page that GitHub Actions shows of a step.

use std::fs::OpenOptions;
use std::io::Write as _;

use super::Context;
use crate::report::{Run, escape, markdown, printed};

/// The variable with the file that each step may add to.
///
/// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
const FILE: &str = "GITHUB_STEP_SUMMARY";

/// Adds the run, as a comment would tell it, to the step's page, where there is one. A page that cannot be
/// written costs nobody the run.
pub(super) fn add(context: &Context, run: &Run<'_>) {
    let Some(file) = std::env::var_os(FILE).filter(|file| !file.is_empty()) else { return };
    let text = format!("\n{}", printed(&markdown::comment(run)));
    // Nobody may read a pipe, and to open one waits for whoever does.
    let is_other = std::fs::metadata(&file).is_ok_and(|found| !found.is_file());
    let opened = match is_other {
        true => Err(std::io::Error::other("it is no regular file")),
        false => OpenOptions::new().create(true).append(true).open(&file),
    };
    if let Err(error) = opened.and_then(|mut file| file.write_all(text.as_bytes())) {
        let file = file.to_string_lossy();
        context
            .ui
            .note(&escape(&format!("warning: {FILE} names `{file}`, which cannot be written: {error}")));
    }
}
