//! What several manifests have in common, in one file that each of them extends.

use super::{Draft, Template};
use crate::document::{DocumentId, Json};
use crate::manifest::write::{CommentedEntry, Yaml};

/// Whether there is something to share under a key.
fn is_shared(key: &str) -> bool {
    ["settings", "passthrough"].contains(&key) || DocumentId::is_branch(key)
}

/// Takes what all drafts say out of each, into a base by the name `file` that they extend.
///
/// Nothing, and the drafts as they were, where they have nothing in common. Long texts of the base go to
/// `templates`, as the manifests' folder sees it.
pub fn share(mut drafts: Vec<Draft>, file: &str, templates: &str) -> (Option<Draft>, Vec<Draft>) {
    let shared = shared_templates(&mut drafts, templates);
    let all: Vec<&[CommentedEntry]> = drafts.iter().map(Draft::entries).collect();
    let mut base = common(&all);
    if !base.iter().any(|entry| is_shared(&entry.key)) {
        return (None, drafts);
    }
    base.retain(|entry| entry.key == "version" || is_shared(&entry.key));
    for draft in &mut drafts {
        draft.extend(file, &base);
    }
    (Some(Draft { manifest: Yaml::Mapping(base), templates: shared, notes: Vec::new() }), drafts)
}

impl Draft {
    fn entries(&self) -> &[CommentedEntry] {
        match &self.manifest {
            Yaml::Mapping(entries) => entries,
            Yaml::Scalar(_) | Yaml::Sequence(_) => &[],
        }
    }

    /// Removes what the base declares.
    fn extend(&mut self, file: &str, base: &[CommentedEntry]) {
        let (body, mut own): (Vec<CommentedEntry>, Vec<CommentedEntry>) =
            self.entries().iter().cloned().partition(|entry| is_shared(&entry.key));
        own.push(CommentedEntry::new("extends", Yaml::Sequence(vec![Yaml::from(file)])));
        own.extend(rest(body, base));
        self.manifest = Yaml::Mapping(own);
    }
}

/// What all these mappings say, in the order of the first.
fn common(all: &[&[CommentedEntry]]) -> Vec<CommentedEntry> {
    let Some((first, others)) = all.split_first() else { return Vec::new() };
    let of_all = |entry: &CommentedEntry| {
        let same = others.iter().map(|entries| entries.iter().find(|other| other.key == entry.key));
        let same: Vec<&CommentedEntry> = same.collect::<Option<_>>()?;
        let value = match same.iter().all(|other| other.value == entry.value) {
            true => entry.value.clone(),
            false => Yaml::Mapping(common_members(entry, &same)?),
        };
        let mut above = entry.above.clone();
        above.retain(|line| same.iter().all(|other| other.above.contains(line)));
        Some(CommentedEntry { above, key: entry.key.clone(), value, behind: entry.behind.clone() })
    };
    first.iter().filter_map(of_all).collect()
}

/// What the values of these entries have in common, where all are mappings and that is something.
fn common_members(entry: &CommentedEntry, others: &[&CommentedEntry]) -> Option<Vec<CommentedEntry>> {
    let members = [entry].into_iter().chain(others.iter().copied()).map(|entry| match &entry.value {
        Yaml::Mapping(members) => Some(members.as_slice()),
        Yaml::Scalar(_) | Yaml::Sequence(_) => None,
    });
    let common = common(&members.collect::<Option<Vec<_>>>()?);
    (!common.is_empty()).then_some(common)
}

/// What a base does not say.
fn rest(entries: Vec<CommentedEntry>, base: &[CommentedEntry]) -> Vec<CommentedEntry> {
    let left = |mut entry: CommentedEntry| {
        let below = base.iter().find(|below| below.key == entry.key);
        match (entry.value, below.map(|below| &below.value)) {
            (value, Some(below)) if value == *below => return None,
            (Yaml::Mapping(members), Some(Yaml::Mapping(below))) => {
                let members = rest(members, below);
                if members.is_empty() {
                    return None;
                }
                entry.value = Yaml::Mapping(members);
            }
            (value, _) => entry.value = value,
        }
        Some(entry)
    };
    entries.into_iter().filter_map(left).collect()
}

/// Gives the texts that all drafts have in a file of their own one file in the place of many.
fn shared_templates(drafts: &mut [Draft], folder: &str) -> Vec<Template> {
    let Some(first) = drafts.first() else { return Vec::new() };
    let of_all = |template: &&Template| {
        drafts.iter().all(|draft| draft.templates.iter().any(|other| other.is_of(template)))
    };
    let shared: Vec<Template> = first.templates.iter().filter(of_all).cloned().collect();
    for draft in &mut *drafts {
        for template in &shared {
            let own = draft.templates.iter().find(|own| own.is_of(template)).unwrap_or(template);
            let (from, to) = (own.reference(), template.moved(folder).reference());
            replace(&mut draft.manifest, &from, &to);
        }
        draft.templates.retain(|own| !shared.iter().any(|template| own.is_of(template)));
    }
    shared.iter().map(|template| template.moved(folder)).collect()
}

impl Template {
    /// The file's name without its folder; it tells the setting.
    fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or_default()
    }

    /// Whether the other one is the same content of the same setting.
    fn is_of(&self, other: &Self) -> bool {
        self.name() == other.name() && self.content == other.content
    }

    /// The same in another folder.
    fn moved(&self, folder: &str) -> Self {
        Self { file: format!("{folder}/{}", self.name()), ..self.clone() }
    }

    /// The reference to the file, as a manifest has it.
    pub(super) fn reference(&self) -> Yaml {
        let kind = if self.is_base64 { "base64" } else { "file" };
        Yaml::Scalar(Json::from(format!("${{{kind}:{}}}", self.file)))
    }
}

fn replace(value: &mut Yaml, from: &Yaml, to: &Yaml) {
    match value {
        Yaml::Mapping(entries) => entries.iter_mut().for_each(|entry| replace(&mut entry.value, from, to)),
        Yaml::Sequence(elements) => elements.iter_mut().for_each(|element| replace(element, from, to)),
        Yaml::Scalar(_) if value == from => *value = to.clone(),
        Yaml::Scalar(_) => {}
    }
}
