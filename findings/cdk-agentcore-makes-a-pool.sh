#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 (npm, Node.js 20): the user pool that a `Gateway` of aws-bedrockagentcore makes when it is given
# no authorizer, as its README describes.
#
# Guess: the pool has a domain whose prefix is its own in each account, since nobody else in the Region can have it then
#   (aws-samples/aws-cdk-examples issue 402). The pool belongs to the gateway and goes with it, and so it does once an
#   authorizer is given.
# Behaviour: the prefix is made of the path of the construct alone: the same in each account and for each name of the
#   gateway. The program that was deployed to one account finds its prefix taken in the next one of the same Region, as
#   does whoever has a stack and a construct of these names. Only the pool itself is kept: without the gateway, or with
#   an authorizer of one's own, it stays behind, while its domain, resource server and app client go, for which the
#   callers have the secret. The pool has no name of its own and no deletion protection. To choose the domain, make the
#   pool, domain and client beside the gateway, and give them to `GatewayAuthorizer.usingCognito`.
# Output seen:
#   account 111122223333, gateway tools: prefix agents-gateway-f4217ae9
#   account 444455556666, gateway tools: prefix agents-gateway-f4217ae9
#   account 444455556666, gateway search: prefix agents-gateway-f4217ae9
#   kept when they leave the stack: UserPool
#   deleted then: UserPoolClient UserPoolDomain UserPoolResourceServer
#   pool: UserPoolName undefined, DeletionProtection undefined, AllowAdminCreateUserOnly true
#   with an authorizer of one's own: none
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1

cat >check.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const { Gateway, GatewayAuthorizer } = require("aws-cdk-lib/aws-bedrockagentcore");

function cognito(account, gatewayName, authorizerConfiguration) {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, "Agents", { env: { account, region: "eu-west-1" } });
  new Gateway(stack, "Gateway", { gatewayName, authorizerConfiguration });
  const { Resources: resources } = Template.fromStack(stack).toJSON();
  return Object.values(resources).filter((one) => one.Type.startsWith("AWS::Cognito::"));
}
const kinds = (resources) => resources.map((one) => one.Type.split("::")[2]).sort().join(" ") || "none";

for (const [account, name] of [["111122223333", "tools"], ["444455556666", "tools"], ["444455556666", "search"]]) {
  const domain = cognito(account, name).find((one) => one.Type.endsWith("::UserPoolDomain"));
  console.log(`account ${account}, gateway ${name}: prefix ${domain.Properties.Domain}`);
}
const made = cognito("111122223333", "tools");
console.log("kept when they leave the stack:", kinds(made.filter((one) => one.DeletionPolicy === "Retain")));
console.log("deleted then:", kinds(made.filter((one) => one.DeletionPolicy !== "Retain")));
const { Properties: pool } = made.find((one) => one.Type.endsWith("::UserPool"));
const { AllowAdminCreateUserOnly: closed } = pool.AdminCreateUserConfig;
console.log(
  `pool: UserPoolName ${pool.UserPoolName}, DeletionProtection ${pool.DeletionProtection},`,
  `AllowAdminCreateUserOnly ${closed}`,
);
const own = GatewayAuthorizer.usingCustomJwt({
  discoveryUrl: "https://id.example.com/.well-known/openid-configuration",
  allowedClients: ["client"],
});
console.log("with an authorizer of one's own:", kinds(cognito("111122223333", "tools", own)));
JS
node check.cjs 2>errors | tee seen

diff - seen <<'EXPECTED'
account 111122223333, gateway tools: prefix agents-gateway-f4217ae9
account 444455556666, gateway tools: prefix agents-gateway-f4217ae9
account 444455556666, gateway search: prefix agents-gateway-f4217ae9
kept when they leave the stack: UserPool
deleted then: UserPoolClient UserPoolDomain UserPoolResourceServer
pool: UserPoolName undefined, DeletionProtection undefined, AllowAdminCreateUserOnly true
with an authorizer of one's own: none
EXPECTED
echo 'as found'
