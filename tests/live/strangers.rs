//! Members that the model does not have, and one that it has elsewhere: does the wire take them?

use serde_json::json;

use crate::findings::{Findings, answered, expect};
use crate::pools::Pool;
use crate::request::{at, complete, moved, put};

/// A name that Amazon will not give to anything.
const NOBODY: &str = "PoolctlNobody";

/// Sends each of them on its own, beside everything else.
pub(crate) fn measure(pool: &Pool<'_>, findings: &Findings) {
    let deep = format!("Policies.PasswordPolicy.{NOBODY}");
    let half = format!("Policies.{NOBODY}");
    let trigger = format!("LambdaConfig.{NOBODY}");
    for (path, value, expected, rule) in [
        (NOBODY, json!({"A": 1}), "accepted, shown", "update::strangers [I]"),
        (&half, json!({"A": 1}), "accepted, shown", "update::policies [I]"),
        (&deep, json!(1), "accepted, shown", "validate [I]"),
        (&trigger, json!("nobody"), "accepted, shown", "validate [I]"),
        ("AliasAttributes", json!(["email"]), "accepted, nothing moved", "update::strangers [I]"),
        ("UsernameAttributes", json!(["email"]), "accepted, nothing moved", "update::strangers [I]"),
        (
            "Schema",
            json!([{"Name": "nobody", "AttributeDataType": "String"}]),
            "accepted, nothing moved",
            "update::strangers [I]",
        ),
        ("Name", json!("nobody"), "accepted, nothing moved", "update::strangers [I]"),
    ] {
        let mut body = complete(&pool.bare);
        put(&mut body, path, value.clone());
        let found = answered(pool.update(body), |after| match moved(&pool.bare, &after, &[]) {
            _ if at(&after, path) == Some(&value) => "accepted, shown".to_owned(),
            moved if moved.is_empty() => "accepted, nothing moved".to_owned(),
            moved => format!("accepted, {moved}"),
        });
        findings.add("stranger", format!("UpdateUserPool with {path}"), expect(expected, rule), found);
    }
    let body = json!({"MfaConfiguration": "OFF", NOBODY: {"A": 1}});
    let found = answered(pool.set_mfa(body).and_then(|()| pool.mfa()), |mfa| {
        format!("accepted, {}", if mfa.contains_key(NOBODY) { "shown" } else { "not shown" })
    });
    let expected = expect("accepted, shown", "mfa::set [I]");
    findings.add("stranger", format!("SetUserPoolMfaConfig with {NOBODY}"), expected, found);
}
