//! Rules of managed login branding.

use std::collections::HashSet;

use super::rule::Rule;
use super::view::{View, elements};
use crate::catalogue::Evidence;
use crate::document::{Document, DocumentId, Json};

const CLIENT: &str = "clients.*.AllowedOAuthFlowsUserPoolClient";
const GRANTS: &str = "clients.*.AllowedOAuthFlows";
const VERSION: &str = "domains.*.ManagedLoginVersion";
const PROVIDED: &str = "clients.*.branding.UseCognitoProvidedValues";
const SETTINGS: &str = "clients.*.branding.Settings";
const ASSETS: &str = "clients.*.branding.Assets";

/// The rules, in the order of the facts.
pub(super) static RULES: &[Rule] = &[
    Rule {
        what: "the branding has both Cognito's own style and `Settings` of its own",
        remedy: "delete `UseCognitoProvidedValues: true` or `Settings`",
        broken: |branding: &View<'_>| branding.is_on(PROVIDED) & branding.has(SETTINGS),
        ..SOURCE
    },
    Rule {
        what: "the branding has neither Cognito's own style nor `Settings` of its own",
        remedy: "declare `UseCognitoProvidedValues: true` or `Settings`",
        broken: |branding: &View<'_>| !branding.is_on(PROVIDED) & !branding.has(SETTINGS),
        ..SOURCE
    },
    Rule {
        code: "branding-missing",
        about: &[CLIENT, VERSION, GRANTS],
        what: "a domain of the pool has managed login, and the app client has no branding: its sign-in pages show an error",
        exception: None,
        remedy: "declare `branding: { UseCognitoProvidedValues: true }` for the client",
        evidence: Evidence::Report,
        // A warning and no conflict: Cognito accepts such a client, applications that sign users in without its pages
        // need no branding, and another tool or the console can make it next. Nobody could sign in with a new client
        // before, and the pages work as soon as there is branding.
        broken: |client: &View<'_>| {
            let is_managed =
                |domain: &Document| domain.get("ManagedLoginVersion").and_then(Json::as_i64) == Some(2);
            client.is_on(CLIENT)
                & client.any(GRANTS, |grant| grant != "client_credentials")
                & client.lacks_hanging(&DocumentId::BRANDING)
                & client.any_in(&DocumentId::DOMAINS, is_managed)
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "branding-image-twice",
        about: &[ASSETS],
        what: "two images have the same category and colour mode, of which each has one image",
        remedy: "delete one of the two",
        evidence: Evidence::Inferred,
        harms: true,
        broken: |branding: &View<'_>| branding.test(ASSETS, has_two_of_one_place),
        ..Rule::REFUSED
    },
    Rule {
        code: "branding-image-content",
        about: &[ASSETS],
        what: "an image has neither `Bytes` nor a `ResourceId`",
        remedy: "add `Bytes`, for example as `${base64:logo.png}`",
        evidence: Evidence::Docs,
        broken: |branding: &View<'_>| {
            branding.any_of(ASSETS, |image| image.get("Bytes").or_else(|| image.get("ResourceId")).is_none())
        },
        ..Rule::REFUSED
    },
    Rule {
        code: "branding-icon",
        about: &[ASSETS],
        what: "an image in the format ICO is not the favicon of the category `FAVICON_ICO`",
        remedy: "set `Category: FAVICON_ICO`, or another `Extension`",
        evidence: Evidence::Docs,
        broken: |branding: &View<'_>| {
            branding.any_of(ASSETS, |asset| {
                asset.get("Extension").is_some_and(|extension| extension == "ICO")
                    && asset.get("Category").is_some_and(|category| category != "FAVICON_ICO")
            })
        },
        ..Rule::REFUSED
    },
];

/// What both have in common: a request has one source of the style.
const SOURCE: Rule = Rule {
    code: "branding-source",
    about: &[PROVIDED, SETTINGS],
    words: Some("useCognitoProvidedValues or settings should be specified (but not both)"),
    ..Rule::REFUSED
};

fn has_two_of_one_place(images: &Json) -> bool {
    let place = |image: &Json| ["Category", "ColorMode"].map(|name| image.get(name).map(Json::to_string));
    let mut seen = HashSet::new();
    elements(images).any(|image| !seen.insert(place(image)))
}
