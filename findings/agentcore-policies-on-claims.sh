#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 and Cedar 4.13.0 by @cedar-policy/cedar-wasm (npm, Node.js 20): policies for a gateway of Amazon
# Bedrock AgentCore whose users sign in at a user pool. By the developer guide, a user there has one attribute, `id`,
# and each claim of the token is a text under a tag. The CDK makes statements from typed parts, or takes them as text.
#
# Guess: the typed parts reach the claims. `PolicyAttribute.principal("department")`, which the README of the module has
#   for a claim, becomes `principal.getTag("department")`, with a test for its presence, and names with a colon work.
# Behaviour: it becomes `principal.department`, an attribute that no user has. So the validator refuses every typed
#   condition on a claim, the README's own included, and where its findings are ignored, the policy ends in an error for
#   each request and permits nobody. Only `id`, the claim `sub`, can be tested. A colon in a name is quoted, but a dot
#   leads into an object. Claims need a statement as text, with `hasTag` and `getTag`.
# Output seen (the condition as written; validator; Ann):
#   principal.department == "sales"
#     error: attribute `department` on entity type `AgentCore::OAuthUser` not found; deny after an error
#   principal.username == "ann"
#     error: attribute `username` on entity type `AgentCore::OAuthUser` not found; deny after an error
#   principal["cognito:groups"].contains("admins")
#     error: attribute `["cognito:groups"]` on entity type `AgentCore::OAuthUser` not found; deny after an error
#   principal["custom:tenant"].id == "acme"
#     error: attribute `["custom:tenant"]` on entity type `AgentCore::OAuthUser` not found; deny after an error
#   principal.id == "5c1f0f0e-0000-4000-8000-000000000001"
#     valid; allow
#   principal.hasTag("department") && principal.getTag("department") == "sales"
#     valid; allow
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 @cedar-policy/cedar-wasm@4.13.0

cat >policies.cjs <<'JS'
const agentcore = require("aws-cdk-lib/aws-bedrockagentcore");
const cedar = require("@cedar-policy/cedar-wasm/nodejs");

const { PolicyAction, PolicyAttribute, PolicyCondition, PolicyPrincipal, PolicyResource, PolicyStatement } = agentcore;
const SUB = "5c1f0f0e-0000-4000-8000-000000000001";
const GATEWAY = "arn:aws:bedrock-agentcore:eu-west-1:111122223333:gateway/shop";
const TAGS = { username: "ann", department: "sales", "cognito:groups": '["admins"]', "custom:tenant.id": "acme" };
const SCHEMA = `namespace AgentCore {
  entity Gateway;
  entity OAuthUser = { id: String } tags String;
  action "Shop___refund" appliesTo {
    principal: [OAuthUser], resource: [Gateway], context: { input: { order: String } }
  };
}`;
const of = PolicyAttribute.principal;
const typed = (condition) =>
  new PolicyStatement({
    effect: agentcore.PolicyEffect.PERMIT,
    principal: PolicyPrincipal.entityType("AgentCore::OAuthUser"),
    action: PolicyAction.one("AgentCore::Action::Shop___refund"),
    resource: PolicyResource.instance("AgentCore::Gateway", GATEWAY),
    when: [condition],
  });
const text = (condition) => {
  const scope = 'principal is AgentCore::OAuthUser, action == AgentCore::Action::"Shop___refund"';
  return PolicyStatement.fromCedar(`permit(${scope}, resource == AgentCore::Gateway::"${GATEWAY}")
when {
  ${condition}
};`);
};
const STATEMENTS = [
  typed(PolicyCondition.stringEquals(of("department"), "sales")),
  typed(PolicyCondition.stringEquals(of("username"), "ann")),
  typed(PolicyCondition.setContains(of("cognito:groups"), "admins")),
  typed(PolicyCondition.stringEquals(of("custom:tenant.id"), "acme")),
  typed(PolicyCondition.stringEquals(of("id"), SUB)),
  text('principal.hasTag("department") && principal.getTag("department") == "sales"'),
];
const uid = { type: "AgentCore::OAuthUser", id: SUB };
const resource = { type: "AgentCore::Gateway", id: GATEWAY };
for (const statement of STATEMENTS) {
  const policies = { staticPolicies: statement.toCedar() };
  const { validationErrors } = cedar.validate({ schema: SCHEMA, policies, validationSettings: { mode: "strict" } });
  const said = validationErrors.map(({ error }) => `error: ${error.message.replace("for policy `policy0`, ", "")}`);
  const { response } = cedar.isAuthorized({
    principal: uid,
    action: { type: "AgentCore::Action", id: "Shop___refund" },
    resource,
    context: { input: { order: "1" } },
    policies,
    entities: [
      { uid, attrs: { id: SUB }, tags: TAGS, parents: [] },
      { uid: resource, attrs: {}, parents: [] },
    ],
  });
  console.log(/when \{\n {2}(.*)\n/.exec(policies.staticPolicies)[1]);
  const error = response.diagnostics.errors.length ? " after an error" : "";
  console.log(`  ${said[0] ?? "valid"}; ${response.decision}${error}`);
}
JS
env -i PATH="$PATH" HOME="$work" TMPDIR="$work" node policies.cjs | tee seen

diff - seen <<'EXPECTED'
principal.department == "sales"
  error: attribute `department` on entity type `AgentCore::OAuthUser` not found; deny after an error
principal.username == "ann"
  error: attribute `username` on entity type `AgentCore::OAuthUser` not found; deny after an error
principal["cognito:groups"].contains("admins")
  error: attribute `["cognito:groups"]` on entity type `AgentCore::OAuthUser` not found; deny after an error
principal["custom:tenant"].id == "acme"
  error: attribute `["custom:tenant"]` on entity type `AgentCore::OAuthUser` not found; deny after an error
principal.id == "5c1f0f0e-0000-4000-8000-000000000001"
  valid; allow
principal.hasTag("department") && principal.getTag("department") == "sales"
  valid; allow
EXPECTED
echo 'as found'
