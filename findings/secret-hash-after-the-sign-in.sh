#!/usr/bin/env bash
# pycognito 2024.5.1, warrant 0.6.1, cognitopy 1.1.6, sanctum 0.1.1 (PyPI, Python 3.11) and
# amazon-cognito-passwordless-auth 0.17.0 (npm, Node.js 20): the SECRET_HASH that they send for an app client with
# `GenerateSecret: true`, in a pool of user names and in one with `UsernameAttributes: [email]`. The service is played
# here. It checks the hash over the name in the same request, as Amazon describes it, and for a refresh token, which
# comes without a name, over the name that the pool gave the user, as users of several SDKs report: the `sub`, if they
# sign in with an e-mail address.
#
# Guess: a library that takes the secret sends the hash with every operation that has one. All five keep the name that
#   was typed, so all of them sign in, and the refresh is refused in the pool of e-mail addresses alone.
# Behaviour: one of the five, the passwordless library, has no refusal. pycognito is as guessed. cognitopy hashes the
#   `sub` of the access token: its refresh works in the pool of e-mail addresses and fails in the pool of user names.
#   sanctum has a hash for the sign-in and none for the refresh and the forgotten password, so it fails in both pools,
#   and calls it an invalid refresh token. warrant answers with the name that the pool gave and the hash of the other
#   one, so with an e-mail address nobody gets in.
#   A first sign-in therefore says little about a client with a secret. The rest shows an hour later, when the access
#   token ends (`AccessTokenValidity`), as a session that is over. Neither `GenerateSecret` nor `UsernameAttributes` can
#   be changed: before users depend on them, try a refresh and a forgotten password, with the name that users will type.
# Output seen (what the hash was made of, where it was refused):
#   pycognito, user name: sign-in taken, refresh taken, forgotten password taken
#   pycognito, e-mail: sign-in taken, refresh refused (name as typed), forgotten password taken
#   warrant, user name: sign-in taken, refresh taken, forgotten password taken
#   warrant, e-mail: sign-in refused (name as typed), forgotten password taken
#   cognitopy, user name: sign-in taken, refresh refused (sub), forgotten password taken
#   cognitopy, e-mail: sign-in taken, refresh taken, forgotten password taken
#   sanctum, user name: sign-in taken, refresh refused (no hash), forgotten password refused (no hash)
#   sanctum, e-mail: sign-in taken, refresh refused (no hash), forgotten password refused (no hash)
#   amazon-cognito-passwordless-auth, user name: sign-in taken, refresh taken
#   amazon-cognito-passwordless-auth, e-mail: sign-in taken, refresh taken
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund amazon-cognito-passwordless-auth@0.17.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pycognito==2024.5.1 cognitopy==1.1.6 sanctum==0.1.1 \
    boto3==1.44.8 pyjwt==2.15.1 python-jose==3.5.0
# Without the fork of python-jose that it asks for, as that one takes the place of python-jose.
env/bin/pip install --quiet --disable-pip-version-check --no-deps warrant==0.6.1

cat >passwordless.mjs <<'JS'
import { Passwordless } from "amazon-cognito-passwordless-auth";
import { authenticateWithPlaintextPassword } from "amazon-cognito-passwordless-auth/plaintext";
import { refreshTokens } from "amazon-cognito-passwordless-auth/refresh";

const [url, userPoolId, clientId, clientSecret, username] = process.argv.slice(2);
const map = new Map();
const storage = {
  getItem: (key) => map.get(key),
  setItem: (key, value) => void map.set(key, value),
  removeItem: (key) => void map.delete(key),
};
Passwordless.configure({ cognitoIdpEndpoint: url, userPoolId, clientId, clientSecret, storage });
await authenticateWithPlaintextPassword({ username, password: "Password1!" }).signedIn;
await refreshTokens({});
process.exit();
JS
cat >call.py <<'PY'
import base64
import hmac
import importlib
import json
import os
import subprocess
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

warnings.simplefilter("ignore")

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

POOL, CLIENT, SECRET, PASSWORD = "eu-west-1_a1B2c3D4E", "1example23456789", "example", "Password1!"
SUB, EMAIL = "11111111-2222-3333-4444-555555555555", "user@example.com"
KEY = rsa.generate_private_key(65537, 2048)
JWKS = {"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "key", "alg": "RS256", "use": "sig"}]}
seen = []


def secret_hash(name):
    return base64.b64encode(hmac.digest(SECRET.encode(), f"{name}{CLIENT}".encode(), "sha256")).decode()


def token(**claims):
    now = int(time.time()) - 5
    frame = {"sub": SUB, "iss": f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}", "iat": now, "exp": now + 3600}
    return jwt.encode({**frame, **claims}, KEY, "RS256", {"kid": "key"})


# Cognito: `user` is the name that the pool gave, `typed` the one of the sign-in.
def answer(operation, given):
    inner = given.get("AuthParameters") or given.get("ChallengeResponses") or {}
    flow = given.get("AuthFlow", "")
    what = "forgotten password" if operation == "ForgotPassword" else "refresh" if "REFRESH" in flow else "sign-in"
    name = user if what == "refresh" else inner.get("USERNAME") or given["Username"]
    sent = given.get("SecretHash") or inner.get("SECRET_HASH")
    if sent != secret_hash(name):
        made_of = {secret_hash(typed): "name as typed", secret_hash(SUB): "sub", None: "no hash"}
        seen.append(f"{what} refused ({made_of[sent]})")
        return 400, {"__type": "NotAuthorizedException", "message": f"Unable to verify secret hash for client {CLIENT}"}
    if flow == "USER_SRP_AUTH":
        names = {"USER_ID_FOR_SRP": user, "USERNAME": user}
        numbers = {"SALT": "ab12", "SRP_B": "cd" * 64, "SECRET_BLOCK": "Zm9v"}
        return 200, {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": {**names, **numbers}}
    seen.append(f"{what} taken")
    access = token(token_use="access", client_id=CLIENT, username=user)
    tokens = {"AccessToken": access, "IdToken": token(token_use="id", aud=CLIENT, **{"cognito:username": user})}
    frame = {"RefreshToken": "refresh", "ExpiresIn": 3600, "TokenType": "Bearer"}
    return 200, {"AuthenticationResult": {**tokens, **frame}}


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, said = answer(self.headers["X-Amz-Target"].split(".")[1], given)
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_):
        pass


service = ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=service.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{service.server_port}"
os.environ.update(AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_REGION="eu-west-1")
os.environ.update(AWS_DEFAULT_REGION="eu-west-1", COGNITO_JWKS=json.dumps(JWKS))


def warrant(module):
    make = importlib.import_module(module).Cognito
    cognito = make(POOL, CLIENT, user_pool_region="eu-west-1", username=typed, client_secret=SECRET)
    return lambda: cognito.authenticate(PASSWORD), cognito.renew_access_token, cognito.initiate_forgot_password


def cognitopy():
    from cognitopy import CognitoPy

    cognito = CognitoPy(POOL, CLIENT, SECRET, secret_hash=True)
    tokens = {}
    sign_in = lambda: tokens.update(cognito.login(typed, PASSWORD))
    return sign_in, lambda: cognito.renew_access_token(**tokens), lambda: cognito.initiate_forgot_password(typed)


def sanctum():
    from sanctum import SanctumClient

    cognito = SanctumClient(region="eu-west-1", user_pool_id=POOL, client_id=CLIENT, client_secret=SECRET)
    sign_in = lambda: cognito.authenticate(typed, PASSWORD)
    return sign_in, lambda: cognito.refresh_token("refresh"), lambda: cognito.initiate_forgot_password(typed)


def passwordless():
    return (lambda: subprocess.run(["node", "passwordless.mjs", url, POOL, CLIENT, SECRET, typed], check=True),)


libraries = {
    "pycognito": lambda: warrant("pycognito"),
    "warrant": lambda: warrant("warrant"),
    "cognitopy": cognitopy,
    "sanctum": sanctum,
    "amazon-cognito-passwordless-auth": passwordless,
}
for library, steps in libraries.items():
    for kind, typed, user in [("user name", "user", "user"), ("e-mail", EMAIL, SUB)]:
        seen.clear()
        for step in steps():
            try:
                step()
            except Exception:
                pass
        print(f"{library}, {kind}: {', '.join(seen)}")
PY
env -i PATH="$PATH" HOME="$work" env/bin/python call.py | tee seen

diff - seen <<'EXPECTED'
pycognito, user name: sign-in taken, refresh taken, forgotten password taken
pycognito, e-mail: sign-in taken, refresh refused (name as typed), forgotten password taken
warrant, user name: sign-in taken, refresh taken, forgotten password taken
warrant, e-mail: sign-in refused (name as typed), forgotten password taken
cognitopy, user name: sign-in taken, refresh refused (sub), forgotten password taken
cognitopy, e-mail: sign-in taken, refresh taken, forgotten password taken
sanctum, user name: sign-in taken, refresh refused (no hash), forgotten password refused (no hash)
sanctum, e-mail: sign-in taken, refresh refused (no hash), forgotten password refused (no hash)
amazon-cognito-passwordless-auth, user name: sign-in taken, refresh taken
amazon-cognito-passwordless-auth, e-mail: sign-in taken, refresh taken
EXPECTED
echo 'as found'
