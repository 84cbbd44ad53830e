#!/usr/bin/env bash
# AWS CLI 1.46.3 (awscli from PyPI), Python 3.10 or newer.
#
# Guess: a parameter that is given as file://mail.html is sent as it is in the file, so that an e-mail text
# with CRLF line ends arrives at Cognito with them.
#
# Behaviour: the CLI opens file:// in Python's text mode, which turns each CRLF, and each CR of its own,
# into LF. fileb:// keeps the bytes, and is refused for a parameter that is a string. So a text with CR
# goes to Cognito in JSON alone (--cli-input-json), and a text that the console holds with CRLF differs from
# the same file after a round trip through the CLI.
#
# Output seen, the file being `<p>{####}</p>\r\nBye\rnow`:
#   file://   "EmailVerificationMessage": "<p>{####}</p>\nBye\nnow"
#   fileb://  Invalid type for parameter EmailVerificationMessage, …, valid types: <class 'str'>
#   JSON      "EmailVerificationMessage": "<p>{####}</p>\r\nBye\rnow"
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3

# Prints each request's body, and answers as the service does.
cat > serve.py <<'END'
import http.server


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with open("got", "ab") as got:
            got.write(body + b"\n")
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
END
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

printf '<p>{####}</p>\r\nBye\rnow' > mail.html
printf '%s' '{"UserPoolId": "eu-west-1_A", "EmailVerificationMessage": "<p>{####}</p>\r\nBye\rnow"}' > input.json
aws() {
    env -i PATH="$PATH" HOME="$folder" AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing \
        AWS_EC2_METADATA_DISABLED=true venv/bin/aws cognito-idp update-user-pool \
        --region eu-west-1 --endpoint-url "http://127.0.0.1:$port" "$@"
}
aws --user-pool-id eu-west-1_A --email-verification-message file://mail.html
if aws --user-pool-id eu-west-1_A --email-verification-message fileb://mail.html 2> refused; then
    echo 'changed: fileb:// is taken for a string' >&2
    exit 1
fi
grep -q 'Invalid type for parameter EmailVerificationMessage' refused
aws --cli-input-json file://input.json

cat got
grep -qF '"<p>{####}</p>\nBye\nnow"' got
grep -qF '"<p>{####}</p>\r\nBye\rnow"' got
