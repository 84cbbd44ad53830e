#!/usr/bin/env bash
# git cat-file --batch --filters says how long the blob is, and prints something of another length.
#
# Version: git 2.39.5 and 2.47.3 (the git of the PATH).
# Guess: with --filters the size in the header line `<object> <type> <size>` is that of the content that
#   follows, since a reader of the stream knows by nothing else where it ends.
# Behaviour: the size is the blob's in the object store; the content is what the filters make of it. With
#   core.autocrlf=true a text file of two lines has size 4 in the header, and 6 bytes behind it. A reader that goes by
#   the size takes the rest for the next header. `git cat-file --filters --path=PATH OBJECT`, one process a
#   file, has no header and prints the right bytes.
# Output seen:
#   <object> blob 4
#   x\r\n y\r\n \n      (7 bytes: 6 of content, one line feed)
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME=$folder GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
git --version
git init -q .
printf 'x\ny\n' > a.txt
object=$(git -c core.autocrlf=false hash-object -w a.txt)

printf '%s a.txt\n' "$object" | git -c core.autocrlf=true cat-file --batch --filters > stream
said=$(head -n 1 stream | cut -d ' ' -f 3)
printed=$(($(tail -n +2 stream | wc -c) - 1))
alone=$(git -c core.autocrlf=true cat-file --filters --path=a.txt "$object" | wc -c)
echo "header: $said bytes; content: $printed bytes; without --batch: $((alone)) bytes"
[ "$said" = 4 ] && [ "$printed" = 6 ] && [ "$((alone))" = 6 ]
