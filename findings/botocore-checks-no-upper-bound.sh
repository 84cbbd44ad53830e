#!/usr/bin/env bash
# Which bounds of the API model botocore holds parameters to before it sends them.
#
# Versions: botocore 1.44.8.
# Guess:    the validator refuses what is out of the model's range on either side, and what is none of an enum's
#           values or does not match a pattern, so that a request which passes it is one that fits the model.
# Seen:     only the lower bound and the type are checked; the rest goes out to the service:
#               MinimumLength 5 (6 to 99): refused
#               MinimumLength 100 (6 to 99): passes
#               PoolName of 129 characters (1 to 128): passes
#               PoolName a/b (pattern): passes
#               MfaConfiguration MAYBE (enum): passes
#           So `aws … --generate-cli-skeleton`, `--cli-input-json` with a dry validator, or `botocore.validate`
#           in a test prove nothing of a request's values; a tool must check the model's bounds itself.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.8

"$folder/env/bin/python" - <<'PYTHON'
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

model = ServiceModel(Loader().load_service_model("cognito-idp", "service-2"))
update = model.operation_model("UpdateUserPool").input_shape


def judge(what, wanted, **members):
    report = ParamValidator().validate({"UserPoolId": "eu-west-1_a1B2c3D4E", **members}, update)
    found = "refused" if report.has_errors() else "passes"
    print(f"{what}: {found}")
    assert found == wanted, report.generate_report()


def length(number):
    return {"Policies": {"PasswordPolicy": {"MinimumLength": number}}}


judge("MinimumLength 5 (6 to 99)", "refused", **length(5))
judge("MinimumLength 100 (6 to 99)", "passes", **length(100))
judge("PoolName of 129 characters (1 to 128)", "passes", PoolName="a" * 129)
judge("PoolName a/b (pattern)", "passes", PoolName="a/b")
judge("MfaConfiguration MAYBE (enum)", "passes", MfaConfiguration="MAYBE")
PYTHON
