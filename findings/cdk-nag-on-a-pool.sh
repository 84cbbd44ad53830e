#!/usr/bin/env bash
# cdk-nag 3.0.2 and 2.35.0 with aws-cdk-lib 2.276.0 (npm, Node.js 20): what the pack AwsSolutions asks of a user pool.
#
# Guess: the pack asks for threat protection (`AdvancedSecurityMode: ENFORCED`), for MFA and for a password policy. A
#   pool that leaves the policy out has Cognito's default (8 characters of all four kinds), which is what the rule
#   wants, so it passes. A setting counts wherever the app sets it.
# Behaviour: version 3 has no rule about threat protection. The rule that 2.35.0 has (COG3) is gone, and COG8 asks for
#   the tier PLUS instead: a pool in PLUS whose protection is off has no finding. 2.35.0 is the other way round and
#   ignores the tier. A pool without a password policy is a finding in both (COG1), also the pool that the CDK's own
#   UserPool makes of nothing, although Cognito's default is as the rule wants it. MFA that is set with
#   `addPropertyOverride` is in the template and is a finding all the same (COG2): the rule reads the construct.
# Output seen (findings of 3.0.2, then of 2.35.0):
#   as asked: none | none
#   PLUS, threat protection OFF: none | COG3
#   ESSENTIALS, threat protection unset: COG8 | COG3
#   no password policy: COG1 | COG1
#   UserPool of the CDK, password policy unset: COG1 | COG1
#   MFA by override, ON in the template: COG2 | COG2
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for version in 3.0.2 2.35.0; do
    npm install --silent --no-audit --no-fund --prefix "$version" \
        "cdk-nag@$version" aws-cdk-lib@2.276.0 constructs@10.8.1
done

cat >check.cjs <<'JS'
const { createRequire } = require("module");
const from = createRequire(`${process.cwd()}/${process.argv[2]}/x.js`);
const { App, Aspects, Stack, Validations } = from("aws-cdk-lib");
const { CfnUserPool, FeaturePlan, Mfa, UserPool } = from("aws-cdk-lib/aws-cognito");
const { AwsSolutionsChecks } = from("cdk-nag");

const passwordPolicy = {
  minimumLength: 12,
  requireLowercase: true,
  requireUppercase: true,
  requireNumbers: true,
  requireSymbols: true,
};
const asked = {
  policies: { passwordPolicy },
  mfaConfiguration: "ON",
  enabledMfas: ["SOFTWARE_TOKEN_MFA"],
  userPoolTier: "PLUS",
  userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
};
const plain = (change) => (stack) => new CfnUserPool(stack, "Pool", { ...asked, ...change });
const cases = {
  "as asked": plain({}),
  "PLUS, threat protection OFF": plain({ userPoolAddOns: { advancedSecurityMode: "OFF" } }),
  "ESSENTIALS, threat protection unset": plain({ userPoolTier: "ESSENTIALS", userPoolAddOns: undefined }),
  "no password policy": plain({ policies: undefined }),
  "UserPool of the CDK, password policy unset": (stack) => {
    const pool = new UserPool(stack, "Pool", {
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: "ENFORCED",
    });
    return pool.node.defaultChild;
  },
  "MFA by override, ON in the template": (stack) => {
    const pool = plain({ mfaConfiguration: undefined })(stack);
    pool.addPropertyOverride("MfaConfiguration", "ON");
  },
};

// Version 3 is a plugin of the CDK's own validation; version 2 is an aspect that annotates constructs.
function plugged(app) {
  const checks = new AwsSolutionsChecks(app);
  const validate = checks.validate.bind(checks);
  const found = [];
  checks.validate = (context) => {
    const report = validate(context);
    found.push(...report.violations.map((one) => one.ruleName));
    return report;
  };
  Validations.of(app).addPlugins(checks);
  try {
    app.synth();
  } catch (error) {
    // A finding fails the synthesis.
    if (found.length === 0) throw error;
  }
  return found;
}
function annotated(app) {
  Aspects.of(app).add(new AwsSolutionsChecks());
  return app.synth().getStackByName("Stack").messages.map((one) => String(one.entry.data));
}

for (const [name, make] of Object.entries(cases)) {
  const app = new App({ outdir: `${process.argv[2]}/out` });
  make(new Stack(app, "Stack"));
  const texts = process.argv[2].startsWith("3") ? plugged(app) : annotated(app);
  const rules = new Set(texts.flatMap((text) => text.match(/COG\d/g) ?? []));
  console.log(`${name}: ${[...rules].sort().join(" ") || "none"}`);
}
JS
for version in 3.0.2 2.35.0; do
    node check.cjs "$version" >"seen.$version" 2>"errors.$version"
done
paste -d '|' seen.3.0.2 <(sed 's/.*: / /' seen.2.35.0) | sed 's/|/ |/' | tee seen

diff - seen <<'EXPECTED'
as asked: none | none
PLUS, threat protection OFF: none | COG3
ESSENTIALS, threat protection unset: COG8 | COG3
no password policy: COG1 | COG1
UserPool of the CDK, password policy unset: COG1 | COG1
MFA by override, ON in the template: COG2 | COG2
EXPECTED
echo 'as found'
