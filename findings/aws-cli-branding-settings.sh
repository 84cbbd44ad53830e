#!/usr/bin/env bash
# AWS CLI 1.46.3 (awscli from PyPI) and 2.38.5 (out of the PyPI package aws-cdk-asset-awscli-v2 2.0.198): `Settings` of
# a managed login style, a free JSON document.
#
# Guess: `--settings` goes out as the JSON that was given; anything but an object is refused; what
#   describe-managed-login-branding prints is what the service sent, in any output form.
# Behaviour: numbers pass through a double in both directions: `1e2` becomes 100.0 and a long decimal is cut, where
#   whole numbers of any length stay. `1e400`, a number in JSON, is sent as `Infinity`, which is none, so the whole
#   request is no JSON. A text is taken as the document too, so a style that was encoded twice, `"{\"a\": 1}"`, leaves
#   without a word, and so does a list. In version 2 the output forms disagree: JSON keeps the order of the keys, YAML
#   sorts them. Version 1 has no YAML.
# Output seen, the same for both versions but for the last line (the Settings sent, then the keys printed):
#   {"z": 1e2, "d": 0.12345678901234567890, "n": 12345678901234567890}: {"z": 100.0, "d": 0.12345678901234568, "n": 12345678901234567890}
#   {"z": 1e400}: {"z": Infinity}
#   "{\"a\": 1}": "{\"a\": 1}"
#   [1]: [1]
#   printed by version 1: json zebra apple
#   printed by version 2: json zebra apple, yaml apple zebra
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3
env/bin/pip download --quiet --disable-pip-version-check --no-deps aws-cdk-asset-awscli-v2==2.0.198
python3 -m zipfile -e aws_cdk_asset_awscli_v2-*.whl wheel
tar -xzf wheel/aws_cdk/asset_awscli_v2/_jsii/*.tgz
python3 -m zipfile -e package/lib/layer.zip cli
aws2=$(find cli -path '*/dist/aws')
chmod +x "$aws2"

# Keeps the last request, and answers with a style of two keys.
cat >serve.py <<'PY'
import http.server

STYLE = b'{"ManagedLoginBranding": {"Settings": {"zebra": 1, "apple": 2}}}'


class Handler(http.server.BaseHTTPRequestHandler):
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


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

style=(--user-pool-id eu-west-1_a1B2c3D4E --managed-login-branding-id 7a3b1c2d-1111-4222-8333-444455556666)
call() { # PROGRAM OPERATION OPTION…
    local program=$1 operation=$2
    shift 2
    env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_DEFAULT_REGION=eu-west-1 \
        "$program" --endpoint-url "http://127.0.0.1:$port" cognito-idp "$operation" "${style[@]}" "$@"
}
keys() { call "$1" describe-managed-login-branding --output "$2" | grep -oE 'zebra|apple' | xargs echo "$2"; }

for program in env/bin/aws "$aws2"; do
    for settings in '{"z": 1e2, "d": 0.12345678901234567890, "n": 12345678901234567890}' '{"z": 1e400}' '"{\"a\": 1}"' '[1]'; do
        call "$program" update-managed-login-branding --settings "$settings" >answer
        echo "$settings: $(sed -E 's/.*"Settings": (.*)\}$/\1/' sent)"
    done
done | LC_ALL=C sort | uniq -c | tee seen
{
    echo "printed by version 1: $(keys env/bin/aws json)"
    echo "printed by version 2: $(keys "$aws2" json), $(keys "$aws2" yaml)"
} | tee -a seen

diff -b - seen <<'EXPECTED'
      2 "{\"a\": 1}": "{\"a\": 1}"
      2 [1]: [1]
      2 {"z": 1e2, "d": 0.12345678901234567890, "n": 12345678901234567890}: {"z": 100.0, "d": 0.12345678901234568, "n": 12345678901234567890}
      2 {"z": 1e400}: {"z": Infinity}
printed by version 1: json zebra apple
printed by version 2: json zebra apple, yaml apple zebra
EXPECTED
echo 'as found'
