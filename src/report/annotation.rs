//! Workflow commands of GitHub Actions, which show something at a line of a pull request.
//!
//! https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

use super::place::{FilePlace, Region};
use super::visible;

/// A workflow command, on a line of its own: one of `error`, `warning` and `notice`, with where it is shown
/// and under which title. Nothing in the message ends the line. `folder` is where in the repository the names
/// of files begin.
pub(super) fn command(
    word: &str,
    place: Option<&FilePlace<'_>>,
    folder: &str,
    title: &str,
    message: &str,
) -> String {
    let mut properties = Vec::new();
    if let Some(place) = place {
        properties.push(format!("file={}", property(&visible::escape(&place.path(folder)))));
        properties.extend(place.region.iter().flat_map(|region| lines(*region)));
    }
    properties.push(format!("title={}", property(title)));
    format!("::{word} {}::{}\n", properties.join(","), data(message))
}

/// Columns mean something to GitHub within one line only.
fn lines(region: Region) -> Vec<String> {
    let Region { line, column, end_line, end_column } = region;
    match end_line > line {
        true => vec![format!("line={line}"), format!("endLine={end_line}")],
        false => vec![
            format!("line={line}"),
            format!("col={column}"),
            format!("endLine={end_line}"),
            format!("endColumn={end_column}"),
        ],
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
