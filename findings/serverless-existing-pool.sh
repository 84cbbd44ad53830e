#!/usr/bin/env bash
# serverless 3.40.0 (npm, Node.js 20) with @aws-sdk/client-cognito-identity-provider 3.1169.0: what the custom resource
# behind a `cognitoUserPool` event with `existing: true` sends to the pool.
#
# Guess: it reads the pool, sets its trigger, and sends back everything that UpdateUserPool takes, as it was read.
# Behaviour: it finds the pool by its name, and describes the first of two pools of one name. It overwrites the lifetime
#   of temporary passwords with the deprecated `UnusedAccountValidityDays`, without a look whether both are there: where
#   an answer has the new member alone, as emulators give it, the lifetime leaves the request. (Amazon keeps the two
#   equal and returns both, so there nothing changes.) Members newer than the SDK in the function are dropped, at the
#   top as in LambdaConfig, and the request replaces the whole LambdaConfig: a trigger newer than the SDK is taken off.
# Output seen (two pools are named customers, the first is …_old00000O; what is sent):
#   DescribeUserPool: eu-west-1_old00000O
#   both days (3, 3): PasswordPolicy {"MinimumLength":12,"TemporaryPasswordValidityDays":3}
#   new member alone (3): PasswordPolicy {"MinimumLength":12}
#   LambdaConfig {"PreSignUp":"arn:old","PostConfirmation":"arn:new"}
#   NextSetting: undefined
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund serverless@3.40.0 @aws-sdk/client-cognito-identity-provider@3.1169.0

cat >ask.cjs <<'JS'
const http = require("http");

const pool = (unused) => ({
  Id: "eu-west-1_old00000O",
  Name: "customers",
  Policies: { PasswordPolicy: { MinimumLength: 12, TemporaryPasswordValidityDays: 3 } },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: true, ...unused },
  LambdaConfig: { PreSignUp: "arn:old", NextTrigger: "arn:next" },
  NextSetting: { Mode: "ON" },
});
let answer;
let sent = {};
const server = http.createServer((request, response) => {
  const operation = request.headers["x-amz-target"].split(".")[1];
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    sent[operation] = JSON.parse(body);
    const pools = ["eu-west-1_old00000O", "eu-west-1_new00000N"].map((Id) => ({ Id, Name: "customers" }));
    const answers = { ListUserPools: { UserPools: pools }, DescribeUserPool: { UserPool: answer } };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answers[operation] ?? {}));
  });
});

server.listen(0, "127.0.0.1", async () => {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${server.address().port}`,
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    AWS_REGION: "eu-west-1",
  });
  const folder = "serverless/lib/plugins/aws/custom-resources/resources/cognito-user-pool/lib";
  const { updateConfiguration } = require(`${folder}/user-pool.js`);
  const update = async (unused) => {
    answer = pool(unused);
    await updateConfiguration({
      lambdaArn: "arn:new",
      userPoolName: "customers",
      userPoolConfigs: [{ Pool: "customers", Trigger: "PostConfirmation" }],
      region: "eu-west-1",
    });
    return JSON.stringify(sent.UpdateUserPool.Policies.PasswordPolicy);
  };
  const both = await update({ UnusedAccountValidityDays: 3 });
  console.log(`DescribeUserPool: ${sent.DescribeUserPool.UserPoolId}`);
  console.log(`both days (3, 3): PasswordPolicy ${both}`);
  console.log(`new member alone (3): PasswordPolicy ${await update({})}`);
  console.log(`LambdaConfig ${JSON.stringify(sent.UpdateUserPool.LambdaConfig)}`);
  console.log(`NextSetting: ${sent.UpdateUserPool.NextSetting}`);
  server.closeAllConnections();
  server.close();
});
JS
env -i PATH="$PATH" HOME="$work" node ask.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
DescribeUserPool: eu-west-1_old00000O
both days (3, 3): PasswordPolicy {"MinimumLength":12,"TemporaryPasswordValidityDays":3}
new member alone (3): PasswordPolicy {"MinimumLength":12}
LambdaConfig {"PreSignUp":"arn:old","PostConfirmation":"arn:new"}
NextSetting: undefined
EXPECTED
echo 'as found'
