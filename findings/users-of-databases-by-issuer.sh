#!/usr/bin/env bash
# convex-test 0.0.71 with convex 1.48.0, @powersync/service-sync-rules 0.38.1 (npm, Node.js 20) and spacetimedb-lib
# 2.10.1 (crates.io): real-time databases that take tokens of a pool. Whose data a user finds there after
# `IssuerConfiguration: { Type: UPDATED }`, once the database is told to take the new issuer. No service is called.
#
# Guess: they know a user by `sub`, which never changes. An issuer that is not configured is refused; with the new one
#   in the configuration, all is as before.
# Behaviour: Convex and SpacetimeDB make the user of issuer and `sub` together. Convex calls it `tokenIdentifier`, the
#   "stable" name of a user in its types; SpacetimeDB hashes both to the identity that owns rows. So the setting makes a
#   new user of everyone: the sign-in succeeds, and nothing that the user had is there. Back at ORIGINAL, users find the
#   old data, and not what they made meanwhile. PowerSync goes by `sub` alone, and so does an application of Convex that
#   keeps `subject`. So look for the issuer in stored keys, and move those, before the setting is changed.
# Output seen (the notes that a user finds, who wrote `old` before the change and `new` after it):
#   Convex, tokenIdentifier: UPDATED finds nothing; ORIGINAL again finds old
#   Convex, subject: UPDATED finds old; ORIGINAL again finds old new
#   PowerSync, request.user_id(): UPDATED finds old; ORIGINAL again finds old new
#   SpacetimeDB, identity: UPDATED finds nothing; ORIGINAL again finds old
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps convex-test@0.0.71 convex@1.48.0 \
    @powersync/service-sync-rules@0.38.1

cargo init --quiet --vcs none --name identity .
cat >>Cargo.toml <<'TOML'
spacetimedb-lib = { version = "=2.10.1", default-features = false }
TOML
cat >src/main.rs <<'RUST'
use spacetimedb_lib::Identity;

fn main() {
    let mut given = std::env::args().skip(1);
    let subject = given.next().expect("a subject");
    for issuer in given {
        println!("{}", Identity::from_claims(&issuer, &subject).to_hex());
    }
}
RUST

mkdir convex
cat >convex/notes.mjs <<'JS'
import { mutationGeneric, queryGeneric } from "convex/server";
import { v } from "convex/values";

// The user's row is found by the name that the application keeps; a new name makes a new row.
export const add = mutationGeneric({
  args: { by: v.string(), text: v.string() },
  handler: async (ctx, { by, text }) => {
    const name = (await ctx.auth.getUserIdentity())[by];
    const users = ctx.db.query("users").withIndex("by_name", (query) => query.eq("name", name));
    const owner = (await users.unique())?._id ?? (await ctx.db.insert("users", { name }));
    await ctx.db.insert("notes", { owner, text });
  },
});
export const list = queryGeneric({
  args: { by: v.string() },
  handler: async (ctx, { by }) => {
    const name = (await ctx.auth.getUserIdentity())[by];
    const users = ctx.db.query("users").withIndex("by_name", (query) => query.eq("name", name));
    const user = await users.unique();
    const notes = await ctx.db.query("notes").collect();
    return notes.filter(({ owner }) => owner === user?._id).map(({ text }) => text);
  },
});
JS
cat >find.mjs <<'JS'
import { execFileSync } from "node:child_process";
import * as powersync from "@powersync/service-sync-rules";
import { convexTest } from "convex-test";
import { defineSchema, defineTable, makeFunctionReference } from "convex/server";
import { v } from "convex/values";

const ISSUERS = {
  ORIGINAL: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E",
  UPDATED: "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E",
};
const subject = "11111111-2222-4333-8444-555555555555";

async function show(name, { add, list }) {
  const found = async (type) => (await list(ISSUERS[type])).join(" ") || "nothing";
  await add(ISSUERS.ORIGINAL, "old");
  const updated = await found("UPDATED");
  await add(ISSUERS.UPDATED, "new");
  console.log(`${name}: UPDATED finds ${updated}; ORIGINAL again finds ${await found("ORIGINAL")}`);
}

// Whoever has the same owner has the same rows.
function rows(ownerOf) {
  const kept = [];
  return {
    add: (issuer, text) => kept.push({ owner: ownerOf(issuer), text }),
    list: (issuer) => kept.filter(({ owner }) => owner === ownerOf(issuer)).map(({ text }) => text),
  };
}

for (const by of ["tokenIdentifier", "subject"]) {
  const users = defineTable({ name: v.string() }).index("by_name", ["name"]);
  const schema = defineSchema({ users, notes: defineTable({ owner: v.id("users"), text: v.string() }) });
  const modules = {
    "./convex/notes.js": () => import("./convex/notes.mjs"),
    "./convex/_generated/api.js": async () => ({}),
  };
  const backend = convexTest({ schema, modules });
  const as = (issuer) => backend.withIdentity({ issuer, subject });
  await show(`Convex, ${by}`, {
    add: (issuer, text) => as(issuer).mutation(makeFunctionReference("notes:add"), { by, text }),
    list: (issuer) => as(issuer).query(makeFunctionReference("notes:list"), { by }),
  });
}

const yaml = `
bucket_definitions:
  own:
    parameters: SELECT request.user_id() AS owner
    data:
      - SELECT * FROM notes WHERE owner = bucket.owner
`;
const { config } = powersync.SqlSyncRules.fromYaml(yaml, { defaultSchema: "public" });
const rules = config.hydrate({ hydrationState: powersync.DEFAULT_HYDRATION_STATE, sqlite: null });
function bucket(iss) {
  const payload = new powersync.BaseJwtPayload({ iss, sub: subject });
  const globalParameters = new powersync.RequestParameters(payload, {});
  const { querier } = rules.getBucketParameterQuerier({ globalParameters, hasDefaultStreams: true, streams: {} });
  return querier.staticBuckets[0].bucket;
}
await show("PowerSync, request.user_id()", rows(bucket));

const issuers = Object.values(ISSUERS);
const identities = execFileSync("target/debug/identity", [subject, ...issuers], { encoding: "utf8" }).split("\n");
await show("SpacetimeDB, identity", rows((issuer) => identities[issuers.indexOf(issuer)]));
JS
cargo build --quiet
node find.mjs | tee seen

diff - seen <<'EXPECTED'
Convex, tokenIdentifier: UPDATED finds nothing; ORIGINAL again finds old
Convex, subject: UPDATED finds old; ORIGINAL again finds old new
PowerSync, request.user_id(): UPDATED finds old; ORIGINAL again finds old new
SpacetimeDB, identity: UPDATED finds nothing; ORIGINAL again finds old
EXPECTED
echo 'as found'
