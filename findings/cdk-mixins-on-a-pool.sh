#!/usr/bin/env bash
# @aws-cdk/cfn-property-mixins 2.270.0 with aws-cdk-lib 2.276.0 (npm, Node.js 20), by which a program of the CDK adds
# properties of CloudFormation to a construct that it has: on a user pool and an app client.
#
# Guess: as the README says, objects are merged and lists are replaced, and what a construct settles at the end of the
#   synthesis is merged then. So a trigger that a mixin brings stands beside those of the `UserPool`, a Region for SMS
#   beside the role, and a tag beside the other tags.
# Behaviour: the password policy and e-mail are merged. Three objects are replaced as a whole, each with a member for a
#   function or a role: `lambdaConfig`, `smsConfiguration`, and `analyticsConfiguration` of an app client. So all
#   triggers of the pool go, those of its properties, those of `addTrigger` before the mixin and even those added after
#   it, with no word; the permissions to call the functions stay in the template, so it looks as if nothing was lost.
#   With a Region for SMS the role and the external id go. `userPoolTags` of a mixin has no effect at all. Compare the
#   templates before and after a mixin; `addTrigger`, `Tags.of` and `addPropertyOverride` are safe.
# Output seen (members in the template; for triggers the number of permissions too):
#   UserPool with PostConfirmation, mixin PreSignUp: PreSignUp, permissions 1
#   UserPool, mixin PreSignUp, then addTrigger PreAuthentication: PreSignUp, permissions 1
#   UserPool, override PreSignUp, then addTrigger PreAuthentication: PreAuthentication PreSignUp, permissions 1
#   CfnUserPool with PostConfirmation, mixin PreSignUp: PreSignUp, permissions 0
#   SmsConfiguration with SnsCallerArn and ExternalId, mixin SnsRegion: SnsRegion
#   AnalyticsConfiguration with ApplicationId, mixin RoleArn: RoleArn
#   UserPoolTags with team, mixin cost: team
#   EmailConfiguration with From and SourceArn, mixin ReplyToEmailAddress: From ReplyToEmailAddress SourceArn
#   PasswordPolicy with MinimumLength 10 and RequireNumbers, mixin MinimumLength 12: MinimumLength RequireNumbers
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-cdk/cfn-property-mixins@2.270.0 aws-cdk-lib@2.276.0 constructs@10.8.1

cat >check.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const { CfnUserPool, CfnUserPoolClient, UserPool, UserPoolOperation } = require("aws-cdk-lib/aws-cognito");
const { Function } = require("aws-cdk-lib/aws-lambda");
const { CfnUserPoolClientPropsMixin, CfnUserPoolPropsMixin } = require("@aws-cdk/cfn-property-mixins/aws-cognito");

const arn = (name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`;
const called = (stack, name) =>
  Function.fromFunctionAttributes(stack, name, { functionArn: arn(name), sameEnvironment: true });

function show(name, member, make) {
  const stack = new Stack(new App({ analyticsReporting: false }), "Stack");
  make(stack);
  const template = Template.fromStack(stack);
  const kind = member === "AnalyticsConfiguration" ? "UserPoolClient" : "UserPool";
  const [{ Properties: properties }] = Object.values(template.findResources(`AWS::Cognito::${kind}`));
  const found = member === "PasswordPolicy" ? properties.Policies[member] : properties[member];
  const permissions = Object.keys(template.findResources("AWS::Lambda::Permission")).length;
  const more = member === "LambdaConfig" ? `, permissions ${permissions}` : "";
  console.log(`${name}: ${Object.keys(found).sort().join(" ")}${more}`);
}

const preSignUp = new CfnUserPoolPropsMixin({ lambdaConfig: { preSignUp: arn("sign-up") } });
show("UserPool with PostConfirmation, mixin PreSignUp", "LambdaConfig", (stack) => {
  const lambdaTriggers = { postConfirmation: called(stack, "confirmed") };
  new UserPool(stack, "Pool", { lambdaTriggers }).with(preSignUp);
});
show("UserPool, mixin PreSignUp, then addTrigger PreAuthentication", "LambdaConfig", (stack) => {
  const pool = new UserPool(stack, "Pool");
  pool.with(preSignUp);
  pool.addTrigger(UserPoolOperation.PRE_AUTHENTICATION, called(stack, "before"));
});
show("UserPool, override PreSignUp, then addTrigger PreAuthentication", "LambdaConfig", (stack) => {
  const pool = new UserPool(stack, "Pool");
  pool.node.defaultChild.addPropertyOverride("LambdaConfig.PreSignUp", arn("sign-up"));
  pool.addTrigger(UserPoolOperation.PRE_AUTHENTICATION, called(stack, "before"));
});

const both = (name, member, given, added) =>
  show(name, member, (stack) => new CfnUserPool(stack, "Pool", given).with(new CfnUserPoolPropsMixin(added)));
both(
  "CfnUserPool with PostConfirmation, mixin PreSignUp",
  "LambdaConfig",
  { lambdaConfig: { postConfirmation: arn("confirmed") } },
  { lambdaConfig: { preSignUp: arn("sign-up") } },
);
const role = "arn:aws:iam::111122223333:role/cognito";
both(
  "SmsConfiguration with SnsCallerArn and ExternalId, mixin SnsRegion",
  "SmsConfiguration",
  { smsConfiguration: { snsCallerArn: role, externalId: "id" } },
  { smsConfiguration: { snsRegion: "eu-central-1" } },
);
show("AnalyticsConfiguration with ApplicationId, mixin RoleArn", "AnalyticsConfiguration", (stack) => {
  const analyticsConfiguration = { applicationId: "0123456789abcdef" };
  const client = new CfnUserPoolClient(stack, "Client", { userPoolId: "eu-west-1_a1B2c3D4E", analyticsConfiguration });
  client.with(new CfnUserPoolClientPropsMixin({ analyticsConfiguration: { roleArn: role } }));
});
both(
  "UserPoolTags with team, mixin cost",
  "UserPoolTags",
  { userPoolTags: { team: "a" } },
  { userPoolTags: { cost: "b" } },
);
const sourceArn = "arn:aws:ses:eu-west-1:111122223333:identity/example.com";
both(
  "EmailConfiguration with From and SourceArn, mixin ReplyToEmailAddress",
  "EmailConfiguration",
  { emailConfiguration: { from: "post@example.com", sourceArn } },
  { emailConfiguration: { replyToEmailAddress: "help@example.com" } },
);
both(
  "PasswordPolicy with MinimumLength 10 and RequireNumbers, mixin MinimumLength 12",
  "PasswordPolicy",
  { policies: { passwordPolicy: { minimumLength: 10, requireNumbers: true } } },
  { policies: { passwordPolicy: { minimumLength: 12 } } },
);
JS
node check.cjs 2>errors | tee seen

diff - seen <<'EXPECTED'
UserPool with PostConfirmation, mixin PreSignUp: PreSignUp, permissions 1
UserPool, mixin PreSignUp, then addTrigger PreAuthentication: PreSignUp, permissions 1
UserPool, override PreSignUp, then addTrigger PreAuthentication: PreAuthentication PreSignUp, permissions 1
CfnUserPool with PostConfirmation, mixin PreSignUp: PreSignUp, permissions 0
SmsConfiguration with SnsCallerArn and ExternalId, mixin SnsRegion: SnsRegion
AnalyticsConfiguration with ApplicationId, mixin RoleArn: RoleArn
UserPoolTags with team, mixin cost: team
EmailConfiguration with From and SourceArn, mixin ReplyToEmailAddress: From ReplyToEmailAddress SourceArn
PasswordPolicy with MinimumLength 10 and RequireNumbers, mixin MinimumLength 12: MinimumLength RequireNumbers
EXPECTED
echo 'as found'
