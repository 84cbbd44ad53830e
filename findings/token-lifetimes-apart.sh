#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2, amazon-cognito-identity-js 6.3.21,
# amazon-cognito-passwordless-auth 0.17.0, cognito-at-edge 1.5.5, oidc-client-ts 3.5.0 (npm, Node.js 20), pycognito
# 2024.5.1 and flask-cognito-lib 1.9.7 (PyPI): what makes them renew the tokens of a user, once `IdTokenValidity` and
# `AccessTokenValidity` of the app client differ. Keys and tokens are made here, and the service is played here.
#
# Guess: a library that keeps both tokens renews them as soon as one of them has expired, so either lifetime can be
#   changed by itself.
# Behaviour: Amplify and identity-js do, and they alone. pycognito and flask-cognito-lib look at the access token,
#   cognito-at-edge at the ID token, and the passwordless library and oidc-client-ts at neither: they count the seconds
#   that came with both. So a shorter `IdTokenValidity` by itself leaves pycognito with an ID token that has expired, for
#   as long as the access token lives, and each API behind an authorizer that takes ID tokens refuses it; behind
#   cognito-at-edge a shorter `AccessTokenValidity` does the same to an origin that reads the access token. An answer
#   has one number for two lifetimes, so with the two that count it is right for one of the tokens at most. Change both
#   lifetimes together, or look for the library first.
# Output seen (what has to expire for a renewal, each by itself):
#   @aws-amplify/auth: ID token, access token
#   amazon-cognito-identity-js: ID token, access token
#   amazon-cognito-passwordless-auth: lifetime of the answer
#   cognito-at-edge: ID token
#   oidc-client-ts: lifetime of the answer
#   pycognito: access token
#   flask-cognito-lib: access token
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 oidc-client-ts@3.5.0 \
    amazon-cognito-identity-js@6.3.21 amazon-cognito-passwordless-auth@0.17.0 cognito-at-edge@1.5.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1
env/bin/pip install --quiet --disable-pip-version-check flask-cognito-lib==1.9.7

cat >renew.cjs <<'JS'
const crypto = require("crypto");
const fs = require("fs");
const http = require("http");
const { spawn } = require("child_process");

const POOL = "eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] };
fs.writeFileSync("keys.json", JSON.stringify(keys));
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
const HOUR = 3600;
function token(left, claims) {
  const frame = { sub: "user", iss: ISSUER, iat: now - 2 * HOUR, auth_time: now - 2 * HOUR, exp: now + left };
  const signed = `${part({ alg: "RS256", kid: "key" })}.${part({ ...frame, ...claims })}`;
  return `${signed}.${crypto.sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
const pair = (access, id) => ({
  accessToken: token(access, { token_use: "access", username: "user", client_id: CLIENT, scope: "openid", version: 2 }),
  idToken: token(id, { token_use: "id", "cognito:username": "user", aud: CLIENT }),
});
// What has expired: the token, or the lifetime that came with both (`ExpiresIn`, `expires_in`).
const states = {
  "ID token": { ...pair(HOUR, -HOUR), left: HOUR },
  "access token": { ...pair(-HOUR, HOUR), left: HOUR },
  "lifetime of the answer": { ...pair(HOUR, HOUR), left: -HOUR },
};

let renewed = false;
const service = http.createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    renewed = true;
    const { accessToken, idToken } = pair(HOUR, HOUR);
    const tokens = { access_token: accessToken, id_token: idToken, token_type: "Bearer", expires_in: HOUR };
    const result = { AccessToken: accessToken, IdToken: idToken, ExpiresIn: HOUR, TokenType: "Bearer" };
    const endpoint = request.url === "/oauth2/token";
    response.setHeader("content-type", endpoint ? "application/json" : "application/x-amz-json-1.1");
    response.end(JSON.stringify(endpoint ? tokens : { AuthenticationResult: result }));
  });
});
const map = new Map();
const storage = {
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
  clear: () => map.clear(),
};
function signedIn({ accessToken, idToken, left }) {
  map.clear();
  const prefix = `CognitoIdentityServiceProvider.${CLIENT}`;
  map.set(`${prefix}.LastAuthUser`, "user");
  const tokens = { accessToken, idToken, refreshToken: "refresh", clockDrift: "0" };
  for (const [name, value] of Object.entries(tokens)) map.set(`${prefix}.user.${name}`, value);
  map.set(`Passwordless.${CLIENT}.user.expireAt`, new Date(Date.now() + left * 1000).toISOString());
}

async function amplify(url) {
  const { Amplify, fetchAuthSession } = require("@aws-amplify/core");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const Cognito = { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url };
  const providers = { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(storage);
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  Amplify.configure({ Auth: { Cognito } }, { Auth: providers });
  await fetchAuthSession();
}
async function identity(endpoint) {
  const { CognitoUserPool } = require("amazon-cognito-identity-js");
  const pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage: storage });
  await new Promise((done, failed) => pool.getCurrentUser().getSession((e) => (e ? failed(e) : done())));
}
async function passwordless(url) {
  const { Passwordless } = await import("amazon-cognito-passwordless-auth");
  const { scheduleRefresh } = await import("amazon-cognito-passwordless-auth/refresh");
  Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId: POOL, clientId: CLIENT, storage });
  const stop = await scheduleRefresh({});
  await new Promise((done) => setTimeout(done, 300));
  stop?.();
}
async function edge(url, { accessToken, idToken }) {
  const { Authenticator } = require("cognito-at-edge");
  const axios = require("axios");
  const { request } = axios;
  axios.request = ({ url: to, ...rest }) => request.call(axios, { url: url + new URL(to).pathname, ...rest });
  const pool = { region: "eu-west-1", userPoolId: POOL, userPoolAppId: CLIENT, userPoolDomain: "auth.example.com" };
  const made = new Authenticator({ ...pool, logLevel: "silent" });
  made._jwtVerifier.cacheJwks(keys);
  const start = `CognitoIdentityServiceProvider.${CLIENT}`;
  const named = Object.entries({ accessToken, idToken, refreshToken: "refresh" });
  const cookies = named.map(([name, value]) => `${start}.user.${name}=${value}`);
  const headers = { host: [{ value: "app.example.com" }], cookie: [{ key: "Cookie", value: cookies.join("; ") }] };
  await made.handle({ Records: [{ cf: { request: { uri: "/", querystring: "", headers } } }] });
  axios.request = request;
}
async function oidc(url, { accessToken, idToken, left }) {
  const { InMemoryWebStorage, User, UserManager, WebStorageStateStore } = require("oidc-client-ts");
  const userStore = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const stateStore = new WebStorageStateStore({ store: new InMemoryWebStorage() });
  const site = { client_id: CLIENT, redirect_uri: "https://app.example.com/", userStore, stateStore };
  const metadata = { issuer: ISSUER, token_endpoint: `${url}/oauth2/token` };
  const manager = new UserManager({ authority: ISSUER, metadata, automaticSilentRenew: true, ...site });
  const profile = { sub: "user", iss: ISSUER, aud: CLIENT };
  const tokens = { access_token: accessToken, id_token: idToken, refresh_token: "refresh", token_type: "Bearer" };
  await manager.storeUser(new User({ ...tokens, profile, expires_at: now + left }));
  // Loads the user and starts the timers, as at the start of an application.
  const user = await manager.getUser();
  await new Promise((done) => setTimeout(done, 1500));
  if (user.expired) await manager.signinSilent();
  manager.stopSilentRenew();
  await manager.removeUser();
}
function python(name) {
  return (url, { accessToken, idToken }) => {
    const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
    const given = ["renew.py", name, url, accessToken, idToken];
    const child = spawn("env/bin/python", given, { env, stdio: ["ignore", "ignore", "inherit"] });
    return new Promise((done) => child.on("close", done));
  };
}

service.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${service.address().port}`;
  const libraries = {
    "@aws-amplify/auth": amplify,
    "amazon-cognito-identity-js": identity,
    "amazon-cognito-passwordless-auth": passwordless,
    "cognito-at-edge": edge,
    "oidc-client-ts": oidc,
    pycognito: python("pycognito"),
    "flask-cognito-lib": python("flask-cognito-lib"),
  };
  for (const [name, use] of Object.entries(libraries)) {
    const seen = [];
    for (const [what, state] of Object.entries(states)) {
      signedIn(state);
      renewed = false;
      await use(url, state);
      if (renewed) seen.push(what);
    }
    console.log(`${name}: ${seen.join(", ") || "nothing"}`);
  }
  process.exit();
});
JS
cat >renew.py <<'PY'
import json
import sys

import jwt

name, url, access, identity = sys.argv[1:]
jwt.PyJWKClient.fetch_data = lambda self: json.load(open("keys.json"))
POOL, CLIENT = "eu-west-1_a1B2c3D4E", "1example23456789"


def pycognito():
    from pycognito import Cognito

    given = dict(access_token=access, id_token=identity, refresh_token="refresh", username="user")
    user = Cognito(POOL, CLIENT, user_pool_region="eu-west-1", **given)
    user.verify_token = lambda token, name, use: setattr(user, name, token)
    user.check_token()


def flask():
    from flask import Flask
    from flask_cognito_lib import CognitoAuth
    from flask_cognito_lib.decorators import auth_required, cognito_refresh_callback
    from flask_cognito_lib.exceptions import AuthorisationRequiredError

    app = Flask("app")
    app.config.update(SECRET_KEY="example", AWS_REGION="eu-west-1", AWS_COGNITO_USER_POOL_ID=POOL)
    app.config.update(AWS_COGNITO_DOMAIN=url, AWS_COGNITO_USER_POOL_CLIENT_ID=CLIENT)
    app.config.update(AWS_COGNITO_USER_POOL_CLIENT_SECRET="", AWS_COGNITO_REDIRECT_URL="https://app.example.com/")
    app.config.update(AWS_COGNITO_REFRESH_FLOW_ENABLED=True)
    auth = CognitoAuth(app)

    @app.errorhandler(AuthorisationRequiredError)
    def refused(_):
        return "", 302, {"location": "/renew"}

    @app.route("/")
    @auth_required()
    def page():
        return "in"

    @app.route("/renew")
    @cognito_refresh_callback
    def renew():
        from flask import make_response

        return make_response("again")

    client = app.test_client()
    with app.app_context():
        refresh = auth.token_service.encrypt_token("refresh")
    cookies = {auth.cfg.COOKIE_NAME: access, auth.cfg.COOKIE_NAME_ID: identity, auth.cfg.COOKIE_NAME_REFRESH: refresh}
    for key, value in cookies.items():
        client.set_cookie(key, value)
    client.get("/", follow_redirects=True)


pycognito() if name == "pycognito" else flask()
PY
env -i PATH="$PATH" HOME="$work" node renew.cjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
@aws-amplify/auth: ID token, access token
amazon-cognito-identity-js: ID token, access token
amazon-cognito-passwordless-auth: lifetime of the answer
cognito-at-edge: ID token
oidc-client-ts: lifetime of the answer
pycognito: access token
flask-cognito-lib: access token
EXPECTED
echo 'as found'
