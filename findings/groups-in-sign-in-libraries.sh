#!/usr/bin/env bash
# mozilla-django-oidc 5.0.2, flask-oidc 2.4.0, oauthenticator 17.4.0 (of JupyterHub), dash-auth 2.3.0, django-allauth
# 65.22.1 (PyPI) and @hapi/bell 13.2.0 with @hapi/hapi 21.4.10 (npm, Node.js 20): whether the groups of a user pool reach
# the application after a sign-in with OpenID Connect. The service is played here: `cognito:groups` is in the ID token
# and in the access token, and userInfo has the attributes of the user, of which a group is none.
#
# Guess: each of them takes the user from the ID token, so a rule for a group works once the name of the claim is set.
#   userInfo is only for those that are told to read it.
# Behaviour: four of the six take the user from userInfo and use the ID token for nothing but its signature, or not at
#   all. Their users have no groups, so a rule for a group lets nobody in: JupyterHub refuses the user whose group is in
#   `admin_groups`, and leaves a line in its log, unless `userdata_from_id_token` is set; the other three say nothing.
#   @hapi/bell has a provider for Cognito by name, and it does the same. dash-auth has the ID token alone, django-allauth
#   both answers, side by side. So a group that is added to a pool for such an application does nothing there. A custom
#   attribute (`custom:role` here) reaches all six.
# Output seen (the groups, and the custom attribute, as the application sees them):
#   mozilla-django-oidc: no groups, custom:role editor
#   django-allauth: admins, custom:role editor
#   flask-oidc: no groups, custom:role editor
#   oauthenticator: no groups, custom:role editor; refused
#   oauthenticator, userdata_from_id_token: admins, custom:role editor; an administrator
#   dash-auth: admins, custom:role editor
#   @hapi/bell: no groups, custom:role editor
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @hapi/bell@13.2.0 @hapi/hapi@21.4.10
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mozilla-django-oidc==5.0.2 flask-oidc==2.4.0 \
    oauthenticator==17.4.0 dash-auth==2.3.0 django-allauth==65.22.1 django==5.2.19 authlib==1.6.9 flask==3.1.3 \
    pyjwt==2.14.0 cryptography==46.0.3 requests==2.34.2

cat >bell.cjs <<'JS'
const Bell = require("@hapi/bell");
const Hapi = require("@hapi/hapi");

(async () => {
  const server = Hapi.server();
  await server.register(Bell);
  server.auth.strategy("pool", "bell", {
    provider: "cognito",
    config: { uri: process.argv[2] },
    clientId: "pool",
    clientSecret: "example",
    password: "p".repeat(32),
    isSecure: false,
    location: "http://localhost",
  });
  let profile;
  const handler = (request) => {
    if (!request.auth.isAuthenticated) throw request.auth.error;
    profile = request.auth.credentials.profile.raw;
    return "";
  };
  server.route({ method: "GET", path: "/back", options: { auth: { strategy: "pool", mode: "try" }, handler } });
  const start = await server.inject("/back");
  const state = new URL(start.headers.location).searchParams.get("state");
  const cookie = start.headers["set-cookie"].map((one) => one.split(";")[0]).join("; ");
  await server.inject({ url: `/back?code=none&state=${state}`, headers: { cookie } });
  console.log(JSON.stringify(profile));
})();
JS
cat >libraries.py <<'PY'
import asyncio
import http.server
import json
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 2048)
ATTRIBUTES = {"sub": "user", "username": "user", "email": "user@example.com", "custom:role": "editor"}
GROUPS = {"cognito:groups": ["admins"]}


class Pool(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        if path.endswith("/openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userInfo"}
            found = {f"{name}_endpoint": f"{URL}/oauth2/{end}" for name, end in ends.items()}
            signed = {"id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"]}
            self.answer({**found, **signed, "issuer": URL, "jwks_uri": f"{URL}/jwks", "subject_types_supported": ["public"]})
        elif path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            self.answer({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})
        else:
            assert path == "/oauth2/userInfo", path
            self.answer(ATTRIBUTES)

    def do_POST(self):
        if urlsplit(self.path).path == "/oauth2/userInfo":
            return self.answer(ATTRIBUTES)
        body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        now = int(time.time())
        claims = {**GROUPS, "iss": URL, "sub": "user", "iat": now, "exp": now + 3600}
        nonce = {} if body["code"] == ["none"] else {"nonce": body["code"][0]}
        named = {**claims, **ATTRIBUTES, **nonce, "aud": "pool", "cognito:username": "user", "token_use": "id"}
        tokens = {"id_token": named, "access_token": {**claims, "client_id": "pool", "token_use": "access"}}
        signed = {name: jwt.encode(one, key, "RS256", {"kid": "one"}) for name, one in tokens.items()}
        self.answer({**signed, "token_type": "Bearer", "expires_in": 3600})

    def answer(self, body):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


def show(name, user, more=""):
    groups = " ".join(user.get("cognito:groups", [])) or "no groups"
    print(f"{name}: {groups}, custom:role {user.get('custom:role')}{more}")


def back(address):
    """The way back from the pool: its code is the nonce, which the ID token has to repeat."""
    query = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
    return {"code": query.get("nonce", "none"), "state": query["state"]}


def flask_oidc():
    from flask import Flask, session
    from flask_oidc import OpenIDConnect

    application = Flask("application")
    ends = {"auth_uri": f"{URL}/oauth2/authorize", "token_uri": f"{URL}/oauth2/token", "issuer": URL}
    secrets = {**ends, "userinfo_uri": f"{URL}/oauth2/userInfo", "client_id": "pool", "client_secret": "example"}
    metadata = f"{URL}/.well-known/openid-configuration"
    application.config.update(SECRET_KEY="example", OIDC_CLIENT_SECRETS={"web": secrets}, OIDC_SERVER_METADATA_URL=metadata)
    OpenIDConnect(application)
    with application.test_client() as browser:
        address = browser.get("/login").headers["location"]
        browser.get("/authorize", query_string=back(address))
        show("flask-oidc", session["oidc_auth_profile"])


def dash_auth():
    from dash import Dash, html
    from dash_auth import OIDCAuth
    from flask import session

    application = Dash("application")
    application.layout = html.Div()
    auth = OIDCAuth(application, secret_key="example")
    metadata = f"{URL}/.well-known/openid-configuration"
    pool = {"client_id": "pool", "client_secret": "example", "server_metadata_url": metadata}
    auth.register_provider("pool", token_endpoint_auth_method="client_secret_post", **pool)
    with application.server.test_client() as browser:
        address = browser.get("/oidc/pool/login").headers["location"]
        browser.get("/oidc/pool/callback", query_string=back(address))
        show("dash-auth", session["user"])


def oauthenticator(**more):
    from oauthenticator.generic import GenericOAuthenticator

    class Handler:
        def get_argument(self, name, default=None):
            return "none" if name == "code" else default

    pool = {"client_id": "pool", "client_secret": "example", "token_url": f"{URL}/oauth2/token"}
    pool["oauth_callback_url"] = "http://localhost/back"
    rules = {"manage_groups": True, "auth_state_groups_key": "oauth_user.cognito:groups", "admin_groups": {"admins"}}
    rules |= {"username_claim": "username", "enable_pkce": False}
    hub = GenericOAuthenticator(**pool, **rules, authorize_url=f"{URL}/oauth2/authorize", enable_auth_state=True, **more)

    async def sign_in():
        model = await hub.authenticate(Handler())
        allowed = await hub.check_allowed(model["name"], model)
        return model, "an administrator" if model["admin"] else "allowed" if allowed else "refused"

    model, said = asyncio.run(sign_in())
    name = ", ".join(["oauthenticator", *(one for one in more if one == "userdata_from_id_token")])
    show(name, model["auth_state"]["oauth_user"], f"; {said}")


def with_django():
    import django
    from django.conf import settings

    parts = ("auth", "contenttypes", "sessions", "messages", "sites")
    allauth = ["allauth", "allauth.account", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    pool = {"provider_id": "pool", "name": "pool", "client_id": "pool", "secret": "example", "settings": {"server_url": URL}}
    settings.configure(
        SECRET_KEY="example",
        SITE_ID=1,
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=[f"django.contrib.{part}" for part in parts] + ["mozilla_django_oidc", *allauth],
        MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [pool]}},
        ROOT_URLCONF="mozilla_django_oidc.urls",
        OIDC_RP_CLIENT_ID="pool",
        OIDC_RP_CLIENT_SECRET="example",
        OIDC_RP_SIGN_ALGO="RS256",
        OIDC_OP_JWKS_ENDPOINT=f"{URL}/jwks",
        OIDC_OP_TOKEN_ENDPOINT=f"{URL}/oauth2/token",
        OIDC_OP_USER_ENDPOINT=f"{URL}/oauth2/userInfo",
    )
    django.setup()
    from django.core.management import call_command
    from django.test import RequestFactory

    call_command("migrate", verbosity=0)
    request = RequestFactory().get("/back", {"code": "none", "state": "state"})
    request.session = {}
    mozilla(request)
    with_allauth(request)


def mozilla(request):
    from mozilla_django_oidc.auth import OIDCAuthenticationBackend

    class Shown(OIDCAuthenticationBackend):
        def create_user(self, claims):
            show("mozilla-django-oidc", claims)
            return super().create_user(claims)

    assert Shown().authenticate(request)


def with_allauth(request):
    import requests
    from allauth.socialaccount.adapter import get_adapter
    from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

    provider = get_adapter().get_provider(request, "pool")
    tokens = requests.post(f"{URL}/oauth2/token", {"code": "none"}).json()
    adapter = OpenIDConnectOAuth2Adapter(request, "pool")
    token = adapter.parse_token(tokens)
    login = adapter.complete_login(request, provider.app, token, response=tokens)
    both = login.account.extra_data
    show("django-allauth", {**both["userinfo"], **both["id_token"]})


def bell():
    said = subprocess.run(["node", "bell.cjs", URL], capture_output=True, text=True, check=True).stdout
    show("@hapi/bell", json.loads(said))


pool = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pool)
URL = f"http://127.0.0.1:{pool.server_port}"
threading.Thread(target=pool.serve_forever, daemon=True).start()
match sys.argv[1]:
    case "django":
        with_django()
    case "flask":
        flask_oidc()
    case "hub":
        oauthenticator(userdata_url=f"{URL}/oauth2/userInfo")
        oauthenticator(userdata_from_id_token=True)
    case "dash":
        dash_auth()
    case "bell":
        bell()
PY
export AUTHLIB_INSECURE_TRANSPORT=1
for one in django flask hub dash bell; do
    env/bin/python -W ignore libraries.py "$one" >>seen 2>"$one.said" || { tail -5 "$one.said"; exit 1; }
done
cat seen

diff - seen <<'EXPECTED'
mozilla-django-oidc: no groups, custom:role editor
django-allauth: admins, custom:role editor
flask-oidc: no groups, custom:role editor
oauthenticator: no groups, custom:role editor; refused
oauthenticator, userdata_from_id_token: admins, custom:role editor; an administrator
dash-auth: admins, custom:role editor
@hapi/bell: no groups, custom:role editor
EXPECTED
echo 'as found'
