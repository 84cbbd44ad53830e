#!/usr/bin/env bash
# cognito-at-edge 1.5.5, amazon-cognito-identity-js 6.3.21 and @aws-amplify/core 6.19.2 (both with their CookieStorage) on
# Node.js 20, and flask-cognito-lib 1.9.7 (PyPI): the cookies that they set for a user of 35 groups, before and after each
# group got a `RoleArn`. Keys and tokens are made here; no service is called.
#
# Guess: a token that does not fit in a cookie, of which a browser keeps 4096 bytes at least (RFC 6265, section 6.1), is
#   split, or refused with an error, at the sign-in.
# Behaviour: all four set the long ID token as one cookie, and the sign-in succeeds; one library leaves a warning in the
#   log of the server. A browser that keeps to 4096 bytes drops the cookie, and the user is sent to sign in again, without
#   an error anywhere. The names of groups alone do not get there, even with 100 groups. A `RoleArn` adds its whole ARN
#   to the ID token (`cognito:roles`), which is longer than the name, and base64 adds a third: with names and ARNs of
#   this length 31 groups are enough. It happens to the users of most groups alone, so one's own account may not show it,
#   and no request takes a role off a group again. So look at the user with most groups before roles are given, and give
#   one to those groups alone whose users exchange the token for AWS credentials.
# Output seen (cookies of a user of 35 groups, without and with roles):
#   groups until the ID token alone is over 4096 bytes: more than 100 without roles, 31 with roles
#   cognito-at-edge: 5 cookies, over 4096 bytes 0; with roles 5 cookies, over 4096 bytes 1
#   amazon-cognito-identity-js: 6 cookies, over 4096 bytes 0; with roles 6 cookies, over 4096 bytes 1
#   @aws-amplify/core: 3 cookies, over 4096 bytes 0; with roles 3 cookies, over 4096 bytes 1
#   flask-cognito-lib: 3 cookies, over 4096 bytes 0; with roles 3 cookies, over 4096 bytes 1 (warning in the log)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cognito-at-edge@1.5.5 amazon-cognito-identity-js@6.3.21 @aws-amplify/core@6.19.2
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flask-cognito-lib==1.9.7

cat >cookies.cjs <<'JS'
const crypto = require("crypto");
const { spawnSync } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const ONE = "11111111-2222-3333-4444-555555555555";
const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] };
require("fs").writeFileSync("keys.json", JSON.stringify(keys));
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
function token(claims) {
  const ids = { sub: ONE, iss: ISSUER, origin_jti: ONE, event_id: ONE, jti: ONE };
  const times = { iat: now, auth_time: now, exp: now + 3600 };
  const signed = `${part({ kid: "key", alg: "RS256" })}.${part({ ...ids, ...times, ...claims })}`;
  return `${signed}.${crypto.sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
function tokens(count, roles) {
  const names = Array.from({ length: count }, (_, index) => `department-${String(index).padStart(2, "0")}`);
  const arns = names.map((name) => `arn:aws:iam::111122223333:role/customers-${name}`);
  const groups = { "cognito:groups": names };
  const given = { ...groups, ...(roles && { "cognito:roles": arns, "cognito:preferred_role": arns[0] }) };
  const user = { email: "user@example.com", email_verified: true, "cognito:username": ONE };
  return {
    idToken: token({ token_use: "id", aud: CLIENT, ...user, ...given }),
    accessToken: token({ token_use: "access", client_id: CLIENT, username: ONE, scope: "openid", version: 2, ...groups }),
    refreshToken: "refresh",
  };
}

let set = [];
let warned = false;
globalThis.document = { set cookie(text) { set.push(text); }, get cookie() { return ""; } };
async function edge(given) {
  const { Authenticator } = require("cognito-at-edge");
  const axios = require("axios");
  const data = { id_token: given.idToken, access_token: given.accessToken, refresh_token: given.refreshToken };
  axios.request = async () => ({ data });
  const pool = { region: "eu-west-1", userPoolId: POOL, userPoolAppId: CLIENT, userPoolDomain: "auth.example.com" };
  const made = new Authenticator({ ...pool, logLevel: "silent" });
  made._jwtVerifier.cacheJwks(keys);
  const headers = { host: [{ value: "app.example.com" }], cookie: [] };
  const request = { uri: "/", querystring: "code=code&state=%2F", headers };
  const answer = await made.handle({ Records: [{ cf: { request } }] });
  set = answer.headers["set-cookie"].map(({ value }) => value);
}
function identity({ idToken, accessToken, refreshToken }) {
  const library = require("amazon-cognito-identity-js");
  const Storage = new library.CookieStorage({ domain: "app.example.com" });
  const Pool = new library.CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, Storage });
  const user = new library.CognitoUser({ Username: ONE, Pool, Storage });
  const IdToken = new library.CognitoIdToken({ IdToken: idToken });
  const AccessToken = new library.CognitoAccessToken({ AccessToken: accessToken });
  const RefreshToken = new library.CognitoRefreshToken({ RefreshToken: refreshToken });
  user.setSignInUserSession(new library.CognitoUserSession({ IdToken, AccessToken, RefreshToken }));
}
async function amplify(given) {
  const { CookieStorage } = require("@aws-amplify/core");
  const storage = new CookieStorage({ domain: "app.example.com" });
  for (const [name, value] of Object.entries(given)) await storage.setItem(`Cognito.${CLIENT}.${ONE}.${name}`, value);
}
function python({ idToken, accessToken }) {
  const { stdout, stderr } = spawnSync("env/bin/python", ["cookies.py", idToken, accessToken], { encoding: "utf8" });
  if (!stdout) console.error(stderr);
  warned = /cookie is too large/.test(stderr);
  set = stdout.trim().split("\n");
}

(async () => {
  const counts = Array.from({ length: 100 }, (_, at) => at + 1);
  const over = (roles) => counts.find((count) => tokens(count, roles).idToken.length > 4096) ?? "more than 100";
  const both = `${over(false)} without roles, ${over(true)} with roles`;
  console.log(`groups until the ID token alone is over 4096 bytes: ${both}`);
  const libraries = { "cognito-at-edge": edge, "amazon-cognito-identity-js": identity };
  Object.assign(libraries, { "@aws-amplify/core": amplify, "flask-cognito-lib": python });
  for (const [name, use] of Object.entries(libraries)) {
    const seen = [];
    for (const roles of [false, true]) {
      set = [];
      await use(tokens(35, roles));
      const long = set.map((text) => text.split(";")[0]).filter((text) => text.length > 4096);
      seen.push(`${set.length} cookies, over 4096 bytes ${long.length}${warned ? " (warning in the log)" : ""}`);
    }
    console.log(`${name}: ${seen.join("; with roles ")}`);
  }
})();
JS
cat >cookies.py <<'PY'
import json
import sys
from unittest.mock import patch

import jwt
from flask import Flask, make_response
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.decorators import cognito_login_callback
from flask_cognito_lib.utils import CognitoTokenResponse

identity, access = sys.argv[1:]
jwt.PyJWKClient.fetch_data = lambda self: json.load(open("keys.json"))
app = Flask("app")
app.config.update(SECRET_KEY="example", AWS_REGION="eu-west-1", AWS_COGNITO_USER_POOL_ID="eu-west-1_a1B2c3D4E")
app.config.update(AWS_COGNITO_DOMAIN="https://auth.example.com", AWS_COGNITO_USER_POOL_CLIENT_ID="1example23456789")
app.config.update(AWS_COGNITO_USER_POOL_CLIENT_SECRET="", AWS_COGNITO_REDIRECT_URL="https://app.example.com/callback")
auth = CognitoAuth(app)


@app.route("/callback")
@cognito_login_callback
def callback():
    return make_response("in")


client = app.test_client()
with client.session_transaction() as session:
    session.update(code_verifier="verifier", state="state", nonce=None)
tokens = CognitoTokenResponse(access_token=access, id_token=identity)
with patch.object(type(auth), "get_tokens", lambda self, **_: tokens):
    answer = client.get("/callback?code=code&state=state")
assert answer.status_code == 200, answer.text
print("\n".join(answer.headers.getlist("set-cookie")))
PY
env -i PATH="$PATH" HOME="$work" node cookies.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
groups until the ID token alone is over 4096 bytes: more than 100 without roles, 31 with roles
cognito-at-edge: 5 cookies, over 4096 bytes 0; with roles 5 cookies, over 4096 bytes 1
amazon-cognito-identity-js: 6 cookies, over 4096 bytes 0; with roles 6 cookies, over 4096 bytes 1
@aws-amplify/core: 3 cookies, over 4096 bytes 0; with roles 3 cookies, over 4096 bytes 1
flask-cognito-lib: 3 cookies, over 4096 bytes 0; with roles 3 cookies, over 4096 bytes 1 (warning in the log)
EXPECTED
echo 'as found'
