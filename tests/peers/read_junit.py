"""Reads JUnit reports, given as a JSON list, with junitparser. Prints a line for each with its suites as JSON: the name
and the counts that the suite states, the counts of what is in it, and each case with its results and its output."""

import json
import sys

from junitparser import JUnitXml


def case(case):
    results = [
        {"is": type(result).__name__, "type": result.type, "message": result.message, "text": result.text}
        for result in case.result
    ]
    return {
        "name": case.name,
        "class": case.classname,
        "file": case._elem.get("file"),
        "results": results,
        "output": case.system_out,
    }


def suite(suite):
    stated = [suite.tests, suite.failures, suite.errors, suite.skipped]
    suite.update_statistics()
    counted = [suite.tests, suite.failures, suite.errors, suite.skipped]
    return {"name": suite.name, "stated": stated, "counted": counted, "cases": [case(one) for one in suite]}


for text in json.load(sys.stdin):
    print(json.dumps([suite(one) for one in JUnitXml.fromstring(text.encode())]))
