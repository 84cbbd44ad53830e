#!/usr/bin/env bash
# pre-commit-hooks 6.0.0 (from PyPI), Python 3.10 or newer.
#
# Guess: end-of-file-fixer ends a file as its other lines end, so that an e-mail template whose lines end with
# CRLF gets CRLF, as trailing-whitespace keeps it; and it leaves alone a file that git treats as binary.
#
# Behaviour: end-of-file-fixer appends LF whatever the other lines end with, so the template has line ends
# of two kinds afterwards. Of the same file with too many line ends it keeps one CRLF. trailing-whitespace
# keeps each line's end. Both rewrite a file that .gitattributes calls `-text`: they do not ask git.
#
# Output seen:
#   `<p>a</p>\r\n<p>b</p>`   → `<p>a</p>\r\n<p>b</p>\n`
#   `<p>a</p>\r\n\r\n\r\n`   → `<p>a</p>\r\n`
#   `<p>a</p> \r\n`          → `<p>a</p>\r\n`
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pre-commit-hooks==6.0.0
git init --quiet repository
cd repository
printf '* -text\n' > .gitattributes

# Runs a hook, which ends with 1 where it rewrote the file, and compares what is left.
holds() {
    printf '%b' "$2" > mail.html
    git add mail.html .gitattributes
    ended=0
    "../venv/bin/$1" mail.html || ended=$?
    test "$ended" -eq 1
    printf '%b' "$3" | cmp - mail.html
    printf '%s: %s -> %s\n' "$1" "$2" "$3"
}
holds end-of-file-fixer '<p>a</p>\r\n<p>b</p>' '<p>a</p>\r\n<p>b</p>\n'
holds end-of-file-fixer '<p>a</p>\r\n\r\n\r\n' '<p>a</p>\r\n'
holds trailing-whitespace-fixer '<p>a</p> \r\n' '<p>a</p>\r\n'
