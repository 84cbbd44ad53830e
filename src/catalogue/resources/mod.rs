//! The resources, each in one file that has all that is known of it, or in a folder if that is much.

pub(super) mod log_delivery;
pub(super) mod mfa;
pub(super) mod pool;

use super::resource::Resource;

/// All resources. A setting is of the first that has it.
pub static RESOURCES: [&Resource; 3] = [&pool::POOL, &mfa::MFA, &log_delivery::LOG_DELIVERY];
