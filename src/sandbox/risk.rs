//! The risk configurations of a pool and of its app clients.

use super::answer::Refusal;
use super::case::{Case, text};
use super::of_clients::OfClientRow;
use super::singles::SingleRow;
use super::state::{Collection, Single, State};
use crate::document::Json;

/// The risk configuration: replaced whole, and none without threat protection. **\[M\]**
pub(super) const RISK: SingleRow = SingleRow {
    single: Single::Risk,
    operations: ["DescribeRiskConfiguration", "SetRiskConfiguration"],
    wrapper: Some("RiskConfiguration"),
    is_dated: true,
    kept: |_| {},
    off: without_protection,
    shown: |_| {},
    rules: &[addresses, sender_region],
};

/// The same of an app client. One without a configuration of its own has the pool's **\[D\]**, and a read shows it
/// **\[I\]**.
pub(super) const OF_CLIENTS: OfClientRow = OfClientRow {
    collection: Collection::ClientRisks,
    operations: RISK.operations,
    wrapper: RISK.wrapper,
    is_dated: true,
    inherits: Some(Single::Risk),
    kept: |_| {},
    shown: |_| {},
    off: without_protection,
    rules: RISK.rules,
};

/// The exception **\[M\]**, the words **\[I\]**.
fn without_protection(state: &State) -> Option<Refusal> {
    let mode = text(&state.pool, "UserPoolAddOns.AdvancedSecurityMode").unwrap_or("OFF");
    (mode == "OFF").then(|| {
        Refusal::new(
            "UserPoolAddOnNotEnabledException",
            "Threat protection is not enabled for this user pool.",
        )
    })
}

/// **\[L\]** A bare address is refused too.
fn addresses(case: &Case<'_>) -> Option<Refusal> {
    let exceptions = case.request.get("RiskExceptionConfiguration")?;
    let lists =
        ["BlockedIPRangeList", "SkippedIPRangeList"].into_iter().filter_map(|list| exceptions.get(list));
    let mut ranges = lists.filter_map(Json::as_array).flatten().filter_map(Json::as_str);
    ranges.any(|range| !is_cidr(range)).then(|| Refusal::invalid("Incorrect CIDR format"))
}

fn is_cidr(range: &str) -> bool {
    let Some((address, length)) = range.split_once('/') else { return false };
    let Ok(length) = length.parse::<u32>() else { return false };
    let is_v4 = address.parse::<std::net::Ipv4Addr>().is_ok();
    let is_v6 = address.parse::<std::net::Ipv6Addr>().is_ok();
    is_v4 && length <= 32 || is_v6 && length <= 128
}

/// **\[L\]** the Regions, the words **\[I\]**.
fn sender_region(case: &Case<'_>) -> Option<Refusal> {
    let takeover = case.request.get("AccountTakeoverRiskConfiguration")?;
    let sender = takeover.get("NotifyConfiguration")?.get("SourceArn")?.as_str()?;
    let region = sender.split(':').nth(3)?;
    (!matches!(region, "us-east-1" | "us-west-2" | "eu-west-1")).then(|| {
        Refusal::invalid(format!("The source ARN is in the Region {region}, which is not supported."))
    })
}
