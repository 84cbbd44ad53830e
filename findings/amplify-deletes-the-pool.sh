#!/usr/bin/env bash
# @aws-amplify/auth-construct 1.12.0, which `defineAuth` of Amplify Gen 2 is built on, with aws-cdk-lib 2.276.0 (npm,
# Node.js 20): what it synthesizes.
#
# Guess: Amplify builds on the CDK's `UserPool`, so the pool stays when it leaves its stack, as every pool of the CDK does,
#   and its attributes have the CDK's bounds. An app that names no external provider has an app client without OAuth.
# Behaviour: Amplify writes `DeletionPolicy: Delete` and `UpdateReplacePolicy: Delete` for the pool, the opposite of the
#   CDK's default, and no policy for all else. So the pool goes with its stack, and with a change that replaces it, unless
#   deletion protection is on, which Amplify leaves off. A bound of 0 of a custom attribute, which the CDK drops, is kept.
#   The app client has OAuth on, with `aws.cognito.signin.user.admin` and the callback https://example.com, also where the
#   pool has no domain. `RemovalPolicies.of(stack).retain()`, or the policy set on `cfnResources.cfnUserPool`, keeps the pool.
# Output seen:
#   CDK: DeletionPolicy Retain, UpdateReplacePolicy Retain
#   Amplify: DeletionPolicy Delete, UpdateReplacePolicy Delete, DeletionProtection undefined
#   Amplify, whole stack retained: DeletionPolicy Retain, UpdateReplacePolicy Retain
#   Amplify, pool retained: DeletionPolicy Retain, UpdateReplacePolicy Retain
#   min 0: {"MinValue":"0"}
#   client: OAuth true ["https://example.com"] profile phone email openid aws.cognito.signin.user.admin, domains 0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund @aws-amplify/auth-construct@1.12.0 aws-cdk-lib@2.276.0 constructs@10.8.1
cat >synth.cjs <<'JS'
const { App, RemovalPolicies, RemovalPolicy, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const { UserPool } = require("aws-cdk-lib/aws-cognito");
const { AmplifyAuth } = require("@aws-amplify/auth-construct");

let stacks = 0;
function synth(make) {
  const stack = new Stack(new App({ outdir: `out${(stacks += 1)}` }), "Stack");
  make(stack);
  const resources = Object.values(Template.fromStack(stack).toJSON().Resources);
  return (type) => resources.filter((resource) => resource.Type === `AWS::Cognito::${type}`);
}
const policies = ([pool]) => `DeletionPolicy ${pool.DeletionPolicy}, UpdateReplacePolicy ${pool.UpdateReplacePolicy}`;
const amplify = (stack) =>
  new AmplifyAuth(stack, "Auth", {
    loginWith: { email: true },
    userAttributes: { "custom:age": { dataType: "Number", min: 0 } },
  });

const find = synth(amplify);
const [pool] = find("UserPool");
const [client] = find("UserPoolClient").map((one) => one.Properties);
console.log(`CDK: ${policies(synth((stack) => new UserPool(stack, "Pool"))("UserPool"))}`);
console.log(`Amplify: ${policies([pool])}, DeletionProtection ${pool.Properties.DeletionProtection}`);
const whole = synth((stack) => {
  amplify(stack);
  RemovalPolicies.of(stack).retain();
});
console.log(`Amplify, whole stack retained: ${policies(whole("UserPool"))}`);
const one = synth((stack) => amplify(stack).resources.cfnResources.cfnUserPool.applyRemovalPolicy(RemovalPolicy.RETAIN));
console.log(`Amplify, pool retained: ${policies(one("UserPool"))}`);
const age = pool.Properties.Schema.find((attribute) => attribute.Name === "age");
console.log(`min 0: ${JSON.stringify(age.NumberAttributeConstraints)}`);
const oauth = `${client.AllowedOAuthFlowsUserPoolClient} ${JSON.stringify(client.CallbackURLs)}`;
console.log(`client: OAuth ${oauth} ${client.AllowedOAuthScopes.join(" ")}, domains ${find("UserPoolDomain").length}`);
JS
env -i PATH="$PATH" HOME="$work" node synth.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
CDK: DeletionPolicy Retain, UpdateReplacePolicy Retain
Amplify: DeletionPolicy Delete, UpdateReplacePolicy Delete, DeletionProtection undefined
Amplify, whole stack retained: DeletionPolicy Retain, UpdateReplacePolicy Retain
Amplify, pool retained: DeletionPolicy Retain, UpdateReplacePolicy Retain
min 0: {"MinValue":"0"}
client: OAuth true ["https://example.com"] profile phone email openid aws.cognito.signin.user.admin, domains 0
EXPECTED
echo 'as found'
