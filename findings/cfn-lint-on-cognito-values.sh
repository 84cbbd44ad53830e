#!/usr/bin/env bash
# cfn-lint 1.58.0 (schemas of AWS::Cognito::* of 2026-10-20) against the API model of botocore 1.44.8.
#
# Guess: where the schema of CloudFormation and the API model name the same member, they have the same bounds and
#   enums, as both come from the service.
# Behaviour: for pools and app clients they agree, with two exceptions, in which cfn-lint refuses what the API model
#   allows: RefreshTokenValidity 0, and the two token exchange flows. For risk configuration, log delivery and classic
#   UI customization the schema has none of the API's 7 enums and 44 bounds, so an EventAction, EventSource or
#   LogLevel that is misspelt passes; `ClientId` is required there (`ALL`), where the API has none. Members that the
#   schema lacks: AcrConfiguration and DcrConfiguration of a pool, AcrMapping of an identity provider,
#   PublishSecretsInAWSSecretsManager of a client, ImageFile of the classic UI.
# Output seen:
#   UserPoolClient RefreshTokenValidity 0: E3034
#   UserPoolClient ExplicitAuthFlows ALLOW_TOKEN_EXCHANGE_DELEGATION: E3030
#   UserPoolClient ExplicitAuthFlows ALLOW_USER_AUTH: clean
#   UserPoolIdentityProvider AcrMapping: E3002
#   LogDeliveryConfiguration LogLevel VERBOSE: clean
#   UserPoolRiskConfigurationAttachment EventAction DENY: clean
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 botocore==1.44.8

cat >ask.py <<'PY'
import json

import botocore.loaders
from cfnlint.api import ManualArgs, lint

POOL = "eu-west-1_a1B2c3D4E"
shapes = botocore.loaders.Loader().load_service_model("cognito-idp", "service-2")["shapes"]
# The API model: zero and the flow are allowed, the two others are not.
assert shapes["RefreshTokenValidityType"].get("min", 0) == 0
assert "ALLOW_TOKEN_EXCHANGE_DELEGATION" in shapes["ExplicitAuthFlowsType"]["enum"]
assert "AcrMapping" in shapes["CreateIdentityProviderRequest"]["members"]
assert shapes["LogLevel"]["enum"] == ["ERROR", "INFO"]
assert shapes["CompromisedCredentialsEventActionType"]["enum"] == ["BLOCK", "NO_ACTION"]


def judge(name, kind, **properties):
    resource = {"Type": f"AWS::Cognito::{kind}", "Properties": {"UserPoolId": POOL, **properties}}
    found = lint(json.dumps({"Resources": {"R": resource}}), config=ManualArgs(regions=["eu-west-1"]))
    print(f"{kind} {name}:", *[match.rule.id for match in found] or ["clean"])


judge("RefreshTokenValidity 0", "UserPoolClient", RefreshTokenValidity=0)
for flow in ("ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_USER_AUTH"):
    judge(f"ExplicitAuthFlows {flow}", "UserPoolClient", ExplicitAuthFlows=[flow])
judge("AcrMapping", "UserPoolIdentityProvider", ProviderName="acme", ProviderType="OIDC",
      ProviderDetails={"client_id": "a"}, AcrMapping={"Level1": "urn:acme:basic"})
judge("LogLevel VERBOSE", "LogDeliveryConfiguration",
      LogConfigurations=[{"EventSource": "userNotification", "LogLevel": "VERBOSE"}])
judge("EventAction DENY", "UserPoolRiskConfigurationAttachment", ClientId="ALL",
      CompromisedCredentialsRiskConfiguration={"Actions": {"EventAction": "DENY"}})
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
UserPoolClient RefreshTokenValidity 0: E3034
UserPoolClient ExplicitAuthFlows ALLOW_TOKEN_EXCHANGE_DELEGATION: E3030
UserPoolClient ExplicitAuthFlows ALLOW_USER_AUTH: clean
UserPoolIdentityProvider AcrMapping: E3002
LogDeliveryConfiguration LogLevel VERBOSE: clean
UserPoolRiskConfigurationAttachment EventAction DENY: clean
EXPECTED
echo 'as found'
