//! `poolctl apply` of a saved plan.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::{endpoint, read};
use crate::apply::{Backup, WaitingPlan};
use crate::catalogue::Catalogue;
use crate::cli::exit::Exit;
use crate::cli::fleet::carry::{ApplyMode, carry_out};
use crate::cli::fleet::connect::Connections;
use crate::cli::fleet::manifests;
use crate::cli::fleet::planning::{self, Depth};
use crate::cli::fleet::pools::{Planned, Unreachable};
use crate::cli::fleet::waiting::{Room, WaitingManifest};
use crate::cli::terminal::show;
use crate::cli::world::disk::{Disk, SecretUse};
use crate::cli::{Context, args};
use crate::document::Snapshot;
use crate::manifest::{self, Beside, Diagnostic, File, Nothing, Secret, Severity, Unavailable, Variable};
use crate::plan::{Level, Movement, Options, Plan, PlanReport, Sharing};
use crate::report::{self, Gone, PoolOutcome, Run, RunEntry, RunKind, count};
use crate::rules::{self, Desired};
use crate::saved::{SavedPlan, SavedPool, Standing};

pub(in crate::cli) async fn run(
    context: &Context,
    file: &Path,
    args: &args::ApplyArgs,
) -> Result<Exit, Exit> {
    let saved = read(context, file, &args.writes.outputs.out, false)?;
    let shown = report::escape(&file.display().to_string()).into_owned();
    let changes: usize = saved.pools.iter().map(|pool| pool.plan.changes.len()).sum();
    let of = format!("{}, {}", count(saved.pools.len(), "pool"), count(changes, "change"));
    let made = format!("planned {} by poolctl {}", saved.created, saved.tool_version);
    context.ui.note(&format!("{shown}: {}: {of}", report::escape(&made)));
    fits(context, &shown, &saved)?;
    if saved.gone.refuses() || saved.pools.iter().any(|pool| pool.plan.is_refused()) {
        let plans: Vec<&PlanReport> = saved.pools.iter().map(|pool| &pool.plan).collect();
        let ends = plans.iter().map(|plan| planning::end(plan, false));
        let entries: Vec<RunEntry<'_>> =
            plans.iter().zip(ends).map(|(plan, end)| RunEntry::planned(plan, end.code())).collect();
        let run = Run { gone: saved.gone, ..show::of(RunKind::Apply, &entries, &saved.diagnostics, &[]) };
        show::planned(context, &args.writes.outputs.out, &run);
        let text = format!("the saved plan `{shown}` is blocked: nothing was written");
        return Err(context.ui.fail(Exit::Refused, &text, &way_out(&plans, saved.gone)));
    }
    let wanted = wanted(context, &shown, &saved).await?;
    Connections::within(context, async |connections| {
        carry_on(context, connections, saved, wanted, args).await
    })
    .await
}

/// What to do about saved plans that are blocked.
fn way_out(plans: &[&PlanReport], gone: Gone) -> String {
    /// How many places are named.
    const NAMED: usize = 3;
    let all = |level| plans.iter().flat_map(move |plan| plan.findings(level));
    let conflicts = all(Level::Conflict).count();
    let mut places: Vec<String> = all(Level::Conflict)
        .filter_map(|conflict| conflict.origin.as_ref())
        .map(report::short_place)
        .collect();
    places.dedup();
    let more = places.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    places.truncate(NAMED);
    let at = if places.is_empty() { String::new() } else { format!(" at {}{more}", places.join(", ")) };
    let risks: Vec<&str> = all(Level::Risk).filter(|risk| risk.refuses()).map(|risk| &*risk.code).collect();
    let word = if risks.len() == 1 { "risk" } else { "risks" };
    let codes: Vec<&str> = risks.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    let steps = [
        (conflicts == 1).then(|| format!("fix the conflict{at}")),
        (conflicts > 1).then(|| format!("fix the conflicts{at}")),
        (!codes.is_empty()).then(|| format!("accept the {word} with `--allow {}`", codes.join(","))),
        gone.refuses().then(|| "restore the manifests that are gone, or remove `--released fail`".to_owned()),
    ];
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    format!("{}, then save the plan again", steps.join(", "))
}

/// Whether the plan is one of this program's, for where this run goes.
fn fits(context: &Context, shown: &str, saved: &SavedPlan) -> Result<(), Exit> {
    let refuse = |text: String, help: &str, exit: Exit| Err(context.ui.fail(exit, &text, help));
    let own = env!("CARGO_PKG_VERSION");
    if saved.tool_version != own {
        let text = format!("`{shown}` was made by poolctl {}, and this is poolctl {own}", saved.tool_version);
        let help = format!("apply it with poolctl {}, or plan again with this version", saved.tool_version);
        return refuse(text, &help, Exit::Failed);
    }
    if saved.api_model != context.model {
        let text = format!("`{shown}` was made with another API model");
        return refuse(text, "use the `--api-model` of the plan, or plan again", Exit::Refused);
    }
    match (saved.sandbox, context.global.sandbox.is_some()) {
        (true, false) => {
            let text = format!("`{shown}` was planned in a sandbox, and this run is not in one");
            refuse(text, "add `--sandbox`, or plan again without it", Exit::Refused)
        }
        (false, true) => {
            let text = format!("`{shown}` was not planned in a sandbox, and this run is in one");
            refuse(text, "remove `--sandbox`, or plan again with it", Exit::Refused)
        }
        _ => calls_the_same(context, shown, saved),
    }
}

/// Whether the run calls the endpoint that the plan was made at: another one has other pools, whatever their
/// ids.
fn calls_the_same(context: &Context, shown: &str, saved: &SavedPlan) -> Result<(), Exit> {
    let own = endpoint(context);
    if own == saved.endpoint {
        return Ok(());
    }
    let name =
        |url: &Option<String>| url.as_ref().map_or("Amazon's endpoint".to_owned(), |url| format!("`{url}`"));
    let (planned, called) = (name(&saved.endpoint), name(&own));
    let text = format!("`{shown}` was planned at {planned}, but this run calls {called}");
    let help = match &saved.endpoint {
        Some(url) => format!("add `--endpoint-url {url}`, or plan again at this endpoint"),
        None => {
            "remove `--endpoint-url` and the variable that sets it, or plan again at this endpoint".to_owned()
        }
    };
    Err(context.ui.fail(Exit::Refused, &text, &help))
}

/// The environment, as far as a manifest in a saved plan may see it: its secrets, and nothing that lies beside.
struct SecretsAlone(Disk);

impl Beside for SecretsAlone {
    fn file(&self, from: &str, path: &str) -> Result<File, Unavailable> {
        Nothing.file(from, path)
    }

    fn variable(&self, name: &str) -> Option<Variable> {
        Nothing.variable(name)
    }

    fn secret(&self, name: &str) -> Secret {
        self.0.secret(name)
    }
}

/// What the manifests in the file want; secrets come from the environment, and nothing else does.
async fn wanted(context: &Context, shown: &str, saved: &SavedPlan) -> Result<Vec<WaitingManifest>, Exit> {
    let disk = manifests::apart(|| Disk::new(&args::InputArgs::default(), SecretUse::Needed)).await?;
    let mut findings: Vec<Diagnostic> = Vec::new();
    let mut wanted = Vec::new();
    match disk {
        Ok(disk) => {
            let beside = SecretsAlone(disk);
            for pool in &saved.pools {
                match desired(context, shown, pool, &beside) {
                    Ok(desired) => wanted.push(WaitingManifest::from(desired)),
                    Err(errors) => findings.extend(errors),
                }
            }
        }
        Err(errors) => findings = errors,
    }
    if !findings.is_empty() {
        rules::veil(&mut findings);
        context.ui.diagnostics(&findings);
        return Err(Exit::Failed);
    }
    // Where a tag names the pool, its id is known once it is found.
    let is_another = |desired: &Desired, pool: &SavedPool| {
        let planned = &pool.plan.pool;
        desired.pool != planned.id && (desired.tag.is_none() || planned.is_new)
    };
    if wanted.iter().zip(&saved.pools).any(|(desired, pool)| is_another(desired, pool)) {
        let text = format!("`{shown}` is damaged: a manifest in it is for another pool than its plan");
        return Err(context.ui.fail(Exit::Failed, &text, "plan again with `poolctl plan --save FILE`"));
    }
    Ok(wanted)
}

fn desired(
    context: &Context,
    shown: &str,
    pool: &SavedPool,
    beside: &dyn Beside,
) -> Result<Desired, Vec<Diagnostic>> {
    let planned = &pool.plan.pool;
    let name = format!("{shown}: {} (resolved)", planned.file);
    let checked = manifest::load_with(&name, pool.manifest.as_bytes(), beside)
        .and_then(|manifest| rules::check(&context.catalogue, manifest));
    let (mut desired, _) = checked.map_err(|errors| unplaced(shown, &planned.file, errors))?;
    desired.require = Arc::clone(&context.require);
    desired.subject.only.clone_from(&pool.only);
    desired.subject.region.clone_from(&planned.region);
    desired.subject.file.clone_from(&planned.file);
    // The manifest in a saved plan is not the file of that name.
    desired.home = None;
    if let Some(account) = &mut desired.subject.account {
        account.origin = None;
    }
    Ok(desired)
}

/// The errors about a manifest in a saved plan. The place of an unset secret is none of a file: it is left out. Warnings are
/// in the plan.
fn unplaced(shown: &str, file: &str, errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut unplaced: Vec<Diagnostic> = Vec::new();
    for error in errors.into_iter().filter(|error| error.severity == Severity::Error) {
        let error = match error.code == "reference" {
            true => Diagnostic {
                help: error.help,
                ..Diagnostic::of_file(error.code, shown, format!("{}: {file} needs it", error.message))
            },
            false => error,
        };
        if !unplaced.contains(&error) {
            unplaced.push(error);
        }
    }
    unplaced
}

/// Plans every pool again, and carries out what is left, if every pool is where its plan can go on.
async fn carry_on(
    context: &Context,
    connections: &Connections,
    saved: SavedPlan,
    wanted: Vec<WaitingManifest>,
    args: &args::ApplyArgs,
) -> Result<Exit, Exit> {
    let is_strict = args.allow.strict_require;
    let options = Options { is_strict, ..saved.options(context.today()) };
    let readers = planning::readers(connections, &wanted).await;
    let SavedPlan { pools, diagnostics, digest, .. } = saved;
    let run = SavedRun::of(&pools, digest, &args.writes.backup_dir);
    let again = again(context, pools, options.clone());
    let again = planning::compare(context, wanted, readers, Depth::Whole, again).await;
    let (mut planned, standings): (Vec<_>, Vec<_>) = again.into_iter().map(apart).unzip();
    for planned in planned.iter_mut().filter(|planned| planned.desired.is_new()) {
        run.refuse_again(context, planned);
    }
    run.tell_applied(context, &planned, &standings);
    let ends: Vec<Exit> = planned
        .iter()
        .zip(&standings)
        .map(|(planned, standing)| match &planned.plan {
            Err(refusal) => refusal.exit(),
            Ok(_) if standing.movement.is_stale(args.strict_stale) => Exit::Stale,
            Ok(plan) => planning::end(plan.as_ref(), false),
        })
        .collect();
    let outs = &args.writes.outputs.out;
    if ends.iter().any(|end| *end != Exit::Clean) {
        let all = planned.iter().zip(&standings).zip(&ends);
        let entries: Vec<RunEntry<'_>> =
            all.map(|((planned, standing), end)| entry(planned, &standing.movement, *end)).collect();
        show::ended(context, outs, &show::of(RunKind::Apply, &entries, &diagnostics, &[]));
        show::refusals(context, &planned);
        return Ok(Exit::of_fleet(ends, false));
    }
    if planned.iter().any(|planned| planned.plan.as_ref().is_ok_and(|plan| !plan.as_ref().changes.is_empty()))
    {
        run.tell_again(context);
    }
    let way = ApplyMode {
        saved: Some(&run.digest),
        strict: args.strict_stale,
        is_approved: true,
        earlier: standings.into_iter().map(|standing| standing.movement.earlier).collect(),
        ..ApplyMode::new(RunKind::Apply, options, &diagnostics, &args.writes)
    };
    carry_out(context, connections, planned, way).await
}

/// A pool that was planned again, and where it stands.
type PlannedAgain = Planned<Result<(WaitingPlan, Standing), Unreachable>>;

/// The pool with its plan, and where it stands.
fn apart(Planned { desired, plan }: PlannedAgain) -> (Planned<WaitingPlan>, Standing) {
    let (plan, standing) = match plan.and_then(|plan| plan) {
        Ok((plan, standing)) => (Ok(plan), standing),
        Err(refusal) => (Err(refusal), Standing::default()),
    };
    (Planned { desired, plan }, standing)
}

/// What plans a pool again: what its saved plan shows is planned as it was.
///
/// As many plans as are made at a time stay whole; the others wait with less.
fn again(
    context: &Context,
    pools: Vec<SavedPool>,
    options: Options,
) -> impl Fn(Snapshot, &Desired) -> Result<(WaitingPlan, Standing), Unreachable> + Send + Sync + use<> {
    let catalogue = Arc::clone(&context.catalogue);
    let (sharing, room) = (Sharing::default(), Room::new(context.parallelism()));
    let by_file: HashMap<String, SavedPool> =
        pools.into_iter().map(|pool| (pool.plan.pool.file.clone(), pool)).collect();
    move |live, desired| {
        // The file of each manifest is the one of its pool in the plan.
        let Some(pool) = by_file.get(&desired.file) else {
            return Err(Unreachable::Changed(desired.file.clone()));
        };
        let plan = Plan::again(&catalogue, live, desired, &options, &pool.plan);
        let (plan, standing) = stand(&catalogue, plan, pool)?;
        let plan = if room.take() { plan.into() } else { WaitingPlan::folded(plan, &sharing) };
        Ok((plan, standing))
    }
}

/// Where a pool stands; one that is in another account is refused.
fn stand(catalogue: &Catalogue, mut plan: Plan, pool: &SavedPool) -> Result<(Plan, Standing), Unreachable> {
    let planned = &pool.plan.pool;
    let file = &plan.report.pool.file;
    if !planned.is_new && plan.report.pool.id != planned.id {
        let text = format!("{file}: the tag was on the pool {}, and is now on another one", planned.id);
        return Err(Unreachable::Tag(text, "plan again".to_owned()));
    }
    if let (Some(other), Some(account)) = (pool.other_account(&plan), &planned.account) {
        let text =
            format!("{file}: the pool was planned in account {account}, but is now in account {other}");
        return Err(Unreachable::Account(text));
    }
    let mut standing = pool.standing(catalogue, &plan);
    // What the call that makes a pool brings with it did not move.
    if planned.is_new {
        standing.movement.earlier.clear();
    }
    pool.lend_places(&mut plan);
    Ok((plan, standing))
}

/// What a run knows of its saved plan once every pool was planned again.
struct SavedRun<'a> {
    digest: String,
    /// The pools' ids.
    pools: Vec<String>,
    changes: usize,
    /// Where the backups of earlier runs are.
    backups: &'a Path,
}

impl<'a> SavedRun<'a> {
    fn of(pools: &[SavedPool], digest: String, backups: &'a Path) -> Self {
        let changes = pools.iter().map(|pool| pool.plan.changes.len()).sum();
        let pools = pools.iter().map(|pool| pool.plan.pool.id.clone()).collect();
        Self { digest, pools, changes, backups }
    }

    /// Refuses to make a pool by a plan that has made one before, where a backup of that is at hand.
    fn refuse_again(&self, context: &Context, planned: &mut Planned<WaitingPlan>) {
        let found = Backup::latest_of(&context.root, self.backups, &self.digest, &[]);
        let is_its = |backup: &Backup| backup.region == planned.desired.region;
        let Some((_, backup)) = found.filter(|(_, backup)| is_its(backup)) else { return };
        let text = format!(
            "{}: this plan was applied before, to the pool {}, and no pool carries its tag now",
            planned.desired.file, backup.pool
        );
        let help = "find out what became of that pool; to make another one, plan again";
        planned.plan = Err(Unreachable::Tag(text, help.to_owned()));
    }

    /// Says how much of the plan is done already.
    fn tell_applied(&self, context: &Context, planned: &[Planned<WaitingPlan>], standings: &[Standing]) {
        let applied: usize = standings.iter().map(|standing| standing.applied).sum();
        if applied == 0 {
            return;
        }
        let is_done = |planned: &&Planned<WaitingPlan>| {
            planned.plan.as_ref().is_ok_and(|plan| plan.as_ref().changes.is_empty())
        };
        let done = planned.iter().filter(is_done).count();
        let (all, pools) = (count(self.changes, "change"), count(planned.len(), "pool"));
        context.ui.note(&format!("{applied} of {all} already applied; {done} of {pools} already as planned"));
    }

    /// Says that the plan has been applied before, where a backup of that is at hand.
    fn tell_again(&self, context: &Context) {
        let pools: Vec<&str> = self.pools.iter().map(String::as_str).collect();
        if let Some((file, backup)) = Backup::latest_of(&context.root, self.backups, &self.digest, &pools) {
            context.ui.note_escaped(&format!(
                "warning: this plan was applied before, at {} (backup {}). Settings that were changed back since then are changed again",
                seconds(&backup.created),
                file.display()
            ));
        }
    }
}

/// A time in RFC 3339 as people read it: without what a second has behind the point.
fn seconds(time: &str) -> String {
    match time.split_once('.') {
        Some((whole, rest)) => whole.to_owned() + rest.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => time.to_owned(),
    }
}

/// A pool of a run that writes nothing.
fn entry<'a>(planned: &'a Planned<WaitingPlan>, movement: &'a Movement, end: Exit) -> RunEntry<'a> {
    let mut entry = show::entry(planned, RunKind::Apply, end);
    match end {
        Exit::Stale => {
            entry.end.outcome = PoolOutcome::Stale;
            entry.end.told = Some("changed since it was planned; nothing was written to it".to_owned());
            entry.end.error = Some(stale(movement));
            entry.end.movement = Some(movement);
        }
        Exit::Refused if planned.plan.is_ok() => {
            entry.end.told = Some("is now blocked; nothing was written to it".to_owned());
        }
        _ => return show::unreached(entry),
    }
    entry
}

/// Why a plan is stale. Of a sensitive setting one fingerprint is known, over the live value and the wanted one.
fn stale(movement: &Movement) -> (String, Option<String>) {
    let sensitive: Vec<String> = movement
        .stale
        .iter()
        .filter(|stale| stale.sensitive)
        .map(|stale| format!("`{}`", stale.path))
        .collect();
    let text = match sensitive.as_slice() {
        [] if movement.stale.is_empty() => {
            "the plan is stale: a setting changed since planning, and `--strict-stale` is set".to_owned()
        }
        [] => "the plan is stale: a planned setting changed since planning".to_owned(),
        paths => format!(
            "the plan is stale: the live value or the secret of {} changed since planning",
            paths.join(", ")
        ),
    };
    (text, Some("review the changes, and plan again".to_owned()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_time_is_told_to_the_second() {
        assert_eq!(super::seconds("2026-11-28T23:55:40.124166141Z"), "2026-11-28T23:55:40Z");
        assert_eq!(super::seconds("2026-11-28T23:55:40.1+01:00"), "2026-11-28T23:55:40+01:00");
        assert_eq!(super::seconds("2026-11-23T00:00:00Z"), "2026-11-23T00:00:00Z");
    }
}
