//! The resources, each in one file that has all that is known of it, or in a folder if that is much.

pub(super) mod clients;
pub(super) mod groups;
pub(super) mod log_delivery;
pub(super) mod mfa;
pub(super) mod pool;
pub(super) mod resource_servers;

use super::resource::Resource;

/// All resources, in the order in which they are made: what others name comes before what names it. A setting is of
/// the first that has it.
pub static RESOURCES: [&Resource; 6] = [
    &pool::POOL,
    &mfa::MFA,
    &resource_servers::RESOURCE_SERVERS,
    &clients::CLIENTS,
    &groups::GROUPS,
    &log_delivery::LOG_DELIVERY,
];
