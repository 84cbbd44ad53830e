#!/usr/bin/env bash
# Tells in a minute what poolctl is for. All of it happens on the sandbox, in a temporary folder: no
# AWS account is needed, and none is touched.
#
# Needs bash and cargo, and the AWS CLI or curl. POOLCTL=/path/to/poolctl uses that program and builds none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

pool=eu-west-1_a1B2c3D4E
manifest=examples/quickstart/customers.yaml

# Nothing of the caller's may lead to a real account.
for name in ${!POOLCTL_@} ${!AWS_@}; do unset "$name"; done
export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_DEFAULT_REGION=eu-west-1 AWS_PAGER=''
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
    bold=$'\e[1m' cyan=$'\e[1;36m' plain=$'\e[0m'
    export POOLCTL_COLOR=always
else
    bold='' cyan='' plain=''
fi

chapter() { printf '\n%s== %s%s\n' "$cyan" "$1" "$plain"; }
say() { printf '%s\n' "$@"; }
fail() {
    printf 'tour: %s\n' "$@" >&2
    exit 1
}

show() { printf '\n%s$ %s%s\n' "$bold" "$*" "$plain"; }
# Shows a command as one would type it, runs it, and stops the tour unless it ends with the code.
run() {
    local expected=$1 code=0
    shift
    show "$@"
    "$@" || code=$?
    [ "$code" = "$expected" ] || fail "\`$*\` ended with $code and not with $expected"
}

work=$(mktemp -d)
server=''
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -z "${POOLCTL-}" ]; then
    say 'Building poolctl (the first time takes a minute or two) ...'
    cargo build --locked --quiet
    POOLCTL=${CARGO_TARGET_DIR:-target}/debug/poolctl
fi
program=$POOLCTL
poolctl() { "$program" "$@"; }

# Every poolctl from here on works on these pools, and keeps its backups beside them.
export POOLCTL_SANDBOX=$work/pools POOLCTL_BACKUP_DIR=$work/backups
mkfifo "$work/url"
# Not by the function: the process to end is the program, not a shell around it.
"$program" sandbox --quiet --port 0 --seed examples/quickstart/live >"$work/url" 2>"$work/log" &
server=$!
read -r url <"$work/url" || fail 'the sandbox did not start:' "$(cat "$work/log")"

# The pool as the sandbox keeps it, which is all that Cognito would know: one line a value.
values() {
    awk '{
        match($0, /^ */); depth = RLENGTH / 2; text = substr($0, RLENGTH + 1); sub(/,$/, "", text)
        if (text ~ /^[]}]/) next
        name[depth] = "[]"
        if (match(text, /^"[^"]*": /)) {
            name[depth] = substr(text, 2, RLENGTH - 4); text = substr(text, RLENGTH + 1)
        }
        if (text == "{" || text == "[") next
        path = (name[1] == "UserPool" ? "" : name[1] ".") name[2]
        for (i = 3; i <= depth; i++) path = path (name[i] == "[]" ? "" : ".") name[i]
        print path " " text
    }' "$work/pools/$pool.json" | LC_ALL=C sort
}
# What is different now: `-` and `+` before each line, texts cut to the width of a screen.
differences() {
    { diff "$1" "$2" || true; } | sed -n 's/^</    -/p; s/^>/    +/p' | cut -c 1-100
}

update() {
    if command -v aws >/dev/null; then
        run 0 aws --endpoint-url "$url" cognito-idp update-user-pool --user-pool-id "$pool" --pool-name "$1"
    else
        run 0 curl --fail --silent --show-error --noproxy '*' "$url" --output "$work/answer" \
            --header 'content-type: application/x-amz-json-1.1' \
            --header 'x-amz-target: AWSCognitoIdentityProviderService.UpdateUserPool' \
            --data "{\"UserPoolId\": \"$pool\", \"PoolName\": \"$1\"}"
    fi
}

# Of what it prints the last line alone: the plan before that has been seen.
apply() {
    show poolctl apply --yes "$manifest"
    poolctl apply --yes "$manifest" >"$work/said" || fail 'apply failed:' "$(cat "$work/said")"
    tail -n 1 "$work/said"
}

chapter '1. The AWS CLI renames a pool, and does nothing else'
command -v aws >/dev/null || say 'The AWS CLI is not installed: curl makes the same call.'
cp "$work/pools/$pool.json" "$work/pool.json"
values >"$work/before"
update clients
values >"$work/after"
grep -q '^LambdaConfig.PostConfirmation ' "$work/before" || fail 'the pool had no trigger to lose'
! grep -q '^LambdaConfig.PostConfirmation ' "$work/after" || fail 'the triggers have survived'
say '' 'UpdateUserPool replaces. What the request left out is gone, or is back at a default:'
differences "$work/before" "$work/after"
say '' 'Triggers, verification, device tracking, the e-mail sender, MFA, tags: nobody asked for that.' \
    '(So the API Reference has it. People have measured that Cognito keeps some of these members and' \
    'resets others, triggers among them; `--omission measured` makes the sandbox do the same.)'

chapter '2. poolctl plans a change of the same pool'
cp "$work/pool.json" "$work/pools/$pool.json"
say "The pool is as it was. $manifest names the settings" \
    'that it manages; all others are to stay. (POOLCTL_SANDBOX leads poolctl to the same pools.)'
run 0 poolctl plan "$manifest"

chapter '3. poolctl applies it, and proves it'
say 'It sends a complete request, reads the pool again, and compares.'
apply
values >"$work/after"
say '' 'The same comparison as in chapter 1, made without poolctl:'
differences "$work/before" "$work/after"
declared='Policies.PasswordPolicy.(MinimumLength|RequireSymbols)|DeletionProtection|LambdaConfig.PreSignUp'
declared+='|AutoVerifiedAttributes\[]|(VerificationMessageTemplate.EmailMessage|EmailVerificationMessage)'
declared+='|UserPoolTags.(stage|cost-center)|LastModifiedDate'
for state in before after; do
    grep -Ev "^($declared) " "$work/$state" >"$work/$state.undeclared"
done
cmp -s "$work/before.undeclared" "$work/after.undeclared" || fail 'a setting moved that nobody declared'
say '' "The $(grep -c '' "$work/after.undeclared") other values are what they were: all other triggers, the sender, MFA," \
    'and RiskScoring, a trigger that this version of poolctl has never heard of.' \
    '(EmailVerificationMessage is an older name of the same text, which Cognito keeps in step.)'

chapter '4. Once more: nothing to do'
run 0 poolctl plan --detailed-exitcode "$manifest"

chapter '5. Somebody clicks in the console'
say 'Deletion protection goes off, and another function welcomes new users. The file declares the' \
    'first; nobody declares the second. (A second manifest stands in for the mouse. The console asks' \
    'for a click to confirm; poolctl asks for the risk by its name: --allow deletion-protection-off.)'
poolctl apply --quiet --yes --allow deletion-protection-off - >"$work/said" <<CLICK || fail 'the click failed' "$(cat "$work/said")"
version: 1
pool: $pool
settings:
  DeletionProtection: INACTIVE
  LambdaConfig:
    PostConfirmation: arn:aws:lambda:eu-west-1:111122223333:function:welcome-2
CLICK
say '' 'The difference is found; the exit code 2 is for the pipeline that asks every hour:'
run 2 poolctl plan --detailed-exitcode "$manifest"

chapter '6. apply brings back what is declared, and leaves the rest to its owner'
apply
values >"$work/after"
grep -qx 'DeletionProtection "ACTIVE"' "$work/after" || fail 'deletion protection is still off'
grep -q '^LambdaConfig.PostConfirmation .*:welcome-2"' "$work/after" || fail 'the console lost its trigger'
say '' 'Now:'
grep -E '^(DeletionProtection|LambdaConfig.PostConfirmation) ' "$work/after" | sed 's/^/    /'

chapter 'That was all'
say 'The sandbox and its folder are gone again. README.md says how to go on with a pool of your own.'
