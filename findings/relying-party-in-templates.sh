#!/usr/bin/env bash
# botocore 1.44.8 and cfn-lint 1.58.0 (PyPI), aws-cdk-lib 2.276.0 and @aws-amplify/auth-construct 1.12.0 of Amplify
# Gen 2 (npm, Node.js 20): which relying party of passkeys (`WebAuthnConfiguration.RelyingPartyId`) they let through.
#
# Guess: the bound of the API, 127 characters, is the bound everywhere, so each domain that a pool can have fits. With
#   `webAuthn: true` Amplify takes the host of the pages at which its users sign in.
# Behaviour: CloudFormation's schema has 63, and the CDK has a check of its own for it. A prefix alone may have 63, and
#   Amazon's part of the host comes on top: it fits with prefixes of 30 characters in eu-west-1, of 21 in GovCloud and
#   of 7 in the European Sovereign Cloud. When a pool gets a custom domain, that becomes the relying party. To keep the
#   passkeys of the prefix, Amazon's manual says, set it to the host of the prefix. With a longer prefix no template
#   can, where SetUserPoolMfaConfig has room for it.
#   Amplify takes `localhost` in a sandbox, and else the branch and the host of Amplify Hosting, also if the pool has
#   login pages or the application a domain of its own. It leaves the branch as it is, where Hosting makes a hyphen of
#   a slash (aws-amplify/amplify-hosting#739), so passkeys of `feature/passkeys` belong to no host at all. A branch of
#   40 characters ends the deployment. A copy of a sandbox's pool still says `localhost`.
# Output seen:
#   API: RelyingPartyId 1 to 127, Domain 1 to 63
#   longest prefix whose host has 63 characters: eu-west-1 30, ap-southeast-2 25, us-gov-west-1 21, eusc-de-east-1 7
#   cfn-lint: 63 passes, 64 E3033
#   CDK, UserPool: 63 passes, 64 PasskeyRelyingPartyIdLength
#   Amplify, relyingPartyId: 63 passes, 64 PasskeyRelyingPartyIdLength
#   Amplify, sandbox: localhost
#   Amplify, branch main: main.d1a2b3c4d5e6f7.amplifyapp.com
#   Amplify, branch main, login pages at a prefix: main.d1a2b3c4d5e6f7.amplifyapp.com
#   Amplify, branch feature/passkeys: feature/passkeys.d1a2b3c4d5e6f7.amplifyapp.com
#   Amplify, branch of 40 characters: PasskeyRelyingPartyIdLength
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 \
    @aws-amplify/auth-construct@1.12.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8 cfn-lint==1.58.0

cat >bounds.py <<'PY'
import json
import subprocess

from botocore.session import Session

model = Session().get_service_model("cognito-idp")
party, domain = (model.shape_for(name).metadata for name in ("RelyingPartyIdType", "DomainType"))
print(f"API: RelyingPartyId {party['min']} to {party['max']}, Domain {domain['min']} to {domain['max']}")
# The parents of the hosts of prefixes, as the public suffix list has them.
parents = {region: f"auth.{region}.amazoncognito.com" for region in ("eu-west-1", "ap-southeast-2")}
parents["us-gov-west-1"] = "auth-fips.us-gov-west-1.amazoncognito.com"
parents["eusc-de-east-1"] = "auth.cognito-idp.eusc-de-east-1.on.amazonwebservices.eu"
fit = (f"{region} {63 - len(f'.{parent}')}" for region, parent in parents.items())
print("longest prefix whose host has 63 characters:", ", ".join(fit))


def lint(length):
    party = "p" * (length - len(".example.com")) + ".example.com"
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {"WebAuthnRelyingPartyID": party}}
    with open("template.json", "w") as file:
        json.dump({"Resources": {"Pool": pool}}, file)
    command = "env/bin/cfn-lint", "--format", "json", "template.json"
    found = json.loads(subprocess.run(command, capture_output=True, text=True).stdout or "[]")
    return " ".join(one["Rule"]["Id"] for one in found) or "passes"


print(f"cfn-lint: 63 {lint(63)}, 64 {lint(64)}")
PY
cat >bounds.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { UserPool } = require("aws-cdk-lib/aws-cognito");
const { AmplifyAuth } = require("@aws-amplify/auth-construct");

function party(make, context) {
  const app = new App({ context });
  const stack = new Stack(app, "stack");
  try {
    make(stack);
  } catch (error) {
    return error.message.match(/PasskeyRelyingPartyIdLength/)?.[0] ?? error.name;
  }
  const { Resources } = app.synth().getStackArtifact(stack.artifactId).template;
  const pool = Object.values(Resources).find(({ Type }) => Type === "AWS::Cognito::UserPool");
  return pool.Properties.WebAuthnRelyingPartyID;
}
function bounds(make) {
  const seen = [63, 64].map((length) => {
    const given = "p".repeat(length - ".example.com".length) + ".example.com";
    const found = party(make(given));
    return `${length} ${found === given ? "passes" : found}`;
  });
  return seen.join(", ");
}
const cdk = (passkeyRelyingPartyId) => (stack) => {
  const signInPolicy = { allowedFirstAuthFactors: { password: true, passkey: true } };
  new UserPool(stack, "pool", { signInPolicy, passkeyRelyingPartyId });
};
const amplify = (webAuthn, externalProviders) => (stack) => {
  const outputStorageStrategy = { addBackendOutputEntry() {}, appendToBackendOutputList() {} };
  const loginWith = { email: true, webAuthn, ...(externalProviders && { externalProviders }) };
  new AmplifyAuth(stack, "auth", { loginWith, outputStorageStrategy });
};
function auto(type, name, pages) {
  const context = { type, namespace: "d1a2b3c4d5e6f7", name };
  const named = Object.entries(context).map(([key, value]) => [`amplify-backend-${key}`, value]);
  return party(amplify(true, pages), Object.fromEntries(named));
}
const urls = { callbackUrls: ["https://app.example.com/"], logoutUrls: ["https://app.example.com/"] };
const oidc = [{ name: "company", clientId: "a", clientSecret: "b", issuerUrl: "https://idp.example.com" }];

console.log("CDK, UserPool:", bounds(cdk));
console.log("Amplify, relyingPartyId:", bounds((relyingPartyId) => amplify({ relyingPartyId })));
console.log("Amplify, sandbox:", auto("sandbox", "somebody"));
console.log("Amplify, branch main:", auto("branch", "main"));
const pages = auto("branch", "main", { domainPrefix: "customers", ...urls, oidc });
console.log("Amplify, branch main, login pages at a prefix:", pages);
console.log("Amplify, branch feature/passkeys:", auto("branch", "feature/passkeys"));
console.log("Amplify, branch of 40 characters:", auto("branch", "b".repeat(40)));
JS
{
    env -i PATH="$PATH" HOME="$work" env/bin/python bounds.py
    env -i PATH="$PATH" HOME="$work" node bounds.cjs
} | tee seen

diff - seen <<'EXPECTED'
API: RelyingPartyId 1 to 127, Domain 1 to 63
longest prefix whose host has 63 characters: eu-west-1 30, ap-southeast-2 25, us-gov-west-1 21, eusc-de-east-1 7
cfn-lint: 63 passes, 64 E3033
CDK, UserPool: 63 passes, 64 PasskeyRelyingPartyIdLength
Amplify, relyingPartyId: 63 passes, 64 PasskeyRelyingPartyIdLength
Amplify, sandbox: localhost
Amplify, branch main: main.d1a2b3c4d5e6f7.amplifyapp.com
Amplify, branch main, login pages at a prefix: main.d1a2b3c4d5e6f7.amplifyapp.com
Amplify, branch feature/passkeys: feature/passkeys.d1a2b3c4d5e6f7.amplifyapp.com
Amplify, branch of 40 characters: PasskeyRelyingPartyIdLength
EXPECTED
echo 'as found'
