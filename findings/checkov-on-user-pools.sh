#!/usr/bin/env bash
# checkov 3.3.30 (PyPI) on a user pool and an app client in Terraform and CloudFormation.
#
# Guess: with hundreds of checks for AWS it has some for user pools, at least for MFA, the password policy and deletion
#   protection; and the report of a file whose resources have no check says so.
# Behaviour: not one check looks at a user pool or an app client. A pool without MFA and with the weakest rules ends
#   with exit code 0 and an empty report. `checkov --list` suggests otherwise: it names two checks beside the pool,
#   which are about CORS of functions and approval in CodeCommit. An identity pool, which has a check, makes the pool
#   and the client count as resources in the summary: three, of which one was judged.
# Output seen:
#   pool and client in Terraform: exit 0, failed [], resources 0
#   pool in CloudFormation: exit 0, failed [], resources 0
#   with an identity pool: exit 1, failed [CKV_AWS_366], resources 3
#   listed beside aws_cognito_user_pool: CKV2_AWS_37 CKV2_AWS_75
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30

mkdir terraform cloudformation both
cat >terraform/main.tf <<'TF'
resource "aws_cognito_user_pool" "weak" {
  name                = "weak"
  deletion_protection = "INACTIVE"
  mfa_configuration   = "OFF"
  password_policy {
    minimum_length    = 6
    require_lowercase = false
    require_numbers   = false
    require_symbols   = false
    require_uppercase = false
  }
}
resource "aws_cognito_user_pool_client" "weak" {
  name                          = "weak"
  user_pool_id                  = aws_cognito_user_pool.weak.id
  prevent_user_existence_errors = "LEGACY"
  enable_token_revocation       = false
}
TF
cat terraform/main.tf - >both/main.tf <<'TF'
resource "aws_cognito_identity_pool" "weak" {
  identity_pool_name               = "weak"
  allow_unauthenticated_identities = true
}
TF
cat >cloudformation/template.json <<'JSON'
{"Resources": {"Weak": {"Type": "AWS::Cognito::UserPool", "Properties": {
    "DeletionProtection": "INACTIVE", "MfaConfiguration": "OFF", "Policies": {"PasswordPolicy": {"MinimumLength": 6}}
}}}}
JSON

checkov() { env -i PATH="$PATH" HOME="$work" env/bin/checkov "$@" 2>>warnings; }
judge() {
    local code=0
    checkov --directory "$2" --framework "$3" --skip-download --output json --compact >report || code=$?
    python3 - "$1" "$code" <<'PY'
import json
import sys

report = json.load(open("report"))
failed = [check["check_id"] for check in report.get("results", {}).get("failed_checks", [])]
count = report.get("summary", report)["resource_count"]
print(f"{sys.argv[1]}: exit {sys.argv[2]}, failed [{', '.join(failed)}], resources {count}")
PY
}
{
    judge 'pool and client in Terraform' terraform terraform
    judge 'pool in CloudFormation' cloudformation cloudformation
    judge 'with an identity pool' both terraform
    listed=$(checkov --list | awk -F'|' '$5 ~ /^ aws_cognito_user_pool +$/ { gsub(/ /, "", $3); print $3 }' | sort -u)
    echo "listed beside aws_cognito_user_pool:" $listed
} | tee seen

diff - seen <<'EXPECTED'
pool and client in Terraform: exit 0, failed [], resources 0
pool in CloudFormation: exit 0, failed [], resources 0
with an identity pool: exit 1, failed [CKV_AWS_366], resources 3
listed beside aws_cognito_user_pool: CKV2_AWS_37 CKV2_AWS_75
EXPECTED
echo 'as found'
