#!/usr/bin/env bash
# @aws-amplify/auth 6.21.1 with @aws-amplify/core 6.19.2, amazon-cognito-auth-js 1.3.3, cognito-at-edge 1.5.5,
# arctic 3.7.0, grant 5.4.24, @better-auth/core 1.7.25, @hapi/bell 13.2.0 with @hapi/hapi 21.4.10,
# passport-cognito-oauth2 0.1.1 with aws-sdk 2.1693.0 (npm, Node.js 20), django-allauth 65.22.1, social-auth-core 7.0.0,
# flask-cognito-lib 1.9.7 and flask-cognito-auth 1.1.0 (PyPI): the form of their setting for the domain of a user pool.
#
# Guess: the setting is the host, as the API and a manifest have a domain of one's own. A library that wants another
#   form, or is given one, puts `https://` before it or takes that off, or refuses the setting at the start.
# Behaviour: five want the host, five want a URL, and two take both. One of the twelve refuses a form that it cannot
#   use. Those of the host make `https://https://auth.example.com/` of a URL, for which a browser looks for a host named
#   `https`. Four of the URL make a path of a host: the browser stays at the application, which has no such page, so the
#   fault looks like a missing route. After a URL that ends in a slash the path begins with two in all twelve. No one
#   makes a host of a prefix. So a new domain goes to the applications of one pool in two forms, and a variable that two
#   of them share breaks one. Nine begin at /oauth2/authorize, two at /authorize and one at /login: a rule for paths in
#   front of the domain needs the three.
# Output seen (the host that a browser at app.example.com is sent to, if the setting is auth.example.com,
# https://auth.example.com, https://auth.example.com/ and customers; the page):
#   @aws-amplify/auth: auth.example.com, https, https, customers; /oauth2/authorize
#   amazon-cognito-auth-js: auth.example.com, https, https, customers; /oauth2/authorize
#   cognito-at-edge: auth.example.com, https, https, customers; /authorize
#   arctic: auth.example.com, https, https, customers; /oauth2/authorize
#   grant: auth.example.com, https, https, customers; /oauth2/authorize
#   @better-auth/core: auth.example.com, auth.example.com, auth.example.com, customers; /oauth2/authorize
#   @hapi/bell: refused, auth.example.com, auth.example.com, refused; /oauth2/authorize
#   passport-cognito-oauth2: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
#   django-allauth: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
#   social-auth-core: app.example.com, auth.example.com, auth.example.com, app.example.com; /login
#   flask-cognito-lib: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
#   flask-cognito-auth: auth.example.com, auth.example.com, auth.example.com, customers; /authorize
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts @aws-amplify/auth@6.21.1 @aws-amplify/core@6.19.2 \
    amazon-cognito-auth-js@1.3.3 cognito-at-edge@1.5.5 arctic@3.7.0 grant@5.4.24 @better-auth/core@1.7.25 \
    @hapi/bell@13.2.0 @hapi/hapi@21.4.10 passport-cognito-oauth2@0.1.1 aws-sdk@2.1693.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check django-allauth==65.22.1 social-auth-core==7.0.0 \
    flask-cognito-lib==1.9.7 flask-cognito-auth==1.1.0 django==5.2.19 requests==2.34.2

cat >ask.mjs <<'JS'
import { createRequire } from "node:module";
import { spawnSync } from "node:child_process";

const require = createRequire(import.meta.url);
const POOL = { region: "eu-west-1", userPoolId: "eu-west-1_a1B2c3D4E" };
const APP = "https://app.example.com/";
const FORMS = ["auth.example.com", "https://auth.example.com", "https://auth.example.com/", "customers"];

async function amplify(domain) {
  const { Amplify } = require("@aws-amplify/core");
  const { signInWithRedirect } = require("@aws-amplify/auth");
  const stored = {};
  const localStorage = {
    getItem: (key) => stored[key] ?? null,
    setItem: (key, value) => void (stored[key] = value),
    removeItem: (key) => delete stored[key],
  };
  return new Promise((sent, failed) => {
    const location = { hostname: "app.example.com", origin: APP.slice(0, -1), pathname: "/" };
    Object.defineProperty(location, "href", { get: () => APP, set: sent });
    Object.assign(globalThis, { window: { location, localStorage, open: sent, addEventListener() {} }, document: {} });
    Object.defineProperty(globalThis, "localStorage", { value: localStorage, configurable: true });
    const redirect = { redirectSignIn: [APP], redirectSignOut: [APP] };
    const loginWith = { oauth: { domain, ...redirect, responseType: "code", scopes: ["openid"] } };
    Amplify.configure({ Auth: { Cognito: { userPoolId: POOL.userPoolId, userPoolClientId: "client", loginWith } } });
    signInWithRedirect().catch(failed);
  });
}
async function authjs(AppWebDomain) {
  const { CognitoAuth } = require("amazon-cognito-auth-js");
  const redirect = { RedirectUriSignIn: APP, RedirectUriSignOut: APP, TokenScopesArray: ["openid"] };
  return new CognitoAuth({ ClientId: "client", AppWebDomain, ...redirect }).getFQDNSignIn();
}
async function edge(userPoolDomain) {
  const { Authenticator } = require("cognito-at-edge");
  const made = new Authenticator({ ...POOL, userPoolAppId: "client", userPoolDomain, logLevel: "silent" });
  const request = { uri: "/", querystring: "", headers: { host: [{ value: "app.example.com" }] } };
  return (await made.handle({ Records: [{ cf: { request } }] })).headers.location[0].value;
}
async function arctic(domain) {
  const { AmazonCognito } = await import("arctic");
  const provider = new AmazonCognito(domain, "client", null, APP);
  return provider.createAuthorizationURL("state", "v".repeat(43), ["openid"]).href;
}
async function grant(subdomain) {
  const cognito = { key: "client", secret: "secret", subdomain };
  const ask = require("grant/lib/grant")({ config: { defaults: { origin: APP.slice(0, -1) }, cognito } });
  const request = { method: "GET", params: { provider: "cognito" }, query: {}, body: {}, state: {}, session: {} };
  return (await ask(request)).location;
}
async function better(domain) {
  const { cognito } = await import("./node_modules/@better-auth/core/dist/social-providers/cognito.mjs");
  const provider = cognito({ clientId: "client", clientSecret: "secret", ...POOL, domain });
  return (await provider.createAuthorizationURL({ state: "s", codeVerifier: "v".repeat(43), redirectURI: APP })).href;
}
async function bell(uri) {
  const server = require("@hapi/hapi").server();
  await server.register(require("@hapi/bell"));
  const secrets = { clientId: "client", clientSecret: "secret", password: "p".repeat(32), isSecure: false };
  server.auth.strategy("pool", "bell", { provider: "cognito", config: { uri }, ...secrets });
  server.route({ method: "GET", path: "/login", options: { auth: "pool" }, handler: () => "" });
  return (await server.inject("/login")).headers.location;
}
async function passport(clientDomain) {
  const Strategy = require("passport-cognito-oauth2");
  const client = { clientID: "client", clientSecret: "secret", callbackURL: APP, region: "eu-west-1" };
  const one = Object.create(new Strategy({ ...client, clientDomain }, () => {}));
  return new Promise((redirect, error) => {
    Object.assign(one, { redirect, error, fail: error });
    one.authenticate({ query: {}, headers: {}, session: {} }, {});
  });
}
async function python(name, domain) {
  const { stdout, stderr } = spawnSync("env/bin/python", ["ask.py", name, domain], { encoding: "utf8" });
  if (!stdout) throw new Error(stderr);
  return stdout.trim();
}

const libraries = {
  "@aws-amplify/auth": amplify,
  "amazon-cognito-auth-js": authjs,
  "cognito-at-edge": edge,
  arctic,
  grant,
  "@better-auth/core": better,
  "@hapi/bell": bell,
  "passport-cognito-oauth2": passport,
};
for (const name of ["django-allauth", "social-auth-core", "flask-cognito-lib", "flask-cognito-auth"])
  libraries[name] = (domain) => python(name, domain);
for (const [name, ask] of Object.entries(libraries)) {
  const hosts = [];
  const pages = new Set();
  for (const form of FORMS) {
    try {
      // A redirection to an address without a scheme is one to a path of the application.
      const { host, pathname } = new URL(await ask(form), `${APP}login`);
      const page = pathname.match(/(\/?)(\/(oauth2\/)?(authorize|login))$/);
      hosts.push(host);
      pages.add(page[2]);
      if (form.endsWith("/") !== Boolean(page[1])) throw new Error(`not twice: ${name} ${form}`);
    } catch (error) {
      console.error(name, error);
      hosts.push("refused");
    }
  }
  console.log(`${name}: ${hosts.join(", ")}; ${[...pages].join(" ")}`);
}
process.exit();
JS
cat >ask.py <<'PY'
import sys

name, domain = sys.argv[1:]
APP = "https://app.example.com/"


def allauth():
    import django
    from django.conf import settings

    apps = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages"]
    apps += ["allauth", "allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.amazon_cognito"]
    settings.configure(
        SECRET_KEY="example",
        INSTALLED_APPS=apps,
        MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
        SOCIALACCOUNT_PROVIDERS={"amazon_cognito": {"DOMAIN": domain}},
    )
    django.setup()
    from allauth.socialaccount.providers.amazon_cognito.views import AmazonCognitoOAuth2Adapter

    return AmazonCognitoOAuth2Adapter(None).authorize_url


def social():
    from social_core.backends.cognito import CognitoOAuth2
    from social_core.strategy import BaseStrategy

    class Strategy(BaseStrategy):
        def get_setting(self, name):
            return {"SOCIAL_AUTH_COGNITO_POOL_DOMAIN": domain}[name]

        def get_request_data(self, merge=True):
            return {}

        def build_absolute_uri(self, path=None):
            return APP

    return CognitoOAuth2(Strategy()).authorization_url()


def flask(**settings):
    from flask import Flask

    app = Flask("app")
    app.config.update(SECRET_KEY="example", **settings)
    return app


def cognito_lib():
    from flask_cognito_lib import CognitoAuth
    from flask_cognito_lib.decorators import cognito_login

    pool = {"AWS_REGION": "eu-west-1", "AWS_COGNITO_USER_POOL_ID": "eu-west-1_a1B2c3D4E"}
    client = {"AWS_COGNITO_USER_POOL_CLIENT_ID": "client", "AWS_COGNITO_REDIRECT_URL": APP}
    app = flask(**pool, **client, AWS_COGNITO_DOMAIN=domain)
    CognitoAuth(app)
    app.route("/login")(cognito_login(lambda: None))
    return app.test_client().get("/login").headers["location"]


def cognito_auth():
    from flask_cognito_auth import CognitoAuthManager
    from flask_cognito_auth.decorators import login_handler

    pool = {"COGNITO_REGION": "eu-west-1", "COGNITO_USER_POOL_ID": "eu-west-1_a1B2c3D4E"}
    client = {"COGNITO_CLIENT_ID": "client", "COGNITO_CLIENT_SECRET": "secret"}
    urls = {"COGNITO_REDIRECT_URI": f"{APP}callback", "COGNITO_SIGNOUT_URI": APP}
    app = flask(**pool, **client, **urls, COGNITO_DOMAIN=domain)
    CognitoAuthManager(app)
    app.route("/login")(login_handler(lambda: None))
    return app.test_client().get("/login").headers["location"]


ask = {"django-allauth": allauth, "social-auth-core": social}
ask |= {"flask-cognito-lib": cognito_lib, "flask-cognito-auth": cognito_auth}
print(ask[name]())
PY
env -i PATH="$PATH" HOME="$work" node ask.mjs 2>errors | tee seen || { cat errors; exit 1; }

diff - seen <<'EXPECTED'
@aws-amplify/auth: auth.example.com, https, https, customers; /oauth2/authorize
amazon-cognito-auth-js: auth.example.com, https, https, customers; /oauth2/authorize
cognito-at-edge: auth.example.com, https, https, customers; /authorize
arctic: auth.example.com, https, https, customers; /oauth2/authorize
grant: auth.example.com, https, https, customers; /oauth2/authorize
@better-auth/core: auth.example.com, auth.example.com, auth.example.com, customers; /oauth2/authorize
@hapi/bell: refused, auth.example.com, auth.example.com, refused; /oauth2/authorize
passport-cognito-oauth2: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
django-allauth: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
social-auth-core: app.example.com, auth.example.com, auth.example.com, app.example.com; /login
flask-cognito-lib: app.example.com, auth.example.com, auth.example.com, app.example.com; /oauth2/authorize
flask-cognito-auth: auth.example.com, auth.example.com, auth.example.com, customers; /authorize
EXPECTED
echo 'as found'
