#!/usr/bin/env bash
# Four engines of JMESPath, in which Grafana and others have rules that make a role of the claims of a token: jmespath
# 0.16.0 and @jmespath-community/jmespath 1.3.0 (npm, Node.js 20), jmespath 1.1.0 and jpx 0.1.0 (PyPI). Ann is in two
# groups of a user pool and has 12 in a custom attribute of the type Number. Bob is in no group.
#
# Guess: an ordering of a text and a number is null, as the language says, so a rule on a Number falls to its last part
#   in all four. A claim that is missing is an error in `contains`, and `||` with an empty list mends that.
# Behaviour: the rule on a Number has three answers. jmespath for Node.js compares the text as a number and makes Ann an
#   Admin, two engines make her a Viewer, and jmespath for Python ends in a TypeError of Python, no error of JMESPath.
#   With `to_number()` all four agree. Of a missing claim the guess was right. (Seen on the way: a literal in backquotes
#   without the quotes of a text, an older form, is read by two engines and an error in the two others.)
# Output seen (jmespath.js; community; jmespath.py; jpx):
#   "custom:level" > `9` && 'Admin' || 'Viewer'
#     ann: Admin; Viewer; TypeError; Viewer
#   to_number("custom:level") > `9` && 'Admin' || 'Viewer'
#     ann: Admin; Admin; Admin; Admin
#   contains("cognito:groups"[*], `admins`) && 'Admin' || 'Viewer'
#     ann: Admin; error; Admin; error
#   contains("cognito:groups"[*], 'admins') && 'Admin' || 'Viewer'
#     ann: Admin; Admin; Admin; Admin
#     bob: error; error; error; error
#   contains("cognito:groups" || `[]`, 'admins') && 'Admin' || 'Viewer'
#     ann: Admin; Admin; Admin; Admin
#     bob: Viewer; Viewer; Viewer; Viewer
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund jmespath@0.16.0 @jmespath-community/jmespath@1.3.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check jmespath==1.1.0 jpx==0.1.0

cat >rules <<'RULES'
"custom:level" > `9` && 'Admin' || 'Viewer'
to_number("custom:level") > `9` && 'Admin' || 'Viewer'
contains("cognito:groups"[*], `admins`) && 'Admin' || 'Viewer'
contains("cognito:groups"[*], 'admins') && 'Admin' || 'Viewer'
contains("cognito:groups" || `[]`, 'admins') && 'Admin' || 'Viewer'
RULES
echo '{"sub": "1", "cognito:groups": ["admins", "staff"], "custom:level": "12"}' >ann.json
echo '{"sub": "2"}' >bob.json

cat >ask.mjs <<'JS'
import { readFileSync } from "node:fs";
import { search } from "@jmespath-community/jmespath";
import jmespath from "jmespath";

for (const rule of readFileSync("rules", "utf8").trim().split("\n")) {
  for (const user of ["ann", "bob"]) {
    const claims = JSON.parse(readFileSync(`${user}.json`, "utf8"));
    const answers = [jmespath.search, search].map((ask) => {
      try {
        return ask(claims, rule);
      } catch {
        return "error";
      }
    });
    console.log(JSON.stringify([rule, user, answers]));
  }
}
JS
cat >ask.py <<'PY'
import json
import sys

import jmespath
import jpx


def ask(search, error, rule, claims):
    try:
        return search(rule, claims)
    except error:
        return "error"
    except TypeError as found:
        return type(found).__name__


for line in sys.stdin:
    rule, user, answers = json.loads(line)
    if user == "ann":
        print(rule)
    elif "groups" not in rule or "`admins`" in rule:
        continue
    with open(f"{user}.json") as file:
        claims = json.load(file)
    answers.append(ask(jmespath.search, jmespath.exceptions.JMESPathError, rule, claims))
    answers.append(ask(jpx.search, ValueError, rule, claims))
    print(f"  {user}: {'; '.join(answers)}")
PY
node ask.mjs | env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
"custom:level" > `9` && 'Admin' || 'Viewer'
  ann: Admin; Viewer; TypeError; Viewer
to_number("custom:level") > `9` && 'Admin' || 'Viewer'
  ann: Admin; Admin; Admin; Admin
contains("cognito:groups"[*], `admins`) && 'Admin' || 'Viewer'
  ann: Admin; error; Admin; error
contains("cognito:groups"[*], 'admins') && 'Admin' || 'Viewer'
  ann: Admin; Admin; Admin; Admin
  bob: error; error; error; error
contains("cognito:groups" || `[]`, 'admins') && 'Admin' || 'Viewer'
  ann: Admin; Admin; Admin; Admin
  bob: Viewer; Viewer; Viewer; Viewer
EXPECTED
echo 'as found'
