"""Reads YAML as others do. Standard input has a case a line: `{"text": …, "value": …}`, `value` as JSON in
a string. Prints a line for each case that PyYAML (YAML 1.1) or ruamel.yaml (1.2) reads as another value."""

import json
import sys

import yaml
from ruamel.yaml import YAML


def same(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and a == b


def pyyaml(text):
    return yaml.safe_load(text)


def ruamel(text):
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(text)


for line in sys.stdin:
    case = json.loads(line)
    value = json.loads(case["value"])
    for read in (pyyaml, ruamel):
        try:
            found = read(case["text"])
        except Exception as error:
            found = error
        if not same(found, value):
            print(json.dumps({"reader": read.__name__, "text": case["text"], "found": repr(found), "value": case["value"]}))
