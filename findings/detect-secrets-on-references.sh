#!/usr/bin/env bash
# detect-secrets 1.5.0 (PyPI) on references to secrets in YAML, as manifests, serverless and CI files have them.
#
# Guess: what stands in `${…}` is filled in later, and no secret, whatever the words in it, so a file that only refers
#   to its secrets passes the hook.
# Behaviour: `${env:NAME}` and `${NAME}` pass, and `${secret:NAME}` is reported as "Secret Keyword", under any key,
#   quoted or not: the inside reads like a setting `secret: NAME` of its own. A setting with "secret" in its name is
#   reported too if its value is a plain word, even `true`. So the hook stops exactly the file that keeps its secrets
#   elsewhere. Excluding lines with such a reference, `--exclude-lines '\$\{secret:\w+\}'`, is a remedy.
# Output seen:
#   client_secret: ${env:GOOGLE}: passes
#   client_secret: ${GOOGLE}: passes
#   client_secret: ${secret:GOOGLE}: Secret Keyword
#   ExternalId: "${secret:EXTERNAL_ID}": Secret Keyword
#   PublishSecretsInAWSSecretsManager: true: Secret Keyword
#   ExternalId: "${secret:EXTERNAL_ID}", excluded: passes
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check detect-secrets==1.5.0

look() { # LINE OPTION…
    local line=$1 found
    shift
    printf '%s\n' "$line" >pool.yaml
    found=$(env/bin/detect-secrets scan "$@" pool.yaml |
        python3 -c 'import json, sys; print(*(one["type"] for file in json.load(sys.stdin)["results"].values() for one in file))')
    echo "$line$([ $# = 0 ] || echo ', excluded'): ${found:-passes}"
}
{
    look 'client_secret: ${env:GOOGLE}'
    look 'client_secret: ${GOOGLE}'
    look 'client_secret: ${secret:GOOGLE}'
    look 'ExternalId: "${secret:EXTERNAL_ID}"'
    look 'PublishSecretsInAWSSecretsManager: true'
    look 'ExternalId: "${secret:EXTERNAL_ID}"' --exclude-lines '\$\{secret:\w+\}'
} | tee seen

diff - seen <<'EXPECTED'
client_secret: ${env:GOOGLE}: passes
client_secret: ${GOOGLE}: passes
client_secret: ${secret:GOOGLE}: Secret Keyword
ExternalId: "${secret:EXTERNAL_ID}": Secret Keyword
PublishSecretsInAWSSecretsManager: true: Secret Keyword
ExternalId: "${secret:EXTERNAL_ID}", excluded: passes
EXPECTED
echo 'as found'
