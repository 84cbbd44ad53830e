//! What an identity asks of STS: its account, and the credentials of a role.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts as sts;

use super::Role;
use super::error::{CallError, ErrorKind};
use super::identity::Identity;
use super::sts::call;

/// The name of a role's sessions, as CloudTrail shows it.
const SESSION_NAME: &str = "poolctl";

impl Identity {
    /// The role that this identity may assume. Makes no call.
    pub fn assuming(self: Arc<Self>, role: &Role) -> Self {
        let provider = Assumed { base: Arc::clone(&self), role: role.clone() };
        self.with_credentials(SharedCredentialsProvider::new(provider), self.source.assuming(&role.arn))
    }

    /// The account that the credentials are of; asked of STS once, whatever it answers.
    ///
    /// # Errors
    /// No or bad credentials, a role that cannot be assumed, and any failure of `GetCallerIdentity`.
    pub async fn account(&self) -> Result<String, CallError> {
        let ask = || async {
            let client = self.sts();
            let send = |wire| client.get_caller_identity().customize().interceptor(wire).send();
            let answer = call(self, "GetCallerIdentity", send).await?;
            let missing = || CallError::new(ErrorKind::Answer, "the answer names no account");
            answer.account().map(str::to_owned).ok_or_else(|| missing().during("GetCallerIdentity", None))
        };
        self.account.get_or_init(ask).await.clone()
    }

    /// A client of STS.
    fn sts(&self) -> sts::Client {
        let mut config = sts::config::Builder::from(&self.config);
        if let Some(endpoint) = &self.source.sts {
            // There is no FIPS or dual-stack variant of somebody's own endpoint, and the SDK refuses both.
            config = config.endpoint_url(&endpoint.url).use_fips(false).use_dual_stack(false);
        }
        sts::Client::from_conf(config.build())
    }
}

/// The account that an ARN names.
pub(super) fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or_default()
}

/// The credentials of a role. The base's own cache has the credentials that assume it.
struct Assumed {
    base: Arc<Identity>,
    role: Role,
}

/// Does not print the external id.
impl fmt::Debug for Assumed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assumed({})", self.role.arn)
    }
}

impl ProvideCredentials for Assumed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.assume())
    }
}

impl Assumed {
    async fn assume(&self) -> provider::Result {
        const OPERATION: &str = "AssumeRole";
        let client = self.base.sts();
        let send = |wire| {
            let request = client.assume_role().role_arn(&self.role.arn).role_session_name(SESSION_NAME);
            let request = request.set_external_id(self.role.external_id.clone());
            request.customize().interceptor(wire).send()
        };
        let answer = call(&self.base, OPERATION, send).await.map_err(|error| self.refused(error))?;
        let missing = || CallError::new(ErrorKind::Answer, "the answer holds no credentials");
        let found = answer.credentials.ok_or_else(|| self.refused(missing().during(OPERATION, None)))?;
        let end = SystemTime::try_from(found.expiration).ok();
        Ok(Credentials::new(
            found.access_key_id,
            found.secret_access_key,
            Some(found.session_token),
            end,
            OPERATION,
        ))
    }

    fn refused(&self, error: CallError) -> CredentialsError {
        let Role { arn, external_id } = &self.role;
        // The service quotes a value that it refuses.
        let error = error.without(external_id.as_slice());
        let error = match error.kind() {
            ErrorKind::Denied => error.with_help(format!(
                "the role's trust policy must allow the caller, here {}, with the external id if it requires \
                 one, and who calls needs the permission sts:AssumeRole for the role",
                self.base.source.origin()
            )),
            _ => error,
        };
        let account = account_of(arn);
        let error = error.causing(&format!("cannot assume the role `{arn}` of account {account}"));
        CredentialsError::provider_error(error)
    }
}
