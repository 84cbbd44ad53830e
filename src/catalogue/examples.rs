//! Example values of settings whose type and range are not clear enough.

use std::sync::LazyLock;

use super::{Catalogue, literal};
use crate::document::{FastMap, Json, Path};

static BY_PATH: LazyLock<FastMap<&'static str, &'static str>> =
    LazyLock::new(|| EXAMPLES.iter().copied().collect());

impl Catalogue {
    /// An example value of the setting, if the table has one.
    pub fn example(&self, path: &Path) -> Option<Json> {
        BY_PATH.get(self.pattern(path)?.as_str()).map(|text| literal(text))
    }
}

const FUNCTION: &str = r#""arn:aws:lambda:eu-west-1:111122223333:function:example""#;
const ROLE: &str = r#""arn:aws:iam::111122223333:role/cognito-sms""#;
const KEY: &str = r#""arn:aws:kms:eu-west-1:111122223333:key/11112222-3333-4444-5555-666677778888""#;
const IDENTITY: &str = r#""arn:aws:ses:eu-west-1:111122223333:identity/example.com""#;
const CODE: &str = r#""Your code is {####}.""#;

/// The examples as JSON, by path, in the order of the requests.
static EXAMPLES: &[(&str, &str)] = &[
    ("Policies.PasswordPolicy.MinimumLength", "12"),
    ("Policies.SignInPolicy.AllowedFirstAuthFactors", r#"["PASSWORD","EMAIL_OTP"]"#),
    ("LambdaConfig.PreSignUp", FUNCTION),
    ("LambdaConfig.CustomMessage", FUNCTION),
    ("LambdaConfig.PostConfirmation", FUNCTION),
    ("LambdaConfig.PreAuthentication", FUNCTION),
    ("LambdaConfig.PostAuthentication", FUNCTION),
    ("LambdaConfig.DefineAuthChallenge", FUNCTION),
    ("LambdaConfig.CreateAuthChallenge", FUNCTION),
    ("LambdaConfig.VerifyAuthChallengeResponse", FUNCTION),
    ("LambdaConfig.PreTokenGeneration", FUNCTION),
    ("LambdaConfig.UserMigration", FUNCTION),
    ("LambdaConfig.PreTokenGenerationConfig.LambdaArn", FUNCTION),
    ("LambdaConfig.CustomSMSSender.LambdaArn", FUNCTION),
    ("LambdaConfig.CustomEmailSender.LambdaArn", FUNCTION),
    ("LambdaConfig.KMSKeyID", KEY),
    ("LambdaConfig.InboundFederation.LambdaArn", FUNCTION),
    ("AutoVerifiedAttributes", r#"["email"]"#),
    ("VerificationMessageTemplate.SmsMessage", CODE),
    ("VerificationMessageTemplate.EmailMessage", CODE),
    ("VerificationMessageTemplate.EmailSubject", r#""Your verification code""#),
    ("VerificationMessageTemplate.EmailMessageByLink", r#""Confirm your address: {##Click here##}""#),
    ("VerificationMessageTemplate.EmailSubjectByLink", r#""Confirm your address""#),
    ("SmsAuthenticationMessage", CODE),
    ("UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate", r#"["email"]"#),
    ("EmailConfiguration.SourceArn", IDENTITY),
    ("EmailConfiguration.ReplyToEmailAddress", r#""support@example.com""#),
    ("EmailConfiguration.From", r#""Example <no-reply@example.com>""#),
    ("SmsConfiguration.SnsCallerArn", ROLE),
    ("SmsConfiguration.EumsSms.CallerArn", ROLE),
    ("UserPoolTags", r#"{"team":"identity"}"#),
    (
        "AdminCreateUserConfig.InviteMessageTemplate.SMSMessage",
        r#""Your user name is {username}, your password is {####}.""#,
    ),
    (
        "AdminCreateUserConfig.InviteMessageTemplate.EmailMessage",
        r#""Your user name is {username}, your password is {####}.""#,
    ),
    ("AdminCreateUserConfig.InviteMessageTemplate.EmailSubject", r#""Your account""#),
    (
        "AccountRecoverySetting.RecoveryMechanisms",
        r#"[{"Name":"verified_email","Priority":1},{"Name":"verified_phone_number","Priority":2}]"#,
    ),
    ("PoolName", r#""customers""#),
    ("KeyConfiguration.KmsKeyArn", KEY),
    ("AcrConfiguration.*.AcrValue", r#""urn:example:loa:2""#),
    ("EmailMfaConfiguration.Message", CODE),
    ("EmailMfaConfiguration.Subject", r#""Your sign-in code""#),
    ("WebAuthnConfiguration.RelyingPartyId", r#""login.example.com""#),
    ("Schema", r#"[{"Name":"tenant","AttributeDataType":"String","Mutable":true}]"#),
    ("Schema[].Name", r#""tenant""#),
    ("Schema[].NumberAttributeConstraints.MinValue", r#""0""#),
    ("Schema[].NumberAttributeConstraints.MaxValue", r#""100""#),
    ("Schema[].StringAttributeConstraints.MinLength", r#""1""#),
    ("Schema[].StringAttributeConstraints.MaxLength", r#""256""#),
    ("identityProviders.*.ProviderType", r#""SAML""#),
    ("identityProviders.*.ProviderDetails", r#"{"MetadataURL":"https://login.example.com/metadata.xml"}"#),
    ("identityProviders.*.AttributeMapping", r#"{"email":"email"}"#),
    ("identityProviders.*.IdpIdentifiers", r#"["example.com"]"#),
    ("groups.*.Description", r#""Staff with access to customer data""#),
    ("groups.*.RoleArn", r#""arn:aws:iam::111122223333:role/admins""#),
    ("groups.*.Precedence", "1"),
    ("domains.*.ManagedLoginVersion", "2"),
    ("riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList", r#"["203.0.113.0/24"]"#),
    ("riskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList", r#"["192.0.2.0/24"]"#),
    (
        "riskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        r#""arn:aws:ses:eu-west-1:111122223333:identity/example.com""#,
    ),
    ("clients.*.riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList", r#"["203.0.113.0/24"]"#),
    ("clients.*.riskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList", r#"["192.0.2.0/24"]"#),
    (
        "clients.*.riskConfiguration.AccountTakeoverRiskConfiguration.NotifyConfiguration.SourceArn",
        r#""arn:aws:ses:eu-west-1:111122223333:identity/example.com""#,
    ),
    (
        "domains.*.CustomDomainConfig.CertificateArn",
        r#""arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9""#,
    ),
    ("domains.*.CustomDomainConfig.SecurityPolicy", r#""TLS_V1_2_2021""#),
];

#[cfg(test)]
mod tests {
    use super::super::pattern_path;
    use super::*;
    use crate::shapes::Shapes;

    #[test]
    fn every_example_is_one_of_a_setting_and_parses() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let patterns = catalogue.patterns();
        assert_eq!(BY_PATH.len(), EXAMPLES.len(), "a path stands twice");
        for (of, text) in EXAMPLES {
            assert!(patterns.iter().any(|pattern| pattern == of), "{of} is no setting of the model");
            let example = catalogue.example(&pattern_path(of)).unwrap();
            assert!(!example.is_null(), "{of}: {text}");
        }
    }
}
