#!/usr/bin/env bash
# AWS CLI 1.46.3 (awscli from PyPI) and 2.38.5 (out of the PyPI package aws-cdk-asset-awscli-v2 2.0.198).
#
# Guess: `--assets Category=FORM_LOGO,…,Bytes=fileb://logo.png` of create-managed-login-branding uploads the
#   file, as `--image-file fileb://logo.png` of set-ui-customization does, or is refused.
# Behaviour: version 1 uploads the text `fileb://logo.png` as the image, base64-encoded, and ends with 0. The
#   same happens in JSON (`"Bytes": "fileb://logo.png"`). Version 2 refuses both (`Invalid base64`). `Bytes@=fileb://…`
#   reads the file in both versions; JSON has no such form.
#   Version 1 also prints the bytes of describe-managed-login-branding in base64 and encodes them again when they
#   come back, so its own output is not its own input.
# Output seen (what the service gets as Bytes, decoded):
#   1 Bytes=fileb://logo.png: b'fileb://logo.png'
#   1 Bytes@=fileb://logo.png: b'\x89PNG'
#   1 JSON fileb://logo.png: b'fileb://logo.png'
#   1 JSON base64 as printed: b'iVBORw=='
#   2 Bytes=fileb://logo.png: refused
#   2 Bytes@=fileb://logo.png: b'\x89PNG'
#   2 JSON fileb://logo.png: refused
#   2 JSON base64 as printed: b'\x89PNG'
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

# Notes the Bytes of the first asset that it is sent.
cat >serve.py <<'PY'
import base64, http.server, json


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with open("bytes", "w") as file:
            file.write(repr(base64.b64decode(sent["Assets"][0]["Bytes"])))
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

printf '\x89PNG' >logo.png
asset() {
    printf '[{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": "%s"}]' "$1"
}
send() {
    local version=$1 what=$2 assets=$3 program=env/bin/aws
    if [ "$version" = 2 ]; then program=$aws2; fi
    rm -f bytes
    if env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_PAGER= \
        AWS_EC2_METADATA_DISABLED=true "$program" --endpoint-url "http://127.0.0.1:$port" --region eu-west-1 \
        cognito-idp create-managed-login-branding --user-pool-id eu-west-1_a1B2c3D4E \
        --client-id 3n4b5c6d7e8f9g0h1i2j3k4l5m --settings '{}' --assets "$assets" >out 2>refused; then
        echo "$version $what: $(cat bytes)"
    else
        grep -q 'Invalid base64' refused && [ ! -e bytes ] && echo "$version $what: refused"
    fi
}
for version in 1 2; do
    send $version 'Bytes=fileb://logo.png' Category=FORM_LOGO,ColorMode=LIGHT,Extension=PNG,Bytes=fileb://logo.png
    send $version 'Bytes@=fileb://logo.png' Category=FORM_LOGO,ColorMode=LIGHT,Extension=PNG,Bytes@=fileb://logo.png
    send $version 'JSON fileb://logo.png' "$(asset fileb://logo.png)"
    send $version 'JSON base64 as printed' "$(asset iVBORw==)"
done | tee seen

diff - seen <<'EXPECTED'
1 Bytes=fileb://logo.png: b'fileb://logo.png'
1 Bytes@=fileb://logo.png: b'\x89PNG'
1 JSON fileb://logo.png: b'fileb://logo.png'
1 JSON base64 as printed: b'iVBORw=='
2 Bytes=fileb://logo.png: refused
2 Bytes@=fileb://logo.png: b'\x89PNG'
2 JSON fileb://logo.png: refused
2 JSON base64 as printed: b'\x89PNG'
EXPECTED
echo 'as found'
