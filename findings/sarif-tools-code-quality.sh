#!/usr/bin/env bash
# sarif-tools 3.0.5 (PyPI): a SARIF log turned into a Code Quality report of GitLab with `sarif codeclimate`.
#
# Guess: the report has the findings of the log, in the shape that GitLab takes: a whole number in `lines.begin`, and
#   the path of the file in the repository. A result that the log marks as suppressed, or as gone since the baseline
#   (`baselineState: absent`), is left out.
# Behaviour: a result without a region, which is about a file as a whole, gets the text "1" as its line. GitLab's schema
#   of an entry wants an integer there (app/validators/json_schemas/codeclimate.json of GitLab), and GitLab drops
#   entries that do not fit without a word. The path stays percent-encoded as in the URI, which is a file that does not
#   exist. Suppressed and absent results are reported like others. The fingerprint depends on the line, so a finding
#   that moves down one line is a new one and a fixed one. `sarif csv` has the same paths and the same results.
# Output seen (path, line as JSON):
#   at line 7 of a b.yaml: a%20b.yaml 7
#   no region: a.yaml "1"
#   suppressed: a.yaml 3
#   absent: a.yaml 4
#   same fingerprint one line lower: False
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sarif-tools==3.0.5

cat >check.py <<'PY'
import json
import subprocess


def result(text, uri, line, **more):
    place = {"artifactLocation": {"uri": uri}}
    if line is not None:
        place["region"] = {"startLine": line}
    return {"ruleId": "planned-change", "level": "warning", "message": {"text": text},
            "locations": [{"physicalLocation": place}], **more}


def report(results):
    driver = {"name": "tool", "rules": [{"id": "planned-change"}]}
    log = {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    with open("log.sarif", "w") as file:
        json.dump(log, file)
    subprocess.run(["env/bin/sarif", "codeclimate", "log.sarif", "-o", "report.json"], check=True, capture_output=True)
    with open("report.json") as file:
        return json.load(file)


for entry in report([
    result("at line 7 of a b.yaml", "a%20b.yaml", 7),
    result("no region", "a.yaml", None),
    result("suppressed", "a.yaml", 3, suppressions=[{"kind": "external", "status": "accepted"}]),
    result("absent", "a.yaml", 4, baselineState="absent"),
]):
    print(f"{entry['description']}: {entry['location']['path']} {json.dumps(entry['location']['lines']['begin'])}")
first, second = (report([result("moved", "a.yaml", line)])[0]["fingerprint"] for line in (8, 9))
print(f"same fingerprint one line lower: {first == second}")
PY
env/bin/python check.py | tee seen

diff - seen <<'EXPECTED'
at line 7 of a b.yaml: a%20b.yaml 7
no region: a.yaml "1"
suppressed: a.yaml 3
absent: a.yaml 4
same fingerprint one line lower: False
EXPECTED
echo 'as found'
