//! Domains: where the login pages and the OAuth endpoints of a pool are.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::{Listing, Slot};
use crate::catalogue::resource::{Resource, Unsettled};
use crate::catalogue::table::Evidence::{Docs, Inferred, Live, Report};
use crate::catalogue::table::Removal::{Impossible, Omit};
use crate::catalogue::table::{Fill, REMOVED, REQUIRED, Row};
use crate::document::{DocumentId, Json, Object};

/// Domains, each under its name. The pool's document has their names: one prefix, and one domain of the owner's own.
///
/// An update sends everything: Cognito takes a request without `CustomDomainConfig` for one that makes a prefix of the
/// domain, and refuses it; it is unmeasured what becomes of the other members that a request leaves out.
pub(super) static DOMAINS: Resource = Resource {
    document: DocumentId::DOMAINS,
    read: &calls::DESCRIBE_USER_POOL_DOMAIN,
    listing: Some(&Listing {
        call: &calls::DESCRIBE_USER_POOL,
        items: "Domains",
        key: "Domain",
        one: "domain",
        made_again: Some(
            "its name may be another pool's by now, and CloudFront may keep a custom domain for minutes",
        ),
        slots: &[
            Slot { member: "Domain", takes: |name| !is_custom(name) },
            Slot { member: "CustomDomain", takes: is_custom },
        ],
        // The model's has no dots, and custom domains have them.
        key_form: Some((
            r"^[a-z0-9]([a-z0-9\-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9\-]*[a-z0-9])?)*$",
            "lower-case letters, digits and hyphens; in a custom domain also single dots. No part begins or ends with a hyphen",
        )),
        ..Listing::OF_NAMES
    }),
    answer: Some("DomainDescription"),
    update: &calls::UPDATE_USER_POOL_DOMAIN,
    create: Some(&calls::CREATE_USER_POOL_DOMAIN),
    remove: Some(&calls::DELETE_USER_POOL_DOMAIN),
    address: &[POOL_ID, "Domain"],
    branch: Some("domains"),
    // The documentation's examples of a prefix have an empty one, which no update takes back. [D]
    observe: |domain| domain.retain(|name, value| name != "CustomDomainConfig" || !is_empty(value)),
    progress: PROGRESS,
    // The target of the DNS record of a custom domain.
    outputs: &["CloudFrontDistribution"],
    rows: ROWS,
    ..Resource::IN_POOL
};

fn is_empty(value: &Json) -> bool {
    value.as_object().is_some_and(Object::is_empty)
}

/// A name with a dot is that of a custom domain; the others are prefixes of Cognito's own.
fn is_custom(name: &str) -> bool {
    name.contains('.')
}

const fn busy(status: &'static str, text: &'static str) -> Unsettled {
    Unsettled {
        shows: ("Status", status),
        is_busy: true,
        text,
        help: "run the command again later: Cognito needs a minute for a prefix, and up to an hour for a custom domain",
    }
}

/// **\[R\]** that Cognito refuses writes meanwhile.
static PROGRESS: &[Unsettled] = &[
    busy("CREATING", "is still being created (`Status` CREATING)"),
    busy("UPDATING", "is still being updated (`Status` UPDATING)"),
    busy("DELETING", "is being deleted (`Status` DELETING)"),
    Unsettled {
        shows: ("Status", "FAILED"),
        is_busy: false,
        text: "does not work: Cognito could not set it up (`Status` FAILED)",
        help: "check the certificate and the DNS record of the parent domain; then remove the domain and make it again",
    },
];

/// The settings, one row each.
static ROWS: &[Row] = &[
    Row::of_document(
        "A domain of the pool. The name is the label: one without dots is a prefix of Cognito's own domain, any other a custom domain.",
        "the domain exists; its settings stay as they are",
    ),
    Row::new(
        "ManagedLoginVersion",
        "The login pages: the classic ones (1), or managed login with the branding of each app client (2).",
        Impossible("it has not been measured which version Cognito then takes; declare 1 or 2"),
        Docs,
    )
    // Without a version, Cognito takes the classic pages. [I]
    .fresh("1")
    .range(1, 2),
    Row::new(
        "CustomDomainConfig",
        "The certificate of a custom domain. A prefix has none.",
        Impossible("Cognito cannot make a prefix of a custom domain; remove the domain and make a new one"),
        Report,
    ),
    Row::new(
        "CustomDomainConfig.CertificateArn",
        "The certificate in AWS Certificate Manager, in us-east-1. A renewal keeps its ARN, so nothing changes here.",
        Impossible("a custom domain has a certificate"),
        Live,
    ),
    Row::new(
        "CustomDomainConfig.SecurityPolicy",
        "The lowest version of TLS, with its ciphers, that browsers may use.",
        Impossible("the policy that Cognito then takes has not been measured; declare one"),
        Inferred,
    )
    .fill(Fill::Any),
    Row::new("Routing", "Where requests to a custom domain of a pool with replicas go. Replicas are not managed: `poolctl ids --wide` reports them.", Omit, Inferred)
        .falls_to(REMOVED),
    Row::new("Routing.Failover", "The Region that takes over, and what decides it.", Omit, Inferred)
        .falls_to(REMOVED),
    Row::new("Routing.Failover.SecondaryRegion", "The Region of the replica that takes over.", REQUIRED, Docs),
    Row::new(
        "Routing.Failover.PrimaryRoute53HealthCheckId",
        "The health check in Amazon Route 53 by which it takes over.",
        REQUIRED,
        Docs,
    ),
];
