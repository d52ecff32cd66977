"""The command `ferd`: names the expressions of faces in photos, videos and camera streams.

`ferd predict PATH...` writes a row for every face; `ferd evaluate FOLDER` scores a model on a
folder of labelled faces; `ferd serve` is a web page on this machine. Exit status: 0, or 1 if
something named could not be read, 2 for a wrong call, 130 after Ctrl-C, 141 if the reader of the
rows went away.
"""

import argparse
import os
import sys

from ferd.command_options import add_evaluate, add_predict, add_serve


def main(arguments=None):
    """Runs the command.

    Args:
        arguments: List of words after `ferd`; those of the process where None.

    Returns:
        The exit status.

    Raises:
        SystemExit: For a wrong call (2), or a model or folder that cannot be used (1, with a
            message).
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(f"ferd: {_one_line(error)}", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser(prog="ferd", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_predict(commands, _predict)
    add_evaluate(commands, _evaluate)
    add_serve(commands, _serve)
    return parser


def _predict(options):
    # Here and not above: numpy, OpenCV and ONNX Runtime take half a second that --help need not.
    from ferd.prediction import predict

    _refuse_overwriting(options)
    return predict(options)


def _evaluate(options):
    from ferd.transfer import evaluate

    return evaluate(options)


def _serve(options):
    try:
        from ferd.serving import serve
    except ModuleNotFoundError as error:
        line = f"ferd: serve needs the package {error.name}: pip install 'ferd[serve]'"
        raise SystemExit(line) from error
    return serve(options)


def _refuse_overwriting(options):
    if not options.output or not os.path.exists(options.output):
        return
    files = filter(os.path.isfile, options.paths)
    if any(os.path.samefile(file, options.output) for file in files):
        options.fail(f"--output {options.output} would write over an input")


def _one_line(error):
    return " ".join(str(error).split())
