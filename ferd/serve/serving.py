"""Implements `ferd serve`: a web server, by default on the loopback address."""

import errno
import ipaddress
import socket
import sys
import webbrowser

import joblib
import uvicorn

from ferd.inference.loading import load_classifier
from ferd.inference.reading.photos import MAX_PIXELS
from ferd.serve.app import MAX_BYTES, Limits, make_app
from ferd.serve.connections import Connection
from ferd.serve.guard import NAMES, Access
from ferd.serve.workers import AppFactory, run_workers

ADDRESS = "127.0.0.1"
MAX_CONNECTIONS = 512
# Of a host that is no address of this machine.
NO_ADDRESS = (errno.EADDRNOTAVAIL, socket.EAI_NONAME, socket.EAI_AGAIN)
GRACE = 5  # seconds for running requests at shutdown
WORKER_SECONDS = 10  # a worker that does not answer its parent for so long is replaced


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
    workers = options.workers
    threads = options.threads or max(1, joblib.cpu_count() // workers)
    # Photos run in parallel, one thread each, so the network gets no further threads.
    classifier = load_classifier(options, threads=1)
    limits = Limits(options.max_bytes or MAX_BYTES, options.max_pixels or MAX_PIXELS, threads)
    access = Access(names_of(options.host, options.allow_host), options.token or None)
    with listen(options.port, options.host) as listener:
        _announce(options, access, listener.getsockname()[1])
        if workers == 1:
            make_server(make_app(classifier, limits, access)).run(sockets=[listener])
            return 0
        app = AppFactory(classifier, limits, access)
        return run_workers(make_config(app, workers=workers, factory=True), listener)


def _announce(options, access, port):
    """Prints the address and the warnings, and opens the browser where it is asked for."""
    place = f"[{options.host}]" if ":" in options.host else options.host
    url = f"http://{place}:{port}/"
    print(f"ferd: {url} (Ctrl-C ends it)", flush=True)
    _warn(options.host, access)
    if options.open:
        webbrowser.open(url)


def names_of(host, allowed):
    """The names under which a server may be reached, besides those of this machine.

    Args:
        host: The address that it listens on.
        allowed: Names that the user gives.

    Returns:
        Tuple of lower-case names.
    """
    own = [] if host in ("0.0.0.0", "::") else [host]
    return tuple(name.lower() for name in (*own, *(allowed or ())) if name not in NAMES)


def listen(port, host=ADDRESS):
    """Opens the socket.

    Args:
        port: From 0 to 65535; 0 for any that is free.
        host: The address to listen on.

    Returns:
        A listening socket.

    Raises:
        OSError: If the port or the address cannot be used; the message has its number.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=MAX_CONNECTIONS)
    except OSError as error:
        # Python's own text repeats the address.
        reason = str(error.strerror).partition(" (while")[0]
        if error.errno in NO_ADDRESS:
            line = f"{host}: {reason}; --host takes an address of this machine"
            raise OSError(line) from error
        where = f"port {port}" if host == ADDRESS else f"port {port} of {host}"
        raise OSError(f"{where}: {reason}; --port names another") from error


def _warn(host, access):
    """Says on standard error what a server that other machines reach does not protect."""
    if is_loopback(host):
        return
    if access.token is None:
        line = "warning: other machines can reach this page, and there is no log-in (see --token)"
        print(f"ferd: {line}", file=sys.stderr, flush=True)
    if not access.names:
        line = "warning: only this machine's own names are answered (see --allow-host)"
        print(f"ferd: {line}", file=sys.stderr, flush=True)


def is_loopback(host):
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def make_server(app):
    """The HTTP server, which logs only warnings and errors.

    Args:
        app: The ASGI application.

    Returns:
        A `uvicorn.Server`.
    """
    return uvicorn.Server(make_config(app))


def make_config(app, **options):
    """uvicorn's settings.

    Args:
        app: The ASGI application.
        options: Further settings.

    Returns:
        A `uvicorn.Config`.
    """
    return uvicorn.Config(
        app,
        http=Connection,
        loop="asyncio",  # others read more of a connection at a time than `Connection` says
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GRACE,
        timeout_worker_healthcheck=WORKER_SECONDS,
        **options,
    )
