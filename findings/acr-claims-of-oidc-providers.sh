#!/usr/bin/env bash
# idpyoidc 5.0.0, pyop 3.5.0, oidc-provider-mock 0.3.4 (PyPI, with Authlib 1.9.10) and oidc-provider 9.13.3 (npm,
# Node.js 20): what they put into the ID token for a pool with an AcrMapping (October 2026). By the model of the service
# Cognito sends the provider's value for the level that an app asks for, as `acr_values`, and maps the `acr` that comes
# back. A value that is not mapped is the lowest level.
#
# Guess: a provider that is told its `acr_values_supported` returns an `acr`, asked or not; the others return none.
# Behaviour: only idpyoidc does. pyop takes the list into its discovery document and never writes the claim, which is
#   one of the `extra_id_token_claims` that the program has to make. oidc-provider writes what the program's own sign-in
#   page reports, but only if the request has `acr_values`; its built-in pages report nothing. So a user who signed in
#   with a second factor may come back without an `acr`, and no error says so. None of them writes an `amr` by itself.
#   Look at an ID token of the provider before an app relies on the `acr` of the pool.
# Output seen (acr and amr in the ID token, without acr_values; with acr_values=urn:example:mfa):
#   idpyoidc: urn:example:pwd, none; urn:example:mfa, none
#   pyop: none, none; none, none
#   oidc-provider-mock: none, none; none, none
#   oidc-provider: none, none; none, none
#   oidc-provider, own sign-in page with acr: none, none; urn:example:mfa, none
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund oidc-provider@9.13.3
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyop==3.5.0 idpyoidc==5.0.0 cryptojwt==1.11.0 \
    oidc-provider-mock==0.3.4 authlib==1.9.10

cat >providers.mjs <<'JS'
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const BACK = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse";
const [PWD, MFA] = ["urn:example:pwd", "urn:example:mfa"];
const SECRET = { client_id: "pool", client_secret: "example" };

/** Follows redirects and the forms of the sign-in, as a browser does, up to the address of the pool. */
async function browse(start, back) {
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
    if (to?.startsWith(back)) return new URL(to).searchParams;
    const text = await page.text();
    if (!to && !page.ok) throw new Error(/InvalidClientMetadata|invalid_client\w*/.exec(text)?.[0] ?? text);
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    const body = new URLSearchParams({ prompt, login: "user", password: "example" });
    const action = /action="([^"]+)"/.exec(text)?.[1];
    [url, options] = to ? [new URL(to, url), {}] : [new URL(action, url), { method: "POST", body }];
  }
  throw new Error("no way back");
}
async function claims(asked, options) {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  const client = { ...SECRET, redirect_uris: [BACK], token_endpoint_auth_method: "client_secret_post" };
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [client],
    acrValues: [PWD, MFA],
    findAccount: () => ({ accountId: "user", claims: () => ({ sub: "user" }) }),
    ...options,
  });
  const server = createServer(async (request, response) => {
    const details = request.url.startsWith("/own") && (await provider.interactionDetails(request, response));
    if (!details) return provider.callback()(request, response);
    const grant = new provider.Grant({ accountId: "user", clientId: "pool" });
    grant.addOIDCScope("openid");
    const login = { accountId: "user", acr: MFA, amr: ["pwd", "otp"] };
    await provider.interactionFinished(request, response, { login, consent: { grantId: await grant.save() } });
  });
  server.listen(port, "127.0.0.1");
  try {
    const base = `http://127.0.0.1:${port}`;
    const part = { client_id: "pool", redirect_uri: BACK, response_type: "code", scope: "openid", state: "state" };
    const query = { ...part, ...asked };
    const back = await browse(`${base}/auth?${new URLSearchParams(query)}`, BACK);
    const grant = { ...SECRET, redirect_uri: BACK, grant_type: "authorization_code", code: back.get("code") };
    const answer = await fetch(`${base}/token`, { method: "POST", body: new URLSearchParams(grant) });
    const read = JSON.parse(Buffer.from((await answer.json()).id_token.split(".")[1], "base64url"));
    return `${read.acr ?? "none"}, ${read.amr?.join("+") ?? "none"}`;
  } catch (error) {
    return error.message;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
const own = { features: { devInteractions: { enabled: false } }, interactions: { url: () => "/own" } };
for (const [name, options] of [["oidc-provider", {}], ["oidc-provider, own sign-in page with acr", own]]) {
  console.log(`${name}: ${await claims({}, options)}; ${await claims({ acr_values: MFA }, options)}`);
}
JS

cat >providers.py <<'PY'
import base64
import json
import logging
import warnings
from urllib.parse import parse_qsl, urlencode, urlsplit

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
BACK = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse"
PWD, MFA = "urn:example:pwd", "urn:example:mfa"
IDP = "https://idp.example.com"
SECRET = {"client_id": "pool", "client_secret": "example-secret-of-the-app-client"}


def query(asked):
    part = {"client_id": "pool", "redirect_uri": BACK, "response_type": "code", "scope": "openid", "state": "state"}
    return {**part, **asked}


def grant(code):
    return {**SECRET, "redirect_uri": BACK, "grant_type": "authorization_code", "code": code}


def read(token):
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return f"{claims.get('acr', 'none')}, {'+'.join(claims.get('amr', ['none']))}"


def by_idpyoidc(asked):
    from idpyoidc.server import Server
    from idpyoidc.server.configure import OPConfiguration

    keys = {"key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]}
    code = {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]}
    crypt = [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]
    session = {"encrypter": {"kwargs": {"keys": {"key_defs": crypt}, "iterations": 1}}}
    part = lambda name, place, **kwargs: {"class": f"idpyoidc.server.{place}", "kwargs": kwargs, **name}
    at = lambda path: {"path": path}
    methods = ["client_secret_post"]
    tokens = {
        "token": part({}, "token.jwt_token.JWTToken", lifetime=3600),
        "id_token": part({}, "token.id_token.IDToken"),
        "code": {"kwargs": {"lifetime": 600}},
        "key_conf": code,
    }
    conf = {
        "issuer": IDP,
        "key_conf": {**keys, "uri_path": "jwks.json"},
        "endpoint": {
            "authorization": part(at("authorize"), "oidc.authorization.Authorization"),
            "token": part(at("token"), "oidc.token.Token", client_authn_method=methods),
            "userinfo": part(at("userinfo"), "oidc.userinfo.UserInfo"),
        },
        "authentication": {
            "password": part({"acr": PWD}, "user_authn.user.NoAuthn", user="user"),
            "code": part({"acr": MFA}, "user_authn.user.NoAuthn", user="user"),
        },
        "userinfo": part({}, "user_info.UserInfo", db={"user": {"email": "user@example.com"}}),
        "token_handler_args": tokens,
        "session_params": session,
    }
    server = Server(OPConfiguration(conf=conf, base_path="."))
    allowed = {"redirect_uris": [(BACK, {})], "allowed_scopes": ["openid"]}
    server.context.cdb["pool"] = {**SECRET, **allowed, "response_types_supported": ["code"]}
    authorize, token = server.get_endpoint("authorization"), server.get_endpoint("token")
    back = authorize.process_request(authorize.parse_request(query(asked)))["response_args"]
    request = token.parse_request(grant(back["code"]))
    return read(token.process_request(request)["response_args"]["id_token"])


def by_pyop(asked):
    from jwkest.jwk import RSAKey, rsa_load
    from pyop.authz_state import AuthorizationState
    from pyop.provider import Provider
    from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
    from pyop.userinfo import Userinfo

    client = {**SECRET, "token_endpoint_auth_method": "client_secret_post"}
    client |= {"redirect_uris": [BACK], "response_types": ["code"]}
    places = {"authorization_endpoint": f"{IDP}/authorize", "jwks_uri": f"{IDP}/jwks", "token_endpoint": f"{IDP}/token"}
    state = AuthorizationState(HashBasedSubjectIdentifierFactory("salt of one's own"))
    users = Userinfo({"user": {"email": "user@example.com"}})
    key = RSAKey(key=rsa_load("idp.key"), alg="RS256")
    own = {"issuer": IDP, "acr_values_supported": [PWD, MFA], **places}
    provider = Provider(key, own, state, {"pool": client}, users)
    request = provider.parse_authentication_request(urlencode(query(asked)))
    code = provider.authorize(request, "user")["code"]
    return read(provider.handle_token_request(urlencode(grant(code)))["id_token"])


def by_mock(asked):
    import oidc_provider_mock

    browser = oidc_provider_mock.app(user_claims=[oidc_provider_mock.User(sub="user")]).test_client()
    back = browser.post("/oauth2/authorize", query_string=query(asked), data={"sub": "user"}).headers["location"]
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    return read(browser.post("/oauth2/token", data=grant(code)).json["id_token"])


for name, by in {"idpyoidc": by_idpyoidc, "pyop": by_pyop, "oidc-provider-mock": by_mock}.items():
    print(f"{name}: {by({})}; {by({'acr_values': MFA})}")
PY

openssl genrsa -out idp.key 2048 2>said
{
    env/bin/python providers.py 2>errors || { tail -5 errors; exit 1; }
    node providers.mjs 2>errors | grep -v ' NOTICE: ' || { tail -5 errors; exit 1; }
} | tee seen

diff - seen <<'EXPECTED'
idpyoidc: urn:example:pwd, none; urn:example:mfa, none
pyop: none, none; none, none
oidc-provider-mock: none, none; none, none
oidc-provider: none, none; none, none
oidc-provider, own sign-in page with acr: none, none; urn:example:mfa, none
EXPECTED
echo 'as found'
