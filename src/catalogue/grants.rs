//! The table of IAM permissions that the caller needs for the content of a request, in addition to the call.
//!
//! A complete request contains every setting of a pool, so a pool with such a setting needs the permission for
//! every update, whether or not a manifest names the setting.

use super::{Catalogue, Evidence, path};
use crate::document::{Document, Json, Object, Path, Seg};

/// A permission of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// To pass the role in the setting to Cognito: `iam:PassRole`.
    PassRole,
    /// To let Cognito create its role for e-mail: `iam:CreateServiceLinkedRole`.
    CreateEmailRole,
    /// To let Cognito set up a distribution: `cloudfront:updateDistribution`.
    UpdateDistribution,
    /// Possibly a permission for the KMS key in the setting; not measured.
    UseKey,
}

/// A setting that needs a grant.
#[derive(Debug)]
pub struct Demand {
    /// The setting.
    pub path: &'static str,
    /// The value that needs it, or `None` for any value.
    pub value: Option<&'static str>,
    /// The grant.
    pub grant: Grant,
    /// The evidence.
    pub evidence: Evidence,
}

const fn any(path: &'static str, grant: Grant, evidence: Evidence) -> Demand {
    Demand { path, value: None, grant, evidence }
}

static DEMANDS: &[Demand] = &[
    any("SmsConfiguration.SnsCallerArn", Grant::PassRole, Evidence::Docs),
    any("SmsConfiguration.EumsSms.CallerArn", Grant::PassRole, Evidence::Inferred),
    Demand {
        path: "EmailConfiguration.EmailSendingAccount",
        value: Some("DEVELOPER"),
        grant: Grant::CreateEmailRole,
        evidence: Evidence::Docs,
    },
    any("LambdaConfig.KMSKeyID", Grant::UseKey, Evidence::Inferred),
    any("KeyConfiguration.KmsKeyArn", Grant::UseKey, Evidence::Inferred),
    // An update that leaves the role out needs none.
    any("groups.*.RoleArn", Grant::PassRole, Evidence::Live),
    any("domains.*.CustomDomainConfig.CertificateArn", Grant::UpdateDistribution, Evidence::Docs),
];

impl Catalogue {
    /// The grants that the caller needs to send a canonical document: the grant, the setting's path and its value.
    pub fn grants<'a>(&self, canonical: &'a Document) -> Vec<(Grant, Path, &'a str)> {
        let asks = |demand: &'static Demand| {
            places(canonical, path(demand.path)).filter_map(move |at| {
                let value = canonical.at(&at).and_then(Json::as_str)?;
                let is_asked = demand.value.map_or(!value.is_empty(), |asks| asks == value);
                is_asked.then_some((demand.grant, at, value))
            })
        };
        DEMANDS.iter().flat_map(asks).collect()
    }
}

/// The path, or that of each document if the label in it is `*`.
fn places<'a>(canonical: &'a Document, at: &'static Path) -> impl Iterator<Item = Path> + 'a {
    let labelled = match at.segs() {
        [Seg::Member(branch), Seg::Member(any), rest @ ..] if &**any == "*" => Some((branch, rest)),
        _ => None,
    };
    let documents = labelled.into_iter().flat_map(|(branch, rest)| {
        let labels = canonical.get(branch).and_then(Json::as_object).into_iter().flat_map(Object::keys);
        labels.map(move |label| Path::members([&**branch, label]).extended(rest))
    });
    documents.chain(labelled.is_none().then(|| at.clone()))
}
