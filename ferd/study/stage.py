"""Runs a script of stages/: its arguments, its help, and one line for a crash."""

import argparse

from ferd.study import supervisor


def run(main, description, arguments=None):
    """Reads the command line and calls `main` in a child process.

    Args:
        main: Function that takes the arguments by name.
        description: The script's docstring, which `--help` shows.
        arguments: Dict of an argument ("seed") or an option ("--seed") to the keyword arguments of
            `argparse.ArgumentParser.add_argument`.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, options in (arguments or {}).items():
        parser.add_argument(name, **options)
    values = vars(parser.parse_args())
    supervisor.run(lambda: main(**values))
