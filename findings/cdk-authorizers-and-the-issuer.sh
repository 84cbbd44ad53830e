#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 (npm, Node.js 20): the issuer that its constructs write for an API behind a user pool. botocore
# 1.44.8 (PyPI) has the host of Cognito in each Region.
#
# Guess: the constructs get the pool, so they take its issuer from it. After `IssuerConfiguration: {Type: UPDATED}` on a
#   pool of the same program they write the updated one, or refuse, and the host has the domain of the Region.
# Behaviour: each writes `cognito-idp.REGION.amazonaws.com`, whatever the pool says and wherever the stack is.
#   `HttpUserPoolAuthorizer` writes it as the issuer that an HTTP API compares with `iss`. Tokens of a pool with the
#   updated issuer name another host, so no token fits such an API, and the deployment says nothing. The gateway
#   and the runtime of AgentCore write it as the address of the discovery document. In the European Sovereign Cloud,
#   where botocore calls amazonaws.eu, it is a host of another domain in all three; the provider of an identity pool, by
#   the same library, has the domain of the Region. Before the issuer of a pool is changed, look for its HTTP APIs. For
#   those, `HttpJwtAuthorizer` takes any issuer; a REST API names the pool by its ARN.
# Output seen (the host, for a pool with the original issuer, then with the updated one):
#   HttpUserPoolAuthorizer, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
#   AgentCore gateway, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
#   AgentCore runtime, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
#   HttpUserPoolAuthorizer, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
#   AgentCore gateway, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
#   AgentCore runtime, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
#   identity pool, eusc-de-east-1: cognito-idp.eusc-de-east-1.AWS::URLSuffix
#   botocore, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.eu
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

cat >check.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const { HttpApi } = require("aws-cdk-lib/aws-apigatewayv2");
const { HttpUserPoolAuthorizer } = require("aws-cdk-lib/aws-apigatewayv2-authorizers");
const { HttpUrlIntegration } = require("aws-cdk-lib/aws-apigatewayv2-integrations");
const agents = require("aws-cdk-lib/aws-bedrockagentcore");
const { UserPool } = require("aws-cdk-lib/aws-cognito");
const { IdentityPool, UserPoolAuthenticationProvider } = require("aws-cdk-lib/aws-cognito-identitypool");

// A text with references in it, which are replaced by their names.
const text = (value) =>
  typeof value === "string" ? value : value.Ref ?? value["Fn::Join"][1].map(text).join(value["Fn::Join"][0]);
const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/agent:1";
const host = (value) => text(value).replace("https://", "").split("/")[0];

function hosts(region, type) {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, "Stack", { env: { region, account: "111122223333" } });
  const userPool = new UserPool(stack, "Pool");
  userPool.node.defaultChild.issuerConfiguration = { type };
  const userPoolClient = userPool.addClient("Client");
  const clients = [userPoolClient];

  const authorizer = new HttpUserPoolAuthorizer("Authorizer", userPool, { userPoolClients: clients });
  const integration = new HttpUrlIntegration("Integration", "https://example.com");
  new HttpApi(stack, "Api").addRoutes({ path: "/", integration, authorizer });
  const { GatewayAuthorizer, RuntimeAuthorizerConfiguration } = agents;
  new agents.Gateway(stack, "Gateway", {
    gatewayName: "tools",
    authorizerConfiguration: GatewayAuthorizer.usingCognito({ userPool, allowedClients: clients }),
  });
  new agents.Runtime(stack, "Runtime", {
    agentRuntimeArtifact: agents.AgentRuntimeArtifact.fromImageUri(image),
    authorizerConfiguration: RuntimeAuthorizerConfiguration.usingCognito(userPool, clients),
  });
  const userPools = [new UserPoolAuthenticationProvider({ userPool, userPoolClient })];
  new IdentityPool(stack, "Identities", { authenticationProviders: { userPools } });

  const template = Template.fromStack(stack);
  const one = (kind) => Object.values(template.findResources(`AWS::${kind}`))[0].Properties;
  if (one("Cognito::UserPool").IssuerConfiguration.Type !== type) throw new Error("the pool has another issuer");
  const discovery = (kind) =>
    one(`BedrockAgentCore::${kind}`).AuthorizerConfiguration.CustomJWTAuthorizer.DiscoveryUrl;
  return {
    HttpUserPoolAuthorizer: host(one("ApiGatewayV2::Authorizer").JwtConfiguration.Issuer),
    "AgentCore gateway": host(discovery("Gateway")),
    "AgentCore runtime": host(discovery("Runtime")),
    "identity pool": host(one("Cognito::IdentityPool").CognitoIdentityProviders[0].ProviderName),
  };
}
const [original, updated] = ["ORIGINAL", "UPDATED"].map((type) => hosts("eu-west-1", type));
for (const [name, one] of Object.entries(original)) {
  if (name !== "identity pool") console.log(`${name}, eu-west-1: ${one}, ${updated[name]}`);
}
for (const [name, one] of Object.entries(hosts("eusc-de-east-1", "ORIGINAL"))) {
  console.log(`${name}, eusc-de-east-1: ${one}`);
}
JS
cat >botocore.ask.py <<'PY'
from urllib.parse import urlsplit

from botocore.session import Session

keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
client = Session().create_client("cognito-idp", region_name="eusc-de-east-1", **keys)
print("botocore, eusc-de-east-1:", urlsplit(client.meta.endpoint_url).hostname)
PY
{
    node check.cjs 2>errors
    env -i PATH="$PATH" HOME="$work" env/bin/python botocore.ask.py
} | tee seen

diff - seen <<'EXPECTED'
HttpUserPoolAuthorizer, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
AgentCore gateway, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
AgentCore runtime, eu-west-1: cognito-idp.eu-west-1.amazonaws.com, cognito-idp.eu-west-1.amazonaws.com
HttpUserPoolAuthorizer, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
AgentCore gateway, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
AgentCore runtime, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.com
identity pool, eusc-de-east-1: cognito-idp.eusc-de-east-1.AWS::URLSuffix
botocore, eusc-de-east-1: cognito-idp.eusc-de-east-1.amazonaws.eu
EXPECTED
echo 'as found'
