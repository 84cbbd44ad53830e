#!/usr/bin/env bash
# prowler 5.46.0 and c7n 0.9.53 (Cloud Custodian; both PyPI, Python 3.11), with a function of moto 5.2.5 that is a
# trigger of a user pool and also has a public URL: what they take away when they close it.
#
# Guess: the fixer of awslambda_function_not_publicly_accessible takes away the statement that the check finds, as the
#   action `remove-statements: matched` of Custodian does. The permission of the pool stays.
# Behaviour: Custodian takes away the one statement. Prowler's check finds only the URL public, but its fixer removes
#   every statement of the function's policy that has an id, that of the pool too, and then lets the account itself
#   call the function. So a pool whose `LambdaConfig` names the function can no longer call it, and each sign-up or
#   sign-in that needs this trigger fails. The pool itself is unchanged, and no reading of it shows why. `prowler aws
#   --fixer` asks about nothing between the checks.
# Output seen:
#   before: pool for {'Service': 'cognito-idp.amazonaws.com'}, url for *
#   Prowler finds pool: not public
#   Prowler finds url: public
#   its fixer: GetPolicy RemovePermission RemovePermission AddPermission
#   after its fixer: ProwlerFixerStatement for 111122223333
#   after Custodian: pool for {'Service': 'cognito-idp.amazonaws.com'}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# All of Prowler takes 2.3 GB; these are the packages that its fixer and its check of a policy import.
python3 -m venv fixer
fixer/bin/pip install --quiet --disable-pip-version-check 'moto[awslambda,iam]==5.2.5' boto3==1.44.8 botocore==1.44.8 \
    py-iam-expand==0.3.0 colorama==0.4.6 pydantic==2.14.4 pytz==2025.1 tzlocal==5.3.1 jsonschema==4.26.0 \
    packaging==26.4
fixer/bin/pip install --quiet --disable-pip-version-check --no-deps prowler==5.46.0
python3 -m venv custodian
custodian/bin/pip install --quiet --disable-pip-version-check c7n==0.9.53 \
    'moto[awslambda,iam,resourcegroupstaggingapi]==5.2.5'

cat >function.py <<'PY'
import io
import json
import zipfile

import boto3

POOL = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def make():
    """Makes a function that a pool calls before a sign-up and that has a public URL."""
    aws = boto3.client("lambda", region_name="eu-west-1", **KEYS)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = boto3.client("iam", **KEYS).create_role(RoleName="function", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "handler = print")
    settings = {"Runtime": "python3.13", "Role": role, "Handler": "index.handler"}
    aws.create_function(FunctionName="sign-up", Code={"ZipFile": code.getvalue()}, **settings)
    allow = {"FunctionName": "sign-up", "StatementId": "pool", "Action": "lambda:InvokeFunction"}
    aws.add_permission(**allow, Principal="cognito-idp.amazonaws.com", SourceArn=POOL)
    allow = {"FunctionName": "sign-up", "StatementId": "url", "Action": "lambda:InvokeFunctionUrl"}
    aws.add_permission(**allow, Principal="*", FunctionUrlAuthType="NONE")
    return aws


def shown(aws):
    policy = json.loads(aws.get_policy(FunctionName="sign-up")["Policy"])
    return policy, ", ".join(f"{one['Sid']} for {one['Principal']}" for one in policy["Statement"])
PY
cat >in_prowler.py <<'PY'
import sys
import types

import function
from moto import mock_aws

with mock_aws():
    aws = function.make()
    # Prowler's client, as a scan of the account leaves it
    scanned = types.ModuleType("prowler.providers.aws.services.awslambda.awslambda_client")
    scanned.awslambda_client = types.SimpleNamespace(
        audited_account="111122223333", regional_clients={"eu-west-1": aws}, functions={}
    )
    sys.modules[scanned.__name__] = scanned
    from prowler.providers.aws.services.awslambda.awslambda_function_not_publicly_accessible import (
        awslambda_function_not_publicly_accessible_fixer as remedy,
    )
    from prowler.providers.aws.services.iam.lib.policy import is_policy_public

    policy, text = function.shown(aws)
    print("before:", text)
    for statement in policy["Statement"]:
        public = is_policy_public({"Statement": [statement]}, "111122223333", is_cross_account_allowed=True)
        print(f"Prowler finds {statement['Sid']}: {'public' if public else 'not public'}")
    calls = []
    aws.meta.events.register("before-call.lambda", lambda model, **_: calls.append(model.name))
    assert remedy.fixer("sign-up", "eu-west-1")
    print("its fixer:", *calls)
    print("after its fixer:", function.shown(aws)[1])
PY
cat >in_custodian.py <<'PY'
import os
import sys

import function
from c7n.cli import main
from moto import mock_aws

os.environ |= {name.upper(): value for name, value in function.KEYS.items()}
sys.argv = "custodian run --region eu-west-1 --output-dir out --cache-period 0 policy.json".split()
with mock_aws():
    aws = function.make()
    main()
    print("after Custodian:", function.shown(aws)[1])
PY
cat >policy.json <<'JSON'
{
  "policies": [
    {
      "name": "closed",
      "resource": "aws.lambda",
      "filters": ["cross-account"],
      "actions": [{ "type": "remove-statements", "statement_ids": "matched" }]
    }
  ]
}
JSON
{
    fixer/bin/python -W ignore in_prowler.py
    custodian/bin/python -W ignore in_custodian.py
} 2>errors | tee seen

diff - seen <<'EXPECTED'
before: pool for {'Service': 'cognito-idp.amazonaws.com'}, url for *
Prowler finds pool: not public
Prowler finds url: public
its fixer: GetPolicy RemovePermission RemovePermission AddPermission
after its fixer: ProwlerFixerStatement for 111122223333
after Custodian: pool for {'Service': 'cognito-idp.amazonaws.com'}
EXPECTED
echo 'as found'
