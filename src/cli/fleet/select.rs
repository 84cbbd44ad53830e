//! Which of the pools that manifests declare a run is about: `--target`, `--exclude`, `--shard`.

use std::collections::HashSet;
use std::path::Path;

use glob::Pattern;
use sha2::{Digest as _, Sha256};

use crate::cli::args::{SelectionArgs, Shard};
use crate::cli::fleet::pools;
use crate::manifest::misspelt;
use crate::report::count;
use crate::rules::{Account, Desired, IdPattern, ManifestPool};

/// A pool that a manifest declares.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::cli) struct Declared {
    /// The account that its manifest names.
    pub(in crate::cli) account: Option<String>,
    /// The Region that it is looked for in.
    pub(in crate::cli) region: String,
    pub(in crate::cli) pool: String,
    /// The manifest, as messages name it.
    pub(in crate::cli) file: String,
    /// Its other names, where the paths lead to it by several.
    pub(in crate::cli) also: Vec<String>,
    /// Whether the manifest names the pool by a tag, so that nobody knows its id yet.
    pub(in crate::cli) is_by_tag: bool,
}

impl Declared {
    /// Where calls about it go to, and as whom.
    pub(in crate::cli) fn way(&self) -> pools::CallRoute<'_> {
        (self.account.as_deref(), &self.region)
    }

    /// Any other pool.
    pub(in crate::cli) fn neighbour(&self) -> Desired {
        let account = self.account.clone().map(|id| Account { id, origin: None });
        ManifestPool {
            file: self.file.clone(),
            region: self.region.clone(),
            account,
            ..ManifestPool::default()
        }
        .into()
    }
}

impl SelectionArgs {
    /// Whether it leaves nothing out.
    pub(in crate::cli) fn is_whole(&self) -> bool {
        self.target.is_empty() && self.exclude.is_empty() && self.shard.is_none()
    }

    /// The same where a pattern that is the name of one of these files means that file and no other.
    pub(in crate::cli) fn among<'a>(&self, files: impl Iterator<Item = &'a String>) -> Self {
        let files: HashSet<&str> = files.map(String::as_str).collect();
        let literal = |pattern: &Pattern| match files.contains(pattern.as_str()) {
            true => Pattern::new(&Pattern::escape(pattern.as_str())).unwrap_or_else(|_| pattern.clone()),
            false => pattern.clone(),
        };
        Self {
            target: self.target.iter().map(literal).collect(),
            exclude: self.exclude.iter().map(literal).collect(),
            shard: self.shard,
        }
    }

    /// Whether a pool is selected.
    pub(in crate::cli) fn takes(&self, declared: &Declared) -> bool {
        let is_target = self.target.is_empty()
            || self.target.iter().any(|pattern| fits(pattern, declared) || may_be_id(pattern, declared));
        let is_excluded = self.exclude.iter().any(|pattern| fits(pattern, declared));
        is_target
            && !is_excluded
            && self.shard.is_none_or(|shard| shard.takes(&declared.region, &declared.pool))
    }

    /// Whether a pool is a target whatever its id is.
    pub(in crate::cli) fn names(&self, declared: &Declared) -> bool {
        self.target.is_empty() || self.target.iter().any(|pattern| fits(pattern, declared))
    }

    /// The patterns that may mean the id of a pool that is found by its tag. `all` are all declared pools.
    pub(in crate::cli) fn picks(&self, declared: &Declared, all: &[Declared]) -> Vec<IdPattern> {
        let may_be_id = self.target.iter().filter(|pattern| may_be_id(pattern, declared));
        let pattern = |pattern: &Pattern| IdPattern {
            text: pattern.as_str().to_owned(),
            must_match: !all.iter().any(|one| fits(pattern, one)),
        };
        may_be_id.map(pattern).collect()
    }

    /// Whether a file is left out by its name, whatever is in it.
    pub(in crate::cli) fn excludes_file(&self, file: &str) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(file))
    }

    /// What is wrong with the selection, where a pattern fits no pool or nothing is left, and what to do.
    ///
    /// A typing error in `--exclude` would write a pool that was to be left alone. A shard may be empty.
    /// `files` are all files found, including bases and files with errors.
    pub(in crate::cli) fn check(
        &self,
        declared: &[Declared],
        files: &[String],
    ) -> Result<(), (String, String)> {
        let targets = self.target.iter().map(|pattern| ("target", pattern));
        for (option, pattern) in targets.chain(self.exclude.iter().map(|pattern| ("exclude", pattern))) {
            let fits_file = option == "exclude" && files.iter().any(|file| pattern.matches(file));
            let is_known = |declared: &Declared| {
                fits(pattern, declared) || option == "target" && may_be_id(pattern, declared)
            };
            if !fits_file && !declared.iter().any(is_known) {
                let none = match declared.len() {
                    1 => "no pool".to_owned(),
                    several => format!("none of {}", count(several, "pool")),
                };
                let text = format!("`--{option} {pattern}` matches {none}");
                let help =
                    "write a pool id, or the path of its manifest as in messages; `*` matches any text";
                return Err((text, close(pattern.as_str(), declared).unwrap_or_else(|| help.to_owned())));
            }
        }
        let whole = Self { shard: None, ..self.clone() };
        if !declared.is_empty() && !declared.iter().any(|declared| whole.takes(declared)) {
            let text = format!("no pool is selected out of {}", count(declared.len(), "pool"));
            return Err((
                text,
                "change `--exclude`: it excludes every pool that `--target` selects".to_owned(),
            ));
        }
        Ok(())
    }
}

fn fits(pattern: &Pattern, declared: &Declared) -> bool {
    let mut names = [&declared.pool, &declared.file].into_iter().chain(&declared.also);
    names.any(|name| pattern.matches(name))
}

/// Whether a pattern may be the id of a pool that is found by its tag: its text up to the first wildcard begins like an id
/// of the Region, and its text behind the last one has only what ids are made of.
fn may_be_id(pattern: &Pattern, declared: &Declared) -> bool {
    let (text, region) = (pattern.as_str(), format!("{}_", declared.region));
    let head = text.split(['*', '?', '[']).next().unwrap_or_default();
    let tail = text.rsplit(['*', '?', ']']).next().unwrap_or_default();
    let is_head = head.starts_with(&region) || text.len() > head.len() && region.starts_with(head);
    let is_of_ids = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    declared.is_by_tag && is_head && is_of_ids(head) && is_of_ids(tail)
}

fn close(written: &str, declared: &[Declared]) -> Option<String> {
    let names = declared.iter().flat_map(|declared| [declared.pool.as_str(), declared.file.as_str()]);
    let ends = declared.iter().find(|declared| Path::new(&declared.file).ends_with(written));
    let within = names.clone().any(|name| !written.is_empty() && name.contains(written));
    let close = match ends {
        Some(declared) => declared.file.clone(),
        None if within => format!("*{written}*"),
        None => misspelt(written, names)?.to_owned(),
    };
    // A comma stands between patterns.
    Some(format!("did you mean `{}`?", close.replace(',', "?")))
}

impl Shard {
    /// Whether a pool falls to this shard: by its Region and id alone, so that no other pool that comes or
    /// goes moves it.
    pub(in crate::cli) fn takes(self, region: &str, pool: &str) -> bool {
        let digest = Sha256::digest(format!("{region}/{pool}"));
        let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % u64::from(self.of) == u64::from(self.index % self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fleet() -> Vec<Declared> {
        let declared = |number: u32| Declared {
            account: None,
            region: "eu-west-1".to_owned(),
            pool: format!("eu-west-1_Pool{number:05}"),
            also: Vec::new(),
            is_by_tag: false,
            file: format!("pools/{}/{number}.yaml", if number.is_multiple_of(2) { "even" } else { "odd" }),
        };
        (0..1_000).map(declared).collect()
    }

    fn selection(target: &[&str], exclude: &[&str], shard: Option<&str>) -> SelectionArgs {
        let patterns = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        SelectionArgs {
            target: patterns(target),
            exclude: patterns(exclude),
            shard: shard.map(|shard| shard.parse().unwrap()),
        }
    }

    fn taken(selection: &SelectionArgs) -> usize {
        fleet().iter().filter(|declared| selection.takes(declared)).count()
    }

    #[test]
    fn pools_are_taken_by_id_and_by_file() {
        assert_eq!(taken(&selection(&[], &[], None)), 1_000);
        assert_eq!(taken(&selection(&["eu-west-1_Pool00007", "pools/even/*"], &[], None)), 501);
        assert_eq!(taken(&selection(&["pools/even/*"], &["*_Pool0000?"], None)), 495);
        assert_eq!(taken(&selection(&["even"], &[], None)), 0);
    }

    #[test]
    fn every_pool_falls_to_one_shard_and_none_moves_when_others_come() {
        let shards: Vec<SelectionArgs> =
            (1..=7).map(|index| selection(&[], &[], Some(&format!("{index}/7")))).collect();
        for declared in fleet() {
            assert_eq!(shards.iter().filter(|shard| shard.takes(&declared)).count(), 1);
        }
        for shard in &shards {
            assert!((100..190).contains(&taken(shard)), "{}", taken(shard));
        }
        let (first, last) = (selection(&[], &[], Some("0/7")), &shards[6]);
        assert!(fleet().iter().all(|declared| first.takes(declared) == last.takes(declared)));
        // What falls where must not change from one version to the next.
        let ids =
            ["eu-west-1_AAAAAAAAA", "eu-west-1_BBBBBBBBB", "eu-west-1_CCCCCCCCC", "eu-west-1_DDDDDDDDD"];
        let part = |id| (0..4).find(|index| Shard { index: *index, of: 4 }.takes("eu-west-1", id));
        assert_eq!(ids.map(part), [Some(2), Some(1), Some(3), Some(2)]);
    }

    #[test]
    fn a_pattern_that_fits_nothing_is_told_with_what_is_close() {
        let wrong = |target: &[&str], exclude: &[&str]| selection(target, exclude, None).check(&fleet(), &[]);
        assert_eq!(wrong(&["pools/odd/*"], &["*_Pool00001"]), Ok(()));
        let told = |text: &str, help: &str| Err((text.to_owned(), help.to_owned()));
        assert_eq!(
            wrong(&["7.yaml"], &[]),
            told("`--target 7.yaml` matches none of 1,000 pools", "did you mean `pools/odd/7.yaml`?")
        );
        assert_eq!(wrong(&[], &["eu-west-1_Pol00003"]).unwrap_err().1, "did you mean `eu-west-1_Pool00003`?");
        let help = "write a pool id, or the path of its manifest as in messages; `*` matches any text";
        for far in ["eu-west-1_Zzzzzzzzz", "pool5"] {
            assert_eq!(wrong(&[far], &[]).unwrap_err().1, help, "{far}");
        }
        assert_eq!(
            wrong(&["pools/odd/*"], &["pools/*"]),
            told(
                "no pool is selected out of 1,000 pools",
                "change `--exclude`: it excludes every pool that `--target` selects"
            )
        );
        assert_eq!(selection(&[], &[], Some("1/3")).check(&[], &[]), Ok(()));
    }

    #[test]
    fn a_shard_is_written_as_its_number_and_how_many_there_are() {
        for wrong in ["", "1", "4/3", "-1/3", "1/0", "a/b", "1/3/5", " 1/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        assert_eq!("3/3".parse::<Shard>().unwrap().to_string(), "3/3");
    }
}
