"""The command `ferd`: names the expressions of faces in photos, videos and camera streams.

`ferd predict PATH...` writes a row for every face; `ferd serve` is a web page on this machine. Exit
status: 0, or 1 if something named could not be read, 2 for a wrong call, 130 after Ctrl-C, 141 if
the reader of the rows went away.
"""

import argparse
import contextlib
import os
import sys

from ferd.classes import CLASSES

PREDICT = """\
Finds every face in photos, folders, patterns, videos and camera streams and names its expression:
one row for each face, and one that says "no face" for a photo or frame without any."""
COLUMNS = """\
columns: file; frame and face (from 0); left, top, right, bottom (pixels, right and bottom
excluded); level and detector_score (dlib's); label; confidence; p_<class> (calibrated).
A label is what people would call the look of a face. It is not what the person feels."""
SERVE = """\
A web page on this machine alone: drop a photo or use the camera. The same address answers
POST /predict with JSON and has /healthz. Photos are kept nowhere and sent nowhere."""


def main(arguments=None):
    """Runs the command.

    Args:
        arguments: List of words after `ferd`; those of the process where None.

    Returns:
        The exit status.

    Raises:
        SystemExit: For a wrong call (2) or a model that cannot be used (1, with a message).
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
    predict = commands.add_parser(
        "predict",
        help="name the expressions of faces in photos, videos and camera streams",
        description=PREDICT,
        epilog=COLUMNS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    predict.set_defaults(run=_predict, fail=predict.error)
    _add_sources(predict)
    _add_answers(predict)
    serve = commands.add_parser(
        "serve", help="a web page on this machine: drop a photo, see the answer", description=SERVE
    )
    serve.set_defaults(run=_serve)
    _add_serving(serve)
    return parser


def _add_sources(parser):
    add = parser.add_argument
    add(
        "paths",
        nargs="+",
        metavar="PATH",
        help="photo, video, folder, quoted pattern, camera:0, or - for a photo on standard input",
    )
    add("--model", metavar="FILE", help="ONNX model (default: the one that comes with ferd)")
    add("--threads", type=_whole, metavar="N", help="threads of the network (default: all cores)")
    add(
        "--batch-size",
        type=_whole,
        metavar="N",
        help="faces at a time; does not change the answers (default: 32, and 1 with a camera)",
    )
    add("--whole-image", action="store_true", help="take each photo for one face, look for none")
    add("--max-pixels", type=_whole, metavar="N", help="largest photo taken (default: 50000000)")


def _add_answers(parser):
    add = parser.add_argument
    add("--format", choices=("jsonl", "csv"), default="jsonl", help="of the rows (default: jsonl)")
    add("--output", metavar="FILE", help="where rows go (default: standard output)")
    add("--annotated", metavar="DIR", help="also keep the photos and videos, with boxes and labels")
    add(
        "--top-k",
        type=int,
        choices=range(1, len(CLASSES) + 1),
        metavar="K",
        help="columns label_1, p_1 to label_K, p_K in place of p_<class>",
    )
    add(
        "--abstain-below",
        type=_fraction,
        default=0.0,
        metavar="P",
        help='label a face "unsure" if its confidence is below P (0 to 1)',
    )
    add("--quiet", action="store_true", help="no progress bar")


def _add_serving(parser):
    add = parser.add_argument
    add("--port", type=_port, default=8765, metavar="N", help="0 for any free one (default: 8765)")
    add("--model", metavar="FILE", help="ONNX model (default: the one that comes with ferd)")
    add("--threads", type=_whole, metavar="N", help="photos at a time (default: one a core)")
    add("--max-bytes", type=_whole, metavar="N", help="largest photo file (default: 20000000)")
    add("--max-pixels", type=_whole, metavar="N", help="largest photo taken (default: 50000000)")
    add("--open", action="store_true", help="open the page in the browser")


def _port(text):
    if text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 65535")


def _whole(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def _fraction(text):
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= 1:
            return float(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")


def _predict(options):
    # Here and not above: numpy, OpenCV and ONNX Runtime take half a second that --help need not.
    from ferd.prediction import predict

    _refuse_overwriting(options)
    return predict(options)


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
