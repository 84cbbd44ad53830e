//! Whatever is live, its import plans nothing, and says what it leaves out.

use poolctl::apply::Outcome;
use poolctl::import::{self, Draft, Frame, Note};
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;

use crate::properties_live::{pools, word};
use crate::properties_stage::{Pool, Stage};

#[test]
fn an_import_plans_nothing_where_omitted_members_reset_as_documented() {
    plans_nothing(Omission::Documented);
}

#[test]
fn an_import_plans_nothing_where_omitted_members_reset_as_measured() {
    plans_nothing(Omission::Measured);
}

fn plans_nothing(omission: Omission) {
    let shapes = Shapes::bundled();
    let stage = Stage::new(omission);
    stage.check(60, &pools(&shapes), async |stage, live| {
        let pool = stage.pool(live);
        let sparse = holds(stage, &pool, false).await?;
        let full = holds(stage, &pool, true).await?;
        if full.text().len() < sparse.text().len() {
            return Err(format!("--full says less\n{}\n{}", sparse.text(), full.text()));
        }
        Ok(match sparse.notes.is_empty() {
            true => "imported",
            false => "imported with notes",
        })
    });
    for end in ["imported", "imported with notes"] {
        assert!(stage.ended(end) > 0, "no pool was {end}");
    }
}

/// Imports a pool, and loads, plans and applies what came of it.
async fn holds(stage: &Stage, pool: &Pool<'_>, full: bool) -> Result<Draft, String> {
    let frame = Frame { pool: pool.id.clone(), ..Frame::default() };
    let options = import::Options { full, ..import::Options::default() };
    let draft = import::draft(&stage.catalogue, &pool.live().await, &frame, &options);
    let text = draft.text();
    let desired = pool.desired(&text).map_err(|error| format!("{error}\n{text}"))?;
    let plan = pool.plan(&desired).await;
    if !plan.changes.is_empty() || plan.is_refused() {
        return Err(format!("the plan is not empty: {:#?}\n{:#?}\n{text}", plan.changes, plan.findings));
    }
    let applied = pool.apply(&desired, &plan).await;
    if !matches!(applied.outcome, Outcome::Unchanged) || applied.writes != 0 {
        return Err(format!("the apply is not empty: {:?}\n{text}", applied.outcome));
    }
    let left: Vec<&Note> = draft.notes.iter().filter(|note| !note.text.contains("`passthrough`")).collect();
    // The service puts the pool's own Region there.
    let regions = ["SmsConfiguration.SnsRegion", "SmsConfiguration.EumsSms.Region"];
    let regions = regions.iter().filter(|path| word(&plan.base.pool, path) == Some("eu-west-1")).count();
    if plan.unmanaged > left.len() + if full { 0 } else { regions } {
        return Err(format!(
            "{} settings are unmanaged, and these are told: {left:?}\n{text}",
            plan.unmanaged
        ));
    }
    Ok(draft)
}
