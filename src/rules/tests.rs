//! The mistakes of a manifest about settings, and their messages.

use crate::catalogue::Catalogue;
use crate::manifest::{self, Diagnostic, Severity};
use crate::rules::{Desired, check};
use crate::shapes::Shapes;

fn checked(body: &str) -> Result<(Desired, Vec<Diagnostic>), Vec<Diagnostic>> {
    let text = format!("version: 1\npool: eu-west-1_a\n{body}\n");
    check(&Catalogue::new(Shapes::bundled()), manifest::load("m.yaml", text.as_bytes()).unwrap())
}

/// The findings as `code @ offending text: help`.
fn findings(body: &str) -> Vec<String> {
    let findings = checked(body).map_or_else(|findings| findings, |(_, warnings)| warnings);
    let line = |finding: &Diagnostic| {
        let (origin, _) = finding.label.as_ref().unwrap();
        format!("{} @ {}: {}", finding.code, origin.text(), finding.help.as_deref().unwrap_or("-"))
    };
    findings.iter().map(line).collect()
}

fn wants(body: &str) -> Vec<String> {
    let (desired, _) = checked(body).unwrap();
    let show = |value: &Option<crate::document::Json>| {
        value.as_ref().map_or("default".to_owned(), ToString::to_string)
    };
    desired.wants.iter().map(|want| format!("{} = {}", want.path, show(&want.value))).collect()
}

#[test]
fn words_that_yaml_1_1_misreads_are_what_they_look_like() {
    assert_eq!(
        wants(
            "settings: { MfaConfiguration: ON, UserPoolTags: { on: yes, n: 1_000 }, SmsConfiguration: { ExternalId: 1:20 } }"
        ),
        [
            r#"MfaConfiguration = "ON""#,
            r#"UserPoolTags.on = "yes""#,
            r#"UserPoolTags.n = "1_000""#,
            r#"SmsConfiguration.ExternalId = "1:20""#,
        ]
    );
}

#[test]
fn an_attributes_name_is_as_long_with_its_prefix_as_without() {
    let name = "a".repeat(20);
    assert!(
        checked(&format!(
            "settings: {{ Schema: [{{ Name: 'custom:{name}' }}, {{ Name: 'dev:custom:b' }}] }}"
        ))
        .is_ok()
    );
}

#[test]
fn null_is_cognitos_default_and_a_list_is_wanted_whole() {
    assert_eq!(
        wants(
            "settings: { LambdaConfig: ~, AutoVerifiedAttributes: [], UserPoolTags: { old: null }, DeviceConfiguration: {} }"
        ),
        [
            "LambdaConfig = default",
            "AutoVerifiedAttributes = []",
            "UserPoolTags.old = default",
            "DeviceConfiguration = {}"
        ]
    );
}

#[test]
fn each_mistake_is_named_at_its_place_with_its_remedy() {
    for (settings, expected) in [
        ("UserPoolTags: { port: 8080 }", r#"quote @ 8080: put it in quotes: "8080""#),
        ("UserPoolTags: { live: true }", r#"quote @ true: put it in quotes: "true""#),
        ("UserPoolTags: { version: 1.10 }", r#"quote @ 1.10: put it in quotes: "1.10""#),
        ("UserPoolTags: { mask: 0x1F }", r#"quote @ 0x1F: put it in quotes: "0x1F""#),
        ("UserPoolTags: { cost: 0123 }", r#"quote @ 0123: put it in quotes: "0123""#),
        ("SmsConfiguration: { ExternalId: 0123 }", "quote @ 0123: put it in quotes"),
        (
            "MfaConfiguration: true",
            r#"quote @ true: write `"ON"`, in quotes; the allowed values are OFF, ON, OPTIONAL"#,
        ),
        (
            "UserPoolAddOns: { AdvancedSecurityMode: false }",
            r#"quote @ false: write `"OFF"`, in quotes; the allowed values are OFF, AUDIT, ENFORCED"#,
        ),
        ("UserPoolTier: 1", "quote @ 1: write one of the allowed values: LITE, ESSENTIALS, PLUS"),
        (
            "LambdaConfig: { PreSignUp: 12 }",
            "quote @ 12: write an ARN: `arn:aws:<service>:<region>:<account>:<name>`",
        ),
        (
            "MfaConfiguration: optional",
            "enum @ optional: did you mean `OPTIONAL`? The allowed values are OFF, ON, OPTIONAL",
        ),
        ("DeletionProtection: yes", "enum @ yes: write one of the allowed values: ACTIVE, INACTIVE"),
        ("Policies: { PasswordPolicy: { RequireSymbols: yes } }", "type @ yes: write `true`"),
        ("Policies: { PasswordPolicy: { RequireSymbols: 'true' } }", "type @ 'true': write `true`"),
        ("Policies: { PasswordPolicy: { MinimumLength: 5 } }", "range @ 5: write a number from 6 to 99"),
        (
            "Policies: { PasswordPolicy: { MinimumLength: 8.5 } }",
            "type @ 8.5: write a whole number from 6 to 99",
        ),
        ("Policies: { PasswordPolicy: { MinimumLength: '12' } }", "type @ '12': write `12`, without quotes"),
        (
            "Policies: { PasswordPolicy: { MinimumLength: 0x10 } }",
            "type @ 0x10: write a decimal number from 6 to 99",
        ),
        (
            "Policies: { PasswordPolicy: { MinimunLength: 8 } }",
            "unknown-setting @ MinimunLength: did you mean `MinimumLength`?",
        ),
        ("Policis: {}", "unknown-setting @ Policis: did you mean `Policies`?"),
        (
            "Zebra: 1",
            "unknown-setting @ Zebra: correct the name, or move it to `passthrough` if it is newer than this poolctl",
        ),
        (
            "LambdaConfig: { PreSignUp: check-domain }",
            "pattern @ check-domain: write a value like `arn:aws:lambda:eu-west-1:111122223333:function:example`",
        ),
        (
            "LambdaConfig: { PreSignUp: my-check-domain-function }",
            "pattern @ my-check-domain-function: write a value like `arn:aws:lambda:eu-west-1:111122223333:function:example`",
        ),
        (
            "VerificationMessageTemplate: { EmailMessage: your code }",
            "pattern @ your code: write a value like `Your code is {####}.`",
        ),
        (
            "AutoVerifiedAttributes: email",
            "type @ email: write the elements in `[ ]`, or one per line after `- `",
        ),
        (
            "AutoVerifiedAttributes: [e-mail]",
            "enum @ e-mail: did you mean `email`? The allowed values are phone_number, email",
        ),
        ("AutoVerifiedAttributes: [email, email]", "duplicate-element @ email: keep one of the two"),
        ("AutoVerifiedAttributes: [~]", "blank @ ~: write a value, or delete the element"),
        (
            "Policies: { SignInPolicy: { AllowedFirstAuthFactors: [] } }",
            "range @ [: write at least 1 element",
        ),
        ("DeletionProtection: [ACTIVE]", "type @ [: write one value: `DeletionProtection: …`"),
        ("Policies: strict", "type @ strict: its members are PasswordPolicy, SignInPolicy"),
        ("UserPoolTags: none", "type @ none: write `key: value` pairs"),
        (
            "LambdaConfig: {}",
            "empty @ {: write `null` to reset the setting to Cognito's default, or delete the line to stop managing it",
        ),
        (
            "SmsConfiguration: {}",
            "empty @ {: delete the line to stop managing it (Cognito has no call that removes a pool's SMS sender)",
        ),
        (
            "DeletionProtection:",
            "blank @ DeletionProtection: write `null` to reset the setting to Cognito's default, or delete the line to stop managing it",
        ),
        (
            "UserPoolTags: { 'aws:owner': me }",
            "reserved-key @ 'aws:owner': use a key that begins differently, or delete the line",
        ),
        (
            "UserPoolTags: { 'AWS:owner': me }",
            "reserved-key @ 'AWS:owner': use a key that begins differently, or delete the line",
        ),
        (
            "AcrConfiguration: { Level9: { AcrValue: x } }",
            "pattern @ Level9: write one of the keys Level1, Level2, Level3, Level4",
        ),
        ("Name: customers", "not-a-setting @ Name: write `PoolName` instead"),
        ("SchemaAttributes: []", "not-a-setting @ SchemaAttributes: write `Schema` instead"),
        ("Schema: [{ AttributeDataType: String }]", "required-member @ {: add `Name` to the element"),
        (
            "Schema: [{ Name: tenant }, { Name: 'custom:tenant' }]",
            "duplicate-element @ {: keep one of the two",
        ),
        (
            "Schema: [{ Name: a-name-of-twenty-one-c }]",
            "range @ a-name-of-twenty-one-c: write at most 20 characters",
        ),
        ("UsernameAttributes: [name]", "enum @ name: write one of the allowed values: phone_number, email"),
        ("Arn: x", "not-a-setting @ Arn: delete the line: the name is read-only"),
        (
            "SmsMfaConfiguration: { SmsAuthenticationMessage: 'It is {####}' }",
            "not-a-setting @ SmsAuthenticationMessage: set `SmsAuthenticationMessage` instead",
        ),
        (
            "AccountRecoverySetting: { RecoveryMechanisms: [{ Name: admin_only }] }",
            "required-member @ {: add `Priority` to the element",
        ),
        (
            "Policies: { MfaConfiguration: ON }",
            "unknown-setting @ MfaConfiguration: did you mean `MfaConfiguration`?",
        ),
        (
            "Policies: { MinimumLength: 8 }",
            "unknown-setting @ MinimumLength: did you mean `Policies.PasswordPolicy.MinimumLength`?",
        ),
        (
            "AccountRecoverySetting: { Priority: 1 }",
            "unknown-setting @ Priority: did you mean `AccountRecoverySetting.RecoveryMechanisms[].Priority`?",
        ),
        (
            "Policies: { PasswordPolicy: { MinLength: 12 } }",
            "unknown-setting @ MinLength: write `Policies.PasswordPolicy.MinimumLength`",
        ),
        (
            "Policies: { PasswordPolicy: { MaximumLength: 12 } }",
            "unknown-setting @ MaximumLength: did you mean `MinimumLength`?",
        ),
        (
            "SmsConfiguration: { EumsSms: { SnsRegion: eu-west-1 } }",
            "unknown-setting @ SnsRegion: did you mean `SmsConfiguration.SnsRegion`?",
        ),
        (
            "AccountRecoverySetting: { RecoveryMechanisms: [{ Name: admin_only, Priority: 1, Prio: 2 }] }",
            "unknown-setting @ Prio: did you mean `Priority`?",
        ),
        (
            "AccountRecoverySetting: { RecoveryMechanisms: [{ Name: admin_only, Priority: 1 }, { Name: admin_only, Priority: 2 }] }",
            "duplicate-element @ {: keep one of the two",
        ),
    ] {
        assert_eq!(findings(&format!("settings:\n  {settings}")), [expected], "{settings}");
    }
}

/// Each of these took minutes or gigabytes where something grew with the square of the file.
#[test]
fn a_file_of_a_hundred_thousand_mistakes_is_given_up_on() {
    let many = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(", ");
    let keys = || many(49_900, |n| format!("k{n}: 1"));
    for (body, codes) in [
        (format!("settings: {{ {} }}", keys()), vec!["and-more", "unknown-setting"]),
        (keys().replace(", ", "\n"), vec!["and-more", "unknown-key"]),
        (format!("settings: {{ UserPoolTags: {{ {} }} }}", keys()), vec!["and-more", "quote"]),
        (format!("passthrough: {{ {} }}", keys()), vec!["too-many"]),
        (
            format!(
                "settings: {{ DcrConfiguration: {{ AllowedScopes: [{}] }} }}",
                many(90_000, |n| format!("s{n}"))
            ),
            vec!["range"],
        ),
        (
            format!(
                "settings: {{ SmsConfiguration: {{ ExternalId: [{}] }}, {} }}",
                many(60_000, |_| "x".to_owned()),
                many(300, |n| format!("k{n}: 1"))
            ),
            vec!["and-more", "type", "unknown-setting"],
        ),
    ] {
        let findings = checked(&body).unwrap_err();
        assert!(findings.len() <= manifest::MAX_FINDINGS + 1, "{}", findings.len());
        let mut found: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
        found.dedup();
        assert_eq!(found, codes, "{}", &body[..60]);
    }
}

#[test]
fn a_text_of_the_wrong_length_says_both_lengths() {
    let long = "x".repeat(257);
    let (_, findings) = (0, checked(&format!("settings: {{ UserPoolTags: {{ a: {long} }} }}")).unwrap_err());
    assert_eq!(findings[0].message, "`UserPoolTags.a` takes 0 to 256 characters");
    assert_eq!(findings[0].label.as_ref().unwrap().1, "257 characters");
}

#[test]
fn what_stands_in_two_places_is_an_error_that_shows_both() {
    for (body, place) in [
        ("settings: { PoolName: a }\npassthrough: { PoolName: b }", "PoolName"),
        (
            "settings: { DeletionProtection: ACTIVE }\nomit: [{ path: DeletionProtection, reason: r }]",
            "ACTIVE",
        ),
        ("settings: { EmailVerificationSubject: a, VerificationMessageTemplate: { EmailSubject: b } }", "b"),
        ("settings: { EmailVerificationSubject: a, VerificationMessageTemplate: null }", "null"),
    ] {
        let findings = checked(body).unwrap_err();
        let finding = findings.iter().find(|finding| finding.severity == Severity::Error).unwrap();
        assert_eq!(finding.code, "declared-twice", "{body}");
        assert!(finding.related.is_some(), "{body}: {place}");
    }
}

#[test]
fn what_no_request_could_go_without_is_not_omitted() {
    for (path, help) in [
        ("UserPoolId", "delete the entry"),
        ("Arn", "delete the entry"),
        ("Name", "write `PoolName`, its name in requests"),
        ("Schema", "delete the entry"),
        ("UsernameAttributes", "delete the entry"),
        ("GetUserPoolMfaConfig", "name a member of the MFA document"),
        (
            "AccountRecoverySetting.RecoveryMechanisms[0]",
            "name a member inside the element, or the whole list",
        ),
        ("AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority", "delete the entry"),
        ("LambdaConfig.CustomSMSSender.LambdaArn", "omit the whole of `LambdaConfig.CustomSMSSender`"),
    ] {
        assert_eq!(
            findings(&format!("omit: [{{ path: '{path}', reason: r }}]")),
            [format!("omit @ '{path}': {help}")]
        );
    }
    for path in [
        "AcrConfiguration",
        "EmailMfaConfiguration",
        "New.Member",
        "LambdaConfig.CustomSMSSender",
        "PoolName",
    ] {
        assert!(checked(&format!("omit: [{{ path: '{path}', reason: r }}]")).is_ok(), "{path}");
    }
}

#[test]
fn a_deprecated_member_is_a_warning_and_the_manifest_still_holds() {
    let (desired, warnings) = checked("settings: { EmailVerificationSubject: Hi }").unwrap();
    assert_eq!(desired.wants.len(), 1);
    assert_eq!(warnings[0].code, "deprecated-member");
    assert_eq!(warnings[0].help.as_deref(), Some("set `VerificationMessageTemplate.EmailSubject` instead"));
}

#[test]
fn a_broken_frame_does_not_hide_what_is_wrong_below_it() {
    let text =
        b"version: 1\npool: customers\nsetings: {}\nsettings: { PoolName: a, PoolName: b, Zebra: !!int 1 }\n";
    let manifest = manifest::load("m.yaml", text).unwrap();
    let findings = check(&Catalogue::new(Shapes::bundled()), manifest).unwrap_err();
    let codes: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
    assert_eq!(codes, ["frame", "unknown-key", "duplicate-key", "unknown-setting", "tag"]);
}

#[test]
fn read_only_members_do_not_pass_through() {
    let findings = checked("passthrough: { Arn: x, UserPoolId: y, NewThing: { A: 1 } }").unwrap_err();
    let codes: Vec<&str> = findings.iter().map(|finding| &*finding.code).collect();
    assert_eq!(codes, ["not-a-setting", "not-a-setting"]);
}

/// Each can be declared, and so can what lies in it.
#[test]
fn every_path_of_the_request_can_be_declared() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let names: Vec<String> = catalogue.settings().map(str::to_owned).collect();
    assert_eq!(names.len(), 32, "24 of the update, 4 of the MFA document, 4 of the creation");
    for name in names {
        assert!(checked(&format!("settings: {{ {name}: null }}")).is_ok(), "{name}");
    }
}

#[test]
fn a_name_of_another_tool_or_another_way_of_writing_leads_to_the_setting() {
    let help = |body: &str| {
        let findings = findings(&format!("settings: {{ {body} }}"));
        findings.into_iter().map(|finding| finding.split_once(": ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    for (body, expected) in [
        // CloudFormation, the CDK, Terraform, Pulumi, the console.
        ("UserPoolName: web", "write `PoolName`"),
        ("EmailAuthenticationMessage: '{####}'", "write `EmailMfaConfiguration.Message`"),
        ("WebAuthnRelyingPartyID: example.com", "write `WebAuthnConfiguration.RelyingPartyId`"),
        ("featurePlan: PLUS", "write `UserPoolTier`"),
        ("tags: { a: b }", "write `UserPoolTags`"),
        ("schemas: []", "write `Schema`"),
        ("Feature plan: PLUS", "write `UserPoolTier`"),
        // Another way of writing, at each depth.
        ("auto_verified_attributes: [email]", "write `AutoVerifiedAttributes`"),
        ("deletionProtection: ACTIVE", "write `DeletionProtection`"),
        (
            "Policies: { PasswordPolicy: { minimumLength: 8 } }",
            "write `Policies.PasswordPolicy.MinimumLength`",
        ),
        ("LambdaConfig: { KmsKeyId: arn }", "write `LambdaConfig.KMSKeyID`"),
        ("EmailConfiguration: { from_email_address: a@b.c }", "write `EmailConfiguration.From`"),
        ("'--': 1", "correct the name, or move it to `passthrough` if it is newer than this poolctl"),
        ("require_symbols: true", "write `Policies.PasswordPolicy.RequireSymbols`"),
    ] {
        assert_eq!(help(body), [expected], "{body}");
    }
    assert_eq!(
        help("password_policy: { minimum_length: 8, RequireSymbols: true }"),
        ["write `Policies.PasswordPolicy`", "write `Policies.PasswordPolicy.MinimumLength`"]
    );
    for (body, beginning) in [
        ("EnabledMfas: [SOFTWARE_TOKEN_MFA]", "set `MfaConfiguration`, and each factor with its own setting"),
        ("DeletionPolicy: Retain", "delete the line: it belongs to the stack"),
        ("self_sign_up_enabled: true", "set `AdminCreateUserConfig.AllowAdminCreateUserOnly`"),
    ] {
        assert!(help(body)[0].starts_with(beginning), "{body}: {:?}", help(body));
    }
}

#[test]
fn a_character_that_a_setting_does_not_take_is_named_before_what_it_takes() {
    let kept = "`VerificationMessageTemplate.EmailMessage` takes";
    let cases = [
        ("Your\u{a0}code {####}", "the character U+00A0", "remove U+00A0; "),
        ("{####} \\x01 \\x02", "the characters U+0001, U+0002", "remove U+0001, U+0002; "),
        (
            "<p>Your\u{a0}code \u{200c}– {####}</p>",
            "the characters U+00A0, U+200C",
            "remove U+00A0, U+200C, or write them as entities, such as `&#x00A0;`; ",
        ),
        ("one\\ntwo {####}\\n\u{a0}three\\n", "the character U+00A0 (line 3 of the text)", "remove U+00A0; "),
    ];
    for (text, named, remedy) in cases {
        let body = format!("settings: {{ VerificationMessageTemplate: {{ EmailMessage: \"{text}\" }} }}");
        let finding = checked(&body).unwrap_err().remove(0);
        let message = format!("`VerificationMessageTemplate.EmailMessage` does not take {named}");
        assert_eq!(finding.message, message);
        let help = finding.help.unwrap_or_default();
        assert!(help.starts_with(&format!("{remedy}{kept}")), "{help}");
    }
}

#[test]
fn a_message_whose_only_placeholder_is_encoded_names_what_is_left_of_it() {
    let long = "q".repeat(200);
    for (text, word) in [
        ("<a href='https://example.com/?code=%7B####%7D'>", "%7B####%7D"),
        (&*format!("{long}%7B####%7D{long}"), &*format!("%7B####%7D{}", "q".repeat(30))),
    ] {
        let body = format!("settings: {{ VerificationMessageTemplate: {{ EmailMessage: \"{text}\" }} }}");
        let finding = checked(&body).unwrap_err().remove(0);
        assert!(finding.message.contains(&format!("and has `{word}`, which is left")), "{}", finding.message);
    }
}

#[test]
fn what_no_request_has_is_an_error_under_passthrough_too() {
    for (body, expected) in [
        (
            "passthrough: { UserPoolTags: { \"aws:x\": a, b: c } }",
            "reserved-key @ \"aws:x\": use a key that begins differently, or delete the line",
        ),
        (
            "passthrough: { UserPoolTags: { AWS:x: null } }",
            "reserved-key @ AWS:x: use a key that begins differently, or delete the line",
        ),
        (
            "passthrough: { clients: { web: { CreationDate: 1 } } }",
            "not-a-setting @ CreationDate: delete the line",
        ),
        ("passthrough: { clients: { web: { ClientId: x } } }", "not-a-setting @ ClientId: delete the line"),
        ("passthrough: { groups: { a: { UserPoolId: x } } }", "not-a-setting @ UserPoolId: delete the line"),
        ("passthrough: { domains: { acme: { Status: ACTIVE } } }", "not-a-setting @ Status: delete the line"),
    ] {
        assert_eq!(findings(body), [expected], "{body}");
    }
    for (body, expected) in [
        ("passthrough: { UserPoolTags: { awsome: a } }", r#"UserPoolTags.awsome = "a""#),
        ("passthrough: { clients: { web: { GenerateSecret: true } } }", "clients.web.GenerateSecret = true"),
        ("passthrough: { clients: { web: { Newer: 1 } } }", "clients.web.Newer = 1"),
    ] {
        assert_eq!(wants(body), [expected], "{body}");
    }
}
