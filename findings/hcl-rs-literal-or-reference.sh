#!/usr/bin/env bash
# hcl-rs 0.20.0 (crates.io) with serde_json 1.0.154: values of a Terraform file read into JSON values.
#
# Guess: a reference, `a` or "${a}", is read as the text `${a}`, and the literal text "$${a}", which Terraform gives to
#   the pool as `${a}`, as something else, so that a reader can tell which of the two it has.
# Behaviour: all three are the text `${a}`. The escape stays only where the text also has a real reference ("$${a}
#   ${b}"), and in a heredoc. So what looks like a reference may be literal text, for example of an e-mail. In HCL, a
#   block without members is the same as an empty object, and a block is an object if there is one of its kind and a
#   list if there are two. Integers of 20 digits stay, of 30 digits are rounded.
# Output seen:
#   reference ${a}
#   quoted ${a}
#   literal ${a}
#   literal_and_reference $${a} ${b}
#   heredoc $${a}\n
#   digits20 12345678901234567890
#   digits30 1.2345678901234568e+29
#   one_block {}
#   two_blocks [{},{}]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "read"
version = "0.0.0"
edition = "2021"
[dependencies]
hcl-rs = "=0.20.0"
serde_json = "=1.0.154"
TOML
cat >src/main.rs <<'RUST'
fn main() {
    let text = std::fs::read_to_string("pool.tf").unwrap();
    let file: serde_json::Map<String, serde_json::Value> = hcl::from_str(&text).unwrap();
    let names = ["reference", "quoted", "literal", "literal_and_reference", "heredoc", "digits20", "digits30", "one_block", "two_blocks"];
    for name in names {
        println!("{name} {}", file[name].as_str().map_or(file[name].to_string(), |text| text.replace('\n', "\\n")));
    }
}
RUST
cat >pool.tf <<'TF'
reference             = a
quoted                = "${a}"
literal               = "$${a}"
literal_and_reference = "$${a} ${b}"
heredoc               = <<EOT
$${a}
EOT
digits20              = 12345678901234567890
digits30              = 123456789012345678901234567890
one_block {}
two_blocks {}
two_blocks {}
TF
cargo run --quiet | tee seen

diff - seen <<'EXPECTED'
reference ${a}
quoted ${a}
literal ${a}
literal_and_reference $${a} ${b}
heredoc $${a}\n
digits20 12345678901234567890
digits30 1.2345678901234568e+29
one_block {}
two_blocks [{},{}]
EXPECTED
echo 'as found'
