"""Defines the options of `ferd serve` that say who may reach it."""

import os


def add_access(add):
    """Adds the options.

    Args:
        add: `argparse.ArgumentParser.add_argument`.
    """
    host = "address to listen on, such as 0.0.0.0 in a container (default: 127.0.0.1)"
    add("--host", default="127.0.0.1", metavar="ADDRESS", help=host)
    names = "name under which browsers reach the page, such as that of a proxy; may be repeated"
    add("--allow-host", action="append", metavar="NAME", help=names)
    token = (
        "secret without which only /healthz is answered: browsers ask for it as a password (any "
        "user name), programs send it as a bearer token"
    )
    # Other users of the machine see a command line, but not its environment.
    secret = os.environ.get("FERD_TOKEN")
    add("--token", default=secret, help=f"{token} (default: the environment's FERD_TOKEN)")
