#!/usr/bin/env bash
# passport-cognito-oauth2 0.1.1 with aws-sdk 2.1693.0, cognito-passport-oauth2 1.3.1 with
# @aws-sdk/client-cognito-identity-provider 3.1169.0, @better-auth/core 1.7.25 (npm, Node.js 20), social-auth-core 7.0.0
# and django-allauth 65.22.1 (PyPI): the scopes that they ask for with the settings of their manuals, and where they
# read the user after the sign-in with OAuth.
#
# Guess: all five ask for `openid` and read the user from the ID token or from /oauth2/userInfo, as strategies of OAuth
#   2.0 do. `aws.cognito.signin.user.admin`, the scope of Cognito's own API, is not needed by any of them.
# Behaviour: the two strategies of Passport ask for no scope, for which Cognito gives every scope of the app client, and
#   read the user with GetUser of Cognito's API. That operation wants `aws.cognito.signin.user.admin` in the token, a
#   scope that neither names. The other three ask for `openid profile email` by default, so all of the three have to be
#   scopes of the app client, whether the application looks at a profile or not: Cognito refuses a request for a scope
#   that the client does not have. With no scope asked for, a scope that is added to the client is in the next token.
#   So an entry of `AllowedOAuthScopes` that no code names may be the one that the sign-in hangs on. Look for the
#   library, and not for the scope, before one is removed; and name the scopes in the application before one is added
#   for others.
# Output seen (the scopes in the address of the sign-in; what is read afterwards):
#   passport-cognito-oauth2: asks for none, reads GetUser
#   cognito-passport-oauth2: asks for none, reads GetUser
#   better-auth: asks for openid profile email, reads the ID token
#   social-auth-core: asks for openid profile email, reads /oauth2/userInfo
#   django-allauth: asks for openid profile email, reads /oauth2/userInfo
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund passport-cognito-oauth2@0.1.1 cognito-passport-oauth2@1.3.1 \
    aws-sdk@2.1693.0 @aws-sdk/client-cognito-identity-provider@3.1169.0 @better-auth/core@1.7.25
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check social-auth-core==7.0.0 django-allauth==65.22.1 \
    django==5.2.19 requests==2.34.2

cat >ask.mjs <<'JS'
import http from "node:http";
import { createRequire } from "node:module";
import { spawn } from "node:child_process";

const require = createRequire(import.meta.url);
const SETTINGS = { clientID: "1example23456789", clientSecret: "example", callbackURL: "https://app.example.com/back" };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const token = `${part({ alg: "RS256" })}.${part({ sub: "user" })}.signature`;
const expires_in = 3600;
const tokens = { access_token: "access", id_token: token, refresh_token: "refresh", token_type: "Bearer", expires_in };
const user = { Username: "user", UserAttributes: [], sub: "user" };
const asked = [];
const service = http.createServer((request, response) => {
  const operation = request.headers["x-amz-target"]?.split(".")[1];
  if (request.url !== "/oauth2/token") asked.push(operation ?? request.url);
  response.setHeader("content-type", operation ? "application/x-amz-json-1.1" : "application/json");
  response.end(JSON.stringify(request.url === "/oauth2/token" ? tokens : user));
});
const scope = (url) => new URL(url).searchParams.get("scope") ?? "none";

function passport(name) {
  return async (url) => {
    process.env.AWS_ENDPOINT_URL = url;
    require("aws-sdk").config.update({ cognitoidentityserviceprovider: { endpoint: url } });
    const Strategy = require(name);
    const verify = (...given) => given.at(-1)(null, { user: "user" });
    const strategy = new Strategy({ ...SETTINGS, clientDomain: url, region: "eu-west-1" }, verify);
    const visit = (query) =>
      new Promise((done, failed) => {
        const one = Object.create(strategy);
        Object.assign(one, { redirect: done, success: done, fail: failed, error: failed });
        one.authenticate({ query, headers: {}, session: {} }, {});
      });
    const address = await visit({});
    await visit({ code: "code" });
    return scope(address);
  };
}
async function better(url) {
  const { cognito } = await import("./node_modules/@better-auth/core/dist/social-providers/cognito.mjs");
  const pool = { region: "eu-west-1", userPoolId: "eu-west-1_a1B2c3D4E", domain: "login.example.com" };
  const provider = cognito({ clientId: SETTINGS.clientID, clientSecret: "example", ...pool });
  const request = { state: "state", codeVerifier: "v".repeat(43), redirectURI: SETTINGS.callbackURL };
  const address = await provider.createAuthorizationURL(request);
  const { user } = await provider.getUserInfo({ idToken: token, accessToken: "access" });
  if (user) asked.push("the ID token");
  return scope(address);
}

service.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${service.address().port}`;
  const libraries = {
    "passport-cognito-oauth2": passport("passport-cognito-oauth2"),
    "cognito-passport-oauth2": passport("cognito-passport-oauth2"),
    "better-auth": better,
  };
  for (const [name, ask] of Object.entries(libraries))
    console.log(`${name}: asks for ${await ask(url)}, reads ${asked.splice(0)}`);
  const child = spawn("env/bin/python", ["ask.py"], { env: { ...process.env, URL: url }, stdio: "inherit" });
  child.on("close", (code) => {
    process.exitCode = code;
    service.closeAllConnections();
    service.close();
  });
});
JS
cat >ask.py <<'PY'
import os

import django
from django.conf import settings

URL = os.environ["URL"]
apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"]
apps += ["allauth", "allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.amazon_cognito"]
settings.configure(
    SECRET_KEY="example",
    INSTALLED_APPS=apps,
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    SOCIALACCOUNT_PROVIDERS={"amazon_cognito": {"DOMAIN": URL}},
)
django.setup()
import requests

read = []
get = requests.Session.request


def request(self, method, url, **more):
    read.append(url.removeprefix(URL))
    return get(self, method, url, **more)


requests.Session.request = request


def shown(name, scopes):
    print(f"{name}: asks for {' '.join(scopes) if scopes else 'none'}, reads {','.join(read)}")
    read.clear()


from social_core.backends.cognito import CognitoOAuth2
from social_core.strategy import BaseStrategy


class Strategy(BaseStrategy):
    def get_setting(self, name):
        return {"SOCIAL_AUTH_COGNITO_POOL_DOMAIN": URL}[name]

    def request_data(self, merge=True):
        return {}

    def build_absolute_uri(self, path=None):
        return path


backend = CognitoOAuth2(Strategy())
backend.user_data("access")
shown("social-auth-core", backend.get_scope())

from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.amazon_cognito.provider import AmazonCognitoProvider
from allauth.socialaccount.providers.amazon_cognito.views import AmazonCognitoOAuth2Adapter

provider = AmazonCognitoProvider(None, app=SocialApp(provider="amazon_cognito"))
adapter = AmazonCognitoOAuth2Adapter(None)
adapter.get_provider = lambda: provider
provider.sociallogin_from_response = lambda request, data: data
adapter.complete_login(None, provider.app, SocialToken(token="access"))
shown("django-allauth", provider.get_scope())
PY
env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=eu-west-1 \
    node ask.mjs 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
passport-cognito-oauth2: asks for none, reads GetUser
cognito-passport-oauth2: asks for none, reads GetUser
better-auth: asks for openid profile email, reads the ID token
social-auth-core: asks for openid profile email, reads /oauth2/userInfo
django-allauth: asks for openid profile email, reads /oauth2/userInfo
EXPECTED
echo 'as found'
