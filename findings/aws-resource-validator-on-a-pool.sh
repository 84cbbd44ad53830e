#!/usr/bin/env bash
# aws-resource-validator 2.6.0 and aws-resource-validator-cognito-idp 2.6.0 with boto3 1.44.8 (PyPI, Python 3.11): the
# checks before a call (`wrap_client`, `arv`) and the Pydantic models, for a user pool. All values given are valid.
#
# Guess: 19 patterns of Cognito's API model have `\p{L}` and the like, which the regular expressions of Python do not
#   know. The library reads them in another way, as cfn-lint does, so it lets valid values through and refuses others.
# Behaviour: it compiles them with Python's module. `wrap_client` takes the error for a mismatch and refuses each value:
#   no attribute, group, user, identity provider, callback URL, reply-to address or e-mail text passes ("'l' does not
#   match pattern"), so a wrapped client cannot make a group or a user at all. The models raise `bad escape \p`, once
#   their patterns are switched on. `arv generate` ends in the same error for such a shape. Texts for SMS and names of
#   app clients pass, as their patterns have none. A custom domain is refused too: the model's pattern has no dot.
# Output seen:
#   patterns with \p: 19
#   create_user_pool PoolName: sent
#   create_user_pool PoolName Schema: refused, Schema[0].Name
#   create_user_pool PoolName EmailConfiguration: refused, EmailConfiguration.ReplyToEmailAddress
#   create_user_pool PoolName EmailVerificationMessage: refused, EmailVerificationMessage
#   create_user_pool PoolName SmsVerificationMessage: sent
#   create_group UserPoolId GroupName: refused, GroupName
#   create_user_pool_client UserPoolId ClientName: sent
#   create_user_pool_client UserPoolId ClientName CallbackURLs: refused, CallbackURLs[0]
#   create_user_pool_domain UserPoolId Domain CustomDomainConfig: refused, Domain
#   create_identity_provider UserPoolId ProviderName ProviderType ProviderDetails: refused, ProviderName
#   add_custom_attributes UserPoolId CustomAttributes: refused, CustomAttributes[0].Name
#   admin_get_user UserPoolId Username: refused, Username
#   describe_user_pool UserPoolId: sent
#   model of CreateGroup: bad escape \p at position 1
#   arv generate cognito-idp GroupNameType: error: bad escape \p at position 1
#   arv generate cognito-idp ClientNameType: a value
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    aws-resource-validator==2.6.0 aws-resource-validator-cognito-idp==2.6.0 boto3==1.44.8 botocore==1.44.8

cat >ask.py <<'PY'
import http.server
import re
import threading

import boto3
import botocore.loaders
from aws_resource_validator import AWSValidationError, wrap_client
from aws_resource_validator.pydantic_models.cognito_idp.cognito_idp_classes import CreateGroupRequestTypeDef

POOL = {"UserPoolId": "eu-west-1_a1B2c3D4E"}
NEW = {"PoolName": "customers"}
CLIENT = {**POOL, "ClientName": "web"}
ATTRIBUTES = [{"Name": "level", "AttributeDataType": "Number"}]
ARN = "arn:aws:acm:us-east-1:111122223333:certificate/a1b2c3d4-5678-90ab-cdef-000000000001"
CERTIFICATE = {"CertificateArn": ARN}
PROVIDER = {"ProviderName": "Corp", "ProviderType": "SAML"}
CALLS = [
    ("create_user_pool", NEW),
    ("create_user_pool", {**NEW, "Schema": ATTRIBUTES}),
    ("create_user_pool", {**NEW, "EmailConfiguration": {"ReplyToEmailAddress": "help@example.com"}}),
    ("create_user_pool", {**NEW, "EmailVerificationMessage": "Your code is {####}"}),
    ("create_user_pool", {**NEW, "SmsVerificationMessage": "Your code is {####}"}),
    ("create_group", {**POOL, "GroupName": "admins"}),
    ("create_user_pool_client", CLIENT),
    ("create_user_pool_client", {**CLIENT, "CallbackURLs": ["https://shop.example.com"]}),
    ("create_user_pool_domain", {**POOL, "Domain": "auth.example.com", "CustomDomainConfig": CERTIFICATE}),
    ("create_identity_provider", {**POOL, **PROVIDER, "ProviderDetails": {"MetadataURL": "https://idp.example.com"}}),
    ("add_custom_attributes", {**POOL, "CustomAttributes": ATTRIBUTES}),
    ("admin_get_user", {**POOL, "Username": "ann"}),
    ("describe_user_pool", POOL),
]


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


shapes = botocore.loaders.Loader().load_service_model("cognito-idp", "service-2")["shapes"].values()
print("patterns with \\p:", sum("\\p" in shape.get("pattern", "") for shape in shapes))
service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=service.serve_forever, daemon=True).start()
keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
endpoint = f"http://127.0.0.1:{service.server_port}"
client = wrap_client(boto3.client("cognito-idp", region_name="eu-west-1", endpoint_url=endpoint, **keys))
for operation, parameters in CALLS:
    try:
        getattr(client, operation)(**parameters)
        said = "sent"
    except AWSValidationError as error:
        said = "refused, " + re.search("Parameter '(.+?)' failed", str(error)).group(1)
    print(f"{operation} {' '.join(parameters)}: {said}")
try:
    CreateGroupRequestTypeDef.model_validate(CALLS[5][1], context={"aws_validate_patterns": True})
    print("model of CreateGroup: valid")
except re.error as error:
    print(f"model of CreateGroup: {error}")
PY
{
    env/bin/python ask.py
    for shape in GroupNameType ClientNameType; do
        made=$(env/bin/arv generate cognito-idp "$shape" --plain 2>&1) && made='a value'
        printf 'arv generate cognito-idp %s: %s\n' "$shape" "$(tail -1 <<<"$made")"
    done
} | tee seen

diff - seen <<'EXPECTED'
patterns with \p: 19
create_user_pool PoolName: sent
create_user_pool PoolName Schema: refused, Schema[0].Name
create_user_pool PoolName EmailConfiguration: refused, EmailConfiguration.ReplyToEmailAddress
create_user_pool PoolName EmailVerificationMessage: refused, EmailVerificationMessage
create_user_pool PoolName SmsVerificationMessage: sent
create_group UserPoolId GroupName: refused, GroupName
create_user_pool_client UserPoolId ClientName: sent
create_user_pool_client UserPoolId ClientName CallbackURLs: refused, CallbackURLs[0]
create_user_pool_domain UserPoolId Domain CustomDomainConfig: refused, Domain
create_identity_provider UserPoolId ProviderName ProviderType ProviderDetails: refused, ProviderName
add_custom_attributes UserPoolId CustomAttributes: refused, CustomAttributes[0].Name
admin_get_user UserPoolId Username: refused, Username
describe_user_pool UserPoolId: sent
model of CreateGroup: bad escape \p at position 1
arv generate cognito-idp GroupNameType: error: bad escape \p at position 1
arv generate cognito-idp ClientNameType: a value
EXPECTED
echo 'as found'
