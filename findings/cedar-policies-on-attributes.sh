#!/usr/bin/env bash
# @cdklabs/cdk-verified-permissions 0.3.3 with aws-cdk-lib 2.276.0 (it checks with Cedar 4.5.0), and Cedar 4.13.0 by
# @cedar-policy/cedar-wasm (npm, Node.js 20): policies of Amazon Verified Permissions over the attributes of a user pool
# as identity source. The schema is as the user guide has it for a pool: an attribute is an optional String under the
# name that it has in the ID token. Ann is in a group, and has a value for each attribute of the schema.
#
# Guess: by the user guide, its example of a policy is valid for its schema. The construct shows the validator's reasons
#   and warnings, as for a policy that tests the claim `cognito:groups` after `has`. In the older dot notation, a custom
#   attribute may have letters beyond ASCII in its name. Texts can be read as numbers and dates.
# Behaviour: a policy in the example's form is refused: an optional attribute needs a `has` first. The construct prints
#   `[object Object]` in place of the reason. It shows no warning, so a policy over `cognito:groups` goes out, and can
#   never permit anyone: by the user guide groups are the parents of the user (`principal in UserGroup::"…"`).
#   A Number cannot be compared as a number in a valid policy, nor a date as a date: `decimal()` and `datetime()` take
#   no attribute. `decimal()` would not read "12" either, it wants "12.0". What is left is a list of the texts.
#   In the older dot notation (`principal.custom.tenant`), names with `-` or letters beyond ASCII, names that begin with
#   a digit, and Cedar's own words such as `in`, `is` and `like` are errors. Brackets read them all.
# Output seen (construct; validator; Ann):
#   principal["custom:tenant"] == "acme"
#     refused, [object Object]; error: unable to guarantee safety of access to optional attribute; allow
#   principal has "custom:tenant" && principal["custom:tenant"] == "acme"
#     taken; valid; allow
#   principal has "cognito:groups" && principal["cognito:groups"].contains("admins")
#     taken; warning: policy is impossible; deny
#   principal in Shop::UserGroup::"eu-west-1_a1B2c3D4E|admins"
#     taken; valid; allow
#   principal has "custom:level" && principal["custom:level"] > 9
#     refused, [object Object]; error: unexpected type: expected Long but saw String; deny after an error
#   principal has "custom:level" && decimal(principal["custom:level"]).greaterThan(decimal("9.0"))
#     refused, [object Object]; error: extension constructors may not be called; deny after an error
#   principal has birthdate && datetime(principal.birthdate) < datetime("2008-12-01")
#     refused, [object Object]; error: extension constructors may not be called; allow
#   principal has "custom:level" && ["10", "11", "12"].contains(principal["custom:level"])
#     taken; valid; allow
#   dot notation: tenant read, tenant-id not read, in not read, like not read, 2fa not read, größe not read
#   brackets: tenant read, tenant-id read, in read, like read, 2fa read, größe read
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @cdklabs/cdk-verified-permissions@0.3.3 @cedar-policy/cedar-wasm@4.13.0 \
    aws-cdk-lib@2.276.0 constructs@10.8.1

cat >policies.cjs <<'JS'
const fs = require("node:fs");
const { App, Stack } = require("aws-cdk-lib");
const { PolicyStore, ValidationSettingsMode } = require("@cdklabs/cdk-verified-permissions");
const cedar = require("@cedar-policy/cedar-wasm/nodejs");

const ADMINS = { type: "Shop::UserGroup", id: "eu-west-1_a1B2c3D4E|admins" };
const CONDITIONS = [
  'principal["custom:tenant"] == "acme"',
  'principal has "custom:tenant" && principal["custom:tenant"] == "acme"',
  'principal has "cognito:groups" && principal["cognito:groups"].contains("admins")',
  `principal in ${ADMINS.type}::"${ADMINS.id}"`,
  'principal has "custom:level" && principal["custom:level"] > 9',
  'principal has "custom:level" && decimal(principal["custom:level"]).greaterThan(decimal("9.0"))',
  'principal has birthdate && datetime(principal.birthdate) < datetime("2008-12-01")',
  'principal has "custom:level" && ["10", "11", "12"].contains(principal["custom:level"])',
];
const NAMES = ["tenant", "tenant-id", "in", "like", "2fa", "größe"];
const ann = { "custom:tenant": "acme", "custom:level": "12", birthdate: "1990-01-31" };
const optional = (names) => Object.fromEntries(names.map((name) => [name, { type: "String", required: false }]));
const schemaOf = (attributes) => ({
  Shop: {
    entityTypes: {
      User: { memberOfTypes: ["UserGroup"], shape: { type: "Record", attributes } },
      UserGroup: {},
      Order: {},
    },
    actions: { Read: { appliesTo: { principalTypes: ["User"], resourceTypes: ["Order"] } } },
  },
});
const policyOf = (condition) => `permit(principal, action, resource) when { ${condition} };`;

function construct(schema, policy, number) {
  fs.mkdirSync(`policies${number}`);
  fs.writeFileSync(`policies${number}/read.cedar`, policy);
  const app = new App({ outdir: `out${number}` });
  const store = new PolicyStore(new Stack(app, "Stack"), "Store", {
    schema: { cedarJson: JSON.stringify(schema) },
    validationSettings: { mode: ValidationSettingsMode.STRICT },
  });
  try {
    store.addPoliciesFromPath(`policies${number}`);
    app.synth();
    return "taken";
  } catch (error) {
    return `refused, ${error.message.match(/policy0: ([^;]*)/)[1]}`;
  }
}

function validator(schema, policy) {
  const settings = { validationSettings: { mode: "strict" } };
  const found = cedar.validate({ schema, policies: { staticPolicies: policy }, ...settings });
  if (found.type === "failure") return "not read";
  const rest = / `|: the policy| with non-literal/;
  const text = ({ error }) => error.message.replace("for policy `policy0`, ", "").split(rest)[0];
  if (found.validationErrors.length) return `error: ${text(found.validationErrors[0])}`;
  return found.validationWarnings.length ? `warning: ${text(found.validationWarnings[0])}` : "valid";
}

function decide(policy) {
  const uid = { type: "Shop::User", id: "eu-west-1_a1B2c3D4E|ann" };
  const entities = [
    { uid, attrs: ann, parents: [ADMINS] },
    { uid: ADMINS, attrs: {}, parents: [] },
  ];
  const { response } = cedar.isAuthorized({
    principal: uid,
    action: { type: "Shop::Action", id: "Read" },
    resource: { type: "Shop::Order", id: "1" },
    context: {},
    policies: { staticPolicies: policy },
    entities,
  });
  return response.decision + (response.diagnostics.errors.length ? " after an error" : "");
}

const schema = schemaOf(optional(["cognito:username", ...Object.keys(ann)]));
CONDITIONS.forEach((condition, number) => {
  const policy = policyOf(condition);
  console.log(condition);
  console.log(`  ${construct(schema, policy, number)}; ${validator(schema, policy)}; ${decide(policy)}`);
});
const read = (attributes, condition) => (name) =>
  `${name} ${validator(schemaOf(attributes), policyOf(condition(name))) === "valid" ? "read" : "not read"}`;
const custom = { type: "Record", required: false, attributes: optional(NAMES) };
const dotted = read({ custom }, (name) => `principal has custom.${name} && principal.custom.${name} == "a"`);
const flat = optional(NAMES.map((name) => `custom:${name}`));
const bracketed = read(flat, (name) => `principal has "custom:${name}" && principal["custom:${name}"] == "a"`);
console.log(`dot notation: ${NAMES.map(dotted).join(", ")}`);
console.log(`brackets: ${NAMES.map(bracketed).join(", ")}`);
JS
env -i PATH="$PATH" HOME="$work" TMPDIR="$work" node policies.cjs | tee seen

diff - seen <<'EXPECTED'
principal["custom:tenant"] == "acme"
  refused, [object Object]; error: unable to guarantee safety of access to optional attribute; allow
principal has "custom:tenant" && principal["custom:tenant"] == "acme"
  taken; valid; allow
principal has "cognito:groups" && principal["cognito:groups"].contains("admins")
  taken; warning: policy is impossible; deny
principal in Shop::UserGroup::"eu-west-1_a1B2c3D4E|admins"
  taken; valid; allow
principal has "custom:level" && principal["custom:level"] > 9
  refused, [object Object]; error: unexpected type: expected Long but saw String; deny after an error
principal has "custom:level" && decimal(principal["custom:level"]).greaterThan(decimal("9.0"))
  refused, [object Object]; error: extension constructors may not be called; deny after an error
principal has birthdate && datetime(principal.birthdate) < datetime("2008-12-01")
  refused, [object Object]; error: extension constructors may not be called; allow
principal has "custom:level" && ["10", "11", "12"].contains(principal["custom:level"])
  taken; valid; allow
dot notation: tenant read, tenant-id not read, in not read, like not read, 2fa not read, größe not read
brackets: tenant read, tenant-id read, in read, like read, 2fa read, größe read
EXPECTED
echo 'as found'
