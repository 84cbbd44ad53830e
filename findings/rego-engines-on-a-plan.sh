#!/usr/bin/env bash
# regopy 1.5.2 (rego-cpp), opa-eval 0.1.1 and celine-regorus 0.9.1.post20260227075446 (two packagings of regorus), all
# from PyPI: the same Rego expressions over a change as a plan in JSON has it.
#
# Guess: three engines of one language agree. A comparison of null (the setting was absent before) with a number has the
#   order of types that the language describes (null, boolean, number, string), and sprintf prints what stands between
#   its verbs.
# Behaviour: in regopy a comparison of two types is undefined, in regorus it is true, so that a rule which collects the
#   raised numbers of a plan has a setting that was absent before in one engine and not in the other. opa-eval loses or
#   moves the spaces around verbs in sprintf, so the messages of a policy run together; newer regorus does not, but
#   prints nothing for a `%t`. An integer of 30 digits is a rounded float in regorus.
# Output seen (before null, after 12):
#   regopy: after > before undefined; "12" > 8 undefined; message "MinLength changes from 8 to 12 (true)"; id 123456789012345678901234567890
#   opa-eval: after > before true; "12" > 8 true; message "MinLengthchanges from 8to 12()"; id 1.2345678901234568e+29
#   regorus: after > before true; "12" > 8 true; message "MinLength changes from 8 to 12 ()"; id 1.2345678901234568e+29
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    regopy==1.5.2 opa-eval==0.1.1 celine-regorus==0.9.1.post20260227075446

cat >ask.py <<'PY'
import json

import regopy
import regorus
from opa_eval import OpaEval

CHANGE = '{"before": null, "after": 12, "id": 123456789012345678901234567890}'


def by_regopy(policy):
    engine = regopy.Interpreter()
    engine.add_module("policy", policy)
    engine.set_input_term(CHANGE)
    found = str(engine.query("data.plan.found"))
    return found if found == "undefined" else found[len('{"expressions":['):-2]


def by_opa_eval(policy):
    with open("policy.rego", "w") as file:
        file.write(policy)
    return OpaEval("policy.rego", "{}", "data.plan.found").evaluate(CHANGE)


def by_regorus(policy):
    engine = regorus.Engine()
    engine.add_policy("policy.rego", policy)
    engine.set_input_json(CHANGE)
    return engine.eval_rule_as_json("data.plan.found")


EXPRESSIONS = {
    "after > before": "input.after > input.before",
    '"12" > 8': '"12" > 8',
    "message": 'sprintf("%s changes from %v to %v (%t)", ["MinLength", 8, input.after, true])',
    "id": "input.id",
}
for name, engine in (("regopy", by_regopy), ("opa-eval", by_opa_eval), ("regorus", by_regorus)):
    found = (f"{one} {engine(f'package plan{chr(10)}found := {text}{chr(10)}')}" for one, text in EXPRESSIONS.items())
    print(f"{name}: {'; '.join(found)}")
PY
env/bin/python ask.py | tee seen

diff - seen <<'EXPECTED'
regopy: after > before undefined; "12" > 8 undefined; message "MinLength changes from 8 to 12 (true)"; id 123456789012345678901234567890
opa-eval: after > before true; "12" > 8 true; message "MinLengthchanges from 8to 12()"; id 1.2345678901234568e+29
regorus: after > before true; "12" > 8 true; message "MinLength changes from 8 to 12 ()"; id 1.2345678901234568e+29
EXPECTED
echo 'as found'
