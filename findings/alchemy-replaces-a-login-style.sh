#!/usr/bin/env bash
# alchemy 0.94.0 (npm, Node.js 20), which deploys any type of CloudFormation through Cloud Control: a user pool with an
# app client and a style of its login pages. Cloud Control is played here: it keeps what it is given, leaves write-only
# properties out of its answers, and refuses a second style of a client, as Cognito does.
#
# Guess: a change of a style's `Settings` is an update in place, like one of the pool's settings. `adopt: true` takes
#   over the pool that has the name of the program. A pool that leaves the program stays, or the run asks first.
# Behaviour: a style is replaced at each change. alchemy compares the properties that cannot change with the answer of
#   Cloud Control. `ClientId` of a style is write-only there (schema of 2026-10-20), so it is in no answer and always
#   "has changed". alchemy creates a second style before it deletes the first, which Cognito refuses, since a client has
#   one: the run ends with an error, and no change of a style gets through. `adopt` acts on a refused creation only;
#   names of pools are not unique, so it makes a second pool beside the first. A pool that leaves the program is deleted
#   in that run, without a question. Settings of the pool are sent as a patch of what the program changed, so settings
#   that another tool wrote are not in it.
# Output seen (what is sent for each change, without reads):
#   first run, with adopt, beside a pool of that name: CreateResource UserPool UserPoolClient ManagedLoginBranding
#   MinimumLength of the pool: UpdateResource UserPool replace /Policies/PasswordPolicy/MinimumLength
#   AccessTokenValidity of the client: UpdateResource UserPoolClient replace /AccessTokenValidity
#   Settings of the style: CreateResource ManagedLoginBranding; the run fails: AlreadyExists
#   everything leaves the program: DeleteResource ManagedLoginBranding UserPoolClient UserPool
set -euo pipefail
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps alchemy@0.94.0

cat >play.py <<'PY'
import http.server
import itertools
import json
import os

WRITE_ONLY = {"ManagedLoginBranding": ["ClientId", "ReturnMergedResources"], "UserPool": ["EnabledMfas"]}
IDS = {"ManagedLoginBranding": "ManagedLoginBrandingId", "UserPoolClient": "ClientId", "UserPool": "UserPoolId"}
made = {"pool-0": ("UserPool", {"UserPoolName": "customers", "UserPoolId": "pool-0"})}
ended = {}
numbers = itertools.count(1)


def create(kind, properties):
    if kind == "ManagedLoginBranding":
        for other, given in made.values():
            if other == kind and given["ClientId"] == properties["ClientId"]:
                return {"OperationStatus": "FAILED", "ErrorCode": "AlreadyExists", "StatusMessage": "one per client"}
    name = f"id-{next(numbers)}"
    made[name] = (kind, {**properties, IDS[kind]: name})
    return {"OperationStatus": "SUCCESS", "Identifier": name}


def update(name, patch):
    for change in patch:
        *parents, last = change["path"].split("/")[1:]
        into = made[name][1]
        for one in parents:
            into = into[one]
        into[last] = change["value"]
    return {"OperationStatus": "SUCCESS", "Identifier": name}


class CloudControl(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        action = self.headers["x-amz-target"].split(".")[1]
        kind = given.get("TypeName", "").removeprefix("AWS::Cognito::")
        if action == "GetResource":
            properties = {key: value for key, value in made[given["Identifier"]][1].items()
                          if key not in WRITE_ONLY.get(kind, [])}
            description = {"Identifier": given["Identifier"], "Properties": json.dumps(properties)}
            answer = {"TypeName": given["TypeName"], "ResourceDescription": description}
        elif action == "GetResourceRequestStatus":
            answer = {"ProgressEvent": ended[given["RequestToken"]]}
        else:
            changes = ""
            if action == "CreateResource":
                event = create(kind, json.loads(given["DesiredState"]))
            elif action == "UpdateResource":
                patch = json.loads(given["PatchDocument"])
                # It adds again what cannot change, with the same value.
                changes = "".join(f" {one['op']} {one['path']}" for one in patch if one["op"] != "add")
                event = update(given["Identifier"], patch)
            elif made.pop(given["Identifier"], None):
                event = {"OperationStatus": "SUCCESS", "Identifier": given["Identifier"]}
            else:
                event = {"OperationStatus": "FAILED", "ErrorCode": "NotFound", "Identifier": given["Identifier"]}
            if event.get("ErrorCode") != "NotFound":
                with open("sent", "a") as file:
                    file.write(f"{action} {kind}{changes}\n")
            token = f"00000000-0000-4000-8000-{len(ended):012}"
            event = ended[token] = {**event, "RequestToken": token, "TypeName": given["TypeName"]}
            answer = {"ProgressEvent": event}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), CloudControl)
with open("port.new", "w") as file:
    file.write(str(server.server_port))
os.rename("port.new", "port")
server.serve_forever()
PY

cat >app.mjs <<'JS'
import alchemy from "alchemy";
import AWS from "alchemy/aws/control";

const [step] = process.argv.slice(2).map(Number);
const app = await alchemy("app", { stage: "dev", phase: "up", quiet: true, telemetry: false });
if (step < 5) {
  const pool = await AWS.Cognito.UserPool("pool", {
    adopt: true,
    UserPoolName: "customers",
    Policies: { PasswordPolicy: { MinimumLength: step < 2 ? 8 : 12 } },
  });
  const client = await AWS.Cognito.UserPoolClient("client", {
    UserPoolId: pool.UserPoolId,
    ClientName: "web",
    AccessTokenValidity: step < 3 ? 1 : 2,
  });
  await AWS.Cognito.ManagedLoginBranding("style", {
    UserPoolId: pool.UserPoolId,
    ClientId: client.ClientId,
    UseCognitoProvidedValues: false,
    Settings: { categories: { global: { colorSchemeMode: step === 4 ? "DARK" : "LIGHT" } } },
  });
}
await app.finalize();
JS

python3 play.py >played 2>&1 &
server=$!
for _ in $(seq 100); do
    if [ -e port ]; then break; fi
    sleep 0.1
done
run() { # the number of the step, its name
    : >sent
    local fails=
    if ! AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_ENDPOINT_URL="http://127.0.0.1:$(<port)" \
        node app.mjs "$1" >said 2>&1; then
        fails="; the run fails: $(grep -o -m 1 AlreadyExists said || tail -n 3 said)"
    fi
    # The name of an operation once, then the types that it was sent for.
    awk -v name="$2" -v fails="$fails" '
        { if ($1 != last) line = line " " $1; last = $1; sub($1 " ", ""); line = line " " $0 }
        END { print name ":" line fails }' sent
}
{
    run 1 'first run, with adopt, beside a pool of that name'
    run 2 'MinimumLength of the pool'
    run 3 'AccessTokenValidity of the client'
    run 4 'Settings of the style'
    run 5 'everything leaves the program'
} | tee seen

diff - seen <<'EXPECTED'
first run, with adopt, beside a pool of that name: CreateResource UserPool UserPoolClient ManagedLoginBranding
MinimumLength of the pool: UpdateResource UserPool replace /Policies/PasswordPolicy/MinimumLength
AccessTokenValidity of the client: UpdateResource UserPoolClient replace /AccessTokenValidity
Settings of the style: CreateResource ManagedLoginBranding; the run fails: AlreadyExists
everything leaves the program: DeleteResource ManagedLoginBranding UserPoolClient UserPool
EXPECTED
echo 'as found'
