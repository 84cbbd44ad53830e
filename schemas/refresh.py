#!/usr/bin/env python3
"""Refreshes schemas/cognito-idp.json from an installed botocore.

    python3 schemas/refresh.py                     the botocore of this Python
    python3 schemas/refresh.py service-2.json.gz   a model file, plain or gzipped
    python3 schemas/refresh.py --check             write nothing; fail where the file would change

The file holds what is mechanical: the operations it lists already, and every shape that their requests
and answers reach, without their prose. To take in another operation, add its name under `operations`,
with `{}` for its value, and run this.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

OURS = Path(__file__).resolve().with_name("cognito-idp.json")
SERVICE = "AWSCognitoIdentityProviderService"
# What is kept of a shape, in the order in which it is written.
KEPT = ("type", "members", "required", "enum", "min", "max", "pattern", "member", "key", "value", "sensitive")


def main():
    arguments = argparse.ArgumentParser(description="Refreshes schemas/cognito-idp.json from botocore.")
    arguments.add_argument("model", nargs="?", type=Path, help="a service-2.json, plain or gzipped")
    arguments.add_argument("--check", action="store_true", help="write nothing; fail where it would change")
    arguments = arguments.parse_args()

    path = arguments.model or installed()
    old = OURS.read_text(encoding="utf-8")
    new = render(reduce(load(path), json.loads(old)["operations"]))
    if new == old:
        print(f"{OURS.name} says what {path} says")
    elif arguments.check:
        sys.exit(f"error: {OURS.name} differs from {path}; run schemas/refresh.py")
    else:
        OURS.write_text(new, encoding="utf-8")
        print(f"{OURS.name} is refreshed from {path}; read the diff, then the catalogue's tests")


def installed():
    """The newest Cognito model of the botocore that this Python has."""
    try:
        import botocore
    except ImportError:
        sys.exit("error: this Python has no botocore: install it, or name a service-2.json")
    found = sorted(Path(botocore.__file__).parent.glob("data/cognito-idp/*/service-2.json*"))
    if not found:
        sys.exit(f"error: botocore {botocore.__version__} has no model of cognito-idp")
    return found[-1]


def load(path):
    try:
        data = path.read_bytes()
        model = json.loads(gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data)
        prefix = model["metadata"]["targetPrefix"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"error: {path} is no API model of botocore: {error!r}")
    if prefix != SERVICE:
        sys.exit(f"error: {path} is the model of another service, {prefix}")
    return model


def reduce(model, wanted):
    """The model in our form, with the operations of `wanted` in their order."""
    gone = [name for name in wanted if name not in model["operations"]]
    if gone:
        sys.exit(f"error: the model has no operation {', '.join(gone)} any more")
    operations = {name: operation(model["operations"][name]) for name in wanted}
    roots = [name for each in operations.values() for name in (each["input"], each["output"]) if name]
    metadata = model["metadata"]
    return {
        "apiVersion": metadata["apiVersion"],
        "targetPrefix": metadata["targetPrefix"],
        "protocol": f"aws-{metadata['protocol']}-{metadata['jsonVersion']}",
        "operations": operations,
        "shapes": {name: shape(model["shapes"][name]) for name in sorted(reached(model["shapes"], roots))},
    }


def operation(raw):
    return {
        "input": raw["input"]["shape"],
        "output": raw["output"]["shape"] if "output" in raw else None,
        "errors": [error["shape"] for error in raw.get("errors", [])],
    }


def shape(raw):
    """A shape without its prose, its references reduced to names."""
    ours = {key: raw[key] for key in KEPT if key in raw}
    for key in ("member", "key", "value"):
        if key in ours:
            ours[key] = ours[key]["shape"]
    # Absent from other shapes; empty in a structure without members.
    if "members" in ours:
        ours["members"] = {name: member["shape"] for name, member in ours["members"].items()}
    return ours


def reached(shapes, roots):
    seen, waiting = set(), list(roots)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        raw = shapes[name]
        inner = [*raw.get("members", {}).values(), *(raw[key] for key in ("member", "key", "value") if key in raw)]
        waiting += [reference["shape"] for reference in inner]
    return seen


def render(ours):
    # No newline at the end: so it has been from the first day, and a refresh should show what is new alone.
    return json.dumps(ours, indent=1)


if __name__ == "__main__":
    main()
