#!/usr/bin/env bash
# cognito-backup-restore 1.3.2 with aws-sdk 2.1693.0 (npm, Node.js 20): the users of a pool copied to another one, as
# when a setting that is fixed at creation needs a new pool. The service is played here.
#
# Guess: all but the passwords arrives as it was, as in a backup: the groups of a user, a disabled user as disabled. A
#   user of an identity provider is left out, since the next sign-in makes that user. The call returns when all are made.
# Behaviour: ListUsers is all that is read, so no group comes along. The file has `Enabled` and `UserStatus`, and nothing
#   looks at them: AdminCreateUser is all that is called afterwards, so a disabled user is enabled in the new pool, and
#   one who never confirmed the sign-up, or who came from a provider, becomes a user of the pool with a password. Each of
#   the four gets an invitation, unless one password is given for all. (That a password is sent is documented.) The call
#   returns before the first user is made, which takes two seconds each: 10,000 users are made in five and a half hours.
#   So whoever changes pools, as for `UsernameAttributes` or case sensitivity, disables users and adds them to groups in
#   steps of their own, sorts out users of providers in the file first, and counts the users instead of waiting.
# Output seen (names of users; what is sent for them):
#   in the file: CONFIRMED true, CONFIRMED false, EXTERNAL_PROVIDER true, UNCONFIRMED true
#   read with: ListUsers
#   names of their own: 0 of 4 made when the call returns
#     six seconds or more for four: yes
#     written with: DescribeUserPool AdminCreateUser
#     anna: email email_verified, message sent
#     bert: email custom:tenant, message sent
#     partner_7: identities email, message sent
#     dora: email email_verified, message sent
#   e-mail as user name: 0 of 4 made when the call returns
#     six seconds or more for four: yes
#     written with: DescribeUserPool AdminCreateUser
#     anna@example.com: email email_verified, message sent
#     bert@example.com: email custom:tenant, message sent
#     carl@example.com: identities email, message sent
#     dora@example.com: email email_verified, message sent
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cognito-backup-restore@1.3.2 aws-sdk@2.1693.0

cat >copy.cjs <<'JS'
const http = require("http");
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const AWS = require("aws-sdk");
const { backupUsers, restoreUsers } = require("cognito-backup-restore");

const OLD = "eu-west-1_a1B2c3D4E";
const NEW = "eu-west-1_b2C3d4E5F";
const email = (name) => ({ Name: "email", Value: `${name}@example.com` });
const sub = { Name: "sub", Value: "11111111-2222-3333-4444-555555555555" };
const identities = { Name: "identities", Value: '[{"providerName":"Partner","userId":"7","primary":true}]' };
const user = (Username, UserStatus, Enabled, ...Attributes) => ({ Username, UserStatus, Enabled, Attributes });
const Users = [
  user("anna", "CONFIRMED", true, sub, email("anna"), { Name: "email_verified", Value: "true" }),
  user("bert", "CONFIRMED", false, sub, email("bert"), { Name: "custom:tenant", Value: "7" }),
  user("partner_7", "EXTERNAL_PROVIDER", true, sub, identities, email("carl")),
  user("dora", "UNCONFIRMED", true, sub, email("dora"), { Name: "email_verified", Value: "false" }),
];
let usernameAttributes;
let asked = [];
let created = [];
const answers = {
  ListUsers: () => ({ Users }),
  DescribeUserPool: () => ({ UserPool: { Id: NEW, UsernameAttributes: usernameAttributes } }),
  AdminCreateUser: (given) => created.push(given) && { User: { Username: given.Username } },
};
const service = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const operation = request.headers["x-amz-target"].split(".")[1];
    asked.push(operation);
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answers[operation](JSON.parse(body))));
  });
});
const until = async (met) => {
  while (!met()) await new Promise((done) => setTimeout(done, 50));
};

service.listen(0, "127.0.0.1", async () => {
  const endpoint = `http://127.0.0.1:${service.address().port}`;
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const cognito = new AWS.CognitoIdentityServiceProvider({ endpoint, region: "eu-west-1", credentials });
  await backupUsers(cognito, OLD, "users");
  const file = `users/${OLD}.json`;
  await until(() => require("fs").readFileSync(file, "utf8").trim().endsWith("]"));
  const kept = JSON.parse(require("fs").readFileSync(file, "utf8"));
  console.log(`in the file: ${kept.map(({ UserStatus, Enabled }) => `${UserStatus} ${Enabled}`).join(", ")}`);
  console.log(`read with: ${asked.join(" ")}`);
  for (const given of [undefined, ["email"]]) {
    usernameAttributes = given;
    [asked, created] = [[], []];
    const start = Date.now();
    await restoreUsers(cognito, NEW, file);
    const names = given ? "e-mail as user name" : "names of their own";
    console.log(`${names}: ${created.length} of ${Users.length} made when the call returns`);
    await until(() => created.length === Users.length);
    console.log(`  six seconds or more for four: ${Date.now() - start >= 5900 ? "yes" : "no"}`);
    console.log(`  written with: ${[...new Set(asked)].join(" ")}`);
    for (const { Username, MessageAction, UserAttributes } of created) {
      const names = UserAttributes.map(({ Name }) => Name).join(" ");
      console.log(`  ${Username}: ${names}, message ${MessageAction ?? "sent"}`);
    }
  }
  process.exit();
});
JS
env -i PATH="$PATH" HOME="$work" node copy.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
in the file: CONFIRMED true, CONFIRMED false, EXTERNAL_PROVIDER true, UNCONFIRMED true
read with: ListUsers
names of their own: 0 of 4 made when the call returns
  six seconds or more for four: yes
  written with: DescribeUserPool AdminCreateUser
  anna: email email_verified, message sent
  bert: email custom:tenant, message sent
  partner_7: identities email, message sent
  dora: email email_verified, message sent
e-mail as user name: 0 of 4 made when the call returns
  six seconds or more for four: yes
  written with: DescribeUserPool AdminCreateUser
  anna@example.com: email email_verified, message sent
  bert@example.com: email custom:tenant, message sent
  carl@example.com: identities email, message sent
  dora@example.com: email email_verified, message sent
EXPECTED
echo 'as found'
