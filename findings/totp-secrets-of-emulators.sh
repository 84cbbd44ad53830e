#!/usr/bin/env bash
# otplib 13.5.0, otpauth 9.5.2, speakeasy 2.0.0, jsotp 1.0.4, totp-generator 2.0.1, minimal-cognito-totp 1.0.1,
# node-2fa 2.0.3, otp 2.0.1, otp-agent 3.3.1, 2fa-util 1.5.0 and simple-totp 1.4.2 (npm, Node.js 20), PyOTP 2.12.1,
# otpauth 2.2.2, onetimepass 1.0.1 and mintotp 0.3.0 (PyPI): with one of these a test makes the code of a user, once a
# pool has `SoftwareTokenMfaConfiguration`. The secret is what moto 5.2.5, ministack 1.5.33 (PyPI) and cognito-local
# 5.3.0 (npm) answer to AssociateSoftwareToken, beside one of Cognito's form: 32 bytes in base32, 52 characters
# without padding, as in the README of minimal-cognito-totp.
#
# Guess: a secret is a secret. Each library makes the code of RFC 6238 of any of them, so a test that signs in with
#   TOTP at an emulator does so at Cognito, and the other way round.
# Behaviour: onetimepass and simple-totp want whole blocks of eight characters. ministack and cognito-local give 32,
#   so the test passes there, and both refuse every secret of Cognito. moto gives everyone the secret asdfasdfasdf, of
#   12 small letters, whose last bits are no whole byte: of fifteen libraries seven refuse it (small letters, its
#   length, or those bits), and speakeasy and 2fa-util make another code than moto has, without an error; seven of
#   these nine read Cognito's. Tests of a pool with TOTP need a secret of 52 characters too.
# Output seen (Cognito's form, moto, ministack, cognito-local):
#   characters: 52 12 32 32
#   otplib: right refused right right
#   otpauth (npm): right right right right
#   speakeasy: right wrong right right
#   jsotp: right right right right
#   totp-generator: right right right right
#   minimal-cognito-totp: right right right right
#   node-2fa: right right right right
#   otp: right refused right right
#   otp-agent: right refused right right
#   2fa-util: right wrong right right
#   simple-totp: refused refused right right
#   pyotp: right refused right right
#   otpauth (PyPI): right refused right right
#   onetimepass: refused refused right right
#   mintotp: right right right right
set -euo pipefail
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --legacy-peer-deps cognito-local@5.3.0 otplib@13.5.0 otpauth@9.5.2 \
    speakeasy@2.0.0 jsotp@1.0.4 totp-generator@2.0.1 minimal-cognito-totp@1.0.1 node-2fa@2.0.3 otp@2.0.1 \
    otp-agent@3.3.1 2fa-util@1.5.0 simple-totp@1.4.2
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 'moto[cognitoidp]==5.2.5' boto3==1.43.106 \
    pyotp==2.12.1 otpauth==2.2.2 onetimepass==1.0.1 mintotp==0.3.0

free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
ministack=$(free)
env -i PATH="$PATH" HOME="$work" SERVICES=cognito-idp BIND_HOST=127.0.0.1 GATEWAY_PORT="$ministack" LOG_LEVEL=ERROR \
    env/bin/ministack >ministack.said 2>&1 &
servers+=($!)
local=$(free)
env -i PATH="$PATH" HOME="$work" HOST=127.0.0.1 PORT="$local" node node_modules/.bin/cognito-local >local.said 2>&1 &
servers+=($!)

cat >ask.py <<'PY'
"""The secret that an emulator gives a user of a pool with TOTP."""
import contextlib
import socket
import sys
import time

import boto3

emulator, port = sys.argv[1:]
connection = {"region_name": "eu-west-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
played = contextlib.nullcontext()
if emulator == "moto":
    from moto import mock_aws

    played = mock_aws()
else:
    connection["endpoint_url"] = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", int(port))).close()
            break
        except OSError:
            time.sleep(0.1)
with played:
    cognito = boto3.client("cognito-idp", **connection)
    pool = cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    factor = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    cognito.set_user_pool_mfa_config(UserPoolId=pool, **factor)
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="web", ExplicitAuthFlows=flows)
    client = made["UserPoolClient"]["ClientId"]
    user = {"UserPoolId": pool, "Username": "user@example.com"}
    email = [{"Name": "email", "Value": "user@example.com"}]
    cognito.admin_create_user(**user, MessageAction="SUPPRESS", UserAttributes=email)
    cognito.admin_set_user_password(**user, Password="Long-Password-1", Permanent=True)
    given = {"USERNAME": "user@example.com", "PASSWORD": "Long-Password-1"}
    tokens = cognito.initiate_auth(ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=given)
    access = tokens["AuthenticationResult"]["AccessToken"]
    print(cognito.associate_software_token(AccessToken=access)["SecretCode"])
PY
cat >codes.cjs <<'JS'
const secrets = process.argv.slice(3);
const now = Number(process.argv[2]);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now * 1000]));
  }
  static now() {
    return now * 1000;
  }
};
const libraries = {
  otplib: (secret) => require("otplib").generateSync({ secret }),
  "otpauth (npm)": (secret) => new (require("otpauth").TOTP)({ secret }).generate(),
  speakeasy: (secret) => require("speakeasy").totp({ secret, encoding: "base32" }),
  jsotp: (secret) => require("jsotp").TOTP(secret).now(),
  "totp-generator": async (secret) => (await require("totp-generator").TOTP.generate(secret)).otp,
  "minimal-cognito-totp": (secret) => require("minimal-cognito-totp").getTotp(secret),
  "node-2fa": (secret) => require("node-2fa").generateToken(secret).token,
  otp: (secret) => require("otp").OTP.parse(secret).totp(),
  "otp-agent": (secret) => require("otp-agent").generateTOTP({ secret }),
  "2fa-util": (secret) => require("2fa-util").generate(secret),
  "simple-totp": (secret) => require("simple-totp").getTOTP(secret, "base32", now * 1000, 6).totp,
};
(async () => {
  for (const [name, code] of Object.entries(libraries)) {
    const codes = [];
    for (const secret of secrets) {
      try {
        codes.push(await code(secret));
      } catch (error) {
        console.error(name, secret, error.message);
        codes.push("refused");
      }
    }
    console.log([name, ...codes].join("\t"));
  }
})();
JS
cat >codes.py <<'PY'
import base64
import hashlib
import hmac
import struct
import subprocess
import sys
import time

NOW = 1700000000
time.time = lambda: float(NOW)
import mintotp
import onetimepass
import otpauth
import pyotp

with open("secrets") as file:
    secrets = file.read().split()


def rfc(secret):
    """RFC 6238, of the whole bytes of the secret."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", NOW // 30), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def otpauth_code(secret):
    totp = otpauth.TOTP.from_b32encode(secret)
    return totp.string_code(totp.generate(NOW))


LIBRARIES = {
    "pyotp": lambda secret: pyotp.TOTP(secret).at(NOW),
    "otpauth (PyPI)": otpauth_code,
    "onetimepass": lambda secret: onetimepass.get_totp(secret, as_string=True, clock=NOW).decode(),
    "mintotp": mintotp.totp,
}


def code(name, library, secret):
    try:
        return library(secret)
    except Exception as error:
        print(name, secret, error, file=sys.stderr)
        return "refused"


lines = [[name, *(code(name, one, secret) for secret in secrets)] for name, one in LIBRARIES.items()]
node = subprocess.run(["node", "codes.cjs", str(NOW), *secrets], stdout=subprocess.PIPE, check=True, text=True)
lines = [line.split("\t") for line in node.stdout.splitlines()] + lines
print("characters:", *(len(secret) for secret in secrets))
for name, *codes in lines:
    verdicts = ["right" if one == rfc(secret) else one for one, secret in zip(codes, secrets)]
    print(f"{name}:", *("wrong" if verdict.isdigit() else verdict for verdict in verdicts))
PY
# The first secret is of the form that Cognito gives: 32 bytes, without padding.
{
    echo A4EASCQLBQGQ4DYQCEJBGFAVCYLRQGI2DMOB2HQ7EAQSEIZEEUTA
    env/bin/python -W ignore ask.py moto 0
    env/bin/python -W ignore ask.py ministack "$ministack"
    env/bin/python -W ignore ask.py cognito-local "$local"
} >secrets
env -i PATH="$PATH" HOME="$work" env/bin/python codes.py 2>said | tee seen || { cat said; exit 1; }

diff - seen <<'EXPECTED'
characters: 52 12 32 32
otplib: right refused right right
otpauth (npm): right right right right
speakeasy: right wrong right right
jsotp: right right right right
totp-generator: right right right right
minimal-cognito-totp: right right right right
node-2fa: right right right right
otp: right refused right right
otp-agent: right refused right right
2fa-util: right wrong right right
simple-totp: refused refused right right
pyotp: right refused right right
otpauth (PyPI): right refused right right
onetimepass: refused refused right right
mintotp: right right right right
EXPECTED
echo 'as found'
