//! The table of exceptions: the effect of a request that failed with one, and the remedy.
//!
//! The exceptions that the API model lists for poolctl's calls come first; a test compares them with the model.
//! Exceptions of AWS's front ends follow. A response with another name, or without one, proves nothing about a
//! write.

use super::Evidence::{self, Docs, Inferred, Live, Model, Report};

/// An exception that AWS returns for calls of user pools.
#[derive(Debug)]
pub struct Exception {
    /// The name, without a namespace.
    pub name: &'static str,
    /// The kind of failure.
    pub class: ExceptionClass,
    /// The effect of a write that failed with it and a status of 400 to 499.
    pub effect: Effect,
    /// Whether the API model lists it for a call that poolctl makes.
    pub modelled: bool,
    /// The meaning, in one sentence.
    pub text: &'static str,
    /// The affected settings, as a manifest names them.
    pub about: &'static [&'static str],
    /// The remedy, as instructions. Empty if it depends on the caller.
    pub remedy: &'static str,
    /// Narrower causes, recognised by the service's message.
    pub cases: &'static [ExceptionCase],
    /// The evidence for the remedy.
    pub evidence: Evidence,
}

/// A cause of an exception, recognised by its message.
#[derive(Debug)]
pub struct ExceptionCase {
    /// The words of the message.
    pub says: &'static str,
    /// The affected settings.
    pub about: &'static [&'static str],
    /// The remedy, as instructions.
    pub remedy: &'static str,
    /// The evidence for the remedy.
    pub evidence: Evidence,
}

/// The kind of failure of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionClass {
    /// Too many calls.
    Rate,
    /// Another write was in progress.
    Concurrent,
    /// The caller lacks a permission.
    Permission,
    /// The pool does not exist there.
    Missing,
    /// The credentials have expired.
    Expired,
    /// The credentials are unknown.
    Identity,
    /// The signature does not match.
    Signature,
    /// The request is invalid.
    Request,
    /// The service failed.
    Service,
}

/// The effect of a failed write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was not applied.
    NotDone,
    /// It may have been applied: only a read of the pool can tell.
    Unknown,
}

/// The exception of this name.
pub(super) fn exception(name: &str) -> Option<&'static Exception> {
    EXCEPTIONS.iter().find(|exception| exception.name == name)
}

impl Exception {
    /// The affected settings and the remedy for the service's message.
    pub fn advice(&self, message: &str) -> (&'static [&'static str], &'static str) {
        let case = self.cases.iter().find(|case| message.contains(case.says));
        case.map_or((self.about, self.remedy), |case| (case.about, case.remedy))
    }
}

const fn modelled(
    name: &'static str,
    class: ExceptionClass,
    effect: Effect,
    text: &'static str,
) -> Exception {
    Exception {
        name,
        class,
        effect,
        modelled: true,
        text,
        about: &[],
        remedy: "",
        cases: &[],
        evidence: Inferred,
    }
}

/// An exception of AWS's front ends or of STS, which is in no model.
const fn common(name: &'static str, class: ExceptionClass, effect: Effect, text: &'static str) -> Exception {
    Exception { modelled: false, evidence: Docs, ..modelled(name, class, effect, text) }
}

impl Exception {
    const fn about(mut self, about: &'static [&'static str]) -> Self {
        self.about = about;
        self
    }

    const fn remedy(mut self, remedy: &'static str, evidence: Evidence) -> Self {
        self.remedy = remedy;
        self.evidence = evidence;
        self
    }

    const fn cases(mut self, cases: &'static [ExceptionCase]) -> Self {
        self.cases = cases;
        self
    }
}

use Effect::{NotDone, Unknown};
use ExceptionClass::{Concurrent, Expired, Identity, Missing, Permission, Rate, Request, Service, Signature};

const SLOWER: &str = "the quota is shared by all callers in the account: wait, or lower `--rate`";
const LATER: &str = "the service failed: try again later";
const ENDPOINT: &str = "check that the endpoint serves Amazon Cognito user pools";

const SMS_ROLE: &[&str] = &["SmsConfiguration.SnsCallerArn", "SmsConfiguration.EumsSms.CallerArn"];
const SES_IDENTITY: &[&str] = &["EmailConfiguration.SourceArn"];

/// The causes of a missing permission, by the words of IAM and Cognito.
static DENIALS: &[ExceptionCase] = &[
    ExceptionCase {
        says: "iam:PassRole",
        about: SMS_ROLE,
        remedy: "allow the identity `iam:PassRole` on that role; `poolctl iam-policy` prints the statement",
        evidence: Docs,
    },
    ExceptionCase {
        says: "iam:CreateServiceLinkedRole",
        about: &["EmailConfiguration.EmailSendingAccount"],
        remedy: "allow the identity `iam:CreateServiceLinkedRole`, with which Cognito creates its role for e-mail; `poolctl iam-policy` prints the statement",
        evidence: Docs,
    },
    ExceptionCase {
        says: "Email arn",
        about: SES_IDENTITY,
        remedy: "declare an `EmailConfiguration.SourceArn` that is an SES identity of the pool's own account",
        evidence: Report,
    },
];

/// The causes of an invalid request that need another remedy than a correction of its values.
static INVALID: &[ExceptionCase] = &[
    ExceptionCase {
        says: "Domain already exists.",
        about: &["domains"],
        remedy: "another pool has this name, of whichever account, or CloudFront still has it: choose another name, or try again in an hour",
        evidence: Report,
    },
    ExceptionCase {
        says: "User pool already has a domain configured.",
        about: &["domains"],
        remedy: "remove the pool's other domain of this kind by an apply of its own",
        evidence: Report,
    },
];

/// The exceptions.
pub(super) static EXCEPTIONS: &[Exception] = &[
    modelled("InvalidParameterException", Request, NotDone, "A value in the request is invalid, or some values contradict each other.")
        .remedy("correct the setting that the message names; `poolctl plan --show-request` prints the complete request of an update", Inferred)
        .cases(INVALID),
    modelled("ResourceNotFoundException", Missing, NotDone, "The account of the credentials has no such pool in the Region.")
        .remedy("check the pool's id, the Region and the account", Model),
    modelled("NotAuthorizedException", Permission, NotDone, "The caller lacks a permission, or passes a resource of another account.")
        .remedy("compare the permissions of the identity with what `poolctl iam-policy` prints", Inferred)
        .cases(DENIALS),
    modelled("TooManyRequestsException", Rate, NotDone, "The account makes more calls of this category than its quota allows.")
        .remedy(SLOWER, Docs),
    modelled("ConcurrentModificationException", Concurrent, NotDone, "Another call was changing the pool at the same moment.")
        .remedy("another caller is changing this pool: try again in a moment", Model),
    modelled("InternalErrorException", Service, Unknown, "Cognito failed, possibly after it had started to change the pool.")
        .remedy(LATER, Model),
    modelled("OperationNotEnabledException", Request, NotDone, "Cognito does not accept this call for this pool, in this Region or at this time.")
        .remedy("check whether a point-in-time recovery of this pool is running, which pauses writes: `aws cognito-idp list-point-in-time-recoveries --user-pool-id ID`; if the Region holds a replica of the pool, write to the pool's primary Region", Inferred),
    modelled("UserImportInProgressException", Request, NotDone, "A job that imports users into the pool is running.")
        .remedy("wait for the job to end, or stop it: `aws cognito-idp list-user-import-jobs --user-pool-id ID --max-results 60` names it", Model),
    modelled("InvalidSmsRoleTrustRelationshipException", Request, NotDone, "The pool's SMS role does not exist, or does not trust Cognito with the pool's external id.")
        .about(SMS_ROLE)
        .remedy("create the role again under the same name, with a trust policy for `cognito-idp.amazonaws.com` and the pool's `SmsConfiguration.ExternalId`; or declare another `SmsConfiguration.SnsCallerArn`. If the role was made some minutes ago, run the command again", Report),
    modelled("InvalidSmsRoleAccessPolicyException", Request, NotDone, "The pool's SMS role lacks the permission to publish to Amazon SNS.")
        .about(SMS_ROLE)
        .remedy("allow the role `sns:Publish`, or declare another `SmsConfiguration.SnsCallerArn`", Model),
    modelled("InvalidEmailRoleAccessPolicyException", Request, NotDone, "Cognito has no permission to use the pool's SES identity.")
        .about(SES_IDENTITY)
        .remedy("verify the identity in Amazon SES again and let its policy allow `cognito-idp.amazonaws.com`, or declare another `EmailConfiguration.SourceArn`", Model),
    modelled("UserPoolTaggingException", Request, NotDone, "A tag cannot be set.")
        .about(&["UserPoolTags"])
        .remedy("check the keys of `UserPoolTags`: none may begin with `aws:`, and a pool has 50 tags at most", Docs),
    modelled("TierChangeNotAllowedException", Request, NotDone, "The pool cannot change to this feature plan.")
        .about(&["UserPoolTier"])
        .remedy("declare the `UserPoolTier` that the pool has, or find out why the account cannot use the other tier", Model),
    modelled("FeatureUnavailableInTierException", Request, NotDone, "A setting needs a higher feature plan than the pool has.")
        .about(&["UserPoolTier"])
        .remedy("declare a higher `UserPoolTier`, or remove the features that the message names", Live),
    modelled("LimitExceededException", Request, NotDone, "The pool or the account has reached a quota.")
        .remedy("declare fewer of these resources, or request a higher quota from AWS", Docs),
    modelled("GroupExistsException", Request, NotDone, "The pool has a group of this name already.")
        .remedy("plan again: the group was made after the pool had been read", Model),
    modelled("ManagedLoginBrandingExistsException", Request, NotDone, "The app client has a branding already.")
        .remedy("plan again: the branding was made after the pool had been read", Model),
    modelled("TermsExistsException", Request, NotDone, "The app client has terms of this name already.")
        .remedy("plan again: the terms were made after the pool had been read", Model),
    modelled("DuplicateProviderException", Request, NotDone, "The pool has an identity provider of this name already.")
        .remedy("plan again: the provider was made after the pool had been read", Model),
    modelled("UnsupportedIdentityProviderException", Request, NotDone, "Cognito does not support this identity provider.")
        .remedy("check the `ProviderType` and the `ProviderDetails` of the provider", Model),
    modelled("ScopeDoesNotExistException", Request, NotDone, "An app client names a scope that no resource server of the pool has.")
        .remedy("declare the scope under `resourceServers`, or take it out of the client's `AllowedOAuthScopes`", Model),
    modelled("InvalidOAuthFlowException", Request, NotDone, "The flows of an app client contradict each other, or its secret.")
        .remedy("correct the client's `AllowedOAuthFlows`: `client_credentials` excludes all other flows, and needs a secret", Live),
    modelled("UserPoolAddOnNotEnabledException", Request, NotDone, "Threat protection is off.")
        .about(&["UserPoolAddOns.AdvancedSecurityMode", "riskConfiguration", "clients.*.riskConfiguration"])
        .remedy("declare `UserPoolAddOns.AdvancedSecurityMode: AUDIT` or `ENFORCED`, which needs the PLUS tier", Model),
    modelled("CodeDeliveryFailureException", Request, NotDone, "A message could not be sent.")
        .about(&[
            "riskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration",
            "clients.*.riskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration",
        ])
        .remedy("check the identity in Amazon SES that `NotifyConfiguration.SourceArn` names", Model),
    common("AccessDeniedException", Permission, NotDone, "IAM does not allow the call, or the use of a resource that the call passes.")
        .remedy("compare the permissions of the identity with what `poolctl iam-policy` prints", Docs)
        .cases(DENIALS),
    common("AccessDenied", Permission, NotDone, "A permission is missing (name used by STS).")
        .remedy("allow the identity the action that the message names", Docs),
    common("ValidationException", Request, NotDone, "A value in the request does not match the API.")
        .remedy("correct the setting that the message names; `poolctl plan --show-request` prints the complete request of an update", Docs),
    common("SerializationException", Request, NotDone, "The request could not be parsed: a value has the wrong type.")
        .remedy("correct the type of the value that the message names; `poolctl plan --show-request` prints the complete request of an update", Docs),
    common("UnknownOperationException", Request, NotDone, "The endpoint does not know this operation.").remedy(ENDPOINT, Docs),
    common("InvalidAction", Request, NotDone, "The endpoint does not know this operation.").remedy(ENDPOINT, Docs),
    common("OptInRequired", Request, NotDone, "The account is not subscribed to the service, or the Region is not enabled.")
        .remedy("enable the Region, or the service, for the account", Docs),
    common("ThrottlingException", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("Throttling", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("ThrottledException", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("RequestThrottled", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("RequestThrottledException", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("RequestLimitExceeded", Rate, NotDone, "The account makes more calls than its quota allows.").remedy(SLOWER, Docs),
    common("ExpiredTokenException", Expired, NotDone, "The credentials have expired.").remedy("get fresh credentials", Docs),
    common("ExpiredToken", Expired, NotDone, "The credentials have expired (name used by STS).").remedy("get fresh credentials", Docs),
    common("RequestExpired", Expired, NotDone, "The request is too old: the credentials have expired, or the clock is wrong.").remedy("get fresh credentials and check this machine's clock", Docs),
    common("UnrecognizedClientException", Identity, NotDone, "The access key or the session token does not exist.")
        .remedy("check the access key, the session token and the partition", Docs),
    common("InvalidClientTokenId", Identity, NotDone, "The access key does not exist (name used by STS).")
        .remedy("check the access key, the session token and the partition", Docs),
    common("InvalidAccessKeyId", Identity, NotDone, "The access key does not exist.")
        .remedy("check the access key, the session token and the partition", Docs),
    common("InvalidSignatureException", Signature, NotDone, "The signature does not match the request.").remedy(CLOCK, Docs),
    common("SignatureDoesNotMatch", Signature, NotDone, "The signature does not match the request (name used by STS).").remedy(CLOCK, Docs),
    common("RequestTimeTooSkewed", Signature, NotDone, "This machine's clock is wrong by many minutes.").remedy(CLOCK, Docs),
    common("IncompleteSignatureException", Signature, NotDone, "The signature is incomplete.").remedy(CLOCK, Docs),
    common("IncompleteSignature", Signature, NotDone, "The signature is incomplete.").remedy(CLOCK, Docs),
    common("MissingAuthenticationTokenException", Signature, NotDone, "The request arrived without a signature, or at an endpoint that serves something else.")
        .remedy("check the endpoint, the secret access key, and this machine's clock", Docs),
    common("InternalFailure", Service, Unknown, "The service failed.").remedy(LATER, Docs),
    common("InternalServerError", Service, Unknown, "The service failed.").remedy(LATER, Docs),
    modelled("InternalServerException", Service, Unknown, "The service failed.").remedy(LATER, Docs),
    common("ServiceUnavailable", Service, Unknown, "The service is overloaded or unavailable.").remedy(LATER, Docs),
    common("ServiceUnavailableException", Service, Unknown, "The service is overloaded or unavailable.").remedy(LATER, Docs),
];

const CLOCK: &str = "check the secret access key and this machine's clock";
