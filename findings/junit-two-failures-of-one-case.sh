#!/usr/bin/env bash
# junitparser 5.0.3 (PyPI), junit2json 4.0.0, junit-to-ctrf 0.0.14, test-results-parser 0.4.6 and junitxml-to-javascript
# 1.1.4 (npm, Node.js 20) on a JUnit report with two failures in one test case, as a pool with two conflicts would have.
#
# Guess: each reader shows both failures or joins their texts, and reads the character references of XML in a message.
# Behaviour: two keep both, two keep the first and drop the second, one has no message at all for the case.
#   test-results-parser leaves `&#8594;` and the line end `&#10;` in the message as they are written. junitparser counts
#   failures, not cases, when it writes the totals anew (`update_statistics`): 2 failures of 2 tests, of which one
#   passed. So a writer does best with one failure per case, and with literal characters.
# Output seen (messages of the failures):
#   junitparser: ["8 → 12\nlong", "second"], 2 failures of 2 tests
#   junit2json: ["8 → 12\nlong", "second"]
#   junit-to-ctrf: ["8 → 12\nlong"]
#   test-results-parser: ["8 &#8594; 12&#10;long"]
#   junitxml-to-javascript: [""]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check junitparser==5.0.3
npm install --silent --no-audit --no-fund \
    junit2json@4.0.0 junit-to-ctrf@0.0.14 test-results-parser@0.4.6 junitxml-to-javascript@1.1.4

cat >report.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="pools" tests="2" failures="1">
    <testcase name="customers" classname="pools" time="1">
      <failure message="8 &#8594; 12&#10;long" type="risk">a</failure>
      <failure message="second" type="conflict">b</failure>
    </testcase>
    <testcase name="partners" classname="pools" time="1"/>
  </testsuite>
</testsuites>
XML

cat >read.py <<'PY'
import json
from junitparser import JUnitXml

report = JUnitXml.fromfile("report.xml")
report.update_statistics()
messages = [failure.message for suite in report for case in suite for failure in case.result]
print(f"junitparser: {json.dumps(messages, ensure_ascii=False)}, {report.failures} failures of {report.tests} tests")
PY
cat >read.mjs <<'JS'
import fs from "node:fs";
import { createRequire } from "node:module";
import { parse } from "junit2json";

const require = createRequire(import.meta.url);
const show = (name, messages, more = "") => console.log(`${name}: ${JSON.stringify(messages).replaceAll('","', '", "')}${more}`);

const [suite] = (await parse(fs.readFileSync("report.xml", "utf8"))).testsuite;
show("junit2json", suite.testcase.flatMap((one) => one.failure ?? []).map((one) => one.message));

const { tests } = JSON.parse(fs.readFileSync("ctrf.json", "utf8")).results;
show("junit-to-ctrf", tests.filter((one) => one.status === "failed").map((one) => one.message));

const result = require("test-results-parser").parse({ type: "junit", files: ["report.xml"] });
const failed = result.suites[0].cases.filter((one) => one.status === "FAIL");
show("test-results-parser", failed.map((one) => one.failure));

const Parser = require("junitxml-to-javascript");
const { testsuites } = await new Parser().parseXMLFile("report.xml");
const cases = testsuites[0].testCases.filter((one) => one.result === "failed");
show("junitxml-to-javascript", cases.map((one) => one.message));
JS
npx --no-install junit-to-ctrf report.xml --output ctrf.json >said
{
    env/bin/python read.py
    node read.mjs
} | tee seen

diff - seen <<'EXPECTED'
junitparser: ["8 → 12\nlong", "second"], 2 failures of 2 tests
junit2json: ["8 → 12\nlong", "second"]
junit-to-ctrf: ["8 → 12\nlong"]
test-results-parser: ["8 &#8594; 12&#10;long"]
junitxml-to-javascript: [""]
EXPECTED
echo 'as found'
