#!/usr/bin/env bash
# A tour of poolctl in the sandbox: what a partial update loses, then import, plan, apply, drift, adopt and restore, and
# an app client.
# It works in a temporary folder and removes it at the end. It needs no AWS account and contacts none.
#
# Needs bash, Rust with a C compiler, and the AWS CLI or curl. With POOLCTL=/path/to/poolctl it uses that program and
# builds nothing.
set -euo pipefail

pool=eu-west-1_a1B2c3D4E
client=3n4b5c6d7e8f9g0h1i2j3k4l5m
manifest=pools/customers.yaml

if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
    bold=$'\e[1m' heading=$'\e[1;36m' plain=$'\e[0m'
else
    bold='' heading='' plain=''
fi

chapter() { printf '\n%s== %s%s\n' "$heading" "$1" "$plain"; }
say() { printf '%s\n' "$@"; }
show() { printf '\n%s$ %s%s\n' "$bold" "$1" "$plain"; }
fail() {
    printf 'tour: %s\n' "$@" >&2
    exit 1
}

# Shows a command and runs it. The tour stops if the command exits with another code than expected.
run() {
    local expected=$1 code=0
    show "$2"
    eval "$2" || code=$?
    [ "$code" = "$expected" ] || fail "\`$2\` exited with $code instead of $expected"
}

work=''
server=''
clean_up() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ -n "$work" ]; then rm -rf "$work"; fi
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Settings of the caller must not lead to a real account.
program=${POOLCTL-}
for name in ${!POOLCTL_@} ${!AWS_@}; do unset "$name"; done
export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox AWS_DEFAULT_REGION=eu-west-1 AWS_PAGER=''
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

if [ -n "$program" ]; then
    program=$(command -v "$program") || fail 'POOLCTL does not name a program'
    [[ $program = /* ]] || program=$PWD/$program
fi
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
live=$PWD/examples/quickstart/live
if [ -z "$program" ]; then
    command -v cargo >/dev/null || fail 'cargo is not on the PATH: install Rust from https://rustup.rs'
    say 'Building poolctl. The first build takes three to eleven minutes on two cores.'
    quiet=(--quiet)
    if [ -t 2 ]; then quiet=(); fi
    cargo build --locked ${quiet[@]+"${quiet[@]}"}
    target=${CARGO_TARGET_DIR:-target}
    program=$(cd "$target/debug" && pwd)/poolctl
fi
poolctl() { "$program" "$@"; }

work=$(mktemp -d)
cd "$work"
mkfifo url
# The program itself and not the function above: the process to end is the program.
"$program" sandbox --quiet --sandbox=account --port 0 --seed "$live" >url 2>log &
server=$!
read -r AWS_ENDPOINT_URL <url || fail 'the sandbox did not start:' "$(cat log)"
export AWS_ENDPOINT_URL

# The pool as the sandbox stores it, read without poolctl: one line per value, the path first. Dates are left out.
values() {
    awk '{
        match($0, /^ */); depth = RLENGTH / 2; text = substr($0, RLENGTH + 1); sub(/,$/, "", text)
        if (text ~ /^[]}]/) next
        if (match(text, /^"[^"]*": /)) {
            name[depth] = substr(text, 2, RLENGTH - 4); text = substr(text, RLENGTH + 1); separator[depth] = "."
        } else {
            name[depth] = "[" count[depth]++ "]"; separator[depth] = ""
        }
        if (text ~ /^[{[]/) { count[depth + 1] = 0; next }
        path = (name[1] == "UserPool" ? "" : name[1] separator[2]) name[2]
        for (i = 3; i <= depth; i++) path = path separator[i] name[i]
        if (path !~ /Date$/) print path " " text
    }' "account/$pool.json" | LC_ALL=C sort
}

# What differs between two such lists: the path, the old value and the new one. Long values are shortened.
compare() {
    awk '
        function short(value) {
            if (value ~ /^"arn:/) { gsub(/"/, "", value); sub(/^arn:.*:/, "arn:…:", value) }
            return length(value) > 48 ? substr(value, 1, 24) "…" : value
        }
        function row(path, before, after, gap) {
            gap = length(path before after) > 66 ? "\n        " : "  "
            printf "    %s%s%s → %s\n", path, gap, before, after
        }
        { path = $1; value = substr($0, length(path) + 2) }
        NR == FNR { old[path] = value; order[++count] = path; next }
        { new[path] = value; if (!(path in old)) order[++count] = path }
        END {
            for (i = 1; i <= count; i++) {
                path = order[i]
                if (!(path in new)) row(path, short(old[path]), "(gone)")
                else if (!(path in old)) row(path, "(absent)", short(new[path]))
                else if (old[path] != new[path]) row(path, short(old[path]), short(new[path]))
            }
        }
    ' "$1" "$2"
}
# The paths alone, on one line.
changed() { diff "$1" "$2" | sed -n 's/^[<>] \([^ ]*\) .*/\1/p' | LC_ALL=C sort -u | tr '\n' ' '; }

# Sends a request with the AWS CLI, or with curl: the command and the options of the one, and the operation and the
# body for the other.
send() {
    if aws --version >/dev/null 2>&1; then
        run 0 "aws --endpoint-url $AWS_ENDPOINT_URL cognito-idp \\
    $1 --user-pool-id $pool \\
    $2"
    else
        say 'The AWS CLI is not installed, so curl sends the same request.'
        run 0 "curl --fail --silent --show-error --output answer $AWS_ENDPOINT_URL \\
    -H 'content-type: application/x-amz-json-1.1' \\
    -H 'x-amz-target: AWSCognitoIdentityProviderService.$3' \\
    --data '{\"UserPoolId\": \"$pool\",
    $4}'"
    fi
}

# Changes lines of a file, without the -i that sed has in several dialects.
edit() {
    sed "$1" "$2" >edited
    cat edited >"$2"
}

# At a terminal the reader answers the question of `apply`, which shows the plan itself.
plan_and_apply() {
    local code=0
    if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then
        say '`poolctl plan` shows what would change. `apply` shows the same plan and asks.'
        show 'poolctl apply'
        poolctl apply || code=$?
        [ "$code" != 0 ] || return 0
        [ "$code" = 3 ] || fail "\`poolctl apply\` exited with $code"
        say '' 'The tour continues as if you had answered yes.'
    else
        run 0 'poolctl plan'
        say '' '`apply` shows the plan again and asks. In a script, --yes is the answer.'
    fi
    run 0 'poolctl apply --yes --quiet | tail -n 1'
}

chapter '1. The AWS CLI renames a pool'
values >before
cp "account/$pool.json" before.json
send update-user-pool '--pool-name clients' UpdateUserPool '"PoolName": "clients"'
values >after
grep -q '^LambdaConfig.PostConfirmation ' before || fail 'the pool had no trigger to lose'
! grep -q '^LambdaConfig.PostConfirmation ' after || fail 'the triggers are still there'
say '' 'UpdateUserPool replaces the whole configuration of a pool. The request contained' \
    'only the new name, and all of this has changed:' ''
compare before after
say '' 'The sandbox resets settings as the API Reference describes. People have measured' \
    'that Cognito resets some of them, triggers included, and keeps others.'
cat before.json >"account/$pool.json"

chapter '2. `import` writes a manifest of the pool'
say 'The tour has put the pool back as it was.'
run 0 "poolctl import $pool"

chapter '3. Edit the manifest, plan, apply'
say 'Two settings change in the manifest: the minimum length of passwords, and the' \
    'trigger that runs before a sign-up.'
edit 's/MinimumLength: 8/MinimumLength: 12/; s/check-domain/check-invitation/' "$manifest"
plan_and_apply
backups=(.poolctl/backups/*)
values >after
say '' '`apply` sent every setting of the pool, read the pool again and compared. The' \
    'same comparison without poolctl:' ''
compare before after
[ "$(changed before after)" = 'LambdaConfig.PreSignUp Policies.PasswordPolicy.MinimumLength ' ] ||
    fail 'apply changed a setting that was not in the plan'

chapter '4. Somebody changes triggers by hand'
say 'Somebody replaces the trigger PostConfirmation, which the manifest declares, and' \
    'adds the trigger PreAuthentication, which it does not declare. (The tour edits' \
    'the pool in the sandbox.) `drift` finds both and exits 2:'
edit 's/^\( *\)"PostConfirmation": "\(.*\):welcome"/\1"PostConfirmation": "\2:welcome-2",\
\1"PreAuthentication": "\2:check-country"/' "account/$pool.json"
run 2 'poolctl drift'
poolctl plan --quiet >planned || fail 'plan failed'
grep -q PostConfirmation planned || fail 'plan does not show the trigger that was replaced'
! grep -q PreAuthentication planned || fail 'plan shows a trigger that the manifest does not declare'
say '' '`plan` shows only the first one, because `apply` changes only what the manifest' \
    'declares. Here `apply` puts the first one back, and `adopt` declares the second:'
run 0 'poolctl apply --yes --quiet | tail -n 1'
run 0 'poolctl adopt --undeclared'
run 0 'poolctl drift'

chapter '5. `restore` undoes a run'
say '`apply` saved the pool before each write. `restore` undoes what the run of part 3' \
    'changed. That makes the password policy weaker, so it is blocked until you' \
    'accept this risk by its name:'
run 3 "poolctl restore --yes --quiet \\
    ${backups[0]} | tail -n 1"
run 0 "poolctl restore --yes --quiet --allow password-policy-weaker \\
    ${backups[0]} | tail -n 1"
values >after
say '' 'One setting now differs from the beginning, the trigger that `adopt` declared:' ''
compare before after
[ "$(changed before after)" = 'LambdaConfig.PreAuthentication ' ] ||
    fail 'restore has not undone the run, or has undone more'

chapter '6. An app client'
say 'UpdateUserPoolClient replaces too. The AWS CLI changes one setting of a client:'
{
    sed '$ d' "account/$pool.json" | sed '$ s/$/,/'
    cat <<END
  "UserPoolClients": [
    {
      "UserPoolId": "$pool",
      "ClientId": "$client",
      "ClientName": "web",
      "RefreshTokenValidity": 30,
      "EnableTokenRevocation": true,
      "EnablePropagateAdditionalUserContextData": false,
      "AuthSessionValidity": 3,
      "SupportedIdentityProviders": [
        "COGNITO"
      ],
      "CallbackURLs": [
        "https://app.example.com/callback"
      ],
      "AllowedOAuthFlows": [
        "code"
      ],
      "AllowedOAuthScopes": [
        "openid"
      ],
      "AllowedOAuthFlowsUserPoolClient": true,
      "PreventUserExistenceErrors": "ENABLED"
    }
  ]
}
END
} >with_client
cat with_client >"account/$pool.json"
values >before
send update-user-pool-client "--client-id $client --auth-session-validity 5 >answer" UpdateUserPoolClient \
    "\"ClientId\": \"$client\", \"AuthSessionValidity\": 5"
values >after
! grep -q 'CallbackURLs' after || fail 'the callback URLs are still there'
say ''
compare before after | sed 's/UserPoolClients\[0\]\.//'
cat with_client >"account/$pool.json"
say '' 'The tour has put the client back. The same change as a manifest:'
cat >web.yaml <<END
version: 1
pool: $pool
clients:
  web: { id: $client, AuthSessionValidity: 5 }
END
run 0 'cat web.yaml'
run 0 'poolctl apply --yes --quiet web.yaml >answer'
values >after
say ''
compare before after | sed 's/UserPoolClients\[0\]\.//'
[ "$(changed before after)" = 'UserPoolClients[0].AuthSessionValidity ' ] ||
    fail 'apply changed a setting of the client that was not in the plan'

chapter 'The end'
say 'The sandbox and its folder are removed. README.md continues with your own pool.'
