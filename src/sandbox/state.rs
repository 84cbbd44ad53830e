use crate::document::{Document, Object, Snapshot};

/// What the sandbox keeps of one pool: the answers of its three reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// The `UserPool` of a `DescribeUserPool` answer.
    pub(super) pool: Object,
    /// The answer of `GetUserPoolMfaConfig`; `None` if no call and no seed has set it.
    pub(super) mfa: Option<Object>,
    /// The `LogDeliveryConfiguration` of a `GetLogDeliveryConfiguration` answer, without the pool's id and in
    /// the order in which it was set; `None` if no call and no seed has set it.
    pub(super) log_delivery: Option<Object>,
}

impl State {
    /// The state of a pool of which nobody has set any other document.
    pub(super) fn of_pool(pool: Object) -> Self {
        Self { pool, ..Self::default() }
    }
}

impl From<Snapshot> for State {
    fn from(snapshot: Snapshot) -> Self {
        let mfa = snapshot.mfa().map(Document::to_object);
        Self { mfa, ..Self::of_pool(snapshot.pool().to_object()) }
    }
}

/// A document beside the pool's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SideDocument {
    Mfa,
    LogDelivery,
}

impl SideDocument {
    pub(super) const ALL: [Self; 2] = [Self::Mfa, Self::LogDelivery];

    /// Its member in a pool's file. The places in it begin with this name, in faults and in the log.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Mfa => "MfaConfig",
            Self::LogDelivery => "LogDeliveryConfiguration",
        }
    }

    /// What the name of its own file in a seed ends in, before `.json`.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Mfa => ".mfa",
            Self::LogDelivery => ".logDelivery",
        }
    }

    /// What a message calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mfa => "MFA",
            Self::LogDelivery => "log delivery",
        }
    }

    /// The document of a pool; `None` if nobody has set it.
    pub(super) fn of(self, state: &State) -> Option<&Object> {
        match self {
            Self::Mfa => state.mfa.as_ref(),
            Self::LogDelivery => state.log_delivery.as_ref(),
        }
    }

    /// The document of a pool, made if nobody has set it.
    pub(super) fn of_mut(self, state: &mut State) -> &mut Object {
        match self {
            Self::Mfa => state.mfa.get_or_insert_default(),
            Self::LogDelivery => state.log_delivery.get_or_insert_default(),
        }
    }
}
