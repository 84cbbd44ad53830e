//! Where the platform that runs a job shows the files of its commit.

use std::sync::LazyLock;

use crate::report::SourceLinks;

/// A platform: a variable that it sets in every job, the URL of a file up to its path, and what leads to a line.
type PlatformRow = (&'static str, &'static str, &'static str);

/// https://docs.github.com/en/actions/reference/workflows-and-actions/variables ·
/// https://docs.gitlab.com/ci/variables/predefined_variables/ ·
/// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
const PLATFORMS: [PlatformRow; 3] = [
    ("GITHUB_ACTIONS", "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/blob/{GITHUB_SHA}", "#L"),
    ("GITLAB_CI", "{CI_PROJECT_URL}/-/blob/{CI_COMMIT_SHA}", "#L"),
    (
        "BITBUCKET_BUILD_NUMBER",
        "https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/src/{BITBUCKET_COMMIT}",
        "#lines-",
    ),
];

/// The links of the job that this process is part of; `None` if it is part of none.
pub(in crate::cli) fn links() -> Option<&'static SourceLinks> {
    static LINKS: LazyLock<Option<SourceLinks>> = LazyLock::new(|| found(|name| std::env::var(name).ok()));
    LINKS.as_ref()
}

fn found(variable: impl Fn(&str) -> Option<String>) -> Option<SourceLinks> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let (_, base, line) = PLATFORMS.iter().find(|(name, ..)| variable(name).is_some())?;
    let mut parts = base.split('{');
    let mut url = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        url += &variable(name)?;
        url += rest;
    }
    SourceLinks::new(&url, line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_shows_the_files_of_the_commit() {
        let of = |variables: &[(&str, &str)]| {
            let value =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            found(|name| value(name).map(str::to_owned))
        };
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "acme/identity"),
            ("GITHUB_SHA", "0123abc"),
        ];
        assert_eq!(of(&github), SourceLinks::new("https://github.com/acme/identity/blob/0123abc", "#L"));
        assert_eq!(of(&github[..3]), None, "a variable is missing");
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_URL", "https://gitlab.example.com/a/b"),
            ("CI_COMMIT_SHA", "0123abc"),
        ];
        assert_eq!(of(&gitlab), SourceLinks::new("https://gitlab.example.com/a/b/-/blob/0123abc", "#L"));
        let bitbucket = [
            ("BITBUCKET_BUILD_NUMBER", "7"),
            ("BITBUCKET_REPO_FULL_NAME", "acme/identity"),
            ("BITBUCKET_COMMIT", "0123abc"),
        ];
        let expected = SourceLinks::new("https://bitbucket.org/acme/identity/src/0123abc", "#lines-");
        assert_eq!(of(&bitbucket), expected);
        assert_eq!(
            of(&[("GITLAB_CI", "true"), ("CI_PROJECT_URL", "http://a/b"), ("CI_COMMIT_SHA", "1")]),
            None
        );
        assert_eq!(of(&[]), None);
    }
}
