//! Domains: names that are unique among all pools, and of which a pool has two at most.
//!
//! A new domain, and a change of one, is ACTIVE at once. For one that is still being set up, set `Status` in the pool's
//! file, or by a fault.

use serde_json::json;

use super::answer::Refusal;
use super::case::text;
use super::ids;
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::slots::slot;
use super::state::Collection;
use crate::document::{Json, Object};

/// The certificate of a custom domain. A prefix has none.
const CERTIFICATE: &str = "CustomDomainConfig";

/// Domains. What an update leaves out is unmeasured; the sandbox removes it **\[I\]**, except the certificate, without
/// which it refuses the update **\[R\]**.
pub(super) const DOMAINS: CollectionRow = CollectionRow {
    collection: Collection::Domains,
    operations: &[
        ("CreateUserPoolDomain", KeyedVerb::Create),
        ("DescribeUserPoolDomain", KeyedVerb::Read),
        ("UpdateUserPoolDomain", KeyedVerb::Update),
        ("DeleteUserPoolDomain", KeyedVerb::Delete),
    ],
    shape: "DomainDescriptionType",
    wrapper: "DomainDescription",
    // No operation lists them: the pool's document has their names. [M]
    list: ListForm { member: "Domains", ..ListForm::NONE },
    most: 4,
    // [I]
    missing: |_, key, _| Refusal::missing(format!("Domain {key} does not exist.")),
    taken: |_, _| taken(),
    protected: in_transition,
    fill,
    // [D] A prefix is shown with an empty one.
    shown: |domain| {
        domain.entry("CustomDomainConfig").or_insert_with(|| json!({}));
    },
    rules: &[
        reserved_word,
        kind_of_name,
        kind_stays,
        certificate_in_virginia,
        one_of_a_kind,
        version_of_tier,
    ],
    ..CollectionRow::PLAIN
};

/// **\[R\]** the wording.
pub(super) fn taken() -> Refusal {
    Refusal::invalid("Domain already exists.")
}

/// The answer of `DescribeUserPoolDomain` for a name that no pool has. **\[C\]**
pub(super) fn nothing() -> Json {
    json!({"DomainDescription": {}})
}

/// What the service adds. The version of a request without one is **\[I\]**.
fn fill(write: &KeyedWrite<'_>, domain: &mut Object) {
    domain.entry("ManagedLoginVersion").or_insert_with(|| json!(1));
    let arn = write.live.pool.get("Arn").and_then(Json::as_str);
    if let Some(account) = arn.and_then(ids::account_of) {
        domain.entry("AWSAccountId").or_insert_with(|| json!(account));
    }
    for (member, value) in [
        ("S3Bucket", "aws-cognito-prod-assets"),
        ("CloudFrontDistribution", "d111111abcdef8.cloudfront.net"),
        ("Version", "20261123000000"),
        ("Status", "ACTIVE"),
    ] {
        domain.entry(member).or_insert_with(|| json!(value));
    }
}

/// **\[R\]** that it is refused, the words **\[I\]**.
fn in_transition(domain: &Object) -> Option<Refusal> {
    let status = text(domain, "Status").filter(|status| status.ends_with("ING"))?;
    Some(Refusal::invalid(format!("The domain cannot be changed while its status is {status}.")))
}

/// **\[L\]** that it is refused, in these words through CloudFormation alone.
fn reserved_word(_: &KeyedWrite<'_>, domain: &Object) -> Option<Refusal> {
    let name = text(domain, "Domain").filter(|name| !name.contains('.'))?;
    let is_reserved = name.split('-').any(|word| matches!(word, "aws" | "amazon" | "cognito"));
    is_reserved.then(|| Refusal::invalid("Invalid request provided"))
}

/// **\[L\]**
fn kind_of_name(write: &KeyedWrite<'_>, domain: &Object) -> Option<Refusal> {
    let is_custom = text(domain, "Domain")?.contains('.');
    match (write.before, is_custom, write.request.contains_key(CERTIFICATE)) {
        (None, true, false) => Some(Refusal::invalid(
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens.",
        )),
        (None, false, true) => Some(Refusal::invalid("Custom domain is not a valid subdomain")),
        _ => None,
    }
}

/// **\[R\]**
fn kind_stays(write: &KeyedWrite<'_>, domain: &Object) -> Option<Refusal> {
    write.before?;
    match (text(domain, "Domain")?.contains('.'), write.request.contains_key(CERTIFICATE)) {
        (true, false) => Some(Refusal::invalid("Cannot convert custom domain to prefix domain.")),
        (false, true) => Some(Refusal::invalid(
            "User pool should have a custom domain associated, failed to update the certificate.",
        )),
        _ => None,
    }
}

/// **\[L\]**
fn certificate_in_virginia(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    let arn = write.request.get(CERTIFICATE)?.get("CertificateArn")?.as_str()?;
    (arn.split(':').nth(3) != Some("us-east-1")).then(|| {
        Refusal::invalid(
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.",
        )
    })
}

/// **\[R\]**
fn one_of_a_kind(write: &KeyedWrite<'_>, domain: &Object) -> Option<Refusal> {
    let name = text(domain, "Domain")?;
    let other = write.live.pool.get(slot(name)).and_then(Json::as_str)?;
    (other != name).then(|| Refusal::invalid("User pool already has a domain configured."))
}

/// **\[L\]** the words, **\[M\]** the exception. A pool without a tier is an old one: not judged.
fn version_of_tier(write: &KeyedWrite<'_>, domain: &Object) -> Option<Refusal> {
    let tier = text(&write.live.pool, "UserPoolTier").filter(|tier| *tier == "LITE")?;
    (domain.get("ManagedLoginVersion") == Some(&json!(2))).then(|| {
        Refusal::new(
            "FeatureUnavailableInTierException",
            format!("The following feature is not available for the {tier} pricing tier configured: Managed Login Version 2"),
        )
    })
}
