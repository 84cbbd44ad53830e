#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 (npm, Node.js 20): which resources around a user pool stay when they leave their stack.
#
# Guess: the CDK keeps all that it makes for a `UserPool`, since a pool has users; and one call keeps a whole stack.
# Behaviour: only the pool has `DeletionPolicy: Retain` and `UpdateReplacePolicy: Retain`. App clients, identity providers,
#   resource servers, groups, domains, the SMS role, and all that is made by an L1 construct have neither, so that
#   CloudFormation deletes them when they leave the template; a `UserPoolUser` is a user. `applyRemovalPolicy(RETAIN)` on an L2
#   construct sets both on its resource, and `RemovalPolicies.of(stack).retain()` sets both on every resource.
# Output seen:
#   as it is: AWS::Cognito::UserPool
#   one by one: AWS::Cognito::UserPool AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolDomain AWS::Cognito::UserPoolGroup AWS::Cognito::UserPoolResourceServer
#   all: AWS::Cognito::ManagedLoginBranding AWS::Cognito::UserPool AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolDomain AWS::Cognito::UserPoolGroup AWS::Cognito::UserPoolResourceServer AWS::Cognito::UserPoolUser AWS::IAM::Role
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1
cat >synth.cjs <<'JS'
const { App, RemovalPolicies, RemovalPolicy, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const cognito = require("aws-cdk-lib/aws-cognito");

function retained(how) {
  const stack = new Stack(new App({ outdir: how.replaceAll(" ", "-") }), "Stack");
  const pool = new cognito.UserPool(stack, "Pool", {
    mfa: cognito.Mfa.OPTIONAL,
    mfaSecondFactor: { sms: true, otp: true },
  });
  const { userPoolId } = pool;
  const web = pool.addClient("Web");
  const parts = [
    web,
    pool.addGroup("Group", {}),
    pool.addResourceServer("Server", { identifier: "orders" }),
    pool.addDomain("Domain", { cognitoDomain: { domainPrefix: "customers" } }),
  ];
  new cognito.CfnManagedLoginBranding(stack, "Branding", { userPoolId, clientId: web.userPoolClientId });
  new cognito.CfnUserPoolUser(stack, "User", { userPoolId, username: "somebody" });
  if (how === "one by one") parts.forEach((part) => part.applyRemovalPolicy(RemovalPolicy.RETAIN));
  if (how === "all") RemovalPolicies.of(stack).retain();
  const resources = Object.values(Template.fromStack(stack).toJSON().Resources);
  const isKept = (one) => one.DeletionPolicy === "Retain" && one.UpdateReplacePolicy === "Retain";
  console.log(`${how}: ${resources.filter(isKept).map((one) => one.Type).sort().join(" ")}`);
}
["as it is", "one by one", "all"].forEach(retained);
JS
env -i PATH="$PATH" HOME="$work" node synth.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
as it is: AWS::Cognito::UserPool
one by one: AWS::Cognito::UserPool AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolDomain AWS::Cognito::UserPoolGroup AWS::Cognito::UserPoolResourceServer
all: AWS::Cognito::ManagedLoginBranding AWS::Cognito::UserPool AWS::Cognito::UserPoolClient AWS::Cognito::UserPoolDomain AWS::Cognito::UserPoolGroup AWS::Cognito::UserPoolResourceServer AWS::Cognito::UserPoolUser AWS::IAM::Role
EXPECTED
echo 'as found'
