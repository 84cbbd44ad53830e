#!/usr/bin/env bash
# fastapi-cognito 2.10.0, fastapi-cloudauth 0.4.3, rivia-cognito-authorizer 1.1.0 (with FastAPI 0.165.0 and pydantic
# 2.14.4), django-cognito-jwt2 0.2.0, flask-cognito-lib 1.9.7 and m2m-cognito 0.1.5 (PyPI): which valid access tokens of
# one app client they take, as settings of the pool change the claims. Keys and tokens are made here; no service is
# called.
#
# Guess: each library checks the signature, the issuer, the lifetime and the client, and takes every access token of its
#   client. A claim that comes or goes with a setting, such as `aud`, `scope` or `username`, changes nothing.
# Behaviour: four of the six depend on such a claim. rivia-cognito-authorizer and django-cognito-jwt2 want an `aud` with
#   the client's id. ID tokens have it; access tokens only if a token trigger of version V2_0 or later adds it. An `aud`
#   that names an API, which the token has when the application asks for that `resource`, is refused by these two and by
#   fastapi-cloudauth. fastapi-cognito wants `username` and `scope`: the token of a client with the client credentials
#   grant, or one whose scopes the trigger suppresses, ends as an error of the server (500) and not as a refusal. Of the
#   six, two take all five tokens.
#   So whether an API takes access tokens can hang on `PreTokenGenerationConfig` of the pool: take the trigger off, or
#   set `LambdaVersion` to V1_0, and the tokens that two of the libraries took until now are refused. Try such a change
#   with a token of each kind that the API sees, and not with that of a user alone.
# Output seen (HTTP status, or taken and refused):
#   fastapi-cognito: user 200, aud client 200, aud API 200, no scope 500, machine 500
#   fastapi-cloudauth: user 200, aud client 200, aud API 401, no scope 200, machine 200
#   rivia-cognito-authorizer: user refused, aud client taken, aud API refused, no scope refused, machine refused
#   django-cognito-jwt2: user refused, aud client taken, aud API refused, no scope refused, machine refused
#   flask-cognito-lib: user taken, aud client taken, aud API taken, no scope taken, machine taken
#   m2m-cognito: user taken, aud client taken, aud API taken, no scope taken, machine taken
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fastapi-cognito==2.10.0 fastapi-cloudauth==0.4.3 \
    rivia-cognito-authorizer==1.1.0 django-cognito-jwt2==0.2.0 flask-cognito-lib==1.9.7 m2m-cognito==0.1.5 \
    fastapi==0.165.0 pydantic==2.14.4 pyjwt==2.15.1 python-jose==3.5.0 django==5.2.19 requests==2.34.2 httpx==0.28.1

cat >verify.py <<'PY'
import json
import logging
import os
import time
import warnings

warnings.simplefilter("ignore")
logging.disable()

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient
from flask import Flask
from jwt.algorithms import RSAAlgorithm

REGION, POOL, CLIENT = "eu-west-1", "eu-west-1_a1B2c3D4E", "1example23456789"
KEY = rsa.generate_private_key(65537, 2048)
JWKS = {"keys": [{**RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True), "kid": "key", "alg": "RS256", "use": "sig"}]}


def token(**claims):
    now = int(time.time()) - 5
    one = "11111111-2222-3333-4444-555555555555"
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}"
    frame = dict(sub=one, iss=issuer, iat=now, exp=now + 3600, auth_time=now, jti=one, origin_jti=one, event_id=one)
    access = dict(token_use="access", client_id=CLIENT, username="user", scope="openid", version=2)
    kept = {name: value for name, value in {**frame, **access, **claims}.items() if value is not None}
    return jwt.encode(kept, KEY, algorithm="RS256", headers={"kid": "key"})


TOKENS = {
    "user": token(),
    "aud client": token(aud=CLIENT),
    "aud API": token(aud="https://api.example.com"),
    "no scope": token(scope=None),
    "machine": token(sub=CLIENT, username=None, scope="api/read", event_id=None, origin_jti=None),
}


class Answer:
    status_code, headers = 200, {}

    def raise_for_status(self):
        pass

    def json(self):
        return JWKS


json.dump(JWKS, open("jwks.json", "w"))
os.environ.update(REGION=REGION, COGNITO_USER_POOL_ID=POOL)
os.environ.update(COGNITO_APP_CLIENT_ID=CLIENT, AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b")
requests.get = lambda *_, **__: Answer()
jwt.PyJWKClient.fetch_data = lambda self: JWKS
settings.configure()


def fastapi(dependency):
    app = FastAPI()

    @app.get("/")
    def page(_=Depends(dependency)):
        return "in"

    client = TestClient(app, raise_server_exceptions=False)
    return lambda given: client.get("/", headers={"Authorization": f"Bearer {given}"}).status_code


def plain(verify):
    def tried(given):
        try:
            return "taken" if verify(given) else "refused"
        except Exception as error:
            assert type(error).__name__ in ("TokenError", "TokenVerifyError", "TokenValidationError"), repr(error)
            return "refused"

    return tried


def fastapi_cognito():
    from fastapi_cognito import CognitoAuth

    class Settings:
        check_expiration, jwt_header_prefix, jwt_header_name = True, "Bearer", "Authorization"
        pool = dict(region=REGION, userpool_id=POOL, app_client_id=CLIENT, jwks_url=os.path.abspath("jwks.json"))
        userpools = {"eu": pool}

    return fastapi(CognitoAuth(settings=Settings()).auth_required)


def cloudauth():
    from fastapi_cloudauth.cognito import Cognito

    return fastapi(Cognito(region=REGION, userPoolId=POOL, client_id=CLIENT))


def rivia():
    from rivia_cognito_authorizer.main import verify_token

    def verify(given):
        try:
            return verify_token(type("Bearer", (), {"credentials": given}))
        except ValueError:
            return None

    return plain(verify)


def django():
    from django_cognito_jwt2.validator import TokenValidator

    return plain(TokenValidator(REGION, POOL, CLIENT).validate)


def flask():
    from flask_cognito_lib.config import Config
    from flask_cognito_lib.services.token_svc import TokenService

    app = Flask("app")
    app.config.update(SECRET_KEY="example", AWS_REGION=REGION, AWS_COGNITO_USER_POOL_ID=POOL)
    app.config.update(AWS_COGNITO_USER_POOL_CLIENT_ID=CLIENT)

    def verify(given):
        with app.app_context():
            return TokenService(Config()).verify_access_token(given)

    return plain(verify)


def machines():
    from m2m_cognito.validator import CognitoAccessTokenValidator

    validator = CognitoAccessTokenValidator(region=REGION, user_pool_id=POOL, allowed_client_ids=[CLIENT])
    return plain(validator.validate)


LIBRARIES = {
    "fastapi-cognito": fastapi_cognito,
    "fastapi-cloudauth": cloudauth,
    "rivia-cognito-authorizer": rivia,
    "django-cognito-jwt2": django,
    "flask-cognito-lib": flask,
    "m2m-cognito": machines,
}
for name, made in LIBRARIES.items():
    verify = made()
    print(f"{name}: " + ", ".join(f"{kind} {verify(given)}" for kind, given in TOKENS.items()))
PY
env -i PATH="$PATH" HOME="$work" env/bin/python verify.py 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
fastapi-cognito: user 200, aud client 200, aud API 200, no scope 500, machine 500
fastapi-cloudauth: user 200, aud client 200, aud API 401, no scope 200, machine 200
rivia-cognito-authorizer: user refused, aud client taken, aud API refused, no scope refused, machine refused
django-cognito-jwt2: user refused, aud client taken, aud API refused, no scope refused, machine refused
flask-cognito-lib: user taken, aud client taken, aud API taken, no scope taken, machine taken
m2m-cognito: user taken, aud client taken, aud API taken, no scope taken, machine taken
EXPECTED
echo 'as found'
