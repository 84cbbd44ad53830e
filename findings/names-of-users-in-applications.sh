#!/usr/bin/env bash
# @actual-app/sync-server 25.6.0, @strapi/plugin-users-permissions 5.54.0 (npm, Node.js 20), Chainlit 2.12.0 and Kinto
# 26.5.0 (PyPI): which user of the application somebody is who signs in again after an attribute changed in the user
# pool. The service is played here, and so is the database of Strapi. That of the sync server (of Actual Budget, with
# `userCreationMode: login`) is node-sqlite3-wasm 0.8.60 behind the interface of better-sqlite3, which needs a compiler.
#
# Guess: each of them knows a user by the `sub`, as OpenID Connect has it, and takes other attributes for what is shown.
#   So an attribute that a user changes, or that an app client may read from now on, changes no account.
# Behaviour: Kinto does, and it alone. Strapi and Chainlit, which have Cognito among their providers, know a user by
#   the address: after a change of the address the user is a new one, without the content of the old. Actual takes
#   `preferred_username`, or else the address, or else the `sub`. Whoever gets a `preferred_username` is a new user
#   there, who sees none of the old budgets. So is everybody who has one once the app client may read it
#   (`ReadAttributes`, or the scope `profile`), and everybody without one once the client may not read `email` any more.
#   Then Strapi and Chainlit refuse all users, Chainlit with a line in its log alone. So the accounts of an application
#   hang on `ReadAttributes` and on the scopes of its app client, and users leave theirs behind by what they may write
#   (`WriteAttributes`). A provider in the pool whose `AttributeMapping` has `email` writes it anew at each sign-in.
# Output seen (who the user is after: `email` changed; `preferred_username` added; `email` not readable any more):
#   Actual: another user; another user; another user
#   Strapi: another user; same user; refused (Email was not available.)
#   Chainlit: another user; same user; refused
#   Kinto: same user; same user; same user
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p actual/sqlite strapi
cat >actual/package.json <<'JSON'
{ "private": true, "overrides": { "better-sqlite3": "file:./sqlite", "bcrypt": "npm:bcryptjs@2.4.3" } }
JSON
cat >actual/sqlite/package.json <<'JSON'
{ "name": "better-sqlite3", "version": "11.10.0", "main": "index.cjs" }
JSON
cat >actual/sqlite/index.cjs <<'JS'
const { Database } = require("node-sqlite3-wasm");

const open = new Map();

module.exports = class {
  constructor(file) {
    this.database = open.get(file) ?? new Database(":memory:");
    open.set(file, this.database);
  }
  prepare(sql) {
    return { all: (...values) => this.database.all(sql, values), run: (...values) => this.database.run(sql, values) };
  }
  exec(sql) {
    this.database.exec(sql);
  }
  transaction(action) {
    return action;
  }
  close() {}
};
JS
npm install --silent --ignore-scripts --no-audit --no-fund --prefix actual @actual-app/sync-server@25.6.0 \
    node-sqlite3-wasm@0.8.60
npm install --silent --no-audit --no-fund --legacy-peer-deps --prefix strapi @strapi/plugin-users-permissions@5.54.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check chainlit==2.12.0 kinto==26.5.0 pyjwt==2.14.0 \
    cryptography==46.0.3 requests==2.34.2
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost 2>openssl.said

cat >strapi/application.cjs <<'JS'
const pool = process.argv[2];
const users = [];
const { services } = require("@strapi/plugin-users-permissions/strapi-server")();
const advanced = { allow_register: true, unique_email: true };
const kept = { grant: { cognito: { jwksurl: `${pool}/jwks` } }, advanced };
const named = (name) => users.find(({ username }) => username === name);
const query = {
  findMany: ({ where }) => users.filter(({ email }) => email === where.email),
  findOne: ({ where }) => (where.username ? named(where.username) : { id: 1 }),
  create: ({ data }) => (users.push({ ...data, id: users.length + 1 }), users.at(-1)),
};
const config = { server: { url: "http://localhost", absoluteUrl: "http://localhost" }, get: () => "api" };
const played = { config, store: ({ key }) => ({ get: () => kept[key] }), db: { query: () => query } };
const plugin = () => ({ service: (one) => services[one]({ strapi: global.strapi }) });
global.strapi = { ...played, plugin, getModel: () => ({}) };
require("readline").createInterface({ input: process.stdin }).on("line", async () => {
  const body = new URLSearchParams({ code: "none" });
  const grantResponse = await (await fetch(`${pool}/oauth2/token`, { method: "POST", body })).json();
  const { connect } = services.providers({ strapi: global.strapi });
  const user = connect("cognito", grantResponse, { grantResponse });
  user.then(({ id }) => console.log(id), (error) => console.log(`refused (${error.message})`));
});
JS
cat >libraries.py <<'PY'
import http.server
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 2048)
FIRST = {"sub": "0a1b", "username": "user", "email": "user@example.com"}
LATER = [
    {**FIRST, "email": "changed@example.com"},
    {**FIRST, "preferred_username": "ann"},
    {name: value for name, value in FIRST.items() if name != "email"},
]


class Pool(http.server.BaseHTTPRequestHandler):
    user = FIRST

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
            self.answer({**Pool.user, "email_verified": "true"})

    def do_POST(self):
        now = int(time.time())
        claims = {"iss": URL, "sub": Pool.user["sub"], "iat": now, "exp": now + 3600, "jti": str(time.time_ns())}
        named = {**Pool.user, **claims, "aud": "pool", "cognito:username": "user", "token_use": "id"}
        named["email_verified"] = True
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


def serve(secure=False):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pool)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("cert.pem", "key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def back(start):
    return {"code": "none", "state": parse_qs(urlsplit(start).query)["state"][0]}


def actual():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    here = f"http://127.0.0.1:{port}"
    settings = {"DATA_DIR": os.getcwd(), "PORT": str(port), "HOSTNAME": "127.0.0.1", "USER_CREATION_MODE": "login"}
    client = {"DISCOVERY_URL": URL, "CLIENT_ID": "pool", "CLIENT_SECRET": "example", "SERVER_HOSTNAME": here}
    given = {f"ACTUAL_{name}": value for name, value in settings.items()}
    given |= {f"ACTUAL_OPENID_{name}": value for name, value in client.items()}
    order = ["node", "actual/node_modules/@actual-app/sync-server/build/app.js"]
    with open("actual.said", "w") as said:
        started = subprocess.Popen(order, stdout=said, stderr=said, env={**os.environ, **given})
    for _ in range(240):
        time.sleep(0.5)
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                break

    def sign_in():
        order = {"loginMethod": "openid", "returnUrl": here}
        start = requests.post(f"{here}/account/login", json=order).json()["data"]["returnUrl"]
        answer = requests.get(f"{here}/openid/callback", params=back(start), allow_redirects=False)
        token = parse_qs(urlsplit(answer.headers["location"]).query)["token"][0]
        user = requests.get(f"{here}/account/validate", headers={"x-actual-token": token}).json()
        return user["data"]["userId"]

    return sign_in, started.kill


def strapi():
    order = ["node", "strapi/application.cjs", URL]
    started = subprocess.Popen(order, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def sign_in():
        started.stdin.write("\n")
        started.stdin.flush()
        return started.stdout.readline().strip()

    return sign_in, started.kill


def with_chainlit():
    given = {"CLIENT_ID": "pool", "CLIENT_SECRET": "example", "DOMAIN": f"localhost:{serve(secure=True)}"}
    os.environ |= {f"OAUTH_COGNITO_{name}": value for name, value in given.items()}
    os.environ |= {"CHAINLIT_AUTH_SECRET": "example" * 8, "SSL_CERT_FILE": "cert.pem"}
    import chainlit
    from chainlit.server import app
    from starlette.testclient import TestClient

    @chainlit.oauth_callback
    def taken(_provider, _token, _data, user):
        return user

    def sign_in():
        browser = TestClient(app, base_url="http://localhost", follow_redirects=False)
        start = browser.get("/auth/oauth/aws-cognito").headers["location"]
        answer = browser.get("/auth/oauth/aws-cognito/callback", params=back(start))
        if "error" in answer.headers["location"]:
            return "refused"
        return browser.get("/user").json()["identifier"]

    return sign_in, lambda: None


def with_kinto():
    from kinto import main
    from pyramid.request import Request

    given = {"use": "kinto.plugins.openid.OpenIDConnectPolicy", "issuer": URL, "client_id": "pool"}
    settings = {f"multiauth.policy.pool.{name}": value for name, value in given.items()}
    settings |= {"multiauth.policies": "pool", "includes": "kinto.plugins.openid", "userid_hmac_secret": "example"}
    settings |= {f"{name}_backend": f"kinto.core.{name}.memory" for name in ("storage", "cache", "permission")}
    application = main({}, **settings)

    def sign_in():
        token = requests.post(f"{URL}/oauth2/token").json()["access_token"]
        request = Request.blank("/v1/", headers={"Authorization": f"Bearer {token}"})
        return request.get_response(application).json["user"]["id"]

    return sign_in, lambda: None


URL = f"http://127.0.0.1:{serve()}"
for name, start in {"Actual": actual, "Strapi": strapi, "Chainlit": with_chainlit, "Kinto": with_kinto}.items():
    sign_in, stop = start()
    try:
        Pool.user, seen = FIRST, []
        first = sign_in()
        assert sign_in() == first, name
        for Pool.user in LATER:
            user = sign_in()
            other = user if str(user).startswith("refused") else "another user"
            seen.append("same user" if user == first else other)
    finally:
        stop()
    print(f"{name}: {'; '.join(seen)}", flush=True)
PY
env/bin/python -W ignore libraries.py >seen 2>said || { tail -5 said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
Actual: another user; another user; another user
Strapi: another user; same user; refused (Email was not available.)
Chainlit: another user; same user; refused
Kinto: same user; same user; same user
EXPECTED
echo 'as found'
