//! Two changes of which one depends on the other: made and undone in one plan, and refused at each step.

use serde_json::{Value, json};

use poolctl::catalogue::REFERENCES;

use crate::harness::world::{POOL, World};

const WEB: &str = "1webwebwebwebwebwebwebweb1";

/// Two changes that belong together.
struct Pair {
    /// The live documents without both, beside the pool's own.
    live: fn() -> Value,
    /// The members that the pool itself has then.
    pool: fn() -> Value,
    /// The manifest that adds both, and the calls in the order in which they have to come.
    added: &'static str,
    making: &'static [&'static str],
    /// The document that keeps what was added, because Cognito cannot remove it.
    lasts: &'static str,
    /// The manifest that takes both away again, what it must allow, and the calls.
    removed: &'static str,
    allow: &'static [&'static str],
    unmaking: &'static [&'static str],
}

fn nothing() -> Value {
    json!({})
}

fn client() -> Value {
    json!({
        "UserPoolId": POOL, "ClientId": WEB, "ClientName": "web", "ClientType": "REGULAR",
        "RefreshTokenValidity": 30, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": true, "CallbackURLs": ["https://a.example.com/"],
        "SupportedIdentityProviders": ["COGNITO"], "FutureMember": {"Level": 1},
    })
}

fn prefix() -> Value {
    json!({
        "UserPoolId": POOL, "AWSAccountId": "111122223333", "Domain": "acme", "S3Bucket": "aws-cognito-prod-assets",
        "CloudFrontDistribution": "d111111abcdef8.cloudfront.net", "Version": "20261123000000",
        "Status": "ACTIVE", "ManagedLoginVersion": 1,
    })
}

const PROVIDER: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    pool: nothing,
    added: "identityProviders:
  Okta: { ProviderType: SAML, ProviderDetails: { MetadataURL: 'https://a.example.com/x' } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, SupportedIdentityProviders: [COGNITO, Okta] } }
",
    making: &["CreateIdentityProvider", "UpdateUserPoolClient"],
    // Cognito adds an attribute for the identities of its users.
    lasts: "UserPool",
    removed: "identityProviders: { Okta: { remove: true, reason: retired } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, SupportedIdentityProviders: [COGNITO] } }
",
    allow: &["provider-removal"],
    unmaking: &["UpdateUserPoolClient", "DeleteIdentityProvider"],
};

const SCOPE: Pair = Pair {
    live: || {
        let scopes = json!([{"ScopeName": "read", "ScopeDescription": "r"}]);
        let server = json!({"UserPoolId": POOL, "Identifier": "orders", "Name": "Orders", "Scopes": scopes});
        json!({"UserPoolClients": [client()], "ResourceServers": [server]})
    },
    pool: nothing,
    added: "resourceServers:
  orders:
    Scopes: [{ ScopeName: read, ScopeDescription: r }, { ScopeName: write, ScopeDescription: w }]
clients: { web: { id: 1webwebwebwebwebwebwebweb1, AllowedOAuthScopes: [openid, orders/write] } }
",
    making: &["UpdateResourceServer", "UpdateUserPoolClient"],
    lasts: "",
    removed: "resourceServers: { orders: { Scopes: [{ ScopeName: read, ScopeDescription: r }] } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, AllowedOAuthScopes: [openid] } }
",
    allow: &["scope-removal"],
    unmaking: &["UpdateUserPoolClient", "UpdateResourceServer"],
};

const SERVER: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    added: "resourceServers: { stock: { Name: Stock, Scopes: [{ ScopeName: read, ScopeDescription: r }] } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, AllowedOAuthScopes: [openid, stock/read] } }
",
    making: &["CreateResourceServer", "UpdateUserPoolClient"],
    removed: "resourceServers: { stock: { remove: true, reason: sold out } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, AllowedOAuthScopes: [openid] } }
",
    allow: &["resource-server-removal"],
    unmaking: &["UpdateUserPoolClient", "DeleteResourceServer"],
    ..SCOPE
};

const MAPPING: Pair = Pair {
    live: || {
        let details = json!({"MetadataURL": "https://a.example.com/x"});
        json!({"IdentityProviders": [{
            "UserPoolId": POOL, "ProviderName": "Okta", "ProviderType": "SAML", "ProviderDetails": details,
            "AttributeMapping": {"email": "mail"},
        }]})
    },
    pool: nothing,
    added: "settings: { Schema: [{ Name: tenant, AttributeDataType: String, Mutable: true }] }
identityProviders: { Okta: { AttributeMapping: { 'custom:tenant': tenant } } }
",
    making: &["AddCustomAttributes", "UpdateIdentityProvider"],
    lasts: "UserPool",
    removed: "identityProviders: { Okta: { AttributeMapping: { 'custom:tenant': ~ } } }\n",
    allow: &[],
    unmaking: &["UpdateIdentityProvider"],
};

const RISK: Pair = Pair {
    live: nothing,
    pool: || json!({"UserPoolTier": "ESSENTIALS", "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}}),
    added: "settings: { UserPoolTier: PLUS, UserPoolAddOns: { AdvancedSecurityMode: ENFORCED } }
riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [203.0.113.0/24] } }
sessionConfiguration: { TokenSession: { MaxPerUser: 3 } }
",
    making: &["UpdateUserPool", "SetRiskConfiguration", "SetUserPoolSessionConfiguration"],
    lasts: "",
    removed: "settings: { UserPoolTier: ESSENTIALS, UserPoolAddOns: { AdvancedSecurityMode: 'OFF' } }
riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [] } }
sessionConfiguration: { TokenSession: { MaxPerUser: 20 } }
",
    allow: &["tier-downgrade", "threat-protection-off", "threat-response-weaker"],
    unmaking: &["SetRiskConfiguration", "SetUserPoolSessionConfiguration", "UpdateUserPool"],
};

const SESSIONS: Pair = Pair {
    live: nothing,
    pool: || json!({"UserPoolTier": "LITE"}),
    added: "settings: { UserPoolTier: ESSENTIALS }\nsessionConfiguration: { UserSessionTracking: ENABLED }\n",
    making: &["UpdateUserPool", "SetUserPoolSessionConfiguration"],
    lasts: "",
    removed: "settings: { UserPoolTier: LITE }\nsessionConfiguration: { UserSessionTracking: DISABLED }\n",
    allow: &["tier-downgrade", "session-tracking-off"],
    unmaking: &["SetUserPoolSessionConfiguration", "UpdateUserPool"],
};

const TRACKING: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    pool: || json!({"UserPoolTier": "ESSENTIALS"}),
    added: "sessionConfiguration: { UserSessionTracking: ENABLED }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } } } }
",
    making: &["SetUserPoolSessionConfiguration", "SetUserPoolClientSessionConfiguration"],
    lasts: "",
    removed: "sessionConfiguration: { UserSessionTracking: DISABLED }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, sessionConfiguration: { SSOSession: { MaxValidityMinutes: 60 } } } }
",
    allow: &["session-tracking-off", "session-longer"],
    unmaking: &["SetUserPoolClientSessionConfiguration", "SetUserPoolSessionConfiguration"],
};

const LOGIN: Pair = Pair {
    live: || json!({"Domains": [prefix()]}),
    pool: || json!({"UserPoolTier": "LITE"}),
    added: "settings: { UserPoolTier: ESSENTIALS }\ndomains: { acme: { ManagedLoginVersion: 2 } }\n",
    making: &["UpdateUserPool", "UpdateUserPoolDomain"],
    lasts: "",
    removed: "settings: { UserPoolTier: LITE }\ndomains: { acme: { ManagedLoginVersion: 1 } }\n",
    allow: &["tier-downgrade", "login-version"],
    unmaking: &["UpdateUserPoolDomain", "UpdateUserPool"],
};

const UI: Pair = Pair {
    live: nothing,
    pool: nothing,
    added: "domains: { acme: {} }\nuiCustomization: { CSS: '.banner-customizable { color: red }' }\n",
    making: &["CreateUserPoolDomain", "SetUICustomization"],
    lasts: "",
    removed: "domains: { acme: { remove: true, reason: moved } }\nuiCustomization: { CSS: ~ }\n",
    allow: &["domain-removal"],
    unmaking: &["SetUICustomization", "DeleteUserPoolDomain"],
};

const CLIENT_UI: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    pool: nothing,
    added: "domains: { acme: {} }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, uiCustomization: { CSS: '.banner-customizable { color: red }' } } }
",
    making: &["CreateUserPoolDomain", "SetUICustomization"],
    lasts: "",
    removed: "domains: { acme: { remove: true, reason: moved } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, uiCustomization: { CSS: ~ } } }
",
    allow: &["domain-removal"],
    unmaking: &["SetUICustomization", "DeleteUserPoolDomain"],
};

const HANGING: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    pool: || json!({"UserPoolTier": "ESSENTIALS"}),
    added: "clients:
  web:
    id: 1webwebwebwebwebwebwebweb1
    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 30 } }
    branding: { UseCognitoProvidedValues: true }
    termsOfUse: { Links: { 'cognito:default': 'https://a.example.com/terms' } }
",
    making: &["CreateManagedLoginBranding", "CreateTerms", "SetUserPoolClientSessionConfiguration"],
    lasts: "",
    removed: "clients:
  web:
    id: 1webwebwebwebwebwebwebweb1
    sessionConfiguration: { SSOSession: { MaxValidityMinutes: 60 } }
    branding: { remove: true, reason: classic pages }
    termsOfUse: { remove: true, reason: part of the contract }
",
    allow: &["session-longer", "branding-removal", "terms-removal"],
    unmaking: &["SetUserPoolClientSessionConfiguration", "DeleteTerms", "DeleteManagedLoginBranding"],
};

const FRESH: Pair = Pair {
    live: nothing,
    pool: || json!({"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}),
    added: "clients:
  fresh:
    riskConfiguration: { RiskExceptionConfiguration: { BlockedIPRangeList: [203.0.113.0/24] } }
    branding: { UseCognitoProvidedValues: true }
    privacyPolicy: { Links: { 'cognito:default': 'https://a.example.com/privacy' } }
",
    making: &["CreateUserPoolClient", "SetRiskConfiguration", "CreateManagedLoginBranding", "CreateTerms"],
    lasts: "",
    // What hangs on a client goes with it.
    removed: "clients: { fresh: { id: ID, remove: true, reason: retired } }\n",
    allow: &["client-removal"],
    unmaking: &["DeleteUserPoolClient"],
};

const POLICY: Pair = Pair {
    live: || json!({"UserPoolClients": [client()]}),
    pool: nothing,
    added: "clients: { web: { id: 1webwebwebwebwebwebwebweb1, AuthSessionValidity: 5 } }
cimdPolicies:
  partners: { ClientId: 1webwebwebwebwebwebwebweb1, URLPatterns: ['https://partners.example.com/*'] }
",
    making: &["UpdateUserPoolClient", "CreateCIMDPolicy"],
    lasts: "UserPoolClients",
    removed: "cimdPolicies: { partners: { id: ID, remove: true, reason: no partners } }
clients: { web: { id: 1webwebwebwebwebwebwebweb1, remove: true, reason: retired } }
",
    allow: &["cimd-removal", "client-removal"],
    unmaking: &["DeleteCIMDPolicy", "DeleteUserPoolClient"],
};

const PASSKEYS: Pair = Pair {
    live: || {
        let factor = json!({"RelyingPartyId": "acme.auth.eu-west-1.amazoncognito.com", "FactorConfiguration": "SINGLE_FACTOR"});
        json!({
            "MfaConfig": {"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}, "WebAuthnConfiguration": factor},
            "Domains": [prefix()],
        })
    },
    pool: || json!({"UserPoolTier": "ESSENTIALS", "MfaConfiguration": "ON"}),
    added: "settings: { WebAuthnConfiguration: { RelyingPartyId: example.com } }
domains:
  login.example.com: { CustomDomainConfig: { CertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/one' } }
",
    making: &["SetUserPoolMfaConfig", "CreateUserPoolDomain"],
    lasts: "",
    removed: "settings: { WebAuthnConfiguration: { RelyingPartyId: acme.auth.eu-west-1.amazoncognito.com } }
domains: { login.example.com: { remove: true, reason: moved } }
",
    allow: &["relying-party-change", "domain-removal"],
    unmaking: &["SetUserPoolMfaConfig", "DeleteUserPoolDomain"],
};

impl Pair {
    /// The pool without both, in a sandbox with these faults.
    fn world(&self, faults: &[&str]) -> World {
        let world = World::with(faults, |document| {
            let own = ["Id", "Name", "Arn", "CreationDate", "LastModifiedDate"];
            let pool = document["UserPool"].as_object_mut().unwrap();
            pool.retain(|name, _| own.contains(&name.as_str()));
            let attributes = ["sub", "email"].map(|name| json!({"Name": name}));
            pool.insert("SchemaAttributes".to_owned(), attributes.as_slice().into());
            pool.extend((self.pool)().as_object().cloned().unwrap());
            let document = document.as_object_mut().unwrap();
            document.remove("MfaConfig");
            document.extend((self.live)().as_object().cloned().unwrap());
        });
        self.want(&world, self.added);
        world
    }

    /// Writes the manifest; `ID` stands for the id of the document that the first plan has made.
    fn want(&self, world: &World, body: &str) {
        let live = if body.contains("ID,") { world.live() } else { Value::Null };
        let made = [("CIMDPolicies", "CIMDPolicyId"), ("UserPoolClients", "ClientId")];
        let id = made.iter().find_map(|(list, key)| live[list][0][key].as_str()).unwrap_or_default();
        let body = body.replace("ID,", &format!("{id},"));
        world.workspace.write("pool.yaml", format!("version: 1\npool: {POOL}\n{body}"));
    }

    /// What the plan that adds both must allow.
    fn grants(&self) -> &'static [&'static str] {
        let made = |call| self.making.contains(&call);
        match self.added {
            _ if made("SetUserPoolMfaConfig") => &["relying-party-change"],
            _ if made("CreateCIMDPolicy") => &["cimd-opened"],
            added if added.contains("fresh:") => &["risk-override"],
            _ => &[],
        }
    }

    /// Adds both, and takes both away.
    fn comes_and_goes(&self) {
        let world = self.world(&[]);
        let before = documents(&world);
        is_done(&world, self.making, self.grants());
        let made = documents(&world);
        self.want(&world, self.removed);
        is_done(&world, self.unmaking, self.allow);
        let after = documents(&world);
        for (name, was) in before.as_object().unwrap().iter().filter(|(name, _)| *name != self.lasts) {
            assert_eq!(&after[name], was, "{name}");
        }
        assert_ne!(made, before);
    }

    /// Each call is refused in turn: on the way there, and on the way back.
    fn stops_and_goes_on(&self) {
        for (nth, call) in self.making.iter().enumerate() {
            let world = self.world(&[&format!("{call}:error=InvalidParameterException/400*1")]);
            stops(&world, &self.making[..nth], call, self.grants());
            is_done(&world, &self.making[nth..], self.grants());
        }
        for (nth, call) in self.unmaking.iter().enumerate() {
            // The calls on the way there do not count.
            let earlier = self.making.iter().filter(|made| *made == call).count();
            let fault = format!("{call}@{}:error=InvalidParameterException/400*1", earlier + 1);
            let world = self.world(&[&fault]);
            is_done(&world, self.making, self.grants());
            self.want(&world, self.removed);
            stops(&world, &self.unmaking[..nth], call, self.allow);
            is_done(&world, &self.unmaking[nth..], self.allow);
        }
    }
}

/// All documents without their dates.
fn documents(world: &World) -> Value {
    let mut live = world.live();
    strip(&mut live);
    live
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.ends_with("Date"));
            members.values_mut().for_each(strip);
        }
        Value::Array(list) => list.iter_mut().for_each(strip),
        _ => {}
    }
}

fn allowing<'a>(world: &'a World, allow: &[&'a str]) -> crate::harness::Output {
    let options: Vec<&str> = allow.iter().flat_map(|code| ["--allow", code]).collect();
    world.apply_with(&options)
}

/// The calls that write.
fn writes(world: &World) -> Vec<String> {
    let reads = ["Describe", "Get", "List"];
    world.called().into_iter().filter(|call| !reads.iter().any(|read| call.starts_with(read))).collect()
}

fn sorted(calls: &[&str]) -> Vec<String> {
    let mut calls: Vec<String> = calls.iter().map(|call| (*call).to_owned()).collect();
    calls.sort();
    calls
}

/// The plan has these calls in this order, the apply makes them, and a second plan is empty.
#[track_caller]
fn is_done(world: &World, calls: &[&str], allow: &[&str]) {
    let plan = world.run(&["plan", "pool.yaml"]).output();
    // One call is the whole plan, and has no order.
    let ordered = if calls.len() > 1 { calls } else { &[] };
    let places: Vec<Option<usize>> = ordered.iter().map(|call| plan.stdout.rfind(call)).collect();
    assert!(places.is_sorted() && places.iter().all(Option::is_some), "{calls:?}\n{plan}");
    world.called();
    allowing(world, allow).expect(0);
    assert_eq!(writes(world), sorted(calls));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(0);
}

/// The call is refused after these: the apply says so, and which have taken effect.
#[track_caller]
fn stops(world: &World, done: &[&str], refused: &str, allow: &[&str]) {
    world.called();
    let output = allowing(world, allow);
    let told = output.to_string();
    assert_eq!(output.code, Some(if done.is_empty() { 1 } else { 5 }), "{output}");
    assert!(told.contains("InvalidParameterException") && told.contains(refused), "{output}");
    for call in done {
        assert!(told.contains(call), "`{call}` has taken effect\n{output}");
    }
    assert_eq!(writes(world), sorted(&[done, &[refused]].concat()));
}

/// What documents name in others is what a pair is about: no reference of the catalogue is left out.
#[test]
fn every_reference_of_the_catalogue_has_a_pair() {
    for (by, named) in REFERENCES {
        let branches = [by, named].map(|resource| format!("{}:", resource.branch.unwrap()));
        let is_about = |pair: &&Pair| branches.iter().all(|branch| pair.added.contains(branch.as_str()));
        assert!(PAIRS.iter().any(is_about), "{branches:?}");
    }
}

macro_rules! pairs {
    ($($pair:ident: $comes:ident, $stops:ident;)*) => {
        const PAIRS: &[&Pair] = &[$(&$pair),*];
    $(
        #[test]
        fn $comes() {
            $pair.comes_and_goes();
        }

        #[test]
        fn $stops() {
            $pair.stops_and_goes_on();
        }
    )*
    };
}

pairs! {
    PROVIDER: a_provider_and_the_client_that_names_it_come_and_go, a_provider_and_its_client_stop_and_go_on;
    SCOPE: a_scope_and_the_client_that_names_it_come_and_go, a_scope_and_its_client_stop_and_go_on;
    SERVER: a_server_and_the_client_that_names_it_come_and_go, a_server_and_its_client_stop_and_go_on;
    MAPPING: an_attribute_and_its_mapping_come_and_the_mapping_goes, an_attribute_and_its_mapping_stop_and_go_on;
    RISK: a_tier_and_the_answers_to_risks_come_and_go, a_tier_and_the_answers_to_risks_stop_and_go_on;
    SESSIONS: a_tier_and_tracked_sessions_come_and_go, a_tier_and_tracked_sessions_stop_and_go_on;
    TRACKING: tracked_sessions_and_those_of_a_client_come_and_go, tracked_sessions_and_those_of_a_client_stop_and_go_on;
    HANGING: what_hangs_on_a_client_comes_and_goes, what_hangs_on_a_client_stops_and_goes_on;
    FRESH: a_client_and_what_hangs_on_it_come_and_go, a_client_and_what_hangs_on_it_stop_and_go_on;
    POLICY: a_policy_and_its_client_come_and_go, a_policy_and_its_client_stop_and_go_on;
    PASSKEYS: a_relying_party_and_a_domain_come_and_go, a_relying_party_and_a_domain_stop_and_go_on;
    UI: a_domain_and_the_look_of_its_pages_come_and_go, a_domain_and_the_look_of_its_pages_stop_and_go_on;
    CLIENT_UI: a_domain_and_the_look_for_one_client_come_and_go, a_domain_and_the_look_for_one_client_stop_and_go_on;
    LOGIN: a_tier_and_managed_login_come_and_go, a_tier_and_managed_login_stop_and_go_on;
}
