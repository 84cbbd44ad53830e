#!/usr/bin/env bash
# Finds poolctl: the program that the job names, or a release after a check of its checksum and provenance.
# shellcheck source=action/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -n "$BINARY" ]; then
    found=$(command -v "$BINARY") || fail "the input binary names \`$BINARY\`, which is not a program on this machine"
    [[ $found = /* ]] || found=$PWD/$found
    output poolctl "$found"
    exit 0
fi

version=${VERSION:-$ACTION_REF}
version=${version#v}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
    fail "no release is named: set \`version: 0.1.0\`, or name the action by a complete version"
case $(uname -sm) in
    'Linux x86_64') target=x86_64-unknown-linux-musl ;;
    'Linux aarch64' | 'Linux arm64') target=aarch64-unknown-linux-musl ;;
    'Darwin x86_64') target=x86_64-apple-darwin ;;
    'Darwin arm64') target=aarch64-apple-darwin ;;
    *) fail "there is no release for $(uname -sm): build poolctl and set \`binary\` to it" ;;
esac

folder=$RUNNER_TEMP/poolctl-$version
name=poolctl-$version-$target
mkdir -p "$folder"
cd "$folder"
gh release download "v$version" --repo "$ACTION_REPOSITORY" --pattern "$name.tar.gz*" --clobber ||
    fail "the release v$version of $ACTION_REPOSITORY has no $name.tar.gz"
if command -v sha256sum >/dev/null; then check=(sha256sum); else check=(shasum -a 256); fi
"${check[@]}" --check --status "$name.tar.gz.sha256" || fail "the checksum of $name.tar.gz is wrong"
# The checksum proves a complete download; the attestation proves that this repository's workflow built it.
gh attestation verify "$name.tar.gz" --repo "$ACTION_REPOSITORY" >/dev/null ||
    fail "no attestation proves that $ACTION_REPOSITORY built $name.tar.gz"
tar -xzf "$name.tar.gz"
output poolctl "$folder/$name/poolctl"
