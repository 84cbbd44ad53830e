//! Identity providers, as far as app clients name them: they are only looked up.

use crate::catalogue::calls;
use crate::catalogue::resource::{Listing, Resource};
use crate::document::DocumentId;

/// The list of a pool's identity providers. It is none of [`super::RESOURCES`]: no manifest declares them.
pub(super) static IDENTITY_PROVIDERS: Resource = Resource {
    document: DocumentId::IDENTITY_PROVIDERS,
    read: &calls::LIST_IDENTITY_PROVIDERS,
    listing: Some(&Listing {
        call: &calls::LIST_IDENTITY_PROVIDERS,
        items: "Providers",
        page: ("MaxResults", 60),
        filter: None,
        key: "ProviderName",
        name: None,
        one: "identity provider",
        article: "an",
        likeness: &[],
        made_again: None,
    }),
    branch: Some("identityProviders"),
    ..Resource::IN_POOL
};
