//! Contradictions: a member that two extended files declare differently, of which neither extends the other.

use super::Diagnostic;
use super::overlay::Layer;
use super::yaml::{Value, YamlEntry};
use crate::document::Path;

/// The keys that each file has for itself, and the lists that accumulate.
const APART: [&str; 6] = ["version", "requires", "watch", "ignore", "allow", "omit"];

/// A declaration of one member: the position of its file among the layers, and its entry.
type Declaration<'a> = (usize, &'a YamlEntry);

/// Reports every member that files contradict each other about. A file that extends both decides by declaring it.
pub(super) fn contradictions(layers: &[Layer], findings: &mut Vec<Diagnostic>) {
    // The manifest and one file below it are never siblings.
    if layers.len() < 3 {
        return;
    }
    let all = layers.iter().enumerate();
    let all = all.flat_map(|(file, layer)| layer.entries.iter().map(move |entry| (file, entry)));
    let declared = all.filter(|(_, entry)| !APART.contains(&entry.key.as_str())).collect();
    Siblings { layers, findings }.members(&Path::root(), declared);
}

struct Siblings<'a, 'b> {
    layers: &'a [Layer],
    findings: &'b mut Vec<Diagnostic>,
}

impl<'a> Siblings<'a, '_> {
    /// Looks at each member of a mapping, given its declarations in all files.
    fn members(&mut self, at: &Path, mut declared: Vec<Declaration<'a>>) {
        // The sort is stable: declarations of one member stay in the order of the files.
        declared.sort_by(|(_, a), (_, b)| a.key.cmp(&b.key));
        for group in declared.chunk_by(|(_, a), (_, b)| a.key == b.key).filter(|group| group.len() > 1) {
            let [(_, first), ..] = group else { continue };
            self.member(&at.member(&first.key), group);
        }
    }

    fn member(&mut self, at: &Path, declared: &[Declaration<'a>]) {
        let is_replaced = |(file, entry): &Declaration<'a>| {
            declared.iter().any(|(other, above)| {
                let merges = members(entry).is_some() && members(above).is_some();
                self.layers[*other].extended.contains(file) && !merges
            })
        };
        let standing: Vec<Declaration<'a>> =
            declared.iter().filter(|declaration| !is_replaced(declaration)).copied().collect();
        let differs = |(_, a): &Declaration<'a>, (_, b): &Declaration<'a>| match (members(a), members(b)) {
            (Some(_), Some(_)) => false,
            (None, None) => a.value.to_json() != b.value.to_json(),
            _ => true,
        };
        let Some((first, rest)) = standing.split_first() else { return };
        if let Some(other) = rest.iter().find(|other| differs(first, other)) {
            return self.report(at, first, other);
        }
        let inner = standing.iter().flat_map(|(file, entry)| {
            members(entry).into_iter().flatten().map(move |member| (*file, member))
        });
        self.members(at, inner.collect());
    }

    fn report(&mut self, at: &Path, (_, first): &Declaration<'_>, (_, other): &Declaration<'_>) {
        let shown = match at.segs() {
            [section, rest @ ..] if !rest.is_empty() && section.to_string() == "settings" => {
                Path::root().extended(rest)
            }
            _ => at.clone(),
        };
        let top = self.layers.last().map_or("", |layer| &*layer.file);
        let message = format!("two extended files declare `{shown}` differently");
        Diagnostic::error("declared-twice", message, other.origin.clone(), "declared here")
            .related(first.origin.clone(), "declared differently here")
            .help(format!("delete one of the two, or declare it in `{top}` too"))
            .add_to(self.findings);
    }
}

/// The members of an entry whose value is merged.
fn members(entry: &YamlEntry) -> Option<&Vec<YamlEntry>> {
    match &entry.value.value {
        Value::Mapping(members) if !members.is_empty() => Some(members),
        _ => None,
    }
}
