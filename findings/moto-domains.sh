#!/usr/bin/env bash
# moto 5.2.5 with boto3 1.44.8 (PyPI): domains of a user pool.
#
# Guess: DescribeUserPoolDomain returns what CreateUserPoolDomain was given (the certificate, `ManagedLoginVersion`),
#   and the account of the test, 123456789012; DescribeUserPool names a domain of one's own as `CustomDomain`. A second
#   pool cannot take a domain that is in use, and a second prefix of one pool is refused, as by Amazon.
# Behaviour: certificate and version are gone: the description says nothing by which a domain of one's own differs from
#   a prefix, other than its name. `AWSAccountId` is a random UUID, another one in each answer, where the API has 12
#   digits, so two readings of one domain always differ. The pool names a domain of its own as `Domain`, the place of
#   the prefix, and never has a `CustomDomain`. A pool that creates a domain of another pool gets it. A pool may have
#   any number of prefixes, of which it names the first.
# Output seen:
#   described: CustomDomainConfig None, ManagedLoginVersion None
#   AWSAccountId: 36 characters, the same twice: False
#   pool: Domain login.example.com, CustomDomain None
#   after the other pool created it: of the other pool
#   two prefixes: Domain first
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check 'moto[cognitoidp]==5.2.5' boto3==1.44.8

cat >ask.py <<'PY'
import boto3
from moto import mock_aws

NAME = "login.example.com"
OWN = {"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/7a3b1c2d-1111-4222-8333-444455556666"}

with mock_aws():
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    cognito = boto3.client("cognito-idp", region_name="eu-west-1", **keys)
    one, other, third = (cognito.create_user_pool(PoolName=name)["UserPool"]["Id"] for name in ("one", "other", "third"))

    def domain():
        return cognito.describe_user_pool_domain(Domain=NAME)["DomainDescription"]

    def pool(id):
        return cognito.describe_user_pool(UserPoolId=id)["UserPool"]

    cognito.create_user_pool_domain(UserPoolId=one, Domain=NAME, CustomDomainConfig=OWN, ManagedLoginVersion=2)
    first, second = domain(), domain()
    print(f"described: CustomDomainConfig {first.get('CustomDomainConfig')}, "
          f"ManagedLoginVersion {first.get('ManagedLoginVersion')}")
    account = first["AWSAccountId"]
    print(f"AWSAccountId: {len(account)} characters, the same twice: {account == second['AWSAccountId']}")
    print(f"pool: Domain {pool(one).get('Domain')}, CustomDomain {pool(one).get('CustomDomain')}")
    cognito.create_user_pool_domain(UserPoolId=other, Domain=NAME, CustomDomainConfig=OWN)
    print("after the other pool created it: of", "the other pool" if domain()["UserPoolId"] == other else "the first pool")
    for name in ("first", "second"):
        cognito.create_user_pool_domain(UserPoolId=third, Domain=name)
    print(f"two prefixes: Domain {pool(third).get('Domain')}")
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
described: CustomDomainConfig None, ManagedLoginVersion None
AWSAccountId: 36 characters, the same twice: False
pool: Domain login.example.com, CustomDomain None
after the other pool created it: of the other pool
two prefixes: Domain first
EXPECTED
echo 'as found'
