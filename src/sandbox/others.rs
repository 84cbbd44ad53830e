//! Calls of other services that auditing tools make at the endpoint of Cognito: one row each.
//!
//! `AWS_ENDPOINT_URL` names one endpoint for all services. Each answer is true of a sandbox: it has no organization, no
//! identity pool and no web ACL.

use std::collections::BTreeSet;

use super::answer::Refusal;
use super::sts::element;

/// A call in AWS JSON whose answer is always the same.
pub(super) struct OtherCall {
    /// The value of `X-Amz-Target`. **\[M\]**
    target: &'static str,
    pub(super) operation: &'static str,
    answer: Result<&'static str, (&'static str, &'static str)>,
}

/// The calls in AWS JSON.
const ROWS: &[OtherCall] = &[
    OtherCall {
        target: "AWSOrganizationsV20161128.DescribeAccount",
        operation: "DescribeAccount",
        // [D]
        answer: Err((
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )),
    },
    OtherCall {
        target: "AWSCognitoIdentityService.ListIdentityPools",
        operation: "ListIdentityPools",
        answer: Ok(r#"{"IdentityPools":[]}"#),
    },
    OtherCall {
        target: "AWSWAF_20190729.ListWebACLs",
        operation: "ListWebACLs",
        answer: Ok(r#"{"WebACLs":[]}"#),
    },
];

/// The operation of EC2 that lists Regions.
pub(super) const REGIONS: &str = "DescribeRegions";

/// The operations, for counts and faults.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|row| row.operation).chain([REGIONS])
}

/// The call that a target names; `None` if it is not one of these.
pub(super) fn row(target: &str) -> Option<&'static OtherCall> {
    ROWS.iter().find(|row| row.target == target)
}

impl OtherCall {
    /// The body of the answer.
    pub(super) fn answer(&self) -> Result<&'static str, Refusal> {
        self.answer.map_err(|(exception, message)| Refusal::new(exception, message))
    }
}

/// The answer of `DescribeRegions` in EC2's XML. **\[M\]**
pub(super) fn regions(regions: &BTreeSet<String>, request_id: &str) -> String {
    let items: String = regions
        .iter()
        .map(|region| {
            let name = element("regionName", region);
            let endpoint = element("regionEndpoint", &format!("ec2.{region}.amazonaws.com"));
            format!("<item>{name}{endpoint}<optInStatus>opt-in-not-required</optInStatus></item>")
        })
        .collect();
    format!(
        "<DescribeRegionsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
         <requestId>{request_id}</requestId><regionInfo>{items}</regionInfo></DescribeRegionsResponse>"
    )
}
