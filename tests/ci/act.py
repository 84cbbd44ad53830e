"""Runs the steps of action.yml as GitHub would, as far as they are scripts.

    act.py INPUTS EVENT

INPUTS and EVENT are JSON: what a workflow says under `with`, and the `github` context. The steps that use
other actions are not run: what they would be given is printed, as JSON, with the outputs and the ends of
the steps.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CANCELLED = 0


def main():
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    github = json.loads(sys.argv[2])
    inputs = {name: str(told.get("default", "")) for name, told in action["inputs"].items()}
    given = json.loads(sys.argv[1])
    unknown = set(given) - set(inputs)
    assert not unknown, f"no such input: {unknown}"
    steps = {}
    context = {"inputs": inputs, "github": github, "steps": steps}
    inputs.update({name: text(value, context) for name, value in inputs.items()})
    inputs.update(given)
    result = {"steps": {}, "uses": []}
    failed = None
    for step in action["runs"]["steps"]:
        condition = step.get("if", "success()")
        if failed is not None and "always()" not in condition:
            continue
        if not value(condition, context | {"failed": failed}):
            continue
        if "uses" in step:
            told = {name: text(str(given), context) for name, given in step["with"].items()}
            result["uses"].append({"uses": step["uses"], "with": told})
            continue
        code, outputs = run(step, context)
        steps[step.get("id", step["name"])] = {"outputs": outputs}
        result["steps"][step["name"]] = code
        if failed is None:
            failed = CANCELLED or code or None
    result["outputs"] = {name: text(told["value"], context) for name, told in action["outputs"].items()}
    Path(os.environ["ACT_RESULT"]).write_text(json.dumps(result))
    sys.exit(failed or 0)


def run(step, context):
    environment = dict(os.environ)
    environment |= {name: text(given, context) for name, given in step.get("env", {}).items()}
    with tempfile.NamedTemporaryFile("r") as outputs:
        environment |= {"GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": outputs.name}
        folder = text(step.get("working-directory", "."), context)
        assert step["shell"] == "bash"
        script = Path(os.environ["RUNNER_TEMP"], "step.sh")
        script.write_text(step["run"])
        child = subprocess.Popen(["bash", "--noprofile", "--norc", "-eo", "pipefail", script], env=environment, cwd=folder)
        signal.signal(signal.SIGTERM, lambda *_: cancel(child))
        code = child.wait()
        return code, dict(line.rstrip("\n").split("=", 1) for line in outputs)


def cancel(child):
    """Cancels the job as GitHub does: the step's own process is told, and nobody else."""
    global CANCELLED
    CANCELLED = 1
    child.send_signal(signal.SIGINT)


def text(template, context):
    """A text with its expressions in place, as GitHub writes values."""

    def place(found):
        given = value(found[1], context)
        return "" if given is None else str(given).lower() if isinstance(given, bool) else str(given)

    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", place, template)


def value(expression, context):
    """The value of an expression of the few forms that action.yml has."""
    tokens = re.findall(r"'[^']*'|&&|\|\||==|!=|[a-z_]+\(\)|[a-z_][\w.-]*", expression)
    assert "".join(tokens) == expression.replace(" ", ""), f"an expression that this cannot read: {expression}"
    words = {"&&": "and", "||": "or", "==": "==", "!=": "!=", "always()": "True", "success()": "True"}
    python = " ".join(words.get(token) or (token if token[0] == "'" else f"look({token!r})") for token in tokens)
    return eval(python, {"look": lambda path: look(path, context)})


def look(path, context):
    for name in path.split("."):
        context = context.get(name, {}) if isinstance(context, dict) else {}
    return None if context == {} else context


main()
