//! The table of what IAM asks of the caller beside the call itself, for what a request carries.
//!
//! A complete request carries all that a pool has: so a pool that has such a setting needs the grant at
//! every update, whether or not a manifest names it.

use super::{Catalogue, Evidence, path};
use crate::document::{Json, Object, Path, json};

/// What the caller must be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// To hand the role that the setting names to Cognito: `iam:PassRole`.
    PassRole,
    /// To have Cognito make its role for e-mail: `iam:CreateServiceLinkedRole`.
    CreateEmailRole,
    /// Perhaps something on the KMS key that the setting names; nobody has measured what.
    UseKey,
}

/// A setting that asks for a grant.
#[derive(Debug)]
pub struct Demand {
    /// The setting.
    pub path: &'static str,
    /// The value that asks for it; nothing where any does.
    pub value: Option<&'static str>,
    /// What it asks for.
    pub grant: Grant,
    /// How sure that is.
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
];

impl Catalogue {
    /// What the settings of a canonical document ask of whoever sends them: the grant, where the setting
    /// stands, and its value.
    pub fn grants<'a>(&self, canonical: &'a Object) -> Vec<(Grant, Path, &'a str)> {
        let asks = |demand: &Demand| {
            let at = path(demand.path);
            let value = json::get(canonical, at).and_then(Json::as_str)?;
            let is_asked = demand.value.map_or(!value.is_empty(), |asks| asks == value);
            is_asked.then_some((demand.grant, at.clone(), value))
        };
        DEMANDS.iter().filter_map(asks).collect()
    }
}
