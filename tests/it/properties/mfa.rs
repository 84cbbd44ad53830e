//! The promises of an apply that changes MFA, for any pool: what is declared holds, the rest of the MFA
//! document is what it was, to the last digit, and a restore brings all of it back.

use poolctl::apply::{ApplyOutcome, Doubt};
use poolctl::document::{Document, Json, Object, Path, Snapshot};
use poolctl::plan::{Deviation, Finding, Level, Plan};
use poolctl::rules::cross;
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::properties::live::pools;
use crate::properties::manifest::Case;
use crate::properties::stage::{Pool, Stage};
use crate::properties::values::STRANGE;

pub(super) const FACTORS: [&str; 3] =
    ["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];

/// Any pool, and what a manifest says of its MFA; `null` stands for YAML's.
pub(super) fn cases(shapes: &Shapes) -> BoxedStrategy<Case> {
    let email = prop_oneof![
        Just(json!({})),
        Just(json!({"Message": "It is {####}"})),
        Just(json!({"Message": "{####}!", "Subject": "Hi"})),
        Just(Json::Null)
    ];
    let passkeys = (
        weighted(0.5, select(vec!["example.com", "example.org"])),
        weighted(0.5, select(vec!["required", "preferred"])),
        weighted(0.5, select(vec!["SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"])),
    )
        .prop_map(|(party, verification, factor)| {
            let members = [
                ("RelyingPartyId", party),
                ("UserVerification", verification),
                ("FactorConfiguration", factor),
            ];
            let given =
                members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
            let given: Object = given.collect();
            if given.is_empty() { Json::Null } else { Json::Object(given) }
        });
    let wants = (
        weighted(0.7, select(vec!["OFF", "OPTIONAL", "ON"]).prop_map(Json::from)),
        weighted(0.5, prop_oneof![Just(json!({})), Just(Json::Null)]),
        weighted(
            0.5,
            prop_oneof![3 => Just(json!({"Enabled": true})), 1 => Just(json!({"Enabled": false})), 1 => Just(Json::Null)],
        ),
        weighted(0.4, email),
        weighted(0.4, passkeys),
    );
    // Another setting of the pool makes it two calls.
    (pools(shapes), wants, any::<bool>())
        .prop_map(|(live, (mode, sms, totp, email, passkeys), renamed)| {
            let names = ["MfaConfiguration", FACTORS[0], FACTORS[1], FACTORS[2], "WebAuthnConfiguration"];
            let wants = names.into_iter().zip([mode, sms, totp, email, passkeys]);
            let renamed = renamed.then(|| ("PoolName".to_owned(), json!("renamed")));
            let settings =
                wants.filter_map(|(name, value)| Some((name.to_owned(), value?))).chain(renamed).collect();
            Case { live, settings, passthrough: Object::new() }
        })
        .boxed()
}

#[test]
fn an_apply_that_changes_mfa_keeps_its_promises() {
    let stage = Stage::new(Omission::Measured);
    stage.check(80, &cases(&Shapes::bundled()), promises);
    for end in ["refused", "nothing to do", "applied in 1, and undone", "applied in 2, and undone"] {
        assert!(stage.ended(end) > 0, "nothing was {end}");
    }
}

async fn promises(stage: &Stage, case: &Case) -> Result<&'static str, String> {
    let pool = stage.pool(&case.live);
    let before = pool.live().await;
    let desired = pool.desired(&case.manifest(&pool.id))?;
    let plan = pool.plan(&desired).await;
    let applied = pool.apply(&desired, &plan).await;
    match &applied.outcome {
        ApplyOutcome::Unchanged if plan.report.is_refused() => Ok("refused"),
        ApplyOutcome::Refused(_) => Ok("refused"),
        ApplyOutcome::Unchanged => {
            that(plan.report.changes.is_empty() && applied.writes == 0, "a plan with changes did nothing")?;
            Ok("nothing to do")
        }
        ApplyOutcome::Failed(_) => {
            that(
                warned(&plan) || is_strange(&before),
                format!("the plan let through what the service refuses: {:?}", applied.outcome),
            )?;
            that(same(&before, &pool.live().await), "a refused write left its mark")?;
            Ok("refused by the service")
        }
        ApplyOutcome::Deviates(_, Doubt::Stopped(error)) => {
            let known = warned(&plan) || is_strange(&before);
            that(known, format!("the plan let through what the service refuses: {error}"))?;
            undone(stage, &pool, &applied.backups[0], &before).await?;
            Ok("refused half way, and undone")
        }
        // The service shows SMS as a factor of a pool that has a sender, though the manifest says no.
        ApplyOutcome::Deviates(_, Doubt::Read(found)) if found.iter().all(|it| is_sms_denied(case, it)) => {
            that(before.pool().has("SmsConfiguration"), "a factor came without its sender")?;
            Ok("told that SMS is a factor all the same")
        }
        ApplyOutcome::Applied(written) => {
            let after = pool.live().await;
            holds(case, &before, &after)?;
            kept(case, &before, &after)?;
            let again = pool.plan(&desired).await;
            let paths: Vec<String> =
                again.report.changes.iter().map(|change| change.path.to_string()).collect();
            that(paths.is_empty(), format!("a second plan changes {}", paths.join(", ")))?;
            undone(stage, &pool, &applied.backups[0], &before).await.map(|end| {
                match (end, written.done.len()) {
                    ("undone", 1) => "applied in 1, and undone",
                    ("undone", 2) => "applied in 2, and undone",
                    ("undone", _) => "applied in 3, and undone",
                    (end, _) => end,
                }
            })
        }
        outcome => Err(format!("{outcome:?}\n{:?}", plan.report.findings)),
    }
}

/// Whether one of Cognito's rules, or of its doubtful ones, was told of.
fn warned(plan: &Plan) -> bool {
    plan.report.findings.iter().any(is_rule)
}

fn is_rule(finding: &Finding) -> bool {
    cross::all().any(|rule| rule.code == finding.code)
}

/// Whether this is SMS as a factor that the manifest does not want.
fn is_sms_denied(case: &Case, deviation: &Deviation) -> bool {
    let denied = case.settings.get(FACTORS[0]) == Some(&Json::Null);
    denied && deviation.declared && deviation.path.to_string() == FACTORS[0]
}

/// Whether the pool has a value where MFA has its rules, and the rules are older than that.
fn is_strange(of: &Snapshot) -> bool {
    let about =
        ["MfaConfiguration", "EmailConfiguration", "Policies", "AccountRecoverySetting", "UserPoolTier"];
    let values = about
        .iter()
        .filter_map(|name| of.pool().get(name))
        .chain(of.mfa().into_iter().flat_map(Document::members).map(|(_, value)| value));
    values.into_iter().any(|value| value.to_string().contains(STRANGE))
}

fn mode(of: &Snapshot) -> &str {
    of.pool().get("MfaConfiguration").and_then(Json::as_str).unwrap_or("OFF")
}

fn mfa<'a>(of: &'a Snapshot, name: &str) -> Option<&'a Json> {
    of.mfa()?.get(name)
}

/// What is declared is so.
fn holds(case: &Case, before: &Snapshot, after: &Snapshot) -> Result<(), String> {
    let wanted = case.settings.get("MfaConfiguration").and_then(Json::as_str).unwrap_or(mode(before));
    that(mode(after) == wanted, format!("MFA is {}, and {wanted} is declared", mode(after)))?;
    for (name, value) in
        case.settings.iter().filter(|(name, _)| !["MfaConfiguration", "PoolName"].contains(&name.as_str()))
    {
        let is = mfa(after, name);
        let on = |value: Option<&Json>| {
            value.is_some_and(|value| name != FACTORS[1] || value.get("Enabled") == Some(&json!(true)))
        };
        // While MFA is off, a factor that is not wanted is none, however it is shown.
        let held = match value {
            Json::Object(members) => members.iter().all(|(member, value)| {
                let default =
                    matches!(value.as_str(), Some("preferred" | "SINGLE_FACTOR")) || value == &json!(false);
                is.and_then(|is| is.get(member)).map_or(default, |is| is == value)
                    || mode(after) == "OFF" && default
            }),
            _ if FACTORS.contains(&name.as_str()) => !on(is) || mode(after) == "OFF",
            _ => is.is_none_or(|is| is.get("RelyingPartyId").is_none()),
        };
        that(held, format!("`{name}` is {is:?}, and {value} is declared"))?;
    }
    Ok(())
}

/// What is not declared is what it was, but for a factor that MFA takes with it or a sender brings.
fn kept(case: &Case, before: &Snapshot, after: &Snapshot) -> Result<(), String> {
    for (name, value) in before.pool().get("SmsConfiguration").and_then(Json::as_object).into_iter().flatten()
    {
        let is = after.pool().get("SmsConfiguration").and_then(|sender| sender.get(name));
        that(is == Some(value), format!("`SmsConfiguration.{name}` was {value} and is {is:?}"))?;
    }
    let names = before.mfa().into_iter().chain(after.mfa()).flat_map(Document::members).map(|(name, _)| name);
    for name in names.filter(|name| *name != "MfaConfiguration" && !case.settings.contains_key(*name)) {
        let text = |of: &Snapshot| {
            let mut value = mfa(of, name)?.clone();
            // What the block repeats is the pool's.
            if let Some(members) = value.as_object_mut().filter(|_| name == FACTORS[0]) {
                members.retain(|name, _| !name.starts_with("Sms"));
            }
            // Cognito fills it in.
            if let Some(members) = value.as_object_mut().filter(|_| name == "WebAuthnConfiguration") {
                members.retain(|_, value| value != "SINGLE_FACTOR");
            }
            // What nobody configured is shown while MFA is on.
            Some(value.to_string()).filter(|text| name != "WebAuthnConfiguration" || text != "{}")
        };
        let factor = FACTORS.contains(&name);
        let off = [before, after].iter().any(|of| mode(of) == "OFF");
        let brought =
            name == FACTORS[0] && before.pool().has("SmsConfiguration") && mfa(before, name).is_none();
        let same = text(before) == text(after) || factor && off || brought;
        that(same, format!("`{name}` was {:?} and is {:?}", text(before), text(after)))?;
    }
    Ok(())
}

/// Whether two reads say the same, but for the date.
fn same(before: &Snapshot, after: &Snapshot) -> bool {
    let text = |of: &Snapshot| {
        let mut of = of.clone();
        of.pool_mut().retain(|name, _| name != "LastModifiedDate");
        json!([of.pool(), of.mfa()]).to_string()
    };
    text(before) == text(after)
}

/// A restore brings back what was, or says why it cannot.
async fn undone(
    stage: &Stage,
    pool: &Pool<'_>,
    backup: &std::path::Path,
    before: &Snapshot,
) -> Result<&'static str, String> {
    let (plan, applied) = pool.restore(backup).await?;
    match &applied.outcome {
        _ if plan.report.is_refused() => {
            let known = plan.report.findings(Level::Conflict).all(is_rule);
            that(known, format!("the restore is refused: {:?}", plan.report.findings))?;
            Ok("applied, and cannot be undone")
        }
        // The pool had a value that the service no longer takes.
        outcome if format!("{outcome:?}").contains(STRANGE) => {
            Ok("applied, and the service refuses to undo it")
        }
        ApplyOutcome::Failed(_) | ApplyOutcome::Deviates(_, Doubt::Stopped(_))
            if warned(&plan) || is_strange(before) =>
        {
            Ok("applied, and the service refuses to undo it")
        }
        ApplyOutcome::Applied(_) | ApplyOutcome::Unchanged => {
            let after = pool.live().await;
            that(mode(before) == mode(&after), "the mode was not restored")?;
            let canonical = |of: &Snapshot| Json::Object(stage.catalogue.canonical(of).to_object());
            let (was, is) = (canonical(before), canonical(&after));
            for name in FACTORS.iter().chain(&["WebAuthnConfiguration"]) {
                let brought = *name == FACTORS[0] && before.pool().has("SmsConfiguration");
                let (was, is) = (was.get(name), is.get(name));
                let same = stage.catalogue.equal(&Path::members([*name]), was, is) || brought;
                that(same, format!("`{name}` was {was:?} and is {is:?} after the restore"))?;
            }
            Ok("undone")
        }
        outcome => Err(format!("the restore: {outcome:?}\n{:?}", plan.report.findings)),
    }
}

fn that(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}
