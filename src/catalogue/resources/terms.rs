//! The terms of use and the privacy policy that the sign-up pages of an app client link.

use super::clients::CLIENTS;
use crate::catalogue::calls::{self, POOL_ID};
use crate::catalogue::resource::Resource;
use crate::catalogue::table::Evidence::{Docs, Inferred, Model};
use crate::catalogue::table::Removal::{Impossible, Omit, Send};
use crate::catalogue::table::Row;
use crate::document::DocumentId;

/// The terms of use of an app client.
pub(super) static TERMS_OF_USE: Resource = Resource {
    document: DocumentId::TERMS_OF_USE,
    branch: Some("termsOfUse"),
    constants: &[("TermsName", "terms-of-use")],
    rows: &[
        Row::of_document(
            "Links to the terms of use, for the sign-up pages of this application. They show the terms of use and the privacy policy together, or neither.",
            MEANING,
        ),
        SOURCE,
        ENFORCEMENT,
        LINKS,
        LINK,
    ],
    ..TERMS
};

/// The privacy policy of an app client.
pub(super) static PRIVACY_POLICY: Resource = Resource {
    document: DocumentId::PRIVACY_POLICY,
    branch: Some("privacyPolicy"),
    constants: &[("TermsName", "privacy-policy")],
    rows: &[
        Row::of_document(
            "Links to the privacy policy, for the sign-up pages of this application. They show the terms of use and the privacy policy together, or neither.",
            MEANING,
        ),
        SOURCE,
        ENFORCEMENT,
        LINKS,
        LINK,
    ],
    ..TERMS
};

/// What both have in common. The service knows them by an id, and finds them by the client and the name. **\[M\]**
const TERMS: Resource = Resource {
    hangs_on: Some(&CLIENTS),
    read: &calls::DESCRIBE_TERMS_BY_CLIENT,
    answer: Some("Terms"),
    update: &calls::UPDATE_TERMS,
    create: Some(&calls::CREATE_TERMS),
    remove: Some(&calls::DELETE_TERMS),
    address: &[POOL_ID, "ClientId", "TermsId", "TermsName"],
    initial: &[("TermsSource", "LINK"), ("Enforcement", "NONE")],
    ..Resource::IN_POOL
};

const MEANING: &str = "the document exists; its links stay as they are";

const SOURCE: Row = Row::new(
    "TermsSource",
    "Where the text is. Cognito knows one place: behind a link.",
    Send("\"LINK\""),
    Model,
)
.default("\"LINK\"");

const ENFORCEMENT: Row = Row::new(
    "Enforcement",
    "Whether Cognito asks users for their consent. Cognito knows one value: it does not.",
    Send("\"NONE\""),
    Model,
)
.default("\"NONE\"");

const LINKS: Row = Row::new(
    "Links",
    "The address of the text in each language: `cognito:english`, and `cognito:default` for the languages that are not named. A request has all links; whether Cognito replaces them or adds to the old ones has not been measured.",
    Impossible("the document then links nothing: remove the document itself"),
    Docs,
);

const LINK: Row = Row::new("Links.*", "The address of the text in this language.", Omit, Inferred);
