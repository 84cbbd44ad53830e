#!/usr/bin/env bash
# @aws-crypto/client-node 5.0.2 with @aws-sdk/client-kms 3.1164.0, and cognito-local 5.3.0 (npm, Node.js 20),
# aws-encryption-sdk 4.0.7, aws-encryption-sdk-cli 4.3.0 and the data masking of aws-lambda-powertools 3.37.0 (PyPI):
# the code that a custom sender (`LambdaConfig.CustomEmailSender` or `CustomSMSSender`) decrypts with the key of
# `KMSKeyID`. The key is one of moto 5.2.5 (PyPI). Cognito's message is made here in the form of the one in
# awslabs/aws-sdk-rust#1250: version 1, suite 0x0378, `userpool-id` in its context, and one data key under the ARN of
# the key.
#
# Guess: the current AWS Encryption SDK reads what Cognito sends with a setting or two, the data masking of Powertools
#   is that SDK, and an emulator sends a message of the same kind, so a sender that works there works at Cognito.
# Behaviour: with its defaults the SDK reads no code of Cognito, since the message has no key commitment: the policy
#   RequireEncryptAllowDecrypt is needed. cognito-local sends a message of version 2 with commitment, without the
#   `userpool-id` and with two data keys, so the verdict of a test there is turned round: the default policy passes in
#   the test and fails at Cognito, and a limit of one data key fails in the test and passes at Cognito. With the alias
#   in place of the ARN of the key neither is read. Powertools cannot set the policy, so it never reads a code of
#   Cognito. Given a client that can, it demands the context too, and then takes the secret for JSON: 123456 becomes a
#   number, and a code that begins with 0 or a temporary password is an error. So test a custom sender with a message
#   of Cognito's form.
# Output seen (Cognito's message, cognito-local's message):
#   client-node, defaults: refused, "012345"
#   client-node, allow policy: "012345", "012345"
#   client-node, allow policy, the alias as key: refused, refused
#   client-node, allow policy, one data key at most: "012345", refused
#   aws-encryption-sdk, defaults: refused, b'012345'
#   aws-encryption-sdk, allow policy: b'012345', b'012345'
#   aws-encryption-cli, defaults: refused, 012345
#   aws-encryption-cli, allow policy: 012345, 012345
#   Powertools: refused, JSONDecodeError
#   Powertools, its client replaced: DataMaskingContextMismatchError, JSONDecodeError
#   Powertools, its client replaced, the context given: JSONDecodeError, DataMaskingContextMismatchError
#   Powertools, both, the code 123456: 123456 (int)
set -euo pipefail
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cognito-local@5.3.0 @aws-crypto/client-node@5.0.2 @aws-sdk/client-kms@3.1164.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-encryption-sdk==4.0.7 'moto[server]==5.2.5' \
    'aws-lambda-powertools[datamasking]==3.37.0'
# The program demands an older major version of the SDK.
python3 -m venv cli
cli/bin/pip install --quiet --disable-pip-version-check aws-encryption-sdk-cli==4.3.0

free() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
kms=$(free)
plain=(env -i "PATH=$PATH" "HOME=$work" AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1 AWS_ACCESS_KEY_ID=test
    AWS_SECRET_ACCESS_KEY=test "AWS_ENDPOINT_URL=http://127.0.0.1:$kms")
"${plain[@]}" env/bin/moto_server -H 127.0.0.1 -p "$kms" >moto.said 2>&1 &
servers+=($!)

cat >make.py <<'PY'
import base64
import json
import os
import socket
import subprocess
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import aws_encryption_sdk
import boto3
from aws_encryption_sdk.identifiers import AlgorithmSuite, CommitmentPolicy

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


def wait(port):
    for _ in range(300):
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)


wait(int(ENDPOINT.rpartition(":")[2]))
kms = boto3.client("kms")
key = kms.create_key()["KeyMetadata"]["Arn"]
alias = key.rpartition(":")[0] + ":alias/codes"
kms.create_alias(AliasName="alias/codes", TargetKeyId=key)

client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
provider = aws_encryption_sdk.StrictAwsKmsMasterKeyProvider(key_ids=[key])
suite = AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384
given = {"key_provider": provider, "algorithm": suite, "encryption_context": {"userpool-id": "eu-west-1_a1B2c3D4E"}}
messages = {}
for name, secret in {"cognito": "012345", "cognito, no leading zero": "123456"}.items():
    message, _ = client.encrypt(source=secret.encode(), **given)
    assert message[:4] == b"\x01\x80\x03\x78"
    messages[name] = base64.b64encode(message).decode()

# The emulator, with a function that is played here.
events = []


class Function(BaseHTTPRequestHandler):
    def do_POST(self):
        events.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


function = HTTPServer(("127.0.0.1", 0), Function)
Thread(target=function.serve_forever, daemon=True).start()
credentials = {"credentials": {"accessKeyId": "test", "secretAccessKey": "test"}, "region": "eu-west-1"}
config = {
    "TriggerFunctions": {"CustomEmailSender": "sender"},
    "LambdaClient": {"endpoint": f"http://127.0.0.1:{function.server_port}", **credentials},
    "KMSConfig": {"KMSKeyId": key, "KMSKeyAlias": alias, "endpoint": ENDPOINT, **credentials},
}
os.mkdir(".cognito")
with open(".cognito/config.json", "w") as file:
    json.dump(config, file)
with socket.socket() as one:
    one.bind(("127.0.0.1", 0))
    port = one.getsockname()[1]
frame = {"PATH": os.environ["PATH"], "HOST": "127.0.0.1", "PORT": str(port), "CODE": "012345"}
emulator = subprocess.Popen(["node", "node_modules/.bin/cognito-local"], env=frame, stdout=2)
try:
    wait(port)
    cognito = boto3.client("cognito-idp", endpoint_url=f"http://127.0.0.1:{port}")
    pool = cognito.create_user_pool(PoolName="pool", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
    app = cognito.create_user_pool_client(UserPoolId=pool, ClientName="web")["UserPoolClient"]["ClientId"]
    email = [{"Name": "email", "Value": "user@example.com"}]
    cognito.sign_up(ClientId=app, Username="user@example.com", Password="Long-Password-1", UserAttributes=email)
finally:
    emulator.kill()
messages["cognito-local"] = events[0]["request"]["code"]
assert base64.b64decode(messages["cognito-local"])[:3] == b"\x02\x05\x78"
with open("made.json", "w") as file:
    json.dump({"key": key, "alias": alias, "messages": messages}, file)
PY
cat >read.cjs <<'JS'
const { buildClient, CommitmentPolicy, KmsKeyringNode } = require("@aws-crypto/client-node");
const { key, alias, messages } = JSON.parse(require("fs").readFileSync("made.json"));
const commitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT;
async function show(name, options, id = key) {
  const read = [];
  for (const kind of ["cognito", "cognito-local"]) {
    try {
      const keyring = new KmsKeyringNode({ keyIds: [id] });
      const { plaintext } = await buildClient(options).decrypt(keyring, Buffer.from(messages[kind], "base64"));
      read.push(JSON.stringify(plaintext.toString()));
    } catch (error) {
      console.error(name, kind, error.message);
      read.push("refused");
    }
  }
  console.log(`client-node, ${name}: ${read.join(", ")}`);
}
(async () => {
  await show("defaults");
  await show("allow policy", { commitmentPolicy });
  await show("allow policy, the alias as key", { commitmentPolicy }, alias);
  await show("allow policy, one data key at most", { commitmentPolicy, maxEncryptedDataKeys: 1 });
})();
JS
cat >read.py <<'PY'
import base64
import json
import subprocess
import sys

import aws_encryption_sdk
from aws_encryption_sdk.exceptions import ActionNotAllowedError
from aws_encryption_sdk.identifiers import CommitmentPolicy
from aws_lambda_powertools.utilities.data_masking import DataMasking
from aws_lambda_powertools.utilities.data_masking.provider.kms.aws_encryption_sdk import AWSEncryptionSDKProvider

with open("made.json") as file:
    made = json.load(file)
allow = CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT


def show(name, read, kinds=("cognito", "cognito-local")):
    seen = []
    for kind in kinds:
        try:
            seen.append(read(made["messages"][kind]))
        except ActionNotAllowedError as error:
            print(name, kind, error, file=sys.stderr)
            seen.append("refused")
        except Exception as error:
            print(name, kind, error, file=sys.stderr)
            seen.append(type(error).__name__)
    print(f"{name}: {', '.join(seen)}")


def sdk(**settings):
    client = aws_encryption_sdk.EncryptionSDKClient(**settings)
    provider = aws_encryption_sdk.StrictAwsKmsMasterKeyProvider(key_ids=[made["key"]])
    return lambda code: repr(client.decrypt(source=base64.b64decode(code), key_provider=provider)[0])


def program(*settings):
    def read(code):
        command = ["cli/bin/aws-encryption-cli", "--decrypt", "-S", "--decode", "--input", "-", "--output", "-"]
        keys = ["--wrapping-keys", f"key={made['key']}"]
        ended = subprocess.run([*command, *keys, *settings], input=code.encode(), capture_output=True)
        print(ended.stderr.decode(), file=sys.stderr)
        assert not ended.returncode or b"ActionNotAllowedError" in ended.stderr
        return "refused" if ended.returncode else ended.stdout.decode()

    return read


def powertools(replaced=False, **context):
    def read(code):
        provider = AWSEncryptionSDKProvider([made["key"]])
        if replaced:
            provider._key_provider.client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=allow)
        secret = DataMasking(provider=provider).decrypt(code, **context)
        return f"{secret} ({type(secret).__name__})"

    return read


show("aws-encryption-sdk, defaults", sdk())
show("aws-encryption-sdk, allow policy", sdk(commitment_policy=allow))
show("aws-encryption-cli, defaults", program())
show("aws-encryption-cli, allow policy", program("--commitment-policy", "require-encrypt-allow-decrypt"))
context = {"userpool-id": "eu-west-1_a1B2c3D4E"}
show("Powertools", powertools())
show("Powertools, its client replaced", powertools(True))
show("Powertools, its client replaced, the context given", powertools(True, **context))
show("Powertools, both, the code 123456", powertools(True, **context), ["cognito, no leading zero"])
PY
"${plain[@]}" env/bin/python make.py >make.said 2>&1 || { cat make.said; exit 1; }
"${plain[@]}" node read.cjs 2>js.said >js.seen || { cat js.said; exit 1; }
"${plain[@]}" env/bin/python read.py 2>python.said >python.seen || { cat python.said; exit 1; }
cat js.seen python.seen | tee seen

diff - seen <<'EXPECTED'
client-node, defaults: refused, "012345"
client-node, allow policy: "012345", "012345"
client-node, allow policy, the alias as key: refused, refused
client-node, allow policy, one data key at most: "012345", refused
aws-encryption-sdk, defaults: refused, b'012345'
aws-encryption-sdk, allow policy: b'012345', b'012345'
aws-encryption-cli, defaults: refused, 012345
aws-encryption-cli, allow policy: 012345, 012345
Powertools: refused, JSONDecodeError
Powertools, its client replaced: DataMaskingContextMismatchError, JSONDecodeError
Powertools, its client replaced, the context given: JSONDecodeError, DataMaskingContextMismatchError
Powertools, both, the code 123456: 123456 (int)
EXPECTED
echo 'as found'
