#!/usr/bin/env bash
# zappa 0.63.0 with boto3 1.44.8 (PyPI): what `zappa update` sends to the user pool that zappa_settings names under
# `cognito`, with the triggers of the application.
#
# Guess: it reads the pool, sets its function as the trigger, and sends back everything that UpdateUserPool takes, as
#   it was read.
# Behaviour: the request has members of a fixed list. Deletion protection, the tier, threat protection, account
#   recovery and the verification of changed attributes are left out, in each `zappa update`, also where nothing about
#   the triggers changed. The trigger itself is set only where the pool already has one of that kind, or where the
#   answer has no `LambdaConfig` at all: a pool with other triggers, or with the empty `LambdaConfig` of a pool without
#   any, is written without the new one, and nothing is reported. A trigger is named by its source up to the `_`, so
#   TokenGeneration_Authentication becomes a member that the API does not have, and `zappa update` ends with an error
#   after the code is there.
# Output seen (the triggers of the pool: those sent, for PostConfirmation_ConfirmSignUp):
#   none, LambdaConfig absent: PostConfirmation new
#   none, LambdaConfig empty: none
#   PreSignUp old: PreSignUp old
#   PostConfirmation old: PostConfirmation new
#   left out: AccountRecoverySetting DeletionProtection UserAttributeUpdateSettings UserPoolAddOns UserPoolTier
#   TokenGeneration_Authentication: Unknown parameter in LambdaConfig: "TokenGeneration"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check setuptools zappa==0.63.0 boto3==1.44.8

cat >update.py <<'PY'
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
from botocore.exceptions import ParamValidationError
from zappa.cli import ZappaCLI
from zappa.core import Zappa

POOL = {
    "Id": "eu-west-1_a1B2c3D4E",
    "Name": "customers",
    "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
    "AutoVerifiedAttributes": ["email"],
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    "DeletionProtection": "ACTIVE",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"},
    "UserPoolTier": "PLUS",
}
answer = {}
sent = {}
CALLER = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""


class Service(BaseHTTPRequestHandler):
    """Cognito, and as much of STS and Lambda as the permission for the trigger takes."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers.get("x-amz-target", ".").split(".")[1]
        if operation:
            sent[operation] = json.loads(body)
            return self.reply(200, json.dumps({"UserPool": answer} if operation == "DescribeUserPool" else {}).encode())
        self.reply(200, CALLER) if b"GetCallerIdentity" in body else self.reply(201, b'{"Statement": "{}"}')

    def do_GET(self):
        self.reply(200, b'{"Policy": "{\\"Statement\\": []}"}')

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


service = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=service.serve_forever, daemon=True).start()
os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{service.server_port}"
cli = ZappaCLI()
cli.zappa = Zappa(boto_session=boto3.Session(), aws_region="eu-west-1")
cli.lambda_name, cli.lambda_arn = "new", "arn:aws:lambda:eu-west-1:111122223333:function:new"


def update(source, triggers):
    global answer
    answer = POOL | triggers
    cli.cognito = {"user_pool": POOL["Id"], "triggers": [{"source": source, "function": "app.trigger"}]}
    cli.update_cognito_triggers()
    return sent["UpdateUserPool"]


def told(triggers):
    return " ".join(f"{kind} {arn.rsplit(':', 1)[1]}" for kind, arn in triggers.items()) or "none"


OLD = "arn:aws:lambda:eu-west-1:111122223333:function:old"
for name, triggers in {
    "none, LambdaConfig absent": {},
    "none, LambdaConfig empty": {"LambdaConfig": {}},
    "PreSignUp old": {"LambdaConfig": {"PreSignUp": OLD}},
    "PostConfirmation old": {"LambdaConfig": {"PostConfirmation": OLD}},
}.items():
    request = update("PostConfirmation_ConfirmSignUp", triggers)
    print(f"{name}: {told(request['LambdaConfig'])}")
print("left out:", *sorted(set(POOL) - {"Id", "Name"} - set(request)))
try:
    update("TokenGeneration_Authentication", {})
    print("TokenGeneration_Authentication: sent")
except ParamValidationError as error:
    print("TokenGeneration_Authentication:", str(error).splitlines()[1].split(",")[0])
PY
env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_DEFAULT_REGION=eu-west-1 \
    env/bin/python update.py 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
none, LambdaConfig absent: PostConfirmation new
none, LambdaConfig empty: none
PreSignUp old: PreSignUp old
PostConfirmation old: PostConfirmation new
left out: AccountRecoverySetting DeletionProtection UserAttributeUpdateSettings UserPoolAddOns UserPoolTier
TokenGeneration_Authentication: Unknown parameter in LambdaConfig: "TokenGeneration"
EXPECTED
echo 'as found'
