//! Rules of identity providers.

use super::rule::Rule;
use super::truth::Truth;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::{DocumentId, Json};
use crate::rules::pattern;

const TYPE: &str = "identityProviders.*.ProviderType";
const DETAILS: &str = "identityProviders.*.ProviderDetails";
const MAPPING: &str = "identityProviders.*.AttributeMapping";
const IDENTIFIERS: &str = "identityProviders.*.IdpIdentifiers";
const LEVELS: &str = "identityProviders.*.AcrMapping";
const METADATA_URL: &str = "identityProviders.*.ProviderDetails.MetadataURL";
const METADATA_FILE: &str = "identityProviders.*.ProviderDetails.MetadataFile";
const CLIENT_ID: &str = "identityProviders.*.ProviderDetails.client_id";
const CLIENT_SECRET: &str = "identityProviders.*.ProviderDetails.client_secret";
const SCOPES: &str = "identityProviders.*.ProviderDetails.authorize_scopes";
const ISSUER: &str = "identityProviders.*.ProviderDetails.oidc_issuer";
const METHOD: &str = "identityProviders.*.ProviderDetails.attributes_request_method";
const ENDPOINTS: [&str; 5] = [
    ISSUER,
    "identityProviders.*.ProviderDetails.authorize_url",
    "identityProviders.*.ProviderDetails.token_url",
    "identityProviders.*.ProviderDetails.attributes_url",
    "identityProviders.*.ProviderDetails.jwks_uri",
];
const TEAM: &str = "identityProviders.*.ProviderDetails.team_id";
const KEY: &str = "identityProviders.*.ProviderDetails.key_id";

/// The types whose only provider has the type's name.
const SOCIAL: [&str; 4] = ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];

/// The names that a new provider may have; from the model of the call that makes one.
const NEW_NAME: &str = r"[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+";

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "provider-name",
        about: &[TYPE],
        what: "the name of a new identity provider has fewer than three characters, begins with `_` or a blank, or has one after its second character",
        remedy: "choose another name for the entry",
        evidence: Evidence::Model,
        broken: |provider| {
            let fits = provider.label().is_some_and(|name| pattern::matches(NEW_NAME, &name));
            provider.is_new() & Truth::from(!fits)
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "provider-type-name",
        about: &[TYPE],
        what: "a provider of the type Google, Facebook, LoginWithAmazon or SignInWithApple is not named like its type, or another one is",
        words: Some("Provider {value}."),
        remedy: "name the entry like its `ProviderType`, or correct the `ProviderType`",
        broken: |provider| {
            let Some(name) = provider.label() else { return Truth::Unknown };
            provider.text(TYPE, |kind| {
                provider.tell(format!("{name} cannot be of type {kind}"));
                name != kind && (SOCIAL.contains(&kind) || SOCIAL.contains(&name.as_str()))
            })
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "metadata-twice",
        about: &[METADATA_FILE, METADATA_URL],
        what: "`ProviderDetails` has both `MetadataURL` and `MetadataFile`",
        words: Some("Only one of the MetadataURL or MetadataFile should be provided."),
        remedy: "declare one of the two",
        broken: |provider| provider.has(METADATA_URL) & provider.has(METADATA_FILE),
        ..Rule::REFUSED
    },
    Rule {
        code: "metadata-missing",
        about: &[METADATA_URL, METADATA_FILE, TYPE],
        what: "`ProviderDetails` of a SAML provider has neither `MetadataURL` nor `MetadataFile`",
        words: Some("At least one of the MetadataURL or MetadataFile should be provided."),
        remedy: "declare one of the two",
        broken: |provider| {
            provider.is(TYPE, &["SAML"]) & !provider.has(METADATA_URL) & !provider.has(METADATA_FILE)
        },
        ..Rule::REFUSED
    },
    details::<0>(),
    details::<1>(),
    details::<2>(),
    Rule {
        code: "oidc-without-tls",
        about: &ENDPOINTS,
        what: "the issuer or an endpoint of an OIDC provider does not begin with `https://`",
        words: Some("OIDC endpoint must start with https://"),
        remedy: "use `https://`",
        broken: |provider| {
            let is_plain = |at| provider.text(at, |url| !url.starts_with("https://"));
            let any = ENDPOINTS.into_iter().fold(Truth::No, |any, at| any | is_plain(at));
            provider.is(TYPE, &["OIDC"]) & any
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "oidc-request-method",
        about: &[METHOD],
        what: "`attributes_request_method` of an OIDC provider is neither `GET` nor `POST`",
        remedy: "set `attributes_request_method: GET`",
        broken: |provider| {
            provider.is(TYPE, &["OIDC"]) & provider.text(METHOD, |method| !["GET", "POST"].contains(&method))
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "provider-detail-derived",
        about: &[DETAILS],
        what: "`ProviderDetails` has a key that Cognito sets by itself for providers of this type",
        remedy: "delete the line",
        evidence: Evidence::Inferred,
        harms: true,
        broken: |provider| {
            let Some(kind) = provider.or(TYPE, Json::Null) else { return Truth::Unknown };
            let derived = provider.resource().map(|of| of.derived_of(|_| kind.as_str())).unwrap_or_default();
            provider.test(DETAILS, |details| derived.iter().any(|(_, name)| details.get(*name).is_some()))
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "acr-mapping-type",
        about: &[LEVELS, TYPE],
        what: "`AcrMapping` is set, and the provider is not of the type OIDC",
        remedy: "delete `AcrMapping`",
        evidence: Evidence::Docs,
        broken: |provider| provider.has_entries(LEVELS) & !provider.is(TYPE, &["OIDC"]),
        ..Rule::REFUSED
    },
    Rule {
        code: "mapping-attribute",
        about: &[MAPPING],
        what: "`AttributeMapping` has an attribute that the pool does not have",
        words: Some("AttributeMapping contains invalid mapping: [{value}]"),
        remedy: "correct the name, or add the attribute to `settings.Schema`; a custom attribute is called `custom:…`",
        // `username` is no attribute, and may be mapped.
        broken: |provider| {
            let is_none = |name: &str| Truth::from(name != "username") & !provider.has_attribute(name);
            provider.find_key(MAPPING, is_none)
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "mapping-immutable",
        about: &[MAPPING],
        what: "sign-ins fail when Cognito updates the attributes of the user: `AttributeMapping` has one that cannot change",
        exception: None,
        remedy: "remove the attribute from `AttributeMapping`, or map the claim to an attribute with `Mutable: true`",
        evidence: Evidence::Docs,
        broken: |provider| provider.find_key(MAPPING, |name| provider.is_immutable(name)),
        ..Rule::REFUSED
    },
    Rule {
        code: "identifier-taken",
        about: &[IDENTIFIERS],
        what: "`IdpIdentifiers` has a name that another identity provider of the pool has too",
        remedy: "keep the name at one of the providers",
        evidence: Evidence::Inferred,
        // A sign-in that chooses its provider by the name may get to the other one.
        harms: true,
        broken: |provider| {
            provider.find(IDENTIFIERS, |name| {
                provider.any_other(&DocumentId::IDENTITY_PROVIDERS, |other| {
                    let mut names = other.get("IdpIdentifiers").into_iter().flat_map(elements);
                    names.any(|own| own.as_str() == Some(name))
                })
            })
        },
        ..Rule::REFUSED
    },
];

/// The types of providers, the details that they need, and the words of the service. Apple's private key is in no read, so
/// only the plan knows if a request has it.
#[rustfmt::skip]
const NEEDED: [(&[&str], &[&str], &str, &str); 3] = [
    (&["OIDC"], &[CLIENT_ID, SCOPES, ISSUER, METHOD],
        "`ProviderDetails` of an OIDC provider lacks `client_id`, `authorize_scopes`, `oidc_issuer` or `attributes_request_method`",
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details."),
    (&["Google", "Facebook", "LoginWithAmazon"], &[CLIENT_ID, CLIENT_SECRET, SCOPES],
        "`ProviderDetails` of a Google, Facebook or LoginWithAmazon provider lacks `client_id`, `client_secret` or `authorize_scopes`",
        "clientId, clientSecret and authorizeScopes are all required idp details."),
    (&["SignInWithApple"], &[CLIENT_ID, TEAM, KEY],
        "`ProviderDetails` of a SignInWithApple provider lacks `client_id`, `team_id` or `key_id`",
        "clientId, privateKey, teamId, and keyId are all required idp details."),
];

const fn details<const AT: usize>() -> Rule {
    let (_, about, what, words) = NEEDED[AT];
    let remedy = "declare the missing keys under `ProviderDetails`";
    Rule {
        code: "provider-details",
        about,
        what,
        words: Some(words),
        remedy,
        broken: lacks::<AT>,
        ..Rule::REFUSED
    }
}

fn lacks<const AT: usize>(provider: &View<'_>) -> Truth {
    let (types, details, ..) = NEEDED[AT];
    provider.is(TYPE, types) & details.iter().fold(Truth::No, |any, detail| any | !provider.has(detail))
}
