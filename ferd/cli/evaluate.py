"""Implements `ferd evaluate`: scores a network on a folder of labelled faces."""

import hashlib
import json
import os
import sys
from collections import Counter
from contextlib import ExitStack

import numpy as np
from tqdm import tqdm

from ferd.classes import CLASSES
from ferd.cli.evaluate_scores import score
from ferd.cli.evaluate_table import table
from ferd.cli.inputs import is_model
from ferd.cli.labelled_table import read_table
from ferd.imaging.folder_layouts import LayoutError, read_folder
from ferd.imaging.images import BadImage
from ferd.inference.classifier import Classifier
from ferd.inference.detectors.choice import DLIB, STUDY
from ferd.inference.loading import load_classifier
from ferd.inference.photo_result import prior_of
from ferd.inference.prediction import BATCH_SIZE
from ferd.inference.prior import LABELS
from ferd.inference.reading.frames import Frame, Problem, problem_line
from ferd.inference.reading.photos import MAX_PIXELS, notes_of, read_picture
from ferd.inference.writing.outputs import Terminal, open_file
from ferd.inference.writing.prediction_rows import BOX, DIGITS, RowWriter

TABLES = (".csv", ".tsv")


def evaluate(options):
    """Scores a model on a folder or table, prints the table and writes the optional files.

    Args:
        options: As `ferd.cli.main` parses them.

    Returns:
        Exit status: 1 if an image could not be read or is cut off, else 0.

    Raises:
        ModelError: As in `Classifier.load`.
        LayoutError: As in `read_folder` and `read_table`.
        OSError: If an output cannot be written.
    """
    # Images of one face: the first level with a face ends dlib's search, as in the study.
    detector = STUDY if options.detector in (None, DLIB) else options.detector
    classifier = load_classifier(options, options.threads, detector)
    labelled = _labelled(options.folder, options.layout, options.part)
    if options.prior == LABELS:
        classifier = _with_shares_of(labelled, classifier)
    _refuse_overwriting(options, labelled.faces)
    tally = Tally()
    with ExitStack() as stack:
        # Opened before the work, so that a file that cannot be written ends the command at once.
        paths = options.output, options.predictions
        output, writer = (path and stack.enter_context(open_file(path)) for path in paths)
        if writer:
            writer = RowWriter(writer, _columns(classifier.network.classes), "csv")
        _count(classifier, labelled.faces, options, tally, writer)
        report = _report(classifier, labelled, options, tally)
        if output:
            output.write(json.dumps(report, indent=2) + "\n")
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    print(table(report), file=Terminal(sys.stdout) if sys.stdout.isatty() else sys.stdout)
    return 1 if tally.unreadable or tally.cut_off else 0


def _labelled(path, layout, part):
    if not os.path.isfile(path):
        return read_folder(path, layout, part)
    if not path.lower().endswith(TABLES):
        raise LayoutError(f"{path}: is neither a folder nor a table ({', '.join(TABLES)})")
    return read_table(path, layout, part)


class Tally:
    """Per image: actual and predicted class, whether a face was found, group of copies."""

    def __init__(self):
        self.actual, self.given, self.found, self.groups = [], [], [], []
        self.unreadable = self.cut_off = 0
        self._seen = {}

    def add(self, actual, given, is_found, pixels):
        """Adds an image; those with the same pixels get the same group."""
        key = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
        self.groups.append(self._seen.setdefault(key, len(self._seen)))
        self.actual.append(CLASSES.index(actual))
        self.given.append(CLASSES.index(given))
        self.found.append(is_found)

    def scores(self, mask):
        """As `ferd.cli.evaluate_scores.score`, for the images in a mask of shape `(images,)`."""
        columns = (self.actual, self.given, self.groups)
        return score(*(np.asarray(column)[mask] for column in columns))


def _with_shares_of(labelled, classifier):
    """The classifier, adjusted to a folder's labels: also of images that cannot be read later."""
    counts = Counter(label for _, label in labelled.faces)
    prior = {name: counts[name] for name in CLASSES}
    return Classifier(classifier.network, classifier.detector, prior)


def _count(classifier, faces, options, tally, writer):
    """Adds every image's prediction to the tally and writes its row; reports damaged images."""
    frames = _frames([path for path, _ in faces], options.max_pixels or MAX_PIXELS)
    batch_size = options.batch_size or BATCH_SIZE
    answers = classifier.predict_frames(frames, batch_size, options.whole_image)
    is_quiet = options.quiet or not sys.stderr.isatty()
    with tqdm(total=len(faces), unit=" images", disable=is_quiet, file=sys.stderr) as bar:
        for (_, actual), (item, found) in zip(faces, answers, strict=True):
            bar.update()
            if isinstance(item, Problem):
                tally.unreadable += 1
                bar.write(problem_line(item), file=sys.stderr)
                continue
            if item.damage:
                tally.cut_off += 1
                bar.write(problem_line(Problem(item.source, item.damage)), file=sys.stderr)
            emotion = found[0].emotion if found else classifier.predict([item.pixels])[0]
            tally.add(actual, emotion.label, bool(found), item.pixels)
            if writer:
                writer.write(_row(item.source, actual, emotion, found, options.whole_image))


def _frames(paths, max_pixels):
    for path in paths:
        try:
            picture = read_picture(path, max_pixels)
        except BadImage as error:
            yield Problem(path, str(error))
        else:
            notes, damage = notes_of(picture), picture.damage
            yield Frame(path, 0, picture.pixels, notes=notes, damage=damage)


def _columns(classes):
    answer = [f"p_{name}" for name in classes]
    return ["file", "actual", "label", "confidence", "found", *BOX, *answer]


def _row(path, actual, emotion, faces, is_whole):
    row = {"file": path, "actual": actual, "label": emotion.label, "confidence": emotion.confidence}
    if not is_whole:
        row["found"] = int(bool(faces))
        row |= {name: getattr(faces[0], name) for name in BOX} if faces else {}
    row |= {f"p_{name}": value for name, value in emotion.probabilities.items()}
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in row.items()
    }


def _report(classifier, labelled, options, tally):
    network = classifier.network
    found = np.array(tally.found, bool)
    parts = {"detected": found, "all": found | True}
    if options.whole_image:
        parts = {"whole": found | True}
    images = {
        "scored": len(found),
        "found": None if options.whole_image else int(found.sum()),
        "left_out": labelled.left_out,
        "cut_off": tally.cut_off,
        "unreadable": tally.unreadable,
    }
    return {
        "model": {"path": str(network.path), "sha256": network.sha256},
        "folder": options.folder,
        "layout": labelled.layout,
        "part": options.part,
        **_prior(options.prior, classifier),
        "images": images,
        "scores": {name: tally.scores(mask) for name, mask in parts.items() if mask.any()},
    }


def _prior(option, classifier):
    used = prior_of(classifier)
    return {"prior": {"option": option, **used}} if used else {}


def _refuse_overwriting(options, faces):
    if options.output and options.predictions:
        paths = {os.path.realpath(path) for path in (options.output, options.predictions)}
        if len(paths) == 1:
            options.fail("--output and --predictions are the same file")
    for output in filter(os.path.exists, filter(None, (options.output, options.predictions))):
        images = [options.folder, *(path for path, _ in faces if os.path.exists(path))]
        if any(os.path.samefile(path, output) for path in images):
            options.fail(f"{output} would be written over an input")
        if is_model(output, options.model):
            options.fail(f"{output} would be written over the model")
