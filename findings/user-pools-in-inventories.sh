#!/usr/bin/env bash
# cartography 0.143.0, cloudwire 0.2.13 and aws-list-all 0.9.2 (PyPI, Python 3.11), which list what an account holds:
# the user pools that they find at a stand-in for the service, and the triggers of these pools.
#
# Guess: each finds every user pool, whatever else is in the Region; one without paging says so after 60 pools, the
#   most that a ListUserPools gives. A graph has an edge for each trigger of each pool.
# Behaviour: cartography asks for user pools only in a Region that has an identity pool. Elsewhere it never calls
#   ListUserPools, without a word, and its clean-up still takes the user pools of earlier runs out of the graph: they
#   vanish once the last identity pool of a Region is deleted. What its node calls `arn` is the id of the pool.
#   cloudwire knows the names of the custom senders, but takes each trigger for an ARN. `CustomEmailSender` and
#   `CustomSMSSender` are objects with an ARN and a version: the first pool with one ends the search for triggers. The
#   pools stay in the graph, most of them without a trigger, and one warning says that the scan failed. aws-list-all
#   asks for 10 pools, not 60, marks the answer as truncated, and takes no second page.
# Output seen:
#   cartography without an identity pool: ListIdentityPools
#     loaded none, arn none, those of earlier runs removed: yes
#   cartography with an identity pool: ListIdentityPools GetIdentityPoolRoles ListUserPools
#     loaded customers, arn eu-west-1_a1B2c3D00, those of earlier runs removed: yes
#   cloudwire, five pools with CustomMessage: 5 triggers, no warning
#   cloudwire, five pools with CustomMessage and CustomEmailSender: 1 triggers, cognito scan failed: AttributeError
#   aws-list-all, 70 pools: 10 listed in 1 call; UserPools, truncated
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# All of cartography takes 2 GB; these are the packages that its part for Amazon imports.
python3 -m venv graph
graph/bin/pip install --quiet --disable-pip-version-check aioboto3==15.5.0 neo4j==6.4.1 backoff==2.2.1 statsd==4.0.1 \
    httpx==0.28.1 policyuniverse==1.5.1.20231109 types-aiobotocore-ecr==3.10.0 cryptography==50.0.2 dnspython==2.9.2 \
    PyYAML==6.0.4
graph/bin/pip install --quiet --disable-pip-version-check --no-deps cartography==0.143.0
python3 -m venv wire
wire/bin/pip install --quiet --disable-pip-version-check cloudwire==0.2.13
python3 -m venv list
list/bin/pip install --quiet --disable-pip-version-check aws-list-all==0.9.2 setuptools==80.9.0

cat >service.py <<'PY'
import http.server
import json
import os
import threading

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
calls = []
identity_pools = []
user_pools = {}


def add(name, **triggers):
    user_pools[f"eu-west-1_a1B2c3D{len(user_pools):02}"] = (name, triggers)


def answer(operation, body):
    if operation == "ListIdentityPools":
        return {"IdentityPools": identity_pools}
    if operation == "GetIdentityPoolRoles":
        return {"IdentityPoolId": body["IdentityPoolId"], "Roles": {}}
    if operation == "ListUserPools":
        names = list(user_pools)
        start = int(body.get("NextToken", "0"))
        end = start + min(body["MaxResults"], 60)
        page = [{"Id": one, "Name": user_pools[one][0]} for one in names[start:end]]
        return {"UserPools": page} | ({"NextToken": str(end)} if end < len(names) else {})
    if operation == "DescribeUserPool":
        name, triggers = user_pools[body["UserPoolId"]]
        return {"UserPool": {"Id": body["UserPoolId"], "Name": name, "LambdaConfig": triggers}}
    return {"ResourceTagMappingList": []}


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        operation = self.headers["x-amz-target"].split(".")[1]
        calls.append(operation)
        text = json.dumps(answer(operation, body)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ |= {
    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
PY
cat >in_cartography.py <<'PY'
import types

import boto3
import service
from cartography.intel.aws import cognito


class Graph:
    """Stands in for the session of the graph database and keeps what it is told to do."""

    def __init__(self):
        self.done = []

    def run(self, query, *args, **named):
        self.done.append((query, named or (args[0] if args else {})))
        counters = type("Counters", (), {"contains_updates": False, "__getattr__": lambda *_: 0})()
        summary = types.SimpleNamespace(counters=counters)
        return types.SimpleNamespace(consume=lambda: summary, single=lambda: None, data=list)

    def execute_write(self, work, *args, **named):
        return work(self, *args, **named)

    execute_read = execute_write


def sync(case):
    service.calls.clear()
    graph = Graph()
    cognito.sync(graph, boto3.Session(), ["eu-west-1"], "111122223333", 2, {"UPDATE_TAG": 2, "AWS_ID": "111122223333"})
    about = [(query, named) for query, named in graph.done if "CognitoUserPool" in query and "INDEX" not in query]
    loaded = [row["Name"] for query, named in about if "MERGE" in query for row in named["DictList"]]
    removed = "yes" if any("DELETE" in query for query, _ in about) else "no"
    arns = [row["Id"] for query, named in about if "i.arn = item.Id" in query for row in named["DictList"]]
    print(f"cartography {case}: {' '.join(service.calls)}")
    found = f"loaded {' '.join(loaded) or 'none'}, arn {' '.join(arns) or 'none'}"
    print(f"  {found}, those of earlier runs removed: {removed}")


service.add("customers")
sync("without an identity pool")
service.identity_pools.append({"IdentityPoolId": "eu-west-1:0a1b2c3d-0000-4000-8000-000000000001"})
sync("with an identity pool")
PY
cat >in_cloudwire.py <<'PY'
import logging

import service
from cloudwire.app.graph_store import GraphStore
from cloudwire.app.scanner import AWSGraphScanner, ScanExecutionOptions

logging.disable()


def scan(case):
    store = GraphStore()
    AWSGraphScanner(store, options=ScanExecutionOptions()).scan(
        region="eu-west-1", services=["cognito"], account_id="111122223333"
    )
    graph = store.get_graph_payload()
    pools = [node for node in graph["nodes"] if node["type"] == "user_pool"]
    failed = [text for text in graph["metadata"]["warnings"] if "failed" in text]
    print(f"cloudwire, five pools {case}: {len(graph['edges'])} triggers, {' '.join(failed) or 'no warning'}")
    assert len(pools) == 5


for number in range(5):
    service.add(f"pool-{number}", CustomMessage=f"{service.FUNCTION}message-{number}")
scan("with CustomMessage")
for name, triggers in service.user_pools.values():
    triggers["KMSKeyID"] = "arn:aws:kms:eu-west-1:111122223333:key/a1b2c3d4-5678-90ab-cdef-000000000001"
    triggers["CustomEmailSender"] = {"LambdaVersion": "V1_0", "LambdaArn": service.FUNCTION + name}
scan("with CustomMessage and CustomEmailSender")
PY
cat >in_list_all.py <<'PY'
import json
import pathlib
import subprocess

import service

for number in range(70):
    service.add(f"pool-{number:02}")
done = subprocess.run(
    "list/bin/aws-list-all query --service cognito-idp --region eu-west-1 --operation ListUserPools".split(),
    capture_output=True,
    text=True,
)
[file] = pathlib.Path().glob("cognito-idp_ListUserPools_*.json")
listed = json.loads(file.read_text())["response"]["UserPools"]
[line] = [line for line in done.stdout.splitlines() if "ListUserPools" in line]
print(f"aws-list-all, 70 pools: {len(listed)} listed in {len(service.calls)} call; {line.split('None ')[1]}")
PY
{
    graph/bin/python -W ignore in_cartography.py
    wire/bin/python in_cloudwire.py
    list/bin/python in_list_all.py
} 2>errors | tee seen

diff - seen <<'EXPECTED'
cartography without an identity pool: ListIdentityPools
  loaded none, arn none, those of earlier runs removed: yes
cartography with an identity pool: ListIdentityPools GetIdentityPoolRoles ListUserPools
  loaded customers, arn eu-west-1_a1B2c3D00, those of earlier runs removed: yes
cloudwire, five pools with CustomMessage: 5 triggers, no warning
cloudwire, five pools with CustomMessage and CustomEmailSender: 1 triggers, cognito scan failed: AttributeError
aws-list-all, 70 pools: 10 listed in 1 call; UserPools, truncated
EXPECTED
echo 'as found'
