//! The promises of an apply, for any pool and any manifest, whatever an omitted member falls to.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path as FsPath;

use poolctl::apply::{ApplyFailure, ApplyOutcome, Backup};
use poolctl::document::{Json, Object, Path, Seg, json};
use poolctl::files::Root;
use poolctl::plan::{Finding, Level, Plan};
use poolctl::rules::{Desired, cross};
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;

use crate::properties::judge::{Saved, judge, moves, restored};
use crate::properties::live::TWINS;
use crate::properties::manifest::{Case, cases};
use crate::properties::stage::{Applied, Pool, Stage};

#[test]
fn an_apply_keeps_its_promises_where_omitted_members_reset_as_documented() {
    keeps_its_promises(Omission::Documented);
}

#[test]
fn an_apply_keeps_its_promises_where_omitted_members_reset_as_measured() {
    keeps_its_promises(Omission::Measured);
}

fn keeps_its_promises(omission: Omission) {
    let shapes = Shapes::bundled();
    let stage = Stage::new(omission);
    let (live, declared) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    stage.check(60, &cases(&shapes), async |stage, case| {
        live.borrow_mut().extend(case.live.pool().members().map(|(name, _)| name.to_owned()));
        declared.borrow_mut().extend(case.settings.keys().cloned());
        promises(stage, case).await
    });

    let members = shapes.input("UpdateUserPool").unwrap().members.iter().map(|(name, _)| *name);
    for name in members.filter(|name| *name != "UserPoolId") {
        let read = if name == "PoolName" { "Name" } else { name };
        assert!(live.borrow().contains(read), "no pool ever had `{name}`");
        assert!(declared.borrow().contains(name), "no manifest ever declared `{name}`");
    }
    let undone = stage.ended("applied and undone");
    let stuck = stage.ended("applied, and cannot be undone")
        + stage.ended("applied, and the service refuses to undo it");
    let (applied, refused) = (undone + stuck, stage.ended("refused"));
    assert!(undone * 10 >= applied * 6, "only {undone} of {applied} changes could be undone");
    assert!(
        applied * 10 >= (applied + refused) * 6,
        "only {applied} of {} changes were taken",
        applied + refused
    );
    assert!(refused > 0, "the service never refused anything");
    assert!(stage.ended("nothing to do") > 0, "every manifest changed something");
}

async fn promises(stage: &Stage, case: &Case) -> Result<&'static str, String> {
    let pool = stage.pool(&case.live);
    let desired = pool.desired(&case.manifest(&pool.id))?;
    let before = pool.saved();
    let plan = pool.plan(&desired).await;
    let applied = pool.apply(&desired, &plan).await;
    let after = pool.saved();
    match &applied.outcome {
        ApplyOutcome::Unchanged => {
            that(plan.report.changes.is_empty() && plan.steps.is_empty(), "a plan with changes did nothing")?;
            nothing_written(&applied, 0, &before, &after)?;
            judge(case, &before, &after)?;
            Ok("nothing to do")
        }
        ApplyOutcome::Refused(plan) => {
            let by_rules = plan.report.findings(Level::Conflict).all(is_rule);
            that(by_rules, format!("the plan is refused: {:?}", plan.report.findings))?;
            nothing_written(&applied, 0, &before, &after)?;
            Ok("refused by a rule")
        }
        ApplyOutcome::Failed(ApplyFailure::Write(..)) => {
            that(applied.backups.len() == 1, "a write was tried without a backup")?;
            that(applied.writes == 1, "a refused write was sent again")?;
            that(before.text == after.text, "a refused write left its mark")?;
            Ok("refused")
        }
        ApplyOutcome::Applied(_) => {
            that(applied.writes == 1, format!("{} writes for one apply", applied.writes))?;
            backed_up(&applied, &before)?;
            judge(case, &before, &after)?;
            shown(case, &plan, &before, &after)?;
            nothing_left_to_do(&pool, &desired).await?;
            undone(&pool, &applied.backups[0], &before).await
        }
        outcome => Err(format!("{outcome:?}\nplan: {:?}", plan.report.findings)),
    }
}

/// The plan changes nothing but what is declared, and every declared member that has moved is in it.
fn shown(case: &Case, plan: &Plan, before: &Saved, after: &Saved) -> Result<(), String> {
    let changes: Vec<Path> = plan.report.changes.iter().map(|change| read_path(&change.path)).collect();
    let declared = case.declared();
    for change in &changes {
        let asked = |path: &Path| declared.iter().any(|declared| declared.path.overlaps(path));
        // Two names for one value: either tells of the other.
        let twin = TWINS.iter().any(|(legacy, truth)| {
            let (legacy, truth) = (Path::members(legacy.split('.')), Path::members(truth.split('.')));
            let moved = [&legacy, &truth].contains(&change)
                && meant(before, &truth, &legacy) == meant(after, &truth, &legacy);
            moved || change.overlaps(&truth) && asked(&legacy) || *change == legacy && asked(&truth)
        });
        // Without it, the service would switch client registration on.
        let status = Path::members(["DcrConfiguration", "EnableStatus"]);
        let spelled_out = *change == status
            && json::get(&before.pool, &status).is_none()
            && declared.iter().any(|declared| declared.path.head() == status.head());
        let asked = asked(change) || twin || spelled_out || plan.implied.contains(change);
        that(asked, format!("the plan changes `{change}`, which nobody declared"))?;
    }
    let moves = moves(before, after);
    for declared in &declared {
        let of = moves.iter().filter(|moved| moved.path.is_within(&declared.path));
        let moved = of.into_iter().any(|moved| !moved.means_the_same());
        let twin = TWINS.iter().any(|(legacy, _)| *legacy == declared.path.to_string());
        let planned = twin || changes.iter().any(|change| change.overlaps(&declared.path));
        that(!moved || planned, format!("`{}` has changed, and the plan did not show it", declared.path))?;
    }
    Ok(())
}

/// What a pool means by two names for one value.
fn meant<'a>(saved: &'a Saved, truth: &Path, legacy: &Path) -> Option<&'a Json> {
    json::get(&saved.pool, truth).or_else(|| json::get(&saved.pool, legacy))
}

/// Whether this is one of Cognito's rules across settings.
fn is_rule(finding: &Finding) -> bool {
    cross::all().any(|rule| rule.code == finding.code)
}

/// The path under which the pool's document has a setting.
pub(crate) fn read_path(path: &Path) -> Path {
    match path.segs() {
        [Seg::Member(name), rest @ ..] if &**name == "PoolName" => {
            rest.iter().fold(Path::members(["Name"]), |path, seg| path.join(seg.clone()))
        }
        _ => path.clone(),
    }
}

fn that(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}

fn nothing_written(applied: &Applied, writes: u64, before: &Saved, after: &Saved) -> Result<(), String> {
    that(applied.writes == writes, format!("{} writes where nothing was to be written", applied.writes))?;
    that(applied.backups.is_empty(), "a backup of nothing")?;
    that(before.text == after.text, "the pool has moved without a write")
}

/// Exactly one backup, and with its secret values it holds both documents as they were read, in the same order and with the same
/// numbers. While MFA is on, the read shows passkeys that nobody configured.
fn backed_up(applied: &Applied, before: &Saved) -> Result<(), String> {
    let [backup] = applied.backups.as_slice() else {
        return Err(format!("{} backups of one write", applied.backups.len()));
    };
    let backup = Backup::read(&Root::default(), backup).map_err(|error| error.to_string())?;
    let text = |document: &Object| Json::Object(document.clone()).to_string();
    let mut mfa = before.mfa.clone();
    if [&before.pool, &mfa]
        .iter()
        .find_map(|document| document.get("MfaConfiguration"))
        .is_some_and(|mode| mode != "OFF")
    {
        mfa.entry("WebAuthnConfiguration")
            .or_insert_with(|| serde_json::json!({"FactorConfiguration": "SINGLE_FACTOR"}));
    }
    let kept = [Some(&backup.user_pool), backup.mfa_config.as_ref()];
    for ((name, was), kept) in [("UserPool", &before.pool), ("MfaConfig", &mfa)].into_iter().zip(kept) {
        let kept = kept.map(|document| text(&document.to_object()));
        that(kept.as_deref() == Some(&text(was)), format!("the backup's {name} is {kept:?}"))?;
    }
    Ok(())
}

/// A restore brings everything back, or is refused for what cannot come back, or by the service: what the
/// pool no longer shows it may no longer take, and what stands for an absent member may need another tier.
async fn undone(pool: &Pool<'_>, backup: &FsPath, before: &Saved) -> Result<&'static str, String> {
    let written = pool.saved();
    let (plan, applied) = pool.restore(backup).await?;
    match &applied.outcome {
        ApplyOutcome::Refused(_) | ApplyOutcome::Unchanged if plan.report.is_refused() => {
            // A pool may have been at odds with a rule.
            let known = plan.report.findings(Level::Conflict).all(is_rule);
            let texts: Vec<&str> =
                plan.report.findings(Level::Conflict).map(|conflict| &*conflict.text).collect();
            that(known, format!("the restore is refused: {}", texts.join("; ")))?;
            nothing_written(&applied, 0, &written, &pool.saved())?;
            Ok("applied, and cannot be undone")
        }
        ApplyOutcome::Failed(ApplyFailure::Write(..)) => {
            that(written.text == pool.saved().text, "a refused restore left its mark")?;
            Ok("applied, and the service refuses to undo it")
        }
        ApplyOutcome::Applied(_) | ApplyOutcome::Unchanged => {
            let mut after = pool.saved();
            // Nothing removes the sender of a pool that had none.
            let had = before.pool.contains_key("SmsConfiguration");
            if !had && after.pool.shift_remove("SmsConfiguration").is_some() {
                after.mfa = before.mfa.clone();
            }
            restored(before, &after)?;
            Ok("applied and undone")
        }
        outcome => Err(format!("the restore: {outcome:?}")),
    }
}

async fn nothing_left_to_do(pool: &Pool<'_>, desired: &Desired) -> Result<(), String> {
    let before = pool.saved();
    let plan = pool.plan(desired).await;
    let paths: Vec<String> = plan.report.changes.iter().map(|change| change.path.to_string()).collect();
    that(paths.is_empty() && plan.steps.is_empty(), format!("a second plan changes {}", paths.join(", ")))?;
    let again = pool.apply(desired, &plan).await;
    that(matches!(again.outcome, ApplyOutcome::Unchanged), "a second apply has something to do")?;
    nothing_written(&again, 0, &before, &pool.saved())
}
