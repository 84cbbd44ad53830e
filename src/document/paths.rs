use std::collections::BTreeMap;

use super::Path;

/// Paths, each with a value, and the question which of them overlap another path.
///
/// Paths within a path follow directly behind it in the order of paths, so each answer takes a few
/// look-ups, however many paths there are.
#[derive(Clone, Debug)]
pub struct Paths<T>(BTreeMap<Path, T>);

impl<T> Default for Paths<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T> Paths<T> {
    /// Adds a path. Its former value, if any, is replaced.
    pub fn insert(&mut self, path: Path, value: T) {
        self.0.insert(path, value);
    }

    /// Whether `path` is one of these paths, lies within one or holds one.
    pub fn overlap(&self, path: &Path) -> bool {
        self.overlapping(path).next().is_some()
    }

    /// The values of the paths that are `path` or lie within it, then the values of the paths around it.
    pub fn overlapping<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a T> {
        let inner = self.0.range::<Path, _>(path..).take_while(|(inner, _)| inner.is_within(path));
        let outer = (0..path.segs().len()).filter_map(|length| self.0.get(&path.segs()[..length]));
        inner.map(|(_, value)| value).chain(outer)
    }
}

impl<T> FromIterator<(Path, T)> for Paths<T> {
    fn from_iter<I: IntoIterator<Item = (Path, T)>>(paths: I) -> Self {
        Self(paths.into_iter().collect())
    }
}

/// Paths without values.
impl<'a> FromIterator<&'a Path> for Paths<()> {
    fn from_iter<I: IntoIterator<Item = &'a Path>>(paths: I) -> Self {
        paths.into_iter().map(|path| (path.clone(), ())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path() -> impl Strategy<Value = Path> {
        prop::collection::vec("[ab]", 0..4).prop_map(|names| Path::members(names.iter().map(String::as_str)))
    }

    proptest! {
        #[test]
        fn what_overlaps_is_what_a_look_at_each_path_finds(
            paths in prop::collection::vec(path(), 0..12),
            asked in path(),
        ) {
            let set: Paths<Path> = paths.iter().map(|path| (path.clone(), path.clone())).collect();
            let mut found: Vec<&Path> = set.overlapping(&asked).collect();
            found.sort();
            let mut expected: Vec<&Path> = paths.iter().filter(|path| path.overlaps(&asked)).collect();
            expected.sort();
            expected.dedup();
            prop_assert_eq!(&found, &expected);
            prop_assert_eq!(set.overlap(&asked), !expected.is_empty());
        }
    }
}
