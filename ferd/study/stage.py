"""Runs a script of stages/: its arguments, its help, and one line for a crash."""

import argparse
import sys
from pathlib import Path

from ferd.study import supervisor


def fit_arguments(run):
    """The arguments of a script that fits models on features, for `run`.

    Args:
        run: The run that it fits where none is given.
    """
    return {
        "run": {"nargs": "?", "default": run, "help": "name of the run"},
        "features": {"nargs": "?", "default": "train", "help": "features it is fitted on"},
        "section": {"nargs": "*", "help": "sections whose settings come last"},
        "--seed": {"type": int, "help": "another seed than automl.seed"},
    }


def variant_arguments(run):
    """The arguments of a script that trains one variant of the paper's network, for `run`.

    Args:
        run: The run that it trains where none is given; its section has the same name.
    """
    return {
        "run": {"nargs": "?", "default": run, "help": "name of the run"},
        "base": {"nargs": "?", "default": "train", "help": "section of the base recipe"},
        "change": {"nargs": "?", "default": run, "help": "its section"},
    }


def run(main, description, arguments=None):
    """Reads the command line and calls `main` in a child process.

    Args:
        main: Function that takes the arguments by name.
        description: The script's docstring, which `--help` shows.
        arguments: Dict of an argument ("seed") or an option ("--seed") to the keyword arguments of
            `argparse.ArgumentParser.add_argument`.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m stages.{Path(sys.argv[0]).stem}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for name, options in (arguments or {}).items():
        parser.add_argument(name, **options)
    values = vars(parser.parse_args())
    supervisor.run(lambda: main(**values))
