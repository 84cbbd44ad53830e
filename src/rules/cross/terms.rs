//! Rules of the terms that an app client links.

use super::rule::Rule;
use crate::catalogue::Evidence;
use crate::document::DocumentId;

/// The rules.
pub(super) static RULES: &[Rule] = &[
    Rule {
        code: "terms-alone",
        about: &["clients.*.termsOfUse"],
        what: "the app client has terms of use and no privacy policy: its sign-up pages show neither",
        remedy: "declare `privacyPolicy` for the client too",
        broken: |terms| terms.lacks_hanging(&DocumentId::PRIVACY_POLICY),
        ..ALONE
    },
    Rule {
        code: "terms-alone",
        about: &["clients.*.privacyPolicy"],
        what: "the app client has a privacy policy and no terms of use: its sign-up pages show neither",
        remedy: "declare `termsOfUse` for the client too",
        broken: |policy| policy.lacks_hanging(&DocumentId::TERMS_OF_USE),
        ..ALONE
    },
];

/// What both have in common: Cognito accepts one without the other.
const ALONE: Rule = Rule { exception: None, evidence: Evidence::Docs, ..Rule::REFUSED };
