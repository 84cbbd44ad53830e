#!/usr/bin/env bash
# clap_mangen 0.2.33 with clap 4.6.9 (crates.io), its page read by mandoc 1.14.6 (Debian): the head of a man page.
#
# Guess: without a date the `.TH` line has an empty date, name, section and source are in their places, and a linter of
#   man pages has nothing to say.
# Behaviour: the empty date is not written as `""` but as nothing, so the source, `tool 1.2.3`, takes the place of the
#   date: mandoc cannot parse it as one, and prints it in the middle of the last line, where the date stands. With
#   `.date("2027-01-01")` all is in place.
# Output seen:
#   .TH tool 1  "tool 1.2.3"
#   WARNING: cannot parse date, using it verbatim: TH tool 1.2.3
#   last line: tool 1.2.3 tool(1)
#   with a date: .TH tool 1 2027-01-01 "tool 1.2.3"
#   last line: tool 1.2.3 2027-01-01 tool(1)
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download mandoc >said 2>&1
dpkg -x mandoc_*.deb deb
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "tool"
version = "1.2.3"
edition = "2021"
[dependencies]
clap = { version = "=4.6.9", default-features = false, features = ["std", "help"] }
clap_mangen = "=0.2.33"
TOML
cat >src/main.rs <<'RUST'
use clap::{Arg, Command};
use clap_mangen::Man;

fn main() {
    let long = "The form.\n\nOne of two.";
    let command = Command::new("tool").version("1.2.3").arg(Arg::new("form").long("form").help("The form").long_help(long));
    let man = Man::new(command);
    let man = if std::env::args().count() > 1 { man.date("2027-01-01") } else { man };
    man.render(&mut std::io::stdout()).unwrap();
}
RUST
cargo build --quiet
target/debug/tool >tool.1
target/debug/tool dated >dated.1
last() { deb/usr/bin/mandoc -T ascii "$1" | tail -n 1 | xargs echo 'last line:'; }
{
    grep '^\.TH' tool.1 | sed 's/ *$//'
    { deb/usr/bin/mandoc -T lint tool.1 || true; } | grep -o 'WARNING: .*'
    last tool.1
    echo "with a date: $(grep '^\.TH' dated.1 | sed 's/ *$//')"
    last dated.1
} | tee seen

diff - seen <<'EXPECTED'
.TH tool 1  "tool 1.2.3"
WARNING: cannot parse date, using it verbatim: TH tool 1.2.3
last line: tool 1.2.3 tool(1)
with a date: .TH tool 1 2027-01-01 "tool 1.2.3"
last line: tool 1.2.3 2027-01-01 tool(1)
EXPECTED
echo 'as found'
