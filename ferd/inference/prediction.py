"""Implements `ferd predict`: reads the sources and writes rows and annotated pictures."""

import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from ferd.inference.classifier import Classifier
from ferd.inference.emotion import Face
from ferd.inference.faces.followed import followed
from ferd.inference.loading import load_classifier
from ferd.inference.reading.frames import Frame, Problem, printable, problem_line
from ferd.inference.reading.media import read_media
from ferd.inference.reading.photos import MAX_PIXELS
from ferd.inference.reading.sidecars import passed_over
from ferd.inference.reading.thinning import Thinning
from ferd.inference.writing.annotate import caption
from ferd.inference.writing.annotated_folder import AnnotatedFolder
from ferd.inference.writing.outputs import open_output, progress
from ferd.inference.writing.prediction_rows import RowWriter, columns, label, rows

BATCH_SIZE = 32


def predict(options: Namespace) -> int:
    """Predicts all sources and writes each row at once.

    Args:
        options: As `ferd.cli.main` parses them.

    Returns:
        Exit status: 1 if something could not be read, else 0.

    Raises:
        ModelError: As in `OnnxNetwork`.
        OSError: If an output cannot be written.
    """
    classifier = load_classifier(options, options.threads)
    names = columns(classifier.network.classes, options.top_k)
    problems, passed = 0, Counter[str]()
    with ExitStack() as stack:
        writer = RowWriter(stack.enter_context(open_output(options.output)), names, options.format)
        bar = stack.enter_context(progress(options))

        def tell(line: str) -> None:
            bar.write(printable(line), file=sys.stderr)

        folder = None
        if options.annotated:
            annotated = AnnotatedFolder(options.annotated, lambda line: tell(f"ferd: {line}"))
            folder = stack.enter_context(annotated)
        for item, faces, tracks in followed(_answers(classifier, options, passed), options.smooth):
            bar.update()
            if isinstance(item, Frame):
                for row in rows(item, faces, options.top_k, options.abstain_below, tracks):
                    writer.write(row)
                if folder is not None:
                    folder.add(item, faces, _captions(faces, options.abstain_below))
            else:
                problems += 1
                tell(problem_line(item))
        if passed:
            tell(passed_over(passed))
    if folder is not None:
        problems += folder.problems
    return 1 if problems else 0


def _answers(
    classifier: Classifier, options: Namespace, passed: Counter[str]
) -> Iterator[tuple[Frame | Problem, list[Face]]]:
    outputs = [path for path in (options.output, options.annotated) if path]
    thinning = Thinning(options.every, options.fps)
    media = read_media(options.paths, options.max_pixels or MAX_PIXELS, outputs, thinning, passed)
    # A camera's rows must not wait until a batch is full.
    has_camera = any(path.startswith("camera:") for path in options.paths)
    batch_size = options.batch_size or (1 if has_camera else BATCH_SIZE)
    # Boxes are carried up to a later frame, for which the rows of a camera must not wait.
    every = options.detect_every or (1 if has_camera else None)
    return classifier.predict_frames(media, batch_size, options.whole_image, every)


def _captions(faces: Sequence[Face], abstain_below: float) -> list[str]:
    return [caption(label(face.emotion, abstain_below), face.emotion.confidence) for face in faces]
