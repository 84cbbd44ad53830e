#!/usr/bin/env bash
# prowler 5.46.0 and aws-cis-controls-assessment 1.2.5 (PyPI, Python 3.11): the commands and the templates that they
# print as the remedy of a failed check of a user pool. awscli 1.46.3 runs the commands in bash and cfn-lint 1.58.0
# reads the templates; moto 5.2.5 with boto3 1.44.8 is the pool.
#
# Guess: each command is complete enough for its one purpose. The remedies of a pool can be followed one after another,
#   and all their checks pass afterwards. The templates are valid.
# Behaviour: no command reads the pool first, and each sends the one value of its check: eleven UpdateUserPool or
#   UpdateUserPoolClient with one member, of which the API reference says that the members left out get their defaults.
#   Prowler's six checks of the password policy have six commands with one value each, and a policy is written whole:
#   each command takes back those before it. Followed in Prowler's order on a pool that lacks symbols and has
#   long-lived temporary passwords, they leave a policy without a length and without a rule, which is weaker than
#   before the first. (Cognito gives such a policy 8 characters and no rule.) The command for account recovery never
#   runs: bash makes two words of `{Priority=1,Name=verified_email}`. The command for MFA writes the MFA document with
#   TOTP alone, so SMS is off after it. aws-cis-controls-assessment prints that command too, and after it one under
#   "Enable SMS MFA" that sends SMS alone: whoever follows both has no TOTP. Three of Prowler's templates are refused:
#   the one for MFA has `ON` unquoted, which YAML 1.1 reads as true, and a property that CloudFormation does not have;
#   those for threat protection lack `ClientId`.
# Output seen:
#   prowler account_recovery_sms_not_preferred: no call, Unknown options: RecoveryMechanisms=[Name=verified_email]
#   prowler advanced_security_enabled: UpdateUserPool UserPoolAddOns.AdvancedSecurityMode
#   prowler client_prevent_user_existence_errors: UpdateUserPoolClient PreventUserExistenceErrors
#   prowler client_token_revocation_enabled: UpdateUserPoolClient EnableTokenRevocation
#   prowler deletion_protection_enabled: UpdateUserPool DeletionProtection
#   prowler mfa_enabled: SetUserPoolMfaConfig SoftwareTokenMfaConfiguration.Enabled MfaConfiguration
#   prowler password_policy_lowercase: UpdateUserPool Policies.PasswordPolicy.RequireLowercase
#   prowler password_policy_minimum_length_14: UpdateUserPool Policies.PasswordPolicy.MinimumLength
#   prowler password_policy_number: UpdateUserPool Policies.PasswordPolicy.RequireNumbers
#   prowler password_policy_symbol: UpdateUserPool Policies.PasswordPolicy.RequireSymbols
#   prowler password_policy_uppercase: UpdateUserPool Policies.PasswordPolicy.RequireUppercase
#   prowler self_registration_disabled: UpdateUserPool AdminCreateUserConfig.AllowAdminCreateUserOnly
#   prowler temporary_password_expiration: UpdateUserPool Policies.PasswordPolicy.TemporaryPasswordValidityDays
#   aws-cis step 1: SetUserPoolMfaConfig SoftwareTokenMfaConfiguration.Enabled MfaConfiguration
#   aws-cis step 2: SetUserPoolMfaConfig SmsMfaConfiguration.SmsConfiguration.SnsCallerArn MfaConfiguration
#   before: MinimumLength 14, RequireLowercase, RequireNumbers, RequireUppercase, TemporaryPasswordValidityDays 30
#   after prowler: TemporaryPasswordValidityDays 7
#   MFA before: ON with SMS TOTP, after prowler: ON with TOTP, after aws-cis: ON with SMS
#   template blocks_compromised_credentials_sign_in_attempts: E3003 'ClientId' is a required property
#   template blocks_potential_malicious_sign_in_attempts: E3003 'ClientId' is a required property
#   template mfa_enabled: E3002 Additional properties are not allowed ('SoftwareTokenMfaConfiguration' was unexpected)
#   template mfa_enabled: E3030 True is not one of ['OFF', 'ON', 'OPTIONAL']
#   templates that pass: 12
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
for one in 'awscli==1.46.3' 'cfn-lint==1.58.0' 'moto[cognitoidp]==5.2.5 boto3==1.44.8 botocore==1.44.8'; do
    python3 -m venv "${one%%[=[]*}"
    # shellcheck disable=SC2086 # several packages
    "${one%%[=[]*}/bin/pip" install --quiet --disable-pip-version-check $one
done
# Prowler's own dependencies take 2.3 GB; its remedies are in JSON files.
moto/bin/pip install --quiet --disable-pip-version-check --no-deps --target auditors \
    prowler==5.46.0 aws-cis-controls-assessment==1.2.5

cat >ask.py <<'PY'
import glob
import http.server
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

import boto3
from moto import mock_aws

VALUES = [
    (r"<(\w*arn\w*|[\w-]*-role-arn)>", "arn:aws:iam::111122223333:role/sms"),
    (r"<(\w*CLIENT_ID)>", "1example23456789"),
    (r"<(pool-id|USER_POOL_ID|example_resource_id)>", "eu-west-1_a1B2c3D4E"),
    (r"<region>", "eu-west-1"),
    (r"<example_resource_name>", "Example"),
]
received = []


def filled(text):
    for pattern, value in VALUES:
        text = re.sub(pattern, value, text)
    return text


class Service(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        received.append((self.headers["x-amz-target"].split(".")[1], body))
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def leaves(value, place=()):
    if not isinstance(value, dict):
        return [".".join(place)]
    return [leaf for key in value for leaf in leaves(value[key], (*place, key))]


def run(who, command):
    received.clear()
    environment = {
        "PATH": f"{os.getcwd()}/awscli/bin:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    done = subprocess.run(["bash", "-c", filled(command)], env=environment, capture_output=True, text=True)
    if not received:
        print(f"{who}: no call, {[line for line in done.stderr.splitlines() if line][-1]}")
        return None
    [(operation, body)] = received
    given = {key: value for key, value in body.items() if key not in ("UserPoolId", "ClientId")}
    print(f"{who}: {operation} {' '.join(leaves(given))}")
    return operation, given


def policy():
    found = cognito.describe_user_pool(UserPoolId=pool)["UserPool"]["Policies"]["PasswordPolicy"]
    rules = [key if value is True else f"{key} {value}" for key, value in sorted(found.items()) if value is not False]
    return ", ".join(rules)


def mfa():
    found = cognito.get_user_pool_mfa_config(UserPoolId=pool)
    factors = [name for key, name in (("Sms", "SMS"), ("SoftwareToken", "TOTP")) if f"{key}MfaConfiguration" in found]
    return f"{found['MfaConfiguration']} with {' '.join(factors)}"


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()

prowler = []
for file in sorted(glob.glob("auditors/prowler/providers/aws/services/cognito/cognito_user_pool_*/*.metadata.json")):
    check = json.loads(pathlib.Path(file).read_text())
    name = check["CheckID"].removeprefix("cognito_user_pool_")
    remedy = check["Remediation"]["Code"]
    if remedy["CLI"].startswith("aws cognito-idp"):
        prowler.append(run(f"prowler {name}", remedy["CLI"]))
    template = re.sub(r"^```\w*\n|```$", "", remedy["NativeIaC"].strip())
    if name == "waf_acl_attached":  # its two ARNs are of other services
        continue
    pathlib.Path(f"{name}.template.yaml").write_text(filled(template))

sys.path.insert(0, "auditors")
source = pathlib.Path("auditors/aws_cis_assessment/controls/ig1/control_mfa.py")
spec = importlib.util.spec_from_file_location("aws_cis_assessment.controls.ig1.control_mfa", source)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
steps = "\n".join(module.CognitoMFAEnabledAssessment()._get_rule_remediation_steps())
commands = re.findall(r"aws cognito-idp (?:.*\\\n)*.*", steps)
cis = [run(f"aws-cis step {number}", command) for number, command in enumerate(commands, 1)]

with mock_aws():
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    cognito = boto3.client("cognito-idp", region_name="eu-west-1", **keys)
    before = {"MinimumLength": 14, "RequireLowercase": True, "RequireNumbers": True, "RequireUppercase": True}
    before |= {"RequireSymbols": False, "TemporaryPasswordValidityDays": 30}
    pool = cognito.create_user_pool(PoolName="customers", Policies={"PasswordPolicy": before})["UserPool"]["Id"]
    print("before:", policy())
    for call in prowler:
        if call and "Policies" in call[1]:
            cognito.update_user_pool(UserPoolId=pool, **call[1])
    print("after prowler:", policy())
    sms = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::111122223333:role/sms", "ExternalId": "customers"}}
    totp = {"Enabled": True}
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="ON", SmsMfaConfiguration=sms, SoftwareTokenMfaConfiguration=totp
    )
    seen = [f"MFA before: {mfa()}"]
    for who, calls in (("prowler", prowler), ("aws-cis", cis)):
        for call in calls:
            if call and call[0] == "SetUserPoolMfaConfig":
                cognito.set_user_pool_mfa_config(UserPoolId=pool, **call[1])
        seen.append(f"after {who}: {mfa()}")
    print(", ".join(seen))
PY
{
    moto/bin/python ask.py
    passed=0
    for template in *.template.yaml; do
        if cfn-lint/bin/cfn-lint --region eu-west-1 --format json --template "$template" >problems.json 2>errors; then
            passed=$((passed + 1))
        fi
        python3 - "${template%.template.yaml}" <<'PY'
import json
import sys

for problem in sorted(json.load(open("problems.json")), key=lambda one: one["Rule"]["Id"]):
    print(f"template {sys.argv[1]}: {problem['Rule']['Id']} {problem['Message']}")
PY
    done
    echo "templates that pass: $passed"
} | tee seen

diff - seen <<'EXPECTED'
prowler account_recovery_sms_not_preferred: no call, Unknown options: RecoveryMechanisms=[Name=verified_email]
prowler advanced_security_enabled: UpdateUserPool UserPoolAddOns.AdvancedSecurityMode
prowler client_prevent_user_existence_errors: UpdateUserPoolClient PreventUserExistenceErrors
prowler client_token_revocation_enabled: UpdateUserPoolClient EnableTokenRevocation
prowler deletion_protection_enabled: UpdateUserPool DeletionProtection
prowler mfa_enabled: SetUserPoolMfaConfig SoftwareTokenMfaConfiguration.Enabled MfaConfiguration
prowler password_policy_lowercase: UpdateUserPool Policies.PasswordPolicy.RequireLowercase
prowler password_policy_minimum_length_14: UpdateUserPool Policies.PasswordPolicy.MinimumLength
prowler password_policy_number: UpdateUserPool Policies.PasswordPolicy.RequireNumbers
prowler password_policy_symbol: UpdateUserPool Policies.PasswordPolicy.RequireSymbols
prowler password_policy_uppercase: UpdateUserPool Policies.PasswordPolicy.RequireUppercase
prowler self_registration_disabled: UpdateUserPool AdminCreateUserConfig.AllowAdminCreateUserOnly
prowler temporary_password_expiration: UpdateUserPool Policies.PasswordPolicy.TemporaryPasswordValidityDays
aws-cis step 1: SetUserPoolMfaConfig SoftwareTokenMfaConfiguration.Enabled MfaConfiguration
aws-cis step 2: SetUserPoolMfaConfig SmsMfaConfiguration.SmsConfiguration.SnsCallerArn MfaConfiguration
before: MinimumLength 14, RequireLowercase, RequireNumbers, RequireUppercase, TemporaryPasswordValidityDays 30
after prowler: TemporaryPasswordValidityDays 7
MFA before: ON with SMS TOTP, after prowler: ON with TOTP, after aws-cis: ON with SMS
template blocks_compromised_credentials_sign_in_attempts: E3003 'ClientId' is a required property
template blocks_potential_malicious_sign_in_attempts: E3003 'ClientId' is a required property
template mfa_enabled: E3002 Additional properties are not allowed ('SoftwareTokenMfaConfiguration' was unexpected)
template mfa_enabled: E3030 True is not one of ['OFF', 'ON', 'OPTIONAL']
templates that pass: 12
EXPECTED
echo 'as found'
