use serde_json::{Value, json};

use super::*;
use crate::shapes::Shapes;

/// The manifest of a pool with these members.
fn imported(pool: &Value, options: &ImportOptions) -> Draft {
    let catalogue = Catalogue::new(Shapes::bundled());
    let live = Snapshot::of_pool(pool.as_object().cloned().unwrap());
    draft(&catalogue, &live, &Header { pool: "eu-west-1_A".to_owned(), ..Header::default() }, options)
}

fn text(pool: &Value) -> String {
    imported(pool, &ImportOptions::default()).text()
}

#[test]
fn what_the_service_fills_in_stays_out() {
    let pool = json!({
        "Name": "p",
        "Policies": {"PasswordPolicy": {"MinimumLength": 8, "TemporaryPasswordValidityDays": 7}},
        "LambdaConfig": {},
        "DeletionProtection": "INACTIVE",
        "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "SnsRegion": "eu-west-1"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": false},
        "Domain": "p",
        "Status": "Enabled",
    });
    insta::assert_snapshot!(text(&pool), @r#"
    version: 1
    pool: eu-west-1_A

    settings:
      DeviceConfiguration: {}
      # Other stacks may own these ARNs: delete a line to leave it unmanaged.
      SmsConfiguration:
        SnsCallerArn: arn:aws:iam::111122223333:role/sms
      PoolName: p
    "#);
}

#[test]
fn what_no_manifest_may_hold_stays_out_whatever_it_is() {
    let deep = (0..80).fold(json!(1), |inner, _| json!([inner]));
    let long = json!({"x".repeat(2000): 1});
    let attribute = json!({"Name": "custom:x", "AttributeDataType": "String"});
    let pool = json!({
        "Name": "p", "SchemaAttributes": [attribute, attribute],
        "UserPoolId": "x", "Deep": deep, "Long": long, "New": {"\u{1}".repeat(600): 1},
    });
    let draft = imported(&pool, &ImportOptions::default());
    let manifest = crate::manifest::load("m.yaml", draft.text().as_bytes()).unwrap();
    crate::rules::check(&Catalogue::new(Shapes::bundled()), manifest).unwrap();
    let left: Vec<String> = draft
        .notes
        .iter()
        .filter(|note| note.warns)
        .map(|note| format!("`{}` {}", note.path, note.text))
        .collect();
    let stays = |path: &str, why: &str| format!("`{path}` is unmanaged, and the pool keeps it: {why}");
    let expected = [
        stays("Schema[custom:x]", "the pool has another attribute of this name"),
        stays("UserPoolId", "`UserPoolId` cannot be sent"),
        stays("Deep", "the file nests deeper than 64 levels, counting aliases in full"),
        stays("Long", "a key has at most 1024 bytes"),
    ];
    assert_eq!(left, expected);
}

#[test]
fn attributes_have_the_names_that_people_give_them() {
    let attribute = |name: &str, developer: bool| json!({"Name": name, "AttributeDataType": "String", "DeveloperOnlyAttribute": developer});
    let pool = json!({"SchemaAttributes": [
        attribute("custom:tenant", false),
        attribute("dev:custom:key", true),
        attribute("custom:custom:x", false),
        attribute("nickname", false),
        {"Name": "birthdate", "Required": true, "StringAttributeConstraints": {"MinLength": "10", "MaxLength": "10"}},
        {"Name": "updated_at", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "0"}},
        {"Name": "name", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "99"}},
    ]});
    insta::assert_snapshot!(text(&pool), @r#"
    version: 1
    pool: eu-west-1_A

    settings:
      Schema:
        - Name: birthdate
          Required: true
          StringAttributeConstraints:
            MinLength: "10"
            MaxLength: "10"
        - Name: custom:custom:x
          AttributeDataType: String
        - Name: tenant
          AttributeDataType: String
        - Name: key
          AttributeDataType: String
          DeveloperOnlyAttribute: true
        - Name: name
          AttributeDataType: String
          StringAttributeConstraints:
            MinLength: "0"
            MaxLength: "99"
    "#);
}

#[test]
fn a_long_text_has_a_file_of_its_own() {
    let letter = "<p>{####}</p>\r\n".repeat(6);
    let invitation = "Welcome, {username}: {####}. ".repeat(12);
    let pool = json!({
        "VerificationMessageTemplate": {"EmailMessage": letter, "SmsMessage": "{####}"},
        "AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": invitation}},
    });
    let options = ImportOptions { templates: Some("templates/p".to_owned()), ..ImportOptions::default() };
    let draft = imported(&pool, &options);
    insta::assert_snapshot!(draft.text(), @r#"
    version: 1
    pool: eu-west-1_A

    settings:
      VerificationMessageTemplate:
        SmsMessage: "{####}"
        EmailMessage:
          "${file:templates/p/VerificationMessageTemplate.EmailMessage.html}"
      AdminCreateUserConfig:
        InviteMessageTemplate:
          EmailMessage:
            "${file:templates/p/AdminCreateUserConfig.InviteMessageTemplate.EmailMessage.txt}"
    "#);
    let texts: Vec<(&str, &str)> = draft
        .templates
        .iter()
        .map(|template| (template.file.as_str(), str::from_utf8(&template.content).unwrap()))
        .collect();
    assert_eq!(
        texts,
        [
            ("templates/p/VerificationMessageTemplate.EmailMessage.html", letter.as_str()),
            ("templates/p/AdminCreateUserConfig.InviteMessageTemplate.EmailMessage.txt", invitation.as_str()),
        ]
    );
}
