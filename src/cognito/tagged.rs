//! The search for pools by a tag.

use std::collections::{HashMap, HashSet};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use crate::catalogue::{Catalogue, POOL, calls};
use crate::document::Snapshot;

use super::error::{CallError, ErrorKind};
use super::listed::Listed;
use super::read::Reader;

/// So many pools are read at a time; the pace of calls is kept all the same.
const AT_A_TIME: usize = 16;

/// A pool that is looked for.
#[derive(Clone, Debug)]
pub struct SoughtPool {
    /// The value of its tag.
    pub word: String,
    /// The name that it probably has: pools of this name are read first.
    pub name: Option<String>,
}

/// The pools that were found for one that is looked for.
#[derive(Clone, Debug, Default)]
pub struct FoundPools {
    /// The ids of the pools with the tag.
    pub carriers: Vec<String>,
    /// The pools with the name and without the tag: the id of each, and the estimated number of its users.
    pub namesakes: Vec<(String, Option<u64>)>,
}

/// Which pools a search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SearchScope {
    /// The pools with the wanted names.
    Names,
    /// The pools with the wanted names, and all other pools if a tag is not found there. Its absence is then certain.
    All,
}

/// What is kept of a pool that was read.
struct SeenPool {
    name: Option<String>,
    word: Option<String>,
    users: Option<u64>,
}

impl Reader {
    /// Looks for pools by the value of their tag `tag` in the list of all pools. Before pools with other
    /// names are read too, `before_all` gets their number.
    ///
    /// # Errors
    /// The errors of [`Self::pools`] and [`Self::read`], except for a pool that is deleted meanwhile.
    pub async fn tagged(
        &self,
        tag: &str,
        sought: &[SoughtPool],
        scope: SearchScope,
        before_all: impl FnOnce(usize),
    ) -> Result<Vec<FoundPools>, CallError> {
        let listed = self.pools().await?;
        let names: HashSet<&str> = sought.iter().filter_map(|sought| sought.name.as_deref()).collect();
        let is_likely = |pool: &&Listed| pool.name.as_deref().is_none_or(|name| names.contains(name));
        let (likely, others): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(is_likely);
        let mut seen = HashMap::new();
        self.see(tag, likely, &mut seen).await?;
        let has = |word: &str| seen.values().any(|pool: &SeenPool| pool.word.as_deref() == Some(word));
        if scope == SearchScope::All && !others.is_empty() && !sought.iter().all(|sought| has(&sought.word)) {
            before_all(others.len());
            self.see(tag, others, &mut seen).await?;
        }
        let found = |sought: &SoughtPool| {
            let mut found = FoundPools::default();
            // In the order of the service.
            for (id, pool) in listed.iter().filter_map(|pool| Some((&pool.id, seen.get(&pool.id)?))) {
                if pool.word.as_ref() == Some(&sought.word) {
                    found.carriers.push(id.clone());
                } else if sought.name.is_some() && pool.name == sought.name {
                    found.namesakes.push((id.clone(), pool.users));
                }
            }
            found
        };
        Ok(sought.iter().map(found).collect())
    }

    async fn see(
        &self,
        tag: &str,
        pools: Vec<&Listed>,
        seen: &mut HashMap<String, SeenPool>,
    ) -> Result<(), CallError> {
        let reads = pools.into_iter().map(|pool| async move {
            match self.read(&pool.id, [&POOL]).await {
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
                read => read.map(|live| Some((pool.id.clone(), SeenPool::of(&live, tag)))),
            }
        });
        let read: Vec<_> = stream::iter(reads).buffer_unordered(AT_A_TIME).try_collect().await?;
        seen.extend(read.into_iter().flatten());
        Ok(())
    }
}

impl SeenPool {
    fn of(live: &Snapshot, tag: &str) -> Self {
        Self {
            name: live.pool_name().map(str::to_owned),
            word: Catalogue::tag(live, tag).map(str::to_owned),
            users: Catalogue::users(live),
        }
    }
}

impl CallError {
    /// What went wrong about a pool that is made, by the word of its tag.
    pub fn of_new_pool(word: &str, text: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, text).with_help(help).during(calls::CREATE_USER_POOL.name, Some(word))
    }
}
