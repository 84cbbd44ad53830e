#!/usr/bin/env bash
# What the API model demands of a verification message with a link.
#
# Versions: botocore 1.44.8 (its model of cognito-idp), regex 2026.11.19 (it knows \p{L}).
# Guess:    `EmailMessageByLink` has a pattern of its own, so a text that only carries a code, `{####}`, does not
#           match it: whoever checks a text against the model finds that the link is missing.
# Seen:     the pattern is `…\{##[…]*##\}…`, whose inner part may be empty, and `{####}` is `{##` and `##}` with
#           nothing between them. The code's placeholder passes for a link:
#               matches 'Testing template: {####}': True
#               matches 'Testing template: {##Verify##}': True
#               matches 'Testing template': False
#           So a tool must look for a text inside of the link's placeholder by itself. Users have seen Cognito
#           refuse such a message (hashicorp/terraform-provider-aws, pull request 3770).
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check botocore==1.44.8 regex==2026.11.19

"$folder/env/bin/python" - <<'PYTHON'
import botocore.loaders
import regex

model = botocore.loaders.Loader().load_service_model("cognito-idp", "service-2")
template = model["shapes"]["VerificationMessageTemplateType"]["members"]["EmailMessageByLink"]["shape"]
pattern = model["shapes"][template]["pattern"]
expected = {"Testing template: {####}": True, "Testing template: {##Verify##}": True, "Testing template": False}
for text, wanted in expected.items():
    found = regex.fullmatch(pattern, text) is not None
    print(f"matches {text!r}: {found}")
    assert found == wanted, f"{pattern} is another pattern than it was"
PYTHON
