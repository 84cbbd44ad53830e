#!/usr/bin/env bash
# moto 5.2.5 and ministack 1.5.33 with boto3 1.43.106 (PyPI), cognito-local 5.3.0 (npm, Node.js 20): which settings of a
# user pool they act on, once an application signs users up and in. Each setting is in the answer of the emulator.
#
# Guess: what they store and show, they act on. Each refuses a password that the policy forbids, a sign-up while only
#   administrators create users, a flow that the app client lacks, a second user whose name differs in case, a missing
#   required attribute, an attribute outside `WriteAttributes`, and a sign-in without the hash of the secret. Each hides
#   missing users with `PreventUserExistenceErrors`, gives tokens of the declared lifetime, and asks for a second factor
#   if MFA is ON.
# Behaviour: of these ten moto acts on one, ministack on three, cognito-local on one. A closed sign-up, the flows, the
#   required attributes, the writable attributes and the secret are looked at by none of them. A user without a second
#   factor is never asked to set one up: with MFA ON cognito-local refuses the sign-in, the other two hand out tokens. So
#   the tests of an application at an emulator pass before and after just those changes of a pool that shut its users out
#   at Amazon.
# Output seen (moto, ministack, cognito-local):
#   Policies.PasswordPolicy.MinimumLength 30: obeyed obeyed ignored
#   AdminCreateUserConfig.AllowAdminCreateUserOnly: ignored ignored ignored
#   ExplicitAuthFlows without USER_PASSWORD_AUTH: ignored ignored ignored
#   UsernameConfiguration.CaseSensitive false: ignored ignored ignored
#   Schema, required family_name: ignored ignored ignored
#   WriteAttributes without custom:role: ignored ignored ignored
#   GenerateSecret, a sign-in without the hash: ignored ignored ignored
#   PreventUserExistenceErrors, ENABLED and LEGACY: ignored obeyed ignored
#   AccessTokenValidity of 10 minutes: ignored obeyed obeyed
#   MfaConfiguration ON, a user without a factor: tokens tokens NotAuthorizedException
set -euo pipefail
work=$(mktemp -d)
servers=()
trap 'for one in "${servers[@]}"; do kill "$one" 2>/dev/null || true; done; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cognito-local@5.3.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 'moto[cognitoidp]==5.2.5' boto3==1.43.106

free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
ministack=$(free)
env -i PATH="$PATH" HOME="$work" SERVICES=cognito-idp BIND_HOST=127.0.0.1 GATEWAY_PORT="$ministack" LOG_LEVEL=ERROR \
    env/bin/ministack >ministack.said 2>&1 &
servers+=($!)
local=$(free)
env -i PATH="$PATH" HOME="$work" HOST=127.0.0.1 PORT="$local" node node_modules/.bin/cognito-local >local.said 2>&1 &
servers+=($!)

cat >ask.py <<'PY'
import base64
import contextlib
import json
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

NAME, PASSWORD = "user@example.com", "Long-Enough-Password-1"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
ROLE = {"Name": "role", "AttributeDataType": "String", "Mutable": True}
FAMILY = {"Name": "family_name", "AttributeDataType": "String", "Mutable": True, "Required": True}


def make(pool=None, **client):
    """Makes a pool and an app client, and checks that the answers have the settings."""
    made = cognito.create_user_pool(PoolName="pool", **(pool or {}))["UserPool"]
    for member in pool or {}:
        assert {"Schema": "SchemaAttributes"}.get(member, member) in made, member
    settings = {"ExplicitAuthFlows": FLOWS, **client}
    answer = cognito.create_user_pool_client(UserPoolId=made["Id"], ClientName="web", **settings)["UserPoolClient"]
    for member in settings:
        assert {"GenerateSecret": "ClientSecret"}.get(member, member) in answer, member
    return made["Id"], answer["ClientId"]


def sign_up(made, name=NAME, **attributes):
    values = [{"Name": key, "Value": value} for key, value in {"email": NAME, **attributes}.items()]
    cognito.sign_up(ClientId=made[1], Username=name, Password=PASSWORD, UserAttributes=values)


def sign_in(made, known=True):
    if known:
        pool = {"UserPoolId": made[0], "Username": NAME}
        values = [{"Name": "email", "Value": NAME}]
        cognito.admin_create_user(**pool, MessageAction="SUPPRESS", UserAttributes=values)
        cognito.admin_set_user_password(**pool, Password=PASSWORD, Permanent=True)
    given = {"USERNAME": NAME, "PASSWORD": PASSWORD}
    return cognito.initiate_auth(ClientId=made[1], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)


def code(call, *given, **more):
    try:
        call(*given, **more)
        return None
    except ClientError as error:
        return error.response["Error"]["Code"]


def show(setting, obeyed):
    print(f"{setting}: {'obeyed' if obeyed else 'ignored'}")


def ask():
    made = make({"Policies": {"PasswordPolicy": {"MinimumLength": 30}}})
    show("Policies.PasswordPolicy.MinimumLength 30", code(sign_up, made))
    made = make({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
    show("AdminCreateUserConfig.AllowAdminCreateUserOnly", code(sign_up, made))
    made = make(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
    show("ExplicitAuthFlows without USER_PASSWORD_AUTH", code(sign_in, made))
    made = make({"UsernameConfiguration": {"CaseSensitive": False}})
    sign_up(made)
    show("UsernameConfiguration.CaseSensitive false", code(sign_up, made, NAME.capitalize()))
    show("Schema, required family_name", code(sign_up, make({"Schema": [FAMILY]})))
    made = make({"Schema": [ROLE]}, WriteAttributes=["email"])
    show("WriteAttributes without custom:role", code(sign_up, made, **{"custom:role": "admin"}))
    show("GenerateSecret, a sign-in without the hash", code(sign_in, make(GenerateSecret=True)))
    hidden, named = (code(sign_in, make(PreventUserExistenceErrors=one), known=False) for one in ("ENABLED", "LEGACY"))
    distinct = (hidden, named) == ("NotAuthorizedException", "UserNotFoundException")
    show("PreventUserExistenceErrors, ENABLED and LEGACY", distinct)
    made = make(AccessTokenValidity=10, TokenValidityUnits={"AccessToken": "minutes"})
    token = sign_in(made)["AuthenticationResult"]["AccessToken"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(token + "=="))
    show("AccessTokenValidity of 10 minutes", claims["exp"] - claims["iat"] == 600)
    made = make()
    factor = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
    cognito.set_user_pool_mfa_config(UserPoolId=made[0], **factor)
    try:
        print("MfaConfiguration ON, a user without a factor:", sign_in(made).get("ChallengeName") or "tokens")
    except ClientError as error:
        print("MfaConfiguration ON, a user without a factor:", error.response["Error"]["Code"])


with played:
    cognito = boto3.client("cognito-idp", **connection)
    ask()
PY
env/bin/python -W ignore ask.py moto 0 >moto.seen
env/bin/python -W ignore ask.py ministack "$ministack" >ministack.seen
env/bin/python -W ignore ask.py cognito-local "$local" >local.seen
paste -d' ' moto.seen <(sed 's/.*: //' ministack.seen) <(sed 's/.*: //' local.seen) | tee seen

diff - seen <<'EXPECTED'
Policies.PasswordPolicy.MinimumLength 30: obeyed obeyed ignored
AdminCreateUserConfig.AllowAdminCreateUserOnly: ignored ignored ignored
ExplicitAuthFlows without USER_PASSWORD_AUTH: ignored ignored ignored
UsernameConfiguration.CaseSensitive false: ignored ignored ignored
Schema, required family_name: ignored ignored ignored
WriteAttributes without custom:role: ignored ignored ignored
GenerateSecret, a sign-in without the hash: ignored ignored ignored
PreventUserExistenceErrors, ENABLED and LEGACY: ignored obeyed ignored
AccessTokenValidity of 10 minutes: ignored obeyed obeyed
MfaConfiguration ON, a user without a factor: tokens tokens NotAuthorizedException
EXPECTED
echo 'as found'
