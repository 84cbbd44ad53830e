#!/usr/bin/env bash
# @backstage/plugin-auth-backend-module-oidc-provider 0.4.21 with @backstage/plugin-auth-node 0.7.8,
# express-openid-connect 3.4.0 (npm, Node.js 20), mozilla-django-oidc 5.0.2 and flask-pyoidc 3.14.3 (PyPI): a sign-in at
# a domain with `ManagedLoginVersion` 1 (the classic pages) and 2 (managed login). The service is played here, as
# Amazon's page on /oauth2/authorize describes it: `prompt` counts with managed login alone, and `none` is answered with
# the error `login_required` unless the browser has a session of the pool, which ends an hour after the sign-in.
#
# Guess: an application sends no `prompt`, or one that both versions of the pages understand. So the version is a matter
#   of how the pages look, and a sign-in that works with one works with the other.
# Behaviour: all four send `prompt=none`, three of them for some requests. Backstage sends it in every sign-in, as its
#   setting `prompt` is `none` by default. With version 1 nobody notices. With version 2 users see `login_required` in
#   the window in which the login page should come up, until `prompt: auto` is set; and whoever has a session of the
#   pool, as the one who made the change, signs in. SessionRefresh of mozilla-django-oidc and the renewal of
#   flask-pyoidc send users to the login page and back to where they were with version 1. With version 2, once the hour
#   is over, one signs them out, and the other ends on a page with an error. The fourth is the other way round:
#   attemptSilentLogin sends the visitors of a public page to the login page with version 1, and lets them read it with
#   version 2. So before and after the version of a domain is changed, try each application with a new browser.
# Output seen (a browser without a session of the pool, with version 1; with version 2):
#   Backstage: login page, signed in; error login_required
#   Backstage, with a session of the pool: signed in; signed in
#   Backstage, prompt: auto: login page, signed in; login page, signed in
#   mozilla-django-oidc, SessionRefresh: login page, signed in; signed out
#   flask-pyoidc, session_refresh_interval_seconds: login page, signed in; error page
#   express-openid-connect, attemptSilentLogin: login page, signed in; page for visitors
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund @backstage/plugin-auth-backend-module-oidc-provider@0.4.21 \
    @backstage/plugin-auth-node@0.7.8 @backstage/config@1.3.11 express-openid-connect@3.4.0 express@4.21.2 \
    cookie-parser@1.4.7 express-session@1.19.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mozilla-django-oidc==5.0.2 django==5.2.19 \
    flask-pyoidc==3.14.3 flask==3.1.3 pyjwt==2.14.0 cryptography==46.0.3 requests==2.34.2

cat >applications.cjs <<'JS'
const express = require("express");

const [name, pool] = process.argv.slice(2);

function backstage(application, here, prompt) {
  const { ConfigReader } = require("@backstage/config");
  const { createOAuthProviderFactory } = require("@backstage/plugin-auth-node");
  const { oidcAuthenticator } = require("@backstage/plugin-auth-backend-module-oidc-provider");
  const metadataUrl = `${pool}/.well-known/openid-configuration`;
  const client = { clientId: "pool", clientSecret: "example", metadataUrl };
  const config = new ConfigReader({ production: { ...client, ...prompt } });
  const backend = { appUrl: here, baseUrl: here, isOriginAllowed: () => true, resolverContext: {} };
  const create = createOAuthProviderFactory({ authenticator: oidcAuthenticator });
  const provider = create({ providerId: "oidc", config, ...backend });
  application.use(require("cookie-parser")());
  application.use(require("express-session")({ secret: "example", resave: false, saveUninitialized: false }));
  application.get("/", (_, response) => response.redirect("/oidc/start?env=production&scope="));
  application.get("/oidc/start", (request, response) => provider.start(request, response));
  application.get("/oidc/handler/frame", (request, response) => provider.frameHandler(request, response));
}

function silent(application, here) {
  const { auth, attemptSilentLogin } = require("express-openid-connect");
  const client = { issuerBaseURL: pool, clientID: "pool", clientSecret: "example", secret: "s".repeat(32) };
  const code = { authorizationParams: { response_type: "code" } };
  application.use(auth({ ...client, ...code, baseURL: here, authRequired: false }));
  application.get("/", attemptSilentLogin(), (request, response) =>
    response.send(request.oidc.isAuthenticated() ? "signed in" : "page for visitors"),
  );
}

const application = express();
const server = application.listen(0, "127.0.0.1", () => {
  const here = `http://127.0.0.1:${server.address().port}`;
  if (name === "silent") silent(application, here);
  else backstage(application, here, name === "auto" ? { prompt: "auto" } : {});
  console.log(here);
});
JS
cat >libraries.py <<'PY'
import http.server
import json
import subprocess
import threading
import time
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, make_server

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

key = rsa.generate_private_key(65537, 2048)
# What a page of an application says, and what it is called here.
PAGES = {
    "login_required": "error login_required",
    '"accessToken"': "signed in",
    "signed in": "signed in",
    "signed out": "signed out",
    "page for visitors": "page for visitors",
    "Something went wrong": "error page",
}


class Pool(http.server.BaseHTTPRequestHandler):
    version = 1

    def do_GET(self):
        where = urlsplit(self.path)
        if where.path.endswith("/openid-configuration"):
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userInfo"}
            found = {f"{name}_endpoint": f"{URL}/oauth2/{end}" for name, end in ends.items()}
            signed = {"id_token_signing_alg_values_supported": ["RS256"], "response_types_supported": ["code"]}
            more = {"issuer": URL, "jwks_uri": f"{URL}/jwks", "subject_types_supported": ["public"]}
            self.answer({**found, **signed, **more})
        elif where.path == "/jwks":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
            self.answer({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif where.path == "/oauth2/authorize":
            self.authorize({name: value[0] for name, value in parse_qs(where.query).items()})
        elif where.path == "/login":
            self.answer({})
        else:
            assert where.path == "/oauth2/userInfo", where.path
            self.answer({"sub": "user", "username": "user", "email": "user@example.com"})

    def authorize(self, query):
        # The code is the nonce, which the ID token has to repeat.
        back = {"state": query["state"], "code": query.get("nonce", "none")}
        if "cognito=session" in self.headers.get("cookie", ""):
            self.move(f"{query['redirect_uri']}?{urlencode(back)}")
        elif Pool.version == 2 and query.get("prompt") == "none":
            self.move(f"{query['redirect_uri']}?{urlencode({'state': query['state'], 'error': 'login_required'})}")
        else:
            self.move(f"/login?{urlencode(query)}")

    def do_POST(self):
        body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        now = int(time.time())
        claims = {"iss": URL, "sub": "user", "iat": now, "exp": now + 3600}
        nonce = {} if body["code"] == ["none"] else {"nonce": body["code"][0]}
        named = {**claims, **nonce, "aud": "pool", "cognito:username": "user", "token_use": "id"}
        tokens = {"id_token": named, "access_token": {**claims, "client_id": "pool", "token_use": "access"}}
        signed = {name: jwt.encode(one, key, "RS256", {"kid": "one"}) for name, one in tokens.items()}
        self.answer({**signed, "refresh_token": "example", "token_type": "Bearer", "expires_in": 3600})

    def move(self, address):
        self.send_response(302)
        self.send_header("location", address)
        self.end_headers()

    def answer(self, body):
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


class Browser:
    def __init__(self):
        self.held = requests.Session()

    def visit(self, address):
        """What comes up when the user opens the address, and signs in at the login page if that comes up."""
        answer, seen = self.held.get(address), []
        if urlsplit(answer.url).path == "/login":
            seen.append("login page")
            self.sign_in_at_the_pool()
            answer = self.held.get(f"{URL}/oauth2/authorize?{urlsplit(answer.url).query}")
        page = unquote(answer.text)
        return ", ".join(seen + [next((PAGES[text] for text in PAGES if text in page), page)])

    def sign_in_at_the_pool(self):
        self.held.cookies.set("cognito", "session", domain="127.0.0.1")

    def leave_the_pool(self):
        self.held.cookies.clear("127.0.0.1", "/", "cognito")


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def with_node(name):
    started = subprocess.Popen(["node", "applications.cjs", name, URL], stdout=subprocess.PIPE, text=True)
    return started.stdout.readline().strip(), started.kill


def with_flask():
    from flask import Flask
    from flask_pyoidc import OIDCAuthentication
    from flask_pyoidc.provider_configuration import ClientMetadata, ProviderConfiguration

    application = Flask("application")
    server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
    here = f"http://127.0.0.1:{server.server_port}"
    application.config.update(OIDC_REDIRECT_URI=f"{here}/back", SECRET_KEY="example")
    client = ClientMetadata(client_id="pool", client_secret="example")
    provider = ProviderConfiguration(issuer=URL, client_metadata=client, session_refresh_interval_seconds=1)
    auth = OIDCAuthentication({"pool": provider}, application)
    application.route("/")(auth.oidc_auth("pool")(lambda: "signed in"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return here, server.shutdown


def prepare_django():
    import django
    from django.conf import settings
    from django.core.management import call_command

    auth = "django.contrib.auth"
    session = "django.contrib.sessions.middleware.SessionMiddleware"
    user = f"{auth}.middleware.AuthenticationMiddleware"
    settings.configure(
        SECRET_KEY="example",
        ALLOWED_HOSTS=["*"],
        INSTALLED_APPS=[auth, "django.contrib.contenttypes", "django.contrib.sessions", "mozilla_django_oidc"],
        MIDDLEWARE=[session, user, "mozilla_django_oidc.middleware.SessionRefresh"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "users.sqlite"}},
        AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
        ROOT_URLCONF=__name__,
        LOGIN_REDIRECT_URL="/",
        LOGIN_REDIRECT_URL_FAILURE="/out",
        OIDC_RP_CLIENT_ID="pool",
        OIDC_RP_CLIENT_SECRET="example",
        OIDC_RP_SIGN_ALGO="RS256",
        OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS=1,
        OIDC_OP_JWKS_ENDPOINT=f"{URL}/jwks",
        OIDC_OP_AUTHORIZATION_ENDPOINT=f"{URL}/oauth2/authorize",
        OIDC_OP_TOKEN_ENDPOINT=f"{URL}/oauth2/token",
        OIDC_OP_USER_ENDPOINT=f"{URL}/oauth2/userInfo",
    )
    django.setup()
    call_command("migrate", verbosity=0)


def with_django():
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponse, HttpResponseRedirect
    from django.urls import include, path

    def home(request):
        user = request.user.is_authenticated
        return HttpResponse("signed in") if user else HttpResponseRedirect("/oidc/authenticate/")

    global urlpatterns
    out = path("out", lambda _: HttpResponse("signed out"))
    urlpatterns = [path("oidc/", include("mozilla_django_oidc.urls")), path("", home), out]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}", server.shutdown


def show(name, start, before=None):
    seen = []
    for Pool.version in (1, 2):
        browser = Browser()
        here, stop = start()
        if before:
            before(browser, here)
        seen.append(browser.visit(here))
        stop()
    print(f"{name}: {'; '.join(seen)}", flush=True)


def an_hour_ago(browser, here):
    """A sign-in so long ago that the session of the pool has ended, and the application renews its own."""
    browser.visit(here)
    time.sleep(2.1)
    browser.leave_the_pool()


pool = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pool)
URL = f"http://127.0.0.1:{pool.server_port}"
threading.Thread(target=pool.serve_forever, daemon=True).start()
prepare_django()
show("Backstage", lambda: with_node("none"))
show("Backstage, with a session of the pool", lambda: with_node("none"), lambda one, _: one.sign_in_at_the_pool())
show("Backstage, prompt: auto", lambda: with_node("auto"))
show("mozilla-django-oidc, SessionRefresh", with_django, an_hour_ago)
show("flask-pyoidc, session_refresh_interval_seconds", with_flask, an_hour_ago)
show("express-openid-connect, attemptSilentLogin", lambda: with_node("silent"))
PY
env/bin/python -W ignore libraries.py >seen 2>said || { tail -5 said; exit 1; }
cat seen

diff - seen <<'EXPECTED'
Backstage: login page, signed in; error login_required
Backstage, with a session of the pool: signed in; signed in
Backstage, prompt: auto: login page, signed in; login page, signed in
mozilla-django-oidc, SessionRefresh: login page, signed in; signed out
flask-pyoidc, session_refresh_interval_seconds: login page, signed in; error page
express-openid-connect, attemptSilentLogin: login page, signed in; page for visitors
EXPECTED
echo 'as found'
