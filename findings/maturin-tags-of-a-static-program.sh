#!/usr/bin/env bash
# maturin 1.16.0 (PyPI), bindings "bin", cargo of the machine: the platform tags of a wheel with a statically linked
# program.
#
# Guess: built for x86_64-unknown-linux-musl, the wheel is tagged musllinux_1_2, as every wheel for that target; and a
#   static program, which needs no C library at all, may be tagged for both kinds of Linux, whatever its target is.
# Behaviour: maturin judges the file and not the target: a static program has no symbol of glibc, so it gets the oldest
#   manylinux tag and no musllinux tag, also when it was built for musl. pip on Alpine then finds no wheel.
#   `--compatibility manylinux2014 musllinux_1_2` gives both tags, but only for a musl target: for the same program built
#   for x86_64-unknown-linux-gnu with crt-static, maturin refuses to mix them.
# Output seen:
#   musl: tiny-1.0.0-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl
#   musl, both asked for: tiny-1.0.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl
#   gnu: tiny-1.0.0-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl
#   gnu, both asked for: Cannot mix musllinux and manylinux platform tags when compiling to x86_64-unknown-linux-gnu
#
# Where rustc has no library for musl, it is given the static one for glibc: the file is as static, and the target of the
# build is still musl to cargo and to maturin.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset RUSTFLAGS CARGO_TARGET_DIR CARGO_BUILD_TARGET
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check maturin==1.16.0

mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "tiny"
version = "1.0.0"
edition = "2021"
TOML
echo 'fn main() { println!("hello"); }' >src/main.rs
cat >pyproject.toml <<'TOML'
[build-system]
requires = ["maturin>=1.16,<2"]
build-backend = "maturin"
[project]
name = "tiny"
dynamic = ["version"]
[tool.maturin]
bindings = "bin"
TOML
cargo generate-lockfile --quiet
cat >rustc <<'SH'
#!/usr/bin/env bash
words=()
for word; do
    if [ "$word" = x86_64-unknown-linux-musl ]; then word=x86_64-unknown-linux-gnu; fi
    words+=("$word")
done
exec rustc "${words[@]}" -C target-feature=+crt-static
SH
chmod +x rustc
export RUSTC=$work/rustc CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER=cc

build() { # WORDS TARGET OPTIONS
    local said=$1 target=$2
    shift 2
    rm -rf out
    if env/bin/maturin build --release --locked --target "$target" --out out "$@" >log 2>&1; then
        echo "$said: $(ls out)"
    else
        echo "$said: $(sed -n 's/^  Caused by: //p' log)"
    fi
}
{
    build musl x86_64-unknown-linux-musl
    build 'musl, both asked for' x86_64-unknown-linux-musl --compatibility manylinux2014 musllinux_1_2
    build gnu x86_64-unknown-linux-gnu
    build 'gnu, both asked for' x86_64-unknown-linux-gnu --compatibility manylinux2014 musllinux_1_2
} | tee seen

diff - seen <<'EXPECTED'
musl: tiny-1.0.0-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl
musl, both asked for: tiny-1.0.0-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl
gnu: tiny-1.0.0-py3-none-manylinux1_x86_64.manylinux_2_5_x86_64.whl
gnu, both asked for: Cannot mix musllinux and manylinux platform tags when compiling to x86_64-unknown-linux-gnu
EXPECTED
echo 'as found'
