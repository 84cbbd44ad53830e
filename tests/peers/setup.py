#!/usr/bin/env python3
"""Makes what the peer tests need under target/peers, and prints that folder.

One environment for each list of packages beside this script, of Python for a requirements file and of
Node.js for a package.json, the schema of SARIF, the programs of Prometheus, and bin/ with this Python alone;
or only what is named. Nothing is done where they are there already; processes that start at once wait for
each other. pip, npm and cargo are run as they are configured here.
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
OLDEST_NODE = 20
# The schema of SARIF 2.1.0 as OASIS published it, and the crate that brings it along.
SARIF_CRATE = ("serde-sarif", "0.8.0")
SARIF_SHA256 = "af47e7b67f24efe74076621fd3a5fbe7398add9e84fe820c971219a385895cea"

# Debian's packages, and their programs.
PROMETHEUS = ("prometheus", "prometheus-node-exporter")
PROGRAMS = (*PROMETHEUS, "promtool")


def main():
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        sys.exit(f"error: the peer tests need Python {wanted} or newer, and `python3` here is {sys.version.split()[0]}")
    PEERS.mkdir(parents=True, exist_ok=True)
    with open(PEERS / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_wanted("bin"):
            link_python()
        # What needs Node.js comes last: who has none can still run the rest.
        for requirements in sorted(HERE.glob("*.txt")):
            if is_wanted(requirements.stem):
                ensure(requirements)
        if is_wanted("sarif"):
            fetch_sarif_schema()
        if is_wanted("prometheus"):
            fetch_prometheus()
        for packages in sorted(HERE.glob("*.json")):
            if is_wanted(packages.stem):
                ensure(packages)
    print(PEERS)


def is_wanted(name):
    return name in sys.argv[1:] or not sys.argv[1:]


def ensure(packages):
    """Makes the environment that `packages` describes, unless its stamp says that it is there."""
    environment = PEERS / packages.stem
    stamp = environment / "stamp"
    made_from, install = (node(), install_node) if packages.suffix == ".json" else (python(), install_python)
    wanted = hashlib.sha256(made_from.encode() + packages.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"setting up {environment} (once, less than a minute)", file=sys.stderr)
    shutil.rmtree(environment, ignore_errors=True)
    install(environment, packages)
    stamp.write_text(wanted)


def python():
    """The Python that environments are made from."""
    return f"{os.path.realpath(sys.executable)} {sys.version}\n"


def link_python():
    """Links bin/python3 to the interpreter, since a version manager's own `python3` takes 0.1 s at each start."""
    link, interpreter = PEERS / "bin" / "python3", os.path.realpath(sys.executable)
    link.parent.mkdir(exist_ok=True)
    if os.path.realpath(link) != interpreter:
        link.unlink(missing_ok=True)
        link.symlink_to(interpreter)


def node():
    """The Node.js that environments are made for."""
    wanted = f"error: the tests of the schema run an editor's language server: put Node.js {OLDEST_NODE} or newer and npm on the PATH"
    if not shutil.which("node") or not shutil.which("npm"):
        sys.exit(wanted)
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()
    if not version.startswith("v") or int(version[1:].split(".")[0]) < OLDEST_NODE:
        sys.exit(f"{wanted}; `node` here is {version or 'none that runs'}")
    return f"{os.path.realpath(shutil.which('node'))} {version}\n"


def install_python(environment, requirements):
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


def install_node(environment, packages):
    environment.mkdir(parents=True)
    shutil.copyfile(packages, environment / "package.json")
    run(
        ["npm", "install", "--silent", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", environment],
        f"cannot install what {packages.relative_to(HERE.parents[1])} lists; "
        f"`npm install --no-package-lock --prefix {environment}` says why (npm reads its usual configuration)",
    )


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


def fetch_prometheus():
    """Links the programs of Prometheus if they are installed, or unpacks Debian's packages, which needs no root. Where
    neither can be done there is no folder, and the tests that need it say so."""
    programs = PEERS / "prometheus" / "usr" / "bin"
    if programs.is_dir():
        return
    if all(map(shutil.which, PROGRAMS)):
        programs.mkdir(parents=True)
        for program in PROGRAMS:
            (programs / program).symlink_to(shutil.which(program))
    elif shutil.which("apt-get") and shutil.which("dpkg"):
        with tempfile.TemporaryDirectory() as folder:
            downloaded = subprocess.run(["apt-get", "download", *PROMETHEUS], cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr)
            for package in Path(folder).glob("*.deb") if downloaded.returncode == 0 else ():
                run(["dpkg", "-x", package, PEERS / "prometheus"], f"cannot unpack {package.name}")


def is_sarif_schema(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() == SARIF_SHA256


def run(command, failure):
    # What is printed on stdout is the result of this script alone.
    if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode != 0:
        sys.exit(f"error: {failure}")


if __name__ == "__main__":
    main()
