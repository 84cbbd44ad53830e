use std::collections::BTreeMap;
use std::sync::Arc;

use crate::document::{Document, Object};

/// What the sandbox keeps of one pool: the answers of its reads. Copies share what a write leaves as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct State {
    /// The `UserPool` of a `DescribeUserPool` answer.
    pub(super) pool: Document,
    /// The answer of `GetUserPoolMfaConfig`; `None` if no call and no seed has set it.
    pub(super) mfa: Option<Object>,
    /// The documents that a write replaces whole, without the pool's id; each absent if no call and no seed has set it.
    pub(super) singles: BTreeMap<Single, Arc<Object>>,
    /// The documents of each collection by their keys.
    pub(super) collections: BTreeMap<Collection, Arc<Object>>,
}

impl State {
    /// The state of a pool without any other document.
    pub(super) fn of_pool(pool: impl Into<Document>) -> Self {
        Self { pool: pool.into(), ..Self::default() }
    }
}

/// A document of which a pool has one, and that a write replaces whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Single {
    Risk,
    Sessions,
    LogDelivery,
    Ui,
}

/// A kind of documents of which a pool has many, each with a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Collection {
    Groups,
    ResourceServers,
    Clients,
    IdentityProviders,
    Domains,
    ClientRisks,
    ClientUis,
    ClientSessions,
    Branding,
    Terms,
    CimdPolicies,
}

impl Collection {
    /// The member of each document that is its key.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Groups => "GroupName",
            Self::ResourceServers => "Identifier",
            Self::Clients | Self::ClientRisks | Self::ClientUis | Self::ClientSessions => "ClientId",
            Self::Branding => "ManagedLoginBrandingId",
            Self::Terms => "TermsId",
            Self::CimdPolicies => "CIMDPolicyId",
            Self::IdentityProviders => "ProviderName",
            Self::Domains => "Domain",
        }
    }
}

impl Collection {
    /// The collections whose documents have the id of an app client, and go with it.
    pub(super) const OF_CLIENTS: [Self; 5] =
        [Self::ClientRisks, Self::ClientUis, Self::ClientSessions, Self::Branding, Self::Terms];
}

/// A document beside the pool's own. A collection is one such document: its members are the collection's
/// documents, named by their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SideDocument {
    Mfa,
    Single(Single),
    Keyed(Collection),
}

impl SideDocument {
    pub(super) const ALL: [Self; 16] = [
        Self::Mfa,
        Self::Single(Single::LogDelivery),
        Self::Single(Single::Risk),
        Self::Single(Single::Sessions),
        Self::Single(Single::Ui),
        Self::Keyed(Collection::Groups),
        Self::Keyed(Collection::ResourceServers),
        Self::Keyed(Collection::Clients),
        Self::Keyed(Collection::IdentityProviders),
        Self::Keyed(Collection::Domains),
        Self::Keyed(Collection::ClientRisks),
        Self::Keyed(Collection::ClientUis),
        Self::Keyed(Collection::ClientSessions),
        Self::Keyed(Collection::Branding),
        Self::Keyed(Collection::Terms),
        Self::Keyed(Collection::CimdPolicies),
    ];

    /// Its member in a pool's file. The places in it begin with this name, in faults and in the log.
    pub(super) fn member(self) -> &'static str {
        match self {
            Self::Mfa => "MfaConfig",
            Self::Single(Single::LogDelivery) => "LogDeliveryConfiguration",
            Self::Single(Single::Risk) => "RiskConfiguration",
            Self::Single(Single::Sessions) => "SessionConfiguration",
            Self::Single(Single::Ui) => "UICustomization",
            Self::Keyed(Collection::Groups) => "Groups",
            Self::Keyed(Collection::ResourceServers) => "ResourceServers",
            Self::Keyed(Collection::Clients) => "UserPoolClients",
            Self::Keyed(Collection::IdentityProviders) => "IdentityProviders",
            Self::Keyed(Collection::Domains) => "Domains",
            Self::Keyed(Collection::ClientRisks) => "ClientRiskConfigurations",
            Self::Keyed(Collection::ClientUis) => "ClientUICustomizations",
            Self::Keyed(Collection::ClientSessions) => "ClientSessionConfigurations",
            Self::Keyed(Collection::Branding) => "ManagedLoginBrandings",
            Self::Keyed(Collection::Terms) => "Terms",
            Self::Keyed(Collection::CimdPolicies) => "CIMDPolicies",
        }
    }

    /// The member with the list in its own file in a seed; of a document of which a pool has one, as [`Self::member`].
    pub(super) fn listed(self) -> &'static str {
        match self {
            Self::Keyed(Collection::IdentityProviders) => "Providers",
            side => side.member(),
        }
    }

    /// The key of the document in a manifest, which the name of its own file in a seed has before `.json`; `None` if it
    /// has no file of its own.
    pub(super) fn key(self) -> Option<&'static str> {
        match self {
            Self::Mfa => Some("mfa"),
            Self::Single(Single::LogDelivery) => Some("logDelivery"),
            Self::Single(Single::Risk) => Some("riskConfiguration"),
            Self::Single(Single::Sessions) => Some("sessionConfiguration"),
            Self::Single(Single::Ui) => Some("uiCustomization"),
            Self::Keyed(Collection::Groups) => Some("groups"),
            Self::Keyed(Collection::ResourceServers) => Some("resourceServers"),
            Self::Keyed(Collection::Clients) => Some("clients"),
            Self::Keyed(Collection::IdentityProviders) => Some("identityProviders"),
            Self::Keyed(Collection::Domains) => Some("domains"),
            Self::Keyed(Collection::CimdPolicies) => Some("cimdPolicies"),
            // They hang on app clients, and are in their file.
            Self::Keyed(
                Collection::ClientRisks
                | Collection::ClientUis
                | Collection::ClientSessions
                | Collection::Branding
                | Collection::Terms,
            ) => None,
        }
    }

    /// What a message calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Mfa => "the MFA document",
            Self::Single(Single::LogDelivery) => "the log delivery document",
            Self::Single(Single::Risk) => "the risk configuration",
            Self::Single(Single::Sessions) => "the session configuration",
            Self::Single(Single::Ui) => "the UI customization",
            Self::Keyed(Collection::Groups) => "the list of groups",
            Self::Keyed(Collection::ResourceServers) => "the list of resource servers",
            Self::Keyed(Collection::Clients) => "the list of app clients",
            Self::Keyed(Collection::IdentityProviders) => "the list of identity providers",
            Self::Keyed(Collection::Domains) => "the list of domains",
            Self::Keyed(Collection::ClientRisks) => "the list of risk configurations of app clients",
            Self::Keyed(Collection::ClientUis) => "the list of UI customizations of app clients",
            Self::Keyed(Collection::ClientSessions) => "the list of session configurations of app clients",
            Self::Keyed(Collection::Branding) => "the list of managed login brandings",
            Self::Keyed(Collection::Terms) => "the list of terms",
            Self::Keyed(Collection::CimdPolicies) => "the list of CIMD policies",
        }
    }

    /// Takes the document out of a pool; `None` if it was never set.
    pub(super) fn take(self, state: &mut State) -> Option<Object> {
        match self {
            Self::Mfa => state.mfa.take(),
            Self::Single(single) => state.singles.remove(&single).map(Arc::unwrap_or_clone),
            Self::Keyed(collection) => state.collections.remove(&collection).map(Arc::unwrap_or_clone),
        }
    }

    /// Whether two states of a pool share the document, or both have none.
    pub(super) fn is_shared(self, one: &State, other: &State) -> bool {
        match (self.of(one), self.of(other)) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (one, other) => one == other,
        }
    }

    /// The document of a pool; `None` if it was never set.
    pub(super) fn of(self, state: &State) -> Option<&Object> {
        match self {
            Self::Mfa => state.mfa.as_ref(),
            Self::Single(single) => state.singles.get(&single).map(|document| &**document),
            Self::Keyed(collection) => state.collections.get(&collection).map(|documents| &**documents),
        }
    }

    /// The document of a pool. It is made if it was never set.
    pub(super) fn of_mut(self, state: &mut State) -> &mut Object {
        match self {
            Self::Mfa => state.mfa.get_or_insert_default(),
            Self::Single(single) => Arc::make_mut(state.singles.entry(single).or_default()),
            Self::Keyed(collection) => Arc::make_mut(state.collections.entry(collection).or_default()),
        }
    }
}
