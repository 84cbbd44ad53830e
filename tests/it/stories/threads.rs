//! What people wrote of other tools, each story under its thread's name: the same pool and the same
//! wish, and what comes of them here.
//!
//! Every story runs the built program against the sandbox over HTTP, once for each idea of what
//! Cognito makes of an omission.

use serde_json::{Value, json};

use crate::harness::world::POOL;
use crate::harness::{Output, Workspace};

/// A pool as a thread tells of it, and the manifest of what its people wanted.
pub(crate) struct Thread {
    workspace: Workspace,
    omission: &'static str,
    pub(crate) before: Value,
}

impl Thread {
    /// The quickstart's pool with these members in place of its own, `null` for none; `MfaConfig` is its
    /// MFA document, but for what that repeats of the pool.
    pub(crate) fn new(pool: &Value, settings: &str, omission: &'static str) -> Self {
        let workspace = Workspace::new();
        let seed = include_str!("../../../examples/quickstart/live/eu-west-1_a1B2c3D4E.json");
        let mut before: Value = serde_json::from_str(seed).unwrap();
        for (name, value) in pool.as_object().unwrap() {
            if name == "MfaConfig" {
                before["MfaConfig"] = value.clone();
                continue;
            }
            let live = before["UserPool"].as_object_mut().unwrap();
            match value {
                Value::Null => drop(live.shift_remove(name)),
                value => drop(live.insert(name.clone(), value.clone())),
            }
        }
        let live = before["UserPool"].clone();
        let mfa = before["MfaConfig"].as_object_mut().unwrap();
        mfa.insert("MfaConfiguration".to_owned(), live["MfaConfiguration"].clone());
        match (live.get("SmsConfiguration"), mfa.get_mut("SmsMfaConfiguration")) {
            (Some(sender), Some(factor)) => factor["SmsConfiguration"] = sender.clone(),
            _ => drop(mfa.shift_remove("SmsMfaConfiguration")),
        }
        workspace.write(&format!("seed/{POOL}.json"), before.to_string());
        let thread = Self { workspace, omission, before };
        thread.want(settings);
        thread
    }

    /// The manifest says this from here on.
    pub(crate) fn want(&self, settings: &str) {
        let manifest = match settings.contains("settings:") {
            true => format!("version: 1\npool: {POOL}\n{settings}\n"),
            false => format!("version: 1\npool: {POOL}\nsettings: {{ {settings} }}\n"),
        };
        self.workspace.write("pool.yaml", manifest);
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let sandbox = ["--sandbox", "--seed", "seed", "--omission", self.omission, "pool.yaml"];
        self.workspace.poolctl(arguments.iter().copied().chain(sandbox)).output()
    }

    /// A plan: it ends with 0 where nothing is to do, with 2 where something is, with 3 where it is
    /// refused.
    pub(crate) fn plan(&self) -> Output {
        self.run(&["plan", "--detailed-exitcode"])
    }

    pub(crate) fn apply(&self, allow: &str) -> Output {
        let allow = if allow.is_empty() { vec![] } else { vec!["--allow", allow] };
        self.run(&[&["apply", "--yes", "--settle", "0"], &allow[..]].concat())
    }

    /// Both documents, as they are now.
    pub(crate) fn live(&self) -> Value {
        let path = self.workspace.path().join(".poolctl/sandbox").join(format!("{POOL}.json"));
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// The members that are no longer what they were, at any depth.
    pub(crate) fn moved(&self) -> Vec<String> {
        let mut moved = Vec::new();
        collect("", &self.before, &self.live(), &mut moved);
        moved.retain(|path| path != "UserPool.LastModifiedDate");
        moved.iter().map(|path| path.strip_prefix("UserPool.").unwrap_or(path).to_owned()).collect()
    }
}

fn collect(at: &str, before: &Value, after: &Value, moved: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            for name in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
                let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
                collect(&path, &before[name], &after[name], moved);
            }
        }
        _ if before != after => moved.push(at.to_owned()),
        _ => {}
    }
}

/// Both ideas of an omission.
const OMISSIONS: [&str; 2] = ["documented", "measured"];

/// The wish comes true: the plan says what changes, the apply changes that and nothing else, and the
/// next plan is empty. Returns what the plan said.
#[track_caller]
pub(crate) fn comes_true(pool: &Value, settings: &str, allow: &str, moves: &[&str]) -> String {
    come_true(pool, settings, allow, moves).0
}

/// The same; returns what the plan said and what the apply said.
#[track_caller]
pub(crate) fn come_true(pool: &Value, settings: &str, allow: &str, moves: &[&str]) -> (String, String) {
    let told = OMISSIONS.map(|omission| {
        let thread = Thread::new(pool, settings, omission);
        let told = thread.plan();
        let refused = told.stdout.contains("To accept the risk");
        assert_eq!(told.code, Some(if refused { 3 } else { 2 }), "{told}");
        assert_eq!(refused, !allow.is_empty(), "{told}");
        let applied = thread.apply(allow).expect(0);
        assert_eq!(thread.moved(), moves, "{omission}");
        thread.plan().expect(0);
        (told.stdout, applied.stdout)
    });
    assert_eq!(told[0], told[1], "the plan does not depend on what Cognito makes of an omission");
    let [told, _] = told;
    told
}

/// The manifest describes the pool as it is: no difference, and nothing is written.
#[track_caller]
pub(crate) fn is_no_difference(pool: &Value, settings: &str) {
    let thread = Thread::new(pool, settings, "documented");
    let told = thread.plan().expect(0);
    assert!(told.stdout.contains("No changes."), "{told}");
    thread.apply("").expect(0);
    assert_eq!(thread.live(), thread.before);
}

/// The wish cannot come true: plan and apply say so in these words, and nothing is written.
#[track_caller]
pub(crate) fn is_refused(pool: &Value, settings: &str, words: &[&str]) {
    let thread = Thread::new(pool, settings, "documented");
    for told in [thread.plan().expect(3), thread.apply("").expect(3)] {
        let text = told.stdout.replace("\n  │ ", " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in words {
            assert!(text.contains(words), "no `{words}` in\n{told}");
        }
    }
    assert_eq!(thread.live(), thread.before);
}

pub(crate) fn arn(function: &str) -> String {
    format!("arn:aws:lambda:eu-west-1:111122223333:function:{function}")
}

/// Silent resets.
mod resets {
    use super::*;

    #[test]
    fn aws_cli_3302_one_trigger_set_and_nothing_else_moves() {
        let settings = format!("LambdaConfig: {{ PostAuthentication: '{}' }}", arn("audit"));
        let told = comes_true(&json!({}), &settings, "", &["LambdaConfig.PostAuthentication"]);
        assert!(told.contains("1 change"), "{told}");
    }

    #[test]
    fn aws_cli_6484_an_ses_configuration_set_is_all_that_changes() {
        let settings = "EmailConfiguration: { ConfigurationSet: tracking }";
        comes_true(&json!({}), settings, "", &["EmailConfiguration.ConfigurationSet"]);
    }

    #[test]
    fn aws_cli_6842_triggers_that_others_manage_outlive_an_unrelated_update() {
        let settings = "Policies: { PasswordPolicy: { MinimumLength: 14 } }";
        comes_true(&json!({}), settings, "", &["Policies.PasswordPolicy.MinimumLength"]);
    }

    #[test]
    fn aws_cdk_33282_adding_a_trigger_keeps_device_tracking() {
        let devices = json!({"DeviceConfiguration": {
            "ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": false,
        }});
        let settings = format!("LambdaConfig: {{ CustomMessage: '{}' }}", arn("letters"));
        comes_true(&devices, &settings, "", &["LambdaConfig.CustomMessage"]);
    }

    #[test]
    fn iam_identity_center_team_359_a_change_of_tier_keeps_the_token_trigger() {
        let pool = json!({"UserPoolTier": "ESSENTIALS", "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}});
        comes_true(&pool, "UserPoolTier: PLUS", "", &["UserPoolTier"]);
    }

    #[test]
    fn amplify_cli_3646_an_update_of_one_thing_keeps_verification_on() {
        let settings = "AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }";
        comes_true(&json!({}), settings, "", &["AdminCreateUserConfig.AllowAdminCreateUserOnly"]);
    }

    #[test]
    fn amplify_cli_14683_deletion_protection_is_switched_on_and_nothing_else() {
        comes_true(&json!({}), "DeletionProtection: ACTIVE", "", &["DeletionProtection"]);
    }

    #[test]
    fn aws_nuke_477_deletion_protection_is_switched_off_where_changes_must_be_verified() {
        let pool = json!({"DeletionProtection": "ACTIVE"});
        let allow = "deletion-protection-off";
        comes_true(&pool, "DeletionProtection: INACTIVE", allow, &["DeletionProtection"]);
    }

    #[test]
    fn cnspec_3675_threat_protection_is_hardened_and_mfa_and_triggers_stay() {
        let pool = json!({"MfaConfiguration": "ON"});
        let settings = "UserPoolAddOns: { AdvancedSecurityMode: ENFORCED }";
        comes_true(&pool, settings, "", &["UserPoolAddOns.AdvancedSecurityMode"]);
    }

    #[test]
    fn aws_sdk_js_3148_an_update_leaves_no_sms_role_behind_that_was_not_there() {
        let pool = json!({"SmsConfiguration": null});
        comes_true(&pool, "PoolName: staff", "", &["Name"]);
    }
}

/// Perpetual diffs.
mod diffs {
    use super::*;

    #[test]
    fn ef_cms_370_seven_days_for_a_temporary_password_are_no_difference() {
        for days in ["", ", TemporaryPasswordValidityDays: 7", ", TemporaryPasswordValidityDays: null"] {
            let settings = format!("Policies: {{ PasswordPolicy: {{ MinimumLength: 8{days} }} }}");
            is_no_difference(&json!({}), &settings);
        }
    }

    #[test]
    fn terraform_21654_empty_string_constraints_never_differ() {
        let identities = |constraints: &Value| {
            json!({"SchemaAttributes": [{
                "Name": "identities", "AttributeDataType": "String", "DeveloperOnlyAttribute": false,
                "Mutable": true, "Required": false, "StringAttributeConstraints": constraints,
            }]})
        };
        let bare = "Schema: [ { Name: identities, AttributeDataType: String } ]";
        let empty =
            "Schema: [ { Name: identities, AttributeDataType: String, StringAttributeConstraints: {} } ]";
        for settings in [bare, empty] {
            is_no_difference(&identities(&json!({})), settings);
            is_no_difference(&identities(&json!({"MinLength": "0", "MaxLength": "2048"})), settings);
        }
    }

    #[test]
    fn terraform_38096_opentofu_1840_an_attribute_declared_without_constraints_is_added_once() {
        let settings = "Schema: [ { Name: locale_hint, AttributeDataType: String, Mutable: true } ]";
        let told = comes_true(&json!({}), settings, "", &["SchemaAttributes"]);
        assert!(told.contains("custom:locale_hint"), "{told}");
    }

    #[test]
    fn lgallard_158_124_mineiros_24_device_tracking_converges_whichever_way_it_is_written() {
        let both_false =
            json!({"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": false});
        let on = "DeviceConfiguration: { ChallengeRequiredOnNewDevice: false, DeviceOnlyRememberedOnUserPrompt: false }";
        let (off, tracked) =
            (json!({"DeviceConfiguration": null}), json!({"DeviceConfiguration": both_false}));
        is_no_difference(&tracked, on);
        is_no_difference(&tracked, "DeviceConfiguration: {}");
        is_no_difference(&json!({"DeviceConfiguration": {}}), on);
        is_no_difference(&off, "DeviceConfiguration: null");
        // To the service both false and absent are opposites.
        comes_true(&off, on, "", &["DeviceConfiguration"]);
        comes_true(&tracked, "DeviceConfiguration: null", "", &["DeviceConfiguration"]);
    }

    #[test]
    fn pulumi_aws_2868_a_manifest_that_says_all_that_the_pool_shows_is_no_difference() {
        let mut pool = Thread::new(&json!({}), "", "documented").before["UserPool"].clone();
        let settings = pool.as_object_mut().unwrap();
        for read_only in ["Id", "Arn", "LastModifiedDate", "CreationDate", "EstimatedNumberOfUsers"] {
            settings.shift_remove(read_only).unwrap();
        }
        for (read, setting) in [("Name", "PoolName"), ("SchemaAttributes", "Schema")] {
            let value = settings.shift_remove(read).unwrap();
            settings.insert(setting.to_owned(), value);
        }
        let add_ons = settings["UserPoolAddOns"].as_object_mut().unwrap();
        add_ons.shift_remove("AdvancedSecurityAdditionalFlows").unwrap();
        settings["UserPoolTags"].as_object_mut().unwrap().shift_remove("aws:cloudformation:stack-name");
        let scoring = settings["LambdaConfig"].as_object_mut().unwrap().shift_remove("RiskScoring").unwrap();
        let newer = json!({"LambdaConfig": {"RiskScoring": scoring}});
        is_no_difference(&json!({}), &format!("settings: {pool}\npassthrough: {newer}"));
    }

    #[test]
    fn upjet_716_older_names_of_the_messages_follow_the_template_and_never_fight_it() {
        let letter = "Your code: {####}";
        let pool = json!({
            "SmsVerificationMessage": letter,
            "VerificationMessageTemplate": {
                "SmsMessage": letter, "EmailMessage": letter, "EmailSubject": "Your code",
                "DefaultEmailOption": "CONFIRM_WITH_CODE",
            },
            "EmailVerificationMessage": letter,
        });
        let template = |text: &str| format!("VerificationMessageTemplate: {{ EmailMessage: '{text}' }}");
        is_no_difference(&pool, &template(letter));
        let moves = ["EmailVerificationMessage", "VerificationMessageTemplate.EmailMessage"];
        let told = comes_true(&pool, &template("The code is {####}"), "", &moves);
        assert!(told.contains("1 change"), "{told}");
    }
}

/// Impossible removals.
mod removals {
    use super::*;

    #[test]
    fn terraform_38617_the_token_trigger_goes_under_both_its_names() {
        let settings = "LambdaConfig: { PreTokenGenerationConfig: null }";
        let moves = ["LambdaConfig.PreTokenGeneration", "LambdaConfig.PreTokenGenerationConfig"];
        comes_true(&json!({}), settings, "trigger-removal", &moves);
    }

    #[test]
    fn amplify_cli_3039_amplify_js_2906_an_sms_role_that_cannot_go_is_said_not_to() {
        let words = ["Cognito has no call that removes a pool's SMS sender"];
        is_refused(&json!({}), "SmsConfiguration: null", &words);
        // Whoever only stops managing it is asked for nothing, and keeps it.
        comes_true(&json!({}), "DeletionProtection: ACTIVE", "", &["DeletionProtection"]);
    }

    #[test]
    fn cdk_real_drift_702_a_policy_that_is_reset_falls_to_its_default_by_name() {
        let policy = |length: u8| {
            json!({"Policies": {
                "PasswordPolicy": {
                    "MinimumLength": length, "RequireUppercase": true, "RequireLowercase": true,
                    "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
                },
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
            }})
        };
        let settings = "Policies: { PasswordPolicy: null }";
        let moves = ["Policies.PasswordPolicy.MinimumLength"];
        comes_true(&policy(20), settings, "password-policy-weaker", &moves);
        is_no_difference(&policy(8), settings);
    }
}

/// Forced replacement, and users lost with it.
mod replacement {
    use super::*;

    #[test]
    fn terraform_42627_43544_a_pool_is_renamed_in_place() {
        let told = comes_true(&json!({}), "PoolName: clients", "", &["Name"]);
        assert!(told.contains("customers → clients"), "{told}");
    }

    #[test]
    fn terraform_3891_8826_pulumi_828_a_changed_attribute_is_refused_and_nobody_is_lost() {
        let words = [
            "`Schema[custom:tenant].Mutable` cannot change after an attribute is created: the live value is true, and the manifest declares false",
            "set the line to true, or delete the line",
            "poolctl never replaces a pool, because its users would be lost",
        ];
        is_refused(&json!({}), "Schema: [ { Name: tenant, Mutable: false } ]", &words);
    }

    #[test]
    fn voice_of_customer_184_case_sensitivity_for_a_pool_that_exists_is_refused() {
        let words = [
            "`UsernameConfiguration.CaseSensitive` cannot change after a pool is created: the live value is absent, and the manifest declares false",
            "help: delete the line; for another value, create a new pool",
            "for another value, create a new pool and move the users",
        ];
        let settings = "UsernameConfiguration: { CaseSensitive: false }, DeletionProtection: ACTIVE";
        is_refused(&json!({"UsernameConfiguration": null}), settings, &words);
    }

    #[test]
    fn aws_sdk_303_what_was_chosen_wrong_at_creation_says_where_to_go_from_here() {
        let words = [
            "`UsernameAttributes` cannot change after a pool is created: the live value is [\"email\"], and the manifest declares [\"phone_number\"]",
            "for another value, create a new pool and move the users",
        ];
        is_refused(&json!({}), "UsernameAttributes: [phone_number]", &words);
    }
}

/// Custom attributes.
mod attributes {
    use super::*;

    const TENANT: &str = "Schema: [ { Name: tenant, AttributeDataType: String, Mutable: true, StringAttributeConstraints: { MaxLength: '64' } } ]";

    #[test]
    fn aws_cdk_8585_amplify_backend_3299_other_settings_change_while_the_schema_is_declared() {
        let settings = format!("{TENANT}, Policies: {{ PasswordPolicy: {{ MinimumLength: 12 }} }}");
        comes_true(&json!({}), &settings, "", &["Policies.PasswordPolicy.MinimumLength"]);
    }

    #[test]
    fn amplify_cli_13989_amplify_js_6459_cdkd_926_an_added_attribute_is_there_and_blocks_nothing() {
        let added = TENANT.replace(" ]", ", { Name: level, AttributeDataType: Number, Mutable: true } ]");
        let thread = Thread::new(&json!({}), &added, "documented");
        thread.apply("").expect(0);
        let schema = thread.live()["UserPool"]["SchemaAttributes"].clone();
        let names: Vec<&Value> = schema.as_array().unwrap().iter().map(|held| &held["Name"]).collect();
        assert_eq!(names, ["sub", "email", "custom:tenant", "custom:level"]);

        thread.want(&format!("{added}, DeletionProtection: ACTIVE"));
        thread.apply("").expect(0);
        assert_eq!(thread.moved(), ["DeletionProtection", "SchemaAttributes"]);
        thread.plan().expect(0);
    }
}

/// What others do not see, or know only years later.
mod blind_spots {
    use super::*;

    #[test]
    fn terraform_19213_a_tag_that_somebody_changed_is_seen_and_set_right() {
        let pool = json!({"UserPoolTags": {"team": "billing", "stage": "prod"}});
        let told = comes_true(&pool, "UserPoolTags: { team: identity }", "", &["UserPoolTags.team"]);
        assert!(told.contains("billing → identity"), "{told}");
    }

    #[test]
    fn former2_241_a_backup_holds_the_factors_that_describe_does_not_show() {
        let thread = Thread::new(&json!({}), "DeletionProtection: ACTIVE", "documented");
        thread.apply("").expect(0);
        let backup = std::fs::read(thread.workspace.backup()).unwrap();
        let backup: Value = serde_json::from_slice(&backup).unwrap();
        let mut read = thread.before["MfaConfig"].clone();
        // While MFA is on, the read shows passkeys that nobody configured.
        read["WebAuthnConfiguration"] = json!({"FactorConfiguration": "SINGLE_FACTOR"});
        // A backup has no secret value.
        let mut pool = thread.before["UserPool"].clone();
        for sender in [&mut read["SmsMfaConfiguration"]["SmsConfiguration"], &mut pool["SmsConfiguration"]] {
            sender["ExternalId"] = json!("(withheld by poolctl)");
        }
        assert_eq!(backup["MfaConfig"], read);
        assert_eq!(backup["UserPool"], pool);
    }

    #[test]
    fn terraform_27435_35007_40467_39016_26144_50066_what_came_late_elsewhere_can_be_declared() {
        let pool = json!({
            "UserPoolTier": "ESSENTIALS",
            "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
            "LambdaConfig": {},
            "SmsConfiguration": null,
            "MfaConfiguration": "OFF",
        });
        let (function, role) = (arn("claims"), "arn:aws:iam::111122223333:role/eum");
        let settings = format!(
            "DeletionProtection: ACTIVE, UserPoolTier: PLUS, \
             LambdaConfig: {{ PreTokenGenerationConfig: {{ LambdaVersion: V3_0, LambdaArn: '{function}' }} }}, \
             Policies: {{ PasswordPolicy: {{ PasswordHistorySize: 5 }} }}, \
             SmsConfiguration: {{ EumsSms: {{ CallerArn: '{role}', Region: eu-west-1 }} }}"
        );
        let moves = [
            "Policies.PasswordPolicy.PasswordHistorySize",
            "DeletionProtection",
            "LambdaConfig.PreTokenGenerationConfig",
            "LambdaConfig.PreTokenGeneration",
            "UserPoolTier",
            "SmsConfiguration",
            // The other document repeats the sender.
            "MfaConfig.SmsMfaConfiguration",
        ];
        comes_true(&pool, &settings, "", &moves);
    }

    #[test]
    fn cloudformation_2152_a_setting_newer_than_the_program_survives_and_can_be_set() {
        let pool = json!({"SignInHints": {"Mode": "SUBTLE", "Weight": 0.10}});
        let told = comes_true(&pool, "DeletionProtection: ACTIVE", "", &["DeletionProtection"]);
        // The list may go on in the next line.
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let unknown = "unknown to this version of poolctl and sent back unchanged: LambdaConfig.RiskScoring, SignInHints";
        assert!(words.contains(unknown), "{told}");
        let manifest = "settings: {}\npassthrough: { SignInHints: { Mode: LOUD } }";
        comes_true(&pool, manifest, "", &["SignInHints.Mode"]);
    }
}
