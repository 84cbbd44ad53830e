use crate::document::{Document, Object, Snapshot};

/// What the sandbox keeps of one pool: the answers of its two reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// The `UserPool` of a `DescribeUserPool` answer.
    pub(super) pool: Object,
    /// The answer of `GetUserPoolMfaConfig`; `None` if no call and no seed has set it.
    pub(super) mfa: Option<Object>,
}

impl State {
    /// The state of a pool whose MFA document nobody has set.
    pub(super) fn of_pool(pool: Object) -> Self {
        Self { pool, mfa: None }
    }
}

impl From<Snapshot> for State {
    fn from(snapshot: Snapshot) -> Self {
        Self { pool: snapshot.pool().to_object(), mfa: snapshot.mfa().map(Document::to_object) }
    }
}
