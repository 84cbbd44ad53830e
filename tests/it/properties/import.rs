//! Whatever is live, its import plans nothing, and says what it leaves out.

use std::cell::Cell;
use std::path::PathBuf;

use poolctl::apply::ApplyOutcome;
use poolctl::catalogue::{Catalogue, MFA_DOCUMENT};
use poolctl::document::{Object, Path, Snapshot};
use poolctl::import::{self, Draft, Header, Note};
use poolctl::manifest::{Beside, File, Secret, Unavailable, Unmanaged, Variable, load_with};
use poolctl::plan::Plan;
use poolctl::rules;
use poolctl::sandbox::Omission;
use poolctl::shapes::Shapes;
use proptest::prelude::*;

use crate::properties::live::pools;
use crate::properties::stage::{Pool, Stage, accepting, check};

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
    let frame = Header { pool: pool.id.clone(), ..Header::default() };
    let options = import::ImportOptions { full, ..import::ImportOptions::default() };
    let draft = import::draft(&stage.catalogue, &pool.live().await, &frame, &options);
    let text = draft.text();
    let desired = pool.desired(&text).map_err(|error| format!("{error}\n{text}"))?;
    let plan = pool.plan(&desired).await;
    if !plan.report.changes.is_empty() || plan.report.is_refused() {
        return Err(format!(
            "the plan is not empty: {:#?}\n{:#?}\n{text}",
            plan.report.changes, plan.report.findings
        ));
    }
    let applied = pool.apply(&desired, &plan).await;
    if !matches!(applied.outcome, ApplyOutcome::Unchanged) || applied.writes != 0 {
        return Err(format!("the apply is not empty: {:?}\n{text}", applied.outcome));
    }
    // Also where the manifest wants to be told of every setting that somebody has chosen.
    let all = rules::Desired { unmanaged: Unmanaged::Report, ..desired.clone() };
    let drift = Plan::drift(&stage.catalogue, pool.live().await, &all, &accepting());
    // What only the MFA document has is kept apart, and a manifest names it without that.
    let named = |path: &Path| match path.head() {
        Some(MFA_DOCUMENT) => path.segs()[1..].iter().cloned().fold(Path::root(), |at, seg| at.join(seg)),
        _ => path.clone(),
    };
    let untold = |path: &Path| !draft.notes.iter().any(|note| note.path.overlaps(&named(path)));
    let seen = drift.report.undeclared.iter().find(|setting| untold(&setting.path));
    if seen.is_some() || !drift.report.changes.is_empty() {
        return Err(format!("what was imported has drifted: {seen:?} {:#?}\n{text}", drift.report.changes));
    }
    let left: Vec<&Note> = draft.notes.iter().filter(|note| !note.text.contains("`passthrough`")).collect();
    if plan.report.unmanaged > left.len() {
        return Err(format!(
            "{} settings are unmanaged, and these are told: {left:?}\n{text}",
            plan.report.unmanaged
        ));
    }
    Ok(draft)
}

/// Files that only this test knows.
struct Files(Vec<(String, String)>);

impl Beside for Files {
    fn file(&self, _: &str, path: &str) -> Result<File, Unavailable> {
        let found = self.0.iter().find(|(file, _)| file == path);
        let (file, text) = found.ok_or_else(|| Unavailable {
            message: format!("there is no file {path}"),
            help: String::new(),
        })?;
        Ok(File::new(file, PathBuf::from(file), text.as_bytes().into()))
    }

    fn variable(&self, _: &str) -> Option<Variable> {
        None
    }

    fn secret(&self, _: &str) -> Secret {
        Secret::Unset
    }
}

#[test]
fn pools_that_share_a_base_still_plan_nothing() {
    let shapes = Shapes::bundled();
    let catalogue = Catalogue::new(shapes.clone());
    let shared = Cell::new(0);
    let mixed = (pools(&shapes), pools(&shapes), any::<u64>()).prop_map(|(a, b, choice)| {
        let pool = mix(&a.pool().to_object(), &b.pool().to_object(), choice);
        (a, Snapshot::new(pool, b.mfa().cloned()))
    });
    check(40, &mixed, |(a, b)| {
        let lives = [("eu-west-1_A", a), ("eu-west-1_B", b)];
        let draft = |(id, live): &(&str, &Snapshot)| {
            let frame = Header { pool: (*id).to_owned(), ..Header::default() };
            let templates = Some(format!("templates/{id}"));
            import::draft(
                &catalogue,
                live,
                &frame,
                &import::ImportOptions { templates, ..import::ImportOptions::default() },
            )
        };
        let (base, drafts) = import::share(lives.iter().map(draft).collect(), "base.yaml", "templates/base");
        shared.set(shared.get() + u32::from(base.is_some()));
        let texts = base.iter().chain(&drafts).flat_map(|draft| draft.templates.clone());
        let mut files: Vec<(String, String)> =
            texts.map(|template| (template.file, String::from_utf8(template.content).unwrap())).collect();
        files.extend(base.iter().map(|base| ("base.yaml".to_owned(), base.text())));
        let files = Files(files);
        for ((id, live), draft) in lives.iter().zip(&drafts) {
            let told = |errors: Vec<_>| format!("{errors:?}\n{:#?}\n{}", files.0, draft.text());
            let manifest = load_with(id, draft.text().as_bytes(), &files).map_err(told)?;
            let (desired, _) = rules::check(&catalogue, manifest).map_err(told)?;
            let plan = Plan::new(&catalogue, (*live).clone(), &desired, &accepting());
            if !plan.report.changes.is_empty() || plan.report.is_refused() {
                return Err(format!("{:#?}\n{:#?}\n{}", plan.report.changes, files.0, draft.text()));
            }
        }
        Ok(())
    });
    assert!(shared.get() >= 20, "only {} pairs of pools shared anything", shared.get());
}

/// A pool with some members of each.
fn mix(a: &Object, b: &Object, choice: u64) -> Object {
    let takes_a = |index: usize| choice >> (index % 64) & 1 == 1;
    let mut mixed = b.clone();
    mixed.extend(
        a.iter()
            .enumerate()
            .filter(|(index, _)| takes_a(*index))
            .map(|(_, (name, value))| (name.clone(), value.clone())),
    );
    mixed
}
