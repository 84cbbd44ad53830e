#!/usr/bin/env bash
# AWS CLI 1.46.3 (awscli from PyPI) and 2.38.5 (out of the PyPI package aws-cdk-asset-awscli-v2 2.0.198).
#
# Guess: `aws cognito-idp update-user-pool --generate-cli-skeleton` prints the same text each time, so that two
#   skeletons differ only if the API model does.
# Behaviour: version 1 draws a value at random for each enum of the model, in each run. A skeleton that somebody fills
#   in without looking at every line sets deletion protection, MFA, the tier and the threat protection by chance.
#   Version 2 takes the first value of each enum, so its skeleton is the same each time.
# Output seen (values in 30 skeletons of version 1, and in 2 of version 2):
#   1 DeletionProtection: ACTIVE INACTIVE
#   1 MfaConfiguration: OFF ON OPTIONAL
#   1 UserPoolTier: ESSENTIALS LITE PLUS
#   1 AdvancedSecurityMode: AUDIT ENFORCED OFF
#   2 DeletionProtection: ACTIVE
#   2 MfaConfiguration: OFF
#   2 UserPoolTier: LITE
#   2 AdvancedSecurityMode: OFF
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check awscli==1.46.3
env/bin/pip download --quiet --disable-pip-version-check --no-deps aws-cdk-asset-awscli-v2==2.0.198
python3 -m zipfile -e aws_cdk_asset_awscli_v2-*.whl wheel
tar -xzf wheel/aws_cdk/asset_awscli_v2/_jsii/*.tgz
python3 -m zipfile -e package/lib/layer.zip cli
aws2=$(find cli -path '*/dist/aws')
chmod +x "$aws2"

skeletons() {
    local version=$1 program=$2 runs=$3 run
    rm -f skeleton.*
    for run in $(seq "$runs"); do
        env -i PATH="$PATH" HOME="$work" AWS_PAGER= AWS_EC2_METADATA_DISABLED=true AWS_DEFAULT_REGION=eu-west-1 \
            "$program" cognito-idp update-user-pool --generate-cli-skeleton >"skeleton.$run"
    done
    python3 - "$version" <<'PY'
import glob, json, sys
texts = [json.load(open(name)) for name in glob.glob("skeleton.*")]
for member in ("DeletionProtection", "MfaConfiguration", "UserPoolTier"):
    print(f"{sys.argv[1]} {member}:", *sorted({text[member] for text in texts}))
print(f"{sys.argv[1]} AdvancedSecurityMode:", *sorted({text["UserPoolAddOns"]["AdvancedSecurityMode"] for text in texts}))
PY
}
# In 30 runs, the chance that one of three values does not occur is 1 in 64,000.
{
    skeletons 1 env/bin/aws 30
    skeletons 2 "$aws2" 2
} | tee seen

diff - seen <<'EXPECTED'
1 DeletionProtection: ACTIVE INACTIVE
1 MfaConfiguration: OFF ON OPTIONAL
1 UserPoolTier: ESSENTIALS LITE PLUS
1 AdvancedSecurityMode: AUDIT ENFORCED OFF
2 DeletionProtection: ACTIVE
2 MfaConfiguration: OFF
2 UserPoolTier: LITE
2 AdvancedSecurityMode: OFF
EXPECTED
echo 'as found'
