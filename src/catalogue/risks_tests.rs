//! For every risk: changes that carry it, and neighbours that do not.

use super::{Catalogue, Risk, Sign, path};
use crate::document::{Document, Json, Object, Path, Seg};
use crate::shapes::Shapes;
use serde_json::json;

fn risk(code: &str) -> &'static Risk {
    Catalogue::risks().iter().find(|risk| risk.code == code).unwrap()
}

/// Where `code` shows when the one document becomes the other.
fn seen(code: &str, before: &Json, after: &Json) -> Vec<String> {
    let document = |json: &Json| Document::from(json.as_object().cloned().unwrap());
    let paths = risk(code).seen(&document(before), &document(after), &|_| false);
    paths.iter().map(ToString::to_string).collect()
}

fn policy(member: &str, value: Json) -> Json {
    json!({"Policies": {"PasswordPolicy": {member: value}}})
}

fn triggers(names: &[&str]) -> Json {
    let members = names.iter().map(|name| ((*name).to_owned(), json!("arn"))).collect::<Object>();
    json!({ "LambdaConfig": members })
}

fn recovery(names: &[&str]) -> Json {
    let list = names.iter().enumerate().map(|(at, name)| json!({"Name": name, "Priority": at + 1}));
    json!({"AccountRecoverySetting": {"RecoveryMechanisms": list.collect::<Json>()}})
}

const TOKEN_EVENT: &str = "LambdaConfig.PreTokenGenerationConfig.LambdaVersion";

fn token_event(version: &str) -> Json {
    json!({"LambdaConfig": {"PreTokenGenerationConfig": {"LambdaVersion": version, "LambdaArn": "arn"}}})
}

fn factors(names: &[&str]) -> Json {
    json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": names}}})
}

/// For every risk: changes that carry it, each with the setting at which it shows.
fn carriers() -> Vec<(&'static str, Json, Json, &'static str)> {
    let none = json!({});
    let add_ons = |mode: &str, flow: Json| json!({"UserPoolAddOns": {"AdvancedSecurityMode": mode, "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": flow}}});
    let dcr = |members: Json| json!({ "DcrConfiguration": members });
    let sender =
        |name: &str, arn: &str| json!({"LambdaConfig": {name: {"LambdaVersion": "V1_0", "LambdaArn": arn}}});
    let sms = |member: &str, value: &str| json!({"SmsConfiguration": {member: value}});
    let eums = |member: &str, value: &str| json!({"SmsConfiguration": {"EumsSms": {member: value}}});
    let mail = |member: &str, value: &str| json!({"EmailConfiguration": {member: value}});
    let passkey = |member: &str, value: &str| json!({"WebAuthnConfiguration": {member: value}});
    let before_update = |names: &[&str]| json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": names}});
    let (mode, length) = ("MfaConfiguration", "Policies.PasswordPolicy.MinimumLength");
    let (first, lambda) = ("Policies.SignInPolicy.AllowedFirstAuthFactors", "LambdaConfig");
    let (phone, email) = ("verified_phone_number", "verified_email");
    let of_pool = vec![
        ("pool-renamed", json!({"PoolName": "acme-prod"}), json!({"PoolName": "acme-dev"}), "PoolName"),
        ("mfa-downgrade", json!({mode: "ON"}), json!({mode: "OPTIONAL"}), mode),
        ("mfa-downgrade", json!({mode: "OPTIONAL"}), json!({mode: "OFF"}), mode),
        (
            "mfa-downgrade",
            json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            json!({"SoftwareTokenMfaConfiguration": {"Enabled": false}}),
            "SoftwareTokenMfaConfiguration.Enabled",
        ),
        ("mfa-downgrade", json!({"EmailMfaConfiguration": {}}), none.clone(), "EmailMfaConfiguration"),
        ("mfa-downgrade", json!({"SmsMfaConfiguration": {}}), none.clone(), "SmsMfaConfiguration"),
        ("first-factor-added", factors(&["PASSWORD"]), factors(&["EMAIL_OTP", "PASSWORD"]), first),
        ("first-factor-added", none.clone(), factors(&["PASSWORD", "WEB_AUTHN"]), first),
        ("user-migration-added", none.clone(), triggers(&["UserMigration"]), "LambdaConfig.UserMigration"),
        (
            "user-migration-added",
            triggers(&["UserMigration"]),
            json!({lambda: {"UserMigration": "other"}}),
            "LambdaConfig.UserMigration",
        ),
        (
            "custom-sender-added",
            none.clone(),
            sender("CustomSMSSender", "a"),
            "LambdaConfig.CustomSMSSender.LambdaArn",
        ),
        (
            "custom-sender-added",
            sender("CustomEmailSender", "a"),
            sender("CustomEmailSender", "b"),
            "LambdaConfig.CustomEmailSender.LambdaArn",
        ),
        (
            "self-sign-up-opened",
            json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}),
            json!({"AdminCreateUserConfig": {}}),
            "AdminCreateUserConfig.AllowAdminCreateUserOnly",
        ),
        (
            "dcr-opened",
            dcr(json!({"EnableStatus": "Disabled"})),
            dcr(json!({"EnableStatus": "Enabled"})),
            "DcrConfiguration.EnableStatus",
        ),
        ("dcr-opened", none.clone(), dcr(json!({"OpenDcrEnabled": false})), "DcrConfiguration"),
        (
            "dcr-opened",
            dcr(json!({"EnableStatus": "Enabled"})),
            dcr(json!({"EnableStatus": "Enabled", "OpenDcrEnabled": true})),
            "DcrConfiguration.OpenDcrEnabled",
        ),
        (
            "dcr-opened",
            dcr(json!({"AuthenticatedGrantTypes": ["code"]})),
            dcr(json!({})),
            "DcrConfiguration.AuthenticatedGrantTypes",
        ),
        (
            "dcr-opened",
            dcr(json!({"OpenDcrGrantTypes": []})),
            dcr(json!({"OpenDcrGrantTypes": ["implicit"]})),
            "DcrConfiguration.OpenDcrGrantTypes",
        ),
        (
            "dcr-opened",
            dcr(json!({"AllowedScopes": []})),
            dcr(json!({"AllowedScopes": ["admin"]})),
            "DcrConfiguration.AllowedScopes",
        ),
        (
            "recovery-weaker",
            recovery(&["admin_only"]),
            recovery(&[email]),
            "AccountRecoverySetting.RecoveryMechanisms[verified_email]",
        ),
        (
            "recovery-weaker",
            recovery(&[email]),
            recovery(&[email, phone]),
            "AccountRecoverySetting.RecoveryMechanisms[verified_phone_number]",
        ),
        (
            "recovery-weaker",
            recovery(&[email, phone]),
            recovery(&[phone, email]),
            "AccountRecoverySetting.RecoveryMechanisms[verified_phone_number].Priority",
        ),
        (
            "recovery-weaker",
            recovery(&[email]),
            json!({"AccountRecoverySetting": {}}),
            "AccountRecoverySetting.RecoveryMechanisms",
        ),
        (
            "attribute-verification-off",
            json!({"AutoVerifiedAttributes": ["email", "phone_number"]}),
            json!({"AutoVerifiedAttributes": ["email"]}),
            "AutoVerifiedAttributes",
        ),
        (
            "attribute-verification-off",
            before_update(&["email"]),
            before_update(&[]),
            "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate",
        ),
        (
            "threat-protection-off",
            add_ons("ENFORCED", json!(null)),
            add_ons("AUDIT", json!(null)),
            "UserPoolAddOns.AdvancedSecurityMode",
        ),
        (
            "threat-protection-off",
            add_ons("ENFORCED", json!("AUDIT")),
            add_ons("ENFORCED", json!(null)),
            "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
        ),
        (
            "password-policy-weaker",
            policy("MinimumLength", json!(12)),
            policy("MinimumLength", json!(8)),
            length,
        ),
        ("password-policy-weaker", none.clone(), policy("MinimumLength", json!(6)), length),
        (
            "password-policy-weaker",
            policy("RequireUppercase", json!(true)),
            policy("RequireUppercase", json!(false)),
            "Policies.PasswordPolicy.RequireUppercase",
        ),
        (
            "password-policy-weaker",
            policy("RequireLowercase", json!(true)),
            policy("RequireLowercase", json!(false)),
            "Policies.PasswordPolicy.RequireLowercase",
        ),
        (
            "password-policy-weaker",
            policy("RequireNumbers", json!(true)),
            policy("RequireNumbers", json!(false)),
            "Policies.PasswordPolicy.RequireNumbers",
        ),
        (
            "password-policy-weaker",
            none.clone(),
            policy("RequireSymbols", json!(false)),
            "Policies.PasswordPolicy.RequireSymbols",
        ),
        (
            "password-policy-weaker",
            policy("PasswordHistorySize", json!(5)),
            none.clone(),
            "Policies.PasswordPolicy.PasswordHistorySize",
        ),
        (
            "passkey-verification-weaker",
            passkey("UserVerification", "required"),
            passkey("UserVerification", "preferred"),
            "WebAuthnConfiguration.UserVerification",
        ),
        (
            "relying-party-change",
            passkey("RelyingPartyId", "a.example"),
            passkey("RelyingPartyId", "b.example"),
            "WebAuthnConfiguration.RelyingPartyId",
        ),
        (
            "trigger-removal",
            triggers(&["PreSignUp", "PostConfirmation"]),
            triggers(&["PreSignUp"]),
            "LambdaConfig.PostConfirmation",
        ),
        ("trigger-removal", sender("CustomSMSSender", "a"), triggers(&[]), "LambdaConfig.CustomSMSSender"),
        ("trigger-removal", triggers(&["BrandNew"]), none.clone(), "LambdaConfig.BrandNew"),
        (
            "deletion-protection-off",
            json!({"DeletionProtection": "ACTIVE"}),
            none.clone(),
            "DeletionProtection",
        ),
        (
            "issuer-change",
            none.clone(),
            json!({"IssuerConfiguration": {"Type": "UPDATED"}}),
            "IssuerConfiguration.Type",
        ),
        (
            "encryption-key-change",
            json!({"KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"}}),
            json!({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}}),
            "KeyConfiguration.KeyType",
        ),
        (
            "encryption-key-change",
            json!({"KeyConfiguration": {"KmsKeyArn": "a"}}),
            json!({"KeyConfiguration": {"KmsKeyArn": "b"}}),
            "KeyConfiguration.KmsKeyArn",
        ),
        (
            "tier-downgrade",
            json!({"UserPoolTier": "PLUS"}),
            json!({"UserPoolTier": "ESSENTIALS"}),
            "UserPoolTier",
        ),
        ("tier-downgrade", none.clone(), json!({"UserPoolTier": "LITE"}), "UserPoolTier"),
        (
            "group-removal",
            json!({"groups": {"admins": {"Precedence": 1}, "others": {}}}),
            json!({"groups": {"others": {}}}),
            "groups.admins",
        ),
        (
            "group-role",
            json!({"groups": {"admins": {}, "others": {"RoleArn": "b"}}}),
            json!({"groups": {"admins": {"RoleArn": "a"}, "others": {"RoleArn": "b"}}}),
            "groups.admins.RoleArn",
        ),
        (
            "provider-removal",
            json!({"identityProviders": {"Okta": {}, "Acme": {}}}),
            json!({"identityProviders": {"Acme": {}}}),
            "identityProviders.Okta",
        ),
        ("provider-created", json!({}), json!({"identityProviders": {"Okta": {}}}), "identityProviders.Okta"),
        (
            "log-removal",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents", "LogLevel": "INFO"}]}}),
            json!({"logDelivery": {"LogConfigurations": []}}),
            "logDelivery.LogConfigurations[userAuthEvents]",
        ),
        (
            "log-destination-change",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents", "CloudWatchLogsConfiguration": {"LogGroupArn": "a"}}]}}),
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents"}]}}),
            "logDelivery.LogConfigurations[userAuthEvents].CloudWatchLogsConfiguration",
        ),
        (
            "log-destination-change",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents", "S3Configuration": {"BucketArn": "a"}}]}}),
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents"}]}}),
            "logDelivery.LogConfigurations[userAuthEvents].S3Configuration",
        ),
        (
            "log-destination-change",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents", "FirehoseConfiguration": {"StreamArn": "a"}}]}}),
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userAuthEvents"}]}}),
            "logDelivery.LogConfigurations[userAuthEvents].FirehoseConfiguration",
        ),
        (
            "log-destination-change",
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userNotification", "CloudWatchLogsConfiguration": {"LogGroupArn": "a"}}]}}),
            json!({"logDelivery": {"LogConfigurations": [{"EventSource": "userNotification"}]}}),
            "logDelivery.LogConfigurations[userNotification].CloudWatchLogsConfiguration",
        ),
        ("token-event-lower", token_event("V3_0"), token_event("V2_0"), TOKEN_EVENT),
        ("token-event-lower", token_event("V2_0"), triggers(&["PreTokenGeneration"]), TOKEN_EVENT),
        ("mfa-challenge-added", json!({mode: "OPTIONAL"}), json!({mode: "ON"}), mode),
        ("mfa-challenge-added", none.clone(), json!({"EmailMfaConfiguration": {}}), "EmailMfaConfiguration"),
        ("mfa-factor-implied", none.clone(), json!({"SmsMfaConfiguration": {}}), "SmsMfaConfiguration"),
        ("mfa-factor-implied", none.clone(), json!({"EmailMfaConfiguration": {}}), "EmailMfaConfiguration"),
        (
            "mfa-factor-implied",
            none.clone(),
            json!({"SoftwareTokenMfaConfiguration": {"Enabled": true}}),
            "SoftwareTokenMfaConfiguration.Enabled",
        ),
        (
            "temporary-password-longer",
            policy("TemporaryPasswordValidityDays", json!(7)),
            policy("TemporaryPasswordValidityDays", json!(30)),
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays",
        ),
        (
            "temporary-password-longer",
            none.clone(),
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}}),
            "AdminCreateUserConfig.UnusedAccountValidityDays",
        ),
        (
            "device-remembering-on",
            none.clone(),
            json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}),
            "DeviceConfiguration",
        ),
        (
            "device-remembering-on",
            json!({"DeviceConfiguration": {}}),
            json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}),
            "DeviceConfiguration.ChallengeRequiredOnNewDevice",
        ),
        (
            "trigger-added",
            triggers(&["PreSignUp"]),
            triggers(&["PreSignUp", "CustomMessage"]),
            "LambdaConfig.CustomMessage",
        ),
        (
            "sms-role-change",
            sms("SnsCallerArn", "a"),
            sms("SnsCallerArn", "b"),
            "SmsConfiguration.SnsCallerArn",
        ),
        ("sms-role-change", sms("ExternalId", "a"), sms("ExternalId", "b"), "SmsConfiguration.ExternalId"),
        (
            "sms-role-change",
            eums("CallerArn", "a"),
            eums("CallerArn", "b"),
            "SmsConfiguration.EumsSms.CallerArn",
        ),
        (
            "sms-role-change",
            eums("ExternalId", "a"),
            eums("ExternalId", "b"),
            "SmsConfiguration.EumsSms.ExternalId",
        ),
        (
            "email-sender-change",
            mail("EmailSendingAccount", "COGNITO_DEFAULT"),
            mail("EmailSendingAccount", "DEVELOPER"),
            "EmailConfiguration.EmailSendingAccount",
        ),
        ("email-sender-change", none.clone(), mail("SourceArn", "a"), "EmailConfiguration.SourceArn"),
        ("email-sender-change", mail("From", "a"), mail("From", "b"), "EmailConfiguration.From"),
        (
            "tier-upgrade-cost",
            json!({"UserPoolTier": "LITE"}),
            json!({"UserPoolTier": "PLUS"}),
            "UserPoolTier",
        ),
        (
            "tag-removal",
            json!({"UserPoolTags": {"a.b": "1", "c": "2"}}),
            json!({"UserPoolTags": {"c": "3"}}),
            r#"UserPoolTags["a.b"]"#,
        ),
        (
            "custom-attribute-added",
            json!({"Schema": [{"Name": "email"}]}),
            json!({"Schema": [{"Name": "email"}, {"Name": "custom:tenant"}]}),
            "Schema[custom:tenant]",
        ),
    ];
    of_pool.into_iter().chain(carriers_of_clients()).collect()
}

/// The same for app clients and resource servers.
fn carriers_of_clients() -> Vec<(&'static str, Json, Json, &'static str)> {
    let client = |members: Json| json!({"clients": {"web": members}});
    let (publish, flows) = ("PublishSecretsInAWSSecretsManager", "ExplicitAuthFlows");
    let scopes = |names: &[&str]| {
        let scopes: Json = names.iter().map(|name| json!({ "ScopeName": name })).collect();
        json!({"resourceServers": {"api": {"Scopes": scopes}}})
    };
    let urls = |urls: &[&str]| json!({ "CallbackURLs": urls });
    let known = ["https://app.example.com/in"];

    let cases = vec![
        (publish, json!({publish: false}), json!({publish: true}), "client-secret-rotated"),
        (publish, json!({publish: true}), json!({publish: false}), "client-secret-destroyed"),
        (
            "PreventUserExistenceErrors",
            json!({"PreventUserExistenceErrors": "ENABLED"}),
            json!({"PreventUserExistenceErrors": "LEGACY"}),
            "user-existence-shown",
        ),
        (
            "EnableTokenRevocation",
            json!({"EnableTokenRevocation": true}),
            json!({"EnableTokenRevocation": false}),
            "token-revocation-off",
        ),
        (
            "ExplicitAuthFlows",
            json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}),
            json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}),
            "auth-flow-removal",
        ),
        (
            "ExplicitAuthFlows",
            json!({"ExplicitAuthFlows": []}),
            json!({"ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}),
            "auth-flow-removal",
        ),
        (
            "ExplicitAuthFlows",
            json!({"AllowedOAuthFlowsUserPoolClient": false, "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]}),
            json!({"AllowedOAuthFlowsUserPoolClient": false, "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"]}),
            "auth-flow-removal",
        ),
        (
            "AllowedOAuthFlows",
            json!({"AllowedOAuthFlows": ["code", "client_credentials"]}),
            json!({"AllowedOAuthFlows": ["code"]}),
            "auth-flow-removal",
        ),
        (
            "AllowedOAuthFlowsUserPoolClient",
            json!({"AllowedOAuthFlowsUserPoolClient": true}),
            json!({"AllowedOAuthFlowsUserPoolClient": false}),
            "client-oauth-off",
        ),
        (
            "ReadAttributes",
            json!({"ReadAttributes": []}),
            json!({"ReadAttributes": ["email", "email_verified"]}),
            "client-attribute-unreadable",
        ),
        (
            "WriteAttributes",
            json!({"WriteAttributes": ["email", "custom:team"]}),
            json!({"WriteAttributes": ["email"]}),
            "client-attribute-unwritable",
        ),
        (
            "AllowedOAuthScopes",
            json!({"AllowedOAuthScopes": ["openid", "aws.cognito.signin.user.admin"]}),
            json!({"AllowedOAuthScopes": ["openid"]}),
            "client-scope-removal",
        ),
        (
            "SupportedIdentityProviders",
            json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]}),
            json!({"SupportedIdentityProviders": ["COGNITO"]}),
            "client-provider-removal",
        ),
        (
            "CallbackURLs",
            json!({"CallbackURLs": ["https://a", "https://b"]}),
            json!({"CallbackURLs": ["https://a"]}),
            "client-url-removal",
        ),
        ("LogoutURLs", json!({"LogoutURLs": ["https://a"]}), json!({}), "client-url-removal"),
        (
            "RefreshTokenRotation.Feature",
            json!({"RefreshTokenRotation": {"Feature": "DISABLED"}}),
            json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}),
            "refresh-rotation-on",
        ),
        (
            "AllowedOAuthFlows",
            json!({"AllowedOAuthFlows": ["code"]}),
            json!({"AllowedOAuthFlows": ["code", "implicit"]}),
            "implicit-flow",
        ),
        (
            "AllowedOAuthFlows",
            json!({}),
            json!({"AllowedOAuthFlows": ["client_credentials"]}),
            "machine-client",
        ),
        ("CallbackURLs", json!({}), urls(&known), "callback-added"),
        ("CallbackURLs", urls(&known), urls(&[known[0], "http://localhost/in"]), "callback-added"),
        ("CallbackURLs", urls(&known), urls(&[known[0], "https://evil.example.com/in"]), "callback-added"),
        (
            "CallbackURLs",
            urls(&known),
            urls(&[known[0], "https://app.example.com:x@evil.net"]),
            "callback-added",
        ),
        ("CallbackURLs", urls(&known), urls(&[known[0], "HTTP://app.example.com"]), "callback-added"),
        ("CallbackURLs", urls(&known), urls(&[known[0], "https://app.example.com/*"]), "callback-added"),
        ("CallbackURLs", urls(&known), urls(&[known[0], "myapp://in"]), "callback-added"),
        ("AccessTokenValidity", json!({}), json!({"AccessTokenValidity": 2}), "token-longer"),
        (
            "TokenValidityUnits.IdToken",
            json!({"IdTokenValidity": 5, "TokenValidityUnits": {"IdToken": "minutes"}}),
            json!({"IdTokenValidity": 5, "TokenValidityUnits": {"IdToken": "hours"}}),
            "token-longer",
        ),
        (
            "IdTokenValidity",
            json!({"IdTokenValidity": 61, "TokenValidityUnits": {"IdToken": "seconds"}}),
            json!({"IdTokenValidity": 2, "TokenValidityUnits": {"IdToken": "minutes"}}),
            "token-longer",
        ),
        (
            "RefreshTokenValidity",
            json!({"RefreshTokenValidity": 30}),
            json!({"RefreshTokenValidity": 31}),
            "token-longer",
        ),
        (
            "RefreshTokenRotation.Feature",
            json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}),
            json!({"RefreshTokenRotation": {"Feature": "DISABLED"}}),
            "refresh-rotation-off",
        ),
        (
            "SupportedIdentityProviders",
            json!({"SupportedIdentityProviders": ["COGNITO"]}),
            json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]}),
            "client-provider-added",
        ),
        (
            "AllowedOAuthScopes",
            json!({"AllowedOAuthScopes": ["openid"]}),
            json!({"AllowedOAuthScopes": ["openid", "api/write"]}),
            "client-scope-added",
        ),
        (
            flows,
            json!({flows: ["ALLOW_USER_SRP_AUTH"]}),
            json!({flows: ["ALLOW_USER_PASSWORD_AUTH"]}),
            "password-flow",
        ),
        (
            "WriteAttributes",
            json!({"WriteAttributes": ["name"]}),
            json!({"WriteAttributes": ["name", "email"]}),
            "verified-attribute-writable",
        ),
        (
            "WriteAttributes",
            json!({"WriteAttributes": ["name"]}),
            json!({"WriteAttributes": []}),
            "verified-attribute-writable",
        ),
    ];
    let of_clients = cases.into_iter().map(|(member, before, after, code)| {
        let at: &'static str = Box::leak(format!("clients.web.{member}").into_boxed_str());
        (code, client(before), client(after), at)
    });
    let others = [
        (
            "client-removal",
            json!({"clients": {"web": {}, "app": {}}}),
            json!({"clients": {"app": {}}}),
            "clients.web",
        ),
        (
            "cimd-opened",
            json!({"cimdPolicies": {"a": {}}}),
            json!({"cimdPolicies": {"a": {}, "b": {}}}),
            "cimdPolicies.b",
        ),
        (
            "cimd-opened",
            json!({"cimdPolicies": {"a": {"URLPatterns": ["https://a.example/*"]}}}),
            json!({"cimdPolicies": {"a": {"URLPatterns": ["https://a.example/*", "https://b.example/*"]}}}),
            "cimdPolicies.a.URLPatterns",
        ),
        (
            "cimd-removal",
            json!({"cimdPolicies": {"a": {}, "b": {}}}),
            json!({"cimdPolicies": {"a": {}}}),
            "cimdPolicies.b",
        ),
        (
            "cimd-removal",
            json!({"cimdPolicies": {"a": {"URLPatterns": ["https://a.example/*", "https://b.example/*"]}}}),
            json!({"cimdPolicies": {"a": {"URLPatterns": ["https://a.example/*"]}}}),
            "cimdPolicies.a.URLPatterns",
        ),
        (
            "branding-removal",
            json!({"clients": {"web": {"branding": {"UseCognitoProvidedValues": true}}}}),
            json!({"clients": {"web": {}}}),
            "clients.web.branding",
        ),
        (
            "terms-removal",
            json!({"clients": {"web": {"termsOfUse": {}, "privacyPolicy": {}}}}),
            json!({"clients": {"web": {"privacyPolicy": {}}}}),
            "clients.web.termsOfUse",
        ),
        (
            "terms-removal",
            json!({"clients": {"web": {"privacyPolicy": {}}}}),
            json!({"clients": {"web": {}}}),
            "clients.web.privacyPolicy",
        ),
        (
            "style-removal",
            json!({"clients": {"web": {"branding": {"Settings": {"categories": {"a": 1}, "components": {}}}}}}),
            json!({"clients": {"web": {"branding": {"Settings": {"components": {}}}}}}),
            "clients.web.branding.Settings.categories",
        ),
        (
            "image-removal",
            json!({"uiCustomization": {"ImageFile": true}}),
            json!({"uiCustomization": {}}),
            "uiCustomization.ImageFile",
        ),
        (
            "image-removal",
            json!({"clients": {"web": {"uiCustomization": {"ImageFile": true}}}}),
            json!({"clients": {"web": {"uiCustomization": {}}}}),
            "clients.web.uiCustomization.ImageFile",
        ),
        (
            "session-longer",
            json!({"clients": {"web": {}}}),
            json!({"clients": {"web": {"sessionConfiguration": {"SSOSession": {"MaxValidityMinutes": 61}}}}}),
            "clients.web.sessionConfiguration.SSOSession.MaxValidityMinutes",
        ),
        (
            "client-created",
            json!({"clients": {"app": {}}}),
            json!({"clients": {"web": {}, "app": {}}}),
            "clients.web",
        ),
        ("domain-removal", domain(json!({})), json!({"domains": {}}), "domains.d"),
        (
            "domain-tls-weaker",
            domain(config("SecurityPolicy", "TLS_V1_2_2021")),
            domain(config("SecurityPolicy", "TLS_V1")),
            "domains.d.CustomDomainConfig.SecurityPolicy",
        ),
        (
            "passkey-domain-moves",
            factors(&["PASSWORD", "WEB_AUTHN"]),
            with(factors(&["PASSWORD", "WEB_AUTHN"]), domain(config("CertificateArn", "a"))),
            "domains.d.CustomDomainConfig",
        ),
        (
            "login-version",
            domain(json!({"ManagedLoginVersion": 1})),
            domain(json!({"ManagedLoginVersion": 2})),
            "domains.d.ManagedLoginVersion",
        ),
        (
            "domain-certificate-change",
            domain(config("CertificateArn", "a")),
            domain(config("CertificateArn", "b")),
            "domains.d.CustomDomainConfig.CertificateArn",
        ),
        (
            "custom-domain-spreads",
            json!({}),
            domain(config("CertificateArn", "a")),
            "domains.d.CustomDomainConfig",
        ),
        ("resource-server-removal", scopes(&["read"]), json!({"resourceServers": {}}), "resourceServers.api"),
        ("scope-removal", scopes(&["read", "write"]), scopes(&["write"]), "resourceServers.api.Scopes[read]"),
    ];
    of_clients.chain(others).chain(carriers_of_providers()).chain(of_threats()).collect()
}

fn carriers_of_providers() -> Vec<(&'static str, Json, Json, &'static str)> {
    let (trust, mapping) = ("provider-trust-change", "provider-mapping-change");
    let moved = |code, within: &'static str, name: &'static str| (code, within, name, Some("a"), Some("b"));
    let (details, attributes) = ("ProviderDetails", "AttributeMapping");
    let trusted = ["MetadataURL", "oidc_issuer", "client_id", "jwks_uri", "authorize_url", "token_url"];
    let mapped = ["username", "email", "email_verified", "phone_number", "phone_number_verified"];
    let cases = trusted.map(|name| moved(trust, details, name)).into_iter();
    let cases = cases.chain(mapped.map(|name| moved(mapping, attributes, name))).chain([
        (trust, details, "MetadataFile", None, Some("a")),
        (trust, details, "attributes_url", None, Some("a")),
        (mapping, attributes, "username", Some("sub"), None),
        (mapping, attributes, "custom:tenant", Some("tenant"), Some("role")),
        moved("provider-secret-change", details, "client_secret"),
        ("saml-sign-in-weaker", details, "IDPInit", Some("false"), Some("true")),
        ("saml-sign-in-weaker", details, "EncryptedResponses", Some("true"), None),
        ("saml-sign-in-weaker", details, "RequestSigningAlgorithm", Some("rsa-sha256"), None),
    ]);
    let cases = cases.map(|(code, within, name, before, after)| {
        let provider = |value: Option<&str>| {
            let members: Object = value.into_iter().map(|value| (name.to_owned(), json!(value))).collect();
            json!({"identityProviders": {"Okta": {within: members}}})
        };
        let at = Path::members(["identityProviders", "Okta", within, name]).to_string();
        let at: &'static str = Box::leak(at.into_boxed_str());
        (code, provider(before), provider(after), at)
    });
    cases.collect()
}

#[test]
fn the_settings_of_a_new_provider_are_no_change_of_trust() {
    let mapped = |mapping: Json| json!({"identityProviders": {"Okta": {"AttributeMapping": mapping}}});
    let (none, one) = (json!({"custom:tenant": "a"}), json!({"custom:tenant": "a", "custom:role": "b"}));
    assert_eq!(seen("provider-mapping-change", &mapped(none), &mapped(one)), [""; 0]);
    let details = json!({"MetadataURL": "a", "client_id": "b"});
    let new = json!({"identityProviders": {"Okta": {"ProviderDetails": details, "AttributeMapping": {"username": "c"}}}});
    for code in ["provider-trust-change", "provider-mapping-change"] {
        assert_eq!(seen(code, &json!({}), &new), [""; 0], "{code}");
    }
}

/// A pool with a domain.
fn domain(members: Json) -> Json {
    json!({"domains": {"d": members}})
}

fn config(member: &str, value: &str) -> Json {
    json!({"CustomDomainConfig": {member: value}})
}

/// Both objects in one.
fn with(mut one: Json, other: Json) -> Json {
    one.as_object_mut().unwrap().extend(other.as_object().unwrap().clone());
    one
}

/// A pool with this member of its risk configuration.
fn threats(at: &str, value: Json) -> Json {
    let mut root = Object::new();
    crate::document::json::set(&mut root, &format!("riskConfiguration.{at}").parse().unwrap(), value);
    Json::Object(root)
}

/// For the risks of threat protection and sessions: changes that carry them.
fn of_threats() -> Vec<(&'static str, Json, Json, &'static str)> {
    const ACTIONS: &str = "AccountTakeoverRiskConfiguration.Actions";
    let leaked = "CompromisedCredentialsRiskConfiguration.Actions.EventAction";
    let (events, notify) = (
        "CompromisedCredentialsRiskConfiguration.EventFilter",
        "AccountTakeoverRiskConfiguration.NotifyConfiguration",
    );
    let (blocked, skipped) =
        ("RiskExceptionConfiguration.BlockedIPRangeList", "RiskExceptionConfiguration.SkippedIPRangeList");
    let weaker = "threat-response-weaker";
    let leak = |path: String| -> &'static str { Box::leak(path.into_boxed_str()) };
    let at = |path: &str| leak(format!("riskConfiguration.{path}"));
    let mut all = vec![
        (weaker, threats(leaked, json!("BLOCK")), threats(leaked, json!("NO_ACTION")), at(leaked)),
        (weaker, threats(leaked, json!("BLOCK")), json!({}), at(leaked)),
        (weaker, threats(events, json!([])), threats(events, json!(["SIGN_IN"])), at(events)),
        (weaker, threats(blocked, json!(["192.0.2.0/24"])), threats(blocked, json!([])), at(blocked)),
        ("ip-range-skipped", json!({}), threats(skipped, json!(["192.0.2.0/24"])), at(skipped)),
        ("threat-notice-off", threats(notify, json!({"SourceArn": "a"})), json!({}), at(notify)),
        (
            "session-tracking-off",
            json!({"sessionConfiguration": {"UserSessionTracking": "ENABLED"}}),
            json!({"sessionConfiguration": {"UserSessionTracking": "DISABLED"}}),
            "sessionConfiguration.UserSessionTracking",
        ),
    ];
    for level in ["Low", "Medium", "High"] {
        let action = format!("{ACTIONS}.{level}Action.EventAction");
        let told = format!("{ACTIONS}.{level}Action.Notify");
        all.push((
            weaker,
            threats(&action, json!("BLOCK")),
            threats(&action, json!("MFA_REQUIRED")),
            at(&action),
        ));
        all.push(("threat-notice-off", threats(&told, json!(true)), threats(&told, json!(false)), at(&told)));
    }
    let of_client = |pool: &Json| json!({"clients": {"web": pool}});
    let of_threats = all.iter().filter(|(_, _, _, at)| at.starts_with("riskConfiguration"));
    let of_clients: Vec<_> = of_threats
        .map(|(code, before, after, at)| {
            (*code, of_client(before), of_client(after), leak(format!("clients.web.{at}")))
        })
        .collect();
    all.extend(of_clients);
    let own = || of_client(&threats(leaked, json!("BLOCK")));
    all.push((
        "risk-override",
        of_client(&json!({"riskConfiguration": {}})),
        own(),
        "clients.web.riskConfiguration",
    ));
    all.push((
        "risk-inherited",
        own(),
        of_client(&json!({"riskConfiguration": {}})),
        "clients.web.riskConfiguration",
    ));
    all.push(("risk-override", json!({"clients": {}}), own(), "clients.web.riskConfiguration"));
    all
}

#[test]
fn what_looks_like_a_risk_of_a_domain_carries_none() {
    let custom = domain(config("CertificateArn", "a"));
    for (code, before, after) in [
        ("login-version", json!({}), domain(json!({"ManagedLoginVersion": 2}))),
        ("domain-certificate-change", json!({}), custom.clone()),
        ("passkey-domain-moves", json!({}), custom.clone()),
        ("passkey-domain-moves", json!({}), with(factors(&["WEB_AUTHN"]), custom.clone())),
        ("passkey-domain-moves", factors(&["PASSWORD"]), with(factors(&["PASSWORD"]), custom.clone())),
        ("domain-tls-weaker", json!({}), domain(config("SecurityPolicy", "TLS_V1"))),
        (
            "threat-response-weaker",
            json!({}),
            threats("RiskExceptionConfiguration.BlockedIPRangeList", json!([])),
        ),
    ] {
        assert_eq!(seen(code, &before, &after), [""; 0], "{code}: {before} to {after}");
    }
}

#[test]
fn what_looks_like_a_risk_of_a_client_carries_none() {
    let (flows, oauth) = ("ExplicitAuthFlows", "AllowedOAuthFlowsUserPoolClient");
    let (on, off) = (true, false);
    let with_oauth = |allowed: bool, list: &str| json!({oauth: allowed, list: ["a"]});
    for (code, before, after) in [
        ("callback-added", json!({"CallbackURLs": ["https://a"]}), json!({"CallbackURLs": ["HTTPS://A/b"]})),
        (
            "password-flow",
            json!({flows: ["USER_PASSWORD_AUTH"]}),
            json!({flows: ["ALLOW_USER_PASSWORD_AUTH"]}),
        ),
        ("password-flow", json!({}), json!({flows: ["ALLOW_USER_AUTH"]})),
        (
            "auth-flow-removal",
            json!({flows: ["USER_PASSWORD_AUTH"]}),
            json!({flows: ["ALLOW_USER_PASSWORD_AUTH"]}),
        ),
        (
            "client-provider-added",
            json!({"SupportedIdentityProviders": ["Okta"]}),
            json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]}),
        ),
        ("auth-flow-removal", with_oauth(off, "AllowedOAuthFlows"), json!({oauth: false})),
        ("client-scope-removal", with_oauth(off, "AllowedOAuthScopes"), json!({oauth: true})),
        ("client-scope-removal", with_oauth(on, "AllowedOAuthScopes"), json!({oauth: false})),
        ("client-provider-removal", with_oauth(off, "SupportedIdentityProviders"), json!({oauth: false})),
        ("client-url-removal", with_oauth(off, "CallbackURLs"), json!({oauth: false})),
        ("client-url-removal", with_oauth(off, "LogoutURLs"), json!({oauth: false})),
        (
            "token-longer",
            json!({}),
            json!({"AccessTokenValidity": 60, "TokenValidityUnits": {"AccessToken": "minutes"}}),
        ),
        ("verified-attribute-writable", json!({}), json!({"WriteAttributes": ["email"]})),
        ("client-attribute-unreadable", json!({"ReadAttributes": []}), json!({})),
        (
            "client-attribute-unreadable",
            json!({"ReadAttributes": ["email", "sub"]}),
            json!({"ReadAttributes": ["custom:team", "email"]}),
        ),
        (
            "client-attribute-unwritable",
            json!({"WriteAttributes": ["email"]}),
            json!({"WriteAttributes": []}),
        ),
        (
            "verified-attribute-writable",
            json!({"WriteAttributes": []}),
            json!({"WriteAttributes": ["phone_number"]}),
        ),
    ] {
        let client = |members: &Json| json!({"clients": {"web": members}});
        assert_eq!(seen(code, &client(&before), &client(&after)), [""; 0], "{code}: {before} to {after}");
    }
    for (code, new) in [
        ("token-longer", json!({"RefreshTokenValidity": 99})),
        ("callback-added", json!({"CallbackURLs": ["https://a"]})),
        ("auth-flow-removal", json!({flows: ["ALLOW_USER_AUTH"]})),
        ("client-scope-added", json!({"AllowedOAuthScopes": ["openid"]})),
        ("client-provider-added", json!({"SupportedIdentityProviders": ["Okta"]})),
    ] {
        assert_eq!(seen(code, &json!({}), &json!({"clients": {"new": new}})), [""; 0], "{code}");
    }
}

#[test]
fn every_sign_of_every_risk_shows_at_its_setting() {
    for (code, before, after, at) in carriers() {
        assert_eq!(seen(code, &before, &after), [at], "{code}: {before} to {after}");
    }
    for risk in Catalogue::risks() {
        for sign in risk.signs.iter().filter_map(Sign::path) {
            let shown = carriers().iter().any(|(code, _, _, at)| {
                let (at, sign) = (path(at).segs(), path(sign).segs());
                let is_any = |seg: &Seg| matches!(seg, Seg::Member(name) if &**name == "*");
                let is_same = |(seg, of): (&Seg, &Seg)| is_any(of) || seg == of;
                *code == risk.code && at.len() >= sign.len() && at.iter().zip(sign).all(is_same)
            });
            assert!(shown, "nothing shows the sign of {} at {sign}", risk.code);
        }
    }
}

/// Risks of a change as such, whichever way it goes, or of another function in the place of one.
const BOTH_WAYS: &[&str] = &[
    "issuer-change",
    "encryption-key-change",
    "relying-party-change",
    "login-version",
    "domain-certificate-change",
    "sms-role-change",
    "email-sender-change",
    "pool-renamed",
    "provider-secret-change",
    "user-migration-added",
    "custom-sender-added",
    "provider-trust-change",
    "provider-mapping-change",
];

#[test]
fn a_change_the_other_way_round_does_not_carry_the_risk() {
    for (code, before, after, _) in carriers() {
        if !BOTH_WAYS.contains(&code) {
            assert_eq!(seen(code, &after, &before), [""; 0], "{code}: {after} to {before}");
        }
    }
    let (none, migration) = (json!({}), triggers(&["UserMigration"]));
    assert_eq!(seen("user-migration-added", &migration, &none), [""; 0]);
    assert_eq!(seen("trigger-removal", &migration, &none), ["LambdaConfig.UserMigration"]);
}

#[test]
fn what_is_removed_whole_is_one_risk() {
    let (event, none) = (token_event("V2_0"), json!({"LambdaConfig": {}}));
    assert_eq!(seen("trigger-removal", &event, &none), ["LambdaConfig.PreTokenGenerationConfig"]);
    assert_eq!(seen("token-event-lower", &event, &none), [""; 0]);
    // The function under its older name stays, and gets events of the first version.
    let older = triggers(&["PreTokenGeneration"]);
    assert_eq!(seen("trigger-removal", &event, &older), [""; 0]);
    assert_eq!(seen("token-event-lower", &event, &older), [TOKEN_EVENT]);
}

#[test]
fn a_neighbour_that_only_looks_alike_carries_nothing() {
    let none = json!({});
    let phone = "verified_phone_number";
    for (before, after) in [
        (triggers(&["KMSKeyID"]), none.clone()),
        (none.clone(), triggers(&["KMSKeyID"])),
        (triggers(&["PreSignUp"]), json!({"LambdaConfig": {"PreSignUp": "another"}})),
        (triggers(&["PreTokenGeneration"]), triggers(&["PreTokenGenerationConfig"])),
        (none.clone(), recovery(&["admin_only"])),
        (none.clone(), recovery(&["verified_email"])),
        (recovery(&["verified_email", phone]), recovery(&["verified_email"])),
        (none.clone(), json!({"DcrConfiguration": {"EnableStatus": "Disabled"}})),
        // Registration is off afterwards, so that its limits do not matter.
        (
            json!({"DcrConfiguration": {"EnableStatus": "Enabled", "AuthenticatedGrantTypes": ["code"], "OpenDcrGrantTypes": []}}),
            json!({"DcrConfiguration": {"EnableStatus": "Disabled"}}),
        ),
        (
            json!({"DcrConfiguration": {"EnableStatus": "Disabled"}}),
            json!({"DcrConfiguration": {"EnableStatus": "Disabled", "OpenDcrEnabled": true, "AllowedScopes": ["admin"]}}),
        ),
        (none.clone(), factors(&["PASSWORD"])),
        (none.clone(), json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false}})),
        (none.clone(), json!({"DeletionProtection": "INACTIVE"})),
        (none.clone(), json!({"MfaConfiguration": "OFF"})),
        (none.clone(), json!({"UserPoolAddOns": {"AdvancedSecurityMode": "OFF"}})),
        (none.clone(), json!({"UserPoolTier": "ESSENTIALS"})),
        (
            none.clone(),
            json!({"WebAuthnConfiguration": {"RelyingPartyId": "a.example", "UserVerification": "preferred"}}),
        ),
        (none.clone(), json!({"SmsConfiguration": {"SnsCallerArn": "a", "ExternalId": "b"}})),
        (none.clone(), policy("MinimumLength", json!(8))),
        (policy("RequireSymbols", json!(true)), none.clone()),
        (none.clone(), policy("TemporaryPasswordValidityDays", json!(7))),
        (json!({"UserPoolTags": {"a": "1"}}), json!({"UserPoolTags": {"a": "2"}})),
        (json!({"EmailConfiguration": {"ReplyToEmailAddress": "a@b"}}), none.clone()),
        (none.clone(), json!({"PoolName": "b"})),
    ] {
        for risk in Catalogue::risks() {
            assert_eq!(seen(risk.code, &before, &after), [""; 0], "{}: {before} to {after}", risk.code);
        }
    }
}

#[test]
fn the_table_speaks_of_settings_and_values_that_the_model_has() {
    let catalogue = Catalogue::new(Shapes::bundled());
    for risk in Catalogue::risks() {
        assert_eq!(
            Catalogue::risks().iter().filter(|other| other.code == risk.code).count(),
            1,
            "{}",
            risk.code
        );
        assert!(!risk.text.ends_with('.') && risk.why.ends_with('.'), "{}", risk.code);
        for sign in risk.signs {
            let Some(at) = sign.path() else { continue };
            let created = catalogue.shapes.input("CreateUserPool").unwrap();
            let field = catalogue.member(path(at));
            assert!(
                field.is_some() || catalogue.shapes.member(created, at).is_some(),
                "{}: {at} is no path of the model",
                risk.code
            );
            if let Sign::Sinks(_, ranks) | Sign::Climbs(_, ranks) = sign {
                let allowed = &field.unwrap().shape.allowed;
                let all = ranks.values.iter().chain(&ranks.absent);
                all.into_iter().for_each(|value| {
                    assert!(allowed.iter().any(|allowed| allowed == value), "{at}: {value}");
                });
                assert_eq!(allowed.len(), ranks.values.len(), "{at} has values without a rank");
            }
        }
    }
}
