#!/usr/bin/env bash
# yamlfix 1.19.1 with ruyaml 0.91.0 (PyPI) on YAML files with settings of a user pool.
#
# Guess: a formatter changes how a file looks, and each value stays what it was: `OFF` the text that YAML 1.2 reads, and
#   the text of an e-mail, in a literal block, as it is.
# Behaviour: it rewrites `MfaConfiguration: OFF` to `false`, and the tag `country: NO` too; in quotation marks both
#   stay. From a literal block it takes every blank line, and the line end after the last line where the block is the
#   last of the file. Where the block's first line is blank, the header gets the wrong indentation: what yamlfix writes
#   then is no YAML any more. The exit code is 0 each time. As a pre-commit hook it does so before each commit; the
#   texts of e-mails are safe only in files of their own.
# Output seen (the values before and after, read as YAML 1.2):
#   off: 'OFF' -> False
#   quoted off: 'OFF' -> 'OFF'
#   no: 'NO' -> False
#   blank line: '<p>Hello,</p>\n\n<p>{####}</p>\n' -> '<p>Hello,</p>\n<p>{####}</p>\n'
#   last of the file: 'Code {####}\n' -> 'Code {####}'
#   blank first line: '\nCode {####}\n' -> no YAML
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check yamlfix==1.19.1 ruyaml==0.91.0 ruamel.yaml==0.17.33

cat >check.py <<'PY'
import subprocess
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

FILES = {
    "off": "a:\n  v: OFF\n",
    "quoted off": 'a:\n  v: "OFF"\n',
    "no": "a:\n  v: NO\n",
    "blank line": "a:\n  v: |\n    <p>Hello,</p>\n\n    <p>{####}</p>\n  w: 1\n",
    "last of the file": "a:\n  v: |\n    Code {####}\n",
    "blank first line": "a:\n  v: |2\n\n    Code {####}\n  w: 1\n",
}


def read():
    try:
        with open("pool.yaml") as file:
            return repr(YAML(typ="safe", pure=True).load(file)["a"]["v"])
    except YAMLError:
        return "no YAML"


for name, text in FILES.items():
    with open("pool.yaml", "w") as file:
        file.write(text)
    before = read()
    subprocess.run(["env/bin/yamlfix", "pool.yaml"], check=True, capture_output=True)
    print(f"{name}: {before} -> {read()}")
PY
env/bin/python check.py | tee seen

diff - seen <<'EXPECTED'
off: 'OFF' -> False
quoted off: 'OFF' -> 'OFF'
no: 'NO' -> False
blank line: '<p>Hello,</p>\n\n<p>{####}</p>\n' -> '<p>Hello,</p>\n<p>{####}</p>\n'
last of the file: 'Code {####}\n' -> 'Code {####}'
blank first line: '\nCode {####}\n' -> no YAML
EXPECTED
echo 'as found'
