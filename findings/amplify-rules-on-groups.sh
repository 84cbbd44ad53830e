#!/usr/bin/env bash
# @aws-amplify/data-schema 1.26.2 and graphql-api-construct 1.22.2 with aws-cdk-lib 2.276.0, which make the resolvers of
# Amplify Data, @aws-amplify/api-graphql 4.10.1 with core 6.19.2, its client, and @aws-amplify/amplify-appsync-simulator
# 2.16.20 (npm, Node.js 20): rules on the groups of a user. Tokens are made here; no service is called.
#
# Guess: `withClaimIn` works with a custom attribute of the pool, which is a text, be it one name or a JSON list, and
#   for all operations alike. A rule for a group takes the name of the group as the pool has it.
# Behaviour: Amplify's client sends the access token, which has no custom attribute, so every operation is refused. With
#   the ID token it depends on the field of the row. If that is one text, all operations read a text and a JSON list. If
#   it is a list (`groupsDefinedIn`), create, update, delete and subscribe read them too, but get and list loop over the
#   text as it is: users write rows that none of them can read. The simulator answers with null and no error. In
#   Velocity a loop over a text has no turn, so AppSync refuses (amplify-category-api issues 110 and 1345). A real list
#   works everywhere: a token trigger adds one, also to the access token, from `LambdaVersion` V2_0 on, while one of
#   V1_0 adds texts to the ID token. So this setting of the pool decides who can read.
#   The name of a group goes into the schema unescaped and into the resolver escaped. So a group `CORP\admins` cannot be
#   named: as it is, the schema is refused; with the backslash doubled, its members are. `CORP\team` works by chance,
#   since `\t` becomes a tab and then `\t` again.
# Output seen (onCreate is the step of the subscription, asked as a query here):
#   list field, attribute acme, as Amplify sends it: Unauthorized all
#   list field, attribute acme, ID token: allowed create update delete onCreate; null get list
#   list field, ["acme","beta"] of a V1_0 trigger, ID token: allowed create update delete onCreate; null get list
#   list field, list of a V2_0 trigger, as Amplify sends it: allowed all
#   one text, attribute acme, ID token: allowed all
#   one text, ["acme","beta"] of a V1_0 trigger, ID token: allowed all
#   one text, list of a V2_0 trigger, as Amplify sends it: allowed all
#   rule CORP\admins: Syntax Error: Invalid character escape sequence: \a.
#   rule CORP\\admins, group CORP\admins: Unauthorized all
#   rule CORP\team, group CORP\team: allowed all
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps @aws-amplify/data-schema@1.26.2 \
    @aws-amplify/graphql-api-construct@1.22.2 aws-cdk-lib@2.276.0 constructs@10.8.1 \
    @aws-amplify/amplify-appsync-simulator@2.16.20 @aws-amplify/api-graphql@4.10.1 @aws-amplify/core@6.19.2

cat >rules.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { UserPool } = require("aws-cdk-lib/aws-cognito");
const appsync = require("@aws-amplify/amplify-appsync-simulator");
const { generateClient } = require("@aws-amplify/api-graphql/internals");
const { Amplify, decodeJWT } = require("@aws-amplify/core");
const { a } = require("@aws-amplify/data-schema");
const { AmplifyGraphqlApi, AmplifyGraphqlDefinition } = require("@aws-amplify/graphql-api-construct");

const [port, wsPort] = process.argv.slice(2).map(Number);
const simulator = new appsync.AmplifyAppSyncSimulator({ port, wsPort });
const say = console.log;
// The construct speaks of the CDK's deprecated functions and of the rules.
console.log = console.warn = () => {};
const INPUT = '(input: {tenant: "acme", tenants: ["acme"]})';
const OPERATIONS = ["create", "update", "delete", "onCreate", "get", "list"];
const ROW = '{"version": "2018-05-29", "payload": {"tenant": "acme", "tenants": ["acme"]}}';

// The step of each operation that decides whether the user may do it.
function stepsOf(model) {
  const stack = new Stack(new App(), "Stack");
  const { generatedFunctionSlots } = new AmplifyGraphqlApi(stack, "Api", {
    definition: AmplifyGraphqlDefinition.fromString(a.schema({ Doc: model }).transform().schema),
    authorizationModes: {
      defaultAuthorizationMode: "AMAZON_COGNITO_USER_POOLS",
      userPoolConfig: { userPool: new UserPool(stack, "Pool") },
    },
  });
  const steps = {};
  for (const { fieldName, function: made } of generatedFunctionSlots) {
    const operation = fieldName.replace(/Docs?$/, "");
    const { requestMappingTemplate: request, responseMappingTemplate: response } = made;
    const decides = (template) => template?.includes("[Start] Authorization Steps");
    if (decides(request)) steps[operation] = { request };
    if (decides(response)) steps[operation] = { response };
  }
  return steps;
}

function serve(steps) {
  const fields = OPERATIONS.map((operation) => `${operation}(input: Input): String`);
  const input = "input Input { tenant: String tenants: [String] }";
  simulator.init({
    schema: { content: `schema { query: Query } type Query { ${fields} } ${input}` },
    appSync: {
      name: "api",
      defaultAuthenticationType: {
        authenticationType: appsync.AmplifyAppSyncSimulatorAuthenticationType.AMAZON_COGNITO_USER_POOLS,
        cognitoUserPoolConfig: {},
      },
      additionalAuthenticationProviders: [],
    },
    dataSources: [{ type: "NONE", name: "none" }],
    resolvers: OPERATIONS.map((fieldName) => {
      const { request = ROW, response = "" } = steps[fieldName];
      // The step ends with an object of its own; the field is a text.
      const responseMappingTemplate = `${response.replace(/\$util\.toJson\(.*\)\n## \[End\].*/, "")}"allowed"`;
      const unit = { kind: "UNIT", typeName: "Query", fieldName, dataSourceName: "none" };
      return { ...unit, requestMappingTemplate: request, responseMappingTemplate };
    }),
    mappingTemplates: [],
  });
}

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E";
const shared = { iss, exp: 4102444800, sub: "ann" };
const sign = (claims) => `${part({ alg: "RS256", kid: "k" })}.${part({ ...shared, ...claims })}.c2ln`;
const idToken = (claims) => sign({ token_use: "id", aud: "client", "cognito:username": "ann", ...claims });
const accessToken = (claims) => sign({ token_use: "access", client_id: "client", username: "ann", ...claims });

// By itself the client sends the access token; headers of the application replace that.
async function ask(id, access, sent) {
  const tokens = { accessToken: decodeJWT(access), idToken: decodeJWT(id) };
  const endpoint = `${simulator.url}/graphql`;
  Amplify.configure(
    { API: { GraphQL: { endpoint, region: "eu-west-1", defaultAuthMode: "userPool" } } },
    {
      Auth: { tokenProvider: { getTokens: async () => tokens } },
      API: { GraphQL: sent ? { headers: async () => ({ Authorization: sent }) } : {} },
    },
  );
  const client = generateClient({ amplify: Amplify });
  const seen = {};
  for (const operation of OPERATIONS) {
    const answer = client.graphql({ query: `{ answer: ${operation}${INPUT} }` });
    const outcome = await answer.then(
      ({ data }) => data.answer ?? "null",
      ({ errors }) => errors[0].errorType,
    );
    (seen[outcome] ??= []).push(operation);
  }
  const all = (operations) => (operations.length === OPERATIONS.length ? ["all"] : operations);
  return Object.entries(seen).map(([outcome, operations]) => [outcome, ...all(operations)].join(" ")).join("; ");
}

const list = ["acme", "beta"];
const text = JSON.stringify(list);
const byId = (claims) => ask(idToken(claims), accessToken({}), idToken(claims));
const byAccess = (claims) => ask(idToken(claims), accessToken(claims));

(async () => {
  await simulator.start();
  const many = a.model({ tenants: a.string().array() });
  const one = a.model({ tenant: a.string() });
  const FIELDS = {
    "list field": (claim) => many.authorization((allow) => [allow.groupsDefinedIn("tenants").withClaimIn(claim)]),
    "one text": (claim) => one.authorization((allow) => [allow.groupDefinedIn("tenant").withClaimIn(claim)]),
  };
  for (const [field, ruled] of Object.entries(FIELDS)) {
    serve(stepsOf(ruled("custom:tenant")));
    const attribute = { "custom:tenant": "acme" };
    if (field === "list field") {
      const sent = await ask(idToken(attribute), accessToken({}));
      say(`${field}, attribute acme, as Amplify sends it: ${sent}`);
    }
    say(`${field}, attribute acme, ID token: ${await byId(attribute)}`);
    serve(stepsOf(ruled("tenants")));
    say(`${field}, ${text} of a V1_0 trigger, ID token: ${await byId({ tenants: text })}`);
    say(`${field}, list of a V2_0 trigger, as Amplify sends it: ${await byAccess({ tenants: list })}`);
  }
  const named = (rule) => stepsOf(one.authorization((allow) => [allow.group(rule)]));
  try {
    serve(named("CORP\\admins"));
    say("rule CORP\\admins: taken");
  } catch (error) {
    say(`rule CORP\\admins: ${error.message}`);
  }
  for (const [rule, group] of [
    ["CORP\\\\admins", "CORP\\admins"],
    ["CORP\\team", "CORP\\team"],
  ]) {
    serve(named(rule));
    say(`rule ${rule}, group ${group}: ${await byAccess({ "cognito:groups": [group] })}`);
  }
  process.exit(0);
})();
JS

cat >ports.py <<'PY'
import socket

taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in taken))
PY
read -r port ws < <(python3 ports.py)
node rules.cjs "$port" "$ws" 2>errors | tee seen

diff - seen <<'EXPECTED'
list field, attribute acme, as Amplify sends it: Unauthorized all
list field, attribute acme, ID token: allowed create update delete onCreate; null get list
list field, ["acme","beta"] of a V1_0 trigger, ID token: allowed create update delete onCreate; null get list
list field, list of a V2_0 trigger, as Amplify sends it: allowed all
one text, attribute acme, ID token: allowed all
one text, ["acme","beta"] of a V1_0 trigger, ID token: allowed all
one text, list of a V2_0 trigger, as Amplify sends it: allowed all
rule CORP\admins: Syntax Error: Invalid character escape sequence: \a.
rule CORP\\admins, group CORP\admins: Unauthorized all
rule CORP\team, group CORP\team: allowed all
EXPECTED
echo 'as found'
