//! Identity providers: other services whose users may sign in to the pool.

use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::listing::Listing;
use crate::catalogue::resource::{Derived, Needed, Replaced, Resource, Sends};
use crate::catalogue::table::Compare::Set;
use crate::catalogue::table::Evidence::{Docs, Inferred, Live, Model, Report};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::{Empty, Fill, REMOVED, Row};
use crate::document::DocumentId;

/// Identity providers, each under its name.
pub(super) static IDENTITY_PROVIDERS: Resource = Resource {
    document: DocumentId::IDENTITY_PROVIDERS,
    read: &calls::DESCRIBE_IDENTITY_PROVIDER,
    answer: Some("IdentityProvider"),
    listing: Some(&Listing {
        call: &calls::LIST_IDENTITY_PROVIDERS,
        items: "Providers",
        page: Some(("MaxResults", 60)),
        key: "ProviderName",
        also: &[TYPE, "LastModifiedDate", "CreationDate"],
        // App clients name users of the pool itself by it.
        reserved_keys: &["COGNITO"],
        one: "identity provider",
        article: "an",
        likeness: &[
            "ProviderDetails.MetadataURL",
            "ProviderDetails.MetadataFile",
            "ProviderDetails.oidc_issuer",
        ],
        told: &["ProviderDetails.oidc_issuer", "ProviderDetails.MetadataURL"],
        unique: &["IdpIdentifiers"],
        made_again: Some("nobody has measured whether its users are linked to their old accounts again"),
        ..Listing::OF_NAMES
    }),
    update: &calls::UPDATE_IDENTITY_PROVIDER,
    create: Some(&calls::CREATE_IDENTITY_PROVIDER),
    remove: Some(&calls::DELETE_IDENTITY_PROVIDER),
    // Details that are sent are checked again, metadata is fetched again, and Apple's key is in no read.
    sends: Sends::Changed,
    address: &[POOL_ID, "ProviderName"],
    branch: Some("identityProviders"),
    fixed: &[TYPE],
    derived: DERIVED,
    replaced: REPLACED,
    needed: &[Needed {
        of: (TYPE, Some("SignInWithApple")),
        member: "ProviderDetails.private_key",
        example: "`${secret:NAME}`",
    }],
    guards_unknown: true,
    rows: ROWS,
    ..Resource::IN_POOL
};

const TYPE: &str = "ProviderType";
const DETAILS: &str = "ProviderDetails";

/// What reads have in addition to what was sent. **\[L\]**
#[rustfmt::skip]
const DERIVED: &[Derived] = &[
    derived(&["SAML"], &["SSORedirectBindingURI", "SLORedirectBindingURI", "ActiveEncryptionCertificate"]),
    derived(&["OIDC"], &["attributes_url_add_attributes"]),
    derived(
        &["Google", "Facebook", "LoginWithAmazon", "SignInWithApple"],
        &["attributes_url", "attributes_url_add_attributes", "authorize_url", "oidc_issuer", "token_request_method", "token_url"],
    ),
];

const fn derived(types: &'static [&'static str], members: &'static [&'static str]) -> Derived {
    Derived { of: (TYPE, types), within: DETAILS, members }
}

/// Cognito refuses both forms of SAML metadata. **\[L\]**
const REPLACED: &[Replaced] = &[
    Replaced { drops: "ProviderDetails.MetadataURL", by: "ProviderDetails.MetadataFile" },
    Replaced { drops: "ProviderDetails.MetadataFile", by: "ProviderDetails.MetadataURL" },
];

/// A key of `ProviderDetails`. Keys without a row are not shown: they may be secrets.
const fn detail(path: &'static str, doc: &'static str) -> Row {
    Row::new(path, doc, Omit, Docs).falls_to(REMOVED)
}

/// A URL that Cognito discovers from the issuer unless it is given, and anew from another issuer. **\[D\]**
const fn endpoint(path: &'static str, doc: &'static str) -> Row {
    detail(path, doc).fill(Fill::Any).follows("ProviderDetails.oidc_issuer")
}

/// The settings, one row each.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row::of_document("An identity provider. The label is its `ProviderName`: for Google, Facebook, LoginWithAmazon and SignInWithApple, that is the type.", "the identity provider exists; its settings stay as they are"),
    Row::new("ProviderType", "The kind of provider. This is decided when the provider is made.", Impossible("an identity provider has a type"), Model),
    Row::new(DETAILS, "How Cognito reaches the provider. The keys depend on the type. All keys are sent if one of them changes; keys that Cognito sets by itself are neither compared nor sent.", Impossible("an identity provider has details"), Live),
    detail("ProviderDetails.client_id", "The id of Cognito at the provider.").needed(),
    detail("ProviderDetails.client_secret", "The secret of Cognito at the provider. Give it as `${secret:NAME}`.").needed().credential(),
    detail("ProviderDetails.authorize_scopes", "The scopes that Cognito asks for, separated by blanks; for Facebook by commas.").needed(),
    detail("ProviderDetails.attributes_request_method", "How Cognito reads the user's attributes: `GET` or `POST`.").needed(),
    detail("ProviderDetails.oidc_issuer", "The issuer, whose discovery document Cognito reads. Endpoints that the manifest does not declare follow it.").needed(),
    endpoint("ProviderDetails.authorize_url", "Where Cognito sends users to sign in, if the issuer has no discovery document."),
    endpoint("ProviderDetails.token_url", "Where Cognito gets tokens, if the issuer has no discovery document."),
    endpoint("ProviderDetails.attributes_url", "Where Cognito reads the user's attributes, if the issuer has no discovery document."),
    endpoint("ProviderDetails.jwks_uri", "The keys that sign the provider's tokens, if the issuer has no discovery document."),
    detail("ProviderDetails.MetadataURL", "Where Cognito reads the metadata of a SAML provider. Declare this or `MetadataFile`.").needed(),
    detail("ProviderDetails.MetadataFile", "The metadata of a SAML provider: `${file:metadata.xml}`. Declare this or `MetadataURL`.").needed(),
    detail("ProviderDetails.IDPInit", "Whether users may begin at a SAML provider: `\"true\"` or `\"false\"`."),
    detail("ProviderDetails.IDPSignout", "Whether a sign-out also ends the session at a SAML provider: `\"true\"` or `\"false\"`."),
    detail("ProviderDetails.EncryptedResponses", "Whether a SAML provider must encrypt its assertions: `\"true\"` or `\"false\"`."),
    detail("ProviderDetails.RequestSigningAlgorithm", "How Cognito signs its requests to a SAML provider: `rsa-sha256`. Without it, they are not signed."),
    detail("ProviderDetails.api_version", "The version of Facebook's API."),
    detail("ProviderDetails.team_id", "The id of the team at Apple.").needed(),
    detail("ProviderDetails.key_id", "The id of the private key at Apple.").needed(),
    Row::new("ProviderDetails.private_key", "The private key from Apple, in base64 without its first and last line. Give it as `${secret:NAME}`. No read has it: it is never compared, and is sent whenever other details change.", Impossible("Sign in with Apple needs a key"), Report).credential().hidden().needed(),
    detail("ProviderDetails.*", "A key that poolctl does not know. Its value is not shown.").sensitive(),
    Row::new("AttributeMapping", "The attributes of users, each with the claim of the provider that it is read from. `null` at an attribute removes it; attributes that the manifest does not name stay.", Send("{}"), Live).falls_to("no mapping at all").empty(Empty::Clear("every mapping is removed, also `username: sub`, which new providers have")),
    Row::new("AttributeMapping.username", "The claim that identifies the user. New providers other than SAML have `sub`.", Omit, Live).fresh("\"sub\"").falls_to(REMOVED),
    Row::new("AttributeMapping.*", "The claim that an attribute is read from.", Omit, Live).falls_to(REMOVED),
    Row::new("IdpIdentifiers", "Names by which a sign-in may choose the provider, such as domains of e-mail addresses.", Send("[]"), Live).compare(Set).falls_to(REMOVED),
    Row::new("AcrMapping", "The levels of authentication that an OIDC provider calls by these names.", Send("{}"), Inferred).falls_to(REMOVED),
];
