#!/usr/bin/env bash
# @neo4j/graphql 7.6.3 with graphql 16.15.0 and neo4j-driver 6.3.0 (npm, Node.js 20), which serves a graph database as
# GraphQL: its rules on a group and on a custom attribute of a user of a pool. Token and secret are made here; no
# database is asked.
#
# Guess: a claim with a colon has to be given another name, by `@jwtClaim(path: "cognito:groups")`. From then on a rule
#   works, whether the library verifies the token, or the application does and hands over its payload as `context.jwt`,
#   as the manual allows. Tokens of a pool are often verified with aws-jwt-verify, which leaves the second way.
# Behaviour: with a payload in `context.jwt` the library does not look at `@jwtClaim`. It reads `groups` and `tenant`
#   there, which a token of a pool does not have. So each rule on a group or a custom attribute matches nobody, since
#   GraphQL has no names with a colon: the user is unauthenticated, or sees no row, and nothing says why. A claim with a
#   plain name (`roles`), which a token trigger adds, works in both ways, as does a payload whose claims the application
#   has renamed. So an application that moves the verification out of the library loses just those rules.
# Output seen:
#   token in the context
#     @authentication, cognito:groups: let in
#     @authorization validate, cognito:groups: the query reads $jwt.`cognito:groups`, ["admins"]
#     @authorization filter, custom:tenant: the query reads $jwt.`custom:tenant`, "acme"
#     @authentication, roles: let in
#   jwt in the context
#     @authentication, cognito:groups: Unauthenticated
#     @authorization validate, cognito:groups: the query reads $jwt.groups, which is nothing
#     @authorization filter, custom:tenant: the query reads $jwt.tenant, which is nothing
#     @authentication, roles: let in
#   jwt in the context, claims renamed
#     @authentication, cognito:groups: let in
#     @authorization validate, cognito:groups: the query reads $jwt.groups, ["admins"]
#     @authorization filter, custom:tenant: the query reads $jwt.tenant, "acme"
#     @authentication, roles: let in
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts @neo4j/graphql@7.6.3 graphql@16.15.0 neo4j-driver@6.3.0

cat >rules.mjs <<'JS'
import { createHmac } from "node:crypto";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { graphql } from "graphql";

const typeDefs = `
type JWT @jwt {
  groups: [String!] @jwtClaim(path: "cognito:groups")
  tenant: String @jwtClaim(path: "custom:tenant")
  roles: [String!]
}
type Entered @node @authentication(operations: [READ], jwt: { groups: { includes: "admins" } }) { title: String }
type Checked @node @authorization(validate: [{ where: { jwt: { groups: { includes: "admins" } } } }]) { title: String }
type Filtered @node @authorization(filter: [{ where: { node: { tenant: { eq: "$jwt.tenant" } } } }]) { tenant: String }
type Plain @node @authentication(operations: [READ], jwt: { roles: { includes: "admins" } }) { title: String }
`;
const RULES = {
  "@authentication, cognito:groups": "entereds",
  "@authorization validate, cognito:groups": "checkeds",
  "@authorization filter, custom:tenant": "filtereds",
  "@authentication, roles": "plains",
};
const user = { sub: "ann", "cognito:username": "ann", "cognito:groups": ["admins"], "custom:tenant": "acme" };
const claims = { ...user, token_use: "id", aud: "client", roles: ["admins"], exp: 4102444800 };

// A driver that keeps the query and answers with no row. It is asked for the version of the database first.
let asked;
const version = { version: "5.26.0", edition: "enterprise" };
const record = Object.assign(Object.values(version), { toObject: () => version });
async function run(query, parameters) {
  const summary = { counters: { updates: () => ({}) }, notifications: [] };
  if (query.includes("dbms.components")) return { records: [record], summary };
  asked = { query, parameters };
  return { records: [], summary };
}
const session = () => ({ executeRead: (work) => work({ run }), lastBookmarks: () => [], close: async () => {} });
const executionContext = { session, executeQuery: run };

const secret = "example";
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const body = `${part({ alg: "HS256" })}.${part(claims)}`;
const token = `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
const renamed = { ...claims, groups: claims["cognito:groups"], tenant: claims["custom:tenant"] };
const schema = await new Neo4jGraphQL({ typeDefs, features: { authorization: { key: secret } } }).getSchema();
for (const [name, given] of Object.entries({
  "token in the context": { token },
  "jwt in the context": { jwt: claims },
  "jwt in the context, claims renamed": { jwt: renamed },
})) {
  console.log(name);
  for (const [rule, field] of Object.entries(RULES)) {
    asked = undefined;
    const contextValue = { ...given, executionContext };
    const { errors } = await graphql({ schema, source: `{ ${field} { __typename } }`, contextValue });
    let seen = errors ? errors[0].message : "let in";
    const [, path] = asked?.query.match(/\$jwt\.(`[^`]+`|\w+)/) ?? [];
    if (path) {
      const value = asked.parameters.jwt[path.replaceAll("`", "")];
      seen = `the query reads $jwt.${path}, ${value === undefined ? "which is nothing" : JSON.stringify(value)}`;
    }
    console.log(`  ${rule}: ${seen}`);
  }
}
JS
node rules.mjs | tee seen

diff - seen <<'EXPECTED'
token in the context
  @authentication, cognito:groups: let in
  @authorization validate, cognito:groups: the query reads $jwt.`cognito:groups`, ["admins"]
  @authorization filter, custom:tenant: the query reads $jwt.`custom:tenant`, "acme"
  @authentication, roles: let in
jwt in the context
  @authentication, cognito:groups: Unauthenticated
  @authorization validate, cognito:groups: the query reads $jwt.groups, which is nothing
  @authorization filter, custom:tenant: the query reads $jwt.tenant, which is nothing
  @authentication, roles: let in
jwt in the context, claims renamed
  @authentication, cognito:groups: let in
  @authorization validate, cognito:groups: the query reads $jwt.groups, ["admins"]
  @authorization filter, custom:tenant: the query reads $jwt.tenant, "acme"
  @authentication, roles: let in
EXPECTED
echo 'as found'
