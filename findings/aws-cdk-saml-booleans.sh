#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 (npm, Node.js 20) and botocore 1.44.8 (PyPI): `ProviderDetails` of a SAML provider.
#
# Guess: `ProviderDetails` is a map of texts in the API, so the CDK writes "true" and "false", and only what was asked
#   for.
# Behaviour: the CDK writes booleans, and `IDPSignout: false` even when nobody said anything about sign-out. botocore
#   refuses the same map, so details that are copied from a template into a call fail, and whoever compares the template
#   with the pool has `false` on one side and a text, or nothing, on the other. The name of a provider without one is
#   made of the construct's path, cut in the middle to 32 characters, the last 8 of a hash.
# Output seen:
#   all four: {"IDPSignout":true,"MetadataURL":"https://idp.example.com/metadata","EncryptedResponses":true,"RequestSigningAlgorithm":"rsa-sha256","IDPInit":true}
#   metadata alone: {"IDPSignout":false,"MetadataURL":"https://idp.example.com/metadata"}
#   name of LoginOfTheWholeCompanyAndItsPartners: PoolsLoginOfdItsPartners19354ADE
#   botocore: IDPSignout, EncryptedResponses, IDPInit refused
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

cat >synth.cjs <<'JS'
const fs = require("fs");
const { App, Stack } = require("aws-cdk-lib");
const cognito = require("aws-cdk-lib/aws-cognito");

const app = new App();
const stack = new Stack(app, "Pools");
const userPool = new cognito.UserPool(stack, "Customers");
const metadata = cognito.UserPoolIdentityProviderSamlMetadata.url("https://idp.example.com/metadata");
new cognito.UserPoolIdentityProviderSaml(stack, "Full", {
  userPool,
  metadata,
  idpSignout: true,
  encryptedResponses: true,
  requestSigningAlgorithm: cognito.SigningAlgorithm.RSA_SHA256,
  idpInitiated: true,
});
new cognito.UserPoolIdentityProviderSaml(stack, "LoginOfTheWholeCompanyAndItsPartners", { userPool, metadata });
const resources = Object.values(app.synth().getStackByName("Pools").template.Resources);
const [full, bare] = resources.filter((one) => one.Type === "AWS::Cognito::UserPoolIdentityProvider").map((one) => one.Properties);
console.log(`all four: ${JSON.stringify(full.ProviderDetails)}`);
console.log(`metadata alone: ${JSON.stringify(bare.ProviderDetails)}`);
console.log(`name of LoginOfTheWholeCompanyAndItsPartners: ${bare.ProviderName}`);
fs.writeFileSync("details.json", JSON.stringify(full.ProviderDetails));
JS
cat >send.py <<'PY'
import json
import re

from botocore.exceptions import ParamValidationError
from botocore.session import Session

cognito = Session().create_client("cognito-idp", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
try:
    cognito.create_identity_provider(UserPoolId="eu-west-1_a1B2c3D4E", ProviderName="Full", ProviderType="SAML",
                                     ProviderDetails=json.load(open("details.json")))
except ParamValidationError as error:
    print("botocore:", ", ".join(re.findall(r"Invalid type for parameter ProviderDetails\.(\w+)", str(error))), "refused")
PY
{
    node synth.cjs 2>warnings
    env/bin/python send.py
} | tee seen

diff - seen <<'EXPECTED'
all four: {"IDPSignout":true,"MetadataURL":"https://idp.example.com/metadata","EncryptedResponses":true,"RequestSigningAlgorithm":"rsa-sha256","IDPInit":true}
metadata alone: {"IDPSignout":false,"MetadataURL":"https://idp.example.com/metadata"}
name of LoginOfTheWholeCompanyAndItsPartners: PoolsLoginOfdItsPartners19354ADE
botocore: IDPSignout, EncryptedResponses, IDPInit refused
EXPECTED
echo 'as found'
