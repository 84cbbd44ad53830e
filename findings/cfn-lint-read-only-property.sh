#!/usr/bin/env bash
# cfn-lint 1.58.0 (PyPI) on read-only properties of an app client.
#
# Guess: rule E3040, "Validate we aren't configuring read only properties", refuses a template that sets
#   `ClientSecret`, `ClientId` or `Name` of an AWS::Cognito::UserPoolClient, all three readOnlyProperties of the schema
#   that cfn-lint has.
# Behaviour: cfn-lint lists the rule, and reports nothing (1.40.0 does the same): the template is clean (exit code 0),
#   also with the informational rules on. It is the same for `Arn` of a user pool or of a DynamoDB table. The values are
#   checked like those of any property (a secret of 3 characters is E3033), which looks as if they were used. A team
#   that writes its own `ClientSecret` into a template is not told that the property is read-only.
# Output seen:
#   E3040 is listed: yes
#   ClientSecret, ClientId and Name of a client, Arn of a pool and of a table: no findings
#   ClientSecret abc: E3033
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >long.yaml <<'YAML'
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Arn: arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ClientSecret: EXAMPLEnotAsecret00000000000
      ClientId: 3n4b5c6d7e8f9g0h1i2j3k4l5m
      Name: web
  Table:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Arn: arn:aws:dynamodb:eu-west-1:111122223333:table/t
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
YAML
sed 's/EXAMPLEnotAsecret00000000000/abc/' long.yaml >short.yaml

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0
lint() {
    env/bin/cfn-lint --regions eu-west-1 --format parseable "$@"
}
{
    env/bin/cfn-lint --list-rules >rules 2>&1
    grep -q "^E3040: Validate we aren't configuring read only properties" rules && echo 'E3040 is listed: yes'
    code=0
    lint --include-checks I E3040 -- long.yaml >long 2>&1 || code=$?
    [ "$code" = 0 ] && [ ! -s long ] &&
        echo 'ClientSecret, ClientId and Name of a client, Arn of a pool and of a table: no findings'
    lint -- short.yaml >short 2>&1 || true
    echo "ClientSecret abc: $(cut -d : -f 6 short)"
} | tee seen
diff - seen <<'EXPECTED'
E3040 is listed: yes
ClientSecret, ClientId and Name of a client, Arn of a pool and of a table: no findings
ClientSecret abc: E3033
EXPECTED
echo 'as found'
