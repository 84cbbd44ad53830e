//! The user's AWS profile, for the cases that the SDK handles differently from the AWS CLI.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aws_config::profile::{Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

use super::Settings;
use super::endpoint::{self, COGNITO, Endpoint, STS};
use super::error::{CallError, ErrorKind, causes, one_line};
use crate::files::{MAX_FILE, Root};

/// Where credentials come from: the profile in use, the way its user signs in, and the role that is assumed.
#[derive(Clone, Debug, Default)]
pub(super) struct CredentialSource {
    /// The profile's name, when one was chosen or the default one exists.
    profile: Option<String>,
    /// Whether the settings name that profile, and not the environment.
    is_named: bool,
    sign_in: SignIn,
    /// The ARN of the role.
    role: Option<String>,
    /// The profile that the settings prefer, if this machine does not have it.
    missing: Option<String>,
    /// The `ca_bundle` of the profile.
    pub(super) ca_bundle: Option<PathBuf>,
    /// The endpoint that the environment or the profile configures for Cognito.
    pub(super) cognito: Option<Endpoint>,
    /// The same for STS.
    pub(super) sts: Option<Endpoint>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SignIn {
    /// `aws sso login`
    Sso,
    /// `aws login`
    Login,
    /// A command of the user's.
    Process,
    /// Keys in the environment.
    Environment,
    /// A token file and a role in the environment.
    WebIdentity,
    /// The sandbox's fakes.
    Sandbox,
    #[default]
    Other,
}

impl CredentialSource {
    pub(super) fn sandbox() -> Self {
        Self { sign_in: SignIn::Sandbox, ..Self::default() }
    }

    /// Reads the profile that the settings or the environment choose.
    ///
    /// # Errors
    /// An unreadable file, a profile that does not exist, and one that wants an MFA code typed in.
    pub(super) async fn load(settings: &Settings) -> Result<Self, CallError> {
        let env_profile = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
        let own = match &settings.own_profile {
            Some(name) if settings.profile.is_none() => Some((name, exists(name).await?)),
            _ => None,
        };
        let missing = own.filter(|(_, exists)| !exists).map(|(name, _)| name.clone());
        let own = own.filter(|(_, exists)| *exists).map(|(name, _)| name.clone());
        let named = settings.profile.clone().or(own);
        let is_named = named.is_some();
        let (chosen, origin) = match (named, env_profile) {
            (Some(name), _) => (Some(name), "--profile"),
            (None, Some(name)) => (Some(name), "AWS_PROFILE"),
            (None, None) => (None, "default"),
        };
        let name = chosen.clone().unwrap_or_else(|| "default".to_owned());
        let profiles = profiles(&name).await?;
        let keys_in_environment = !is_named && env_has_keys();
        if !is_named {
            refuse_partial_keys()?;
        }
        if let Some(profile) = profiles.get_profile(&name) {
            check_services(profile)?;
        }
        let endpoint =
            |service| endpoint::configured(service, &variable, &profiles, profiles.get_profile(&name));
        let (cognito, sts) = (endpoint(COGNITO), endpoint(STS));
        let without = Self { missing, is_named, cognito, sts, ..Self::default() };
        let has_web_identity = !is_named && env_has_web_identity();
        match profiles.get_profile(&name) {
            None if chosen.is_some() => Err(unknown(&name, origin, &profiles)),
            None if keys_in_environment => Ok(Self { sign_in: SignIn::Environment, ..without }),
            None if has_web_identity => Ok(Self { sign_in: SignIn::WebIdentity, ..without }),
            None => Ok(without),
            Some(profile) => {
                let sign_in = if keys_in_environment {
                    SignIn::Environment
                } else {
                    check_source(&profiles, profile)?;
                    refuse_mfa(&profiles, profile)?;
                    match sign_in(&profiles, profile) {
                        // As for the AWS CLI: before a profile's keys, and after the role that it assumes.
                        _ if has_web_identity && profile.get("role_arn").is_none() => SignIn::WebIdentity,
                        sign_in => sign_in,
                    }
                };
                let ca_bundle = profile.get("ca_bundle").filter(|path| !path.is_empty()).map(PathBuf::from);
                Ok(Self { profile: Some(name), sign_in, ca_bundle, ..without })
            }
        }
    }

    /// The same, from where a role is assumed.
    pub(super) fn assuming(&self, role: &str) -> Self {
        Self { role: Some(role.to_owned()), ..self.clone() }
    }

    /// The profile that is used whatever the environment holds.
    pub(super) fn named(&self) -> Option<&str> {
        self.profile.as_deref().filter(|_| self.is_named)
    }

    /// Whether the role is assumed with the token that the environment names.
    pub(super) fn is_web_identity(&self) -> bool {
        self.sign_in == SignIn::WebIdentity
    }

    /// Whether the embedded sandbox is called.
    pub(super) fn is_sandbox(&self) -> bool {
        self.sign_in == SignIn::Sandbox
    }

    /// Whether to ask again may bring other credentials.
    pub(super) fn is_renewable(&self) -> bool {
        self.role.is_some() || !matches!(self.sign_in, SignIn::Environment | SignIn::Sandbox)
    }

    /// The CA bundle to use and who named it: the flag, then the environment, then the profile.
    pub(super) fn ca_bundle(&self, flag: Option<&Path>) -> Option<(PathBuf, String)> {
        if let Some(path) = flag {
            return Some((path.to_owned(), "--ca-bundle".to_owned()));
        }
        let variable = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty());
        if let Some(path) = variable {
            return Some((path.into(), "AWS_CA_BUNDLE".to_owned()));
        }
        let path = self.ca_bundle.clone()?;
        let profile = self.profile.as_deref().unwrap_or("default");
        Some((path, format!("ca_bundle of the profile `{profile}`")))
    }

    /// What to do when there are no credentials.
    pub(super) fn how_to_sign_in(&self) -> String {
        match (self.sign_in, &self.missing) {
            (SignIn::Sso | SignIn::Login | SignIn::Process, _) => self.how_to_renew(),
            (_, Some(name)) => format!(
                "add the profile `{name}`, which poolctl.yaml names for this account, to {}, or sign in with other \
                 credentials",
                CONFIG.shown()
            ),
            _ => "use a profile with --profile or AWS_PROFILE, sign in with `aws sso login` or \
                  `aws login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --sandbox needs no credentials"
                .to_owned(),
        }
    }

    /// What to do when the credentials have expired.
    pub(super) fn how_to_renew(&self) -> String {
        let profile = self.profile.as_ref().map(|name| format!(" --profile {name}")).unwrap_or_default();
        match self.sign_in {
            SignIn::Sso => format!("run `aws sso login{profile}`, then run the command again"),
            SignIn::Login => format!("run `aws login{profile}`, then run the command again"),
            SignIn::Process => {
                let name = self.profile.as_deref().unwrap_or("default");
                format!("sign in again for the `credential_process` of the profile `{name}`")
            }
            SignIn::Environment => {
                "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN to new values, or unset them \
                 to use a profile"
                    .to_owned()
            }
            SignIn::Sandbox | SignIn::WebIdentity | SignIn::Other => {
                "get new credentials and run the command again".to_owned()
            }
        }
    }

    /// Where the credentials come from, as far as it is known before they come.
    pub(super) fn origin(&self) -> String {
        if let Some(role) = &self.role {
            return format!("the role `{role}`");
        }
        match (self.sign_in, &self.profile) {
            (SignIn::Environment, _) => "the environment".to_owned(),
            (SignIn::WebIdentity, _) => "the role of AWS_ROLE_ARN".to_owned(),
            (SignIn::Sandbox, _) => "the sandbox".to_owned(),
            (_, Some(name)) => format!("the profile `{name}`"),
            (_, None) => "this container or instance".to_owned(),
        }
    }

    /// The address of a container's credentials, if the credentials may come from there.
    pub(super) fn container_address(&self) -> Option<String> {
        let is_elsewhere =
            matches!(self.sign_in, SignIn::Environment | SignIn::WebIdentity | SignIn::Sandbox);
        let is_relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").is_some();
        variable(CONTAINER).filter(|_| !is_elsewhere && !is_relative)
    }

    /// Why no provider in the chain has credentials.
    pub(super) fn nothing_found(&self) -> String {
        match &self.profile {
            Some(name) => format!("the profile `{name}` has none"),
            None => {
                "no keys in the environment, no profile, no role of a container or an instance".to_owned()
            }
        }
    }

    /// Whether something was chosen that should have given credentials.
    pub(super) fn is_chosen(&self) -> bool {
        self.profile.is_some() || self.sign_in != SignIn::Other
    }
}

/// The variable with the address of a container's credentials.
pub(super) const CONTAINER: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const KEY_ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET_KEY: &str = "AWS_SECRET_ACCESS_KEY";

/// An environment variable that is set to a text.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether the environment holds keys, which win over a profile that no flag names.
fn env_has_keys() -> bool {
    [KEY_ID, SECRET_KEY].into_iter().all(|name| variable(name).is_some())
}

/// Whether the environment names a token and the role that it is for, which win over a profile's keys.
fn env_has_web_identity() -> bool {
    ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"].into_iter().all(|name| variable(name).is_some())
}

/// Refuses an access key id without its secret: another identity would take its place in silence.
fn refuse_partial_keys() -> Result<(), CallError> {
    if variable(KEY_ID).is_none() || variable(SECRET_KEY).is_some() {
        return Ok(());
    }
    let message = format!("the environment has {KEY_ID} without {SECRET_KEY}");
    Err(CallError::new(ErrorKind::Settings, message)
        .with_help(format!("set {SECRET_KEY} too, or unset {KEY_ID} to use a profile or a role")))
}

async fn exists(name: &str) -> Result<bool, CallError> {
    Ok(profiles(name).await?.get_profile(name).is_some())
}

async fn profiles(name: &str) -> Result<ProfileSet, CallError> {
    let files = EnvConfigFiles::default();
    let chosen = Some(name.to_owned().into());
    let loaded = aws_config::profile::load(&Fs::real(), &Env::real(), &files, chosen).await;
    loaded.map_err(|error| {
        CallError::new(ErrorKind::Settings, format!("cannot read the AWS configuration: {}", causes(&error)))
            .with_help(format!(
                "correct {} or {}, or set AWS_CONFIG_FILE to another file",
                CONFIG.shown(),
                CREDENTIALS.shown()
            ))
    })
}

fn unknown(name: &str, origin: &str, profiles: &ProfileSet) -> CallError {
    let names: BTreeSet<&str> = profiles.profiles().collect();
    let help = if name.contains([' ', '\t', '\'', '"']) {
        format!(
            "rename the profile in {} and {}: the AWS SDK for Rust reads no profile whose name has a blank or a quote",
            CONFIG.shown(),
            CREDENTIALS.shown()
        )
    } else if config().is_some_and(|config| has_quoted(&config, name)) {
        format!(
            "write `[profile {name}]` in {}, without quotes: the AWS SDK for Rust does not read them",
            CONFIG.shown()
        )
    } else if names.is_empty() {
        format!("run `aws configure` to add a profile: {} has none", CONFIG.shown())
    } else {
        let names: Vec<&str> = names.into_iter().collect();
        format!("use a profile of {} or {}: {}", CONFIG.shown(), CREDENTIALS.shown(), names.join(", "))
    };
    CallError::new(ErrorKind::Settings, format!("the profile `{name}` ({origin}) does not exist"))
        .with_help(help)
}

/// A file of the AWS configuration: the variable that names it, and its default in the home folder.
struct AwsFile {
    variable: &'static str,
    default: &'static str,
}

const CONFIG: AwsFile = AwsFile { variable: "AWS_CONFIG_FILE", default: ".aws/config" };
const CREDENTIALS: AwsFile = AwsFile { variable: "AWS_SHARED_CREDENTIALS_FILE", default: ".aws/credentials" };

impl AwsFile {
    /// The path that is read; `None` without a home folder.
    fn path(&self) -> Option<PathBuf> {
        let home = || variable("HOME").map(|home| Path::new(&home).join(self.default));
        variable(self.variable).map(PathBuf::from).or_else(home)
    }

    /// The file as messages name it, with the variable if that names it.
    fn shown(&self) -> String {
        match variable(self.variable) {
            Some(path) => format!("{} ({})", one_line(&path), self.variable),
            None => format!("~/{}", self.default),
        }
    }
}

/// The text of the AWS configuration file; `None` if it cannot be read.
fn config() -> Option<String> {
    let file = CONFIG.path()?;
    let bytes = Root::default().read(&file, MAX_FILE).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a configuration file has the section of a profile with quotes around its name.
fn has_quoted(config: &str, name: &str) -> bool {
    let quoted = [format!("[profile \"{name}\"]"), format!("[profile '{name}']")];
    config.lines().any(|line| quoted.iter().any(|section| line.trim() == section))
}

/// The profile and its chain of source profiles, each once.
fn lineage<'a>(profiles: &'a ProfileSet, profile: &'a Profile) -> Vec<&'a Profile> {
    let mut seen = vec![profile];
    let mut at = profile;
    while at.get("role_arn").is_some() {
        let next = at.get("source_profile").and_then(|name| profiles.get_profile(name));
        let Some(next) = next.filter(|next| seen.iter().all(|one| one.name() != next.name())) else { break };
        seen.push(next);
        at = next;
    }
    seen
}

/// Refuses a profile whose `services` names a section that is not read: calls that it sends elsewhere would go
/// to Amazon. The AWS CLI refuses a section that is not there, too.
fn check_services(profile: &Profile) -> Result<(), CallError> {
    let Some(section) = profile.get("services") else { return Ok(()) };
    let is_moot =
        [endpoint::COGNITO.variable, endpoint::EVERY_SERVICE].iter().any(|name| variable(name).is_some());
    if is_moot || variable(endpoint::IGNORED).as_deref().is_some_and(endpoint::is_true) {
        return Ok(());
    }
    if !config().is_some_and(|config| endpoint::lacks_services(&config, section)) {
        return Ok(());
    }
    let name = profile.name();
    let message = format!(
        "the profile `{name}` has `services = {section}`, but there is no section [services {section}]"
    );
    Err(CallError::new(ErrorKind::Settings, message).with_help(format!(
        "add `[services {section}]` to {}, without quotes, or delete `services` from the profile",
        CONFIG.shown()
    )))
}

/// A role whose source does not exist would pass for a profile without credentials.
fn check_source(profiles: &ProfileSet, profile: &Profile) -> Result<(), CallError> {
    for one in lineage(profiles, profile).iter().filter(|one| one.get("role_arn").is_some()) {
        let Some(source) = one.get("source_profile") else { continue };
        if profiles.get_profile(source).is_none() {
            return Err(unknown(source, &format!("source_profile of `{}`", one.name()), profiles));
        }
    }
    Ok(())
}

/// Refuses a role that wants an MFA code: the SDK would leave the code out and the role would say
/// no, in words that name neither the profile nor MFA.
fn refuse_mfa(profiles: &ProfileSet, profile: &Profile) -> Result<(), CallError> {
    let wants_code = |one: &&&Profile| one.get("role_arn").is_some() && one.get("mfa_serial").is_some();
    let lineage = lineage(profiles, profile);
    let Some(found) = lineage.iter().find(wants_code) else { return Ok(()) };
    let (name, chosen) = (found.name(), profile.name());
    let message = format!("the profile `{name}` has `mfa_serial`, and poolctl does not ask for MFA codes");
    let help = format!(
        "let the AWS CLI ask: \
         `eval \"$(aws configure export-credentials --profile {chosen} --format env)\"`, \
         then run poolctl without --profile (or `aws sts get-session-token` for keys with MFA)"
    );
    Err(CallError::new(ErrorKind::Settings, message).with_help(help))
}

fn sign_in(profiles: &ProfileSet, profile: &Profile) -> SignIn {
    let lineage = lineage(profiles, profile);
    let has = |name| lineage.iter().any(|one| one.get(name).is_some());
    if has("sso_session") || has("sso_start_url") {
        SignIn::Sso
    } else if has("login_session") {
        SignIn::Login
    } else if has("credential_process") {
        SignIn::Process
    } else {
        SignIn::Other
    }
}
