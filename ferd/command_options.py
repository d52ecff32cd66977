"""The options of the commands of `ferd`, and what their `--help` says."""

import argparse
import contextlib

from ferd.classes import CLASSES
from ferd.folder_layouts import LAYOUTS

PREDICT = """\
Finds every face in photos, folders, patterns, videos and camera streams and names its expression:
one row for each face, and one that says "no face" for a photo or frame without any."""
COLUMNS = """\
columns: file; frame and face (from 0); left, top, right, bottom (pixels, right and bottom
excluded); level and detector_score (dlib's); label; confidence; p_<class> (calibrated).
A label is what people would call the look of a face. It is not what the person feels."""
EVALUATE = """\
Scores a model on a folder of labelled faces: accuracy with its 95% bootstrap interval (images of
the same pixels are drawn together), balanced accuracy, macro F1, every class's scores and the
confusion matrix. The largest face in an image counts. The scores are given for the images in which
a face is found, and for all, those without a face taken whole."""
MODEL = """ONNX file, or one that comes with ferd: people (says what ten people would), or compact
(default: the largest, taught by FER2013's labels)"""
LAYOUT_NAMES = """\
layouts, recognized unless more than one fits:
  class-folders  angry (or anger), disgust, fear, happy, neutral, sad, surprise, in any case, also
                 inside train, test, ...: FER2013, CK+, and AffectNet where its folders have names
  raf-db         folders 1 to 7, as RAF-DB numbers the classes
  raf-db-list    list_patition_label.txt and the images, as RAF-DB's authors give them
  affectnet      folders 0 to 7, as AffectNet numbers the classes
  jaffe          files named as KA.AN1.39.tiff
Other classes, such as contempt, are left out and counted."""
SERVE = """\
A web page on this machine alone: drop a photo or use the camera. The same address answers
POST /predict with JSON and has /healthz. Photos are kept nowhere and sent nowhere."""


def add_predict(commands, run):
    """Adds `ferd predict` to argparse's `commands`; `run` takes the parsed options."""
    parser = commands.add_parser(
        "predict",
        help="name the expressions of faces in photos, videos and camera streams",
        description=PREDICT,
        epilog=COLUMNS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, fail=parser.error)
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="photo, video, folder, quoted pattern, camera:0, or - for a photo on standard input",
    )
    _add_network(parser, ", and 1 with a camera")
    _add_answers(parser)


def add_evaluate(commands, run):
    """Adds `ferd evaluate`, as `add_predict` does."""
    parser = commands.add_parser(
        "evaluate",
        help="score a model on a folder of labelled faces",
        description=EVALUATE,
        epilog=LAYOUT_NAMES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, fail=parser.error)
    add = parser.add_argument
    add("folder", metavar="FOLDER", help="folder of labelled faces")
    add("--layout", choices=LAYOUTS, help="how the folder tells the labels (see below)")
    add("--part", metavar="NAME", help="take only what lies in folders of this name, such as test")
    _add_network(parser)
    add("--output", metavar="FILE", help="also write the scores as JSON")
    add("--predictions", metavar="FILE", help="also write a row for each image as CSV")
    add("--quiet", action="store_true", help="no progress bar")


def add_serve(commands, run):
    """Adds `ferd serve`, as `add_predict` does."""
    parser = commands.add_parser(
        "serve", help="a web page on this machine: drop a photo, see the answer", description=SERVE
    )
    parser.set_defaults(run=run)
    add = parser.add_argument
    add("--port", type=_port, default=8765, metavar="N", help="0 for any free one (default: 8765)")
    add("--model", metavar="FILE", help=MODEL)
    add("--threads", type=_whole, metavar="N", help="photos at a time (default: one a core)")
    add("--max-bytes", type=_whole, metavar="N", help="largest photo file (default: 20000000)")
    add("--max-pixels", type=_whole, metavar="N", help="largest photo taken (default: 50000000)")
    add("--open", action="store_true", help="open the page in the browser")


def _add_network(parser, batch_size_note=""):
    add = parser.add_argument
    add("--model", metavar="FILE", help=MODEL)
    add("--threads", type=_whole, metavar="N", help="threads of the network (default: all cores)")
    add(
        "--batch-size",
        type=_whole,
        metavar="N",
        help=f"faces at a time; does not change the answers (default: 32{batch_size_note})",
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
