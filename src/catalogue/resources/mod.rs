//! The resources, each in one file that has all that is known of it, or in a folder if that is much.

mod branding;
mod cimd_policies;
mod client_sessions;
pub(super) mod clients;
mod domains;
pub(super) mod groups;
pub(super) mod identity_providers;
pub(super) mod log_delivery;
pub(super) mod mfa;
pub(super) mod pool;
pub(super) mod resource_servers;
mod risk;
mod sessions;
mod terms;
mod ui_customization;

use super::resource::Resource;

/// What documents name in others: the documents, and the resource whose documents they name. Its list is looked up
/// where they change, and they are where that one's documents go.
pub static REFERENCES: [(&Resource, &Resource); 3] = [
    (&clients::CLIENTS, &resource_servers::RESOURCE_SERVERS),
    (&clients::CLIENTS, &identity_providers::IDENTITY_PROVIDERS),
    (&cimd_policies::CIMD_POLICIES, &clients::CLIENTS),
];

/// All resources, in the order in which they are made: what others name comes before what names it. A setting is of
/// the first that has it.
pub static RESOURCES: [&Resource; 18] = [
    &pool::POOL,
    &mfa::MFA,
    &resource_servers::RESOURCE_SERVERS,
    &identity_providers::IDENTITY_PROVIDERS,
    &clients::CLIENTS,
    &risk::CLIENT_RISK,
    &branding::BRANDING,
    &terms::TERMS_OF_USE,
    &terms::PRIVACY_POLICY,
    &groups::GROUPS,
    &domains::DOMAINS,
    // Cognito refuses both customizations of a pool without a domain.
    &ui_customization::CLIENT_UI,
    &cimd_policies::CIMD_POLICIES,
    &ui_customization::UI_CUSTOMIZATION,
    &risk::RISK,
    &sessions::SESSIONS,
    &client_sessions::CLIENT_SESSIONS,
    &log_delivery::LOG_DELIVERY,
];
