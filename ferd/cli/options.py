"""Defines the options of the command `ferd` and their help texts."""

import argparse
import contextlib

from ferd.classes import CLASSES
from ferd.cli.access_options import add_access
from ferd.cli.detector_options import add_detector
from ferd.cli.numbers import fraction, port, whole
from ferd.cli.prior_option import add_prior
from ferd.cli.video_options import add_video
from ferd.imaging.folder_layouts import LAYOUTS

PREDICT = """\
Finds every face in photos, folders, patterns, videos and camera streams and predicts its
expression. Writes one row per face. A photo or frame without a face has one row with "no face"."""
COLUMNS = """\
columns: file; frame (from 0); seconds (the frame's time); face (from 0, the largest first); track
(from 0 in each video: one track is one face over several frames); left, top, right, bottom (pixels,
right and bottom excluded); level (dlib's up-sampling level; empty with fast); detector_score
(dlib's score, or the confidence of fast, 0 to 1); label; confidence; p_<class> (calibrated
probabilities); note (what was left out of the photo or assumed). Photos have no seconds and no
track. An animation has a row per face and frame, as a video; a TIFF file of several pages has one
per face and page, whose number is the frame.
The label is the class that the network predicts for the picture, not what the person feels."""
EVALUATE = """\
Scores a model on a folder of labelled faces: accuracy with its 95% bootstrap interval (identical
images are drawn together), balanced accuracy, macro F1, scores per class and the confusion matrix.
If an image has several faces, the largest counts. All scores are given twice: for the images in
which a face is detected, and for all images, where those without a face are used whole."""
MODEL = """general (default: a compromise, the mean of annotators and compact), annotators (the
class that most annotators would choose), compact (FER2013's labels), fast (compact in int8, without
its mirrored view), or an ONNX file, only of people whom you trust; docs/models.md compares them"""
MAX_PIXELS = """most pixels of a photo, width times height; a larger JPEG is read at a reduced size
(default: 50000000)"""
LAYOUT_NAMES = """\
layouts (found automatically if only one fits):
  class-folders  angry (or anger), disgust, fear, happy, neutral, sad, surprise, in any case, also
                 inside train, test, ...: FER2013, CK+, and AffectNet with named folders
  raf-db         folders 1 to 7, as RAF-DB numbers the classes
  raf-db-list    list_patition_label.txt and the images, as in RAF-DB's download
  affectnet      folders 0 to 7, as AffectNet numbers the classes
  jaffe          files named as KA.AN1.39.tiff
Images of other classes, such as contempt, are not scored; their number is printed."""
SERVE = """\
Serves a web page, by default on this machine only: drop a photo or use the camera. The same
address answers POST /predict with JSON, and has /healthz, /metrics (for Prometheus) and
/openapi.json. Photos are neither stored nor sent elsewhere."""


def add_predict(commands, run):
    """Adds `ferd predict` to argparse's `commands`; `run` takes the parsed options."""
    parser = commands.add_parser(
        "predict",
        help="predict the expressions of faces in photos, videos and camera streams",
        description=PREDICT,
        epilog=COLUMNS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, fail=parser.error)
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="photo, animation, video, folder, quoted pattern, camera:0, or - for a photo on "
        "standard input; in folders, files such as .json and .xmp are passed over",
    )
    _add_network(parser, ", and 1 with a camera")
    add_detector(parser, "predict")
    add_prior(parser)
    _add_answers(parser)
    add_video(parser)
    _add_cluster(parser)


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
    add("--layout", choices=LAYOUTS, help="how the labels are stored (see below)")
    add("--part", metavar="NAME", help="use only images in folders of this name, such as test")
    _add_network(parser)
    add_detector(parser, "evaluate")
    add_prior(parser, has_labels=True)
    add("--output", metavar="FILE", help="also write the scores as JSON")
    add("--predictions", metavar="FILE", help="also write a row for each image as CSV")
    add("--quiet", action="store_true", help="no progress bar")


def add_serve(commands, run):
    """Adds `ferd serve`, as `add_predict` does."""
    parser = commands.add_parser(
        "serve", help="open a web page on this machine that predicts", description=SERVE
    )
    parser.set_defaults(run=run)
    add = parser.add_argument
    free = "0 takes a free port (default: 8765)"
    add("--port", type=port, default=8765, metavar="N", help=free)
    add_access(add)
    add("--model", metavar="NAME|FILE", help=MODEL)
    add_detector(parser, "predict")
    add_prior(parser)
    processes = "processes that answer on the port, each with its own network (default: 1)"
    add("--workers", type=whole, default=1, metavar="N", help=processes)
    photos = "photos at a time of each worker (default: one per core, shared by the workers)"
    add("--threads", type=whole, metavar="N", help=photos)
    most = "most bytes of a photo file (default: 20000000)"
    add("--max-bytes", type=whole, metavar="N", help=most)
    add("--max-pixels", type=whole, metavar="N", help=MAX_PIXELS)
    add("--open", action="store_true", help="open the page in the browser")


def _add_network(parser, batch_size_note=""):
    add = parser.add_argument
    add("--model", metavar="NAME|FILE", help=MODEL)
    add("--threads", type=whole, metavar="N", help="threads (default: all cores)")
    add(
        "--batch-size",
        type=whole,
        metavar="N",
        help=f"faces at a time; changes the speed only (default: 32{batch_size_note})",
    )
    add("--whole-image", action="store_true", help="each photo is one face: no detection")
    add("--max-pixels", type=whole, metavar="N", help=MAX_PIXELS)


def _add_answers(parser):
    add = parser.add_argument
    add(
        "--format",
        choices=("jsonl", "csv", "excel", "parquet"),
        default="jsonl",
        help="row format (default: jsonl); excel: CSV with the mark by which Excel knows its "
        "characters (UTF-8); parquet: writes several files into the folder --output; "
        "the same command again keeps those that are complete",
    )
    add("--output", metavar="FILE", help="file for the rows (default: standard output)")
    add("--annotated", metavar="DIR", help="also write the photos and videos with boxes and labels")
    add(
        "--top-k",
        type=int,
        choices=range(1, len(CLASSES) + 1),
        metavar="K",
        help="write columns label_1, p_1 to label_K, p_K instead of p_<class>",
    )
    add(
        "--abstain-below",
        type=fraction,
        default=0.0,
        metavar="P",
        help='label a face "unsure" if its confidence is below P (0 to 1)',
    )
    add("--quiet", action="store_true", help="no progress bar")


def _add_cluster(parser):
    add = parser.add_argument
    add(
        "--cluster",
        type=_place,
        metavar="WHERE",
        help="predict on several workers: address of a Dask scheduler, such as tcp://host:8786, or "
        "number of workers to start here; all must reach the files under the same paths; --threads "
        "is then 1",
    )
    add(
        "--partition-size",
        type=whole,
        metavar="N",
        help="photos and videos that one worker predicts at a time, and whose rows are one Parquet "
        "file (default: 512)",
    )


def _place(text):
    if "://" in text:
        return text
    with contextlib.suppress(argparse.ArgumentTypeError):
        return str(whole(text))
    raise argparse.ArgumentTypeError(f"{text!r} is no address, as tcp://host:8786, and no number")
