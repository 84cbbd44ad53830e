#!/usr/bin/env bash
# cognito-backup-restore 1.3.2 with aws-sdk 2.1693.0 (npm, Node.js 20): the users of a pool, backed up and restored into
# another pool. The service is played here.
#
# Guess: `all` backs up each pool of the Region. A restored user is as the backup has it, a disabled user disabled, and
#   users of an identity provider are left out, since only a sign-in makes them. Nobody gets a message unless it is
#   asked for, and the promise settles when the users are there.
# Behaviour: `all` reads one page of the list: 60 pools, the rest is not mentioned. The backup says who is disabled and
#   who comes from a provider, and the restore looks at neither: it calls AdminCreateUser for each user, with the
#   attribute `identities` for the latter, and disables nobody. Without a password for all users, it suppresses no
#   message, so restored users get the invitation of the new pool (`AdminCreateUserConfig.InviteMessageTemplate`). The
#   promise resolves before the first user is created.
# Output seen:
#   all: 60 of 61 pools
#   users created when the promise resolved: 0
#   ann: attributes email email_verified; message of the pool
#   bob, disabled: attributes phone_number; message of the pool
#   Corp_cy@example.com, of a provider: attributes identities email; message of the pool
#   other calls of the restore: describeUserPool
#   with a password, ann: SUPPRESS
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cognito-backup-restore@1.3.2 aws-sdk@2.1693.0

cat >restore.cjs <<'JS'
const AWS = require("aws-sdk");
const { existsSync, readFileSync } = require("fs");
const { setTimeout: wait } = require("timers/promises");
const { backupUsers, restoreUsers } = require("cognito-backup-restore");

const identities = JSON.stringify([{ userId: "cy@example.com", providerName: "Corp", providerType: "SAML" }]);
const user = (Username, Enabled, UserStatus, attributes) => ({
  Username,
  Enabled,
  UserStatus,
  Attributes: Object.entries({ sub: `sub-of-${Username}`, ...attributes }).map(([Name, Value]) => ({ Name, Value })),
});
const users = [
  user("ann", true, "CONFIRMED", { email: "ann@example.com", email_verified: "true" }),
  user("bob", false, "CONFIRMED", { phone_number: "+15555550100" }),
  user("Corp_cy@example.com", true, "EXTERNAL_PROVIDER", { identities, email: "cy@example.com" }),
];
const pools = Array.from({ length: 61 }, (_, at) => ({ Id: `eu-west-1_${100000000 + at}`, Name: `${at}` }));
const answers = {
  listUserPools: ({ NextToken }) =>
    NextToken ? { UserPools: pools.slice(60) } : { UserPools: pools.slice(0, 60), NextToken: "60" },
  listUsers: () => ({ Users: users }),
  describeUserPool: ({ UserPoolId }) => ({ UserPool: { Id: UserPoolId, UsernameAttributes: [] } }),
  adminCreateUser: ({ Username }) => ({ User: { Username } }),
};

// Answers in the process where a request would leave it.
let calls = [];
AWS.Request.prototype.promise = async function () {
  calls.push({ operation: this.operation, ...this.params });
  return answers[this.operation](this.params);
};
const cognito = new AWS.CognitoIdentityServiceProvider({
  region: "eu-west-1",
  credentials: new AWS.Credentials("a", "b"),
});
const made = () => calls.filter((call) => call.operation === "adminCreateUser");
async function until(done) {
  for (let tries = 0; !done() && tries < 150; tries += 1) await wait(100);
}
// The tool starts at most one AdminCreateUser in two seconds.
async function restored(password) {
  calls = [];
  await restoreUsers(cognito, "eu-west-1_a1B2c3D4E", file, password);
  const early = made().length;
  await until(() => made().length === users.length);
  return early;
}

const file = `backup/${pools[0].Id}.json`;
(async () => {
  await backupUsers(cognito, "all", "backup");
  const read = new Set(calls.filter((call) => call.operation === "listUsers").map((call) => call.UserPoolId));
  console.log(`all: ${read.size} of ${pools.length} pools`);
  await until(() => existsSync(file) && readFileSync(file, "utf8").trim().endsWith("]"));

  console.log("users created when the promise resolved:", await restored());
  const labels = { bob: "bob, disabled", "Corp_cy@example.com": "Corp_cy@example.com, of a provider" };
  for (const call of made()) {
    const names = call.UserAttributes.map((one) => one.Name).join(" ");
    const label = labels[call.Username] ?? call.Username;
    console.log(`${label}: attributes ${names}; message`, call.MessageAction ?? "of the pool");
  }
  await wait(2500);
  const names = calls.map((call) => call.operation).filter((name) => name !== "adminCreateUser");
  console.log("other calls of the restore:", names.join(" "));

  await restored("Not-a-password-1");
  console.log("with a password, ann:", made()[0].MessageAction);
})();
JS
node restore.cjs 2>errors | tee seen

diff - seen <<'EXPECTED'
all: 60 of 61 pools
users created when the promise resolved: 0
ann: attributes email email_verified; message of the pool
bob, disabled: attributes phone_number; message of the pool
Corp_cy@example.com, of a provider: attributes identities email; message of the pool
other calls of the restore: describeUserPool
with a password, ann: SUPPRESS
EXPECTED
echo 'as found'
