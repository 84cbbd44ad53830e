//! Rules of the policies for clients that identify themselves by a metadata document.

use super::rule::Rule;
use super::truth::Truth;
use crate::catalogue::Evidence;
use crate::document::DocumentId;

/// The rules, which a policy can come to break by a change elsewhere.
pub(super) static REFERENCES: &[Rule] = &[
    Rule {
        what: "`ClientId` is the id of no app client of the pool",
        remedy: "declare the `ClientId` of an app client of the pool: `poolctl ids` prints it. An app client that the same plan makes has no id yet",
        broken: |policy| {
            let Some(clients) = policy.listed(&DocumentId::CLIENTS) else { return Truth::Unknown };
            let is_known = |id: &str| clients.iter().any(|(_, client)| client.as_str() == id);
            let truth = policy.find(CLIENT, |id| (!is_known(id)).into());
            policy.tell_meant(&clients);
            truth
        },
        ..CLIENT_MISSING
    },
    Rule {
        what: "the policy has no `ClientId`: Cognito leaves out the id of an app client that is gone",
        remedy: "declare the `ClientId` of another app client, or remove the policy",
        broken: |policy| !policy.has(CLIENT),
        ..CLIENT_MISSING
    },
];

const CLIENT: &str = "cimdPolicies.*.ClientId";

/// What both have in common: a request needs the id of an app client, and names nothing else that the pool has. The
/// exception is modelled for such requests.
const CLIENT_MISSING: Rule = Rule {
    code: "client-missing",
    about: &[CLIENT],
    exception: Some("ResourceNotFoundException"),
    evidence: Evidence::Model,
    ..Rule::REFUSED
};
