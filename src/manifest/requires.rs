//! `requires`: the poolctl that a file is for.

use semver::{Version, VersionReq};

use super::Diagnostic;
use super::yaml::YamlEntry;

/// What is wrong where this poolctl is not the one that a file asks for.
pub(super) fn check(entry: &YamlEntry) -> Option<Diagnostic> {
    let own = env!("CARGO_PKG_VERSION");
    let wanted = entry.value.scalar().map(|scalar| scalar.text.as_str()).unwrap_or_default();
    let origin = entry.value.origin.clone();
    let requirement = VersionReq::parse(wanted).ok().filter(|_| !wanted.trim().is_empty());
    let (Some(requirement), Ok(version)) = (requirement, Version::parse(own)) else {
        let at = if origin.span.is_empty() { entry.origin.clone() } else { origin };
        let error =
            Diagnostic::error("requires", "`requires` must be a range of versions", at, "not a range");
        return Some(error.help("write a range such as `requires: \">=1.2\"`"));
    };
    // A build on the way to a version counts as that version.
    let version = Version { pre: semver::Prerelease::EMPTY, ..version };
    (!requirement.matches(&version)).then(|| {
        let message = format!("the file requires poolctl {wanted}, and this is poolctl {own}");
        Diagnostic::error("requires", message, origin, "another version")
            .help("use a poolctl of that version")
    })
}
