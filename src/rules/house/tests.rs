//! Each condition, met by values that keep it, break it, or are absent; and every mistake in a rule.

use serde_json::json;

use super::{HouseRule, judge, read};
use crate::catalogue::Catalogue;
use crate::document::{DocumentId, Json, Snapshot};
use crate::manifest::{Diagnostic, yaml};
use crate::shapes::Shapes;

/// The rules of a list, or what is wrong with them.
fn rules(catalogue: &Catalogue, list: &str) -> Result<Vec<HouseRule>, Vec<Diagnostic>> {
    let parse = |name: &str, text: &str| yaml::parse(name, text.as_bytes()).unwrap().0;
    let include = |file: &str, _: &_| match file {
        "none" => Err(Box::new(Diagnostic::of_file("frame", file, "not a file"))),
        text => Ok(parse("included.yaml", text)),
    };
    read(catalogue, parse("poolctl.yaml", list), &include)
}

/// What a rule says of a pool with these settings and a client with these: `-` if it holds, `?` if that is not known.
fn verdict(rule: &str, pool: &Json, client: Option<Json>) -> String {
    let catalogue = Catalogue::new(Shapes::bundled());
    let rules = rules(&catalogue, &format!("[{{ name: r, {rule} }}]")).unwrap();
    let mut live = Snapshot::of_pool(pool.as_object().unwrap().clone());
    if let Some(mut client) = client {
        client["ClientName"] = json!("web");
        let item = json!({ "web": { "ClientName": "web" } });
        live.put(DocumentId::CLIENTS, Some(item.as_object().unwrap().clone().into()));
        live.put(DocumentId::CLIENTS.labelled("web"), Some(client.as_object().unwrap().clone().into()));
    }
    let verdict = judge(&rules, &catalogue, "eu-west-1", &live, &[]);
    match (verdict.breaches.as_slice(), verdict.undecided.as_slice()) {
        ([], []) => "-".to_owned(),
        ([], _) => "?".to_owned(),
        (breaches, _) => {
            let found = |breach: &super::HouseBreach<'_>| breach.rule.condition.found(&breach.found);
            breaches.iter().map(found).collect::<Vec<_>>().join("; ")
        }
    }
}

#[test]
fn a_condition_of_a_pool_meets_values_and_defaults() {
    let length = |length: Json| json!({"Policies": {"PasswordPolicy": {"MinimumLength": length}}});
    let recovery = |name: &str| json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": name, "Priority": 1}]}});
    for (rule, pool, expected) in [
        ("path: MfaConfiguration, is: \"ON\"", json!({"MfaConfiguration": "ON"}), "-"),
        ("path: MfaConfiguration, is: \"ON\"", json!({"MfaConfiguration": "OPTIONAL"}), "is `OPTIONAL`"),
        ("path: MfaConfiguration, is: \"ON\"", json!({}), "is `OFF` by default"),
        ("path: MfaConfiguration, is: \"OFF\"", json!({}), "-"),
        ("path: MfaConfiguration, in: [\"ON\", OPTIONAL]", json!({"MfaConfiguration": "OPTIONAL"}), "-"),
        ("path: MfaConfiguration, in: [\"ON\", OPTIONAL]", json!({"MfaConfiguration": "OFF"}), "is `OFF`"),
        ("path: Policies.PasswordPolicy.MinimumLength, min: 12", length(json!(12)), "-"),
        ("path: Policies.PasswordPolicy.MinimumLength, min: 12", length(json!(11)), "is `11`"),
        ("path: Policies.PasswordPolicy.MinimumLength, min: 12", json!({}), "is `8` by default"),
        ("path: Policies.PasswordPolicy.MinimumLength, min: 8", json!({}), "-"),
        ("path: Policies.PasswordPolicy.MinimumLength, max: 12", length(json!(13)), "is `13`"),
        ("path: Policies.PasswordPolicy.MinimumLength, max: 12", length(json!(12)), "-"),
        // A part of a policy leaves the rest off; no policy at all has everything on.
        ("path: Policies.PasswordPolicy.RequireSymbols, is: true", json!({}), "-"),
        ("path: Policies.PasswordPolicy.RequireSymbols, is: true", length(json!(9)), "is `false` by default"),
        ("path: UserPoolAddOns.AdvancedSecurityMode, is: ENFORCED", json!({}), "is `OFF` by default"),
        ("path: UserPoolTags, has: [team]", json!({"UserPoolTags": {"team": "x"}}), "-"),
        ("path: UserPoolTags, has: [team, stage]", json!({"UserPoolTags": {"team": "x"}}), "lacks `stage`"),
        ("path: UserPoolTags, has: team", json!({}), "lacks `team`"),
        ("path: UserPoolTags, lacks: [team]", json!({}), "-"),
        ("path: UserPoolTags.team, present: true", json!({"UserPoolTags": {"team": "x"}}), "-"),
        ("path: UserPoolTags.team, present: true", json!({"UserPoolTags": {"team": ""}}), "is ``"),
        ("path: UserPoolTags.team, present: true", json!({}), "has no value"),
        ("path: LambdaConfig.UserMigration, absent: true", json!({}), "-"),
        (
            "path: LambdaConfig.UserMigration, absent: true",
            json!({"LambdaConfig": {"UserMigration": "arn"}}),
            "is `arn`",
        ),
        // A default is nobody's choice.
        ("path: DeletionProtection, absent: true", json!({}), "-"),
        ("path: DeletionProtection, present: true", json!({}), "-"),
        (
            "path: \"AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority\", is: 1",
            recovery("verified_email"),
            "-",
        ),
        (
            "path: \"AccountRecoverySetting.RecoveryMechanisms[verified_email].Priority\", is: 1",
            recovery("admin_only"),
            "has no value",
        ),
        (
            "path: riskConfiguration.CompromisedCredentialsRiskConfiguration.EventFilter, has: [SIGN_IN]",
            json!({}),
            "?",
        ),
        ("path: SoftwareTokenMfaConfiguration.Enabled, is: true", json!({}), "?"),
        ("of: clients, path: ClientName, is: web", json!({}), "?"),
    ] {
        let (name, id) = (json!("p"), json!("eu-west-1_a"));
        let mut pool = pool;
        (pool["Name"], pool["Id"]) = (name, id);
        assert_eq!(verdict(rule, &pool, None), expected, "{rule} and {pool}");
    }
}

#[test]
fn a_condition_of_a_client_meets_lists_and_what_an_empty_one_means() {
    let urls = |urls: &[&str]| json!({ "CallbackURLs": urls });
    let flows = |flows: &[&str]| json!({ "ExplicitAuthFlows": flows });
    let units = |number: i64, unit: &str| json!({"AccessTokenValidity": number, "TokenValidityUnits": {"AccessToken": unit}});
    let ours = "path: CallbackURLs, each: { scheme: [https], host: [example.com, \"*.example.com\"] }";
    let local = "path: CallbackURLs, each: { host: [\"localhost:*\", \"app.example.com:8443\"] }";
    let apps = "path: CallbackURLs, each: { scheme: [https, com.example.app], host: example.com }";
    for (rule, client, expected) in [
        ("path: PreventUserExistenceErrors, is: ENABLED", json!({}), "is `LEGACY` by default"),
        ("path: AllowedOAuthFlows, lacks: [implicit]", json!({"AllowedOAuthFlows": ["code"]}), "-"),
        (
            "path: AllowedOAuthFlows, lacks: [implicit]",
            json!({"AllowedOAuthFlows": ["code", "implicit"]}),
            "has `implicit`",
        ),
        ("path: ExplicitAuthFlows, has: [ALLOW_USER_SRP_AUTH]", flows(&[]), "-"),
        ("path: ExplicitAuthFlows, has: [ALLOW_USER_SRP_AUTH]", json!({}), "-"),
        ("path: ExplicitAuthFlows, lacks: [ALLOW_CUSTOM_AUTH]", flows(&[]), "has `ALLOW_CUSTOM_AUTH`"),
        (
            "path: ExplicitAuthFlows, has: [ALLOW_USER_SRP_AUTH]",
            flows(&["ALLOW_USER_AUTH"]),
            "lacks `ALLOW_USER_SRP_AUTH`",
        ),
        // All standard attributes: no pool lists them.
        ("path: ReadAttributes, lacks: [email]", json!({}), "?"),
        ("path: ReadAttributes, lacks: [email]", json!({"ReadAttributes": ["name"]}), "-"),
        ("path: RefreshTokenRotation.Feature, is: ENABLED", json!({}), "is `DISABLED` by default"),
        ("path: EnableTokenRevocation, is: true", json!({}), "has no value"),
        // A time counts in its own unit; 0 is no time of its own.
        ("path: AccessTokenValidity, max: 12", json!({"AccessTokenValidity": 12}), "-"),
        ("path: AccessTokenValidity, max: 12", units(24, "hours"), "is `24`"),
        ("path: AccessTokenValidity, max: 12", units(24, "minutes"), "-"),
        ("path: AccessTokenValidity, max: 1", units(90, "minutes"), "is `1.5`"),
        ("path: AccessTokenValidity, max: 12", units(1, "days"), "is `24`"),
        ("path: AccessTokenValidity, is: 1", units(3_600, "seconds"), "-"),
        ("path: AccessTokenValidity, max: 1", json!({}), "-"),
        ("path: AccessTokenValidity, min: 2", json!({}), "is `1` by default"),
        // Requests have no unit without its number.
        ("path: AccessTokenValidity, max: 1", json!({"TokenValidityUnits": {"AccessToken": "days"}}), "-"),
        ("path: RefreshTokenValidity, max: 10", json!({"RefreshTokenValidity": 0}), "is `30` by default"),
        ("path: RefreshTokenValidity, max: 10", json!({}), "is `30` by default"),
        (ours, json!({}), "-"),
        (
            ours,
            urls(&["https://example.com/cb", "https://a.b.example.com", "https://EXAMPLE.com.:443/"]),
            "-",
        ),
        (ours, urls(&["https://example.com.evil.net/"]), "has `https://example.com.evil.net/`"),
        (
            ours,
            urls(&["https://example.com@evil.net/", "http://example.com"]),
            "has `https://example.com@evil.net/`, `http://example.com`",
        ),
        (ours, urls(&["https://evilexample.com"]), "has `https://evilexample.com`"),
        (ours, urls(&["https://example.com:8443"]), "has `https://example.com:8443`"),
        (ours, urls(&["com.example.app://cb"]), "has `com.example.app://cb`"),
        (local, urls(&["http://localhost:3000", "http://localhost", "https://app.example.com:8443/x"]), "-"),
        (local, urls(&["https://app.example.com/x"]), "has `https://app.example.com/x`"),
        (local, urls(&["app://localhost"]), "-"),
        (local, urls(&["app:/cb"]), "has `app:/cb`"),
        (apps, urls(&["com.example.app://cb", "com.example.app:/cb", "https://example.com"]), "-"),
        (
            "path: DefaultRedirectURI, each: { scheme: https }",
            json!({"DefaultRedirectURI": "http://x"}),
            "has `http://x`",
        ),
    ] {
        let rule = format!("of: clients, {rule}");
        let pool = json!({"Name": "p", "Id": "eu-west-1_a"});
        assert_eq!(verdict(&rule, &pool, Some(client.clone())), expected, "{rule} and {client}");
    }
}

#[test]
fn further_from_a_rule_is_worse_and_nearer_is_not() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let found = |path: &str, condition: &str, value: &Json| {
        let rules = rules(&catalogue, &format!("[{{ name: r, path: {path}, {condition} }}]")).unwrap();
        let mut pool = json!({"Name": "p", "Id": "eu-west-1_a"});
        let at: crate::document::Path = path.parse().unwrap();
        crate::document::json::set(pool.as_object_mut().unwrap(), &at, value.clone());
        let live = Snapshot::of_pool(pool.as_object().unwrap().clone());
        let verdict = judge(&rules, &catalogue, "eu-west-1", &live, &[]);
        (verdict.breaches[0].rule.condition.clone(), verdict.breaches[0].found.clone())
    };
    let length = "Policies.PasswordPolicy.MinimumLength";
    for (path, condition, before, after, is_worse) in [
        (length, "min: 12", json!(8), json!(7), true),
        (length, "min: 12", json!(8), json!(9), false),
        (length, "min: 12", json!(8), json!(8), false),
        (length, "max: 12", json!(20), json!(21), true),
        (length, "max: 12", json!(20), json!(19), false),
        ("AutoVerifiedAttributes", "has: [email, phone_number]", json!(["email"]), json!([]), true),
        ("AutoVerifiedAttributes", "has: [email, phone_number]", json!([]), json!(["email"]), false),
        (
            "AutoVerifiedAttributes",
            "lacks: [email, phone_number]",
            json!(["email"]),
            json!(["email", "phone_number"]),
            true,
        ),
        (
            "AutoVerifiedAttributes",
            "lacks: [email, phone_number]",
            json!(["email", "phone_number"]),
            json!(["email"]),
            false,
        ),
        ("UserPoolAddOns.AdvancedSecurityMode", "is: ENFORCED", json!("AUDIT"), json!("OFF"), true),
        ("UserPoolAddOns.AdvancedSecurityMode", "is: ENFORCED", json!("OFF"), json!("OFF"), false),
        ("LambdaConfig.PreSignUp", "absent: true", json!("a"), json!("b"), false),
    ] {
        let (rule, before) = found(path, condition, &before);
        let (_, after) = found(path, condition, &after);
        assert_eq!(rule.is_worse(&before, &after), is_worse, "{condition}: {before:?} and {after:?}");
    }
}

#[test]
fn every_mistake_of_a_rule_has_a_place_and_a_remedy() {
    let catalogue = Catalogue::new(Shapes::bundled());
    for (list, expected) in [
        ("x", &["`require` must be a list @ x"] as &[&str]),
        ("[x]", &["a rule must be a mapping @ x"]),
        ("[{ path: MfaConfiguration, is: \"ON\" }]", &["a rule needs a `name` @ {"]),
        (
            "[{ name: a b, path: MfaConfiguration, is: \"ON\" }]",
            &["`a b` cannot be the name of a rule @ a b"],
        ),
        ("[{ name: a, is: \"ON\" }]", &["a rule needs a `path` @ {"]),
        (
            "[{ name: a, path: MfaConfiguration }]",
            &[
                "a rule needs a condition: `is`, `in`, `min`, `max`, `has`, `lacks`, `each`, `present`, `absent` @ {",
            ],
        ),
        (
            "[{ name: a, path: MfaConfiguration, is: \"ON\", in: [\"ON\"] }]",
            &["a rule has one condition, not both `is` and `in` @ in"],
        ),
        ("[{ name: a, pth: x, path: MfaConfiguration, is: \"ON\" }]", &["unknown key `pth` @ pth"]),
        (
            "[{ name: a, of: groups, path: Precedense, max: 3 }]",
            &["`groups` has no setting `Precedense` @ Precedense"],
        ),
        (
            "[{ name: a, of: sessionConfiguration, path: x, is: x }]",
            &["no rule can be about `sessionConfiguration` @ sessionConfiguration"],
        ),
        (
            "[{ name: a, path: groups.a.Precedence, max: 3 }]",
            &["`groups` of a pool are many @ groups.a.Precedence"],
        ),
        (
            "[{ name: a, path: \"Schema[0].Name\", is: x }]",
            &["a rule cannot be about a position or a pattern @ \"Schema[0].Name\""],
        ),
        (
            "[{ name: a, path: MfaConfiguration, is: true }]",
            &["`MfaConfiguration` cannot have this value @ true"],
        ),
        ("[{ name: a, path: MfaConfiguration, is: ONE }]", &["`MfaConfiguration` is never `ONE` @ ONE"]),
        ("[{ name: a, path: MfaConfiguration, min: 3 }]", &["`min` does not fit `MfaConfiguration` @ min"]),
        ("[{ name: a, path: Policies, is: x }]", &["`is` does not fit `Policies` @ is"]),
        ("[{ name: a, path: MfaConfiguration, has: [x] }]", &["`has` does not fit `MfaConfiguration` @ has"]),
        (
            "[{ name: a, path: AutoVerifiedAttributes, is: email }]",
            &["`is` does not fit `AutoVerifiedAttributes` @ is"],
        ),
        ("[{ name: a, path: AutoVerifiedAttributes, has: [] }]", &["`has` has no values @ has"]),
        (
            "[{ name: a, path: AutoVerifiedAttributes, each: { scheme: x } }]",
            &["`each` does not fit `AutoVerifiedAttributes` @ each"],
        ),
        ("[{ name: a, path: Policies, present: yes }]", &["`present` takes `true` @ yes"]),
        (
            "[{ name: a, path: SmsConfiguration.ExternalId, is: x }]",
            &["`SmsConfiguration.ExternalId` is a secret @ is"],
        ),
        ("[{ name: a, of: clients, path: CallbackURLs, each: {} }]", &["`each` has no condition @ each"]),
        (
            "[{ name: a, of: clients, path: CallbackURLs, each: { host: [\"a/b\"] } }]",
            &["`a/b` is not a host @ \"a/b\""],
        ),
        (
            "[{ name: a, of: clients, path: CallbackURLs, each: { scheme: 1 } }]",
            &["`scheme` is not a text @ 1"],
        ),
        ("[{ name: a, path: MfaConfiguration, is: \"ON\", reason: }]", &["`reason` has no text @ reason"]),
        (
            "[{ name: a, path: MfaConfiguration, is: \"ON\" }, { name: a, path: MfaConfiguration, is: \"ON\" }]",
            &["two rules have the name `a` @ a"],
        ),
        ("[{ file: none }]", &["not a file @ -"]),
        ("[{ file: \"require: [{ file: none }]\" }]", &["an included file cannot include another @ {"]),
        ("[{ file: \"rules: []\" }]", &["unknown key `rules` @ rules"]),
        ("[{ file: \"require: []\", except: [b] }]", &["the file has no rule `b` @ b"]),
        ("[{ file: \"require: []\", without: [b] }]", &["unknown key `without` @ without"]),
    ] {
        let wrong = rules(&catalogue, list).map(|rules| panic!("{list}: {rules:?}")).unwrap_err();
        let line = |finding: &Diagnostic| {
            assert!(finding.help.is_some() || finding.file.is_some(), "{finding:?}");
            let place = finding.label.as_ref().map_or("-", |(origin, _)| origin.text());
            format!("{} @ {place}", finding.message)
        };
        assert_eq!(wrong.iter().map(line).collect::<Vec<_>>(), expected, "{list}");
    }
}

#[test]
fn a_file_of_rules_is_included_without_those_that_are_excepted() {
    let catalogue = Catalogue::new(Shapes::bundled());
    let file =
        "require: [{ name: a, path: MfaConfiguration, is: ON }, { name: b, path: MfaConfiguration, is: ON }]";
    let list =
        format!("[{{ name: own, path: MfaConfiguration, is: ON }}, {{ file: \"{file}\", except: [a] }}]");
    let names: Vec<String> = rules(&catalogue, &list).unwrap().into_iter().map(|rule| rule.name).collect();
    assert_eq!(names, ["own", "b"]);
}
