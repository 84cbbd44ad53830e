#!/usr/bin/env bash
# ajv-cli 5.0.0 and v8r 5.1.0 (npm, Node.js 20), check-jsonschema 0.39.0, jsonschema-rs 0.61.2 and fastjsonschema 2.22.3
# (PyPI) on a JSON Schema 2020-12 that is written for editors too, as that of poolctl's manifests is: with a keyword of
# VS Code, a format, and a pattern with `[^$]`.
#
# Guess: JSON Schema lets a validator pass over a keyword and a format that it does not know, so each of the five takes
#   a good file and refuses a bad one; where one is strict with schemas, a milder mode still checks the files.
# Behaviour: ajv-cli refuses the schema for the keyword (`enumDescriptions`) and for `format: date`, of which it knows
#   no format without a plugin. `--strict=log` passes over the keyword and still refuses the format; only
#   `--strict=false` checks files. A schema that is refused ends with 1, as a bad file does. fastjsonschema puts `\Z` in
#   the place of the `$` in brackets, where it is a plain character, and ends with an error of Python's `re`: with such
#   a schema it checks no file. v8r, which is built on the library of ajv-cli, check-jsonschema and jsonschema-rs check
#   both files.
#   So a step of CI that checks manifests with ajv-cli needs `--strict=false`, and a step that fails shows nothing about
#   the manifests until a good one was seen to pass.
# Output seen (exit code for the good file and for the bad one):
#   ajv-cli: keyword 1 1, format 1 1, pattern 0 1
#   ajv-cli --strict=log: keyword 0 1, format 1 1, pattern 0 1
#   ajv-cli --strict=false: keyword 0 1, format 0 1, pattern 0 1
#   v8r: keyword 0 99, format 0 99, pattern 0 99
#   check-jsonschema: keyword 0 1, format 0 1, pattern 0 1
#   jsonschema-rs: keyword 0 1, format 0 1, pattern 0 1
#   fastjsonschema: keyword 0 1, format 0 1, pattern error error
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund ajv-cli@5.0.0 v8r@5.1.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check check-jsonschema==0.39.0 jsonschema-rs==0.61.2 \
    fastjsonschema==2.22.3

cat >check.py <<'PY'
import json
import subprocess

import fastjsonschema
import jsonschema_rs

MODE = {"enum": ["OFF", "ON"], "enumDescriptions": ["No MFA.", "MFA for everybody."]}
PARTS = {
    "keyword": MODE,
    "format": {"type": "string", "format": "date"},
    "pattern": {"type": "string", "pattern": "(?:^|[^$])[$][{]"},
}
FILES = {
    "good": {"keyword": "OFF", "format": "2026-01-01", "pattern": "${a}"},
    "bad": {"keyword": "NO", "format": 1, "pattern": "a"},
}


def run(*command):
    return lambda name: subprocess.run(
        [*command, f"{name}.json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ).returncode


def taken(check):
    def tried(name):
        try:
            return 0 if check(json.load(open("schema.json")), json.load(open(f"{name}.json"))) is not False else 1
        except fastjsonschema.JsonSchemaValueException:
            return 1
        except Exception as error:
            assert "bad escape" in str(error), repr(error)
            return "error"

    return tried


AJV = ["node_modules/.bin/ajv", "validate", "--spec=draft2020", "-s", "schema.json"]
TOOLS = {
    "ajv-cli": run(*AJV, "-d"),
    "ajv-cli --strict=log": run(*AJV, "--strict=log", "-d"),
    "ajv-cli --strict=false": run(*AJV, "--strict=false", "-d"),
    "v8r": run("node_modules/.bin/v8r", "-s", "schema.json"),
    "check-jsonschema": run("env/bin/check-jsonschema", "--schemafile", "schema.json"),
    "jsonschema-rs": taken(jsonschema_rs.is_valid),
    "fastjsonschema": taken(lambda schema, value: fastjsonschema.compile(schema)(value)),
}
for tool, check in TOOLS.items():
    results = []
    for part, schema in PARTS.items():
        whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {part: schema}}
        json.dump({**whole, "type": "object"}, open("schema.json", "w"))
        for name, values in FILES.items():
            json.dump({part: values[part]}, open(f"{name}.json", "w"))
        results.append(f"{part} {check('good')} {check('bad')}")
    print(f"{tool}: {', '.join(results)}")
PY
env -i PATH="$PATH" HOME="$work" env/bin/python check.py 2>warnings | tee seen || { cat warnings; exit 1; }

diff - seen <<'EXPECTED'
ajv-cli: keyword 1 1, format 1 1, pattern 0 1
ajv-cli --strict=log: keyword 0 1, format 1 1, pattern 0 1
ajv-cli --strict=false: keyword 0 1, format 0 1, pattern 0 1
v8r: keyword 0 99, format 0 99, pattern 0 99
check-jsonschema: keyword 0 1, format 0 1, pattern 0 1
jsonschema-rs: keyword 0 1, format 0 1, pattern 0 1
fastjsonschema: keyword 0 1, format 0 1, pattern error error
EXPECTED
echo 'as found'
