//! Rules of the terms that an app client links.

use super::rule::Rule;
use super::truth::Truth;
use super::view::View;
use crate::catalogue::Evidence;
use crate::document::address::web_authority;
use crate::document::{DocumentId, Json, Object};

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
    Rule {
        about: &[TERMS_LINKS],
        what: "a link of the terms of use has neither `https://` nor `http://` before a host",
        broken: |terms| no_page(terms, TERMS_LINKS),
        ..LINK
    },
    Rule {
        about: &[POLICY_LINKS],
        what: "a link of the privacy policy has neither `https://` nor `http://` before a host",
        broken: |policy| no_page(policy, POLICY_LINKS),
        ..LINK
    },
];

/// What both have in common: the model takes any text, and sign-up pages link to it.
const LINK: Rule = Rule {
    code: "terms-link",
    remedy: "write the address of a page, such as `https://example.com/terms`",
    evidence: Evidence::Inferred,
    harms: true,
    ..Rule::REFUSED
};

fn no_page(terms: &View<'_>, links: &'static str) -> Truth {
    terms.test(links, |links| {
        let mut urls = links.as_object().into_iter().flat_map(Object::values).filter_map(Json::as_str);
        let found = urls.find(|url| web_authority(url).is_none());
        found.map(|url| terms.tell(url.to_owned())).is_some()
    })
}

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
