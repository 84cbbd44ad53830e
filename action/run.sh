#!/usr/bin/env bash
# Runs poolctl once, and says how it ended in the outputs. A code of poolctl's own does not end this
# step: the report comes first.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# One argument a line of an input; lines of white space say nothing.
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        if [ -n "$line" ]; then words+=("$line"); fi
    done <<<"$1"
}

# The commit that was applied last, if any was. The clone must have it.
applied() {
    local sha code=0
    sha=$(api "repos/$GITHUB_REPOSITORY/git/ref/${BASELINE_REF#refs/}" --jq .object.sha) || code=$?
    if [ "$code" = 4 ]; then
        printf '::notice title=poolctl::nothing has been applied from here yet: there is no %s\n' "$BASELINE_REF" >&2
        return
    fi
    [ "$code" = 0 ] || exit 1
    git cat-file -e "$sha^{commit}" 2>/dev/null ||
        fail "the clone lacks $sha, which was applied last: check out with \`fetch-depth: 0\`" >&2
    printf '%s' "$sha"
}

# Every input, before anything is written: a wrong one must not be found after an apply.
check() {
    case $COMMAND in
        validate | plan | apply | drift) ;;
        *) fail "the input command is \`$COMMAND\`: write validate, plan, apply or drift" ;;
    esac
    [ -z "$PLAN" ] || [ "$COMMAND" = apply ] || fail "the input plan is for apply alone"
    [[ -z $BASELINE_REF || $BASELINE_REF =~ ^refs/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$ ]] ||
        fail "the input baseline-ref is \`$BASELINE_REF\`: write it as refs/poolctl/applied"
    [[ $NAME =~ ^[A-Za-z0-9._-]*$ ]] ||
        fail "the input name is \`$NAME\`: take letters, digits, \`.\`, \`_\` and \`-\`"
    case $UPLOAD_BACKUPS in
        auto | always | never) ;;
        *) fail "the input upload-backups is \`$UPLOAD_BACKUPS\`: write auto, always or never" ;;
    esac
    local input
    for input in "strict=$STRICT" "comment=$COMMENT" "issue=$ISSUE" "fail-on-drift=$FAIL_ON_DRIFT"; do
        case ${input#*=} in
            true | false) ;;
            *) fail "the input ${input%%=*} is \`${input#*=}\`: write true or false" ;;
        esac
    done
}
check

# A job may do the same twice, and must not lose the first one's backups.
folder=$(mktemp -d "$RUNNER_TEMP/poolctl-$COMMAND.XXXXXX")
output run "${folder##*.}"
arguments=("$COMMAND" --format=github)
if [ "$COMMAND" = validate ]; then
    if [ "$STRICT" = true ]; then arguments+=(--strict); fi
else
    output markdown "$folder/$COMMAND.md"
    arguments+=("--out=markdown=$folder/$COMMAND.md")
fi
if [ "$COMMAND" = plan ]; then
    output plan "$folder/plan.json"
    arguments+=(--detailed-exitcode "--save=$folder/plan.json")
fi
if [ "$COMMAND" = apply ]; then
    arguments+=("--backup-dir=$folder/backups")
fi

words=()
if [ -n "$PLAN" ]; then
    # A saved plan carries what it was made with.
    words=("$PLAN")
else
    if [ "$COMMAND" = apply ]; then arguments+=(--yes); fi
    if [ "$COMMAND" = plan ] || [ "$COMMAND" = apply ]; then
        lines "$ALLOW"
        for allowed in ${words[@]+"${words[@]}"}; do arguments+=("--allow=$allowed"); done
    fi
    if [ "$COMMAND" != validate ]; then
        against=$BASELINE
        if [ -z "$against" ] && [ -n "$BASELINE_REF" ]; then against=$(applied) || exit 1; fi
        if [ -n "$against" ]; then arguments+=("--baseline=$against"); fi
    fi
    words=()
    lines "$PATHS"
fi

"$POOLCTL" "${arguments[@]}" -- ${words[@]+"${words[@]}"} &
child=$!
# Whoever cancels a job signals this shell alone. poolctl finishes the call in flight, and says how the
# pool stands; the signal ends the wait, and not the program.
trap 'kill -TERM "$child" 2>/dev/null || true' INT TERM
wait "$child" || true
while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
code=0
wait "$child" || code=$?
output exit-code "$code"

if [ -d "$folder/backups" ]; then
    output backups "$folder/backups"
    case $UPLOAD_BACKUPS/$VISIBILITY in
        always/* | auto/private | auto/internal) output upload true ;;
        auto/*) printf '::warning title=poolctl::the backups go with this machine: everybody could read the artifacts of a public repository. Keep them elsewhere, or say upload-backups: always\n' ;;
    esac
fi
