#!/usr/bin/env bash
# AWS CLI 2.38.5 (out of the PyPI package aws-cdk-asset-awscli-v2 2.0.198), its output read by PyYAML 6.0.3.
#
# Guess: `aws cognito-idp describe-user-pool --output yaml` quotes each text that a YAML reader could take
# for something else, so that PyYAML reads the user pool that JSON shows.
# Behaviour: it quotes '012', '1_000', '0b11', '=', '<<' and dates, some of which only YAML 1.1 gives a
# meaning, but not `OFF`, `NO`, `on` and `12:30:00`. PyYAML's safe_load, which reads YAML 1.1, gets
# booleans for the first three and the number 45000 for the last: `MfaConfiguration` of a pool without MFA is False.
# Output seen:
#   MfaConfiguration: False instead of 'OFF'
#   UserPoolTags.answer: True instead of 'on'
#   UserPoolTags.country: False instead of 'NO'
#   UserPoolTags.window: 45000 instead of '12:30:00'
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check PyYAML==6.0.3
env/bin/pip download --quiet --disable-pip-version-check --no-deps aws-cdk-asset-awscli-v2==2.0.198
python3 -m zipfile -e aws_cdk_asset_awscli_v2-*.whl wheel
tar -xzf wheel/aws_cdk/asset_awscli_v2/_jsii/*.tgz
python3 -m zipfile -e package/lib/layer.zip cli
aws=$(find cli -path '*/dist/aws')
chmod +x "$aws"

cat >serve.py <<'PY'
import http.server, json
POOL = {"Id": "eu-west-1_a1B2c3D4E", "Name": "customers", "MfaConfiguration": "OFF", "UserPoolTags": {
    "answer": "on", "country": "NO", "window": "12:30:00", "number": "012", "grouped": "1_000",
    "bits": "0b11", "sign": "=", "merge": "<<", "day": "2024-01-01"}}
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"UserPool": POOL}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 serve.py >port &
server=$!
for _ in $(seq 50); do [ -s port ] && break; sleep 0.1; done

export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_DEFAULT_REGION=eu-west-1 AWS_PAGER= HOME="$work"
describe() {
    "$aws" --endpoint-url "http://127.0.0.1:$(cat port)" cognito-idp describe-user-pool \
        --user-pool-id eu-west-1_a1B2c3D4E --output "$1"
}
"$aws" --version
describe json >pool.json
describe yaml >pool.yaml

env/bin/python - <<'PY'
import json, sys, yaml
shown = json.load(open("pool.json"))["UserPool"]
read = yaml.safe_load(open("pool.yaml"))["UserPool"]
found = {}
def compare(path, a, b):
    if isinstance(a, dict):
        for name in a:
            compare(f"{path}.{name}".lstrip("."), a[name], b[name])
    elif a != b or type(a) is not type(b):
        found[path] = b
        print(f"{path}: {b!r} instead of {a!r}")
compare("", shown, read)
expected = {"MfaConfiguration": False, "UserPoolTags.answer": True, "UserPoolTags.country": False,
            "UserPoolTags.window": 45000}
sys.exit(found != expected)
PY
