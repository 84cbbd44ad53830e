//! The page that GitHub Actions shows of a step.

use std::path::Path;

use crate::cli::Context;
use crate::report::{Run, markdown, printed};

/// The variable with the file that each step may add to.
///
/// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
const FILE: &str = "GITHUB_STEP_SUMMARY";

/// Adds the run to the summary of the GitHub step, if any. A failure to write it does not fail the run.
pub(in crate::cli) fn add(context: &Context, run: &Run<'_>) {
    let Some(file) = std::env::var_os(FILE).filter(|file| !file.is_empty()) else { return };
    let text = format!("\n{}", printed(&markdown::comment(run)));
    if let Err(error) = context.root.append(Path::new(&file), &text) {
        let file = file.to_string_lossy();
        context.ui.note_escaped(&format!(
            "warning: cannot write the summary to `{file}`, which {FILE} names: {error}"
        ));
    }
}
