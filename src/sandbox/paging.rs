//! Which part of a list a request asks for.

use super::answer::Refusal;
use super::fault::Endless;
use crate::document::{Json, Object};

/// Where a page begins and how long it may be.
pub(super) struct PageRequest<'a> {
    after: Option<&'a str>,
    pub(super) size: usize,
}

impl<'a> PageRequest<'a> {
    /// The page that a request asks for: `member` is the member with the number of elements, which 0 leaves to
    /// the service **\[I\]**, and `largest` the most that it may be.
    ///
    /// # Errors
    /// When the `NextToken` is none of the sandbox's.
    pub(super) fn of(request: &'a Object, member: &str, largest: usize) -> Result<Self, Refusal> {
        let after = match request.get("NextToken").and_then(Json::as_str) {
            Some(token) => Some(token.strip_prefix("after-").ok_or_else(invalid_token)?),
            None => None,
        };
        let size = request.get(member).and_then(Json::as_u64).and_then(|size| size.try_into().ok());
        let size = size.filter(|size| *size > 0).unwrap_or(largest).min(largest);
        Ok(Self { after, size })
    }

    /// Whether an element belongs to this page or a later one. The elements of a list come in the order of
    /// their keys.
    pub(super) fn reaches(&self, key: &str) -> bool {
        self.after.is_none_or(|after| key > after)
    }
}

/// The `NextToken` of a page that ends with this key.
pub(super) fn token(last: &str) -> String {
    format!("after-{last}")
}

/// Gives a page a next one, after all keys, if a list is not to end.
pub(super) fn without_end(endless: Option<Endless>, request: &Object, page: &mut Json) {
    let (Some(token), Json::Object(page)) = (endless_token(endless, request), page) else { return };
    page.entry("NextToken").or_insert_with(|| Json::from(token));
}

/// The token after the last page of a list that is not to end; `None` if the list ends.
pub(super) fn endless_token(endless: Option<Endless>, request: &Object) -> Option<String> {
    let asked = request.get("NextToken").and_then(Json::as_str).unwrap_or_default();
    let nth = asked.rsplit_once(LAST).and_then(|(_, nth)| nth.parse::<u64>().ok()).unwrap_or_default();
    let nth = if endless? == Endless::Same { 0 } else { nth + 1 };
    Some(token(&format!("{LAST}{nth}")))
}

/// A character that sorts after all keys.
const LAST: char = '\u{10ffff}';

fn invalid_token() -> Refusal {
    Refusal::invalid("Invalid pagination token")
}
