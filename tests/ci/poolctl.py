"""The program itself; how it was called is written down."""

import json
import os
import sys

with open(os.environ["POOLCTL_RECORD"], "a") as record:
    record.write(json.dumps(sys.argv[1:]) + "\n")
os.execv(os.environ["POOLCTL_REAL"], [os.environ["POOLCTL_REAL"], *sys.argv[1:]])
