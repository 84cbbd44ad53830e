#!/usr/bin/env bash
# idpyoidc 5.0.0, pyop 3.5.0 (PyPI) and oidc-provider 9.13.3 (npm, Node.js 20): the `sub` that they give one user of one
# client. A pool names the user of an OIDC provider after the provider and the `sub` (the mapping `username: sub`). The
# sign-in comes from the address of the pool's domain: https://<domain>/oauth2/idpresponse, with the secret in the body.
#
# Guess: the `sub` hangs on the user, and a pairwise one also on the client. So it stays when the provider restarts, and
#   when the pool gets a custom domain whose address is added to the same client.
# Behaviour: idpyoidc salts also a public `sub`, with a salt that is made at each start: after a restart every user is a
#   new user of the pool, until `sub_func` names a salt. pyop gives a pairwise `sub` by itself, from the host of the
#   redirect address in the request: who signs in by the custom domain is another user than by the prefix domain,
#   although the client is the same. oidc-provider (pairwise only if it is asked for) takes the host from the client:
#   with both addresses in the client it refuses the sign-in, and with the new one alone all users are new. A
#   `sector_identifier_uri` in the client, from the first user on, keeps the `sub`. And pyop refuses the secret in the
#   body unless the client says `client_secret_post`. So ask for public subjects before the pool has users.
# Output seen (`sub` after a restart; with a custom domain, both addresses in the client; with the custom domain alone):
#   idpyoidc: new; new; new
#   idpyoidc, sub_func with a salt: kept; kept; kept
#   pyop, client with no more than its secret: refused (InvalidClientAuthentication)
#   pyop, client_secret_post: kept; new; new
#   pyop, client_secret_post, sector_identifier_uri: kept; kept; kept
#   oidc-provider: kept; kept; kept
#   oidc-provider, pairwise: kept; invalid_client_metadata; new
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund oidc-provider@9.13.3
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyop==3.5.0 idpyoidc==5.0.0 cryptojwt==1.11.0

cat >providers.mjs <<'JS'
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const OLD = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse";
const NEW = "https://login.example.com/oauth2/idpresponse";
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
async function sub(redirect_uris, redirect_uri, subject_type) {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.on("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  const client = { ...SECRET, redirect_uris, subject_type, token_endpoint_auth_method: "client_secret_post" };
  const hash = (...parts) => parts.reduce((made, part) => made.update(part), createHash("sha256")).digest("hex");
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [client],
    subjectTypes: ["public", "pairwise"],
    pairwiseIdentifier: (ctx, account, { sectorIdentifier }) => hash(sectorIdentifier, account, "salt of one's own"),
    findAccount: () => ({ accountId: "user", claims: () => ({ sub: "user" }) }),
  });
  const server = provider.listen(port, "127.0.0.1");
  try {
    const base = `http://127.0.0.1:${port}`;
    const query = { client_id: "pool", redirect_uri, response_type: "code", scope: "openid", state: "state" };
    const back = await browse(`${base}/auth?${new URLSearchParams(query)}`, redirect_uri);
    const grant = { ...SECRET, redirect_uri, grant_type: "authorization_code", code: back.get("code") };
    const answer = await fetch(`${base}/token`, { method: "POST", body: new URLSearchParams(grant) });
    return JSON.parse(Buffer.from((await answer.json()).id_token.split(".")[1], "base64url")).sub;
  } catch (error) {
    return error.message;
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
for (const [name, type] of [["oidc-provider", "public"], ["oidc-provider, pairwise", "pairwise"]]) {
  const first = await sub([OLD], OLD, type);
  const others = [await sub([OLD], OLD, type), await sub([OLD, NEW], NEW, type), await sub([NEW], NEW, type)];
  const same = (one) => (one === first ? "kept" : /^[0-9a-f]+$/.test(one) ? "new" : one);
  console.log(`${name}: ${others.map(same).join("; ")}`);
}
JS

cat >providers.py <<'PY'
import base64
import json
import logging
import warnings
from urllib.parse import urlencode

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
OLD = "https://customers.auth.eu-west-1.amazoncognito.com/oauth2/idpresponse"
NEW = "https://login.example.com/oauth2/idpresponse"
IDP = "https://idp.example.com"
SECRET = {"client_id": "pool", "client_secret": "example-secret-of-the-app-client"}


def query(redirect):
    return {"client_id": "pool", "redirect_uri": redirect, "response_type": "code", "scope": "openid", "state": "state"}


def grant(redirect, code):
    return {**SECRET, "redirect_uri": redirect, "grant_type": "authorization_code", "code": code}


def read(token):
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))["sub"]


def by_idpyoidc(redirects, redirect, **session):
    from idpyoidc.server import Server
    from idpyoidc.server.configure import OPConfiguration

    keys = {"key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}]}
    code = {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]}
    crypt = [{"type": "OCT", "use": ["enc"], "kid": kid} for kid in ("password", "salt")]
    session = {"encrypter": {"kwargs": {"keys": {"key_defs": crypt}, "iterations": 1}}, **session}
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
        "authentication": {"user": part({"acr": "example"}, "user_authn.user.NoAuthn", user="user")},
        "userinfo": part({}, "user_info.UserInfo", db={"user": {"email": "user@example.com"}}),
        "token_handler_args": tokens,
        "session_params": session,
    }
    server = Server(OPConfiguration(conf=conf, base_path="."))
    allowed = {"redirect_uris": [(one, {}) for one in redirects], "allowed_scopes": ["openid"]}
    server.context.cdb["pool"] = {**SECRET, **allowed, "response_types_supported": ["code"]}
    authorize, token = server.get_endpoint("authorization"), server.get_endpoint("token")
    back = authorize.process_request(authorize.parse_request(query(redirect)))["response_args"]
    request = token.parse_request(grant(redirect, back["code"]))
    return read(token.process_request(request)["response_args"]["id_token"])


def by_pyop(redirects, redirect, **client):
    from jwkest.jwk import RSAKey, rsa_load
    from pyop.authz_state import AuthorizationState
    from pyop.provider import Provider
    from pyop.subject_identifier import HashBasedSubjectIdentifierFactory
    from pyop.userinfo import Userinfo

    client = {"token_endpoint_auth_method": "client_secret_post", **client}
    client = {**SECRET, **{key: value for key, value in client.items() if value}}
    client |= {"redirect_uris": redirects, "response_types": ["code"]}
    places = {"authorization_endpoint": f"{IDP}/authorize", "jwks_uri": f"{IDP}/jwks", "token_endpoint": f"{IDP}/token"}
    state = AuthorizationState(HashBasedSubjectIdentifierFactory("salt of one's own"))
    users = Userinfo({"user": {"email": "user@example.com"}})
    key = RSAKey(key=rsa_load("idp.key"), alg="RS256")
    provider = Provider(key, {"issuer": IDP, **places}, state, {"pool": client}, users)
    request = provider.parse_authentication_request(urlencode(query(redirect)))
    code = provider.authorize(request, "user")["code"]
    return read(provider.handle_token_request(urlencode(grant(redirect, code)))["id_token"])


def show(name, by, **more):
    first, *others = (
        attempt(by, *told, **more) for told in (([OLD], OLD), ([OLD], OLD), ([OLD, NEW], NEW), ([NEW], NEW))
    )
    print(f"{name}: " + ("; ".join("kept" if one == first else "new" for one in others) if " " not in first else first))


def attempt(by, *told, **more):
    try:
        return by(*told, **more)
    except Exception as error:
        return f"refused ({type(error).__name__})"


salted = {"class": "idpyoidc.server.session.manager.PublicID", "kwargs": {"salt": "salt of one's own"}}
show("idpyoidc", by_idpyoidc)
show("idpyoidc, sub_func with a salt", by_idpyoidc, sub_func={"public": salted})
show("pyop, client with no more than its secret", by_pyop, token_endpoint_auth_method=None)
show("pyop, client_secret_post", by_pyop)
show("pyop, client_secret_post, sector_identifier_uri", by_pyop, sector_identifier_uri=f"{IDP}/pool.json")
PY

openssl genrsa -out idp.key 2048 2>said
{
    env/bin/python providers.py 2>errors || { tail -5 errors; exit 1; }
    node providers.mjs 2>errors | grep -v ' NOTICE: ' || { tail -5 errors; exit 1; }
} | tee seen

diff - seen <<'EXPECTED'
idpyoidc: new; new; new
idpyoidc, sub_func with a salt: kept; kept; kept
pyop, client with no more than its secret: refused (InvalidClientAuthentication)
pyop, client_secret_post: kept; new; new
pyop, client_secret_post, sector_identifier_uri: kept; kept; kept
oidc-provider: kept; kept; kept
oidc-provider, pairwise: kept; invalid_client_metadata; new
EXPECTED
echo 'as found'
