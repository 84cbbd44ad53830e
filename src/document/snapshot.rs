use super::Object;

/// A pool as the service described it at one moment, verbatim.
///
/// Both documents keep every member, known to this version or not, in the order and with the
/// number text in which they arrived.
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
}
