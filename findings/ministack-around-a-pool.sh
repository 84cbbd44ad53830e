#!/usr/bin/env bash
# ministack 1.5.33 with boto3 1.43.106 (PyPI): what stands around a user pool.
#
# Guess: the emulator follows the documented rules of the calls: UpdateResourceServer resets what is left out, so the
#   scopes go; a RefreshTokenValidity of 0 is the default, 30 days; a picture given to SetUICustomization is there as
#   ImageUrl; and a domain is deleted only in the name of its own pool, as it is updated only in its own.
# Behaviour: scopes that are left out stay, and 0 stays 0. The picture is dropped without a word, and CSS alone is kept.
#   A second SetUICustomization for an app client with a picture alone takes its CSS off. UpdateUserPoolDomain of
#   another pool is refused, DeleteUserPoolDomain of another pool deletes the domain. A client secret may have `/` in
#   it, which the pattern of the API model, `[\w+]+`, has not. So a test of partial writes passes there that fails on
#   Amazon.
# Output seen:
#   scopes after an update without: read
#   RefreshTokenValidity: 0
#   picture: ImageUrl None, CSS .banner-customizable {}
#   picture alone: CSS ''
#   domain updated by another pool: InvalidParameterException
#   domain deleted by another pool: gone
#   40 secrets, with a slash: some
set -euo pipefail
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
env -i PATH="$PATH" HOME="$work" SERVICES=cognito-idp BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" LOG_LEVEL=ERROR \
    env/bin/ministack >log 2>&1 &
server=$!

cat >ask.py <<'PY'
import socket
import sys
import time

import boto3
from botocore.exceptions import ClientError

port = int(sys.argv[1])
for _ in range(200):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
        break
    except OSError:
        time.sleep(0.1)
cognito = boto3.client("cognito-idp", region_name="eu-west-1", endpoint_url=f"http://127.0.0.1:{port}",
                       aws_access_key_id="a", aws_secret_access_key="b")
one, other = ({"UserPoolId": cognito.create_user_pool(PoolName=name)["UserPool"]["Id"]} for name in ("one", "other"))

server = {**one, "Identifier": "https://api.example.com", "Name": "api"}
cognito.create_resource_server(**server, Scopes=[{"ScopeName": "read", "ScopeDescription": "Reads"}])
found = cognito.update_resource_server(**server)["ResourceServer"]
print("scopes after an update without:", *(scope["ScopeName"] for scope in found.get("Scopes", [])))

client = cognito.create_user_pool_client(**one, ClientName="web", RefreshTokenValidity=0)["UserPoolClient"]
print("RefreshTokenValidity:", client["RefreshTokenValidity"])

cognito.create_user_pool_domain(**one, Domain="login-one")
style = {**one, "ClientId": client["ClientId"]}
cognito.set_ui_customization(**style, CSS=".banner-customizable {}", ImageFile=b"\x89PNG")
found = cognito.get_ui_customization(**style)["UICustomization"]
print(f"picture: ImageUrl {found.get('ImageUrl')}, CSS {found.get('CSS')}")
cognito.set_ui_customization(**style, ImageFile=b"\x89PNG")
print("picture alone: CSS", repr(cognito.get_ui_customization(**style)["UICustomization"].get("CSS")))

try:
    cognito.update_user_pool_domain(**other, Domain="login-one", ManagedLoginVersion=2)
    print("domain updated by another pool: taken")
except ClientError as error:
    print("domain updated by another pool:", error.response["Error"]["Code"])
cognito.delete_user_pool_domain(**other, Domain="login-one")
found = cognito.describe_user_pool_domain(Domain="login-one")["DomainDescription"]
print("domain deleted by another pool:", "there" if found else "gone")

secrets = [cognito.create_user_pool_client(**one, ClientName="web", GenerateSecret=True)["UserPoolClient"]["ClientSecret"]
           for _ in range(40)]
print("40 secrets, with a slash:", "some" if any("/" in secret for secret in secrets) else "none")
PY
env/bin/python ask.py "$port" | tee seen

diff - seen <<'EXPECTED'
scopes after an update without: read
RefreshTokenValidity: 0
picture: ImageUrl None, CSS .banner-customizable {}
picture alone: CSS ''
domain updated by another pool: InvalidParameterException
domain deleted by another pool: gone
40 secrets, with a slash: some
EXPECTED
echo 'as found'
