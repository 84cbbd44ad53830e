//! Identity providers, as far as app clients need them: nothing is discovered, and nothing can be updated.

use serde_json::json;

use super::answer::Refusal;
use super::case::text;
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::omission::Omitted;
use super::state::Collection;
use crate::document::Object;

/// The types whose only provider has the type's name. **\[L\]**
const SOCIAL: [&str; 4] = ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];

/// Identity providers. Cognito's own, which app clients call `COGNITO`, is none of them. **\[L\]** the words.
pub(super) const IDENTITY_PROVIDERS: CollectionRow = CollectionRow {
    collection: Collection::IdentityProviders,
    operations: &[
        ("CreateIdentityProvider", KeyedVerb::Create),
        ("DescribeIdentityProvider", KeyedVerb::Read),
        ("DeleteIdentityProvider", KeyedVerb::Delete),
        ("ListIdentityProviders", KeyedVerb::List),
    ],
    shape: "IdentityProviderType",
    wrapper: "IdentityProvider",
    list: ListForm {
        member: "Providers",
        size: "MaxResults",
        largest: 60,
        members: Some(&["ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"]),
        filter: None,
    },
    // [D]
    most: 300,
    new_key: None,
    missing: |key, pool| {
        let message = format!("Identity provider {key} for tenantId {pool} does not exist.");
        Refusal::new("ResourceNotFoundException", message)
    },
    taken: |key, pool| {
        Refusal::new("DuplicateProviderException", format!("{key} already exists for tenant {pool}."))
    },
    protected: |_| None,
    omitted: |_, _| Omitted::Keep,
    fill: mapped,
    // [L] A read has the list in any case.
    shown: |provider| {
        provider.entry("IdpIdentifiers").or_insert_with(|| json!([]));
    },
    rules: &[name_of_type],
};

/// **\[L\]**
fn mapped(_: &KeyedWrite<'_>, provider: &mut Object) {
    let is_saml = text(provider, "ProviderType") == Some("SAML");
    let mapping = if is_saml { json!({}) } else { json!({"username": "sub"}) };
    provider.entry("AttributeMapping").or_insert(mapping);
}

/// **\[L\]**
fn name_of_type(_: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let (name, kind) = (text(provider, "ProviderName")?, text(provider, "ProviderType")?);
    let is_odd = name != kind && (SOCIAL.contains(&kind) || SOCIAL.contains(&name));
    is_odd.then(|| Refusal::invalid(format!("Provider {name} cannot be of type {kind}.")))
}
