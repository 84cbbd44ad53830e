#!/usr/bin/env bash
# serde_json 1.0.154 with the feature `arbitrary_precision`, serde 1.0.229.
#
# Guess: with `arbitrary_precision` the text of a number survives reading and writing, as `0.10` and
# numbers of any length do.
#
# Behaviour: an exponent is written anew (lower case, always with a sign), so `1E5` becomes `1e+5`; all
# digits stay. `-0` survives reading from text, and loses its sign on the way from a `Value` into a struct
# that has a `Map` (`from_value`): the same text read into the same struct (`from_str`) keeps it.
#
# Seen:
#   1e5 1e+5
#   1E-3 1e-3
#   0.10 0.10
#   -0 -0
#   from_str {"n":-0} from_value {"n":0}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "spelling"
version = "0.0.0"
edition = "2021"
[dependencies]
serde = { version = "=1.0.229", features = ["derive"] }
serde_json = { version = "=1.0.154", features = ["arbitrary_precision", "preserve_order"] }
TOML
cat >src/main.rs <<'RUST'
use serde_json::{from_str, from_value, to_string, Map, Value};

#[derive(serde::Deserialize)]
struct Kept {
    m: Map<String, Value>,
}

fn main() {
    for text in ["1e5", "1E-3", "0.10", "-0"] {
        println!("{text} {}", from_str::<Value>(text).unwrap());
    }
    let text = r#"{"m":{"n":-0}}"#;
    let direct: Kept = from_str(text).unwrap();
    let detour: Kept = from_value(from_str(text).unwrap()).unwrap();
    let show = |kept: &Kept| to_string(&kept.m).unwrap();
    println!("from_str {} from_value {}", show(&direct), show(&detour));
}
RUST
cargo run --quiet >seen
cat seen
diff - seen <<'EXPECTED'
1e5 1e+5
1E-3 1e-3
0.10 0.10
-0 -0
from_str {"n":-0} from_value {"n":0}
EXPECTED
