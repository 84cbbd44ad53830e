#!/usr/bin/env bash
# In a partial clone, git cat-file --batch answers for a file that it has not fetched as for one that there is not.
#
# Version: git 2.47.3 (`missing` for both); git 2.39.5 ends at the first such file (the git of the PATH).
# Guess: with GIT_NO_LAZY_FETCH=1 a promised object that is not here has an answer of its own in the batch, and
#   the batch goes on behind it.
# Behaviour: in git 2.47.3 `COMMIT:PATH` of a file whose blob was left out by --filter=blob:none prints
#   `COMMIT:PATH missing`, word for word what a path prints that the commit does not have; the exit code is 0 and
#   stderr is empty. Only the tree tells them apart (git ls-tree). git 2.39.5 prints nothing, says
#   `fatal: could not fetch …` and ends with 128, and with it the answers for every later name. Versions between
#   the two were not tried.
# Output seen (2.47.3):
#   HEAD~1:a.txt missing
#   HEAD~1:nowhere.txt missing
# Output seen (2.39.5): none, exit code 128
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME=$folder GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
git --version
git init -q -b main whole
git -C whole config uploadpack.allowFilter true
for text in one two; do
    echo "$text" > whole/a.txt
    git -C whole add a.txt
    git -C whole commit -q -m "$text"
done
git clone -q --filter=blob:none "file://$folder/whole" partial

cd partial
code=0
printf 'HEAD~1:a.txt\nHEAD~1:nowhere.txt\n' |
    GIT_NO_LAZY_FETCH=1 git cat-file --batch > ../said 2> ../complained || code=$?
cat ../said ../complained
echo "exit code $code"
# The tree knows the file.
git ls-tree --name-only HEAD~1 | grep -qx a.txt
if [ "$code" = 0 ]; then
    [ ! -s ../complained ]
    diff <(sed 's/a\.txt/X/' <(sed -n 1p ../said)) <(sed 's/nowhere\.txt/X/' <(sed -n 2p ../said))
else
    [ "$code" = 128 ] && [ ! -s ../said ]
fi
