#!/usr/bin/env bash
# runway 2.8.4 with boto3 1.44.8 (PyPI): what a static site with `staticsite_auth_at_edge` does to the existing pool
# that `staticsite_user_pool_arn` names. The hooks of the deployment run here; the service is played.
#
# Guess: Runway signs in at the domain that the pool has, its own domain first, and changes nothing about a pool that it
#   did not make. To the app client of its stack it adds the address of the site, beside what the client has by then.
# Behaviour: of a domain of one's own it makes a host of Amazon's, `login.example.com.auth.us-east-1.amazoncognito.com`,
#   which is no domain of the pool, also where the pool has a prefix that would work. A pool without a domain gets a
#   prefix made of its id and the client's, so a pool without sign-in pages has them from then on. For a site without an
#   alias, each deployment sends the client six members and reads nothing before: the URLs, scopes and providers that
#   somebody added are gone, and by the API's rules the rest has its default again, such as the lifetimes of tokens.
# Output seen:
#   domain of one's own and a prefix: login.example.com.auth.us-east-1.amazoncognito.com
#   prefix: customers.auth.us-east-1.amazoncognito.com
#   no domain: a1b2c3d4e-3n4b5c6d7e8f9g0h1i2j3k4l5m.auth.us-east-1.amazoncognito.com
#   created: {"Domain": "a1b2c3d4e-3n4b5c6d7e8f9g0h1i2j3k4l5m", "UserPoolId": "us-east-1_a1B2c3D4E"}
#   calls for the client: UpdateUserPoolClient
#   AllowedOAuthFlows: ["code"]
#   AllowedOAuthFlowsUserPoolClient: true
#   AllowedOAuthScopes: ["openid"]
#   CallbackURLs: ["https://d111111abcdef8.cloudfront.net/parseauth"]
#   LogoutURLs: ["https://d111111abcdef8.cloudfront.net/"]
#   SupportedIdentityProviders: ["COGNITO"]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check runway==2.8.4 boto3==1.44.8 setuptools==80.9.0

cat >deploy.py <<'PY'
import json
from types import SimpleNamespace

import boto3
from botocore.awsrequest import AWSResponse
from runway.cfngin.hooks.staticsite.auth_at_edge import client_updater, domain_updater

POOL = "us-east-1_a1B2c3D4E"
CLIENT = "3n4b5c6d7e8f9g0h1i2j3k4l5m"
pool = {}
calls = []
session = boto3.Session("a", "b", region_name="us-east-1")


def answer(model, params, **_):
    """Plays the service: a call ends here, before a request leaves the process."""
    calls.append((model.name, json.loads(params["body"])))
    found = {"UserPool": {"Id": POOL, **pool}} if model.name == "DescribeUserPool" else {}
    return AWSResponse(params["url"], 200, {}, None), found


session.events.register("before-call.cognito-identity-provider", answer)
context = SimpleNamespace(get_session=lambda: session, hook_data={"aae_user_pool_id_retriever": {"id": POOL}})


def domain(**given):
    global pool
    pool = given
    return domain_updater.update(context, client_id=CLIENT)["domain"]


print("domain of one's own and a prefix:", domain(CustomDomain="login.example.com", Domain="customers"))
print("prefix:", domain(Domain="customers"))
print("no domain:", domain())
print("created:", json.dumps(next(sent for name, sent in calls if name == "CreateUserPoolDomain"), sort_keys=True))

calls.clear()
client_updater.update(
    context,
    alternate_domains=[],
    client_id=CLIENT,
    distribution_domain="d111111abcdef8.cloudfront.net",
    oauth_scopes=["openid"],
    redirect_path_sign_in="/parseauth",
    redirect_path_sign_out="/",
    supported_identity_providers=["COGNITO"],
)
print("calls for the client:", *(name for name, _ in calls))
for member, value in sorted(calls[0][1].items()):
    if member not in ("UserPoolId", "ClientId"):
        print(f"{member}: {json.dumps(value)}")
PY
env/bin/python -W ignore deploy.py | tee seen

diff - seen <<'EXPECTED'
domain of one's own and a prefix: login.example.com.auth.us-east-1.amazoncognito.com
prefix: customers.auth.us-east-1.amazoncognito.com
no domain: a1b2c3d4e-3n4b5c6d7e8f9g0h1i2j3k4l5m.auth.us-east-1.amazoncognito.com
created: {"Domain": "a1b2c3d4e-3n4b5c6d7e8f9g0h1i2j3k4l5m", "UserPoolId": "us-east-1_a1B2c3D4E"}
calls for the client: UpdateUserPoolClient
AllowedOAuthFlows: ["code"]
AllowedOAuthFlowsUserPoolClient: true
AllowedOAuthScopes: ["openid"]
CallbackURLs: ["https://d111111abcdef8.cloudfront.net/parseauth"]
LogoutURLs: ["https://d111111abcdef8.cloudfront.net/"]
SupportedIdentityProviders: ["COGNITO"]
EXPECTED
echo 'as found'
