#!/usr/bin/env bash
# aws-cdk-lib 2.276.0, @aws-amplify/auth-construct 1.12.0 (of Amplify Gen 2) and @openauthjs/openauth 0.4.3 (npm,
# Node.js 20), dash-cognito-auth 0.0.5 (PyPI): the host that they make of a prefix in three Regions, beside the public
# suffix list in publicsuffixlist 1.1.2.20261023 (PyPI), to which Amazon reports the parents of these hosts.
#
# Guess: there is one form, `PREFIX.auth.REGION.amazoncognito.com`, as Amazon's manual says of all prefixes, and
#   `auth-fips` in it for those who ask. Where a Region differs, the CDK knows it, since it has the Region of the stack.
# Behaviour: the list has three forms. GovCloud has `auth-fips` alone, as Amazon's manual of GovCloud says too. In the
#   European Sovereign Cloud the host has another middle and another end. All build the first form everywhere.
#   `baseUrl()` of the CDK is right in GovCloud with `fips: true` alone, which is wrong in Regions without FIPS, so a
#   stack for both needs a condition. For the Sovereign Cloud it has no option, and the gateway of Bedrock AgentCore and
#   the outputs of Amplify have none at all. openauth always appends: what its manual gives as an example, a whole host
#   as `domain`, leads to a host with the end twice, and so does a domain of one's own, for which it has no setting.
#   dash-cognito-auth does that with `region` beside a domain of one's own. None of them complains: the first to notice
#   is a browser. Whether anything answers at the names was not tried.
# Output seen (the parent of the host, and whether the list has it, in eu-west-1, us-gov-west-1 and eusc-de-east-1):
#   in the list: auth.eu-west-1.amazoncognito.com
#   in the list: auth-fips.us-gov-west-1.amazoncognito.com
#   in the list: auth.cognito-idp.eusc-de-east-1.on.amazonwebservices.eu
#   CDK, baseUrl(): auth.REGION.amazoncognito.com, listed: yes no no
#   CDK, baseUrl({ fips: true }): auth-fips.REGION.amazoncognito.com, listed: no yes no
#   CDK, AgentCore gateway: auth.REGION.amazoncognito.com, listed: yes no no
#   Amplify, outputs: auth.REGION.amazoncognito.com, listed: yes no no
#   openauth: auth.REGION.amazoncognito.com, listed: yes no no
#   dash-cognito-auth: auth.REGION.amazoncognito.com, listed: yes no no
#   openauth, example of its manual: your-domain.auth.us-east-1.amazoncognito.com.auth.us-east-1.amazoncognito.com
#   openauth, auth.example.com: auth.example.com.auth.eu-west-1.amazoncognito.com
#   dash-cognito-auth, auth.example.com: auth.example.com
#   dash-cognito-auth, auth.example.com with region: auth.example.com.auth.eu-west-1.amazoncognito.com
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts aws-cdk-lib@2.276.0 constructs@10.8.1 \
    @aws-amplify/auth-construct@1.12.0 @openauthjs/openauth@0.4.3 arctic@2.3.4 hono@4.12.8
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check publicsuffixlist==1.1.2.20261023 dash-cognito-auth==0.0.5 \
    dash==2.18.2 flask==3.0.3 flask-dance==7.1.0 setuptools==80.9.0

cat >hosts.mjs <<'JS'
import { createRequire } from "node:module";
import { CognitoProvider } from "@openauthjs/openauth/provider/cognito";
import { Hono } from "hono";

const require = createRequire(import.meta.url);
const { App, Stack } = require("aws-cdk-lib");
const { UserPool } = require("aws-cdk-lib/aws-cognito");
const { Gateway } = require("aws-cdk-lib/aws-bedrockagentcore");
const { AmplifyAuth } = require("@aws-amplify/auth-construct");

function constructs(region) {
  const stack = new Stack(new App(), "stack", { env: { region, account: "111122223333" } });
  const host = (value) => {
    // A reference to the resource of the domain is its prefix.
    const parts = stack.resolve(value)["Fn::Join"][1].map((part) => (part.Ref ? "customers" : part));
    return new URL(parts.join("").replace(/^(?!https:)/, "https://")).host;
  };
  const domain = new UserPool(stack, "pool").addDomain("domain", { cognitoDomain: { domainPrefix: "customers" } });
  const gateway = new Gateway(stack, "gateway", { gatewayName: "gateway" });
  const oidc = [{ name: "company", clientId: "a", clientSecret: "b", issuerUrl: "https://idp.example.com" }];
  const urls = { callbackUrls: ["https://app.example.com/"], logoutUrls: ["https://app.example.com/"] };
  const loginWith = { email: true, externalProviders: { domainPrefix: "customers", ...urls, oidc } };
  const outputs = {};
  const addBackendOutputEntry = (_, { payload }) => Object.assign(outputs, payload);
  const outputStorageStrategy = { addBackendOutputEntry, appendToBackendOutputList() {} };
  new AmplifyAuth(stack, "auth", { loginWith, outputStorageStrategy });
  return {
    "CDK, baseUrl()": host(domain.baseUrl()),
    "CDK, baseUrl({ fips: true })": host(domain.baseUrl({ fips: true })),
    "CDK, AgentCore gateway": host(gateway.tokenEndpointUrl),
    "Amplify, outputs": host(outputs.oauthCognitoDomain),
  };
}
async function openauth(region, domain) {
  const app = new Hono();
  const provider = CognitoProvider({ domain, region, clientID: "a", clientSecret: "b", scopes: ["openid"] });
  provider.init(app, { set: async () => {} });
  const answer = await app.request("https://app.example.com/authorize");
  return new URL(answer.headers.get("location")).host;
}
const seen = [];
for (const region of ["eu-west-1", "us-gov-west-1", "eusc-de-east-1"]) {
  const hosts = { ...constructs(region), openauth: await openauth(region, "customers") };
  for (const [name, host] of Object.entries(hosts)) seen.push([name, region, host]);
}
const example = await openauth("us-east-1", "your-domain.auth.us-east-1.amazoncognito.com");
seen.push(["openauth, example of its manual", null, example]);
seen.push(["openauth, auth.example.com", null, await openauth("eu-west-1", "auth.example.com")]);
console.log(JSON.stringify(seen));
JS
cat >hosts.py <<'PY'
import json
import sys
from urllib.parse import urlsplit

from dash_cognito_auth.cognito import make_cognito_blueprint
from flask import Flask
from publicsuffixlist import PublicSuffixList


def dash(domain, region):
    app = Flask("app")
    app.secret_key = "secret"
    app.register_blueprint(make_cognito_blueprint(client_id="a", client_secret="b", domain=domain, region=region))
    return urlsplit(app.test_client().get("/cognito").headers["location"]).hostname


regions = "eu-west-1", "us-gov-west-1", "eusc-de-east-1"
seen = json.load(sys.stdin)
seen[-2:-2] = (["dash-cognito-auth", region, dash("customers", region)] for region in regions)
seen.append(["dash-cognito-auth, auth.example.com", None, dash("auth.example.com", None)])
seen.append(["dash-cognito-auth, auth.example.com with region", None, dash("auth.example.com", "eu-west-1")])
listed = PublicSuffixList()
known = "auth.{}.amazoncognito.com", "auth-fips.{}.amazoncognito.com", "auth.cognito-idp.{}.on.amazonwebservices.eu"
for region in regions:
    parents = (form.format(region) for form in known)
    print("in the list:", *(parent for parent in parents if listed.is_public(parent)))
parents = {}
for name, region, host in seen:
    if not region:
        parents[name] = host
        continue
    parent = host.removeprefix("customers.")
    form, answers = parents.setdefault(name, (parent.replace(region, "REGION"), []))
    assert form == parent.replace(region, "REGION")
    answers.append("yes" if listed.is_public(parent) else "no")
for name, found in parents.items():
    print(f"{name}:", found if isinstance(found, str) else f"{found[0]}, listed: {' '.join(found[1])}")
PY
env -i PATH="$PATH" HOME="$work" node hosts.mjs >hosts.json
env -i PATH="$PATH" HOME="$work" env/bin/python hosts.py <hosts.json | tee seen

diff - seen <<'EXPECTED'
in the list: auth.eu-west-1.amazoncognito.com
in the list: auth-fips.us-gov-west-1.amazoncognito.com
in the list: auth.cognito-idp.eusc-de-east-1.on.amazonwebservices.eu
CDK, baseUrl(): auth.REGION.amazoncognito.com, listed: yes no no
CDK, baseUrl({ fips: true }): auth-fips.REGION.amazoncognito.com, listed: no yes no
CDK, AgentCore gateway: auth.REGION.amazoncognito.com, listed: yes no no
Amplify, outputs: auth.REGION.amazoncognito.com, listed: yes no no
openauth: auth.REGION.amazoncognito.com, listed: yes no no
dash-cognito-auth: auth.REGION.amazoncognito.com, listed: yes no no
openauth, example of its manual: your-domain.auth.us-east-1.amazoncognito.com.auth.us-east-1.amazoncognito.com
openauth, auth.example.com: auth.example.com.auth.eu-west-1.amazoncognito.com
dash-cognito-auth, auth.example.com: auth.example.com
dash-cognito-auth, auth.example.com with region: auth.example.com.auth.eu-west-1.amazoncognito.com
EXPECTED
echo 'as found'
