#!/usr/bin/env bash
# former2 0.2.83 (npm, Node.js 20) with aws-sdk 2.1693.0: templates from a live user pool.
#
# Guess: a tool that writes CloudFormation and Terraform from what is live lacks a few of the newest settings, and keeps
#   the triggers, the texts and the app client's addresses, which the API has had for years.
# Behaviour: of LambdaConfig it knows eight triggers: user migration, token generation and custom senders are left out.
#   Deletion protection, tier and attribute updates are missing in both forms. A custom attribute is named with its
#   prefix, `custom:tenant`, where both tools want `tenant`. A text of several lines gets a line end at its end. In
#   Terraform the app client consists of its name and one lifetime, with no addresses, flows or scopes; the sender of
#   e-mail is the bare ARN; and the provider is pinned to version 3. Of an answer with an empty risk configuration, or
#   with an empty customization of the login pages, it makes a resource without properties, which cfn-lint refuses.
#   Nothing is reported.
# Output seen:
#   CloudFormation triggers: PreSignUp
#   CloudFormation pool: AdminCreateUserConfig EmailVerificationMessage LambdaConfig MfaConfiguration Policies Schema UserPoolName
#   CloudFormation attribute: custom:tenant
#   CloudFormation text: '<p>Hello</p>\n{####}\n'
#   CloudFormation without properties: UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment
#   Terraform client: user_pool_id name refresh_token_validity
#   Terraform provider: ~> 3.0
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund former2@0.2.83 aws-sdk@2.1693.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3

# Answers in the process where a request would leave it.
cat >answers.cjs <<'JS'
const AWS = require("aws-sdk");

const lambda = (name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
const pool = {
  Id: "eu-west-1_a1B2c3D4E",
  Name: "customers",
  Policies: { PasswordPolicy: { MinimumLength: 12 } },
  DeletionProtection: "ACTIVE",
  UserPoolTier: "PLUS",
  LambdaConfig: { PreSignUp: lambda("a"), UserMigration: lambda("b"), PreTokenGeneration: lambda("c") },
  SchemaAttributes: [{ Name: "custom:tenant", AttributeDataType: "String", Mutable: true }],
  EmailVerificationMessage: "<p>Hello</p>\n{####}",
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ["email"] },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
  MfaConfiguration: "OPTIONAL",
};
const client = {
  UserPoolId: pool.Id,
  ClientId: "3n4b5c6d7e8f9g0h1i2j3k4l5m",
  ClientName: "web",
  CallbackURLs: ["https://app.example.com/callback"],
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid"],
  AllowedOAuthFlowsUserPoolClient: true,
  RefreshTokenValidity: 30,
};
const answers = {
  listIdentityPools: { IdentityPools: [] },
  listUserPools: { UserPools: [{ Id: pool.Id, Name: pool.Name }] },
  describeUserPool: { UserPool: pool },
  listUserPoolClients: { UserPoolClients: [client] },
  describeUserPoolClient: { UserPoolClient: client },
  listResourceServers: { ResourceServers: [] },
  listIdentityProviders: { Providers: [] },
  listGroups: { Groups: [] },
  listUsers: { Users: [] },
  describeRiskConfiguration: { RiskConfiguration: {} },
  getUICustomization: { UICustomization: {} },
};
AWS.config.update({ credentials: new AWS.Credentials("a", "b") });
AWS.Request.prototype.send = function (done) {
  const data = answers[this.operation];
  const error = data ? null : Object.assign(new Error(this.operation), { code: "NotAnswered" });
  this.response.data = data ?? null;
  this.response.error = error;
  setImmediate(() => done.call(this.response, error, data));
  return this.response;
};
JS
node --require ./answers.cjs node_modules/former2/cli/main.js generate --services Cognito --region eu-west-1 --sort-output \
    --output-cloudformation pool.yaml --output-terraform pool.tf >said 2>&1

cat >read.py <<'PY'
import re
import yaml

yaml.SafeLoader.add_multi_constructor("!", lambda loader, tag, node: loader.construct_scalar(node))
resources = yaml.safe_load(open("pool.yaml"))["Resources"].values()
(pool,) = (one["Properties"] for one in resources if one["Type"] == "AWS::Cognito::UserPool")
print("CloudFormation triggers:", *pool["LambdaConfig"])
print("CloudFormation pool:", *sorted(pool))
print("CloudFormation attribute:", pool["Schema"][0]["Name"])
print("CloudFormation text:", repr(pool["EmailVerificationMessage"]))
print("CloudFormation without properties:", *sorted(one["Type"].split("::")[2] for one in resources if "Properties" not in one))
text = open("pool.tf").read()
client = re.search(r'"aws_cognito_user_pool_client" .*?\n}', text, re.S)[0]
print("Terraform client:", *re.findall(r"^    (\w+) =", client, re.M))
print("Terraform provider:", re.search(r'version = "(.*)"', text)[1])
PY
env/bin/python read.py | tee seen

diff - seen <<'EXPECTED'
CloudFormation triggers: PreSignUp
CloudFormation pool: AdminCreateUserConfig EmailVerificationMessage LambdaConfig MfaConfiguration Policies Schema UserPoolName
CloudFormation attribute: custom:tenant
CloudFormation text: '<p>Hello</p>\n{####}\n'
CloudFormation without properties: UserPoolRiskConfigurationAttachment UserPoolUICustomizationAttachment
Terraform client: user_pool_id name refresh_token_validity
Terraform provider: ~> 3.0
EXPECTED
echo 'as found'
