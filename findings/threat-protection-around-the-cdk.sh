#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 and @aws-solutions-constructs/core 2.104.0 (npm, Node.js 20): threat protection of a user pool
# (`UserPoolAddOns.AdvancedSecurityMode`), which belongs to the tier PLUS.
#
# Guess: the CDK refuses threat protection in a tier that lacks it, as it refuses a password history in LITE; a
#   construct that turns it on also sets the tier, and keeps what the caller asked for.
# Behaviour: neither. The CDK synthesizes ENFORCED beside ESSENTIALS. The pool of Solutions Constructs gets
#   ENFORCED after the caller's properties, whatever they say: OFF and AUDIT become ENFORCED, the mode for custom
#   sign-in goes, and no tier is set.
# Output seen (tier, then AdvancedSecurityMode):
#   CDK, history in LITE: refused
#   CDK, full protection in ESSENTIALS: ESSENTIALS ENFORCED
#   CDK, audit and custom audit in PLUS: PLUS AUDIT, custom AUDIT
#   Solutions Constructs, nothing said: none ENFORCED
#   Solutions Constructs, off: none ENFORCED
#   Solutions Constructs, audit and custom audit in PLUS: PLUS ENFORCED
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 @aws-solutions-constructs/core@2.104.0

cat >synth.cjs <<'JS'
const { App, Stack } = require("aws-cdk-lib");
const { Template } = require("aws-cdk-lib/assertions");
const { buildUserPool } = require("@aws-solutions-constructs/core");
const cognito = require("aws-cdk-lib/aws-cognito");

const { CustomThreatProtectionMode, FeaturePlan, StandardThreatProtectionMode, UserPool } = cognito;

function show(name, make) {
  const stack = new Stack(new App({ analyticsReporting: false }), "Stack");
  try {
    make(stack);
  } catch {
    return console.log(`${name}: refused`);
  }
  const [pool] = Object.values(Template.fromStack(stack).findResources("AWS::Cognito::UserPool"));
  const { UserPoolTier = "none", UserPoolAddOns: addOns } = pool.Properties;
  const flows = addOns.AdvancedSecurityAdditionalFlows;
  const custom = flows ? `, custom ${flows.CustomAuthMode}` : "";
  console.log(`${name}: ${UserPoolTier} ${addOns.AdvancedSecurityMode}${custom}`);
}
const full = {
  featurePlan: FeaturePlan.ESSENTIALS,
  standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
};
const audit = {
  featurePlan: FeaturePlan.PLUS,
  standardThreatProtectionMode: StandardThreatProtectionMode.AUDIT_ONLY,
  customThreatProtectionMode: CustomThreatProtectionMode.AUDIT_ONLY,
};
const history = { featurePlan: FeaturePlan.LITE, passwordPolicy: { passwordHistorySize: 5 } };
const off = { standardThreatProtectionMode: StandardThreatProtectionMode.NO_ENFORCEMENT };
show("CDK, history in LITE", (stack) => new UserPool(stack, "Pool", history));
show("CDK, full protection in ESSENTIALS", (stack) => new UserPool(stack, "Pool", full));
show("CDK, audit and custom audit in PLUS", (stack) => new UserPool(stack, "Pool", audit));
show("Solutions Constructs, nothing said", (stack) => buildUserPool(stack));
show("Solutions Constructs, off", (stack) => buildUserPool(stack, off));
show("Solutions Constructs, audit and custom audit in PLUS", (stack) => buildUserPool(stack, audit));
JS
env -i PATH="$PATH" HOME="$work" TMPDIR="$work" node synth.cjs 2>warnings | tee seen

diff - seen <<'EXPECTED'
CDK, history in LITE: refused
CDK, full protection in ESSENTIALS: ESSENTIALS ENFORCED
CDK, audit and custom audit in PLUS: PLUS AUDIT, custom AUDIT
Solutions Constructs, nothing said: none ENFORCED
Solutions Constructs, off: none ENFORCED
Solutions Constructs, audit and custom audit in PLUS: PLUS ENFORCED
EXPECTED
echo 'as found'
