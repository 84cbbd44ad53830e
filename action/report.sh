#!/usr/bin/env bash
# Reports on GitHub: one comment on the pull request, one issue for drift, one ref for the last applied
# commit.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

repository=repos/$GITHUB_REPOSITORY
marker="<!-- poolctl:$COMMAND -->"
run=${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY/actions/runs/${GITHUB_RUN_ID:-0}
# GitHub accepts 65,536 characters.
longest=65000

# Writes the body of a post to a file: the marker, the name of this run, and the report.
body() {
    local first
    {
        printf '%s\n<!-- %s -->\n' "$marker" "$NAME"
        IFS= read -r first <"$MARKDOWN" || true
        if [ "$first" = "$marker" ]; then tail -n +2 "$MARKDOWN"; else cat "$MARKDOWN"; fi
    } >"$1"
    if [ "$(wc -m <"$1")" -gt "$longest" ]; then
        printf '%s\n<!-- %s -->\nThe report is too long for a comment. The summary of [the run](%s) has it.\n' \
            "$marker" "$NAME" "$run" >"$1"
    fi
}

# The newest of our comments or issues at a path. Anybody can write the marker, so the author must match
# too.
ours() {
    local all id number login first second found=''
    all=$(api "$1" --paginate --jq \
        '.[] | select(.pull_request == null) | [.id, .number // .id, .user.login] + ((.body // "") | split("\n")[0:2] | map(rtrimstr("\r"))) | @tsv') || exit 1
    while IFS=$'\t' read -r id number login first second; do
        if [ "$login" = "$AUTHOR" ] && [ "$first" = "$marker" ] && [ "$second" = "<!-- $NAME -->" ]; then
            if [ "$2" = number ]; then found=$number; else found=$id; fi
        fi
    done <<<"$all"
    printf '%s' "$found"
}

comment() {
    if [ -z "$PULL_REQUEST" ]; then
        printf '::notice title=poolctl::this run has no pull request to comment on\n'
        return
    fi
    local id text
    text=$RUNNER_TEMP/poolctl-report.md
    body "$text"
    id=$(ours "$repository/issues/$PULL_REQUEST/comments?per_page=100" id) || exit 1
    if [ -n "$id" ]; then
        api "$repository/issues/comments/$id" --method PATCH --field "body=@$text" >/dev/null
    else
        api "$repository/issues/$PULL_REQUEST/comments" --method POST --field "body=@$text" >/dev/null
    fi
}

issue() {
    local number text title='Cognito user pools are not as declared'
    number=$(ours "$repository/issues?state=open&per_page=100" number) || exit 1
    if [ "$EXIT_CODE" = 0 ]; then
        [ -n "$number" ] || return 0
        api "$repository/issues/$number/comments" --method POST \
            --raw-field "body=Nothing differs now: $run" >/dev/null
        api "$repository/issues/$number" --method PATCH --raw-field state=closed >/dev/null
        return
    fi
    text=$RUNNER_TEMP/poolctl-report.md
    body "$text"
    if [ -n "$number" ]; then
        api "$repository/issues/$number" --method PATCH --field "body=@$text" >/dev/null
    else
        api "$repository/issues" --method POST --raw-field "title=$title${NAME:+ ($NAME)}" \
            --field "body=@$text" >/dev/null
    fi
}

# Only after a clean apply: after a failed one, the pools are not as the commit declares.
move() {
    local ref=${BASELINE_REF#refs/} code=0
    api "$repository/git/ref/$ref" --jq .object.sha >/dev/null || code=$?
    case $code in
        # Forced, because an older commit can be applied again.
        0) api "$repository/git/refs/$ref" --method PATCH --raw-field "sha=$GITHUB_SHA" --field force=true >/dev/null ;;
        4) api "$repository/git/refs" --method POST --raw-field "ref=$BASELINE_REF" --raw-field "sha=$GITHUB_SHA" >/dev/null ;;
        *) exit 1 ;;
    esac
    printf '%s is now %s\n' "$BASELINE_REF" "$GITHUB_SHA"
}

case $COMMAND/$EXIT_CODE in
    # Without a plan there is no report; the job's log shows the reason.
    plan/*) if [ "$COMMENT" = true ] && [ -s "$MARKDOWN" ]; then comment; fi ;;
    drift/0 | drift/2) if [ "$ISSUE" = true ]; then issue; fi ;;
    apply/0) if [ -n "$BASELINE_REF" ]; then move; fi ;;
esac
