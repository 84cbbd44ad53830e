//! A pool as a request of `UpdateUserPool` declares it.

use crate::catalogue::{Catalogue, POOL, POOL_ID, Removal, calls, literal};
use crate::document::{Document, Json, Object, Path, Snapshot, json};

/// Settings that Cognito keeps where a request leaves them out: `UserPoolTier` by the API Reference,
/// `DcrConfiguration` by the API model.
const KEPT: [&str; 2] = ["UserPoolTier", "DcrConfiguration"];

/// The pool that a request declares, under the names of the reads, with an MFA configuration.
pub fn of_request(request: Object, mfa: Option<Document>) -> Snapshot {
    let read_name = |name: String| match name.as_str() {
        POOL_ID => Snapshot::ID.to_owned(),
        name => POOL.read_name(name).to_owned(),
    };
    let pool: Document = request.into_iter().map(|(name, value)| (read_name(name), value)).collect();
    Snapshot::new(pool, mfa)
}

/// The note about members of settings that a request names: a manifest is merged into the pool.
pub const REQUEST_INSIDE: &str = "the request replaces each setting that it names as a whole; the manifest changes only the members that it declares \
    (tags, triggers of `LambdaConfig`, password rules). To remove a member from the pool, set it to null";

/// The note about settings that a request leaves out, in lines; `None` if it leaves out none.
pub fn left_out(catalogue: &Catalogue, pool: &Document) -> Option<String> {
    let names = catalogue.settings().filter(|name| {
        let at = Path::members([*name]);
        let is_current = catalogue
            .setting(&at)
            .is_some_and(|field| field.row.is_none_or(|row| row.deprecated_for.is_none()));
        is_current
            && catalogue.owner(&at) == Some(&calls::UPDATE_USER_POOL)
            && !pool.has(POOL.read_name(name))
    });
    let mut lines = Vec::new();
    for name in names {
        let then = match catalogue.removal(&Path::members([name])) {
            _ if KEPT.contains(&name) => "kept".to_owned(),
            Removal::Impossible(_) => "kept".to_owned(),
            Removal::Omit | Removal::SendRegion => "removed".to_owned(),
            Removal::Send(default) => format!("reset to {}", shown(&literal(default))),
        };
        lines.push(format!("  {name:<29}{then}"));
    }
    // The mode is another call's to set; this one has been measured to leave it.
    if !pool.has("MfaConfiguration") {
        lines.push(format!("  {:<29}kept, as measured", "MfaConfiguration"));
    }
    let settings = match lines.len() {
        0 => return None,
        1 => "a setting, which the manifest does not declare",
        _ => "settings, which the manifest does not declare",
    };
    Some(format!(
        "the request leaves out {settings}. poolctl does not change undeclared settings. \
         `aws cognito-idp update-user-pool` with this request would, as Cognito documents:\n{}",
        lines.join("\n")
    ))
}

/// A default as a sentence names it.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => json::spaced(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Shapes;
    use serde_json::json;

    #[test]
    fn a_request_declares_the_pool_under_the_names_of_the_reads() {
        let request =
            json!({"UserPoolId": "eu-west-1_a", "PoolName": "customers", "UserPoolTags": {"a": "b"}});
        let pool = of_request(request.as_object().cloned().unwrap(), None).pool().clone();
        assert_eq!(
            Json::Object(pool.to_object()),
            json!({"Id": "eu-west-1_a", "Name": "customers", "UserPoolTags": {"a": "b"}})
        );
    }

    #[test]
    fn what_a_request_leaves_out_is_named_with_what_it_may_fall_to() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let all: Document =
            catalogue.settings().map(|name| (POOL.read_name(name).to_owned(), json!({}))).collect();
        assert_eq!(left_out(&catalogue, &all), None);
        let without = |names: &[&str]| {
            let mut pool = all.clone();
            pool.retain(|name, _| !names.contains(&name));
            left_out(&catalogue, &pool).unwrap()
        };
        assert_eq!(
            without(&["DeletionProtection", "LambdaConfig", "DeviceConfiguration", "Name", "UserPoolTier"]),
            "the request leaves out settings, which the manifest does not declare. poolctl does not change undeclared \
             settings. `aws cognito-idp update-user-pool` with this request would, as Cognito documents:
  DeletionProtection           reset to INACTIVE
  LambdaConfig                 reset to {}
  DeviceConfiguration          removed
  PoolName                     kept
  UserPoolTier                 kept"
        );
        let mode = without(&["MfaConfiguration"]);
        assert!(mode.ends_with(":\n  MfaConfiguration             kept, as measured"), "{mode}");
        // The older home of a setting is not the request's to say.
        let mut pool = all.clone();
        pool.retain(|name, _| !["EmailVerificationMessage", "Schema"].contains(&name));
        assert_eq!(left_out(&catalogue, &pool), None);
    }
}
