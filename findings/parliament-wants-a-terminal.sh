#!/usr/bin/env bash
# parliament 1.6.4 (PyPI), a linter of IAM policies: `--file` where no terminal is at hand, as in CI.
#
# Guess: `parliament --file policy.json` lints the file, in a terminal and in a job of CI alike, with an exit code that
#   tells.
# Behaviour: where standard input is not a terminal (a pipe, or /dev/null, as in CI and cron) the option is refused with
#   a usage text and exit code 2, since the program takes the file for a second policy beside one on standard input.
#   `--files` and `--directory` read the file there and take standard input for nothing. `parliament < policy.json`
#   works. Of the calls for the sessions of a pool, which are in the API model of botocore 1.44.8, it says "Unknown
#   action".
# Output seen (exit codes):
#   --file with a terminal: 0
#   --file without: 2
#   standard input: 0
#   --files without: 0
#   cognito-idp:GetUserPoolSessionConfiguration: Unknown action
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check parliament==1.6.4 'setuptools<81'

policy() {
    cat <<JSON
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["cognito-idp:$1"],
 "Resource": ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_a1B2c3D4E"]}]}
JSON
}
policy DescribeUserPool >policy.json
policy GetUserPoolSessionConfiguration >later.json
code() { "$@" >said 2>&1 && echo 0 || echo $?; }
terminal() { python3 -c 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$@"; }
{
    echo "--file with a terminal: $(code terminal env/bin/parliament --file policy.json)"
    echo "--file without: $(code env/bin/parliament --file policy.json </dev/null)"
    echo "standard input: $(code env/bin/parliament <policy.json)"
    echo "--files without: $(code env/bin/parliament --files policy.json </dev/null)"
    echo "cognito-idp:GetUserPoolSessionConfiguration: $( (env/bin/parliament <later.json || true) | grep -o "^LOW - Unknown action" | cut -c7-)"
} | tee seen

diff - seen <<'EXPECTED'
--file with a terminal: 0
--file without: 2
standard input: 0
--files without: 0
cognito-idp:GetUserPoolSessionConfiguration: Unknown action
EXPECTED
echo 'as found'
