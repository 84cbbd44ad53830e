//! Other tools that own a pool, by the tags that they put on it.

use super::{Finding, Level};
use crate::document::{Path, Snapshot, TAGS};

/// A tag that a tool puts on the pools that it makes.
struct OwnerTag {
    tag: &'static str,
    /// The owner in words; `VALUE` is the tag's value.
    owner: &'static str,
}

/// The tags, the most telling one first: Amplify and SST deploy with CloudFormation, which has tags of its own. Terraform
/// and Pulumi leave no tag. Tags that a team sets by convention, such as `ManagedBy`, are none.
///
/// Sources: documentation of CloudFormation (resource tags) and of Amplify
/// (<https://docs.amplify.aws/vue/build-a-backend/add-aws-services/tagging-resources>); for the others the tools' own code,
/// not seen on a pool.
#[rustfmt::skip]
const OWNERS: &[OwnerTag] = &[
    OwnerTag { tag: "amplify:app-id", owner: "the Amplify app `VALUE`" },
    OwnerTag { tag: "amplify:deployment-type", owner: "an Amplify VALUE" },
    OwnerTag { tag: "sst:app", owner: "the SST app `VALUE`" },
    OwnerTag { tag: "alchemy::stack", owner: "the alchemy stack `VALUE`" },
    OwnerTag { tag: "crossplane-name", owner: "the Crossplane resource `VALUE`" },
    OwnerTag { tag: "services.k8s.aws/controller-version", owner: "a Kubernetes controller of AWS (ACK)" },
    OwnerTag { tag: "eks:eks-capability-arn", owner: "a Kubernetes controller of AWS (ACK)" },
    OwnerTag { tag: "aws:cloudformation:stack-name", owner: "the CloudFormation stack `VALUE`" },
];

/// The note on a pool that another tool also owns, by the tool's tag.
pub(super) fn co_owned(live: &Snapshot) -> Option<Finding> {
    let tags = live.pool().get(TAGS)?;
    let value = |row: &OwnerTag| tags.get(row.tag)?.as_str();
    let (row, value) = OWNERS.iter().find_map(|row| Some((row, value(row)?)))?;
    let owner = row.owner.replace("VALUE", value);
    let text = format!("{owner} also owns this pool, and may undo changes made by poolctl");
    Some(Finding::new(Level::Note, "co-owned", &Path::members([TAGS, row.tag]), text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pool_is_owned_by_the_tool_that_people_know() {
        let stack = |more: (&str, &str)| json!({"team": "identity", "aws:cloudformation:stack-name": "s", (more.0): more.1});
        for (tags, owner) in [
            (stack(("a", "b")), Some("the CloudFormation stack `s`")),
            (stack(("amplify:app-id", "d1")), Some("the Amplify app `d1`")),
            (stack(("amplify:deployment-type", "sandbox")), Some("an Amplify sandbox")),
            (stack(("sst:app", "shop")), Some("the SST app `shop`")),
            (json!({"crossplane-name": "pool-x"}), Some("the Crossplane resource `pool-x`")),
            (
                json!({"services.k8s.aws/controller-version": "v1"}),
                Some("a Kubernetes controller of AWS (ACK)"),
            ),
            // What a team writes itself proves nothing.
            (json!({"ManagedBy": "terraform", "pulumi:stack": "prod", "STAGE": "dev"}), None),
        ] {
            let live = Snapshot::of_pool(
                json!({"Id": "p", "UserPoolTags": tags}).as_object().cloned().unwrap_or_default(),
            );
            let text = co_owned(&live).map(|finding| finding.text);
            let expected = owner
                .map(|owner| format!("{owner} also owns this pool, and may undo changes made by poolctl"));
            assert_eq!(text.as_deref(), expected.as_deref(), "{tags}");
        }
    }
}
