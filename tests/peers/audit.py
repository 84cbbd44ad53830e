"""Makes the calls that Prowler makes for its checks of Cognito, at AWS_ENDPOINT_URL, and prints one line for each."""

import boto3
from botocore.exceptions import ClientError


def show(name, call, **request):
    try:
        answer = call(**request)
        del answer["ResponseMetadata"]
    except ClientError as error:
        answer = error.response["Error"]["Code"]
    print(f"{name}: {answer if isinstance(answer, str) else sorted(answer)}")
    return answer


show("sts", boto3.client("sts").get_caller_identity)
regions = boto3.client("ec2").describe_regions()["Regions"]
print(f"ec2: {[region['RegionName'] for region in regions]}")
show("organizations", boto3.client("organizations").describe_account, AccountId="111122223333")
show("cognito-identity", boto3.client("cognito-identity").list_identity_pools, MaxResults=60)
show("wafv2", boto3.client("wafv2").list_web_acls, Scope="REGIONAL")
cognito = boto3.client("cognito-idp")
for page in cognito.get_paginator("list_user_pools").paginate(MaxResults=60):
    for pool in page["UserPools"]:
        request = {"UserPoolId": pool["Id"]}
        show("describe", cognito.describe_user_pool, **request)
        show("mfa", cognito.get_user_pool_mfa_config, **request)
        show("risk", cognito.describe_risk_configuration, **request)
        for client in cognito.list_user_pool_clients(**request)["UserPoolClients"]:
            show("client", cognito.describe_user_pool_client, ClientId=client["ClientId"], **request)
