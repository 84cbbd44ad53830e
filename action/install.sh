#!/usr/bin/env bash
# Finds poolctl: the program that the job names, or a release, whose checksum and provenance are checked.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -n "$BINARY" ]; then
    found=$(command -v "$BINARY") || fail "the input binary names \`$BINARY\`, which is no program here"
    [[ $found = /* ]] || found=$PWD/$found
    output poolctl "$found"
    exit 0
fi

version=${VERSION:-$ACTION_REF}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    fail "say which release to use: write \`version: 0.1.0\`, or name the action with a whole version"
case $(uname -sm) in
    'Linux x86_64') target=x86_64-unknown-linux-musl ;;
    'Linux aarch64' | 'Linux arm64') target=aarch64-unknown-linux-musl ;;
    'Darwin x86_64') target=x86_64-apple-darwin ;;
    'Darwin arm64') target=aarch64-apple-darwin ;;
    *) fail "there is no release for $(uname -sm): build poolctl, and name it with \`binary\`" ;;
esac

folder=$RUNNER_TEMP/poolctl-$version
name=poolctl-$version-$target
mkdir -p "$folder"
cd "$folder"
gh release download "v$version" --repo "$ACTION_REPOSITORY" --pattern "$name.tar.gz*" --clobber ||
    fail "the release v$version of $ACTION_REPOSITORY has no $name.tar.gz"
if command -v sha256sum >/dev/null; then check=(sha256sum); else check=(shasum -a 256); fi
"${check[@]}" --check --status "$name.tar.gz.sha256" || fail "the checksum of $name.tar.gz is wrong"
# The checksum says that the download is whole; this, that this repository's own workflow built it.
gh attestation verify "$name.tar.gz" --repo "$ACTION_REPOSITORY" >/dev/null ||
    fail "nothing proves that $name.tar.gz was built by $ACTION_REPOSITORY"
tar -xzf "$name.tar.gz"
output poolctl "$folder/$name/poolctl"
