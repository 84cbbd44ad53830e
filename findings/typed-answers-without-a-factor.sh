#!/usr/bin/env bash
# types-boto3-cognito-idp 1.43.108 (read by pyright 1.1.414, npm, Node.js 20), aws-resource-validator-cognito-idp 2.6.0
# with pydantic 2.14.4, and boto3-dataclass-cognito-idp 1.40.0 (PyPI): Python types for what Cognito answers, and a pool
# on which a setting is not set.
#
# Guess: what an answer may lack is optional in the types: a checker of types asks for a look before the access, a model
#   takes an answer without it, and a dataclass has None there.
# Behaviour: none of the three holds for the factors of MFA. By the types GetUserPoolMfaConfig always has all four, so
#   pyright reports the access to `DeletionProtection` of a pool, and not that to `EmailMfaConfiguration`. The models,
#   which are made of such types, refuse the answers for a pool with MFA OFF, which is the mode alone, and for one with
#   TOTP, which has two factors (both as people have seen them on live pools). DescribeUserPool is taken; with the check
#   of patterns that the models offer it ends with an error of Python's `re` as soon as the pool has a subject of its
#   own, since the API's pattern for texts is not one of Python. The dataclass raises KeyError for each setting that the
#   answer lacks, also in `getattr` with a default. So a script that was written against a pool with all factors ends at
#   the first pool without: ask with `.get`, whatever the types say.
# Output seen:
#   pyright reports: DeletionProtection
#   model, MFA OFF: refused for EmailMfaConfiguration SmsMfaConfiguration SoftwareTokenMfaConfiguration
#     WebAuthnConfiguration
#   model, TOTP: refused for EmailMfaConfiguration SmsMfaConfiguration
#   model, all four factors: taken
#   model, pool: taken
#   model with patterns, pool: taken
#   model with patterns, pool with a subject: re.error
#   dataclass, factor: KeyError
#   dataclass, getattr with a default: KeyError
#   dataclass, DeletionProtection of a pool: KeyError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund pyright@1.1.414
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check boto3==1.43.106 types-boto3-cognito-idp==1.43.108 \
    aws-resource-validator==2.6.0 aws-resource-validator-cognito-idp==2.6.0 pydantic==2.14.4 \
    boto3-dataclass-cognito-idp==1.40.0

cat >script.py <<'PY'
from types_boto3_cognito_idp import CognitoIdentityProviderClient


def show(cognito: CognitoIdentityProviderClient, pool: str) -> None:
    print(cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["DeletionProtection"])
    print(cognito.get_user_pool_mfa_config(UserPoolId=pool)["EmailMfaConfiguration"])
    print(cognito.get_user_pool_mfa_config(UserPoolId=pool)["SoftwareTokenMfaConfiguration"])
PY
# Findings end pyright with an exit code of 1.
node_modules/.bin/pyright --pythonpath env/bin/python --outputjson script.py >pyright.json 2>errors || true

cat >ask.py <<'PY'
import json
import re

import boto3_dataclass_cognito_idp.type_defs as dataclasses
from aws_resource_validator.pydantic_models.cognito_idp import cognito_idp_classes as models
from pydantic import ValidationError

with open("pyright.json") as file:
    reported = [re.search(r'"(\w+)"', one["message"])[1] for one in json.load(file)["generalDiagnostics"]]
print("pyright reports:", *reported)

META = {"ResponseMetadata": {"RequestId": "0", "HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}}
POOL = {"Id": "eu-west-1_a1B2c3D4E", "Name": "customers", "MfaConfiguration": "OFF"}
# Passkeys are there although nobody configured them.
TOTP = {"SoftwareTokenMfaConfiguration": {"Enabled": True},
        "WebAuthnConfiguration": {"FactorConfiguration": "SINGLE_FACTOR"}}
ALL = {"SmsMfaConfiguration": {}, "EmailMfaConfiguration": {}, **TOTP}


def judge(name, model, answer, **options):
    try:
        model.model_validate({**answer, **META}, **options)
        print(f"{name}: taken")
    except ValidationError as error:
        print(f"{name}: refused for", *sorted(".".join(map(str, one["loc"])) for one in error.errors()))
    except re.error:
        print(f"{name}: re.error")


factors, described = models.GetUserPoolMfaConfigResponseTypeDef, models.DescribeUserPoolResponseTypeDef
judge("model, MFA OFF", factors, {"MfaConfiguration": "OFF"})
judge("model, TOTP", factors, {"MfaConfiguration": "OPTIONAL", **TOTP})
judge("model, all four factors", factors, {"MfaConfiguration": "OPTIONAL", **ALL})
judge("model, pool", described, {"UserPool": POOL})
patterns = {"context": {"aws_validate_patterns": True}}
judge("model with patterns, pool", described, {"UserPool": POOL}, **patterns)
with_subject = {**POOL, "EmailVerificationSubject": "Your code"}
judge("model with patterns, pool with a subject", described, {"UserPool": with_subject}, **patterns)


def access(name, read):
    try:
        print(f"{name}: {read()}")
    except KeyError as error:
        print(f"{name}: {type(error).__name__}")


off = dataclasses.GetUserPoolMfaConfigResponse.make_one({"MfaConfiguration": "OFF", **META})
assert off.MfaConfiguration == "OFF"
access("dataclass, factor", lambda: off.EmailMfaConfiguration)
access("dataclass, getattr with a default", lambda: getattr(off, "EmailMfaConfiguration", None))
pool = dataclasses.DescribeUserPoolResponse.make_one({"UserPool": POOL, **META}).UserPool
assert pool.Name == "customers"
access("dataclass, DeletionProtection of a pool", lambda: pool.DeletionProtection)
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
pyright reports: DeletionProtection
model, MFA OFF: refused for EmailMfaConfiguration SmsMfaConfiguration SoftwareTokenMfaConfiguration WebAuthnConfiguration
model, TOTP: refused for EmailMfaConfiguration SmsMfaConfiguration
model, all four factors: taken
model, pool: taken
model with patterns, pool: taken
model with patterns, pool with a subject: re.error
dataclass, factor: KeyError
dataclass, getattr with a default: KeyError
dataclass, DeletionProtection of a pool: KeyError
EXPECTED
echo 'as found'
