"""Runs one peer on a free port of 127.0.0.1: `serve.py moto`, `serve.py ministack`, `serve.py microburst URL`.

Prints the peer's URL as its only line on stdout as soon as the port listens, and ends when its stdin
does: whatever happens to the process that started it, nothing is left behind.
"""

import asyncio
import gc
import os
import socket
import sys
import threading


def main():
    # It lives for one test. Looking for circles of objects takes a tenth of its start.
    gc.disable()
    name, *upstream = sys.argv[1:]
    threading.Thread(target=end_with_stdin, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    {"moto": moto, "ministack": ministack, "microburst": microburst}[name](listener, *upstream)


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(0)


def announce(listener):
    print(url(listener), flush=True)


def url(listener):
    return "http://{}:{}".format(*listener.getsockname())


def moto(listener):
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)
    server = make_server(
        "127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler, fd=listener.fileno()
    )
    announce(listener)
    server.serve_forever()


def ministack(listener):
    # Read when the module is imported.
    os.environ.update(
        SERVICES="cognito-idp",
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(listener.getsockname()[1]),
        LOG_LEVEL="ERROR",
    )
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "ERROR"
    announce(listener)
    asyncio.run(serve(app, config))


def microburst(listener, upstream):
    import botocore.session
    from aiohttp import web
    from microburst.app import make_app
    from microburst.core.pipeline import Microburst

    # It looks for a call's service by the host, among all whose models it has read. Several hundred take seconds.
    botocore.session.Session.get_available_services = lambda session: ["cognito-idp"]
    announce(listener)
    web.run_app(make_app(Microburst(upstream)), sock=listener, print=None)


if __name__ == "__main__":
    main()
