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
probabilities); note (what was left out of the photo or assumed about it). Photos have no seconds
and no track. An animation has a row per face and frame, as a video has; a TIFF file of several
pages has a row per face and page, and frame is the number of the page.
The label is the class that the network predicts for the picture, not what the person feels."""
EVALUATE = """\
Scores a model on labelled faces, a folder or a table: accuracy with its 95% interval (bootstrap;
identical images are drawn together), balanced accuracy, macro F1, scores per class and the
confusion matrix.
If an image has several faces, the largest counts. All scores are given twice: for the images in
which a face is detected, and for all images, where those without a face are used whole."""
MODEL = """general (default: a compromise between annotators and compact), annotators (predicts
the class that most annotators would choose), compact (predicts FER2013's label), fast (compact in
int8, without its mirrored view), or an ONNX file, only of people whom you trust; docs/models.md
compares them"""
MAX_PIXELS = """most pixels of a photo, width times height; a larger JPEG is read at a reduced size
(default: 50000000)"""
LAYOUT_NAMES = """\
layouts (found automatically if only one fits):
  class-folders  angry (or anger), disgust, fear, happy, neutral, sad, surprise, in any case, also
                 inside train, test, ...: FER2013, CK+, and AffectNet with named folders
  fer2013        folders 0 to 6, as FER2013 numbers the classes (angry is 0)
  raf-db         folders 1 to 7, as RAF-DB numbers the classes
  raf-db-list    list_patition_label.txt and the images, as in RAF-DB's download
  affectnet      folders 0 to 7 or 0 to 6, as AffectNet numbers the classes (neutral is 0)
  jaffe          files named as KA.AN1.39.tiff
A table has the columns file and label. Labels are names as those of class-folders, or numbers with
--layout fer2013, raf-db or affectnet. Paths are relative to the table's folder. --part takes the
rows with that value in a column part, split, usage or set.
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
    table = "folder of labelled faces, or table: a CSV file with the columns file and label"
    add("folder", metavar="FOLDER", help=table)
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
        "serve", help="serve a web page that predicts, on this machine", description=SERVE
    )
    parser.set_defaults(run=run, fail=parser.error)
    add = parser.add_argument
    free = "0 takes a free port (default: 8765)"
    add("--port", type=port, default=8765, metavar="N", help=free)
    add_access(add)
    add("--model", metavar="NAME|FILE", help=MODEL)
    add_detector(parser, "predict")
    add_prior(parser)
    processes = "processes that answer on the port, each with its own network (default: 1)"
    add("--workers", type=whole, default=1, metavar="N", help=processes)
    photos = "photos that each worker predicts at a time (default: cores divided by workers)"
    add("--threads", type=whole, metavar="N", help=photos)
    most = "most bytes of a photo file (default: 20000000)"
    add("--max-bytes", type=whole, metavar="N", help=most)
    add("--max-pixels", type=whole, metavar="N", help=MAX_PIXELS)
    add("--open", action="store_true", help="open the page in the browser")


def _add_network(parser, batch_size_note=""):
    add = parser.add_argument
    add("--model", metavar="NAME|FILE", help=MODEL)
    add("--threads", type=whole, metavar="N", help="threads (default: all cores it may use)")
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
        help="row format (default: csv if --output ends in .csv, else jsonl); excel: CSV with a "
        "byte order mark, by which Excel knows that it is UTF-8; parquet: writes several files "
        "into the folder --output; the same command again keeps those that are complete",
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
