//! The promises of an apply while things go wrong, for any pool and any manifest.

use std::collections::BTreeSet;

use poolctl::apply::{ApplyOutcome, Doubt};
use poolctl::document::{Json, Object, Path, Seg, json};
use poolctl::plan::{Deviation, Plan};
use poolctl::rules::Desired;
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::properties::apply::read_path;
use crate::properties::judge::{Saved, default_of, flat, judge};
use crate::properties::live::{TWINS, word};
use crate::properties::manifest::{Case, cases};
use crate::properties::mfa::{self, FACTORS};
use crate::properties::stage::{Applied, Pool, Stage};

/// A case up to its plan.
struct Planned<'a> {
    pool: Pool<'a>,
    desired: Desired,
    plan: Plan,
    before: Saved,
}

/// Plans a case; nothing where there is nothing to do, or where the service would refuse it.
async fn planned<'a>(stage: &'a Stage, case: &Case) -> Result<Option<Planned<'a>>, String> {
    let twin = stage.pool(&case.live);
    let desired = twin.desired(&case.manifest(&twin.id))?;
    let plan = twin.plan(&desired).await;
    // The same pool under another id tells whether the service takes the change.
    if !matches!(twin.apply(&desired, &plan).await.outcome, ApplyOutcome::Applied(_)) {
        return Ok(None);
    }
    let pool = stage.pool(&case.live);
    let desired = pool.desired(&case.manifest(&pool.id))?;
    let plan = pool.plan(&desired).await;
    let before = pool.saved();
    Ok(Some(Planned { pool, desired, plan, before }))
}

impl Planned<'_> {
    async fn apply(&self) -> Applied {
        self.pool.apply(&self.desired, &self.plan).await
    }

    fn id(&self) -> &str {
        &self.pool.id
    }

    /// A path of the pool's document that the plan changes, to be moved whole; no name of a twin, and
    /// none where any value will do.
    fn changed(&self) -> Option<Path> {
        let paths = self.plan.report.changes.iter().map(|change| change.path.written_at());
        let mut paths = paths.filter(|path| {
            !matches!(path.head(), Some("AcrConfiguration" | "DeviceConfiguration")) && !is_twin(path)
        });
        paths.next()
    }

    /// A member that nobody declares, under its names in the pool and in a plan, and another value for it.
    fn undeclared(&self, case: &Case) -> Option<(&'static str, Path, Json)> {
        let mut members = MEMBERS.iter().filter_map(|(place, value)| {
            let shown: Path = place.strip_prefix("MfaConfig.").unwrap_or(place).parse().unwrap();
            let value: Json = serde_json::from_str(value).unwrap();
            let live = json::get(&self.before.pool, &shown).or_else(|| json::get(&self.before.mfa, &shown));
            let free = !case.declares(&shown) && live != Some(&value);
            let around = shown.parent().unwrap();
            let reachable = around.is_root() || json::get(&self.before.pool, &around).is_some();
            (free && reachable).then_some((*place, shown, value))
        });
        members.next()
    }
}

/// Members that another writer may move, and what to. None is repeated elsewhere, or filled in.
const MEMBERS: [(&str, &str); 5] = [
    ("UserPoolTags.console", r#""a:b""#),
    ("LambdaConfig.UserMigration", r#""arn:aws:lambda:eu-west-1:111122223333:function:moved""#),
    ("EmailConfiguration.ReplyToEmailAddress", r#""moved@example.com""#),
    ("NeverHeardOf", r#"{"deep": [0.10, null]}"#),
    ("DeletionProtection", r#""ACTIVE""#),
];

fn is_twin(path: &Path) -> bool {
    TWINS.iter().any(|(legacy, truth)| {
        [legacy, truth].iter().any(|name| Path::members(name.split('.')).overlaps(path))
    })
}

fn that(holds: bool, what: impl Into<String>) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.into()) }
}

/// What a run that ends in doubt has read.
fn deviations(applied: &Applied) -> Result<&[Deviation], String> {
    match &applied.outcome {
        ApplyOutcome::Deviates(_, Doubt::Read(deviations)) => Ok(deviations),
        outcome => Err(format!("not a deviation: {outcome:?}")),
    }
}

/// Faults of the wire: what must become of them, and how many requests that takes.
async fn applied_in_spite_of(
    stage: &Stage,
    case: &Case,
    fault: &str,
    writes: u64,
) -> Result<&'static str, String> {
    let Some(planned) = planned(stage, case).await? else { return Ok("nothing to write") };
    stage.arm(&format!("UpdateUserPool/{}:{fault}", planned.id())).await;
    let applied = planned.apply().await;
    let done = matches!(applied.outcome, ApplyOutcome::Applied(_));
    that(done, format!("{fault}: {:?}", applied.outcome))?;
    that(applied.writes == writes, format!("{fault}: {} writes", applied.writes))?;
    that(applied.backups.len() == 1, format!("{fault}: {} backups", applied.backups.len()))?;
    judge(case, &planned.before, &planned.pool.saved())?;
    Ok("applied")
}

/// Runs a property on a few cases, and sees to it that it was not idle.
fn check(cases_: u32, property: impl AsyncFn(&Stage, &Case) -> Result<&'static str, String>) {
    let stage = Stage::new(Omission::Documented);
    stage.check(cases_, &cases(&Shapes::bundled()), property);
    assert!(stage.ended("applied") > 0, "no case wrote anything");
}

#[test]
fn a_lost_answer_a_cut_request_and_throttling_end_in_one_applied_change() {
    check(10, async |stage, case| {
        applied_in_spite_of(stage, case, "cut-after*1", 1).await?;
        applied_in_spite_of(stage, case, "cut-before*1", 2).await?;
        applied_in_spite_of(stage, case, "throttle*2", 3).await
    });
}

#[test]
fn a_member_that_moves_by_the_write_is_named_as_undeclared() {
    check(10, async |stage, case| {
        let Some(planned) = planned(stage, case).await? else { return Ok("nothing to write") };
        let Some((place, shown, value)) = planned.undeclared(case) else { return Ok("all is declared") };
        stage.arm(&format!("UpdateUserPool/{}:drift-after={place}:{value}", planned.id())).await;
        let applied = planned.apply().await;
        let deviations = deviations(&applied)?;
        let named = deviations.iter().all(|one| !one.declared && one.path.overlaps(&shown));
        that(named && !deviations.is_empty(), format!("`{shown}` has moved: {deviations:?}"))?;
        that(applied.writes == 1 && applied.backups.len() == 1, format!("{applied:?}"))?;
        Ok("applied")
    });
}

#[test]
fn any_undeclared_member_that_moves_by_a_write_is_named_where_omitted_members_reset_as_documented() {
    any_undeclared_member_is_named(Omission::Documented);
}

#[test]
fn any_undeclared_member_that_moves_by_a_write_is_named_where_omitted_members_reset_as_measured() {
    any_undeclared_member_is_named(Omission::Measured);
}

/// Moves one member of either document, right after one of the calls, and before anybody reads.
fn any_undeclared_member_is_named(omission: Omission) {
    let (shapes, stage) = (Shapes::bundled(), Stage::new(omission));
    let cases = prop_oneof![cases(&shapes), mfa::cases(&shapes)];
    let moves = (cases, any::<bool>(), any::<Index>(), any::<Index>(), any::<bool>());
    stage.check(80, &moves, async |stage, (case, in_mfa, member, step, is_removed)| {
        let Some(planned) = planned(stage, case).await? else { return Ok("nothing to write") };
        let (of_mfa, of_pool): (Vec<_>, Vec<_>) = bystanders(case, &planned.before)
            .into_iter()
            .partition(|bystander| bystander.place.starts_with("MfaConfig."));
        let members = if *in_mfa && !of_mfa.is_empty() { of_mfa } else { of_pool };
        if members.is_empty() {
            return Ok("all is declared");
        }
        let Bystander { place, shown, value } = member.get(&members);
        // A pool without a name is no whole answer, and some values of MFA mean the same as none.
        let means_none = ["preferred", "SINGLE_FACTOR"].contains(&value.as_str().unwrap_or_default());
        let is_removed = *is_removed && place != "Name" && !means_none && value != false;
        let value = if is_removed { Json::Null } else { other(shown, value) };
        let operation = step.get(&planned.plan.steps).operation.name;
        stage.arm(&format!("{operation}/{}:drift-after={place}:{value}*1", planned.id())).await;
        let applied = planned.apply().await;
        let told = |what: &str| format!("{what} `{place}` has moved to {value} by {operation}");
        let deviations = deviations(&applied).map_err(|error| told(&format!("{error};")))?;
        // What the MFA document says of a copy, or says alone, is shown under that document's name.
        let is_it = |path: &Path| path.overlaps(shown) || stage.catalogue.locate(path).path.overlaps(shown);
        let named = deviations.iter().all(|one| !one.declared && is_it(&one.path));
        that(named && !deviations.is_empty(), told(&format!("{deviations:?};")))?;
        Ok(if place.starts_with("MfaConfig.") { "moved in the MFA document" } else { "moved in the pool" })
    });
    for end in ["moved in the pool", "moved in the MFA document"] {
        assert!(stage.ended(end) >= 5, "{end}: {}", stage.ended(end));
    }
}

/// A live member that nobody declares.
#[derive(Debug)]
struct Bystander {
    /// For the sandbox.
    place: String,
    /// By the setting's name.
    shown: Path,
    value: Json,
}

/// Every live member that nobody declares and that means something; lists are whole.
fn bystanders(case: &Case, before: &Saved) -> Vec<Bystander> {
    // The service's own, and what it calls by a name of its own in each call.
    const OF_THE_SERVICE: [&str; 7] = [
        "Id",
        "CreationDate",
        "LastModifiedDate",
        "EstimatedNumberOfUsers",
        "Status",
        "UsernameAttributes",
        "SchemaAttributes",
    ];
    const COPIES: [&str; 3] = [
        "MfaConfiguration",
        "SmsMfaConfiguration.SmsConfiguration",
        "SmsMfaConfiguration.SmsAuthenticationMessage",
    ];
    // Without MFA, before or after, a factor means nothing.
    let is_on = |document: &Object| matches!(word(document, "MfaConfiguration"), Some("OPTIONAL" | "ON"));
    let has_mfa =
        is_on(&before.pool) && is_on(&before.mfa) && case.settings.get("MfaConfiguration").is_none();
    let mut out = Vec::new();
    for (document, is_mfa) in [(&before.pool, false), (&before.mfa, true)] {
        let paths: BTreeSet<Path> = flat(document).keys().map(Path::written_at).collect();
        for path in paths {
            let name = path.to_string();
            let value = json::get(document, &path).unwrap();
            let shown = if name == "Name" { Path::members(["PoolName"]) } else { path.clone() };
            let is_owned = path.head().is_some_and(|head| OF_THE_SERVICE.contains(&head))
                || name.starts_with("UserPoolTags.aws:");
            // Its copies the sandbox makes from the pool at every read.
            let is_copy = is_mfa && COPIES.iter().any(|copy| path.is_within(&Path::members(copy.split('.'))));
            let is_idle = !has_mfa && path.head().is_some_and(|head| FACTORS.contains(&head));
            let is_empty = [json!({}), json!([]), Json::Null].contains(value);
            let is_default = default_of(&name).is_some_and(|(default, _)| default == *value);
            if !(is_owned
                || is_copy
                || is_idle
                || is_empty
                || is_default
                || is_twin(&path)
                || case.declares(&shown)
                || case.declares(&path))
            {
                let place = if is_mfa { Path::members(["MfaConfig"]).extended(path.segs()) } else { path };
                out.push(Bystander { place: place.to_string(), shown, value: value.clone() });
            }
        }
    }
    out
}

/// Another value of the same kind.
fn other(path: &Path, value: &Json) -> Json {
    match value {
        Json::Bool(value) => json!(!value),
        Json::Number(_) => json!(987_654),
        Json::Array(_) if path.to_string().ends_with("RecoveryMechanisms") => {
            json!([{"Name": "moved", "Priority": 1}])
        }
        Json::Array(_) => json!(["moved"]),
        _ => json!("moved"),
    }
}

#[test]
fn a_declared_member_that_the_write_does_not_take_is_named() {
    check(10, async |stage, case| {
        let Some(planned) = planned(stage, case).await? else { return Ok("nothing to write") };
        let Some(path) = planned.changed() else { return Ok("all is repeated") };
        stage.arm(&format!("UpdateUserPool/{}:ignore={}", planned.id(), read_path(&path))).await;
        let applied = planned.apply().await;
        let deviations = deviations(&applied)?;
        let named = deviations.iter().any(|one| one.declared && one.path.overlaps(&path));
        that(named, format!("`{path}` was ignored: {deviations:?}"))?;
        let others = deviations.iter().all(|one| one.path.overlaps(&path));
        that(others, format!("only `{path}` was ignored: {deviations:?}"))?;
        Ok("applied")
    });
}

#[test]
fn another_writer_on_a_planned_setting_makes_the_plan_stale() {
    check(10, async |stage, case| {
        let Some(before) = planned(stage, case).await? else { return Ok("nothing to write") };
        let Some(path) = before.changed() else { return Ok("all is repeated") };
        let value = other_than(&before.plan, &path);
        // The move comes right after the read that the plan is made from.
        let place = read_path(&path);
        stage.arm(&format!("DescribeUserPool/{}:move={place}:{value}*1", before.id())).await;
        let plan = before.pool.plan(&before.desired).await;
        let moved = before.pool.saved();
        let applied = before.pool.apply(&before.desired, &plan).await;
        let ApplyOutcome::Stale(movement) = &applied.outcome else {
            return Err(format!("`{path}` has moved to {value}: {:?}", applied.outcome));
        };
        let named = movement.stale.iter().any(|stale| stale.path.overlaps(&path));
        that(named, format!("`{path}` has moved to {value}: {movement:?}"))?;
        that(applied.writes == 0 && applied.backups.is_empty(), format!("{applied:?}"))?;
        that(before.pool.saved().text == moved.text, "a stale plan wrote")?;
        Ok("applied")
    });
}

/// A value of the same kind that is neither the old nor the new one.
fn other_than(plan: &Plan, path: &Path) -> Json {
    let changes = plan.report.changes.iter().filter(|change| change.path.is_within(path));
    let taken: Vec<Json> =
        changes.flat_map(|change| [change.before.clone(), change.after.clone()]).flatten().collect();
    match taken.first() {
        Some(Json::Number(_)) => (20..).map(Json::from).find(|number| !taken.contains(number)).unwrap(),
        Some(Json::Array(_)) => json!(["third", "value"]),
        Some(Json::Object(_)) => json!({"third": "value"}),
        _ if path.segs().last() == Some(&Seg::Member("RecoveryMechanisms".into())) => {
            json!([{"Name": "third", "Priority": 1}])
        }
        _ => json!("third value"),
    }
}

#[test]
fn another_writer_elsewhere_is_kept_and_listed() {
    check(10, async |stage, case| {
        let Some(before) = planned(stage, case).await? else { return Ok("nothing to write") };
        let Some((place, shown, value)) = before.undeclared(case) else { return Ok("all is declared") };
        stage.arm(&format!("DescribeUserPool/{}:move={place}:{value}*1", before.id())).await;
        let plan = before.pool.plan(&before.desired).await;
        let moved = before.pool.saved();
        let applied = before.pool.apply(&before.desired, &plan).await;
        let ApplyOutcome::Applied(written) = &applied.outcome else {
            return Err(format!("`{shown}` has moved: {:?}", applied.outcome));
        };
        let listed = written.movement.elsewhere.iter().any(|change| change.path.overlaps(&shown));
        that(listed, format!("`{shown}` has moved and is not listed: {:?}", written.movement))?;
        that(written.movement.elsewhere.len() == 1, format!("{:?}", written.movement.elsewhere))?;
        judge(case, &moved, &before.pool.saved())?;
        Ok("applied")
    });
}
