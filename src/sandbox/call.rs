//! One call, as received.

use hyper::HeaderMap;

use super::answer::Refusal;
use super::ids;
use crate::document::json::{self, ParseError};
use crate::document::{Json, Object};

/// The prefix of Cognito's operations in `X-Amz-Target`. **\[M\]**
const PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// The operations that the sandbox has.
pub(super) const OPERATIONS: &[&str] = &[
    "CreateUserPool",
    "DescribeUserPool",
    "UpdateUserPool",
    "DeleteUserPool",
    "ListUserPools",
    "ListUserPoolReplicas",
    "GetUserPoolMfaConfig",
    "SetUserPoolMfaConfig",
    "GetLogDeliveryConfiguration",
    "SetLogDeliveryConfiguration",
    "CreateGroup",
    "GetGroup",
    "UpdateGroup",
    "DeleteGroup",
    "ListGroups",
    "CreateResourceServer",
    "DescribeResourceServer",
    "UpdateResourceServer",
    "DeleteResourceServer",
    "ListResourceServers",
    "CreateUserPoolClient",
    "DescribeUserPoolClient",
    "UpdateUserPoolClient",
    "DeleteUserPoolClient",
    "ListUserPoolClients",
    "ListUserPoolClientSecrets",
    "CreateIdentityProvider",
    "DescribeIdentityProvider",
    "GetIdentityProviderByIdentifier",
    "UpdateIdentityProvider",
    "DeleteIdentityProvider",
    "ListIdentityProviders",
    "DescribeRiskConfiguration",
    "SetRiskConfiguration",
    "GetUserPoolSessionConfiguration",
    "SetUserPoolSessionConfiguration",
    "GetUserPoolClientSessionConfiguration",
    "SetUserPoolClientSessionConfiguration",
    "CreateManagedLoginBranding",
    "DescribeManagedLoginBranding",
    "DescribeManagedLoginBrandingByClient",
    "UpdateManagedLoginBranding",
    "DeleteManagedLoginBranding",
    "CreateTerms",
    "DescribeTerms",
    "DescribeTermsByClient",
    "UpdateTerms",
    "DeleteTerms",
    "CreateCIMDPolicy",
    "DescribeCIMDPolicy",
    "UpdateCIMDPolicy",
    "DeleteCIMDPolicy",
    "ListCIMDPolicies",
    "GetUICustomization",
    "SetUICustomization",
    "CreateUserPoolDomain",
    "DescribeUserPoolDomain",
    "UpdateUserPoolDomain",
    "DeleteUserPoolDomain",
    "AddCustomAttributes",
    "TagResource",
    "UntagResource",
    "ListTagsForResource",
];

/// The access key id of poolctl's own client, which sees the pools of every account.
const EVERY_ACCOUNT: &str = "SANDBOX";

/// Who calls, and from where. The signature is not checked: the sandbox has no secrets.
#[derive(Clone, Debug, Default)]
pub(super) struct Signer {
    /// The access key id, when the call is signed.
    pub(super) key: Option<String>,
    /// The Region that the signature names.
    pub(super) region: Option<String>,
    /// The session token, which tells an assumed role.
    pub(super) token: Option<String>,
}

impl Signer {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let scope = header("authorization").and_then(|text| {
            let (_, credential) = text.split_once("Credential=")?;
            credential.split([',', ' ']).next()
        });
        let mut scope = scope.map(|scope| scope.split('/')).into_iter().flatten().map(str::to_owned);
        let key = scope.next();
        let region = scope.nth(1).filter(|region| !region.is_empty());
        Self { key, region, token: header("x-amz-security-token").map(str::to_owned) }
    }

    /// The caller's account: an access key id of twelve digits, or with twelve after `AKIA` or `ASIA`,
    /// names it; all others share one.
    pub(super) fn account(&self) -> &str {
        self.named_account().unwrap_or(ids::DEFAULT_ACCOUNT)
    }

    /// The account, or `None` for a call that may see every pool: one that is not signed, or that poolctl
    /// itself makes for a manifest without an `account`.
    pub(super) fn signed_account(&self) -> Option<&str> {
        self.key.as_ref().filter(|key| *key != EVERY_ACCOUNT).map(|_| self.account())
    }

    fn named_account(&self) -> Option<&str> {
        let key = self.key.as_deref()?;
        let rest = key.strip_prefix("AKIA").or_else(|| key.strip_prefix("ASIA"));
        let digits = rest.unwrap_or(key).get(..12)?;
        let whole = rest.is_some() || key.len() == 12;
        (whole && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
    }
}

/// A call of one of Cognito's operations.
#[derive(Clone, Debug)]
pub(super) struct SandboxCall {
    pub(super) operation: String,
    pub(super) caller: Signer,
    pub(super) body: Object,
}

impl SandboxCall {
    /// The same call, about this pool, which it does not name.
    pub(super) fn about(&self, pool: &str) -> Self {
        let mut call = self.clone();
        call.body.insert("UserPoolId".to_owned(), Json::from(pool));
        call
    }

    /// The pool that the call is about, when it names one.
    pub(super) fn pool_id(&self) -> Option<&str> {
        let named = self.body.get("UserPoolId").and_then(Json::as_str);
        named.or_else(|| pool_of_arn(self.body.get("ResourceArn")?.as_str()?))
    }
}

/// The pool's id at the end of its ARN.
pub(super) fn pool_of_arn(arn: &str) -> Option<&str> {
    Some(arn.split_once(":userpool/")?.1)
}

/// The operation that a call in AWS JSON names, with its service if that is not Cognito.
pub(super) fn target(headers: &HeaderMap) -> Option<&str> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix(PREFIX).or_else(|| target.contains('.').then_some(target))
}

/// The members of a request's body; an empty body is an empty request.
pub(super) fn body(bytes: &[u8]) -> Result<Object, Refusal> {
    if bytes.is_empty() {
        return Ok(Object::new());
    }
    match json::parse(bytes) {
        Ok(Json::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::serialization("Start of structure expected")),
        Err(ParseError::Syntax(_)) => {
            Err(Refusal::serialization("Unable to parse the request: it is not JSON"))
        }
        Err(error @ (ParseError::Name(_) | ParseError::Twice(_))) => {
            Err(Refusal::serialization(format!("The request {error}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(authorization: &str) -> Signer {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", authorization.parse().unwrap());
        Signer::of(&headers)
    }

    #[test]
    fn a_signature_tells_account_and_region() {
        let signed = |key: &str| {
            caller(&format!(
                "AWS4-HMAC-SHA256 Credential={key}/20261123/eu-west-1/cognito-idp/aws4_request, SignedHeaders=host"
            ))
        };
        for (key, account) in [
            ("AKIA444455556666ABCD", "444455556666"),
            ("ASIA444455556666ABCD", "444455556666"),
            ("444455556666", "444455556666"),
            ("AKIAIOSFODNN7EXAMPLE", "111122223333"),
            ("sandbox", "111122223333"),
            ("4444555566667", "111122223333"),
        ] {
            assert_eq!(signed(key).account(), account, "{key}");
            assert_eq!(signed(key).region.as_deref(), Some("eu-west-1"));
        }
    }

    #[test]
    fn a_broken_signature_breaks_nothing() {
        for text in ["", "Credential=", "Credential=////", "Bearer x", "Credential=AKIAé"] {
            let caller = caller(text);
            assert_eq!((caller.account(), caller.region.as_deref()), ("111122223333", None), "{text}");
        }
    }
}
