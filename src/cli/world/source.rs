//! Where the platform that runs a job shows the files of its commit.

use crate::report::SourceLinks;

/// A platform: a variable that all its jobs have, with the value if others set it too, and the form of its links.
type PlatformRow = (&'static str, &'static str);

/// https://docs.github.com/en/actions/reference/workflows-and-actions/variables ·
/// https://docs.gitlab.com/ci/variables/predefined_variables/ ·
/// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/ ·
/// https://learn.microsoft.com/azure/devops/pipelines/build/variables
const PLATFORMS: [PlatformRow; 5] = [
    ("GITHUB_ACTIONS", "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/blob/{GITHUB_SHA}/{path}#L{line}"),
    ("GITLAB_CI", "{CI_PROJECT_URL}/-/blob/{CI_COMMIT_SHA}/{path}#L{line}"),
    (
        "BITBUCKET_BUILD_NUMBER",
        "https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/src/{BITBUCKET_COMMIT}/{path}#lines-{line}",
    ),
    (
        "BUILD_REPOSITORY_PROVIDER=TfsGit",
        "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_git/{BUILD_REPOSITORY_NAME}?version=GC{BUILD_SOURCEVERSION}&path=/{path}&line={line}",
    ),
    ("BUILD_REPOSITORY_PROVIDER=GitHub", "{BUILD_REPOSITORY_URI}/blob/{BUILD_SOURCEVERSION}/{path}#L{line}"),
];

/// The links of the job that this process is part of; `None` if it is part of none.
pub(in crate::cli) fn links() -> Option<SourceLinks> {
    found(|name| std::env::var(name).ok())
}

fn found(variable: impl Fn(&str) -> Option<String>) -> Option<SourceLinks> {
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let is_here = |mark: &str| match mark.split_once('=') {
        Some((name, value)) => variable(name).is_some_and(|found| found == value),
        None => variable(mark).is_some(),
    };
    let (_, form) = PLATFORMS.iter().find(|(mark, _)| is_here(mark))?;
    let mut parts = form.split('{');
    let mut url = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        url += &match name {
            "path" | "line" => format!("{{{name}}}"),
            _ => variable(name)?.replace(' ', "%20"),
        };
        url += rest;
    }
    SourceLinks::of_form(&url)
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
        assert_eq!(
            of(&github),
            SourceLinks::of_form("https://github.com/acme/identity/blob/0123abc/{path}#L{line}")
        );
        assert_eq!(of(&github[..3]), None, "a variable is missing");
        let gitlab = [
            ("GITLAB_CI", "true"),
            ("CI_PROJECT_URL", "https://gitlab.example.com/a/b"),
            ("CI_COMMIT_SHA", "0123abc"),
        ];
        assert_eq!(
            of(&gitlab),
            SourceLinks::of_form("https://gitlab.example.com/a/b/-/blob/0123abc/{path}#L{line}")
        );
        let bitbucket = [
            ("BITBUCKET_BUILD_NUMBER", "7"),
            ("BITBUCKET_REPO_FULL_NAME", "acme/identity"),
            ("BITBUCKET_COMMIT", "0123abc"),
        ];
        let expected =
            SourceLinks::of_form("https://bitbucket.org/acme/identity/src/0123abc/{path}#lines-{line}");
        assert_eq!(of(&bitbucket), expected);
        let azure = [
            ("BUILD_REPOSITORY_PROVIDER", "TfsGit"),
            ("SYSTEM_COLLECTIONURI", "https://dev.azure.com/acme/"),
            ("SYSTEM_TEAMPROJECT", "Customer Identity"),
            ("BUILD_REPOSITORY_NAME", "pools"),
            ("BUILD_SOURCEVERSION", "0123abc"),
        ];
        let expected = SourceLinks::of_form(
            "https://dev.azure.com/acme/Customer%20Identity/_git/pools?version=GC0123abc&path=/{path}&line={line}",
        );
        assert!(expected.is_some());
        assert_eq!(of(&azure), expected);
        let of_github = [
            ("BUILD_REPOSITORY_PROVIDER", "GitHub"),
            ("BUILD_REPOSITORY_URI", "https://github.com/acme/identity"),
            ("BUILD_SOURCEVERSION", "0123abc"),
        ];
        assert_eq!(of(&of_github), of(&github));
        assert_eq!(of(&[("BUILD_REPOSITORY_PROVIDER", "Bitbucket")]), None);
        assert_eq!(
            of(&[("GITLAB_CI", "true"), ("CI_PROJECT_URL", "http://a/b"), ("CI_COMMIT_SHA", "1")]),
            None
        );
        assert_eq!(of(&[]), None);
    }
}
