"""A pool that uses every setting there is: `make` makes it, and returns `{"id": …, "sent": …, "mfa": …}`.

It is as Amazon Cognito itself would accept it, as far as that is known, but for the three members `BrandNew…`, which
stand for what AWS ships next. The wish `mirrors` adds the one member that the service shows and does not take, for
emulators that would not show it of themselves.

`sent` is the request of CreateUserPool and `mfa` that of SetUserPoolMfaConfig.
"""

import copy

import wire

ACCOUNT = "111122223333"


def trigger(name):
    return f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{name}"


def versioned(name, version="V1_0"):
    return {"LambdaVersion": version, "LambdaArn": trigger(name)}


# Long enough for a diff to leave most of it out; with blanks, tabs, quotes and an empty line at the end.
LETTER = "\n".join(
    ["<html>", "<body>", "\t<p>Grüß Gott, “{username}” &amp; all,</p>"]
    + [f"  <p class='row-{number}'>Paragraph {number} of the letter.  </p>" for number in range(1, 41)]
    + ["  <p>Your code is {####}. It is valid for 24 hours.</p>", "</body>", "</html>", ""]
)
SUBJECT = "Your code für customers ✉"
TEXT = "Code {####}, sent by customers"

SENT = {
    "PoolName": "customers",
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 10,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": False,
            "RequireSymbols": False,
            "PasswordHistorySize": 5,
            "TemporaryPasswordValidityDays": 3,
            "BrandNewRule": ["a", {"b": False}],
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
    },
    "DeletionProtection": "ACTIVE",
    "LambdaConfig": {
        "PreSignUp": trigger("pre-sign-up"),
        "CustomMessage": trigger("custom-message"),
        "PostConfirmation": trigger("post-confirmation"),
        "PreAuthentication": trigger("pre-authentication"),
        "PostAuthentication": trigger("post-authentication"),
        "DefineAuthChallenge": trigger("define"),
        "CreateAuthChallenge": trigger("create"),
        "VerifyAuthChallengeResponse": trigger("verify"),
        "PreTokenGeneration": trigger("pre-token"),
        "UserMigration": trigger("migration"),
        "PreTokenGenerationConfig": versioned("pre-token", "V3_0"),
        "CustomSMSSender": versioned("sms-sender"),
        "CustomEmailSender": versioned("email-sender"),
        "KMSKeyID": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555",
        "InboundFederation": versioned("inbound"),
        "BrandNewTrigger": versioned("brand-new", "V9_0"),
    },
    "AutoVerifiedAttributes": ["email", "phone_number"],
    "AliasAttributes": ["email", "preferred_username"],
    "UsernameConfiguration": {"CaseSensitive": False},
    "SmsVerificationMessage": TEXT,
    "EmailVerificationMessage": LETTER,
    "EmailVerificationSubject": SUBJECT,
    "VerificationMessageTemplate": {
        "SmsMessage": TEXT,
        "EmailMessage": LETTER,
        "EmailSubject": SUBJECT,
        "EmailMessageByLink": "<p>Click {##here##}.</p>",
        "EmailSubjectByLink": "Your link",
        "DefaultEmailOption": "CONFIRM_WITH_CODE",
    },
    "SmsAuthenticationMessage": "Sign in with {####}",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    # Both false is not the same as absent: the structure alone switches devices on.
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": False, "DeviceOnlyRememberedOnUserPrompt": False},
    "EmailConfiguration": {
        "SourceArn": f"arn:aws:ses:eu-west-1:{ACCOUNT}:identity/customers.example",
        "ReplyToEmailAddress": "help@customers.example",
        "EmailSendingAccount": "DEVELOPER",
        "From": "Customers <no-reply@customers.example>",
        "ConfigurationSet": "customers-set",
    },
    # EumsSms and SnsCallerArn exclude each other.
    "SmsConfiguration": {
        "SnsCallerArn": f"arn:aws:iam::{ACCOUNT}:role/sms",
        "ExternalId": "0123",
        "SnsRegion": "eu-west-1",
    },
    "UserPoolTags": {
        "answer": "yes",
        "switch": "on",
        "cost-centre": "0123",
        "number": "1e3",
        "nothing": "null",
        "empty": "",
        "a.b/c": "dots and strokes",
        "Größe": "überall ✓",
        "team": "identity",
    },
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": False,
        "InviteMessageTemplate": {
            "SMSMessage": "Hi {username}, your password is {####}",
            "EmailMessage": "<p>Hi {username}</p>\n<p>Your password is {####}</p>\n",
            "EmailSubject": "Welcome",
        },
    },
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {
            "Name": "tenant",
            "AttributeDataType": "String",
            "Mutable": True,
            "Required": False,
            "DeveloperOnlyAttribute": False,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "64"},
        },
        {
            "Name": "level",
            "AttributeDataType": "Number",
            "Mutable": True,
            "Required": False,
            "DeveloperOnlyAttribute": False,
            "NumberAttributeConstraints": {"MinValue": "0", "MaxValue": "9"},
        },
    ],
    "UserPoolAddOns": {
        "AdvancedSecurityMode": "ENFORCED",
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
    },
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"},
            {"Priority": 2, "Name": "verified_phone_number"},
        ]
    },
    "UserPoolTier": "PLUS",
    "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
    "IssuerConfiguration": {"Type": "ORIGINAL"},
    "AcrConfiguration": {"Level1": {"AcrValue": "urn:customers:low"}, "Level2": {"AcrValue": "urn:customers:high"}},
    "DcrConfiguration": {
        "EnableStatus": "Enabled",
        "OpenDcrEnabled": False,
        "AuthenticatedGrantTypes": ["code"],
        "OpenDcrGrantTypes": [],
        "AllowedScopes": ["openid", "email"],
    },
    "BrandNewConfiguration": {"Mode": "NEW", "Limit": 12345678901234567890123},
}

# Made by its own call, after the pool: that is the order which the service takes without SMS as a factor.
MFA = {
    "MfaConfiguration": "OPTIONAL",
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "EmailMfaConfiguration": {"Message": "<p>Sign in with {####}</p>", "Subject": "Sign in"},
    "WebAuthnConfiguration": {
        "RelyingPartyId": "customers.example",
        "UserVerification": "required",
        "FactorConfiguration": "SINGLE_FACTOR",
    },
}


def make(client, wishes):
    """Makes the pool, with what these wishes add to it."""
    sent, mfa = copy.deepcopy(SENT), copy.deepcopy(MFA)
    if "mirrors" in wishes:
        sent["AdminCreateUserConfig"]["UnusedAccountValidityDays"] = 3
    if "sender" in wishes:
        # An MFA call without the pool's SMS sender takes it away, which a pool that verifies phones refuses.
        mfa["SmsMfaConfiguration"] = {
            "SmsAuthenticationMessage": sent["SmsAuthenticationMessage"],
            "SmsConfiguration": sent["SmsConfiguration"],
        }
        # With this factor an update that resets the e-mail sender is refused, and loses nothing.
        del mfa["EmailMfaConfiguration"]
    pool = wire.send(client, "CreateUserPool", sent)["UserPool"]["Id"]
    wire.send(client, "SetUserPoolMfaConfig", {"UserPoolId": pool, **mfa})
    return {"id": pool, "sent": sent, "mfa": mfa}
