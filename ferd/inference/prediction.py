"""Implements `ferd predict`: reads the sources and writes rows and annotated pictures."""

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TextIO

from tqdm import tqdm

from ferd.inference.annotate import caption
from ferd.inference.annotated_folder import AnnotatedFolder
from ferd.inference.classifier import Classifier
from ferd.inference.emotion import Face
from ferd.inference.frames import Frame, Problem, problem_line
from ferd.inference.media import read_media
from ferd.inference.photos import MAX_PIXELS
from ferd.inference.prediction_rows import RowWriter, columns, label, rows

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
    classifier = Classifier.load(options.model, options.threads)
    names = columns(classifier.network.classes, options.top_k)
    problems = 0
    with ExitStack() as stack:
        writer = RowWriter(stack.enter_context(open_output(options.output)), names, options.format)
        folder = None
        if options.annotated:
            folder = stack.enter_context(AnnotatedFolder(options.annotated))
        bar = stack.enter_context(progress(options))
        for item, faces in _answers(classifier, options):
            bar.update()
            if isinstance(item, Frame):
                _write(item, faces, writer, folder, options)
            else:
                problems += 1
                bar.write(problem_line(item), file=sys.stderr)
    return 1 if problems else 0


def _answers(
    classifier: Classifier, options: Namespace
) -> Iterator[tuple[Frame | Problem, list[Face]]]:
    outputs = [path for path in (options.output, options.annotated) if path]
    media = read_media(options.paths, options.max_pixels or MAX_PIXELS, skip=outputs)
    # A camera's rows must not wait until a batch is full.
    has_camera = any(path.startswith("camera:") for path in options.paths)
    batch_size = options.batch_size or (1 if has_camera else BATCH_SIZE)
    return classifier.predict_frames(media, batch_size, options.whole_image)


def _write(
    frame: Frame,
    faces: Sequence[Face],
    writer: RowWriter,
    folder: AnnotatedFolder | None,
    options: Namespace,
) -> None:
    for row in rows(frame, faces, options.top_k, options.abstain_below):
        writer.write(row)
    if folder is not None:
        captions = [
            caption(label(face.emotion, options.abstain_below), face.emotion.confidence)
            for face in faces
        ]
        folder.add(frame, faces, captions)


@contextmanager
def open_output(path: str | None) -> Iterator[TextIO]:
    """Opens a file for rows; standard output where `path` is None."""
    if path:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield file
    else:
        # A file name may contain bytes that are not UTF-8; they are written unchanged.
        stdout: Any = sys.stdout  # TextIO, as which it is typed, has no reconfigure
        stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
        yield stdout


def progress(options: Namespace) -> Any:
    """A progress bar on standard error, silent where rows share its terminal."""
    # Rows and a progress bar on one terminal would overwrite each other.
    is_shared = not options.output and sys.stdout.isatty()
    is_off = options.quiet or is_shared or not sys.stderr.isatty()
    return tqdm(unit=" frames", disable=is_off, file=sys.stderr)
