//! What people wrote of other tools about what lives in a pool beside its own settings. Where many threads have one
//! shape, they share a pool: each row has its thread and what its people wanted. The other threads are named at the
//! stories of their resource.

use serde_json::{Map, Value, json};

use super::clients::{BATCH, WEB, batch, but, manifest, web, world_with};
use crate::harness::world::{POOL, World};

/// The calls that make and remove documents.
fn made_or_removed(world: &World) -> Vec<String> {
    let is_it = |call: &String| call.starts_with("Create") || call.starts_with("Delete");
    world.called().into_iter().filter(is_it).collect()
}

#[track_caller]
fn is_as_declared(world: &World) {
    let plan = world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output();
    assert_eq!(plan.code, Some(0), "{plan}");
}

/// A pool on PLUS with two app clients, a resource server, a provider, a group, a custom domain, branding, risk
/// configuration and logs.
fn rich(document: &mut Map<String, Value>) {
    let pool = document["UserPool"].as_object_mut().unwrap();
    pool.insert("UserPoolTier".to_owned(), json!("PLUS"));
    pool.insert("UserPoolAddOns".to_owned(), json!({"AdvancedSecurityMode": "ENFORCED"}));
    pool.insert("CustomDomain".to_owned(), json!("login.example.com"));
    let details = json!({
        "MetadataURL": "https://a.example.com/metadata", "IDPSignout": "false",
        "SSORedirectBindingURI": "https://a.example.com/sso", "SLORedirectBindingURI": "https://a.example.com/slo",
        "ActiveEncryptionCertificate": "MIICvDCC",
    });
    let certificate = json!({"CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/one", "SecurityPolicy": "TLS_V1_2_2021"});
    let group =
        |log: &str| json!({"LogGroupArn": format!("arn:aws:logs:eu-west-1:111122223333:log-group:{log}")});
    let log = |source: &str, level: &str| json!({"EventSource": source, "LogLevel": level, "CloudWatchLogsConfiguration": group(source)});
    let branding = |id: u32, client: &str, bytes: &str| {
        let logo = json!({"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": bytes});
        json!({
            "UserPoolId": POOL, "ClientId": client, "UseCognitoProvidedValues": false, "Settings": {"a": 1}, "Assets": [logo],
            "ManagedLoginBrandingId": format!("7d9d0b4e-0f5a-4b0e-9d1e-3d3b0a6a1c2{id}"),
        })
    };
    let beside = json!({
        "IdentityProviders": [{
            "UserPoolId": POOL, "ProviderName": "Okta", "ProviderType": "SAML", "ProviderDetails": details,
            "AttributeMapping": {"email": "mail"}, "IdpIdentifiers": [],
        }],
        "Groups": [{"UserPoolId": POOL, "GroupName": "staff", "RoleArn": "arn:aws:iam::111122223333:role/staff"}],
        "Domains": [{
            "UserPoolId": POOL, "Domain": "login.example.com", "Status": "ACTIVE", "ManagedLoginVersion": 1,
            "CustomDomainConfig": certificate,
        }],
        "RiskConfiguration": {"UserPoolId": POOL, "CompromisedCredentialsRiskConfiguration": {"EventFilter": [], "Actions": {"EventAction": "BLOCK"}}},
        "LogDeliveryConfiguration": {"UserPoolId": POOL, "LogConfigurations": [log("userAuthEvents", "INFO"), log("userNotification", "ERROR")]},
        "ManagedLoginBrandings": [branding(1, BATCH, "aGVsbG8="), branding(2, WEB, "iVBORw0KGgo=")],
    });
    document.extend(beside.as_object().cloned().unwrap());
}

/// The pool, whose manifest declares this; `web` reports to a Pinpoint project.
fn pool(faults: &[&str], body: &str) -> World {
    let project = json!({
        "ApplicationArn": "arn:aws:mobiletargeting:eu-west-1:111122223333:apps/one",
        "RoleArn": "arn:aws:iam::111122223333:role/aws-service-role/cognito-idp.amazonaws.com/one",
    });
    world_with(faults, &[but(web(), json!({"AnalyticsConfiguration": project})), batch()], body, rich)
}

/// What shows a difference for ever elsewhere. The manifest says what the pool shows, less what the service fills in.
#[test]
fn what_the_service_fills_in_sorts_and_encodes_is_no_difference() {
    let body = format!(
        "# pulumi_aws_2868: the service fills in a role
clients:
  web:
    id: {WEB}
    AnalyticsConfiguration: {{ ApplicationArn: 'arn:aws:mobiletargeting:eu-west-1:111122223333:apps/one' }}
    # terraform_45044: a branding is found by its client, also among several clients
    # terraform_47084, aws_cdk_34082: an image is compared by its bytes
    branding:
      Settings: {{ a: 1 }}
      Assets: [{{ Category: FORM_LOGO, ColorMode: LIGHT, Extension: PNG, Bytes: iVBORw0KGgo }}]
# terraform_5704, lgallard_135: a certificate and bindings that the service adds
# coverage_roadmap_1287: a provider that exists is not made again
identityProviders:
  Okta:
    ProviderType: SAML
    ProviderDetails: {{ MetadataURL: 'https://a.example.com/metadata', IDPSignout: 'false' }}
    AttributeMapping: {{ email: mail }}
# terraform_43550: destinations in another order
logDelivery:
  LogConfigurations:
    - {{ EventSource: userNotification, LogLevel: ERROR, CloudWatchLogsConfiguration: {{ LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:userNotification' }} }}
    - {{ EventSource: userAuthEvents, LogLevel: INFO, CloudWatchLogsConfiguration: {{ LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:userAuthEvents' }} }}
"
    );
    let world = pool(&[], &body.replace("iVBORw0KGgo ", "iVBORw0KGgo= "));
    is_as_declared(&world);
    // A difference is seen all the same.
    world.workspace.write("pool.yaml", manifest(&body.replace("iVBORw0KGgo ", "aGVsbG8= ")));
    world.run(&["plan", "--detailed-exitcode", "pool.yaml"]).output().expect(2);
}

/// What could not be declared elsewhere, or only in two runs: one apply makes it true.
#[test]
fn one_apply_makes_true_what_other_tools_cannot_declare_or_need_two_runs_for() {
    let body = format!(
        "# terraform_41887: threat protection of custom authentication
settings:
  UserPoolAddOns: {{ AdvancedSecurityAdditionalFlows: {{ CustomAuthMode: AUDIT }} }}
# coverage_roadmap_2048, lgallard_428: answers to risks; terraform_28784: without a sender of messages
riskConfiguration:
  AccountTakeoverRiskConfiguration: {{ Actions: {{ HighAction: {{ Notify: false, EventAction: BLOCK }} }} }}
# coverage_roadmap_1963: signed requests and encrypted assertions
identityProviders:
  Okta: {{ ProviderDetails: {{ EncryptedResponses: 'true', RequestSigningAlgorithm: rsa-sha256, IDPInit: 'true' }} }}
# coverage_roadmap_345, aws_cdk_10676: a server with its client; cdkd: an identifier that is a URL is no id of anything
# aws_cdk_16123: a scope more for a server that exists
resourceServers:
  orders: {{ Scopes: [{{ ScopeName: read, ScopeDescription: Read orders }}, {{ ScopeName: write, ScopeDescription: w }}] }}
  'https://api.example.com': {{ Name: api, Scopes: [{{ ScopeName: read, ScopeDescription: r }}] }}
clients:
  web:
    id: {WEB}
    AllowedOAuthScopes: [openid, orders/write, 'https://api.example.com/read']
    # terraform_42580, lgallard_204, lgallard_216, lgallard_445: branding with settings and images
    branding:
      Settings: {{ components: {{ form: {{ borderRadius: 8 }} }} }}
      Assets: {{ has: [{{ Category: FAVICON_ICO, ColorMode: DYNAMIC, Extension: ICO, Bytes: AAAB }}] }}
# amplify_cli_10662: groups beside those that exist; amplify_cli_10365: none of which goes
groups: {{ admins: {{}}, guests: {{ Precedence: 0 }} }}
# terraform_44062: a domain and a change of the pool; terraform_14733: a certificate is changed in place
domains:
  acme: {{ ManagedLoginVersion: 1 }}
  login.example.com: {{ CustomDomainConfig: {{ CertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/two' }} }}
# terraform_47790, lgallard_408: two kinds of logs, one of them in a bucket
logDelivery:
  LogConfigurations:
    - {{ EventSource: userNotification, LogLevel: ERROR, CloudWatchLogsConfiguration: {{ LogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:userNotification' }} }}
    - {{ EventSource: userAuthEvents, LogLevel: INFO, S3Configuration: {{ BucketArn: 'arn:aws:s3:::activity' }} }}
"
    );
    let world = pool(&[], &body);
    world.apply_with(&["--allow", "saml-sign-in-weaker"]).expect(0);
    let made = ["CreateGroup", "CreateResourceServer", "CreateUserPoolDomain"];
    assert_eq!(made_or_removed(&world), made);
    is_as_declared(&world);
    let live = world.live();
    let names = |list: &str, key: &str| {
        let all = live[list].as_array().unwrap().iter();
        all.map(|one| one[key].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("Groups", "GroupName"), ["staff", "admins", "guests"]);
    let mut images =
        live["ManagedLoginBrandings"].as_array().unwrap().iter().filter(|one| one["ClientId"] == WEB);
    assert_eq!(images.next().unwrap()["Assets"].as_array().unwrap().len(), 2);
}

/// A client stops rotating its refresh tokens and allows them again: one request, since Cognito refuses both together.
#[test]
fn terraform_47196_rotation_goes_and_the_refresh_flow_comes_in_one_request() {
    let rotation = json!({"Feature": "ENABLED", "RetryGracePeriodSeconds": 60});
    let rotating = json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": rotation});
    let body = format!(
        "clients: {{ web: {{ id: {WEB}, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH], RefreshTokenRotation: ~ }} }}\n"
    );
    let world = world_with(&[], &[but(web(), rotating)], &body, |_| {});
    world.apply().expect(0);
    assert_eq!(world.calls("UpdateUserPoolClient"), 1);
    is_as_declared(&world);
}

/// What Cognito refuses half-way is refused before the first call.
#[test]
fn what_cognito_refuses_half_way_elsewhere_is_refused_first() {
    let scope = format!("clients: {{ web: {{ id: {WEB}, AllowedOAuthScopes: [openid, Cognito] }} }}\n");
    let bucket = "logDelivery: { LogConfigurations: [{ EventSource: userNotification, LogLevel: ERROR, S3Configuration: { BucketArn: 'arn:aws:s3:::a' } }] }\n";
    let level = bucket.replace("ERROR", "INFO");
    for (thread, body, told) in [
        (
            "cloudformation_user_guide_564: a provider is no scope",
            scope.as_str(),
            "Invalid scope requested: Cognito",
        ),
        (
            "terraform_29508: an empty structure says nothing",
            "riskConfiguration: { RiskExceptionConfiguration: {} }\n",
            "has no effect",
        ),
        ("terraform_47790: messages go to CloudWatch Logs alone", bucket, "userNotification"),
        ("terraform_47790: and only errors", &level, "LogLevel"),
        (
            "coverage_roadmap_1287: a name is one provider",
            "identityProviders: { Okta: { ProviderType: OIDC } }\n",
            "ProviderType",
        ),
    ] {
        let world = pool(&[], body);
        world.called();
        let refused = world.apply();
        assert!(
            [Some(1), Some(3)].contains(&refused.code) && refused.to_string().contains(told),
            "{thread}: {refused}"
        );
        let writes = world
            .called()
            .into_iter()
            .filter(|call| ["Update", "Set", "Create"].iter().any(|verb| call.starts_with(verb)));
        assert_eq!(writes.count(), 0, "{thread}");
    }
}

/// Cognito refuses a role for some minutes after it was made.
#[test]
fn cdkd_2913_a_role_that_was_made_moments_ago_says_to_run_again() {
    let refusal = "UpdateUserPool:error=InvalidSmsRoleTrustRelationshipException/400*1";
    let world = pool(&[refusal], "settings: { PoolName: clients }\n");
    let refused = world.apply().expect(1);
    assert!(refused.to_string().contains("run the command again"), "{refused}");
    world.apply().expect(0);
}

/// Each thread, and the projects' names as tests and comments write them.
const THREADS: [(&[&str], &[u32]); 17] = [
    (&["boto3"], &[1607]),
    (&["coverage_roadmap", "coverage-roadmap"], &[676, 173, 345, 794, 1287, 1855, 1963, 2048]),
    (&["custom_attributes"], &[11]),
    (&["cloudfront-authorization-at-edge"], &[310]),
    (
        &["terraform"],
        &[
            43531, 45646, 47196, 47554, 30433, 19794, 46809, 3753, 4236, 4237, 13582, 5704, 43248, 14733,
            28124, 44062, 5026, 28784, 29508, 41887, 47790, 43550, 42580, 45044, 47084,
        ],
    ),
    (&["pulumi"], &[2868, 3112, 679, 998]),
    (&["community"], &[3027]),
    (&["upjet"], &[1048]),
    (&["cdk"], &[10676, 16123, 15850, 15692, 10062, 25712, 34082]),
    (&["user_guide"], &[564]),
    (&["amplify"], &[7369, 10365, 10662, 12990]),
    (&["cdk-real-drift"], &[961, 1262]),
    (&["lgallard"], &[135, 415, 71, 428, 408, 204, 216, 445]),
    (&["agentcore"], &[424]),
    (&["html-share"], &[3]),
    (&["orbit-workbench"], &[727]),
    (&["cdkd"], &[2080, 2913]),
];

#[test]
fn each_thread_is_named_by_a_story() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/stories");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let texts = files.filter(|file| file.extension().is_some_and(|end| end == "rs"));
    let text: String = texts.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    // The list itself names no thread.
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("(&[")).collect();
    let mut missing = Vec::new();
    for (projects, numbers) in THREADS {
        for number in numbers {
            let number = number.to_string();
            let has_number =
                |line: &str| line.split(|c: char| !c.is_ascii_digit()).any(|word| word == number);
            let names =
                |line: &&&str| projects.iter().any(|project| line.contains(project)) && has_number(line);
            if !lines.iter().any(|line| names(&line)) {
                missing.push(format!("{} {number}", projects[0]));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}
