//! Identity providers: an update keeps every member that it leaves out, and replaces what it has. Nothing is fetched:
//! the sandbox makes up what the service would read in metadata or discover from an issuer.

use serde_json::json;

use super::answer::Refusal;
use super::case::{at, text};
use super::keyed::{CollectionRow, KeyedVerb, KeyedWrite, ListForm};
use super::omission::Omitted;
use super::schema;
use super::state::Collection;
use crate::document::{Json, Object};

/// Identity providers. Cognito's own, which app clients call `COGNITO`, is none of them. **\[L\]** the words.
pub(super) const IDENTITY_PROVIDERS: CollectionRow = CollectionRow {
    collection: Collection::IdentityProviders,
    operations: &[
        ("CreateIdentityProvider", KeyedVerb::Create),
        ("DescribeIdentityProvider", KeyedVerb::Read),
        ("GetIdentityProviderByIdentifier", KeyedVerb::Find),
        ("UpdateIdentityProvider", KeyedVerb::Update),
        ("DeleteIdentityProvider", KeyedVerb::Delete),
        ("ListIdentityProviders", KeyedVerb::List),
    ],
    shape: "IdentityProviderType",
    wrapper: "IdentityProvider",
    list: ListForm {
        member: "Providers",
        members: Some(&["ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"]),
        ..ListForm::PAGED
    },
    found: &[("IdpIdentifier", "IdpIdentifiers")],
    // [D]
    most: 300,
    missing: |verb, key, pool| {
        let changes = matches!(verb, KeyedVerb::Update | KeyedVerb::Delete);
        let of = if changes { "in User Pool" } else { "for tenantId" };
        Refusal::missing(format!("Identity provider {key} {of} {pool} does not exist."))
    },
    taken: |key, pool| {
        Refusal::new("DuplicateProviderException", format!("{key} already exists for tenant {pool}."))
    },
    // [L] of the details, the mapping and the identifiers; [I] of all others.
    omitted: |_, _| &Omitted::Keep,
    fill: filled,
    around: schema::add_identities,
    // [L] A read has the list in any case. [R] No read has Apple's key.
    shown: |provider| {
        provider.entry("IdpIdentifiers").or_insert_with(|| json!([]));
        if let Some(Json::Object(details)) = provider.get_mut("ProviderDetails") {
            details.shift_remove("private_key");
        }
    },
    rules: &[name_of_type, details_given, metadata, endpoints, levels, attributes],
    ..CollectionRow::PLAIN
};

/// What the service adds to the details of a provider of each type, the social ones last. `{version}` is Facebook's, `{issuer}` that of the
/// details. The keys **\[L\]**; the values of SAML and OIDC are made up.
#[rustfmt::skip]
const FILLS: &[(&str, &[(&str, &str)])] = &[
    ("SAML", &[
        ("SSORedirectBindingURI", "https://idp.example.com/sso"), ("SLORedirectBindingURI", "https://idp.example.com/slo"),
        ("ActiveEncryptionCertificate", "MIICvTCCAaWgAwIBAgIJAOfTheSandbox"),
    ]),
    ("OIDC", &[
        ("attributes_url_add_attributes", "false"), ("authorize_url", "{issuer}/authorize"), ("token_url", "{issuer}/token"),
        ("attributes_url", "{issuer}/userinfo"), ("jwks_uri", "{issuer}/jwks.json"),
    ]),
    ("Google", &[
        ("attributes_url", "https://people.googleapis.com/v1/people/me?personFields="),
        ("attributes_url_add_attributes", "true"), ("authorize_url", "https://accounts.google.com/o/oauth2/v2/auth"),
        ("oidc_issuer", "https://accounts.google.com"), ("token_request_method", "POST"),
        ("token_url", "https://www.googleapis.com/oauth2/v4/token"),
    ]),
    ("Facebook", &[
        ("attributes_url", "https://graph.facebook.com/{version}/me?fields="), ("attributes_url_add_attributes", "true"),
        ("authorize_url", "https://www.facebook.com/{version}/dialog/oauth"), ("token_request_method", "GET"),
        ("token_url", "https://graph.facebook.com/{version}/oauth/access_token"),
    ]),
    ("LoginWithAmazon", &[
        ("attributes_url", "https://api.amazon.com/user/profile"), ("attributes_url_add_attributes", "false"),
        ("authorize_url", "https://www.amazon.com/ap/oa"), ("token_request_method", "POST"),
        ("token_url", "https://api.amazon.com/auth/o2/token"),
    ]),
    ("SignInWithApple", &[
        ("attributes_url_add_attributes", "false"), ("authorize_url", "https://appleid.apple.com/auth/authorize"),
        ("oidc_issuer", "https://appleid.apple.com"), ("token_request_method", "POST"),
        ("token_url", "https://appleid.apple.com/auth/token"),
    ]),
];

/// A new mapping **\[L\]**, and the details where a request has them.
fn filled(write: &KeyedWrite<'_>, provider: &mut Object) {
    let kind = text(provider, "ProviderType").unwrap_or_default().to_owned();
    if write.before.is_none() {
        let mapping = if kind == "SAML" { json!({}) } else { json!({"username": "sub"}) };
        provider.entry("AttributeMapping").or_insert(mapping);
    }
    let fills =
        FILLS.iter().find(|(known, _)| *known == kind).filter(|_| write.request.contains_key(DETAILS));
    let Some(((_, fills), Json::Object(details))) = fills.zip(provider.get_mut(DETAILS)) else { return };
    let word = |name: &str| details.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
    let issuer = word("oidc_issuer").trim_end_matches('/').to_owned();
    let version = Some(word("api_version")).filter(|version| !version.is_empty());
    let version = version.unwrap_or_else(|| "v21.0".to_owned());
    for (name, value) in *fills {
        let value = value.replace("{issuer}", &issuer).replace("{version}", &version);
        details.entry(*name).or_insert(Json::String(value));
    }
}

const DETAILS: &str = "ProviderDetails";

/// The only provider of a social type has the type's name. **\[L\]**
fn name_of_type(_: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let (name, kind) = (text(provider, "ProviderName")?, text(provider, "ProviderType")?);
    let is_social = |word: &str| FILLS.iter().skip(2).any(|(social, _)| *social == word);
    let is_odd = name != kind && (is_social(kind) || is_social(name));
    is_odd.then(|| Refusal::invalid(format!("Provider {name} cannot be of type {kind}.")))
}

/// The type and the details of a write that has details: only what is sent is judged. **\[I\]**
fn sent<'a>(write: &'a KeyedWrite<'_>, provider: &'a Object) -> Option<(&'a str, &'a Object)> {
    Some((text(provider, "ProviderType")?, write.request.get(DETAILS)?.as_object()?))
}

/// The details that types need. **\[L\]**
#[rustfmt::skip]
const REQUIRED: &[(&[&str], &[&str], &str)] = &[
    (&["OIDC"], &["client_id", "authorize_scopes", "oidc_issuer", "attributes_request_method"],
        "clientId, authorizeScopes, oidcIssuer and attributesRequestMethod are all required idp details."),
    (&["Google", "Facebook", "LoginWithAmazon"], &["client_id", "client_secret", "authorize_scopes"],
        "clientId, clientSecret and authorizeScopes are all required idp details."),
    (&["SignInWithApple"], &["client_id", "private_key", "team_id", "key_id"],
        "clientId, privateKey, teamId, and keyId are all required idp details."),
];

fn has(details: &Object, name: &str) -> bool {
    text(details, name).is_some_and(|value| !value.is_empty())
}

fn details_given(write: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let (kind, details) = sent(write, provider)?;
    let (_, names, words) = REQUIRED.iter().find(|(types, ..)| types.contains(&kind))?;
    names.iter().any(|name| !has(details, name)).then(|| Refusal::invalid(*words))
}

/// **\[L\]**
fn metadata(write: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let (_, details) = sent(write, provider).filter(|(kind, _)| *kind == "SAML")?;
    let many = match (has(details, "MetadataURL"), has(details, "MetadataFile")) {
        (true, true) => "Only",
        (false, false) => "At least",
        _ => return None,
    };
    Some(Refusal::invalid(format!("{many} one of the MetadataURL or MetadataFile should be provided.")))
}

/// **\[L\]**; the words about the method **\[I\]**.
fn endpoints(write: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let (_, details) = sent(write, provider).filter(|(kind, _)| *kind == "OIDC")?;
    let urls = ["oidc_issuer", "authorize_url", "token_url", "attributes_url", "jwks_uri"];
    if urls.into_iter().filter_map(|name| text(details, name)).any(|url| !url.starts_with("https://")) {
        return Some(Refusal::invalid("OIDC endpoint must start with https://"));
    }
    let method =
        text(details, "attributes_request_method").filter(|method| !["GET", "POST"].contains(method))?;
    Some(Refusal::invalid(format!("Invalid attributes request method {method}.")))
}

/// **\[D\]**; the words **\[I\]**.
fn levels(_: &KeyedWrite<'_>, provider: &Object) -> Option<Refusal> {
    let levels = at(provider, "AcrMapping")?.as_object()?;
    let is_broken = !levels.is_empty() && text(provider, "ProviderType") != Some("OIDC");
    is_broken.then(|| Refusal::invalid("AcrMapping is only supported for OIDC identity providers."))
}

/// An attribute that the pool lacks cannot be mapped. **\[R\]** aws-cli#9729.
fn attributes(write: &KeyedWrite<'_>, _: &Object) -> Option<Refusal> {
    let mapping = write.request.get("AttributeMapping").and_then(Json::as_object)?;
    let (name, _) = mapping.iter().find(|(name, _)| *name != "username" && !schema::has(write.live, name))?;
    Some(Refusal::invalid(format!("AttributeMapping contains invalid mapping: [{name}]")))
}
