"""Judges a plan by the policies of a folder with both engines for Rego that there are in Python. Prints what each denies,
as JSON."""

import json
import sys
from pathlib import Path

import regopy
from opa_eval import OpaEval

plan, policy = (Path(name) for name in sys.argv[1:])
QUERY = "data.main.deny"


def by_regopy():
    engine = regopy.Interpreter()
    engine.add_module(policy.name, policy.read_text())
    engine.set_input(json.loads(plan.read_text()))
    return json.loads(str(engine.query(QUERY)))["expressions"][0]


def by_regorus():
    return json.loads(OpaEval(str(policy), "{}", QUERY).evaluate(plan.read_text()))


print(json.dumps({"rego-cpp": sorted(by_regopy()), "regorus": sorted(by_regorus())}))
