#!/usr/bin/env bash
# python-hcl2 8.1.4 (PyPI) and @cdktf/hcl2json 0.21.0 (npm, Node.js 20) on the text of an e-mail in a Terraform file.
#
# Guess: both read an attribute that is a literal text as that text: a quoted string without its quotes and escapes, a
#   heredoc without its marker and indentation.
# Behaviour: hcl2json does. python-hcl2 keeps the quotes by default, with the escapes as they are written (only a bare
#   word like the `string` of `type = string` comes without quotes), and a heredoc with its marker and indentation.
#   `strip_string_quotes` and `preserve_heredocs=False` help, and no choice of the two gives the text of a heredoc that
#   has a quotation mark in it: it comes back with a backslash before the mark, and without its last line end. The same
#   characters in a quoted string come back right. `1e1` is a number in hcl2json and the text `${1e1}` in python-hcl2.
# Output seen (the heredoc is `<a href="x">{####}</a>` and a line end):
#   hcl2json: mfa "OFF", quoted "<a href=\"x\">", heredoc "<a href=\"x\">{####}</a>\n", days 10
#   python-hcl2: mfa "\"OFF\"", quoted "\"<a href=\\\"x\\\">\"", heredoc "\"<<-EOT\n    <a href=\"x\">{####}</a>\n  EOT\"", days "${1e1}"
#   python-hcl2, both options: mfa "OFF", quoted "<a href=\"x\">", heredoc "<a href=\\\"x\\\">{####}</a>", days "${1e1}"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-hcl2==8.1.4
npm install --silent --no-audit --no-fund @cdktf/hcl2json@0.21.0

cat >pool.tf <<'TF'
resource "aws_cognito_user_pool" "customers" {
  mfa_configuration          = "OFF"
  email_verification_subject = "<a href=\"x\">"
  email_verification_message = <<-EOT
    <a href="x">{####}</a>
  EOT
  password_policy {
    temporary_password_validity_days = 1e1
  }
}
TF

cat >read.cjs <<'JS'
const fs = require("fs");
const { parse } = require("@cdktf/hcl2json");

parse("pool.tf", fs.readFileSync("pool.tf", "utf8")).then((file) => {
  const [pool] = file.resource.aws_cognito_user_pool.customers;
  const [quoted, heredoc] = [pool.email_verification_subject, pool.email_verification_message].map((one) => JSON.stringify(one));
  const days = JSON.stringify(pool.password_policy[0].temporary_password_validity_days);
  console.log(`hcl2json: mfa ${JSON.stringify(pool.mfa_configuration)}, quoted ${quoted}, heredoc ${heredoc}, days ${days}`);
});
JS
cat >read.py <<'PY'
import json

import hcl2


def show(name, options=None):
    with open("pool.tf") as file:
        kinds = hcl2.load(file, serialization_options=options)["resource"][0]
    (pools,) = kinds.values()
    (pool,) = pools.values()
    days = pool["password_policy"][0]["temporary_password_validity_days"]
    values = pool["mfa_configuration"], pool["email_verification_subject"], pool["email_verification_message"], days
    names = "mfa", "quoted", "heredoc", "days"
    print(f"{name}:", ", ".join(f"{one} {json.dumps(value)}" for one, value in zip(names, values)))


show("python-hcl2")
show("python-hcl2, both options", hcl2.SerializationOptions(strip_string_quotes=True, preserve_heredocs=False))
PY
{
    node read.cjs
    env/bin/python read.py
} | tee seen

diff - seen <<'EXPECTED'
hcl2json: mfa "OFF", quoted "<a href=\"x\">", heredoc "<a href=\"x\">{####}</a>\n", days 10
python-hcl2: mfa "\"OFF\"", quoted "\"<a href=\\\"x\\\">\"", heredoc "\"<<-EOT\n    <a href=\"x\">{####}</a>\n  EOT\"", days "${1e1}"
python-hcl2, both options: mfa "OFF", quoted "<a href=\"x\">", heredoc "<a href=\\\"x\\\">{####}</a>", days "${1e1}"
EXPECTED
echo 'as found'
