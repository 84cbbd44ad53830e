"""Serves text files of metrics as users do, with node_exporter and Prometheus, and asks Prometheus. Reads JSON from stdin:
the folder with the programs, the folder with the files, a file of alerts and a list of expressions. Prints as JSON the
health and the state of each alert, and the samples that each expression finds."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

LIMIT = 50


def free():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, path, **query):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(query)}") as answer:
        return json.load(answer)["data"]


def find(port, expression):
    try:
        return [[one["metric"], float(one["value"][1])] for one in ask(port, "query", query=expression)["result"]]
    except urllib.error.HTTPError as error:
        # A server that is not ready yet does not answer with JSON.
        return [] if error.code == 503 else json.load(error)["error"]
    except OSError:
        return []


def wait(port, expression):
    """Prometheus hands on new targets every five seconds only."""
    end = time.monotonic() + LIMIT
    while not find(port, expression):
        if time.monotonic() > end:
            sys.exit(f"nothing after {LIMIT} s: {expression}")
        time.sleep(0.1)


asked = json.load(sys.stdin)
programs, files = Path(asked["programs"]), Path(asked["files"]).absolute()
exporter, server = free(), free()
Path("prometheus.json").write_text(json.dumps({
    "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
    "rule_files": [asked["alerts"]],
    "scrape_configs": [{"job_name": "node", "static_configs": [{"targets": [f"127.0.0.1:{exporter}"]}]}],
}))
commands = [
    ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{exporter}", "--collector.disable-defaults",
     "--collector.textfile", f"--collector.textfile.directory={files}"],
    ["prometheus", "--config.file=prometheus.json", "--storage.tsdb.path=tsdb", f"--web.listen-address=127.0.0.1:{server}"],
]
running = []
try:
    for program, *options in commands:
        command = [str(programs / program), *options]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    wait(server, "node_textfile_scrape_error == 0 and on () count(poolctl_info)")
    # Before the first scrape, `absent` holds.
    wait(server, 'ALERTS{alertname="CognitoPoolDrifted"}')
    rules = [rule for group in ask(server, "rules")["groups"] for rule in group["rules"]]
    print(json.dumps({
        "alerts": {rule["name"]: [rule["health"], rule["state"]] for rule in rules},
        "samples": [find(server, expression) for expression in asked["expressions"]],
    }))
finally:
    for process in running:
        process.kill()
        process.wait()
