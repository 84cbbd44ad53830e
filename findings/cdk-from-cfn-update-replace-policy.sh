#!/usr/bin/env bash
# cdk-from-cfn 0.336.0 (npm, Node.js 20), a converter of CloudFormation templates into CDK code, on a user pool.
#
# Guess: it carries both policies over, `DeletionPolicy` and `UpdateReplacePolicy`, and refuses what it cannot express.
# Behaviour: `UpdateReplacePolicy` is dropped without a word, beside `DeletionPolicy` or alone; `DeletionPolicy` and
#   `Metadata` are kept. The pool of the new program is kept when it leaves the stack, and deleted when a change replaces
#   it. Members of recent years are refused as no valid property: the tier of a pool, the passkey domain, the rotation of
#   refresh tokens, the version of a domain's login pages, and every property of a managed login style.
# Output seen:
#   both: deletionPolicy RETAIN, updateReplacePolicy none
#   UpdateReplacePolicy: deletionPolicy none, updateReplacePolicy none
#   Metadata: kept
#   refused: UserPoolTier WebAuthnRelyingPartyID RefreshTokenRotation ManagedLoginVersion UseCognitoProvidedValues
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund cdk-from-cfn@0.336.0
cat >convert.cjs <<'JS'
const { transmute } = require("cdk-from-cfn");

function convert(type, properties, more = {}) {
  const template = { Resources: { One: { Type: `AWS::Cognito::${type}`, Properties: properties, ...more } } };
  return transmute(JSON.stringify(template), "typescript", "Pools");
}
const policy = (code, name) => `${name} ${new RegExp(`\\.${name} = cdk\\.CfnDeletionPolicy\\.(\\w+)`).exec(code)?.[1] ?? "none"}`;
const kept = (more) => {
  const code = convert("UserPool", { UserPoolName: "customers" }, more);
  return `${policy(code, "deletionPolicy")}, ${policy(code, "updateReplacePolicy")}`;
};
console.log(`both: ${kept({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" })}`);
console.log(`UpdateReplacePolicy: ${kept({ UpdateReplacePolicy: "Retain" })}`);
const noted = convert("UserPool", { UserPoolName: "customers" }, { Metadata: { owner: "login" } });
console.log(`Metadata: ${noted.includes("owner: 'login'") ? "kept" : "dropped"}`);
const properties = [
  ["UserPool", "UserPoolName", "customers"],
  ["UserPool", "UserPoolTier", "PLUS"],
  ["UserPool", "WebAuthnRelyingPartyID", "example.com"],
  ["UserPoolClient", "ClientName", "web"],
  ["UserPoolClient", "RefreshTokenRotation", { Feature: "ENABLED" }],
  ["UserPoolDomain", "ManagedLoginVersion", 2],
  ["ManagedLoginBranding", "UseCognitoProvidedValues", true],
];
const refused = properties.filter(([type, name, value]) => {
  try {
    convert(type, { [name]: value });
    return false;
  } catch (error) {
    if (!String(error.message ?? error).includes(`${name} is not a valid property`)) throw error;
    return true;
  }
});
console.log(`refused: ${refused.map(([, name]) => name).join(" ")}`);
JS
env -i PATH="$PATH" HOME="$work" node convert.cjs | tee seen

diff - seen <<'EXPECTED'
both: deletionPolicy RETAIN, updateReplacePolicy none
UpdateReplacePolicy: deletionPolicy none, updateReplacePolicy none
Metadata: kept
refused: UserPoolTier WebAuthnRelyingPartyID RefreshTokenRotation ManagedLoginVersion UseCognitoProvidedValues
EXPECTED
echo 'as found'
