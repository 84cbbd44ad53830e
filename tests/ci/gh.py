"""As much of GitHub's `gh` as the action asks of it, with its state in one file.

`gh api` answers and refuses as GitHub's REST API does: what is not there is a 404, what GH_READ_ONLY forbids
a 403. The state is what a person would see there: comments, issues, refs.
"""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import jq

STATE = Path(os.environ["GH_STATE"])
BOT = {"login": "github-actions[bot]"}


def main():
    assert os.environ.get("GH_TOKEN"), "no token"
    state = json.loads(STATE.read_text()) if STATE.is_file() else {}
    state = {"comments": {}, "issues": {}, "refs": {}, "next": 1, "calls": []} | state
    arguments = sys.argv[1:]
    try:
        match arguments[:2]:
            case ["api", *_]:
                api(state, arguments[1:])
            case ["release", "download"]:
                release(arguments[2:])
            case ["attestation", "verify"]:
                sys.exit(0 if Path(os.environ["GH_RELEASES"], "attested").is_file() else 1)
            case _:
                sys.exit(f"no such command: {arguments}")
    finally:
        STATE.write_text(json.dumps(state))


def release(arguments):
    tag, rest = arguments[0], dict(zip(arguments[1::2], arguments[2::2]))
    folder = Path(os.environ["GH_RELEASES"], rest["--repo"], tag)
    found = list(folder.glob(rest["--pattern"]))
    for file in found:
        shutil.copy(file, ".")
    sys.exit(0 if found else "no assets match the file pattern")


def api(state, arguments):
    method, fields, filter_, path = "GET", {}, None, None
    rest = iter(arguments)
    for argument in rest:
        match argument:
            case "--method":
                method = next(rest)
            case "--jq":
                filter_ = next(rest)
            case "--field" | "--raw-field":
                name, _, given = next(rest).partition("=")
                if argument == "--field":
                    given = Path(given[1:]).read_text() if given[0] == "@" else json.loads(given)
                fields[name] = given
            case "--paginate":
                pass
            case _:
                assert path is None and not argument.startswith("-"), argument
                path = argument
    state["calls"].append(f"{method} {path}")
    if method != "GET" and os.environ.get("GH_READ_ONLY"):
        refuse(403, "Resource not accessible by integration")
    answer = handle(state, method, path.split("?")[0].removeprefix(f"repos/{os.environ['GITHUB_REPOSITORY']}/"), fields)
    if filter_ is None:
        print(json.dumps(answer))
    else:
        for line in jq.compile(filter_).input_value(answer):
            print(line if isinstance(line, str) else json.dumps(line))


def handle(state, method, path, fields):
    def add(kind, more):
        number = state["next"]
        state["next"] += 1
        if len(fields.get("body", "")) > 65536:
            refuse(422, "body is too long (maximum is 65536 characters)")
        state[kind][str(number)] = {"id": number, "user": BOT} | more | fields
        return state[kind][str(number)]

    if found := re.fullmatch(r"issues/(\d+)/comments", path):
        if method == "POST":
            return add("comments", {"issue": found[1]})
        return [comment for comment in state["comments"].values() if comment["issue"] == found[1]]
    if found := re.fullmatch(r"issues/comments/(\d+)", path):
        state["comments"][found[1]].update(fields)
        return state["comments"][found[1]]
    if path == "issues":
        if method == "POST":
            issue = add("issues", {"state": "open"})
            return issue | {"number": issue["id"]}
        return [issue | {"number": issue["id"]} for issue in state["issues"].values() if issue["state"] == "open"]
    if found := re.fullmatch(r"issues/(\d+)", path):
        state["issues"][found[1]].update(fields)
        return state["issues"][found[1]]
    if path == "git/refs" and method == "POST":
        state["refs"][fields["ref"]] = fields["sha"]
        return {}
    if found := re.fullmatch(r"git/refs?/(.+)", path):
        ref = f"refs/{found[1]}"
        if ref not in state["refs"]:
            refuse(404, "Not Found")
        if method == "PATCH":
            assert fields["force"] is True
            state["refs"][ref] = fields["sha"]
        return {"ref": ref, "object": {"sha": state["refs"][ref]}}
    sys.exit(f"no such path: {method} {path}")


def refuse(status, message):
    print(json.dumps({"message": message, "status": str(status)}))
    print(f"gh: {message} (HTTP {status})", file=sys.stderr)
    sys.exit(1)


main()
