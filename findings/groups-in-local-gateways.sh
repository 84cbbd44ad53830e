#!/usr/bin/env bash
# Chalice 1.34.0 (`chalice local`, PyPI), serverless-offline 14.8.2 with osls 4.3.1 and
# @aws-amplify/amplify-appsync-simulator 2.16.20 (npm, Node.js 20): local stand-ins for API Gateway and AppSync with a
# user pool as authorizer. The functions and resolvers return what they get of the user. Tokens are made here.
#
# Guess: the function gets what it gets behind API Gateway, where every claim is a text: with a REST API the groups are
#   `admins,users` (aws/chalice issue 783, re:Post), with an HTTP API `[admins users]` (measured in floci-io/floci pull
#   request 2011), and a boolean is "true". An access token is as good as an ID token, and every issuer that a pool can
#   have is known.
# Behaviour: both gateways hand over the decoded token: the groups are a list, and `email_verified` is a boolean. Code
#   that splits the text, as the chalice issue shows it, fails locally. Code that looks for a name with `includes` or
#   `in` works locally, and behind API Gateway looks for a part of a text: there the name `admin` is also found in
#   `read-admin`. Chalice hands over nothing for an access token, the kind that an authorizer with scopes asks for: the
#   function sees no `authorizer` at all. The simulator of AppSync keeps the list in the claims, as AppSync does, and
#   lacks `identity.groups`, which AppSync has too. It takes tokens of the ORIGINAL issuer alone: after
#   `IssuerConfiguration: {Type: UPDATED}` it refuses each one. So a test behind a local gateway says nothing about
#   groups; give no group a name that is a part of another's.
# Output seen (the groups, then `email_verified`, of an ID token; the groups of an access token):
#   chalice local: ["admins","users"], true; none
#   serverless-offline, REST API: ["admins","users"], true; ["admins","users"]
#   serverless-offline, HTTP API: ["admins","users"], true; ["admins","users"]
#   AppSync simulator: ["admins","users"], true; ["admins","users"]; identity.groups none
#   AppSync simulator, issuer UPDATED: UnauthorizedException; UnauthorizedException
set -euo pipefail
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check chalice==1.34.0
# serverless-offline names `serverless` as its peer; osls is the fork that needs no account.
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
    osls@4.3.1 serverless-offline@14.8.2 @aws-amplify/amplify-appsync-simulator@2.16.20

cat >tokens.py <<'PY'
import base64
import json
import sys

HOSTS = {"ORIGINAL": "cognito-idp", "UPDATED": "issuer-cognito-idp"}
SHARED = {"sub": "0", "exp": 4102444800, "cognito:groups": ["admins", "users"]}
KINDS = {
    "id": {"token_use": "id", "aud": "client", "cognito:username": "u", "email_verified": True},
    "access": {"token_use": "access", "client_id": "client", "username": "u", "scope": "https://api.example.com/read"},
}


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def token(kind, issuer="ORIGINAL"):
    iss = f"https://{HOSTS[issuer]}.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E"
    return f"{part({'alg': 'RS256', 'kid': 'k'})}.{part({'iss': iss, **SHARED, **KINDS[kind]})}.c2ln"


if __name__ == "__main__":
    print(json.dumps({issuer: {kind: token(kind, issuer) for kind in KINDS} for issuer in HOSTS}))
PY
python3 tokens.py >tokens.json

cat >app.py <<'PY'
import json
import warnings

from chalice import Chalice, CognitoUserPoolAuthorizer
from chalice.config import Config
from chalice.local import LocalGateway

import tokens

app = Chalice(app_name="app")
POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E"


@app.route("/", authorizer=CognitoUserPoolAuthorizer("pool", provider_arns=[POOL]))
def index():
    return app.current_request.context.get("authorizer", {}).get("claims")


# It warns that it authorizes every request.
warnings.simplefilter("ignore")
gateway = LocalGateway(app, Config(user_provided_params={"project_dir": "."}))
seen = []
for kind in ("id", "access"):
    answer = gateway.handle_request("GET", "/", {"authorization": f"Bearer {tokens.token(kind)}"}, "")
    assert answer["statusCode"] == 200
    claims = json.loads(answer["body"])
    seen.append(claims and [claims["cognito:groups"], claims.get("email_verified")])
compact = [json.dumps(value, separators=(",", ":")) for value in seen[0]]
print(f"chalice local: {', '.join(compact)}; {'none' if seen[1] is None else seen[1]}")
PY

cat >serverless.yml <<'YAML'
service: local
provider:
  name: aws
  runtime: nodejs20.x
  region: eu-west-1
  httpApi:
    authorizers:
      pool:
        type: jwt
        identitySource: $request.header.Authorization
        issuerUrl: https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E
        audience: [client]
plugins: [serverless-offline]
functions:
  rest:
    handler: handler.show
    events:
      - http:
          path: rest
          method: get
          authorizer:
            type: COGNITO_USER_POOLS
            arn: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E
  http:
    handler: handler.show
    events:
      - httpApi: {path: /http, method: get, authorizer: {name: pool}}
YAML
cat >handler.js <<'JS'
exports.show = async (event) => ({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) });
JS

cat >ask.cjs <<'JS'
const appsync = require("@aws-amplify/amplify-appsync-simulator");
const tokens = require("./tokens.json");

const [gateway, port, wsPort] = process.argv.slice(2).map(Number);
const show = (value) => JSON.stringify(value ?? null);

async function offline(path, name, read) {
  const ask = async (kind) => {
    const headers = { authorization: `Bearer ${tokens.ORIGINAL[kind]}` };
    const answer = await fetch(`http://127.0.0.1:${gateway}/${path}`, { headers });
    return read(await answer.json());
  };
  const [id, access] = [await ask("id"), await ask("access")];
  const first = `${show(id.claims["cognito:groups"])}, ${show(id.claims.email_verified)}`;
  console.log(`serverless-offline, ${name}: ${first}; ${show(access.claims["cognito:groups"])}`);
}

async function appSync() {
  const simulator = new appsync.AmplifyAppSyncSimulator({ port, wsPort });
  await simulator.start();
  simulator.init({
    schema: { content: "schema { query: Query } type Query { user: String }" },
    appSync: {
      name: "api",
      defaultAuthenticationType: {
        authenticationType: appsync.AmplifyAppSyncSimulatorAuthenticationType.AMAZON_COGNITO_USER_POOLS,
        cognitoUserPoolConfig: {},
      },
      additionalAuthenticationProviders: [],
    },
    dataSources: [{ type: "NONE", name: "none" }],
    resolvers: [
      {
        kind: "UNIT",
        typeName: "Query",
        fieldName: "user",
        dataSourceName: "none",
        requestMappingTemplate: '{"version": "2018-05-29", "payload": {}}',
        responseMappingTemplate: "$util.toJson($util.toJson($ctx.identity))",
      },
    ],
    mappingTemplates: [],
  });
  for (const [issuer, given] of Object.entries(tokens)) {
    const ask = async (authorization) => {
      const headers = { "content-type": "application/json", authorization };
      const body = '{"query": "{ user }"}';
      const answer = await fetch(`${simulator.url}/graphql`, { method: "POST", headers, body });
      const { data, errors } = await answer.json();
      return data ? JSON.parse(data.user) : errors[0].errorType;
    };
    const [id, access] = [await ask(given.id), await ask(given.access)];
    if (issuer === "UPDATED") {
      console.log(`AppSync simulator, issuer UPDATED: ${id}; ${access}`);
      continue;
    }
    const first = `${show(id.claims["cognito:groups"])}, ${show(id.claims.email_verified)}`;
    const groups = id.groups ?? access.groups ?? "none";
    console.log(`AppSync simulator: ${first}; ${show(access.claims["cognito:groups"])}; identity.groups ${groups}`);
  }
}

(async () => {
  await offline("rest", "REST API", (authorizer) => authorizer);
  await offline("http", "HTTP API", (authorizer) => authorizer.jwt);
  await appSync();
  process.exit(0);
})();
JS

cat >ports.py <<'PY'
import socket

taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(5)]
print(*(one.getsockname()[1] for one in taken))
PY
read -r http lambda alb sync ws < <(python3 ports.py)
AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b HOME=$work node node_modules/.bin/osls offline --host 127.0.0.1 \
    --httpPort "$http" --lambdaPort "$lambda" --albPort "$alb" --noPrependStageInUrl --ignoreJWTSignature >said 2>&1 &
server=$!
for _ in $(seq 300); do
    if grep -q 'Server ready' said; then break; fi
    sleep 0.2
done
{
    env/bin/python app.py
    node ask.cjs "$http" "$sync" "$ws" 2>errors
} | tee seen

diff - seen <<'EXPECTED'
chalice local: ["admins","users"], true; none
serverless-offline, REST API: ["admins","users"], true; ["admins","users"]
serverless-offline, HTTP API: ["admins","users"], true; ["admins","users"]
AppSync simulator: ["admins","users"], true; ["admins","users"]; identity.groups none
AppSync simulator, issuer UPDATED: UnauthorizedException; UnauthorizedException
EXPECTED
echo 'as found'
