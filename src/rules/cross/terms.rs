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
    Rule {
        about: &[TERMS_LINKS],
        what: "the terms of use link no page",
        broken: |terms| !terms.has(TERMS_LINKS),
        ..WITHOUT_LINKS
    },
    Rule {
        about: &[POLICY_LINKS],
        what: "the privacy policy links no page",
        broken: |policy| !policy.has(POLICY_LINKS),
        ..WITHOUT_LINKS
    },
];

const TERMS_LINKS: &str = "clients.*.termsOfUse.Links";
const POLICY_LINKS: &str = "clients.*.privacyPolicy.Links";

/// What both have in common: every read has links, and a request may lack them. **\[M\]**
const WITHOUT_LINKS: Rule = Rule {
    code: "terms-without-links",
    remedy: "declare `Links: { \"cognito:default\": https://… }`",
    evidence: Evidence::Inferred,
    ..Rule::REFUSED
};

/// What both have in common: Cognito accepts one without the other.
const ALONE: Rule = Rule { exception: None, evidence: Evidence::Docs, ..Rule::REFUSED };
