#!/usr/bin/env bash
# Runs poolctl once and sets the outputs. An exit code of poolctl does not end this step, because the report
# comes first.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Each line of an input is one argument; blank lines are skipped.
lines() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        if [ -n "$line" ]; then words+=("$line"); fi
    done <<<"$1"
}

# The last applied commit, if there is one. The clone must have it.
applied() {
    local sha code=0
    sha=$(api "repos/$GITHUB_REPOSITORY/git/ref/${BASELINE_REF#refs/}" --jq .object.sha) || code=$?
    if [ "$code" = 4 ]; then
        printf '::notice title=poolctl::nothing has been applied yet: %s does not exist\n' "$BASELINE_REF" >&2
        return
    fi
    [ "$code" = 0 ] || exit 1
    git cat-file -e "$sha^{commit}" 2>/dev/null ||
        fail "the clone lacks the last applied commit $sha: check out with \`fetch-depth: 0\`" >&2
    printf '%s' "$sha"
}

# Checks every input first, so that no mistake is found only after an apply.
check() {
    case $COMMAND in
        validate | plan | apply | drift) ;;
        *) fail "the input command is \`$COMMAND\`: write validate, plan, apply or drift" ;;
    esac
    [ -z "$PLAN" ] || [ "$COMMAND" = apply ] || fail "the input plan is only for apply"
    [[ -z $BASELINE_REF || $BASELINE_REF =~ ^refs/[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)+$ ]] ||
        fail "the input baseline-ref is \`$BASELINE_REF\`: write it as refs/poolctl/applied"
    [[ $NAME =~ ^[A-Za-z0-9._-]*$ ]] ||
        fail "the input name is \`$NAME\`: use only letters, digits, \`.\`, \`_\` and \`-\`"
    case $UPLOAD_BACKUPS in
        auto | always | never) ;;
        *) fail "the input upload-backups is \`$UPLOAD_BACKUPS\`: write auto, always or never" ;;
    esac
    local input
    for input in "strict=$STRICT" "comment=$COMMENT" "issue=$ISSUE" "fail-on-drift=$FAIL_ON_DRIFT" \
        "upload-page=$UPLOAD_PAGE"; do
        case ${input#*=} in
            true | false) ;;
            *) fail "the input ${input%%=*} is \`${input#*=}\`: write true or false" ;;
        esac
    done
}
check

# A job may run the same command twice; each run keeps its backups.
folder=$(mktemp -d "$RUNNER_TEMP/poolctl-$COMMAND.XXXXXX")
output run "${folder##*.}"
page=$folder/$COMMAND.html
arguments=("$COMMAND" --format=github "--out=html=$page")
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
    # A saved plan contains its own options.
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
# A cancelled job signals only this shell. The signal is passed on and ends the wait; poolctl finishes the
# call in flight and reports the state of the pool.
trap 'kill -TERM "$child" 2>/dev/null || true' INT TERM
wait "$child" || true
while kill -0 "$child" 2>/dev/null; do wait "$child" || true; done
code=0
wait "$child" || code=$?
output exit-code "$code"

if [ -f "$page" ]; then
    output page "$page"
    output upload-page "$UPLOAD_PAGE"
fi
if [ -d "$folder/backups" ]; then
    output backups "$folder/backups"
    case $UPLOAD_BACKUPS/$VISIBILITY in
        always/* | auto/private | auto/internal) output upload true ;;
        auto/*) printf '::warning title=poolctl::the backups are lost with this machine, because everybody can read the artifacts of a public repository. Store them elsewhere, or set upload-backups: always\n' ;;
    esac
fi
