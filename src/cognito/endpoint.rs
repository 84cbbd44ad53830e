//! Where the calls of a service go, as the AWS CLI decides it.
//!
//! The SDK decides it too, but it looks for a service in the `[services]` section under a name with dashes
//! (aws-runtime 1.10). The AWS CLI and the documentation write underscores. Calls that were meant for an
//! emulator would go to Amazon.

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::property::PropertiesKey;

/// The keys of a service that may have an endpoint of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceKeys {
    /// The environment variable.
    pub(super) variable: &'static str,
    /// The keys in a `[services]` section: the documented one, then the one that the SDK alone reads.
    keys: [&'static str; 2],
}

/// Amazon Cognito's user pools.
pub(super) const COGNITO: ServiceKeys = ServiceKeys {
    variable: "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    keys: ["cognito_identity_provider", "cognito-identity-provider"],
};

/// AWS Security Token Service.
pub(super) const STS: ServiceKeys = ServiceKeys { variable: "AWS_ENDPOINT_URL_STS", keys: ["sts", "sts"] };

/// The variable for every service.
pub(super) const EVERY_SERVICE: &str = "AWS_ENDPOINT_URL";

/// The variable that has all configured endpoints ignored.
pub(super) const IGNORED: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

/// An endpoint that somebody has configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// As it is written; not checked.
    pub(super) url: String,
    /// Who configured it, for errors.
    pub(super) origin: String,
}

/// The configured endpoint of a service: the environment's, then the profile's, each with the service's own
/// before the one for every service. `None` if nothing is configured, or configured endpoints are ignored.
pub(super) fn configured(
    service: ServiceKeys,
    env: &impl Fn(&str) -> Option<String>,
    profiles: &ProfileSet,
    profile: Option<&Profile>,
) -> Option<Endpoint> {
    let own = |name: &str| profile.and_then(|profile| profile.get(name));
    let ignored = env(IGNORED);
    if ignored.as_deref().or(own("ignore_configured_endpoint_urls")).is_some_and(is_true) {
        return None;
    }
    let of_env = [service.variable, EVERY_SERVICE].into_iter().find_map(|name| {
        let url = env(name).filter(|url| !url.is_empty())?;
        Some(Endpoint { url, origin: name.to_owned() })
    });
    of_env.or_else(|| {
        let profile = profile?;
        let section = own("services");
        let of_service = section.and_then(|section| of_section(service, section, profiles));
        of_service.or_else(|| {
            let url = own("endpoint_url").filter(|url| !url.is_empty())?.to_owned();
            Some(Endpoint { url, origin: format!("endpoint_url of the profile `{}`", profile.name()) })
        })
    })
}

/// The endpoint of a service in the section `[services NAME]`.
fn of_section(service: ServiceKeys, section: &str, profiles: &ProfileSet) -> Option<Endpoint> {
    service.keys.into_iter().find_map(|key| {
        let at = PropertiesKey::builder()
            .section_key("services")
            .section_name(section)
            .property_name(key)
            .sub_property_name("endpoint_url")
            .build()
            .ok()?;
        let url = profiles.other_sections().get(&at)?.clone();
        Some(Endpoint { url, origin: format!("{key} of [services {section}]") })
    })
}

/// Whether a configuration file has no section `[services NAME]` that the SDK reads: it takes a name as it is
/// written, so that a quoted one is another.
pub(super) fn lacks_services(config: &str, name: &str) -> bool {
    let names = |line: &str| {
        let section = line.trim().strip_prefix("[services").and_then(|rest| rest.split(']').next());
        section.is_some_and(|rest| rest.starts_with([' ', '\t']) && rest.trim() == name)
    };
    !config.lines().any(names)
}

/// A switch as AWS tools read it: anything but `true` is false.
pub(super) fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};

    use super::*;

    const CONFIG: &str = "[default]\nendpoint_url = http://profile\nservices = local\n\
        [services local]\ncognito_identity_provider =\n  endpoint_url = http://section\n\
        [profile ignoring]\nendpoint_url = http://profile\nignore_configured_endpoint_urls = true\n\
        [profile dashed]\nservices = dashed\n[services dashed]\ncognito-identity-provider =\n  endpoint_url = http://dashed\n";

    async fn of(profile: &str, env: &[(&str, &str)], service: ServiceKeys) -> Option<String> {
        let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, CONFIG).build();
        let (disk, nothing) = (Fs::from_slice(&[]), Env::from_slice(&[]));
        let profiles = aws_config::profile::load(&disk, &nothing, &files, None).await.unwrap();
        let env = |name: &str| env.iter().find(|(one, _)| *one == name).map(|(_, value)| (*value).to_owned());
        configured(service, &env, &profiles, profiles.get_profile(profile)).map(|endpoint| endpoint.url)
    }

    #[test]
    fn a_section_of_services_goes_by_its_name_without_quotes() {
        for (config, lacks) in [
            ("[services local]\n", false),
            ("[default]\n[services\tlocal ] # a comment\n", false),
            ("[services \"local\"]\n", true),
            ("[services 'local']\n", true),
            ("[services locals]\n[serviceslocal]\n[profile local]\n", true),
            ("", true),
        ] {
            assert_eq!(lacks_services(config, "local"), lacks, "{config}");
        }
    }

    #[tokio::test]
    async fn the_first_that_is_configured_counts() {
        let (own, every) = ((COGNITO.variable, "http://own"), (EVERY_SERVICE, "http://every"));
        let ignore = (IGNORED, "True");
        for (profile, env, service, url) in [
            ("default", &[own, every][..], COGNITO, Some("http://own")),
            ("default", &[every], COGNITO, Some("http://every")),
            ("default", &[(COGNITO.variable, "")], COGNITO, Some("http://section")),
            ("default", &[], COGNITO, Some("http://section")),
            ("default", &[], STS, Some("http://profile")),
            ("dashed", &[], COGNITO, Some("http://dashed")),
            ("default", &[own, every, ignore], COGNITO, None),
            ("ignoring", &[every], COGNITO, None),
            ("ignoring", &[every, (ignore.0, "false")], COGNITO, Some("http://every")),
            ("nobody", &[], COGNITO, None),
        ] {
            assert_eq!(of(profile, env, service).await.as_deref(), url, "{profile} {env:?}");
        }
    }
}
