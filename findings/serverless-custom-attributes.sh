#!/usr/bin/env bash
# serverless-cognito-add-custom-attributes 0.3.1 with serverless 3.40.0 and aws-sdk 2.1693.0 (npm, Node.js 20): what the
# plugin makes of an app client when it adds a custom attribute to a user pool.
#
# Guess: it reads the client, adds the attribute to what the client may read and write, and sends all else back as it
#   was, so that the client can do what it could before, and one thing more.
# Behaviour: a client with the default attributes has no `ReadAttributes` and no `WriteAttributes` in its description.
#   The plugin makes lists of them that have the custom attribute alone, so the application can read and write nothing
#   else afterwards: no e-mail address, no name. It reports "Enabling client to read from 1 new attribute(s)". What the
#   SDK does not know, such as the rotation of refresh tokens, is left out. Both happen once for each attribute, at the
#   end of the deploy that adds it.
# Output seen (of the request):
#   default attributes: ReadAttributes ["custom:tenant"], WriteAttributes ["custom:tenant"]
#   with lists: ReadAttributes ["email","custom:tenant"], WriteAttributes ["name","custom:tenant"]
#   left out: RefreshTokenRotation
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund serverless-cognito-add-custom-attributes@0.3.1 serverless@3.40.0 \
    aws-sdk@2.1693.0

cat >deploy.cjs <<'JS'
const http = require("http");
const request = require("serverless/lib/aws/request");
const Plugin = require("serverless-cognito-add-custom-attributes");

const UserPoolId = "eu-west-1_a1B2c3D4E";
const CLIENT = {
  UserPoolId,
  ClientId: "1example23456789",
  ClientName: "web",
  ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
  RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
};
let client;
let sent;
const server = http.createServer((asked, response) => {
  let body = "";
  asked.on("data", (part) => (body += part));
  asked.on("end", () => {
    const operation = asked.headers["x-amz-target"].split(".")[1];
    if (operation === "UpdateUserPoolClient") sent = JSON.parse(body);
    const answers = {
      DescribeUserPool: { UserPool: { Id: UserPoolId, SchemaAttributes: [{ Name: "email" }, { Name: "name" }] } },
      DescribeUserPoolClient: { UserPoolClient: client },
    };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answers[operation] ?? {}));
  });
});

server.listen(0, "127.0.0.1", async () => {
  const params = {
    endpoint: `http://127.0.0.1:${server.address().port}`,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  };
  const outputs = [
    { OutputKey: "Pool", OutputValue: UserPoolId },
    { OutputKey: "Client", OutputValue: CLIENT.ClientId },
  ];
  const provider = {
    naming: { getStackName: () => "stack" },
    request: async (name, method, asked) =>
      name === "CloudFormation" ? { Stacks: [{ Outputs: outputs }] } : request({ name, params }, method, asked),
  };
  const attributes = {
    CognitoUserPoolIdOutputKey: "Pool",
    CognitoUserPoolClientIdOutputKey: "Client",
    CustomAttributes: [{ AttributeDataType: "String", Name: "tenant" }],
  };
  const serverless = {
    getProvider: () => provider,
    service: { custom: { CognitoAddCustomAttributes: attributes } },
    cli: { log: (line) => console.error(line) },
  };
  const deploy = async (name, lists) => {
    client = { ...CLIENT, ...lists };
    await new Plugin(serverless, {}).hooks["after:deploy:deploy"]();
    const list = (member) => `${member} ${JSON.stringify(sent[member])}`;
    console.log(`${name}: ${list("ReadAttributes")}, ${list("WriteAttributes")}`);
  };
  await deploy("default attributes", {});
  await deploy("with lists", { ReadAttributes: ["email"], WriteAttributes: ["name"] });
  console.log(`left out: ${Object.keys(CLIENT).filter((member) => !(member in sent)).join(" ")}`);
  server.closeAllConnections();
  server.close();
});
JS
env -i PATH="$PATH" HOME="$work" AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE=1 node deploy.cjs 2>said | tee seen
grep 'Enabling client to read from 1 new attribute' said

diff - seen <<'EXPECTED'
default attributes: ReadAttributes ["custom:tenant"], WriteAttributes ["custom:tenant"]
with lists: ReadAttributes ["email","custom:tenant"], WriteAttributes ["name","custom:tenant"]
left out: RefreshTokenRotation
EXPECTED
echo 'as found'
