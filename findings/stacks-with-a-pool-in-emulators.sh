#!/usr/bin/env bash
# moto 5.2.5 and ministack 1.5.33 with boto3 1.43.106 (PyPI): stacks of CloudFormation with a user pool, as the CDK, SAM
# and Serverless deploy them.
#
# Guess: both have CloudFormation and Cognito, so a stack makes the pool with the settings of the template, as
#   CreateUserPool does there. What the emulator does not know fails the stack. `DeletionPolicy: Retain` keeps the pool
#   when the stack is deleted, and so does `DeletionProtection: ACTIVE`, for which the deletion fails, as it does at
#   Amazon.
# Behaviour: in moto no type of Cognito is part of CloudFormation. The stack is CREATE_COMPLETE, and so is every
#   resource, with an empty id; there is no pool, and a line of the log is all that tells. An update and a deletion
#   "succeed" too. ministack makes the pool. It refuses the whole template for an identity provider, for a style or a
#   customization of the login pages, for risk configuration and for log delivery. Of the settings it drops, without an
#   event, the factor and the text of e-mail MFA, the domain of passkeys, and the rotation of refresh tokens. It keeps a
#   retained pool, and deletes a protected one with its stack. So neither is a rehearsal for taking a pool out of its
#   stack: that the stack lets go, and that protection holds, has to be seen in a test account.
# Output seen (moto, then ministack):
#   stack with pool and app client: CREATE_COMPLETE | CREATE_COMPLETE
#   pools made, ids in the stack: 0, none | 1, all
#   dropped: all | EMAIL_OTP EmailAuthenticationMessage RefreshTokenRotation WebAuthnRelyingPartyID
#   stack with eight more types: CREATE_COMPLETE | refused for LogDeliveryConfiguration ManagedLoginBranding
#     IdentityProvider RiskConfigurationAttachment UICustomizationAttachment
#   update that renames the pool: UPDATE_COMPLETE, no pool | UPDATE_COMPLETE, renamed
#   stack deleted, pool with Retain: none | kept
#   stack deleted, pool with DeletionProtection ACTIVE: none | deleted
set -euo pipefail
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    ministack==1.5.33 'moto[cloudformation,cognitoidp]==5.2.5' boto3==1.43.106

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
env -i PATH="$PATH" HOME="$work" BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" LOG_LEVEL=ERROR \
    env/bin/ministack >ministack.said 2>&1 &
server=$!

cat >ask.py <<'PY'
import contextlib
import json
import re
import socket
import sys
import time

import boto3
from botocore.exceptions import ClientError

emulator, port = sys.argv[1:]
connection = {"region_name": "eu-west-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
played = contextlib.nullcontext()
if emulator == "moto":
    from moto import mock_aws

    played = mock_aws()
else:
    connection["endpoint_url"] = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
            break
        except OSError:
            time.sleep(0.1)

POOL = {
    "UserPoolName": "customers", "UserPoolTier": "ESSENTIALS", "MfaConfiguration": "OPTIONAL",
    "EnabledMfas": ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"], "EmailAuthenticationMessage": "Code {####}",
    "WebAuthnRelyingPartyID": "example.com", "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
    "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "From": "post@example.com",
                           "SourceArn": "arn:aws:ses:eu-west-1:111122223333:identity/example.com"},
}
OF_POOL = {"UserPoolId": {"Ref": "Pool"}}
ROTATION = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10}
CLIENT = {**OF_POOL, "ClientName": "web", "RefreshTokenRotation": ROTATION}
LOGS = {"EventSource": "userNotification", "LogLevel": "ERROR",
        "CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:pool"}}
OTHERS = {
    "UserPoolGroup": {"GroupName": "admins"},
    "UserPoolResourceServer": {"Identifier": "https://api.example.com", "Name": "api"},
    "UserPoolDomain": {"Domain": "customers-example"},
    "UserPoolIdentityProvider": {"ProviderName": "acme", "ProviderType": "SAML",
                                 "ProviderDetails": {"MetadataURL": "https://idp.example.com/metadata"}},
    "UserPoolRiskConfigurationAttachment": {"ClientId": "ALL", "RiskExceptionConfiguration": {}},
    "UserPoolUICustomizationAttachment": {"ClientId": "ALL", "CSS": ".banner-customizable {}"},
    "LogDeliveryConfiguration": {"LogConfigurations": [LOGS]},
    "ManagedLoginBranding": {"ClientId": {"Ref": "Client"}, "UseCognitoProvidedValues": True},
}


def template(pool, policies=None, others=()):
    resources = {"Pool": {"Type": "AWS::Cognito::UserPool", "Properties": pool, **(policies or {})},
                 "Client": {"Type": "AWS::Cognito::UserPoolClient", "Properties": CLIENT}}
    for kind in others:
        resources[kind] = {"Type": f"AWS::Cognito::{kind}", "Properties": {**OF_POOL, **OTHERS[kind]}}
    return json.dumps({"Resources": resources})


def status(stack, call, **given):
    try:
        call(StackName=stack, **given)
    except ClientError as error:
        return "refused for " + " ".join(re.findall(r"AWS::Cognito::(?:UserPool)?(\w+)", str(error)))
    for _ in range(100):
        try:
            (one,) = stacks.describe_stacks(StackName=stack)["Stacks"]
        except ClientError:
            return "DELETE_COMPLETE"
        if not one["StackStatus"].endswith("IN_PROGRESS"):
            return one["StackStatus"]
        time.sleep(0.1)
    raise SystemExit(f"{stack} does not end")


def pools():
    return {pool["Name"]: pool["Id"] for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]}


def dropped(pool):
    if not pool:
        return ["all"]
    described = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    for member in ("MfaConfiguration", "UserPoolTier", "Policies", "EmailConfiguration"):
        assert described[member] == POOL[member], member
    factors = cognito.get_user_pool_mfa_config(UserPoolId=pool)
    assert factors["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    (client,) = cognito.list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
    client = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client["ClientId"])["UserPoolClient"]
    there = {
        "EMAIL_OTP": "EmailMfaConfiguration" in factors,
        "EmailAuthenticationMessage": POOL["EmailAuthenticationMessage"] in json.dumps(factors, default=str),
        "RefreshTokenRotation": "RefreshTokenRotation" in client,
        "WebAuthnRelyingPartyID": "WebAuthnConfiguration" in factors,
    }
    return [name for name, found in there.items() if not found]


def ask():
    create = stacks.create_stack
    print(f"stack with pool and app client: {status('one', create, TemplateBody=template(POOL))}")
    listed = stacks.list_stack_resources(StackName="one")["StackResourceSummaries"]
    ids = [one.get("PhysicalResourceId") for one in listed]
    assert len(ids) == 2
    print(f"pools made, ids in the stack: {len(pools())}, {'all' if all(ids) else 'none' if not any(ids) else 'some'}")
    print("dropped:", *dropped(pools().get("customers")))
    state = status("all", create, TemplateBody=template({"UserPoolName": "all"}, others=OTHERS))
    print(f"stack with eight more types: {state}")
    state = status("one", stacks.update_stack, TemplateBody=template({**POOL, "UserPoolName": "renamed"}))
    print(f"update that renames the pool: {state}, {'renamed' if 'renamed' in pools() else 'no pool'}")
    policies = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    protected = {"DeletionProtection": "ACTIVE"}
    for name, pool, policy in (("Retain", {}, policies), ("DeletionProtection ACTIVE", protected, {})):
        status(name.split()[0], create, TemplateBody=template({"UserPoolName": name, **pool}, policy))
        before = name in pools()
        assert status(name.split()[0], stacks.delete_stack) == "DELETE_COMPLETE"
        after = "kept" if name in pools() else "deleted" if before else "none"
        print(f"stack deleted, pool with {name}: {after}")


with played:
    stacks = boto3.client("cloudformation", **connection)
    cognito = boto3.client("cognito-idp", **connection)
    ask()
PY
env/bin/python -W ignore ask.py moto 0 2>errors | grep -v '^No Moto' >moto.seen
env/bin/python -W ignore ask.py ministack "$port" >ministack.seen
paste -d '|' moto.seen <(sed 's/^[^:]*: / /' ministack.seen) | sed 's/|/ |/' | tee seen

diff - seen <<'EXPECTED'
stack with pool and app client: CREATE_COMPLETE | CREATE_COMPLETE
pools made, ids in the stack: 0, none | 1, all
dropped: all | EMAIL_OTP EmailAuthenticationMessage RefreshTokenRotation WebAuthnRelyingPartyID
stack with eight more types: CREATE_COMPLETE | refused for LogDeliveryConfiguration ManagedLoginBranding IdentityProvider RiskConfigurationAttachment UICustomizationAttachment
update that renames the pool: UPDATE_COMPLETE, no pool | UPDATE_COMPLETE, renamed
stack deleted, pool with Retain: none | kept
stack deleted, pool with DeletionProtection ACTIVE: none | deleted
EXPECTED
echo 'as found'
