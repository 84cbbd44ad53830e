//! The descriptions of settings without a row, one sentence each, and notes on some settings.
//!
//! A setting about which more is known has a row (`resources/`).

use std::sync::LazyLock;

use super::Catalogue;
use crate::document::{FastMap, Path, Seg};
use crate::shapes::{Shape, ShapeKind};

/// The maximum depth of the walk; the API has 5 levels. Another model may be endless.
const DEEPEST: usize = 12;

static DOCS_BY_PATH: LazyLock<FastMap<&'static str, &'static str>> =
    LazyLock::new(|| DOCS.iter().copied().collect());

impl Catalogue {
    /// Every path of a setting in the requests, as the tables write it, in the API's order: `[]` is any element of
    /// a list, `*` any key of a map.
    pub fn patterns(&self) -> Vec<String> {
        let mut out = Vec::new();
        for name in self.settings().map(str::to_owned).chain(Self::branches().map(str::to_owned)) {
            if let Some((_, top)) = self.home(&name) {
                self.collect_within(name, &top.node.shape, DEEPEST, &mut out);
            }
        }
        out
    }

    fn collect(&self, pattern: String, shape: &str, left: usize, out: &mut Vec<String>) {
        match self.shapes.get(shape).filter(|_| left > 0) {
            Some(shape) => self.collect_within(pattern, shape, left, out),
            None => out.push(pattern),
        }
    }

    fn collect_within(&self, pattern: String, shape: &Shape, left: usize, out: &mut Vec<String>) {
        out.push(pattern.clone());
        for (name, inner) in shape.members {
            self.collect(format!("{pattern}.{name}"), inner, left - 1, out);
        }
        for (mark, inner) in [("[]", shape.element), (".*", shape.value)] {
            if let Some(inner) = inner {
                self.collect(format!("{pattern}{mark}"), inner, left - 1, out);
            }
        }
    }

    /// The path as the tables write it, with `[]` for an element of a list and `*` for a key of a map, or `None` if
    /// no request has such a setting.
    pub fn pattern(&self, path: &Path) -> Option<String> {
        let head = path.head()?;
        let (_, top) = self.home(head).filter(|(_, top)| top.updates || top.creates)?;
        let (mut shape, mut pattern) = (&top.node.shape, head.to_owned());
        for seg in &path.segs()[1..] {
            match (seg, shape.kind) {
                (Seg::Member(name), ShapeKind::Structure) => {
                    pattern.push('.');
                    pattern.push_str(name);
                    shape = self.shapes.member(shape, name)?;
                }
                (Seg::Member(name), ShapeKind::Map) => {
                    pattern.push_str(".*");
                    shape = self.shapes.member(shape, name)?;
                }
                (Seg::Item(_) | Seg::Index(_), ShapeKind::List) => {
                    pattern.push_str("[]");
                    shape = self.shapes.element(shape)?;
                }
                _ => return None,
            }
        }
        Some(pattern)
    }

    /// The description of the setting, or `None` for a setting that is newer than the table.
    pub fn doc(&self, path: &Path) -> Option<&'static str> {
        let row = self.member(path).and_then(|field| field.row);
        row.map(|row| row.doc).or_else(|| DOCS_BY_PATH.get(self.pattern(path)?.as_str()).copied())
    }

    /// The notes on the setting.
    pub fn notes(&self, path: &Path) -> Vec<&'static str> {
        let pattern = self.pattern(path).unwrap_or_default();
        NOTES.iter().filter(|(of, _)| *of == pattern).map(|(_, note)| *note).collect()
    }
}

/// A pattern as a path for look-ups: any element is the first, any key is `*`.
pub fn pattern_path(pattern: &str) -> Path {
    let path = pattern.replace("[]", "[0]").parse();
    debug_assert!(path.is_ok(), "`{pattern}` is no path");
    path.unwrap_or_default()
}

/// The descriptions, in the order of the requests.
static DOCS: &[(&str, &str)] = &[
    (
        "Policies.SignInPolicy.AllowedFirstAuthFactors[]",
        "A factor with which a sign-in can begin. The API model lists `SOFTWARE_TOKEN` and says not to send it.",
    ),
    ("LambdaConfig.PreSignUp", "The function that is called before a sign-up and can refuse it."),
    ("LambdaConfig.CustomMessage", "The function that rewrites a message before it is sent."),
    ("LambdaConfig.PostConfirmation", "The function that is called after a user has been confirmed."),
    ("LambdaConfig.PreAuthentication", "The function that is called before a sign-in and can refuse it."),
    ("LambdaConfig.PostAuthentication", "The function that is called after a sign-in."),
    (
        "LambdaConfig.DefineAuthChallenge",
        "The function that decides which challenge of a custom sign-in comes next.",
    ),
    ("LambdaConfig.CreateAuthChallenge", "The function that creates a challenge of a custom sign-in."),
    (
        "LambdaConfig.VerifyAuthChallengeResponse",
        "The function that checks the answer to a challenge of a custom sign-in.",
    ),
    (
        "LambdaConfig.UserMigration",
        "The function that receives the user name and the password of anyone who signs in and is not in the pool yet.",
    ),
    (
        "LambdaConfig.PreTokenGenerationConfig",
        "The function that changes tokens before they are issued, and the version of its event.",
    ),
    (
        "LambdaConfig.PreTokenGenerationConfig.LambdaArn",
        "The function that changes tokens before they are issued.",
    ),
    ("LambdaConfig.CustomSMSSender", "The function that sends the pool's SMS instead of Cognito."),
    ("LambdaConfig.CustomSMSSender.LambdaVersion", "The version of the event that the function receives."),
    ("LambdaConfig.CustomSMSSender.LambdaArn", "The function that receives the codes to send by SMS."),
    ("LambdaConfig.CustomEmailSender", "The function that sends the pool's e-mail instead of Cognito."),
    ("LambdaConfig.CustomEmailSender.LambdaVersion", "The version of the event that the function receives."),
    ("LambdaConfig.CustomEmailSender.LambdaArn", "The function that receives the codes to send by e-mail."),
    (
        "LambdaConfig.KMSKeyID",
        "The key that encrypts the codes for `CustomSMSSender` and `CustomEmailSender`.",
    ),
    (
        "LambdaConfig.InboundFederation",
        "The function for sign-ins through another identity provider (inferred from the name).",
    ),
    ("LambdaConfig.InboundFederation.LambdaVersion", "The version of the event that the function receives."),
    (
        "LambdaConfig.InboundFederation.LambdaArn",
        "The function for sign-ins through another identity provider (inferred from the name).",
    ),
    ("AutoVerifiedAttributes[]", "An attribute that Cognito verifies automatically when a user signs up."),
    ("VerificationMessageTemplate.SmsMessage", "The text of the SMS that carries a verification code."),
    ("VerificationMessageTemplate.EmailMessage", "The text of the e-mail that carries a verification code."),
    (
        "VerificationMessageTemplate.EmailSubject",
        "The subject of the e-mail that carries a verification code.",
    ),
    (
        "VerificationMessageTemplate.EmailMessageByLink",
        "The text of the e-mail that carries a verification link.",
    ),
    (
        "VerificationMessageTemplate.EmailSubjectByLink",
        "The subject of the e-mail that carries a verification link.",
    ),
    (
        "UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate[]",
        "An attribute that keeps its old value until the new one is verified.",
    ),
    ("EmailConfiguration.SourceArn", "The Amazon SES identity that sends the e-mail."),
    ("EmailConfiguration.ReplyToEmailAddress", "The address that receives replies to the e-mail."),
    ("EmailConfiguration.From", "The sender shown in the e-mail, if your Amazon SES identity sends it."),
    ("EmailConfiguration.ConfigurationSet", "The Amazon SES configuration set for the e-mail."),
    ("SmsConfiguration.SnsCallerArn", "The role that Cognito assumes to send SMS through Amazon SNS."),
    ("SmsConfiguration.EumsSms", "SMS through AWS End User Messaging instead of Amazon SNS."),
    (
        "SmsConfiguration.EumsSms.CallerArn",
        "The role that Cognito assumes to send SMS through AWS End User Messaging.",
    ),
    ("SmsConfiguration.EumsSms.OriginationIdentity", "The identity that sends the messages."),
    ("SmsConfiguration.EumsSms.ConfigurationSetName", "The configuration set for the messages."),
    ("SmsConfiguration.EumsSms.InEntityId", "The entity id for messages to India."),
    ("SmsConfiguration.EumsSms.InTemplateId", "The template id for messages to India."),
    ("UserPoolTags.*", "The value of one tag. The key is the tag's name."),
    (
        "AdminCreateUserConfig.InviteMessageTemplate",
        "The invitations to users that an administrator creates.",
    ),
    ("AdminCreateUserConfig.InviteMessageTemplate.SMSMessage", "The text of the SMS that invites a user."),
    (
        "AdminCreateUserConfig.InviteMessageTemplate.EmailMessage",
        "The text of the e-mail that invites a user.",
    ),
    (
        "AdminCreateUserConfig.InviteMessageTemplate.EmailSubject",
        "The subject of the e-mail that invites a user.",
    ),
    ("UserPoolAddOns.AdvancedSecurityAdditionalFlows", "Threat protection for other sign-in flows."),
    (
        "UserPoolAddOns.AdvancedSecurityAdditionalFlows.CustomAuthMode",
        "Whether threat protection only records risks of custom sign-ins (`AUDIT`), or acts on them (`ENFORCED`).",
    ),
    ("DcrConfiguration.AuthenticatedGrantTypes[]", "A grant type for clients that register with a token."),
    ("DcrConfiguration.OpenDcrGrantTypes[]", "A grant type for clients that register without a token."),
    ("DcrConfiguration.AllowedScopes[]", "A scope that a registering client can request."),
    ("AccountRecoverySetting.RecoveryMechanisms[]", "One recovery method."),
    (
        "AccountRecoverySetting.RecoveryMechanisms[].Priority",
        "The priority of the recovery method: 1 comes before 2.",
    ),
    (
        "AccountRecoverySetting.RecoveryMechanisms[].Name",
        "The recovery method: by e-mail, by phone, or only by an administrator.",
    ),
    ("KeyConfiguration.KmsKeyArn", "Your KMS key, if `KeyType` says that you use your own."),
    ("AcrConfiguration.*", "The value of the `acr` claim for one authentication level."),
    ("AcrConfiguration.*.AcrValue", "The value of a token's `acr` claim for this level."),
    (
        "SmsMfaConfiguration.SmsConfiguration.SnsCallerArn",
        "The role that Cognito assumes to send SMS through Amazon SNS.",
    ),
    ("SmsMfaConfiguration.SmsConfiguration.SnsRegion", "The Region in which Amazon SNS sends the messages."),
    (
        "SmsMfaConfiguration.SmsConfiguration.EumsSms",
        "SMS through AWS End User Messaging instead of Amazon SNS.",
    ),
    (
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.CallerArn",
        "The role that Cognito assumes to send SMS through AWS End User Messaging.",
    ),
    (
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.OriginationIdentity",
        "The identity that sends the messages.",
    ),
    (
        "SmsMfaConfiguration.SmsConfiguration.EumsSms.ConfigurationSetName",
        "The configuration set for the messages.",
    ),
    ("SmsMfaConfiguration.SmsConfiguration.EumsSms.InEntityId", "The entity id for messages to India."),
    ("SmsMfaConfiguration.SmsConfiguration.EumsSms.InTemplateId", "The template id for messages to India."),
    ("SmsMfaConfiguration.SmsConfiguration.EumsSms.Region", "The Region from which the messages are sent."),
    ("AliasAttributes[]", "An attribute with which a user can sign in, in addition to the user name."),
    ("UsernameAttributes[]", "An attribute that users sign in with instead of a user name."),
    ("Schema[].AttributeDataType", "The type of the attribute's values."),
    (
        "Schema[].DeveloperOnlyAttribute",
        "Whether the attribute is for developers only. Its name then begins with `dev:custom:`.",
    ),
    ("Schema[].Mutable", "Whether a user's value can be changed after it has been set."),
    (
        "Schema[].Required",
        "Whether every user must have the attribute. A custom attribute cannot be required.",
    ),
    ("Schema[].NumberAttributeConstraints", "The allowed range of a number."),
    ("Schema[].StringAttributeConstraints", "The allowed length of a text."),
    ("resourceServers", "The APIs that tokens of the pool are for, each under its identifier."),
    ("clients.*.ReadAttributes[]", "An attribute that the application can read."),
    ("clients.*.WriteAttributes[]", "An attribute that the application can write."),
    ("clients.*.ExplicitAuthFlows[]", "A way to sign users in."),
    ("clients.*.SupportedIdentityProviders[]", "The name of a provider."),
    ("clients.*.CallbackURLs[]", "A URL to which Cognito may send users back."),
    ("clients.*.LogoutURLs[]", "A URL to which Cognito may send users after a sign-out."),
    ("clients.*.AllowedOAuthFlows[]", "A grant."),
    ("clients.*.AllowedOAuthScopes[]", "A scope."),
    ("clients.*.branding.Assets[]", "An image, the only one of its category and colour mode."),
    (
        "clients.*.riskConfiguration.CompromisedCredentialsRiskConfiguration.EventFilter[]",
        "An event at which passwords are checked.",
    ),
    (
        "clients.*.riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList[]",
        "A range, in CIDR notation.",
    ),
    (
        "clients.*.riskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList[]",
        "A range, in CIDR notation.",
    ),
    ("identityProviders", "The services whose users may sign in to the pool, each under its name."),
    ("identityProviders.*.IdpIdentifiers[]", "A name that chooses the provider."),
    ("identityProviders.*.AcrMapping.*", "The provider's name for the level."),
    ("clients", "The applications that use the pool, each under a label of the manifest."),
    ("groups", "The groups of the pool's users, each under its name."),
    (
        "riskConfiguration.CompromisedCredentialsRiskConfiguration.EventFilter[]",
        "An event at which passwords are checked.",
    ),
    ("riskConfiguration.RiskExceptionConfiguration.BlockedIPRangeList[]", "A range, in CIDR notation."),
    ("riskConfiguration.RiskExceptionConfiguration.SkippedIPRangeList[]", "A range, in CIDR notation."),
    (
        "cimdPolicies",
        "Who may use the pool without being registered, each policy under a label of the manifest.",
    ),
    ("cimdPolicies.*.URLPatterns[]", "A URL that begins with `https://`, with `*` for anything."),
    ("domains", "The domains of the pool's login pages, each under its name."),
];

/// The notes, in the order of the requests.
static NOTES: &[(&str, &str)] = &[
    (
        "Policies.PasswordPolicy.PasswordHistorySize",
        "Sources differ on the tier that this setting needs. It has not been measured.",
    ),
    (
        "LambdaConfig",
        "Users report that Cognito does not check a function when it is set. If the function is missing, or Cognito has no permission to call it, the next sign-in fails.",
    ),
    (
        "VerificationMessageTemplate.EmailMessage",
        "The documentation requires your own Amazon SES identity. Live pools that use Cognito's own sender have such a text too.",
    ),
    (
        "VerificationMessageTemplate.EmailMessageByLink",
        "The documentation forbids this setting together with `EmailMessage`. Cognito returns both, and poolctl accepts both.",
    ),
    (
        "DeviceConfiguration",
        "Devices are remembered even if both members are `false`. Only `null` turns that off.",
    ),
    (
        "SmsConfiguration",
        "The sender can be added and changed. Cognito may refuse a new role for some minutes, until IAM has replicated it.",
    ),
    (
        "DcrConfiguration",
        "A request replaces the whole structure. Without `EnableStatus`, it turns registration on.",
    ),
    (
        "DcrConfiguration.AuthenticatedGrantTypes",
        "If absent, the grant types are `code` and `client_credentials`.",
    ),
    ("DcrConfiguration.OpenDcrGrantTypes", "If absent, the grant type is `code`."),
    ("DcrConfiguration.AllowedScopes", "If absent, only the scopes of OpenID Connect are allowed."),
    (
        "AccountRecoverySetting",
        "A new pool has e-mail first and phone second. Without any recovery method, Cognito prefers SMS to e-mail.",
    ),
    ("PoolName", "A pool can be renamed in place, although older documentation and tools say otherwise."),
    ("KeyConfiguration", "The documentation does not say whether a change can be undone."),
    ("IssuerConfiguration", "The documentation does not say whether a change can be undone."),
    (
        "MfaConfiguration",
        "If the pool has an SMS sender, `OFF` is set with UpdateUserPool, because SetUserPoolMfaConfig could then remove the sender.",
    ),
    (
        "SmsMfaConfiguration",
        "It has not been measured whether a factor in the response of GetUserPoolMfaConfig is on, or only configured.",
    ),
    (
        "EmailMfaConfiguration",
        "It has not been measured whether a factor in the response of GetUserPoolMfaConfig is on, or only configured.",
    ),
    ("Schema", "A pool can have 50 custom attributes."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::path;
    use crate::shapes::Shapes;

    #[test]
    fn every_setting_of_the_model_has_its_sentence() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let patterns = catalogue.patterns();
        assert!(patterns.len() > 150, "{}", patterns.len());
        for pattern in &patterns {
            let doc = catalogue.doc(&pattern_path(pattern));
            let doc = doc.unwrap_or_else(|| panic!("{pattern} has neither a row nor a sentence"));
            assert!(doc.ends_with('.') && doc.len() > 5, "{pattern}: {doc}");
            assert_eq!(catalogue.pattern(&pattern_path(pattern)).as_ref(), Some(pattern));
        }
    }

    #[test]
    fn every_sentence_is_of_a_setting_and_no_setting_has_two() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let patterns = catalogue.patterns();
        for (of, _) in DOCS.iter().chain(NOTES) {
            assert!(patterns.iter().any(|pattern| pattern == of), "{of} is no setting of the model");
        }
        assert_eq!(DOCS_BY_PATH.len(), DOCS.len(), "a path stands twice");
        // The MFA call's are here whether or not a row says more of them.
        let mfa = catalogue.shapes.input("SetUserPoolMfaConfig").unwrap();
        for (of, _) in DOCS {
            let at = pattern_path(of);
            let row = catalogue.member(&at).and_then(|field| field.row);
            let of_mfa = mfa.members.iter().any(|(name, _)| Some(*name) == at.head());
            assert!(row.is_none() || of_mfa, "{of} has a row, which has a sentence");
        }
    }

    #[test]
    fn a_key_of_a_map_and_an_element_of_a_list_have_the_sentence_of_any() {
        let catalogue = Catalogue::new(Shapes::bundled());
        let doc = |text: &'static str| catalogue.doc(path(text));
        assert_eq!(doc("UserPoolTags.team"), doc("UserPoolTags.*"));
        assert_eq!(
            doc("AcrConfiguration.Level1"),
            Some("The value of the `acr` claim for one authentication level.")
        );
        assert_eq!(doc("Schema[custom:tenant].Mutable"), doc("Schema[0].Mutable"));
        assert_eq!(doc("UserPoolId"), None);
        assert_eq!(doc("LambdaConfig.Zebra"), None);
        assert_eq!(doc("Arn"), None);
    }
}
