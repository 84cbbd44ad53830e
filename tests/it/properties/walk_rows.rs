//! Every path of the model, with where `null` leads by the facts' table of removals.

use serde_json::{Value as Json, json};

use crate::properties::walk_row::End::Conflict;
use crate::properties::walk_row::{
    Row, SES, falls_to, fixed, function, identity, key, messaging, repeats, role, sender, setting, stays,
    switch, versioned,
};

/// Every path, in the order of the requests.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = policies();
    rows.extend(triggers());
    rows.extend(messages());
    rows.extend(senders());
    rows.extend(users());
    rows.extend(plans_and_tokens());
    rows.extend(mfa());
    rows.extend(creation());
    rows
}

fn policies() -> Vec<Row> {
    let policy = json!({
        "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
        "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
    });
    let sign_in = json!({"AllowedFirstAuthFactors": ["PASSWORD"]});
    // Every member is given, since one that is not falls to false.
    let other = |length: u8| {
        json!({
            "MinimumLength": length, "RequireUppercase": true, "RequireLowercase": false,
            "RequireNumbers": true, "RequireSymbols": false, "PasswordHistorySize": 2,
            "TemporaryPasswordValidityDays": 3,
        })
    };
    let both = |length: u8, factor: &str| json!({"PasswordPolicy": other(length), "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", factor]}});
    let first = || [json!(["PASSWORD", "EMAIL_OTP"]), json!(["PASSWORD", "WEB_AUTHN"])];
    let requires = |path| {
        falls_to(path, [json!(true), json!(false)], json!(true)).live(POLICY, json!({"MinimumLength": 10}))
    };
    vec![
        falls_to(
            "Policies",
            [both(12, "EMAIL_OTP"), both(14, "WEB_AUTHN")],
            json!({"PasswordPolicy": policy, "SignInPolicy": sign_in}),
        ),
        falls_to(POLICY, [other(12), other(14)], policy.clone()),
        falls_to("Policies.PasswordPolicy.MinimumLength", [json!(12), json!(14)], json!(8)),
        requires("Policies.PasswordPolicy.RequireUppercase"),
        requires("Policies.PasswordPolicy.RequireLowercase"),
        requires("Policies.PasswordPolicy.RequireNumbers"),
        requires("Policies.PasswordPolicy.RequireSymbols"),
        falls_to("Policies.PasswordPolicy.PasswordHistorySize", [json!(3), json!(24)], json!(0)),
        falls_to("Policies.PasswordPolicy.TemporaryPasswordValidityDays", [json!(1), json!(365)], json!(7)),
        falls_to(
            "Policies.SignInPolicy",
            first().map(|list| json!({"AllowedFirstAuthFactors": list})),
            sign_in.clone(),
        ),
        falls_to("Policies.SignInPolicy.AllowedFirstAuthFactors", first(), json!(["PASSWORD"])),
        switch("DeletionProtection", [json!("ACTIVE"), json!("INACTIVE")]),
    ]
}

const POLICY: &str = "Policies.PasswordPolicy";

fn triggers() -> Vec<Row> {
    let functions = || [function("one"), function("two")];
    let trigger = |path| setting(path, functions());
    // The structure goes as a whole; neither of its members goes alone.
    let pair = |path, versions: Vec<Json>| Row { values: versions, ..stays(path, []) };
    let one = || vec![json!("V1_0")];
    let keyed = |row: Row| row.live("LambdaConfig", json!({"KMSKeyID": key("codes")}));
    vec![
        falls_to(
            "LambdaConfig",
            [
                json!({"PreSignUp": function("one")}),
                json!({"PreSignUp": function("two"), "CustomMessage": function("three")}),
            ],
            json!({}),
        ),
        trigger("LambdaConfig.PreSignUp"),
        trigger("LambdaConfig.CustomMessage"),
        trigger("LambdaConfig.PostConfirmation"),
        trigger("LambdaConfig.PreAuthentication"),
        trigger("LambdaConfig.PostAuthentication"),
        trigger("LambdaConfig.DefineAuthChallenge"),
        trigger("LambdaConfig.CreateAuthChallenge"),
        trigger("LambdaConfig.VerifyAuthChallengeResponse"),
        trigger("LambdaConfig.PreTokenGeneration").along(&["LambdaConfig.PreTokenGenerationConfig"]),
        trigger("LambdaConfig.UserMigration"),
        setting(
            "LambdaConfig.PreTokenGenerationConfig",
            [versioned("V1_0", "one"), versioned("V2_0", "two")],
        ),
        pair("LambdaConfig.PreTokenGenerationConfig.LambdaVersion", vec![json!("V2_0"), json!("V3_0")])
            .with("LambdaConfig.PreTokenGenerationConfig.LambdaArn", function("token")),
        pair("LambdaConfig.PreTokenGenerationConfig.LambdaArn", functions().into())
            .with("LambdaConfig.PreTokenGenerationConfig.LambdaVersion", json!("V2_0")),
        keyed(setting("LambdaConfig.CustomSMSSender", [versioned("V1_0", "one"), versioned("V1_0", "two")])),
        keyed(pair("LambdaConfig.CustomSMSSender.LambdaVersion", one()))
            .with("LambdaConfig.CustomSMSSender.LambdaArn", function("send")),
        keyed(pair("LambdaConfig.CustomSMSSender.LambdaArn", functions().into()))
            .with("LambdaConfig.CustomSMSSender.LambdaVersion", json!("V1_0")),
        keyed(setting(
            "LambdaConfig.CustomEmailSender",
            [versioned("V1_0", "one"), versioned("V1_0", "two")],
        )),
        keyed(pair("LambdaConfig.CustomEmailSender.LambdaVersion", one()))
            .with("LambdaConfig.CustomEmailSender.LambdaArn", function("send")),
        keyed(pair("LambdaConfig.CustomEmailSender.LambdaArn", functions().into()))
            .with("LambdaConfig.CustomEmailSender.LambdaVersion", json!("V1_0")),
        setting("LambdaConfig.KMSKeyID", [key("one"), key("two")]),
        setting("LambdaConfig.InboundFederation", [versioned("V1_0", "one"), versioned("V1_0", "two")]),
        pair("LambdaConfig.InboundFederation.LambdaVersion", one())
            .with("LambdaConfig.InboundFederation.LambdaArn", function("inbound")),
        pair("LambdaConfig.InboundFederation.LambdaArn", functions().into())
            .with("LambdaConfig.InboundFederation.LambdaVersion", json!("V1_0")),
    ]
}

fn messages() -> Vec<Row> {
    let codes = || [json!("Your code is {####}"), json!("It is {####}")];
    let links = || [json!("Follow {##this link##}"), json!("Or {##that##}")];
    let subjects = || [json!("Welcome"), json!("Your code")];
    let option = "CONFIRM_WITH_CODE";
    let before_update = || [json!(["email"]), json!(["phone_number"])];
    let verified = |row: Row| row.sms().live("AutoVerifiedAttributes", json!(["email", "phone_number"]));
    vec![
        falls_to("AutoVerifiedAttributes", [json!(["email"]), json!(["phone_number"])], json!([])).sms(),
        setting("SmsVerificationMessage", codes()),
        setting("EmailVerificationMessage", codes()),
        setting("EmailVerificationSubject", subjects()),
        falls_to(
            "VerificationMessageTemplate",
            [
                json!({"SmsMessage": "It is {####}", "EmailSubject": "Welcome"}),
                json!({"SmsMessage": "{####} it is", "EmailMessageByLink": "{##Here##}", "DefaultEmailOption": "CONFIRM_WITH_LINK"}),
            ],
            json!({"DefaultEmailOption": option}),
        ),
        setting("VerificationMessageTemplate.SmsMessage", codes()),
        setting("VerificationMessageTemplate.EmailMessage", codes()),
        setting("VerificationMessageTemplate.EmailSubject", subjects()),
        setting("VerificationMessageTemplate.EmailMessageByLink", links()),
        setting("VerificationMessageTemplate.EmailSubjectByLink", subjects()),
        switch("VerificationMessageTemplate.DefaultEmailOption", [json!("CONFIRM_WITH_LINK"), json!(option)]),
        setting("SmsAuthenticationMessage", codes()),
        verified(falls_to(
            "UserAttributeUpdateSettings",
            before_update().map(|list| json!({"AttributesRequireVerificationBeforeUpdate": list})),
            json!({"AttributesRequireVerificationBeforeUpdate": []}),
        )),
        verified(falls_to(
            "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
            before_update(),
            json!([]),
        )),
    ]
}

fn senders() -> Vec<Row> {
    let built_in = "COGNITO_DEFAULT";
    let texts = || [json!("one"), json!("two")];
    let neither = Conflict("sms-sender-without-role");
    let eums = |row: Row| row.live("SmsConfiguration", json!({"EumsSms": messaging("sms")}));
    vec![
        falls_to(
            "EmailConfiguration",
            [
                json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES}),
                json!({"EmailSendingAccount": "DEVELOPER", "SourceArn": SES, "From": "a@example.com", "ConfigurationSet": "mail"}),
            ],
            json!({"EmailSendingAccount": built_in}),
        ),
        setting("EmailConfiguration.SourceArn", [identity("a.example.com"), identity("b.example.com")]),
        setting("EmailConfiguration.ReplyToEmailAddress", [json!("a@example.com"), json!("b@example.com")]),
        switch("EmailConfiguration.EmailSendingAccount", [json!("DEVELOPER"), json!(built_in)])
            .live("EmailConfiguration", json!({"SourceArn": SES})),
        setting("EmailConfiguration.From", [json!("a@example.com"), json!("b@example.com")]).developer(),
        setting("EmailConfiguration.ConfigurationSet", texts()).developer(),
        stays("SmsConfiguration", [sender("one"), json!({"SnsCallerArn": role("two"), "ExternalId": "two"})]),
        setting("SmsConfiguration.SnsCallerArn", [role("one"), role("two")]).null(neither.clone()),
        setting("SmsConfiguration.ExternalId", texts()).sms(),
        falls_to(
            "SmsConfiguration.SnsRegion",
            [json!("us-east-1"), json!("eu-central-1")],
            json!("eu-west-1"),
        )
        .live("SmsConfiguration", json!({"SnsCallerArn": role("sms")})),
        setting("SmsConfiguration.EumsSms", [messaging("one"), messaging("two")]).null(neither),
        stays("SmsConfiguration.EumsSms.CallerArn", [role("one"), role("two")]),
        eums(setting("SmsConfiguration.EumsSms.ExternalId", texts())),
        eums(setting("SmsConfiguration.EumsSms.OriginationIdentity", texts())),
        eums(setting("SmsConfiguration.EumsSms.ConfigurationSetName", texts())),
        eums(setting("SmsConfiguration.EumsSms.InEntityId", texts())),
        eums(setting("SmsConfiguration.EumsSms.InTemplateId", texts())),
        // Any other Region than the pool's is refused.
        falls_to("SmsConfiguration.EumsSms.Region", [json!("eu-west-1")], json!("eu-west-1"))
            .live("SmsConfiguration", json!({"EumsSms": {"CallerArn": role("sms")}})),
    ]
}

fn users() -> Vec<Row> {
    let invitations = || [json!("{username} {####}"), json!("You are {username}: {####}")];
    let invitation =
        |text: &str| json!({"EmailMessage": format!("{text} {{username}} {{####}}"), "EmailSubject": text});
    let ways =
        |first: &str, second: &str| json!([{"Name": first, "Priority": 1}, {"Name": second, "Priority": 2}]);
    let recovery =
        || [ways("verified_phone_number", "verified_email"), json!([{"Name": "admin_only", "Priority": 1}])];
    vec![
        setting(
            "DeviceConfiguration",
            [
                json!({"ChallengeRequiredOnNewDevice": false, "DeviceOnlyRememberedOnUserPrompt": false}),
                json!({"ChallengeRequiredOnNewDevice": true}),
            ],
        ),
        setting("DeviceConfiguration.ChallengeRequiredOnNewDevice", [json!(false), json!(true)]),
        setting("DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt", [json!(false), json!(true)]),
        falls_to("UserPoolTags", [json!({"team": "a", "stage": "b"}), json!({"team": "c"})], json!({})),
        setting("UserPoolTags.team", [json!("a"), json!("b")]),
        falls_to(
            "AdminCreateUserConfig",
            [
                json!({"AllowAdminCreateUserOnly": true}),
                json!({"AllowAdminCreateUserOnly": true, "InviteMessageTemplate": invitation("Welcome")}),
            ],
            json!({"AllowAdminCreateUserOnly": false}),
        ),
        switch("AdminCreateUserConfig.AllowAdminCreateUserOnly", [json!(true), json!(false)]),
        falls_to("AdminCreateUserConfig.UnusedAccountValidityDays", [json!(3), json!(30)], json!(7))
            .live(POLICY, json!({"MinimumLength": 10}))
            .live("AdminCreateUserConfig", json!({"AllowAdminCreateUserOnly": true})),
        setting("AdminCreateUserConfig.InviteMessageTemplate", [invitation("Welcome"), invitation("Hello")]),
        setting("AdminCreateUserConfig.InviteMessageTemplate.SMSMessage", invitations()),
        setting("AdminCreateUserConfig.InviteMessageTemplate.EmailMessage", invitations()),
        setting(
            "AdminCreateUserConfig.InviteMessageTemplate.EmailSubject",
            [json!("Welcome"), json!("Hello")],
        ),
        falls_to(
            "AccountRecoverySetting",
            recovery().map(|ways| json!({"RecoveryMechanisms": ways})),
            json!({}),
        ),
        setting("AccountRecoverySetting.RecoveryMechanisms", recovery()),
        stays("PoolName", [json!("partners"), json!("staff")]),
    ]
}

fn plans_and_tokens() -> Vec<Row> {
    let threat = |row: Row| row.plus().live("UserPoolAddOns", json!({"AdvancedSecurityMode": "AUDIT"}));
    let modes = || [json!("AUDIT"), json!("ENFORCED")];
    let own = |name: &str| json!({"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key(name)});
    let amazons = "AWS_OWNED_KEY";
    let registers = |row: Row| row.live("DcrConfiguration", json!({"EnableStatus": "Enabled"}));
    let grants = || [json!(["code", "client_credentials"]), json!([])];
    let names = |row: Row| row.live("AcrConfiguration", json!({}));
    let level = |path| names(setting(path, ["gold", "silver"].map(|name| json!({"AcrValue": name}))));
    let name = |path| names(stays(path, [json!("gold"), json!("silver")]));
    vec![
        falls_to(
            "UserPoolAddOns",
            modes().map(|mode| json!({"AdvancedSecurityMode": mode})),
            json!({"AdvancedSecurityMode": "OFF"}),
        )
        .plus(),
        falls_to("UserPoolAddOns.AdvancedSecurityMode", modes(), json!("OFF")).plus(),
        threat(setting(
            "UserPoolAddOns.AdvancedSecurityAdditionalFlows",
            modes().map(|mode| json!({"CustomAuthMode": mode})),
        )),
        threat(setting("UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode", modes())),
        falls_to(
            "DcrConfiguration",
            [
                json!({"EnableStatus": "Enabled"}),
                json!({"EnableStatus": "Enabled", "OpenDcrEnabled": true, "AllowedScopes": ["openid"]}),
            ],
            json!({"EnableStatus": "Disabled"}),
        ),
        switch("DcrConfiguration.EnableStatus", [json!("Enabled"), json!("Disabled")]),
        registers(switch("DcrConfiguration.OpenDcrEnabled", [json!(true), json!(false)])),
        registers(setting("DcrConfiguration.AuthenticatedGrantTypes", grants())),
        registers(setting("DcrConfiguration.OpenDcrGrantTypes", grants())),
        registers(setting("DcrConfiguration.AllowedScopes", [json!(["openid"]), json!(["openid", "email"])])),
        falls_to("UserPoolTier", [json!("PLUS"), json!("LITE")], json!("ESSENTIALS")),
        falls_to("KeyConfiguration", [own("one"), own("two")], json!({"KeyType": amazons})),
        switch("KeyConfiguration.KeyType", [json!("CUSTOMER_MANAGED_KEY"), json!(amazons)])
            .live("KeyConfiguration", json!({"KmsKeyArn": key("one")})),
        setting("KeyConfiguration.KmsKeyArn", [key("one"), key("two")])
            .live("KeyConfiguration", json!({"KeyType": "CUSTOMER_MANAGED_KEY"})),
        switch("IssuerConfiguration", ["UPDATED", "ORIGINAL"].map(|form| json!({"Type": form}))),
        switch("IssuerConfiguration.Type", [json!("UPDATED"), json!("ORIGINAL")]),
        falls_to(
            "AcrConfiguration",
            [
                json!({"Level1": {"AcrValue": "gold"}}),
                json!({"Level1": {"AcrValue": "gold"}, "Level2": {"AcrValue": "silver"}}),
            ],
            json!({}),
        ),
        level("AcrConfiguration.Level1"),
        level("AcrConfiguration.Level2"),
        level("AcrConfiguration.Level3"),
        level("AcrConfiguration.Level4"),
        name("AcrConfiguration.Level1.AcrValue"),
        name("AcrConfiguration.Level4.AcrValue"),
    ]
}

fn mfa() -> Vec<Row> {
    let email = |text: &str| json!({"Message": format!("{text} {{####}}"), "Subject": text});
    let email_on = |row: Row| row.developer().mode("OPTIONAL").live("EmailMfaConfiguration", email("Code"));
    let passkey = |name: &str, factor: &str| json!({"RelyingPartyId": name, "UserVerification": "required", "FactorConfiguration": factor});
    let (single, multi) = ("SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION");
    let passkeys = |row: Row| row.live("WebAuthnConfiguration", json!({"RelyingPartyId": "example.com"}));
    let texts = || [json!("one"), json!("two")];
    let codes = || [json!("Your code is {####}"), json!("It is {####}")];
    let regions = || [json!("us-east-1"), json!("eu-west-1")];
    vec![
        // A mode of OFF takes its factors along.
        falls_to("MfaConfiguration", [json!("OPTIONAL"), json!("ON")], json!("OFF"))
            .with("SoftwareTokenMfaConfiguration.Enabled", json!(true))
            .along(&["SoftwareTokenMfaConfiguration"]),
        // Without a member there is nothing to change, and with a sender it cannot go.
        setting("SmsMfaConfiguration", [json!({})])
            .sms()
            .optional()
            .null(Conflict("sms-factor-beside-sender")),
        repeats("SmsMfaConfiguration.SmsAuthenticationMessage", codes()),
        repeats("SmsMfaConfiguration.SmsConfiguration", [sender("one"), sender("two")]),
        repeats("SmsMfaConfiguration.SmsConfiguration.SnsCallerArn", [role("one"), role("two")]),
        repeats("SmsMfaConfiguration.SmsConfiguration.ExternalId", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.SnsRegion", regions()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms", [messaging("one"), messaging("two")]),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.CallerArn", [role("one"), role("two")]),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.ExternalId", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.OriginationIdentity", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.ConfigurationSetName", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.InEntityId", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.InTemplateId", texts()),
        repeats("SmsMfaConfiguration.SmsConfiguration.EumsSms.Region", regions()),
        email_on(setting(
            "SoftwareTokenMfaConfiguration",
            [true, false, true].map(|on| json!({"Enabled": on})),
        )),
        email_on(switch("SoftwareTokenMfaConfiguration.Enabled", [json!(true), json!(false)])),
        setting("EmailMfaConfiguration", [email("Code"), email("Your code")]).developer().optional(),
        setting("EmailMfaConfiguration.Message", codes()).developer().optional(),
        setting("EmailMfaConfiguration.Subject", texts()).developer().optional(),
        setting("WebAuthnConfiguration", [passkey("example.com", single), passkey("example.org", multi)]),
        setting("WebAuthnConfiguration.RelyingPartyId", [json!("example.com"), json!("example.org")]),
        passkeys(switch("WebAuthnConfiguration.UserVerification", [json!("required"), json!("preferred")])),
        passkeys(switch("WebAuthnConfiguration.FactorConfiguration", [json!(multi), json!(single)])),
    ]
}

fn creation() -> Vec<Row> {
    let attribute = |name: &str, kind: &str, constraints: Json| {
        let mut attribute = json!({
            "Name": name, "AttributeDataType": kind, "DeveloperOnlyAttribute": false, "Mutable": true, "Required": false,
        });
        attribute.as_object_mut().unwrap().extend(constraints.as_object().cloned().unwrap());
        attribute
    };
    let text = || {
        attribute(
            "tenant",
            "String",
            json!({"StringAttributeConstraints": {"MinLength": "1", "MaxLength": "64"}}),
        )
    };
    let number = || {
        attribute(
            "level",
            "Number",
            json!({"NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}}),
        )
    };
    let two = |one: Json, member: &str, value: Json| {
        let mut other = one.clone();
        other[member] = value;
        stays("Schema", [json!([one]), json!([other])])
    };
    let changed = |one: Json, member, value| two(one, member, value).change(Conflict("immutable-field"));
    vec![
        fixed("AliasAttributes", [json!(["email"]), json!(["preferred_username"])]),
        fixed("UsernameAttributes", [json!(["email"]), json!(["phone_number"])]),
        // More attributes are a change that a pool takes.
        stays("Schema", [json!([text()]), json!([text(), number()])]),
        changed(text(), "AttributeDataType", json!("Number")),
        // One for developers has another prefix before its name, and stands beside the first.
        two(text(), "DeveloperOnlyAttribute", json!(true)),
        changed(text(), "Mutable", json!(false)),
        changed(text(), "Required", json!(true)),
        changed(text(), "StringAttributeConstraints", json!({"MinLength": "2", "MaxLength": "64"})),
        changed(text(), "StringAttributeConstraints", json!({"MinLength": "1", "MaxLength": "65"})),
        changed(number(), "NumberAttributeConstraints", json!({"MinValue": "2", "MaxValue": "9"})),
        changed(number(), "NumberAttributeConstraints", json!({"MinValue": "1", "MaxValue": "8"})),
        fixed("UsernameConfiguration", [json!({"CaseSensitive": true}), json!({"CaseSensitive": false})]),
        fixed("UsernameConfiguration.CaseSensitive", [json!(true), json!(false)]),
    ]
}
