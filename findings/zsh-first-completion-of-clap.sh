#!/usr/bin/env bash
# clap_complete 4.6.11 (crates.io), feature unstable-dynamic, zsh 5.9 (Debian): the script that the program prints for zsh,
# as a file `_tool` in a folder of $fpath, where packages and Homebrew put it.
#
# Guess: the script begins with `#compdef tool`, so it is a file for $fpath, and completes there as it does when
#   ~/.zshrc sources it.
# Behaviour: zsh runs the file as the function `_tool` at the first TAB. The script then only defines a function and
#   registers it, and adds no completion: the first TAB in every shell beeps, and the second one completes. One more line
#   that calls the function if ${funcstack[1]} is `_tool` mends that, and does nothing where the script is sourced.
# Output seen:
#   sourced, first TAB: tool alpha
#   in $fpath, first TAB: tool al
#   in $fpath, second TAB: tool alpha
#   in $fpath with the line, first TAB: tool alpha
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download zsh zsh-common >said 2>&1
for package in *.deb; do dpkg -x "$package" zsh; done
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "tool"
version = "1.0.0"
edition = "2021"
[dependencies]
clap = { version = "=4.6.9", default-features = false, features = ["std"] }
clap_complete = { version = "=4.6.11", default-features = false, features = ["unstable-dynamic"] }
TOML
cat >src/main.rs <<'RUST'
use clap::Command;
use clap_complete::CompleteEnv;

fn command() -> Command {
    Command::new("tool").subcommand(Command::new("alpha")).subcommand(Command::new("beta"))
}

fn main() {
    CompleteEnv::with_factory(command).complete();
    command().get_matches();
}
RUST
cargo build --quiet
export PATH=$work/target/debug:$PATH
mkdir plain mended
COMPLETE=zsh tool >plain/_tool
{
    cat plain/_tool
    # shellcheck disable=SC2016
    echo 'if [[ ${funcstack[1]} == _tool ]]; then _clap_dynamic_completer_tool; fi'
} >mended/_tool

cat >press.py <<'PY'
"""Prints the line that zsh makes of a half word and each of two TABs, in a shell with these lines in .zshrc."""
import os
import pty
import re
import select
import sys
import time

child, terminal = pty.fork()
if child == 0:
    os.environ.update(ZDOTDIR=sys.argv[1], TERM="dumb")
    os.execv(sys.argv[2], ["zsh", "-i"])


def read(until):
    seen, end = b"", time.monotonic() + 20
    while not re.search(until, seen) and time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536)
    return seen


read(rb"ready> ")
for number in range(2):
    os.write(terminal, b"tool al\t")
    # Either the word grows, or the bell rings.
    seen = read(rb"\x07|alpha ")
    print(re.sub(rb"[^ -~]", b"", seen).decode().strip())
    os.write(terminal, b"\x15")
    time.sleep(0.3)
    while select.select([terminal], [], [], 0.1)[0]:
        os.read(terminal, 65536)
os.write(terminal, b"exit\n")
PY
share=$work/zsh/usr/share/zsh/functions
lines() { # LINES: what a shell with them makes of the TABs
    rm -rf home
    mkdir home
    {
        echo "module_path=($work/zsh/usr/lib/$(gcc -print-multiarch)/zsh/5.9)"
        echo "fpath=($(find "$share" -type d | tr '\n' ' '))"
        echo "$1"
        echo "autoload -Uz compinit; compinit -u -D"
        echo "$2"
        echo "PS1='ready> '"
    } >home/.zshrc
    python3 press.py home "$work/zsh/bin/zsh"
}
{
    lines '' "source $work/plain/_tool" | sed -n '1s/^/sourced, first TAB: /p'
    lines "fpath=($work/plain \$fpath)" '' | sed '1s/^/in $fpath, first TAB: /; 2s/^/in $fpath, second TAB: /'
    lines "fpath=($work/mended \$fpath)" '' | sed -n '1s/^/in $fpath with the line, first TAB: /p'
} | tee seen

diff - seen <<'EXPECTED'
sourced, first TAB: tool alpha
in $fpath, first TAB: tool al
in $fpath, second TAB: tool alpha
in $fpath with the line, first TAB: tool alpha
EXPECTED
echo 'as found'
