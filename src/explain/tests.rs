use super::codes::CODES;
use super::{Page, PagePart, explain, index, topics};
use crate::catalogue::{Catalogue, Sign};
use crate::manifest::{Diagnostic, load};
use crate::rules::check;
use crate::shapes::Shapes;

fn catalogue() -> Catalogue {
    Catalogue::new(Shapes::bundled())
}

fn page(topic: &str) -> Page {
    explain(&catalogue(), topic).unwrap().remove(0)
}

/// What a page says under this word.
fn said(topic: &str, label: &str) -> String {
    let facts = page(topic).parts.into_iter().filter_map(|part| match part {
        PagePart::Facts(facts) => Some(facts),
        _ => None,
    });
    facts
        .flatten()
        .filter(|fact| fact.label == label)
        .flat_map(|fact| fact.texts)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The names in a page's table of this title.
fn names(topic: &str, title: &str) -> Vec<String> {
    let tables = page(topic).parts.into_iter().filter_map(|part| match part {
        PagePart::Table(of, rows) if of == title => Some(rows),
        _ => None,
    });
    tables.flatten().map(|(name, _)| name).collect()
}

#[test]
fn every_name_has_a_page_that_says_something_in_sentences() {
    let catalogue = catalogue();
    for topic in topics(&catalogue) {
        for page in explain(&catalogue, &topic).unwrap_or_else(|miss| panic!("{topic}: {miss:?}")) {
            assert!(
                page.title == topic || page.title == format!("rule:{topic}"),
                "{} for {topic}",
                page.title
            );
            assert!(!page.kind.is_empty() && !page.lead.is_empty(), "{topic}");
            assert!(page.lead.iter().all(|sentence| sentence.ends_with('.')), "{topic}: {:?}", page.lead);
        }
    }
}

#[test]
fn a_setting_is_told_from_its_shape_and_its_row() {
    for (topic, label, expected) in [
        ("Policies.PasswordPolicy.MinimumLength", "Type", "a whole number, 6 to 99"),
        ("Policies.PasswordPolicy.MinimumLength", "Default", "`8` if absent, and Cognito returns it"),
        (
            "Policies.PasswordPolicy.RequireSymbols",
            "Filled in",
            "with `false` if `Policies.PasswordPolicy` is sent without this setting; with `true` if `Policies.PasswordPolicy` was never sent",
        ),
        ("Policies.PasswordPolicy.TemporaryPasswordValidityDays", "Filled in", "Cognito returns `0` as `7`"),
        (
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
            "Also named",
            "`AdminCreateUserConfig.UnusedAccountValidityDays` (older name; Cognito keeps both equal)",
        ),
        ("EmailConfiguration.EmailSendingAccount", "Filled in", ""),
        ("UserPoolAddOns.AdvancedSecurityMode", "Default", "`OFF` if absent"),
        (
            "UserPoolAddOns.AdvancedSecurityMode",
            "Required",
            "`UserPoolAddOns` cannot be sent without this setting",
        ),
        ("LambdaConfig.PreSignUp", "null", "resets the setting: leaves it out of `LambdaConfig`"),
        ("DeviceConfiguration", "null", "resets the setting: leaves it out of the request"),
        ("DeviceConfiguration", "{}", "means: device remembering is on; existing members stay"),
        ("AccountRecoverySetting", "{}", "means: the legacy recovery: SMS before e-mail"),
        ("SmsConfiguration", "null", "is a conflict: Cognito has no call that removes a pool's SMS sender"),
        ("SmsConfiguration.SnsRegion", "null", "resets the setting: sends the pool's Region"),
        ("UserPoolTags.team", "null", "removes the key"),
        ("SmsVerificationMessage", "null", "as for `VerificationMessageTemplate.SmsMessage`"),
        (
            "AccountRecoverySetting.RecoveryMechanisms[].Priority",
            "null",
            "is an error: declare the whole list instead",
        ),
        ("AutoVerifiedAttributes", "Compared", "as a set: order and duplicates do not matter"),
        (
            "AccountRecoverySetting.RecoveryMechanisms",
            "Compared",
            "element by element, identified by `Name`, in the order of `Priority`",
        ),
        ("Schema[].StringAttributeConstraints.MaxLength", "Compared", "as a number, although it is a text"),
        ("SmsConfiguration.ExternalId", "Secret", "the value is never shown"),
        ("LambdaConfig.CustomSMSSender.LambdaVersion", "Type", "`V1_0` (the only value)"),
        ("AcrConfiguration", "Type", "a map from text that matches `Level[1-4]` to structures"),
        ("PoolName", "Also named", "`Name` (in responses of DescribeUserPool)"),
        ("UserPoolTier", "Evidence", "measured on the live service (published)"),
        ("PoolName", "Deprecated", ""),
        ("clients.*.ClientSecret", "Drift", "never: no read has the setting"),
    ] {
        assert_eq!(said(topic, label), expected, "{topic}: {label}");
    }
    assert!(
        said("UsernameConfiguration", "Changed")
            .starts_with("never: the setting is fixed when a pool is created")
    );
    assert!(said("Schema[].Mutable", "Changed").starts_with("by AddCustomAttributes"));
    assert!(said("SoftwareTokenMfaConfiguration.Enabled", "Changed").starts_with("by SetUserPoolMfaConfig"));
}

#[test]
fn a_setting_names_the_risks_that_its_change_can_carry_and_no_others() {
    let risks = |topic: &str| names(topic, "Risks and notices of a change");
    for (topic, expected) in [
        ("Policies.PasswordPolicy.MinimumLength", &["password-policy-weaker"] as &[&str]),
        ("LambdaConfig.PreSignUp", &["trigger-removal", "trigger-added"]),
        ("LambdaConfig.UserMigration", &["user-migration-added", "trigger-removal"]),
        ("LambdaConfig.KMSKeyID", &[]),
        ("LambdaConfig.CustomSMSSender.LambdaVersion", &[]),
        ("DcrConfiguration.EnableStatus", &["dcr-opened"]),
        ("AccountRecoverySetting.RecoveryMechanisms[].Priority", &["recovery-weaker"]),
        ("UserPoolTags.team", &["tag-removal"]),
        ("UserPoolTier", &["tier-downgrade", "tier-upgrade-cost"]),
        ("EmailMfaConfiguration.Subject", &[]),
    ] {
        assert_eq!(risks(topic), expected, "{topic}");
    }
    assert_eq!(names("UserPoolTags.team", "Rules, and when they are broken"), ["tag-limit"]);
    assert_eq!(
        names("EmailConfiguration.From", "Rules, and when they are broken"),
        ["from-on-built-in-sender", "email-address"]
    );
}

#[test]
fn every_risk_of_a_change_is_named_by_a_setting() {
    let catalogue = catalogue();
    let settings = catalogue.patterns();
    let named: Vec<String> =
        settings.iter().flat_map(|topic| names(topic, "Risks and notices of a change")).collect();
    for risk in Catalogue::risks() {
        let told = named.iter().any(|name| name == risk.code);
        let of_pools = risk.signs.iter().all(|sign| matches!(sign, Sign::OfPool(_)));
        let of_requests = ["member-omitted", "mfa-gap", "mfa-documents-differ"].contains(&risk.code);
        assert_eq!(told, !of_requests && !of_pools, "{}", risk.code);
    }
}

/// Without a label or an end, an entry accepts every later removal.
#[test]
fn an_example_of_a_risk_about_documents_with_labels_names_one_and_ends() {
    for (topic, path) in [
        ("client-removal", "clients.NAME"),
        ("group-removal", "groups.NAME"),
        ("provider-removal", "identityProviders.NAME"),
        ("domain-removal", "domains.NAME"),
        ("branding-removal", "clients.NAME.branding"),
    ] {
        let pages = explain(&catalogue(), topic).unwrap();
        let example = pages[0].parts.iter().find_map(|part| match part {
            PagePart::Example(_, example) => Some(example.as_str()),
            _ => None,
        });
        let expected = format!("    path: {path}\n    reason: why this is acceptable\n    until: 2030-01-31");
        assert!(example.unwrap().ends_with(&expected), "{topic}: {example:?}");
    }
}

#[test]
fn a_slip_is_told_what_was_meant() {
    for (topic, help) in [
        ("Name", "run `poolctl explain PoolName`"),
        ("minimumlength", "did you mean `Policies.PasswordPolicy.MinimumLength`?"),
        ("LambdaConfig.PreSignup", "did you mean `LambdaConfig.PreSignUp`?"),
        ("Polices.PasswordPolicy", "did you mean `Policies.PasswordPolicy`?"),
        ("LambdaConfig.Zebra", "run `poolctl explain LambdaConfig` to list its members"),
        ("clients.web.brandin", "did you mean `clients.*.branding`?"),
        ("clients.web.branding.Setings", "did you mean `clients.*.branding.Settings`?"),
        ("groups.admins.Presedence", "did you mean `groups.*.Precedence`?"),
        ("MFA", "did you mean one of these: `MfaConfiguration`, `mfa-gap`?"),
        ("trigger-remove", "did you mean `trigger-removal`?"),
        ("rule:mfa-with-otp", "did you mean `mfa-with-otp-sign-in`?"),
        ("rule:trigger-removal", "did you mean `trigger-removal`?"),
        ("Arn", "run `poolctl explain` to list all settings and codes"),
        ("Zebra", "run `poolctl explain` to list all settings and codes"),
        ("A[", "run `poolctl explain` to list all settings and codes"),
        ("", "run `poolctl explain` to list all settings and codes"),
    ] {
        assert_eq!(explain(&catalogue(), topic).unwrap_err().help, help, "{topic}");
    }
}

#[test]
fn a_setting_is_found_by_the_end_of_its_path_where_no_other_ends_so() {
    for topic in ["MinimumLength", "PasswordPolicy.MinimumLength", "Policies.PasswordPolicy.MinimumLength"] {
        let pages = explain(&catalogue(), topic).unwrap();
        assert_eq!(pages[0].title, "Policies.PasswordPolicy.MinimumLength", "{topic}");
    }
    for topic in ["clients.branding", "clients.*.branding"] {
        assert_eq!(explain(&catalogue(), topic).unwrap()[0].title, "clients.*.branding", "{topic}");
    }
    assert_eq!(page("clients.web.branding").title, "clients.web.branding");
    let miss = explain(&catalogue(), "EmailSubject").unwrap_err();
    assert_eq!(miss.text, "several settings end with `EmailSubject`");
    assert_eq!(
        miss.help,
        "name one of them: `VerificationMessageTemplate.EmailSubject`, \
         `AdminCreateUserConfig.InviteMessageTemplate.EmailSubject`"
    );
}

#[test]
fn the_index_names_every_setting_at_the_top_and_every_code() {
    let catalogue = catalogue();
    let named: Vec<String> = index(&catalogue)
        .parts
        .into_iter()
        .flat_map(|part| match part {
            PagePart::Table(_, rows) => rows.into_iter().map(|(name, _)| name).collect(),
            PagePart::Names(_, names) => names,
            PagePart::Facts(_) | PagePart::Example(..) => Vec::new(),
        })
        .collect();
    for topic in topics(&catalogue).iter().filter(|topic| !topic.contains(['.', '['])) {
        assert!(named.contains(topic), "{topic}");
    }
}

#[test]
fn a_member_that_is_newer_than_the_sentences_has_a_page_all_the_same() {
    let model = include_str!("../../schemas/cognito-idp.json");
    let mut model: serde_json::Value = serde_json::from_str(model).unwrap();
    model["shapes"]["LambdaConfigType"]["members"]["RiskScoring"] = "CustomSMSLambdaVersionConfigType".into();
    let catalogue = Catalogue::new(Shapes::parse(model.to_string().as_bytes()).unwrap());
    let page = explain(&catalogue, "LambdaConfig.RiskScoring").unwrap().remove(0);
    assert_eq!(page.lead, ["Newer than this version of poolctl, which has no description of it."]);
}

#[test]
fn an_example_of_a_mistake_makes_it_and_all_others_make_none() {
    let catalogue = catalogue();
    for code in CODES.iter().filter(|code| !code.example.is_empty()) {
        let text = format!("version: 1\npool: eu-west-1_a\n{}\n", code.example);
        let checked = load("m.yaml", text.as_bytes()).and_then(|manifest| check(&catalogue, manifest));
        let found = checked.map_or_else(|findings| findings, |(_, warnings)| warnings);
        let codes: Vec<&str> = found.iter().map(|finding: &Diagnostic| &*finding.code).collect();
        // The file that it extends is not there.
        let is_mistake = code.is_wrong || code.code == "extends";
        assert_eq!(codes, if is_mistake { vec![code.code] } else { Vec::new() }, "{}", code.example);
    }
}

#[test]
fn no_code_has_two_pages_of_one_kind() {
    for (position, code) in CODES.iter().enumerate() {
        let again = |other: &&super::codes::CodeText| {
            other.code == code.code && other.of.is_of_plans() == code.of.is_of_plans()
        };
        assert!(!CODES[..position].iter().any(|other| again(&other)), "{}", code.code);
    }
}
