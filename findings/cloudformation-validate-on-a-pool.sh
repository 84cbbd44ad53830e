#!/usr/bin/env bash
# cloudformation-validate 1.14.0 (PyPI), AWS's own validator for templates and for calls of the API before they are
# sent, and cfn-lint 1.58.0 (PyPI), whose rules it has: the settings of a user pool in both.
#
# Guess: it validates the calls that make a pool and its parts, and those that update them; of all other writes it says
#   that it skips them. For templates it finds what cfn-lint finds, with the same severity.
# Behaviour: no call that writes a pool's own settings is ever validated. CreateUserPool is skipped as its `PoolName` is
#   `UserPoolName` in CloudFormation. All updates are "unmapped", as are SetUserPoolMfaConfig and AddCustomAttributes.
#   Of the other calls, those alone are validated that have no structure among their parameters. So an app client with
#   RefreshTokenRotation or TokenValidityUnits, a resource server with Scopes, an identity provider with ProviderDetails
#   and a custom domain are skipped too. A skipped call has no report, so it has no finding, as a clean one.
#   In templates, a value that is none of the allowed ones (MfaConfiguration `On`, a misspelt flow of an app client) is
#   a warning here (W3030), where cfn-lint has an error (E3030): a pipeline that stops at errors deploys it. Numbers
#   beyond a bound and unknown members are FATAL in the one and errors in the other.
# Output seen:
#   CreateUserPool PoolName: skipped, PoolName
#   CreateUserPool PoolName Policies Schema: skipped, Policies
#   UpdateUserPool UserPoolId MfaConfiguration: skipped, UNMAPPED_MUTATION
#   SetUserPoolMfaConfig UserPoolId MfaConfiguration: skipped, UNMAPPED_MUTATION
#   AddCustomAttributes UserPoolId CustomAttributes: skipped, UNMAPPED_MUTATION
#   CreateUserPoolClient UserPoolId ClientName ExplicitAuthFlows: validated
#   CreateUserPoolClient UserPoolId ClientName RefreshTokenRotation: skipped, RefreshTokenRotation
#   CreateUserPoolClient UserPoolId ClientName TokenValidityUnits: skipped, TokenValidityUnits
#   UpdateUserPoolClient UserPoolId ClientId ClientName: skipped, UNMAPPED_MUTATION
#   CreateResourceServer UserPoolId Identifier Name: validated
#   CreateResourceServer UserPoolId Identifier Name Scopes: skipped, Scopes
#   CreateIdentityProvider UserPoolId ProviderName ProviderType ProviderDetails: skipped, ProviderDetails
#   CreateUserPoolDomain UserPoolId Domain: validated
#   CreateUserPoolDomain UserPoolId Domain CustomDomainConfig: skipped, CustomDomainConfig
#   CreateGroup UserPoolId GroupName Precedence RoleArn: validated
#   UpdateGroup UserPoolId GroupName Precedence: skipped, UNMAPPED_MUTATION
#   {"MfaConfiguration": "On"}: WARN W3030; cfn-lint E3030
#   {"UserPoolTier": "Plus"}: WARN W3030; cfn-lint E3030
#   {"Schema": [{"Name": "level", "AttributeDataType": "Integer"}]}: WARN W3030; cfn-lint E3030
#   {"UserPoolId": "eu-west-1_a1B2c3D4E", "ExplicitAuthFlows": ["ALLOW_USER_SRP"]}: WARN W3030; cfn-lint E3030
#   {"Policies": {"PasswordPolicy": {"MinimumLength": 100}}}: FATAL F3034; cfn-lint E3034
#   {"Policies": {"PasswordPolicy": {"RequireSymbol": true}}}: FATAL F3002; cfn-lint E3002
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cloudformation-validate==1.14.0 cfn-lint==1.58.0

cat >ask.py <<'PY'
import json
import re

from cfnlint.api import ManualArgs, lint
from cloudformation_validate import AwsCliCommand, CompositeEngine, TemplateContent

POOL = {"UserPoolId": "eu-west-1_a1B2c3D4E"}
CLIENT = {**POOL, "ClientName": "web"}
SERVER = {**POOL, "Identifier": "https://api.example.com", "Name": "api"}
PROVIDER = {**POOL, "ProviderName": "Corp", "ProviderType": "SAML"}
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/a1b2c3d4-5678-90ab-cdef-000000000001"
ROLE = "arn:aws:iam::111122223333:role/admins"
ATTRIBUTE = {"Name": "level", "AttributeDataType": "Number"}
CALLS = [
    ("CreateUserPool", {"PoolName": "customers"}),
    (
        "CreateUserPool",
        {"PoolName": "customers", "Policies": {"PasswordPolicy": {"MinimumLength": 12}}, "Schema": [ATTRIBUTE]},
    ),
    ("UpdateUserPool", {**POOL, "MfaConfiguration": "ON"}),
    ("SetUserPoolMfaConfig", {**POOL, "MfaConfiguration": "ON"}),
    ("AddCustomAttributes", {**POOL, "CustomAttributes": [ATTRIBUTE]}),
    ("CreateUserPoolClient", {**CLIENT, "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}),
    ("CreateUserPoolClient", {**CLIENT, "RefreshTokenRotation": {"Feature": "ENABLED"}}),
    ("CreateUserPoolClient", {**CLIENT, "TokenValidityUnits": {"AccessToken": "hours"}}),
    ("UpdateUserPoolClient", {**POOL, "ClientId": "1example23456789", "ClientName": "web"}),
    ("CreateResourceServer", SERVER),
    ("CreateResourceServer", {**SERVER, "Scopes": [{"ScopeName": "read", "ScopeDescription": "Read"}]}),
    ("CreateIdentityProvider", {**PROVIDER, "ProviderDetails": {"MetadataURL": "https://idp.example.com/metadata"}}),
    ("CreateUserPoolDomain", {**POOL, "Domain": "customers"}),
    (
        "CreateUserPoolDomain",
        {**POOL, "Domain": "auth.example.com", "CustomDomainConfig": {"CertificateArn": CERTIFICATE}},
    ),
    ("CreateGroup", {**POOL, "GroupName": "admins", "Precedence": 1, "RoleArn": ROLE}),
    ("UpdateGroup", {**POOL, "GroupName": "admins", "Precedence": 1}),
]
TEMPLATES = [
    ("UserPool", {"MfaConfiguration": "On"}),
    ("UserPool", {"UserPoolTier": "Plus"}),
    ("UserPool", {"Schema": [{"Name": "level", "AttributeDataType": "Integer"}]}),
    ("UserPoolClient", {**POOL, "ExplicitAuthFlows": ["ALLOW_USER_SRP"]}),
    ("UserPool", {"Policies": {"PasswordPolicy": {"MinimumLength": 100}}}),
    ("UserPool", {"Policies": {"PasswordPolicy": {"RequireSymbol": True}}}),
]
engine = CompositeEngine()
for operation, parameters in CALLS:
    found = engine.validate_aws_cli_command(AwsCliCommand("cognito-idp", operation, parameters))
    said = found.status.name.lower()
    if found.report is None:
        unmapped = re.match(r"parameter '(\w+)' has no mapping", found.reason)
        said += ", " + (unmapped.group(1) if unmapped else found.operation_kind.name)
    print(f"{operation} {' '.join(parameters)}: {said}")
for kind, properties in TEMPLATES:
    resource = {"Type": f"AWS::Cognito::{kind}", "Properties": properties}
    resource |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    body = json.dumps({"Resources": {"R": resource}})
    found = [one for one in engine.validate_template(TemplateContent(body)).diagnostics if one.severity.name != "INFO"]
    linted = lint(body, config=ManualArgs(regions=["eu-west-1"]))
    ours = " ".join(f"{one.severity.name} {one.rule_id}" for one in found)
    print(f"{json.dumps(properties)}: {ours}; cfn-lint {' '.join(one.rule.id for one in linted)}")
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
CreateUserPool PoolName: skipped, PoolName
CreateUserPool PoolName Policies Schema: skipped, Policies
UpdateUserPool UserPoolId MfaConfiguration: skipped, UNMAPPED_MUTATION
SetUserPoolMfaConfig UserPoolId MfaConfiguration: skipped, UNMAPPED_MUTATION
AddCustomAttributes UserPoolId CustomAttributes: skipped, UNMAPPED_MUTATION
CreateUserPoolClient UserPoolId ClientName ExplicitAuthFlows: validated
CreateUserPoolClient UserPoolId ClientName RefreshTokenRotation: skipped, RefreshTokenRotation
CreateUserPoolClient UserPoolId ClientName TokenValidityUnits: skipped, TokenValidityUnits
UpdateUserPoolClient UserPoolId ClientId ClientName: skipped, UNMAPPED_MUTATION
CreateResourceServer UserPoolId Identifier Name: validated
CreateResourceServer UserPoolId Identifier Name Scopes: skipped, Scopes
CreateIdentityProvider UserPoolId ProviderName ProviderType ProviderDetails: skipped, ProviderDetails
CreateUserPoolDomain UserPoolId Domain: validated
CreateUserPoolDomain UserPoolId Domain CustomDomainConfig: skipped, CustomDomainConfig
CreateGroup UserPoolId GroupName Precedence RoleArn: validated
UpdateGroup UserPoolId GroupName Precedence: skipped, UNMAPPED_MUTATION
{"MfaConfiguration": "On"}: WARN W3030; cfn-lint E3030
{"UserPoolTier": "Plus"}: WARN W3030; cfn-lint E3030
{"Schema": [{"Name": "level", "AttributeDataType": "Integer"}]}: WARN W3030; cfn-lint E3030
{"UserPoolId": "eu-west-1_a1B2c3D4E", "ExplicitAuthFlows": ["ALLOW_USER_SRP"]}: WARN W3030; cfn-lint E3030
{"Policies": {"PasswordPolicy": {"MinimumLength": 100}}}: FATAL F3034; cfn-lint E3034
{"Policies": {"PasswordPolicy": {"RequireSymbol": true}}}: FATAL F3002; cfn-lint E3002
EXPECTED
echo 'as found'
