#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2, amazon-cognito-identity-js 6.3.21,
# amazon-cognito-passwordless-auth 0.17.0, cognito-at-edge 1.5.5 (npm, Node.js 20) and flask-cognito-lib 1.9.7 (PyPI):
# the sign-out of a user after `EnableTokenRevocation` of the app client became false. The service is played here, with
# the refusals of Amazon's pages: UnsupportedOperationException, and HTTP 400 with `invalid_request` at the endpoint.
#
# Guess: a library that revokes looks at the claim `origin_jti`, which only tokens that can be revoked have, or takes the
#   refusal as no reason to keep the user signed in. So the setting costs protection and no sign-out.
# Behaviour: two of the five look at `origin_jti`, and two finish the sign-out whatever the answer is: Amplify and
#   cognito-at-edge. flask-cognito-lib answers 500 and keeps its cookies: the user stays signed in, and a second try
#   ends alike. The passwordless library removes the tokens and then fails, with the status back at
#   SIGNED_IN, for a user who has no tokens any more. identity-js hands an error to the caller for users who signed in
#   while revocation was on, which is everybody at first and nobody after the longest refresh token. So a setting that
#   reads as if it mattered only when a token is stolen breaks the everyday sign-out, at once, in libraries that revoke.
#   Look for the library of the app client first, and try a sign-out with a session from before the change and a new one.
# Output seen (does it ask for the revocation; how the sign-out ends; what the browser has afterwards):
#   @aws-amplify/auth, on: asks, succeeds, tokens gone
#   @aws-amplify/auth, off since the sign-in: asks, succeeds, tokens gone
#   @aws-amplify/auth, off: does not ask, succeeds, tokens gone
#   amazon-cognito-identity-js, on: asks, succeeds, tokens gone
#   amazon-cognito-identity-js, off since the sign-in: asks, fails (UnsupportedOperationException), tokens gone
#   amazon-cognito-identity-js, off: does not ask, succeeds, tokens gone
#   amazon-cognito-passwordless-auth, on: asks, succeeds, tokens gone, status SIGNED_OUT
#   amazon-cognito-passwordless-auth, off since the sign-in: asks, fails (UnsupportedOperationException), tokens gone, status SIGNED_IN
#   amazon-cognito-passwordless-auth, off: asks, fails (UnsupportedOperationException), tokens gone, status SIGNED_IN
#   cognito-at-edge, on: asks, 302, tokens gone
#   cognito-at-edge, off since the sign-in: asks, 302, tokens gone
#   cognito-at-edge, off: asks, 302, tokens gone
#   flask-cognito-lib, on: asks, 302, tokens gone
#   flask-cognito-lib, off since the sign-in: asks, 500, tokens kept
#   flask-cognito-lib, off: asks, 500, tokens kept
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21 amazon-cognito-passwordless-auth@0.17.0 cognito-at-edge@1.5.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flask-cognito-lib==1.9.7

cat >out.cjs <<'JS'
const http = require("http");
const { spawn } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
function token(claims, jti) {
  const frame = { sub: "user", iat: now, exp: now + 3600, ...(jti && { jti: "one", origin_jti: "two" }) };
  return `${part({ alg: "RS256", kid: "key" })}.${part({ ...frame, ...claims })}.signature`;
}
const access = (jti) => token({ token_use: "access", username: "user", client_id: CLIENT }, jti);
const id = (jti) => token({ token_use: "id", "cognito:username": "user", aud: CLIENT }, jti);

let asked = 0;
let enabled;
const service = http.createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    asked += 1;
    if (enabled) return response.end();
    const endpoint = request.url === "/oauth2/revoke";
    response.writeHead(400, { "content-type": endpoint ? "application/json" : "application/x-amz-json-1.1" });
    const refused = { __type: "UnsupportedOperationException", message: "Token revocation is not enabled." };
    response.end(JSON.stringify(endpoint ? { error: "invalid_request" } : refused));
  });
});
const map = new Map();
const storage = {
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
  clear: () => map.clear(),
};
const kept = () => [...map.keys()].some((key) => /(access|refresh|id)Token$/.test(key));
function signedIn(jti) {
  map.clear();
  const prefix = `CognitoIdentityServiceProvider.${CLIENT}`;
  map.set(`${prefix}.LastAuthUser`, "user");
  const tokens = { accessToken: access(jti), idToken: id(jti), refreshToken: "refresh", clockDrift: "0" };
  for (const [name, value] of Object.entries(tokens)) map.set(`${prefix}.user.${name}`, value);
}
const ended = (promise) => promise.then(() => "succeeds", (error) => `fails (${error.name})`);

async function amplify(url) {
  const { Amplify } = require("@aws-amplify/core");
  const { signOut } = require("@aws-amplify/auth");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  const result = await ended(signOut());
  return `${result}, tokens ${kept() ? "kept" : "gone"}`;
}
async function identity(endpoint) {
  const { CognitoUserPool } = require("amazon-cognito-identity-js");
  const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage: storage });
  const signOut = new Promise((done, failed) => pool.getCurrentUser().signOut((e) => (e ? failed(e) : done())));
  const result = await ended(signOut);
  return `${result}, tokens ${kept() ? "kept" : "gone"}`;
}
async function passwordless(url) {
  const { Passwordless } = await import("amazon-cognito-passwordless-auth");
  const { signOut } = await import("amazon-cognito-passwordless-auth/common");
  Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId: POOL, clientId: CLIENT, storage });
  let status = "SIGNED_IN";
  const { signedOut } = signOut({ currentStatus: status, statusCb: (next) => (status = next) });
  const result = await ended(signedOut);
  return `${result}, tokens ${kept() ? "kept" : "gone"}, status ${status}`;
}
async function edge(url, jti) {
  const { Authenticator } = require("cognito-at-edge");
  const axios = require("axios");
  const { request } = axios;
  axios.request = ({ url: to, ...rest }) => request.call(axios, { url: url + new URL(to).pathname, ...rest });
  const pool = { region: "eu-west-1", userPoolId: POOL, userPoolAppId: CLIENT, userPoolDomain: "auth.example.com" };
  const made = new Authenticator({ ...pool, logLevel: "silent" });
  const names = { accessToken: access(jti), idToken: id(jti), refreshToken: "refresh" };
  const start = `CognitoIdentityServiceProvider.${CLIENT}`;
  const cookies = Object.entries(names).map(([name, value]) => `${start}.user.${name}=${value}`);
  const headers = { host: [{ value: "app.example.com" }], cookie: [{ key: "Cookie", value: cookies.join("; ") }] };
  const event = { Records: [{ cf: { request: { uri: "/sign-out", querystring: "", headers } } }] };
  const answer = await made.handleSignOut(event);
  const gone = answer.headers["set-cookie"].filter(({ value }) => /Token=;.*Expires=/i.test(value));
  axios.request = request;
  return `${answer.status}, tokens ${gone.length === 3 ? "gone" : "kept"}`;
}
function python(url) {
  const given = ["out.py", url, access(true), "refresh"];
  const child = spawn("env/bin/python", given, { env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  return new Promise((done) => child.on("close", () => done(text.trim())));
}

service.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${service.address().port}`;
  const libraries = {
    "@aws-amplify/auth": amplify,
    "amazon-cognito-identity-js": identity,
    "amazon-cognito-passwordless-auth": passwordless,
    "cognito-at-edge": edge,
    "flask-cognito-lib": python,
  };
  for (const [name, use] of Object.entries(libraries)) {
    for (const when of ["on", "off since the sign-in", "off"]) {
      const jti = when !== "off";
      enabled = when === "on";
      signedIn(jti);
      asked = 0;
      const result = await use(url, jti);
      console.log(`${name}, ${when}: ${asked ? "asks" : "does not ask"}, ${result}`);
    }
  }
  process.exit();
});
JS
cat >out.py <<'PY'
import sys

from flask import Flask
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.decorators import cognito_logout

url, access, refresh = sys.argv[1:]
app = Flask("app")
app.config.update(SECRET_KEY="example", AWS_REGION="eu-west-1", AWS_COGNITO_USER_POOL_ID="eu-west-1_a1B2c3D4E")
app.config.update(AWS_COGNITO_DOMAIN=url, AWS_COGNITO_USER_POOL_CLIENT_ID="1example23456789")
app.config.update(AWS_COGNITO_USER_POOL_CLIENT_SECRET="", AWS_COGNITO_REDIRECT_URL="https://app.example.com/callback")
app.config.update(AWS_COGNITO_LOGOUT_URL="https://app.example.com/", AWS_COGNITO_REFRESH_FLOW_ENABLED=True)
auth = CognitoAuth(app)


@app.route("/sign-out")
@cognito_logout
def out():
    pass


client = app.test_client()
with app.app_context():
    refresh = auth.token_service.encrypt_token(refresh)
for name, value in {auth.cfg.COOKIE_NAME: access, auth.cfg.COOKIE_NAME_REFRESH: refresh}.items():
    client.set_cookie(name, value)
answer = client.get("/sign-out")
print(f"{answer.status_code}, tokens {'kept' if client.get_cookie(auth.cfg.COOKIE_NAME_REFRESH) else 'gone'}")
PY
env -i PATH="$PATH" HOME="$work" node out.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
@aws-amplify/auth, on: asks, succeeds, tokens gone
@aws-amplify/auth, off since the sign-in: asks, succeeds, tokens gone
@aws-amplify/auth, off: does not ask, succeeds, tokens gone
amazon-cognito-identity-js, on: asks, succeeds, tokens gone
amazon-cognito-identity-js, off since the sign-in: asks, fails (UnsupportedOperationException), tokens gone
amazon-cognito-identity-js, off: does not ask, succeeds, tokens gone
amazon-cognito-passwordless-auth, on: asks, succeeds, tokens gone, status SIGNED_OUT
amazon-cognito-passwordless-auth, off since the sign-in: asks, fails (UnsupportedOperationException), tokens gone, status SIGNED_IN
amazon-cognito-passwordless-auth, off: asks, fails (UnsupportedOperationException), tokens gone, status SIGNED_IN
cognito-at-edge, on: asks, 302, tokens gone
cognito-at-edge, off since the sign-in: asks, 302, tokens gone
cognito-at-edge, off: asks, 302, tokens gone
flask-cognito-lib, on: asks, 302, tokens gone
flask-cognito-lib, off since the sign-in: asks, 500, tokens kept
flask-cognito-lib, off: asks, 500, tokens kept
EXPECTED
echo 'as found'
