use std::borrow::Cow;

use super::{Json, Object};

/// A pool as the service described it at one moment, verbatim.
///
/// Both documents keep every member, known to this version or not, in the order and with the
/// digits in which they arrived.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The `UserPool` member of a `DescribeUserPool` answer.
    pub pool: Object,
    /// The whole answer of `GetUserPoolMfaConfig`, when it was read.
    pub mfa: Option<Object>,
}

impl Snapshot {
    /// A snapshot of the pool document alone.
    pub fn of_pool(pool: Object) -> Self {
        Self { pool, mfa: None }
    }

    /// The account that the pool's own ARN names.
    pub fn account(&self) -> Option<&str> {
        let account = self.pool.get("Arn")?.as_str()?.split(':').nth(4)?;
        (!account.is_empty()).then_some(account)
    }

    /// The snapshot without members that are `null` at the top of either document.
    ///
    /// AWS's JSON protocols read `null` as an absent member. Emulators and the dumps of some SDKs write it.
    pub fn without_nulls(&self) -> Cow<'_, Self> {
        let is_free = |document: &Object| !document.values().any(Json::is_null);
        if is_free(&self.pool) && self.mfa.as_ref().is_none_or(is_free) {
            return Cow::Borrowed(self);
        }
        let mut snapshot = self.clone();
        let documents = std::iter::once(&mut snapshot.pool).chain(&mut snapshot.mfa);
        documents.for_each(|document| document.retain(|_, value| !value.is_null()));
        Cow::Owned(snapshot)
    }
}
