#!/usr/bin/env bash
# oidc-client 1.11.5 and oidc-client-ts 3.5.0 (npm, Node.js 20) with `loadUserInfo`, which is the default of the
# first, and the schema of a user in oic 1.7.0 and idpyoidc 5.0.0 (PyPI), with which their clients check the response
# of userInfo: what an application knows of a user after scopes were added to `AllowedOAuthScopes` of its app client.
# By the developer guide the ID token of Cognito has `email_verified` as a boolean, and userInfo has it as the text
# "true". Keys, tokens and responses are made here.
#
# Guess: a client that reads both keeps the boolean of the ID token or the text of userInfo, and idpyoidc, the younger
#   of two related libraries, takes a text for a boolean.
# Behaviour: oidc-client keeps both, as a list, [true, "true"], for each claim that differs, and oidc-client-ts
#   replaces the boolean with the text, so `=== true` is never so in either. Both Python libraries refuse the
#   response. None of it happens with `openid profile`: an application works until `email` or `phone` is added to the
#   scopes that it asks for, and then the user has a list for a value, or cannot sign in. Custom attributes are texts
#   in both places. Read these claims from the ID token, with `loadUserInfo: false`.
# Output seen:
#   oidc-client, openid email: email_verified [true,"true"]
#   oidc-client, openid phone: phone_number_verified [true,"true"]
#   oidc-client, openid profile: custom:level "3"
#   oidc-client-ts, openid email: email_verified "true"
#   oidc-client-ts, openid phone: phone_number_verified "true"
#   oidc-client-ts, openid profile: custom:level "3"
#   oic, openid email: refused
#   oic, openid phone: refused
#   oic, openid profile: taken
#   idpyoidc, openid email: refused
#   idpyoidc, openid phone: refused
#   idpyoidc, openid profile: taken
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund oidc-client@1.11.5 oidc-client-ts@3.5.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check oic==1.7.0 idpyoidc==5.0.0

cat >answers.cjs <<'JS'
// What the endpoint userInfo answers to a token with each scope, and the same in an ID token.
const SUB = "11111111-2222-3333-4444-555555555555";
exports.userInfo = {
  "openid email": { sub: SUB, username: "ann", email: "ann@example.com", email_verified: "true" },
  "openid phone": { sub: SUB, username: "ann", phone_number: "+12065550100", phone_number_verified: "true" },
  "openid profile": { sub: SUB, username: "ann", name: "Ann", "custom:level": "3" },
};
exports.claims = (scope) => {
  const { username, ...claims } = exports.userInfo[scope];
  for (const name of ["email_verified", "phone_number_verified"]) if (name in claims) claims[name] = true;
  return { ...claims, "cognito:username": username };
};
JS
cat >browser.cjs <<'JS'
const crypto = require("crypto");
const http = require("http");
const { claims, userInfo } = require("./answers.cjs");

const CLIENT = "1example23456789";
const ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E";
const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
let scope;
function token() {
  const now = Math.floor(Date.now() / 1000);
  const frame = { iss: ISSUER, aud: CLIENT, token_use: "id", iat: now, auth_time: now, exp: now + 3600 };
  const signed = `${part({ alg: "RS256", kid: "key" })}.${part({ ...frame, ...claims(scope) })}`;
  return `${signed}.${crypto.sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
const server = http.createServer((request, response) => {
  request.resume();
  response.setHeader("content-type", "application/json");
  const tokens = { access_token: "access", id_token: token(), token_type: "Bearer", expires_in: 3600 };
  response.end(JSON.stringify(request.url.endsWith("/token") ? tokens : userInfo[scope]));
});
const map = new Map();
const store = {
  get: async (name) => map.get(name) ?? null,
  set: async (name, value) => void map.set(name, value),
  remove: async (name) => {
    const value = map.get(name);
    map.delete(name);
    return value;
  },
  getAllKeys: async () => [...map.keys()],
};
// As much of a browser as oidc-client asks for.
global.window = global;
global.XMLHttpRequest = class {
  open(method, url) {
    Object.assign(this, { method, url, headers: {} });
  }
  setRequestHeader(name, value) {
    this.headers[name] = value;
  }
  getResponseHeader(name) {
    return this.answer.headers.get(name);
  }
  async send(body) {
    this.answer = await fetch(this.url, { method: this.method, headers: this.headers, body });
    this.status = this.answer.status;
    this.responseText = await this.answer.text();
    this.onload();
  }
};

server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const endpoints = { token_endpoint: `${url}/token`, userinfo_endpoint: `${url}/userInfo`, jwks_uri: `${url}/keys` };
  const metadata = { issuer: ISSUER, authorization_endpoint: `${url}/authorize`, ...endpoints };
  const app = { client_id: CLIENT, redirect_uri: "https://app.example.com/", response_type: "code", stateStore: store };
  for (const name of ["oidc-client", "oidc-client-ts"]) {
    const { OidcClient } = require(name);
    for (scope of Object.keys(userInfo)) {
      const given = { authority: ISSUER, metadata, signingKeys: [key], scope, loadUserInfo: true, ...app };
      const client = new OidcClient(given);
      const { state } = await client.createSigninRequest({});
      const { profile } = await client.processSigninResponse(`${app.redirect_uri}?code=code&state=${state.id}`);
      const shown = ["email_verified", "phone_number_verified", "custom:level"].filter((claim) => claim in profile);
      console.log(`${name}, ${scope}: ${shown.map((claim) => `${claim} ${JSON.stringify(profile[claim])}`)}`);
    }
  }
  process.exit();
});
JS
cat >server.py <<'PY'
import json
import subprocess
import sys

from idpyoidc.message.oidc import OpenIDSchema as Idpy
from oic.oic.message import OpenIDSchema as Oic

given = ["node", "-p", "JSON.stringify(require('./answers.cjs').userInfo)"]
answers = json.loads(subprocess.run(given, capture_output=True, check=True).stdout)
for name, schema in {"oic": Oic, "idpyoidc": Idpy}.items():
    for scope, answer in answers.items():
        try:
            message = schema().from_json(json.dumps(answer))
            message.verify()
            print(f"{name}, {scope}: taken")
        except Exception as error:
            print(name, scope, error, file=sys.stderr)
            print(f"{name}, {scope}: refused")
PY
env -i PATH="$PATH" HOME="$work" node browser.cjs >js.seen 2>said || { tail -5 said; exit 1; }
env -i PATH="$PATH" HOME="$work" env/bin/python -W ignore server.py >python.seen 2>said || { cat said; exit 1; }
cat js.seen python.seen | tee seen

diff - seen <<'EXPECTED'
oidc-client, openid email: email_verified [true,"true"]
oidc-client, openid phone: phone_number_verified [true,"true"]
oidc-client, openid profile: custom:level "3"
oidc-client-ts, openid email: email_verified "true"
oidc-client-ts, openid phone: phone_number_verified "true"
oidc-client-ts, openid profile: custom:level "3"
oic, openid email: refused
oic, openid phone: refused
oic, openid profile: taken
idpyoidc, openid email: refused
idpyoidc, openid phone: refused
idpyoidc, openid profile: taken
EXPECTED
echo 'as found'
