#!/usr/bin/env bash
# AWS CLI 1.46.3 (awscli from PyPI) and 2.38.5 (out of the PyPI package aws-cdk-asset-awscli-v2 2.0.198).
#
# Guess: the AWS CLI follows NextToken in each list command of Cognito, as it does by default, so that
#   `list-user-pools --max-results 60` prints the pools of all pages.
# Behaviour: `--max-results` is required for `list-user-pools` alone, because the model requires MaxResults, and a
#   paging parameter that is given by hand turns paging off. So the command never prints more than one page (60
#   pools at most). `--page-size` and `--max-items` do not help: without `--max-results` they are refused, and with it
#   too. `list-user-pool-clients`, `list-groups`, `list-identity-providers` and `list-resource-servers` follow
#   NextToken. `list-terms`, `list-user-pool-client-secrets` and `list-user-pool-replicas` take a token, have no
#   paginator, and print one page. The exit code is 0 each time; only the NextToken in the output tells.
# Output seen, the same for both versions (the server has two pages of one element):
#   list-user-pools --max-results 60: 1 call, 1 element
#   list-user-pools --page-size 60: refused
#   list-user-pools --max-items 100: refused
#   list-user-pools --max-results 60 --max-items 100: refused
#   list-user-pools --max-results 60 --page-size 60: refused
#   list-user-pool-clients: 2 calls, 2 elements
#   list-groups: 2 calls, 2 elements
#   list-identity-providers: 2 calls, 2 elements
#   list-resource-servers: 2 calls, 2 elements
#   list-terms: 1 call, 1 element
#   list-user-pool-client-secrets: 1 call, 1 element
#   list-user-pool-replicas: 1 call, 1 element
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

# Answers each list call with two pages of one element, and notes the calls.
cat >serve.py <<'PY'
import http.server, json

MEMBERS = {"ListUserPools": ("UserPools", "Id"), "ListUserPoolClients": ("UserPoolClients", "ClientId"),
           "ListGroups": ("Groups", "GroupName"), "ListIdentityProviders": ("Providers", "ProviderName"),
           "ListResourceServers": ("ResourceServers", "Identifier"), "ListTerms": ("Terms", "TermsName"),
           "ListUserPoolClientSecrets": ("ClientSecrets", "ClientSecretId"),
           "ListUserPoolReplicas": ("UserPoolReplicas", "RegionName")}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"].split(".")[-1]
        with open("calls", "a") as calls:
            calls.write(operation + "\n")
        member, name = MEMBERS[operation]
        page = {member: [{name: "b"}]} if asked.get("NextToken") else {member: [{name: "a"}], "NextToken": "next"}
        body = json.dumps(page).encode()
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
exec 3< <(exec python3 serve.py)
server=$!
read -r port <&3

look() {
    local program=$1 command=$2
    : >calls
    if env -i PATH="$PATH" HOME="$work" AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_PAGER= \
        AWS_EC2_METADATA_DISABLED=true "$program" --endpoint-url "http://127.0.0.1:$port" --region eu-west-1 \
        --output json cognito-idp $command >out 2>refused </dev/null; then
        python3 - "$(wc -l <calls)" <<'PY'
import json, sys
pages = json.load(open("out"))
number = sum(len(value) for value in pages.values() if isinstance(value, list))
print(f"{sys.argv[1]} call{'s' * (sys.argv[1] != '1')}, {number} element{'s' * (number != 1)}")
PY
    else
        grep -qE 'max-results|Cannot specify --no-paginate' refused && echo refused
    fi
}
pool='--user-pool-id eu-west-1_a1B2c3D4E'
for program in env/bin/aws "$aws2"; do
    "$program" --version
    for command in 'list-user-pools --max-results 60' 'list-user-pools --page-size 60' \
        'list-user-pools --max-items 100' 'list-user-pools --max-results 60 --max-items 100' \
        'list-user-pools --max-results 60 --page-size 60' "list-user-pool-clients $pool" "list-groups $pool" \
        "list-identity-providers $pool" "list-resource-servers $pool" "list-terms $pool" \
        "list-user-pool-client-secrets $pool --client-id a" "list-user-pool-replicas $pool"; do
        echo "${command%% --user-pool-id*}: $(look "$program" "$command")"
    done | tee seen
    diff - seen <<'EXPECTED'
list-user-pools --max-results 60: 1 call, 1 element
list-user-pools --page-size 60: refused
list-user-pools --max-items 100: refused
list-user-pools --max-results 60 --max-items 100: refused
list-user-pools --max-results 60 --page-size 60: refused
list-user-pool-clients: 2 calls, 2 elements
list-groups: 2 calls, 2 elements
list-identity-providers: 2 calls, 2 elements
list-resource-servers: 2 calls, 2 elements
list-terms: 1 call, 1 element
list-user-pool-client-secrets: 1 call, 1 element
list-user-pool-replicas: 1 call, 1 element
EXPECTED
done
echo 'as found'
