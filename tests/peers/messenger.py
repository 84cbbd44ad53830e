"""Makes calls through boto3, one for each line of standard input, and prints one line for each.

A line is `{"do": …, "url": …}`: `call` makes one call with exactly this JSON (`operation`, `request`), `describe` shows
a pool as the service does (`pool`), `rich_pool` makes a pool with every setting there is (`wishes`). The line printed
is `{"answer": …}`, or `{"error": …}` with botocore's own words. It ends with its standard input.
"""

import functools
import gc
import json
import sys

# It lives for one test. Looking for circles of objects takes a fifth of its start, which is mostly imports.
gc.disable()

import botocore.exceptions
import rich_pool
import wire

connect = functools.cache(wire.connect)


def call(client, operation, request):
    return wire.send(client, operation, request)


def describe(client, pool):
    shown = wire.send(client, "DescribeUserPool", {"UserPoolId": pool})
    mfa = wire.send(client, "GetUserPoolMfaConfig", {"UserPoolId": pool})
    return {"pool": shown["UserPool"], "mfa": mfa}


ACTIONS = {"call": call, "describe": describe, "rich_pool": rich_pool.make}

for line in sys.stdin:
    wanted = json.loads(line)
    action, client = ACTIONS[wanted.pop("do")], connect(wanted.pop("url"))
    try:
        answer = {"answer": action(client, **wanted)}
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, sort_keys=True), flush=True)
