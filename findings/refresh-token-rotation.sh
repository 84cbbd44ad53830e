#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1, amazon-cognito-identity-js 6.3.21, amazon-cognito-auth-js 1.3.3,
# amazon-cognito-passwordless-auth 0.17.0, cognito-at-edge 1.5.5 (npm, Node.js 20), pycognito 2024.5.1 and
# flask-cognito-lib 1.9.7 (PyPI): how they refresh, and which refresh token they use the next time.
#
# Guess: each one keeps the refresh token that comes with the answer, as OAuth 2.0 wants it of a client (RFC 6749,
#   section 6), so that `RefreshTokenRotation` of an app client is a setting of the pool alone. Those that call the API
#   use the operation for it, GetTokensFromRefreshToken, since the flow REFRESH_TOKEN_AUTH does not go with rotation.
# Behaviour: the three that ask the token endpoint keep the access and ID tokens and drop the new refresh token, and so
#   does the passwordless library. Without rotation nobody notices, as no new one comes. With it the first refresh
#   works, and the next one sends a token that was replaced: users are back at the login page after two lifetimes of
#   the access token, and not at once, when somebody would connect it with the change. Of the four that call the API,
#   Amplify alone uses the operation that goes with rotation.
# Output seen (how it refreshes: the refresh token of the second refresh, after "second" was the answer to "first"):
#   @aws-amplify/auth: GetTokensFromRefreshToken, second
#   amazon-cognito-identity-js: REFRESH_TOKEN_AUTH, second
#   amazon-cognito-passwordless-auth: REFRESH_TOKEN_AUTH, first
#   amazon-cognito-auth-js: token endpoint, first
#   cognito-at-edge: token endpoint, first
#   pycognito: REFRESH_TOKEN_AUTH, second
#   flask-cognito-lib: token endpoint, first
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-identity-js@6.3.21 amazon-cognito-auth-js@1.3.3 amazon-cognito-passwordless-auth@0.17.0 \
    cognito-at-edge@1.5.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1 flask-cognito-lib==1.9.7

# Cognito: it answers every refresh with new tokens, signed by a key of its own, and tells what it was asked.
cat >service.cjs <<'JS'
const http = require("http");
const { createSign, generateKeyPairSync } = require("crypto");

const ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a1B2c3D4E";
const CLIENT = "1example23456789";
const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] };

function token(claims, lifetime = 3600) {
  const iat = Math.floor(Date.now() / 1000);
  const frame = { sub: "11111111-2222-3333-4444-555555555555", iss: ISSUER, iat, exp: iat + lifetime };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "RS256", kid: "key" })}.${part({ ...frame, ...claims })}`;
  return `${body}.${createSign("RSA-SHA256").update(body).sign(privateKey, "base64url")}`;
}
const access = () => token({ token_use: "access", client_id: CLIENT, username: "user" });
const id = (lifetime) => token({ token_use: "id", aud: CLIENT, "cognito:username": "user" }, lifetime);

const asked = [];
function refreshed(how, refresh) {
  asked.push(`${how}, ${refresh}`);
  return { access: access(), id: id(), refresh: "second" };
}
function tokenEndpoint(body) {
  const tokens = refreshed("token endpoint", new URLSearchParams(body).get("refresh_token"));
  const { access: access_token, id: id_token, refresh: refresh_token } = tokens;
  return { access_token, id_token, refresh_token, expires_in: 3600, token_type: "Bearer" };
}
function api(operation, { AuthFlow, AuthParameters, RefreshToken }) {
  const tokens = refreshed(AuthFlow ?? operation, RefreshToken ?? AuthParameters.REFRESH_TOKEN);
  const AuthenticationResult = { AccessToken: tokens.access, IdToken: tokens.id, RefreshToken: tokens.refresh };
  return { AuthenticationResult: { ...AuthenticationResult, ExpiresIn: 3600, TokenType: "Bearer" } };
}
const server = http.createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const operation = request.headers["x-amz-target"]?.split(".")[1];
    response.setHeader("content-type", "application/json");
    if (request.url === "/asked") response.end(asked.splice(0).at(-1));
    else response.end(JSON.stringify(operation ? api(operation, JSON.parse(body)) : tokenEndpoint(body)));
  });
});
module.exports = { CLIENT, access, asked, id, jwks, server, tokenEndpoint };
JS

cat >refresh.cjs <<'JS'
const { execFile } = require("child_process");
const { CLIENT, access, asked, id, jwks, server, tokenEndpoint } = require("./service.cjs");

const POOL = "eu-west-1_a1B2c3D4E";
const storage = (map = new Map()) => ({
  getItem: (key) => map.get(key) ?? null,
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
  clear: () => map.clear(),
});

async function amplify(url) {
  const { Amplify, fetchAuthSession } = require("@aws-amplify/core");
  const { cognitoUserPoolsTokenProvider, cognitoCredentialsProvider } = require("@aws-amplify/auth/cognito");
  const memory = storage();
  const key = `CognitoIdentityServiceProvider.${CLIENT}`;
  memory.setItem(`${key}.LastAuthUser`, "user");
  for (const [name, value] of [["accessToken", access()], ["idToken", id()], ["refreshToken", "first"]])
    memory.setItem(`${key}.user.${name}`, value);
  const auth = { Cognito: { userPoolId: POOL, userPoolClientId: CLIENT, userPoolEndpoint: url } };
  cognitoUserPoolsTokenProvider.setKeyValueStorage(memory);
  cognitoUserPoolsTokenProvider.setAuthConfig(auth);
  Amplify.configure(
    { Auth: auth },
    { Auth: { tokenProvider: cognitoUserPoolsTokenProvider, credentialsProvider: cognitoCredentialsProvider } },
  );
  for (const _ of [1, 2]) await fetchAuthSession({ forceRefresh: true });
}

async function identity(endpoint) {
  const { CognitoRefreshToken, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");
  const Storage = storage();
  const Pool = new CognitoUserPool({ UserPoolId: POOL, ClientId: CLIENT, endpoint, Storage });
  const user = new CognitoUser({ Username: "user", Pool, Storage });
  let refreshToken = new CognitoRefreshToken({ RefreshToken: "first" });
  for (const _ of [1, 2]) {
    const session = await new Promise((done, failed) =>
      user.refreshSession(refreshToken, (error, session) => (error ? failed(error) : done(session))),
    );
    refreshToken = session.getRefreshToken();
  }
}

async function passwordless(url) {
  const { Passwordless } = await import("amazon-cognito-passwordless-auth");
  const { refreshTokens } = await import("amazon-cognito-passwordless-auth/refresh");
  const { storeTokens } = await import("amazon-cognito-passwordless-auth/storage");
  Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId: POOL, clientId: CLIENT, storage: storage() });
  const expireAt = new Date(Date.now() + 3600e3);
  await storeTokens({ accessToken: access(), idToken: id(), refreshToken: "first", username: "user", expireAt });
  for (const _ of [1, 2]) await refreshTokens({ tokensCb: storeTokens });
}

async function hosted(url) {
  global.XMLHttpRequest = class {
    withCredentials = false;
    open = (_, address) => (this.address = address.replace("https://", "http://"));
    setRequestHeader() {}
    async send(body) {
      this.responseText = await (await fetch(this.address, { method: "POST", body })).text();
      Object.assign(this, { readyState: 4, status: 200 });
      this.onreadystatechange();
    }
  };
  const { CognitoAuth } = require("amazon-cognito-auth-js");
  const site = "https://app.example.com";
  const auth = new CognitoAuth({
    ClientId: CLIENT,
    AppWebDomain: new URL(url).host,
    TokenScopesArray: ["openid"],
    RedirectUriSignIn: site,
    RedirectUriSignOut: site,
    Storage: storage(),
  });
  auth.useCodeGrantFlow();
  const { default: CognitoRefreshToken } = require("amazon-cognito-auth-js/lib/CognitoRefreshToken");
  auth.signInUserSession.setRefreshToken(new CognitoRefreshToken("first"));
  for (const _ of [1, 2])
    await new Promise((onSuccess, onFailure) => {
      auth.userhandler = { onSuccess, onFailure };
      auth.refreshSession(auth.signInUserSession.getRefreshToken().getToken());
    });
}

async function edge() {
  const axios = require("axios");
  axios.defaults.adapter = async (config) => ({ data: tokenEndpoint(config.data), status: 200, headers: {}, config });
  const { Authenticator } = require("cognito-at-edge");
  const settings = { region: "eu-west-1", userPoolId: POOL, userPoolAppId: CLIENT };
  const authenticator = new Authenticator({ ...settings, userPoolDomain: "login.example.com" });
  authenticator._jwtVerifier.cacheJwks(jwks);
  const key = `CognitoIdentityServiceProvider.${CLIENT}`;
  const jar = { [`${key}.LastAuthUser`]: "user", [`${key}.user.refreshToken`]: "first" };
  for (const _ of [1, 2]) {
    jar[`${key}.user.idToken`] = id(-60);
    const value = Object.entries(jar).map((pair) => pair.join("=")).join("; ");
    const headers = { host: [{ value: "app.example.com" }], cookie: [{ key: "Cookie", value }] };
    const request = { uri: "/", querystring: "", method: "GET", headers };
    const answer = await authenticator.handle({ Records: [{ cf: { request } }] });
    for (const { value } of answer.headers["set-cookie"]) {
      const [name, ...rest] = value.split(";")[0].split("=");
      jar[name] = rest.join("=");
    }
  }
}

server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const libraries = {
    "@aws-amplify/auth": amplify,
    "amazon-cognito-identity-js": identity,
    "amazon-cognito-passwordless-auth": passwordless,
    "amazon-cognito-auth-js": hosted,
    "cognito-at-edge": edge,
  };
  for (const [name, refreshTwice] of Object.entries(libraries)) {
    await refreshTwice(url);
    console.log(`${name}: ${asked.splice(0).at(-1)}`);
  }
  const env = { ...process.env, URL: url, COGNITO_JWKS: JSON.stringify(jwks), ACCESS: access() };
  execFile("env/bin/python", ["refresh.py"], { env }, (error, stdout, stderr) => {
    process.stdout.write(stdout);
    if (error) console.error(stderr);
    process.exitCode = error ? 1 : 0;
    server.closeAllConnections();
    server.close();
  });
});
JS

cat >refresh.py <<'PY'
import json
import os
from urllib.request import urlopen

from flask import Flask, make_response
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.decorators import cognito_refresh_callback
from jwt import PyJWKClient
from pycognito import Cognito

POOL, CLIENT, URL = "eu-west-1_a1B2c3D4E", "1example23456789", os.environ["URL"]


def asked():
    return urlopen(f"{URL}/asked").read().decode()


os.environ["AWS_ENDPOINT_URL"] = URL
tokens = {"access_token": os.environ["ACCESS"], "refresh_token": "first"}
user = Cognito(POOL, CLIENT, user_pool_region="eu-west-1", username="user", **tokens)
for _ in range(2):
    user.renew_access_token()
print("pycognito:", asked())

app = Flask("app")
app.config.update(
    SECRET_KEY="example",
    AWS_REGION="eu-west-1",
    AWS_COGNITO_USER_POOL_ID=POOL,
    AWS_COGNITO_USER_POOL_CLIENT_ID=CLIENT,
    AWS_COGNITO_DOMAIN=URL,
    AWS_COGNITO_REDIRECT_URL="https://app.example.com",
    AWS_COGNITO_LOGOUT_URL="https://app.example.com",
    AWS_COGNITO_REFRESH_FLOW_ENABLED=True,
    AWS_COGNITO_REFRESH_COOKIE_ENCRYPTED=False,
)
CognitoAuth(app)


@app.route("/refresh")
@cognito_refresh_callback
def refresh():
    return make_response("done")


PyJWKClient.fetch_data = lambda self: json.loads(os.environ["COGNITO_JWKS"])
browser = app.test_client()
browser.set_cookie("cognito_refresh_token", "first", domain="app.example.com", secure=True)
for _ in range(2):
    assert browser.get("/refresh", base_url="https://app.example.com").text == "done"
print("flask-cognito-lib:", asked())
PY
env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b node refresh.cjs 2>warnings | tee seen ||
    { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
@aws-amplify/auth: GetTokensFromRefreshToken, second
amazon-cognito-identity-js: REFRESH_TOKEN_AUTH, second
amazon-cognito-passwordless-auth: REFRESH_TOKEN_AUTH, first
amazon-cognito-auth-js: token endpoint, first
cognito-at-edge: token endpoint, first
pycognito: REFRESH_TOKEN_AUTH, second
flask-cognito-lib: token endpoint, first
EXPECTED
echo 'as found'
