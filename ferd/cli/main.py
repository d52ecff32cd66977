"""The command `ferd`: predicts the expressions of faces in photos, videos and camera streams.

`ferd predict PATH...` writes a row for every face. `ferd evaluate FOLDER` scores a model on a
folder of labelled faces. `ferd serve` opens a web page on this machine. The exit status is 0, 1 if
an input could not be read, 2 for a wrong call, 130 after Ctrl-C, and 141 if the program that reads
the rows has ended. SIGTERM ends `ferd predict` with 143; an annotated video is then complete.
"""

import contextlib
import errno
import os
import signal
import sys
import threading

from ferd import __version__
from ferd.cli.formats import format_for
from ferd.cli.inputs import file_taken_for_option, overwritten
from ferd.cli.options import add_evaluate, add_predict, add_serve
from ferd.cli.parser import Parser
from ferd.cli.streams import open_closed_streams

DESCRIPTION = "Predicts the expressions of faces in photos, videos and camera streams."


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
    open_closed_streams()
    parser = _parser()
    words = sys.argv[1:] if arguments is None else arguments
    if name := file_taken_for_option(words):
        parser.error(f"{name} is taken for an option because of its dash: write ./{name}")
    options, unknown = parser.parse_known_args(words)
    if unknown:
        options.fail(f"unrecognized arguments: {' '.join(unknown)}")
    try:
        return options.run(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python flushes standard output once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        # Rows were written to standard output, which the process was started without.
        line = "standard output is closed" if error.errno == errno.EBADF else _one_line(error)
        print(f"ferd: {line}", file=sys.stderr)
        return 1


def _parser():
    parser = Parser(prog="ferd", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"ferd {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    add_predict(commands, _predict)
    add_evaluate(commands, _evaluate)
    add_serve(commands, _serve)
    return parser


@contextlib.contextmanager
def _ended_by_sigterm():
    """Has SIGTERM end the command as an error does, so that what it writes is closed."""

    def end(number, frame):
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _predict(options):
    try:
        options.format = format_for(options.output, options.format)
    except ValueError as error:
        options.fail(str(error))
    if options.output and (name := overwritten(options.output, options.paths, options.model)):
        options.fail(f"--output {options.output} would write over {name}")
    # Imported here because numpy, OpenCV and ONNX Runtime take half a second; --help needs none.
    if not options.cluster and options.format != "parquet":
        if options.partition_size:
            options.fail("--partition-size needs --cluster or --format parquet")
        from ferd.inference.prediction import predict

        with _ended_by_sigterm():
            return _with_model(predict, options)
    from ferd.inference.partitions import partitioned

    _refuse_streams(options)
    try:
        with _ended_by_sigterm():
            return _with_model(partitioned.predict, options)
    except ModuleNotFoundError as error:
        where = ", on each worker too" if options.cluster else ""
        line = f"ferd: this needs the package {error.name}{where}: pip install 'ferd[cluster]'"
        raise SystemExit(line) from error


def _evaluate(options):
    from ferd.cli.evaluate import evaluate
    from ferd.imaging.folder_layouts import LayoutError
    from ferd.inference.reading.frames import printable

    try:
        return _with_model(evaluate, options)
    except LayoutError as error:
        raise LayoutError(printable(str(error))) from error


def _serve(options):
    try:
        from ferd.serve.serving import serve
    except ModuleNotFoundError as error:
        line = f"ferd: serve needs the package {error.name}: pip install 'ferd[serve]'"
        raise SystemExit(line) from error
    return _with_model(serve, options)


def _with_model(command, options):
    """Runs a command; a model that cannot be used ends the process with its message."""
    from ferd.inference.model_file import ModelError
    from ferd.inference.out_of_memory import COMMAND, is_out_of_memory
    from ferd.inference.reading.frames import printable

    try:
        return command(options)
    except ModelError as error:
        raise SystemExit(printable(str(error))) from error
    except Exception as error:
        if not is_out_of_memory(error):
            raise
    # Not before: the error holds what fills the memory.
    print(COMMAND, file=sys.stderr)
    return 1


def _refuse_streams(options):
    """Partitions hold files, and workers share no folder of annotated pictures."""
    named = "--cluster" if options.cluster else "--format parquet"
    if any(path == "-" or path.startswith("camera:") for path in options.paths):
        options.fail(f"{named} reads files only, no camera and no standard input")
    if options.annotated:
        options.fail(f"--annotated does not go with {named}")
    if options.format == "parquet" and not options.output:
        options.fail("--format parquet needs --output FOLDER")


def _one_line(error):
    """What the system refused; of a file its name, and the folder if that is missing."""
    from ferd.inference.reading.frames import printable

    line, path = error.strerror or str(error), error.filename
    if isinstance(path, str) and error.strerror:
        line, folder = f"{path}: {error.strerror}", os.path.dirname(path)
        if error.errno == errno.ENOENT and folder and not os.path.isdir(folder):
            line = f"{path}: there is no folder {folder}"
    return printable(" ".join(line.split()))
