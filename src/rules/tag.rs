//! Pools that a manifest names by a tag, and not by their ids: they may not exist yet.

use super::Want;
use crate::catalogue::{POOL_NAME, SIGN_IN_NAMES};
use crate::document::{self, Json, Path};
use crate::manifest::{Diagnostic, Exemption, Manifest, Origin};

/// The key of the tag that says which manifest a pool was made for.
pub const POOL_TAG: &str = "poolctl:create";

/// The key of a manifest with the word, and the first name of paths with it.
const CREATE: &str = "create";

/// The tag by which a manifest names its pool.
#[derive(Clone, Debug)]
pub struct PoolTag {
    /// Its value.
    pub word: String,
    /// The place in the manifest.
    pub origin: Origin,
    /// Whether it contains variables, so that the manifest may be for several pools.
    pub is_given: bool,
    /// Whether the run is about the pool whatever its id is.
    pub is_named: bool,
    /// The patterns of the command line that may mean its id. If it is not named, one of them must.
    pub picks: Vec<IdPattern>,
    /// What the search for the pool has found.
    pub search: TagSearch,
}

/// What the search for a pool with a tag has found.
#[derive(Clone, Debug, Default)]
pub enum TagSearch {
    /// The search has not begun.
    #[default]
    Open,
    /// The pool, whose id the manifest lacks.
    Found {
        /// The pools that have the declared name, and not the tag.
        namesakes: Vec<Namesake>,
    },
    /// No pool of the account has the tag in this Region.
    Absent {
        /// The pools that have the wanted name.
        namesakes: Vec<Namesake>,
    },
}

/// A pattern of the command line that may be the id of a pool that is found by its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdPattern {
    /// The pattern, as it is typed.
    pub text: String,
    /// Whether no declared pool has a name that it matches, so that an id must.
    pub must_match: bool,
}

/// A pool that has the declared name without the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namesake {
    /// Its id.
    pub id: String,
    /// The number of its users, as the service estimates it.
    pub users: Option<u64>,
}

impl PoolTag {
    /// The path of the tag.
    pub fn path() -> Path {
        Path::members([document::TAGS, POOL_TAG])
    }

    /// The path that stands for the making of the pool: an entry of `allow` with it is about this word and no other.
    pub fn word_path(&self) -> Path {
        Path::members([CREATE, &self.word])
    }

    /// Whether a path is one of these.
    pub fn is_word_path(path: &Path) -> bool {
        path.head() == Some(CREATE) && path.segs().len() == 2
    }

    /// The tag by which a manifest names its pool, if it does.
    pub(super) fn of(manifest: &Manifest) -> Option<Self> {
        let pool = manifest.pool.as_ref().filter(|_| manifest.is_by_tag)?;
        Some(Self {
            word: pool.value.clone(),
            origin: pool.origin.clone(),
            is_given: manifest.is_pool_given,
            is_named: true,
            picks: Vec::new(),
            search: TagSearch::Open,
        })
    }

    /// Adds the tag to the declared settings, and returns what is wrong with them for a pool that may have to be made.
    pub(super) fn declare(
        &self,
        wants: &mut Vec<Want>,
        withheld: &[Want],
        omit: &[Exemption],
    ) -> Vec<Diagnostic> {
        let mut findings = self.misfits(wants, withheld);
        for omit in omit.iter().map(|omit| &omit.path).filter(|path| path.value.overlaps(&Self::path())) {
            let message = format!("the tag `{POOL_TAG}` cannot be omitted: the pool is found by it");
            let finding = Diagnostic::error("create", message, omit.origin.clone(), "omits the tag");
            findings.push(finding.help("delete the entry, or write the pool's id as `pool:`"));
        }
        wants.retain(|want| want.path != Self::path());
        wants.push(self.want());
        findings
    }

    fn want(&self) -> Want {
        Want {
            path: Self::path(),
            value: Some(Json::from(self.word.as_str())),
            lacks: None,
            origin: Some(self.origin.clone()),
            is_secret: false,
            file: None,
        }
    }

    fn misfits(&self, wants: &[Want], withheld: &[Want]) -> Vec<Diagnostic> {
        let error =
            |message: &str, at: &Origin, label: &str| Diagnostic::error("create", message, at.clone(), label);
        let mut findings = Vec::new();
        let path = Self::path();
        if let Some(tag) = wants.iter().chain(withheld).find(|want| want.path == path) {
            let message = format!("the tag `{POOL_TAG}` is the word of `create`");
            let at = tag.origin.as_ref().unwrap_or(&self.origin);
            findings.push(error(&message, at, "declared again").help("delete the line"));
        }
        let declared = |name: &str| {
            let path = Path::members([name]);
            wants.iter().find(|want| want.path == path && want.value.is_some())
        };
        if let [Some(_), Some(other)] = SIGN_IN_NAMES.map(declared) {
            let [one, two] = SIGN_IN_NAMES;
            let message = format!("a new pool cannot have both `{one}` and `{two}`");
            let at = other.origin.as_ref().unwrap_or(&self.origin);
            let help = format!(
                "delete `{one}` (users sign in with a user name, or with what it lists), or `{two}` (users have no user name)"
            );
            findings.push(error(&message, at, "declared too").help(help));
        }
        let name = Path::members([POOL_NAME]);
        let has_name = wants.iter().chain(withheld).any(|want| want.path == name && want.value.is_some());
        if !has_name {
            let finding = error(
                &format!("`create` needs `settings.{POOL_NAME}`"),
                &self.origin,
                "a new pool has no name",
            );
            findings.push(finding.help(format!("add `{POOL_NAME}` under `settings`")));
        }
        findings
    }
}
