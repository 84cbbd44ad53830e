#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 (npm, Node.js 20): bounds of custom attributes, and the name of a resource server.
#
# Guess: `new NumberAttribute({ min: 0 })` writes `NumberAttributeConstraints: { MinValue: "0" }`, and a resource server
#   that is given no name gets one that Cognito accepts.
# Behaviour: a bound of 0 that stands alone, or beside another 0, is dropped without a word; beside a bound that is not
#   0 it is kept. So `min: 0`, "no negative numbers", is not in the pool, and a custom attribute cannot be changed
#   afterwards. StringAttribute does the same with `minLen: 0` (where 0 is the default anyway).
#   A resource server without a name is named by its identifier. The usual identifier is a URL, and a name must match
#   `[\w\s+=,.@-]+`, which has no colon and no slash. This version prints a warning (F3031) and synthesizes.
# Output seen:
#   NumberAttribute {"min":0}: none
#   NumberAttribute {"max":0}: none
#   NumberAttribute {"min":0,"max":0}: none
#   NumberAttribute {"min":0,"max":10}: {"MaxValue":"10","MinValue":"0"}
#   NumberAttribute {"min":-5}: {"MinValue":"-5"}
#   resource server https://api.example.com: Name https://api.example.com, matches the pattern: false
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1
cat >synth.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const cognito = require("aws-cdk-lib/aws-cognito");

const cases = [{ min: 0 }, { max: 0 }, { min: 0, max: 0 }, { min: 0, max: 10 }, { min: -5 }];
const stack = new Stack(new App({ outdir: "out" }), "Stack");
const pool = new cognito.UserPool(stack, "Pool", {
  customAttributes: Object.fromEntries(cases.map((bounds, i) => [`n${i}`, new cognito.NumberAttribute(bounds)])),
});
pool.addResourceServer("Server", { identifier: "https://api.example.com" });
const resources = Object.values(Template.fromStack(stack).toJSON().Resources);
const find = (type) => resources.find((resource) => resource.Type === type).Properties;
find("AWS::Cognito::UserPool").Schema.forEach((attribute, i) => {
  const bounds = JSON.stringify(attribute.NumberAttributeConstraints) ?? "none";
  console.log(`NumberAttribute ${JSON.stringify(cases[i])}: ${bounds}`);
});
const { Name } = find("AWS::Cognito::UserPoolResourceServer");
console.log(`resource server https://api.example.com: Name ${Name}, matches the pattern: ${/^[\w\s+=,.@-]+$/.test(Name)}`);
JS
env -i PATH="$PATH" HOME="$work" TMPDIR="$work" node synth.cjs 2>warnings | tee seen
grep -q 'F3031' warnings

diff - seen <<'EXPECTED'
NumberAttribute {"min":0}: none
NumberAttribute {"max":0}: none
NumberAttribute {"min":0,"max":0}: none
NumberAttribute {"min":0,"max":10}: {"MaxValue":"10","MinValue":"0"}
NumberAttribute {"min":-5}: {"MinValue":"-5"}
resource server https://api.example.com: Name https://api.example.com, matches the pattern: false
EXPECTED
echo 'as found'
