#!/usr/bin/env bash
# moto 5.2.5 has three readings of one password policy.
#
# Guess: as on Amazon Cognito, a pool that is created with `PasswordPolicy: {MinimumLength: 10}` reads back the
# other rules as `false` and `TemporaryPasswordValidityDays` as 7, and an UpdateUserPool without `Policies` keeps
# the policy.
#
# Behaviour: moto reads back the one member that was given and nothing else, so a client sees neither `true` nor
# `false`; an UpdateUserPool that names nothing but the pool then replaces the policy by that of a pool created
# without any: the length falls from 10 to 8, and all four rules become `true`. A test that omits `Policies` is
# stricter on composition and weaker on length than the pool it stands for.
#
# Output seen:
#   created with a part: {"MinimumLength": 10}
#   after an empty update: {"MinimumLength": 8, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true, "RequireUppercase": true, "TemporaryPasswordValidityDays": 7}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'moto[cognitoidp]==5.2.5' 'boto3==1.44.5'
"$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/out"
import json

import boto3
from moto import mock_aws

with mock_aws():
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    cognito = boto3.client("cognito-idp", region_name="us-east-1", **keys)
    pool = cognito.create_user_pool(PoolName="part", Policies={"PasswordPolicy": {"MinimumLength": 10}})["UserPool"]

    def policy():
        live = cognito.describe_user_pool(UserPoolId=pool["Id"])["UserPool"]
        return json.dumps(live["Policies"]["PasswordPolicy"], sort_keys=True)

    print("created with a part:", policy())
    cognito.update_user_pool(UserPoolId=pool["Id"])
    print("after an empty update:", policy())
PYTHON
diff "$folder/out" - <<'EXPECTED'
created with a part: {"MinimumLength": 10}
after an empty update: {"MinimumLength": 8, "RequireLowercase": true, "RequireNumbers": true, "RequireSymbols": true, "RequireUppercase": true, "TemporaryPasswordValidityDays": 7}
EXPECTED
