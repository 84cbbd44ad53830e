#!/usr/bin/env bash
# aws-jwt-verify 5.2.1, amazon-cognito-identity-js 6.3.21, @aws-amplify/core 6.19.2 (npm), pycognito 2024.5.1
# and botocore 1.44.8 (PyPI): the host of a user pool in the AWS European Sovereign Cloud.
#
# Guess: a library either refuses the pool id `eusc-de-east-1_…` as one of a Region that it does not know, or builds
#   the host of that Region, as botocore does.
# Behaviour: botocore lists cognito-idp in eusc-de-east-1 and calls `cognito-idp.eusc-de-east-1.amazonaws.eu`. The four
#   libraries that applications sign in and check tokens with accept the pool id, and build a host under
#   amazonaws.com from it: the issuer that aws-jwt-verify compares with `iss`, and the address of the keys, are
#   those of another domain. Whether anything answers at those names was not tried.
# Output seen:
#   botocore: cognito-idp.eusc-de-east-1.amazonaws.eu
#   aws-jwt-verify: cognito-idp.eusc-de-east-1.amazonaws.com
#   amazon-cognito-identity-js: cognito-idp.eusc-de-east-1.amazonaws.com
#   @aws-amplify/core: amazonaws.com
#   pycognito: cognito-idp.eusc-de-east-1.amazonaws.com
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund aws-jwt-verify@5.2.1 amazon-cognito-identity-js@6.3.21 @aws-amplify/core@6.19.2
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1 boto3==1.44.8 botocore==1.44.8

cat >botocore.ask.py <<'PY'
from urllib.parse import urlsplit

from botocore.session import Session

assert "eusc-de-east-1" in Session().get_available_regions("cognito-idp", "aws-eusc")
client = Session().create_client("cognito-idp", region_name="eusc-de-east-1", aws_access_key_id="a", aws_secret_access_key="b")
print("botocore:", urlsplit(client.meta.endpoint_url).hostname)
PY
cat >pycognito.ask.py <<'PY'
from urllib.parse import urlsplit

from pycognito import Cognito

print("pycognito:", urlsplit(Cognito("eusc-de-east-1_a1B2c3D4E", "abc", access_key="a", secret_key="b").user_pool_url).hostname)
PY
cat >ask.cjs <<'JS'
const { CognitoJwtVerifier } = require("aws-jwt-verify");
const { CognitoUserPool } = require("amazon-cognito-identity-js");
const { getDnsSuffix } = require("@aws-amplify/core/internals/aws-client-utils");
const pool = "eusc-de-east-1_a1B2c3D4E";
const { issuer, jwksUri } = CognitoJwtVerifier.parseUserPoolId(pool);
if (new URL(issuer).host !== new URL(jwksUri).host) throw new Error("issuer and keys differ");
console.log("aws-jwt-verify:", new URL(issuer).host);
const { client } = new CognitoUserPool({ UserPoolId: pool, ClientId: "abc" });
console.log("amazon-cognito-identity-js:", new URL(client.endpoint).host);
console.log("@aws-amplify/core:", getDnsSuffix("eusc-de-east-1"));
JS
{
    env -i PATH="$PATH" HOME="$work" env/bin/python botocore.ask.py
    env -i PATH="$PATH" HOME="$work" node ask.cjs
    env -i PATH="$PATH" HOME="$work" env/bin/python pycognito.ask.py
} | tee seen

diff - seen <<'EXPECTED'
botocore: cognito-idp.eusc-de-east-1.amazonaws.eu
aws-jwt-verify: cognito-idp.eusc-de-east-1.amazonaws.com
amazon-cognito-identity-js: cognito-idp.eusc-de-east-1.amazonaws.com
@aws-amplify/core: amazonaws.com
pycognito: cognito-idp.eusc-de-east-1.amazonaws.com
EXPECTED
echo 'as found'
