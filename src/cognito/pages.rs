//! Lists, page by page.

use std::collections::HashSet;

use crate::catalogue::{Listing, POOL_ID};
use crate::document::{Json, Object};

use super::answer;
use super::call;
use super::error::{CallError, ErrorKind};
use super::link::Link;

/// A list of the service.
#[derive(Clone, Copy)]
pub(super) struct Pages<'a> {
    pub(super) listing: &'a Listing,
    /// The pool whose list it is; `None` for the list of pools.
    pub(super) pool: Option<&'a str>,
    /// The items that the list leaves out otherwise: the value of its filter for them.
    pub(super) instead: Option<&'static str>,
}

/// The most pages of a list. The longest lists have 10,000 items by quota, such as the pools of an account in a Region;
/// as many pages more may be empty, because a filter leaves out their items.
const MOST: usize = 400;

impl Pages<'_> {
    /// All items, in their order. A page may be empty and still have a next one.
    ///
    /// # Errors
    /// A failure of a call; an answer without the list; pages that never end.
    pub(super) async fn items(&self, link: &Link) -> Result<Vec<Object>, CallError> {
        let (mut all, mut next) = self.page(link, None).await?;
        let mut seen = Tokens::default();
        while let Some(token) = next {
            seen.follow(&token).map_err(|why| self.wrong(&format!("the list does not end: {why}")))?;
            let (more, after) = self.page(link, Some(&token)).await?;
            all.extend(more);
            next = after;
        }
        Ok(all)
    }

    /// One page, and what the next page is asked for with.
    async fn page(
        &self,
        link: &Link,
        token: Option<&Json>,
    ) -> Result<(Vec<Object>, Option<Json>), CallError> {
        let mut body = Object::new();
        body.extend(self.pool.map(|pool| (POOL_ID.to_owned(), pool.into())));
        let Listing { call, items, page, filter, .. } = *self.listing;
        body.extend(page.map(|(member, most)| (member.to_owned(), most.into())));
        let value = |usual: &'static str| self.instead.unwrap_or(usual);
        body.extend(filter.map(|(member, usual)| (member.to_owned(), value(usual).into())));
        body.extend(token.map(|token| ("NextToken".to_owned(), token.clone())));
        let done = call::make(link, call, self.pool, answer::body(&body)).await;
        let mut document = done.map_err(|(_, error)| error)?.document;
        let next = document.shift_remove("NextToken").filter(|next| !next.is_null());
        let Some(Json::Array(found)) = document.shift_remove(items) else {
            return Err(self.wrong(&format!("the answer has no list `{items}`")));
        };
        let object = |item| if let Json::Object(item) = item { Some(item) } else { None };
        let found = found.into_iter().map(object).collect::<Option<Vec<Object>>>();
        let wrong = || self.wrong(&format!("the answer has something else than objects in `{items}`"));
        Ok((found.ok_or_else(wrong)?, next))
    }

    /// An answer that no list can be made of.
    pub(super) fn wrong(&self, text: &str) -> CallError {
        CallError::new(ErrorKind::Answer, text)
            .with_help("check the endpoint: a proxy may answer instead of AWS")
            .during(self.listing.call.name, self.pool)
    }
}

/// The tokens that a list has been followed by.
#[derive(Default)]
struct Tokens(HashSet<Json>);

impl Tokens {
    /// Notes the token of a next page.
    ///
    /// # Errors
    /// Why the list has no such page: it had that one before, or too many already.
    fn follow(&mut self, token: &Json) -> Result<(), String> {
        if !self.0.insert(token.clone()) {
            return Err("a page repeats an earlier `NextToken`".to_owned());
        }
        // The first page had none.
        if self.0.len() == MOST {
            return Err(format!("page {MOST} has a `NextToken` too"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_after_as_many_pages_as_the_longest_one_can_have() {
        let mut seen = Tokens::default();
        for page in 1..MOST {
            assert_eq!(seen.follow(&Json::from(page)), Ok(()));
        }
        assert_eq!(seen.follow(&Json::from(0)), Err(format!("page {MOST} has a `NextToken` too")));
        assert!(seen.follow(&Json::from(1)).unwrap_err().contains("repeats"));
    }
}
