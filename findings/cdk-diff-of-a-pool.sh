#!/usr/bin/env bash
# aws-cdk 2.1148.1 (npm, the program `cdk`, Node.js 20): what `cdk diff` prints for changes of a user pool and its app
# client.
#
# Guess: each changed setting is printed with its old and its new value, and a setting that cannot be changed, such as
#   `UsernameAttributes`, is marked "requires replacement", as `GenerateSecret` of an app client is.
# Behaviour: a boolean that becomes the other one is printed without values: the line names the setting, and whether
#   self sign-up, a rule for passwords or token revocation is switched on or off cannot be read from it. Numbers and
#   texts have both values, and so has a boolean that comes or goes, or a text "true". Settings of a pool that Cognito
#   fixes when it is created are changes like any other: nothing says that the deployment cannot make them.
# Output seen (the lines with a sign, without the tree):
#   AllowAdminCreateUserOnly true to false: [~] AdminCreateUserConfig, [~] .AllowAdminCreateUserOnly:
#   ditto "true" to "false": [~] AdminCreateUserConfig, [~] .AllowAdminCreateUserOnly:, [-] true, [+] false
#   MinimumLength 12 to 8: [~] Policies, [~] .PasswordPolicy:, [~] .MinimumLength:, [-] 12, [+] 8
#   EnableTokenRevocation true to false: [~] EnableTokenRevocation
#   EnableTokenRevocation absent to true: [+] EnableTokenRevocation, true
#   GenerateSecret true to false: [~] GenerateSecret (requires replacement)
#   UsernameAttributes ["email"] to ["phone_number"]: [~] UsernameAttributes, [-] "email", [+] "phone_number"
#   CaseSensitive true to false: [~] UsernameConfiguration, [~] .CaseSensitive:
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk@2.1148.1

cat >diff.cjs <<'JS'
const { execFileSync } = require("child_process");
const { mkdirSync, writeFileSync } = require("fs");

const write = (file, value) => writeFileSync(file, JSON.stringify(value));

function told(type, path, before, after) {
  const template = (value) => {
    const Properties = value === undefined ? {} : path.reduceRight((inner, name) => ({ [name]: inner }), value);
    return { Resources: { Resource: { Type: `AWS::Cognito::${type}`, Properties } } };
  };
  write("old.json", template(before));
  write("cdk.out/Stack.template.json", template(after));
  const options = ["--app", "cdk.out", "--template", "old.json", "--no-notices", "--no-change-set"];
  const streams = { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  const said = execFileSync("node_modules/.bin/cdk", ["diff", ...options], streams);
  const lines = said.split("\n").filter((line) => /^ /.test(line)).map((line) => line.replace(/^[ │├└─]+/, ""));
  const signed = lines.filter((line) => /^(\[[-+~]\]|true|false)/.test(line));
  return signed.map((line) => line.replace(/ +/g, " ")).join(", ");
}

mkdirSync("cdk.out");
write("cdk.out/manifest.json", {
  version: "36.0.0",
  artifacts: {
    Stack: {
      type: "aws:cloudformation:stack",
      environment: "aws://111122223333/eu-west-1",
      properties: { templateFile: "Stack.template.json" },
    },
  },
});
for (const [type, path, before, after] of [
  ["UserPool", ["AdminCreateUserConfig", "AllowAdminCreateUserOnly"], true, false],
  ["UserPool", ["AdminCreateUserConfig", "AllowAdminCreateUserOnly"], "true", "false"],
  ["UserPool", ["Policies", "PasswordPolicy", "MinimumLength"], 12, 8],
  ["UserPoolClient", ["EnableTokenRevocation"], true, false],
  ["UserPoolClient", ["EnableTokenRevocation"], undefined, true],
  ["UserPoolClient", ["GenerateSecret"], true, false],
  ["UserPool", ["UsernameAttributes"], ["email"], ["phone_number"]],
  ["UserPool", ["UsernameConfiguration", "CaseSensitive"], true, false],
]) {
  const text = (value) => JSON.stringify(value) ?? "absent";
  const name = typeof before === "string" ? "ditto" : path.at(-1);
  console.log(`${name} ${text(before)} to ${text(after)}: ${told(type, path, before, after)}`);
}
JS
env -i PATH="$PATH" HOME="$work" CI=1 NO_COLOR=1 CDK_DISABLE_CLI_TELEMETRY=true node diff.cjs | tee seen

diff - seen <<'EXPECTED'
AllowAdminCreateUserOnly true to false: [~] AdminCreateUserConfig, [~] .AllowAdminCreateUserOnly:
ditto "true" to "false": [~] AdminCreateUserConfig, [~] .AllowAdminCreateUserOnly:, [-] true, [+] false
MinimumLength 12 to 8: [~] Policies, [~] .PasswordPolicy:, [~] .MinimumLength:, [-] 12, [+] 8
EnableTokenRevocation true to false: [~] EnableTokenRevocation
EnableTokenRevocation absent to true: [+] EnableTokenRevocation, true
GenerateSecret true to false: [~] GenerateSecret (requires replacement)
UsernameAttributes ["email"] to ["phone_number"]: [~] UsernameAttributes, [-] "email", [+] "phone_number"
CaseSensitive true to false: [~] UsernameConfiguration, [~] .CaseSensitive:
EXPECTED
echo 'as found'
