//! The documents of a pool, out of what clients of the API print and keep of them.

use super::kind::{DocumentKind, pools_in};
use super::{Json, Object, Snapshot};

/// What a saved document has in the place of a value that must not be shown.
pub const WITHHELD: &str = "(withheld by poolctl)";

/// Members that clients add to an answer: botocore, and the SDKs for JavaScript and for Go.
const CLIENTS_OWN: &[&str] = &["ResponseMetadata", "$metadata", "ResultMetadata"];

/// Why a document is none of a pool's; its `Display` follows the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// It is another document.
    #[error("is {}", .0.name())]
    Other(DocumentKind, Vec<String>),
    /// It is JSON or YAML, but no object.
    #[error("is not a JSON object")]
    NoObject,
    /// It is a list of several documents.
    #[error("contains {0} documents, and poolctl reads one pool per file")]
    Several(usize),
    /// It has the signs of no document.
    #[error("has no object `UserPool`")]
    NoPool,
    /// It has the signs of no document, where the MFA configuration was expected.
    #[error(
        "has no `MfaConfiguration`, so it is not the output of `aws cognito-idp get-user-pool-mfa-config`"
    )]
    NoMfa,
    /// Its MFA configuration is of another type.
    #[error("has a `MfaConfig` that is not an object")]
    OddMfa,
    /// It is the MFA configuration of another pool.
    #[error("is a request for the pool {0}")]
    OtherPool(String),
}

impl Misfit {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Other(kind, pools) => kind.help(pools),
            Self::Several(_) => "save each document to its own file, and name one of them".to_owned(),
            Self::NoObject | Self::NoPool => {
                "save the output of `aws cognito-idp describe-user-pool --user-pool-id POOL_ID --output json` to a new file, and name that file"
                    .to_owned()
            }
            Self::NoMfa | Self::OddMfa => {
                "save the output of `aws cognito-idp get-user-pool-mfa-config --user-pool-id POOL_ID --output json` to a new file, and name that file"
                    .to_owned()
            }
            Self::OtherPool(_) => "name the MFA configuration of the same pool".to_owned(),
        }
    }
}

/// What a file says of one pool.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// What the pool is.
    Live(Snapshot),
    /// What an `UpdateUserPool` of the pool asks for: the request, its members as the API calls them.
    Request(Object),
}

/// What a document says of one pool: its description, with or without the wrapper, a backup, or a request.
///
/// # Errors
/// When it is something else.
pub fn saved(document: Json) -> Result<Saved, Misfit> {
    Ok(match read(document)? {
        SavedParts::Live(pool, mfa) => Saved::Live(Snapshot::new(pool, mfa)),
        SavedParts::Request(request) => Saved::Request(request),
    })
}

/// The members of what a document says of one pool.
enum SavedParts {
    Live(Object, Option<Object>),
    Request(Object),
}

fn read(document: Json) -> Result<SavedParts, Misfit> {
    let mut document = object(document)?;
    match DocumentKind::of(&document) {
        Some(DocumentKind::Described | DocumentKind::Backup) => {
            let Some(Json::Object(pool)) = document.shift_remove("UserPool") else {
                return Err(Misfit::NoPool);
            };
            let mfa = match document.shift_remove("MfaConfig") {
                None | Some(Json::Null) => None,
                Some(Json::Object(mfa)) => Some(without_clients_own(mfa)),
                Some(_) => return Err(Misfit::OddMfa),
            };
            Ok(SavedParts::Live(pool, mfa))
        }
        Some(DocumentKind::BarePool) => Ok(SavedParts::Live(without_clients_own(document), None)),
        Some(DocumentKind::UpdateRequest) => Ok(SavedParts::Request(document)),
        other => Err(misfit(other, &document, Misfit::NoPool)),
    }
}

/// The pool's document and its MFA document, as [`snapshot`] has them; their members are moved, not copied.
///
/// # Errors
/// As [`snapshot`].
pub fn documents(document: Json) -> Result<(Object, Option<Object>), Misfit> {
    match read(document)? {
        SavedParts::Live(pool, mfa) => Ok((pool, mfa)),
        SavedParts::Request(_) => Err(Misfit::Other(DocumentKind::UpdateRequest, Vec::new())),
    }
}

/// The documents of a pool; a request is none.
///
/// # Errors
/// When the document is something else.
pub fn snapshot(document: Json) -> Result<Snapshot, Misfit> {
    match saved(document)? {
        Saved::Live(live) => Ok(live),
        Saved::Request(_) => Err(Misfit::Other(DocumentKind::UpdateRequest, Vec::new())),
    }
}

/// The MFA configuration that a document is: an answer of `GetUserPoolMfaConfig`, or a request of
/// `SetUserPoolMfaConfig` for the pool `id`.
///
/// # Errors
/// When it is something else, or a request for another pool.
pub fn mfa_config(document: Json, id: &str) -> Result<Object, Misfit> {
    let mut document = object(document)?;
    let kind = DocumentKind::of(&document);
    let is_request = match kind {
        Some(DocumentKind::MfaConfig) => false,
        Some(DocumentKind::MfaRequest) => true,
        // Without a factor nothing tells one request from the other.
        Some(DocumentKind::UpdateRequest) if document.contains_key("MfaConfiguration") => document.len() == 2,
        _ => false,
    };
    if !is_request && kind != Some(DocumentKind::MfaConfig) {
        return Err(misfit(kind, &document, Misfit::NoMfa));
    }
    if let Some(other) = document.shift_remove("UserPoolId").filter(|other| *other != id) {
        return Err(Misfit::OtherPool(other.as_str().unwrap_or_default().to_owned()));
    }
    Ok(without_clients_own(document))
}

/// The document of a branch: an answer that has it as the member `within`, or the document itself.
///
/// # Errors
/// When it is no object, with what is wrong, fit to follow the file's name.
pub fn branch(document: Json, within: Option<&str>) -> Result<Object, String> {
    let mut answer = without_clients_own(object(document).map_err(|misfit| misfit.to_string())?);
    match within.and_then(|within| Some((within, answer.shift_remove(within)?))) {
        None => Ok(answer),
        Some((_, Json::Object(document))) => Ok(document),
        Some((within, _)) => Err(format!("has a `{within}` that is not an object")),
    }
}

/// The object of a document, which may be the one element of a list: a stream of YAML is one.
fn object(document: Json) -> Result<Object, Misfit> {
    match document {
        Json::Object(object) => Ok(object),
        Json::Array(mut elements) if elements.len() == 1 => match elements.pop() {
            Some(Json::Object(object)) => Ok(object),
            _ => Err(Misfit::NoObject),
        },
        Json::Array(elements) if elements.len() > 1 => Err(Misfit::Several(elements.len())),
        _ => Err(Misfit::NoObject),
    }
}

fn misfit(kind: Option<DocumentKind>, document: &Object, unknown: Misfit) -> Misfit {
    kind.map_or(unknown, |kind| Misfit::Other(kind, pools_in(document)))
}

/// An answer without the members that clients add to it.
pub fn without_clients_own(mut answer: Object) -> Object {
    answer.retain(|name, _| !CLIENTS_OWN.contains(&name.as_str()));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const ID: &str = "eu-west-1_a1B2c3D4E";

    #[test]
    fn a_pool_is_the_same_from_every_client() {
        let pool = json!({"Id": ID, "Name": "customers", "LambdaConfig": null});
        let live = Snapshot::of_pool(pool.as_object().cloned().unwrap());
        for document in [
            json!({"UserPool": pool}),
            json!([{"UserPool": pool}]),
            json!({"UserPool": pool, "MfaConfig": null}),
            json!({"$metadata": {"attempts": 1}, "UserPool": pool}),
            json!({"UserPool": pool, "ResultMetadata": {}}),
            json!({"UserPool": pool, "ResponseMetadata": {"RetryAttempts": 0}}),
            json!({"format_version": "1", "tool_version": "0", "UserPool": pool}),
            pool.clone(),
        ] {
            assert_eq!(snapshot(document.clone()), Ok(live.clone()), "{document}");
        }
    }

    #[test]
    fn the_mfa_configuration_is_the_same_from_every_client() {
        let mfa = json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}, "MfaConfiguration": "OPTIONAL"});
        let expected = mfa.as_object().cloned().unwrap();
        for (name, value) in [
            ("ResponseMetadata", json!({"RetryAttempts": 0})),
            ("$metadata", json!({})),
            ("ResultMetadata", json!({})),
            ("UserPoolId", json!(ID)),
        ] {
            let mut document = expected.clone();
            document.insert(name.to_owned(), value);
            assert_eq!(mfa_config(Json::Object(document.clone()), ID), Ok(expected.clone()), "{name}");
            let beside = json!({"UserPool": {"Id": ID}, "MfaConfig": document});
            if name != "UserPoolId" {
                assert_eq!(snapshot(beside).unwrap().mfa(), Some(&expected.clone().into()), "{name}");
            }
        }
        let off = json!({"UserPoolId": ID, "MfaConfiguration": "OFF"});
        assert_eq!(mfa_config(off, ID).map(Json::Object), Ok(json!({"MfaConfiguration": "OFF"})));
    }

    #[test]
    fn what_is_no_document_of_a_pool_says_what_it_is() {
        for (document, says) in [
            (json!(1), "is not a JSON object"),
            (json!([]), "is not a JSON object"),
            (
                json!([{"UserPool": {}}, {"UserPool": {}}]),
                "contains 2 documents, and poolctl reads one pool per file",
            ),
            (json!({}), "has no object `UserPool`"),
            (json!({"UserPool": []}), "has no object `UserPool`"),
            (json!({"UserPool": {}, "MfaConfig": 1}), "has a `MfaConfig` that is not an object"),
            (json!({"terraform_version": "1", "serial": 1}), "is a Terraform state"),
            (
                json!({"UserPoolId": ID, "PoolName": "a"}),
                "is a request for `aws cognito-idp update-user-pool`",
            ),
            (
                json!({"UserPoolId": ID}),
                "is a request that sets nothing of `aws cognito-idp update-user-pool`",
            ),
        ] {
            let error = snapshot(document).unwrap_err();
            assert_eq!(error.to_string(), says);
            assert!(!error.help().is_empty());
        }
        for (document, says) in [
            (
                json!({}),
                "has no `MfaConfiguration`, so it is not the output of `aws cognito-idp get-user-pool-mfa-config`",
            ),
            (json!({"UserPool": {}}), "is output of `aws cognito-idp describe-user-pool`"),
            (
                json!({"UserPoolId": ID, "PoolName": "a"}),
                "is a request for `aws cognito-idp update-user-pool`",
            ),
            (
                json!({"UserPoolId": "eu-west-1_b", "WebAuthnConfiguration": {}}),
                "is a request for the pool eu-west-1_b",
            ),
        ] {
            assert_eq!(mfa_config(document, ID).unwrap_err().to_string(), says);
        }
    }
}
