//! For GitHub Actions: workflow commands.

use std::collections::BTreeMap;

use super::{Notices, Weight, pools};
use crate::manifest::Severity;
use crate::report::Run;
use crate::report::annotation::command;
use crate::report::line::count;
use crate::report::place::FilePlace;
use crate::report::validation::message;

/// How many annotations of one kind GitHub shows of a step.
///
/// https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
const SHOWN: usize = 10;

/// One command a notice, each on a line of its own, weightiest first. Of each kind there are as many as
/// GitHub shows, and the last one says what else there is.
pub fn github(run: &Run<'_>) -> String {
    let mut kinds: BTreeMap<Weight, Vec<(String, String)>> = BTreeMap::new();
    for finding in run.diagnostics {
        let weight = if finding.severity == Severity::Error { Weight::Error } else { Weight::Warning };
        let place = FilePlace::of(finding);
        let command = command(word(weight), place.as_ref(), run.folder, &finding.code, &message(finding));
        kinds.entry(weight).or_default().push((finding.code.to_string(), command));
    }
    for notice in Notices::of(run).iter().filter(|notice| notice.weight != Weight::Aside) {
        let pools = pools(&notice.pools);
        let title =
            notice.mark.map_or(notice.code.to_owned(), |mark| format!("{} {}", mark.word(), notice.code));
        let command = command(
            word(notice.weight),
            notice.place.as_ref(),
            run.folder,
            &title,
            &format!("{}\n{pools}", notice.message),
        );
        kinds.entry(notice.weight).or_default().push((notice.code.to_owned(), command));
    }
    kinds.into_iter().map(|(weight, commands)| within_limit(weight, &commands)).collect()
}

fn word(weight: Weight) -> &'static str {
    match weight {
        Weight::Error => "error",
        Weight::Warning => "warning",
        Weight::Notice | Weight::Aside => "notice",
    }
}

/// These commands, or the first of them and one that sums up the rest.
fn within_limit(weight: Weight, commands: &[(String, String)]) -> String {
    let shown = if commands.len() > SHOWN { SHOWN - 1 } else { commands.len() };
    let (shown, rest) = commands.split_at(shown);
    let mut out: String = shown.iter().map(|(_, command)| command.as_str()).collect();
    if !rest.is_empty() {
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for (code, _) in rest {
            *codes.entry(code).or_default() += 1;
        }
        let codes: Vec<String> = codes.iter().map(|(code, number)| format!("{code} ({number})")).collect();
        let number = count(rest.len(), &format!("more {}", word(weight)));
        out.push_str(&command(word(weight), None, "", "poolctl", &format!("{number}: {}", codes.join(", "))));
    }
    out
}
