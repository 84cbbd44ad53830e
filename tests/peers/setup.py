#!/usr/bin/env python3
"""Makes what the peer tests need under target/peers, and prints that folder.

One virtual environment for each requirements file beside this script, and the schema of SARIF. Nothing is done where they are there
already; processes that start at once wait for each other. pip and cargo are run as they are configured here.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "target" / "peers"
OLDEST = (3, 10)
# The schema of SARIF 2.1.0 as OASIS published it, and the crate that brings it along.
SARIF_CRATE = ("serde-sarif", "0.8.0")
SARIF_SHA256 = "af47e7b67f24efe74076621fd3a5fbe7398add9e84fe820c971219a385895cea"


def main():
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        sys.exit(f"error: the peer tests need Python {wanted} or newer, and `python3` here is {sys.version.split()[0]}")
    PEERS.mkdir(parents=True, exist_ok=True)
    with open(PEERS / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for requirements in sorted(HERE.glob("*.txt")):
            ensure(requirements)
        fetch_sarif_schema()
    print(PEERS)


def ensure(requirements):
    """Makes the environment that `requirements` describes, unless its stamp says that it is there."""
    environment = PEERS / requirements.stem
    stamp = environment / "stamp"
    wanted = fingerprint(requirements)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"setting up {environment} (once, less than a minute)", file=sys.stderr)
    shutil.rmtree(environment, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", environment],
        "cannot make a virtual environment; on Debian and Ubuntu, install the package python3-venv",
    )
    pip = [environment / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run(
        pip + ["--requirement", requirements],
        f"cannot install what {requirements.relative_to(HERE.parents[1])} lists; pip says why above "
        "(it reads its usual configuration and PIP_* variables)",
    )
    stamp.write_text(wanted)


def fetch_sarif_schema():
    """Takes the schema of SARIF out of its crate, unless it is there already."""
    schema = PEERS / "sarif.schema.json"
    if schema.is_file() and is_sarif_schema(schema):
        return
    name, version = SARIF_CRATE
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "lib.rs").touch()
        (folder / "Cargo.toml").write_text(
            '[package]\nname = "schema"\nversion = "0.0.0"\nedition = "2021"\n[lib]\npath = "lib.rs"\n'
            f'[dependencies]\n{name} = {{ version = "={version}", default-features = false }}\n'
        )
        vendor = ["cargo", "vendor", "--quiet", "--versioned-dirs", "--manifest-path", folder / "Cargo.toml"]
        run(vendor + [folder / "vendor"], f"cannot fetch the crate {name} {version}; cargo says why above")
        found = folder / "vendor" / f"{name}-{version}" / "src" / "schema.json"
        if not is_sarif_schema(found):
            sys.exit(f"error: the schema in {name} {version} is not the one that these tests are for")
        shutil.copyfile(found, schema)


def is_sarif_schema(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() == SARIF_SHA256


def fingerprint(requirements):
    """Changes with the requirements and with the Python that the environment was made from."""
    made_from = f"{os.path.realpath(sys.executable)} {sys.version}\n"
    return hashlib.sha256(made_from.encode() + requirements.read_bytes()).hexdigest()


def run(command, failure):
    # What is printed on stdout is the result of this script alone.
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode != 0:
        sys.exit(f"error: {failure}")


if __name__ == "__main__":
    main()
