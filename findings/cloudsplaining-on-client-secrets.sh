#!/usr/bin/env bash
# cloudsplaining 0.9.1 and policy-sentry 0.15.2 (PyPI): which calls of Cognito count as ones that return credentials.
#
# Guess: a linter of IAM policies with a list of calls that return credentials has those that return the secret of an
#   app client or of an identity provider (DescribeUserPoolClient, ListUserPoolClientSecrets,
#   DescribeIdentityProvider), and nobody has to see a finding for a public certificate.
# Behaviour: of cognito-idp the list has GetSigningCertificate alone, which returns the public certificate of a pool.
#   The calls that return secrets give no finding, on one pool as on every pool of the account, where
#   secretsmanager:GetSecretValue is reported twice. By access level they are Read and List. So a role for plans and
#   drift passes the review although it reads every client secret that the pool itself has, and what the linter objects
#   to is a certificate.
# Output seen (on "*"; the level of policy-sentry, the findings of cloudsplaining):
#   cognito-idp:GetSigningCertificate: Read, returns credentials
#   cognito-idp:DescribeUserPoolClient: Read, none
#   cognito-idp:ListUserPoolClientSecrets: List, none
#   cognito-idp:DescribeIdentityProvider: Read, none
#   secretsmanager:GetSecretValue: Read, Data Exfiltration and Unrestricted Infrastructure Modification
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cloudsplaining==0.9.1 policy-sentry==0.15.2

cat >levels.py <<'PY'
import sys

from policy_sentry.querying.actions import get_action_data

for action in sys.argv[1:]:
    service, name = action.split(":")
    print(get_action_data(service, name)[service][0]["access_level"])
PY
actions=(cognito-idp:GetSigningCertificate cognito-idp:DescribeUserPoolClient cognito-idp:ListUserPoolClientSecrets
    cognito-idp:DescribeIdentityProvider secretsmanager:GetSecretValue)
export HOME="$work"
env/bin/python levels.py "${actions[@]}" >levels
for action in "${actions[@]}"; do
    cat >policy.json <<JSON
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["$action"], "Resource": "*"}]}
JSON
    env/bin/cloudsplaining scan-policy-file --input-file policy.json >said 2>&1
    sed 's/\x1b\[[0-9;]*m//g' said | sed -n 's/.*Policy \(is capable of\|allows actions that\) \(.*\)/\2/p' |
        paste -sd'&' | sed 's/&/ and /; s/^return /returns /; s/^$/none/'
    grep -q 'Potential Issue\|no results' said || { cat said; exit 1; }
done >findings
paste -d' ' <(printf '%s:\n' "${actions[@]}") <(sed 's/$/,/' levels) findings | tee seen

diff - seen <<'EXPECTED'
cognito-idp:GetSigningCertificate: Read, returns credentials
cognito-idp:DescribeUserPoolClient: Read, none
cognito-idp:ListUserPoolClientSecrets: List, none
cognito-idp:DescribeIdentityProvider: Read, none
secretsmanager:GetSecretValue: Read, Data Exfiltration and Unrestricted Infrastructure Modification
EXPECTED
echo 'as found'
