#!/usr/bin/env bash
# @aws-sdk/client-cognito-identity-provider 3.1169.0 (Node.js 20) and botocore 1.44.8 (Python).
#
# Guess: `Settings` of a managed login style, a free JSON document, goes to the service as JSON.stringify or
#   json.dumps writes it; what JSON has no form for is refused; and what an SDK can send, it can read.
# Behaviour: the JavaScript SDK has rules of its own. A Date becomes its seconds since 1970, a number (JSON.stringify:
#   an ISO text). `undefined` in an array goes, so that the elements after it move up (JSON.stringify: null). A
#   BigInt becomes a number (JSON.stringify throws), with all digits; read back, it is rounded to a double. NaN is sent
#   as the text "NaN". botocore refuses a datetime, keeps all digits both ways, and sends NaN as it is.
#   For a map of strings the JavaScript SDK leaves null out without a word, and so it does in a list of an enum;
#   botocore refuses both.
# Output seen:
#   JavaScript Date(86400000): 86400
#   JavaScript [undefined, 1]: [1]
#   JavaScript 12345678901234567890n: 12345678901234567890
#   JavaScript NaN: "NaN"
#   JavaScript UserPoolTags {a: null, b: 'x'}: {"b":"x"}
#   JavaScript AutoVerifiedAttributes [null, 'email']: ["email"]
#   JavaScript reads 12345678901234567890: number 12345678901234567000
#   Python datetime: refused
#   Python 12345678901234567890: 12345678901234567890
#   Python nan: NaN
#   Python UserPoolTags {'a': None, 'b': 'x'}: refused
#   Python AutoVerifiedAttributes [None, 'email']: refused
#   Python reads 12345678901234567890: int 12345678901234567890
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

npm install --silent --no-audit --no-fund @aws-sdk/client-cognito-identity-provider@3.1169.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

# Notes the last request, and answers with a style whose settings have one long number.
cat >serve.py <<'PY'
import http.server

STYLE = b'{"ManagedLoginBranding": {"Settings": {"v": 12345678901234567890}}}'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        with open("sent", "wb") as file:
            file.write(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(STYLE)))
        self.end_headers()
        self.wfile.write(STYLE)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

cat >ask.mjs <<'JS'
import fs from "node:fs";
import * as sdk from "@aws-sdk/client-cognito-identity-provider";

const client = new sdk.CognitoIdentityProviderClient({
  region: "eu-west-1",
  endpoint: `http://127.0.0.1:${process.argv[2]}`,
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
});
const pool = { UserPoolId: "eu-west-1_a1B2c3D4E" };
const sent = (member) => fs.readFileSync("sent", "utf8").match(new RegExp(`"${member}":(.*?)}?}$`))[1];
for (const [name, v] of [
  ["Date(86400000)", new Date(86400000)],
  ["[undefined, 1]", [undefined, 1]],
  ["12345678901234567890n", 12345678901234567890n],
  ["NaN", NaN],
]) {
  await client.send(new sdk.CreateManagedLoginBrandingCommand({ ...pool, ClientId: "abc", Settings: { v } }));
  console.log(`JavaScript ${name}: ${sent("v")}`);
}
await client.send(new sdk.UpdateUserPoolCommand({ ...pool, UserPoolTags: { a: null, b: "x" } }));
console.log(`JavaScript UserPoolTags {a: null, b: 'x'}: ${JSON.stringify(JSON.parse(fs.readFileSync("sent")).UserPoolTags)}`);
await client.send(new sdk.UpdateUserPoolCommand({ ...pool, AutoVerifiedAttributes: [null, "email"] }));
console.log(`JavaScript AutoVerifiedAttributes [null, 'email']: ${sent("AutoVerifiedAttributes")}`);
const style = await client.send(new sdk.DescribeManagedLoginBrandingCommand({ ...pool, ManagedLoginBrandingId: "a" }));
const { v } = style.ManagedLoginBranding.Settings;
console.log(`JavaScript reads 12345678901234567890: ${typeof v} ${v}`);
JS

cat >ask.py <<'PY'
import datetime, json, re, sys

from botocore.exceptions import ParamValidationError
from botocore.session import Session

client = Session().create_client("cognito-idp", region_name="eu-west-1", aws_access_key_id="a",
                                 aws_secret_access_key="b", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}")
pool = {"UserPoolId": "eu-west-1_a1B2c3D4E"}


def show(name, call, members):
    try:
        call(**pool, **members)
        print(f"Python {name}:", re.search(r'"v": (.*?)}}$', open("sent").read())[1])
    except ParamValidationError:
        print(f"Python {name}: refused")


for name, value in (("datetime", datetime.datetime(1970, 1, 2)), ("12345678901234567890", 12345678901234567890),
                    ("nan", float("nan"))):
    show(name, client.create_managed_login_branding, {"ClientId": "abc", "Settings": {"v": value}})
show("UserPoolTags {'a': None, 'b': 'x'}", client.update_user_pool, {"UserPoolTags": {"a": None, "b": "x"}})
show("AutoVerifiedAttributes [None, 'email']", client.update_user_pool, {"AutoVerifiedAttributes": [None, "email"]})
style = client.describe_managed_login_branding(**pool, ManagedLoginBrandingId="7a3b1c2d-1111-4222-8333-444455556666")
value = style["ManagedLoginBranding"]["Settings"]["v"]
print(f"Python reads 12345678901234567890: {type(value).__name__} {value}")
PY

{
    env -i PATH="$PATH" HOME="$work" node ask.mjs "$port" 2>warnings
    env -i PATH="$PATH" HOME="$work" env/bin/python ask.py "$port"
} | tee seen

diff - seen <<'EXPECTED'
JavaScript Date(86400000): 86400
JavaScript [undefined, 1]: [1]
JavaScript 12345678901234567890n: 12345678901234567890
JavaScript NaN: "NaN"
JavaScript UserPoolTags {a: null, b: 'x'}: {"b":"x"}
JavaScript AutoVerifiedAttributes [null, 'email']: ["email"]
JavaScript reads 12345678901234567890: number 12345678901234567000
Python datetime: refused
Python 12345678901234567890: 12345678901234567890
Python nan: NaN
Python UserPoolTags {'a': None, 'b': 'x'}: refused
Python AutoVerifiedAttributes [None, 'email']: refused
Python reads 12345678901234567890: int 12345678901234567890
EXPECTED
echo 'as found'
