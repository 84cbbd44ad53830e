//! What a document is that somebody has in a file: told by the members that only its kind has.

use super::{Json, Object};

/// A kind of document that is found in the folders of people who run user pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentKind {
    /// A plan that poolctl saved.
    SavedPlan,
    /// A result that poolctl printed as JSON.
    Output,
    /// A backup of poolctl's.
    Backup,
    /// A manifest.
    Manifest,
    /// Rules of the house, which poolctl.yaml includes.
    HouseRules,
    /// A JSON Schema.
    Schema,
    /// The answer of `DescribeUserPool`.
    Described,
    /// The member `UserPool` of that answer.
    BarePool,
    /// The answer of `GetUserPoolMfaConfig`.
    MfaConfig,
    /// A request of `AddCustomAttributes`.
    AttributesRequest,
    /// A request of `UpdateUserPool`.
    UpdateRequest,
    /// A request with a pool id and without settings.
    OtherRequest,
    /// A request of `SetUserPoolMfaConfig`.
    MfaRequest,
    /// A request of `CreateUserPool`.
    CreateRequest,
    /// The answer of `ListUserPools`.
    Pools,
    /// An app client, or a list of them.
    Client,
    /// A state of Terraform's.
    TerraformState,
    /// A state or plan as `terraform show -json` prints it.
    TerraformShow,
    /// An export of a Pulumi stack.
    Pulumi,
    /// A CloudFormation template.
    Template,
    /// Stacks of CloudFormation, or their resources.
    Stack,
    /// A resource as Cloud Control reads it.
    CloudControl,
    /// What the AWS CDK makes of an app.
    CdkAssembly,
    /// The configuration of an Amplify app.
    Amplify,
}

/// One kind by its signs, which are paths of members; `*` matches any member or element.
struct Row {
    kind: DocumentKind,
    /// The kind in words that follow "is".
    name: &'static str,
    /// The members that each document of the kind has.
    all: &'static [&'static str],
    /// Members of which it has at least one; none of them are needed if there are none.
    any: &'static [&'static str],
    /// Members that it never has.
    none: &'static [&'static str],
    /// What to do with such a document; `POOL_ID` and `FILE` are placeholders.
    help: &'static str,
}

const IMPORT_FILE: &str = "run `poolctl import --from FILE` to write a manifest for it; for `--live DIR`, save it as <pool-id>.json in that folder";
const IMPORT_POOL: &str =
    "poolctl reads pools from Cognito, not from other tools: run `poolctl import POOL_ID`";
const FROM_TERRAFORM: &str =
    "run `poolctl import --from-terraform FILE` to import the pools that it names from Cognito";
const FROM_PULUMI: &str =
    "run `poolctl import --from-pulumi FILE` to import the pools that it names from Cognito";
const FROM_STACK: &str = "run `poolctl import --from-cloudformation FILE`, where FILE is the output of `aws cloudformation list-stack-resources`";
const FACTORS: &[&str] = &[
    "SmsMfaConfiguration",
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    "WebAuthnConfiguration",
];
const ANY_MFA: &[&str] = &[
    "MfaConfiguration",
    "SmsMfaConfiguration",
    "SoftwareTokenMfaConfiguration",
    "EmailMfaConfiguration",
    "WebAuthnConfiguration",
];
const POOL: &[&str] = &["Arn", "Name", "CreationDate", "SchemaAttributes", "LambdaConfig", "Policies"];

/// Members that no request for a pool's settings has.
const OTHERS: &[&str] = &["Id", "ClientId", "ClientName", "version", "pool", "settings"];
/// The setting with names that the pool's owner chooses.
pub const TAGS: &str = "UserPoolTags";
/// The members of a request of `UpdateUserPool`, without the pool's id, which requests of most calls have.
const UPDATE: &[&str] = &[
    "Policies",
    "DeletionProtection",
    "LambdaConfig",
    "AutoVerifiedAttributes",
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "VerificationMessageTemplate",
    "SmsAuthenticationMessage",
    "UserAttributeUpdateSettings",
    "MfaConfiguration",
    "DeviceConfiguration",
    "EmailConfiguration",
    "SmsConfiguration",
    TAGS,
    "AdminCreateUserConfig",
    "UserPoolAddOns",
    "DcrConfiguration",
    "AccountRecoverySetting",
    "PoolName",
    "UserPoolTier",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
];

/// The kinds in the order in which they are tried: the first whose signs fit is the document's.
#[rustfmt::skip]
const ROWS: &[Row] = {
    use DocumentKind::*;
    const fn row(kind: DocumentKind, name: &'static str, all: &'static [&'static str], help: &'static str) -> Row {
        Row { kind, name, all, any: &[], none: &[], help }
    }
    &[
        Row { any: &["values", "planned_values", "resource_changes"],
            ..row(TerraformShow, "output of `terraform show -json`", &["format_version", "terraform_version"], FROM_TERRAFORM) },
        Row { any: &["resources", "modules", "lineage", "serial"],
            ..row(TerraformState, "a Terraform state", &["terraform_version"], FROM_TERRAFORM) },
        row(Backup, "a backup", &["format_version", "tool_version", "UserPool"], "run `poolctl restore FILE`"),
        Row { any: &["digest", "saved"],
            ..row(SavedPlan, "a saved plan", &["format_version", "tool_version", "command", "pools"],
                "run `poolctl show FILE` or `poolctl apply FILE`") },
        row(Output, "output of poolctl with `--format json`", &["format_version", "tool_version"],
            "run `poolctl plan --save PLAN` to save a plan for `poolctl show` and `poolctl apply`"),
        Row { any: &["deployment", "checkpoint"],
            ..row(Pulumi, "a Pulumi export", &["version"], FROM_PULUMI) },
        Row { any: &["pool", "settings", "extends", "passthrough"],
            ..row(Manifest, "a manifest", &["version"], "run `poolctl plan FILE`") },
        Row { none: &["version", "pool", "settings", "extends", "defaults", "accounts"],
            ..row(HouseRules, "a file of rules of the house", &["require"], "name it with `file` under `require` in poolctl.yaml") },
        Row { any: &["auth.user_pool_id", "auth.*.providerPlugin", "auth.plugins.awsCognitoAuthPlugin"],
            ..row(Amplify, "the configuration of an Amplify app", &[], IMPORT_POOL) },
        row(CdkAssembly, "a CDK cloud assembly manifest", &["version", "artifacts.*.type"], FROM_STACK),
        Row { any: &["AWSTemplateFormatVersion", "Resources.*.Type"],
            ..row(Template, "a CloudFormation template", &[], FROM_STACK) },
        Row { any: &["StackResources", "StackResourceSummaries", "StackResourceDetail", "Stacks"],
            ..row(Stack, "a description of CloudFormation stacks", &[], FROM_STACK) },
        row(CloudControl, "output of `aws cloudcontrol get-resource`", &["TypeName", "ResourceDescription"], IMPORT_POOL),
        row(Pools, "output of `aws cognito-idp list-user-pools`", &["UserPools"],
            "run `poolctl import POOL_ID`, or `poolctl import --all --region REGION`"),
        Row { any: &["UserPoolClient", "UserPoolClients"], none: &["UserPool"],
            ..row(Client, "a description of app clients", &[], IMPORT_POOL) },
        row(Described, "output of `aws cognito-idp describe-user-pool`", &["UserPool"], IMPORT_FILE),
        Row { any: FACTORS, none: &["Id"],
            ..row(MfaRequest, "a request for `aws cognito-idp set-user-pool-mfa-config`", &["UserPoolId"],
                "name it with `--from-mfa`, and the pool's document with `--from`") },
        Row { none: &["Id"],
            ..row(AttributesRequest, "a request for `aws cognito-idp add-custom-attributes`", &["UserPoolId", "CustomAttributes"],
                "run `poolctl import POOL_ID`, and add the attributes to `Schema` in the manifest") },
        Row { any: UPDATE, none: OTHERS,
            ..row(UpdateRequest, "a request for `aws cognito-idp update-user-pool`", &["UserPoolId"],
                "run `poolctl import --from FILE` to write a manifest for it") },
        Row { none: OTHERS,
            ..row(OtherRequest, "a request that sets nothing of `aws cognito-idp update-user-pool`", &["UserPoolId"],
                "run `poolctl import POOL_ID` to write a manifest for the pool, or name a request for `update-user-pool`") },
        Row { none: &["Id", "UserPoolId", "version", "pool", "settings"],
            ..row(CreateRequest, "a request for `aws cognito-idp create-user-pool`, without a pool id", &["PoolName"],
                "create the pool, then run `poolctl import POOL_ID`") },
        Row { any: POOL, none: &["UserPoolId"],
            ..row(BarePool, "the member `UserPool` of the output of `aws cognito-idp describe-user-pool`", &["Id"], IMPORT_FILE) },
        Row { any: ANY_MFA, none: &["Id", "UserPoolId", "PoolName", "version", "pool", "settings"],
            ..row(MfaConfig, "output of `aws cognito-idp get-user-pool-mfa-config`", &[],
                "name it with `--from-mfa`, and the pool's document with `--from`") },
        Row { any: &["$defs", "definitions", "properties"],
            ..row(Schema, "a JSON Schema", &["$schema"], "name a manifest") },
    ]
};

impl DocumentKind {
    /// The kind of a document, or `None` if it has the signs of none.
    pub fn of(document: &Object) -> Option<Self> {
        let has = |path: &&str| has(document, path);
        let fits = |row: &&Row| {
            row.all.iter().all(has)
                && (row.any.is_empty() || row.any.iter().any(has))
                && !row.none.iter().any(has)
        };
        ROWS.iter().find(fits).map(|row| row.kind)
    }

    fn row(self) -> &'static Row {
        // Every kind has a row: a test holds the table to that.
        ROWS.iter().find(|row| row.kind == self).unwrap_or(&ROWS[0])
    }

    /// The kind in words that follow "is".
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What to do with a document of this kind. No remedy writes to an existing file: `FILE` is the document, which is
    /// only read.
    pub fn help(self, pools: &[String]) -> String {
        match pools {
            [pool, ..] => self.row().help.replace("POOL_ID", pool),
            [] => self.row().help.to_owned(),
        }
    }
}

/// Whether a document has something at this path.
fn has(document: &Object, path: &str) -> bool {
    fn within(value: &Json, path: &str) -> bool {
        let (step, rest) = path.split_once('.').unwrap_or((path, ""));
        let ends = |value: &Json| rest.is_empty() || within(value, rest);
        match (step, value) {
            ("*", Json::Object(members)) => members.values().any(ends),
            ("*", Json::Array(elements)) => elements.iter().any(ends),
            (name, value) => value.get(name).is_some_and(ends),
        }
    }
    let (step, rest) = path.split_once('.').unwrap_or((path, ""));
    document.get(step).is_some_and(|value| rest.is_empty() || within(value, rest))
}

/// The ids of pools that a document names, each once, in its order; one may be the end of an ARN.
pub fn pools_in(document: &Object) -> Vec<String> {
    fn collect(value: &Json, out: &mut Vec<String>) {
        match value {
            Json::String(text) => {
                let id = text.rsplit_once(":userpool/").map_or(text.as_str(), |(_, id)| id);
                if is_pool_id(id) && !out.iter().any(|known| known == id) {
                    out.push(id.to_owned());
                }
            }
            Json::Array(elements) => elements.iter().for_each(|value| collect(value, out)),
            Json::Object(members) => members.values().for_each(|value| collect(value, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    document.values().for_each(|value| collect(value, &mut out));
    out
}

/// Whether a text is an id as Cognito makes them, and hardly anything else: `eu-west-1_a1B2c3D4E`.
fn is_pool_id(text: &str) -> bool {
    let Some((region, id)) = text.split_once('_') else { return false };
    let parts: Vec<&str> = region.split('-').collect();
    let lower = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let is_region = matches!(parts.as_slice(), [first, .., number]
        if parts.len() >= 3 && first.len() == 2 && number.len() == 1 && number.chars().all(|c| c.is_ascii_digit()))
        && parts[..parts.len() - 1].iter().all(lower);
    is_region && !id.is_empty() && id.len() <= 55 && id.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
