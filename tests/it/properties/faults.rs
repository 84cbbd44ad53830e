//! The promises of an apply while things go wrong, for any pool and any manifest.

use poolctl::apply::{Doubt, Outcome};
use poolctl::document::{Json, Path, Seg, json};
use poolctl::plan::{Deviation, Plan};
use poolctl::rules::Desired;
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;
use serde_json::json;

use crate::properties::apply::read_path;
use crate::properties::judge::{Saved, judge};
use crate::properties::live::TWINS;
use crate::properties::manifest::{Case, cases};
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
    if !matches!(twin.apply(&desired, &plan).await.outcome, Outcome::Applied(_)) {
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
        let paths = self.plan.changes.iter().map(|change| change.path.written_at());
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
        Outcome::Deviates(_, Doubt::Read(deviations)) => Ok(deviations),
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
    let done = matches!(applied.outcome, Outcome::Applied(_));
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
        let Outcome::Stale(movement) = &applied.outcome else {
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
    let changes = plan.changes.iter().filter(|change| change.path.is_within(path));
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
        let Outcome::Applied(written) = &applied.outcome else {
            return Err(format!("`{shown}` has moved: {:?}", applied.outcome));
        };
        let listed = written.movement.elsewhere.iter().any(|change| change.path.overlaps(&shown));
        that(listed, format!("`{shown}` has moved and is not listed: {:?}", written.movement))?;
        that(written.movement.elsewhere.len() == 1, format!("{:?}", written.movement.elsewhere))?;
        judge(case, &moved, &before.pool.saved())?;
        Ok("applied")
    });
}
