#!/usr/bin/env bash
# aws-jwt-verify 5.2.1, 5.1.1 and 4.0.1 (npm, Node.js 20) and pycognito 2024.5.1 (PyPI): tokens of a
# user pool with `IssuerConfiguration: { Type: UPDATED }`. Keys and tokens are made here; no service is called.
#
# Guess: the setting changes a text in tokens, the libraries that know a pool by its id follow it or refuse the token, and
#   an application that loads the keys at its start learns there whether it can reach them.
# Behaviour: the updated issuer is on another host, `issuer-cognito-idp.REGION.amazonaws.com`, as aws-jwt-verify 5.2.1
#   builds it. That version takes both issuers without a word in the application. Its `hydrate()` loads the keys from
#   both hosts, for every pool, and succeeds if one of them answers: behind a firewall that knows the old host alone, the
#   start succeeds and the tokens fail after the setting is changed. 5.1.1, the version before, refuses the updated issuer,
#   and so does 4.0.1, the version that @aws-amplify/adapter-nextjs 1.8.0 asks for (`^4.0.1`). pycognito refuses it too.
# Output seen (hydrate: the hosts asked; then the result where only the old host answers):
#   aws-jwt-verify 5.2.1: ORIGINAL taken, UPDATED taken; hydrate cognito-idp issuer-cognito-idp; old host alone: hydrate succeeds, UPDATED refused
#   aws-jwt-verify 5.1.1: ORIGINAL taken, UPDATED refused; hydrate cognito-idp; old host alone: hydrate succeeds, UPDATED refused
#   aws-jwt-verify 4.0.1: ORIGINAL taken, UPDATED refused; hydrate cognito-idp; old host alone: hydrate succeeds, UPDATED refused
#   pycognito: ORIGINAL taken, UPDATED refused
#   adapter-nextjs asks for aws-jwt-verify ^4.0.1
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund v5.2.1@npm:aws-jwt-verify@5.2.1 v5.1.1@npm:aws-jwt-verify@5.1.1 v4.0.1@npm:aws-jwt-verify@4.0.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1 requests==2.32.5

cat >verify.cjs <<'JS'
const crypto = require("crypto");
const fs = require("fs");

const pool = "eu-west-1_a1B2c3D4E";
const issuers = {
  ORIGINAL: `https://cognito-idp.eu-west-1.amazonaws.com/${pool}`,
  UPDATED: `https://issuer-cognito-idp.eu-west-1.amazonaws.com/${pool}`,
};
const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] };
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

function token(iss) {
  const iat = Math.floor(Date.now() / 1000) - 5;
  const claims = { sub: "somebody", iss, client_id: "web", token_use: "access", iat, exp: iat + 3600 };
  const signed = `${encode({ alg: "RS256", kid: "key" })}.${encode(claims)}`;
  return `${signed}.${crypto.sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
const tokens = Object.fromEntries(Object.entries(issuers).map(([type, iss]) => [type, token(iss)]));
fs.writeFileSync("keys.json", JSON.stringify(keys));
fs.writeFileSync("tokens.json", JSON.stringify(tokens));

function verifier(version, answers) {
  const { CognitoJwtVerifier } = require(`v${version}`);
  const { SimpleJwksCache } = require(`v${version}/jwk`);
  const hosts = [];
  const fetch = async (uri) => {
    const [host] = new URL(uri).hostname.split(".");
    hosts.push(host);
    if (!answers.includes(host)) throw new Error("no answer");
    return version.startsWith("4.") ? keys : new TextEncoder().encode(JSON.stringify(keys));
  };
  const cache = new SimpleJwksCache({ fetcher: { fetch } });
  const made = CognitoJwtVerifier.create({ userPoolId: pool, tokenUse: "access", clientId: "web" }, { jwksCache: cache });
  return { made, hosts };
}
const tried = (promise, good, bad) => promise.then(() => good, () => bad);

(async () => {
  const both = ["cognito-idp", "issuer-cognito-idp"];
  for (const version of ["5.2.1", "5.1.1", "4.0.1"]) {
    const taken = async (made, type) => `${type} ${await tried(made.verify(tokens[type]), "taken", "refused")}`;
    const { made } = verifier(version, both);
    const results = [await taken(made, "ORIGINAL"), await taken(made, "UPDATED")].join(", ");
    const start = verifier(version, both);
    await start.made.hydrate();
    const old = verifier(version, ["cognito-idp"]);
    const hydrated = await tried(old.made.hydrate(), "succeeds", "fails");
    const behind = `old host alone: hydrate ${hydrated}, ${await taken(old.made, "UPDATED")}`;
    console.log(`aws-jwt-verify ${version}: ${results}; hydrate ${start.hosts.sort().join(" ")}; ${behind}`);
  }
})();
JS
cat >verify.py <<'PY'
import json
import os

os.environ["COGNITO_JWKS"] = open("keys.json").read()
from pycognito import Cognito

region, pool = "eu-west-1", "eu-west-1_a1B2c3D4E"
one = Cognito(pool, "web", user_pool_region=region, access_key="none", secret_key="none")
libraries = {
    "pycognito": lambda token: one.verify_token(token, "access_token", "access"),
}
for library, verify in libraries.items():
    results = []
    for kind, token in json.load(open("tokens.json")).items():
        try:
            verify(token)
            results.append(f"{kind} taken")
        except Exception as error:
            assert library == "pycognito" and "issuer" in repr(error.__context__).lower() + repr(error).lower(), repr(error)
            results.append(f"{kind} refused")
    print(f"{library}: {', '.join(results)}")
PY
{
    env -i PATH="$PATH" HOME="$work" node verify.cjs
    env -i PATH="$PATH" HOME="$work" env/bin/python verify.py
    echo "adapter-nextjs asks for aws-jwt-verify $(npm view @aws-amplify/adapter-nextjs@1.8.0 dependencies.aws-jwt-verify)"
} | tee seen

diff - seen <<'EXPECTED'
aws-jwt-verify 5.2.1: ORIGINAL taken, UPDATED taken; hydrate cognito-idp issuer-cognito-idp; old host alone: hydrate succeeds, UPDATED refused
aws-jwt-verify 5.1.1: ORIGINAL taken, UPDATED refused; hydrate cognito-idp; old host alone: hydrate succeeds, UPDATED refused
aws-jwt-verify 4.0.1: ORIGINAL taken, UPDATED refused; hydrate cognito-idp; old host alone: hydrate succeeds, UPDATED refused
pycognito: ORIGINAL taken, UPDATED refused
adapter-nextjs asks for aws-jwt-verify ^4.0.1
EXPECTED
echo 'as found'
