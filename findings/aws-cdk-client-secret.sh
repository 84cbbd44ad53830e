#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 with @aws-sdk/client-cognito-identity-provider 3.1169.0 (npm, Node.js 20): `userPoolClientSecret`
# of an app client, by which a stack hands the secret on to an application.
#
# Guess: each deployment asks Cognito for the secret, so that a deployment after a rotation is enough to bring the new
#   one to the application. Where the description has no `ClientSecret`, since Secrets Manager keeps it, the custom
#   resource fails with a message that names it.
# Behaviour: the call is an ordinary property of a custom resource, with the ids of the pool and the client in it, and
#   nothing that changes. CloudFormation calls a custom resource whose properties change, so the secret is that of the
#   deployment which made the client, also when the client's other settings change later. Of a client whose secret went
#   to Secrets Manager the description has `ClientSecretArn` instead; the custom resource then answers SUCCESS, without
#   the attribute that the template refers to. A client that the stack refers to (`fromUserPoolClientId`) has no
#   `userPoolClientSecret` at all.
#   So before a secret is rotated, or `PublishSecretsInAWSSecretsManager` is set, the stacks that use
#   `userPoolClientSecret` have to read it from Secrets Manager, or wherever the new one is.
# Output seen:
#   the template takes: UserPoolClient.ClientSecret
#   the call after a change of name and addresses: the same text
#   ClientSecret in the description: SUCCESS, UserPoolClient.ClientId UserPoolClient.ClientSecret
#   ClientSecretArn in the description: SUCCESS, UserPoolClient.ClientId
#   a client referred to: refused
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 \
    @aws-sdk/client-cognito-identity-provider@3.1169.0

cat >secret.cjs <<'JS'
const { EventEmitter } = require("events");
const http = require("http");
const https = require("https");
const { App, CfnOutput, Stack } = require("aws-cdk-lib");
const { UserPool, UserPoolClient } = require("aws-cdk-lib/aws-cognito");

const ID = "1example23456789";
const TYPE = "Custom::DescribeCognitoUserPoolClient";
const env = { region: "eu-west-1", account: "111122223333" };
function synth(options) {
  const stack = new Stack(new App(), "app", { env });
  const pool = UserPool.fromUserPoolId(stack, "pool", "eu-west-1_a1B2c3D4E");
  const client = pool.addClient("web", { generateSecret: true, ...options });
  new CfnOutput(stack, "secret", { value: client.userPoolClientSecret.unsafeUnwrap() });
  const { Outputs, Resources } = App.of(stack).synth().getStackByName("app").template;
  const { Create, Update } = Object.values(Resources).find(({ Type }) => Type === TYPE).Properties;
  return { calls: JSON.stringify([Create, Update]), Create, taken: Outputs.secret.Value["Fn::GetAtt"][1] };
}

let description;
const service = http.createServer((_, response) => {
  response.setHeader("content-type", "application/x-amz-json-1.1");
  response.end(JSON.stringify({ UserPoolClient: { ClientId: ID, ...description } }));
});
// What the custom resource answers to CloudFormation.
let answer;
https.request = (_, received) => {
  const end = () => {
    const response = Object.assign(new EventEmitter(), { statusCode: 200, resume() {} });
    received(response);
    response.emit("end");
  };
  const write = (text) => (answer = JSON.parse(text));
  return Object.assign(new EventEmitter(), { write, end: () => setImmediate(end) });
};

service.listen(0, "127.0.0.1", async () => {
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${service.address().port}`;
  const folder = "./node_modules/aws-cdk-lib/custom-resource-handlers/dist/custom-resources";
  const { handler } = require(`${folder}/aws-custom-resource-handler`);
  const first = synth({});
  const later = synth({ userPoolClientName: "shop", oAuth: { callbackUrls: ["https://shop.example.com/"] } });
  console.log(`the template takes: ${first.taken}`);
  const same = first.calls === later.calls;
  console.log(`the call after a change of name and addresses: ${same ? "the same text" : "another text"}`);

  const Create = first.Create["Fn::Join"][1].map((part) => (part.Ref ? ID : part)).join("");
  const event = { RequestType: "Create", ResponseURL: "https://answer.example.com/", ResourceType: TYPE };
  for (const member of ["ClientSecret", "ClientSecretArn"]) {
    description = { [member]: "example" };
    const { log } = console;
    console.log = () => {};
    await handler({ ...event, ResourceProperties: { Create, InstallLatestAwsSdk: "false" } }, {});
    console.log = log;
    const names = Object.keys(answer.Data).filter((name) => name.startsWith("UserPoolClient."));
    console.log(`${member} in the description: ${answer.Status}, ${names.join(" ")}`);
  }
  try {
    UserPoolClient.fromUserPoolClientId(new Stack(), "web", ID).userPoolClientSecret;
    console.log("a client referred to: taken");
  } catch {
    console.log("a client referred to: refused");
  }
  service.closeAllConnections();
  service.close();
});
JS
env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=eu-west-1 \
    node secret.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
the template takes: UserPoolClient.ClientSecret
the call after a change of name and addresses: the same text
ClientSecret in the description: SUCCESS, UserPoolClient.ClientId UserPoolClient.ClientSecret
ClientSecretArn in the description: SUCCESS, UserPoolClient.ClientId
a client referred to: refused
EXPECTED
echo 'as found'
