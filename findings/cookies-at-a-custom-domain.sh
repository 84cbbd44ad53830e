#!/usr/bin/env bash
# cognito-at-edge 1.5.5 and @hapi/bell 13.2.0 with @hapi/hapi 21.4.10 (npm, Node.js 20), flask-cognito-lib 1.9.7 (PyPI):
# the cookies of an application whose pool signs in at a prefix, or at a custom domain beside the application. A browser
# is played here, with the jar of tough-cookie 6.1.0 and its public suffix list. Keys and tokens are made here.
#
# Guess: the domain of the login pages is an address and no more, so an application that signs in at one signs in at the
#   other, and the library warns of a setting that does not go with one. Cookies of the application stay with its host.
# Behaviour: to a browser a custom domain of the same site as the application is no other site, and a prefix always is.
#   A cookie with `SameSite=Strict` comes back from the one and not from the other. With `sameSite: "Strict"`
#   cognito-at-edge sends the user from the prefix to the login page and back for ever, as the page knows the user by
#   then; flask-cognito-lib ends with status 500. At the custom domain both sign in. @hapi/bell, which has Strict by
#   default, reloads its page and works at both. So a stage with a prefix fails where production with a custom domain
#   works, and an application breaks that goes back to the prefix, or to a custom domain of another site.
#   The other way round, cognito-at-edge names the host of the site in `Domain`, and such a cookie goes to all hosts
#   below. A site at example.com sends all its tokens with each request for the login pages at auth.example.com, and
#   none to a prefix. `disableCookieDomain: true` ends that.
# Output seen (an application at app.example.com, with a prefix; with auth.example.com. Then cookies to the login page):
#   cognito-at-edge: signed in; signed in
#   cognito-at-edge, sameSite Lax: signed in; signed in
#   cognito-at-edge, sameSite Strict: sent to the login page for ever; signed in
#   @hapi/bell: signed in; signed in
#   flask-cognito-lib: signed in; signed in
#   flask-cognito-lib, SESSION_COOKIE_SAMESITE Strict: error 500; signed in
#   cognito-at-edge at example.com, to customers.auth.eu-west-1.amazoncognito.com: none
#   cognito-at-edge at example.com, to auth.example.com: LastAuthUser accessToken idToken refreshToken tokenScopesString
#   cognito-at-edge, disableCookieDomain at example.com, to customers.auth.eu-west-1.amazoncognito.com: none
#   cognito-at-edge, disableCookieDomain at example.com, to auth.example.com: none
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts cognito-at-edge@1.5.5 @hapi/bell@13.2.0 @hapi/hapi@21.4.10 \
    tough-cookie@6.1.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flask-cognito-lib==1.9.7

cat >browse.cjs <<'JS'
const crypto = require("crypto");
const fs = require("fs");
const { spawnSync } = require("child_process");
const { CookieJar, getPublicSuffix } = require("tough-cookie");

const POOL = "eu-west-1_a1B2c3D4E";
const PREFIX = "customers.auth.eu-west-1.amazoncognito.com";
const OWN = "auth.example.com";
const APP = "app.example.com";
const { privateKey, publicKey } = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const keys = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key", alg: "RS256", use: "sig" }] };
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const now = Math.floor(Date.now() / 1000);
function token(claims) {
  const iss = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
  const given = { iss, sub: "user", iat: now, auth_time: now, exp: now + 3600, jti: "jti", ...claims };
  const signed = `${part({ kid: "key", alg: "RS256" })}.${part(given)}`;
  return `${signed}.${crypto.sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
const tokens = {
  id_token: token({ token_use: "id", aud: "client", "cognito:username": "user" }),
  access_token: token({ token_use: "access", client_id: "client", username: "user", scope: "openid", version: 2 }),
  refresh_token: "refresh",
};
fs.writeFileSync("made.json", JSON.stringify({ keys, tokens }));
const site = (host) => getPublicSuffix(host) ?? host;

// A browser that goes to the application, signs in at the login page, and follows what it is sent. The login page signs
// in a user that it knows at once, as Cognito does. A request that another site began carries no cookie that is Strict.
async function browse(app, login, answer) {
  const jar = new CookieJar();
  let url = `https://${app}/`;
  let began = site(app);
  let logins = 0;
  for (let step = 0; step < 20; step++) {
    const { host, pathname, searchParams } = new URL(url);
    const sameSiteContext = began === site(host) ? "strict" : "lax";
    const cookie = await jar.getCookieString(url, { sameSiteContext });
    if (host === login) {
      if (++logins > 4) return { ended: "sent to the login page for ever", jar };
      const back = new URL(searchParams.get("redirect_uri"));
      back.searchParams.set("code", "code");
      back.searchParams.set("state", searchParams.get("state"));
      // The form of the login page began the rest.
      began = site(login);
      url = back.href;
      continue;
    }
    const { status, location, cookies, refresh } = await answer({ host, url, pathname, cookie });
    for (const one of cookies) await jar.setCookie(one, url);
    if (location) url = new URL(location, url).href;
    else if (refresh) [url, began] = [new URL(refresh, url).href, site(host)];
    else return { ended: status === 200 ? "signed in" : `error ${status}`, jar };
  }
  return { ended: "redirected for ever", jar };
}

function edge(settings) {
  return (login) => {
    const { Authenticator } = require("cognito-at-edge");
    require("axios").request = async () => ({ data: tokens });
    const pool = { region: "eu-west-1", userPoolId: POOL, userPoolAppId: "client", userPoolDomain: login };
    const made = new Authenticator({ ...pool, ...settings, logLevel: "silent" });
    made._jwtVerifier.cacheJwks(keys);
    return async ({ host, url, cookie }) => {
      const { pathname: uri, search } = new URL(url);
      const headers = { host: [{ value: host }], cookie: cookie ? [{ key: "Cookie", value: cookie }] : [] };
      const request = { uri, querystring: search.slice(1), headers };
      const answer = await made.handle({ Records: [{ cf: { request } }] });
      const cookies = (answer.headers["set-cookie"] ?? []).map(({ value }) => value);
      return { status: Number(answer.status ?? 200), location: answer.headers.location?.[0].value, cookies };
    };
  };
}
function bell(settings) {
  return (login) => {
    const wreck = require("@hapi/wreck");
    wreck.post = async () => ({ res: { statusCode: 200 }, payload: JSON.stringify(tokens) });
    wreck.get = async () => ({ res: { statusCode: 200 }, payload: JSON.stringify({ sub: "user" }) });
    const server = require("@hapi/hapi").server();
    const ready = server.register(require("@hapi/bell")).then(() => {
      const pool = { provider: "cognito", config: { uri: `https://${login}` }, forceHttps: true };
      const secrets = { clientId: "client", clientSecret: "secret", password: "p".repeat(32) };
      server.auth.strategy("pool", "bell", { ...pool, ...secrets, ...settings });
      server.route({ method: "GET", path: "/", options: { auth: "pool" }, handler: () => "in" });
    });
    return async ({ host, url, cookie }) => {
      await ready;
      const { pathname, search } = new URL(url);
      const headers = { host, "x-forwarded-proto": "https", ...(cookie && { cookie }) };
      const { statusCode, headers: sent, payload } = await server.inject({ url: pathname + search, headers });
      const refresh = payload.match(/http-equiv="refresh" content="0;URL='([^']*)'/)?.[1];
      return { status: statusCode, location: sent.location, cookies: sent["set-cookie"] ?? [], refresh };
    };
  };
}
function flask(sameSite) {
  return (login) =>
    async ({ url, cookie }) => {
      const asked = JSON.stringify({ url, cookie, login, sameSite });
      const { stdout, stderr } = spawnSync("env/bin/python", ["answer.py"], { input: asked, encoding: "utf8" });
      if (!stdout) throw new Error(stderr);
      return JSON.parse(stdout);
    };
}
const libraries = {
  "cognito-at-edge": edge({}),
  "cognito-at-edge, sameSite Lax": edge({ sameSite: "Lax" }),
  "cognito-at-edge, sameSite Strict": edge({ sameSite: "Strict" }),
  "@hapi/bell": bell({}),
  "flask-cognito-lib": flask(null),
  "flask-cognito-lib, SESSION_COOKIE_SAMESITE Strict": flask("Strict"),
};
(async () => {
  for (const [name, library] of Object.entries(libraries)) {
    const ends = [];
    for (const login of [PREFIX, OWN]) ends.push((await browse(APP, login, library(login))).ended);
    console.log(`${name}: ${ends.join("; ")}`);
  }
  const settings = { "": {}, ", disableCookieDomain": { disableCookieDomain: true } };
  for (const [name, given] of Object.entries(settings)) {
    for (const login of [PREFIX, OWN]) {
      const { jar } = await browse("example.com", login, edge(given)(login));
      const sent = (await jar.getCookies(`https://${login}/logout`)).map(({ key }) => key.split(".").at(-1));
      console.log(`cognito-at-edge${name} at example.com, to ${login}: ${sent.sort().join(" ") || "none"}`);
    }
  }
})();
JS
cat >answer.py <<'PY'
import json
import sys
from unittest.mock import patch
from urllib.parse import urlsplit

import jwt
from flask import Flask, redirect
from flask_cognito_lib import CognitoAuth
from flask_cognito_lib.decorators import auth_required, cognito_login, cognito_login_callback
from flask_cognito_lib.exceptions import AuthorisationRequiredError
from flask_cognito_lib.utils import CognitoTokenResponse

asked = json.load(sys.stdin)
made = json.load(open("made.json"))
jwt.PyJWKClient.fetch_data = lambda self: made["keys"]
app = Flask("app")
app.config.update(SECRET_KEY="example", AWS_REGION="eu-west-1", AWS_COGNITO_USER_POOL_ID="eu-west-1_a1B2c3D4E")
app.config.update(AWS_COGNITO_DOMAIN=f"https://{asked['login']}", AWS_COGNITO_USER_POOL_CLIENT_ID="client")
app.config.update(AWS_COGNITO_REDIRECT_URL="https://app.example.com/callback", SESSION_COOKIE_SECURE=True)
if asked["sameSite"]:
    app.config.update(SESSION_COOKIE_SAMESITE=asked["sameSite"])
auth = CognitoAuth(app)
app.register_error_handler(AuthorisationRequiredError, lambda _: redirect("/login"))
app.route("/")(auth_required()(lambda: "in"))
app.route("/login", endpoint="login")(cognito_login(lambda: None))
app.route("/callback", endpoint="callback")(cognito_login_callback(lambda: redirect("/")))
tokens = CognitoTokenResponse(access_token=made["tokens"]["access_token"])
url = urlsplit(asked["url"])
client = app.test_client(use_cookies=False)
headers = {"cookie": asked["cookie"]} if asked["cookie"] else {}
with patch.object(type(auth), "get_tokens", lambda self, **_: tokens):
    base = f"https://{url.netloc}"
    answer = client.get(f"{url.path}?{url.query}", base_url=base, headers=headers)
found = {"status": answer.status_code, "location": answer.headers.get("location")}
print(json.dumps(found | {"cookies": answer.headers.getlist("set-cookie")}))
PY
env -i PATH="$PATH" HOME="$work" node browse.cjs | tee seen

diff - seen <<'EXPECTED'
cognito-at-edge: signed in; signed in
cognito-at-edge, sameSite Lax: signed in; signed in
cognito-at-edge, sameSite Strict: sent to the login page for ever; signed in
@hapi/bell: signed in; signed in
flask-cognito-lib: signed in; signed in
flask-cognito-lib, SESSION_COOKIE_SAMESITE Strict: error 500; signed in
cognito-at-edge at example.com, to customers.auth.eu-west-1.amazoncognito.com: none
cognito-at-edge at example.com, to auth.example.com: LastAuthUser accessToken idToken refreshToken tokenScopesString
cognito-at-edge, disableCookieDomain at example.com, to customers.auth.eu-west-1.amazoncognito.com: none
cognito-at-edge, disableCookieDomain at example.com, to auth.example.com: none
EXPECTED
echo 'as found'
