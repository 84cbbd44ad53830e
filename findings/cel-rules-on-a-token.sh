#!/usr/bin/env bash
# Six engines of the Common Expression Language (CEL): cel-js 0.8.2, @marcbachmann/cel-js 8.0.0 and @bufbuild/cel 0.6.1
# (npm, Node.js 20), cel-python 0.5.0, common-expression-language 0.10.0 and cel-expr-python 0.1.3 (PyPI): rules over
# the claims of an ID token of a user pool, as gateways, Kubernetes and workload federations have them. Ann is in two
# groups and has 12 in a custom attribute of the type Number. Bob is in no group: his token has no `cognito:groups`.
#
# Guess: the engines agree. `has(claims["cognito:groups"])` is an error in all (the language wants a field after a dot),
#   the optional form `claims[?"…"].orValue([])` works in the engines of Buf and of Google, and `int()` reads the text
#   that a Number is in a token, in all. The claim `auth_time` is in seconds, as `timestamp()` has it.
# Behaviour: cel-python answers `has(claims["cognito:groups"])`, so a rule tested there is an error elsewhere. The
#   optional form works in @marcbachmann/cel-js alone, once it is switched on. `"cognito:groups" in claims && …` is the
#   only form for a user without a group that all six read alike. A Number equals no number: `== 12` is false in five,
#   without an error, and an error in cel-python. cel-js has no `int()`. Numbers of a token are doubles in two of the
#   engines for Node.js, so `claims.exp - 600` is an error there; with `int(claims.exp)` it is none.
#   Of `auth_time`, @bufbuild/cel makes a day in January 1970, without an error, as it takes a number for milliseconds:
#   a rule for "signed in at most an hour ago" refuses all users. Three engines make no timestamp of a number.
# Output seen (an engine is named where they differ):
#   "admins" in claims["cognito:groups"]
#     ann: all true
#     bob: all error
#   has(claims["cognito:groups"]) && "admins" in claims["cognito:groups"]
#     ann: cel-python true; others error
#     bob: cel-python false; others error
#   "admins" in claims[?"cognito:groups"].orValue([])
#     ann: @marcbachmann/cel-js true; others error
#     bob: @marcbachmann/cel-js false; others error
#   "cognito:groups" in claims && "admins" in claims["cognito:groups"]
#     ann: all true
#     bob: all false
#   claims["custom:level"] == 12
#     ann: cel-python error; others false
#   claims["custom:level"] > 9
#     ann: all error
#   int(claims["custom:level"]) > 9
#     ann: cel-js error; others true
#   claims.exp - 600 > claims.auth_time
#     ann: @bufbuild/cel error; @marcbachmann/cel-js error; others true
#   timestamp(int(claims.auth_time))
#     ann: @bufbuild/cel 1970-01-21; @marcbachmann/cel-js 2025-12-01; cel-expr-python 2025-12-01; others error
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund cel-js@0.8.2 @marcbachmann/cel-js@8.0.0 @bufbuild/cel@0.6.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    cel-python==0.5.0 common-expression-language==0.10.0 cel-expr-python==0.1.3

cat >rules.json <<'JSON'
[
  "\"admins\" in claims[\"cognito:groups\"]",
  "has(claims[\"cognito:groups\"]) && \"admins\" in claims[\"cognito:groups\"]",
  "\"admins\" in claims[?\"cognito:groups\"].orValue([])",
  "\"cognito:groups\" in claims && \"admins\" in claims[\"cognito:groups\"]",
  "claims[\"custom:level\"] == 12",
  "claims[\"custom:level\"] > 9",
  "int(claims[\"custom:level\"]) > 9",
  "claims.exp - 600 > claims.auth_time",
  "timestamp(int(claims.auth_time))"
]
JSON
cat >users.json <<'JSON'
{
  "ann": {
    "sub": "1", "token_use": "id", "cognito:groups": ["admins", "staff"], "custom:level": "12",
    "auth_time": 1764600000, "exp": 1764603600
  },
  "bob": { "sub": "2", "token_use": "id", "auth_time": 1764600000, "exp": 1764603600 }
}
JSON

cat >ask.mjs <<'JS'
import { readFileSync } from "node:fs";
import { run } from "@bufbuild/cel";
import { Environment } from "@marcbachmann/cel-js";
import { evaluate } from "cel-js";

const read = (name) => JSON.parse(readFileSync(name, "utf8"));
const environment = new Environment({ enableOptionalTypes: true }).registerVariable("claims", "map");
const engines = {
  "cel-js": evaluate,
  "@marcbachmann/cel-js": (rule, context) => environment.evaluate(rule, context),
  "@bufbuild/cel": run,
};
const spell = (answer) => {
  if (answer instanceof Error) throw answer;
  if (answer instanceof Date) return answer.toISOString().slice(0, 10);
  if (answer?.message) return new Date(Number(answer.message.seconds) * 1000).toISOString().slice(0, 10);
  return String(answer);
};
for (const [user, claims] of Object.entries(read("users.json"))) {
  for (const rule of read("rules.json")) {
    for (const [engine, ask] of Object.entries(engines)) {
      let answer = "error";
      try {
        answer = spell(ask(rule, { claims }));
      } catch {}
      console.log(JSON.stringify([rule, user, engine, answer]));
    }
  }
}
JS

cat >ask.py <<'PY'
import collections
import json
import sys

import cel
import celpy
from cel_expr_python import cel as google


def read(name):
    with open(name) as file:
        return json.load(file)


def by_cel_python(rule, claims):
    environment = celpy.Environment()
    return environment.program(environment.compile(rule)).evaluate({"claims": celpy.json_to_cel(claims)})


def by_google(rule, claims):
    environment = google.NewEnv(variables={"claims": google.Type.Map(google.Type.STRING, google.Type.DYN)})
    found = environment.compile(rule).eval(data={"claims": claims})
    if found.type() == google.Type.ERROR:
        raise ValueError(found)
    return found


ENGINES = {
    "cel-python": by_cel_python,
    "common-expression-language": lambda rule, claims: cel.evaluate(rule, {"claims": claims}),
    "cel-expr-python": by_google,
}
answers = collections.defaultdict(dict)
for line in sys.stdin:
    rule, user, engine, answer = json.loads(line)
    answers[rule, user][engine] = answer
rules = read("rules.json")
for user, claims in read("users.json").items():
    for rule in rules:
        for engine, ask in ENGINES.items():
            try:
                answer = str(ask(rule, claims))
            except Exception:
                answer = "error"
            answer = {"True": "true", "False": "false"}.get(answer, answer.split("T")[0])
            answers[rule, user][engine] = answer
for rule in rules:
    print(rule)
    for user in ("ann", "bob") if "groups" in rule else ("ann",):
        given = answers[rule, user]
        usual, number = collections.Counter(given.values()).most_common(1)[0]
        if number == len(given):
            print(f"  {user}: all {usual}")
        else:
            others = sorted(f"{engine} {answer}" for engine, answer in given.items() if answer != usual)
            print(f"  {user}: {'; '.join(others)}; others {usual}")
PY
node ask.mjs | env/bin/python ask.py 2>said | tee seen

diff - seen <<'EXPECTED'
"admins" in claims["cognito:groups"]
  ann: all true
  bob: all error
has(claims["cognito:groups"]) && "admins" in claims["cognito:groups"]
  ann: cel-python true; others error
  bob: cel-python false; others error
"admins" in claims[?"cognito:groups"].orValue([])
  ann: @marcbachmann/cel-js true; others error
  bob: @marcbachmann/cel-js false; others error
"cognito:groups" in claims && "admins" in claims["cognito:groups"]
  ann: all true
  bob: all false
claims["custom:level"] == 12
  ann: cel-python error; others false
claims["custom:level"] > 9
  ann: all error
int(claims["custom:level"]) > 9
  ann: cel-js error; others true
claims.exp - 600 > claims.auth_time
  ann: @bufbuild/cel error; @marcbachmann/cel-js error; others true
timestamp(int(claims.auth_time))
  ann: @bufbuild/cel 1970-01-21; @marcbachmann/cel-js 2025-12-01; cel-expr-python 2025-12-01; others error
EXPECTED
echo 'as found'
