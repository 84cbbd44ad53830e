//! What the service demands across settings: each rule over a pool as far as it is known.
//!
//! A rule that cannot be decided says nothing. So the same rules judge a file alone, where whatever
//! it does not declare is unknown, and a pool as a plan would leave it.

mod messages;
mod mfa;
mod request;
mod rule;
mod senders;
#[cfg(test)]
mod tests;
mod tier;
mod truth;
mod view;

pub use rule::{Breach, Rule};
pub use view::View;

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::catalogue::Operation;
use crate::document::Path;

/// The rules that this pool is at odds with, for certain.
pub fn breaches(pool: &View<'_>) -> Vec<Breach> {
    documents().filter_map(|rule| rule.breach(pool)).collect()
}

/// The rules that a request itself is at odds with, beside those of the pool that comes of it.
///
/// `body` is the whole body of the request, and `live` the pool that it meets.
pub fn breaches_of_request<'a>(
    operation: Operation,
    body: &View<'_>,
    live: impl FnOnce() -> View<'a>,
) -> Vec<Breach> {
    let live = LazyCell::new(live);
    let rules = request::RULES.iter().filter(|rule| rule.operation == operation);
    let broken = rules.filter_map(|rule| Some((rule, rule.rule.breach(body)?)));
    broken.filter(|(rule, _)| rule.meets(&live)).map(|(_, breach)| breach).collect()
}

/// Whether what a change at `path` brings about cannot be judged without the MFA document.
pub fn reads_mfa(path: &Path) -> bool {
    static WEIGHED: LazyLock<Vec<&'static Path>> = LazyLock::new(|| {
        let about = documents().map(|rule| rule.about.iter().map(|setting| crate::catalogue::path(setting)));
        let weighed = about.filter(|about| about.clone().any(view::is_of_mfa)).flatten();
        weighed.collect::<BTreeSet<_>>().into_iter().collect()
    });
    WEIGHED.iter().any(|setting| setting.overlaps(path))
}

/// Whether the rules of this code are about what a pool is, and not about a request alone.
pub fn judges_documents(code: &str) -> bool {
    documents().any(|rule| rule.code == code)
}

/// Every rule. Several may share a code, where they say the same of different settings.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    documents().chain(request::RULES.iter().map(|rule| &rule.rule))
}

fn documents() -> impl Iterator<Item = &'static Rule> {
    [mfa::RULES, messages::RULES, senders::RULES, tier::RULES].into_iter().flatten()
}
