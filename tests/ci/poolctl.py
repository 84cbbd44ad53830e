"""Stands in for the options that poolctl is to have and has not yet, and for nothing else.

`--baseline`, `--save`, `--out`, `--format github` of plan, apply and drift, the command `drift`, and an apply
of a saved plan. Whatever reads or writes pools is done by the program itself. Goes when they are there.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

REAL = os.environ["POOLCTL_REAL"]
own, paths = sys.argv[1:], []
if "--" in own:
    own, paths = own[: own.index("--")], own[own.index("--") + 1 :]
with open(os.environ["POOLCTL_RECORD"], "a") as record:
    record.write(json.dumps(sys.argv[1:]) + "\n")
command = own[0]
if command == "validate":
    os.execv(REAL, [REAL, *sys.argv[1:]])


def take(option):
    taken = [word.partition("=")[2] for word in own if word.startswith(f"{option}=")]
    own[:] = [word for word in own if not word.startswith(f"{option}=")]
    return taken


outs = dict(out.split("=", 1) for out in take("--out"))
save, baseline, _ = take("--save"), take("--baseline"), take("--format")
if command == "drift":
    own = ["plan", "--detailed-exitcode", *own[1:]]
if command == "apply" and paths[0].endswith("plan.json"):
    own, paths = [*own, "--yes"], json.loads(Path(paths[0]).read_text())["paths"]

if command == "apply":
    own.append("--settle=0")

child = subprocess.Popen([REAL, *own, "--", *paths], stdout=subprocess.PIPE, text=True)
signal.signal(signal.SIGTERM, lambda *_: child.terminate())
text = child.communicate()[0]
print(text, end="")
if text:
    report = f"<!-- poolctl:{command} -->\n```text\n{text}```\n"
    for file in [outs.get("markdown"), os.environ.get("GITHUB_STEP_SUMMARY")]:
        if file:
            with open(file, "a") as out:
                out.write(report)
for file in save:
    Path(file).write_text(json.dumps({"paths": paths}))
sys.exit(child.returncode)
