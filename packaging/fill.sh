#!/usr/bin/env bash
# fill.sh REPOSITORY VERSION FILES: writes the Homebrew formula and the Nix flake of a release beside its archives, with
# the checksums that are there.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
repository=$1 version=$2 files=$3

fill() {
    local text target
    text=$(cat "$1")
    text=${text//@REPOSITORY@/$repository}
    text=${text//@VERSION@/$version}
    while [[ $text =~ @SHA256\ ([a-z0-9_-]+)@ ]]; do
        target=${BASH_REMATCH[1]}
        read -r sum _ <"$files/poolctl-$version-$target.tar.gz.sha256"
        [[ $sum =~ ^[0-9a-f]{64}$ ]] || { echo "error: no checksum of $target" >&2; exit 1; }
        text=${text//@SHA256 $target@/$sum}
    done
    printf '%s\n' "$text"
}

flake=poolctl-$version-flake
mkdir "$files/$flake"
fill "$here/homebrew/poolctl.rb" | tail -n +2 >"$files/poolctl.rb"
fill "$here/nix/flake.nix" | tail -n +3 >"$files/$flake/flake.nix"
tar -czf "$files/$flake.tar.gz" -C "$files" "$flake"
rm -r "${files:?}/$flake"
