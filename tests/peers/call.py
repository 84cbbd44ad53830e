"""Makes one call through boto3 and prints the answer as it came: `call.py URL OPERATION REQUEST-JSON`.

A failure is one line on stderr, and exit 1.
"""

import json
import sys

import botocore.exceptions
import wire

endpoint, operation, request = sys.argv[1:]
try:
    answer = wire.send(wire.connect(endpoint), operation, request)
except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
    sys.exit(f"{type(error).__name__}: {error}")
print(json.dumps(answer))
