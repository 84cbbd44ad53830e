use crate::catalogue::{Catalogue, Foreign};
use crate::document::Path;
use crate::manifest::similar;

/// The setting that a path is most likely meant to be: the first wrong name on the way, set right.
pub fn close(catalogue: &Catalogue, path: &Path) -> Option<Path> {
    let len = (1..=path.segs().len()).find(|len| catalogue.setting(&path.prefix(*len)).is_none())?;
    let wrong = path.prefix(len);
    let name = wrong.segs().last()?.to_string();
    let right = match catalogue.foreign(&name).filter(|_| len == 1) {
        Some(Foreign::Renamed(setting)) => setting,
        _ => similar(&name, catalogue.siblings(&wrong))?,
    };
    let start = wrong.parent()?.member(right);
    Some(start.extended(path.segs().get(len..).unwrap_or_default()))
}
