#!/usr/bin/env bash
# capo-cognito-identity-provider 0.13.0 (PyPI), an SDK that is generated from the Smithy model of the API.
#
# Guess: like botocore, it sends the members that the caller gives and no others, and an answer has the members that the
#   service sent.
# Behaviour: members that the Smithy model gives a default are sent with that default, and are read with it. A caller
#   who wants a minimum length of 12 turns the four character rules off and sends 0 as the lifetime of temporary
#   passwords; an invitation text without anything beside it opens self sign-up and sends the deprecated
#   `UnusedAccountValidityDays`; an SMS configuration for End User Messaging gets an empty `SnsCallerArn`. On the way
#   back, a rule that the service left out is `False` like one that is off. Members that the SDK does not know are
#   dropped.
# Output seen (what is sent for what is given, then what is read of {"MinimumLength": 12} and {"NextTrigger": "arn:…"}):
#   PasswordPolicy {"MinimumLength": 12, "RequireLowercase": false, "RequireNumbers": false, "RequireSymbols": false, "RequireUppercase": false, "TemporaryPasswordValidityDays": 0}
#   AdminCreateUserConfig {"AllowAdminCreateUserOnly": false, "InviteMessageTemplate": {"EmailSubject": "Hello"}, "UnusedAccountValidityDays": 0}
#   SmsConfiguration {"EumsSms": {"CallerArn": "arn:aws:iam::111122223333:role/sms"}, "SnsCallerArn": ""}
#   DeviceConfiguration {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false}
#   read: {"minimum_length": 12, "require_lowercase": false, "require_numbers": false, "require_symbols": false, "require_uppercase": false, "temporary_password_validity_days": 0} LambdaConfig {}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check capo-cognito-identity-provider==0.13.0 zapros==0.23.0

cat >ask.py <<'PY'
import http.server
import json
import threading

from capo_cognito_identity_provider import CognitoIdentityProviderClient, Credentials

POOL = {"Id": "eu-west-1_a1B2c3D4E", "Name": "customers", "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
        "LambdaConfig": {"NextTrigger": "arn:aws:lambda:eu-west-1:111122223333:function:next"}}
sent = []


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        body = json.dumps({"UserPool": POOL}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
cognito = CognitoIdentityProviderClient(region="eu-west-1", endpoint=f"http://127.0.0.1:{server.server_port}",
                                        credentials=Credentials(access_key="a", secret_key="b"))
cognito.update_user_pool(
    user_pool_id=POOL["Id"],
    policies={"password_policy": {"minimum_length": 12}},
    admin_create_user_config={"invite_message_template": {"email_subject": "Hello"}},
    sms_configuration={"eums_sms": {"caller_arn": "arn:aws:iam::111122223333:role/sms"}},
    device_configuration={"challenge_required_on_new_device": True},
)
(request,) = sent
print("PasswordPolicy", json.dumps(request["Policies"]["PasswordPolicy"], sort_keys=True))
for member in ("AdminCreateUserConfig", "SmsConfiguration", "DeviceConfiguration"):
    print(member, json.dumps(request[member], sort_keys=True))
pool = cognito.describe_user_pool(user_pool_id=POOL["Id"])["user_pool"]
print("read:", json.dumps(pool["policies"]["password_policy"], sort_keys=True), "LambdaConfig", pool["lambda_config"])
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
PasswordPolicy {"MinimumLength": 12, "RequireLowercase": false, "RequireNumbers": false, "RequireSymbols": false, "RequireUppercase": false, "TemporaryPasswordValidityDays": 0}
AdminCreateUserConfig {"AllowAdminCreateUserOnly": false, "InviteMessageTemplate": {"EmailSubject": "Hello"}, "UnusedAccountValidityDays": 0}
SmsConfiguration {"EumsSms": {"CallerArn": "arn:aws:iam::111122223333:role/sms"}, "SnsCallerArn": ""}
DeviceConfiguration {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false}
read: {"minimum_length": 12, "require_lowercase": false, "require_numbers": false, "require_symbols": false, "require_uppercase": false, "temporary_password_validity_days": 0} LambdaConfig {}
EXPECTED
echo 'as found'
