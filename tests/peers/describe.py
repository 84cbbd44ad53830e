"""Prints a pool as the service shows it, `{"pool": …, "mfa": …}`: `describe.py URL POOL-ID`."""

import json
import sys

import wire

endpoint, pool = sys.argv[1:]
client = wire.connect(endpoint)
shown = wire.send(client, "DescribeUserPool", {"UserPoolId": pool})
mfa = wire.send(client, "GetUserPoolMfaConfig", {"UserPoolId": pool})
print(json.dumps({"pool": shown["UserPool"], "mfa": mfa}, indent=2, sort_keys=True, ensure_ascii=False))
