"""Implements `ferd serve`: a web server on the loopback address."""

import os
import socket
import webbrowser

import uvicorn

from ferd.inference.classifier import Classifier
from ferd.inference.photos import MAX_PIXELS
from ferd.serve.app import MAX_BYTES, Limits, make_app

ADDRESS = "127.0.0.1"
MAX_CONNECTIONS = 256
GRACE = 5  # seconds for running requests at shutdown


def serve(options):
    """Serves the page until Ctrl-C or SIGTERM.

    Args:
        options: As `ferd.cli.main` parses them.

    Returns:
        Exit status.

    Raises:
        ModelError: As in `OnnxNetwork`.
        OSError: If the port cannot be used.
    """
    threads = options.threads or os.cpu_count()
    # Photos run in parallel, one thread each, so the network gets no further threads.
    classifier = Classifier.load(options.model, threads=1)
    limits = Limits(options.max_bytes or MAX_BYTES, options.max_pixels or MAX_PIXELS, threads)
    with listen(options.port) as listener:
        url = f"http://{ADDRESS}:{listener.getsockname()[1]}/"
        print(f"ferd: {url} (Ctrl-C ends it)", flush=True)
        if options.open:
            webbrowser.open(url)
        make_server(make_app(classifier, limits)).run(sockets=[listener])
    return 0


def listen(port):
    """Opens the socket, on the loopback address only.

    Args:
        port: From 0 to 65535; 0 for any that is free.

    Returns:
        A listening socket.

    Raises:
        OSError: If the port cannot be used; the message has its number.
    """
    try:
        return socket.create_server((ADDRESS, port), backlog=MAX_CONNECTIONS)
    except OSError as error:
        raise OSError(f"port {port}: {error.strerror}; --port names another") from error


def make_server(app):
    """The HTTP server, which logs only warnings and errors.

    Args:
        app: The ASGI application.

    Returns:
        A `uvicorn.Server`.
    """
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)
