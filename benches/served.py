"""Emulators of Cognito under load: calls a second over 32 connections, and what a call costs the server."""

import contextlib
import itertools
import json
import os
import selectors
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass

import stage

POOLS = 60
CONNECTIONS = 32
SECONDS = 1.0
TICK = 1 / os.sysconf("SC_CLK_TCK")
TEXT = "Hello,\nyour code is {####}. It is valid for one hour. If you did not ask for it, write to help@example.com.\n" * 9
# cognitox shows only what a pool was made with, where the others show all that a pool has: a longer text of the invitation
# makes its description as long as theirs.
PADDING = {"cognitox": 5_250}


@dataclass
class Load:
    """What one load found: calls a second, seconds of the server's processor a call, and bytes of an answer."""

    rate: float
    cpu: float
    size: float


@dataclass
class Served:
    """An emulator that runs: its address and its process."""

    address: tuple
    pid: int

    def cpu(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK

    def call(self, operation, request):
        with socket.create_connection(self.address) as connection:
            connection.sendall(message(operation, request))
            return json.loads(Answer().whole(connection))

    def load(self, messages):
        """Sends the messages in turns over all connections, each when the answer to the one before has come."""
        with selectors.DefaultSelector() as selector:
            numbers = itertools.count()

            def send(connection):
                connection.sendall(messages[next(numbers) % len(messages)])

            def connect():
                connection = socket.create_connection(self.address)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ, Answer())
                send(connection)

            for _ in range(CONNECTIONS):
                connect()
            done, size, began, cpu = 0, 0, time.monotonic(), self.cpu()
            # A slow server answers each connection at least once.
            while time.monotonic() - began < SECONDS or done < CONNECTIONS:
                for key, _ in selector.select(SECONDS):
                    length = key.data.read(key.fileobj)
                    if length is None:
                        continue
                    done, size = done + 1, size + length
                    if key.data.closes:
                        selector.unregister(key.fileobj)
                        key.fileobj.close()
                        connect()
                    else:
                        send(key.fileobj)
            took, cpu = time.monotonic() - began, self.cpu() - cpu
            for key in list(selector.get_map().values()):
                key.fileobj.close()
            return Load(done / took, cpu / done, size / done)


class Answer:
    """The answer that a connection is about to have."""

    def __init__(self):
        self.bytes, self.body, self.closes = bytearray(), b"", False

    def read(self, connection):
        """The length of the body once it has come whole; the status must be 200."""
        part = connection.recv(1 << 18)
        assert part, "the server closed a connection"
        self.bytes += part
        head, end, body = self.bytes.partition(b"\r\n\r\n")
        if not end:
            return None
        lower = bytes(head).lower()
        length = int(lower.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return None
        assert lower.split(b" ", 2)[1] == b"200", bytes(self.bytes)
        self.body, self.closes = bytes(body), b"\r\nconnection: close" in lower
        self.bytes.clear()
        return length

    def whole(self, connection):
        while self.read(connection) is None:
            pass
        return self.body


def message(operation, request):
    body = json.dumps(request).encode()
    head = (
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: AWSCognitoIdentityProviderService.{operation}\r\n"
        f"Authorization: AWS4-HMAC-SHA256 Credential={stage.KEY}/20261130/{stage.REGION}/cognito-idp/aws4_request, "
        f"SignedHeaders=host, Signature=00\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextlib.contextmanager
def serving(words, port, environment):
    """A server on a port of 127.0.0.1, from when it takes connections until the end of the block."""
    server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = ("127.0.0.1", port)
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(address).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, f"{words[0]} does not serve"
                time.sleep(0.02)
        yield Served(address, server.pid)
    finally:
        server.terminate()
        server.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def emulators(scratch):
    """The emulators that there are here: a name, and what starts each on a port."""
    moto = str(stage.PEERS / "tools/bin/moto_server")
    sandbox = [str(stage.PROGRAM), "sandbox"]
    found = {
        "poolctl": lambda port: ([*sandbox, "--in-memory", f"--port={port}"], {}),
        "poolctl with files": lambda port: ([*sandbox, f"--sandbox={scratch}/pools", f"--port={port}"], {}),
        "moto": lambda port: ([moto, "-H", "127.0.0.1", "-p", str(port)], {}),
    }
    if cognitox := shutil.which(os.environ.get("POOLCTL_BENCH_COGNITOX", "cognitox")):
        memory = {"COGNITOX_STORAGE_MODE": "memory", "COGNITOX_HOST": "127.0.0.1"}
        found["cognitox"] = lambda port: ([cognitox], {**memory, "COGNITOX_PORT": str(port)})
    return found


def loads(served, name):
    """The loads on an emulator with pools that were made by the same calls: describes, lists and updates."""
    template = {"EmailMessage": TEXT, "EmailSubject": "Your code", "DefaultEmailOption": "CONFIRM_WITH_CODE"}
    settings = {"VerificationMessageTemplate": template, "UserPoolTags": {"team": "shop"}}
    invitation = {"EmailMessage": "{username} {####}" + "x" * PADDING.get(name, 0), "EmailSubject": "Welcome"}
    first = {"AdminCreateUserConfig": {"InviteMessageTemplate": invitation}} if name in PADDING else {}
    make = [served.call("CreateUserPool", {"PoolName": f"pool-{number}", **settings, **first}) for number in range(POOLS)]
    ids = [made["UserPool"]["Id"] for made in make]
    return {
        "DescribeUserPool": [message("DescribeUserPool", {"UserPoolId": pool}) for pool in ids],
        "ListUserPools": [message("ListUserPools", {"MaxResults": 60})],
        "UpdateUserPool": [message("UpdateUserPool", {"UserPoolId": pool, **settings}) for pool in ids],
    }
