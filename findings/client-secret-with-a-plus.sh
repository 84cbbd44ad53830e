#!/usr/bin/env bash
# openid-client 6.9.0, @auth/core 0.41.3, @better-auth/core 1.7.25, arctic 3.7.0, simple-oauth2 5.1.0,
# @badgateway/oauth2-client 3.3.1, cognito-passport-oauth2 1.3.1, cognito-at-edge 1.5.5 (npm, Node.js 20), Authlib 1.9.10,
# requests-oauthlib 2.0.0, httpx-oauth 0.17.0, flask-cognito-lib 1.9.7, django-allauth 65.22.1 and
# m2m-cognito 0.1.5 (PyPI): how they send the secret of an app client to the token endpoint, if it has a `+` in it. The
# endpoint is played here.
#
# Guess: Amazon describes the header as Base64Encode(client_id:client_secret), so the libraries that use it send the same
#   bytes, and a secret that the API takes is one that every library can send.
# Behaviour: the pattern of `ClientSecret`, `[\w+]+`, allows a `+` in the value that a caller chooses. Three ways send it
#   in the header as `%2B`, as RFC 6749 (section 2.3.1) wants it, and six libraries send the plus itself, as Amazon's page
#   describes the header. An endpoint that decodes the header refuses the six, which it reads with a space, and one that
#   does not refuses the three. What Cognito does was not tried: either way the secret is good in some libraries alone,
#   and the application sees `invalid_client`, as for a wrong secret. In the body all agree. None of this can happen to
#   letters, digits and `_`, so a secret that is chosen for an app client, also the second one of a rotation, should
#   have no `+`: `openssl rand -hex 24`, and not a text in base64.
# Output seen:
#   openid-client: in the body
#   openid-client, ClientSecretBasic: in the header as %2B
#   @auth/core: in the header as %2B
#   better-auth: in the body
#   arctic: in the header as it is
#   simple-oauth2: in the header as %2B
#   @badgateway/oauth2-client: in the header as it is
#   cognito-passport-oauth2: in the body
#   cognito-at-edge: in the header as it is
#   Authlib: in the header as it is
#   requests-oauthlib: in the header as it is
#   httpx-oauth: in the body
#   flask-cognito-lib: in the header as it is
#   django-allauth: in the body
#   m2m-cognito: in the body
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund openid-client@6.9.0 @auth/core@0.41.3 @better-auth/core@1.7.25 arctic@3.7.0 \
    simple-oauth2@5.1.0 @badgateway/oauth2-client@3.3.1 cognito-passport-oauth2@1.3.1 cognito-at-edge@1.5.5
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check authlib==1.9.10 requests-oauthlib==2.0.0 httpx-oauth==0.17.0 \
    flask-cognito-lib==1.9.7
env/bin/pip install --quiet --disable-pip-version-check django-allauth==65.22.1 m2m-cognito==0.1.5

cat >secret.mjs <<'JS'
import { spawn } from "node:child_process";
import http from "node:http";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const CLIENT = "1example23456789";
const SECRET = "made+for+this+example+only+0123456789";
const CALLBACK = "https://app.example.com/callback";
const DOMAIN = "auth.example.com";

let seen;
const form = (text) => decodeURIComponent(text.replaceAll("+", " "));
function described(request, body) {
  const basic = request.headers.authorization?.match(/^Basic (.*)$/)?.[1];
  if (!basic) return new URLSearchParams(body).get("client_secret") === SECRET ? "in the body" : `in the body, ${body}`;
  const sent = Buffer.from(basic, "base64").toString().slice(CLIENT.length + 1);
  if (sent === SECRET) return "in the header as it is";
  return form(sent) === SECRET ? "in the header as %2B" : `in the header, ${sent}`;
}
const service = http.createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    response.setHeader("content-type", "application/json");
    const issuer = `https://${DOMAIN}`;
    const userinfo_endpoint = `${issuer}/oauth2/userInfo`;
    const endpoints = { authorization_endpoint: `${issuer}/oauth2/authorize`, token_endpoint: `${issuer}/oauth2/token` };
    if (request.url.includes("openid-configuration")) {
      const jwks_uri = `${issuer}/jwks.json`;
      return response.end(JSON.stringify({ issuer, jwks_uri, userinfo_endpoint, ...endpoints }));
    }
    if (request.url === "/oauth2/token") seen = described(request, body);
    response.end(JSON.stringify({ access_token: "access", token_type: "Bearer", expires_in: 3600 }));
  });
});
await new Promise((done) => service.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${service.address().port}`;

// What goes to the domain of the pool goes to the server here.
const fetched = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, { ...init, duplex: "half" });
  const { pathname, search } = new URL(request.url);
  const body = request.method === "POST" ? await request.text() : undefined;
  return fetched(url + pathname + search, { method: request.method, headers: request.headers, body });
};

async function openid(auth) {
  const client = await import("openid-client");
  const configuration = await client.discovery(new URL(`https://${DOMAIN}`), CLIENT, SECRET, auth(client));
  await client.clientCredentialsGrant(configuration, { scope: "api/read" });
}
async function authjs() {
  const { Auth } = await import("@auth/core");
  const { default: Cognito } = await import("@auth/core/providers/cognito");
  const issuer = `https://${DOMAIN}`;
  const provider = Cognito({ clientId: CLIENT, clientSecret: SECRET, issuer, checks: ["none"] });
  const quiet = { error() {}, warn() {}, debug() {} };
  const config = { basePath: "/auth", secret: "example", trustHost: true, providers: [provider], logger: quiet };
  await Auth(new Request("https://app.example.com/auth/callback/cognito?code=code"), config);
}
async function better() {
  const { cognito } = await import("@better-auth/core/social-providers");
  const pool = { domain: DOMAIN, region: "eu-west-1", userPoolId: "eu-west-1_a1B2c3D4E" };
  const provider = cognito({ clientId: CLIENT, clientSecret: SECRET, ...pool });
  await provider.validateAuthorizationCode({ code: "code", codeVerifier: "verifier", redirectURI: CALLBACK });
}
async function arctic() {
  const { AmazonCognito } = await import("arctic");
  await new AmazonCognito(DOMAIN, CLIENT, SECRET, CALLBACK).validateAuthorizationCode("code", "verifier");
}
async function simple() {
  const { ClientCredentials } = require("simple-oauth2");
  const client = { id: CLIENT, secret: SECRET };
  await new ClientCredentials({ client, auth: { tokenHost: url, tokenPath: "/oauth2/token" } }).getToken({});
}
async function badgateway() {
  const { OAuth2Client } = require("@badgateway/oauth2-client");
  const client = new OAuth2Client({ clientId: CLIENT, clientSecret: SECRET, tokenEndpoint: `${url}/oauth2/token` });
  await client.clientCredentials();
}
async function passport() {
  const CognitoStrategy = require("cognito-passport-oauth2");
  const pool = { clientDomain: url, region: "eu-west-1" };
  const options = { clientID: CLIENT, clientSecret: SECRET, callbackURL: CALLBACK, ...pool };
  const strategy = new CognitoStrategy(options, () => {});
  await new Promise((done) => strategy._oauth2.getOAuthAccessToken("code", { grant_type: "authorization_code" }, done));
}
async function edge() {
  const { Authenticator } = require("cognito-at-edge");
  const axios = require("axios");
  const request = axios.request;
  axios.request = ({ url: asked, ...rest }) => request.call(axios, { url: url + new URL(asked).pathname, ...rest });
  const pool = { region: "eu-west-1", userPoolId: "eu-west-1_a1B2c3D4E", userPoolDomain: DOMAIN };
  const made = new Authenticator({ ...pool, userPoolAppId: CLIENT, userPoolAppSecret: SECRET, logLevel: "silent" });
  await made._fetchTokensFromCode(CALLBACK, "code");
}
function python(name) {
  const env = { PATH: process.env.PATH, OAUTHLIB_INSECURE_TRANSPORT: "1" };
  const given = ["secret.py", name, url, CLIENT, SECRET, CALLBACK];
  const child = spawn("env/bin/python", given, { env, stdio: ["ignore", "ignore", "inherit"] });
  return new Promise((done) => child.on("close", done));
}

const libraries = {
  "openid-client": () => openid(() => undefined),
  "openid-client, ClientSecretBasic": () => openid((client) => client.ClientSecretBasic(SECRET)),
  "@auth/core": authjs,
  "better-auth": better,
  arctic,
  "simple-oauth2": simple,
  "@badgateway/oauth2-client": badgateway,
  "cognito-passport-oauth2": passport,
  "cognito-at-edge": edge,
};
const others = ["Authlib", "requests-oauthlib", "httpx-oauth", "flask-cognito-lib", "django-allauth", "m2m-cognito"];
for (const name of others) libraries[name] = () => python(name);
for (const [name, use] of Object.entries(libraries)) {
  seen = "nothing";
  await use().catch((error) => console.error(name, error));
  console.log(`${name}: ${seen}`);
}
process.exit();
JS
cat >secret.py <<'PY'
import asyncio
import sys

name, url, client, secret, callback = sys.argv[1:]
token_url = f"{url}/oauth2/token"


def authlib():
    from authlib.integrations.requests_client import OAuth2Session

    OAuth2Session(client, secret).fetch_token(token_url, grant_type="client_credentials")


def oauthlib():
    from oauthlib.oauth2 import BackendApplicationClient
    from requests_oauthlib import OAuth2Session

    session = OAuth2Session(client=BackendApplicationClient(client_id=client))
    session.fetch_token(token_url, client_id=client, client_secret=secret)


def httpx():
    from httpx_oauth.oauth2 import OAuth2

    made = OAuth2(client, secret, f"{url}/oauth2/authorize", token_url)
    asyncio.run(made.get_access_token("code", callback))


def flask():
    from flask import Flask
    from flask_cognito_lib.config import Config
    from flask_cognito_lib.services.cognito_svc import CognitoService

    app = Flask("app")
    app.config.update(AWS_REGION="eu-west-1", AWS_COGNITO_USER_POOL_ID="eu-west-1_a1B2c3D4E", AWS_COGNITO_DOMAIN=url)
    app.config.update(AWS_COGNITO_USER_POOL_CLIENT_ID=client, AWS_COGNITO_USER_POOL_CLIENT_SECRET=secret)
    app.config.update(AWS_COGNITO_REDIRECT_URL=callback)
    with app.app_context():
        CognitoService(Config()).exchange_code_for_token("code", "verifier")


def allauth():
    import django
    from django.conf import settings

    apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "allauth", "allauth.account"]
    middleware = ["allauth.account.middleware.AccountMiddleware"]
    settings.configure(INSTALLED_APPS=[*apps, "allauth.socialaccount"], MIDDLEWARE=middleware)
    django.setup()
    from allauth.socialaccount.providers.oauth2.client import OAuth2Client
    from django.test import RequestFactory

    made = OAuth2Client(RequestFactory().get("/"), client, secret, "POST", token_url, callback)
    made.get_access_token("code")


def machines():
    from m2m_cognito.client import CognitoM2MClient

    CognitoM2MClient(token_url=token_url, client_id=client, client_secret=secret).fetch_token(scopes="api/read")


{
    "Authlib": authlib,
    "requests-oauthlib": oauthlib,
    "httpx-oauth": httpx,
    "flask-cognito-lib": flask,
    "django-allauth": allauth,
    "m2m-cognito": machines,
}[name]()
PY
env -i PATH="$PATH" HOME="$work" node secret.mjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
openid-client: in the body
openid-client, ClientSecretBasic: in the header as %2B
@auth/core: in the header as %2B
better-auth: in the body
arctic: in the header as it is
simple-oauth2: in the header as %2B
@badgateway/oauth2-client: in the header as it is
cognito-passport-oauth2: in the body
cognito-at-edge: in the header as it is
Authlib: in the header as it is
requests-oauthlib: in the header as it is
httpx-oauth: in the body
flask-cognito-lib: in the header as it is
django-allauth: in the body
m2m-cognito: in the body
EXPECTED
echo 'as found'
