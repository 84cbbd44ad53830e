#!/usr/bin/env bash
# checkov 3.3.30, c7n-left 0.3.39 (Cloud Custodian for Terraform) and terraform-compliance 1.16.0 (PyPI): one rule of
# one's own, "every custom attribute of a user pool can be changed" (`mutable`), over pools with no, one and two
# `schema` blocks. The first two read Terraform files, the third a plan in JSON with the same pools.
#
# Guess: a rule that finds the attribute of a pool with one block also finds it in a pool with two, wherever it is.
# Behaviour: for c7n-left a block that is written once is an object, and one that is written twice a list of objects. A
#   key for lists (`schema[].mutable`) passes over the pool with one attribute, a key for objects (`schema.mutable`)
#   over the pool with two. checkov has it the other way round: with its wildcard, `schema.*.mutable`, one attribute
#   that fits is enough for the pool, so the rule fires for a single attribute and for two wrong ones, but not for a
#   wrong one beside a right one. Its operator for JSONPath is right for all of them. terraform-compliance, for which
#   the plan has lists throughout, finds each, and skips the pool without any. None of them reports that a rule found
#   no value. A `dynamic` block is evaluated by the first two, and its number makes the same difference. It concerns
#   each block of a pool that may be repeated (`schema`, `recovery_mechanism`), and `scope` of a resource server: such a
#   rule needs a test with one block and one with two. `mutable` cannot be changed once the attribute is in the pool.
# Output seen (pools that the rule reports; first and last: the wrong attribute of two; dynamic: one wrong, then two):
#   checkov schema.*.mutable: dynamic-one dynamic-two one two
#   checkov schema[*].mutable, JSONPath: dynamic-one dynamic-two first last one two
#   c7n-left schema[].mutable: dynamic-two first last two
#   c7n-left schema.mutable: dynamic-one one
#   terraform-compliance: first last one two
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# Two environments: the tools want different versions of the same libraries.
python3 -m venv one
one/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30
python3 -m venv two
two/bin/pip install --quiet --disable-pip-version-check c7n-left==0.3.39 terraform-compliance==1.16.0

mkdir source wildcard jsonpath left features
cat >make.py <<'PY'
import json

WRONG, RIGHT = False, True
pools = {"none": [], "good": [RIGHT], "one": [WRONG], "good-two": [RIGHT, RIGHT],
         "first": [WRONG, RIGHT], "last": [RIGHT, WRONG], "two": [WRONG, WRONG]}
PROVIDER = "registry.terraform.io/hashicorp/aws"
source, changes, planned, configured = [], [], [], []
for pool, attributes in pools.items():
    schema = [{"name": f"a{number}", "attribute_data_type": "String", "mutable": mutable}
              for number, mutable in enumerate(attributes)]
    source.append(f'resource "aws_cognito_user_pool" "{pool}" {{\n  name = "{pool}"\n')
    for block in schema:
        lines = "".join(f"    {key} = {json.dumps(value)}\n" for key, value in block.items())
        source.append("  schema {\n" + lines + "  }\n")
    source.append("}\n")
    known = {"address": f"aws_cognito_user_pool.{pool}", "mode": "managed", "type": "aws_cognito_user_pool",
             "name": pool, "provider_name": PROVIDER}
    values = {"name": pool, "schema": schema}
    planned.append({**known, "schema_version": 0, "values": values, "sensitive_values": {}})
    configured.append({**known, "provider_config_key": "aws", "schema_version": 0, "expressions": {}})
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {"id": True}}
    changes.append({**known, "change": change})
for pool, names in {"dynamic-one": ["a"], "dynamic-two": ["a", "b"]}.items():
    source.append(f"""
resource "aws_cognito_user_pool" "{pool}" {{
  name = "{pool}"
  dynamic "schema" {{
    for_each = {json.dumps(names)}
    content {{
      name                = schema.value
      attribute_data_type = "String"
      mutable             = false
    }}
  }}
}}
""")
with open("source/main.tf", "w") as file:
    file.write("".join(source))
provider = {"aws": {"name": "aws", "full_name": PROVIDER}}
plan = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "planned_values": {"root_module": {"resources": planned}},
        "configuration": {"provider_config": provider, "root_module": {"resources": configured}}}
with open("plan.out.json", "w") as file:
    json.dump(plan, file)
PY
python3 make.py

rule() { # the folder, the operator, the attribute
    cat >"$1/rule.yaml" <<YAML
metadata: {id: CKV2_OWN_1, name: Every custom attribute can be changed, category: IAM}
definition:
  cond_type: attribute
  resource_types: [aws_cognito_user_pool]
  attribute: $3
  operator: $2
  value: false
YAML
}
rule wildcard not_equals 'schema.*.mutable'
rule jsonpath jsonpath_not_equals 'schema[*].mutable'
cat >left/rules.yaml <<'YAML'
policies:
  - name: list
    resource: terraform.aws_cognito_user_pool
    filters: [{type: value, key: "schema[].mutable", op: contains, value: false}]
  - name: object
    resource: terraform.aws_cognito_user_pool
    filters: [{type: value, key: schema.mutable, value: false}]
YAML
cat >features/rule.feature <<'FEATURE'
Feature: custom attributes
  Scenario: every custom attribute can be changed
    Given I have aws_cognito_user_pool defined
    When it has schema
    Then it must have mutable
    And its value must be true
FEATURE

cat >read.py <<'PY'
import json
import re
import sys

kind, name = sys.argv[1:]
text = sys.stdin.read()
if kind == "checkov":
    found = [check["resource"] for check in json.loads(text)["results"]["failed_checks"]]
elif kind == "terraform-compliance":
    found = re.findall(r"mutable property in (\S+) resource", text)
else:
    results = json.loads(text)["results"]
    found = [one["resource"]["__tfmeta"]["path"] for one in results if one["policy"]["name"] == kind]
print(name, *sorted({one.removeprefix("aws_cognito_user_pool.") for one in found}))
PY
checkov() { # the folder with the rule
    one/bin/checkov -d source --external-checks-dir "$1" --check CKV2_OWN_1 --framework terraform --skip-download \
        -o json 2>>errors || true
}
{
    checkov wildcard | python3 read.py checkov 'checkov schema.*.mutable:'
    checkov jsonpath | python3 read.py checkov 'checkov schema[*].mutable, JSONPath:'
    # Findings end both tools with an exit code of their own.
    two/bin/c7n-left run -p left -d source --output json >left.json 2>>errors || true
    python3 read.py list 'c7n-left schema[].mutable:' <left.json
    python3 read.py object 'c7n-left schema.mutable:' <left.json
    (two/bin/terraform-compliance -f features -p plan.out.json --no-ansi 2>>errors || true) |
        python3 read.py terraform-compliance 'terraform-compliance:'
} | tee seen

diff - seen <<'EXPECTED'
checkov schema.*.mutable: dynamic-one dynamic-two one two
checkov schema[*].mutable, JSONPath: dynamic-one dynamic-two first last one two
c7n-left schema[].mutable: dynamic-two first last two
c7n-left schema.mutable: dynamic-one one
terraform-compliance: first last one two
EXPECTED
echo 'as found'
