//! Pools and manifests for the stories.

use std::sync::LazyLock;

use crate::catalogue::{Catalogue, Unknown};
use crate::document::{Json, Snapshot};
use crate::manifest;
use crate::plan::{Options, Plan, PlanReport};
use crate::report::Style;
use crate::rules::{self, Allows, Desired};
use crate::shapes::Shapes;
use serde_json::json;

pub(super) const ID: &str = "eu-west-1_a1B2c3D4E";
pub(super) const NARROW: Style = Style { color: false, unicode: true, width: 80 };
pub(super) const WIDE: Style = Style { color: false, unicode: true, width: 200 };

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Shapes::bundled()));

pub(super) fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

pub(super) fn desired(file: &str, body: &str) -> Desired {
    let text = format!("version: 1\npool: {ID}\n{body}\n");
    let manifest = manifest::load(file, text.as_bytes()).unwrap();
    rules::check(catalogue(), manifest).unwrap().0
}

pub(super) fn live(pool: Json) -> Snapshot {
    Snapshot::of_pool(pool.as_object().cloned().unwrap())
}

pub(super) fn plan(pool: Json, body: &str) -> PlanReport {
    plan_with(pool, body, Unknown::Echo)
}

/// A plan with its documents.
pub(super) fn whole(pool: Json, body: &str) -> Plan {
    Plan::new(catalogue(), live(pool), &desired("pools/customers.yaml", body), &options(Unknown::Echo))
}

pub(super) fn plan_with(pool: Json, body: &str, unknown: Unknown) -> PlanReport {
    Plan::new(catalogue(), live(pool), &desired("pools/customers.yaml", body), &options(unknown)).report
}

/// The options of a plan on the day of these tests.
pub(super) fn options(unknown: Unknown) -> Options {
    Options {
        unknown,
        today: time::macros::date!(2026 - 11 - 23),
        allows: Allows::default(),
        is_strict: false,
    }
}

/// A pool that is as its manifest says.
pub(super) fn idle(name: &str) -> PlanReport {
    let pool = json!({"Name": name, "UserPoolTier": "LITE", "LambdaConfig": {"PreSignUp": "a"}});
    Plan::new(catalogue(), live(pool), &desired(&format!("pools/{name}.yaml"), ""), &options(Unknown::Echo))
        .report
}

pub(super) fn function(name: &str) -> String {
    format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}")
}

/// A mail of 62 lines.
pub(super) fn template(validity: &str) -> String {
    let mut lines: Vec<String> = (1..=62).map(|line| format!("<!-- line {line} -->")).collect();
    lines[39] = "<p>Hello,</p>".to_owned();
    lines[40] = "<p>".to_owned();
    lines[41] = format!("  Your code is {{####}}. It is valid for {validity}.");
    lines[42] = "</p>".to_owned();
    lines.join("\n") + "\n"
}

/// A plan with most of what a plan can show.
pub(super) fn everything() -> PlanReport {
    let pool = json!({
        "Id": ID,
        "Name": "customers",
        "Policies": {"PasswordPolicy": {
            "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
            "RequireNumbers": true, "RequireSymbols": false, "TemporaryPasswordValidityDays": 7,
        }},
        "DeletionProtection": "ACTIVE",
        "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {
            "PreSignUp": function("check"), "PostConfirmation": function("welcome"),
            "NewTrigger": "x",
        },
        "UserPoolTags": {"team": "identity", "stage": "dev", "aws:cloudformation:stack-name": "pools"},
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "first-secret", "SnsRegion": "eu-west-1"},
        "VerificationMessageTemplate": {"EmailMessage": template("24 hours"), "EmailSubject": "Your code", "SmsMessage": "Code {####}"},
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Name": "verified_email", "Priority": 1}, {"Name": "verified_phone_number", "Priority": 2},
        ]},
        "UsernameAttributes": ["email"],
        "MfaConfiguration": "OFF",
        "Newer": {"A": 1},
    });
    let email: String = template("1 hour").lines().map(|line| format!("      {line}\n")).collect();
    let manifest = format!(
        "settings:
  MfaConfiguration: OPTIONAL
  Policies:
    PasswordPolicy:
      MinimumLength: 12
      RequireSymbols: true
  DeletionProtection: null
  AutoVerifiedAttributes: [email, phone_number]
  LambdaConfig:
    PostConfirmation: null
    PreSignUp: {presignup}
    CustomMessage: {message}
  UserPoolTags: {{ cost-center: \"4711\", stage: prod, \"a.b/c\": x }}
  DeviceConfiguration: {{}}
  SmsConfiguration: {{ ExternalId: second-secret }}
  AccountRecoverySetting:
    RecoveryMechanisms:
      - {{ Name: verified_phone_number, Priority: 1 }}
  VerificationMessageTemplate:
    SmsMessage: \"Your code for the customer portal is {{####}}. It is valid for one hour.\"
    EmailMessage: |
{email}",
        presignup = function("check-v2"),
        message = function("message"),
    );
    plan(pool, &manifest)
}

/// The text without the colour codes that this program writes.
pub(super) fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let code =
            after.find('m').filter(|end| after[..*end].chars().all(|c| c.is_ascii_digit() || c == ';'));
        match code {
            Some(end) => rest = &after[end + 1..],
            None => {
                out.push('\u{1b}');
                rest = after;
            }
        }
    }
    out + rest
}
