#!/usr/bin/env python3
"""Makes the virtual environments of the peer tests under target/peers, and prints that folder.

One environment for each requirements file beside this script. Nothing is done where they are there
already; processes that start at once wait for each other. pip is run as it is configured here.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "target" / "peers"
OLDEST = (3, 10)


def main():
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        sys.exit(f"error: the peer tests need Python {wanted} or newer, and `python3` here is {sys.version.split()[0]}")
    PEERS.mkdir(parents=True, exist_ok=True)
    with open(PEERS / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for requirements in sorted(HERE.glob("*.txt")):
            ensure(requirements)
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
