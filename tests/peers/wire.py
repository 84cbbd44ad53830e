"""boto3 as a plain messenger: what is sent and what is seen are the very bytes of the wire.

botocore refuses to send, and drops from an answer, what its model does not know. A judge of what a tool
keeps must be able to do both.
"""

import json

import boto3
from botocore.config import Config

SERVICE = "cognito-idp"


def connect(endpoint):
    """A client for one endpoint that never repeats a call, so that calls can be counted."""
    config = Config(retries={"total_max_attempts": 1}, read_timeout=30, parameter_validation=False)
    client = boto3.client(SERVICE, endpoint_url=endpoint, region_name="eu-west-1", config=config)
    client.meta.events.register(f"before-parse.{SERVICE}", keep_body)
    return client


def send(client, operation, request):
    """Makes one call with exactly this JSON as its body, and returns the JSON of the answer."""
    event = f"before-call.{SERVICE}.{operation}"
    # Never more digits, and never fewer, than the caller wrote.
    text = request if isinstance(request, str) else json.dumps(request)

    def put_body(params, **_):
        params["body"] = text.encode()

    methods = {name: method for method, name in client.meta.method_to_api_mapping.items()}
    client.meta.events.register(event, put_body)
    try:
        answer = getattr(client, methods[operation])()
    finally:
        client.meta.events.unregister(event, put_body)
    # moto answers some writes with nothing at all.
    return json.loads(answer["wire"] or b"{}")


def keep_body(response_dict, customized_response_dict, **_):
    customized_response_dict["wire"] = response_dict["body"]
