#!/usr/bin/env python3
"""Refreshes schemas/cognito-idp.json from an installed botocore, and src/shapes/bundled.rs from that.

    python3 schemas/refresh.py                     the botocore of this Python
    python3 schemas/refresh.py service-2.json.gz   a model file, plain or gzipped
    python3 schemas/refresh.py --check             write nothing; fail where the file would change

The file holds what is mechanical: the operations it lists already, and every shape that their requests
and answers reach, without their prose. To take in another operation, add its name under `operations`,
with `{}` for its value, and run this. The program contains the same model as tables, so that no run has to parse it.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

OURS = Path(__file__).resolve().with_name("cognito-idp.json")
TABLES = OURS.parents[1] / "src/shapes/bundled.rs"
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
    model = reduce(load(path), json.loads(old)["operations"])
    new = render(model)
    if new == old and tables(model) == TABLES.read_text(encoding="utf-8"):
        print(f"{OURS.name} says what {path} says")
    elif arguments.check:
        sys.exit(f"error: {OURS.name} or {TABLES.name} differs from {path}; run schemas/refresh.py")
    else:
        OURS.write_text(new, encoding="utf-8")
        TABLES.write_text(tables(model), encoding="utf-8")
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


HEAD = """\
//! The model of schemas/cognito-idp.json as tables. Written by schemas/refresh.py; do not edit it.

use super::{ApiOperation, Shape, ShapeKind, Shapes};

const NONE: Shape = Shape::NONE;

"""
KINDS = {"long": "Integer", "double": "Float"}


def tables(ours):
    """The model as Rust, by names in the order of their bytes."""
    operations = [
        f"    ({text(name)}, ApiOperation {{ input: {text(each['input'])}, output: {optional(each['output'])} }}),"
        for name, each in sorted(ours["operations"].items())
    ]
    shapes = [f"    ({text(name)}, {table(each)})," for name, each in sorted(ours["shapes"].items())]
    return "\n".join([
        HEAD + "pub(super) static BUNDLED: Shapes = Shapes { shapes: SHAPES, operations: OPERATIONS, added: Vec::new() };",
        "",
        "static OPERATIONS: &[(&str, ApiOperation)] = &[", *operations, "];",
        "",
        "static SHAPES: &[(&str, Shape)] = &[", *shapes, "];",
        "",
    ])


def table(raw):
    """A shape as an expression of Rust."""
    kind = KINDS.get(raw["type"], raw["type"].capitalize())
    if raw.get("members") == {}:
        kind = "Document"
    fields = [f"kind: ShapeKind::{kind}"]
    if raw.get("members"):
        members = ", ".join(f"({text(name)}, {text(shape)})" for name, shape in raw["members"].items())
        fields.append(f"members: &[{members}]")
    for field, key in (("required", "required"), ("allowed", "enum")):
        if raw.get(key):
            fields.append(f"{field}: &[{', '.join(map(text, raw[key]))}]")
    for field, key in (("element", "member"), ("key", "key"), ("value", "value"), ("pattern", "pattern")):
        if key in raw:
            fields.append(f"{field}: {optional(raw[key])}")
    fields += [f"{key}: Some({raw[key]})" for key in ("min", "max") if key in raw]
    if raw.get("sensitive"):
        fields.append("sensitive: true")
    return f"Shape {{ {', '.join(fields)}, ..NONE }}"


def optional(value):
    return "None" if value is None else f"Some({text(value)})"


def text(value):
    """A literal of Rust: raw where a backslash or a quote would have to be escaped."""
    return f'r##"{value}"##' if "\\" in value or '"' in value else f'"{value}"'


if __name__ == "__main__":
    main()
