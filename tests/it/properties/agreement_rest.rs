//! The same of domains, threat protection, sessions and the classic UI: for every document of a set, what the sandbox refuses a rule has
//! named, and what a rule names the sandbox refuses.

use std::collections::BTreeSet;

use poolctl::document::{Document, DocumentId, Json, Object, Snapshot};
use poolctl::rules::cross;
use serde_json::json;

use super::agreement::Stage;

/// A pool of this tier and with this mode of threat protection, under the id that this number gives.
fn pool(stage: &Stage, number: usize, tier: &str, mode: &str) -> (String, Snapshot) {
    pool_with(stage, number, json!({"UserPoolTier": tier, "UserPoolAddOns": {"AdvancedSecurityMode": mode}}))
}

/// A pool with these members, under the id that this number gives.
fn pool_with(stage: &Stage, number: usize, mut members: Json) -> (String, Snapshot) {
    let id = format!("eu-west-1_Rest{number}");
    members["Id"] = json!(id);
    members["Name"] = json!("customers");
    let pool = json!({"UserPool": members, "MfaConfig": {}});
    std::fs::write(stage.file(&id), pool.to_string()).unwrap();
    let live = stage.read(&id);
    (id, live)
}

/// What the rules name of a manifest, and the sandbox's answer to the call of its plan.
fn meet(
    stage: &Stage,
    id: &str,
    live: Snapshot,
    body: &str,
) -> (BTreeSet<&'static str>, Result<Json, String>) {
    let text = format!("version: 1\npool: {id}\n{body}");
    stage.meet(live, &text, cross::all().map(|rule| rule.code)).unwrap()
}

/// The rules about a branch that no case has met.
fn silent(branch: &str, spoken: &BTreeSet<&'static str>) -> Vec<&'static str> {
    let about = |rule: &&cross::Rule| rule.about[0].starts_with(branch);
    cross::all().filter(about).map(|rule| rule.code).filter(|code| !spoken.contains(code)).collect()
}

fn domains() -> Vec<(&'static str, Json)> {
    let certificate =
        |region: &str| json!({"CertificateArn": format!("arn:aws:acm:{region}:111122223333:certificate/a")});
    let configs = [None, Some(certificate("us-east-1")), Some(certificate("eu-west-1"))];
    let mut all = Vec::new();
    for name in ["acme-N", "acme-aws-N", "awsome-N", "login.N.example.com"] {
        for version in [None, Some(1), Some(2)] {
            for config in &configs {
                let mut members = Object::new();
                members.extend(version.map(|version| ("ManagedLoginVersion".to_owned(), json!(version))));
                members.extend(config.clone().map(|config| ("CustomDomainConfig".to_owned(), config)));
                all.push((name, Json::Object(members)));
            }
        }
    }
    all
}

#[test]
fn the_sandbox_refuses_exactly_the_domains_that_a_rule_names() {
    let stage = Stage::new();
    let (mut spoken, mut made) = (BTreeSet::new(), 0);
    for (nth, (name, members)) in domains().into_iter().enumerate() {
        for (tier_nth, tier) in ["LITE", "ESSENTIALS"].into_iter().enumerate() {
            let number = nth * 2 + tier_nth;
            let (id, live) = pool(&stage, number, tier, "OFF");
            let live = live.with(DocumentId::DOMAINS, Some(Document::default()));
            let name = name.replace('N', &number.to_string());
            let (named, answer) = meet(&stage, &id, live, &format!("domains: {{ {name}: {members} }}\n"));
            assert_eq!(answer.is_err(), !named.is_empty(), "{name}: {members}: {answer:?}, and {named:?}");
            made += usize::from(answer.is_ok());
            spoken.extend(named);
        }
    }
    assert!(made > 5, "only {made}");
    assert_eq!(silent("domains.", &spoken), [""; 0]);
}

#[test]
fn the_sandbox_refuses_exactly_the_risk_configuration_that_a_rule_names() {
    let stage = Stage::new();
    let mut spoken = BTreeSet::new();
    let sender = |region: &str| {
        let arn = format!("arn:aws:ses:{region}:111122223333:identity/example.com");
        let high = json!({"Notify": true, "EventAction": "BLOCK"});
        json!({"AccountTakeoverRiskConfiguration": {"NotifyConfiguration": {"SourceArn": arn}, "Actions": {"HighAction": high}}})
    };
    let range = |list: &str, range: &str| json!({"RiskExceptionConfiguration": {list: [range]}});
    let documents = [
        sender("eu-west-1"),
        sender("us-west-2"),
        sender("eu-central-1"),
        range("BlockedIPRangeList", "192.0.2.0/24"),
        range("BlockedIPRangeList", "192.0.2.7"),
        range("SkippedIPRangeList", "2001:db8::/32"),
        range("SkippedIPRangeList", "2001:db8::/129"),
        range("SkippedIPRangeList", "192.0.2.0/33"),
        range("SkippedIPRangeList", "example.com/24"),
    ];
    for (nth, document) in documents.iter().enumerate() {
        for (mode_nth, mode) in ["OFF", "ENFORCED"].into_iter().enumerate() {
            let (id, live) = pool(&stage, nth * 2 + mode_nth, "PLUS", mode);
            let live = live.with(DocumentId::RISK, Some(Document::default()));
            let (named, answer) = meet(&stage, &id, live, &format!("riskConfiguration: {document}\n"));
            assert_eq!(answer.is_err(), !named.is_empty(), "{mode}: {document}: {answer:?}, and {named:?}");
            spoken.extend(named);
        }
    }
    assert_eq!(silent("riskConfiguration", &spoken), [""; 0]);
}

#[test]
fn the_sandbox_refuses_exactly_the_sessions_that_a_rule_names() {
    let stage = Stage::new();
    let mut spoken = BTreeSet::new();
    for (nth, tier) in ["LITE", "ESSENTIALS", "PLUS"].into_iter().enumerate() {
        for (tracking_nth, tracking) in ["ENABLED", "DISABLED"].into_iter().enumerate() {
            let (id, live) = pool(&stage, nth * 2 + tracking_nth, tier, "OFF");
            let read = json!({"UserSessionTracking": "DISABLED", "TokenSession": {"MaxPerUser": 20}});
            let live = live.with(DocumentId::SESSIONS, Some(read.as_object().cloned().unwrap().into()));
            let body = json!({"UserSessionTracking": tracking, "TokenSession": {"MaxPerUser": 7}});
            let (named, answer) = meet(&stage, &id, live, &format!("sessionConfiguration: {body}\n"));
            assert_eq!(answer.is_err(), !named.is_empty(), "{tier}: {tracking}: {answer:?}, and {named:?}");
            spoken.extend(named);
        }
    }
    assert_eq!(silent("sessionConfiguration", &spoken), [""; 0]);
}

#[test]
fn the_sandbox_refuses_exactly_the_customizations_of_the_ui_that_a_rule_names() {
    let stage = Stage::new();
    let mut spoken = BTreeSet::new();
    let css = |class: &str| json!({"CSS": format!(".{class} {{ max-width: 1.5em }} /* .note */")});
    let image = |kilobytes: usize| json!({"ImageFile": "AAAA".repeat(kilobytes * 1024 / 3 - 1)});
    let both = |kilobytes: usize| {
        let mut both = image(99);
        both["CSS"] = json!(" ".repeat(kilobytes << 10));
        both
    };
    let documents = [
        css("banner-customizable"),
        css("submitButton-customizable:hover"),
        css("banner"),
        image(99),
        image(101),
        both(2),
        both(4),
    ];
    for (nth, document) in documents.iter().enumerate() {
        for (domain_nth, domain) in [json!({}), json!({"Domain": "acme"})].into_iter().enumerate() {
            let (id, live) = pool_with(&stage, nth * 2 + domain_nth, domain.clone());
            let live = live.with(DocumentId::UI_CUSTOMIZATION, Some(Document::default()));
            let (named, answer) = meet(&stage, &id, live, &format!("uiCustomization: {document}\n"));
            assert_eq!(answer.is_err(), !named.is_empty(), "{nth}, {domain:?}: {answer:?}, and {named:?}");
            spoken.extend(named);
        }
    }
    assert_eq!(silent("uiCustomization", &spoken), [""; 0]);
}
