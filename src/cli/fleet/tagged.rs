//! Pools that manifests name by a tag: found before anything is read of them.

use std::collections::{HashMap, HashSet};

use glob::Pattern;

use crate::apply::sought;
use crate::cli::Context;
use crate::cli::fleet::pools::{Planned, Unreachable, way};
use crate::cli::fleet::waiting::WaitingManifest;
use crate::cognito::{FoundPools, Reader, SearchScope, SoughtPool};
use crate::report::count;
use crate::rules::{Desired, IdPattern, Namesake, POOL_TAG, PoolTag, TagSearch};

/// Looks for the pools that are named by a tag, once for each account and Region. If the pool of a manifest is found, the
/// manifest gets its id; if several pools have the tag, the reason takes the place of the reader.
pub(in crate::cli) async fn find(
    context: &Context,
    wanted: &mut [WaitingManifest],
    readers: &mut [Result<Reader, Unreachable>],
) {
    for (reader, group) in groups(wanted, readers) {
        let sought: Vec<SoughtPool> =
            group.iter().filter_map(|index| wanted.get(*index)).map(|one| sought(one)).collect();
        let region = group.first().and_then(|index| wanted.get(*index)).map_or("", |one| one.region.as_str());
        let before_all = |others| {
            let those = count(others, "other pool");
            context.ui.note(&format!("Looking for the tag `{POOL_TAG}` among {those} of {region}."));
        };
        let found = reader.tagged(POOL_TAG, &sought, SearchScope::All, before_all).await;
        let mut found = found.map_err(Unreachable::Failed);
        // A folder may have pools of several Regions.
        if let Some(found) = found.as_mut().ok().filter(|_| reader.is_saved()) {
            let is_here = |id: &String| id.rsplit_once('_').is_some_and(|(own, _)| own == region);
            found.iter_mut().for_each(|found| found.carriers.retain(is_here));
        }
        for (position, index) in group.into_iter().enumerate() {
            let (Some(desired), Some(slot)) = (wanted.get_mut(index), readers.get_mut(index)) else {
                continue;
            };
            let own = found.as_ref().map(|found| found.get(position).cloned().unwrap_or_default());
            if let Err(refusal) = own.map_err(Clone::clone).and_then(|found| settle(desired, found)) {
                *slot = Err(refusal);
            }
        }
    }
    once(wanted, readers);
}

/// The pools that are selected now that their ids are known. A pattern of `--target` that matches neither a name nor one of
/// these ids is an error of every manifest whose pool it could have meant.
pub(in crate::cli) fn picked(
    wanted: Vec<WaitingManifest>,
    readers: Vec<Result<Reader, Unreachable>>,
) -> (Vec<WaitingManifest>, Vec<Result<Reader, Unreachable>>) {
    let is_id = |pattern: &IdPattern, one: &Desired| {
        Pattern::new(&pattern.text).is_ok_and(|pattern| pattern.matches(&one.pool))
    };
    let picks = |one: &WaitingManifest| one.tag.iter().flat_map(|tag| tag.picks.clone()).collect::<Vec<_>>();
    let missed: HashSet<String> = wanted
        .iter()
        .flat_map(&picks)
        .filter(|pattern| pattern.must_match && !wanted.iter().any(|one| is_id(pattern, one)))
        .map(|pattern| pattern.text)
        .collect();
    let both = wanted.into_iter().zip(readers).filter_map(|(one, reader)| {
        let picks = picks(&one);
        let own: Vec<&str> =
            picks.iter().map(|pattern| &*pattern.text).filter(|text| missed.contains(*text)).collect();
        if own.is_empty() {
            let is_named = one.tag.as_ref().is_none_or(|tag| tag.is_named);
            let is_selected = is_named || picks.iter().any(|pattern| is_id(pattern, &one));
            return is_selected.then_some((one, reader));
        }
        let refusal = reader.err().unwrap_or_else(|| {
            let text = format!("{}: its pool is not `--target {}`", one.file, own.join(","));
            Unreachable::Tag(text, "name the pool that carries the tag, or the manifest".to_owned())
        });
        Some((one, Err(refusal)))
    });
    both.unzip()
}

/// Refuses the pools that do not exist yet: a command needs the live ones.
pub(in crate::cli) fn must_exist<P>(planned: &mut [Planned<P>]) {
    for Planned { desired, plan } in planned.iter_mut().filter(|planned| planned.desired.is_new()) {
        let text = format!("{}: its pool does not exist yet", desired.file);
        *plan = Err(Unreachable::Tag(
            text,
            "make it with `poolctl apply`, or leave it out with `--exclude`".to_owned(),
        ));
    }
}

/// The manifests that name pools by tags and were not looked for yet, by the way to their pools, with a reader each.
fn groups(wanted: &[WaitingManifest], readers: &[Result<Reader, Unreachable>]) -> Vec<(Reader, Vec<usize>)> {
    let mut groups: Vec<(Reader, Vec<usize>)> = Vec::new();
    let mut ways = HashMap::new();
    for (index, (desired, reader)) in wanted.iter().zip(readers).enumerate() {
        let is_open = desired.tag.as_ref().is_some_and(|tag| matches!(tag.search, TagSearch::Open));
        let (true, Ok(reader)) = (is_open, reader) else { continue };
        let position = *ways.entry(way(desired)).or_insert(groups.len());
        match groups.get_mut(position) {
            Some((_, group)) => group.push(index),
            None => groups.push((reader.clone(), vec![index])),
        }
    }
    groups
}

/// Gives a manifest the pool that was found for it.
fn settle(desired: &mut Desired, found: FoundPools) -> Result<(), Unreachable> {
    let FoundPools { carriers, namesakes } = found;
    let Some(tag) = &mut desired.subject.tag else { return Ok(()) };
    let namesakes = namesakes.into_iter().map(|(id, users)| Namesake { id, users }).collect();
    match carriers.as_slice() {
        [] => tag.search = TagSearch::Absent { namesakes },
        [id] => {
            desired.subject.pool.clone_from(id);
            tag.search = TagSearch::Found { namesakes };
        }
        several => return Err(ambiguous(&desired.subject.file, tag, several)),
    }
    Ok(())
}

fn ambiguous(file: &str, tag: &PoolTag, pools: &[String]) -> Unreachable {
    let text = format!(
        "{file}: {} carry the tag `{POOL_TAG}={}`: {}",
        count(pools.len(), "pool"),
        tag.word,
        pools.join(", ")
    );
    let help = "find out which one is in use, write its id as `pool:` in the place of `create`, and remove the tag from the others";
    Unreachable::Tag(text, help.to_owned())
}

/// Refuses a pool that was found by its tag and that another manifest names by its id.
fn once(wanted: &[WaitingManifest], readers: &mut [Result<Reader, Unreachable>]) {
    let is_found = |one: &&WaitingManifest| {
        one.tag.as_ref().is_some_and(|tag| matches!(tag.search, TagSearch::Found { .. }))
    };
    if !wanted.iter().any(|one| is_found(&one)) {
        return;
    }
    let mut by_id = HashMap::new();
    for other in wanted.iter().filter(|one| one.tag.is_none()) {
        by_id.insert((way(other), other.pool.as_str()), other.file.as_str());
    }
    for (desired, slot) in wanted.iter().zip(readers).filter(|(one, _)| is_found(one)) {
        if let Some(other) = by_id.get(&(way(desired), desired.pool.as_str())) {
            let text =
                format!("{}: its pool is {}, which {other} names by its id", desired.file, desired.pool);
            *slot = Err(Unreachable::Tag(text, "keep one manifest per pool".to_owned()));
        }
    }
}
