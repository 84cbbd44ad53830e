#!/usr/bin/env bash
# aws-sam-translator 1.115.0 (PyPI), which turns an AWS SAM template into the CloudFormation template, on events of the
# type Cognito.
#
# Guess: an event writes what its trigger needs in `LambdaConfig` of the pool: `PostConfirmation` the function's ARN,
#   `CustomEmailSender` an object with `LambdaArn` and `LambdaVersion`, as CloudFormation and the API want it; a trigger
#   that does not exist is refused.
# Behaviour: `Trigger` is any text, and becomes a member of `LambdaConfig` with the function's ARN as its value. So
#   `CustomEmailSender` and `PreTokenGenerationConfig` get a text where an object belongs, `KMSKeyID` gets a function,
#   and a misspelt trigger goes through. `PreTokenGeneration` is added beside a `PreTokenGenerationConfig` with another
#   function, a pair that Cognito has been reported to refuse. The transform itself reports nothing; only the trigger
#   that the pool already has is refused ("defined multiple times").
# Output seen (the member that the event adds to LambdaConfig; Fn is the function):
#   PostConfirmation: {"Fn::GetAtt": ["Fn", "Arn"]}
#   CustomEmailSender: {"Fn::GetAtt": ["Fn", "Arn"]}
#   KMSKeyID: {"Fn::GetAtt": ["Fn", "Arn"]}
#   PostConfirmaton: {"Fn::GetAtt": ["Fn", "Arn"]}
#   PreTokenGeneration: {"Fn::GetAtt": ["Fn", "Arn"]} beside {"LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:other", "LambdaVersion": "V2_0"}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-sam-translator==1.115.0

cat >check.py <<'PY'
import json

from samtranslator.translator.transform import transform


class NoPolicies:
    def load(self):
        return {}


def config(trigger, given):
    event = {"Type": "Cognito", "Properties": {"UserPool": {"Ref": "Pool"}, "Trigger": trigger}}
    function = {"Runtime": "nodejs22.x", "Handler": "index.handler", "CodeUri": "s3://bucket/key", "Events": {"E": event}}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Pool": {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": given}},
            "Fn": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }
    return transform(template, {}, NoPolicies())["Resources"]["Pool"]["Properties"]["LambdaConfig"]


for trigger in ("PostConfirmation", "CustomEmailSender", "KMSKeyID", "PostConfirmaton"):
    print(f"{trigger}: {json.dumps(config(trigger, {})[trigger])}")
other = {"LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:other", "LambdaVersion": "V2_0"}
both = config("PreTokenGeneration", {"PreTokenGenerationConfig": other})
print("PreTokenGeneration:", json.dumps(both["PreTokenGeneration"]), "beside", json.dumps(both["PreTokenGenerationConfig"]))
PY
AWS_DEFAULT_REGION=eu-west-1 env/bin/python check.py 2>errors | tee seen

diff - seen <<'EXPECTED'
PostConfirmation: {"Fn::GetAtt": ["Fn", "Arn"]}
CustomEmailSender: {"Fn::GetAtt": ["Fn", "Arn"]}
KMSKeyID: {"Fn::GetAtt": ["Fn", "Arn"]}
PostConfirmaton: {"Fn::GetAtt": ["Fn", "Arn"]}
PreTokenGeneration: {"Fn::GetAtt": ["Fn", "Arn"]} beside {"LambdaArn": "arn:aws:lambda:eu-west-1:111122223333:function:other", "LambdaVersion": "V2_0"}
EXPECTED
echo 'as found'
