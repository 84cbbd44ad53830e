#!/usr/bin/env bash
# What botocore makes of a proxy's page in place of Cognito's answer to UpdateUserPool.
#
# Version: botocore 1.44.8 (Python), which the AWS CLI and boto3 stand on; retry mode "standard".
# Guess: a page with HTTP 200 is an error, since it is not the service's JSON; a write is sent again only when the
#   service itself says that it had no effect.
# Seen: a page with HTTP 200 is a success with an empty result, so `aws cognito-idp update-user-pool` behind a
#   login page ends with 0. After a page with 429 or 503 the write, which replaces the whole configuration, is sent
#   again twice. An InternalErrorException, which the model marks as a fault of the service, is not sent again
#   where its status is 400.
# Output seen:
#   200 page: success {}, sent 1 times
#   429 page: error 429, sent 3 times
#   503 page: error 503, sent 3 times
#   403 page: error 403, sent 1 times
#   400 InternalErrorException: error InternalErrorException, sent 1 times
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv python >/dev/null
python/bin/pip install --quiet --disable-pip-version-check botocore==1.44.8

cat >ask.py <<'PYTHON'
import http.server
import threading

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

PAGE = b"<html><body>Please sign in to the network</body></html>"
FAULT = b'{"__type":"InternalErrorException","message":"Something went wrong"}'
answer = {}
requests = []


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        requests.append(self.headers["x-amz-target"])
        self.send_response(answer["status"])
        self.send_header("content-type", answer["type"])
        self.send_header("content-length", str(len(answer["body"])))
        self.end_headers()
        self.wfile.write(answer["body"])


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Session().create_client(
    "cognito-idp",
    region_name="eu-west-1",
    endpoint_url=f"http://127.0.0.1:{server.server_port}",
    aws_access_key_id="a",
    aws_secret_access_key="b",
    config=Config(retries={"mode": "standard"}),
)
cases = [(status, "page", "text/html", PAGE) for status in (200, 429, 503, 403)]
for status, name, kind, body in [*cases, (400, "InternalErrorException", "application/x-amz-json-1.1", FAULT)]:
    answer.update(status=status, type=kind, body=body)
    requests.clear()
    try:
        result = client.update_user_pool(UserPoolId="eu-west-1_a1B2c3D4E", MfaConfiguration="OFF")
        result.pop("ResponseMetadata")
        end = f"success {result}"
    except ClientError as error:
        end = f"error {error.response['Error']['Code']}"
    print(f"{status} {name}: {end}, sent {len(requests)} times")
PYTHON
env -i PATH="$PATH" HOME="$work" python/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
200 page: success {}, sent 1 times
429 page: error 429, sent 3 times
503 page: error 503, sent 3 times
403 page: error 403, sent 1 times
400 InternalErrorException: error InternalErrorException, sent 1 times
EXPECTED
echo 'as found'
