"""Holds manifests to a JSON Schema as others do. Standard input is `{"schema": …, "cases": [[name, value], …]}`.
Prints a line for what is wrong with the schema itself, and one for each case that it refuses."""

import json
import sys

from jsonschema import Draft202012Validator

read = json.load(sys.stdin)
validator = Draft202012Validator(read["schema"], format_checker=Draft202012Validator.FORMAT_CHECKER)
Draft202012Validator.check_schema(read["schema"], format_checker=Draft202012Validator.FORMAT_CHECKER)
for name, value in read["cases"]:
    if not validator.is_valid(value):
        print(name)
