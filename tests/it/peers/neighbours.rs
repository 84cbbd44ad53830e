//! What else lives in a pool, on emulators that others wrote: identity providers, domains, and documents of which a pool
//! has one.

use crate::harness::at_once;
use crate::harness::peers::{Lie, gaps};

use super::clients::{PEERS, World};

const GOOGLE: &str = "identityProviders: { Google: { ProviderType: Google, ProviderDetails: { client_id: a, client_secret: b, authorize_scopes: openid }, AttributeMapping: { email: email } } }";
const DOMAIN: &str = "domains: { acme-of-a-peer: { ManagedLoginVersion: 1 } }";
const ALLOWED: &str = "provider-trust-change,provider-mapping-change,provider-removal,domain-removal";

/// An apply, and the plan after it.
fn settle(world: &World, body: &str, applied: i32, planned: i32) -> String {
    let apply = world.run(body, &["apply", "--yes", "--settle", "0", "--allow", ALLOWED]).expect(applied);
    world.plan(body).expect(planned);
    apply.to_string()
}

#[test]
fn a_provider_is_made_changed_and_removed() {
    for peer in PEERS {
        let world = World::new(peer);
        settle(&world, GOOGLE, 0, 0);
        settle(&world, &GOOGLE.replace("email: email", "email: mail"), 0, 0);
        settle(&world, &GOOGLE.replace("client_id: a", "client_id: c"), 0, 0);
        settle(&world, "identityProviders: { Google: { remove: true, reason: r } }", 0, 0);
    }
}

#[test]
fn a_domain_is_made_and_removed_and_the_table_says_what_a_peer_loses_of_it() {
    for peer in PEERS {
        let world = World::new(peer);
        let lost = gaps(peer, &[Lie::LostOfDomain]);
        let [applied, planned] = if lost.is_empty() { [0, 0] } else { [5, 2] };
        let told = settle(&world, DOMAIN, applied, planned);
        for place in lost {
            let member = place.trim_start_matches("/domain/");
            assert!(told.contains(&format!("domains.acme-of-a-peer.{member}")), "{peer:?}: {told}");
        }
        settle(&world, "domains: { acme-of-a-peer: { remove: true, reason: r } }", 0, 0);
    }
}

#[test]
fn the_table_says_which_documents_a_peer_lacks() {
    at_once(PEERS, |peer| {
        let world = World::new(peer);
        world.run(&format!("{DOMAIN}\nclients: {{ web: {{}} }}"), &["apply", "--yes", "--settle", "0"]);
        let lacks = gaps(peer, &[Lie::NoCall]);
        for (branch, body) in [
            ("/uiCustomization", "uiCustomization: { CSS: '.banner-customizable { color: red }' }"),
            (
                "/riskConfiguration",
                "riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [192.0.2.0/24] } }",
            ),
            ("/sessionConfiguration", "sessionConfiguration: { UserSessionTracking: ENABLED }"),
            (
                "/logDelivery",
                "logDelivery: { LogConfigurations: [{ EventSource: userNotification, LogLevel: ERROR, CloudWatchLogsConfiguration: { LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:a' } }] }",
            ),
            ("/clients/branding", "clients: { web: { branding: { UseCognitoProvidedValues: true } } }"),
            (
                "/clients/termsOfUse",
                "clients: { web: { termsOfUse: { Links: { 'cognito:default': 'https://a.example.com' } } } }",
            ),
            (
                "/clients/sessionConfiguration",
                "clients: { web: { sessionConfiguration: { SSOSession: { MaxValidityMinutes: 5 } } } }",
            ),
            (
                "/clients/riskConfiguration",
                "clients: { web: { riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [192.0.2.0/24] } } } }",
            ),
            (
                "/clients/uiCustomization",
                "clients: { web: { uiCustomization: { CSS: '.banner-customizable { color: red }' } } }",
            ),
            (
                "/cimdPolicies",
                "cimdPolicies: { partners: { ClientId: 1a, URLPatterns: [\"https://a.example.com/*\"] } }",
            ),
        ] {
            let is_lacking = lacks.contains(&branch);
            let applied = world.run(body, &["apply", "--yes", "--settle", "0"]);
            assert_eq!(applied.code == Some(0), !is_lacking, "{peer:?} {branch}: {applied}");
            if !is_lacking {
                world.plan(body).expect(0);
            }
        }
    });
}

/// What names others, with what it names: made in one apply, and gone in another.
#[test]
fn a_client_its_provider_and_its_group_come_in_one_apply_and_go_in_one() {
    let names = "clients: { shop: { SupportedIdentityProviders: [COGNITO, Google], CallbackURLs: ['https://a.example.com/cb'] } }";
    let groups = "groups: { staff: { Description: All, Precedence: 0 } }";
    for peer in PEERS {
        let world = World::new(peer);
        let body = format!("{GOOGLE}\n{groups}\n{names}");
        world.run(&body, &["apply", "--yes", "--settle", "0", "--allow", ALLOWED]).expect(0);
        world.plan(&body).expect(0);
        // A name that another document still has does not go.
        let gone = "identityProviders: { Google: { remove: true, reason: r } }";
        let refused =
            world.run(&format!("{gone}\n{names}"), &["apply", "--yes", "--settle", "0", "--allow", ALLOWED]);
        assert!(refused.expect(3).stdout.contains("conflict[still-named]"), "{peer:?}");
        let without = names.replace("COGNITO, Google", "COGNITO");
        let body = format!("{gone}\ngroups: {{ staff: {{ remove: true, reason: r }} }}\n{without}");
        let allowed = format!("{ALLOWED},group-removal");
        world.run(&body, &["apply", "--yes", "--settle", "0", "--allow", &allowed]).expect(0);
        world.plan(&body).expect(0);
    }
}
