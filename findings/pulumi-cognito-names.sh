#!/usr/bin/env bash
# @pulumi/aws-native 1.79.0 and @pulumi/aws 7.48.0 with @pulumi/pulumi 3.248.0 (npm, Node.js 20): names of one setting
# in two providers, as they stand in a state. No provider runs: Pulumi's own mocks show what a program hands over.
#
# Guess: aws-native has CloudFormation's names with the first letter in lower case (`callbackURLs`, `customSMSSender`),
#   the two providers split the words of `OAuth` and `UI` in one way, and a name that does not exist is reported.
# Behaviour: aws-native lowers acronyms too (`callbackUrls`, `kmsKeyId`), except in `allowedOAuthFlows`; aws has
#   `allowedOauthFlows` for the same list. Their types are …UserPoolUiCustomizationAttachment and
#   …UserPoolUICustomization. A name that does not exist, such as CloudFormation's own, is left out without a word by a
#   JavaScript program, and one level further down it is handed over. `settings` of a login style is an object in
#   aws-native, whose keys stay as they are, and a text in aws.
# Output seen:
#   aws-native:cognito:UserPoolClient {"allowedOAuthFlows":["code"],"callbackUrls":["https://app.example.com"],"userPoolId":"id"}
#   aws:cognito/userPoolClient:UserPoolClient {"allowedOauthFlows":["code"],"callbackUrls":["https://app.example.com"],"userPoolId":"id"}
#   aws-native:cognito:UserPool {"lambdaConfig":{"kmsKeyID":"unknown","kmsKeyId":"known"}}
#   aws-native:cognito:ManagedLoginBranding {"settings":{"Key_One":null},"userPoolId":"id"}
#   aws:cognito/managedLoginBranding:ManagedLoginBranding {"clientId":"id","settings":"{\"Key_One\":null}","userPoolId":"id"}
#   aws-native:cognito:UserPoolUiCustomizationAttachment {"clientId":"ALL","userPoolId":"id"}
#   aws:cognito/userPoolUICustomization:UserPoolUICustomization {"userPoolId":"id"}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts \
    @pulumi/pulumi@3.248.0 @pulumi/aws-native@1.79.0 @pulumi/aws@7.48.0

cat >program.cjs <<'JS'
const pulumi = require("@pulumi/pulumi");

const seen = [];
pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    seen.push([Number(name), `${type} ${JSON.stringify(inputs)}`]);
    return { id: name, state: inputs };
  },
  call: ({ inputs }) => inputs,
});
const native = require("@pulumi/aws-native").cognito;
const classic = require("@pulumi/aws").cognito;

const userPoolId = "id";
const urls = ["https://app.example.com"];
const settings = { Key_One: null };
const all = [
  new native.UserPoolClient("1", { userPoolId, callbackURLs: urls, callbackUrls: urls, allowedOAuthFlows: ["code"] }),
  new classic.UserPoolClient("2", { userPoolId, callbackURLs: urls, callbackUrls: urls, allowedOauthFlows: ["code"] }),
  new native.UserPool("3", { lambdaConfig: { kmsKeyID: "unknown", kmsKeyId: "known" } }),
  new native.ManagedLoginBranding("4", { userPoolId, settings }),
  new classic.ManagedLoginBranding("5", { userPoolId, clientId: "id", settings: JSON.stringify(settings) }),
  new native.UserPoolUiCustomizationAttachment("6", { userPoolId, clientId: "ALL" }),
  new classic.UserPoolUICustomization("7", { userPoolId }),
];
pulumi.all(all.map((one) => one.urn)).apply(() => {
  seen.sort(([one], [other]) => one - other);
  console.log(seen.map(([, text]) => text).join("\n"));
});
JS
env -i PATH="$PATH" HOME="$work" node program.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
aws-native:cognito:UserPoolClient {"allowedOAuthFlows":["code"],"callbackUrls":["https://app.example.com"],"userPoolId":"id"}
aws:cognito/userPoolClient:UserPoolClient {"allowedOauthFlows":["code"],"callbackUrls":["https://app.example.com"],"userPoolId":"id"}
aws-native:cognito:UserPool {"lambdaConfig":{"kmsKeyID":"unknown","kmsKeyId":"known"}}
aws-native:cognito:ManagedLoginBranding {"settings":{"Key_One":null},"userPoolId":"id"}
aws:cognito/managedLoginBranding:ManagedLoginBranding {"clientId":"id","settings":"{\"Key_One\":null}","userPoolId":"id"}
aws-native:cognito:UserPoolUiCustomizationAttachment {"clientId":"ALL","userPoolId":"id"}
aws:cognito/userPoolUICustomization:UserPoolUICustomization {"userPoolId":"id"}
EXPECTED
echo 'as found'
