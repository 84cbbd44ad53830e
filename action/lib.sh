# shellcheck shell=bash
# What the steps of the action have in common. Inputs come in the environment; nothing of them is ever
# part of a script's text.
set -euo pipefail

# Ends the step with an error that GitHub shows on the run. An error may quote what others wrote: a line
# break in it would begin a command of its own.
fail() {
    local text=${1//'%'/%25}
    text=${text//$'\r'/%0D}
    printf '::error title=poolctl::%s\n' "${text//$'\n'/%0A}"
    exit 1
}

# An output of the step. No value of ours has a line break, and one that had could set other outputs.
output() {
    [[ $2 != *$'\n'* ]] || fail "the output $1 has a line break"
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# Asks GitHub for the path that comes first. Ends with 4 where there is nothing of that name.
api() {
    local answer code=0 errors
    errors=$(mktemp "$RUNNER_TEMP/poolctl.XXXXXX")
    answer=$(gh api "$@" 2>"$errors") || code=$?
    if [ "$code" = 0 ]; then
        printf '%s' "$answer"
        return 0
    fi
    [[ $(<"$errors") != *'HTTP 404'* ]] || return 4
    fail "GitHub does not do \`$1\`: $(<"$errors"). Does the job have the \`permissions\` for it?" >&2
}
