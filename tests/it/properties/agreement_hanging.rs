//! The same of what hangs on an app client: for every document of a set, what the sandbox refuses a rule has named, and
//! what a rule names that poolctl knows for sure the sandbox refuses.

use std::collections::BTreeSet;

use poolctl::document::{Document, DocumentId, Json, Object};
use poolctl::manifest;
use poolctl::plan::Plan;
use poolctl::rules::{self, cross};
use serde_json::json;

use super::agreement::Stage;
use super::stage::accepting;

/// A kind of document, and the call that sends a new one.
struct Kind {
    key: &'static str,
    id: DocumentId,
    call: &'static str,
    /// What the call needs beside the document.
    address: &'static [(&'static str, &'static str)],
    /// Whether each client has one, which may be empty.
    is_always: bool,
}

const TERMS: &[(&str, &str)] = &[("TermsSource", "LINK"), ("Enforcement", "NONE")];

/// What the rules name of a document of an app client in a pool with these members; and the sandbox's answer to the same
/// document. `None` if it changes nothing.
fn meet(
    stage: &Stage,
    number: usize,
    pool: &Json,
    (kind, document): (&Kind, &Json),
) -> Option<(Vec<&'static cross::Rule>, Result<Json, String>)> {
    let id = format!("eu-west-1_Hang{number}");
    let client = json!({"ClientId": "1web", "ClientName": "web", "UserPoolId": id});
    let mut members = pool.clone();
    members["Id"] = json!(id);
    members["Name"] = json!("customers");
    let file = json!({"UserPool": members, "MfaConfig": {}, "UserPoolClients": [client]});
    std::fs::write(stage.file(&id), file.to_string()).unwrap();
    let web = |value: Json| Document::from(value.as_object().cloned().unwrap());
    let nothing = if kind.is_always { Some(Document::default()) } else { None };
    let live = stage.read(&id);
    let live =
        live.with(DocumentId::CLIENTS, Some(web(json!({"web": {"ClientId": "1web", "ClientName": "web"}}))));
    let live = live.with(DocumentId::CLIENTS.labelled("web"), Some(web(client)));
    let terms = [DocumentId::TERMS_OF_USE, DocumentId::PRIVACY_POLICY].map(|id| id.labelled("web"));
    let live = terms.into_iter().fold(live, |live, id| live.with(id, None));
    let live = live.with(kind.id.labelled("web"), nothing);
    let text =
        format!("version: 1\npool: {id}\nclients: {{ web: {{ id: 1web, {}: {document} }} }}\n", kind.key);
    let loaded = manifest::load("pool.yaml", text.as_bytes()).unwrap();
    let (desired, _) =
        rules::check(&stage.catalogue, loaded).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let plan = Plan::new(&stage.catalogue, live, &desired, &accepting());
    if plan.report.changes.is_empty() {
        return None;
    }
    let found: BTreeSet<&str> = plan.report.findings.iter().map(|finding| &*finding.code).collect();
    let named = cross::all().filter(|rule| found.contains(rule.code) && is_about(rule, kind)).collect();
    let mut body = json!({"UserPoolId": id, "ClientId": "1web"});
    let address = kind.address.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
    let own = document.as_object().cloned().unwrap();
    body.as_object_mut().unwrap().extend(address.chain(own).collect::<Object>());
    Some((named, stage.call(kind.call, &body)))
}

fn is_about(rule: &cross::Rule, kind: &Kind) -> bool {
    rule.about[0].starts_with(&format!("clients.*.{}", kind.key))
}

/// Meets every document in every pool, and compares.
fn agree(kind: &Kind, documents: &[Json], pools: &[Json]) {
    let stage = Stage::new();
    let (mut spoken, mut taken, mut number) = (BTreeSet::new(), 0, 0);
    for document in documents {
        for pool in pools {
            number += 1;
            let Some((named, answer)) = meet(&stage, number, pool, (kind, document)) else { continue };
            let context = || {
                let codes: Vec<&str> = named.iter().map(|rule| rule.code).collect();
                format!("{document} in {pool}: {answer:?}, and {codes:?}")
            };
            // What Cognito takes, or may take, and what must not come to it: no answer tells anything of these.
            let is_refusal = |rule: &&&cross::Rule| rule.exception.is_some() && !rule.harms;
            let refusals: Vec<&&cross::Rule> = named.iter().filter(is_refusal).collect();
            let is_sure = |rule: &&&cross::Rule| rule.refuses();
            assert!(answer.is_ok() || !refusals.is_empty(), "no rule: {}", context());
            assert!(answer.is_err() || !refusals.iter().any(is_sure), "no refusal: {}", context());
            taken += usize::from(answer.is_ok());
            spoken.extend(named.iter().map(|rule| rule.code));
        }
    }
    assert!(taken > 0, "nothing is taken");
    let silent = cross::all().filter(|rule| is_about(rule, kind) && !spoken.contains(rule.code));
    assert_eq!(silent.map(|rule| rule.code).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn the_sandbox_refuses_exactly_the_branding_that_a_rule_names() {
    let kind = Kind {
        key: "branding",
        id: DocumentId::BRANDING,
        call: "CreateManagedLoginBranding",
        address: &[],
        is_always: false,
    };
    let image = |category: &str, extension: &str, content: Json| {
        let mut image = json!({"Category": category, "ColorMode": "LIGHT", "Extension": extension});
        image.as_object_mut().unwrap().extend(content.as_object().cloned().unwrap());
        image
    };
    let bytes = || json!({"Bytes": "AAAA"});
    let images = [
        json!([]),
        json!([image("FORM_LOGO", "PNG", bytes())]),
        json!([image("FORM_LOGO", "PNG", json!({"ResourceId": "a"}))]),
        json!([image("FORM_LOGO", "PNG", json!({}))]),
        json!([image("FORM_LOGO", "ICO", bytes())]),
        json!([image("FAVICON_ICO", "ICO", bytes())]),
        json!([image("FORM_LOGO", "PNG", bytes()), image("FORM_LOGO", "SVG", bytes())]),
        json!([image("FORM_LOGO", "PNG", bytes()), image("PAGE_HEADER_LOGO", "PNG", bytes())]),
    ];
    let sources = [
        json!({}),
        json!({"UseCognitoProvidedValues": true}),
        json!({"UseCognitoProvidedValues": false}),
        json!({"Settings": {"a": 1}}),
        json!({"UseCognitoProvidedValues": false, "Settings": {"a": 1}}),
        json!({"UseCognitoProvidedValues": true, "Settings": {"a": 1}}),
    ];
    let with = |source: &Json, images: &Json| {
        let mut document = source.clone();
        document["Assets"] = images.clone();
        document
    };
    let documents: Vec<Json> =
        sources.iter().flat_map(|source| images.iter().map(|images| with(source, images))).collect();
    agree(&kind, &documents, &[json!({})]);
}

#[test]
fn the_sandbox_refuses_exactly_the_terms_that_a_rule_names() {
    let links = |language: &str| json!({"Links": {language: "https://example.com/terms"}});
    let script = json!({"Links": {"cognito:default": "javascript:alert(1)"}});
    let documents = [links("cognito:default"), links("cognito:french"), script, json!({})];
    for (key, id, name) in [
        ("termsOfUse", DocumentId::TERMS_OF_USE, ("TermsName", "terms-of-use")),
        ("privacyPolicy", DocumentId::PRIVACY_POLICY, ("TermsName", "privacy-policy")),
    ] {
        let address: Vec<(&str, &str)> = TERMS.iter().copied().chain([name]).collect();
        let address = Box::leak(address.into_boxed_slice());
        let kind = Kind { key, id, call: "CreateTerms", address, is_always: false };
        agree(&kind, &documents, &[json!({})]);
    }
}

#[test]
fn the_sandbox_refuses_exactly_the_sessions_of_a_client_that_a_rule_names() {
    let kind = Kind {
        key: "sessionConfiguration",
        id: DocumentId::CLIENT_SESSIONS,
        call: "SetUserPoolClientSessionConfiguration",
        address: &[],
        is_always: true,
    };
    let documents = [0, 5, 60, 129_600].map(|minutes| json!({"SSOSession": {"MaxValidityMinutes": minutes}}));
    let pools = ["LITE", "ESSENTIALS", "PLUS"].map(|tier| json!({"UserPoolTier": tier}));
    agree(&kind, &documents, &pools);
}

#[test]
fn the_sandbox_refuses_exactly_the_risk_configuration_of_a_client_that_a_rule_names() {
    let kind = Kind {
        key: "riskConfiguration",
        id: DocumentId::CLIENT_RISK,
        call: "SetRiskConfiguration",
        address: &[],
        is_always: true,
    };
    let sender = |region: &str| {
        let arn = format!("arn:aws:ses:{region}:111122223333:identity/example.com");
        let high = json!({"Notify": true, "EventAction": "BLOCK"});
        json!({"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": arn}, "Actions": {"HighAction": high}}})
    };
    let range = |list: &str, range: &str| json!({"RiskExceptionConfiguration": {list: [range]}});
    let documents = [
        sender("eu-west-1"),
        sender("eu-central-1"),
        range("BlockedIPRangeList", "192.0.2.0/24"),
        range("SkippedIPRangeList", "2001:db8::/129"),
        range("BlockedIPRangeList", "192.0.2.7"),
        json!({"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}}),
    ];
    let pools = ["OFF", "AUDIT", "ENFORCED"]
        .map(|mode| json!({"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": mode}}));
    agree(&kind, &documents, &pools);
}

#[test]
fn the_sandbox_refuses_exactly_the_customizations_of_a_client_that_a_rule_names() {
    let kind = Kind {
        key: "uiCustomization",
        id: DocumentId::CLIENT_UI,
        call: "SetUICustomization",
        address: &[],
        is_always: true,
    };
    let css = |class: &str| json!({"CSS": format!(".{class} {{ max-width: 1.5em }}")});
    let image = |kilobytes: usize| json!({"ImageFile": "AAAA".repeat(kilobytes * 1024 / 3 - 1)});
    let documents = [css("banner-customizable"), css("banner"), image(99), image(101)];
    agree(&kind, &documents, &[json!({}), json!({"Domain": "acme"})]);
}
