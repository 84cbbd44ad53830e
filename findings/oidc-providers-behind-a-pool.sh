#!/usr/bin/env bash
# oidc-provider 9.13.3, oauth2-mock-server 8.2.3 (npm, Node.js 20), django-oauth-toolkit 3.4.1, django-oidc-provider
# 0.9.0 (with Django 5.2.19) and oidc-provider-mock 0.3.4 (with Authlib 1.9.10, PyPI): servers of OpenID Connect as an
# identity provider of a user pool. The requests are those of Cognito: the code flow without a code challenge (PKCE does
# not reach a provider, as Amazon's support answered in March 2026), the client secret in the body (`client_secret_post`,
# says the manual), and the attributes with a GET or a POST, as `attributes_request_method` says.
#
# Guess: each of them takes the secret in the body and answers GET and POST alike, as OpenID Connect Core demands
#   (section 5.3.1), so `attributes_request_method` makes no difference. With `openid email profile` in
#   `authorize_scopes` each of them hands out the e-mail address, so the mapping of `email` works.
# Behaviour: django-oauth-toolkit refuses the sign-in, since PKCE is required there unless `PKCE_REQUIRED` is False. Then
#   it hands out `sub` alone, whatever the scopes are: the claims are a method that the project has to write, and a pool
#   with a required `email` gets none. oauth2-mock-server has no POST (404), and no e-mail address without code of one's
#   own. Four of the five have no address in the ID token, so the mapping of `email` hangs on the second request. A
#   provider that works in the tests says little about the next: ask for PKCE, for the method and for the claims first.
# Output seen (no code challenge; the e-mail address in the ID token, by GET, by POST):
#   oidc-provider: a code; no, yes, yes
#   oauth2-mock-server: a code; no, no, 404
#   django-oauth-toolkit: invalid_request (Code challenge required.)
#   django-oauth-toolkit, PKCE_REQUIRED False: a code; no, no, no
#   django-oidc-provider: a code; no, yes, yes
#   oidc-provider-mock: a code; yes, yes, yes
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund oidc-provider@9.13.3 oauth2-mock-server@8.2.3
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check django-oauth-toolkit==3.4.1 django-oidc-provider==0.9.0 \
    django==5.2.19 oauthlib==4.0.1 oidc-provider-mock==0.3.4 authlib==1.9.10

cat >servers.mjs <<'JS'
import { Provider } from "oidc-provider";
import { OAuth2Server } from "oauth2-mock-server";

const BACK = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse";
const CLIENT = { client_id: "pool", redirect_uri: BACK };
const SECRET = { client_secret: "example" };
const email = (text) => (text.includes("user@example.com") ? "yes" : "no");

/** Follows redirects and the forms of the sign-in, as a browser does, up to the address of the pool. */
async function browse(start) {
  const jar = new Map();
  let [url, options] = [start, {}];
  for (let step = 0; step < 12; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const page = await fetch(url, { ...options, redirect: "manual", headers: { cookie } });
    for (const set of page.headers.getSetCookie()) {
      const [, name, value] = /^([^=]*)=([^;]*)/.exec(set);
      jar.set(name, value);
    }
    const to = page.headers.get("location");
    if (to?.startsWith(BACK)) return new URL(to).searchParams;
    if (to) {
      [url, options] = [new URL(to, url), {}];
      continue;
    }
    const text = await page.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(text)[1];
    options = { method: "POST", body: new URLSearchParams({ prompt, login: "user", password: "example" }) };
    url = new URL(/action="([^"]+)"/.exec(text)[1], url);
  }
  throw new Error(`no way back from ${url}`);
}
async function ask(name, issuer) {
  const found = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const query = { ...CLIENT, response_type: "code", scope: "openid email profile", state: "state" };
  const back = await browse(`${found.authorization_endpoint}?${new URLSearchParams(query)}`);
  const grant = { ...CLIENT, ...SECRET, grant_type: "authorization_code", code: back.get("code") };
  const answer = await fetch(found.token_endpoint, { method: "POST", body: new URLSearchParams(grant) });
  const tokens = await answer.json();
  const seen = [email(Buffer.from(tokens.id_token.split(".")[1], "base64url").toString())];
  const headers = { authorization: `Bearer ${tokens.access_token}` };
  for (const method of ["GET", "POST"]) {
    const user = await fetch(found.userinfo_endpoint, { method, headers });
    seen.push(user.ok ? email(await user.text()) : user.status);
  }
  console.log(`${name}: a code; ${seen.join(", ")}`);
}

const probe = (await import("node:http")).createServer().listen(0, "127.0.0.1");
await new Promise((done) => probe.on("listening", done));
const { port } = probe.address();
await new Promise((done) => probe.close(done));
const claims = { sub: "user", email: "user@example.com", name: "User" };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "pool", ...SECRET, redirect_uris: [BACK], token_endpoint_auth_method: "client_secret_post" }],
  claims: { email: ["email"], profile: ["name"] },
  findAccount: () => ({ accountId: "user", claims: () => claims }),
});
const server = provider.listen(port, "127.0.0.1");
await ask("oidc-provider", `http://127.0.0.1:${port}`);
server.close();
server.closeAllConnections();

const mock = new OAuth2Server();
await mock.issuer.keys.generate("RS256");
await mock.start(0, "localhost");
await ask("oauth2-mock-server", mock.issuer.url);
await mock.stop();
JS

cat >servers.py <<'PY'
import base64
import sys
from urllib.parse import parse_qs, urlsplit

BACK = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse"
CLIENT = {"client_id": "pool", "redirect_uri": BACK}
QUERY = {**CLIENT, "response_type": "code", "scope": "openid email profile", "state": "state"}
GRANT = {**CLIENT, "client_secret": "example", "grant_type": "authorization_code"}


def email(text):
    return "yes" if "user@example.com" in text else "no"


def ask(name, authorize, token, user):
    back = {key: value[0] for key, value in parse_qs(urlsplit(authorize()).query).items()}
    if "code" not in back:
        return print(f"{name}: {back['error']} ({back['error_description']})")
    tokens = token({**GRANT, "code": back["code"]})
    part = tokens["id_token"].split(".")[1]
    seen = [email(base64.urlsafe_b64decode(part + "==").decode())]
    for method in ("get", "post"):
        status, text = user(method, f"Bearer {tokens['access_token']}")
        seen.append(email(text) if status == 200 else str(status))
    print(f"{name}: a code; {', '.join(seen)}")


def mock(name):
    import oidc_provider_mock

    person = oidc_provider_mock.User(sub="user", claims={"email": "user@example.com", "name": "User"})
    browser = oidc_provider_mock.app(user_claims=[person]).test_client()
    sign_in = lambda: browser.post("/oauth2/authorize", query_string=QUERY, data={"sub": "user"}).headers["location"]

    def user(method, value):
        answer = getattr(browser, method)("/userinfo", headers={"authorization": value})
        return answer.status_code, answer.text

    ask(name, sign_in, lambda grant: browser.post("/oauth2/token", data=grant).json, user)


def django(name, app, tail, **toolkit):
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    import django

    key = rsa.generate_private_key(65537, 2048)
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, *form).decode()
    scopes = {"openid": "Sign in", "email": "E-mail address", "profile": "Profile"}
    parts = ("auth", "contenttypes", "sessions", "messages")
    middleware = "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware"
    settings.configure(
        SECRET_KEY="example",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[f"django.contrib.{part}" for part in parts] + [app],
        MIDDLEWARE=[*middleware, "django.contrib.auth.middleware.AuthenticationMiddleware"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        OAUTH2_PROVIDER={"OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": pem, "SCOPES": scopes, **toolkit},
    )
    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client
    from django.urls import include, path

    globals()["urlpatterns"] = [path("", include(f"{app}.urls", namespace=app))]
    call_command("migrate", verbosity=0)
    person = User.objects.create_user("user", "user@example.com", "example", first_name="User")
    secret = {"client_id": "pool", "client_secret": "example", "client_type": "confidential"}
    if app == "oauth2_provider":
        from oauth2_provider.models import Application

        grant = {"authorization_grant_type": "authorization-code", "algorithm": "RS256", "skip_authorization": True}
        Application.objects.create(**secret, **grant, redirect_uris=BACK, user=person)
    else:
        from oidc_provider.models import Client as Registered, ResponseType, RSAKey

        RSAKey.objects.create(key=pem)
        pool = Registered.objects.create(**secret, jwt_alg="RS256", require_consent=False, _redirect_uris=BACK)
        pool.response_types.add(ResponseType.objects.get(value="code"))
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    service = Client(enforce_csrf_checks=True)

    def user(method, value):
        answer = getattr(service, method)(f"/userinfo{tail}", HTTP_AUTHORIZATION=value, secure=True)
        return answer.status_code, answer.content.decode()

    sign_in = lambda: browser.get(f"/authorize{tail}", QUERY, secure=True).headers["location"]
    ask(name, sign_in, lambda grant: service.post(f"/token{tail}", grant, secure=True).json(), user)


match sys.argv[1]:
    case "toolkit":
        django("django-oauth-toolkit", "oauth2_provider", "/")
    case "toolkit-without-pkce":
        name = "django-oauth-toolkit, PKCE_REQUIRED False"
        django(name, "oauth2_provider", "/", PKCE_REQUIRED=False)
    case "provider":
        django("django-oidc-provider", "oidc_provider", "")
    case "mock":
        mock("oidc-provider-mock")
PY

node servers.mjs >node.seen 2>node.said || { cat node.said; exit 1; }
grep -v ' NOTICE: ' node.seen >seen
for server in toolkit toolkit-without-pkce provider mock; do
    env/bin/python -W ignore servers.py "$server" 2>python.said >>seen || { tail -5 python.said; exit 1; }
done
cat seen

diff - seen <<'EXPECTED'
oidc-provider: a code; no, yes, yes
oauth2-mock-server: a code; no, no, 404
django-oauth-toolkit: invalid_request (Code challenge required.)
django-oauth-toolkit, PKCE_REQUIRED False: a code; no, no, no
django-oidc-provider: a code; no, yes, yes
oidc-provider-mock: a code; yes, yes, yes
EXPECTED
echo 'as found'
