"""Defines the options of the command `ferd` and their help texts."""

import argparse

from ferd.classes import CLASSES
from ferd.cli.access_options import add_access
from ferd.cli.cluster_options import add_cluster
from ferd.cli.detector_options import add_detector
from ferd.cli.prior_option import add_prior
from ferd.cli.video_options import add_video
from ferd.commands.option_values import at_a_time, fraction, named, port, whole
from ferd.imaging.folder_layouts import LAYOUTS

PREDICT = """\
Finds every face in photos, videos and camera streams, predicts its expression and writes a row for
it. A photo or frame without a face has one row with the label "no face".

examples:
  ferd predict photo.jpg album/ 'trip/*.png'
  ferd predict film.mp4 --fps 5 --output faces.csv --annotated boxes/"""
COLUMNS = """\
columns:
  file            the file as given, or as found in a folder
  frame           number of the video's frame or of the TIFF file's page, from 0
  seconds         time of the frame; empty for photos
  face            number of the face in its frame, from 0, the largest first
  track           number of the face's track, from 0 in each video; empty for photos. One track is
                  one face over several frames
  left, top, right, bottom
                  box in pixels; right and bottom are excluded
  level           dlib's up-sampling level; empty with fast
  detector_score  dlib's score, or the confidence of fast, 0 to 1
  label           class with the highest probability, "no face", or "unsure" (--abstain-below)
  confidence      probability of that class
  p_<class>       calibrated probability of each class
  note            what was left out of the photo or assumed about it; empty for most
An animation has rows as a video has. The exit status is 1 if a file could not be read.
The label is the class that the network predicts for the picture, not what the person feels."""
EVALUATE = """\
Scores a network on labelled faces: accuracy with its 95% interval (bootstrap; identical images are
drawn together), balanced accuracy, macro F1, scores per class and the confusion matrix.
The scores are printed twice: for the images in which a face is detected, and for all images, where
those without a face are used whole. Once, if these are the same images. If an image has several
faces, the largest counts.

example:
  ferd evaluate RAF-DB/ --part test --model annotators"""
MODEL = """general (default), annotators, compact or fast; or an ONNX file, only of people whom you
trust. annotators predicts the class that most annotators would choose, compact FER2013's label;
general averages both; fast is compact in int8, without its mirrored view. docs/models.md
compares them"""
THREADS = "threads that search and predict (default: one per core that the process may use)"
ANNOTATED = "also write the photos and videos, with boxes and labels drawn in, into this folder"
MAX_PIXELS = """most pixels of a photo, width times height; a larger JPEG is read at a reduced size
(default: 50000000)"""
LAYOUT_NAMES = """\
layouts (recognized by the names of folders and files; give --layout if more than one fits):
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
Serves a web page, by default on this machine only: drop a photo or use the camera. Photos are
neither stored nor sent elsewhere.

For programs the same address answers POST /predict with JSON, and has /healthz, /metrics (for
Prometheus) and /openapi.json:
  curl -F photo=@photo.jpg http://127.0.0.1:8765/predict"""


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
        "standard input",
    )
    network = parser.add_argument_group("network")
    _add_network(network, ", and 1 with a camera")
    add_prior(network)
    add_detector(parser.add_argument_group("search for faces"), "predict")
    _add_answers(parser.add_argument_group("output"))
    add_video(parser.add_argument_group("videos and cameras"))
    add_cluster(parser.add_argument_group("several workers"))


def add_evaluate(commands, run):
    """Adds `ferd evaluate`, as `add_predict` does."""
    parser = commands.add_parser(
        "evaluate",
        help="score a network on labelled faces",
        description=EVALUATE,
        epilog=LAYOUT_NAMES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, fail=parser.error)
    add = parser.add_argument
    table = "folder of labelled faces, or table: a CSV file with the columns file and label"
    add("folder", metavar="FOLDER", help=table)
    add("--layout", choices=LAYOUTS, help="how the labels are stored (see below)")
    add(
        "--part",
        type=named,
        metavar="NAME",
        help="use only images in folders of this name, such as test",
    )
    _add_network(parser)
    add_detector(parser, "evaluate")
    add_prior(parser, has_labels=True)
    add("--output", type=named, metavar="FILE", help="also write the scores as JSON")
    add("--predictions", type=named, metavar="FILE", help="also write a row for each image as CSV")
    add("--quiet", action="store_true", help="show no progress bar")


def add_serve(commands, run):
    """Adds `ferd serve`, as `add_predict` does."""
    parser = commands.add_parser(
        "serve",
        help="serve a web page that predicts, on this machine",
        description=SERVE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, fail=parser.error)
    add = parser.add_argument
    free = "port to listen on; 0 takes a free one (default: 8765)"
    add("--port", type=port, default=8765, metavar="N", help=free)
    add_access(add)
    add("--model", metavar="NAME|FILE", help=MODEL)
    add_detector(parser, "predict")
    add_prior(parser)
    processes = "processes that answer on the port, each with its own network (default: 1)"
    add("--workers", type=at_a_time, default=1, metavar="N", help=processes)
    photos = "photos that each worker predicts at a time (default: cores divided by workers)"
    add("--threads", type=at_a_time, metavar="N", help=photos)
    most = "most bytes of a photo file (default: 20000000)"
    add("--max-bytes", type=whole, metavar="N", help=most)
    add("--max-pixels", type=whole, metavar="N", help=MAX_PIXELS)
    add("--open", action="store_true", help="open the page in the browser")


def _add_network(parser, batch_size_note=""):
    add = parser.add_argument
    add("--model", metavar="NAME|FILE", help=MODEL)
    add("--threads", type=at_a_time, metavar="N", help=THREADS)
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
        help="jsonl: one JSON object per line; csv; excel: CSV with a byte order mark, which Excel "
        "needs for UTF-8; parquet: several files in the folder --output, and the same command "
        "again keeps the complete ones (default: csv if --output ends in .csv, else jsonl)",
    )
    add("--output", type=named, metavar="FILE", help="file for the rows (default: standard output)")
    add("--annotated", type=named, metavar="DIR", help=ANNOTATED)
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
    add("--quiet", action="store_true", help="show no progress bar")
