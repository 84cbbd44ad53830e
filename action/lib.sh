# shellcheck shell=bash
# Functions that the steps of the action share. Inputs arrive in the environment and are never part of a
# script's text.
set -euo pipefail

# Ends the step with an error that GitHub shows on the run. An error may quote text from elsewhere: a line
# break in it would start a new workflow command.
fail() {
    local text=${1//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '::error title=poolctl::%s\n' "${text//$'\n'/%0A}"
    exit 1
}

# Sets an output of the step. A value with a line break could set other outputs, so it is an error.
output() {
    [[ $2 != *$'\n'* ]] || fail "the output $1 has a line break"
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# Calls the GitHub API for the path in the first argument. Returns 4 if it does not exist.
api() {
    local answer code=0 errors
    errors=$(mktemp "$RUNNER_TEMP/poolctl.XXXXXX")
    answer=$(gh api "$@" 2>"$errors") || code=$?
    if [ "$code" = 0 ]; then
        printf '%s' "$answer"
        return 0
    fi
    [[ $(<"$errors") != *'HTTP 404'* ]] || return 4
    fail "GitHub refused \`$1\`: $(<"$errors"). Does the job have the \`permissions\` for it?" >&2
}
