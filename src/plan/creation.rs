//! Pools that do not exist yet: the documents to plan from, the call that makes the pool, and the findings about it.

use std::sync::Arc;

use super::{Change, Finding, Level, Options, PlannedCall, Step, diff, risks};
use crate::catalogue::{Catalogue, MFA_MODE, POOL_NAME, PoolSign, Reading, Sign, calls};
use crate::document::{Document, DocumentId, Json, Path, Snapshot};
use crate::rules::{Desired, Namesake, Permits, PoolTag, TagSearch};

/// What a read finds of a pool that does not exist: documents without members, and lists without documents.
pub fn nothing(readings: &[Reading]) -> Snapshot {
    let ids = readings.iter().map(Reading::list);
    let ids = [DocumentId::POOL, DocumentId::MFA].into_iter().chain(ids);
    ids.fold(Snapshot::default(), |all, id| all.with(id, Some(Document::default())))
}

/// The pool as the call that makes it leaves it: with all of its settings, without MFA and what lives in it. MFA has a
/// call of its own, since a pool that is made with MFA needs a sender for text messages, whatever its factors are.
pub(super) fn made(live: &Snapshot, target: &Snapshot) -> Snapshot {
    let mut pool = target.pool().clone();
    pool.retain(|name, _| name != MFA_MODE);
    live.clone().with(DocumentId::POOL, Some(pool))
}

/// The call that makes the pool, whose documents are given in canonical form too.
pub(super) fn step(
    catalogue: &Catalogue,
    live: &Snapshot,
    (made, canonical): (&Snapshot, &Document),
) -> (Step, PlannedCall) {
    let before = catalogue.canonical_of_all(live);
    let operation = &calls::CREATE_USER_POOL;
    let [from, to] = [live, made].map(|state| Arc::new(state.clone()));
    let told =
        PlannedCall { operation, path: None, changes: diff(catalogue, &before, canonical), is_whole: false };
    (Step { operation, document: DocumentId::POOL, from, to }, told)
}

/// The findings about a pool that the plan makes.
pub(super) fn findings(target: &Snapshot, desired: &Desired, options: &Options) -> Vec<Finding> {
    let Some(tag) = desired.tag.as_deref() else { return Vec::new() };
    let PoolTag { search: TagSearch::Absent { namesakes }, word, origin, .. } = tag else {
        return Vec::new();
    };
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let path = PoolTag::path();
    let name = Path::members([POOL_NAME]);
    let own = tag.word_path();
    let created = risk(PoolSign::Made, &own, &permits.exact(), |text| {
        format!(
            "no pool of the account carries the tag `{word}` in {}, so one is made: {text}",
            desired.region
        )
    });
    let created = created.map(|created| {
        let entry = format!("add `{{ risk: {}, path: {own}, reason: … }}` to `allow`", created.code);
        let help = created.help.as_ref().map(|help| format!("{help}, or {entry}"));
        Finding { help: help.map(Into::into), ..created }
    });
    let alike = namesakes.iter().filter_map(|namesake| {
        risk(PoolSign::Namesake, &name, &permits, |text| {
            let (pool, id) = (in_words(namesake), &namesake.id);
            format!("{pool} has this name already, without the tag: {text}. If that is the pool, write `pool: {id}` in the place of `create`")
        })
    });
    let text = "the pool does not exist, and only a part of its manifest is selected";
    let partly = Finding::new(Level::Conflict, "only-part", &path, text);
    let partly =
        partly.help("make the pool without `--only`: what is fixed when it is made could not follow");
    let partly = (!desired.only.is_empty()).then_some(partly);
    let permanent = Finding::new(Level::Note, "permanent-settings", &name, permanent(target));
    let open = Catalogue::open_defaults(target, |path| desired.declared().any(|at| at.overlaps(path)));
    let text = format!("the new pool starts with {}", open.join(", "));
    let open = (!open.is_empty()).then(|| Finding::new(Level::Note, "open-defaults", &name, text));
    let all = partly.into_iter().chain(created).chain(alike).chain([permanent]).chain(open);
    all.map(|finding| finding.origin(Some(origin))).collect()
}

/// The finding about a pool that was found by its tag: that it may be the wrong one, or its id.
pub(super) fn by_tag(live: &Snapshot, desired: &Desired, options: &Options) -> Option<Finding> {
    moved(live, desired, options).or_else(|| found(desired))
}

/// The note on a pool that was found by its tag.
fn found(desired: &Desired) -> Option<Finding> {
    // The manifest may be for several stages, each with its own word.
    let is_own = |tag: &&PoolTag| !tag.is_given;
    let tag = desired.tag.as_deref().filter(|tag| matches!(tag.search, TagSearch::Found { .. }));
    let tag = tag.filter(is_own)?;
    let text = format!("the pool was found by its tag: its id is {}", desired.pool);
    let help = format!("write `pool: {}` in the place of `create`", desired.pool);
    Some(
        Finding::new(Level::Note, "pool-by-tag", &PoolTag::path(), text).help(help).origin(Some(&tag.origin)),
    )
}

/// The risk of a pool that was found by its tag while another one has the declared name: the tag may have been moved. If no
/// other pool has the name, the manifest renames its pool.
fn moved(live: &Snapshot, desired: &Desired, options: &Options) -> Option<Finding> {
    let tag = desired.tag.as_ref()?;
    let TagSearch::Found { namesakes } = &tag.search else { return None };
    let namesake = namesakes.first()?;
    let name = live.pool().get(Snapshot::NAME).and_then(Json::as_str)?;
    let declared = desired.pool_name().filter(|declared| *declared != name)?;
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let finding = risk(PoolSign::Renamed, &Path::members([POOL_NAME]), &permits, |text| {
        match desired.has_secret_name() {
            true => format!("{} has the declared name, without the tag: {text}", in_words(namesake)),
            false => format!(
                "the pool with the tag is `{name}`, and {} is `{declared}` without the tag: {text}",
                in_words(namesake)
            ),
        }
    })?;
    let help = format!(
        "write the id of the right pool, such as `pool: {}`, in the place of `create`, or {}",
        namesake.id,
        finding.help.unwrap_or_default()
    );
    Some(Finding { help: Some(help.into()), ..finding }.origin(Some(&tag.origin)))
}

/// The finding of a drift report about a pool that a manifest names by a tag.
pub(super) fn in_drift(live: &Snapshot, desired: &Desired, options: &Options) -> Option<Finding> {
    let warn = |finding: Finding| match finding.level {
        Level::Risk => Finding { level: Level::Warning, blocking: false, ..finding },
        _ => finding,
    };
    missing(desired).or_else(|| by_tag(live, desired, options).map(warn))
}

/// The warning about a pool that does not exist.
fn missing(desired: &Desired) -> Option<Finding> {
    let tag = desired.tag.as_ref().filter(|_| desired.is_new())?;
    let text =
        format!("the pool does not exist: no pool of {} carries the tag `{}`", desired.region, tag.word);
    let finding = Finding::new(Level::Warning, "pool-missing", &PoolTag::path(), text);
    Some(
        finding
            .help("make it with `poolctl apply`, or find out who removed its tag")
            .origin(Some(&tag.origin)),
    )
}

/// The risk of a pool that is made although the baseline has it.
pub(super) fn vanished(
    (baseline, name): (&Desired, &str),
    desired: &Desired,
    options: &Options,
) -> Option<Finding> {
    let word = |of: &Desired| of.tag.as_ref().map(|tag| tag.word.clone());
    if !desired.is_new() || word(baseline).is_none() || word(baseline) != word(desired) {
        return None;
    }
    let permits = Permits::new(&desired.allow, &options.allows, options.today);
    let finding = risk(PoolSign::MadeAgain, &PoolTag::path(), &permits, |text| {
        format!("{name} has this `create` already, and no pool carries the tag: {text}")
    })?;
    Some(finding.origin(desired.tag.as_ref().map(|tag| &tag.origin)))
}

fn risk(
    sign: PoolSign,
    path: &Path,
    permits: &Permits<'_>,
    text: impl FnOnce(&str) -> String,
) -> Option<Finding> {
    let risk = Catalogue::risk_told_by(|own| matches!(own, Sign::OfPool(of) if *of == sign))?;
    Some(Finding { text: text(risk.text).into(), ..risks::finding(risk, path, permits) })
}

fn in_words(namesake: &Namesake) -> String {
    match namesake.users {
        Some(users) => format!("{} (about {users} users)", namesake.id),
        None => namesake.id.clone(),
    }
}

/// The settings that no call changes after the pool is made, with the values that it gets.
fn permanent(target: &Snapshot) -> String {
    let parts = Catalogue::permanent(target).map(|(name, value)| match value {
        Some(value) => format!("{name} {value}"),
        None => format!("{name} not set"),
    });
    let required = Catalogue::required_attributes(target);
    let required = match required.is_empty() {
        true => "no required attributes".to_owned(),
        false => format!("required attributes {}", required.join(", ")),
    };
    let parts: Vec<String> = parts.chain([required]).collect();
    format!("these settings of the new pool can never change: {}", parts.join("; "))
}

/// The changes of a later plan that were not shown before.
pub fn unshown<'a>(catalogue: &Catalogue, shown: &[Change], later: &'a [Change]) -> Vec<&'a Change> {
    let is_shown = |change: &Change| {
        shown.iter().any(|known| {
            known.path == change.path
                && catalogue.equal(&change.path, known.after.as_ref(), change.after.as_ref())
        })
    };
    later.iter().filter(|change| !is_shown(change)).collect()
}
