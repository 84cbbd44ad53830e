#!/usr/bin/env bash
# serverless-plugin-split-stacks 1.15.0 with osls 4.3.1 (npm, Node.js 20): in which stack a user pool of the service is,
# with `perFunction`, which gives each function a nested stack. What is deployed already is played here.
#
# Guess: what goes into the stack of a function is what Serverless makes for it (log group, version, permissions).
#   Resources that the service declares itself, such as a pool, stay in the root stack.
# Behaviour: everything goes there whose logical id begins with the name of a function. Beside a function `auth` the
#   pool `AuthPool` and the app client `AuthClient` are in its nested stack, `CustomerPool` and `WebClient` in the root.
#   What was deployed before stays where it was, so two stages of one service have the pool in different stacks,
#   depending on when the function was added or renamed. Without the plugin the pool belongs to the root: a new one is
#   made there, and the nested stack goes, with the pool unless it is retained. The summary that is printed counts the
#   resources of each stack and names none. A list of the resources of the root stack, as an import reads it, has no
#   such pool. Give pools and clients logical ids that begin with no function's name.
# Output seen (the stack of each resource):
#   function auth, first deployment: AuthPool Auth, CustomerPool root, AuthClient Auth, WebClient root
#   function auth, AuthPool was in the root: AuthPool root, CustomerPool root, AuthClient Auth, WebClient root
#   function login, AuthPool was with auth: AuthPool Auth, CustomerPool root, AuthClient root, WebClient root
#   function login, first deployment: AuthPool root, CustomerPool root, AuthClient root, WebClient root
#   function auth, without the plugin: AuthPool root, CustomerPool root, AuthClient root, WebClient root
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
    osls@4.3.1 serverless-plugin-split-stacks@1.15.0

echo 'exports.run = async () => {};' >handler.js
touch code.zip
cat >deployed.js <<'JS'
// Plays the part of Amazon: the stacks that are there.
const stacks = JSON.parse(process.env.DEPLOYED);
module.exports = class {
  constructor(serverless) {
    const { plugins } = serverless.pluginManager;
    const split = plugins.find((one) => one.constructor.name === "ServerlessPluginSplitStacks");
    split.setDeploymentBucketEndpoint = async () => {};
    split.getStackSummary = async (stack) => stacks[stack] ?? [];
  }
};
JS
service() { # the name of the function, the plugins
    cat >serverless.yml <<YAML
service: pools
provider: {name: aws, runtime: nodejs20.x, region: eu-west-1, deploymentBucket: bucket}
package: {artifact: code.zip}
plugins: [$2]
custom:
  splitStacks: {perFunction: true, perType: false}
functions:
  $1: {handler: handler.run}
resources:
  Resources:
    AuthPool: {Type: "AWS::Cognito::UserPool", DeletionPolicy: Retain}
    CustomerPool: {Type: "AWS::Cognito::UserPool", DeletionPolicy: Retain}
    AuthClient: {Type: "AWS::Cognito::UserPoolClient", Properties: {UserPoolId: !Ref AuthPool}}
    WebClient: {Type: "AWS::Cognito::UserPoolClient", Properties: {UserPoolId: !Ref AuthPool}}
YAML
}
cat >read.py <<'PY'
import glob
import json
import re
import sys

where = {}
for path in glob.glob(".serverless/cloudformation-template-*.json"):
    stack = re.search(r"template-(?:(\w+)-nested|update)-stack", path)
    if stack:
        with open(path) as file:
            where.update(dict.fromkeys(json.load(file)["Resources"], stack[1] or "root"))
names = ["AuthPool", "CustomerPool", "AuthClient", "WebClient"]
print(sys.argv[1], ", ".join(f"{name} {where[name]}" for name in names))
PY
show() { # the name of the case, what is deployed
    rm -rf .serverless
    AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b HOME=$work DEPLOYED="$2" node node_modules/.bin/osls package >said 2>&1
    python3 read.py "$1:"
}
pool='{"LogicalResourceId": "AuthPool", "ResourceType": "AWS::Cognito::UserPool"}'
stack='"ResourceType": "AWS::CloudFormation::Stack", "PhysicalResourceId": "nested"'
nested="{\"LogicalResourceId\": \"AuthNestedStack\", $stack}"
{
    service auth 'serverless-plugin-split-stacks, ./deployed.js'
    show 'function auth, first deployment' '{}'
    show 'function auth, AuthPool was in the root' "{\"pools-dev\": [$pool]}"
    service login 'serverless-plugin-split-stacks, ./deployed.js'
    show 'function login, AuthPool was with auth' "{\"pools-dev\": [$nested], \"nested\": [$pool]}"
    show 'function login, first deployment' '{}'
    service auth ''
    show 'function auth, without the plugin' '{}'
} | tee seen

diff - seen <<'EXPECTED'
function auth, first deployment: AuthPool Auth, CustomerPool root, AuthClient Auth, WebClient root
function auth, AuthPool was in the root: AuthPool root, CustomerPool root, AuthClient Auth, WebClient root
function login, AuthPool was with auth: AuthPool Auth, CustomerPool root, AuthClient root, WebClient root
function login, first deployment: AuthPool root, CustomerPool root, AuthClient root, WebClient root
function auth, without the plugin: AuthPool root, CustomerPool root, AuthClient root, WebClient root
EXPECTED
echo 'as found'
