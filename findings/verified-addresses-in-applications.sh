#!/usr/bin/env bash
# @strapi/plugin-users-permissions 5.54.0, @logto/connector-oidc 1.7.5,
# @backstage/plugin-auth-backend-module-oidc-provider 0.4.21 with @backstage/plugin-auth-node 0.7.8 (npm, Node.js 20)
# and flask-pyoidc 3.14.3 with oic 1.6.1 (PyPI): a sign-in of a user whose address is verified, of one whose address is
# not, and with an app client that may not read `email_verified`. The service is played here, with the forms of Amazon's
# pages: a boolean in the ID token, a text in userInfo. So are the database of Strapi and the catalog of Backstage.
#
# Guess: an application that looks at `email_verified` takes a user whose address is verified. It refuses the others, or
#   lets them in without the address. Whether it looks in the ID token or in userInfo makes no difference.
# Behaviour: the two that look in the ID token do. Strapi has a provider for Cognito by name, and it refuses every user
#   without `email_verified: true`: those of a pool that verifies no address (`AutoVerifiedAttributes` without `email`),
#   those whom an administrator made without that attribute, and all who come from an identity provider, until
#   `AttributeMapping` has `email_verified`. Logto lets them in without their address. The two that look in userInfo
#   stop at the text. Backstage drops the address unless the value is a boolean, so its two sign-in resolvers, which go
#   by the address, refuse every user of every pool: no setting helps, and one needs a resolver of one's own.
#   flask-pyoidc takes the text for an error and answers 500, to verified users too. There it helps to take
#   `email_verified` from the `ReadAttributes` of the app client, which in turn shuts all users out of Strapi. So give
#   each application an app client, and look at the application before `ReadAttributes` is changed.
# Output seen (address verified; address not verified; `email_verified` not in ReadAttributes):
#   Strapi: signed in; refused (Email not verified by Cognito); refused (Email not verified by Cognito)
#   Logto: signed in; signed in, no address; signed in, no address
#   Backstage: refused (no email); refused (no email); refused (no email)
#   flask-pyoidc: error 500; error 500; signed in
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir one two
npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix one @strapi/plugin-users-permissions@5.54.0 \
    @logto/connector-oidc@1.7.5
npm install --silent --no-audit --no-fund --prefix two @backstage/plugin-auth-backend-module-oidc-provider@0.4.21 \
    @backstage/plugin-auth-node@0.7.8 @backstage/config@1.3.11 express@4.21.2 cookie-parser@1.4.7 express-session@1.19.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check flask-pyoidc==3.14.3 oic==1.6.1 flask==3.1.3 pyjwt==2.14.0 \
    cryptography==46.0.3

cat >one/applications.cjs <<'JS'
const [name, pool] = process.argv.slice(2);

async function strapi() {
  const { services } = require("@strapi/plugin-users-permissions/strapi-server")();
  const advanced = { allow_register: true, unique_email: true };
  const kept = { grant: { cognito: { jwksurl: `${pool}/jwks` } }, advanced };
  const none = { findMany: () => [], findOne: ({ where }) => (where.username ? null : { id: 1 }) };
  const query = { ...none, create: ({ data }) => data };
  const config = { server: { url: "http://localhost", absoluteUrl: "http://localhost" }, get: () => "api" };
  const played = { config, store: ({ key }) => ({ get: () => kept[key] }), db: { query: () => query } };
  const plugin = () => ({ service: (one) => services[one]({ strapi: global.strapi }) });
  global.strapi = { ...played, plugin, getModel: () => ({}) };
  const body = new URLSearchParams({ code: "none" });
  const grantResponse = await (await fetch(`${pool}/oauth2/token`, { method: "POST", body })).json();
  const user = await services.providers({ strapi: global.strapi }).connect("cognito", grantResponse, { grantResponse });
  return user.email ? "signed in" : "signed in, no address";
}

async function logto() {
  const { default: create } = await import("@logto/connector-oidc");
  const ends = { authorizationEndpoint: `${pool}/oauth2/authorize`, tokenEndpoint: `${pool}/oauth2/token` };
  const checks = { idTokenVerificationConfig: { jwksUri: `${pool}/jwks`, issuer: pool } };
  const client = { clientId: "pool", clientSecret: "example", scope: "openid profile email" };
  const connector = await create({ getConfig: async () => ({ ...ends, ...checks, ...client }) });
  const session = async () => ({ redirectUri: "http://localhost" });
  const user = await connector.getUserInfo({ code: "none", state: "state" }, session);
  return user.email ? "signed in" : "signed in, no address";
}

({ strapi, logto })[name]().then(console.log, (error) => console.log(`refused (${error.message})`));
JS
cat >two/applications.cjs <<'JS'
const { ConfigReader } = require("@backstage/config");
const { createOAuthProviderFactory } = require("@backstage/plugin-auth-node");
const {
  oidcAuthenticator: authenticator,
  oidcSignInResolvers: signInResolverFactories,
} = require("@backstage/plugin-auth-backend-module-oidc-provider");
const express = require("express");

const application = express();
const server = application.listen(0, "127.0.0.1", async () => {
  const here = `http://127.0.0.1:${server.address().port}`;
  const metadataUrl = `${process.argv[3]}/.well-known/openid-configuration`;
  const signIn = { resolvers: [{ resolver: "emailMatchingUserEntityProfileEmail" }] };
  const config = new ConfigReader({ production: { clientId: "pool", clientSecret: "example", metadataUrl, signIn } });
  const signInWithCatalogUser = async () => {
    throw new Error("signed in");
  };
  const resolverContext = { signInWithCatalogUser };
  const backend = { appUrl: here, baseUrl: here, isOriginAllowed: () => true, resolverContext };
  const provider = createOAuthProviderFactory({ authenticator, signInResolverFactories })({
    providerId: "oidc",
    config,
    ...backend,
  });
  application.use(require("cookie-parser")());
  application.use(require("express-session")({ secret: "example", resave: false, saveUninitialized: false }));
  application.get("/oidc/start", (request, response) => provider.start(request, response));
  application.get("/oidc/handler/frame", (request, response) => provider.frameHandler(request, response));
  const start = await fetch(`${here}/oidc/start?env=production&scope=`, { redirect: "manual" });
  const cookies = start.headers.getSetCookie().map((one) => one.split(";")[0]);
  const cookie = cookies.filter((one) => !one.endsWith("=")).join("; ");
  const query = new URL(start.headers.get("location")).searchParams;
  const back = new URLSearchParams({ state: query.get("state"), code: query.get("nonce") });
  const page = await fetch(`${here}/oidc/handler/frame?${back}`, { headers: { cookie } });
  const said = decodeURIComponent(await page.text()).match(/"message":"([^"]*)"/)[1];
  console.log(said.includes("does not contain an email") ? "refused (no email)" : said);
  server.closeAllConnections();
  server.close();
});
JS
cat >libraries.py <<'PY'
import http.server
import json
import subprocess
import threading
import time
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 2048)
# The attribute in the ID token, and in userInfo.
CASES = [
    ({"email_verified": True}, {"email_verified": "true"}),
    ({"email_verified": False}, {"email_verified": "false"}),
    ({}, {}),
]


class Pool(http.server.BaseHTTPRequestHandler):
    named, shown = CASES[0]

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.endswith("/openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userInfo"}
            found = {f"{name}_endpoint": f"{URL}/oauth2/{end}" for name, end in ends.items()}
            signed = {"id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"]}
            more = {"issuer": URL, "jwks_uri": f"{URL}/jwks", "subject_types_supported": ["public"]}
            self.answer({**found, **signed, **more})
        elif path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            self.answer({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})
        else:
            assert path == "/oauth2/userInfo", path
            self.answer({"sub": "user", "username": "user", "email": "user@example.com", **Pool.shown})

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        now = int(time.time())
        claims = {"iss": URL, "sub": "user", "iat": now, "exp": now + 3600}
        # The code is the nonce, which the ID token has to repeat.
        nonce = {} if body["code"] == ["none"] else {"nonce": body["code"][0]}
        named = {**claims, **nonce, "aud": "pool", "cognito:username": "user", "token_use": "id"}
        named |= {"email": "user@example.com", **Pool.named}
        tokens = {"id_token": named, "access_token": {**claims, "client_id": "pool", "token_use": "access"}}
        signed = {name: jwt.encode(one, key, "RS256", {"kid": "one"}) for name, one in tokens.items()}
        self.answer({**signed, "refresh_token": "example", "token_type": "Bearer", "expires_in": 3600})

    def answer(self, body):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


def with_node(folder, name):
    order = ["node", f"{folder}/applications.cjs", name, URL]
    return subprocess.run(order, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def with_flask():
    from flask import Flask
    from flask_pyoidc import OIDCAuthentication
    from flask_pyoidc.provider_configuration import ClientMetadata, ProviderConfiguration

    application = Flask("application")
    application.config.update(OIDC_REDIRECT_URI="http://localhost/back", SECRET_KEY="example")
    client = ClientMetadata(client_id="pool", client_secret="example")
    auth = OIDCAuthentication({"pool": ProviderConfiguration(issuer=URL, client_metadata=client)}, application)
    application.route("/")(auth.oidc_auth("pool")(lambda: "signed in"))
    with application.test_client() as browser:
        query = parse_qs(urlsplit(browser.get("/").headers["location"]).query)
        back = browser.get("/back", query_string={"state": query["state"], "code": query["nonce"]})
        return browser.get("/").text if back.status_code == 302 else f"error {back.status_code}"


pool = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pool)
URL = f"http://127.0.0.1:{pool.server_port}"
threading.Thread(target=pool.serve_forever, daemon=True).start()
applications = {
    "Strapi": lambda: with_node("one", "strapi"),
    "Logto": lambda: with_node("one", "logto"),
    "Backstage": lambda: with_node("two", "backstage"),
    "flask-pyoidc": with_flask,
}
for name, sign_in in applications.items():
    seen = []
    for Pool.named, Pool.shown in CASES:
        seen.append(sign_in())
    print(f"{name}: {'; '.join(seen)}", flush=True)
PY
env/bin/python -W ignore libraries.py >seen 2>said || { tail -5 said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
Strapi: signed in; refused (Email not verified by Cognito); refused (Email not verified by Cognito)
Logto: signed in; signed in, no address; signed in, no address
Backstage: refused (no email); refused (no email); refused (no email)
flask-pyoidc: error 500; error 500; signed in
EXPECTED
echo 'as found'
